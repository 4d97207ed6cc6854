"""How far a recommendation was taken up: the ladder of uptake, computed from dated acts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from trilateral.measures import MeasureError

ACTS = ("signed", "held", "standing", "text")
NOTHING = "not-found"


def day(dates: pd.Series) -> pd.Series:
    """ISO dates as precise as known, at the first day they can mean."""
    return pd.to_datetime(dates.astype("string").str.ljust(10).map(
        lambda text: text.strip() + "0001-01-01"[len(text.strip()):], na_action="ignore"), format="%Y-%m-%d")


def after_changes(first: pd.Timestamp, turnovers: pd.DataFrame, capitals: int = 2) -> pd.Timestamp | None:
    """Day on which the head of government has changed in that many capitals since an act; None if not yet.

    Parameters
    ----------
    first : Timestamp
        The act.
    turnovers : DataFrame
        One row a change of head of government, columns `iso3` and `date`.
    """
    since = turnovers[turnovers["date"] > first].groupby("iso3")["date"].min().sort_values()
    return since.iloc[capitals - 1] if len(since) >= capitals else None


def rung(acts: pd.DataFrame, at: pd.Timestamp, turnovers: pd.DataFrame, *, after: pd.Timestamp | None = None,
         running: int = 24, doubtful: bool = False, confirmed: bool = False) -> int:
    """Rung of one item on the ladder of uptake: 0 nothing, 1 announced, 2 done once, 3 repeated, 4 lasting.

    Parameters
    ----------
    acts : DataFrame
        Rows of one item: `record` (announced, signed, held, standing, text, not-found), `date` (ISO, as precise as
        known), `others` and `doubtful` (0 or 1); `day`, if there, saves reading the dates again.
    at : Timestamp
        The day of judgment; later rows are not read.
    turnovers : DataFrame
        Changes of head of government of the three, `iso3` and `date`.
    after : Timestamp, optional
        Only acts after this day count; all if not given.
    running : int
        Months before `at` within which a repeated thing must have been done to count as running.
    doubtful : bool
        Count doubtful acts, those in which other states took part, and what already stood before `after` as standing
        once there is a later act under it.
    confirmed : bool
        What stands is not presumed in force: it lasts only if a later act or text came after both changes.

    Returns
    -------
    int
        Texts and meetings reach 4 only by way of 3; what stands, an agreement or a link, need not be repeated.

    Raises
    ------
    MeasureError
        No row: an item that nobody looked for has no rung.
    """
    if acts.empty:
        raise MeasureError("an item without a row was not looked for, and has no rung; add the search and its result")
    rows = acts[acts["record"] != NOTHING]
    rows = rows if "day" in rows else rows.assign(day=day(rows["date"]))
    rows = rows[rows["day"] <= at]
    stood = doubtful and after is not None and (rows["record"].eq("standing") & (rows["day"] <= after)).any()
    rows = rows if after is None else rows[rows["day"] > after]
    if not doubtful:
        rows = rows[(rows["doubtful"] == 0) & (rows["others"] == 0)]
    done = rows[rows["record"].isin(ACTS)]
    if done.empty:
        return int(len(rows) > 0)
    repeatable = done[done["record"].isin(["held", "text"])]
    standing = stood or (done["record"] == "standing").any()
    if len(repeatable) < 2 and not standing:
        return 2
    changed = after_changes(done["day"].min(), turnovers)
    if changed is None or changed > at:
        return 3
    last = done["day"].max()
    if standing:
        return 4 if not confirmed or last >= changed else 3
    return 4 if last > at - pd.DateOffset(months=running) and last >= changed else 3


def rungs(acts: pd.DataFrame, items: list[str], at: pd.Timestamp, turnovers: pd.DataFrame, **choices) -> pd.Series:
    """Rung of several items, named by item; see `rung`.

    Raises
    ------
    MeasureError
        An item has no row; the message names it.
    """
    if unsought := sorted(set(items) - set(acts["item"])):
        raise MeasureError(f"no row for {', '.join(unsought)}: an item without a row was not looked for, and has no rung; "
                           "add the search and its result")
    return pd.Series({item: rung(acts[acts["item"] == item], at, turnovers, **choices) for item in items}, dtype=int)


def of_projects(acts: pd.DataFrame) -> pd.DataFrame:
    """Acts without those whose `same_as` names another row: a project is one act, however many meetings it has.

    Parameters
    ----------
    acts : DataFrame
        Rows with `id` and `same_as`.
    """
    return acts[~acts["same_as"].isin(acts["id"])]


def looked_for(acts: pd.DataFrame, items: Iterable[str]) -> int:
    """Number of items that were searched by name, found or not: those with a row.

    Parameters
    ----------
    acts : DataFrame
        Rows with `item`.
    """
    return len(set(items) & set(acts["item"]))
