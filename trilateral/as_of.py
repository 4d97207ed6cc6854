"""The record as it ended on an earlier day: ``AS_OF = "2023-12-31"`` at the top of a notebook, which hands it to `set_day`.

From then on `trilateral.data.load` leaves out what a table dates later, and "now" of the register is that day. Two things no
date can bring back: a number as it stood before its producer revised it, and what a row says beside its date, where the row
was written later. `limits` names the tables of which that must be said.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

PARTS = re.compile(r"(1[89]|20)\d\d(-\d\d(-\d\d)?)?")
YEAR = re.compile(r"(^|_)(year|since|delivery)(_|$)")  # of columns that hold a year as a whole number
FISCAL = pd.DateOffset(months=3)  # Japan's and others' fiscal years end in March
NOT_FOUND = "not-found"  # of a row that tells of a search without a result
GOING_ON = "held-so-far"  # outcome of what has not ended
DATED, CODED, UNDATED, SUMMED = "dated", "coded", "undated", "summed"

_day: pd.Timestamp | None = None


class AsOfError(ValueError):
    """A day for which the book cannot be run."""

    exit_code = 2  # see `trilateral.exit_codes`


class TooLittleError(ValueError):
    """The record holds too little for what is asked of it, as where a day ends it early; the message says what is lacking.

    Any other error of a cell is a fault of its code or of what a reader set; see `trilateral.failures`.
    """


class Columns(NamedTuple):
    """Columns of a table that hold dates: the one that dates a row, others that every row has, others that some lack."""

    first: str | None
    always: Sequence[str]
    sometimes: Sequence[str]


def parsed(day: str, earliest: str, latest: str) -> str:
    """A day that the book can be run for, as ISO 8601.

    Parameters
    ----------
    day : str
        As a reader gave it.
    earliest, latest : str
        Day of the last brief, before which claims were not made, and of the end of the record.

    Raises
    ------
    AsOfError
        It is no date, or lies outside.
    """
    given = _read(day)
    if not earliest <= given.isoformat() <= latest:
        raise AsOfError(f"{given} is outside {earliest}, the day of the later brief, to {latest}, the end of the record")
    return given.isoformat()


def set_day(day: str | None) -> None:
    """End the record on a day, for every table loaded and every claim judged after this call; None takes it back.

    Raises
    ------
    AsOfError
        It is no date. Whether the book can be run for it, `trilateral.claims.register` says.
    """
    global _day
    _day = pd.Timestamp(_read(day)) if day else None


def day() -> str | None:
    """The day set, as ISO 8601."""
    return str(_day.date()) if _day is not None else None


def advice(otherwise: str) -> str:
    """Why rows may be missing, where `AS_OF` ends the record; else another advice."""
    return f"The record ends on {day()}, as AS_OF says, and rows after it are left out." if _day is not None else otherwise


def years(first: int, last: int) -> range:
    """Years from the first to the last, both included, as far as they were over on the day set.

    A year that the day leaves out is then none without events, as filling a table up with zeros would have it.
    """
    whole = last if _day is None else (_day + pd.Timedelta(days=1)).year - 1
    return range(first, min(last, whole) + 1)


def need(there: object, what: str) -> None:
    """Stop a cell that has too little to go on, where pandas would fail over it in words of its own.

    Parameters
    ----------
    there : object
        Whether there is enough.
    what : str
        What is lacking, as the message says it.

    Raises
    ------
    TooLittleError
        There is not.
    """
    if not there:
        raise TooLittleError(what)


def columns(frame: pd.DataFrame) -> Columns:
    """Which columns hold dates: in the types of a date, as text (2012, 2012-06, 2012-06-29), or years as whole numbers."""
    found = [name for name in frame if _holds_dates(frame[name])]
    if not found:
        return Columns(None, (), ())
    first, others = found[0], found[1:]
    return Columns(first, [name for name in others if frame[name].notna().all()],
                   [name for name in others if frame[name].isna().any()])


def ends(values: pd.Series, monthly: bool = False) -> pd.Series:
    """Last day of the time that each value names: 2022 is over on 31 December, 2022-06 on 30 June.

    Parameters
    ----------
    monthly : bool
        Values in the type of a date are months, each held as its first day.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return values + pd.offsets.MonthEnd(0) if monthly else values
    texts = values.astype("string")
    stops = {4: "-12-31", 7: "-01"}
    days = pd.to_datetime(texts.map(lambda text: text + stops.get(len(text), ""), na_action="ignore"), format="%Y-%m-%d")
    days = days.where(texts.str.len().ne(7).fillna(True), days + pd.offsets.MonthEnd(0))
    return days + FISCAL if values.name == "fiscal_year" else days


