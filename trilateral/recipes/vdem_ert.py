"""Electoral democracy and episodes of its decline (V-Dem Institute, Episodes of Regime Transformation)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

FILE = "ert.csv"
FIRST = 1980
INDEX = {"v2x_polyarchy": "electoral_democracy", "v2x_polyarchy_codelow": "electoral_democracy_low",
         "v2x_polyarchy_codehigh": "electoral_democracy_high"}
REGIME = {"0.0": "closed autocracy", "1.0": "electoral autocracy", "2.0": "electoral democracy", "3.0": "liberal democracy",
          "0": "closed autocracy", "1": "electoral autocracy", "2": "electoral democracy", "3": "liberal democracy"}
OUTCOME = {"1": "breakdown", "2": "preempted breakdown", "3": "diminished democracy", "4": "averted regression",
           "5": "regressed autocracy", "6": "going on"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and year; episode columns are filled only in the years of an episode."""
    read = ["country_text_id", "year", "v2x_regime", *INDEX,
            "aut_ep", "aut_ep_start_year", "aut_ep_outcome"]
    raw = require(csv(files, FILE), read, FILE)
    raw = raw.mask(raw == "NA").assign(year=integers(raw["year"]))
    raw = raw[raw["country_text_id"].isin(COMPARISON) & (raw["year"] >= FIRST)]
    lost = sorted(set(COMPARISON) - set(raw["country_text_id"]))
    if lost:
        raise UpstreamError(f"{FILE}, column country_text_id: {', '.join(lost)} not found. The file is cut off, or spells "
                            "codes in a new way: adapt the recipe.")
    index = {ours: numbers(raw[theirs]).round(3) for theirs, ours in INDEX.items()}
    low, mid, high = index["electoral_democracy_low"], index["electoral_democracy"], index["electoral_democracy_high"]
    wrong = raw[(low > mid) | (mid > high)]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"{FILE}, {row['country_text_id']} {row['year']}: v2x_polyarchy {row['v2x_polyarchy']} does not "
                            f"lie between {row['v2x_polyarchy_codelow']} and {row['v2x_polyarchy_codehigh']}. Columns may be "
                            "swapped.")
    frame = pd.DataFrame({"iso3": raw["country_text_id"], "year": raw["year"], **index,
                          "regime": mapped(raw["v2x_regime"], REGIME, FILE)})
    frame["autocratization_since"], frame["autocratization_outcome"] = _episode(raw)
    return {"electoral_democracy": frame}


def _episode(raw: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """First year and outcome, only within the episode: the source also fills the year before it begins."""
    within = integers(raw["aut_ep"]) == 1
    since = integers(raw["aut_ep_start_year"]).where(within)
    if since[within].isna().any():
        row = raw[within & since.isna()].iloc[0]
        raise UpstreamError(f"{FILE}, {row['country_text_id']} {row['year']}: aut_ep is 1 without aut_ep_start_year.")
    return since, mapped(raw["aut_ep_outcome"].where(within), OUTCOME, FILE)
