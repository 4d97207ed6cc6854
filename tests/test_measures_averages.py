import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.datasets import nile

from trilateral.measures import MeasureError, averages

METHODS = ("newey-west", "t", "bootstrap")
values = st.lists(st.floats(-100, 100).map(lambda x: round(x, 3)), min_size=2, max_size=25)


def yearly(numbers, start=2000):
    return pd.Series(numbers, index=range(start, start + len(numbers)), dtype=float)


def test_students_interval_of_a_textbook_sample_is_reproduced():
    # R: t.test(sleep$extra[1:10])$conf.int is -0.53 to 2.03
    sleep = yearly([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    estimate = averages.mean(sleep, "t")
    assert (estimate.value, estimate.n) == (pytest.approx(0.75), 10)
    assert (estimate.low, estimate.high) == (pytest.approx(-0.53, abs=0.005), pytest.approx(2.03, abs=0.005))


def test_serial_correlation_widens_the_interval():
    flow = nile.load_pandas().data.set_index("year")["volume"]
    apart, together = averages.mean(flow, "t"), averages.mean(flow, "newey-west")
    assert together.high - together.low > 1.2 * (apart.high - apart.low)
    assert together.value == pytest.approx(apart.value) == pytest.approx(919.35)


def test_no_lags_and_independent_years_nearly_agree():
    sample = yearly(np.random.default_rng(0).normal(size=200))
    none, student = averages.mean(sample, lags=0), averages.mean(sample, "t")
    assert none.high - none.low == pytest.approx(student.high - student.low, rel=0.02)


@pytest.mark.parametrize(("years", "lags"), [(100, 4), (25, 2), (13, 2), (6, 2), (2, 1), (1, 0)])
def test_the_lag_length_is_the_usual_plug_in(years, lags):
    assert averages.newey_west_lags(years) == lags


@pytest.mark.parametrize("method", METHODS)
@given(numbers=values)
def test_the_interval_holds_the_mean(method, numbers):
    estimate = averages.mean(yearly(numbers), method)
    assert estimate.low <= estimate.value <= estimate.high


@pytest.mark.parametrize("method", METHODS)
@given(numbers=values, factor=st.sampled_from([-1, 2, 10]))
def test_the_mean_and_its_width_follow_the_unit(method, numbers, factor):
    plain, scaled = (averages.mean(yearly(numbers) * by, method) for by in (1, factor))
    assert scaled.value == pytest.approx(factor * plain.value, abs=1e-6)
    assert scaled.high - scaled.low == pytest.approx(abs(factor) * (plain.high - plain.low), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_series_has_no_width(method):
    estimate = averages.mean(yearly([3, 3, 3, 3]), method)
    assert (estimate.low, estimate.value, estimate.high) == (3, 3, 3)


def test_missing_years_are_left_out():
    assert averages.mean(yearly([1, np.nan, 3, np.nan, 5])).n == 3


def test_an_empty_series_has_a_reason_and_no_value():
    estimate = averages.mean(yearly([]))
    assert estimate.value is None
    assert estimate.missing


def test_a_single_year_has_no_interval():
    estimate = averages.mean(yearly([4]))
    assert (estimate.value, estimate.low, estimate.high) == (4, None, None)


def test_the_same_seed_gives_the_same_interval():
    sample = yearly([1.13, 4.71, 2.29, 8.37, 5.53, 7.91, 3.07])
    assert averages.mean(sample, "bootstrap", seed=3) == averages.mean(sample, "bootstrap", seed=3)
    assert averages.mean(sample, "bootstrap", seed=3) != averages.mean(sample, "bootstrap", seed=4)


def test_an_unknown_method_is_named():
    with pytest.raises(MeasureError, match="'median'"):
        averages.mean(yearly([1, 2]), "median")


def test_a_paired_difference_uses_common_years_only():
    estimate = averages.difference(yearly([1, 2, 3, 4], 2000), yearly([10, 10, 10], 2002))
    assert (estimate.value, estimate.n) == (-6.5, 2)


def test_an_unpaired_difference_is_welchs():
    # R: t.test(extra ~ group, data = sleep): -3.365 to 0.205
    first = yearly([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = yearly([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4], 2010)
    estimate = averages.difference(first, second, paired=False)
    assert estimate.value == pytest.approx(-1.58)
    assert (estimate.low, estimate.high) == (pytest.approx(-3.3654832), pytest.approx(0.2054832))
    again = averages.difference(first, second, paired=False, method="bootstrap")
    assert again.low == pytest.approx(estimate.low, abs=0.5)


@pytest.mark.parametrize("paired", [True, False])
@given(a=values, b=values)
def test_a_difference_changes_sign_with_its_order(paired, a, b):
    there, back = (averages.difference(x, y, paired) for x, y in ((yearly(a), yearly(b)), (yearly(b), yearly(a))))
    assert there.value == pytest.approx(-back.value, abs=1e-9)
    if there.low is not None:
        assert there.low == pytest.approx(-back.high, abs=1e-6)


def test_a_year_that_occurs_twice_cannot_be_paired():
    with pytest.raises(MeasureError, match="series b has 2001 twice"):
        averages.difference(yearly([1, 2]), pd.Series([1, 2], index=[2001, 2001]))


def test_a_shift_of_one_deviation_is_one():
    before = yearly([1, 2, 3, 4, 5])
    estimate = averages.standardized_difference(before.set_axis(range(2010, 2015)) + before.std(), before)
    assert estimate.value == pytest.approx(1)
    assert estimate.low < 1 < estimate.high


def test_a_base_that_does_not_vary_gives_no_standardized_difference():
    assert averages.standardized_difference(yearly([5, 6], 2010), yearly([1, 1, 1])).value is None
