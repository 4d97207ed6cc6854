"""Students from China, South Korea and the United States in Japan, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "students-in-japan.csv"
COLUMNS = ["year", "origin", "students", "language_institutes", "source_url", "source2_url", "source_grade", "checked"]
WIDER_SINCE = 2014  # the survey's counts by country include language institutes from this year on


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a year (1 May) and country of origin; WLD is all students.

    Raises
    ------
    UpstreamError
        A row mixes the two definitions of the survey, or the countries exceed the total.
    """
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)[COLUMNS].copy()
    for column in ("year", "students", "language_institutes"):
        frame[column] = integers(frame[column])
    mixed = frame[(frame["year"] >= WIDER_SINCE) != (frame["language_institutes"] == 1)]
    if len(mixed):
        row = mixed.iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, {row['year']} {row['origin']}: language_institutes is "
                            f"{row['language_institutes']}; counts by country include them from {WIDER_SINCE} on.")
    total = frame[frame["origin"] == "WLD"].set_index("year")["students"]
    parts = frame[frame["origin"] != "WLD"].groupby("year")["students"].sum()
    over = [year for year in total.index if parts[year] >= total[year]]
    if over:
        raise UpstreamError(f"data/curated/{FILE}, {over[0]}: the countries add up to {parts[over[0]]}, more than the total.")
    return {"students_in_japan": frame}
