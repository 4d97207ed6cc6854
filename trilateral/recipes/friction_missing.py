"""Frictions between Japan and South Korea that the list of friction and repair lacks, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows

FILE = "japan-korea-friction-missing.csv"
KEY = ["id"]
COLUMNS = ["id", "date", "date_precision", "issue", "initiator", "event"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event; the date is as precise as it is known."""
    return {"friction_missing": dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)}
