"""Deep verdicts of the chapter on interdependence: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import datetime
import math
import random
import statistics
from functools import cache, partial

import numpy as np
import pytest
from independent import (
    apart,
    built,
    constant,
    date,
    day,
    flows,
    log_changes,
    newey_west,
    one,
    outer,
    ratio_of_counts,
    rows,
    shift,
    stated,
)

pytestmark = built
PAGE = "diagnosis/interdependence.md"
CLOSED = [shift((2020, 2), by) for by in range(33)]
PARTNER = {"KOR": "JPN", "JPN": "KOR"}


def quarrels_over_history(moment):
    """Months in which a quarrel over history, courts or territory began, and the last month of the record."""
    claim, last = "as-history-obstructs", {"written": (2022, 6), "now": (2025, 6)}[moment]
    quarrels = sorted(
        date(when)
        for (when,) in rows(
            "select date from friction_events where announced_only = 0 and direction = 'friction' and issue in ('history', "
            "'court', 'territory') "
            f"and instr(event, 'rilateral') = 0 and date <= '{day(claim, 'now')}'",
            "friction_events",
        )
    )
    starts, before = [], None
    for when in quarrels:  # a quarrel within half a year of the one before belongs to it
        opens = (
            before is None
            or when.replace(day=1) > datetime.date(*shift((before.year, before.month), 6), 1)
            or (shift((before.year, before.month), 6) == (when.year, when.month) and when.day > before.day)
        )
        starts += [(when.year, when.month)] * opens
        before = when
    starts = [month for month in starts if month < last or moment == "now"]
    return starts, last


@pytest.mark.parametrize("moment", ["written", "now"])
def test_meetings_around_quarrels_over_history_against_other_random_months(moment):
    claim, (starts, last) = "as-history-obstructs", quarrels_over_history(moment)
    weights = {"leader": 4, "minister": 3, "legislature": 3, "vice-minister": 2, "working": 1}
    held = [
        (int(when[:4]), int(when[5:7]))
        for when, level in rows(
            "select date, level from trilateral_milestones where announced_only = 0 and type != 'suspension' and "
            "date_precision != 'year'",
            "trilateral_milestones",
        )
        for _ in range(weights[level])
    ]
    months = [shift((2010, 1), by) for by in range(apart((2010, 1), last) + 1)]
    clear = [month for month in months if all(abs(apart(month, start)) > 12 for start in starts)]
    assert len(starts) == stated(claim, "effect_trilateral", moment, "n")
    expected = [stated(claim, "effect_trilateral", moment, part) for part in ("value", "low", "high")]
    assert [100 * (ratio - 1) for ratio in ratio_of_counts(held, starts, clear)] == pytest.approx(expected, abs=2)


def change_of_surveys(at):
    """Minus the change in dislike of South Korea beyond other countries, mean of six polls after less six before."""
    polls = {
        (int(month[:4]), int(month[5:7])): value
        for month, value in rows(
            "select month, max(case target when 'KOR' then disliked - liked end) - avg(case when target in ('USA', 'RUS') then "
            "disliked - liked end) as gap from jiji_monthly group by month having gap is not null and sum(target in ('USA', "
            "'RUS') and liked is not null) > 0 order by month",
            "jiji_monthly",
        )
    }
    before, after = [polls[month] for month in polls if month < at][-6:], [polls[month] for month in polls if month > at][:6]
    return statistics.mean(before) - statistics.mean(after) if len(before) == len(after) == 6 else None


def change_of_visits(host, at):
    """Change in the yearly log change of the partner's visitors beyond others, six months after less six before."""
    series = {
        name: {month: number for month, number in months.items() if number}
        for name, months in flows(host).items()
        if name not in ("WLD", "CHN")
    }
    recorded = {month for months in flows(host).values() for month in months}
    around = [month for by in range(-24, 13) if (month := shift(at, by)) in recorded]
    year_before = [month for by in range(-12, 0) if (month := shift(at, by)) in recorded]
    own = series.pop(PARTNER[host])
    others = [
        months
        for months in series.values()
        if all(month in months for month in around) and year_before and statistics.mean(map(months.get, year_before)) >= 2000
    ]

    def gap(month):
        """Own log change less the median of others and its weight; a February stands for its January too."""
        both = [month, shift(month, -1)] if month[1] == 2 else [month]
        years = [*both, *(shift(each, -12) for each in both)]
        if month in CLOSED or shift(month, -12) in CLOSED or any(each not in own for each in years):
            return None
        rest = [log_changes(months, [month])[0][0] for months in others if all(each in months for each in years)]
        return (log_changes(own, [month])[0][0] - statistics.median(rest), len(both)) if rest else None

    sides = []
    for window in (range(1, 7), range(-6, 0)):
        months = [shift(at, by) for by in window]
        months = [month for month in months if month[1] != 1 and (month[1] != 2 or shift(month, -1) in months)]
        gaps = [gap(month) for month in months]
        if not gaps or None in gaps:
            return None
        sides.append(sum(value * weight for value, weight in gaps) / sum(weight for _, weight in gaps))
    return sides[0] - sides[1]


