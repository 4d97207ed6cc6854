"""How many of several independent things happen, where the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from trilateral.measures import chances


def test_equal_chances_are_binomial():
    assert chances.how_many([0.3] * 7).to_numpy() == pytest.approx(stats.binom.pmf(range(8), 7, 0.3))


def test_without_anything_nothing_happens():
    assert chances.how_many([]).to_dict() == {0: 1.0}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_chances_add_up_and_their_mean_is_the_sum_of_the_parts(each):
    found = chances.how_many(each)
    assert found.sum() == pytest.approx(1) and (found >= 0).all()
    assert np.dot(found.index, found) == pytest.approx(sum(each))
