"""Levels of a rule over time: their mean, the share of days at a level, and both with uncertain starts."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST_DAYS = 60


def daily(spells: pd.DataFrame, since: str, until: str) -> pd.DataFrame:
    """Level of a rule day by day.

    Parameters
    ----------
    spells : DataFrame
        One row a spell of one rule: iso3, start, end (days, both included), level.

    Returns
    -------
    DataFrame
        One row a day, one column a country; missing where a day is in no spell.
    """
    days = pd.date_range(since, until)
    levels = pd.DataFrame(np.nan, index=days, columns=sorted(spells["iso3"].unique()))
    for spell in spells.itertuples():
        levels.loc[spell.start:spell.end, spell.iso3] = spell.level
    return levels


def mean_level(levels: pd.DataFrame, least: int = LEAST_DAYS) -> pd.Series:
    """Mean level of the days coded; missing where fewer than `least` are."""
    return levels.mean().where(levels.notna().sum() >= least)


def share_at(levels: pd.DataFrame, level: float, least: int = LEAST_DAYS) -> pd.Series:
    """Share of the days coded that are at a level; missing where fewer than `least` are."""
    return levels.eq(level).where(levels.notna()).mean().where(levels.notna().sum() >= least)


def shifted(spells: pd.DataFrame, since: str, until: str, draws: int, rng: np.random.Generator, level: float | None = None,
            most: int = 14) -> pd.DataFrame:
    """Mean level, or share of days at a level, when every change of a rule came up to some days earlier or later.

    Parameters
    ----------
    spells : DataFrame
        As for `daily`; the spells of a country follow each other without a gap up to `until`.
    level : float, optional
        Take the share of days at this level rather than the mean level.
    most : int
        Days by which a change is moved at most, each way, uniform; a country's changes keep their order.

    Returns
    -------
    DataFrame
        One row a draw, one column a country.
    """
    first, last = pd.Timestamp(since), pd.Timestamp(until)
    length, found = (last - first).days + 1, {}
    for iso3, own in spells.sort_values("start").groupby("iso3"):
        starts = (own["start"] - first).dt.days.to_numpy()
        moved = np.tile(starts.astype(float), (draws, 1))
        moved[:, 1:] += rng.integers(-most, most + 1, (draws, len(starts) - 1))  # the first spell has no start but the record's
        moved = np.maximum.accumulate(np.clip(moved, min(starts[0], 0), length), axis=1)
        begin = np.clip(moved, 0, length)
        days = np.diff(np.column_stack([begin, np.full(draws, length)]), axis=1)
        value = own["level"].to_numpy(float) if level is None else own["level"].eq(level).to_numpy(float)
        found[iso3] = (days * value).sum(axis=1) / days.sum(axis=1)
    return pd.DataFrame(found)
