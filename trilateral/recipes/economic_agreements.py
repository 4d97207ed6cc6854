"""Which of the three partners and China belong to which economic agreements, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "economic-agreements.csv"
OF_AGREEMENT = ["signed", "members", "tariffs"]
COLUMNS = [
    "agreement", *OF_AGREEMENT, "iso3", "status", "since", "since_precision", "note", "source_url", "source2_url",
    "source_grade", "checked",
]  # fmt: skip
PRECISION = {0: "", 4: "year", 7: "month", 10: "day"}  # by the length of the ISO date


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an agreement and country."""
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)
    wrong = frame[frame["since"].fillna("").str.len().map(PRECISION) != frame["since_precision"].fillna("")]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(
            f"data/curated/{FILE}, {row['agreement']} {row['iso3']}: date {row['since']} does not have the precision "
            f"{row['since_precision']}. Correct one of the two."
        )
    for column in OF_AGREEMENT:
        spread = frame.groupby("agreement")[column].nunique(dropna=False)
        if (spread > 1).any():
            raise UpstreamError(f"data/curated/{FILE}: {spread.idxmax()} has several values of {column}. Give one.")
    for column in ("members", "tariffs"):
        frame[column] = integers(frame[column])
    return {"economic_agreements": frame}
