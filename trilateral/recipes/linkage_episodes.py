"""Security activities of Japan and South Korea called off over a row about something else, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "linkage-episodes.csv"
KEY = ["id"]
COLUMNS = ["id", "date", "activity", "by", "row_date", "row_issue", "row", "what", "resumed", "resumed_what",
           "counted", "doubtful", "reason"]  # fmt: skip
DAYS = 60  # between the row and the activity called off


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a candidate; those that meet the definition are counted.

    Raises
    ------
    UpstreamError
        A counted episode that comes more than sixty days after its row or before it, or has only one source; one
        that is not counted without a reason.
    """
    frame = rows(files, FILE, COLUMNS, KEY).sort_values("date")
    frame["date_precision"] = "day"
    frame = dated(frame, FILE, KEY).drop(columns="date_precision")
    for column in ("counted", "doubtful"):
        frame[column] = integers(frame[column])
    counted = frame[frame["counted"] == 1]
    days = (pd.to_datetime(counted["date"]) - pd.to_datetime(counted["row_date"])).dt.days
    for wrong, why in ((~days.between(0, DAYS), f"is counted, but not within {DAYS} days of its row"),
                       (counted["checked"] != "two-sources", "is counted, but has one source")):
        if wrong.any():
            raise UpstreamError(f"data/curated/{FILE}, id {counted[wrong]['id'].iloc[0]}: {why}. Correct the row.")
    bare = (frame["counted"] == 0) & frame["reason"].isna()
    if bare.any():
        raise UpstreamError(f"data/curated/{FILE}, id {frame[bare]['id'].iloc[0]}: is not counted, and column reason is empty. "
                            "Say why.")
    return {"linkage_episodes": frame}
