"""Steps of Japan and South Korea against and toward each other, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import integers

FILE = "japan-korea-friction-events.csv"
KEY = ["id"]
COLUMNS = [
    "id", "date", "date_precision", "issue", "direction", "initiator", "event", "announced_only",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event; the date is as precise as it is known."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)
    for column in ("announced_only",):
        frame[column] = integers(frame[column])
    return {"friction_events": frame}
