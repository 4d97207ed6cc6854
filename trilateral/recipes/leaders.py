"""Heads of government or state of the three partners, North Korea and China, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, require

FILE = "leaders-1990-2026.csv"
COLUMNS = [
    "iso3",
    "leader",
    "start",
    "end",
    "party",
    "role",
    "source_url",
    "source2_url",
    "source_grade",
    "checked",
]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a spell in office; spells of a country do not overlap, an empty end means still in office."""
    return {"leaders": spells_in_office(files, FILE)}


def spells_in_office(files: Mapping[str, bytes], name: str) -> pd.DataFrame:
    """Spells of one curated file, one row a spell, sorted by country and first day.

    Raises
    ------
    UpstreamError
        A spell ends before it begins, has no beginning, or begins before the one before it in the same country has ended.
    """
    frame = require(csv(files, name), COLUMNS, name)[COLUMNS].sort_values(["iso3", "start"])
    backwards = frame[frame["start"].isna() | (frame["end"].fillna("9999-12-31") < frame["start"].fillna(""))]
    if len(backwards):
        row = backwards.iloc[0]
        raise UpstreamError(f"data/curated/{name}, row {backwards.index[0] + 2} ({row['iso3']}, {row['leader']}): no term from "
                            f"{row['start']} to {row['end']}; the end comes after the start. Correct the dates, or the header.")
    for iso3, spells in frame.groupby("iso3"):
        ends = spells["end"].iloc[:-1].fillna("9999-12-31").to_list()
        for leader, start, end in zip(spells["leader"].iloc[1:], spells["start"].iloc[1:], ends, strict=True):
            if start < end:
                raise UpstreamError(
                    f"data/curated/{name}, {iso3}, {leader}: start {start} lies before the end {end} of "
                    "the spell before. Correct one of the dates."
                )
    return frame
