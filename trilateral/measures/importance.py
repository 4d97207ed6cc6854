"""Shares of explained variance of correlated predictors."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import MeasureError
from trilateral.measures.intervals import quantity


def _explained(correlation: np.ndarray, columns: tuple[int, ...]) -> float:
    """R squared of the last variable on some of the others."""
    if not columns:
        return 0.0
    at = list(columns)
    to_outcome = correlation[at, -1]
    return float(to_outcome @ np.linalg.pinv(correlation[np.ix_(at, at)]) @ to_outcome)


def _shares(values: np.ndarray) -> np.ndarray:
    """Share of each predictor in the variance of the last column."""
    spread = values.std(axis=0)
    known = spread > 0
    scaled = (values - values.mean(axis=0)) / np.where(known, spread, 1)
    correlation = scaled.T @ scaled / len(values)
    k = values.shape[1] - 1
    r2 = {subset: _explained(correlation, subset) for size in range(k + 1) for subset in itertools.combinations(range(k), size)}
    shares = np.zeros(k)
    for own in range(k):
        rest = [each for each in range(k) if each != own]
        for size in range(k):
            weight = math.factorial(size) * math.factorial(k - 1 - size) / math.factorial(k)
            for subset in itertools.combinations(rest, size):
                shares[own] += weight * (r2[tuple(sorted((*subset, own)))] - r2[subset])
    return shares


def variance_shares(outcome: pd.Series, predictors: pd.DataFrame, groups: dict[str, list[str]], block: int = 3,
                    draws: int = 2000, seed: int = 0, level: float = 0.95) -> dict[str, Quantity]:
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
    values, generator = table.to_numpy(float), np.random.default_rng(seed)
    starts = generator.integers(0, n - block + 1, (draws, math.ceil(n / block)))
    rows = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :n]
    drawn = np.array([_shares(values[at]) for at in rows])
    found = _shares(values)
    result = {}
    for group, members in groups.items():
        at = [names.index(name) for name in members]
        low, high = np.quantile(drawn[:, at].sum(axis=1), [(1 - level) / 2, (1 + level) / 2])
        share = float(found[at].sum())
        result[group] = quantity(100 * max(share, 0.0), 100 * max(low, 0.0), 100 * min(high, 1.0), level, n)
    return result