@pytest.mark.parametrize("moment", ["written", "now"])
def test_series_of_the_two_that_fell_after_quarrels_over_history(moment):
    claim, (starts, last), draw = "as-history-obstructs", quarrels_over_history(moment), random.Random(2)
    seen = fell = 0
    for change, first in (
        (change_of_surveys, (1990, 1)),
        (partial(change_of_visits, "JPN"), (2005, 1)),
        (partial(change_of_visits, "KOR"), (2011, 3)),
    ):
        months = [shift(first, by) for by in range(apart(first, last) + 1)]
        clear = [month for month in months if all(abs(apart(month, start)) > 12 for start in starts)]
        own, usual = ([value for month in each if (value := change(month)) is not None] for each in (starts, clear))
        if len(own) >= 2:
            drawn = [statistics.mean(draw.sample(usual, len(own))) for _ in range(4000)]
            seen += 1
            fell += statistics.mean(own) < statistics.quantiles(drawn, n=40, method="inclusive")[0]
    assert (fell, seen) == (stated(claim, "series_fallen", moment), stated(claim, "series", moment))


def kilometers(iso3, other):
    """Distance by the angle between two vectors from the center of the earth."""
    vectors = []
    for each in (iso3, other):
        ((latitude, longitude),) = rows(
            f"select latitude, longitude from city_coordinates where iso3 = '{each}'", "city_coordinates"
        )
        north, east = math.radians(latitude), math.radians(longitude)
        vectors.append((math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)))
    return 6371 * math.acos(sum(a * b for a, b in zip(*vectors, strict=True)))


def share(iso3, flow, partner, year):
    found = rows(
        f"select partner_share from trade_partners where iso3 = '{iso3}' and flow = '{flow}' and partner = '{partner}' and "
        f"year = {year}",
        "trade_partners",
    )
    if found and found[0][0] is not None:
        return found[0][0]
    fifth = rows(
        f"select fifth_share from trade_partners where iso3 = '{iso3}' and flow = '{flow}' and partner = 'WLD' and year = "
        f"{year}"
    )
    return fifth[0][0] if fifth else None


@pytest.mark.parametrize(("moment", "years"), [("written", range(2005, 2015)), ("now", range(2012, 2022))])
def test_trade_of_the_pair_beyond_others_and_distance_by_hand(moment, years):
    logs = {year: [] for year in years}
    for origin, destination in PARTNER.items():
        for year in years:
            adjusted = [
                math.log(value * kilometers(each, destination))
                for each in [origin, *constant(PAGE, "EXPORTERS")]
                if (value := share(each, "export", destination, year))
            ]
            logs[year].append(adjusted[0] - statistics.median(adjusted[1:]))
    claim, logs = "pn-interdependence-pivotal", [statistics.mean(both) for both in logs.values()]
    assert 100 * math.expm1(statistics.mean(logs)) == pytest.approx(stated(claim, "excess_goods", moment), abs=1e-6)
    assert 100 * math.expm1(newey_west(logs)[0]) == pytest.approx(stated(claim, "excess_goods", moment, "low"), abs=1e-6)
    taken = [statistics.mean(share(iso3, "import", partner, year) for year in years) for iso3, partner in PARTNER.items()]
    assert max(taken) == pytest.approx(stated(claim, "import_share", moment), abs=1e-6)


def persons(iso3):
    return one(
        f"select persons from populations where iso3 = '{iso3}' and source = '{'jhu' if iso3 == 'CHN' else 'economist'}'",
        "populations",
    )


@pytest.mark.parametrize(("moment", "years"), [("written", (2010, 2014)), ("now", (2015, 2019))])
def test_visits_of_the_pair_beyond_others_and_distance_by_a_query(moment, years):
    logs = {}
    for origin, destination in PARTNER.items():
        table, column, kept = {
            "JPN": ("visitors_to_japan", "arrivals", "preferred = 1"),
            "KOR": ("visitors_to_korea", "total", "1"),
        }[destination]
        adjusted = {}
        for nationality, year, number in rows(
            f"select nationality, cast(substr(month, 1, 4) as int) as year, sum({column}) from {table} where {kept} and year "
            f"between {years[0]} and {years[1]} and nationality in ('{origin}', 'TWN', 'HKG', 'SGP') group by 1, 2 having "
            f"count({column}) = 12",
            table,
        ):
            per_head = number / persons(nationality)
            adjusted.setdefault(year, {})[nationality] = math.log(per_head * kilometers(nationality, destination))
        for year, found in adjusted.items():
            own = found.pop(origin)
            logs.setdefault(year, []).append(own - statistics.median(found.values()))
    logs, claim = [statistics.mean(both) for _, both in sorted(logs.items())], "pn-interdependence-pivotal"
    assert len(logs) == stated(claim, "excess_travel", moment, "n")
    ends = [100 * math.expm1(value) for value in (statistics.mean(logs), newey_west(logs)[0])]
    expected = [stated(claim, "excess_travel", moment, part) for part in ("value", "low")]
    assert ends == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("moment", "institutes"), [("written", 0), ("now", 1)])
