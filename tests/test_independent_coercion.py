"""Deep verdicts of the chapter on coercion: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import datetime
import math
import statistics

import pytest
from independent import apart, built, constant, date, date_first, day, flows, log_changes, ratio_of_counts, rows, shift, stated
from scipy import stats

pytestmark = built
PAGE = "diagnosis/coercion.md"
CHINESE = [
    ("JPN", (2010, 9), 5, ()),
    ("JPN", (2012, 9), 6, ("KOR",)),
    ("KOR", (2017, 3), 6, ()),
]  # host, month zero, months, not a measure
UNFOLLOWED = [datetime.date(2023, 8, 24), datetime.date(2025, 11, 14)]  # seafood, and advice against travel


def fell(host, zero, length, left_out):
    """Whether Chinese arrivals fell a fifth below others in each month, and among the lowest tenth of them."""
    found, window = flows(host), [shift(zero, by) for by in range(1, length + 1)]
    year_before, both_years = [shift(zero, by) for by in range(-12, 0)], [shift(zero, by) for by in range(-12, length + 1)]
    others = {
        name: log_changes(series, window)
        for name, series in found.items()
        if name not in ("WLD", host, "CHN", "HKG", "MAC", *left_out)
        and all((series.get(month) or 0) > 0 for month in both_years)
        and statistics.mean(series[month] for month in year_before) >= 2000
    }

    def against(own, rest):
        gaps = [
            (value - statistics.median(each[place][0] for each in rest), weight) for place, (value, weight) in enumerate(own)
        ]
        return [gap for gap, _ in gaps], sum(gap * weight for gap, weight in gaps) / sum(weight for _, weight in gaps)

    each_month, mean = against(log_changes(found["CHN"], window), others.values())
    placebos = [against(own, [rest for other, rest in others.items() if other != name])[1] for name, own in others.items()]
    low = (1 + sum(placebo <= mean for placebo in placebos)) / (1 + len(placebos))
    return max(each_month) <= math.log(0.8) and low <= 0.1


def test_falls_of_chinese_arrivals_are_counted_again_month_by_month():
    hits = sum(fell(*shock) for shock in CHINESE)
    for moment in ("written", "now"):
        later = [when for when in UNFOLLOWED if when <= date(day("as-china-has-retaliated", moment))]
        every = len(CHINESE) + len(later)  # ends: none, or all, of the shocks that no monthly table follows hit
        found = [stated("as-china-has-retaliated", "share_hit", moment, part) for part in ("value", "low", "high")]
        assert found == pytest.approx([hits / len(CHINESE), hits / every, (hits + len(later)) / every], abs=1e-9)


def test_after_none_of_the_quarrels_off_the_list_did_arrivals_fall_like_that():
    zeros = [tuple(map(int, day.split("-")[:2])) for day in constant(PAGE, "UNLISTED").values()]
    assert len(zeros) == 4 and not any(fell("JPN", zero, 6, ()) for zero in zeros)


def quarrels():
    """Chinese quarrels: target, start, last end (None while one part lasts), best outcome for Beijing."""
    order = ["conceded", "partial", "settled-elsewhere", "held", "held-so-far", "unknown"]
    found = {}
    for ident, target, trigger, start, end, outcome in rows(
        "select id, target, trigger, start, end, outcome from coercion_events where sender = 'CHN' and target != 'USA'",
        "coercion_events",
    ):
        if ident not in constant(PAGE, "BY_ANOTHER_STATE"):
            found.setdefault((target, trigger), []).append((str(start), str(end) if end else None, order.index(outcome)))
    for (target, _), parts in found.items():
        ends = [end for _, end, _ in parts]
        yield (
            target,
            min(start for start, _, _ in parts),
            None if None in ends else max(ends),
            order[min(outcome for *_, outcome in parts)],
        )


@pytest.mark.parametrize("moment", ["written", "now"])
def test_share_of_targets_that_yielded_by_a_list(moment):
    end = date(day("as-china-retaliation-hesitation", moment))
    year_ago = end.replace(year=end.year - 1)
    closed = [
        outcome
        for _, start, over, outcome in quarrels()
        if (over and date_first(over) <= end)
        or (not over and outcome not in ("held-so-far", "unknown") and date_first(start) <= year_ago)
    ]
    gave = sum(outcome in ("conceded", "partial") for outcome in closed)
    claim = "as-china-retaliation-hesitation"
    assert gave / len(closed) == pytest.approx(stated(claim, "yield_share", moment), abs=1e-9)
    interval = stats.binomtest(gave, len(closed)).proportion_ci(method="exact")
    assert tuple(interval) == pytest.approx(
        (stated(claim, "yield_share", moment, "low"), stated(claim, "yield_share", moment, "high"))
    )


def debates(start):
    """Years of the last September before a date, and of the first three months after it; of a year alone, those beside it."""
    if len(start) == 4:
        return int(start) - 1, int(start) + 1
    year, month = int(start[:4]), int(start[5:7])
    later = shift((year, month), 3)
    return year - (month <= 9), later[0] + (later[1] > 9)


@pytest.mark.parametrize("moment", ["written", "now"])
def test_words_after_quarrels_beyond_countries_that_were_spared(moment):
    claim = "as-china-retaliation-hesitation"
    end = date(day(claim, moment))
    said = {}
    for iso3, year, per_thousand in rows(
        "select iso3, year, 1000.0 * (coalesce(n_china, 0) + coalesce(n_taiwan, 0) + coalesce(n_south_east_china_sea, 0)) / "
        "words from un_speech_terms",
        "un_speech_terms",
    ):
        said.setdefault(year, {})[iso3] = per_thousand
    named = {target for (target,) in rows("select target from coercion_events where sender = 'CHN'", "coercion_events")}
    left_out = {"CHN", "PRK", "USA", *named}
    beyond, spread = [], []
    for target, start, _, _ in quarrels():
        before, after = debates(start)
        if date_first(start) <= end and after <= end.year and before in said and after in said:
            change = {iso3: said[after][iso3] - value for iso3, value in said[before].items() if iso3 in said[after]}
            if target in change:
                others = [value for iso3, value in change.items() if iso3 not in left_out]
                beyond.append(change[target] - statistics.mean(others))
                spread += others
    beyond = [value / statistics.stdev(spread) for value in beyond]
    ends = stats.ttest_1samp(beyond, 0).confidence_interval(0.95)
    assert len(beyond) == stated(claim, "words_change", moment, "n")
    assert [statistics.mean(beyond), *ends] == pytest.approx(
        [stated(claim, "words_change", moment, part) for part in ("value", "low", "high")], abs=1e-6
    )


@pytest.mark.parametrize("moment", ["written", "now"])
def test_meetings_around_quarrels_against_other_random_months(moment):
    claim = "as-china-retaliation-hesitation"
    last = (2022, 6) if moment == "written" else (2025, 6)
    ours = [
        date_first(start)
        for target, start, _, _ in quarrels()
        if target in ("JPN", "KOR") and date_first(start) <= date(day(claim, moment))
    ]
    starts = [(start.year, start.month) for start in ours if start <= datetime.date(2025, 6, 30)]
    near = [(start.year, start.month) for start in ours]
    held = [
        (int(when[:4]), int(when[5:7]))
        for (when,) in rows(
            "select date from trilateral_milestones where announced_only = 0 and type != 'suspension' and date_precision "
            "!= 'year'",
            "trilateral_milestones",
        )
    ]

    months = [shift((2010, 1), by) for by in range(apart((2010, 1), last) + 1)]
    clear = [month for month in months if all(abs(apart(month, other)) > 12 for other in near)]
    expected = [stated(claim, "meetings_ratio", moment, part) for part in ("value", "low", "high")]
    assert ratio_of_counts(held, starts, clear) == pytest.approx(expected, rel=0.08)  # both draw months at random


def test_countries_with_two_quarrels_over_supplies_by_a_list():
    claim = "as-supply-chain-attacks-threat"
    cases = {
        (target, trigger): date_first(str(start))
        for target, trigger, start in rows(
            "select target, trigger, min(start) from coercion_events where exports = 1 group by target, trigger",
            "coercion_events",
        )
    }
    share = dict(
        rows(
            "select iso3, avg(partner_share) from trade_partners where flow = 'import' and partner = 'CHN' "
            "and year between 2019 and 2021 group by iso3",
            "trade_partners",
        )
    )
    count = sum(
        share[iso3] >= 15
        and sum(target == iso3 and when <= date(day(claim, "written")) for (target, _), when in cases.items()) >= 2
        for iso3 in ("USA", "JPN", "KOR")
    )
    assert count == stated(claim, "countries", "written")
    newest = {}
    later = rows(
        "select iso3, year, 100.0 * sum(case partner when 'CHN' then value end) / sum(case partner when 'WLD' then value end) "
        "from (select iso3, cast(substr(start, 1, 4) as int) as year, partner, coalesce(usd_billion, jpy_billion) as value "
        "from recent_trade where period = 'calendar-year' and flow = 'import' union all "
        "select 'USA', cast(substr(month, 1, 4) as int), partner, sum(usd_million) / 1000 from us_goods_imports "
        "where partner = 'WLD' group by 2 having count(*) = 12) group by 1, 2",
        "recent_trade",
        "us_goods_imports",
    )
    earlier = rows("select iso3, year, partner_share from trade_partners where flow = 'import' and partner = 'CHN'")
    for iso3, _, percent in sorted((found for found in [*earlier, *later] if found[2]), key=lambda found: found[1]):
        newest[iso3] = percent
    count = sum(newest[iso3] >= 15 and sum(target == iso3 for target, _ in cases) >= 2 for iso3 in ("USA", "JPN", "KOR"))
    assert count == stated(claim, "countries", "now")
