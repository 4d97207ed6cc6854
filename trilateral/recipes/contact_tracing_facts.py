"""What was published on the South Korean contact-tracing system of 2020, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import numbers

FILE = "contact-tracing-facts.csv"
KEY = ["indicator"]
COLUMNS = [
    "indicator", "date", "date_precision", "value", "unit", "bound",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a published fact."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)
    for column in ("value",):
        frame[column] = numbers(frame[column])
    return {"contact_tracing_facts": frame}
