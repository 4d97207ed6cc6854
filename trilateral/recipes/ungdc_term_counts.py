"""Terms in speeches of the UN General Debate (counts from the UN General Debate Corpus)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import csv, integers, require

FILE = "ungdc_term_counts_1946_2024.csv"
TERMS = (
    "dprk",
    "kim",
    "rok",
    "korean_peninsula",
    "china",
    "taiwan",
    "south_east_china_sea",
    "japan",
    "usa",
    "russia",
    "ukraine",
    "nuclear",
    "missile",
    "abduct",
    "history_issue",
    "threat",
    "provocation",
    "sanction",
    "coercion",
    "unification",
    "rule_of_law",
    "indo_pacific",
    "trilateral",
    "climate",
    "human_rights",
)
COUNTS = (
    "words",
    "sentences",
    *(f"n_{term}" for term in TERMS),
    "s_dprk",
    "s_dprk_hostile",
    "s_dprk_coop",
    "s_china",
    "s_china_hostile",
    "s_china_coop",
)
KEPT = ("words", "sentences", "n_dprk", "n_rok", "n_china", "n_taiwan", "n_south_east_china_sea", "n_japan", "n_history_issue",
        "n_threat", "s_dprk", "s_china", "s_china_hostile")
"""What the book uses; the rest is known so that a new pattern upstream is noticed."""
FIRST = 1991


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a speech: a country and year with its length and the matches of each pattern."""
    raw = require(csv(files, FILE), ["iso3", "session", "year", *COUNTS], FILE, closed=True)
    raw = raw[raw["iso3"].isin(PANEL) & (integers(raw["year"]) >= FIRST)]
    return {
        "un_speech_terms": pd.DataFrame(
            {
                "iso3": raw["iso3"],
                "year": integers(raw["year"]),
                **{name: integers(raw[name]) for name in KEPT},
            }
        )
    }
