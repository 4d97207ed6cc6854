"""Rates of dated events and their ratios between periods; counts and spells come from modules of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from trilateral.claims import Quantity
from trilateral.measures import MeasureError
from trilateral.measures.counts import Periods, split, whole, yearly
from trilateral.measures.intervals import quantity
from trilateral.measures.spells import (
    Spell,
    longest_spell,
    periods_with_event,
    simulated_longest_spell,
)

__all__ = [
    "FAMILIES",
    "Spell",
    "family_used",
    "longest_spell",
    "periods_with_event",
    "rate",
    "rate_ratio",
    "simulated_longest_spell",
    "yearly",
]

FAMILIES = ("negative binomial", "quasi-poisson", "poisson")


def rate(count: int, exposure: float, level: float = 0.95) -> Quantity:
    """Events per unit of exposure with the exact Poisson interval (Garwood 1936,
    doi:10.1093/biomet/28.3-4.437).

    Parameters
    ----------
    count : int
        Events.
    exposure : float
        Time or units at risk, for example years.

    Returns
    -------
    Quantity
        Events per unit of exposure; `n` is the count.

    Raises
    ------
    MeasureError
        A negative or fractional count, or an exposure that is not positive.
    """
    count = whole(count)
    if not exposure > 0:
        raise MeasureError(f"rate: the exposure must be positive; got {exposure}")
    low, high = confint_poisson(count, exposure, method="exact-c", alpha=1 - level)
    return quantity(count / exposure, low if count else 0.0, high, level, count)


def _negative_binomial(periods: Periods, log_ratio: float | None):
    """Fit with the logarithm of the ratio free, or held at a value (for the profile likelihood)."""
    design = np.column_stack(
        [np.ones(len(periods.counts)), *([periods.later.astype(float)] if log_ratio is None else [])]
    )
    offset = np.log(periods.exposure) + (0 if log_ratio is None else log_ratio * periods.later)
    start = np.r_[np.log(periods.counts.sum() / np.exp(offset).sum()), np.zeros(design.shape[1] - 1), 0.5]
    return NegativeBinomial(periods.counts, design, offset=offset).fit(
        start_params=start, method="bfgs", maxiter=500, disp=False, warn_convergence=False, skip_hessian=True
    )


def _fit_or_reason(periods: Periods):
    """Unconstrained negative binomial fit, or why there is none."""
    a, _, b, _ = periods.totals
    if not a or not b:
        return None, "one period has no event, so that no dispersion can be estimated"
    if len(periods.counts) < 4:
        return None, "fewer than four years"
    if periods.pearson <= 1:
        scatter = f"chi-squared over degrees of freedom {periods.pearson:.2f}"
        return None, f"the yearly counts are not overdispersed ({scatter})"
    fit = _negative_binomial(periods, None)
    if not fit.mle_retvals["converged"] or not np.isfinite(fit.llf) or fit.params[-1] <= 0:
        return None, "the negative binomial likelihood did not converge"
    return fit, ""


def family_used(
    later: pd.Series, earlier: pd.Series, family: str = "negative binomial", exposure: pd.Series | None = None
) -> tuple[str, str]:
    """Which family `rate_ratio` falls back to for these counts, and why.

    Parameters as for `rate_ratio`.

    Returns
    -------
    family, reason : str, str
        The reason is empty where the family asked for is used.
    """
    if family not in FAMILIES:
        raise MeasureError(f"rate_ratio: unknown family {family!r}; choose one of {', '.join(FAMILIES)}")
    periods = split(later, earlier, exposure)
    reason = _fit_or_reason(periods)[1] if family == "negative binomial" else ""
    if reason:
        family = "quasi-poisson"
    a, _, b, _ = periods.totals
    if family == "quasi-poisson" and (not a or not b or len(periods.counts) < 3):
        return "poisson", "one period has no event or there are fewer than three years"
    return family, reason


def rate_ratio(
    later: pd.Series,
    earlier: pd.Series,
    family: str = "negative binomial",
    level: float = 0.95,
    exposure: pd.Series | None = None,
) -> Quantity:
    """Events per year of a later period over an earlier one (or of one country over another).

    Parameters
    ----------
    later, earlier : Series
        Events a year, index year, zero years included.
    family : {"negative binomial", "quasi-poisson", "poisson"}
        Negative binomial by maximum likelihood (Lawless 1987), with the profile-likelihood interval at the
        squared quantile of t with n - 2 degrees of freedom, wider than the chi-squared one in short series.
        Quasi-Poisson (Wedderburn 1974, doi:10.1093/biomet/61.3.439): Pearson scale, not below 1, t quantiles.
        Poisson: the exact conditional interval, which takes events as independent. The first falls back to
        the second where the counts are not overdispersed or the fit fails, the second to the third where a
        period has no event: `family_used` says so.
    level : float
        Coverage.
    exposure : Series, optional
        Share of each year observed, index year, for both periods; 1 when not given.

    Returns
    -------
    Quantity
        A ratio; `n` is the number of years. Without a value when the earlier period has no event.

    Raises
    ------
    MeasureError
        Unknown family, a period without years, a value that is no count, or an exposure that is not positive.
    """
    family, _ = family_used(later, earlier, family, exposure)
    periods = split(later, earlier, exposure)
    a, time_a, b, time_b = periods.totals
    n = len(periods.counts)
    if not b:
        return Quantity(None, level=level, n=n, missing="no event in the earlier period, so that no ratio exists")
    ratio = (a / time_a) / (b / time_b)
    if family == "poisson":
        low, high = proportion_confint(a, a + b, alpha=1 - level, method="beta")
        low, high = (
            share / (1 - share) * time_b / time_a if share < 1 else np.inf for share in (low if a else 0.0, high)
        )
        return quantity(ratio, low, high, level, n)
    quantile = stats.t.ppf((1 + level) / 2, n - 2)
    if family == "quasi-poisson":
        # with one rate a period, quasi-Poisson gives the log ratio the variance 1/a + 1/b, times the scale
        error = np.sqrt(max(1.0, periods.pearson) * (1 / a + 1 / b))
        low, high = ratio * np.exp([-quantile * error, quantile * error])
        return quantity(ratio, low, high, level, n)
    fit, _ = _fit_or_reason(periods)
    center = float(fit.params[1])

    def beyond(log_ratio: float) -> float:
        return 2 * (fit.llf - _negative_binomial(periods, log_ratio).llf) - quantile**2

    ends = []
    for side in (-1, 1):
        step = 0.5
        while beyond(center + side * step) < 0 and step < 16:
            step *= 2
        reached = beyond(center + side * step) > 0
        ends.append(optimize.brentq(beyond, center, center + side * step, xtol=1e-4) if reached else side * np.inf)
    return quantity(float(np.exp(center)), np.exp(ends[0]), np.exp(ends[1]), level, n)
