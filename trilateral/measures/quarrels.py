"""What governments say and how often they meet before and after dated quarrels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, averages
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
        raise MeasureError("changes_beyond: no episode has its country and both years in the table")
    unit = float(pd.concat(spread).std())
    if not unit:
        raise MeasureError("changes_beyond: the countries that were spared do not vary")
    frame = pd.DataFrame(rows, columns=["iso3", "before", "after", "change", "others"])
    return frame.assign(beyond=(frame["change"] - frame["others"]) / unit)


def mean_change(frame: pd.DataFrame) -> Quantity:
    """Mean of the column beyond of `changes_beyond`, t interval over episodes."""
    return averages.mean(frame["beyond"].reset_index(drop=True), method="t")


def _around(counts: pd.Series, months: Iterable[pd.Timestamp], width: int) -> tuple[float, float]:
    before = after = 0.0
    for month in months:
        at = counts.index.get_loc(month)
        before += counts.iloc[at - width:at].sum()
        after += counts.iloc[at + 1:at + 1 + width].sum()
    return before, after


def count_ratio(dates: pd.Series, starts: Sequence[pd.Timestamp], first: str, last: str, width: int = 6,
                apart: Sequence[pd.Timestamp] | None = None, draws: int = 2000, seed: int = 0,
                level: float = 0.95) -> Quantity:
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
        Placebo months lie more than a year from these; from `starts` if not given.

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
    months = pd.to_datetime(pd.Series(dates), format="ISO8601").dt.to_period("M").dt.to_timestamp()
    span = pd.date_range("1990-01-01", "2040-01-01", freq="MS")
    counts = months.value_counts().reindex(span, fill_value=0)
    placebo = pd.date_range(first, last, freq="MS")
    keep = np.ones(len(placebo), dtype=bool)
    for start in starts if apart is None else apart:
        distance = (placebo.year - start.year) * 12 + placebo.month - start.month
        keep &= np.abs(distance) > 12
    placebo = placebo[keep]
    if len(placebo) < 2 * len(starts):
        raise MeasureError(f"count_ratio: {len(placebo)} placebo months for {len(starts)} starts; widen the period")

    def ratio(at: Iterable[pd.Timestamp]) -> float:
        before, after = _around(counts, at, width)
        return (after + 0.5) / (before + 0.5)

    generator = np.random.default_rng(seed)
    sides = np.array([_around(counts, [month], width) for month in placebo])
    drawn = np.array([sides[generator.choice(len(placebo), len(starts), replace=False)].sum(axis=0) for _ in range(draws)])
    usual = (drawn[:, 1] + 0.5) / (drawn[:, 0] + 0.5)
    low, middle, high = np.quantile(usual, [(1 - level) / 2, 0.5, (1 + level) / 2])
    observed = ratio(starts)
    return quantity(observed / middle, observed / high, observed / low, level, len(starts))
