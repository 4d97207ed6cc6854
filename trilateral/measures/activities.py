"""Activities of a partnership: their acts, the spells for which they last, and the half-years of each spell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trilateral.measures import SEED, MeasureError
from trilateral.measures.dates import DAYS_A_MONTH
from trilateral.measures.dates import days as days_of
from trilateral.measures.survival import share

MOVES = {
    "content": ("content",),
    "purpose": ("purpose",),
    "sensitivity": ("sensitivity",),
    "all": ("content", "purpose", "sensitivity"),
}
NEAR = 45  # days within which a spread meeting is the same as a dated one


def coded(activities: pd.DataFrame, moved: str = "none", named: str = "names_any") -> pd.DataFrame:
    """Classes of activities, doubtful codes kept or moved to the other class by the code book.

    Parameters
    ----------
    activities : DataFrame
        One row an activity: activity, content, names_any, names_joint, sensitivity and the three columns of doubt.
    moved : {"none", "content", "purpose", "sensitivity", "all"}
        Which doubtful codes go to the other class.
    named : {"names_any", "names_joint"}
        Whose words count for the purpose.

    Returns
    -------
    DataFrame
        The activities with content and sensitivity as moved, and `threat` (names an adversary), `capability` (functional,
        names none) and `purpose` as columns.

    Raises
    ------
    MeasureError
        Unknown `moved` or `named`.
    """
    if moved != "none" and moved not in MOVES:
        raise MeasureError(f"activities: unknown move {moved!r}; choose none or one of {', '.join(MOVES)}")
    if named not in ("names_any", "names_joint"):
        raise MeasureError(f"activities: unknown purpose {named!r}; choose names_any or names_joint")
    table, parts = activities.copy(), MOVES.get(moved, ())
    if "content" in parts:
        other = table["content"].map({"directed": "functional", "functional": "general", "general": "general"})
        table["content"] = table["content"].where(table["content_doubtful"] == 0, other)
    threat = table[named].astype(bool)
    if "purpose" in parts:
        threat = threat ^ (table["purpose_doubtful"] == 1)
    if "sensitivity" in parts:
        other = table["sensitivity"].map({"large": "small-new", "small-new": "large", "other": "small-new"})
        table["sensitivity"] = table["sensitivity"].where(table["sensitivity_doubtful"] == 0, other)
    # capability-based asks that nobody names an adversary, whoever's words count for the threat
    nobody = ~(threat | table["names_any"].astype(bool)) if "purpose" not in parts else ~threat
    table["threat"], table["capability"] = threat, (table["content"] == "functional") & nobody
    table["purpose"] = np.select([table["threat"], table["capability"]], ["threat-framed", "capability-based"], "neither")
    return table


def acts(activities: pd.DataFrame, milestones: pd.DataFrame) -> pd.DataFrame:
    """Acts of each activity: its milestones that took place.

    Returns
    -------
    DataFrame
        One row an act: series (the activity), id, year, day (missing where only the year is known), last (its last day),
        precision, level, checked.
    """
    pairs = activities.assign(id=activities["milestones"].str.split()).explode("id")[["activity", "id"]]
    rows = pairs.merge(milestones, on="id").query("announced_only == 0")
    day = days_of(rows["date"]).where(rows["date_precision"] != "year")
    return pd.DataFrame(
        {
            "series": rows["activity"],
            "id": rows["id"],
            "year": rows["date"].astype(str).str[:4].astype(int),
            "day": day,
            "last": pd.to_datetime(rows["date_end"]).fillna(day),
            "precision": rows["date_precision"],
            "level": rows["level"],
            "checked": rows["checked"],
        }
    ).sort_values(["series", "year", "day"], ignore_index=True)


def at_mid_year(found: pd.DataFrame) -> pd.DataFrame:
    """Acts with those known to the year alone put on its first of July, so that a year with an act is no silent one.

    Parameters
    ----------
    found : DataFrame
        As `acts` returns it; day is missing where only the year is known.
    """
    middle = pd.to_datetime(found["year"].astype(str) + "-07-01")
    return found.assign(day=found["day"].fillna(middle), last=found["last"].fillna(middle))


def with_spread(found: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    """Acts with meetings of a known number and unknown date added, where no dated act is near.

    Parameters
    ----------
    found : DataFrame
        As `acts` returns it.
    spread : DataFrame
        One row a numbered meeting: series, day.
    """
    days = found.groupby("series")["day"].apply(lambda d: d.dropna().to_numpy())
    spread = spread.assign(day=spread["day"].dt.normalize())
    new = [
        not (abs(days[row.series] - np.datetime64(row.day)) <= np.timedelta64(NEAR, "D")).any() for row in spread.itertuples()
    ]
    added = spread[new].assign(
        year=lambda d: d["day"].dt.year, last=lambda d: d["day"], precision="spread", checked="two-sources", id=""
    )
    return pd.concat([found, added], ignore_index=True).sort_values(["series", "year", "day"], ignore_index=True)


def spells(found: pd.DataFrame, end: str, lapse: int = 24) -> pd.DataFrame:
    """Spells in which a series was held: from its first act until so many months pass without one.

    Parameters
    ----------
    found : DataFrame
        One row an act: series, day.
    end : str
        Last day of the record.
    lapse : int
        Months without an act after which a spell has ended; it ends when they are over.

    Returns
    -------
    DataFrame
        One row a spell: series, start, end, lapsed (1 or 0), acts, first (first act of the series).
    """
    last, rows = pd.Timestamp(end), []
    wait = pd.DateOffset(months=lapse)
    for series, days in found.dropna(subset=["day"]).groupby("series")["day"]:
        days = sorted(day for day in days if day <= last)
        if not days:
            continue
        start, count = days[0], 1
        for before, after in zip(days, [*days[1:], None], strict=True):
            if after is not None and after <= before + wait:
                count += 1
                continue
            over = before + wait
            rows.append((series, start, min(over, last), int(over <= last), count, days[0]))
            start, count = after, 1
    return pd.DataFrame(rows, columns=["series", "start", "end", "lapsed", "acts", "first"])


def half_years(table: pd.DataFrame, turnovers: pd.Series, after: int = 0, lag: int = 0) -> pd.DataFrame:
    """The half-years of each spell, for a hazard in discrete time.

    Parameters
    ----------
    table : DataFrame
        As `spells` returns it.
    turnovers : Series of dates
    after : int
        Leave out the first so many half-years of a spell.
    lag : int
        Count the turnovers of a half-year so many months earlier: a lapse is dated when the wait is over, and what may have
        stopped the series came before the wait.

    Returns
    -------
    DataFrame
        One row a half-year that is complete, or in which the spell ended: series, since, until, lapsed, age (logarithm of
        half-years since the first act of the series, the current one counted), changes (turnovers in it).
    """
    dates, parts = np.sort(pd.to_datetime(pd.Series(turnovers)).to_numpy("datetime64[D]")), []
    for spell in table.itertuples():
        months = (
            (spell.end.year - spell.start.year) * 12 + spell.end.month - spell.start.month - (spell.end.day < spell.start.day)
        )
        number = -(-months // 6) if spell.lapsed else months // 6
        if number <= after:
            continue
        # a spell that began on one of the last days of a month has its half-years begin on the 28th
        edges = (
            (np.datetime64(spell.start, "M") + 6 * np.arange(after, number + 1)).astype("datetime64[D]")
            + min(spell.start.day, 28)
            - 1
        )
        age = (edges[1:] - np.datetime64(spell.first, "D")).astype(float) / (365.25 / 2)
        parts.append(
            pd.DataFrame(
                {
                    "series": spell.series,
                    "since": edges[:-1],
                    "until": edges[1:],
                    "lapsed": np.r_[np.zeros(number - after - 1, int), spell.lapsed],
                    "age": np.log(np.maximum(age, 1)),
                    "changes": np.diff(np.searchsorted(dates, edges - round(lag * DAYS_A_MONTH))),
                }
            )
        )
    columns = ["series", "since", "until", "lapsed", "age", "changes"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def interruptions(found: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Years in which a series was held, and whether the next one saw it too.

    Returns
    -------
    DataFrame
        One row a series and year of holding from `first` to `last`: series, year, interrupted (1 if not held the year after).
    """
    held = found[["series", "year"]].drop_duplicates()
    years = set(map(tuple, held.to_numpy()))
    kept = held[held["year"].between(first, last)]
    return kept.assign(interrupted=[int((series, year + 1) not in years) for series, year in kept.to_numpy()]).reset_index(
        drop=True
    )


