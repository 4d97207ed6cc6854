"""Bilateral aid by donor and recipient (OECD, table DAC2a)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import DAC, INDO_PACIFIC
from trilateral.recipes.reading import UpstreamError, coded, integers, mapped, rda, require

FILE = "OECD.rda"
PRICES = "Constant Prices (2022 USD millions)"
GROSS = "gross_2022_usd_million"
PARTS = ("grants_2022_usd_million", "loans_2022_usd_million")
IMPUTED = "imputed_multilateral_2022_usd_million"
# Net amounts are not taken: the file has lost every negative one, which is what repaid Japanese loans come to.
MEASURES = {
    "Memo: ODA Total, Gross disbursements": GROSS,
    "Grants, Total": PARTS[0],
    "ODA Gross Loans": PARTS[1],
    "Technical Cooperation": "technical_cooperation_2022_usd_million",
    "Humanitarian Aid": "humanitarian_2022_usd_million",
    "Imputed Multilateral ODA": IMPUTED,
    "AF/Interest Subsidies": None,
    "Development Food Aid": None,
    "Equity investment": None,
    "Grants: Debt Forgiveness": None,
    "Grants: Other Debt Grants": None,
    "Interest received": None,
    "Memo: Net debt relief": None,
    "Memo: ODA Total, excl. Debt": None,
    "ODA Loans: Total Net": None,
    "ODA: Total Net": None,
    "Rescheduled debt": None,
}
COLUMNS = [column for column in MEASURES.values() if column]
KEY = ["donor", "recipient", "year"]
TOLERANCE = 0.05  # million dollars: the file rounds to 0.01
LAPSES = {("NOR", year) for year in (2009, 2010, 2011)}  # a few gross amounts are smaller than their parts in the source
ABSENT = "FSM"


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Aid by recipient, and by subregion with the rest of the world.

    Donors are the member countries of the Development Assistance Committee, recipients those of
    `trilateral.recipes.countries.INDO_PACIFIC` without the Federated States of Micronesia, which the source lacks.

    Returns
    -------
    dict
        ``aid_disbursements``: one row a donor, recipient and year; ``aid_by_region``: one row a donor, subregion and year,
        with ``other`` for all countries elsewhere. Amounts are millions of constant 2022 US dollars, gross; empty
        where the source lists none.

    Raises
    ------
    UpstreamError
        Prices, aid types or names have changed, an amount is not above zero, or grants and loans do not add up.
    """
    raw = require(rda(files, FILE), ["Recipient", "Donor", "Aid type", "Amount type", "Year", "Value"], FILE, closed=True)
    mapped(raw["Amount type"], {PRICES: 1}, FILE)
    frame = pd.DataFrame(
        {
            "donor": coded(raw["Donor"], DAC, FILE),
            "recipient": coded(raw["Recipient"], set(INDO_PACIFIC) - {ABSENT}, FILE),
            "year": integers(raw["Year"]).astype("int64"),
            "measure": mapped(raw["Aid type"], MEASURES, FILE),
            "value": raw["Value"].astype("float64"),
        }
    ).dropna(subset=["donor", "measure"])
    if (frame["value"] <= 0).any():
        raise UpstreamError(f"{FILE}, column Value: an amount of {frame['value'].min()}; the file used to list positive "
                            "amounts only. Look up whether net amounts are complete now, and adapt the recipe.")
    return {"aid_disbursements": _by_recipient(frame), "aid_by_region": _by_region(frame)}


def _by_recipient(frame: pd.DataFrame) -> pd.DataFrame:
    named = frame[frame["recipient"].notna() & (frame["measure"] != IMPUTED)]
    if named.duplicated([*KEY, "measure"]).any():
        row = named[named.duplicated([*KEY, "measure"])].iloc[0]
        raise UpstreamError(f"{FILE}: {row['donor']} to {row['recipient']}, {row['year']}: {row['measure']} occurs twice.")
    wide = named.pivot(index=KEY, columns="measure", values="value")
    wide = wide.reindex(columns=[column for column in COLUMNS if column != IMPUTED]).dropna(subset=[GROSS]).reset_index()
    gap = (wide[GROSS] - wide[list(PARTS)].sum(axis=1)).abs()
    lapse = pd.Series(list(zip(wide["donor"], wide["year"], strict=True)), index=wide.index).isin(LAPSES)
    wrong = wide[(gap > TOLERANCE) & ~lapse]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"{FILE}: {row['donor']} to {row['recipient']}, {row['year']}: grants and loans do not add up "
                            f"to the gross amount {row[GROSS]}. Check the aid types of the file.")
    return wide.assign(subregion=wide["recipient"].map(INDO_PACIFIC))


def _by_region(frame: pd.DataFrame) -> pd.DataFrame:
    region = frame.assign(subregion=frame["recipient"].map(INDO_PACIFIC).fillna("other"))
    wide = region.pivot_table(index=["donor", "subregion", "year"], columns="measure", values="value", aggfunc="sum")
    return wide.reindex(columns=COLUMNS).round(2).reset_index()
