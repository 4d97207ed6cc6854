"""Joint texts and programs of the three on technology since the brief, each with its rung, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import integers

FILE = "technology-acts.csv"
KEY = ["id"]
COLUMNS = [
    "id", "date", "date_precision", "kind", "title", "governments", "firms_usa", "firms_jpn", "firms_kor", "budget", "rung",
    "rung_high", "reason",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a text or program that was looked for and found."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)
    for column in ("governments", "firms_usa", "firms_jpn", "firms_kor", "budget", "rung", "rung_high"):
        frame[column] = integers(frame[column])
    return {"technology_acts": frame}
