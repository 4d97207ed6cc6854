"""Excess deaths of 2020-2021 with their standard errors (Karlinsky and Kobak), copied by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.economist_excess_deaths import COUNTRIES
from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "excess-death-estimates-2020-2021.csv"
COUNTS = ["covid_deaths", "expected_deaths", "excess_deaths", "standard_error"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country: reported, expected and excess deaths of January 2020 to December 2021.

    The standard error is that of the baseline, a straight line through 2015-2019 for each week or month.

    Raises
    ------
    UpstreamError
        A country of excess_deaths is missing or doubled, or a standard error is not positive.
    """
    frame = require(csv(files, FILE), ["iso3", *COUNTS, "source_url", "source2_url", "source_grade", "checked"], FILE,
                    closed=True).copy()
    if sorted(frame["iso3"].fillna("")) != sorted(COUNTRIES):
        wrong = sorted(set(COUNTRIES) ^ set(frame["iso3"].dropna())) or sorted(frame.loc[frame["iso3"].duplicated(), "iso3"])
        raise UpstreamError(f"data/curated/{FILE}, column iso3: {', '.join(wrong)} missing, doubled or not a country of "
                            "excess_deaths. Correct the rows.")
    for column in COUNTS:
        frame[column] = integers(frame[column])
    wrong = ~(frame["standard_error"].fillna(0) > 0)
    if wrong.any():
        raise UpstreamError(f"data/curated/{FILE}, {frame.loc[wrong, 'iso3'].iloc[0]}, column standard_error: "
                            f"{frame.loc[wrong, 'standard_error'].iloc[0]} is not positive. Correct the row.")
    return {"excess_death_estimates": frame}
