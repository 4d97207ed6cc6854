"""Deaths by storm, flood, earthquake and tsunami to 2024 (EM-DAT through Gapminder)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import DISASTER_PANEL
from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "ddf--datapoints--{}_{}_annual_number--by--geo--time.csv"
HAZARDS = ("storm", "flood", "earthquake", "tsunami")
MEASURES = ("deaths", "affected")
FIRST, LAST = 1950, 2024  # 2025 and 2026 are incomplete
KEY = ["iso3", "year", "hazard"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a selected country, year and hazard with at least one person dead or affected; persons.

    The source fills every other year with zeros, which stand for no event as well as for no record; they are left out.

    Raises
    ------
    UpstreamError
        A column is unknown, a country is missing or a country's years have gaps: then a missing row no longer means zero.
    """
    measures = {
        measure: pd.concat([_series(files, hazard, measure) for hazard in HAZARDS]).rename(measure) for measure in MEASURES
    }
    frame = pd.DataFrame(measures).reset_index()
    return {"disaster_deaths": frame[(frame["deaths"] > 0) | (frame["affected"] > 0)]}


def _series(files: Mapping[str, bytes], hazard: str, measure: str) -> pd.Series:
    name = FILE.format(hazard, measure)
    column = f"{hazard}_{measure}_annual_number"
    raw = require(csv(files, name), ["geo", "time", column], name, closed=True)
    frame = pd.DataFrame({"iso3": raw["geo"].str.upper(), "year": integers(raw["time"]), "value": integers(raw[column])})
    frame = frame[frame["iso3"].isin(DISASTER_PANEL) & frame["year"].between(FIRST, LAST)]
    years = frame.groupby("iso3")["year"].agg(["size", "nunique"]).reindex(list(DISASTER_PANEL))
    wrong = years[(years["size"] != LAST - FIRST + 1) | (years["nunique"] != years["size"])]
    if len(wrong):
        raise UpstreamError(f"{name}: {wrong.index[0]} does not have one row a year from {FIRST} to {LAST}. The file is cut "
                            "off, or the source no longer fills years without a record.")
    return frame.assign(hazard=hazard).set_index(KEY)["value"]
