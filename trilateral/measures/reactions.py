"""Days with an event around exercises: phases of a window, stratified rate ratios, shifted windows; reactions to acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError
from trilateral.measures.intervals import quantity
from trilateral.measures.rates import rate

OTHER, BEFORE, DURING, AFTER = "other", "before", "during", "after"


def merged(windows: pd.DataFrame) -> pd.DataFrame:
    """Windows that overlap or touch as one: start and end by day, both included, in order of time."""
    rows: list[list[pd.Timestamp]] = []
    for start, end in windows[["start", "end"]].sort_values("start").itertuples(index=False):
        if rows and start <= rows[-1][1] + pd.Timedelta(days=1):
            rows[-1][1] = max(rows[-1][1], end)
        else:
            rows.append([start, end])
    return pd.DataFrame(rows, columns=["start", "end"])


def phases(days: pd.DatetimeIndex, windows: pd.DataFrame, before: int = 30, after: int = 30) -> np.ndarray:
    """Phase of each day: before, during or after a window, or other.

    A day that is during one window and after another is during; a day before counts as such only if it lies in no other
    window or its aftermath.

    Parameters
    ----------
    days : DatetimeIndex
    windows : DataFrame
        start, end (days, both included).
    before, after : int
        Days.
    """
    phase = np.full(len(days), OTHER, dtype=object)
    spans = [(row.start, row.end) for row in windows.itertuples()]
    one = pd.Timedelta(days=1)
    for name, ends in (
        (BEFORE, [(s - before * one, s - one) for s, _ in spans]),
        (AFTER, [(e + one, e + after * one) for _, e in spans]),
        (DURING, spans),
    ):
        for since, until in ends:
            phase[(days >= since) & (days <= until)] = name
    return phase


def mantel_haenszel(hit: np.ndarray, exposed: np.ndarray, days: np.ndarray, days_exposed: np.ndarray) -> np.ndarray:
    """Ratio of rates pooled over strata (Rothman and Greenland's form of Mantel and Haenszel 1959).

    Parameters
    ----------
    hit, exposed : array of ..., strata
        Days with an event among the unexposed, and among the exposed.
    days, days_exposed : array of ..., strata
        All days of either kind.

    Returns
    -------
    array of ...
        nan where no stratum has both kinds of days and an event on the unexposed side.
    """
    total = np.where(days + days_exposed > 0, days + days_exposed, 1)
    above, below = (exposed * days / total).sum(axis=-1), (hit * days_exposed / total).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


@dataclass(frozen=True)
class Panel:
    """Days with their strata.

    Attributes
    ----------
    days : DatetimeIndex
    event : array of bool
        Whether the day had one.
    era : array of int
        From 0; -1 for days left out.
    season : array of int
        Month or quarter, from 0.
    """

    days: pd.DatetimeIndex
    event: np.ndarray
    era: np.ndarray
    season: np.ndarray

    @property
    def cells(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Year and stratum of each day, as numbers, and how many strata there are."""
        strata = self.era * (self.season.max() + 1) + self.season
        return self.days.year.to_numpy(), strata, int(strata.max() + 1)


def panel(events: pd.Series, start: str, end: str, eras: Sequence[tuple[int, int]], months: int = 1) -> Panel:
    """Days of a period with an event or without, in eras of whole years.

    Parameters
    ----------
    events : Series of dates
    start, end : str
        First and last day.
    eras : sequence of (int, int)
        First and last year of each; other years are left out.
    months : int
        Length of a season: 1 for months, 3 for quarters.
    """
    days = pd.date_range(start, end)
    years = days.year.to_numpy()
    era = np.full(len(days), -1)
    for number, (first, last) in enumerate(eras):
        era[(years >= first) & (years <= last)] = number
    kept = era >= 0
    days = days[kept]
    hit = days.isin(pd.to_datetime(events).dt.normalize())
    return Panel(days, np.asarray(hit), era[kept], (days.month.to_numpy() - 1) // months)


def tabulate(found: Panel, exposed: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, ...]:
    """Counts by year and stratum: events and days, among the reference and among the exposed.

    Returns
    -------
    years, four arrays of years by strata
        hit, exposed, days, days_exposed, as `mantel_haenszel` takes them.
    """
    years, strata, number = found.cells
    names, row = np.unique(years, return_inverse=True)
    place = row * number + strata

    def count(mask: np.ndarray) -> np.ndarray:
        return np.bincount(place[mask], minlength=len(names) * number).reshape(len(names), number).astype(float)

    return names, count(reference & found.event), count(exposed & found.event), count(reference), count(exposed)


def rate_change(
    found: Panel,
    exposed: np.ndarray,
    reference: np.ndarray | None = None,
    draws: int = 2000,
    seed: int = SEED,
    level: float = 0.95,
) -> Quantity:
    """Percent change of the rate of days with an event among exposed days, against others of the same season and era.

    The interval resamples years within eras. Where no exposed day had an event, resampling gives no upper end; it is then
    the exact Poisson limit of zero events over the number expected. Without a value where fewer than three years are exposed.

    Returns
    -------
    Quantity
        Percent; `n` is the number of exposed days in strata with both kinds of days.
    """
    exposed = np.asarray(exposed, bool)
    reference = ~exposed if reference is None else np.asarray(reference, bool)
    names, *tables = tabulate(found, exposed, reference)
    tables = np.stack(tables)
    sums = tables.sum(axis=1)
    both = (sums[2] > 0) & (sums[3] > 0)
    n = int(sums[3][both].sum())
    if (tables[3].sum(axis=1) > 0).sum() < 3:
        return Quantity(None, n=n, missing="exercises in fewer than three years, so that years cannot be resampled")
    value = float(mantel_haenszel(*sums))
    if not np.isfinite(value):
        return Quantity(None, n=n, missing="no test on comparable days without an exercise")
    era_of = dict(zip(found.days.year, found.era, strict=True))
    eras, rng = np.array([era_of[year] for year in names]), np.random.default_rng(seed)
    counts = np.zeros((draws, len(names)))
    for era in np.unique(eras):
        inside = np.flatnonzero(eras == era)
        counts[:, inside] = rng.multinomial(len(inside), np.full(len(inside), 1 / len(inside)), size=draws)
    ratios = mantel_haenszel(*(counts @ table for table in tables))
    ratios = ratios[np.isfinite(ratios)]
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    if not sums[1].sum():
        expected = (sums[0] * sums[3] / np.where(sums[2] > 0, sums[2], 1)).sum()
        high = rate(0, expected, level).high
    return quantity(100 * (value - 1), 100 * (low - 1), 100 * (high - 1), level, n)


def shifted(found: Panel, exposed: np.ndarray, draws: int = 2000, seed: int = SEED) -> np.ndarray:
    """Percent changes when the exposure of each year is moved round the year by a random number of days, one a draw."""
    exposed, rng = np.asarray(exposed, bool), np.random.default_rng(seed)
    years, strata, number = found.cells
    blocks = [np.flatnonzero(years == year) for year in np.unique(years)]
    event, ratios = found.event.astype(float), np.empty(draws)
    days = np.bincount(strata, minlength=number).astype(float)
    hits = np.bincount(strata, weights=event, minlength=number)
    moves = np.stack([rng.integers(0, len(block), size=draws) for block in blocks], axis=1)
    for draw in range(draws):
        moved = np.concatenate([np.roll(exposed[block], step) for block, step in zip(blocks, moves[draw], strict=True)])
        inside = np.bincount(strata[moved], minlength=number)
        inside_hits = np.bincount(strata[moved], weights=event[moved], minlength=number)
        ratios[draw] = mantel_haenszel(hits - inside_hits, inside_hits, days - inside, inside)
    return 100 * (ratios[np.isfinite(ratios)] - 1)


def monthly_change(found: Panel, exposed: np.ndarray, level: float = 0.95) -> Quantity:
    """The same change by negative binomial regression of months: days with an event on the share of exposed days.

    Month of the year and era are held; errors are clustered by year.
    """
    frame = pd.DataFrame(
        {
            "month": found.days.to_period("M"),
            "event": found.event,
            "exposed": np.asarray(exposed, bool),
            "era": found.era,
            "season": found.season,
        }
    )
    months = frame.groupby("month").agg(
        event=("event", "sum"),
        exposed=("exposed", "mean"),
        era=("era", "first"),
        season=("season", "first"),
        days=("event", "size"),
    )
    if months["exposed"].gt(0).groupby(months.index.year).any().sum() < 3:
        return Quantity(None, missing="exercises in fewer than three years")
    dummies = pd.get_dummies(months[["season", "era"]].astype(str), drop_first=True).astype(float)
    design = sm.add_constant(pd.concat([months["exposed"].astype(float), dummies], axis=1))
    fit = sm.GLM(
        months["event"],
        design,
        family=sm.families.NegativeBinomial(alpha=_alpha(months["event"], design)),
        offset=np.log(months["days"]),
    ).fit(cov_type="cluster", cov_kwds={"groups": months.index.year})
    low, high = fit.conf_int(alpha=1 - level).loc["exposed"]
    ends = (100 * np.expm1(np.clip(end, -20, 5)) for end in (fit.params["exposed"], low, high))
    return quantity(*ends, level, int(found.event[exposed].size and np.asarray(exposed).sum()))


def _alpha(counts: pd.Series, design: pd.DataFrame) -> float:
    """Overdispersion by the auxiliary regression of Cameron and Trivedi (1990, doi:10.1016/0304-4076(90)90014-K)."""
    mean = sm.GLM(counts, design, family=sm.families.Poisson()).fit().mu
    return float(max(sm.OLS(((counts - mean) ** 2 - counts) / mean, mean).fit().params.iloc[0], 1e-3))


def thinned(acts: pd.DataFrame, days: int = 14) -> pd.DataFrame:
    """Acts of one class in order of time, those within so many days of the last one kept left out."""
    rows, last = [], None
    for act in acts.sort_values("day").itertuples():
        if last is None or (act.day - last).days > days:
            rows.append(act.Index)
            last = act.day
    return acts.loc[rows]


def around(acts: pd.DataFrame, tests: pd.Series, days: int = 14, before: int = 30) -> pd.DataFrame:
    """Whether a test followed or preceded each act.

    Parameters
    ----------
    acts : DataFrame
        `day` of the start.
    tests : Series of dates
        Days with a test.

    Returns
    -------
    DataFrame
        The acts with `followed` (a test on one of the days after the start), `preceded` (on one of as many days before it)
        and `earlier` (days with a test in the `before` days before it).
    """
    tested = np.unique(pd.to_datetime(tests).to_numpy("datetime64[D]"))
    start = acts["day"].to_numpy("datetime64[D]")

    def inside(low: int, high: int) -> np.ndarray:
        return np.searchsorted(tested, start + high, side="right") - np.searchsorted(tested, start + low, side="left")

    return acts.assign(followed=inside(1, days) > 0, preceded=inside(-days, -1) > 0, earlier=inside(-before, -1))


def difference(
    acts: pd.DataFrame,
    group: pd.Series,
    eras: Sequence[int] = (2018, 2022),
    adjusted: str = "tests before",
    level: float = 0.95,
) -> Quantity:
    """Probability that a test follows an act of one class less that of the other, percentage points.

    Linear regression with errors clustered by quarter (statsmodels), eras held.

    Parameters
    ----------
    acts : DataFrame
        As `around` returns it.
    group : Series of bool
        True for the first class.
    eras : sequence of int
        First years of the second and later eras.
    adjusted : {"tests before", "after less before"}
        Hold the logarithm of one plus days with a test in the days before, or take the difference after less before.

    Raises
    ------
    MeasureError
        Unknown `adjusted`, or a class without acts.
    """
    if adjusted not in ("tests before", "after less before"):
        raise MeasureError(f"reactions: unknown adjustment {adjusted!r}; choose tests before or after less before")
    group = group.to_numpy(bool)
    if group.all() or not group.any():
        raise TooFewError("reactions: one class has no act")
    era = np.searchsorted(eras, acts["day"].dt.year, side="right")
    columns = [np.ones(len(acts)), group.astype(float), *[(era == e).astype(float) for e in np.unique(era)[1:]]]
    y = acts["followed"].astype(float).to_numpy()
    if adjusted == "tests before" and acts["earlier"].nunique() > 1:
        columns.append(np.log1p(acts["earlier"].to_numpy(float)))
    elif adjusted == "after less before":
        y = y - acts["preceded"].astype(float).to_numpy()
    quarters = pd.factorize(acts["day"].dt.to_period("Q"))[0]
    fit = sm.OLS(y, np.column_stack(columns)).fit(cov_type="cluster", cov_kwds={"groups": quarters}, use_t=True)
    low, high = fit.conf_int(alpha=1 - level)[1]
    return quantity(100 * fit.params[1], 100 * low, 100 * high, level, len(acts))
