"""Joint work of the three partners on North Korean cyber activities, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import integers

FILE = "cyber-cooperation-events.csv"
KEY = ["id"]
COLUMNS = [
    "id", "date", "date_end", "type", "event", "place", "usa", "jpn", "kor",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event."""
    frame = rows(files, FILE, COLUMNS, KEY)
    for column in ("usa", "jpn", "kor"):
        frame[column] = integers(frame[column])
    return {"cyber_cooperation_events": frame}
