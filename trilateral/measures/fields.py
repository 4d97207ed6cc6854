"""Whether several fields rank the same countries alike: correlations over many, and over every three."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError
from trilateral.measures.intervals import quantity
from trilateral.measures.ranks import DRAWS


def mean_correlations(groups: np.ndarray) -> np.ndarray:
    """Mean over the pairs of fields of the rank correlation within each group.

    Parameters
    ----------
    groups : array, groups by members by fields
        All fields in the same direction.

    Returns
    -------
    array
        One mean a group; missing where all members are alike in a field.
    """
    ranked = rankdata(groups, axis=1)
    centered = ranked - ranked.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = centered / np.sqrt((centered**2).sum(axis=1, keepdims=True))
    pairs = [(scaled[..., a] * scaled[..., b]).sum(axis=1) for a, b in combinations(range(groups.shape[2]), 2)]
    return np.mean(pairs, axis=0)


def of_group(values: pd.DataFrame) -> float:
    """Mean rank correlation of all pairs of fields among the rows.

    Parameters
    ----------
    values : DataFrame
        One row a country, one column a field, all in the same direction (small is good, say).

    Raises
    ------
    MeasureError
        A country lacks a field, or all are alike in one.
    """
    if values.isna().to_numpy().any():
        gap = values.index[values.isna().any(axis=1)][0]
        raise MeasureError(f"{gap} lacks a field, so the countries cannot be ranked in all of them")
    found = float(mean_correlations(values.to_numpy(float)[None])[0])
    if np.isnan(found):
        raise MeasureError("all countries are alike in one field, which ranks nobody")
    return found


def of_all_trios(values: pd.DataFrame) -> np.ndarray:
    """The same for every three of the countries; trios tied in a field are left out."""
    trios = np.array(list(combinations(range(len(values)), 3)))
    found = mean_correlations(values.to_numpy(float)[trios])
    return found[~np.isnan(found)]


def rank_correlation(a: pd.Series, b: pd.Series, draws: int = DRAWS, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Spearman's correlation of two fields over countries, interval from resampled countries.

    Countries that lack one of the two are left out.

    Raises
    ------
    MeasureError
        Fewer than five countries have both.
    """
    both = pd.concat([a, b], axis=1, keys=["a", "b"]).dropna()
    if len(both) < 5:
        raise TooFewError(f"{len(both)} countries have both fields; five are the least for a correlation")
    chosen = np.random.default_rng(seed).integers(0, len(both), (draws, len(both)))
    drawn = mean_correlations(both.to_numpy()[chosen])
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return quantity(of_group(both), float(low), float(high), level, len(both))