def last(frame: pd.DataFrame) -> str | None:
    """The last time in the column that dates the rows, as far as its row knows it: "2021", "March 2015"; None without one."""
    column = columns(frame).first
    if column is None:
        return None
    latest = frame[column].loc[ends(frame[column]).idxmax()]
    return str(latest) if len(str(latest)) == 4 else f"{pd.Timestamp(latest):%B %Y}"


def cut(frame: pd.DataFrame, months: Container[str] = ()) -> pd.DataFrame:
    """A table without what is dated after the day set; as it is where none is set.

    Parameters
    ----------
    months : container of str
        Columns in the type of a date that hold months, which the rows alone do not tell from days that all fall on a first.

    Rows go whose own date, or another that every row of the table has, such as the end of the time measured, is later. A later
    date in a column that some rows lack, such as the end of a term of office, is taken out: on that day it was still to come.
    In a table of searches an item that was found only later stays as one that was looked for and not found, and what ends later
    has no other outcome yet than going on, where a table has such an outcome.
    """
    if _day is None:
        return frame
    dates, whole = columns(frame), frame
    for name in filter(None, (dates.first, *dates.always)):
        frame = frame[~ends(frame[name], name in months).gt(_day)]
    if {"item", "record"} <= set(whole) and whole["record"].eq(NOT_FOUND).any():
        frame = pd.concat([frame, _not_yet(whole, frame)])
    later = {name: ends(frame[name], name in months).gt(_day) for name in dates.sometimes}
    cut_out = {name: frame[name].mask(hit) for name, hit in later.items() if hit.any()}
    if "end" in cut_out and "outcome" in frame and whole["outcome"].eq(GOING_ON).any():
        cut_out["outcome"] = frame["outcome"].mask(later["end"], GOING_ON)
    return frame.assign(**cut_out).reset_index(drop=True)


def described(meta: Mapping) -> dict:
    """A sidecar with nothing retrieved after the day set: time without an event is counted to the day, not beyond it."""
    if _day is None:
        return dict(meta)
    return {**meta, "retrieved": min(str(meta["retrieved"]), day())}


def kind(frame: pd.DataFrame, meta: Mapping, day: str) -> str:
    """What a day can do to a table.

    `dated`: all of it earlier or cut; `coded`: cut but written by hand later; `summed`: cut but with sums in its rows that run
    to the day of its edition; `undated`: nothing.
    """
    dated = columns(frame).first is not None
    if meta.get("curated"):
        return CODED if dated else UNDATED
    if meta.get("stock_as_of") == "vintage":
        return SUMMED
    over = int(meta["coverage"]["years"][-4:]) < int(day[:4])  # years as 1991-2020, or one
    return DATED if dated or over else UNDATED


def limits(tables: Sequence[str], kinds: Mapping[str, str]) -> str:
    """What cannot be brought back of some tables, as half a sentence; empty where all are cut by their dates."""
    said = {UNDATED: "without dates, used whole", CODED: "written by hand later",
            SUMMED: "with sums to the day of their edition"}
    parts = [f"{words}: {', '.join(names)}" for kind, words in said.items()
             if (names := [name for name in tables if kinds.get(name) == kind])]
    return "; ".join(parts)


def _read(day: str) -> date:
    try:
        return date.fromisoformat(str(day).strip())
    except ValueError:
        raise AsOfError(f"{day!r} is no day; give one as 2023-12-31") from None


def _not_yet(whole: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """A row without a find for each item of a table of searches whose rows are all later."""
    found = whole[~whole["item"].isin(left["item"])].drop_duplicates("item")
    nothing = whole[whole["record"].eq(NOT_FOUND)]
    blank = dict.fromkeys(name for name in whole if nothing[name].isna().all())  # date, details, document
    flags = dict.fromkeys((name for name in whole if whole[name].isin([0, 1]).all()), 0)
    doubtful = {"doubtful": 1} if "doubtful" in whole else {}  # so that who counts what is sure does not count it
    return found.assign(**{**blank, **flags, **doubtful, "record": NOT_FOUND}).astype(whole.dtypes)


def _holds_dates(values: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(values):
        return True
    texts = values.dropna().astype(str)
    if texts.empty or pd.api.types.is_float_dtype(values) or (
            pd.api.types.is_integer_dtype(values) and not YEAR.search(str(values.name))):
        return False
    return bool(texts.str.fullmatch(PARTS).all())
