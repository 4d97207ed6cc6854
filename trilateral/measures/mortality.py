"""Excess deaths up to a date by two baselines, and the errors of a straight baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trilateral.measures import TooFewError

TREND, NO_TREND, PERCENT = "per 100,000, with trend", "per 100,000, without trend", "percent of expected"
MEASURES = (TREND, NO_TREND, PERCENT)
FIRST, MIDDLE, SQUARES, BASE_YEARS = 2020, 2017, 10, 5  # a baseline fitted to 2015-2019; 10 is the sum of (year - 2017)²


def to_date(deaths: pd.DataFrame, until: pd.Timestamp, tolerance: int = 31) -> pd.DataFrame:
    """Sums of all periods that end by a date; a country whose series ends too early is left out.

    Parameters
    ----------
    deaths : DataFrame
        One row a country and period: iso3, end (date), and numbers to add up (deaths).
    until : Timestamp
        Last day that counts.
    tolerance : int
        Days by which a series may end before that day.

    Returns
    -------
    DataFrame
        One row a country, the numbers' sums.

    Raises
    ------
    MeasureError
        No series reaches the date.
    """
    last = deaths.groupby("iso3")["end"].max()
    reached = last.index[last >= until - pd.Timedelta(days=tolerance)]
    if reached.empty:
        raise TooFewError(f"no series of deaths reaches {until:%-d %B %Y}; choose an earlier day")
    counted = deaths[(deaths["end"] <= until) & deaths["iso3"].isin(reached)]
    return counted.groupby("iso3").sum(numeric_only=True)


def growth(until: pd.Timestamp) -> float:
    """How the error of a straight baseline fitted to 2015-2019 has grown by a date, as a multiple of that for 2020-2021.

    The standard error of a sum of ``m`` extrapolated years, whose distances from 2017 add up to ``s``, goes with the
    square root of ``m * m / 5 + s * s / 10``: the errors of level and slope are shared by all years, those of single
    years are not in it. Parts of a year count as such. After Karlinsky and Kobak (2021), doi:10.7554/eLife.69336.
    """
    years = np.arange(FIRST, until.year + 1)
    parts = np.ones(len(years))
    parts[-1] = until.day_of_year / (366 if until.is_leap_year else 365)

    def spread(weights: np.ndarray, years: np.ndarray) -> float:
        return np.sqrt(weights.sum() ** 2 / BASE_YEARS + (weights * (years - MIDDLE)).sum() ** 2 / SQUARES)

    return float(spread(parts, years) / spread(np.ones(2), np.array([2020, 2021])))


def excess(sums: pd.DataFrame, persons: np.ndarray | pd.Series, error: np.ndarray | float = 0.0) -> dict[str, np.ndarray]:
    """Three measures of excess deaths.

    Parameters
    ----------
    sums : DataFrame
        One row a country: total_deaths, expected_deaths, expected_without_trend, as `to_date` returns.
    persons : array, countries or draws by countries
        Population.
    error : array, same shape
        Deaths to add to both baselines, a draw of their error.

    Returns
    -------
    dict of array
        By the names in `MEASURES`: excess per 100,000 inhabitants over each baseline, and percent of the deaths
        expected with trend.
    """
    total, trend, flat = (sums[name].to_numpy(float) for name in ("total_deaths", "expected_deaths", "expected_without_trend"))
    persons = np.asarray(persons, dtype=float)
    return {TREND: 1e5 * (total - trend - error) / persons, NO_TREND: 1e5 * (total - flat - error) / persons,
            PERCENT: 100 * (total / (trend + error) - 1)}


def baseline_errors(percent: pd.Series, expected: pd.Series, until: pd.Timestamp, draws: int,
                    rng: np.random.Generator) -> np.ndarray:
    """Draws of the error of each country's baseline up to a date, deaths.

    Parameters
    ----------
    percent : Series
        Standard error of the deaths expected for 2020-2021, percent of them, one a country.
    expected : Series
        Deaths expected for 2020-2021, in the same order.

    Returns
    -------
    array, draws by countries
        Normal and independent between countries.
    """
    spread = percent.to_numpy(float) / 100 * expected.to_numpy(float) * growth(until)
    return rng.standard_normal((draws, len(spread))) * spread
