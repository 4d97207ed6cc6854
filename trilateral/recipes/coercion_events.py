"""Episodes of economic coercion around the three partners and their size, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

EVENTS, MAGNITUDES = "coercion-events.csv", "coercion-magnitudes.csv"
CHANNELS = ["imports", "exports", "tourism", "firms", "other"]
EVENT_COLUMNS = [
    "id", "sender", "target", "start", "end", "seen_until", "kind", *CHANNELS, "trigger", "measure", "outcome",
    "outcome_note", "source_url", "source2_url", "source_grade", "checked",
]  # fmt: skip
MAGNITUDE_COLUMNS = [
    "event", "period", "partner", "measure", "value", "unit", "change_percent", "source_url", "source2_url", "source_grade",
    "checked",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an episode; and one row an episode, period, partner and measure.

    Dates are ISO 8601, as precise as they are known. An episode without an end has the date on which it was last seen in force.
    """
    events = require(csv(files, EVENTS), EVENT_COLUMNS, EVENTS, closed=True)
    for row in events.fillna("").to_dict("records"):
        _check(row)
    for channel in CHANNELS:
        events[channel] = integers(events[channel])
    sizes = require(csv(files, MAGNITUDES), MAGNITUDE_COLUMNS, MAGNITUDES, closed=True)
    strangers = sorted(set(sizes["event"]) - set(events["id"]))
    if strangers:
        raise UpstreamError(f"data/curated/{MAGNITUDES}: event {', '.join(strangers)} is not in {EVENTS}. Correct one.")
    sizes["value"], sizes["change_percent"] = numbers(sizes["value"]), numbers(sizes["change_percent"])
    bare = sizes[sizes["value"].isna() & sizes["change_percent"].isna()]
    if len(bare):
        raise UpstreamError(f"data/curated/{MAGNITUDES}, row {bare.index[0] + 2}: has neither a value nor a change.")
    return {"coercion_events": events, "coercion_magnitudes": sizes}


def _check(row: Mapping[str, str]) -> None:
    where = f"data/curated/{EVENTS}, id {row['id']}"
    if bool(row["end"]) == bool(row["seen_until"]):
        raise UpstreamError(f"{where}: give either the end or the date on which it was last seen in force (seen_until).")
    last = row["end"] or row["seen_until"]
    shared = min(len(row["start"]), len(last))  # dates of different precision are compared as far as both go
    if last[:shared] < row["start"][:shared]:
        raise UpstreamError(f"{where}: ends on {last}, before it starts on {row['start']}.")
    if (row["outcome"] == "held-so-far") and row["end"]:
        raise UpstreamError(f"{where}: has ended on {row['end']} and cannot be 'held-so-far'. Give its outcome.")
    if not any(int(row[channel]) for channel in CHANNELS):
        raise UpstreamError(f"{where}: names no channel ({', '.join(CHANNELS)}).")
