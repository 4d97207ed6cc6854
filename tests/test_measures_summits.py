"""Windows after meetings: cases of known answer."""

from __future__ import annotations

import pandas as pd
import pytest

from trilateral.measures import MeasureError, summits


def test_a_meeting_followed_by_twice_as_much_shows_a_hundred_percent_more():
    usual = pd.Series(pd.date_range("2000-01-01", "2020-12-31", freq="10D"))
    extra = pd.Series(pd.date_range("2010-06-02", periods=18, freq="10D"))
    frame = summits.around(["2010-06-01"], pd.concat([usual, extra]), "2020-12-31", "2000-01-01")
    assert frame["after"].item() / frame["without"].item() == pytest.approx(2, abs=0.1)
    before = summits.around(["2010-06-01"], pd.concat([usual, extra]), "2020-12-31", "2000-01-01", before=True)
    assert before["after"].item() / before["without"].item() == pytest.approx(1, abs=0.1)


def test_meetings_that_are_alike_leave_no_interval():
    frame = pd.DataFrame({"day": ["a", "b"], "after": [3, 3], "without": [2.0, 2.0]})
    assert summits.percent_more(frame) == pytest.approx((50, 50, 50))


def test_a_meeting_whose_window_is_open_is_left_out():
    frame = summits.around(["2020-10-01"], pd.Series(pd.to_datetime(["2020-11-01"])), "2020-12-31")
    assert frame.empty
    with pytest.raises(MeasureError, match="no meeting"):
        summits.percent_more(frame)


def test_meetings_with_common_windows_are_drawn_together():
    frame = pd.DataFrame({"day": pd.to_datetime(["2017-07-06", "2017-09-21", "2022-06-29"]), "after": [4, 4, 1],
                          "without": [2.0, 2.0, 2.0]})
    value, low, high = summits.percent_more(frame, runs=True)
    assert value == summits.percent_more(frame)[0] == 50
    assert (low, high) == (-50, 100)
