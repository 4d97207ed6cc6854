"""What came of advice: counts by half-year, what follows meetings, a forecast with its band, ratios of shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError
from trilateral.measures.averages import newey_west
from trilateral.measures.intervals import quantity

LAGS = 2  # half-years over which errors may resemble each other
LEAST = 12  # half-years below which nothing is estimated


def by_half_year(days: pd.Series, first: int, last: str) -> pd.Series:
    """Events in each half-year, empty ones included.

    Parameters
    ----------
    days : Series
        Timestamps of the events.
    first : int
        First calendar year.
    last : str
        Last half-year, "2025-2".

    Returns
    -------
    Series
        Index of half-years as fractions of years: 2024.0 and 2024.5.
    """
    year, half = (int(part) for part in last.split("-"))
    index = np.arange(first, year + half / 2, 0.5)
    place = days.dt.year + np.where(days.dt.month > 6, 0.5, 0.0)
    return place.value_counts().reindex(index, fill_value=0).astype(int)


def _next(outcome: pd.Series, *meetings: pd.Series) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    if len(outcome) < LEAST:
        raise TooFewError(f"{len(outcome)} half-years are too few; at least {LEAST} are needed")
    return outcome.to_numpy(float)[1:], [each.to_numpy(float)[:-1] for each in meetings], np.arange(len(outcome) - 1.0)


def pull(outcome: pd.Series, working: pd.Series, senior: pd.Series, level: float = 0.95,
         backward: bool = False) -> dict[str, Quantity]:
    """Standard deviations of the outcome of the next half-year per standard deviation of meetings in this one.

    Ordinary least squares with a linear trend; errors after Newey and West (1987, doi:10.2307/1913610), quantiles of t.

    Parameters
    ----------
    outcome, working, senior : Series
        Counts by half-year on one index, one row a half-year.
    backward : bool
        The outcome of the half-year before in place of the next. Meetings cannot have brought that: where they go with it
        no less, they may as well follow from it (Granger 1969, doi:10.2307/1912791).

    Returns
    -------
    dict
        ``working`` and ``senior``, in standard deviations.

    Raises
    ------
    MeasureError
        Too few half-years, or a series that never varies.
    """
    y, x, trend = _next(*(each.iloc[::-1] if backward else each for each in (outcome, working, senior)))
    columns = [y, *x, trend]
    if min(column.std() for column in columns) == 0:
        raise TooFewError("a series never varies, so that it has no standard deviation")
    z = [(column - column.mean()) / column.std() for column in columns]
    fit = sm.OLS(z[0], sm.add_constant(np.column_stack(z[1:]))).fit(**newey_west(len(y), LAGS))
    low, high = fit.conf_int(1 - level).T
    return {name: quantity(fit.params[i], low[i], high[i], level, len(y)) for i, name in ((1, "working"), (2, "senior"))}


def elasticity(outcome: pd.Series, meetings: pd.Series, level: float = 0.95) -> Quantity:
    """Change in the log of the outcome of the next half-year per unit of log(1 + meetings).

    Poisson regression with a linear trend and robust errors (White 1980, doi:10.2307/1912934).

    Raises
    ------
    MeasureError
        Too few half-years.
    """
    y, (x,), trend = _next(outcome, meetings)
    design = sm.add_constant(np.column_stack([np.log1p(x), trend / len(trend)]))
    fit = sm.GLM(y, design, family=sm.families.Poisson()).fit(cov_type="HC1")
    low, high = fit.conf_int(1 - level)[1]
    return quantity(fit.params[1], low, high, level, len(y))


def growth(counts: pd.Series, beside: pd.Series | None = None, level: float = 0.95) -> Quantity:
    """Yearly change of the log of a count: Poisson with a linear trend, robust errors, quantiles of t.

    Parameters
    ----------
    counts : Series
        Counts a year, index year.
    beside : Series, optional
        A second regressor on the same years, standardized.
    """
    columns = [counts.index.to_numpy(float) - counts.index.min()]
    if beside is not None:
        values = beside.loc[counts.index].to_numpy(float)
        columns.append((values - values.mean()) / values.std())
    design = sm.add_constant(np.column_stack(columns))
    fit = sm.GLM(counts.to_numpy(float), design, family=sm.families.Poisson()).fit(cov_type="HC1")
    wide = stats.t.ppf((1 + level) / 2, max(1, len(counts) - design.shape[1])) * fit.bse[1]
    return quantity(fit.params[1], fit.params[1] - wide, fit.params[1] + wide, level, len(counts))


def forecast(counts: pd.Series, ahead: int, trend: bool = True, level: float = 0.9, draws: int = 2000,
             seed: int = SEED) -> pd.DataFrame:
    """Counts of the next half-years from a negative binomial regression, with its band.

    Coefficients are drawn from their normal distribution and counts from the negative binomial (Poisson where the
    counts are not overdispersed), so that both kinds of uncertainty are in the band.

    Parameters
    ----------
    counts : Series
        Events by half-year.
    ahead : int
        Half-years to forecast.
    trend : bool
        Whether a linear trend in the log is fitted.

    Returns
    -------
    DataFrame
        One row a calendar year of two half-years ahead: ``mean``, ``low``, ``high``.

    Raises
    ------
    MeasureError
        An odd number of half-years ahead, or none.
    """
    if ahead < 2 or ahead % 2:
        raise MeasureError("forecast whole years: `ahead` is an even number of half-years")
    steps = np.arange(len(counts) + ahead) / len(counts)
    design = np.column_stack([np.ones(len(steps)), steps]) if trend else np.ones((len(steps), 1))
    y, fitted = counts.to_numpy(float), design[:len(counts)]
    poisson = sm.GLM(y, fitted, family=sm.families.Poisson()).fit()
    excess = float((((y - poisson.mu) ** 2 - y) / poisson.mu**2).mean())  # moment estimate of the dispersion
    alpha = max(excess, 0.0)
    fit = sm.GLM(y, fitted, family=sm.families.NegativeBinomial(alpha=alpha)).fit() if alpha > 1e-3 else poisson
    generator = np.random.default_rng(seed)
    means = np.exp(generator.multivariate_normal(fit.params, fit.cov_params(), draws) @ design[len(counts):].T)
    drawn = generator.poisson(means * generator.gamma(1 / alpha, alpha, means.shape) if alpha > 1e-3 else means)
    years = drawn.reshape(draws, -1, 2).sum(axis=2)
    tail = (1 - level) / 2
    return pd.DataFrame({"mean": years.mean(axis=0), "low": np.quantile(years, tail, axis=0),
                         "high": np.quantile(years, 1 - tail, axis=0)})


def share_ratio(hits: int, of: int, hits_before: int, of_before: int, level: float = 0.95) -> Quantity:
    """Ratio of two shares with the interval of Katz and others (1978, doi:10.2307/2530610).

    Where a share is nothing or all, half a case is added to each count and each number of cases (Walter 1975,
    doi:10.1093/biomet/62.2.371), and the interval is widened to hold the ratio.

    Raises
    ------
    MeasureError
        More hits than cases.
    TooFewError
        A share of nothing.
    """
    if not (0 <= hits <= of and 0 <= hits_before <= of_before):
        raise MeasureError(f"{hits} of {of} and {hits_before} of {of_before} are no two shares")
    if not (of and of_before):
        raise TooFewError(f"{hits} of {of} and {hits_before} of {of_before}: one period has no case, and so no share")
    n = of + of_before
    if not hits_before:
        return Quantity(None, level=level, n=n, missing="no case in the earlier period, so that no ratio exists")
    if hits == of and hits_before == of_before:
        return Quantity(None, level=level, n=n, missing="every case of both periods, so that the ratio has no interval")
    ratio = (hits / of) / (hits_before / of_before)
    method = "log" if 0 < hits < of and hits_before < of_before else "log-adjusted"
    low, high = confint_proportions_2indep(hits, of, hits_before, of_before, method, "ratio", alpha=1 - level)
    return quantity(ratio, min(low, ratio), max(high, ratio), level, n)


def mean_ratio(later: pd.Series, earlier: pd.Series, draws: int = 2000, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Mean of one group of cases over that of another; cases of each are resampled."""
    generator = np.random.default_rng(seed)
    a, b = (np.asarray(part, float) for part in (later, earlier))
    drawn = [generator.choice(part, (draws, len(part))).mean(axis=1) for part in (a, b)]
    low, high = np.quantile(drawn[0] / drawn[1], [(1 - level) / 2, (1 + level) / 2])
    return quantity(a.mean() / b.mean(), low, high, level, len(a) + len(b))


