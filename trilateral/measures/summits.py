"""What happens in the half-year after meetings, against windows without one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trilateral.measures import SEED, TooFewError

SPAN = 183  # days of a window
REACH = 1096  # days on either side in which windows without a meeting may begin


def around(meetings: Sequence, others: pd.Series, end: str, begin: str = "1999-01-01", before: bool = False) -> pd.DataFrame:
    """Other events in the window after each meeting, and the mean of windows nearby without one.

    A window without one neither holds a meeting nor begins within its own length after one. Meetings whose window had not
    ended are left out.

    Parameters
    ----------
    meetings : sequence of dates
    others : Series of dates
        Of the events that are counted.
    end, begin : str
        Last and first day of the record.
    before : bool
        Count the window before each meeting in place of that after it, as a placebo.

    Returns
    -------
    DataFrame
        One row a meeting: day, after, without.
    """
    marks, lower = np.array(meetings, dtype="datetime64[D]"), np.sort(others.to_numpy("datetime64[D]"))
    span, none, rows = np.timedelta64(SPAN, "D"), np.timedelta64(0, "D"), []

    def inside(begins: np.ndarray) -> np.ndarray:
        return np.searchsorted(lower, begins + span, "right") - np.searchsorted(lower, begins, "right")

    for day in marks[marks + span <= np.datetime64(end)]:
        begins = np.arange(day - np.timedelta64(REACH, "D"), day + np.timedelta64(REACH, "D"))
        begins = begins[(begins >= np.datetime64(begin)) & (begins + span <= np.datetime64(end))]
        apart = begins[:, None] - marks[None, :]
        clean = ~(((apart <= none) & (apart >= -span)) | ((apart > none) & (apart < span))).any(axis=1)
        if clean.any():
            rows.append((day, int(inside(np.array([day - span if before else day]))[0]), inside(begins[clean]).mean()))
    return pd.DataFrame(rows, columns=["day", "after", "without"])


def percent_more(frame: pd.DataFrame, draws: int = 4000, seed: int = SEED, runs: bool = False) -> tuple[float, float, float]:
    """Percent more events after meetings than without, all together, with the interval of resampled meetings.

    Parameters
    ----------
    frame : DataFrame
        As `around` returns it.
    draws, seed : int
    runs : bool
        Resample runs of meetings whose windows overlap, which share events, in place of single meetings.

    Returns
    -------
    value, low, high : float
        Percent; the interval is the 95 percent percentile bootstrap over meetings, or over runs.

    Raises
    ------
    MeasureError
        No meeting has both windows.
    """
    if frame.empty:
        raise TooFewError("summits: no meeting has a window after it and one without")
    if runs:
        run = (frame["day"].diff().dt.days > SPAN).cumsum()
        frame = frame.groupby(run)[["after", "without"]].sum()
    drawn = np.random.default_rng(seed).integers(0, len(frame), size=(draws, len(frame)))
    after, without = frame["after"].to_numpy(), frame["without"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):  # draws without an event on either side say nothing
        ratios = after[drawn].sum(axis=1) / without[drawn].sum(axis=1)
        low, high = np.quantile(100 * (ratios[~np.isnan(ratios)] - 1), [0.025, 0.975])
    return float(100 * (after.sum() / without.sum() - 1)), float(low), float(high)
