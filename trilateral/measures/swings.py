"""How far the politics of a country swings: changes of camp, and variance between governments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trilateral.measures import TooFewError


def change_rates(frame: pd.DataFrame, value: str = "ideology") -> pd.Series:
    """Changes per hundred pairs of neighboring years, by country.

    Years that are missing are left out of both numerator and denominator.

    Parameters
    ----------
    frame : DataFrame
        One row a country and year: `iso3`, `year` and the value.
    value : str
        Column that changes or does not.

    Returns
    -------
    Series
        Changes per hundred pairs, index country.
    """
    frame = frame.sort_values(["iso3", "year"], ignore_index=True)
    before = frame.groupby("iso3")[["year", value]].shift()
    pairs = frame[before["year"] == frame["year"] - 1]
    changed = (before[value] != frame[value]).loc[pairs.index].astype(float)
    return 100 * changed.groupby(pairs["iso3"]).mean()


def between_share(values: pd.Series, turned: pd.Series, shift: int = 0) -> float:
    """Share of the variance about a linear trend that lies between governments, adjusted for their number.

    An analysis of variance of the residuals of the trend: epsilon squared (Kelley 1935), one less the ratio of the mean squares
    within governments and in all, with one more degree of freedom taken off for the trend.

    Parameters
    ----------
    values : Series
        One value a year; index: years.
    turned : Series of dates
        First days of new governments. A year belongs to the government in office on the first of July.
    shift : int
        Years by which the calendar of governments is moved round the record.

    Returns
    -------
    float
        Share, at most 1; negative where governments differ less than years do by chance.

    Raises
    ------
    MeasureError
        Hardly more years than governments.
    """
    trend = np.polyfit(values.index, values, 1)
    rest = (values - np.polyval(trend, values.index)).to_numpy()
    middles = pd.to_datetime(values.index.astype(str) + "-07-01").to_numpy("datetime64[D]")
    government = np.roll(np.searchsorted(np.sort(turned.to_numpy("datetime64[D]")), middles), shift)
    n, groups = len(rest), len(np.unique(government))
    if n <= groups + 1:
        raise TooFewError(f"swings: {n} years for {groups} governments; more are needed")
    within = sum(((rest[government == each] - rest[government == each].mean()) ** 2).sum() for each in np.unique(government))
    return float(1 - (within / (n - groups - 1)) / ((rest**2).sum() / (n - 2)))
