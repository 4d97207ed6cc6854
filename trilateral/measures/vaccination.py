"""Days on which vaccine doses reach a threshold, with the doubt that gaps between reports and two populations leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trilateral.measures import TooFewError

CLOCK = pd.Timestamp("2020-12-02")  # first authorization, United Kingdom
NEVER = np.inf


def days_to(dates: pd.DataFrame, threshold: int, population: str, countries: Sequence[str], day: str = "date") -> pd.Series:
    """Days from the first authorization to a threshold; infinite where it was never reached.

    Parameters
    ----------
    dates : DataFrame
        One row a country, population and threshold: iso3, population, doses_per_100, date (first day at the threshold),
        last_report_below.
    threshold : int
        Doses per 100 people.
    population : str
        Whose population divides the doses; a country that lacks it has that of The Economist.
    day : str
        ``date`` or ``last_report_below``.

    Raises
    ------
    MeasureError
        The table does not have the threshold: nobody would have reached it.
    """
    if threshold not in (known := sorted(dates["doses_per_100"].unique())):
        raise TooFewError(f"days to {threshold} doses per 100 people are not known; the table has "
                          f"{', '.join(map(str, known))}")
    held = dates.groupby("iso3")["population"].agg(set)
    wanted = {iso3: population if population in held.get(iso3, ()) else "economist" for iso3 in countries}
    rows = dates[(dates["doses_per_100"] == threshold) & (dates["population"] == dates["iso3"].map(wanted))]
    return (rows.set_index("iso3")[day] - CLOCK).dt.days.reindex(list(countries)).fillna(NEVER).astype(float)


def drawn_days(dates: pd.DataFrame, threshold: int, countries: Sequence[str], draws: int,
               rng: np.random.Generator) -> np.ndarray:
    """Draws of the day a threshold is reached: a population, then a moment since the last report below it.

    Returns
    -------
    array, draws by countries
        Days from the first authorization, uniform between the last report below the threshold and the day it is
        reached; infinite where it never is.
    """
    low, high = (np.column_stack([days_to(dates, threshold, population, countries, day)
                                  for population in ("economist", "jhu")]) for day in ("last_report_below", "date"))
    chosen = rng.integers(0, 2, (draws, len(countries)))
    row = np.arange(len(countries))
    first, last = low[row, chosen], high[row, chosen]
    reached = np.isfinite(last)
    span = np.where(reached, last, 0) - np.where(reached, first, 0)
    return np.where(reached, last - rng.random(last.shape) * span, NEVER)
