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
