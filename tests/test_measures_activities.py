"""Activities: classes with doubtful codes moved, spells, half-years, years without a next one, and gaps with lost acts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import MeasureError, activities, survival

CODES = pd.DataFrame(
    {
        "activity": ["a", "b", "c", "d"],
        "content": ["functional", "functional", "directed", "general"],
        "content_doubtful": [0, 1, 1, 0],
        "names_any": [1, 0, 1, 0],
        "names_joint": [0, 0, 1, 0],
        "purpose_doubtful": [0, 0, 0, 1],
        "sensitivity": ["large", "small-new", "other", "other"],
        "sensitivity_doubtful": [1, 0, 1, 0],
    }
)


def dates(*days):
    return pd.to_datetime(list(days))


def test_capability_based_is_functional_with_nobody_naming_an_adversary():
    classes = activities.coded(CODES).set_index("activity")
    assert classes["purpose"].tolist() == ["threat-framed", "capability-based", "threat-framed", "neither"]
    joint = activities.coded(CODES, named="names_joint").set_index("activity")
    assert joint["purpose"].tolist() == ["neither", "capability-based", "threat-framed", "neither"]


def test_doubtful_codes_move_to_the_class_the_code_book_names():
    moved = activities.coded(CODES, "all").set_index("activity")
    assert moved["content"].tolist() == ["functional", "general", "functional", "general"]
    assert moved["threat"].tolist() == [True, False, True, True]
    assert moved["sensitivity"].tolist() == ["small-new", "small-new", "small-new", "other"]
    with pytest.raises(MeasureError, match="unknown move"):
        activities.coded(CODES, "everything")


def test_announcements_are_no_acts_and_a_year_has_no_day():
    milestones = pd.DataFrame(
        {
            "id": ["T1", "T2", "T3"],
            "date": ["2016", "2017-03-02", "2018-01-01"],
            "date_precision": ["year", "day", "day"],
            "date_end": [None, "2017-03-04", None],
            "announced_only": [0, 0, 1],
            "level": "working",
            "checked": "one-source",
        }
    )
    found = activities.acts(pd.DataFrame({"activity": ["a"], "milestones": ["T1 T2 T3"]}), milestones)
    assert found["id"].tolist() == ["T1", "T2"]
    assert found["day"].isna().tolist() == [True, False]
    assert found["last"].iloc[1] == pd.Timestamp("2017-03-04")


def test_a_numbered_meeting_near_a_dated_one_is_not_added():
    found = pd.DataFrame({"series": ["a"], "day": dates("2017-03-02"), "year": [2017]})
    spread = pd.DataFrame({"series": "a", "day": dates("2017-04-01", "2018-04-01")})
    assert activities.with_spread(found, spread)["year"].tolist() == [2017, 2018]


def test_a_spell_ends_when_the_months_are_over_and_a_later_act_opens_another():
    found = pd.DataFrame({"series": "a", "day": dates("2010-01-01", "2011-06-01", "2015-01-01")})
    spells = activities.spells(found, "2016-06-30")
    assert spells[["start", "end", "lapsed", "acts"]].values.tolist() == [
        [pd.Timestamp("2010-01-01"), pd.Timestamp("2013-06-01"), 1, 2],
        [pd.Timestamp("2015-01-01"), pd.Timestamp("2016-06-30"), 0, 1],
    ]


def test_the_last_half_year_of_an_ended_spell_holds_the_lapse_and_counts_turnovers():
    spells = activities.spells(pd.DataFrame({"series": ["a"], "day": dates("2010-01-15")}), "2020-01-01")
    rows = activities.half_years(spells, pd.Series(dates("2010-03-01", "2010-04-01", "2011-12-01")))
    assert rows["lapsed"].tolist() == [0, 0, 0, 1]
    assert rows["changes"].tolist() == [2, 0, 0, 1]
    assert np.exp(rows["age"]).round(1).tolist() == [1, 2, 3, 4]
    assert len(activities.half_years(spells, pd.Series(dates("2010-03-01")), after=3)) == 1


def test_a_year_without_the_next_is_interrupted():
    found = pd.DataFrame({"series": ["a", "a", "b"], "year": [2015, 2016, 2016]})
    rows = activities.interruptions(found, 2015, 2016)
    assert rows.values.tolist() == [["a", 2015, 0], ["a", 2016, 1], ["b", 2016, 1]]


def random_acts(seed=1):
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2000-01-01") + pd.to_timedelta(rng.integers(0, 9000, 80), "D")
    return pd.DataFrame({"series": rng.choice(list("abcdef"), 80), "day": days})


def test_the_fast_count_of_what_is_held_again_is_that_of_the_slow_one():
    found, turnovers = random_acts(), pd.Series(dates("2003-05-01", "2008-02-29", "2015-11-30", "2023-12-01", "2030-01-01"))
    fast = activities.again(found, turnovers, "2024-06-30", 24, 12).sort_values(["series", "turnover"], ignore_index=True)
    slow = survival.at_risk(found, turnovers, "2024-06-30", 24, 12).sort_values(["series", "turnover"], ignore_index=True)
    pd.testing.assert_frame_equal(fast, slow[fast.columns], check_dtype=False)


def test_with_nothing_lost_the_gap_is_that_of_the_record():
    found, turnovers = random_acts(), pd.Series(dates("2005-05-01", "2010-02-28", "2015-11-30"))
    groups, none = ({"a", "b", "c"}, {"d", "e", "f"}), pd.Series(dtype="datetime64[ns]")
    lost = found.assign(level="working")
    gaps = activities.gaps_with_lost(found, lost, none, groups, turnovers, "2024-06-30", 12, 0.0, 1, draws=2)
    cases = activities.again(found, turnovers, "2024-06-30", 24, 12)
    assert gaps == pytest.approx(survival.gap(cases, cases["series"].isin(groups[0]), 12))


def test_added_meetings_bring_a_single_act_back():
    found = pd.DataFrame({"series": ["a", "b", "b"], "day": dates("2010-01-01", "2010-01-01", "2010-07-01")})
    single = pd.Series(dates("2010-01-01"), index=["a"])
    gaps = activities.gaps_with_lost(
        found,
        found.assign(level="working"),
        single,
        ({"a"}, {"b"}),
        pd.Series(dates("2010-02-01")),
        "2011-01-01",
        12,
        0.0,
        400,
        draws=5,
    )
    assert set(gaps) == {0.0}


def test_an_act_of_an_unknown_day_stands_in_the_middle_of_its_year():
    found = pd.DataFrame({"series": "a", "year": [2018, 2019], "day": [pd.NaT, pd.Timestamp("2019-03-02")]})
    placed = activities.at_mid_year(found.assign(last=found["day"]))
    assert placed["day"].tolist() == placed["last"].tolist() == list(dates("2018-07-01", "2019-03-02"))


def test_turnovers_of_two_years_before_are_counted_with_a_lag():
    spell = pd.DataFrame({"series": ["a"], "start": dates("2015-01-01"), "end": dates("2017-01-01"), "lapsed": [1],
                          "first": dates("2015-01-01")})
    turnovers = pd.Series(dates("2014-11-01"))
    assert activities.half_years(spell, turnovers)["changes"].sum() == 0
    assert activities.half_years(spell, turnovers, lag=24)["changes"].tolist() == [0, 0, 0, 1]


def cases(*rows):
    frame = pd.DataFrame(rows, columns=["series", "turnover", "months", "again"])
    return frame.assign(turnover=pd.to_datetime(frame["turnover"]))


def test_a_stratum_with_one_kind_of_series_has_no_part_in_the_gap():
    frame = cases(("a", "2017-01-20", 3, 1), ("b", "2017-01-20", 12, 0), ("c", "2017-01-20", 2, 1))
    rank = pd.Series({"a": False, "b": False, "c": True})
    assert survival.comparable(frame, {"a", "c"}, rank)["series"].tolist() == ["a", "b"]


def test_resampling_both_ways_is_wider_where_all_rests_on_one_turnover():
    rows = [(name, turnover, 3 if hit else 12, int(hit))
            for name in "abcdef" for turnover, hit in (("2017-01-20", name in "abc"), ("2025-01-20", name in "abd"))]
    frame = survival.comparable(cases(*rows), set("abc"), pd.Series(0, index=list("abcdef")))
    gap, one_way, _ = survival.group_gap(frame, set("abc"), 12, draws=500, swaps=0)
    both_ways = survival.resampled_both_ways(frame, 12, 500)
    assert gap > 0
    assert np.ptp(np.quantile(both_ways, [0.025, 0.975])) >= np.ptp(np.quantile(one_way, [0.025, 0.975]))


def test_counting_a_case_twice_is_repeating_its_row():
    rng = np.random.default_rng(1)
    months, again, group = rng.integers(1, 13, 40).astype(float), rng.random(40) < 0.6, rng.random(40) < 0.4
    stratum, often = rng.integers(0, 2, 40), rng.integers(0, 3, (5, 40))
    found = survival.weighted_gaps(months, again, group, stratum, 12, often)
    for counts, gap in zip(often, found, strict=True):
        row = np.repeat(np.arange(40), counts)
        assert gap == pytest.approx(survival.pooled_gap(months[row], again[row], group[row], stratum[row], 12))
