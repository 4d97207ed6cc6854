"""Windows, shifted calendars, trios, survival: cases of known answer, and the batch against the library."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from trilateral.measures import MeasureError, poisson, survival, turnovers


def test_the_batch_gives_the_coefficients_of_the_library():
    rng = np.random.default_rng(1)
    designs = np.concatenate([np.ones((5, 80, 1)), rng.normal(size=(5, 80, 3))], axis=2)
    counts = rng.poisson(2, 80)
    batch = poisson.fit_many(counts, designs)
    for design, beta in zip(designs, batch, strict=True):
        np.testing.assert_allclose(beta, poisson.fit(counts, design).params, atol=1e-5)


def test_many_counts_share_one_design():
    rng = np.random.default_rng(2)
    design = np.column_stack([np.ones(60), rng.normal(size=60)])
    counts = rng.poisson(3, (4, 60))
    np.testing.assert_allclose(poisson.fit_many(counts, design)[2], poisson.fit(counts[2], design).params, atol=1e-5)


def test_a_regression_without_events_or_with_too_few_months_is_refused():
    with pytest.raises(MeasureError, match="all zero"):
        poisson.fit(np.zeros(9), np.ones((9, 1)))
    with pytest.raises(MeasureError, match="2 observations for 3 columns"):
        poisson.fit(np.ones(2), np.ones((2, 3)))


def test_one_design_and_one_set_of_counts_are_no_batch():
    with pytest.raises(MeasureError, match="take fit"):
        poisson.fit_many(np.ones(4), np.ones((4, 1)))


def test_the_deviance_is_that_of_the_library():
    counts, design = np.array([0.0, 2, 5, 1]), np.ones((4, 1))
    fitted = poisson.fit(counts, design)
    assert poisson.deviances(counts, design @ fitted.params) == pytest.approx(fitted.deviance)


def test_a_turnover_late_in_a_month_begins_with_the_next():
    assert turnovers.first_month(pd.Series(["2025-01-20", "2022-05-10"])).astype(str).tolist() == ["2025-02", "2022-05"]


def test_windows_count_how_often_a_month_is_covered():
    after = turnovers.window(np.array([2, 4]), 8, 3, "after")
    before = turnovers.window(np.array([2, 4]), 8, 3, "before")
    assert after.tolist() == [0, 0, 1, 1, 2, 1, 1, 0]
    assert before.tolist() == [1, 2, 1, 1, 0, 0, 0, 0]


def test_a_side_or_trend_that_does_not_exist_is_refused():
    with pytest.raises(MeasureError, match="unknown side 'around'"):
        turnovers.window(np.array([2]), 8, 3, "around")
    with pytest.raises(MeasureError, match="unknown trend 'cubic'"):
        turnovers.controls(12, "cubic")


def test_a_trend_is_in_steps_of_five_years_from_the_middle():
    fixed = turnovers.controls(120, "quadratic", np.arange(120))
    assert fixed.shape == (120, 4) and fixed[0].tolist() == [1, -1, 1, 0] and fixed[60].tolist() == [1, 0, 0, 60]


def test_a_turnover_counts_with_half_a_year_on_both_sides():
    assert turnovers.cases(np.array([1, 6, 50, 54, 58]), 60, 12).tolist() == [False, True, True, True, False]
    assert turnovers.cases(np.array([2, 3, 57, 58]), 60, 3).tolist() == [False, True, True, False]  # shorter windows in full


def simulated(ratio, seed=3):
    rng = np.random.default_rng(seed)
    months = pd.period_range("1960-01", periods=720, freq="M")
    dates = pd.date_range("1962-01-05", periods=14, freq="48MS") + pd.Timedelta(days=3)
    frame = pd.DataFrame({"date": dates, "iso3": "USA", "kind": "new"})
    rate = np.full(720, 4.0)
    for place in turnovers.position(frame["date"], "1960-01"):
        rate[place:place + 12] *= ratio
    return pd.Series(rng.poisson(rate), index=months).astype(float), frame


def test_a_fall_by_half_after_turnovers_is_found_and_none_is_not():
    for ratio, falls in ((0.5, True), (1.0, False)):
        counts, frame = simulated(ratio)
        effect = turnovers.effects(counts, frame, turnovers.controls(720, "linear"), draws=200)
        value, _, high = effect.percent("new")
        assert effect.cases["new"] == 14
        assert (high < 0) == falls
        assert abs(value - 100 * (ratio - 1)) < 15


def test_a_rise_from_nothing_has_no_bound():
    counts, frame = simulated(1.0)
    for place in turnovers.position(frame["date"], "1960-01"):
        counts.iloc[place - 12:place] = 0
    effect = turnovers.effects(counts, frame, turnovers.controls(720, "none"), draws=5)
    assert not effect.bounded("new") and not effect.bounded("same")
    assert turnovers.effects(simulated(1.0)[0], frame, turnovers.controls(720, "none"), draws=5).bounded("new")


def test_a_record_without_events_or_turnovers_is_refused():
    counts, frame = simulated(1.0)
    fixed = turnovers.controls(720, "none")
    with pytest.raises(MeasureError, match="no event in the record"):
        turnovers.effects(0 * counts, frame, fixed, draws=5)
    with pytest.raises(MeasureError, match="no turnover touches the record"):
        turnovers.effects(counts, frame.assign(date=pd.Timestamp("2090-01-01")), fixed, draws=5)


def test_the_interval_is_the_estimate_less_the_outer_placebos():
    effect = turnovers.Effect({"new": 0.0}, {"new": np.linspace(-1, 1, 2001)}, {"new": 3})
    assert effect.percent("new", 0.9) == pytest.approx((0, 100 * np.expm1(-0.9), 100 * np.expm1(0.9)))


def test_the_estimate_is_the_same_for_the_same_seed_and_scale_free():
    counts, frame = simulated(0.8)
    fixed = turnovers.controls(720, "none")
    a, b = (turnovers.effects(scale * counts, frame, fixed, draws=50).percent("new") for scale in (1, 3))
    np.testing.assert_allclose(a, b, atol=1e-3)


def test_meetings_between_known_ordinals_are_spread_evenly():
    days = turnovers.numbered(pd.DataFrame({"ordinal": [1, 3, 4], "date": ["2010-01-01", "2012-01-01", "2012-06"]}))
    assert days.dt.strftime("%Y-%m").tolist() in (["2010-12", "2012-01", "2012-06"], ["2011-01", "2012-01", "2012-06"])


def test_nothing_is_spread_toward_a_number_not_yet_read():
    counters = pd.DataFrame({"ordinal": [1, 2, 9], "date": ["2010-01-01", "2011-01-01", "2018-01-01"]})
    assert len(turnovers.numbered(counters, "2015-01-01")) == 1
    assert len(turnovers.numbered(counters, "2009-01-01")) == 0
    assert len(turnovers.numbered(counters)) == 8


def test_calendars_shifted_together_keep_the_estimate():
    counts, frame = simulated(0.7)
    frame = frame.assign(iso3=np.where(np.arange(len(frame)) % 2, "USA", "JPN"))
    own, joint = (turnovers.effects(counts, frame, turnovers.controls(720, "none"), draws=100, together=together)
                  for together in (False, True))
    assert own.log_ratio == joint.log_ratio
    assert not np.allclose(own.placebo["new"], joint.placebo["new"])


def test_short_trios_share_one_number():
    groups = turnovers.trios([np.array(list("aaabbb")), np.array(list("xxxyzz"))])
    assert groups[0] == groups[1] == groups[2] and groups[4] == groups[5] and len(set(groups)) == 3


def test_groups_that_make_the_counts_explain_them_and_random_ones_do_not():
    rng = np.random.default_rng(4)
    made = np.repeat(np.arange(6), 12)
    counts = rng.poisson(np.repeat([1, 8, 2, 9, 1, 7], 12))
    fixed = np.ones((72, 1))
    share = turnovers.explained(counts, np.stack([made, rng.permutation(made)]), fixed)
    assert share[0] > 60 > 20 > abs(share[1])


def test_large_effects_of_trios_are_seldom_missed_and_none_at_all_mostly():
    rng, terms = np.random.default_rng(5), np.repeat(np.arange(6), 12)
    sitting = [terms, np.roll(np.repeat(np.arange(4), 18), 5), np.roll(np.repeat(np.arange(3), 24), 9)]
    counts, fixed = rng.poisson(20, 72), np.ones((72, 1))
    missed, shares = {}, {}
    for spread in (0.0, 1.5):
        missed[spread], shares[spread] = turnovers.missed(counts, sitting, fixed, spread, draws=20, shifts=40)
    assert missed[0.0] >= 80 > 20 >= missed[1.5]
    assert np.median(shares[0.0]) < 10 < 60 < np.median(shares[1.5]) and len(shares[1.5]) == 20
    assert turnovers.missed(counts, sitting, fixed, 1.5, draws=20, shifts=40)[0] == missed[1.5]  # the seed is fixed


def test_held_leaves_out_what_did_not_take_place_or_has_no_month():
    frame = pd.DataFrame({"date": ["2020", "2020-05", "2020-06-02", "2020-07-01", "2020-08-01"],
                          "date_precision": ["year", "month", "day", "day", "day"],
                          "level": ["leader", "leader", "legislature", "minister", "working"],
                          "type": ["meeting", "meeting", "meeting", "suspension", "meeting"],
                          "announced_only": [0, 0, 0, 0, 1]})
    assert turnovers.held(frame)[["day", "weight"]].values.tolist() == [[pd.Timestamp("2020-05-15"), 4]]


MEETINGS = pd.DataFrame({"series": ["a", "a", "b", "c"],
                         "day": pd.to_datetime(["2016-06-01", "2017-07-01", "2016-12-01", "2010-01-01"])})


def test_only_activities_held_before_a_turnover_are_at_risk():
    frame = survival.at_risk(MEETINGS, pd.Series(["2017-01-20"]), "2018-06-30")
    assert frame[["series", "again"]].values.tolist() == [["a", 1], ["b", 0]]
    assert frame["months"].round(1).tolist() == [5.3, 17.3]


def test_only_the_meetings_named_count_as_held_again():
    frame = survival.at_risk(MEETINGS, pd.Series(["2017-01-20"]), "2018-06-30", repeats=MEETINGS[MEETINGS["series"] == "b"])
    assert frame[["series", "again"]].values.tolist() == [["a", 0], ["b", 0]]
    assert frame["earlier"].tolist() == [1, 1]


def test_the_share_is_that_of_lifelines():
    rng = np.random.default_rng(5)
    months, again = rng.exponential(12, 40).clip(0, 24), rng.integers(0, 2, 40)
    fitted = KaplanMeierFitter().fit(months, again)
    assert survival.share(months, again, 24) == pytest.approx(100 * (1 - fitted.predict(24)))
    with pytest.raises(MeasureError, match="no activity"):
        survival.share([], [], 24)


def test_the_curve_rises_to_the_share():
    frame = pd.DataFrame({"months": [3, 6, 6, 24.0], "again": [1, 1, 0, 0]})
    drawn = survival.curve(frame, 24)
    # a quarter at month 3, a third of the rest at month 6
    assert drawn.set_index("months")["share"].to_dict() == pytest.approx({0: 0, 3: 25, 6: 50, 24: 50})
    assert (drawn["low"] <= drawn["share"]).all() and (drawn["share"] <= drawn["high"]).all()
    assert survival.share(frame["months"], frame["again"], 24) == pytest.approx(50)


def test_a_difference_between_turnovers_is_no_gap_within_them():
    frame = pd.DataFrame({"series": list("abcdef"), "turnover": pd.to_datetime(["2010"] * 3 + ["2012"] * 3),
                          "months": [1, 1, 1, 24, 24, 24.0], "again": [1, 1, 1, 0, 0, 0]})
    formal = pd.Series([True, False, False, True, True, False])
    assert survival.gap(frame, formal, 24) == pytest.approx(-100 / 3)
    assert survival.gap_within(frame, formal, 24) == 0
    with pytest.raises(MeasureError, match="both kinds"):
        survival.gap_within(frame, formal | True, 24)


def test_exchanged_labels_keep_an_activity_whole():
    frame = pd.DataFrame({"series": list("aabbcc"), "turnover": pd.to_datetime(["2010", "2012"] * 3),
                          "months": [1, 1, 24, 24, 24, 24.0], "again": [1, 1, 0, 0, 0, 0]})
    since = pd.Series({"a": pd.Timestamp("2000-01-01"), "b": pd.NaT, "c": pd.NaT})
    gaps = survival.exchanged(frame, since, 24, draws=60)
    assert set(gaps.round(3)) == {100.0, -50.0}
    formal = frame["series"] == "a"
    assert survival.gap(frame, formal, 24) == 100
    assert set(survival.resampled(frame, formal, 24, draws=20)) == {100.0}


def test_numbered_meetings_are_counted_over_the_same_months_on_both_sides():
    talks = pd.DataFrame({"ordinal": [1, 13], "date": ["2010-01-15", "2016-01-15"]})
    one = pd.DataFrame({"date": ["2013-01-05"], "to_leader": "A"})
    around = turnovers.meetings_around({"talks": talks}, one, 12, "2016-12")
    assert around[["months_before", "before", "months_after", "after"]].to_numpy().tolist() == [[12, 2, 12, 2]]
    assert turnovers.rate_change(around).value == 0
    assert turnovers.rate_change(around.assign(before=0)).value is None
    assert turnovers.first_known(pd.DataFrame({"ordinal": [1], "date": ["2010"]})) == pd.Period("2010-07", "M")


def test_a_series_too_young_for_half_a_year_before_is_left_out():
    talks = pd.DataFrame({"ordinal": [1, 5], "date": ["2012-09-15", "2016-01-15"]})
    one = pd.DataFrame({"date": ["2013-01-05"], "to_leader": "A"})
    assert turnovers.meetings_around({"talks": talks}, one, 12, "2016-12").empty


def test_an_effect_without_draws_has_the_same_estimate():
    counts, frame = simulated(0.5)
    fixed = turnovers.controls(len(counts), "linear")
    alone, drawn = (turnovers.effects(counts, frame, fixed, 12, draws) for draws in (0, 20))
    assert alone.log_ratio["new"] == pytest.approx(drawn.log_ratio["new"])
    assert len(alone.placebo["new"]) == 0
    assert len(drawn.placebo["new"]) == 20


def test_a_rise_of_one_column_is_its_share():
    rng = np.random.default_rng(4)
    pushed = np.r_[np.zeros(120), np.ones(120)]
    idle = rng.normal(size=240)
    design = np.column_stack([np.ones(240), pushed, idle])
    counts = rng.poisson(np.exp(1 + pushed))
    groups = {"pushed": slice(1, 2), "idle": slice(2, 3)}
    total, parts, shares = turnovers.rise_shares(counts, design, np.array([0.0, 1, 0]), groups, 50)
    assert total == pytest.approx(1, abs=0.15)
    assert parts[1] == pytest.approx(total)
    assert shares["pushed"][0] == pytest.approx(100)
    assert shares["idle"] == pytest.approx((0, 0, 0))


def test_events_are_added_where_they_may_be_missing():
    where = np.r_[np.ones(50, bool), np.zeros(50, bool)]
    added = turnovers.topped_up({2: np.full(100, 3.0)}, where, 0.25, 200)[2]
    assert added[:, where].sum(axis=1).mean() == pytest.approx(50, rel=0.05)
    assert not added[:, ~where].any()
    with pytest.raises(MeasureError, match="no share"):
        turnovers.topped_up({2: np.ones(3)}, np.ones(3, bool), 1, 5)
