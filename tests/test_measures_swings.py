"""Swings of politics: cases of known answer."""

from __future__ import annotations

import pandas as pd
import pytest

from trilateral.measures import MeasureError, swings


def test_a_missing_year_is_no_pair():
    frame = pd.DataFrame({"iso3": "A", "year": [2000, 2001, 2003, 2004], "ideology": ["left", "right", "left", "left"]})
    assert swings.change_rates(frame)["A"] == 50


def test_all_variance_lies_between_governments_that_differ_in_level_alone():
    values = pd.Series([0.0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1], index=range(2000, 2012))
    turned = pd.Series(pd.to_datetime(["2003-01-01", "2006-01-01", "2009-01-01"]))
    assert swings.between_share(values, turned) > 0.9
    assert swings.between_share(values, turned, 1) < swings.between_share(values, turned)


def test_the_share_is_that_of_the_mean_squares():
    # no trend; squares 26 in all and 8 within governments of 2, 4 and 2 years: 1 - (8 / 4) / (26 / 6)
    values = pd.Series([0.0, 2, 5, 3, 3, 5, 2, 0], index=range(2000, 2008))
    assert swings.between_share(values, pd.Series(pd.to_datetime(["2002-01-01", "2006-01-01"]))) == pytest.approx(7 / 13)


def test_more_governments_than_years_allow_are_refused():
    turned = pd.Series(pd.to_datetime(["2001-01-01", "2002-01-01"]))
    with pytest.raises(MeasureError, match="3 years for 3 governments"):
        swings.between_share(pd.Series([1.0, 2, 4], index=range(2000, 2003)), turned)
