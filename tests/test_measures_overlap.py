"""Overlap, chance meetings, ratios and rank shares on cases of known answer."""

import numpy as np
import pandas as pd
import pytest

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, overlap


def test_overlap_plain_and_by_volume():
    plain, weighted = overlap.shared(pd.DataFrame({"JPN": [1.0, 3, 0], "KOR": [2.0, 0, 4]}))
    assert plain == pytest.approx(1 / 3) and weighted == pytest.approx(1 / 9)
    with pytest.raises(MeasureError, match="two recipients"):
        overlap.shared(pd.DataFrame({"JPN": [1.0]}))


def test_chance_meetings_have_the_expected_mean():
    presence = pd.DataFrame({"a": [True] * 5 + [False] * 5, "b": [True, False] * 5})
    assert overlap.met_by_chance(presence).mean() == pytest.approx(2.5, abs=0.1)
    assert (overlap.met_by_chance(pd.DataFrame({"a": [True] * 3, "b": [True] * 3}), draws=10) == 3).all()


def test_a_flow_that_doubles_with_every_recipient_has_no_spread():
    earlier = pd.Series({"A": 1.0, "B": 5.0, "C": 2.0})
    ratio = overlap.flow_ratio(2 * earlier, earlier)
    assert (ratio.low, ratio.value, ratio.high, ratio.n) == (2, 2, 2, 3)


def test_a_new_recipient_counts_with_nothing_before():
    assert overlap.flow_ratio(pd.Series({"A": 1.0, "B": 1.0}), pd.Series({"A": 1.0})).value == 2


def test_the_ratio_of_means_lies_in_its_interval_and_scales():
    later, earlier = pd.Series([22.0, 20, 24]), pd.Series([10.0, 11, 12])
    ratio, tenfold = overlap.mean_ratio(later, earlier), overlap.mean_ratio(10 * later, earlier)
    assert ratio.value == 2 and 1 < ratio.low < 2 < ratio.high and tenfold.low == pytest.approx(10 * ratio.low)
    assert overlap.mean_ratio(later[:1], earlier, bounded=True).missing == "one year on one side, and so no interval"
    alone = overlap.mean_ratio(later[:1], earlier)
    assert overlap.mean_ratio(later, earlier[:0]).value is None and (alone.value, alone.low) == (2, None)
    assert (overlap.scaled(alone, 1.5).value, overlap.scaled(alone, 1.5).low) == (3, None)
    with pytest.raises(MeasureError, match="zero or below"):
        overlap.mean_ratio(later, earlier.mask(earlier == 11, 0))


def test_who_leads_everywhere_is_first_under_all_weights():
    points = pd.DataFrame([[1, 1], [0.5, 0], [0, 0.5]], index=["USA", "JPN", "KOR"])
    weights = np.random.default_rng(0).dirichlet([1, 1], size=2000)
    ranks = overlap.rank_shares(points, weights)
    assert ranks.loc["USA", 1] == 100
    assert ranks.loc["JPN", 2] == pytest.approx(50, abs=4)
    assert ranks.loc["JPN", 2] + ranks.loc["JPN", 3] == 100


def test_scaling_to_another_threshold_leaves_the_ends_that_are_compared_with_one():
    wide = overlap.scaled(Quantity(2.0, 0.6, 4.0, n=9), 1.2)
    assert (wide.value, wide.low, wide.high, wide.n) == (2.4, 0.6, 4.0, 9)
    assert overlap.scaled(Quantity(2.0, 1.8, 2.2), 0.5).low == 1.0


def test_a_country_is_present_if_a_row_names_it_and_a_disaster_begins_with_its_best_dated_row():
    rows = pd.DataFrame({"disaster": ["A", "A", "B"], "contributor": ["JPN", "CHN", "USA"],
                         "date": ["2015", "2015-04-28", "2018-10-03"]})
    rows["day"] = pd.to_datetime(["2015-01-01", "2015-04-28", "2018-10-03"])
    assert overlap.presence(rows, ["USA", "JPN", "KOR"]).values.tolist() == [[False, True, False], [True, False, False]]
    assert overlap.began(rows).dt.strftime("%Y-%m-%d").to_dict() == {"A": "2015-04-28", "B": "2018-10-03"}


def test_a_quantity_without_a_value_has_none_for_another_threshold():
    nothing = Quantity(None, n=0, missing="no year")
    assert overlap.scaled(nothing, 1.5) == nothing
    assert overlap.scaled(Quantity(2, 1, 3), 1.5).value == 3
