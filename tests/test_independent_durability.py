"""Deep verdicts of the chapter on durability: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import datetime
import math
from functools import cache

import numpy as np
import pytest
from independent import add_months, built, constant, date, held_again, retrieved, rows, shift, spread, stated, turnovers
from lifelines import KaplanMeierFitter
from scipy import optimize

pytestmark = built
PAGE = "cooperation/durability.md"
END, BRIEF = datetime.date(2025, 12, 31), datetime.date(2022, 12, 20)


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


@pytest.mark.parametrize(("moment", "end"), [("written", BRIEF), ("now", END)])
def test_small_series_held_again_less_large_ones_by_a_library(moment, end):
    cases, met = {"small-new": [], "large": []}, {"small-new": set(), "large": set()}
    for name, _, months, again in held_again(held(), turnovers("date >= '1999-01-01'"), end):
        if activities()[name][2] in cases:
            cases[activities()[name][2]].append((months, again))
            met[activities()[name][2]].add(name)
    claim = "as-small-new-areas-key"
    assert len(met["small-new"]) == stated(claim, "small", moment)
    assert len(met["large"]) == stated(claim, "large", moment)
    assert share(cases["small-new"]) - share(cases["large"]) == pytest.approx(stated(claim, "gap", moment), abs=1e-6)
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


def test_burden_of_changes_at_home_by_a_library():
    ranked = {}
    for name, _, _, level in acts():
        ranked.setdefault(name, []).append(level in ("leader", "minister"))
    strata, met, changes = {}, {"threat": set(), "capability": set()}, set()
    for name, change, months, again in held_again(held(), turnovers("support_base = 'new' and date >= '1999-01-01'"), END, 12):
        content, named, *_ = activities()[name]
        kind = "threat" if named else "capability" if content == "functional" else None
        if kind:
            met[kind].add(name)
            changes.add(change)
            high = sum(ranked[name]) / len(ranked[name]) >= 0.5
            strata.setdefault(high, {"threat": [], "capability": []})[kind].append((months, again))
    pooled = [
        (share(part["capability"]) - share(part["threat"]), len(part["capability"]) + len(part["threat"]))
        for part in strata.values()
        if part["capability"] and part["threat"]
    ]
    value = -sum(gap * n for gap, n in pooled) / sum(n for _, n in pooled)
    claim = "pn-lightens-domestic-burden"
    assert value == pytest.approx(stated(claim, "gap"), abs=1e-6)
    assert len(met["capability"]) == stated(claim, "capability")
    assert len(met["threat"]) == stated(claim, "threat")
    assert len(changes) == stated(claim, "turnovers")


def half_years():
    """Half-years of each spell, which ends two years after its last act: series, whether it lapsed, age, turnovers."""
    changes, found = turnovers("date >= '1999-01-01'"), []
    for name, days in held().items():
        days = sorted(days)
        begin = days[0]
        for when, after in zip(days, [*days[1:], None], strict=True):
            over = add_months(when, 24)
            if after and after <= over:
                continue
            last = min(over, END)
            months = 12 * (last.year - begin.year) + last.month - begin.month - (last.day < begin.day)
            number = -(-months // 6) if over <= END else months // 6
            edges = [
                datetime.date(*shift((begin.year, begin.month), 6 * step), min(begin.day, 28)) for step in range(number + 1)
            ]
            found += [
                (
                    name,
                    over <= END and step == number - 1,
                    math.log(max((edges[step + 1] - days[0]).days / (365.25 / 2), 1)),
                    sum(edges[step] <= change < edges[step + 1] for change in changes),
                )
                for step in range(number)
            ]
            begin = after
    return found


def test_life_of_threat_framed_series_by_maximizing_the_penalized_likelihood():
    ranked = {}
    for name, _, _, level in acts():
        ranked.setdefault(name, []).append(level in ("leader", "minister"))
    panel = half_years()
    ended = np.array([lapsed for _, lapsed, *_ in panel], float)
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

    def loss(beta):
        rate = np.exp(design @ beta)
        p = -np.expm1(-rate)
        information = design.T @ ((rate**2 * np.exp(-rate) / p)[:, None] * design)
        return -(ended @ np.log(p) - (1 - ended) @ rate + 0.5 * np.linalg.slogdet(information)[1])

    start = np.zeros(design.shape[1])
    start[0] = -3
    found = optimize.minimize(
        loss,
        start,
        method="Nelder-Mead",
        options={"maxiter": 40000, "maxfev": 40000, "xatol": 1e-7, "fatol": 1e-11, "adaptive": True},
    )
    claim = "pn-threat-based-not-durable"
    framed = {name: activities()[name][1] for name, *_ in panel}
    assert ended.sum() == stated(claim, "lapses")
    assert sum(framed.values()) == stated(claim, "threat")
    assert len(framed) - sum(framed.values()) == stated(claim, "other")
    assert 100 * math.expm1(-found.x[1]) == pytest.approx(stated(claim, "life_change"), abs=0.2)


def days_tested():
    return sorted(
        {
            date(when)
            for (when,) in rows("select date from nk_provocations where type in ('missile', 'nuclear')", "nk_provocations")
        }
    )


@pytest.mark.parametrize(("moment", "end"), [("written", BRIEF), ("now", END)])
def test_tests_after_large_and_small_acts_by_normal_equations(moment, end):
    shown = []
    for size in ("large", "small-new"):
        last = None
        for when in sorted(
            when
            for name, when, precision, _ in acts()
            if precision == "day" and activities()[name][2] == size and datetime.date(2012, 1, 1) <= when <= end
        ):
            if last is None or (when - last).days > 14:
                shown.append((size == "large", when))
                last = when
    gaps = [[(test - when).days for test in days_tested()] for _, when in shown]
    followed = [any(1 <= gap <= 14 for gap in each) for each in gaps]
    earlier = [math.log1p(sum(-30 <= gap <= -1 for gap in each)) for each in gaps]
    design = np.array(
        [
            [1, large, when.year >= 2022, 2018 <= when.year < 2022, before]
            for (large, when), before in zip(shown, earlier, strict=True)
        ],
        float,
    )
    slope = np.linalg.lstsq(design, np.array(followed, float), rcond=None)[0][1]
    claim = "as-large-exercises-sensitive"
    assert sum(large for large, _ in shown) == stated(claim, "large", moment)
    assert sum(not large for large, _ in shown) == stated(claim, "small", moment)
    assert 100 * slope == pytest.approx(stated(claim, "effect", moment), abs=1e-6)


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
    ("quantity", "since", "spans"),
    [("effect_alliance", 1993, alliance_exercises), ("effect_trilateral", 2012, trilateral_exercises)],
)
def test_days_with_a_test_around_exercises_by_a_conditional_count(quantity, since, spans):
    one, exposed = datetime.timedelta(days=1), set()
    last = retrieved("nk_provocations") if quantity == "effect_alliance" else END
    for start, end in spans():
        exposed |= {start + step * one for step in range((end - start).days + 31)}
    eras, cells, tested = [(1993, 2010), (2011, 2017), (2019, 2021), (2022, 2026)], {}, set(days_tested())
    when = datetime.date(since, 1, 1)
    while when <= last:
        era = [number for number, (first, until) in enumerate(eras) if first <= when.year <= until]
        if era:
            count = cells.setdefault((era[0], when.month), [0, 0, 0, 0])
            inside = when in exposed
            count[2 * inside] += when in tested
            count[2 * inside + 1] += 1
        when += one
    above = sum(
        hit * days / (days + out) for _, days, hit, out in [(a, b, c, d) for a, b, c, d in cells.values()] if days + out
    )
    below = sum(hit * out / (days + out) for hit, days, _, out in cells.values() if days + out)
    assert 100 * (above / below - 1) == pytest.approx(stated("pn-capability-deters", quantity), abs=1e-6)
