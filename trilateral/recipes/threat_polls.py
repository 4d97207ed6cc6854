"""Polls on which countries are a threat, collected by hand, with the corrections found later."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE, CORRECTIONS = "threat-perception-polls.csv", "threat-perception-polls-corrections.csv"
KEY = ["organisation", "year", "respondents", "question_type", "target"]
COLUMNS = [
    "organisation",
    "year",
    "fieldwork",
    "respondents",
    "question",
    "question_type",
    "target",
    "percent",
    "source_url",
    "source2_url",
    "source_grade",
    "checked",
]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a poll, responding country, question type and target; `corrected` marks what was changed."""
    polls = require(csv(files, FILE), COLUMNS, FILE)[COLUMNS].fillna("").assign(corrected=0)
    fixes = require(
        csv(files, CORRECTIONS),
        ["action", *KEY, "column", "old_value", "new_value", "source_url", "source_grade", "like_target"],
        CORRECTIONS,
    ).fillna("")
    for line, fix in enumerate(fixes.to_dict("records"), start=2):
        polls = _apply(polls, fix, f"data/curated/{CORRECTIONS}, row {line}")
    polls = polls.replace("", None)
    return {
        "threat_polls": polls.assign(year=integers(polls["year"]), percent=pd.to_numeric(polls["percent"]))
    }


def _apply(polls: pd.DataFrame, fix: Mapping[str, str], where: str) -> pd.DataFrame:
    key = {column: fix[column] for column in KEY}
    if fix["action"] == "add":
        if len(_rows(polls, key)):
            raise UpstreamError(
                f"{where}: {_named(key)} is there already; the correction adds it. Remove one of the two."
            )
        like = _rows(polls, key | {"target": fix["like_target"]})
        if len(like) != 1:
            raise UpstreamError(
                f"{where}: {len(like)} rows match like_target {fix['like_target']!r}, one is expected."
            )
        new = polls.loc[like].assign(
            target=fix["target"],
            percent=fix["new_value"],
            source_url=fix["source_url"],
            source2_url="",
            source_grade=fix["source_grade"],
            checked="one-source",
            corrected=1,
        )
        return pd.concat([polls, new], ignore_index=True)
    if fix["action"] != "change" or fix["column"] not in polls:
        raise UpstreamError(
            f"{where}: action {fix['action']!r} on column {fix['column']!r}; known: add, change."
        )
    found = _rows(polls, key)
    if len(found) != 1:
        raise UpstreamError(f"{where}: {len(found)} rows match {_named(key)}, one is expected.")
    old = polls.at[found[0], fix["column"]]
    if old != fix["old_value"]:
        raise UpstreamError(
            f"{where}: {_named(key)} has {fix['column']} {old!r}, the correction expects "
            f"{fix['old_value']!r}. It was applied before, or the row has changed."
        )
    polls = polls.copy()
    polls.at[found[0], fix["column"]] = fix["new_value"]
    polls.at[found[0], "corrected"] = 1
    return polls


def _rows(polls: pd.DataFrame, key: Mapping[str, str]) -> pd.Index:
    return polls.index[(polls[list(key)] == pd.Series(key)).all(axis=1)]


def _named(key: Mapping[str, str]) -> str:
    return " / ".join(key.values())
