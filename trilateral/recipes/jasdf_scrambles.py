"""Scrambles of the Japan Air Self-Defense Force by Japanese fiscal year, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "jasdf-scrambles.csv"
COUNTS = ["total", "against_china", "against_russia", "other"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a fiscal year (April to March); where the split is known it adds up to the total."""
    raw = require(
        csv(files, FILE),
        ["fiscal_year", *COUNTS, "derived", "source_url", "source2_url", "source_grade", "checked"],
        FILE,
    )
    frame = raw.drop(columns=["source_title", "source2_title", "note"], errors="ignore").copy()
    for column in ["fiscal_year", *COUNTS, "derived"]:
        frame[column] = integers(frame[column])
    split = frame.dropna(subset=COUNTS)
    off = split[split[COUNTS[1:]].sum(axis=1) != split["total"]]
    if len(off):
        raise UpstreamError(
            f"data/curated/{FILE}, fiscal_year {off['fiscal_year'].iloc[0]}: against_china, against_russia "
            "and other do not add up to total. Correct the row."
        )
    return {"jasdf_scrambles": frame}
