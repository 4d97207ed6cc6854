"""Ranks of one country among others, with intervals from draws of what is ranked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError
from trilateral.measures.intervals import quantity

DRAWS = 2000


def ranks(values: pd.Series | pd.DataFrame, most_first: bool = False) -> pd.Series | pd.DataFrame:
    """Ranks from 1, ties at their mean rank; a missing value has no rank, an infinite one is last or first."""
    return values.rank(ascending=not most_first)


def drawn_ranks(draws: np.ndarray, countries: Sequence[str], who: str, most_first: bool = False) -> np.ndarray:
    """Rank of one country in every draw.

    Parameters
    ----------
    draws : array, draws by countries
        What is ranked; a missing value is left out of its draw.
    countries : sequence of str
        Names of the columns.
    who : str
        The country whose rank is wanted.
    most_first : bool
        Rank 1 is the largest value rather than the smallest.

    Returns
    -------
    array
        One rank a draw, ties at their mean rank.

    Raises
    ------
    MeasureError
        The country is not among the columns.
    """
    if who not in countries:
        raise MeasureError(f"{who} is not among the countries ranked: {', '.join(countries)}")
    draws = -np.asarray(draws, dtype=float) if most_first else np.asarray(draws, dtype=float)
    own = draws[:, [list(countries).index(who)]]
    return 1 + (draws < own).sum(axis=1) + 0.5 * ((draws == own).sum(axis=1) - 1)


def rank_of(values: pd.Series, who: str, draws: np.ndarray | None = None, most_first: bool = False,
            level: float = 0.95) -> Quantity:
    """Rank of one country with the interval that draws of the values give it.

    Parameters
    ----------
    values : Series
        One value a country; missing ones are left out.
    draws : array, draws by countries, optional
        Columns in the order of `values`, whatever is missing there included.

    Returns
    -------
    Quantity
        Rank, quantiles of the drawn ranks extended to the rank itself, and the number of countries ranked.

    Raises
    ------
    MeasureError
        The country has no value.
    """
    if who not in values.index or np.isnan(values[who]):
        raise TooFewError(f"{who} has no value to rank")
    rank, n = float(ranks(values, most_first)[who]), int(values.notna().sum())
    if draws is None:
        return Quantity(rank, n=n)
    kept = values.notna().to_numpy()
    return interval(rank, drawn_ranks(np.asarray(draws)[:, kept], values.index[kept].tolist(), who, most_first), n, level)


def interval(rank: float, drawn: np.ndarray, n: int, level: float = 0.95) -> Quantity:
    """A rank, or another estimate, with the quantiles of its draws extended to it."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return quantity(rank, float(low), float(high), level, n)


def best(found: Sequence[tuple[float, np.ndarray]], n: int, level: float = 0.95) -> Quantity:
    """Best of several ranks of one country, draw by draw; `found` holds each rank and its draws."""
    return interval(min(rank for rank, _ in found), np.min([drawn for _, drawn in found], axis=0), n, level)


def either(sources: pd.DataFrame, draws: int = DRAWS, rng: np.random.Generator | None = None) -> np.ndarray:
    """Draw each country's value from one of its sources, every source as likely.

    Parameters
    ----------
    sources : DataFrame
        One row a country, one column a source; a country without a source has it missing.

    Returns
    -------
    array, draws by countries

    Raises
    ------
    MeasureError
        A country has no source at all.
    """
    rng = np.random.default_rng(SEED) if rng is None else rng
    values = sources.to_numpy(float)
    held = ~np.isnan(values)
    if not held.any(axis=1).all():
        raise TooFewError(f"{sources.index[~held.any(axis=1)][0]} has no value in any source")
    chosen = np.where(held, rng.random((draws, *values.shape)), -1.0).argmax(axis=2)
    return values[np.arange(len(values)), chosen]
