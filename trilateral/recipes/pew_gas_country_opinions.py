"""Opinions of countries in the Pew Global Attitudes Survey (weighted shares)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import csv, integers, require

FILE = "pew_gas_country_opinions_2002_2023.csv"
TARGETS = ("CHN", "JPN", "RUS", "USA")
SHARES = {
    "favourable": "favorable",
    "unfavourable": "unfavorable",
    "very_favourable": "very_favorable",
    "very_unfavourable": "very_unfavorable",
    "dont_know": "dont_know",
    "refused": "refused",
}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a responding country, country judged and survey year."""
    raw = require(csv(files, FILE), ["wave", "iso3", "target", "n", *SHARES, "suspect"], FILE)
    raw = raw[raw["iso3"].isin(PANEL) & raw["target"].isin(TARGETS)]
    return {
        "pew_opinions": pd.DataFrame(
            {
                "respondents": raw["iso3"],
                "target": raw["target"],
                "year": integers(raw["wave"]),
                "n": integers(raw["n"]),
                **{ours: raw[theirs].astype("float64") for theirs, ours in SHARES.items()},
                "suspect": integers(raw["suspect"]),
            }
        )
    }
