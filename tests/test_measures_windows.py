"""Windows around dates: cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, windows
from trilateral.measures.shocks import pool_new_year

MONTHS = pd.date_range("2010-01-01", "2015-12-01", freq="MS")


def test_a_row_within_six_months_of_the_row_before_joins_its_chain_and_one_after_opens_another():
    found = windows.chains(pd.Series(["2012-08-10", "2012-12-01", "2013-05-31", "2013-12-26"]))
    assert found["chain"].tolist() == [0, 0, 0, 1]
    assert found["first"].tolist() == [True, False, False, True]


def test_a_chain_is_found_whatever_the_order_of_the_rows():
    dates = pd.Series(["2013-12-26", "2012-08-10", "2012-08-14"])
    assert windows.chains(dates).loc[[1, 2, 0], "chain"].tolist() == [0, 0, 1]


def test_a_step_of_two_is_found_and_month_zero_is_on_neither_side():
    at = pd.Timestamp("2012-06-01")
    series = pd.Series(np.where(at < MONTHS, 2.0, 0.0), index=MONTHS)
    series[at] = 99.0
    assert windows.change(series, at, 6) == 2.0


def test_a_window_with_a_missing_month_has_no_change():
    at, series = pd.Timestamp("2012-06-01"), pd.Series(1.0, index=MONTHS)
    series[pd.Timestamp("2012-09-01")] = np.nan
    assert np.isnan(windows.change(series, at, 6))
    assert np.isnan(windows.change(series, pd.Timestamp("2015-11-01"), 6))


def test_the_pooled_february_counts_twice_and_only_with_its_january():
    at = pd.Timestamp("2012-12-01")
    pooled = pool_new_year(pd.Series(1.0, index=MONTHS))
    pooled[:] = 0.0
    pooled[pd.Timestamp("2013-02-01")] = 3.0
    assert windows.change(pooled, at, 6, pooled=True) == pytest.approx(1.0)  # two of six months
    # July to January: the February that holds January lies outside
    assert windows.change(pooled, pd.Timestamp("2012-07-01"), 6, pooled=True) == 0.0


def test_surveys_are_counted_and_not_months():
    days = pd.to_datetime(["2012-01-01", "2012-03-01", "2012-06-01", "2012-07-01", "2012-10-01"])
    series = pd.Series([1.0, 3.0, 50.0, 5.0, 7.0], index=days)
    assert windows.change_of_surveys(series, pd.Timestamp("2012-06-01"), 2) == 4.0
    assert np.isnan(windows.change_of_surveys(series, pd.Timestamp("2012-06-01"), 3))


def test_small_flows_and_those_left_out_are_no_measure():
    table = pd.DataFrame({"big": 5000.0, "small": 100.0, "hit": 9000.0, "broken": 5000.0}, index=MONTHS)
    table.loc["2012-03-01", "broken"] = np.nan
    assert windows.spared(table, pd.Timestamp("2012-06-01"), ["hit"]) == ("big",)


@given(st.floats(-5, 5), st.floats(0.1, 5))
def test_draws_from_a_constant_pool_leave_the_mean_less_the_constant(constant, value):
    drawn = windows.drawn_means([([constant] * 10, 3)], draws=50)
    found = windows.against_draws([value] * 3, drawn)
    assert found.value == pytest.approx(value - constant) and found.low == pytest.approx(found.high)
    assert found.n == 3


def test_several_pools_are_drawn_from_in_their_proportion():
    drawn = windows.drawn_means([([0.0] * 8, 3), ([4.0] * 4, 1)], draws=20)
    assert (drawn == 1.0).all()


def test_too_few_placebo_months_are_refused():
    with pytest.raises(MeasureError, match="3 placebo months for 2 dates"):
        windows.drawn_means([([1.0, 2.0, np.nan, 3.0], 2)])
