"""Long series of opinion polls on threats, affinity and cooperation, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import csv, integers, require

FILE = "opinion-series.csv"
COLUMNS = (
    "series",
    "organisation",
    "year",
    "fieldwork",
    "respondents",
    "question",
    "question_type",
    "target",
    "percent",
    "sample_size",
    "mode",
    "source_url",
    "source2_url",
    "source_grade",
    "checked",
    "note",
)


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a series, year, responding country, question and target."""
    raw = require(csv(files, FILE), COLUMNS, FILE)
    frame = raw[list(COLUMNS)].copy()
    frame["year"] = integers(frame["year"])
    frame["percent"] = pd.to_numeric(frame["percent"])
    frame["sample_size"] = integers(frame["sample_size"])
    return {"opinion_series": frame}
