"""Numbered meetings and exercises (the eighth, the ninth ...) of several groups of partners, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "mechanism-counters.csv"
COLUMNS = ["triad", "mechanism", "ordinal", "ordinal_basis", "date", "date_precision", "source_url", "source2_url",
           "source_grade", "checked"]
PRECISION = {4: "year", 7: "month", 10: "day"}  # by the length of the ISO date


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a group, mechanism and ordinal whose date is known; a missing ordinal was held, but its date was not found."""
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True).copy()
    frame["ordinal"] = integers(frame["ordinal"])
    wrong = frame[frame["date"].str.len().map(PRECISION) != frame["date_precision"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, {_named(row)}: date {row['date']} does not have the precision "
                            f"{row['date_precision']}. Correct one of the two.")
    for _, series in frame.sort_values("ordinal").groupby(["triad", "mechanism"]):
        for (_, before), (_, row) in zip(list(series.iterrows())[:-1], list(series.iterrows())[1:], strict=True):
            known = min(len(before["date"]), len(row["date"]))
            if row["ordinal"] == before["ordinal"] or row["date"][:known] < before["date"][:known]:
                raise UpstreamError(f"data/curated/{FILE}, {_named(row)}: dated {row['date']}, but {before['ordinal']} is "
                                    f"dated {before['date']}. A later ordinal has a later date: correct the rows, or give a "
                                    "recounted series a name of its own.")
    return {"mechanism_counters": frame}


def _named(row: pd.Series) -> str:
    return f"{row['triad']}, {row['mechanism']}, ordinal {row['ordinal']}"
