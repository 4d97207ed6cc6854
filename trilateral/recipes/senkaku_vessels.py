"""Chinese government vessels around the Senkaku Islands by year, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import csv, integers, require

FILE = "senkaku-chinese-government-vessels.csv"
COUNTS = [
    "territorial_sea_days",
    "territorial_sea_vessels",
    "contiguous_zone_days",
    "contiguous_zone_vessels",
]
COLUMNS = ["year", *COUNTS, "complete", "source_url", "source2_url", "source_grade", "checked"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a calendar year."""
    frame = require(csv(files, FILE), COLUMNS, FILE)[COLUMNS].copy()
    for column in ["year", *COUNTS, "complete"]:
        frame[column] = integers(frame[column])
    return {"senkaku_vessels": frame}
