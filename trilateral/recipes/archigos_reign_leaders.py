"""Spells of leaders in office: Archigos 4.1 (to 2015) and the REIGN leader list (to March 2021)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON, ISO3_OF_STATE
from trilateral.recipes.reading import UpstreamError, csv, integers, require, stata, take

ARCHIGOS, REIGN = "Archigos_4.1_stata14.dta", "leaderlist_3_21.csv"
RIVALS = ("BLR", "CUB", "IRN", "IRQ", "LBY", "MMR", "SYR", "VEN")  # other autocracies under American sanctions
WANTED = {*COMPARISON, *RIVALS}
FIRST = "1990"
CLOSED = ("2014-12-31", "2015-12-31")  # Archigos closes every spell that was going on; three were not seen to in 2015
SEEN = "2021-03"  # month of the REIGN list


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a data set, country and spell in office that reached into 1990 or later; a spell still going on has no end."""
    return {"leader_spells": pd.concat([_archigos(files), _reign(files)], ignore_index=True)}


def _archigos(files: Mapping[str, bytes]) -> pd.DataFrame:
    read = ["ccode", "leader", "startdate", "enddate", "exit"]
    raw = stata(files, ARCHIGOS, read)
    raw = _of_wanted(raw.assign(number=raw["ccode"]), ARCHIGOS, WANTED)
    raw = raw[raw["enddate"] >= FIRST]
    still = raw["exit"] == "Still in Office"
    wrong = raw[still & ~raw["enddate"].isin(CLOSED) | (raw["enddate"] > CLOSED[-1])]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"{ARCHIGOS}, {row['iso3']}, {row['leader']}: enddate {row['enddate']} with exit {row['exit']!r}; "
                            f"spells going on are expected to be closed on {CLOSED[-1]}. Adapt the recipe to the new version.")
    end = raw["enddate"].where(~still)
    return pd.DataFrame({"dataset": "archigos", "iso3": raw["iso3"], "leader": raw["leader"], "start": raw["startdate"],
                         "end": end, "end_month": end.str[:7], "open_until": raw["enddate"].str[:7].where(still)})


def _reign(files: Mapping[str, bytes]) -> pd.DataFrame:
    # UTF-8 but for one byte of another encoding, in a coder's note
    readable = {REIGN: take(files, REIGN).replace(b"\x85", b"...")}
    read = ["ccode", "leader", "sdate", "smonth", "syear", "emonth", "eyear"]
    raw = require(csv(readable, REIGN), read, REIGN)
    raw = _of_wanted(raw.assign(number=integers(raw["ccode"])), REIGN, WANTED - {"TWN"})  # REIGN leaves Taiwan out
    start = _date(raw, ("syear", "smonth", "sdate"))
    still = raw["eyear"].isna()
    if (still != raw["emonth"].isna()).any():
        row = raw[still != raw["emonth"].isna()].iloc[0]
        raise UpstreamError(f"{REIGN}, {row['iso3']}, {row['leader']}: eyear {row['eyear']} with emonth {row['emonth']}; "
                            "both or neither are expected. Look at the row.")
    end = _date(raw.assign(day="1"), ("eyear", "emonth", "day")).str[:7]
    frame = pd.DataFrame({"dataset": "reign", "iso3": raw["iso3"], "leader": raw["leader"].str.strip(), "start": start,
                          "end": None, "end_month": end, "open_until": pd.Series(SEEN, raw.index).where(still)})
    return frame[still | (end >= FIRST)]


def _of_wanted(raw: pd.DataFrame, name: str, wanted: set[str]) -> pd.DataFrame:
    raw = raw.assign(iso3=raw["number"].map(ISO3_OF_STATE))
    raw = raw[raw["iso3"].isin(wanted)]
    lost = sorted(wanted - set(raw["iso3"]))
    if lost:
        raise UpstreamError(f"{name}, column ccode: {', '.join(lost)} not found. The file is cut off, or numbers states in a "
                            "new way: compare ISO3_OF_STATE in trilateral/recipes/countries.py.")
    return raw


def _date(raw: pd.DataFrame, columns: tuple[str, str, str]) -> pd.Series:
    """ISO dates from a year, month and day column; empty where the year is."""
    year, month, day = (raw[column] for column in columns)
    dates = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    wrong = raw[dates.notna() & pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce").isna()]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"{REIGN}, {row['iso3']}, {row['leader']}: {', '.join(columns)} give {dates[row.name]}, no date. "
                            "Look at the row.")
    return dates