def test_south_korean_students_in_japan_beyond_others_by_a_query(moment, institutes):
    each = rows(
        "select max(case origin when 'KOR' then students end), max(case origin when 'CHN' then students end), "
        "max(case origin when 'USA' then students end) from students_in_japan where "
        f"language_institutes = {institutes} and origin in ('KOR', 'CHN', 'USA') group by year having count(students) = 3 "
        "order by year desc limit 5",
        "students_in_japan",
    )
    logs = [
        math.log(korea / persons("KOR") / max(china / persons("CHN"), america / persons("USA")))
        for korea, china, america in reversed(each)
    ]
    claim = "pn-interdependence-pivotal"
    ends = [100 * math.expm1(value) for value in (statistics.mean(logs), newey_west(logs)[0])]
    assert ends == pytest.approx([stated(claim, "excess_students", moment, part) for part in ("value", "low")], abs=1e-6)


THIRD = ["USA", "CAN", "AUS", "GBR", "FRA", "DEU", "TWN", "SGP", "THA", "MYS", "IDN"]


@cache
def third_change(host, month):
    """Log change on the year before of visitors from third countries, None where borders were shut or a count is missing."""
    parts = [flows(host)[iso3].get(each) for iso3 in THIRD for each in (month, shift(month, -12))]
    if any(part is None for part in parts) or month in CLOSED or shift(month, -12) in CLOSED:
        return None
    return math.log(sum(parts[::2]) / sum(parts[1::2]))


@cache
def third_fall(host, first):
    """Mean change of three months from a first one less that of the half-year before, None where months are missing."""
    after = [third_change(host, shift(first, by)) for by in range(3)]
    months = [shift(first, by) for by in range(-6, 0)]
    before = [value for month in months if (value := third_change(host, month)) is not None]
    opens = next(month for by in range(200) if third_change(host, month := shift((2004, 1), by)) is not None)
    gap = any(third_change(host, month) is None for month in months if month > opens)
    return None if None in after or len(before) < 2 or gap else statistics.mean(after) - statistics.mean(before)


@pytest.mark.parametrize(("moment", "years"), [("written", range(2011, 2014)), ("now", range(2019, 2022))])
def test_crises_after_which_travel_to_the_partner_fell_are_counted_again(moment, years):
    claim, until = "pn-crisis-spillover", date(day("pn-crisis-spillover", moment))
    found = [(iso3, date(when)) for iso3, when in rows("select iso3, date from allied_crises", "allied_crises")]
    opened = [(iso3, when, shift((when.year, when.month), when.day > 20)) for iso3, when in found]
    hosts = [PARTNER[iso3] for iso3, when, _ in opened if when <= until]
    changes = [third_fall(PARTNER[iso3], first) for iso3, when, first in opened if when <= until]
    months = [shift((2004, 7), by) for by in range(apart((2004, 7), shift((until.year, until.month), -3)) + 1)]
    clear = [month for month in months if all(abs(apart(month, first)) > 6 for *_, first in opened)]
    pools = [
        ([value for month in clear if (value := third_fall(host, month)) is not None], hosts.count(host)) for host in set(hosts)
    ]
    draw = random.Random(12)
    drawn = [sum(sum(draw.sample(pool, number)) for pool, number in pools) / len(changes) for _ in range(40000)]
    mean = statistics.mean(changes)
    for part, usual, near in (("value", statistics.median(drawn), 0.3), ("high", outer(drawn)[0], 0.5)):
        # both draw months at random, the book 2,000 times: its median errs by 0.13, an end by more
        assert 100 * math.expm1(mean - usual) == pytest.approx(stated(claim, "mean_change", moment, part), abs=near), part
    assert 100 * sum(math.expm1(change) <= -0.05 for change in changes) / len(changes) == pytest.approx(
        stated(claim, "share_hit", moment)
    )
    lost = [
        statistics.mean(
            value
            for (value,) in rows(
                "select 7 * t.usd_million * m.gdp_share / m.current_usd_million from trade_partners t join "
                "military_expenditure m on m.iso3 = t.iso3 "
                f"and m.year = t.year where t.flow = 'export' and t.iso3 = '{iso3}' and t.partner = '{partner}' and t.year "
                f"between {years[0]} and {years[-1]}",
                "trade_partners",
                "military_expenditure",
            )
        )
        for iso3, partner in PARTNER.items()
    ]
    assert min(lost) == pytest.approx(stated(claim, "exposure", moment), rel=1e-6)


