"""Which series of meetings or exercises each trilateral milestone belongs to, coded by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "activity-series.csv"
KEY = ["id"]
COLUMNS = ["id", "series", "doubtful", "reason"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a milestone that is a meeting or exercise of a series.

    Raises
    ------
    UpstreamError
        A doubtful row without a reason, or a reason where nothing is doubtful.
    """
    frame = rows(files, FILE, COLUMNS, KEY).sort_values("id")
    frame["doubtful"] = integers(frame["doubtful"])
    unlike = frame["doubtful"].eq(1) != frame["reason"].notna()
    if unlike.any():
        row = frame[unlike].iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, id {row['id']}: doubtful is {row['doubtful']}, which does not agree "
                            "with column reason. Correct one of the two.")
    return {"activity_series": frame}
