"""Climate-related aid to the Indo-Pacific by donor, recipient, sector and instrument (OECD Creditor Reporting System)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import DAC, INDO_PACIFIC, ISO3_OF_NAME
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

FILE = "{}_oecdcrs_climate_202508.csv"
ABSENT = {"AFG", "WLF"}  # no file in the source
FIRST, LAST = 2010, 2023  # adaptation has a marker from 2010 only
FLOW = {
    "ODA Grants": "grants_2023_usd_million",
    "ODA Loans": "loans_2023_usd_million",
    "Equity Investment": None,
    "Other Official Flows (non Export Credit)": None,
    "Private Development Finance": None,
    "Private Sector Instruments (PSI)": None,
}
AMOUNTS = [column for column in FLOW.values() if column]
SECTOR = {
    "Action Relating to Debt": "debt",
    "Administrative Costs of Donors": "administration",
    "Agriculture, Forestry, Fishing": "agriculture",
    "Banking & Financial Services": "finance",
    "Business & Other Services": "business",
    "Communications": "communications",
    "Development Food Assistance": "food-aid",
    "Disaster Prevention & Preparedness": "disaster-preparedness",
    "Education": "education",
    "Emergency Response": "emergency-response",
    "Energy": "energy",
    "General Budget Support": "budget-support",
    "General Environment Protection": "environment",
    "Government & Civil Society": "government",
    "Health": "health",
    "Industry, Mining, Construction": "industry",
    "Other Commodity Assistance": "commodity-aid",
    "Other Multisector": "multisector",
    "Other Social Infrastructure & Services": "social-infrastructure",
    "Population Policies/Programmes": "population",
    "Reconstruction Relief & Rehabilitation": "reconstruction",
    "Refugees in Donor Countries": "refugees-in-donor-country",
    "Tourism": "tourism",
    "Trade Policies & Regulations": "trade-policy",
    "Transport & Storage": "transport",
    "Unallocated / Unspecified": "unallocated",
    "Water Supply & Sanitation": "water",
}
EU = "EU Institutions"
OTHER_COUNTRIES = {"Kuwait", "Qatar", "United Arab Emirates"}
MULTILATERAL = {
    "Adaptation Fund",
    "Asian Development Bank",
    "Climate Investment Funds",
    "European Bank for Reconstruction and Development",
    "Food and Agriculture Organisation",
    "Global Environment Facility",
    "Global Green Growth Institute",
    "Green Climate Fund",
    "IFAD",
    "IMF Resilience and Sustainability Trust",
    "International Bank for Reconstruction and Development",
    "International Centre for Genetic Engineering and Biotechnology",
    "International Development Association",
    "International Labour Organisation",
    "Nordic Development Fund",
    "OPEC Fund for International Development",
    "Private Infrastructure Development Group",
    "UNFPA",
    "World Health Organisation",
}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Aid that its provider marked as aiming at climate protection or adaptation.

    Only grants and loans that count as aid (ODA); other official, private and equity flows are left out. A marked
    activity counts in full, whether climate is its principal or a significant objective: the source does not tell the two
    apart.

    Returns
    -------
    dict
        ``climate_aid``: one row a member country of the Development Assistance Committee, recipient, sector and year;
        ``climate_aid_providers``: one row a kind of provider, subregion, sector and year. Grants and loans are
        disbursements in millions of constant 2023 US dollars; empty where there are none.

    Raises
    ------
    UpstreamError
        A recipient's file, a column, flow, sector or provider is unknown, or constant prices are not those of 2023.
    """
    raw = pd.concat([_recipient(files, iso3) for iso3 in sorted(set(INDO_PACIFIC) - ABSENT)], ignore_index=True)
    frame = raw.dropna(subset=["flow"])
    frame = frame[frame["year"].between(FIRST, LAST)]
    donors = frame[frame["kind"] == "dac-country"]
    providers = frame.assign(subregion=frame["recipient"].map(INDO_PACIFIC))
    return {
        "climate_aid": _wide(donors, ["donor", "recipient", "sector", "year"]),
        "climate_aid_providers": _wide(providers, ["kind", "subregion", "sector", "year"]).rename(
            columns={"kind": "provider"}
        ),
    }


def _recipient(files: Mapping[str, bytes], iso3: str) -> pd.DataFrame:
    name = FILE.format(iso3)
    columns = ["de_recipientcode", "donor_name", "flow_name", "sector_group", "year", "usd_disbursement",
               "usd_disbursement_defl"]
    raw = require(csv(files, name, distinct=True), columns, name, closed=True)
    mapped(raw["de_recipientcode"], {iso3: iso3}, name)
    current, constant = numbers(raw["usd_disbursement"]), numbers(raw["usd_disbursement_defl"])
    year = integers(raw["year"]).astype("int64")
    if ((current - constant).abs() > 1e-6)[year == LAST].any() or (year > LAST).any():
        raise UpstreamError(f"{name}: constant prices are not those of {LAST}: amounts of {LAST} differ from current ones, "
                            "or there are later years. Rename the columns of the table for the new price base.")
    flow = mapped(raw["flow_name"], FLOW, name)
    aid = flow.notna()
    kinds = {donor: _kind(donor, name) for donor in raw.loc[aid, "donor_name"].unique()}
    return pd.DataFrame(
        {
            "recipient": iso3,
            "donor": raw["donor_name"].map(ISO3_OF_NAME),
            "kind": raw["donor_name"].map(kinds),
            "flow": flow,
            "sector": mapped(raw["sector_group"], SECTOR, name),
            "year": year,
            "value": constant,
        }
    )


def _kind(donor: str, name: str) -> str:
    if ISO3_OF_NAME.get(donor) in DAC:
        return "dac-country"
    if donor == EU:
        return "european-union"
    if donor in MULTILATERAL:
        return "multilateral"
    if donor in OTHER_COUNTRIES:
        return "other-country"
    raise UpstreamError(f"{name}, column donor_name: unknown provider {donor!r}. Teach the recipe whether it is a country, "
                        "a fund or a bank.")


def _wide(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    sums = frame.pivot_table(index=key, columns="flow", values="value", aggfunc="sum").round(2)
    sums = sums.where(sums != 0).dropna(how="all")
    return sums.reindex(columns=AMOUNTS).reset_index()
