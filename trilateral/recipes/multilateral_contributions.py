"""Assessed shares and pledges to the United Nations, the climate fund and the vaccine pool, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import integers, numbers

FILE = "multilateral-contributions.csv"
KEY = ["indicator", "iso3", "first_year"]
COLUMNS = [
    "indicator", "iso3", "first_year", "last_year", "value", "unit", "at_least", "derived",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an indicator, country and period."""
    frame = rows(files, FILE, COLUMNS, KEY)
    for column in ("first_year", "last_year", "at_least", "derived"):
        frame[column] = integers(frame[column])
    for column in ("value",):
        frame[column] = numbers(frame[column])
    return {"multilateral_contributions": frame}
