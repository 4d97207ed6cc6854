"""Aid of each donor: totals, aid by sector (ONE Campaign, computed from OECD tables DAC1 and CRS)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import DAC, ISO3_OF_DAC_CODE
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, mapped, numbers, require

TOTALS = "oda_gni_ts.csv"
PARTS = "oda_covid.csv"
GRANT_EQUIVALENT = "total_oda_ge.csv"
NET = "total_oda_flow.csv"
SECTORS = "sector_totals.csv"
SHARES = "key_sector_shares.csv"
KEY = ["donor", "year"]
FIRST_GRANT_EQUIVALENT = 2018  # year in which the OECD changed its headline measure
TOTAL = "constant_2025_usd_million"
TOLERANCE = 0.01  # million dollars: two files of one run
SECTOR = {
    "Humanitarian": "humanitarian",
    "Education": "education",
    "Health": "health",
    "Refugees in Donor Countries": "refugees-in-donor-country",
    "Multi-sector": "multisector",
    "Administrative Costs of Donors": "administration",
    "Government": "government",
    "Agriculture and Forestry & Fishing": "agriculture",
    "Transport & Storage and communications": "transport-communications",
    "Energy": "energy",
    "Civil society": "civil-society",
    "Unallocated/ Unspecified": "unallocated",
    "Social infrastructure, protection and services": "social-infrastructure",
    "Water Supply & Sanitation": "water",
    "Banking & Financial Services and Business": "finance-business",
    "General Budget Support": "budget-support",
    "Conflict Peace and Security": "peace-security",
    "Environment Protection": "environment",
    "Industry, Mining, Construction": "industry",
    "Action Relating to Debt": "debt",
    "Other": "other",
    "Trade Policies & Regulations": "trade-policy",
}
KEY_SECTORS = ("Humanitarian", "Education", "Health", "Refugees in Donor Countries", "Environment Protection")


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Totals and sectors of the member countries of the Development Assistance Committee.

    Returns
    -------
    dict
        ``aid_totals``: one row a donor and year from 2000, millions of US dollars; ``aid_sectors``: one row a donor,
        sector and year from 2010, millions of constant 2024 US dollars and shares in percent.

    Raises
    ------
    UpstreamError
        Names, codes, columns or sectors are unknown, or two files disagree on a donor's total.
    """
    totals = _totals(files)
    return {"aid_totals": totals, "aid_sectors": _sectors(files, totals)}


