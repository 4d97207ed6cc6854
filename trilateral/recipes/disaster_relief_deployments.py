"""Relief that Japan, South Korea and the United States sent after disasters, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import dated, rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "disaster-relief-deployments.csv"
KEY = ["id"]
COLUMNS = [
    "id", "date", "date_precision", "disaster", "hazard", "affected", "contributor", "joint_with", "forces", "team",
    "people", "people_counted", "aircraft", "ships",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a team or force sent; people as counted in `people_counted`."""
    frame = dated(rows(files, FILE, COLUMNS, KEY), FILE, KEY)
    for column in ("people", "aircraft", "ships"):
        frame[column] = integers(frame[column])
    unsaid = frame["people"].notna() != frame["people_counted"].notna()
    if unsaid.any():
        row = frame[unsaid].iloc[0]
        raise UpstreamError(
            f"data/curated/{FILE}, id {row['id']}: people {row['people']} and people_counted {row['people_counted']}: a number "
            "needs to say how it was counted, and only a number does. Fill or empty both."
        )
    return {"disaster_relief_deployments": frame}
