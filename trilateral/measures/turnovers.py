"""Event counts around changes of leader: windows of months, shifted calendars, trios of leaders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError, poisson
from trilateral.measures.dates import days
from trilateral.measures.intervals import moving_blocks

LEVEL_WEIGHTS = {"leader": 4, "minister": 3, "vice-minister": 2, "working": 1}
LEAST_MONTHS = 6  # of a window in the record, for a turnover to count as a case
MONTHS_OF_TESTS = 3
LARGEST = 9  # log points at which an estimate is cut; it has no bound where the windows before hold no event


def held(milestones: pd.DataFrame) -> pd.DataFrame:
    """Events that took place and are known to the day or month, with `day` and `weight`.

    Legislatures, suspensions and mere announcements are left out. Leader 4, minister 3, vice minister 2, working level 1.
    """
    kept = milestones[(milestones["date_precision"] != "year") & (milestones["level"] != "legislature")
                      & (milestones["type"] != "suspension") & (milestones["announced_only"] == 0)]
    return kept.assign(day=days(kept["date"]), weight=kept["level"].map(LEVEL_WEIGHTS)).sort_values("day")


def monthly(events: pd.DataFrame, start: str, end: str, weight: str | None = "weight") -> pd.Series:
    """Sum of weights, or number of events, a month; months without an event included.

    Parameters
    ----------
    events : DataFrame
        With `day`, and the column `weight` unless that is None.
    start, end : str
        First and last month, "2008-01".

    Returns
    -------
    Series
        Index of months, all from start to end.
    """
    months = pd.period_range(start, end, freq="M")
    value = events[weight] if weight else pd.Series(1.0, index=events.index)
    return value.groupby(events["day"].dt.to_period("M")).sum().reindex(months, fill_value=0).astype(float)


def first_month(days: pd.Series) -> pd.PeriodIndex:
    """First month of office: the month of the turnover, or the next where most of that month was the predecessor's."""
    days = pd.DatetimeIndex(pd.to_datetime(days))
    months = days.to_period("M")
    return months + (days.day > 15).astype(int)


def position(days: pd.Series, start: str) -> np.ndarray:
    """Months from `start` ("2008-01") to the first month of office of each turnover; whole numbers, may be negative."""
    return first_month(days).astype("int64").to_numpy() - pd.Period(start, "M").ordinal


def window(positions: np.ndarray, length: int, width: int, side: str) -> np.ndarray:
    """How many windows before or after turnovers each month lies in.

    Parameters
    ----------
    positions : array of ..., turnovers
        Place of each first month of office, from 0.
    length : int
        Months of the record.
    width : int
        Months of a window.
    side : {"before", "after"}

    Returns
    -------
    array of ..., length
    """
    if side not in ("before", "after"):
        raise MeasureError(f"turnovers: unknown side {side!r}; choose before or after")
    distance = np.arange(length) - np.asarray(positions)[..., None]
    inside = (distance >= 0) & (distance < width) if side == "after" else (distance < 0) & (distance >= -width)
    return inside.sum(axis=-2).astype(float)


def cases(positions: np.ndarray, length: int, width: int) -> np.ndarray:
    """Which turnovers have at least six months of both windows, or shorter windows in full, in the record.

    Parameters
    ----------
    positions : array of turnovers
        As `position` returns them.
    length, width : int
        Months of the record and of a window.

    Returns
    -------
    array of bool, one a turnover
    """
    after = np.clip(length - positions, 0, width)
    before = np.clip(positions, 0, width) - np.clip(positions - length, 0, width)
    least = min(width, LEAST_MONTHS)
    return (after >= least) & (before >= least)


def controls(length: int, trend: str, *columns: np.ndarray) -> np.ndarray:
    """Columns of a regression that are held: constant, trend and what else is given.

    Parameters
    ----------
    length : int
        Months of the record.
    trend : {"none", "linear", "quadratic"}
        In units of five years from the middle of the record.
    *columns : array of months

    Returns
    -------
    array of months by columns

    Raises
    ------
    MeasureError
        Unknown trend.
    """
    if trend not in ("none", "linear", "quadratic"):
        raise MeasureError(f"turnovers: unknown trend {trend!r}; choose none, linear or quadratic")
    time = (np.arange(length) - length / 2) / 60
    powers = [time, time**2][: ("none", "linear", "quadratic").index(trend)]
    return np.column_stack([np.ones(length), *powers, *columns])


