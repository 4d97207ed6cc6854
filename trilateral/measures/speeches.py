"""Priority of North Korea over China in speeches of the UN General Debate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, averages
from trilateral.measures.intervals import fold, quantity

UNITS = {"words": ("n", "words", 1000), "sentences": ("s", "sentences", 100)}
BOOTSTRAP_DRAWS = 4000


def priority(terms: pd.DataFrame, unit: str = "words") -> pd.DataFrame:
    """How much more a speech says of North Korea than of China.

    Parameters
    ----------
    terms : DataFrame
        Table un_speech_terms: one row a country-year, with words, sentences, n_dprk, n_china (mentions),
        s_dprk, s_china (sentences that mention).
    unit : {"words", "sentences"}
        Mentions per 1,000 words, or percent of sentences.

    Returns
    -------
    DataFrame
        One row a country-year: iso3, year, north_korea, china, priority (north_korea - china).

    Raises
    ------
    MeasureError
        Unknown unit, or a country-year that occurs twice.
    """
    if unit not in UNITS:
        raise MeasureError(f"speeches: unknown unit {unit!r}; choose words or sentences")
    stem, total, per = UNITS[unit]
    doubled = terms.duplicated(["iso3", "year"])
    if doubled.any():
        row = terms.loc[doubled].iloc[0]
        raise MeasureError(f"un_speech_terms: {row['iso3']} {row['year']} occurs twice; one row a country-year")
    length = terms[total].where(terms[total] > 0).astype(float)
    rate = {
        name: per * terms[f"{stem}_{term}"] / length for name, term in (("north_korea", "dprk"), ("china", "china"))
    }
    return (
        terms[["iso3", "year"]]
        .assign(**rate, priority=rate["north_korea"] - rate["china"])
        .sort_values(["iso3", "year"], ignore_index=True)
    )


def _matrix(priority_frame: pd.DataFrame, countries: Sequence[str], years: Iterable[int] | None) -> pd.DataFrame:
    """Priority, one row a year in which all countries spoke, one column a country."""
    if unknown := sorted(set(countries) - set(priority_frame["iso3"])):
        raise MeasureError(f"speeches: no rows for country {', '.join(unknown)}")
    wide = priority_frame.pivot(index="year", columns="iso3", values="priority")[list(countries)].astype(float).dropna()
    if years is not None:
        years = list(range(years[0], years[1] + 1)) if isinstance(years, tuple) else list(years)
        wide = wide[wide.index.isin(years)]
    if len(wide) < 2 or wide.to_numpy().std() == 0:
        raise MeasureError(
            f"speeches: {len(wide)} years in which {', '.join(countries)} all spoke, and their priorities "
            "must differ; widen `years`"
        )
    return wide


def standardized_gap(
    priority_frame: pd.DataFrame,
    country: str,
    partners: Sequence[str],
    years: tuple[int, int] | Iterable[int],
    method: str = "t",
    level: float = 0.95,
    seed: int = SEED,
) -> pd.DataFrame:
    """Mean difference in priority between a country and each partner, in standard deviations.

    The unit is the standard deviation of all country-years of the country and its partners within `years`.

    Parameters
    ----------
    priority_frame : DataFrame
        What `priority` returns.
    country : str
    partners : sequence of str
    years : (first, last), or a list or range of years
        A tuple is a first and last year, both included. Years in which one of them is missing are left out.
    method : {"t", "newey-west", "bootstrap"}
        Interval of the mean of the yearly differences with the standard deviation taken as known, or the
        percentile bootstrap over years, which computes the deviation anew in each draw.

    Returns
    -------
    DataFrame
        One row a partner: partner, gap (country - partner, sign kept), low, high (standard deviations),
        level, n (years).

    Raises
    ------
    MeasureError
        Unknown country or method, or fewer than two years.
    """
    wide = _matrix(priority_frame, [country, *partners], years)
    values = wide.to_numpy()
    spread = values.std(ddof=1)
    draws = np.random.default_rng(seed).integers(len(wide), size=(BOOTSTRAP_DRAWS, len(wide)))
    rows = []
    for column, partner in enumerate(partners, start=1):
        if method == "bootstrap":
            gap = (values[:, 0] - values[:, column]).mean() / spread
            sample = values[draws]
            deviation = sample.reshape(len(sample), -1).std(axis=1, ddof=1)
            gaps = (sample[:, :, 0] - sample[:, :, column]).mean(axis=1) / np.where(deviation > 0, deviation, np.nan)
            low, high = np.nanquantile(gaps, [(1 - level) / 2, (1 + level) / 2])
            estimate = quantity(gap, low, high, level, len(wide))
        else:
            estimate = averages.difference(wide[country] / spread, wide[partner] / spread, method=method, level=level)
        rows.append((partner, estimate.value, estimate.low, estimate.high, level, len(wide)))
    return pd.DataFrame(rows, columns=["partner", "gap", "low", "high", "level", "n"])


def largest(gaps: pd.DataFrame) -> Quantity:
    """The largest gap in absolute value, its interval folded at zero.

    That the largest was picked is not in the interval, which is thus a little too favorable to a gap.

    Parameters
    ----------
    gaps : DataFrame
        What `standardized_gap` returns.
    """
    row = gaps.loc[gaps["gap"].abs().idxmax()]
    low, high = fold(row["low"], row["high"])
    return quantity(abs(row["gap"]), float(low), float(high), row["level"], row["n"])


def divergence(
    priority_frame: pd.DataFrame,
    country: str,
    partners: Sequence[str],
    years: tuple[int, int] | Iterable[int] | None = None,
) -> pd.Series:
    """Largest absolute difference in priority between a country and a partner, year by year.

    Returns
    -------
    Series
        Index year, in standard deviations of all country-years of the country and its partners within
        `years`.

    Raises
    ------
    MeasureError
        As `standardized_gap`.
    """
    wide = _matrix(priority_frame, [country, *partners], years)
    widest = wide[list(partners)].sub(wide[country], axis=0).abs().max(axis=1)
    return (widest / wide.to_numpy().std(ddof=1)).rename("divergence")
