"""What the independent checks share: the tables as a database, and the quantities that the built book states."""

from __future__ import annotations

import ast
import calendar
import csv
import datetime
import json
import math
import random
import re
import sqlite3
import statistics
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from scipy import stats

from trilateral.claims import register

ROOT = Path(__file__).parents[1]
LEDGER = ROOT / "_build" / "html" / "ledger.json"
MOMENTS = ("written", "now")

built = pytest.mark.skipif(not LEDGER.is_file(), reason="the book is not built: run make book before make test")


@cache
def published() -> dict:
    """Claims of the built book by id; none where it is not built."""
    return {claim["id"]: claim for claim in json.loads(LEDGER.read_text())["claims"]} if LEDGER.is_file() else {}


COMPARED: dict[tuple[str, str, str, str], float] = {}
"""Claim, reading, quantity and part of what tests of this process computed again, with the smallest tolerance of all tests."""


OWN: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
"""By claim and reading, the numbers of these tests that were found near enough to those of the book."""

NEAR_A_THRESHOLD: dict[tuple[str, str], str] = {}
"""Claim and reading whose rule may say another thing of the tests' own numbers, and why chance alone can do that."""


def compared(name: tuple, tolerance: float, own: float) -> None:
    """Note that a number of the book was computed again within a tolerance, and ask the rule what it says of the second one."""
    COMPARED[name] = min(COMPARED.get(name, math.inf), float(tolerance))
    claim, moment, *part = name
    if claim not in published():
        return
    held = OWN.setdefault((claim, moment), {})
    number = published()[claim][moment]["quantities"][part[0]][part[1]]
    held[tuple(part)] = number if math.isclose(own, number, rel_tol=1e-9, abs_tol=1e-9) else float(own)
    said, says = published()[claim][moment]["verdict"], decided(claim, moment, held)
    allowed = said == says or (claim, moment) in NEAR_A_THRESHOLD
    assert allowed, f"{claim}, {moment}: the book says {said}, of {held} its rule says {says}"


def decided(claim: str, moment: str, numbers: dict[tuple[str, str], float]) -> str:
    """What the rule of a claim says where some numbers of the book, by quantity and part, are others."""
    rule, known = register().claims[claim], published()[claim][moment]["quantities"]
    held = {name: SimpleNamespace(**{"missing": ""} | of_it) for name, of_it in known.items()}
    for (name, part), number in numbers.items():
        lowest, highest = rule.quantities[name]["range"]
        setattr(held[name], part, number if part == "n" else min(max(number, lowest), highest))
    return rule.decide(held)[0]


class Gap(float):
    """How far a number is from one of the book. Found within a tolerance, it notes that one as computed a second time."""

    def __new__(cls, value: float, name: tuple, own: float):
        gap = super().__new__(cls, value)
        gap.name, gap.own = name, own
        return gap

    def __abs__(self) -> Gap:
        return Gap(float.__abs__(self), self.name, self.own)

    def __le__(self, tolerance: float) -> bool:
        within = float(self) <= tolerance
        if within:
            compared(self.name, tolerance, self.own)
        return within


class Stated(float):
    """A number of the book. Found equal to another, or near enough, it notes that it was computed a second time."""

    __array_ufunc__ = None  # a number of numpy leaves the comparison to this class
    __hash__ = float.__hash__

    def __new__(cls, value: float, *name: str):
        number = super().__new__(cls, value)
        number.name = name
        return number

    def __eq__(self, other: object) -> bool:
        same = float(self) == other  # also in an approx of this number, which then asks for the distance
        if same:
            compared(self.name, getattr(other, "tolerance", 0), getattr(other, "expected", other))
        return same

    def __sub__(self, other: float) -> Gap:
        return Gap(float(self) - other, self.name, other)


def stated(claim: str, quantity: str, moment: str = "now", part: str = "value") -> Stated | None:
    """A quantity as the built book states it, or None where it has no value."""
    value = published()[claim][moment]["quantities"][quantity][part]
    return None if value is None else Stated(value, claim, moment, quantity, part)


def day(claim: str, moment: str) -> str:
    """Day up to which a claim was judged, ISO 8601."""
    return published()[claim][moment]["date"]


@cache
def _database() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


