"""Turning points of the sanctions against North Korea and of their monitoring, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, require

FILE = "sanctions-milestones.csv"
COLUMNS = ["id", "date", "date_precision", "event", "detail", "source_url", "source2_url", "source_grade", "checked"]
PRECISION = {4: "year", 7: "month", 10: "day"}  # by the length of the ISO date


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event; the date is as precise as it is known."""
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)
    wrong = frame[frame["date"].str.len().map(PRECISION) != frame["date_precision"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(
            f"data/curated/{FILE}, id {row['id']}: date {row['date']} does not have the precision "
            f"{row['date_precision']}. Correct one of the two."
        )
    return {"sanctions_milestones": frame}
