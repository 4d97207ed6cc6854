"""Yearly counts of dated events, and two periods of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trilateral.measures import MeasureError, TooFewError


def whole(count: float) -> int:
    """The count as an int; MeasureError when it is negative or fractional."""
    if count < 0 or count != int(count):
        raise MeasureError(f"rates: {count} is not a count; give a whole number from 0 up")
    return int(count)


def yearly(dates: pd.Series, start_year: int, end_year: int) -> pd.Series:
    """Events a year, years without an event included.

    Parameters
    ----------
    dates : Series
        One date an event; those outside the years are left out.

    Returns
    -------
    Series
        Counts, index year from start_year to end_year, both included.
    """
    years = pd.to_datetime(pd.Series(dates)).dt.year
    counts = years.value_counts().reindex(range(start_year, end_year + 1), fill_value=0).astype(int)
    return counts.rename_axis("year").rename("events")


@dataclass(frozen=True)
class Periods:
    """Counts of two periods as arrays: count, whether later, exposure; one entry a year."""

    counts: np.ndarray
    later: np.ndarray
    exposure: np.ndarray

    @property
    def totals(self) -> tuple[int, float, int, float]:
        return (
            whole(self.counts[self.later].sum()),
            self.exposure[self.later].sum(),
            whole(self.counts[~self.later].sum()),
            self.exposure[~self.later].sum(),
        )

    @property
    def pearson(self) -> float:
        """Chi-squared over degrees of freedom, given a rate a period."""
        a, time_a, b, time_b = self.totals
        expected = self.exposure * np.where(self.later, a / time_a, b / time_b)
        known = expected > 0
        return float(((self.counts - expected)[known] ** 2 / expected[known]).sum() / (len(self.counts) - 2))


def split(later: pd.Series, earlier: pd.Series, exposure: pd.Series | None) -> Periods:
    """Line up two periods of yearly counts.

    Parameters
    ----------
    later, earlier : Series
        Events a year, index year.
    exposure : Series or None
        Share of each year observed, index year; 1 for all years when None.

    Raises
    ------
    MeasureError
        A period without years, a value that is no count, or an exposure that is missing or not positive.
    """
    later, earlier = later.dropna(), earlier.dropna()
    for name, series in (("later", later), ("earlier", earlier)):
        if series.empty:
            raise TooFewError(f"rate_ratio: the {name} period has no year")
        for year, value in series.items():
            try:
                whole(value)
            except MeasureError as error:
                raise MeasureError(f"rate_ratio: {name} period, {year}: {error}") from None
    time = [
        pd.Series(1.0, index=series.index) if exposure is None else exposure.reindex(series.index)
        for series in (later, earlier)
    ]
    time = pd.concat(time).astype(float)
    if not (time > 0).all():
        raise MeasureError(f"rate_ratio: the exposure of {time.index[~(time > 0)][0]} is missing or not positive")
    return Periods(
        np.concatenate([later.to_numpy(float), earlier.to_numpy(float)]),
        np.arange(len(time)) < len(later),
        time.to_numpy(),
    )
