"""Significant earthquakes by country and year (NOAA through Our World in Data)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.owid_entities import CODES
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "significant-earthquakes.csv"
COLUMN = "Significant earthquake events (NGDC-NASA)"
FIRST, LAST = 1900, 2017


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and year with at least one significant earthquake, 1900-2017; events.

    Raises
    ------
    UpstreamError
        A country name is unknown, a country and year occurs twice, or the years do not end in 2017.
    """
    raw = require(csv(files, FILE), ["Entity", "Year", COLUMN], FILE, closed=True)
    frame = pd.DataFrame(
        {"iso3": mapped(raw["Entity"], CODES, FILE), "year": integers(raw["Year"]), "earthquakes": integers(raw[COLUMN])}
    )
    if frame["year"].max() != LAST:
        raise UpstreamError(f"{FILE}, column Year: ends in {frame['year'].max()}, not in {LAST}. A newer file needs a new "
                            "period in the sidecar; a file that ends sooner is cut off.")
    frame = frame[frame["iso3"].notna() & (frame["year"] >= FIRST) & (frame["earthquakes"] > 0)]
    doubled = frame[frame.duplicated(["iso3", "year"])]
    if len(doubled):
        row = doubled.iloc[0]
        raise UpstreamError(f"{FILE}: {row['iso3']}, {row['year']} occurs twice, perhaps under two names.")
    return {"significant_earthquakes": frame}
