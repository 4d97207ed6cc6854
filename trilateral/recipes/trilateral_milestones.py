"""Meetings, agreements, exercises and institutions of the three partners, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "trilateral-milestones.csv"
COLUMNS = [
    "id",
    "date",
    "date_precision",
    "date_end",
    "level",
    "domain",
    "type",
    "event",
    "place",
    "announced_only",
    "source_url",
    "source2_url",
    "source_grade",
    "checked",
]
PRECISION = {4: "year", 7: "month", 10: "day"}  # by the length of the ISO date


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event; the date is as precise as it is known."""
    return {"trilateral_milestones": milestones(files, FILE, COLUMNS)}


def milestones(files: Mapping[str, bytes], name: str, columns: list[str]) -> pd.DataFrame:
    """Events of one curated file, one row an event.

    Raises
    ------
    UpstreamError
        A date has another precision than the row claims, or an event ends before it begins.
    """
    frame = require(csv(files, name), columns, name)[columns].copy()
    wrong = frame[frame["date"].str.len().map(PRECISION) != frame["date_precision"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(
            f"data/curated/{name}, id {row['id']}: date {row['date']} does not have the precision "
            f"{row['date_precision']}. Correct one of the two."
        )
    wrong = frame[frame["date_end"] < frame["date"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"data/curated/{name}, id {row['id']}: date_end {row['date_end']} lies before date {row['date']}. "
                            "Correct one of the two.")
    frame["announced_only"] = integers(frame["announced_only"])
    return frame
