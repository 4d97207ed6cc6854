"""Deep verdicts of the chapter on durability: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import csv
import datetime
import itertools
import math
import random
from functools import cache

import numpy as np
import pytest
from independent import (
    ROOT,
    add_months,
    built,
    constant,
    date,
    held_again,
    held_share,
    outer,
    retrieved,
    rows,
    sandwich,
    shift,
    spread,
    stated,
    turnovers,
)
from lifelines import KaplanMeierFitter
from scipy import optimize

pytestmark = built
PAGE = "cooperation/durability.md"
END, BRIEF, BRIEF_2015 = datetime.date(2025, 12, 31), datetime.date(2022, 12, 20), datetime.date(2015, 1, 31)


@cache
def activities():
    """Content, whether an adversary is named by anybody, size and kind of each activity."""
    return {
        name: found
        for name, *found in rows(
            "select activity, content, names_any, sensitivity, kind from trilateral_activities", "trilateral_activities"
        )
    }


@cache
def acts():
    """Acts of each activity: its name, day (a year alone is its middle), precision, level."""
    listed = {
        ident: found
        for ident, *found in rows(
            "select id, date, date_precision, level, announced_only from trilateral_milestones", "trilateral_milestones"
        )
    }
    found = []
    for name, marks in rows("select activity, milestones from trilateral_activities", "trilateral_activities"):
        for when, precision, level, announced in (listed[ident] for ident in str(marks).split()):
            if not announced:
                found.append((name, date(when), precision, level))
    return found


@cache
def held():
    """Days of each series, those of a known number and unknown date among them, unless a dated act is near."""
    dated, found = {}, {}
    for name, when, precision, _ in acts():
        if activities()[name][3] != "series":
            continue
        found.setdefault(name, []).append(when)
        if precision != "year":
            dated.setdefault(name, []).append(when)
    for name, when in spread(constant(PAGE, "NUMBERED"), datetime.date(2100, 1, 1), but="chiefs of defense"):
        if name in activities() and all(abs((when - other).days) > 45 for other in dated.get(name, [])):
            found.setdefault(name, []).append(when)
    return {name: [when for when in days if datetime.date(1999, 1, 1) <= when <= END] for name, days in found.items()}


def share(cases):
    """Percent held again, by the product-limit estimate."""
    return 100 * (1 - KaplanMeierFitter().fit(*zip(*cases, strict=True)).predict(36.5))


def pooled_gap(cases):
    """Share of the first class held again less that of the second, within strata that hold both, pooled by their cases."""
    strata = {}
    for first, stratum, case in cases:
        strata.setdefault(stratum, {True: [], False: []})[first].append(case)
    both = [part for part in strata.values() if part[True] and part[False]]
    if both:
        weights = [len(part[True]) + len(part[False]) for part in both]
        gaps = [held_share(part[True]) - held_share(part[False]) for part in both]
        return sum(gap * weight for gap, weight in zip(gaps, weights, strict=True)) / sum(weights)


def gap_resampled(cases, draws=20000):
    """Gap of cases by series (of the first class, stratum, its months and whether held), and the ends of its interval.

    Whole series are drawn with replacement.
    """
    draw, names = random.Random(8), sorted(cases)
    drawn = (pooled_gap([case for name in draw.choices(names, k=len(names)) for case in cases[name]]) for _ in range(draws))
    return pooled_gap([case for name in names for case in cases[name]]), outer([gap for gap in drawn if gap is not None])


@pytest.mark.parametrize(("moment", "end"), [("written", BRIEF), ("now", END)])
def test_small_series_held_again_less_large_ones_by_a_library(moment, end):
    cases, met, each = {"small-new": [], "large": []}, {"small-new": set(), "large": set()}, {}
    for name, _, months, again in held_again(held(), turnovers("date >= '1999-01-01'"), end):
        if (size := activities()[name][2]) in cases:
            cases[size].append((months, again))
            met[size].add(name)
            each.setdefault(name, []).append((size == "small-new", None, (months, again)))
    claim = "as-small-new-areas-key"
    assert len(met["small-new"]) == stated(claim, "small", moment)
    assert len(met["large"]) == stated(claim, "large", moment)
    assert share(cases["small-new"]) - share(cases["large"]) == pytest.approx(stated(claim, "gap", moment), abs=1e-6)
    expected = [stated(claim, "gap", moment, part) for part in ("low", "high")]
    assert list(gap_resampled(each)[1]) == pytest.approx(expected, abs=2)  # both draw whole series
    first = {
        name: min(when for other, when, *_ in acts() if other == name)
        for name, *_ in acts()
        if activities()[name][3] == "series"
    }
    years = range(2023, 2026) if moment == "now" else range(2013, 2023)
    sizes = [activities()[name][2] for name, when in first.items() if when.year in years]
    assert 100 * sizes.count("small-new") / (sizes.count("small-new") + sizes.count("large")) == pytest.approx(
        stated(claim, "new_share", moment)
    )


@pytest.mark.parametrize(("moment", "end"), [("written", BRIEF_2015), ("now", END)])
def test_burden_of_changes_at_home_by_own_product_limits(moment, end):
    ranked = {}
    for name, _, _, level in acts():
        ranked.setdefault(name, []).append(level in ("leader", "minister"))
    cases, changes = {}, set()
    for name, change, months, again in held_again(held(), turnovers("support_base = 'new' and date >= '1999-01-01'"), end, 12):
        content, named, *_ = activities()[name]
        if named or content == "functional":
            changes.add(change)
            high = sum(ranked[name]) / len(ranked[name]) >= 0.5
            cases.setdefault(name, []).append((not named, high, (months, again)))
    claim, kinds = "pn-lightens-domestic-burden", [each[0][0] for each in cases.values()]
    value, (low, high) = gap_resampled(cases, 60000)
    assert -value == pytest.approx(stated(claim, "gap", moment), abs=1e-6)
    expected = [stated(claim, "gap", moment, part) for part in ("low", "high")]
    assert [-high, -low] == pytest.approx(expected, abs=0.8)  # both draw whole series, each 60,000 times
    assert kinds.count(True) == stated(claim, "capability", moment)
    assert kinds.count(False) == stated(claim, "threat", moment)
    assert len(changes) == stated(claim, "turnovers", moment)


def half_years(end):
    """Half-years of each spell, which ends two years after its last act: series, whether it lapsed, age, turnovers."""
    changes, found = turnovers("date >= '1999-01-01'"), []
    for name, days in held().items():
        days = sorted(when for when in days if when <= end)
        begin = days[0] if days else None
        for when, after in zip(days, [*days[1:], None][: len(days)], strict=True):
            over = add_months(when, 24)
            if after and after <= over:
                continue
            last = min(over, end)
            months = 12 * (last.year - begin.year) + last.month - begin.month - (last.day < begin.day)
            number = -(-months // 6) if over <= end else months // 6
            edges = [
                datetime.date(*shift((begin.year, begin.month), 6 * step), min(begin.day, 28)) for step in range(number + 1)
            ]
            found += [
                (
                    name,
                    over <= end and step == number - 1,
                    math.log(max((edges[step + 1] - days[0]).days / (365.25 / 2), 1)),
                    sum(edges[step] <= change < edges[step + 1] for change in changes),
                )
                for step in range(number)
            ]
            begin = after
    return found


@pytest.mark.parametrize(("moment", "end"), [("written", BRIEF_2015), ("now", END)])
def test_life_of_threat_framed_series_by_maximizing_the_penalized_likelihood(moment, end):
    ranked = {}
    for name, _, _, level in acts():
        ranked.setdefault(name, []).append(level in ("leader", "minister"))
    panel = half_years(end)
    every = np.array([lapsed for _, lapsed, *_ in panel], float)
    design = np.array(
        [
            [
                1,
                activities()[name][1],
                activities()[name][0] == "directed",
                activities()[name][0] == "general",
                sum(ranked[name]) / len(ranked[name]) >= 0.5,
                age,
                changes,
            ]
            for name, _, age, changes in panel
        ],
        float,
    )
    kept = []  # a class whose members are all of another adds nothing
    for column in range(design.shape[1]):
        if np.linalg.matrix_rank(design[:, [*kept, column]]) > len(kept):
            kept.append(column)
    design = design[:, kept]

    def fitted(rows, **options):
        x, ended = design[rows], every[rows]

        def loss(beta):
            rate = np.exp(np.clip(x @ beta, -30, 4))
            p = -np.expm1(-rate)
            information = x.T @ ((rate**2 * np.exp(-rate) / p)[:, None] * x) + 1e-9 * np.eye(len(beta))
            return -(ended @ np.log(p) - (1 - ended) @ rate + 0.5 * np.linalg.slogdet(information)[1])

        return optimize.minimize(loss, [-3.0] + [0.0] * (len(kept) - 1), **options).x[1]

    def percent(slope):
        return 100 * math.expm1(-max(-4.6, min(4.6, slope)))

    claim = "pn-threat-based-not-durable"
    framed = {name: activities()[name][1] for name, *_ in panel}
    assert every.sum() == stated(claim, "lapses", moment)
    assert sum(framed.values()) == stated(claim, "threat", moment)
    assert len(framed) - sum(framed.values()) == stated(claim, "other", moment)
    exact = {"maxiter": 40000, "maxfev": 40000, "xatol": 1e-7, "fatol": 1e-11, "adaptive": True}
    value = fitted(np.arange(len(panel)), method="Nelder-Mead", options=exact)
    assert percent(value) == pytest.approx(stated(claim, "life_change", moment), abs=1e-3)
    rows_of = {}
    for row, (name, *_) in enumerate(panel):
        rows_of.setdefault(name, []).append(row)

    def refitted(names):
        """Life in a resample of whole series; None where no spell ends or the series do not tell all columns apart."""
        found = [row for name in names for row in rows_of[name]]
        if every[found].any() and np.linalg.matrix_rank(design[found]) == len(kept):
            return percent(fitted(found, method="BFGS"))

    low, high = (stated(claim, "life_change", moment, part) for part in ("low", "high"))
    if moment == "now":
        draw = random.Random(6)
        drawn = (refitted(draw.choices(sorted(rows_of), k=len(rows_of))) for _ in range(300))
        for end, own in zip(outer([value for value in drawn if value is not None]), (low, high), strict=True):
            assert own == pytest.approx(end, abs=0.15 * (100 + end))  # both draw series
        return
    known, chances = each_resample(sorted(rows_of), refitted)  # of seven series, every resample there is
    error = math.sqrt(0.025 * 0.975 / (2000 * chances[-1]))  # of the place of a quantile among the draws that can be fitted
    for own, place in ((low, 0.025), (high, 0.975)):
        least, most = (
            known[np.searchsorted(chances / chances[-1], place + wide)] for wide in (-1.96 * error, 1.96 * error)
        )
        assert own == pytest.approx((least + most) / 2, abs=(most - least) / 2 + 0.01)


def each_resample(names, fit):
    """Values of all resamples with replacement that can be fitted, in order, and the running sum of their probabilities."""
    found = []
    for drawn in itertools.combinations_with_replacement(names, len(names)):
        if (value := fit(drawn)) is not None:
            ways = math.factorial(len(names)) / math.prod(math.factorial(drawn.count(name)) for name in set(drawn))
            found.append((value, ways / len(names) ** len(names)))
    values, chances = zip(*sorted(found), strict=True)
    return np.array(values), np.cumsum(chances)


def days_of(idents):
    """Activity and day of some milestones, as `acts` has them."""
    known = dict(rows("select id, date from trilateral_milestones where date_precision = 'day'", "trilateral_milestones"))
    return {
        (name, date(known[ident]))
        for name, marks in rows("select activity, milestones from trilateral_activities", "trilateral_activities")
        for ident in set(str(marks).split()) & idents & set(known)
    }


def days_tested():
    return sorted(
        {
            date(when)
            for (when,) in rows("select date from nk_provocations where type in ('missile', 'nuclear')", "nk_provocations")
        }
    )


def followed_by_tests(is_first, is_second, end, but=()):
    """Acts of two classes known to the day, and the gap in the probability of a test after them with its interval, percent."""
    shown = []
    for belongs in (is_first, is_second):
        last = None
        for when in sorted(
            when
            for name, when, precision, _ in acts()
            if precision == "day" and belongs(*activities()[name]) and datetime.date(2012, 1, 1) <= when <= end
            and (name, when) not in but
        ):
            if last is None or (when - last).days > 14:
                shown.append((belongs is is_first, when))
                last = when
    gaps = [[(test - when).days for test in days_tested()] for _, when in shown]
    followed = [any(1 <= gap <= 14 for gap in each) for each in gaps]
    earlier = [math.log1p(sum(-30 <= gap <= -1 for gap in each)) for each in gaps]
    design = np.array(
        [
            [1, first, when.year >= 2022, 2018 <= when.year < 2022, before]
            for (first, when), before in zip(shown, earlier, strict=True)
        ],
        float,
    )
    design = design[:, [len(set(column)) > 1 or place == 0 for place, column in enumerate(design.T)]]
    slope = np.linalg.lstsq(design, np.array(followed, float), rcond=None)[0][1]
    quarters = [(when.year, (when.month - 1) // 3) for _, when in shown]
    ends = sandwich(design, followed, quarters, 1)
    return sum(first for first, _ in shown), sum(not first for first, _ in shown), *(100 * end for end in (slope, *ends))


@pytest.mark.parametrize(("moment", "end"), [("written", BRIEF), ("now", END)])
def test_tests_after_large_and_small_acts_by_normal_equations(moment, end):
    claim = "as-large-exercises-sensitive"
    large, small, *effect = followed_by_tests(
        lambda content, named, size, kind: size == "large", lambda content, named, size, kind: size == "small-new", end
    )
    assert (large, small) == (stated(claim, "large", moment), stated(claim, "small", moment))
    expected = [stated(claim, "effect", moment, part) for part in ("value", "low", "high")]
    assert effect == pytest.approx(expected, abs=1e-6)


def test_the_better_approach_by_own_product_limits_and_normal_equations():
    claim, framed = "pn-capability-better", {True: [], False: []}

    def able(content, named, size, kind):
        return content == "functional" and not named

    met = {True: set(), False: set()}
    for name, _, months, again in held_again(held(), turnovers("date >= '1999-01-01'"), END):
        content, named, *_ = activities()[name]
        if named or content == "functional":
            framed[bool(named)].append((months, again))
            met[bool(named)].add(name)
    gap = held_share(framed[False]) - held_share(framed[True])
    assert gap == pytest.approx(stated(claim, "survival_gap"), abs=1e-6)
    assert (len(met[False]), len(met[True])) == (stated(claim, "capability_series"), stated(claim, "threat_series"))
    first, second, *effect = followed_by_tests(able, lambda content, named, size, kind: bool(named), END)
    assert (first, second) == (stated(claim, "capability_acts"), stated(claim, "threat_acts"))
    assert effect == pytest.approx([stated(claim, "reaction_gap", part=part) for part in ("value", "low", "high")], abs=1e-6)
    talks = {
        ident
        for (ident,) in rows(
            "select id from trilateral_milestones where type in ('meeting', 'institution')", "trilateral_milestones"
        )
    }
    first, second, *effect = followed_by_tests(able, lambda content, named, size, kind: bool(named), END, but=days_of(talks))
    with (ROOT / "_build" / "html" / "figures" / "durability" / "better-specifications.csv").open(encoding="utf-8") as file:
        row = next(each for each in csv.DictReader(file) if each["acts"] == "talks left out")
    assert (first, second) == (float(row["capability_acts"]), float(row["threat_acts"]))
    assert effect == pytest.approx([float(row[f"reaction_gap{end}"]) for end in ("", "_low", "_high")], abs=1e-4)


def alliance_exercises():
    return [
        (date(start), date(end))
        for start, end in rows(
            "select start, end from us_rok_exercises where window = 1 and jpn = 0 and start >= '1993'", "us_rok_exercises"
        )
    ]


def trilateral_exercises():
    """Acts known to the day of the large series."""
    large = {name for name, found in activities().items() if found[2] == "large" and found[3] == "series"}
    marks = " ".join(
        str(marks)
        for name, marks in rows("select activity, milestones from trilateral_activities", "trilateral_activities")
        if name in large
    ).split()
    return [
        (date(start), date(end or start))
        for ident, start, end in rows(
            "select id, date, date_end from trilateral_milestones where date_precision = 'day' and announced_only = 0 and date "
            ">= '2012'",
            "trilateral_milestones",
        )
        if ident in marks
    ]


@pytest.mark.parametrize(
    ("quantity", "moment", "since", "spans"),
    [
        ("effect_alliance", "written", 1993, alliance_exercises),
        ("effect_alliance", "now", 1993, alliance_exercises),
        ("effect_trilateral", "now", 2012, trilateral_exercises),
    ],
)
def test_days_with_a_test_around_exercises_by_a_conditional_count(quantity, moment, since, spans):
    one, exposed = datetime.timedelta(days=1), set()
    last = BRIEF_2015 if moment == "written" else retrieved("nk_provocations") if quantity == "effect_alliance" else END
    for start, end in spans():
        if start <= last:
            exposed |= {start + step * one for step in range((end - start).days + 31)}
    eras, years, tested = [(1993, 2010), (2011, 2017), (2019, 2021), (2022, 2026)], {}, set(days_tested())
    when = datetime.date(since, 1, 1)
    while when <= last:
        era = [number for number, (first, until) in enumerate(eras) if first <= when.year <= until]
        if era:
            count = years.setdefault(era[0], {}).setdefault(when.year, {}).setdefault(when.month, [0, 0, 0, 0])
            inside = when in exposed
            count[2 * inside] += when in tested
            count[2 * inside + 1] += 1
        when += one

    def change(eras):
        above = below = 0
        for drawn in eras:
            for month in range(1, 13):
                counts = [year[month] for year in drawn if month in year]
                out, days, hit, inside = (sum(count[place] for count in counts) for place in range(4))
                above += hit * days / max(days + inside, 1)
                below += out * inside / max(days + inside, 1)
        return 100 * (above / below - 1) if below else None

    draw, claim = random.Random(4), "pn-capability-deters"
    known = [list(era.values()) for era in years.values()]
    drawn = (change([draw.choices(era, k=len(era)) for era in known]) for _ in range(2000))
    low, high = outer([value for value in drawn if value is not None])
    assert change(known) == pytest.approx(stated(claim, quantity, moment), abs=1e-6)
    assert low == pytest.approx(stated(claim, quantity, moment, "low"), abs=4)  # both draw years
    assert high == pytest.approx(stated(claim, quantity, moment, "high"), abs=0.08 * (100 + high))