def again(found: pd.DataFrame, turnovers: pd.Series, end: str, lookback: int = 24, horizon: int = 24) -> pd.DataFrame:
    """Series held before each turnover, and when they were next held: `survival.at_risk`, fast enough for thousands of draws.

    Parameters
    ----------
    found : DataFrame
        One row an act: series, day.
    turnovers : Series of dates
    end : str
        Last day of the record.
    lookback, horizon : int
        Months before, in which a series must have been held, and months followed.

    Returns
    -------
    DataFrame
        One row a series and turnover: series, turnover, months, again.
    """
    dates, since, at, until = _windows(turnovers, end, lookback, horizon)
    name, place = np.unique(found["series"].to_numpy(str), return_inverse=True)
    met, months, held = _met(place, found["day"].to_numpy("datetime64[D]").astype(int), len(name), since, at, until)
    row, column = np.nonzero(met)
    return pd.DataFrame(
        {"series": name[row].astype(object), "turnover": dates[column], "months": months[met], "again": held[met].astype(int)}
    )


def gaps_with_lost(
    found: pd.DataFrame,
    lost: pd.DataFrame,
    single: pd.Series,
    groups: tuple[set[str], set[str]],
    turnovers: pd.Series,
    end: str,
    horizon: int,
    loss: float,
    more: int,
    draws: int = 500,
    seed: int = SEED,
) -> np.ndarray:
    """Gap in the share held again between two groups of series if acts had been missed, one a draw.

    Parameters
    ----------
    found : DataFrame
        Acts of series: series, day.
    lost : DataFrame
        Acts of the time when some were missed: series, day, level. At each level as many are added as if a share `loss` of all
        were missing, each to a series at random in proportion to its acts, on a random day from its first act on.
    single : Series of dates
        First act of each series that has one alone; it is held `more` times more, on random days up to the end.
    groups : pair of sets of str
        The gap is that of the first less that of the second, percentage points.
    """
    _, since, at, until = _windows(turnovers, end, 24, horizon)
    name, place = np.unique(found["series"].to_numpy(str), return_inverse=True)
    day, rng = found["day"].to_numpy("datetime64[D]").astype(int), np.random.default_rng(seed)
    until_lost = lost["day"].max().to_datetime64().astype("datetime64[D]").astype(int)
    first = lost.groupby("series")["day"].transform("min").to_numpy("datetime64[D]").astype(int)
    levels = [np.flatnonzero(lost["level"] == level) for level in sorted(lost["level"].unique())]
    of_lost = np.searchsorted(name, lost["series"].to_numpy(str))
    of_single = np.repeat(np.searchsorted(name, single.index.to_numpy(str)), more)
    from_single = np.repeat(single.to_numpy("datetime64[D]").astype(int), more)
    last = np.datetime64(end, "D").astype(int)
    one, two = (np.isin(name, list(group)) for group in groups)
    gaps = np.empty(draws)
    for draw in range(draws):
        added = np.concatenate([rng.choice(level, round(len(level) * loss / (1 - loss))) for level in levels])
        days = np.concatenate(
            [
                day,
                first[added] + (rng.random(len(added)) * (until_lost - first[added])).astype(int),
                from_single + (rng.random(len(from_single)) * (last - from_single)).astype(int),
            ]
        )
        met, months, held = _met(np.concatenate([place, of_lost[added], of_single]), days, len(name), since, at, until)
        shares = [share(months[met & group[:, None]], held[met & group[:, None]], horizon) for group in (one, two)]
        gaps[draw] = shares[0] - shares[1]
    return gaps