@dataclass(frozen=True)
class Effect:
    """Logarithm of the ratio after over before of each kind of turnover, with those of shifted calendars.

    Attributes
    ----------
    log_ratio : dict of kind to float
        Log points.
    placebo : dict of kind to array of draws
        Log points, one a shifted calendar.
    cases : dict of kind to int
        Turnovers with half a year of both windows in the record.
    """

    log_ratio: Mapping[str, float]
    placebo: Mapping[str, np.ndarray]
    cases: Mapping[str, int]

    def bounded(self, kind: str) -> bool:
        """Whether there is an estimate and the windows before hold events, without which any rise would fit."""
        return kind in self.log_ratio and self.log_ratio[kind] < LARGEST

    def percent(self, kind: str, level: float = 0.95) -> tuple[float, float, float]:
        """Percent change and its interval: the estimate less the outer percentiles of the placebo estimates."""
        value = self.log_ratio[kind]
        tail = (1 - level) / 2
        low, high = value - np.quantile(self.placebo[kind], [1 - tail, tail])
        return tuple(float(100 * np.expm1(np.clip(end, -20, LARGEST))) for end in (value, low, high))


def effects(counts: pd.Series, turnovers: pd.DataFrame, fixed: np.ndarray, width: int = 12, draws: int = 2000,
            seed: int = SEED, together: bool = False) -> Effect:
    """One regression of monthly counts on windows before and after each kind of turnover.

    Quasi-Poisson, see `trilateral.measures.poisson`. The interval is that of a randomization test: calendars are shifted
    round the record, each capital by its own random number of months, which keeps the spacing of turnovers within a capital.

    Parameters
    ----------
    counts : Series
        One value a month, index of months.
    turnovers : DataFrame
        With `date`, `iso3` and `kind`; those whose windows miss the record have no influence.
    fixed : array of months by columns
        `controls`: constant, trend, what is held.
    width : int
        Months of a window.
    draws : int
        Shifted calendars; none where only the estimate is wanted.
    together : bool
        Shift all capitals by the same number of months, which keeps turnovers of different capitals as close as they were.

    Raises
    ------
    MeasureError
        No event at all, or no turnover whose windows touch the record.
    """
    length, start = len(counts), str(counts.index[0])
    places = position(turnovers["date"], start)
    touching = (places > -width) & (places < length + width)
    known, places = turnovers[touching], places[touching]
    if not len(known):
        raise TooFewError("turnovers: no turnover touches the record")
    if not counts.sum():
        raise TooFewError("turnovers: there is no event in the record")
    kinds = list(dict.fromkeys(known["kind"]))
    rng = np.random.default_rng(seed)
    shifts = {iso3: rng.integers(0, length, size=draws) for iso3 in sorted(known["iso3"].unique())}
    if together:
        shifts = dict.fromkeys(shifts, rng.integers(0, length, size=draws))
    moved = np.stack([(place + shifts[iso3]) % length for place, iso3 in zip(places, known["iso3"], strict=True)], axis=1)
    moved = np.vstack([places, moved])  # the calendars as they were come first
    columns = [window(moved[:, (known["kind"] == kind).to_numpy()], length, width, side) for kind in kinds
               for side in ("before", "after")]
    designs = np.concatenate([np.stack(columns, axis=2), np.broadcast_to(fixed, (draws + 1, *fixed.shape))], axis=2)
    beta, *null = poisson.fit_many(counts.to_numpy(), designs)
    null = np.reshape(null, (draws, len(beta)))
    counted = cases(places, length, width)
    return Effect({kind: float(beta[2 * i + 1] - beta[2 * i]) for i, kind in enumerate(kinds)},
                  {kind: null[:, 2 * i + 1] - null[:, 2 * i] for i, kind in enumerate(kinds)},
                  {kind: int(counted[(known["kind"] == kind).to_numpy()].sum()) for kind in kinds})


def numbered(counters: pd.DataFrame, until: str | None = None) -> pd.Series:
    """Day of every meeting of one numbered series, those between two known ordinals spread evenly.

    Parameters
    ----------
    counters : DataFrame
        One row a known ordinal: `ordinal` and `date` (year, month or day; a year counts from its middle).
    until : str, optional
        Day on which the numbers are read: later ones are not known yet, and nothing is spread toward them.

    Returns
    -------
    Series
        Days, one a meeting after the first known one, which only opens the record.
    """
    known = pd.Series(days(counters["date"]).to_numpy(), index=counters["ordinal"].astype(int)).sort_index()
    known = known if until is None else known[known <= pd.Timestamp(until)]
    if not len(known):
        return pd.Series([], dtype="datetime64[s]")
    every = range(known.index[0] + 1, known.index[-1] + 1)
    spread = np.interp(list(every), known.index, known.to_numpy("datetime64[s]").astype("int64"))
    return pd.Series(pd.to_datetime(spread, unit="s"))


