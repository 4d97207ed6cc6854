"""Shares of explained variance of correlated predictors."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError
from trilateral.measures.intervals import moving_blocks, quantity


def _explained(correlation: np.ndarray, columns: tuple[int, ...]) -> np.ndarray:
    """R squared of the last variable on some of the others, one value a correlation matrix."""
    if not columns:
        return np.zeros(len(correlation))
    at = list(columns)
    to_outcome = correlation[:, at, -1]
    return np.einsum("di,dij,dj->d", to_outcome, np.linalg.pinv(correlation[:, at][:, :, at]), to_outcome)


def _shares(values: np.ndarray) -> np.ndarray:
    """Share of each predictor in the variance of the last column; samples by rows by columns, one row of shares a sample."""
    centered = values - values.mean(axis=1, keepdims=True)
    spread = values.std(axis=1, keepdims=True)
    scaled = centered / np.where(spread > 0, spread, 1)
    correlation = np.swapaxes(scaled, 1, 2) @ scaled / values.shape[1]
    k = values.shape[2] - 1
    r2 = {subset: _explained(correlation, subset) for size in range(k + 1) for subset in itertools.combinations(range(k), size)}
    shares = np.zeros((len(values), k))
    for own in range(k):
        rest = [each for each in range(k) if each != own]
        for size in range(k):
            weight = math.factorial(size) * math.factorial(k - 1 - size) / math.factorial(k)
            for subset in itertools.combinations(rest, size):
                shares[:, own] += weight * (r2[tuple(sorted((*subset, own)))] - r2[subset])
    return shares


def variance_shares(outcome: pd.Series, predictors: pd.DataFrame, groups: dict[str, list[str]], block: int = 3,
                    draws: int = 2000, seed: int = SEED, level: float = 0.95) -> dict[str, Quantity]:
    """Percent of the variance of an outcome that goes with groups of predictors, averaged over orders of entry.

    After Lindeman, Merenda and Gold, as Grömping (2007, doi:10.1198/000313007X188252) describes; the interval is a
    percentile bootstrap of blocks of neighboring years (Künsch 1989, doi:10.1214/aos/1176347265). An association: nothing
    here tells cause from effect.

    Parameters
    ----------
    outcome : Series
        One value a year, index year, already free of trend if it should be.
    predictors : DataFrame
        One row a year; years that lack one of them, or the outcome, are left out.
    groups : dict of str to list of str
        Predictors whose shares are added up.

    Returns
    -------
    dict of str to Quantity
        Percent of the total variance; `n` is the number of years. The shares of all predictors add up to R squared.

    Raises
    ------
    MeasureError
        A group names an unknown predictor, or there are fewer years than predictors plus two.

    Notes
    -----
    A predictor of pure noise takes a share of about one over the number of years less one.
    """
    unknown = {name for members in groups.values() for name in members} - set(predictors)
    if unknown:
        raise MeasureError(f"variance_shares: no predictor {', '.join(sorted(unknown))}; there are {', '.join(predictors)}")
    table = predictors.assign(outcome_=outcome).dropna().sort_index()
    n, names = len(table), list(predictors)
    if n < len(names) + 2:
        raise MeasureError(f"variance_shares: {n} years for {len(names)} predictors; at least {len(names) + 2} are needed")
    values = table.to_numpy(float)
    drawn, found = _shares(values[moving_blocks(n, block, draws, seed)]), _shares(values[None])[0]
    result = {}
    for group, members in groups.items():
        at = [names.index(name) for name in members]
        low, high = np.quantile(drawn[:, at].sum(axis=1), [(1 - level) / 2, (1 + level) / 2])
        share = float(found[at].sum())
        result[group] = quantity(100 * max(share, 0.0), 100 * max(low, 0.0), 100 * min(high, 1.0), level, n)
    return result
