"""International instruments on new technology and who takes part in them, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import integers

FILE = "technology-instruments.csv"
KEY = ["id"]
COUNTRIES = ["usa", "jpn", "kor", "chn", "rus"]
COLUMNS = [
    "id", "title", "technology", "body", "in_effect", "date_precision", "binding", "export_control", "place", "reason",
    *COUNTRIES,
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an instrument."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY, "in_effect")
    for column in ("binding", "export_control", *COUNTRIES):
        frame[column] = integers(frame[column])
    return {"technology_instruments": frame}
