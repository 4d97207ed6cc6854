"""Quasi-Poisson regression of event counts, for one design by statsmodels and for thousands of designs at once."""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm

from trilateral.measures import MeasureError, TooFewError

STEPS = 40
TOLERANCE = 1e-7
COMPACT = 0.6  # share of open regressions below which the settled ones are dropped
RIDGE = 1e-7  # keeps a column without an event, whose coefficient runs to minus infinity, from breaking a whole batch


def fit(counts: np.ndarray, design: np.ndarray):
    """Quasi-Poisson fit (Wedderburn 1974, doi:10.1093/biomet/61.3.439), scale from Pearson's chi-squared.

    Parameters
    ----------
    counts : array of n
        Non-negative, may be weighted sums of events.
    design : array of n by k
        Columns of the regression, the constant among them.

    Returns
    -------
    statsmodels results

    Raises
    ------
    MeasureError
        No event at all, a negative count, or fewer observations than columns.
    """
    counts, design = np.asarray(counts, float), np.asarray(design, float)
    if (counts < 0).any() or not counts.sum():
        raise MeasureError("poisson: the counts are negative or all zero; give non-negative counts with an event")
    if len(counts) <= design.shape[1]:
        raise TooFewError(f"poisson: {len(counts)} observations for {design.shape[1]} columns; more are needed")
    return sm.GLM(counts, design, family=sm.families.Poisson()).fit(scale="X2")


def fit_many(counts: np.ndarray, designs: np.ndarray) -> np.ndarray:
    """Poisson coefficients of many regressions by iteratively reweighted least squares.

    The same estimates as `fit`, solved for all designs together; a minute ridge makes up for designs without full rank.

    Parameters
    ----------
    counts : array of n, or of draws by n
    designs : array of draws by n by k, or of n by k where the counts are many

    Returns
    -------
    array of draws by k

    Raises
    ------
    MeasureError
        Neither counts nor designs are many.
    """
    counts, designs = np.asarray(counts, float), np.asarray(designs, float)
    if counts.ndim == 1 and designs.ndim == 2:
        raise MeasureError("poisson: fit_many needs many designs or many counts; for one of each take fit")
    designs = np.broadcast_to(designs, (len(counts), *designs.shape)) if designs.ndim == 2 else designs
    y = np.broadcast_to(counts, designs.shape[:2])
    draws, _, k = designs.shape
    log_mean = np.log(y + y.mean(axis=1, keepdims=True) / 2 + 1e-6)
    penalty, found, deviance, open_ = RIDGE * np.eye(k), np.zeros((draws, k)), np.full(draws, np.inf), np.arange(draws)
    for _ in range(STEPS if draws else 0):
        weight = np.exp(np.clip(log_mean, -30, 30))
        working = log_mean + (y - weight) / weight
        weighted = designs.transpose(0, 2, 1) * weight[:, None, :]
        beta = np.linalg.solve(weighted @ designs + penalty, (weighted @ working[..., None]))[..., 0]
        log_mean = np.clip((designs @ beta[..., None])[..., 0], -30, 30)
        found[open_], now = beta, deviances(y, log_mean)
        left = np.abs(now - deviance) > TOLERANCE * (np.abs(now) + 1)
        if not left.any():
            break
        deviance = now
        if left.mean() < COMPACT:  # go on with the draws that have not settled
            open_, y, designs, log_mean, deviance = open_[left], y[left], designs[left], log_mean[left], now[left]
    return found


def deviances(counts: np.ndarray, log_mean: np.ndarray) -> np.ndarray:
    """Poisson deviance of each draw.

    Parameters
    ----------
    counts, log_mean : array of draws by n, or of n
        Events, and the logarithm of their fitted mean.

    Returns
    -------
    array of draws, or float
    """
    positive = np.where(counts > 0, counts, 1.0)
    return 2 * (counts * (np.log(positive) - log_mean) - counts + np.exp(log_mean)).sum(axis=-1)
