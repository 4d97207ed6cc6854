"""Coordinates of cities between which distances are measured, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError

FILE = "city-coordinates.csv"
KEY = ["iso3"]
COLUMNS = ["iso3", "city", "latitude", "longitude"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an economy; degrees, north and east positive.

    Raises
    ------
    UpstreamError
        A coordinate outside the globe, or not a number.
    """
    frame = rows(files, FILE, COLUMNS, KEY)
    for column, most in (("latitude", 90), ("longitude", 180)):
        values = pd.to_numeric(frame[column], errors="coerce")
        if not (wrong := frame[~(values.abs() <= most)]).empty:
            row = wrong.iloc[0]
            raise UpstreamError(f"data/curated/{FILE}, {row['iso3']}, column {column}: {row[column]} is no coordinate between "
                                f"-{most} and {most} degrees. Correct it.")
        frame[column] = values
    return {"city_coordinates": frame}