def _windows(
    turnovers: pd.Series, end: str, lookback: int, horizon: int
) -> tuple[pd.DatetimeIndex, np.ndarray, np.ndarray, np.ndarray]:
    """Turnovers before the end, and per turnover the days from which, at which and until which is counted, as numbers."""
    dates = pd.DatetimeIndex(sorted(pd.to_datetime(turnovers)))
    dates = dates[dates < pd.Timestamp(end)]
    ends = (dates - pd.DateOffset(months=lookback), dates, np.minimum(dates + pd.DateOffset(months=horizon), pd.Timestamp(end)))
    return dates, *(pd.DatetimeIndex(each).to_numpy("datetime64[D]").astype(int) for each in ends)


def _met(
    place: np.ndarray, day: np.ndarray, number: int, since: np.ndarray, at: np.ndarray, until: np.ndarray
) -> tuple[np.ndarray, ...]:
    """For each series and turnover: whether held before, months to the next act or the end, whether held again."""
    far = 10**6  # days; a series' acts lie on a stretch of their own
    keys = np.sort(place * far + day)
    base = far * np.arange(number)[:, None]
    here = np.searchsorted(keys, base + at)
    following = np.append(keys, np.iinfo(np.int64).max)[here] - base
    held = following <= until
    months = (np.where(held, following, until) - at) / DAYS_A_MONTH
    return here > np.searchsorted(keys, base + since), months, held
