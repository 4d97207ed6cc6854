"""Deep verdicts of the chapter on threats: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import datetime
import itertools
import math
import statistics

import pytest
from independent import built, constant, date, day, newey_west, one, retrieved, rows, stated
from scipy import stats

pytestmark = built
PAGE = "diagnosis/threats.md"


def years(moment):
    """The years of a span: from 2010 to the day of writing, or the last ten."""
    last = date(day("as-threat-perceptions-diverge", moment)).year
    return (2010, last) if moment == "written" else (last - 9, last)


@pytest.mark.parametrize("moment", ["written", "now"])
def test_korean_lead_of_the_north_by_a_query(moment):
    gaps = rows(
        "select year, sum(case target when 'PRK' then percent else -percent end), count(*) from opinion_series "
        "where (series = 'ipus-threat-infographic' or (series = 'ipus-threat-report' and year > 2022)) "
        f"and target in ('PRK', 'CHN') and year <= {date(day('as-rok-worries-nk-more', moment)).year} group by year",
        "opinion_series",
    )
    assert {count for *_, count in gaps} == {2}
    lead = [gap for _, gap, _ in gaps]
    assert statistics.mean(lead) == pytest.approx(stated("as-rok-worries-nk-more", "mean_gap", moment), abs=1e-9)
    assert newey_west(lead)[0] == pytest.approx(stated("as-rok-worries-nk-more", "mean_gap", moment, "low"), abs=1e-9)
    assert sum(gap > 0 for gap in lead) / len(lead) == pytest.approx(
        stated("as-rok-worries-nk-more", "share_positive", moment), abs=1e-9
    )


@pytest.mark.parametrize("moment", ["written", "now"])
def test_largest_gap_of_speeches_by_a_query(moment):
    first, last = years(moment)
    said = rows(
        "select year, max(case iso3 when 'KOR' then r end), max(case iso3 when 'USA' then r end), max(case iso3 when 'JPN' "
        "then r end) "
        "from (select year, iso3, 1000.0 * (n_dprk - n_china) / words as r from un_speech_terms where iso3 in ('USA', "
        "'JPN', 'KOR')) "
        f"where year between {first} and {last} group by year having count(*) = 3",
        "un_speech_terms",
    )
    spread = statistics.stdev([value for row in said for value in row[1:]])
    gaps = [[(row[1] - row[column]) / spread for row in said] for column in (2, 3)]
    widest = max(gaps, key=lambda gap: abs(statistics.mean(gap)))
    claim, sign = "as-threat-perceptions-diverge", math.copysign(1, statistics.mean(widest))
    assert sign * statistics.mean(widest) == pytest.approx(stated(claim, "gap_speeches", moment), abs=1e-9)
    low = stats.ttest_1samp([sign * gap for gap in widest], 0).confidence_interval(0.95).low
    assert low == pytest.approx(stated(claim, "gap_speeches", moment, "low"), abs=1e-9)


@pytest.mark.parametrize("moment", ["written", "now"])
def test_distance_in_votes_beyond_the_median_ally_by_a_query(moment):
    first, last = years(moment)
    points = {}
    for iso3, year, point in rows("select iso3, year, ideal_point from un_ideal_points where basis = 'all'", "un_ideal_points"):
        points.setdefault(year, {})[iso3] = point
    allies, excess = constant(PAGE, "ALLIES"), {}
    for partner, other in (("USA", "JPN"), ("JPN", "USA")):
        excess[partner] = [
            abs(at["KOR"] - at[partner])
            - statistics.median(abs(at[iso3] - at[partner]) for iso3 in [*allies, other] if iso3 in at)
            for year, at in points.items()
            if first <= year < last
        ]
    widest, claim = max(excess.values(), key=statistics.mean), "as-threat-perceptions-diverge"
    assert statistics.mean(widest) == pytest.approx(stated(claim, "gap_votes", moment), abs=1e-9)
    assert newey_west(widest)[0] == pytest.approx(stated(claim, "gap_votes", moment, "low"), abs=1e-9)


@pytest.mark.parametrize("moment", ["written", "now"])
def test_gap_of_polls_pooled_by_the_formulas(moment):
    (first, last), design = years(moment), constant(PAGE, "DESIGN_EFFECT")
    waves = rows(
        "select sum((case respondents when 'KOR' then 1 else -1 end) * (case target when 'PRK' then 1 else -1 end) * percent), "
        f"{design} * sum(1.0 * percent * (100 - percent) / coalesce(sample_size, 1000)) from opinion_series where "
        "question_type = 'military-threat-multiple' and target in ('PRK', 'CHN') and respondents in ('KOR', 'JPN') and "
        f"year between {first} and {last} group by series, year having count(*) = 4",
        "opinion_series",
    )
    gaps, variances = zip(*waves, strict=True)

    def pooled(between):
        weights = [1 / (variance + between) for variance in variances]
        mean = sum(weight * gap for weight, gap in zip(weights, gaps, strict=True)) / sum(weights)
        scatter = sum(weight * (gap - mean) ** 2 for weight, gap in zip(weights, gaps, strict=True))
        return mean, weights, scatter

    _, weights, scatter = pooled(0)  # DerSimonian and Laird's variance between polls, then Hartung and Knapp's error
    spare = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    mean, weights, scatter = pooled(max(0, (scatter - len(gaps) + 1) / spare))
    error = math.sqrt(max(1, scatter / (len(gaps) - 1)) / sum(weights))
    low = abs(mean) - stats.t.ppf(0.975, len(gaps) - 1) * error
    claim = "as-threat-perceptions-diverge"
    assert len(gaps) == stated(claim, "gap_polls", moment, "n")
    assert abs(mean) == pytest.approx(stated(claim, "gap_polls", moment), abs=1e-6)
    assert max(0, low) == pytest.approx(stated(claim, "gap_polls", moment, "low"), abs=1e-6)


@pytest.mark.parametrize("moment", ["written", "now"])
def test_measures_on_which_seoul_is_closer_to_beijing_are_counted_again(moment):
    first, last = (2008, 2021) if moment == "written" else years("now")
    tables = {  # closer is more
        "votes": rows(
            "select a.iso3, a.year, -abs(a.ideal_point - c.ideal_point) from un_ideal_points a join un_ideal_points c "
            "on c.year = a.year and c.basis = a.basis and c.iso3 = 'CHN' where a.basis = 'all'",
            "un_ideal_points",
        ),
        "speeches": rows("select iso3, year, -100.0 * s_china_hostile / sentences from un_speech_terms", "un_speech_terms"),
        "opinion": rows(
            "select respondents, year, favorable from pew_opinions where target = 'CHN' and suspect = 0", "pew_opinions"
        ),
        "exports": rows(
            "select iso3, year, export_share_china from merchandise_trade_china where export_share_china is not null",
            "merchandise_trade_china",
        ),
    }
    closer, measures = [], 0
    for found in tables.values():
        value = {(iso3, year): number for iso3, year, number in found}
        pair = {
            partner: [
                value["KOR", year] - value[partner, year]
                for year in range(first, last + 1)
                if ("KOR", year) in value and (partner, year) in value
            ]
            for partner in ("JPN", "USA")
        }
        measures += len(pair["JPN"]) >= 3
        closer.append([len(pair[partner]) >= 3 and newey_west(pair[partner])[0] > 0 for partner in ("JPN", "USA")])
    if moment == "written":  # disputes, coded to 2014: Seoul has far fewer than Tokyo, and no more than Washington
        count = {
            partner: one(
                "select count(*) from militarized_disputes where dataset = 'COW' and year_start between 2008 and 2014 and "
                f"'CHN' in (iso3_a, iso3_b) and '{partner}' in (iso3_a, iso3_b)",
                "militarized_disputes",
            )
            for partner in ("KOR", "JPN", "USA")
        }
        measures += 1
        closer.append(
            [
                stats.binomtest(count["KOR"], count["KOR"] + count[partner]).pvalue < 0.05 and count["KOR"] < count[partner]
                for partner in ("JPN", "USA")
            ]
        )
    claim = "as-rok-balances-china"
    assert (sum(japan for japan, _ in closer), sum(all(pair) for pair in closer), measures) == tuple(
        stated(claim, name, moment) for name in ("closer_japan", "closer_both", "measures")
    )


@pytest.mark.parametrize("moment", ["written", "now"])
def test_longest_time_without_a_north_korean_test_by_sorting_days(moment):
    claim = "as-nk-long-term-problem"
    begin = datetime.date(2011, 12, 17) if moment == "written" else date(day(claim, "written"))
    end = date(day(claim, "written")) if moment == "written" else retrieved("nk_provocations")
    held = sorted(
        date(when)
        for (when,) in rows("select date from nk_provocations where type in ('missile', 'nuclear')", "nk_provocations")
    )
    held = [when for when in held if begin <= when <= end]
    bounds = [begin, *held, end]
    longest = max((until - since).days for since, until in itertools.pairwise(bounds))
    assert longest / (365.25 / 12) == pytest.approx(stated(claim, "longest_spell", moment), abs=1e-9)
    assert len(held) == stated(claim, "longest_spell", moment, "n")
    periods = [
        begin.replace(year=begin.year + step)
        for step in range(20)
        if begin.replace(year=begin.year + step) <= end + datetime.timedelta(days=1)
    ]
    full = list(itertools.pairwise(periods))
    share = sum(any(since <= when < until for when in held) for since, until in full) / len(full)
    assert share == pytest.approx(stated(claim, "share_periods", moment), abs=1e-9)
