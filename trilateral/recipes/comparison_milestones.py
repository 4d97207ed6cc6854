"""Meetings, agreements, exercises and institutions of other groups of partners, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.trilateral_milestones import COLUMNS, milestones

FILE = "comparison-milestones.csv"


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event of one group; the date is as precise as it is known."""
    return {"comparison_milestones": milestones(files, FILE, ["triad", *COLUMNS])}