def _totals(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = require(csv(files, TOTALS), ["name", "year", "ODA (left-axis)", "ODA/GNI (right-axis)"], TOTALS, closed=True)
    frame = _keyed(raw, "name", "year", TOTALS, DAC)
    frame[TOTAL] = numbers(raw["ODA (left-axis)"]).round(2)
    frame["gni_percent"] = numbers(raw["ODA/GNI (right-axis)"])
    frame["measure"] = (frame["year"] < FIRST_GRANT_EQUIVALENT).map({True: "net", False: "grant-equivalent"})
    for name, column, indicator in (
        (NET, "net_current_usd_million", "ODA (net flows)"),
        (GRANT_EQUIVALENT, "grant_equivalent_current_usd_million", "ODA (grant equivalent)"),
    ):
        frame = frame.merge(_current(files, name, column, indicator), on=KEY, how="left")
    frame = frame.dropna(subset=["donor"]).merge(_parts(files), on=KEY, how="left")
    gap = (frame[TOTAL] - frame.pop("total")).abs() > TOLERANCE
    if gap.any():
        row = frame[gap].iloc[0]
        raise UpstreamError(f"{TOTALS}: {row['donor']}, {row['year']}: {row[TOTAL]} differs from the total of {PARTS}. "
                            "The two are of different price bases or vintages: take both from one release.")
    frame["preliminary"] = frame["preliminary"].fillna(0).astype("int64")
    return frame


def _current(files: Mapping[str, bytes], name: str, column: str, indicator: str) -> pd.DataFrame:
    raw = require(csv(files, name), ["year", "donor_code", "flows_code", "value", "indicator"], name, closed=True)
    mapped(raw["indicator"], {indicator: 1}, name)
    frame = pd.DataFrame(
        {
            "donor": integers(raw["donor_code"]).map(ISO3_OF_DAC_CODE),
            "year": integers(raw["year"]),
            column: numbers(raw["value"]),
        }
    ).dropna(subset=["donor"])
    lost = sorted(set(DAC) - {"ROU"} - set(frame["donor"]))  # Romania's code is not in these two files
    if lost or frame.duplicated(KEY).any():
        raise UpstreamError(f"{name}, column donor_code: {', '.join(lost) or 'a donor and year'} "
                            f"{'not found' if lost else 'occurs twice'}. Look up the codes of the committee's code list.")
    return frame


def _parts(files: Mapping[str, bytes]) -> pd.DataFrame:
    columns = {"COVID ODA": "covid", "IDRC": "refugees_in_donor_country", "ODA to Ukraine": "ukraine"}
    raw = csv(files, PARTS)
    require(raw, ["Year", "Donor", *columns, "Other ODA", "Total ODA", "Preliminary"], PARTS, closed=True)
    frame = _keyed(raw, "Donor", "Year", PARTS, DAC)
    for theirs, ours in columns.items():
        frame[f"{ours}_constant_2025_usd_million"] = numbers(raw[theirs]).round(2)
    frame["total"] = numbers(raw["Total ODA"]).round(2)
    frame["preliminary"] = raw["Preliminary"].notna().astype("int64")
    # a preliminary year has no breakdown yet; its zeros are not observations
    frame.loc[frame["preliminary"] == 1, "covid_constant_2025_usd_million"] = None
    return frame.dropna(subset=["donor"])


def _sectors(files: Mapping[str, bytes], totals: pd.DataFrame) -> pd.DataFrame:
    raw = require(csv(files, SECTORS), ["year", "name", *SECTOR, "source"], SECTORS, closed=True)
    wide = _keyed(raw, "name", "year", SECTORS, set(DAC) - {"ROU"})
    wide = wide.join(raw[list(SECTOR)].apply(numbers)).dropna(subset=["donor"])
    long = wide.melt(KEY, list(SECTOR), "sector", "constant_2024_usd_million").dropna(subset=["constant_2024_usd_million"])
    shares = require(csv(files, SHARES), ["Year", "name", *KEY_SECTORS], SHARES, closed=True)
    share = _keyed(shares, "name", "Year", SHARES, DAC).join(shares[list(KEY_SECTORS)].apply(numbers))
    if (share[list(KEY_SECTORS)] > 1).any(axis=None):
        raise UpstreamError(f"{SHARES}: a share is above 1; the file used to hold fractions. Adapt the recipe.")
    share = share.dropna(subset=["donor"]).melt(KEY, list(KEY_SECTORS), "sector", "oda_share")
    frame = long.merge(share.dropna(subset=["oda_share"]), on=[*KEY, "sector"], how="left")
    frame["oda_share"] = (frame["oda_share"] * 100).round(2)
    sums = frame.groupby(KEY)["constant_2024_usd_million"].sum().rename("sum").reset_index()
    sums = sums.merge(totals[[*KEY, TOTAL]], on=KEY)
    sums["sectors_to_total"] = (sums["sum"] / sums[TOTAL]).round(2)
    frame = frame.merge(sums[[*KEY, "sectors_to_total"]], on=KEY)
    return frame.assign(sector=mapped(frame["sector"], SECTOR, SECTORS))


def _keyed(raw: pd.DataFrame, name: str, year: str, file: str, wanted) -> pd.DataFrame:
    frame = pd.DataFrame({"donor": coded(raw[name], wanted, file), "year": integers(raw[year])})
    if frame.dropna(subset=["donor"]).duplicated().any():
        raise UpstreamError(f"{file}: a donor and year occurs twice, perhaps under two names. Adapt the recipe.")
    return frame
