"""Deaths from all causes, expected and reported COVID-19 deaths by week or month (The Economist)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_NAME, OECD
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, numbers, require

FILES = {"week": "all_weekly_excess_deaths.csv", "month": "all_monthly_excess_deaths.csv"}
NEIGHBORS = ("HKG", "MNG", "MYS", "PHL", "RUS", "SGP", "THA", "TWN")
COUNTRIES = tuple(sorted({*OECD, *NEIGHBORS}))
MONTHLY = frozenset({"CRI", "HKG", "JPN", "MNG", "MYS", "PHL", "RUS", "SGP", "THA", "TUR", "TWN"})
REPORTING_ENDS = "2023-03-10"  # the last day of the feed of reported deaths; the zeros after it mean nothing
MIDDLE = 2017  # of the years 2015 to 2019, to which the baseline is fitted
TOLERANCE = 0.01  # deaths, for identities between columns
COUNTS = ["total_deaths", "covid_deaths", "expected_deaths"]
DERIVED = ["excess_deaths", "excess_deaths_pct_change"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and week, or a country and month where deaths are published by month.

    Returns
    -------
    dict
        ``excess_deaths``: deaths from all causes, reported COVID-19 deaths (empty from the period that holds 10 March
        2023 on, after which the source fills in zeros), expected deaths, and expected deaths without the trend
        (see `without_trend`), in deaths per period.

    Raises
    ------
    UpstreamError
        A wanted country is absent or in both files, periods overlap or leave a gap, or columns contradict each other.
    """
    every = pd.concat(nations(files, COUNTRIES), ignore_index=True)
    kept = every["end"] < REPORTING_ENDS
    return {
        "excess_deaths": pd.DataFrame(
            {
                "iso3": every["iso3"],
                "frequency": every["frequency"],
                "start": every["start"],
                "end": every["end"],
                "total_deaths": every["total_deaths"].round().astype("Int64"),
                "covid_deaths": every["covid_deaths"].where(kept).round().astype("Int64"),
                "expected_deaths": every["expected_deaths"].round(1),
                "expected_without_trend": without_trend(every).round(1),
            }
        )
    }


def nations(files: Mapping[str, bytes], wanted: Iterable[str]) -> list[pd.DataFrame]:
    """National rows of both files, one frame a frequency, with numbers read and checked.

    The weekly file can hold the regions of a country beside its total: only rows whose region is the country are kept.
    """
    wanted = set(wanted)
    frames = []
    for frequency, name in FILES.items():
        columns = ["country", "region", "start_date", "end_date", "days", "year", frequency, "population", *COUNTS, *DERIVED]
        raw = require(csv(files, name), columns, name)
        raw = raw[raw["region"] == raw["country"]]
        here = wanted & MONTHLY if frequency == "month" else wanted - MONTHLY
        iso3 = coded(raw["country"], here, name)
        stray = sorted(set(raw["country"].map(ISO3_OF_NAME)) & (wanted - here))
        if stray:
            raise UpstreamError(
                f"{name}, column country: {', '.join(stray)} is expected in the other file alone and would count twice. "
                "Look at which series goes on, and adapt MONTHLY of the recipe."
            )
        raw = raw[iso3.notna()]
        frame = pd.DataFrame({"iso3": iso3[iso3.notna()], "frequency": frequency, "start": raw["start_date"],
                              "end": raw["end_date"], "slot": integers(raw[frequency]).astype(int)})
        for column in ("days", "year", "population", *COUNTS, *DERIVED):
            frame[column] = numbers(raw[column])
        _consistent(frame, name)
        frames.append(frame)
    return frames


def without_trend(frame: pd.DataFrame) -> pd.Series:
    """Deaths that the source's own model expects if its trend is held at 2017.

    The model of the source is, country by country, deaths a day = effect of the week or month + slope x year, fitted to
    2015-2019 and to January and February 2020. Taking out the slope back to 2017, the middle of 2015-2019, gives the
    average deaths of those five years in the same week or month, March to December exactly.

    Parameters
    ----------
    frame : DataFrame
        One row a country and period with iso3, slot (number of the week or month), year, days and expected_deaths.

    Returns
    -------
    Series
        Deaths per period, in the order of `frame`.

    Raises
    ------
    UpstreamError
        Expected deaths of a country are not of that form: the source has changed its model.
    """
    daily = frame["expected_deaths"] / frame["days"]
    keys = [frame["iso3"], frame["slot"]]
    deviation = daily - daily.groupby(keys).transform("mean")
    years = frame["year"] - frame["year"].groupby(keys).transform("mean")
    slope = (deviation * years).groupby(frame["iso3"]).sum() / (years**2).groupby(frame["iso3"]).sum()
    slope = frame["iso3"].map(slope)
    misfit = (deviation - slope * years).abs() * frame["days"]
    if not (misfit <= TOLERANCE).all():
        row = frame.loc[misfit.fillna(float("inf")).idxmax()]
        raise UpstreamError(
            f"{FILES[row['frequency']]}, column expected_deaths: {row['iso3']} from {row['start']} is not an effect of the "
            "week or month plus a straight trend. The source has changed its model: rewrite without_trend."
        )
    return (daily - slope * (frame["year"] - MIDDLE)) * frame["days"]


def _consistent(frame: pd.DataFrame, name: str) -> None:
    if frame["population"].groupby(frame["iso3"]).nunique().ne(1).any():
        raise UpstreamError(f"{name}, column population: changes within a country. Say in the recipe which one to take.")
    excess = frame["total_deaths"] - frame["expected_deaths"]
    wrong = ((frame["excess_deaths"] - excess).abs() > TOLERANCE) | (
        (frame["excess_deaths_pct_change"] * frame["expected_deaths"] - excess).abs() > TOLERANCE
    )
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise UpstreamError(
            f"{name}, {row['iso3']} from {row['start']}: excess_deaths {row['excess_deaths']} or excess_deaths_pct_change "
            f"{row['excess_deaths_pct_change']} is not total less expected deaths, as a fraction of expected. Columns are "
            "swapped or in another unit: adapt the recipe."
        )
    ordered = frame.sort_values(["iso3", "start"])
    before = ordered.groupby("iso3")["end"].shift()
    apart = (pd.to_datetime(ordered["start"]) - pd.to_datetime(before)).dt.days
    wrong = apart.notna() & (apart != 1)
    if wrong.any():
        row = ordered[wrong].iloc[0]
        raise UpstreamError(
            f"{name}, {row['iso3']}: the period from {row['start']} overlaps the one before or leaves a gap. Deaths would "
            "count twice or go missing: look at the series, then adapt the recipe."
        )
