"""Logistics, intelligence and access agreements of Japan and South Korea with partners, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows

FILE = "defense-agreements.csv"
KEY = ["party", "partner", "instrument", "event"]
COLUMNS = [
    "party", "partner", "instrument", "event", "date", "date_precision",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a pair of countries, kind of agreement and event."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)
    return {"defense_agreements": frame}
