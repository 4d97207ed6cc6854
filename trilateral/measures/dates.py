"""Calendar arithmetic that several measures share: dates known in part, months between, months far from events."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

DAYS_A_MONTH = 365.25 / 12


def days(dates: pd.Series) -> pd.Series:
    """Day of dates known to the day, the month or the year.

    Parameters
    ----------
    dates : Series
        ISO 8601 text: "2012-08-10", "2012-08" or "2012"; may be missing.

    Returns
    -------
    Series
        Timestamps under the same index; a month counts from its 15th, a year from the 1st of July. Missing where no date
        is given.
    """
    text = dates.astype("string")
    text = text.where(text.str.len() != 4, text + "-07-01")
    return pd.to_datetime(text.where(text.str.len() != 7, text + "-15"))


def months_between(a: pd.Timestamp, b: pd.Timestamp | pd.DatetimeIndex) -> int | pd.Index:
    """Calendar months from a to b, or to each date of b; days are left out, and an earlier b gives a negative number."""
    return (b.year - a.year) * 12 + b.month - a.month


def clear_months(first: str, last: str, away_from: Iterable[pd.Timestamp], months: int = 12) -> pd.DatetimeIndex:
    """Months of a period that lie more than some months from each of the given ones.

    Parameters
    ----------
    first, last : str
        First and last day of the period, ISO 8601.
    away_from : iterable of Timestamp
    months : int
        Months at this distance, or nearer, are left out.

    Returns
    -------
    DatetimeIndex
        First days of the months that are left.
    """
    span = pd.date_range(first, last, freq="MS")
    keep = np.ones(len(span), dtype=bool)
    for month in away_from:
        keep &= np.abs(months_between(month, span)) > months
    return span[keep]
