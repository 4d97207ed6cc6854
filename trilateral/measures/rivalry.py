"""How alike two countries' shares of many markets are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cosine

from trilateral.measures import SEED, MeasureError, TooFewError


@dataclass(frozen=True)
class Alike:
    """Similarity of two vectors of shares and what shuffling makes of it.

    Attributes
    ----------
    value : float
        Cosine similarity: 1 = the same pattern, 0 = no market in common.
    low, middle, high : float
        Quantiles of the similarity after one vector was shuffled over the markets.
    share_as_low : float
        Share of shuffles at most as alike, the observed one counted with them.
    """

    value: float
    low: float
    middle: float
    high: float
    share_as_low: float


def similarity(a: Sequence[float], b: Sequence[float], draws: int = 2000, seed: int = SEED, level: float = 0.95,
               whole: float | None = None) -> Alike:
    """Cosine similarity of two countries' market shares, against shares shuffled over the markets.

    Parameters
    ----------
    a, b : sequences of float
        Shares of the same markets in the same order, any unit.
    whole : float, optional
        What the shares of a market add up to. If given, what is shuffled is the part that `b` has of what `a` leaves, so that
        no market is filled twice: shares of two large suppliers are unlike for that reason alone. Markets that `a` fills
        stay at zero.

    Raises
    ------
    MeasureError
        Other lengths, a country without any share, or shares that exceed the whole.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise MeasureError(f"similarity: {len(a)} shares against {len(b)}; give both for the same markets")
    if not a.any() or not b.any():
        raise TooFewError("similarity: a country has no share in any market")
    if whole is not None and (a + b > whole * (1 + 1e-9)).any():
        raise MeasureError(f"similarity: shares of a market exceed {whole:g}; give the whole in the unit of the shares")
    room = np.ones_like(a) if whole is None else whole - a
    open_ = room > 0
    part = b[open_] / room[open_]
    generator = np.random.default_rng(seed)
    drawn = np.zeros(draws)
    for draw in range(draws):
        shuffled = np.zeros_like(b)
        shuffled[open_] = generator.permutation(part) * room[open_]
        drawn[draw] = 1 - cosine(a, shuffled)
    value = float(1 - cosine(a, b))
    low, middle, high = np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return Alike(value, float(low), float(middle), float(high), float((1 + (drawn <= value + 1e-12).sum()) / (1 + draws)))
