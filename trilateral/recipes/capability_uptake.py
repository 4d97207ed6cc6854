"""What the three did of what was advised on capabilities: acts, announcements and searches without result, by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "capability-uptake.csv"
KEY = ["id"]
FLAGS = ["usa", "jpn", "kor", "others", "doubtful"]
COLUMNS = ["id", "item", "record", "date", "date_precision", "date_end", *FLAGS, "region", "event", "reason", "same_as"]
NOTHING = "not-found"
# Items that a test asks of Japan and South Korea alone; every other act is one of the three or doubtful.
OF_TWO = ["data-link", "direct-warning", "engagement-rules", "information-agreement", "logistics-agreement"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an act, an announcement, or an item that was looked for and not found.

    Raises
    ------
    UpstreamError
        A date where nothing was found, or none where something was; a doubtful row without its reason; an act of two that
        is not doubtful, unless its item is one of Japan and South Korea alone; an item that was not found and has an act
        all the same.
    """
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)
    for flag in FLAGS:
        frame[flag] = integers(frame[flag])
    found = {item: set(part["record"]) for item, part in frame.groupby("item")}
    for row in frame.itertuples():
        where = f"data/curated/{FILE}, row {row.id}"
        if (row.record == NOTHING) == isinstance(row.date, str):
            raise UpstreamError(f"{where}: an act has a date, and a search without result has none.")
        if row.doubtful and not isinstance(row.reason, str):
            raise UpstreamError(f"{where}: a doubtful row needs its reason.")
        firm = row.record != NOTHING and not row.doubtful
        if firm and row.item not in OF_TWO and not (row.usa and row.jpn and row.kor):
            raise UpstreamError(f"{where}: an act of two is no act of the three; mark it doubtful and say who is missing.")
        if NOTHING in found[row.item] and len(found[row.item]) > 1:
            raise UpstreamError(f"{where}: item {row.item} is called not found and has an act.")
    return {"capability_uptake": frame}
