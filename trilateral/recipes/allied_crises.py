"""Security crises of Japan or South Korea that did not threaten both at once, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError

FILE = "allied-crises.csv"
KEY = ["id"]
COLUMNS = ["id", "iso3", "date", "event"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a crisis, in order of time.

    Raises
    ------
    UpstreamError
        A date that is no day, or rows out of order.
    """
    frame = rows(files, FILE, COLUMNS, KEY)
    dates = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    if dates.isna().any():
        row = frame[dates.isna()].iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, {row['id']}, column date: {row['date']} is no day (YYYY-MM-DD). Correct it.")
    if not dates.is_monotonic_increasing:
        row = frame[dates.diff().dt.days < 0].iloc[0]
        raise UpstreamError(f"data/curated/{FILE}, {row['id']}: {row['date']} comes before the row above it. Put the rows in "
                            "order of time.")
    return {"allied_crises": frame}
