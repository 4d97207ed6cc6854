"""Changes of head of government and whether the support base changed with them, coded by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError, integers

FILE = "leadership-turnovers.csv"
KEY = ["id"]
COLUMNS = [
    "id", "iso3", "date", "from_leader", "to_leader", "from_base", "to_base", "support_base", "acting", "doubtful", "reason",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a turnover, by country and day.

    Raises
    ------
    UpstreamError
        A support base called new that is the old one, or the reverse; an id that does not name country and day; a
        turnover that does not begin with the leader and the base where the one before it ended.
    """
    frame = rows(files, FILE, COLUMNS, KEY).sort_values(["iso3", "date"])
    for row in frame.itertuples():
        where = f"data/curated/{FILE}, id {row.id}"
        if row.id != f"{row.iso3.lower()}-{row.date}":
            raise UpstreamError(f"{where}: does not name the country {row.iso3} and the day {row.date}.")
        if (row.support_base == "new") != (row.from_base != row.to_base):
            raise UpstreamError(
                f"{where}: support_base {row.support_base!r}, but it went from {row.from_base!r} to {row.to_base!r}."
            )
    for iso3, turnovers in frame.groupby("iso3"):
        ends = turnovers[["to_leader", "to_base"]].iloc[:-1].to_numpy().tolist()
        begins = turnovers[["from_leader", "from_base"]].iloc[1:].to_numpy().tolist()
        for id_, begin, end in zip(turnovers["id"].iloc[1:], begins, ends, strict=True):
            if begin != end:
                raise UpstreamError(
                    f"data/curated/{FILE}, id {id_}: begins with {' of '.join(begin)}, but the turnover "
                    f"before it in {iso3} ended with {' of '.join(end)}."
                )
    for column in ("acting", "doubtful"):
        frame[column] = integers(frame[column])
    return {"leadership_turnovers": frame}
