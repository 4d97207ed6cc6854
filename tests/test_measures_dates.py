"""Dates known in part, and months between dates: cases whose answer is known."""

import numpy as np
import pandas as pd

from trilateral.measures import dates


def test_a_month_counts_from_its_middle_and_a_year_from_july():
    found = dates.days(pd.Series(["2012-08-10", "2012-08", "2012", None], index=[3, 1, 4, 2]))
    assert found.astype("string").fillna("none").to_dict() == {3: "2012-08-10", 1: "2012-08-15", 4: "2012-07-01", 2: "none"}


def test_months_are_counted_by_the_calendar_and_backward_too():
    at = pd.Timestamp("2012-12-31")
    assert dates.months_between(at, pd.Timestamp("2013-01-01")) == 1
    later = pd.DatetimeIndex(["2011-12-01", "2012-12-01", "2014-02-01"])
    assert dates.months_between(at, later).tolist() == [-12, 0, 14]


def test_clear_months_lie_more_than_a_year_from_each_date():
    found = dates.clear_months("2010-01-01", "2012-12-01", [pd.Timestamp("2011-06-01")])
    assert found.strftime("%Y-%m").tolist() == ["2010-01", "2010-02", "2010-03", "2010-04", "2010-05", "2012-07", "2012-08",
                                                "2012-09", "2012-10", "2012-11", "2012-12"]
    assert len(dates.clear_months("2010-01-01", "2010-12-01", [])) == 12


def test_a_year_has_twelve_mean_months():
    assert np.isclose(12 * dates.DAYS_A_MONTH, 365.25)
