"""A hazard in discrete time with few events: complementary log-log, penalized by Jeffreys' prior."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trilateral.measures import SEED, MeasureError, TooFewError

STEPS, LONGEST, TOLERANCE = 60, 1.5, 1e-4
EDGE = 30.0


def _parts(eta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Probability of the event, its complement, weight of the information, and derivative of the log weight."""
    rate = np.exp(eta)
    left = np.exp(-rate)
    p = np.maximum(-np.expm1(-rate), 1e-300)
    density = rate * left
    weight = density * rate / p  # density squared over p times (1 - p)
    return p, rate, weight, 2 - rate - density / p


def design(panel: pd.DataFrame, columns: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Constant and those columns that add to the ones before them.

    Returns
    -------
    array of n by k, names of k
        A column that repeats earlier ones, as a class does whose members are all of another class, is left out.

    Raises
    ------
    TooFewError
        A row has no value in a column.
    """
    if len(lacking := panel.columns[panel.isna().any()].intersection(list(columns))):
        raise TooFewError(f"hazards: no value of {', '.join(lacking)} in some of the {len(panel)} rows")
    kept, x = ["constant"], np.ones((len(panel), 1))
    for name in columns:
        wider = np.column_stack([x, panel[name].to_numpy(float)])
        if np.linalg.matrix_rank(wider) > x.shape[1]:
            kept, x = [*kept, name], wider
    return x, kept


def penalized(
    events: np.ndarray, design: np.ndarray, weights: np.ndarray | None = None, start: np.ndarray | None = None
) -> np.ndarray:
    """Coefficients of the logarithm of the hazard in discrete time, for one set of weights or many at once.

    The likelihood of a complementary log-log model (Prentice and Gloeckler 1978, doi:10.2307/2529588) is multiplied by
    Jeffreys' prior, which keeps estimates finite where events are few or separated (Firth 1993,
    doi:10.1093/biomet/80.1.27; Kosmidis and Firth 2021, doi:10.1093/biomet/asaa052).

    Parameters
    ----------
    events : array of n
        1 where the spell ended in the period.
    design : array of n by k
        Columns of the regression, the constant among them.
    weights : array of n, or of draws by n, optional
        How often each row counts; one each if not given.
    start : array of k, optional
        Where the search begins.

    Returns
    -------
    array of k, or of draws by k
        A row of nan where a draw cannot be fitted: a column without variation, or no convergence.

    Raises
    ------
    MeasureError
        No event, or a column that does not vary beside the constant.
    """
    y, x = np.asarray(events, float), np.asarray(design, float)
    if not y.sum():
        raise TooFewError("hazards: no spell ended; a hazard needs at least one event")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise MeasureError("hazards: a column of the design repeats others; leave it out")
    single = weights is None or np.ndim(weights) == 1
    w = np.ones((1, len(y))) if weights is None else np.atleast_2d(np.asarray(weights, float))
    draws, k = len(w), x.shape[1]
    if start is None:
        start = np.linalg.lstsq(x, np.full(len(y), np.log(max(y.mean(), 1e-3))), rcond=None)[0]
    beta, done = np.tile(start, (draws, 1)), np.zeros(draws, bool)
    outer = (x[:, :, None] * x[:, None, :]).reshape(len(y), k * k)
    for number in range(STEPS):
        live = np.flatnonzero(~done)
        if not len(live):
            break
        eta = np.clip(beta[live] @ x.T, -EDGE, 4)
        p, rate, weight, slope = _parts(eta)
        information = ((w[live] * weight) @ outer).reshape(-1, k, k) + 1e-9 * np.eye(k)
        inverse = np.linalg.inv(information)
        leverage = weight * ((inverse.reshape(-1, k * k)) @ outer.T)
        score = (w[live] * (y * rate / p - rate + 0.5 * leverage * slope)) @ x
        step = (inverse @ score[..., None])[..., 0]
        length = np.linalg.norm(step, axis=1)
        beta[live] += step * np.minimum(1 if number < 15 else 0.5, LONGEST / np.maximum(length, 1e-12))[:, None]
        done[live] = length < TOLERANCE
    beta[~done | (np.abs(beta).max(axis=1) > EDGE)] = np.nan
    return beta[0] if single else beta


def resampled(events: np.ndarray, design: np.ndarray, groups: np.ndarray, draws: int = 2000, seed: int = SEED) -> np.ndarray:
    """Coefficients of resamples of whole groups, draws by k.

    Draws are left out that cannot be fitted: without an event, or with groups that do not tell all columns apart.
    """
    names, place = np.unique(groups, return_inverse=True)
    counts = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    weights = counts[:, place].astype(float)
    within = np.stack([design[place == group].T @ design[place == group] for group in range(len(names))])
    told_apart = np.linalg.matrix_rank(np.tensordot(counts, within, axes=1), hermitian=True) == design.shape[1]
    usable = ((weights @ np.asarray(events, float)) > 0) & told_apart
    found = penalized(events, design, weights[usable], penalized(events, design))
    return found[np.isfinite(found).all(axis=1)]


def survival(log_hazard: np.ndarray) -> np.ndarray:
    """Share that has not ended after each period, from the logarithm of the hazard in each: exp of minus its running sum."""
    return np.exp(-np.cumsum(np.exp(np.asarray(log_hazard, float)), axis=-1))


def exchanged(
    events: np.ndarray, x: np.ndarray, column: int, groups: np.ndarray, draws: int = 2000, seed: int = SEED
) -> np.ndarray:
    """Coefficients of a column when its values are exchanged between whole groups, one a draw.

    Parameters
    ----------
    column : int
        Place of a column that does not vary within a group.
    """
    _, first, place = np.unique(groups, return_index=True, return_inverse=True)
    label, rng, found = x[first, column], np.random.default_rng(seed), []
    for _ in range(draws):
        moved = x.copy()
        moved[:, column] = rng.permutation(label)[place]
        if np.linalg.matrix_rank(moved) == x.shape[1]:
            found.append(penalized(events, moved)[column])
    found = np.array(found)
    return found[np.isfinite(found)]
