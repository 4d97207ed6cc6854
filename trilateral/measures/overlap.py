"""What two countries share: weapons of one name, disasters attended together, ratios of flows over recipients."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError


def shared(volumes: pd.DataFrame) -> tuple[float, float]:
    """Jaccard index of the weapons of two recipients, plain and weighted by volume.

    Parameters
    ----------
    volumes : DataFrame
        Index designations, two columns of volumes, zero where a recipient got none.

    Returns
    -------
    plain, weighted : float
        Weapons both received over those either did; sum of the smaller volumes over the sum of the larger.
    """
    if volumes.shape[1] != 2:
        raise MeasureError(f"overlap is of two recipients, not of {volumes.shape[1]}")
    held = volumes > 0
    plain = held.all(axis=1).sum() / held.any(axis=1).sum()
    return float(plain), float(volumes.min(axis=1).sum() / volumes.max(axis=1).sum())


def presence(rows: pd.DataFrame, countries: list[str]) -> pd.DataFrame:
    """Who was present where: one row a disaster, one column a country, true where a row names it.

    Parameters
    ----------
    rows : DataFrame
        One row a deployment, columns `disaster` and `contributor`.
    """
    counted = rows.groupby(["disaster", "contributor"]).size().unstack(fill_value=0)
    return counted.reindex(columns=countries, fill_value=0) > 0


def began(rows: pd.DataFrame) -> pd.Series:
    """Day on which each disaster began: that of its earliest row among the best-dated ones.

    A row known by its year alone would date a disaster to New Year.

    Parameters
    ----------
    rows : DataFrame
        Columns `disaster`, `date` (ISO, as precise as known) and `day`.
    """
    precise = rows.assign(precise=rows["date"].str.len())
    return precise.sort_values(["precise", "day"], ascending=[False, True]).groupby("disaster")["day"].first()


def met_by_chance(presence: pd.DataFrame, draws: int = 5000, seed: int = SEED) -> np.ndarray:
    """How often all columns are true together when each is shuffled over the rows; one count a draw."""
    rng, values = np.random.default_rng(seed), presence.to_numpy(dtype=bool)
    shuffled = np.stack([rng.permuted(np.tile(column, (draws, 1)), axis=1) for column in values.T])
    return shuffled.all(axis=0).sum(axis=1)


def flow_ratio(later: pd.Series, earlier: pd.Series, draws: int = 2000, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Sum of a flow later over earlier, with recipients resampled in both periods together.

    Parameters
    ----------
    later, earlier : Series
        Volume by recipient; a recipient missing from one got nothing then.
    """
    both = pd.DataFrame({"later": later, "earlier": earlier}).fillna(0.0)
    values, n = both.to_numpy(), len(both)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    sums = times @ values
    drawn = sums[sums[:, 1] > 0]
    value = float(values[:, 0].sum() / values[:, 1].sum())
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [(1 - level) / 2, (1 + level) / 2])
    return Quantity(value, min(low, value), max(high, value), level=level, n=n)


def mean_ratio(later: pd.Series, earlier: pd.Series, level: float = 0.95, bounded: bool = False) -> Quantity:
    """Mean of later years over that of earlier ones; t interval of the difference of the logarithms (Welch).

    One year on either side has no interval and gives the ratio alone; with `bounded`, for a rule that reads the interval, none.

    Raises
    ------
    MeasureError
        A value that is not positive, which has no logarithm.
    """
    later, earlier = later.dropna(), earlier.dropna()
    n = len(later) + len(earlier)
    if min(len(later), len(earlier)) < 1:
        return Quantity(None, missing="no year on one side")
    if min(later.min(), earlier.min()) <= 0:
        raise MeasureError("mean_ratio: a value is zero or below, and has no logarithm")
    value = float(later.mean() / earlier.mean())
    if min(len(later), len(earlier)) < 2:
        return Quantity(None, n=n, missing="one year on one side, and so no interval") if bounded else Quantity(value, n=n)
    ends = ttest_ind(np.log(later), np.log(earlier), equal_var=False).confidence_interval(level)
    low, high = np.exp([ends.low, ends.high])
    return Quantity(value, min(low, value), max(high, value), level=level, n=n)


def scaled(quantity: Quantity, by: float) -> Quantity:
    """A quantity times a number, for a rule with one threshold; its interval stays unless the value leaves it.

    To ask a ratio for another threshold is to scale its value. The ends are left alone, since rules compare them with
    one and not with the threshold. A quantity without a value stays as it is.
    """
    if quantity.value is None:
        return quantity
    value = quantity.value * by
    if quantity.low is None:
        return Quantity(value, n=quantity.n)
    return Quantity(value, min(quantity.low, value), max(quantity.high, value), level=quantity.level, n=quantity.n)


def rank_shares(points: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """How often each alternative takes each rank under many weights (rank acceptability).

    After Lahdelma, Hokkanen and Salminen (1998), SMAA: stochastic multiobjective acceptability analysis, European
    Journal of Operational Research 106, doi:10.1016/S0377-2217(97)00163-X. Equal scores take the better rank.

    Parameters
    ----------
    points : DataFrame
        Rows alternatives, columns criteria, larger is better.
    weights : array
        One row a draw, one column a criterion.

    Returns
    -------
    DataFrame
        Rows alternatives, columns ranks from 1, percent of draws.
    """
    scores = weights @ points.to_numpy().T
    ranks = 1 + (scores[:, None, :] > scores[:, :, None] + 1e-9).sum(axis=2)
    places = range(1, len(points) + 1)
    return pd.DataFrame({place: 100 * (ranks == place).mean(axis=0) for place in places}, index=points.index)
