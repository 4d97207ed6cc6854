"""Recorded trade of China with North Korea by year and compiler, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

FILE = "china-dprk-trade.csv"
VALUES = ["total_usd_million", "dprk_exports_usd_million", "dprk_imports_usd_million", "china_share"]
COLUMNS = ["year", "compiler", *VALUES, "rounded", "source_url", "source2_url", "source_grade", "checked"]
TOLERANCE = 0.005  # of the total; the parts are rounded, some to ten million


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a year and compiler: compilers differ and must not be joined into one series."""
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)
    for column in ("year", "rounded"):
        frame[column] = integers(frame[column])
    for column in VALUES:
        frame[column] = numbers(frame[column])
    gap = (frame["dprk_exports_usd_million"] + frame["dprk_imports_usd_million"] - frame["total_usd_million"]).abs()
    wrong = frame[gap > TOLERANCE * frame["total_usd_million"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(
            f"data/curated/{FILE}, {row['year']} {row['compiler']}: exports {row['dprk_exports_usd_million']} and imports "
            f"{row['dprk_imports_usd_million']} do not add up to {row['total_usd_million']}."
        )
    return {"china_dprk_trade": frame}
