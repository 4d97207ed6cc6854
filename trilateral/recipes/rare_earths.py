"""Rare earths: who mines them, and how much of Japan's imports comes from China; collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

FILE = "rare-earths.csv"
COLUMNS = ["indicator", "iso3", "period", "value", "unit", "estimate", "rounded_total", "source_url", "source2_url",
           "source_grade", "checked"]
TOLERANCE = 0.015  # the world total is rounded to two or three digits


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an indicator, country and period; shares are within 0 and 100, and the mines add up to the world."""
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)
    frame["value"] = numbers(frame["value"])
    for column in ("estimate", "rounded_total"):
        frame[column] = integers(frame[column])
    off = frame[(frame["unit"] == "percent") & ~frame["value"].between(0, 100)]
    if len(off):
        row = off.iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, {row['indicator']} {row['period']}: {row['value']} percent is no share.")
    mines = frame[frame["indicator"] == "mine-production"]
    for year, group in mines.groupby("period"):
        world = group.loc[group["iso3"] == "WLD", "value"].sum()
        parts = group.loc[group["iso3"] != "WLD", "value"].sum()
        if abs(parts - world) > TOLERANCE * world:
            raise UpstreamError(
                f"data/curated/{FILE}, mine-production {year}: the countries add up to {parts:.0f}, the world total is "
                f"{world:.0f}. A row is missing, doubled or misread."
            )
    return {"rare_earths": frame}