@cache
def _table(name: str) -> None:
    """A table of data/ as it stands, without the package's loader: numbers as numbers, empty cells as null."""
    with (ROOT / "data" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        columns, *rows = csv.reader(file)
    named = ", ".join('"' + column + '" numeric' for column in columns)
    _database().execute(f"create table {name} ({named})")
    _database().executemany(
        f"insert into {name} values ({', '.join('?' * len(columns))})", ([cell or None for cell in row] for row in rows)
    )


def rows(query: str, *tables: str) -> list[tuple]:
    """Answer of an SQL query over tables of data/."""
    for table in tables:
        _table(table)
    return _database().execute(query).fetchall()


def one(query: str, *tables: str):
    """The only value of an SQL query."""
    ((value,),) = rows(query, *tables)
    return value


def date(text: str | int) -> datetime.date:
    """Day of a date known to the day, the month (its 15th) or the year (the 1st of July)."""
    text = str(text)
    return datetime.date.fromisoformat(text + {4: "-07-01", 7: "-15"}.get(len(text), ""))


def retrieved(table: str) -> datetime.date:
    """Day on which the upstream files of a table were taken."""
    return date(yaml.safe_load((ROOT / "data" / f"{table}.yml").read_text())["retrieved"])


def constant(page: str, name: str):
    """A literal that a page assigns in a cell: a coding that is the page's own, as the day an activity became formal."""
    found = [
        ast.literal_eval(node.value)
        for cell in re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", (ROOT / "book" / page).read_text(), re.S)
        for node in ast.parse(re.sub(r"(?m)^:tags:.*$", "", cell)).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
    ]
    return found[0]


def shift(month: tuple[int, int], by: int) -> tuple[int, int]:
    """A month (year, month) moved by a number of months."""
    return (month[0] * 12 + month[1] - 1 + by) // 12, (month[0] * 12 + month[1] - 1 + by) % 12 + 1


def apart(month: tuple[int, int], other: tuple[int, int]) -> int:
    """Months from one month to another."""
    return 12 * (other[0] - month[0]) + other[1] - month[1]


@cache
def flows(host: str) -> dict[str, dict[tuple[int, int], int]]:
    """Visitors a nationality and month."""
    query = (
        "select nationality, month, arrivals from visitors_to_japan where preferred = 1"
        if host == "JPN"
        else "select nationality, month, tourism from visitors_to_korea"
    )
    found = {}
    for nationality, month, number in rows(query, "visitors_to_japan", "visitors_to_korea"):
        found.setdefault(nationality, {})[int(month[:4]), int(month[5:7])] = number
    return found


def log_changes(series: dict, months: list[tuple[int, int]]) -> list[tuple[float, int]]:
    """Log change on the year before and its weight; a February stands for itself and its January, and counts twice."""
    found = []
    for month in months:
        if month[1] != 1:
            both = [month, shift(month, -1)] if month[1] == 2 else [month]
            found.append(
                (math.log(sum(series[each] for each in both) / sum(series[shift(each, -12)] for each in both)), len(both))
            )
    return found


def ratio_of_counts(events: list[tuple[int, int]], starts: list, clear: list, width: int = 6) -> list[float]:
    """Events after over before some months, over the median of as many months drawn at random from those that are clear.

    Then the ends of its 95 percent interval: the same over an outer quantile of the draws.
    """

    def sides(month):
        gaps = [apart(month, event) for event in events]
        return sum(-width <= gap < 0 for gap in gaps), sum(0 < gap <= width for gap in gaps)

    def ratio(counts):
        before, after = map(sum, zip(*counts, strict=True))
        return (after + 0.5) / (before + 0.5)

    each, draw = {month: sides(month) for month in clear}, random.Random(1)
    usual = [ratio([each[month] for month in draw.sample(clear, len(starts))]) for _ in range(4000)]
    cuts = statistics.quantiles(usual, n=40, method="inclusive")
    return [ratio([sides(month) for month in starts]) / cut for cut in (statistics.median(usual), cuts[-1], cuts[0])]


def newey_west(values, design: np.ndarray | None = None, place: int = 0) -> tuple[float, float]:
    """Ends of the 95 percent interval of a mean, or of a coefficient of least squares, after Newey and West, by the formula."""
    y = np.array(values, float)
    x = np.ones((len(y), 1)) if design is None else design
    (n, k), bread = x.shape, np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    scores = x * (y - x @ beta)[:, None]
    lags = min(int(4 * (n / 100) ** (2 / 9)), n - 1)
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        crossed = scores[lag:].T @ scores[: n - lag]
        meat += (1 - lag / (lags + 1)) * (crossed + crossed.T)
    error = math.sqrt((bread @ meat @ bread)[place, place] * n / (n - k))
    wide = stats.t.ppf(0.975, n - k) * error
    return beta[place] - wide, beta[place] + wide


def log_rates(counts: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Coefficients of a Poisson regression by Newton's method; a column without an event is left at a very low rate."""
    beta = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(40):
        mean = np.exp(np.clip(design @ beta, -30, 30))
        step = np.linalg.lstsq((design * mean[:, None]).T @ design, design.T @ (counts - mean), rcond=None)[0]
        beta = beta + step * min(1, 3 / max(np.abs(step).max(), 1e-12))
        if np.abs(design @ step).max() < 1e-6:
            break
    return beta


def add_months(when: datetime.date, by: int) -> datetime.date:
    """The same day some months on, or the last of a shorter month."""
    year, month = shift((when.year, when.month), by)
    return datetime.date(year, month, min(when.day, calendar.monthrange(year, month)[1]))


def spread(named: dict[str, str], until: datetime.date, but: str = "") -> list[tuple[str, datetime.date]]:
    """Meetings of the three known by number alone, evenly between two dated ones; `named` gives the series of a mechanism."""
    found = {}
    for name, number, when in rows(
        "select mechanism, ordinal, date from mechanism_counters where triad = 'US-Japan-South Korea' "
        f"and mechanism != '{but}' order by mechanism, ordinal",
        "mechanism_counters",
    ):
        if date(when) <= until:
            found.setdefault(name, []).append((int(number), date(when)))
    return [
        (named.get(name, name), since + (end - since) * (number - low) / (high - low))
        for name, known in found.items()
        for (low, since), (high, end) in pairwise(known)
        for number in range(low + 1, high + 1)
    ]


def turnovers(where: str = "1") -> list[datetime.date]:
    """Days on which a leader of the three who is not acting took office."""
    return sorted(
        date(when)
        for (when,) in rows(
            f"select date from leadership_turnovers where acting = 0 and iso3 in ('USA', 'JPN', 'KOR') and {where}",
            "leadership_turnovers",
        )
    )


def held_again(held: dict[str, list[datetime.date]], changes: list[datetime.date], end: datetime.date, horizon: int = 24):
    """Series held in the two years before a change of leader, the change, months to the next act, whether it came in time."""
    for change in changes:
        if change < end:
            until = min(end, add_months(change, horizon))
            for series, days in held.items():
                days = sorted(when for when in days if when <= end)
                if any(add_months(change, -24) <= when < change for when in days):
                    again = next((when for when in days if change <= when <= until), None)
                    yield series, change, ((again or until) - change).days / (365.25 / 12), again is not None


def held_share(cases: list[tuple]) -> float:
    """Percent held again, by the product limit over cases (months, held again) in order; those held come first among equals."""
    left, share = len(cases), 1.0
    for _, again in sorted(cases, key=lambda case: (case[0], not case[1])):
        share *= 1 - again / left
        left -= 1
    return 100 * (1 - share)


def outer(drawn: list[float]) -> tuple[float, float]:
    """The values that 2.5 percent of draws lie below, and above."""
    cuts = statistics.quantiles(drawn, n=40, method="inclusive")
    return cuts[0], cuts[-1]


def sandwich(design: np.ndarray, outcome, clusters: list, place: int) -> tuple[float, float]:
    """Ends of the 95 percent interval of a coefficient of least squares with errors clustered, from the formula.

    Liang and Zeger's, with the correction for few clusters and as many degrees of freedom as clusters less one.
    """
    bread, y = np.linalg.inv(design.T @ design), np.asarray(outcome, float)
    beta, names = bread @ design.T @ y, sorted(set(clusters))
    n, k, groups = len(y), design.shape[1], len(names)
    scores = design * (y - design @ beta)[:, None]
    sums = np.array([sum(score for score, name in zip(scores, clusters, strict=True) if name == each) for each in names])
    spread = bread @ sums.T @ sums @ bread * groups / (groups - 1) * (n - 1) / (n - k)
    wide = stats.t.ppf(0.975, groups - 1) * math.sqrt(spread[place, place])
    return beta[place] - wide, beta[place] + wide


def rung(acts: list[tuple], after: datetime.date, at: datetime.date) -> int:
    """Rung of the ladder of uptake from acts (record, date as known, others, doubtful), by the words of the appendix."""
    firm = [
        (record, date_first(when))
        for record, when, others, doubtful in acts
        if record != "not-found" and not others and not doubtful
    ]
    firm = [(record, when) for record, when in firm if after < when <= at]
    done = [(record, when) for record, when in firm if record in ("signed", "held", "standing", "text")]
    if not done:
        return int(bool(firm))
    stands = any(record == "standing" for record, _ in done)
    if not stands and sum(record in ("held", "text") for record, _ in done) < 2:
        return 2
    first, last = min(when for _, when in done), max(when for _, when in done)
    changed = {}
    for iso3, when in rows(
        "select iso3, date from leadership_turnovers where acting = 0 and iso3 in ('USA', 'JPN', 'KOR') order by date desc",
        "leadership_turnovers",
    ):
        if date(when) > first:
            changed[iso3] = date(when)
    twice = sorted(changed.values())[1] if len(changed) > 1 else None
    if not twice or twice > at:
        return 3
    return 4 if stands or (last >= twice and last > add_months(at, -24)) else 3


def date_first(text: str | int) -> datetime.date:
    """The first day that a date known in part can mean."""
    return datetime.date.fromisoformat(str(text) + {4: "-01-01", 7: "-01"}.get(len(str(text)), ""))
