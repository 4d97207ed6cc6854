"""Economic ideology of leaders (Herre, Identifying Ideologues)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON, ISO3_OF_STATE
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "global_leader_ideologies.csv"
IDEOLOGY = {"leftist": "left", "centrist": "center", "rightist": "right", "none": "none", "no information": None,
            "not applicable": None}
YES = {"yes": 1, "no": 0, "n/a": None}
NO_NAME = ["none", "no information", "not applicable", "n/a"]
RIGHT = {"hog_ideology": "hog_right", "leader_ideology": "leader_right"}  # the source's own mark of a rightist
FIRST = 1988  # South Korea elects its president freely


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and year: who led on 31 December, and who headed the government."""
    raw = require(csv(files, FILE), ["country_code_cow", "year", "hog", "hog_ideology", "leader", "leader_ideology",
                                     "leader_party_eng", "match_hog_leader", "democracy", *RIGHT.values()], FILE)
    raw = raw.assign(iso3=integers(raw["country_code_cow"]).map(ISO3_OF_STATE), year=integers(raw["year"]))
    raw = raw[raw["iso3"].isin(COMPARISON) & (raw["year"] >= FIRST)]
    lost = sorted(set(COMPARISON) - set(raw["iso3"]))
    double = raw[raw.duplicated(["iso3", "year"])]
    if lost or len(double):
        reason = f"{', '.join(lost)} not found" if lost else f"{double.iloc[0]['iso3']} {double.iloc[0]['year']} stands twice"
        raise UpstreamError(f"{FILE}, column country_code_cow: {reason}. The file is cut off, or numbers states in a new way: "
                            "compare ISO3_OF_STATE in trilateral/recipes/countries.py.")
    for ideology, right in RIGHT.items():
        wrong = raw[raw[right].eq("1") != raw[ideology].eq("rightist")]
        if len(wrong):
            row = wrong.iloc[0]
            raise UpstreamError(f"{FILE}, {row['iso3']} {row['year']}, column {ideology}: {row[ideology]!r} beside {right} "
                                f"{row[right]}. Columns were swapped, or their meaning has changed.")
    return {
        "leader_ideologies": pd.DataFrame(
            {
                "iso3": raw["iso3"],
                "year": raw["year"],
                "leader": _named(raw["leader"]),
                "party": _named(raw["leader_party_eng"]),
                "ideology": mapped(raw["leader_ideology"], IDEOLOGY, FILE),
                "head_of_government": _named(raw["hog"]),
                "head_ideology": mapped(raw["hog_ideology"], IDEOLOGY, FILE),
                "same_person": integers(mapped(raw["match_hog_leader"], YES, FILE)),
                "democracy": integers(mapped(raw["democracy"], YES, FILE)),
            }
        )
    }


def _named(values: pd.Series) -> pd.Series:
    return values.str.strip().where(~values.isin(NO_NAME))
