"""Ideal points of states from votes in the UN General Assembly (Bailey, Strezhnev and Voeten)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import integers, require, stata

FILE = "IdealpointsJuly2025.dta"
SUFFIX = {"all": "all", "final-passage": "fp"}
FIRST = 1971  # the People's Republic takes China's seat


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Long form: one row a country-year and basis, with the 5 and 95 per cent posterior quantiles."""
    raw = stata(files, FILE)
    require(
        raw,
        [
            "iso3c",
            "year",
            *(f"{c}{s}" for s in SUFFIX.values() for c in ("idealpoint", "q5", "q95", "nvotes")),
        ],
        FILE,
    )
    raw = raw[raw["iso3c"].isin(PANEL) & (raw["year"] >= FIRST)]
    parts = [
        pd.DataFrame(
            {
                "iso3": raw["iso3c"],
                "year": integers(raw["year"]),
                "basis": basis,
                "ideal_point": raw[f"idealpoint{s}"].astype("float64").round(4),
                "q05": raw[f"q5{s}"].astype("float64").round(4),
                "q95": raw[f"q95{s}"].astype("float64").round(4),
                "votes": integers(raw[f"nvotes{s}"]),
            }
        )
        for basis, s in SUFFIX.items()
    ]
    return {"un_ideal_points": pd.concat(parts).dropna(subset=["ideal_point"])}
