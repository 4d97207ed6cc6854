import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.claims import Quantity
from trilateral.measures import intervals

number = st.floats(-1e6, 1e6)


@given(ends=st.tuples(number, number).map(sorted), share=st.floats(0, 1))
def test_a_folded_interval_holds_every_absolute_value(ends, share):
    inside = min(max(ends[0] + share * (ends[1] - ends[0]), ends[0]), ends[1])
    low, high = intervals.fold(*ends)
    assert 0 <= low <= abs(inside) <= high


@pytest.mark.parametrize(("signed", "folded"), [((-3, -1), (1, 3)), ((-1, 3), (0, 3)), ((1, 3), (1, 3))])
def test_an_interval_across_zero_begins_at_zero(signed, folded):
    assert intervals.fold(*signed) == folded


def test_an_absolute_quantity_keeps_level_and_count():
    assert intervals.absolute(Quantity(-2, -3, 1, 0.9, 7)) == Quantity(2, 0, 3, 0.9, 7)


def test_an_absolute_quantity_keeps_the_reason_for_a_missing_value():
    assert intervals.absolute(Quantity(None, missing="no wave")).missing == "no wave"


def test_an_infinite_end_is_left_out():
    assert intervals.quantity(1, 0, float("inf"), 0.95, 3).high is None


def test_resampled_rows_run_on_within_a_block_and_fill_the_series():
    rows = intervals.moving_blocks(10, 4, 300)
    assert rows.shape == (300, 10) and rows.min() == 0 and rows.max() == 9
    steps = np.diff(rows, axis=1)
    assert (np.delete(steps, [3, 7], axis=1) == 1).all() and (steps[:, [3, 7]] != 1).any()


def test_blocks_as_long_as_the_series_give_the_series():
    assert intervals.moving_blocks(5, 5, 2).tolist() == [[0, 1, 2, 3, 4]] * 2
