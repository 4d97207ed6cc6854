"""Means and differences of yearly series, with intervals that allow for serial correlation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError
from trilateral.measures.intervals import quantity

BOOTSTRAP_DRAWS = 4000


def newey_west_lags(n: int) -> int:
    """Lag length floor(4 (n/100)^(2/9)), the usual plug-in after Newey and West (1994,
    doi:10.2307/2297912)."""
    return min(math.floor(4 * (n / 100) ** (2 / 9)), max(n - 1, 0))


def newey_west(n: int, lags: int | None = None) -> dict:
    """Arguments of a statsmodels fit for heteroskedasticity and autocorrelation consistent errors.

    After Newey and West (1987, doi:10.2307/1913610), with the small-sample correction and t quantiles.

    Parameters
    ----------
    n : int
        Observations, in order of time.
    lags : int, optional
        `newey_west_lags` of their number when not given.
    """
    return {"cov_type": "HAC", "use_t": True,
            "cov_kwds": {"maxlags": newey_west_lags(n) if lags is None else lags, "use_correction": True}}


def mean(
    series: pd.Series, method: str = "newey-west", level: float = 0.95, lags: int | None = None, seed: int = SEED
) -> Quantity:
    """Mean of a yearly series with its interval.

    Parameters
    ----------
    series : Series
        One value a year, the index is the year; any unit. Missing values are dropped. Years may be missing:
        the neighbors in the series then count as one lag apart.
    method : {"newey-west", "t", "bootstrap"}
        Heteroskedasticity and autocorrelation consistent errors (Newey and West 1987, doi:10.2307/1913610)
        with the small-sample correction and t quantiles; Student's t, which takes years as independent; or
        the percentile bootstrap over years, also independent (Efron and Tibshirani 1993).
    level : float
        Coverage.
    lags : int, optional
        Newey-West lags; `newey_west_lags` of the number of years when not given.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Quantity
        In the unit of the series; without an interval for a single year, without a value for none.

    Raises
    ------
    MeasureError
        Unknown method.

    Notes
    -----
    The Newey-West interval is too narrow in short series: with 13 years and an autocorrelation of 0.4, a
    nominal 95 percent interval covered the mean in 84 percent of 300 simulations.
    """
    values = series.dropna().sort_index().to_numpy(dtype=float)
    n = len(values)
    if method not in ("newey-west", "t", "bootstrap"):
        raise MeasureError(f"mean: unknown method {method!r}; choose newey-west, t or bootstrap")
    if n == 0:
        return Quantity(None, level=level, n=0, missing="the series has no values")
    center = float(values.mean())
    if n == 1:
        return Quantity(center, level=level, n=1)
    if np.ptp(values) == 0:
        return Quantity(center, center, center, level, n)
    if method == "newey-west":
        fit = sm.OLS(values, np.ones(n)).fit(**newey_west(n, lags))
        low, high = fit.conf_int(alpha=1 - level)[0]
    elif method == "t":
        low, high = stats.t.interval(level, n - 1, loc=center, scale=stats.sem(values))
    else:
        low, high = stats.bootstrap(
            (values,),
            np.mean,
            confidence_level=level,
            n_resamples=BOOTSTRAP_DRAWS,
            method="percentile",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return quantity(center, low, high, level, n)


def difference(
    a: pd.Series,
    b: pd.Series,
    paired: bool = True,
    method: str | None = None,
    level: float = 0.95,
    lags: int | None = None,
    seed: int = SEED,
) -> Quantity:
    """Mean difference a - b of two yearly series.

    Parameters
    ----------
    a, b : Series
        One value a year, index year, in the same unit.
    paired : bool
        True: mean of the differences of the years both series have, as `mean`. False: difference of the two
        means, by Welch (1947, doi:10.1093/biomet/34.1-2.28) or by the bootstrap; for periods that do not
        overlap.
    method : str, optional
        Paired: as in `mean`, "newey-west" when not given. Unpaired: "t" (Welch, when not given) or
        "bootstrap".

    Returns
    -------
    Quantity
        `n` is the number of common years (paired) or of all years (unpaired).

    Raises
    ------
    MeasureError
        A year occurs twice in a paired series, or the method is unknown.
    """
    a, b = a.dropna(), b.dropna()
    if paired:
        for name, series in (("a", a), ("b", b)):
            if series.index.has_duplicates:
                year = series.index[series.index.duplicated()][0]
                raise MeasureError(
                    f"difference: series {name} has {year} twice; pair one value a year, or paired=False"
                )
        return mean((a - b).dropna(), method or "newey-west", level, lags, seed)
    if method not in (None, "t", "bootstrap"):
        raise MeasureError(f"difference: unknown method {method!r} for unpaired series; choose t or bootstrap")
    n = len(a) + len(b)
    if min(len(a), len(b)) == 0:
        return Quantity(None, level=level, n=n, missing="one of the two series has no values")
    center = float(a.mean() - b.mean())
    if min(len(a), len(b)) == 1 or (np.ptp(a) == 0 and np.ptp(b) == 0):
        return Quantity(center, level=level, n=n)
    if method == "bootstrap":
        low, high = stats.bootstrap(
            (a.to_numpy(float), b.to_numpy(float)),
            lambda x, y, axis=-1: x.mean(axis) - y.mean(axis),
            confidence_level=level,
            n_resamples=BOOTSTRAP_DRAWS,
            method="percentile",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    else:
        low, high = CompareMeans(DescrStatsW(a), DescrStatsW(b)).tconfint_diff(1 - level, usevar="unequal")
    return quantity(center, low, high, level, n)


def standardized_difference(later: pd.Series, earlier: pd.Series, level: float = 0.95) -> Quantity:
    """Difference of means in standard deviations of the earlier period (Glass's delta).

    The interval is Welch's, divided by the same standard deviation; the uncertainty of that deviation is not
    in it.

    Parameters
    ----------
    later, earlier : Series
        One value a year, same unit.

    Returns
    -------
    Quantity
        In standard deviations; without a value when the earlier period has fewer than three years or does not
        vary.
    """
    earlier, later = earlier.dropna(), later.dropna()
    spread = float(earlier.std()) if len(earlier) > 2 else 0.0
    if not spread or later.empty:
        return Quantity(
            None,
            level=level,
            n=len(earlier) + len(later),
            missing="the earlier period has fewer than three different years, or the later none",
        )
    return difference(later / spread, earlier / spread, paired=False, level=level)
