"""Health aid by donor and recipient (ONE Campaign, computed from the OECD's Creditor Reporting System)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import DAC, INDO_PACIFIC, ISO3_OF_DAC_CODE
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, numbers, require

FILE = "bi_plus_multi_health_spending_multiple_donors.csv"
# The column "including COVID-19" is not taken: from 2020 it lacks most of what the donors spent against the epidemic.
VALUE, UNUSED = "Health ODA", "Health ODA (including COVID-19)"
ABSENT = {"LVA", "ROU"}  # joined the committee after the file was made
# Numbers of the committee's code list that stand for groups of countries in Asia and the Pacific (South Asia, South and
# Central Asia, Far East Asia, Asia; Oceania and its three parts), and for no recipient at all
REGIONAL = {679, 689, 789, 798, 889, 1033, 1034, 1035}
UNSPECIFIED = 9998
KEY = ["donor", "recipient", "year"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Health aid to the Indo-Pacific, and by subregion with the rest of the world.

    Returns
    -------
    dict
        ``health_aid``: one row a donor, recipient and year; ``health_aid_by_region``: one row a donor, subregion and
        year, where ``regional`` is aid to a group of Indo-Pacific countries or to Asia as a whole, ``unspecified`` aid
        without a recipient and ``other`` all other countries and regions. Millions of constant 2024 US dollars.

    Raises
    ------
    UpstreamError
        A donor's name or a recipient's number is not found, or a donor, recipient and year occurs twice.
    """
    raw = require(csv(files, FILE), ["year", "donor_name", "recipient_code", UNUSED, VALUE], FILE, closed=True)
    number = integers(raw["recipient_code"])
    frame = pd.DataFrame(
        {
            "donor": coded(raw["donor_name"], set(DAC) - ABSENT, FILE),
            "number": number,
            "recipient": number.map({n: c for n, c in ISO3_OF_DAC_CODE.items() if c in INDO_PACIFIC}),
            "year": integers(raw["year"]).astype("int64"),
            "constant_2024_usd_million": numbers(raw[VALUE]),
        }
    ).dropna(subset=["donor", "constant_2024_usd_million"])
    lost = sorted(set(INDO_PACIFIC) - {"COK"} - set(frame["recipient"]))  # the Cook Islands left the list in 2020
    if lost:
        raise UpstreamError(f"{FILE}, column recipient_code: no row for {', '.join(lost)}. Compare the numbers with the "
                            "committee's code list in trilateral/recipes/countries.py.")
    if frame.duplicated(["donor", "number", "year"]).any():
        row = frame[frame.duplicated(["donor", "number", "year"])].iloc[0]
        raise UpstreamError(f"{FILE}: {row['donor']}, recipient_code {row['number']}, {row['year']} occurs twice.")
    country = frame.dropna(subset=["recipient"]).drop(columns="number")
    country = country.assign(subregion=country["recipient"].map(INDO_PACIFIC))
    groups = dict.fromkeys(REGIONAL, "regional") | {UNSPECIFIED: "unspecified"}
    region = frame.assign(
        subregion=frame["recipient"].map(INDO_PACIFIC).fillna(frame["number"].map(groups)).fillna("other")
    )
    sums = region.groupby(["donor", "subregion", "year"], as_index=False)["constant_2024_usd_million"].sum()
    return {"health_aid": _rounded(country), "health_aid_by_region": _rounded(sums)}


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    rounded = frame.assign(constant_2024_usd_million=frame["constant_2024_usd_million"].round(3))
    return rounded[rounded["constant_2024_usd_million"] != 0]
