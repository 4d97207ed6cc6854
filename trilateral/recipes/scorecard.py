"""What came of the advice: acts, promises of the leaders, exercises, missions, events and forecasts, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import UpstreamError, integers

ACTS, PROMISES, EXERCISES = "advice-uptake.csv", "leaders-commitments.csv", "exercise-domains.csv"
MISSIONS, EVENTS, FORECASTS = "protection-missions.csv", "events-foreseen.csv", "forecasts-by-others.csv"
FLAGS = ["usa", "jpn", "kor", "others", "doubtful"]
ACT_COLUMNS = ["id", "item", "record", "date", "date_precision", "date_end", *FLAGS, "detail", "document", "text_read",
               "number", "event", "reason"]
RUNGS = ["rung", "upper"]
DOMAINS = {"surface", "air", "undersea", "missile-defense", "boarding", "rescue", "cyber"}
NO_DOMAIN = {"command-post", "none"}
PROMISE_COLUMNS = ["id", "text", "promised", "commitment", "field", "rhythm", *RUNGS, "last_act", "reason", "promise_url",
                   "promise2_url"]
EVENT_COLUMNS = ["event", "date", "date_precision", "kind", "title", "brief_2015", "claims_2015", "brief_2022",
                 "claims_2022"]
NOTHING = "not-found"


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Six tables: acts item by item, commitments, exercises, protection missions, events and forecasts.

    Raises
    ------
    UpstreamError
        A date where nothing was found, or none where something was; a doubtful row or grading without its reason; an item
        that was not found and has an act; two statements of one half-year; rungs out of order; an unknown domain; a number
        of domains or missions that is not the sum of its parts; a brief that named an event without a claim that says so.
    """
    return {"advice_uptake": _acts(files), "leaders_commitments": _promises(files), "exercise_domains": _exercises(files),
            "protection_missions": _missions(files), "events_foreseen": _events(files),
            "forecasts_by_others": dated(rows(files, FORECASTS, ["id", "date", "author", "direction", "statement", "months"],
                                              ["id"]).assign(date_precision=lambda f: f["date"].str.len().map(
                                                  {4: "year", 7: "month", 10: "day"})), FORECASTS, ["id"]).assign(
                months=lambda f: integers(f["months"]))}


def _acts(files: Mapping[str, bytes]) -> pd.DataFrame:
    frame = dated(rows(files, ACTS, ACT_COLUMNS, ["id"]), ACTS, ["id"])
    for column in (*FLAGS, "number"):
        frame[column] = integers(frame[column])
    statements: dict[str, str] = {}
    found = {item: set(part["record"]) for item, part in frame.groupby("item")}
    for row in frame.itertuples():
        if (row.record == NOTHING) == isinstance(row.date, str):
            _wrong(ACTS, row.id, "an act has a date, and a search without result has none")
        if row.doubtful and not isinstance(row.reason, str):
            _wrong(ACTS, row.id, "a doubtful row needs its reason")
        if NOTHING in found[row.item] and len(found[row.item]) > 1:
            _wrong(ACTS, row.id, f"item {row.item} is called not found and has an act")
        if row.item == "tokyo-statement":
            half = f"{row.date[:4]}, half {1 if row.date[5:7] < '07' else 2}"
            if (first := statements.setdefault(half, row.id)) != row.id:
                _wrong(ACTS, row.id, f"one statement a half-year, and {first} is of {half} too")
    return frame


def _promises(files: Mapping[str, bytes]) -> pd.DataFrame:
    frame = rows(files, PROMISES, PROMISE_COLUMNS, ["id"])
    for column in RUNGS:
        frame[column] = integers(frame[column])
    for row in frame.itertuples():
        if row.rung > row.upper:
            _wrong(PROMISES, row.id, "the rung is the lower grading and lies at or below the upper one")
        if row.rung < row.upper and not isinstance(row.reason, str):
            _wrong(PROMISES, row.id, "a doubtful grading needs its reason")
        if (row.rung == 0) == isinstance(row.last_act, str):
            _wrong(PROMISES, row.id, "rung 0 has no last act, every other one has")
    return frame


def _exercises(files: Mapping[str, bytes]) -> pd.DataFrame:
    flags = ["hidden", "carrier_or_bomber", "taught"]
    frame = rows(files, EXERCISES, ["milestone", "domains", "number", *flags], ["milestone"])
    for column in ("number", *flags):
        frame[column] = integers(frame[column])
    for row in frame.itertuples():
        named = row.domains.split()
        if unknown := set(named) - DOMAINS - NO_DOMAIN:
            _wrong(EXERCISES, row.milestone, f"no such domain as {', '.join(sorted(unknown))}")
        if len(set(named) & DOMAINS) != row.number or len(named) != max(1, row.number):
            _wrong(EXERCISES, row.milestone, "the number is that of its domains")
    return frame


def _missions(files: Mapping[str, bytes]) -> pd.DataFrame:
    frame = rows(files, MISSIONS, ["year", "missions", "usa", "aus"], ["year"])
    for column in ("year", "missions", "usa", "aus"):
        frame[column] = integers(frame[column])
    for row in frame.itertuples():
        if row.usa + row.aus != row.missions:
            _wrong(MISSIONS, row.year, "the missions are the sum of the partners")
    return frame


def _events(files: Mapping[str, bytes]) -> pd.DataFrame:
    frame = dated(rows(files, EVENTS, EVENT_COLUMNS, ["event"]), EVENTS, ["event"])
    for brief in ("2015", "2022"):
        for row in frame.to_dict("records"):
            if row[f"brief_{brief}"] != "not" and not isinstance(row[f"claims_{brief}"], str):
                _wrong(EVENTS, row["event"], f"the brief of {brief} is said to speak of it, and no claim is named")
    return frame


def _wrong(name: str, key: object, rule: str) -> None:
    raise UpstreamError(f"data/curated/{name}, row {key}: {rule}. Correct the row.")
