"""Flows beyond others and distance, and shares of variance: cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, dependence, importance, intervals, regression

PLACES = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


def test_a_quarter_of_the_equator_is_a_quarter_of_the_circumference():
    assert dependence.great_circle((0, 0), (0, 90)) == pytest.approx(np.pi / 2 * dependence.EARTH_RADIUS)


def test_tokyo_and_seoul_are_about_1160_kilometers_apart():
    assert dependence.great_circle((35.7, 139.7), (37.6, 127.0)) == pytest.approx(1160, abs=15)


@given(PLACES, PLACES)
def test_a_distance_is_symmetric_and_at_most_half_the_circumference(a, b):
    one, other = dependence.great_circle(a, b), dependence.great_circle(b, a)
    assert one == pytest.approx(other) and 0 <= one <= np.pi * dependence.EARTH_RADIUS + 1e-6


def flows():
    return pd.DataFrame({"own": [4.0, 4.0], "a": [1.0, 2.0], "b": [2.0, np.nan], "c": [3.0, 1.0]}, index=[2001, 2002])


def test_without_distance_the_excess_is_the_ratio_to_the_median():
    found = dependence.beyond_others(flows(), "own", ["a", "b", "c"], dict.fromkeys(["own", "a", "b", "c"], 100.0))
    assert np.exp(found).tolist() == pytest.approx([2.0, 4 / np.sqrt(2)])


def test_an_origin_twice_as_near_must_send_twice_as_much_to_count_as_equal():
    near = {"own": 500.0, "a": 1000.0, "b": 1000.0, "c": 1000.0}
    found = dependence.beyond_others(flows(), "own", ["a", "b", "c"], near)
    assert found[2001] == pytest.approx(0.0)
    assert dependence.beyond_others(flows(), "own", ["a", "b", "c"], near, elasticity=0)[2001] == pytest.approx(np.log(2))


def test_a_missing_distance_is_named():
    with pytest.raises(MeasureError, match="no distance for c"):
        dependence.beyond_others(flows(), "own", ["a", "c"], {"own": 1.0, "a": 1.0})


def test_orthogonal_predictors_take_their_squared_correlations():
    x = pd.DataFrame({"a": [1, 1, -1, -1] * 3, "b": [1, -1, 1, -1] * 3}, index=range(2000, 2012)).astype(float)
    found = importance.variance_shares(2 * x["a"] + x["b"], x, {"a": ["a"], "b": ["b"], "both": ["a", "b"]}, draws=50)
    assert found["a"].value == pytest.approx(80) and found["b"].value == pytest.approx(20)
    assert found["both"].value == pytest.approx(100) and found["a"].n == 12


def test_twins_share_what_they_explain():
    x = np.random.default_rng(1).normal(size=20)
    table = pd.DataFrame({"a": x, "b": x}, index=range(20))
    found = importance.variance_shares(pd.Series(x, index=range(20)), table, {"a": ["a"], "b": ["b"]}, draws=20)
    assert found["a"].value == pytest.approx(50) and found["b"].value == pytest.approx(50)


def test_shares_of_noise_average_one_over_the_years_less_one():
    generator = np.random.default_rng(0)
    shares = [importance.variance_shares(pd.Series(generator.normal(size=13)), pd.DataFrame({"x": generator.normal(size=13)}),
                                         {"x": ["x"]}, draws=2)["x"].value for _ in range(400)]
    assert np.mean(shares) == pytest.approx(100 / 12, abs=1.5)


def test_more_predictors_than_years_are_refused():
    with pytest.raises(MeasureError, match="3 years for 2 predictors"):
        importance.variance_shares(pd.Series([1.0, 2, 3]), pd.DataFrame({"a": [1.0, 2, 4], "b": [3.0, 1, 2]}), {"a": ["a"]})
    with pytest.raises(MeasureError, match="no predictor z"):
        importance.variance_shares(pd.Series([1.0]), pd.DataFrame({"a": [1.0]}), {"z": ["z"]})


def test_log_points_become_percent_and_a_missing_value_stays_missing():
    found = intervals.percent_of_log(Quantity(np.log(1.5), 0.0, np.log(2), n=5))
    assert (found.value, found.low, found.high, found.n) == (pytest.approx(50), 0, pytest.approx(100), 5)
    assert intervals.percent_of_log(Quantity(None, missing="none")).missing == "none"


def test_a_slope_in_its_own_unit_is_found_beside_a_trend_and_a_control():
    time = np.array([2013.4, 2014.5, 2015.4, 2016.5, 2017.5, 2019.4, 2020.7, 2021.6, 2022.5, 2023.7])
    generator = np.random.default_rng(3)
    x, z = (pd.Series(generator.normal(size=10), index=time) for _ in range(2))
    y = 2 * x + 5 * z + 0.5 * time
    found = regression.unit_effect(y, x, controls=pd.DataFrame({"z": z}), standardize=False)
    assert found.value == pytest.approx(2) and found.n == 10
    scaled = regression.unit_effect(y, x, controls=pd.DataFrame({"z": z}))
    assert scaled.value == pytest.approx(2 * x.std())


def test_a_constant_predictor_has_no_effect_to_report():
    assert regression.unit_effect(pd.Series(range(9)), pd.Series(1.0, index=range(9))).value is None
    with pytest.raises(MeasureError, match="outcome has 3 twice"):
        regression.unit_effect(pd.Series([1.0, 2], index=[3, 3]), pd.Series([1.0], index=[3]))
