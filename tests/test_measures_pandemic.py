"""Vaccination, deaths and tracing: cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import MeasureError, mortality, tracing, vaccination

DEATHS = pd.DataFrame({
    "iso3": ["AAA", "AAA", "AAA", "BBB"], "end": pd.to_datetime(["2020-12-31", "2021-12-31", "2022-01-31", "2021-06-30"]),
    "total_deaths": [110, 120, 500, 90], "expected_deaths": [100.0, 100.0, 100.0, 90.0],
    "expected_without_trend": [95.0, 95.0, 95.0, 90.0]})


def test_a_series_that_ends_early_is_left_out_and_later_periods_do_not_count():
    sums = mortality.to_date(DEATHS, pd.Timestamp("2021-12-31"))
    assert sums.index.tolist() == ["AAA"]
    assert sums.loc["AAA", "total_deaths"] == 230
    with pytest.raises(MeasureError, match="2025"):
        mortality.to_date(DEATHS, pd.Timestamp("2025-12-31"))


def test_the_three_measures_of_excess_have_the_denominators_their_names_say():
    sums = mortality.to_date(DEATHS, pd.Timestamp("2021-12-31"))
    found = mortality.excess(sums, np.array([1000.0]))
    assert found[mortality.TREND] == pytest.approx([3000.0])
    assert found[mortality.NO_TREND] == pytest.approx([4000.0])
    assert found[mortality.PERCENT] == pytest.approx([15.0])
    higher = mortality.excess(sums, np.array([1000.0]), error=10)
    assert higher[mortality.TREND] == pytest.approx([2000.0]) and higher[mortality.PERCENT][0] < 15


def test_the_error_of_a_straight_baseline_grows_with_every_year_from_its_base():
    assert mortality.growth(pd.Timestamp("2021-12-31")) == pytest.approx(1.0)
    three = np.sqrt(9 / 5 + 12**2 / 10) / np.sqrt(4 / 5 + 7**2 / 10)
    assert mortality.growth(pd.Timestamp("2022-12-31")) == pytest.approx(three)
    days = [mortality.growth(day) for day in pd.date_range("2021-12-31", "2024-12-31", freq="QE")]
    assert days == sorted(days)


def test_the_variance_of_a_sum_of_extrapolated_years_is_that_of_ordinary_least_squares():
    x = np.column_stack([np.ones(5), np.arange(-2, 3)])  # 2015-2019 about 2017
    covariance = np.linalg.inv(x.T @ x)

    def spread(ahead):
        weights = np.array([len(ahead), sum(ahead)])
        return np.sqrt(weights @ covariance @ weights)

    assert mortality.growth(pd.Timestamp("2023-12-31")) == pytest.approx(spread([3, 4, 5, 6]) / spread([3, 4]))


def test_draws_of_the_baseline_have_the_standard_error_asked_for():
    rng = np.random.default_rng(0)
    found = mortality.baseline_errors(pd.Series([2.0]), pd.Series([5000.0]), pd.Timestamp("2021-12-31"), 20000, rng)
    assert found.std() == pytest.approx(100, rel=0.03) and abs(found.mean()) < 3


DATES = pd.DataFrame({
    "iso3": ["AAA", "AAA", "KOR"], "population": ["economist", "jhu", "economist"], "doses_per_100": [20, 20, 20],
    "date": pd.to_datetime(["2020-12-12", "2020-12-22", "2020-12-31"]),
    "last_report_below": pd.to_datetime(["2020-12-11", "2020-12-15", "2020-12-30"])})


def test_days_count_from_the_first_authorization_and_a_threshold_never_reached_is_infinite():
    found = vaccination.days_to(DATES, 20, "jhu", ["AAA", "KOR", "CCC"])
    assert found.tolist() == [20, 29, np.inf]
    assert vaccination.days_to(DATES, 20, "economist", ["AAA"]).tolist() == [10]
    assert vaccination.days_to(DATES, 20, "economist", ["AAA"], "last_report_below").tolist() == [9]


def test_a_threshold_that_the_table_has_not_is_an_error_and_not_reached_by_nobody():
    with pytest.raises(MeasureError, match="days to 35 doses per 100 people are not known; the table has 20"):
        vaccination.days_to(DATES, 35, "jhu", ["AAA"])


def test_drawn_days_lie_between_the_last_report_below_and_the_day_of_one_of_the_two_populations():
    found = vaccination.drawn_days(DATES, 20, ["AAA", "KOR", "CCC"], 3000, np.random.default_rng(0))
    own = found[:, 0]
    assert (((own >= 9) & (own <= 10)) | ((own >= 13) & (own <= 20))).all()
    assert 0.45 < (own > 11).mean() < 0.55
    assert (found[:, 1] >= 28).all() and np.isinf(found[:, 2]).all()


SPELLS = pd.DataFrame({
    "iso3": ["AAA", "AAA", "BBB"], "start": pd.to_datetime(["2020-01-01", "2020-01-11", "2020-01-16"]),
    "end": pd.to_datetime(["2020-01-10", "2020-01-31", "2020-01-31"]), "level": [0, 2, 1]})


def test_days_are_weighted_by_level_and_days_not_coded_are_left_out():
    levels = tracing.daily(SPELLS, "2020-01-01", "2020-01-20")
    assert tracing.mean_level(levels, least=1).to_dict() == {"AAA": 1.0, "BBB": 1.0}
    assert tracing.share_at(levels, 2, least=1).to_dict() == {"AAA": 0.5, "BBB": 0.0}
    assert np.isnan(tracing.mean_level(levels, least=6)["BBB"])


def test_without_a_shift_the_draws_are_the_measure_itself():
    own = SPELLS[SPELLS["iso3"] == "AAA"]
    still = tracing.shifted(own, "2020-01-01", "2020-01-20", 5, np.random.default_rng(0), most=0)
    assert still["AAA"].tolist() == [1.0] * 5
    share = tracing.shifted(own, "2020-01-01", "2020-01-20", 5, np.random.default_rng(0), level=2, most=0)
    assert share["AAA"].tolist() == [0.5] * 5


def test_a_change_moves_by_at_most_the_days_allowed():
    own = SPELLS[SPELLS["iso3"] == "AAA"]
    moved = tracing.shifted(own, "2020-01-01", "2020-01-20", 2000, np.random.default_rng(0), most=5)["AAA"]
    assert (moved.min(), moved.max()) == pytest.approx((0.5, 1.5))
    assert moved.mean() == pytest.approx(1.0, abs=0.02)
