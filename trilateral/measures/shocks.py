"""What a dated shock did to one flow of travelers or goods, against flows that it spared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from pysyncon import Synth

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, TooFewError
from trilateral.measures.averages import newey_west
from trilateral.measures.dates import months_between
from trilateral.measures.intervals import quantity

YEAR = pd.DateOffset(years=1)


def pool_new_year(wide: pd.DataFrame | pd.Series) -> pd.DataFrame | pd.Series:
    """Add January to February, since the Lunar New Year moves between them.

    Parameters
    ----------
    wide : DataFrame or Series
        Monthly values, index the first day of the month.

    Returns
    -------
    DataFrame or Series
        Eleven rows a year; the row of February holds both months, and the first row is left out if it is a
        February without its January.
    """
    index = pd.DatetimeIndex(wide.index)
    if len(index) and index[0].month == 2:
        wide, index = wide.iloc[1:], index[1:]
    if len(index) and index[-1].month == 1:
        wide, index = wide.iloc[:-1], index[:-1]
    return wide.groupby(index.where(index.month != 1, index + pd.DateOffset(months=1))).sum(min_count=1)


def months_held(index: pd.DatetimeIndex) -> np.ndarray:
    """Calendar months behind each row of `pool_new_year`: two for February, one for any other."""
    return np.where(pd.DatetimeIndex(index).month == 2, 2.0, 1.0)


def log_changes(pooled: pd.DataFrame | pd.Series) -> pd.DataFrame | pd.Series:
    """Logarithm of each row over the row a year before; a value that is not positive counts as missing."""
    logs = _logs(pooled)
    before = logs.reindex(pd.DatetimeIndex(logs.index) - YEAR)
    return logs - before.set_axis(logs.index)


def _logs(values: pd.DataFrame | pd.Series) -> pd.DataFrame | pd.Series:
    numbers = values.to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(numbers > 0, np.log(numbers), np.nan)
    return pd.DataFrame(logs, values.index, values.columns) if logs.ndim == 2 else pd.Series(logs, values.index)


@dataclass(frozen=True)
class Panel:
    """One shock: the flow it hit, the flows it spared, and when.

    Attributes
    ----------
    pooled : DataFrame
        What `pool_new_year` returns: one row a period, one column a unit, positive.
    unit : str
        The column that was hit.
    others : tuple of str
        The columns that were not.
    shock : Timestamp
        First day of month zero, which belongs to no window.
    months : int
        Length of the window after it.
    """

    pooled: pd.DataFrame
    unit: str
    others: tuple[str, ...]
    shock: pd.Timestamp
    months: int = 6

    def __post_init__(self) -> None:
        lacking = sorted({self.unit, *self.others} - set(self.pooled.columns))
        if lacking:
            raise MeasureError(f"shocks: no column {', '.join(lacking)} in the table")
        if self.unit in self.others:
            raise MeasureError(f"shocks: {self.unit} cannot be among the flows that the shock spared")
        if self.months < 1:
            raise MeasureError(f"shocks: a window of {self.months} months holds nothing; give one month or more")
        if len(self.others) < 2:
            raise TooFewError(f"shocks: {len(self.others)} other flows; at least two are needed")

    @property
    def window(self) -> pd.DatetimeIndex:
        """Periods after month zero; a pooled January and February belong to it if both do."""
        last = self.shock + pd.DateOffset(months=self.months)
        index = pd.DatetimeIndex(self.pooled.index)
        inside = (index > self.shock) & (index <= last)
        if self.shock.month == 1:  # the February of that year holds month zero
            inside &= index > self.shock + pd.DateOffset(months=1)
        found = index[inside]
        if months_held(found).sum() != self.months - (self.shock.month == 1) - (last.month == 1):
            raise TooFewError(f"shocks: the table does not cover {self.months} months after {self.shock:%Y-%m}")
        return found


Estimator = Callable[[Panel], pd.Series]


def against_median(panel: Panel) -> pd.Series:
    """Log change on the year before, minus the median of the other flows.

    Returns
    -------
    Series
        One value a period of the table, index period, log points.
    """
    changes = log_changes(panel.pooled)
    return changes[panel.unit] - changes[list(panel.others)].median(axis=1)


def two_way(panel: Panel, before: int = 36) -> pd.Series:
    """Two-way fixed effects on logs: unit by calendar month, and period; one effect a period of the window.

    With a complete table the regression splits by calendar month, and each effect is the unit's gap to its own
    mean of that calendar month minus the mean gap of the others: what least squares with all dummies gives.

    Parameters
    ----------
    panel : Panel
    before : int
        Months before month zero that set the base, or all there are.

    Returns
    -------
    Series
        One value a period of the window, log points.

    Raises
    ------
    MeasureError
        A calendar month of the window has no earlier year in the table.
    """
    logs = _logs(panel.pooled[[panel.unit, *panel.others]])
    index = pd.DatetimeIndex(logs.index)
    base, effects = (index < panel.shock) & (index >= panel.shock - pd.DateOffset(months=before)), {}
    for period in panel.window:
        same = base & (index.month == period.month)
        if not same.any():
            raise TooFewError(f"shocks: no {period:%B} in the {before} months before {panel.shock:%Y-%m}")
        gap = logs.loc[period].to_numpy() - logs.to_numpy()[same].mean(axis=0)
        effects[period] = gap[0] - gap[1:].mean()
    return pd.Series(effects)


def synthetic(panel: Panel, before: int = 24, fewest: int = 12) -> pd.Series:
    """Synthetic control of the yearly log changes: pysyncon, all earlier changes as predictors, equally weighted.

    After Abadie, Diamond and Hainmueller (2010, doi:10.1198/jasa.2009.ap08746).

    Parameters
    ----------
    panel : Panel
    before, fewest : int
        Months before month zero to be matched, or all there are; fewer than `fewest` are refused.

    Returns
    -------
    Series
        One value a period of the window, log points.

    Raises
    ------
    MeasureError
        Too few months to match.
    """
    changes = log_changes(panel.pooled)[[panel.unit, *panel.others]].dropna()
    base = changes[(changes.index < panel.shock) & (changes.index >= panel.shock - pd.DateOffset(months=before))]
    held = months_held(base.index)
    if held.sum() < fewest:
        raise TooFewError(f"shocks: {held.sum():.0f} months of changes before {panel.shock:%Y-%m}; {fewest} are needed")
    model, donors = Synth(), base[list(panel.others)]
    # A pooled January and February weigh as two months; the library divides each row by its spread over units.
    model.fit(X0=donors, X1=base[panel.unit], Z0=donors, Z1=base[panel.unit], custom_V=held)
    weights = pd.Series(model.W, index=list(panel.others)).clip(lower=0)
    after = changes.loc[panel.window]
    return after[panel.unit] - after[list(panel.others)] @ (weights / weights.sum())


ESTIMATORS: dict[str, Estimator] = {"against the median": against_median, "two-way fixed effects": two_way,
                                    "synthetic control": synthetic}


def with_placebos(panel: Panel, estimator: Estimator = against_median) -> pd.DataFrame:
    """The effect on the unit, and the same for each other flow as if the shock had been its own.

    Parameters
    ----------
    panel : Panel
    estimator : function of a Panel
        One of `ESTIMATORS`.

    Returns
    -------
    DataFrame
        One row a period, one column a flow, the unit first; log points. A flow never serves as its own measure,
        nor does the unit for the others.
    """
    effects = {panel.unit: estimator(panel)}
    for other in panel.others:
        rest = tuple(name for name in panel.others if name != other)
        effects[other] = estimator(Panel(panel.pooled, other, rest, panel.shock, panel.months))
    return pd.DataFrame(effects)


def mean_effects(effects: pd.DataFrame, window: pd.DatetimeIndex) -> pd.Series:
    """Mean of each column over a window, periods weighted by the months they hold; one value a column, in its unit."""
    return pd.Series(np.average(effects.loc[window], axis=0, weights=months_held(window)), index=effects.columns)


def share_as_low(value: float, others: Sequence[float]) -> float:
    """Share of flows that fell as far: (as many or lower + 1) / (number + 1).

    The rank test of placebos in space of Abadie, Diamond and Hainmueller (2010, doi:10.1198/jasa.2009.ap08746); its least
    value is 1 / (number + 1).

    Parameters
    ----------
    value : float
        Effect on the flow that was hit.
    others : sequence of float
        Effects on the others as if the shock had been theirs, same unit.
    """
    others = np.asarray(others, dtype=float)
    return float((1 + (others <= value).sum()) / (1 + len(others)))


@dataclass(frozen=True)
class Recovery:
    """How long the sum of twelve months stayed below its value before a shock.

    Attributes
    ----------
    months : int
        From month zero to the month in which the sum is back, or to the last month known.
    back : bool
        False where the time is censored.
    end : Timestamp
        That month.
    lowest : float
        The lowest sum over the value before, as a share.
    """

    months: int
    back: bool
    end: pd.Timestamp
    lowest: float


def recovery(monthly: pd.Series, shock: pd.Timestamp, until: pd.Timestamp) -> Recovery:
    """Months until a sum of twelve months, having fallen, is back at its value of the month before a shock.

    Parameters
    ----------
    monthly : Series
        One value a month without gaps, index the first day of the month.
    shock : Timestamp
        Month zero.
    until : Timestamp
        Last month to be looked at; the time is censored there.

    Raises
    ------
    MeasureError
        Less than twelve months before the shock, or none after.
    """
    sums = monthly.sort_index().rolling(12).sum().dropna()
    if shock - pd.DateOffset(months=1) not in sums.index or shock not in sums.index:
        raise TooFewError(f"recovery: the series lacks the twelve months before {shock:%Y-%m}, or that month")
    share = (sums / sums.loc[shock - pd.DateOffset(months=1)]).loc[shock:until]
    below = share.index[share < 1]
    later = share.loc[below[0]:] if len(below) else share.iloc[:1]
    back = later.index[later >= 1]
    end = back[0] if len(back) else share.index[-1]
    return Recovery(months_between(shock, end) if len(below) else 0, bool(len(back)), end, float(share.min()))


def step(series: pd.Series, window: pd.DatetimeIndex, lags: int = 6, level: float = 0.95) -> Quantity:
    """Mean of a series in a window minus its mean before, least squares with Newey-West errors, see `averages.newey_west`.

    Parameters
    ----------
    series : Series
        One value a period; only periods before the window's end are used.
    window : DatetimeIndex
        Periods of the window; those between the base and the window must be left out of the series.
    lags : int
        Newey-West lags, periods.

    Returns
    -------
    Quantity
        In the unit of the series; `n` is the number of periods.

    Raises
    ------
    MeasureError
        The window is not in the series, or fewer than twelve periods come before it.
    """
    series = series.dropna()
    series = series[series.index <= window[-1]]
    inside = series.index.isin(window)
    if inside.sum() != len(window) or (~inside).sum() < 12:
        raise TooFewError(f"step: {inside.sum()} of {len(window)} periods of the window and {(~inside).sum()} before it; "
                          "all of the window and twelve before are needed")
    fit = sm.OLS(series.to_numpy(float), np.column_stack([np.ones(len(series)), inside.astype(float)])).fit(
        **newey_west(len(series), lags))
    low, high = fit.conf_int(alpha=1 - level)[1]
    return quantity(float(fit.params[1]), low, high, level, len(series))