def rise_shares(counts: np.ndarray, design: np.ndarray, step: np.ndarray, groups: Mapping[str, slice], draws: int = 1000,
                block: int = 12, seed: int = SEED) -> tuple[float, np.ndarray, dict[str, tuple[float, float, float]]]:
    """Shares of a predicted log rise that groups of columns carry, with intervals of resampled blocks of months.

    Moving blocks, see `trilateral.measures.intervals.moving_blocks`.

    Parameters
    ----------
    counts : array of months
    design : array of months by columns
    step : array of columns
        Mean of the columns in the later period less that in the earlier one.
    groups : mapping of name to slice of columns
    draws, block, seed : int
        Resamples, and months of a block.

    Returns
    -------
    total, parts, shares
        The predicted log rise, what each column carries of it, and by group the share in percent with its 95 percent interval.
    """
    n = len(counts)
    index = np.vstack([np.arange(n), moving_blocks(n, block, draws, seed)])  # the record itself first
    parts = poisson.fit_many(np.asarray(counts, float)[index], np.asarray(design)[index]) * step
    whole = parts.sum(axis=1)
    shares = {name: 100 * parts[:, columns].sum(axis=1) / whole for name, columns in groups.items()}
    return float(whole[0]), parts[0], {name: (float(each[0]), *np.quantile(each[1:], [0.025, 0.975]))
                                       for name, each in shares.items()}


def topped_up(seen: Mapping[int, np.ndarray], where: np.ndarray, loss: float, draws: int,
              seed: int = SEED) -> dict[int, np.ndarray]:
    """Events to add as if a share of all had been lost in some months, level by level.

    Parameters
    ----------
    seen : mapping of weight to array of months
        Events on record.
    where : array of months
        True where events may be missing; what is added is spread evenly over these months.
    loss : float
        Share lost, from 0 to below 1.
    draws, seed : int

    Returns
    -------
    dict of weight to array of draws by months
    """
    if not 0 <= loss < 1:
        raise MeasureError(f"turnovers: a loss of {loss} is no share from 0 to below 1")
    rng, found = np.random.default_rng(seed), {}
    for weight, counts in seen.items():
        lost = counts[where].sum() * loss / (1 - loss)
        found[weight] = np.where(where, rng.poisson(lost / where.sum(), size=(draws, len(where))), 0)
    return found


def first_known(counters: pd.DataFrame) -> pd.Period:
    """Month of the first dated meeting of one numbered series; a year alone counts from its middle."""
    return days(counters["date"]).min().to_period("M")


def meetings_around(series: Mapping[str, pd.DataFrame], turnovers: pd.DataFrame, width: int, end: str) -> pd.DataFrame:
    """Numbered meetings in the months before and after each turnover.

    A series is observed from the month after its first dated meeting; windows with less than half a year on either side are
    left out.

    Parameters
    ----------
    series : mapping of name to DataFrame
        As for `numbered`.
    turnovers : DataFrame
        With `date` and `to_leader`.
    width : int
        Months of a window.
    end : str
        Last month of the record.

    Returns
    -------
    DataFrame
        One row a turnover and series: leader, series, months_before, before (meetings), months_after, after.
    """
    last, rows = pd.Period(end, "M").ordinal + 1, []
    months = {name: np.sort(numbered(part).dt.to_period("M").astype("int64")) for name, part in series.items()}
    opens = {name: first_known(part).ordinal + 1 for name, part in series.items()}
    for leader, first in zip(turnovers["to_leader"], first_month(turnovers["date"]).astype("int64"), strict=True):
        for name, held_in in months.items():
            since, until = max(first - width, opens[name]), min(first + width, last)
            if min(first - since, until - first) >= min(width, LEAST_MONTHS):
                to_since, to_first, to_until = np.searchsorted(held_in, [since, first, until])
                rows.append((leader, name, first - since, to_first - to_since, until - first, to_until - to_first))
    return pd.DataFrame(rows, columns=["leader", "series", "months_before", "before", "months_after", "after"])


def rate_change(around: pd.DataFrame) -> Quantity:
    """Percent change of the rate of meetings a month, all rows of `meetings_around` together."""
    total = around[["months_before", "before", "months_after", "after"]].sum()
    if not total["before"]:
        return Quantity(None, missing="no numbered meeting lies in the windows before a turnover")
    return Quantity(100 * ((total["after"] / total["months_after"]) / (total["before"] / total["months_before"]) - 1))


