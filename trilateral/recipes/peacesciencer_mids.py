"""Militarized interstate disputes: Correlates of War and Gibler-Miller-Little (R package peacesciencer)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_COW
from trilateral.recipes.reading import integers, rda, require

# COW: every dispute of a pair. GML: the source has kept one dispute a pair and year.
FILES = {"COW": "cow_mid_dirdisps.rda", "GML": "gml_mid_ddydisps.rda"}
READ = ["dispnum", "ccode1", "ccode2", "year"]
FIRST = 1946


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a dispute and pair of states; the directed dyad-years of the sources are folded into it."""
    return {"militarized_disputes": pd.concat([_disputes(files, *item) for item in FILES.items()])}


def _disputes(files: Mapping[str, bytes], dataset: str, name: str) -> pd.DataFrame:
    raw = require(rda(files, name), READ, name)
    raw = raw[raw["ccode1"].isin(ISO3_OF_COW) & raw["ccode2"].isin(ISO3_OF_COW)]
    pair = [
        sorted(codes)
        for codes in zip(raw["ccode1"].map(ISO3_OF_COW), raw["ccode2"].map(ISO3_OF_COW), strict=True)
    ]
    long = pd.DataFrame(
        {
            "dataset": dataset,
            "dispute": integers(raw["dispnum"]),
            "iso3_a": [a for a, _ in pair],
            "iso3_b": [b for _, b in pair],
            "year": integers(raw["year"]),
        }
    )
    folded = long.groupby(["dataset", "dispute", "iso3_a", "iso3_b"], as_index=False).agg(
        year_start=("year", "min"),
        year_end=("year", "max"),
    )
    return folded[folded["year_start"] >= FIRST]
