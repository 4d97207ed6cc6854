"""Rank correlations: of yearly changes in two series, with a lead, and of groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from trilateral.claims import Quantity
from trilateral.measures import SEED


def paired(index: pd.Series, outcome: pd.Series, lead: int, left_out: tuple[int, ...] = ()) -> pd.DataFrame:
    """Yearly changes of an outcome beside the changes of an index so many years before.

    Parameters
    ----------
    index, outcome : Series
        By year, without gaps.
    lead : int
        Years by which the index comes first.
    left_out : tuple of int
        Years of the outcome that are dropped after changes were taken; so is the year after the last of them, whose
        change starts from one.
    """
    frame = pd.DataFrame({"index": index.diff().shift(lead), "outcome": outcome.diff()}).dropna()
    dropped = {*left_out, *(year + 1 for year in left_out)}
    return frame[~frame.index.isin(dropped)]


def rank_correlation(frame: pd.DataFrame, block: int = 3, draws: int = 2000, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Spearman correlation of two columns with an interval from moving blocks of rows.

    After Kunsch (1989), The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17,
    doi:10.1214/aos/1176347265. Draws in which a column does not vary have no correlation and are left out.

    Parameters
    ----------
    frame : DataFrame
        Columns `index` and `outcome`, in order of time.
    block : int
        Rows in a block.
    """
    n = len(frame)
    if n < 3 or (frame.nunique() < 2).any():
        return Quantity(None, n=n, missing="a series does not vary, or has fewer than three changes")
    values, rng, drawn = frame[["index", "outcome"]].to_numpy(), np.random.default_rng(seed), []
    for starts in rng.integers(0, n - block + 1, size=(draws, -(-n // block))):
        picked = values[(starts[:, None] + np.arange(block)).ravel()[:n]]
        if np.ptp(picked, axis=0).all():
            drawn.append(spearmanr(*picked.T).statistic)
    value = float(spearmanr(*values.T).statistic)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Quantity(value, min(low, value), max(high, value), level=level, n=n)
