"""Trends carried on, market rivalry, agreements and matched targets: cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, agreements, matching, rivalry, trends

BASE, LATER = range(2010, 2022), range(2023, 2025)


def yearly(values):
    return pd.Series(values, index=range(2010, 2010 + len(values)), dtype=float)


def test_a_series_that_stays_on_its_line_is_nought_percent_beyond_it():
    found = trends.beyond_trend(yearly(10 + 2 * np.arange(15)), BASE, LATER)
    assert found.percent.value == pytest.approx(0, abs=1e-8) and found.expected == pytest.approx(36 + 38)


def test_later_years_twice_the_flat_trend_are_a_hundred_percent_beyond_it():
    noise = np.tile([1, -1], 6)
    found = trends.beyond_trend(yearly([*(100 + noise), 100, 200, 200]), BASE, LATER)
    assert found.percent.value == pytest.approx(100, abs=2) and found.percent.low > 90


def test_a_constant_rate_expects_the_same_count_again_within_poisson_error():
    found = trends.beyond_trend(yearly([4] * 12), BASE, range(0))
    assert found.percent.value is None and "no later year" in found.percent.missing and found.expected == 0
    found = trends.beyond_trend(yearly([4] * 12 + [0, 5, 3]), BASE, LATER, counts=True)
    assert found.expected == pytest.approx(8) and found.percent.value == pytest.approx(0, abs=1e-6)
    assert found.percent.low < -30 and found.percent.high > 30


def test_a_trend_that_falls_to_zero_has_no_percentage():
    assert trends.beyond_trend(yearly(11.0 - np.arange(15)), BASE, LATER).percent.value is None


def test_a_missing_year_is_named():
    with pytest.raises(MeasureError, match="no value for 2015"):
        trends.beyond_trend(yearly([1.0] * 15).drop(2015), BASE, LATER)


SHARES = st.lists(st.floats(0, 100), min_size=4, max_size=12).filter(lambda values: sum(values) > 1)


@given(SHARES)
def test_a_country_is_wholly_like_itself_and_no_shuffle_is_more_alike(shares):
    found = rivalry.similarity(shares, shares, draws=40)
    assert found.value == pytest.approx(1) and found.share_as_low == 1


def test_countries_that_share_no_market_are_not_alike():
    found = rivalry.similarity([50, 50, 0, 0, 0, 0], [0, 0, 0, 0, 50, 50], draws=500)
    assert found.value == pytest.approx(0) and 0.2 < found.share_as_low < 0.6


def test_two_suppliers_who_divide_every_market_are_no_less_alike_than_the_division_makes_them():
    generator = np.random.default_rng(4)
    first = generator.uniform(0, 100, 60)
    second = (100 - first) * generator.uniform(0.3, 1, 60)
    assert rivalry.similarity(first, second, draws=300).share_as_low < 0.05
    assert 0.1 < rivalry.similarity(first, second, draws=300, whole=100).share_as_low < 0.9


def test_a_market_that_is_filled_twice_is_refused():
    with pytest.raises(MeasureError, match="exceed 100"):
        rivalry.similarity([60, 0], [60, 10], whole=100)


def test_shares_of_other_markets_are_refused():
    with pytest.raises(MeasureError, match="3 shares against 2"):
        rivalry.similarity([1, 2, 3], [1, 2])


def pacts():
    table = pd.DataFrame({"agreement": [1, 2, 3], "status": ["agreement", "agreement", "negotiation"],
                          "in_force_year": [2000, 2005, np.nan]})
    members = pd.DataFrame({"agreement": [1, 1, 1, 2, 2, 3, 3], "iso3": ["A", "B", "C", "A", "CHN", "A", "D"],
                            "how": ["founder", "founder", "accession", "founder", "founder", "negotiating", "negotiating"],
                            "joined_year": [1999, 1999, 2003, 2004, 2004, np.nan, np.nan]})
    return table, members


def test_agreements_with_a_country_left_out_and_negotiations_do_not_count():
    found = agreements.in_force(pacts()[0], ["CHN"], pacts()[1])
    assert set(found["agreement"]) == {1} and found.set_index("iso3")["year"].to_dict() == {"A": 2000, "B": 2000, "C": 2003}


def test_a_partner_counts_from_the_year_in_which_both_are_members():
    found = agreements.partners(agreements.in_force(pacts()[0], [], pacts()[1]), "A", ["B", "C", "CHN"], range(1999, 2006))
    assert found["partners"].tolist() == [0, 1, 1, 1, 2, 2, 3]


def growth():
    years = range(1990, 2011)
    rate = {"M": 0.10, "P": 0.04, "Q": 0.04}
    return pd.DataFrame({name: np.exp(slope * (np.array(years) - 1990)) for name, slope in rate.items()}, index=list(years))


def test_the_shift_is_the_growth_beyond_the_others_over_six_years():
    found = agreements.shifts(growth(), {"M": [2000]}, ["M"], 2000, 2000)
    assert found["shift"].item() == pytest.approx(6 * 0.06) and found["controls"].item() == 2


def test_an_economy_with_an_entry_of_its_own_nearby_is_no_control():
    found = agreements.shifts(growth(), {"M": [2000], "P": [2004], "Q": [2006]}, ["M"], 2000, 2000)
    assert found["controls"].item() == 1
    assert agreements.shifts(growth(), {"P": [2004], "Q": [1996]}, ["M"], 2000, 2000)["shift"].isna().all()


def test_cases_like_other_years_have_an_interval_around_their_mean():
    table = pd.DataFrame({"entry": [True] * 3 + [False] * 20, "shift": [0.1] * 3 + [0.0] * 20})
    found = agreements.against_placebo(table)
    assert found.value == pytest.approx(100 * np.expm1(0.1)) and found.low == found.high == pytest.approx(found.value)
    assert found.n == 3


def overlap():
    return pd.DataFrame({"sender": "USA", "other": "JPN", "year": [2020, 2021], "new_targets": [10, 30], "new_shared": [1, 5]})


def test_shares_are_of_sums_over_years():
    assert matching.matched(overlap(), "JPN", [2020, 2021]) == (6, 40)
    assert matching.share(6, 40).value == pytest.approx(15)


def test_the_interval_of_newcombe_is_that_of_his_example():
    found = matching.change((56, 70), (48, 80))  # Newcombe 1998, table II, method 10: 0.0524 to 0.3339
    assert [found.value, found.low, found.high] == pytest.approx([20, 5.24, 33.39], abs=0.01)


def test_a_year_outside_the_table_is_named():
    with pytest.raises(MeasureError, match="USA, JPN, 2022"):
        matching.matched(overlap(), "JPN", [2021, 2022])
