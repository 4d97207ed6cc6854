"""Economic ideology of leaders (Herre, Identifying Ideologues)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_STATE, OECD
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "global_leader_ideologies.csv"
IDEOLOGY = {"leftist": "left", "centrist": "center", "rightist": "right", "none": "none", "no information": None,
            "not applicable": None}
DEMOCRACY = {"yes": True, "no": False, "n/a": False}
RIGHT = {"hog_ideology": "hog_right", "leader_ideology": "leader_right"}  # the source's own mark of a rightist
FIRST = 1994  # year from which the book counts


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a democracy of the OECD and year: the ideology of who led on 31 December."""
    raw = require(csv(files, FILE), ["country_code_cow", "year", *RIGHT, *RIGHT.values(), "democracy"], FILE)
    raw = raw.assign(iso3=integers(raw["country_code_cow"]).map(ISO3_OF_STATE), year=integers(raw["year"]))
    raw = raw[raw["iso3"].isin(OECD) & (raw["year"] >= FIRST)]
    lost = sorted(set(OECD) - set(raw["iso3"]))
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
    raw = raw[mapped(raw["democracy"], DEMOCRACY, FILE).astype(bool)]
    ideology = mapped(raw["leader_ideology"], IDEOLOGY, FILE)
    return {"leader_ideologies": pd.DataFrame({"iso3": raw["iso3"], "year": raw["year"], "ideology": ideology})}
