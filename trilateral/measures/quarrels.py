"""What governments say and how often they meet before and after dated quarrels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, TooFewError, averages
from trilateral.measures.dates import clear_months
from trilateral.measures.intervals import quantity

DEBATE_MONTH = 9


def debates_around(start: str, months_after: int = 3) -> tuple[int, int]:
    """Years of the last General Debate in a month before a date, and of the first some months after it.

    The debate is held each September.

    Parameters
    ----------
    start : str
        ISO 8601 year, month or day. Of a year alone, the years before and after are taken.
    months_after : int
        Months that must lie between the start and the later debate.
    """
    if len(start) == 4:
        return int(start) - 1, int(start) + 1
    day = pd.Timestamp(start)
    before = day.year if day.month > DEBATE_MONTH else day.year - 1
    later = day + pd.DateOffset(months=months_after)
    return before, later.year if later.month <= DEBATE_MONTH else later.year + 1


def changes_beyond(rates: pd.DataFrame, episodes: Sequence[tuple[str, int, int]], others: Sequence[str]) -> pd.DataFrame:
    """Change of a country between two years beyond the mean change of countries that were spared.

    Parameters
    ----------
    rates : DataFrame
        One row a year, one column a country, any unit.
    episodes : sequence of (country, year before, year after)
        Those for which a year or the country is missing are left out.
    others : sequence of str
        Countries that were spared; one that did not speak in a year is left out of that pair.

    Returns
    -------
    DataFrame
        One row an episode: iso3, before, after, change (of the country), others (mean change), beyond
        (standard deviations of the others' changes over all these pairs of years).

    Raises
    ------
    MeasureError
        No episode is left, or the others do not vary.
    """
    rows, spread = [], []
    for iso3, before, after in episodes:
        if iso3 not in rates or before not in rates.index or after not in rates.index:
            continue
        change = rates.loc[after] - rates.loc[before]
        if pd.isna(change[iso3]):
            continue
        spared = change[list(others)].dropna()
        rows.append((iso3, before, after, change[iso3], spared.mean()))
        spread.append(spared)
    if not rows:
        raise TooFewError("changes_beyond: no episode has its country and both years in the table")
    unit = float(pd.concat(spread).std())
    if not unit:
        raise TooFewError("changes_beyond: the countries that were spared do not vary")
    frame = pd.DataFrame(rows, columns=["iso3", "before", "after", "change", "others"])
    return frame.assign(beyond=(frame["change"] - frame["others"]) / unit)


def all_silent(rates: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """What `changes_beyond` would give had each country said nothing afterwards: the most by which words could have fallen.

    Each episode is taken by itself, though the year after one may be the year before another.

    Parameters
    ----------
    rates : DataFrame
        As given to `changes_beyond`, in a unit that cannot fall below zero.
    frame : DataFrame
        What it returned, some of it not zero.

    Returns
    -------
    DataFrame
        The same columns, with the change to zero (unit of `rates`) and beyond (standard deviations, as before).
    """
    unit = (frame["change"] - frame["others"]).abs().sum() / frame["beyond"].abs().sum()
    change = pd.Series([-rates.at[row.before, row.iso3] for row in frame.itertuples()], frame.index, dtype=float)
    return frame.assign(change=change, beyond=(change - frame["others"]) / unit)


def mean_change(frame: pd.DataFrame) -> Quantity:
    """Mean of the column beyond of `changes_beyond`, standard deviations, with Student's t interval over episodes."""
    return averages.mean(frame["beyond"].reset_index(drop=True), method="t")


def counts_around(dates: pd.Series, months: Iterable[pd.Timestamp], width: int = 6) -> pd.DataFrame:
    """Events in the months before and after some months, which belong to neither side.

    Parameters
    ----------
    dates : Series
        One date an event.
    months : sequence of Timestamp
        First days of the months in question.
    width : int
        Months counted on each side.

    Returns
    -------
    DataFrame
        One row a month of `months`, in their order: before, after (numbers of events).
    """
    at = pd.to_datetime(pd.Series(dates), format="ISO8601")
    number = (at.dt.year * 12 + at.dt.month).to_numpy()
    apart = [number - (month.year * 12 + month.month) for month in months]
    return pd.DataFrame([[((gap >= -width) & (gap < 0)).sum(), ((gap > 0) & (gap <= width)).sum()] for gap in apart],
                        index=pd.DatetimeIndex(months), columns=["before", "after"])


def count_ratio(dates: pd.Series, starts: Sequence[pd.Timestamp], first: str, last: str, width: int = 6,
                apart: Sequence[pd.Timestamp] | None = None, draws: int = 2000, seed: int = SEED,
                level: float = 0.95, season: int | None = None, clear: int = 12) -> Quantity:
    """Events after over before some months, relative to months drawn at random.

    Counts are pooled over the months and one half is added to both. The same ratio for as many placebo months,
    drawn without replacement, gives a distribution; the ratio is divided by its median, and the interval is the
    ratio over the upper and lower quantiles.

    Parameters
    ----------
    dates : Series
        One date an event.
    starts : sequence of Timestamp
        First days of the months in question, which belong to neither side.
    first, last : str
        First and last placebo month, ISO 8601.
    width : int
        Months counted on each side.
    apart : sequence of Timestamp, optional
        Placebo months lie more than `clear` months from these; from `starts` if not given.
    season : int, optional
        Draw for each start from placebo months at most so many months from its calendar month in other years, for events
        that have a season.
    clear : int
        Months.

    Returns
    -------
    Quantity
        A ratio; `n` is the number of starts. Without a value when there is none.

    Raises
    ------
    MeasureError
        Too few placebo months.
    """
    if not len(starts):
        return Quantity(None, level=level, n=0, missing="no quarrel began in the period")
    placebo = clear_months(first, last, starts if apart is None else apart, clear)
    calendar = np.zeros(len(starts), dtype=int) if season is None else pd.DatetimeIndex(starts).month
    generator, drawn = np.random.default_rng(seed), np.zeros((draws, 2))
    for month in np.unique(calendar):
        number = int((calendar == month).sum())
        pool = placebo if season is None else placebo[(placebo.month - month + season) % 12 <= 2 * season]
        if len(pool) < 2 * number:
            raise TooFewError(f"count_ratio: {len(pool)} placebo months for {number} starts; widen the period")
        sides = counts_around(dates, pool, width).to_numpy(float)
        for draw in range(draws):
            drawn[draw] += sides[generator.choice(len(pool), number, replace=False)].sum(axis=0)
    usual = (drawn[:, 1] + 0.5) / (drawn[:, 0] + 0.5)
    low, middle, high = np.quantile(usual, [(1 - level) / 2, 0.5, (1 + level) / 2])
    before, after = counts_around(dates, starts, width).sum()
    observed = (after + 0.5) / (before + 0.5)
    return quantity(observed / middle, observed / high, observed / low, level, len(starts))
