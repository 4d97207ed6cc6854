"""Announced rounds of national sanctions against North Korea, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import csv, integers, require

FILE = "dprk-sanctions-rounds.csv"
COLUMNS = [
    "date", "date_precision", "sender", "individuals", "entities", "coordinated",
    "source_url", "source2_url", "source_grade", "checked",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a round announced by one of the three partners."""
    frame = require(csv(files, FILE), COLUMNS, FILE)[COLUMNS].copy()
    for column in ("individuals", "entities", "coordinated"):
        frame[column] = integers(frame[column])
    return {"sanctions_rounds": frame}
