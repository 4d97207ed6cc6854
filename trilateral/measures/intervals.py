"""Small operations on estimates with intervals that several measures share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from trilateral.claims import Quantity
from trilateral.measures import SEED


def quantity(value: float, low: float, high: float, level: float, n: int, placebos: Iterable[float] = ()) -> Quantity:
    """A `Quantity` whose interval is widened, where it must be, to hold its value.

    Bootstrap quantiles of a lopsided sample and rounding in the last digit can leave the estimate just
    outside its own interval, which the contract of `Quantity` forbids. An end that is not finite is left out.

    Parameters
    ----------
    placebos : iterable of float, optional
        What the same estimate was each time nothing had happened, in the unit of the value, where the interval is the value
        less their outer quantiles.
    """
    low, high = (end if np.isfinite(end) else None for end in (low, high))
    low, high = None if low is None else min(low, value), None if high is None else max(high, value)
    return Quantity(value, low, high, float(level), n, net_of_placebos=tuple(value - placebo for placebo in placebos))


def moving_blocks(n: int, block: int, draws: int, seed: int = SEED) -> np.ndarray:
    """Rows of resamples of a series in blocks of neighbors, which keeps its serial correlation.

    The moving-block bootstrap of Künsch (1989, doi:10.1214/aos/1176347265).

    Parameters
    ----------
    n : int
        Observations, in order of time.
    block : int
        Observations of a block, at most `n`.
    draws, seed : int

    Returns
    -------
    array of draws by n
        Positions from 0; the last block of a resample is cut to fit.
    """
    starts = np.random.default_rng(seed).integers(0, n - block + 1, size=(draws, math.ceil(n / block)))
    return (starts[..., None] + np.arange(block)).reshape(draws, -1)[:, :n]


def fold(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Interval of an absolute value from the interval of the signed one.

    Every absolute value of a point of [low, high] lies inside, so the coverage is at least that of the signed
    interval; zero is the lower end wherever the signed interval holds zero.
    """
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    nearest = np.minimum(np.abs(low), np.abs(high))
    return np.where((low <= 0) & (high >= 0), 0.0, nearest), np.maximum(np.abs(low), np.abs(high))


def absolute(estimate: Quantity) -> Quantity:
    """Absolute value of a quantity; the interval is folded at zero, see `fold`."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        value = None if estimate.value is None else abs(estimate.value)
        return Quantity(value, None, None, estimate.level, estimate.n, estimate.missing)
    low, high = fold(estimate.low, estimate.high)
    return quantity(abs(estimate.value), float(low), float(high), estimate.level, estimate.n)


def percent_of_log(estimate: Quantity) -> Quantity:
    """A quantity in log points as a percent change."""
    if estimate.value is None:
        return estimate
    ends = {name: getattr(estimate, name) for name in ("value", "low", "high")}
    ends = {name: None if end is None else float(100 * np.expm1(end)) for name, end in ends.items()}
    return replace(estimate, **ends, net_of_placebos=tuple(100 * np.expm1(estimate.net_of_placebos)))
