"""Heads of government or state of Australia, India, the Philippines and the United Kingdom, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.leaders import spells_in_office

FILE = "leaders-comparison.csv"


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a spell in office; spells of a country do not overlap, an empty end means still in office."""
    return {"leaders_comparison": spells_in_office(files, FILE)}
