"""Entries on the sanctions lists of the US Treasury by country of address, month by month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, coded, csv, integers, require

FILE = "ofac_panel.csv"
COLUMNS = ["Country", "Date", "yrqtr", "yrmon", "levels", "additions", "removals", "change"]
COUNTRIES = ("ARE", "BLR", "CHN", "HKG", "IRN", "JPN", "KOR", "MMR", "PRK", "RUS", "SGP", "SYR", "TUR", "TWN")
ALSO = {"United Arab Emirates": "ARE", "Belarus": "BLR", "Syria": "SYR"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and month: entries with an address there at the end of the month, and what changed in it."""
    raw = require(csv(files, FILE), COLUMNS, FILE, closed=True)
    raw = raw.assign(iso3=coded(raw["Country"], COUNTRIES, FILE, ALSO)).dropna(subset=["iso3"])
    off = raw[raw["Date"].str.slice(0, 7) != raw["yrmon"]]
    if len(off):
        raise UpstreamError(f"{FILE}: date {off.iloc[0]['Date']} lies outside its month {off.iloc[0]['yrmon']}.")
    frame = raw[["iso3"]].assign(
        month=raw["yrmon"],
        listed=integers(raw["levels"]),
        additions=integers(raw["additions"]),
        removals=integers(raw["removals"]),
    )
    frame = frame.sort_values(["iso3", "month"])
    months = sorted(frame["month"].unique())
    short = frame.groupby("iso3")["month"].agg(list)
    for iso3, found in short.items():
        if found != months or len(pd.period_range(months[0], months[-1], freq="M")) != len(months):
            raise UpstreamError(f"{FILE}: {iso3} has {len(found)} months, {len(months)} running ones are expected.")
    before = frame.groupby("iso3")["listed"].shift()
    wrong = frame[before.notna() & (frame["listed"] != before + frame["additions"] - frame["removals"])]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(
            f"{FILE}: {row['iso3']} {row['month']}: {row['listed']} entries are not those of the month before plus "
            f"{row['additions']} minus {row['removals']}. Columns were swapped or rows lost."
        )
    first = frame["month"] == months[0]  # what was listed before the collection began has no date of its own
    frame.loc[first, ["additions", "removals"]] = pd.NA
    return {"ofac_listed_entries": frame}