def momentum(events: int, years: float, ahead: int, level: float = 0.9, draws: int = 2000, seed: int = SEED) -> pd.DataFrame:
    """Counts a year from the rate of a short stretch alone, with its band: gamma for the rate (Jeffreys), Poisson for counts.

    Returns
    -------
    DataFrame
        One row a year ahead: ``mean``, ``low``, ``high``.
    """
    generator = np.random.default_rng(seed)
    drawn = generator.poisson(generator.gamma(events + 0.5, 1 / years, (draws, 1)), (draws, ahead))
    tail = (1 - level) / 2
    return pd.DataFrame({"mean": drawn.mean(axis=0), "low": np.quantile(drawn, tail, axis=0),
                         "high": np.quantile(drawn, 1 - tail, axis=0)})


def scaled(estimate: Quantity, by: float) -> Quantity:
    """An estimate and its interval times a number above zero."""
    ends = (None if end is None else end * by for end in (estimate.low, estimate.high))
    return Quantity(estimate.value * by, *ends, level=estimate.level, n=estimate.n)


def with_domains(exercises: pd.DataFrame, domains: pd.DataFrame) -> pd.DataFrame:
    """Exercises of the three with what was coded for each; training that they give to others is none of theirs.

    Parameters
    ----------
    exercises : DataFrame
        One row an exercise, with `id`.
    domains : DataFrame
        One row an exercise: `milestone` (its id), `number` of domains, `hidden`, `carrier_or_bomber` and `taught` (0 or 1).

    Raises
    ------
    MeasureError
        An exercise without a row; the message names it. A row left out would change rates without a word.
    """
    coded = exercises.merge(domains[["milestone", "number", "hidden", "carrier_or_bomber", "taught"]], how="left", left_on="id",
                            right_on="milestone", validate="one_to_one")
    if len(missing := coded.loc[coded["milestone"].isna(), "id"]):
        raise MeasureError(f"exercise_domains has no row for {', '.join(missing)}: code every exercise of the list of "
                           "milestones")
    return coded[coded["taught"] == 0]
