"""Joint texts of the three governments and the depth of their arrangements, coded by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

TEXTS = "trilateral-texts.csv"
DEPTH = "trilateral-depth.csv"
CODES = ["names_china", "names_taiwan", "names_north_korea", "criticizes_china", "countermeasure_china",
         "countermeasure_north_korea", "military_north_korea"]
RECODES = [f"recode_{code}" for code in CODES]
TEXT_COLUMNS = ["id", "meeting", "date", "date_precision", "title", "level", "forum", "source_url",
                "source_grade", "source2_url", "basis", *CODES, "evidence", "doubtful", "doubtful_reason",
                *RECODES, "note"]
DEPTH_COLUMNS = ["id", "date", "date_precision", "arrangement", "rung", "binding", "partial", "source_url",
                 "source_grade", "source2_url", "note"]
IMPLIES = [("criticizes_china", "names_china"), ("countermeasure_china", "names_china"),
           ("countermeasure_north_korea", "names_north_korea"),
           ("military_north_korea", "countermeasure_north_korea")]
WORDS = 15  # longest quotation of a text


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a joint text, with both codings; one row an arrangement that reached a rung."""
    texts = require(csv(files, TEXTS), TEXT_COLUMNS, TEXTS, closed=True).copy()
    for column in [*CODES, *RECODES, "doubtful"]:
        texts[column] = integers(texts[column])
    _check_texts(texts)
    depth = require(csv(files, DEPTH), DEPTH_COLUMNS, DEPTH, closed=True).copy()
    for column in ["rung", "binding", "partial"]:
        depth[column] = integers(depth[column])
    return {"trilateral_texts": texts, "trilateral_depth": depth}


def _check_texts(texts: pd.DataFrame) -> None:
    """Refuse codings that contradict the code book or each other."""
    for prefix in ("", "recode_"):
        for narrow, wide in IMPLIES:
            _refuse(texts, (texts[prefix + narrow] == 1) & (texts[prefix + wide] == 0), prefix + narrow,
                    f"is 1 although {prefix}{wide} is 0")
    words = texts["evidence"].fillna("").str.split().str.len()
    _refuse(texts, words > WORDS, "evidence", f"quotes more than {WORDS} words")
    coded = texts[CODES].sum(axis=1) > 0
    _refuse(texts, (words == 0) & coded, "evidence", "is empty although a code is 1")
    reason = texts["doubtful_reason"].fillna("")
    unlike = (reason != "") != (texts["doubtful"] == 1)
    _refuse(texts, unlike, "doubtful", "does not agree with doubtful_reason")
    differs = (texts[CODES].to_numpy() != texts[RECODES].to_numpy()).any(axis=1)
    marked = reason.str.split("+").map(lambda codes: "R" in codes)
    _refuse(texts, marked != differs, "doubtful_reason", "must hold R exactly where the two codings differ")


def _refuse(texts: pd.DataFrame, wrong: pd.Series, column: str, rule: str) -> None:
    if wrong.any():
        row = texts[wrong.fillna(False)].iloc[0]
        raise UpstreamError(f"data/curated/{TEXTS}, id {row['id']}, column {column}: value {row[column]!r} "
                            f"{rule} (book/appendix/codebook.md). Read the text again and correct the row.")
