"""Liked and disliked countries in the monthly poll of Jiji Press, Japan (compiled by Gento Kato)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import excel, integers, require

FILE, SHEET = "jijidata.xlsx", "jijidata_simple"
NAME = {"USA": "us", "CHN": "china", "KOR": "skorea", "PRK": "nkorea", "RUS": "ussr_rus"}
RELATION = {"USA": "us", "CHN": "china", "KOR": "skorea", "PRK": "nokorea", "RUS": "rus"}
FIRST = 198107  # before that the file has no country items


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a month and country judged; months without the question are left out."""
    raw = excel(files, FILE, SHEET, dtype=None, na_values=["."])
    columns = [f"{kind}_{NAME[c]}" for kind in ("likestate", "dislikestate") for c in NAME]
    require(raw, ["ymonth", "respondent_pop", *columns, *(f"imprel_{c}" for c in RELATION.values())], FILE)
    raw = raw[raw["ymonth"] >= FIRST]
    month = raw["ymonth"].astype(int).astype(str)
    parts = [
        pd.DataFrame(
            {
                "month": month.str[:4] + "-" + month.str[4:],
                "target": target,
                "liked": raw[f"likestate_{NAME[target]}"].astype("float64").round(2),
                "disliked": raw[f"dislikestate_{NAME[target]}"].astype("float64").round(2),
                "important_relation": raw[f"imprel_{RELATION[target]}"].astype("float64").round(2),
                "respondents": integers(raw["respondent_pop"]),
            }
        )
        for target in NAME
    ]
    return {
        "jiji_monthly": pd.concat(parts).dropna(subset=["liked", "disliked", "important_relation"], how="all")
    }