QUARRELS = {"written": ((2012, 8), 12, 2011, 2013), "now": ((2019, 7), 5, 2018, 2019)}


@pytest.mark.parametrize("moment", QUARRELS)
def test_visitors_lost_in_a_quarrel_month_by_month(moment):
    claim, (zero, length, first, last) = "pn-noncooperation-damages", QUARRELS[moment]
    window = [shift(zero, by) for by in range(1, length + 1)]
    for host, name in (("JPN", "loss_japan"), ("KOR", "loss_korea")):
        known = {
            nationality: {month: number for month, number in series.items() if number}
            for nationality, series in flows(host).items()
        }
        months = {month for series in known.values() for month in series}
        around = [month for by in range(-24, 13) if (month := shift(zero, by)) in months]
        others = [
            series
            for nationality, series in known.items()
            if nationality not in ("WLD", PARTNER[host], "CHN", "HKG")
            and all(month in series for month in around)
            and statistics.mean(series[shift(zero, by)] for by in range(-12, 0)) >= 2000
        ]
        own, rest = log_changes(known[PARTNER[host]], window), [log_changes(series, window) for series in others]

        def beyond(own, rest):
            gaps = [
                (value - statistics.median(each[place][0] for each in rest)) * weight
                for place, (value, weight) in enumerate(own)
            ]
            return sum(gaps) / sum(weight for _, weight in own)

        mean = beyond(own, rest)
        placebos = [beyond(each, rest[:place] + rest[place + 1 :]) for place, each in enumerate(rest)]
        high = 100 * math.expm1(mean - outer(placebos)[0])
        assert high == pytest.approx(stated(claim, name, moment, "high"), abs=1e-6), name
        assert len(others) == stated(claim, name, moment, "n"), name
        assert 100 * math.expm1(mean) == pytest.approx(stated(claim, name, moment), abs=1e-6), name
    for iso3, partner in PARTNER.items():
        found = dict(
            rows(
                "select a.partner, ln(1.0 * b.usd_million / a.usd_million) from trade_partners a join trade_partners b on "
                "b.iso3 = a.iso3 "
                f"and b.flow = a.flow and b.partner = a.partner where a.iso3 = '{iso3}' and a.flow = 'export' and "
                "a.partner != 'WLD' "
                f"and a.year = {first} and b.year = {last}",
                "trade_partners",
            )
        )
        own = found.pop(partner)
        size = one(
            "select t.usd_million * m.gdp_share / m.current_usd_million from trade_partners t join military_expenditure m on "
            f"m.iso3 = t.iso3 and m.year = t.year where t.iso3 = '{iso3}' and t.flow = 'export' and t.partner = '{partner}' "
            f"and t.year = {first}",
            "military_expenditure",
        )
        value = 100 * (statistics.median(found.values()) - own) * size
        assert value == pytest.approx(stated(claim, {"JPN": "income_japan", "KOR": "income_korea"}[iso3], moment), abs=1e-6), (
            iso3
        )


def test_impressions_and_announcements_by_normal_equations():
    claim, weights = "pn-announcements-understanding", ("leader", "minister", "vice-minister", "legislature")
    announced = [
        date(when)
        for when, level in rows(
            "select date, level from trilateral_milestones where announced_only = 0 and type in ('meeting', 'agreement', "
            "'institution') "
            "and date_precision != 'year'",
            "trilateral_milestones",
        )
        if level in weights
    ]
    for public, name in (("JPN", "effect_japan"), ("KOR", "effect_korea")):
        waves = rows(
            f"select fieldwork, percent from mutual_opinion where series = 'genron-eai-impression' and stretch = 'before-2024' "
            f"and respondents = '{public}' and measure = 'bad-impression' and year >= 2015",
            "mutual_opinion",
        )
        days = [date(f"{when}-05-31" if len(str(when)) == 4 else str(when).split("/")[0]) for when, _ in waves]
        counts = [sum(when.replace(year=when.year - 1) <= each < when for each in announced) for when in days]
        years = [when.year + when.timetuple().tm_yday / 365.25 for when in days]
        scaled = (np.array(counts) - np.mean(counts)) / statistics.stdev(counts)
        design = np.column_stack([np.ones(len(days)), scaled, years])
        warmth = [-percent for _, percent in waves]
        slope = np.linalg.solve(design.T @ design, design.T @ warmth)[1]
        assert slope == pytest.approx(stated(claim, name), abs=1e-4), name
        expected = [stated(claim, name, part=part) for part in ("low", "high")]
        assert list(newey_west(warmth, design, 1)) == pytest.approx(expected, abs=1e-4), name
