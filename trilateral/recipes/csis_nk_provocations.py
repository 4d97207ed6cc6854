"""Dates and kinds of North Korean missile, nuclear and other events (CSIS Beyond Parallel)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, mapped, require

FILE = "north_korea_provocations_1958_present.csv"
ADDITIONS = "nk-provocations-additions.csv"  # launches the source misses, each with its own sources
FIRST = "1984"  # first year that a figure shows
TYPE = {"Missile Provocation": "missile", "Nuclear Provocation": "nuclear", "Other Provocation": "other"}

# Read from the top on the label; the first pattern that matches decides. Of the other events, only satellite
# launches get a kind: artillery or devices there are not tests of a weapon.
KIND = (
    ("nuclear-test", r"nuclear test"),
    ("nuclear-device", r"nuclear detonation"),
    ("satellite", r"satellite"),
    ("icbm", r"inter-?continental"),
    ("slbm", r"submarine"),
    ("irbm", r"intermediate-range ballistic"),
    ("mrbm", r"medium-range ballistic"),
    ("srbm", r"short-range ballistic"),
    ("ballistic", r"ballistic"),
    ("cruise", r"cruise"),
    ("air-defense", r"anti-aircraft|surface-to-air"),
    ("artillery", r"artillery|rocket system"),
)


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an event: date, type, the kind of weapon that its label names, and whether it was added by hand."""
    raw = require(csv(files, FILE, distinct=True), ["date", "type", "event", "description", "resources"], FILE, closed=True)
    frame = pd.DataFrame({"date": raw["date"], "type": mapped(raw["type"], TYPE, FILE)})
    kinds = raw["event"].map(kind_of)
    frame["kind"] = kinds.where((frame["type"] != "other") | (kinds == "satellite"))
    missed = require(csv(files, ADDITIONS), ["date", "type", "kind"], f"data/curated/{ADDITIONS}")
    if known := sorted(set(missed["date"]) & set(frame.loc[frame["type"] == "missile", "date"])):
        raise UpstreamError(f"{ADDITIONS}: the source now lists an event on {known[0]}; take the row out")
    frame = pd.concat([frame.assign(added=0), missed[["date", "type", "kind"]].assign(added=1)])
    frame = frame[frame["date"] >= FIRST]
    frame = frame.sort_values(["date", "type", "kind"], na_position="last", kind="stable").reset_index(drop=True)
    return {"nk_provocations": frame.assign(event=range(1, len(frame) + 1))}


def kind_of(label: str) -> str:
    """Kind of weapon that a label names, ``unknown`` if none of the documented words is in it."""
    return next((kind for kind, pattern in KIND if re.search(pattern, label, re.IGNORECASE)), "unknown")
