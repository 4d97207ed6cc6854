"""Trilateral activities: milestones sorted into series and arrangements, coded by hand for content, purpose and sensitivity."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "trilateral-activities.csv"
KEY = ["activity"]
FLAGS = ["content_doubtful", "names_joint", "names_any", "purpose_doubtful", "sensitivity_doubtful"]
COLUMNS = [
    "activity", "title", "kind", "content", "content_doubtful", "names_joint", "names_any", "purpose_doubtful",
    "sensitivity", "sensitivity_doubtful", "milestones", "reason",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an activity, by its short name.

    Raises
    ------
    UpstreamError
        A milestone that belongs to two activities; a purpose named by the three together but by none of them.
    """
    frame = rows(files, FILE, COLUMNS, KEY).sort_values("activity")
    for flag in FLAGS:
        frame[flag] = integers(frame[flag])
    seen: dict[str, str] = {}
    for row in frame.itertuples():
        where = f"data/curated/{FILE}, activity {row.activity}"
        if row.names_joint > row.names_any:
            raise UpstreamError(f"{where}: names_joint is 1 although names_any is 0 (book/appendix/codebook.md).")
        for milestone in row.milestones.split():
            if milestone in seen:
                raise UpstreamError(f"{where}: milestone {milestone} already belongs to {seen[milestone]}.")
            seen[milestone] = row.activity
    return {"trilateral_activities": frame}
