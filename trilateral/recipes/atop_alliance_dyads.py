"""Alliance treaty obligations between pairs of states (ATOP 5, R package peacesciencer)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON, ISO3_OF_STATE
from trilateral.recipes.reading import UpstreamError, integers, rda, require

FILE = "atop_alliance.rda"
OBLIGATION = {"atop_defense": "defense", "atop_offense": "offense", "atop_neutral": "neutrality",
              "atop_nonagg": "nonaggression", "atop_consul": "consultation"}
OBLIGATIONS = list(OBLIGATION.values())
FIRST, LAST = 1946, 2018
PAIR = ["iso3_a", "iso3_b"]
OWED = {(0, 0): "no", (1, 0): "first", (0, 1): "second", (1, 1): "both"}  # by the first of the pair, by the second


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a pair of states and unbroken run of years with the same obligations; no row, no obligation.

    The source lists each pair twice, once from the side of each state. The two sides are folded into one row that says who
    owes what: they differ, as the United States owes Japan a defense that Japan does not owe in return.
    """
    raw = require(rda(files, FILE), ["ccode1", "ccode2", "year", *OBLIGATION], FILE)
    raw = raw.rename(columns=OBLIGATION).assign(iso3_a=integers(raw["ccode1"]).map(ISO3_OF_STATE),
                                                iso3_b=integers(raw["ccode2"]).map(ISO3_OF_STATE), year=integers(raw["year"]))
    raw = raw[raw["iso3_a"].isin(COMPARISON) & raw["iso3_b"].isin(COMPARISON) & (raw["year"] >= FIRST)]
    raw = raw[raw["iso3_a"] != raw["iso3_b"]]
    lost = {"JPN", "KOR", "USA"} - set(raw["iso3_a"])
    if lost or raw["year"].max() != LAST:
        found = f"lacks {', '.join(sorted(lost))}" if lost else f"ends in {raw['year'].max()}, not in {LAST}"
        raise UpstreamError(f"{FILE}: {found}. A run that reaches the last year counts as going on: look at what has changed, "
                            "then adapt the recipe and the caveats of the sidecar.")
    years = _folded(raw)
    before = years.groupby(PAIR)[[*OBLIGATIONS, "year"]].shift()
    goes_on = before[OBLIGATIONS].eq(years[OBLIGATIONS]).all(axis=1) & (years["year"] - before["year"]).eq(1)
    years["run"] = (~goes_on).cumsum()
    runs = years.groupby([*PAIR, "run", *OBLIGATIONS], as_index=False).agg(year_start=("year", "min"), year_end=("year", "max"))
    return {"alliance_obligations": runs.drop(columns="run")}


def _folded(raw: pd.DataFrame) -> pd.DataFrame:
    """Each pair and year once, in the order of the codes, with who owes what."""
    key = [*PAIR, "year"]
    # Germany stands under two numbers in 1990
    owed = raw.groupby(key)[OBLIGATIONS].max().astype("int64").reset_index()
    both = owed.merge(owed.rename(columns={"iso3_a": "iso3_b", "iso3_b": "iso3_a"}), on=key, how="left", suffixes=("", "_back"),
                      indicator=True)
    lone = both[both["_merge"] != "both"]
    if len(lone):
        row = lone.iloc[0]
        raise UpstreamError(f"{FILE}: {row['iso3_a']} and {row['iso3_b']}, {row['year']}: listed from one side only; each pair "
                            "is expected from both. The format has changed: adapt the recipe.")
    both = both[both["iso3_a"] < both["iso3_b"]].sort_values(key, ignore_index=True)
    for name in OBLIGATIONS:
        both[name] = [OWED[sides] for sides in zip(both[name], both[f"{name}_back"], strict=True)]
    return both.loc[(both[OBLIGATIONS] != "no").any(axis=1), [*key, *OBLIGATIONS]].reset_index(drop=True)
