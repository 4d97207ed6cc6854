"""Decisions on aid and multilateral bodies since 2023, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import integers, numbers

FILE = "aid-policy-events.csv"
KEY = ["id"]
COLUMNS = [
    "id", "date", "event", "usa", "jpn", "kor", "value", "unit",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a decision."""
    frame = rows(files, FILE, COLUMNS, KEY)
    for column in ("usa", "jpn", "kor"):
        frame[column] = integers(frame[column])
    for column in ("value",):
        frame[column] = numbers(frame[column])
    return {"aid_policy_events": frame}
