"""Spells without an event, and periods with one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError
from trilateral.measures.dates import DAYS_A_MONTH
from trilateral.measures.intervals import quantity


@dataclass(frozen=True)
class Spell:
    """A time without an event.

    Attributes
    ----------
    months : float
        Length, months of 30.44 days.
    start, end : Timestamp
        The events, or the ends of the period, that bound it.
    """

    months: float
    start: pd.Timestamp
    end: pd.Timestamp


def _within(dates: pd.Series, start: str, end: str) -> tuple[pd.DatetimeIndex, pd.Timestamp, pd.Timestamp]:
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if not first < last:
        raise MeasureError(f"spells: the period must begin before it ends; got {start} to {end}")
    days = pd.DatetimeIndex(pd.to_datetime(pd.Series(dates))).dropna().sort_values()
    return days[(days >= first) & (days <= last)], first, last


def longest_spell(dates: pd.Series, start: str, end: str) -> Spell:
    """Longest time without an event between two dates.

    The open ends count: the time from the start to the first event, and from the last event to the end.

    Parameters
    ----------
    dates : Series
        One date an event; those outside the period are left out.
    start, end : str or Timestamp
        First and last day of the period, ISO 8601.

    Raises
    ------
    MeasureError
        The period does not begin before it ends.
    """
    days, first, last = _within(dates, start, end)
    bounds = pd.DatetimeIndex([first, *days, last])
    lengths = np.diff(bounds.to_numpy()) / np.timedelta64(1, "D")
    longest = int(lengths.argmax())
    return Spell(float(lengths[longest] / DAYS_A_MONTH), bounds[longest], bounds[longest + 1])


def simulated_longest_spell(
    count: int, start: str, end: str, draws: int = 4000, seed: int = SEED, level: float = 0.95
) -> tuple[float, float]:
    """Range of the longest spell if as many events fell at random, at a constant rate.

    Given their number, the events of a homogeneous Poisson process are uniform over the period.

    Parameters
    ----------
    count : int
        Events in the period.

    Returns
    -------
    low, high : float
        Months; central range of the draws.

    Raises
    ------
    MeasureError
        A negative count, or a period that does not begin before it ends.
    """
    _, first, last = _within(pd.Series([], dtype="datetime64[ns]"), start, end)
    if count < 0:
        raise MeasureError(f"simulated_longest_spell: the count must not be negative; got {count}")
    at = np.sort(np.random.default_rng(seed).random((draws, count)), axis=1)
    longest = np.diff(at, axis=1, prepend=0, append=1).max(axis=1) * (last - first).days / DAYS_A_MONTH
    low, high = np.quantile(longest, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def periods_with_event(
    dates: pd.Series, start: str, end: str, months: int = 12, level: float = 0.95, method: str = "wilson"
) -> Quantity:
    """Share of the full periods since a date that saw at least one event.

    Parameters
    ----------
    dates : Series
        One date an event.
    start, end : str or Timestamp
        The first period begins at `start`; a period counts if its last day is not after `end`.
    months : int
        Length of a period, calendar months.
    method : {"wilson", "beta"}
        Interval of Wilson (1927, doi:10.1080/01621459.1927.10502953) or of Clopper and Pearson (1934,
        doi:10.1093/biomet/26.4.404).

    Returns
    -------
    Quantity
        A share; `n` is the number of full periods. Without a value when there is none.
    """
    days, first, last = _within(dates, start, end)
    edges = [first]
    while (edge := first + pd.DateOffset(months=months * len(edges))) <= last + pd.Timedelta(days=1):
        edges.append(edge)
    n = len(edges) - 1
    if not n:
        return Quantity(None, level=level, n=0, missing=f"less than one full period of {months} months")
    held = sum(bool(((days >= since) & (days < until)).any()) for since, until in pairwise(edges))
    low, high = proportion_confint(held, n, alpha=1 - level, method=method)
    return quantity(held / n, low, high, level, n)
