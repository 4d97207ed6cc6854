"""Means after a date less means before it, and the same for dates drawn at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, TooFewError
from trilateral.measures.intervals import quantity
from trilateral.measures.shocks import months_held

DRAWS = 2000


def chains(dates: pd.Series, months: int = 6) -> pd.DataFrame:
    """Join events into chains: one within some months of the event before belongs to the same chain.

    Parameters
    ----------
    dates : Series
        One date an event, any order; its index is kept.

    Returns
    -------
    DataFrame
        One row an event, in order of time, with the index of `dates`: date, chain (number from 0), first (True for the
        event that opens its chain).
    """
    ordered = pd.to_datetime(dates).sort_values(kind="stable")
    before = ordered.shift() + pd.DateOffset(months=months)
    first = ~(ordered <= before)
    return pd.DataFrame({"date": ordered, "chain": first.cumsum() - 1, "first": first})


def spared(monthly: pd.DataFrame, at: pd.Timestamp, left_out: Sequence[str], least: float = 2000) -> tuple[str, ...]:
    """Flows that can serve as the measure of a shock: large enough before it, known around it, and not hit.

    Parameters
    ----------
    monthly : DataFrame
        One row a month, one column a flow.
    at : Timestamp
        First day of month zero.
    left_out : sequence of str
        Flows that are hit themselves, or by another shock.
    least : float
        Least mean of the twelve months before.

    Returns
    -------
    tuple of str
        Columns with a value in every month that the table has of the two years before and the year after.
    """
    year = monthly.loc[at - pd.DateOffset(months=12) : at - pd.DateOffset(months=1)]
    around = monthly.loc[at - pd.DateOffset(months=24) : at + pd.DateOffset(months=12)]
    kept = (year.mean() >= least) & around.notna().all() & (around > 0).all()
    return tuple(name for name in monthly.columns if kept[name] and name not in left_out)


def change(series: pd.Series, at: pd.Timestamp, width: int, pooled: bool = False) -> float:
    """Mean of the months after a month less that of the months before; the month itself is on neither side.

    Parameters
    ----------
    series : Series
        One value a month, index its first day; with `pooled`, what `shocks.pool_new_year` makes of it.
    width : int
        Months on each side.
    pooled : bool
        The value of February holds January too: it counts as two months, and only where both lie on one side.

    Returns
    -------
    float
        In the unit of the series; nan where a month of either side is missing.
    """
    sides = []
    for first, last in ((1, width), (-width, -1)):
        months = pd.date_range(at + pd.DateOffset(months=first), at + pd.DateOffset(months=last), freq="MS")
        if pooled:
            both = months[(months.month != 2) | (months - pd.DateOffset(months=1)).isin(months)]
            months = both[both.month != 1]
        values = series.reindex(months)
        if not len(months) or values.isna().any():
            return float("nan")
        sides.append(np.average(values, weights=months_held(months) if pooled else None))
    return float(sides[0] - sides[1])


def change_of_surveys(series: pd.Series, at: pd.Timestamp, width: int) -> float:
    """Mean of the surveys after a month less the mean of those before, where months without a survey occur.

    Parameters
    ----------
    series : Series
        One value a survey, index its day or month.
    at : Timestamp
        First day of the month, whose own surveys are on neither side.
    width : int
        Surveys on each side.

    Returns
    -------
    float
        In the unit of the series; nan where fewer than `width` surveys stand on a side.
    """
    series = series.dropna().sort_index()
    before, after = series[series.index < at].tail(width), series[series.index > at + pd.offsets.MonthEnd(0)].head(width)
    return float(after.mean() - before.mean()) if min(len(before), len(after)) == width else float("nan")


def drawn_means(pools: Sequence[tuple[Sequence[float], int]], draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """Means of values drawn without replacement from one pool or several.

    Parameters
    ----------
    pools : sequence of (values, number)
        How many are drawn from which values; missing values are left out.

    Returns
    -------
    array
        One mean a draw, over all values drawn.

    Raises
    ------
    MeasureError
        A pool has less than twice as many values as are drawn from it.
    """
    generator, total = np.random.default_rng(seed), np.zeros(draws)
    for values, number in pools:
        values = np.asarray(values, dtype=float)
        values = values[~np.isnan(values)]
        if len(values) < 2 * number:
            raise TooFewError(f"drawn_means: {len(values)} placebo months for {number} dates; widen the period")
        order = generator.random((draws, len(values))).argpartition(max(number - 1, 0), axis=1)[:, :number]
        total += values[order].sum(axis=1)
    return total / sum(number for _, number in pools)


def against_draws(values: Sequence[float], drawn: np.ndarray, level: float = 0.95) -> Quantity:
    """Mean of some changes relative to that of dates drawn at random.

    Parameters
    ----------
    values : sequence of float
        One change a date.
    drawn : array
        Means of changes at random dates, as `drawn_means` gives them, in the same unit.

    Returns
    -------
    Quantity
        Mean less the median of the draws, in the unit of the values; the interval is the mean less their upper and lower
        quantiles. `n` counts the values.
    """
    mean = float(np.mean(values))
    low, middle, high = np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return quantity(mean - middle, mean - high, mean - low, level, len(values))
