"""Read a table collected by hand and check what every such table must keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from trilateral import contract
from trilateral.recipes.reading import UpstreamError, csv, require

ADVICE = "correct it, or take it from version control"
SOURCES = ["source_url", "source2_url", "source_grade", "checked"]
PRECISION = {length: name for name, length in contract.PRECISION.items()}
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
URL = re.compile(r"https?://\S+")
GRADES, CHECKED = ("A", "B", "C"), ("one-source", "two-sources")


def rows(
    files: Mapping[str, bytes], name: str, columns: Iterable[str], key: Iterable[str]
) -> pd.DataFrame:
    """Rows of a file in ``data/curated/`` as text, cut to the columns that the table keeps and their sources.

    Parameters
    ----------
    name : str
        File name.
    columns : iterable of str
        Columns of the table besides the four on sources, which every file has.
    key : iterable of str
        Columns that tell its rows apart; named in messages.

    Raises
    ------
    UpstreamError
        The file is damaged, lacks a column, has two rows of one key, no address of a source, or an unknown grade. The
        message names file, row and column. That its cells are plain text, `plain` checks.
    """
    key, wanted = list(key), [*columns, *SOURCES]
    frame = require(_read(files, name), wanted, f"data/curated/{name}")[wanted].copy()
    _refuse(frame, frame.duplicated(key), name, key, key[0], "is the key of an earlier row")
    addresses = frame[["source_url", "source2_url"]].fillna({"source2_url": "https://none"}).fillna("")
    for column in addresses:
        _refuse(frame, ~addresses[column].str.fullmatch(URL), name, key, column, "is no web address")
    _refuse(frame, ~frame["source_grade"].isin(GRADES), name, key, "source_grade", f"is none of {', '.join(GRADES)}")
    _refuse(frame, ~frame["checked"].isin(CHECKED), name, key, "checked", f"is none of {', '.join(CHECKED)}")
    alone = frame["checked"].eq("two-sources") & frame["source2_url"].isna()
    _refuse(frame, alone, name, key, "source2_url", "is empty though two sources are claimed")
    return frame


def plain(files: Mapping[str, bytes], name: str) -> None:
    """Check that every cell of a file in ``data/curated/`` is plain text, those too that no table keeps, and no row repeated.

    Raises
    ------
    UpstreamError
        A cell begins like a formula, holds markup or a character that nobody sees; a row stands twice; or the file is damaged.
    """
    frame = _read(files, name, distinct=True)
    for column, cells in frame.items():
        for row, rule in cells.dropna().map(contract.not_plain).items():
            if rule:
                raise UpstreamError(f"data/curated/{name}, row {row + 2}, column {column}: {frame.at[row, column][:80]!r} "
                                    f"{rule}. Facts collected by hand are plain text: reword the cell.")


def dated(frame: pd.DataFrame, name: str, key: Iterable[str], column: str = "date") -> pd.DataFrame:
    """Check that each date exists and has the precision the row claims; return the frame.

    Parameters
    ----------
    frame : DataFrame
        With `column`, an ISO date as precise as known, and ``date_precision`` (year, month or day).

    Raises
    ------
    UpstreamError
        A date that is not in the calendar, or of another precision; the message names the row.
    """
    key = list(key)
    known = frame[column].notna()
    _refuse(frame, known & ~frame[column].fillna("").map(in_calendar), name, key, column, "is no date")
    other = frame[column].str.len().map(PRECISION).fillna("") != frame["date_precision"].fillna("")
    _refuse(frame, other, name, key, "date_precision", "is not the precision of the date")
    return frame


def in_calendar(text: str) -> bool:
    """Whether a text is an ISO year, month or day that exists."""
    return bool(DATE.fullmatch(text)) and contract.on_the_calendar(text)


def _read(files: Mapping[str, bytes], name: str, distinct: bool = False) -> pd.DataFrame:
    try:
        return csv(files, name, distinct=distinct, advice=ADVICE)
    except UpstreamError as error:
        raise UpstreamError(f"data/curated/{error}") from error


def _refuse(frame: pd.DataFrame, wrong: pd.Series, name: str, key: list[str], column: str, why: str) -> None:
    if wrong.any():
        row = frame.index[wrong][0]
        which = ", ".join(f"{part} {frame.at[row, part]}" for part in key)
        raise UpstreamError(
            f"data/curated/{name}, row {row + 2} ({which}), column {column}: {frame.at[row, column]!r} {why}. Correct the row."
        )
