"""Dates of the Lunar New Year, which moves travel and trade between January and February, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "lunar-new-years.csv"
COLUMNS = ["year", "date", "source_url", "source2_url", "source_grade", "checked"]
EARLIEST, LATEST = "01-20", "02-21"
LENGTHS = {353, 354, 355, 383, 384, 385}  # days of a lunar year of twelve or thirteen months


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a year.

    Raises
    ------
    UpstreamError
        A year is missing, or a date cannot be a Lunar New Year.
    """
    frame = require(csv(files, FILE), COLUMNS, FILE, closed=True)[COLUMNS].copy()
    frame["year"] = integers(frame["year"])
    dates = pd.to_datetime(frame["date"], format="%Y-%m-%d")
    wrong = frame[~frame["date"].str[5:].between(EARLIEST, LATEST) | (dates.dt.year != frame["year"])]
    lengths = dates.diff().dt.days.iloc[1:]
    if len(wrong) or not set(lengths) <= LENGTHS:
        year = wrong["year"].iloc[0] if len(wrong) else frame.loc[lengths[~lengths.isin(LENGTHS)].index[0], "year"]
        raise UpstreamError(f"data/curated/{FILE}, {year}: the date is not between {EARLIEST} and {LATEST}, or not a whole "
                            "lunar year after the one before. Correct it; each year must be there once, in order.")
    return {"lunar_new_years": frame.assign(month=frame["date"].str[:7])}
