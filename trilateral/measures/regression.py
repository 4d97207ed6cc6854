"""Effect of one yearly series on another, with errors that allow for serial correlation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, TooFewError
from trilateral.measures.averages import newey_west
from trilateral.measures.intervals import quantity

FEWEST_YEARS = 8


def percent_effect(
    outcome: pd.Series,
    predictor: pd.Series,
    lag: int = 1,
    trend: bool = True,
    family: str = "log-ols",
    level: float = 0.95,
    lags: int | None = None,
) -> Quantity:
    """Percent change of an outcome that goes with one standard deviation of a predictor.

    An association of two series, not a cause. Errors are Newey and West's (1987, doi:10.2307/1913610) with
    the small-sample correction and t quantiles.

    Parameters
    ----------
    outcome : Series
        One value a year, index year; positive for "log-ols", counts for "poisson".
    predictor : Series
        One value a year, index year, any unit; standardized over the years used.
    lag : int
        The outcome of year t is set against the predictor of year t - lag.
    trend : bool
        Include a linear trend.
    family : {"log-ols", "poisson"}
        Least squares of the logarithm, or Poisson regression with the same robust errors.
    lags : int, optional
        Newey-West lags; `averages.newey_west_lags` when not given.

    Returns
    -------
    Quantity
        Percent; `n` is the number of years. Without a value when fewer than eight years are common or the
        predictor does not vary.

    Raises
    ------
    MeasureError
        Unknown family, a year that occurs twice, or an outcome the family cannot take.

    Notes
    -----
    In 300 simulated Poisson series of 16 years a nominal 95 percent interval covered no effect in 88 percent:
    read an interval that barely excludes zero as not excluding it.
    """
    if family not in ("log-ols", "poisson"):
        raise MeasureError(f"percent_effect: unknown family {family!r}; choose log-ols or poisson")
    outcome, predictor = outcome.dropna().astype(float), predictor.dropna().astype(float)
    for name, series in (("outcome", outcome), ("predictor", predictor)):
        if series.index.has_duplicates:
            raise MeasureError(f"percent_effect: the {name} has {series.index[series.index.duplicated()][0]} twice")
    earlier = predictor.set_axis(predictor.index + lag)
    years = outcome.index.intersection(earlier.index).sort_values()
    y, x = outcome.loc[years], earlier.loc[years]
    n = len(years)
    floor_broken = y <= 0 if family == "log-ols" else y < 0
    if floor_broken.any():
        year = y.index[floor_broken][0]
        raise MeasureError(
            f"percent_effect: the outcome is {y[year]:g} in {year}; {family} needs "
            + ("positive values, take poisson for counts" if family == "log-ols" else "counts from 0 up")
        )
    if n < FEWEST_YEARS or np.ptp(x) == 0:
        return Quantity(
            None,
            level=level,
            n=n,
            missing=f"{n} years with both series; {FEWEST_YEARS} are needed, and a predictor that varies",
        )
    design = np.column_stack([np.ones(n), (x - x.mean()) / x.std(), *([years - years[0]] if trend else [])])
    errors = newey_west(n, lags)
    if family == "log-ols":
        fit = sm.OLS(np.log(y.to_numpy()), design).fit(**errors)
    else:
        if not y.sum():
            return Quantity(None, level=level, n=n, missing="the outcome is zero in every year")
        fit = sm.GLM(y.to_numpy(), design, family=sm.families.Poisson()).fit(**errors)
    low, high = fit.conf_int(alpha=1 - level)[1]
    return quantity(100 * np.expm1(fit.params[1]), 100 * np.expm1(low), 100 * np.expm1(high), level, n)


def unit_effect(
    outcome: pd.Series,
    predictor: pd.Series,
    trend: bool = True,
    controls: pd.DataFrame | None = None,
    standardize: bool = True,
    level: float = 0.95,
    lags: int | None = None,
) -> Quantity:
    """Change of an outcome, in its own unit, that goes with one standard deviation (or one unit) of a predictor.

    Least squares with Newey and West's errors (1987, doi:10.2307/1913610), the small-sample correction and t
    quantiles. An association, not a cause.

    Parameters
    ----------
    outcome, predictor : Series
        One value an observation, index its time in years (fractions allowed). Times without both are left out.
    trend : bool
        Include a linear trend in time.
    controls : DataFrame, optional
        Further columns, same index.
    standardize : bool
        Per standard deviation over the observations used, or per unit.

    Returns
    -------
    Quantity
        `n` is the number of observations. Without a value when the predictor does not vary, or fewer than two degrees
        of freedom are left.

    Raises
    ------
    MeasureError
        A time that occurs twice.
    """
    for name, series in (("outcome", outcome), ("predictor", predictor)):
        if series.index.has_duplicates:
            raise MeasureError(f"unit_effect: the {name} has {series.index[series.index.duplicated()][0]} twice")
    table = pd.DataFrame({"outcome": outcome, "predictor": predictor} | ({} if controls is None else dict(controls)))
    table = table.astype(float).dropna().sort_index()
    n, extra = len(table), [] if controls is None else list(controls)
    if n < 4 + len(extra) + trend or np.ptp(table["predictor"]) == 0:
        return Quantity(None, level=level, n=n, missing=f"{n} observations with both series, or a predictor that does not vary")
    x = table["predictor"] - table["predictor"].mean()
    x = x / x.std() if standardize else x
    time = [np.asarray(table.index, dtype=float) - float(table.index[0])] if trend else []
    design = np.column_stack([np.ones(n), x, *(table[name] for name in extra), *time])
    fit = sm.OLS(table["outcome"].to_numpy(), design).fit(**newey_west(n, lags))
    low, high = fit.conf_int(alpha=1 - level)[1]
    return quantity(float(fit.params[1]), low, high, level, n)


def contrast(series: pd.Series, group: np.ndarray, level: float = 0.95, lags: int | None = None) -> Quantity:
    """Mean of a series in one kind of period minus its mean in the other, with Newey-West errors.

    Parameters
    ----------
    series : Series
        One value a period, in order of time, any unit; a gap counts as a neighbor.
    group : array of bool
        Which periods are of the first kind.
    lags : int, optional
        Newey-West lags; `averages.newey_west_lags` when not given.

    Returns
    -------
    Quantity
        In the unit of the series; `n` is the number of periods.

    Raises
    ------
    MeasureError
        Fewer than eight periods, or all of one kind.
    """
    group = np.asarray(group, bool)
    n = len(series)
    if n < FEWEST_YEARS or group.all() or not group.any():
        raise TooFewError(f"contrast: {n} periods, {int(group.sum())} of the first kind; eight are needed, of both kinds")
    fit = sm.OLS(series.to_numpy(float), sm.add_constant(group.astype(float))).fit(**newey_west(n, lags))
    low, high = fit.conf_int(alpha=1 - level)[1]
    return quantity(float(fit.params[1]), low, high, level, n)
