"""Trade between the partners and with China in years that the World Bank's edition does not reach, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, numbers, require

FILE = "recent-trade.csv"
KEY = ["iso3", "partner", "start", "end", "flow"]
COLUMNS = [*KEY, "period", "usd_billion", "jpy_billion", "source_url", "source2_url", "source_grade", "checked"]
WHOLE = {"calendar-year": ("01", "12", 0), "fiscal-year": ("04", "03", 1)}  # first and last month, years between them


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a reporting country, partner, period and flow, in dollars or in yen.

    Raises
    ------
    UpstreamError
        A period is not what its name says, a value stands in both currencies or in none, or a balance is not the
        difference of the flows.
    """
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)[COLUMNS].copy()
    for column in ("usd_billion", "jpy_billion"):
        frame[column] = numbers(frame[column])
    for line, row in enumerate(frame.to_dict("records"), start=2):
        where = f"data/curated/{FILE}, row {line}"
        if not _spans(row):
            raise UpstreamError(f"{where}: {row['start']} to {row['end']} is no {row['period']}. Correct one of the two.")
        if pd.notna(row["usd_billion"]) == pd.notna(row["jpy_billion"]):
            raise UpstreamError(f"{where}: a value is expected in dollars or in yen, in exactly one of the two columns.")
    _balanced(frame)
    return {"recent_trade": frame}


def _spans(row: Mapping) -> bool:
    (first, opens), (last, closes) = ((int(month[:4]), month[5:]) for month in (row["start"], row["end"]))
    if row["period"] in WHOLE:
        return WHOLE[row["period"]] == (opens, closes, last - first)
    return (row["start"] == row["end"]) if row["period"] == "month" else row["start"] < row["end"]


def _balanced(frame: pd.DataFrame) -> None:
    for column in ("usd_billion", "jpy_billion"):
        wide = frame.dropna(subset=[column]).pivot(index=KEY[:-1], columns="flow", values=column)
        wide = wide.reindex(columns=["export", "import", "balance", "two-way"])
        off = pd.concat([wide["export"] - wide["import"] - wide["balance"],
                         wide["export"] + wide["import"] - wide["two-way"]], axis=1).abs().max(axis=1)
        tolerance = 0.15 if column == "usd_billion" else 0.15e3  # the sources round to a tenth of a billion dollars
        if (off > tolerance).any():
            raise UpstreamError(f"data/curated/{FILE}, {' '.join(off.idxmax())}: exports and imports do not give the balance "
                                f"or the sum, by {off.max():.2f} in {column}. Look the values up.")
