"""Whether activities are held again after a turnover: Kaplan-Meier shares and exchanged labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter

from trilateral.measures import SEED, TooFewError
from trilateral.measures.dates import DAYS_A_MONTH


def at_risk(meetings: pd.DataFrame, turnovers: pd.Series, end: str, lookback: int = 24, horizon: int = 24,
            first_only: bool = False, repeats: pd.DataFrame | None = None) -> pd.DataFrame:
    """Activities held before each turnover, and when they were next held.

    Parameters
    ----------
    meetings : DataFrame
        One row a meeting: `series`, `day`.
    turnovers : Series of dates
    end : str
        Last day of the record, at which what has not recurred is censored.
    lookback : int
        An activity is at risk if it was held in so many months before the turnover.
    horizon : int
        Months followed.
    first_only : bool
        Keep the first turnover that an activity meets.
    repeats : DataFrame, optional
        The meetings that count as held again, where they are not all of them.

    Returns
    -------
    DataFrame
        One row an activity and turnover: series, turnover, earlier (meetings in the lookback), months (to the next meeting,
        or to the end of the horizon or of the record), again (1 if held).
    """
    last, rows = pd.Timestamp(end), []
    known = meetings[meetings["day"] <= last].sort_values("day")
    dates = [date for date in sorted(pd.to_datetime(turnovers)) if date < last]
    held = _days(known)
    later = held if repeats is None else _days(repeats[repeats["day"] <= last].sort_values("day"))
    none = np.array([], dtype="datetime64[s]")
    for date in dates:
        since, until = date - pd.DateOffset(months=lookback), min(last, date + pd.DateOffset(months=horizon))
        ends = np.array([since, date], dtype="datetime64[s]")
        for series, days in held.items():
            first, next_ = np.searchsorted(days, ends)
            if next_ == first:
                continue
            following = later.get(series, none)
            following = following[np.searchsorted(following, ends[1]):]
            again = len(following) > 0 and following[0] <= until.to_datetime64()
            months = ((pd.Timestamp(following[0]) if again else until) - date).days / DAYS_A_MONTH
            rows.append((series, date, next_ - first, months, int(again)))
    frame = pd.DataFrame(rows, columns=["series", "turnover", "earlier", "months", "again"])
    return frame.drop_duplicates("series", ignore_index=True) if first_only else frame


def _days(meetings: pd.DataFrame) -> dict[str, np.ndarray]:
    """Days of the meetings of each series, in the order given."""
    return {series: days.to_numpy("datetime64[s]") for series, days in meetings.groupby("series")["day"]}


def share(months: np.ndarray, again: np.ndarray, horizon: float) -> float:
    """Share held again within the horizon, by the product-limit estimator, percent.

    The estimate of Kaplan and Meier (1958, doi:10.1080/01621459.1958.10501452), written out because labels are exchanged
    thousands of times; a test compares it with lifelines.

    Raises
    ------
    MeasureError
        No activity at risk.
    """
    months, again = np.asarray(months, float), np.asarray(again, bool)
    if not len(months):
        raise TooFewError("survival: no activity is at risk")
    times = np.unique(months[again & (months <= horizon + 0.5)])
    risk = (months[None, :] >= times[:, None]).sum(axis=1)
    events = ((months[None, :] == times[:, None]) & again).sum(axis=1)
    return float(100 * (1 - np.prod(1 - events / risk)))


def curve(frame: pd.DataFrame, horizon: float) -> pd.DataFrame:
    """Share held again by month, with the 95 percent interval of lifelines.

    Parameters
    ----------
    frame : DataFrame
        As `at_risk` returns it.
    horizon : float
        Months followed.

    Returns
    -------
    DataFrame
        One row a step: months, share, low, high (percent).
    """
    fitted = KaplanMeierFitter().fit(frame["months"], frame["again"])
    shares = 100 * (1 - pd.concat([fitted.survival_function_, fitted.confidence_interval_], axis=1))
    shares.columns = ["share", "high", "low"]
    shares = shares.reset_index(names="months")
    return shares[shares["months"] <= horizon + 0.5]


def gap(frame: pd.DataFrame, formal: pd.Series, horizon: float) -> float:
    """Share of formal activities held again minus that of informal ones, percentage points.

    Parameters
    ----------
    frame : DataFrame
        As `at_risk` returns it.
    formal : Series of bool
        Same index as the frame.
    horizon : float
        Months followed.

    Raises
    ------
    MeasureError
        Activities of one kind alone.
    """
    return _gap(frame["months"].to_numpy(), frame["again"].to_numpy(), formal.to_numpy(bool), horizon)


def _gap(months: np.ndarray, again: np.ndarray, formal: np.ndarray, horizon: float) -> float:
    return share(months[formal], again[formal], horizon) - share(months[~formal], again[~formal], horizon)


def gap_within(frame: pd.DataFrame, formal: pd.Series, horizon: float) -> float:
    """The gap between activities that meet the same turnover, percentage points.

    Mean over turnovers that both kinds meet, each with the weight n1 n0 / (n1 + n0) of a stratified difference (Cochran 1954,
    doi:10.2307/3001616), so that a turnover which nearly all survive cannot count for one kind alone.

    Raises
    ------
    MeasureError
        No turnover is met by both kinds.
    """
    total = weights = 0.0
    for _, part in frame.groupby("turnover"):
        label = formal.loc[part.index]
        yes, no = int(label.sum()), int((~label).sum())
        if yes and no:
            weight = yes * no / (yes + no)
            total, weights = total + weight * gap(part, label, horizon), weights + weight
    if not weights:
        raise TooFewError("survival: no turnover is met by both kinds of activity")
    return total / weights


def exchanged(frame: pd.DataFrame, since: pd.Series, horizon: float, draws: int = 5000, seed: int = SEED) -> np.ndarray:
    """Gaps when the dates since which activities are formal are exchanged between whole activities, a permutation test.

    Parameters
    ----------
    frame : DataFrame
        As `at_risk` returns it.
    since : Series
        Date from which each series counts as formal, missing for never; index: series. Only series in the frame are exchanged.

    Returns
    -------
    array
        Percentage points, one gap a draw in which both groups have an activity.
    """
    series = np.array(sorted(frame["series"].unique()))
    dates = since.reindex(series).fillna(pd.Timestamp("2100-01-01")).to_numpy("datetime64[D]")
    row, turnover = np.searchsorted(series, frame["series"]), frame["turnover"].to_numpy("datetime64[D]")
    months, again, rng, gaps = frame["months"].to_numpy(), frame["again"].to_numpy(), np.random.default_rng(seed), []
    for _ in range(draws):
        formal = rng.permutation(dates)[row] <= turnover
        if formal.any() and not formal.all():
            gaps.append(_gap(months, again, formal, horizon))
    return np.array(gaps)


def resampled(frame: pd.DataFrame, formal: pd.Series, horizon: float, draws: int = 5000, seed: int = SEED) -> np.ndarray:
    """Gaps of resamples of whole activities, for an interval: a cluster bootstrap, the activity being the cluster.

    Parameters
    ----------
    frame, formal, horizon
        As for `gap`.
    draws, seed : int

    Returns
    -------
    array
        Percentage points, one gap a draw in which both groups have an activity.
    """
    rng = np.random.default_rng(seed)
    rows = [part.to_numpy() for _, part in pd.Series(range(len(frame))).groupby(frame["series"].to_numpy())]
    months, again, label, gaps = frame["months"].to_numpy(), frame["again"].to_numpy(), formal.to_numpy(bool), []
    for _ in range(draws):
        drawn = np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))])
        formal_drawn = label[drawn]
        if formal_drawn.any() and not formal_drawn.all():
            gaps.append(_gap(months[drawn], again[drawn], formal_drawn, horizon))
    return np.array(gaps)


def pooled_gap(months: np.ndarray, again: np.ndarray, group: np.ndarray, stratum: np.ndarray, horizon: float) -> float:
    """Share held again in a group minus that in the rest, within strata pooled by their cases, percentage points.

    Returns
    -------
    float
        nan where no stratum has cases of both kinds.
    """
    gaps, cases = [], []
    for each in np.unique(stratum):
        first, second = (stratum == each) & group, (stratum == each) & ~group
        if first.any() and second.any():
            gaps.append(share(months[first], again[first], horizon) - share(months[second], again[second], horizon))
            cases.append(first.sum() + second.sum())
    return float(np.average(gaps, weights=cases)) if gaps else float("nan")


def weighted_gaps(months: np.ndarray, again: np.ndarray, group: np.ndarray, stratum: np.ndarray, horizon: float,
                  often: np.ndarray) -> np.ndarray:
    """`pooled_gap` when each case counts so many times, for many sets of counts at once.

    Parameters
    ----------
    months, again, group, stratum : arrays of n
        As for `pooled_gap`.
    horizon : float
        Months followed.
    often : array of draws by n
        Whole numbers.

    Returns
    -------
    array of draws
        Percentage points; nan where no stratum has cases of both kinds.
    """
    months, again, group = np.asarray(months, float), np.asarray(again, bool), np.asarray(group, bool)
    often = np.asarray(often, float)

    def shares(inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        times = np.unique(months[inside & again & (months <= horizon + 0.5)])
        counts = often[:, inside]
        risk = counts @ (months[inside][:, None] >= times[None, :])
        ended = counts @ ((months[inside][:, None] == times[None, :]) & again[inside][:, None])
        return 100 * (1 - np.prod(1 - ended / np.maximum(risk, 1), axis=1)), counts.sum(axis=1)

    total = cases = np.zeros(len(often))
    for each in np.unique(stratum):
        (first, n_first), (second, n_second) = (shares((stratum == each) & kind) for kind in (group, ~group))
        weight = np.where((n_first > 0) & (n_second > 0), n_first + n_second, 0)
        total, cases = total + weight * (first - second), cases + weight
    return np.where(cases > 0, total / np.maximum(cases, 1), np.nan)


def comparable(frame: pd.DataFrame, members: set[str], strata: pd.Series) -> pd.DataFrame:
    """Cases in strata that hold both kinds of series: the others have no weight in `pooled_gap`.

    Parameters
    ----------
    frame : DataFrame
        As `at_risk` returns it.
    members : set of str
        Series of the first group.
    strata : Series
        Stratum of each series, index series.

    Returns
    -------
    DataFrame
        The rows that count, with the columns member and stratum added.
    """
    rows = frame.assign(member=frame["series"].isin(members), stratum=strata.reindex(frame["series"]).to_numpy())
    return rows[rows.groupby("stratum")["member"].transform("nunique") > 1]


def resampled_both_ways(frame: pd.DataFrame, horizon: float, draws: int = 1000, seed: int = SEED) -> np.ndarray:
    """Gaps when whole series and whole turnovers are both drawn with replacement, percentage points.

    The multiway bootstrap of Owen (2007, doi:10.1214/07-AOAS122): a case counts as often as its series times its turnover is
    drawn, so that the interval allows for what series share by meeting the same few turnovers.

    Parameters
    ----------
    frame : DataFrame
        As `comparable` returns it.
    horizon : float
        Months followed.

    Returns
    -------
    array
        Draws in which a kind is empty are left out.
    """
    names, series = np.unique(frame["series"].to_numpy(str), return_inverse=True)
    dates, turnover = np.unique(frame["turnover"].to_numpy(), return_inverse=True)
    months, again = frame["months"].to_numpy(float), frame["again"].to_numpy(bool)
    member, stratum = frame["member"].to_numpy(bool), frame["stratum"].to_numpy()
    rng = np.random.default_rng(seed)
    often = (rng.multinomial(len(names), np.full(len(names), 1 / len(names)), draws)[:, series]
             * rng.multinomial(len(dates), np.full(len(dates), 1 / len(dates)), draws)[:, turnover])
    gaps = weighted_gaps(months, again, member, stratum, horizon, often)
    return gaps[np.isfinite(gaps)]


def group_gap(frame: pd.DataFrame, members: set[str], horizon: float, strata: pd.Series | None = None, draws: int = 2000,
              swaps: int = 2000, seed: int = SEED) -> tuple[float, np.ndarray, np.ndarray]:
    """Gap between a group of series and the rest, with whole series resampled and their labels exchanged.

    Parameters
    ----------
    frame : DataFrame
        One row a series and turnover, as `at_risk` returns it; only series of the two groups.
    members : set of str
        Series of the first group.
    strata : Series, optional
        Stratum of each series, index series; one stratum if not given.
    draws, swaps : int
        Resamples, and exchanges of labels.

    Returns
    -------
    gap, resampled, exchanged
        Percentage points; draws in which a group is empty are left out of the arrays.
    """
    names, place = np.unique(frame["series"].to_numpy(str), return_inverse=True)
    label = np.isin(names, list(members))
    stratum = np.zeros(len(frame)) if strata is None else strata.reindex(names).to_numpy()[place]
    months, again = frame["months"].to_numpy(float), frame["again"].to_numpy(bool)
    rng, swapped = np.random.default_rng(seed), []
    drawn = rng.integers(0, len(names), (draws, len(names)))
    often = (drawn[:, :, None] == np.arange(len(names))).sum(axis=1)[:, place] if draws else np.empty((0, len(frame)))
    sampled = weighted_gaps(months, again, label[place], stratum, horizon, often)
    for _ in range(swaps):
        swapped.append(pooled_gap(months, again, rng.permutation(label)[place], stratum, horizon))
    sampled, swapped = (np.array(values)[np.isfinite(values)] for values in (sampled, swapped))
    return pooled_gap(months, again, label[place], stratum, horizon), sampled, swapped