def trios(calendars: Sequence[np.ndarray], least: int = 2) -> np.ndarray:
    """Number of the trio in office in each period; those of fewer than `least` periods share one number.

    Parameters
    ----------
    calendars : sequence of arrays of periods
        Leader in office in each period, one array a capital.

    Returns
    -------
    array of periods
        Whole numbers from 0.
    """
    codes = [np.unique(column, return_inverse=True)[1] for column in calendars]
    joined = np.ravel_multi_index(codes, [code.max() + 1 for code in codes])
    _, group, count = np.unique(joined, return_inverse=True, return_counts=True)
    group = np.where(count[group] < least, -1, group)
    return np.unique(group, return_inverse=True)[1]


def explained(counts: np.ndarray, groups: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Percent of the deviance that groups explain beyond fixed columns, adjusted for the number of groups.

    One less the ratio of the two mean deviances (deviance over residual degrees of freedom), in percent; the adjustment of
    Mittlboeck and Waldhoer (2000, doi:10.1016/S0167-9473(99)00113-9) in spirit.

    Parameters
    ----------
    counts : array of n
    groups : array of draws by n
        Whole numbers from 0.
    fixed : array of n by k

    Returns
    -------
    array of draws
        Percent; negative where groups explain less than chance would.
    """
    groups = np.atleast_2d(groups)
    most = groups.max() + 1
    dummies = (groups[..., None] == np.arange(most)).astype(float)
    designs = np.concatenate([np.broadcast_to(fixed, (len(groups), *fixed.shape)), dummies], axis=2)
    beta = poisson.fit_many(counts, designs)
    left = poisson.deviances(np.asarray(counts, float), np.clip((designs @ beta[..., None])[..., 0], -30, 30))
    alone = poisson.fit_many(counts, fixed[None])
    without = poisson.deviances(np.asarray(counts, float), np.clip(fixed @ alone[0], -30, 30))
    # the rank from the eigenvalues of the cross products, many times faster than from the designs
    rank = (np.linalg.eigvalsh(designs.transpose(0, 2, 1) @ designs) > 1e-8 * len(counts)).sum(axis=1)
    n = len(counts)
    return 100 * (1 - (left / np.maximum(n - rank, 1)) / (without / (n - np.linalg.matrix_rank(fixed))))


def missed(counts: np.ndarray, calendars: Sequence[np.ndarray], fixed: np.ndarray, spread: float, draws: int = 50,
           shifts: int = 60, seed: int = SEED) -> tuple[float, np.ndarray]:
    """How often the comparison with shifted calendars would not find trios that do move activity, by simulation.

    Each draw gives every trio an effect of its own, normal in logarithms, on what the fixed columns expect, and counts with
    the dispersion of the record; the share that trios explain is then set against that of calendars shifted at random. One
    less the first number is the power of the test (Cohen 1992, doi:10.1037/0033-2909.112.1.155).

    Parameters
    ----------
    counts : array of n
    calendars : sequence of arrays of n
        Leader in office in each period, one array a capital.
    fixed : array of n by k
    spread : float
        Standard deviation of the effects of trios, log points.
    draws, shifts : int
        Simulated records, and shifted calendars with which each is compared.

    Returns
    -------
    float
        Percent of draws whose share lies at or under the 95th percentile of the shifted calendars.
    array of draws
        The shares that trios explain, percent.
    """
    counts, rng = np.asarray(counts, float), np.random.default_rng(seed)
    n, moves = len(counts), rng.integers(0, len(counts), size=(shifts, len(calendars)))
    moved = [[np.roll(column, by) for column, by in zip(calendars, row, strict=True)] for row in moves]
    groups = np.stack([trios(each) for each in (calendars, *moved)])
    own = groups[0]
    dummies = (own[:, None] == np.unique(own)[1:]).astype(float)
    expected, known = (np.exp(np.clip(design @ poisson.fit_many(counts, design[None])[0], -30, 30))
                       for design in (fixed, np.column_stack([fixed, dummies])))
    left = n - np.linalg.matrix_rank(np.column_stack([fixed, dummies]))
    dispersion = max(((counts - known) ** 2 / np.maximum(known, 1e-6)).sum() / left, 1)
    shares, nulls = np.empty(draws), np.empty(draws)
    for draw in range(draws):
        mean = expected * np.exp(rng.normal(0, spread, own.max() + 1))[own]
        found = explained(dispersion * rng.poisson(mean * counts.sum() / mean.sum() / dispersion), groups, fixed)
        shares[draw], nulls[draw] = found[0], np.quantile(found[1:], 0.95)
    return float(100 * (shares <= nulls).mean()), shares
