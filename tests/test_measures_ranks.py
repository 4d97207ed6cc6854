"""Ranks, correlations of fields: cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, fields, ranks

VALUES = pd.Series({"AAA": 1.0, "BBB": 2.0, "CCC": 2.0, "DDD": np.inf, "EEE": np.nan})


def test_ties_share_their_mean_rank_and_what_was_never_reached_is_last():
    assert ranks.ranks(VALUES).dropna().to_dict() == {"AAA": 1.0, "BBB": 2.5, "CCC": 2.5, "DDD": 4.0}
    assert ranks.ranks(VALUES, most_first=True)["DDD"] == 1.0


def test_a_rank_counts_only_countries_that_have_the_measure():
    found = ranks.rank_of(VALUES, "DDD")
    assert (found.value, found.n) == (4.0, 4)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=8))
def test_the_rank_in_a_draw_is_that_of_the_values(values):
    names = [f"C{number}" for number in range(len(values))]
    expected = pd.Series(values, index=names, dtype=float)
    for most_first in (False, True):
        drawn = ranks.drawn_ranks(np.array([values]), names, "C0", most_first)
        assert drawn[0] == ranks.ranks(expected, most_first)["C0"]


def test_the_interval_of_a_rank_widens_with_the_draws_and_holds_the_rank():
    draws = np.array([[1.0, 2.0, 2.0, np.inf, np.nan], [3.0, 2.0, 1.0, np.inf, np.nan]] * 50)
    found = ranks.rank_of(VALUES, "AAA", draws)
    assert (found.low, found.value, found.high, found.n) == (1.0, 1.0, 3.0, 4)


def test_an_interval_of_draws_that_misses_the_rank_is_extended_to_it():
    found = ranks.interval(1.0, np.full(100, 4.0), 10)
    assert (found.low, found.high) == (1.0, 4.0)


def test_the_best_of_several_ranks_is_taken_draw_by_draw():
    found = ranks.best([(3.0, np.array([3.0, 5.0])), (4.0, np.array([6.0, 2.0]))], n=10)
    assert found.value == 3.0 and found.low >= 2.0 and found.high <= 3.0


def test_a_country_without_a_value_cannot_be_ranked():
    with pytest.raises(MeasureError, match="EEE has no value"):
        ranks.rank_of(VALUES, "EEE")


def test_each_source_is_drawn_about_as_often_and_a_single_source_always():
    sources = pd.DataFrame({"a": [1.0, 5.0], "b": [2.0, np.nan]}, index=["AAA", "BBB"])
    drawn = ranks.either(sources, 4000)
    assert drawn[:, 0].mean() == pytest.approx(1.5, abs=0.03)
    assert set(drawn[:, 1]) == {5.0}
    with pytest.raises(MeasureError, match="CCC has no value"):
        ranks.either(pd.DataFrame({"a": [np.nan]}, index=["CCC"]), 2)


def test_fields_that_rank_alike_correlate_fully_and_opposed_ones_cancel():
    same = pd.DataFrame({"a": [1, 2, 3], "b": [10, 20, 30], "c": [5, 6, 9]}, index=list("xyz"))
    assert fields.of_group(same) == pytest.approx(1.0)
    opposed = same.assign(c=[9, 6, 5])
    assert fields.of_group(opposed) == pytest.approx(-1 / 3)


def test_the_mean_correlation_of_three_countries_in_three_fields_is_never_below_minus_one_half():
    values = pd.DataFrame(np.random.default_rng(0).normal(size=(12, 3)), index=range(12))
    found = fields.of_all_trios(values)
    assert len(found) == 220 and found.min() >= -0.5 - 1e-9 and found.max() <= 1 + 1e-9


def test_a_country_that_lacks_a_field_is_named():
    values = pd.DataFrame({"a": [1, 2, 3], "b": [1, np.nan, 3]}, index=["AAA", "BBB", "CCC"])
    with pytest.raises(MeasureError, match="BBB lacks a field"):
        fields.of_group(values)


def test_a_rank_correlation_holds_its_value_and_counts_countries_with_both_fields():
    a = pd.Series(range(20), index=range(20), dtype=float)
    found = fields.rank_correlation(a, a.drop(3) ** 3)
    assert found.value == pytest.approx(1.0) and found.n == 19 and found.low == pytest.approx(1.0)
    with pytest.raises(MeasureError, match="4 countries"):
        fields.rank_correlation(a, a.loc[:3])
