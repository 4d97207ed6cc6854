"""Bilateral defense cooperation agreements of the three partners, counted (Kinne, DCAD 1.0)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_STATE, TRIAD
from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "DCAD-v1.0-main.csv"


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a pair of partners and year in which it signed: how many agreements, 1980 to 2010."""
    raw = require(csv(files, FILE), ["DCAid", "ccode1", "ccode2", "signYear"], FILE)
    # by number: the abbreviations of the file write South Korea in two ways
    for side in (1, 2):
        raw[f"iso3_{side}"] = integers(raw[f"ccode{side}"]).map(ISO3_OF_STATE)
    lost, twice = sorted(set(TRIAD) - {*raw["iso3_1"], *raw["iso3_2"]}), raw.loc[raw["DCAid"].duplicated(), "DCAid"]
    if lost or len(twice):
        reason = f"{', '.join(lost)} not found" if lost else f"{twice.iloc[0]} stands twice"
        raise UpstreamError(f"{FILE}: {reason}. The file is cut off or damaged, or numbers states in a new way: compare "
                            "ISO3_OF_STATE in trilateral/recipes/countries.py.")
    raw = raw[raw["iso3_1"].isin(TRIAD) & raw["iso3_2"].isin(TRIAD)]
    raw = raw[raw["iso3_1"] != raw["iso3_2"]]  # slips of the source: a country with itself
    pairs = raw[["iso3_1", "iso3_2"]].apply(sorted, axis=1, result_type="expand")
    signed = pd.DataFrame({"iso3_a": pairs[0], "iso3_b": pairs[1], "year": integers(raw["signYear"])})
    return {"bilateral_defense_agreements": signed.value_counts().rename("agreements").sort_index().reset_index()}
