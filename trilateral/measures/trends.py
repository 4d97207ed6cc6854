"""Later years of a series against its own earlier trend, carried on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from trilateral.claims import Quantity
from trilateral.measures import TooFewError
from trilateral.measures.averages import newey_west
from trilateral.measures.intervals import quantity


@dataclass(frozen=True)
class Projection:
    """What the trend leads one to expect.

    Attributes
    ----------
    line : DataFrame
        One row a year, base and later ones: columns ``year`` and ``expected``, in the unit of the series.
    percent : Quantity
        Mean of the later years relative to its projection, in percent; the interval is that of the prediction of a mean of so
        many years. Without a value where the projection is not positive.
    expected : float
        Sum of the projection over the later years.
    """

    line: pd.DataFrame
    percent: Quantity
    expected: float


def beyond_trend(series: pd.Series, base: range, later: range, counts: bool = False, level: float = 0.95) -> Projection:
    """Mean of later years against a straight line through earlier ones.

    Parameters
    ----------
    series : Series
        One value a year, index the year; every year of both periods must be there.
    base, later : range
        Years of the line and those compared with it.
    counts : bool
        The line is fitted by least squares either way. False takes errors of Newey and West (1987, doi:10.2307/1913610) and
        t quantiles; True the variance of Poisson counts, equal to their mean. To the error of the line is added that of a
        mean of as many new years.

    Raises
    ------
    MeasureError
        A year is missing, or the base has fewer than three years.
    """
    if missing := sorted(set([*base, *later]) - set(series.dropna().index)):
        raise TooFewError(f"beyond_trend: no value for {missing[0]}; give every year from {base[0]} to {later[-1]}")
    if len(base) < 3:
        raise TooFewError(f"beyond_trend: {len(base)} years make no trend; give at least three")
    if not len(later):
        return Projection(pd.DataFrame({"year": list(base), "expected": np.nan}),
                          Quantity(None, level=level, n=len(base), missing="no later year is on record"), 0.0)
    years = np.array([*base, *later])
    design = sm.add_constant((years - base[0]).astype(float))
    past, ahead = design[: len(base)], design[len(base):]
    y = series.loc[list(base)].to_numpy(float)
    fit = sm.OLS(y, past).fit(**newey_west(len(base)))
    line, slope = fit.predict(design), ahead.mean(axis=0)
    if counts:
        spread, covariance = stats.norm.ppf((1 + level) / 2), fit.normalized_cov_params * y.mean()
        noise = max(line[len(base):].mean(), 0) / len(later)
    else:
        spread, covariance = stats.t.ppf((1 + level) / 2, len(base) - 2), fit.cov_params()
        noise = fit.ssr / (len(base) - 2) / len(later)
    expected = float(line[len(base):].mean())
    half = spread * math.sqrt(slope @ covariance @ slope + noise)
    found = float(series.loc[list(later)].mean())
    table = pd.DataFrame({"year": years, "expected": line})
    if expected <= 0:
        return Projection(table, Quantity(None, level=level, n=len(base), missing="the trend falls to zero"), 0.0)
    ends = [100 * (found / (expected + half) - 1), 100 * (found / (expected - half) - 1) if expected > half else math.inf]
    return Projection(table, quantity(100 * (found / expected - 1), *ends, level, len(base)), expected * len(later))
