"""COVID-19 tests by week and the unit they are counted in (Our World in Data)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANDEMIC
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, mapped, numbers, require

FILE = "covid-testing-time-series.csv"
DAY_ZERO = "2020-01-21"
FIRST, LAST = "2020-01-01", "2021-03-05"
COUNTRIES = tuple(iso3 for iso3 in PANDEMIC if iso3 != "CHN")  # China has two days alone
UNIT = {"tests performed": "tests", "people tested": "people", "samples tested": "samples"}
VALUES = {
    "total": ("total_tests", 0),
    "total_per_thousand": ("total_tests_per_thousand", 3),
    "total_per_case": ("cumulative_tests_per_case", 1),
    "weekly_per_case": ("short_term_tests_per_case", 1),
}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and week to Sunday in which the source has any value.

    Returns
    -------
    dict
        ``covid_tests``: the last value of each measure in the week, and the unit in which the country counts.

    Raises
    ------
    UpstreamError
        A wanted country is absent, days lie outside the known span (the column "Year" counts days from 21 January 2020),
        a country changes its unit, or a running count falls by more than a tenth.
    """
    columns = ["Entity", "Year", "annotation", *(theirs for theirs, _ in VALUES.values())]
    raw = require(csv(files, FILE), columns, FILE)
    iso3 = coded(raw["Entity"], COUNTRIES, FILE)
    raw = raw[iso3.notna()].assign(iso3=iso3)
    day = pd.Timestamp(DAY_ZERO) + pd.to_timedelta(integers(raw["Year"]).astype("int64"), unit="D")
    if day.min() < pd.Timestamp(FIRST) or day.max() > pd.Timestamp(LAST):
        span = f"{raw['Year'].loc[day.idxmin()]} to {raw['Year'].loc[day.idxmax()]}"
        raise UpstreamError(f"{FILE}, column Year: {span} are not days from {DAY_ZERO} within {FIRST} and {LAST}. The column "
                            "has changed its meaning: adapt the recipe.")
    frame = pd.DataFrame({"iso3": raw["iso3"], "day": day, "unit": mapped(raw["annotation"], UNIT, FILE)})
    for column, (theirs, decimals) in VALUES.items():
        frame[column] = numbers(raw[theirs]).round(decimals)
    frame = frame.sort_values(["iso3", "day"], kind="stable")
    _check(frame)
    frame["unit"] = frame.groupby("iso3")["unit"].transform("first")
    sunday = frame["day"] + pd.to_timedelta(6 - frame["day"].dt.day_of_week, unit="D")
    weekly = frame.assign(week=sunday.dt.date).groupby(["iso3", "week"])[["unit", *VALUES]].last()
    weekly = weekly.dropna(how="all", subset=list(VALUES)).reset_index()
    return {"covid_tests": weekly.assign(total=integers(weekly["total"]))}


def _check(frame: pd.DataFrame) -> None:
    if frame.duplicated(["iso3", "day"]).any():
        row = frame[frame.duplicated(["iso3", "day"])].iloc[0]
        raise UpstreamError(f"{FILE}: {row['iso3']} has {row['day']:%Y-%m-%d} twice. Find out which series is the country's.")
    units = frame.groupby("iso3")["unit"].nunique()
    if (units != 1).any():
        mixed = units[units != 1]
        raise UpstreamError(f"{FILE}, column annotation: {mixed.index[0]} counts in {mixed.iloc[0]} units. Series in "
                            "different units must not be joined: take one in the recipe.")
    totals = frame.dropna(subset=["total"])
    fall = totals["total"] < 0.9 * totals["total"].groupby(totals["iso3"]).shift()
    if fall.any():
        row = totals[fall].iloc[0]
        raise UpstreamError(f"{FILE}, {row['iso3']}, {row['day']:%Y-%m-%d}: total_tests falls by more than a tenth. The "
                            "unit or the column has changed: look at the series.")
