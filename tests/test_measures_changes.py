"""Rank correlation of yearly changes on series with a known lead."""

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import changes

YEARS = range(2000, 2020)
INDEX = pd.Series(np.random.default_rng(1).normal(size=20).cumsum(), index=YEARS)


def test_an_outcome_that_follows_a_year_later_is_found_at_that_lead_alone():
    follows = INDEX.shift(1).bfill() * 3 + 1
    led = changes.rank_correlation(changes.paired(INDEX, follows, lead=1).iloc[1:])
    assert led.value == pytest.approx(1) and led.low > 0.9
    assert changes.rank_correlation(changes.paired(INDEX, follows, lead=0)).value < 0.9


def test_years_left_out_take_the_change_after_them_along():
    frame = changes.paired(INDEX, INDEX, lead=0, left_out=(2005, 2006))
    assert not set(frame.index) & {2005, 2006, 2007} and len(frame) == 16


def test_a_series_that_does_not_vary_has_no_correlation():
    assert changes.rank_correlation(changes.paired(INDEX, INDEX * 0, lead=0)).value is None
