"""Who takes part in which technology, security and maritime arrangement, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows

FILE = "norm-memberships.csv"
KEY = ["instrument", "iso3"]
COLUMNS = [
    "instrument", "title", "domain", "iso3", "status", "status_date", "date_precision", "date_kind",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an arrangement and country that was looked up."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY, "status_date")
    return {"norm_memberships": frame}
