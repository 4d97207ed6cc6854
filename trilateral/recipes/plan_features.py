"""Which features of a plan the arrangements and joint texts of the three have, coded by hand and coded again."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "plan-features.csv"
KEY = ["id"]
FEATURES = ["aims", "body", "deadline", "review"]
CODES = [*FEATURES, *(f"recode_{feature}" for feature in FEATURES)]
COLUMNS = ["id", "date", "kind", "document", "read", "basis", *CODES, "last_act", "evidence", "note"]
WORDS = 15  # longest quotation of a document


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a document, with both codings; empty codes where no document could be read.

    Raises
    ------
    UpstreamError
        A document that was read without codes, codes for one that was not, a quotation that is too long, or codes
        without a passage.
    """
    frame = rows(files, FILE, COLUMNS, KEY).sort_values(["date", "id"])
    frame["read"] = integers(frame["read"])
    coded = frame[CODES].notna()
    _refuse(frame, coded.any(axis=1) & (frame["read"] == 0), "read", "is 0 although there are codes")
    _refuse(frame, ~coded.all(axis=1) & (frame["read"] == 1), "read", "is 1 although a code is missing")
    words = frame["evidence"].fillna("").str.split().str.len()
    _refuse(frame, words > WORDS, "evidence", f"quotes more than {WORDS} words")
    for column in CODES:
        frame[column] = integers(frame[column])
    _refuse(frame, (words == 0) & frame[CODES].eq(1).any(axis=1), "evidence", "is empty although a code is 1")
    return {"plan_features": frame}


def _refuse(frame: pd.DataFrame, wrong: pd.Series, column: str, why: str) -> None:
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, id {row['id']}, column {column}: {row[column]} {why}. Correct the row.")
