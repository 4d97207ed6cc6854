"""Portfolios of donors on cases of known answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trilateral.measures import MeasureError, portfolios

LIKE = pd.DataFrame({"USA": [1.0, 2, 3], "JPN": [2.0, 4, 6], "KOR": [10.0, 20, 30]}, index=["A", "B", "C"])
APART = pd.DataFrame({"USA": [1.0, 0, 0], "JPN": [0.0, 4, 0], "KOR": [0.0, 0, 5]}, index=["A", "B", "C"])
THREE = ["USA", "JPN", "KOR"]


def test_sums_run_over_the_years_asked_and_fill_with_zero():
    frame = pd.DataFrame({"donor": ["USA", "USA", "JPN"], "recipient": ["A", "A", "B"], "year": [1, 2, 3], "x": [1.0, 2, 4]})
    table = portfolios.portfolio(frame, "x", [1, 2, 3])
    assert table.loc["A", "USA"] == 3 and table.loc["A", "JPN"] == 0 and table.loc["B", "JPN"] == 4
    assert "JPN" not in portfolios.portfolio(frame, "x", [1, 2])


def test_like_portfolios_have_one_and_separate_ones_zero():
    assert portfolios.mean_of_pairs(portfolios.cosines(LIKE), THREE) == pytest.approx(1)
    assert portfolios.mean_of_pairs(portfolios.common(LIKE), THREE) == pytest.approx(1)
    assert portfolios.mean_of_pairs(portfolios.cosines(APART), THREE) == 0
    assert portfolios.mean_of_pairs(portfolios.common(APART), THREE) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0.1, 100)] * 3), min_size=3, max_size=12), st.floats(0.1, 10))
def test_likeness_is_symmetric_bounded_and_free_of_scale(rows, scale):
    amounts = pd.DataFrame(rows, columns=THREE)
    for measure in (portfolios.cosines, portfolios.common):
        table = measure(amounts)
        assert np.allclose(table, table.T) and (table <= 1 + 1e-9).all(axis=None) and (table >= 0).all(axis=None)
        assert np.allclose(table, measure(amounts.assign(USA=scale * amounts["USA"])))


def test_similarity_counts_recipients_that_one_gives_to_and_holds_its_value():
    amounts = pd.concat([LIKE, pd.DataFrame({"USA": [0.0], "JPN": [0.0], "KOR": [0.0]}, index=["D"])])
    found = portfolios.similarity(amounts, THREE, draws=50)
    assert found.n == 3 and found.low == pytest.approx(1) and found.value == pytest.approx(1)


def test_a_donor_without_loans_has_no_similarity_and_an_unknown_one_is_named():
    assert "USA gave nothing" in portfolios.similarity(LIKE.assign(USA=0.0), THREE).missing
    with pytest.raises(MeasureError, match="FRA"):
        portfolios.similarity(LIKE, ["USA", "FRA"])


def test_rows_of_a_recipient_are_drawn_together():
    both = pd.concat({"x": LIKE, "y": APART}, names=["sector"]).swaplevel()
    assert portfolios.similarity(both, THREE, draws=20).n == 3
    assert portfolios.first_share(both, "USA", draws=20).n == 3


def test_pairs_need_enough_recipients():
    assert len(portfolios.all_pairs(LIKE, least=3)) == 3
    assert portfolios.all_pairs(APART, least=2).empty


def test_shuffles_keep_the_thirds():
    amounts = pd.DataFrame({"USA": [1.0, 1, 5, 5, 9, 9], "JPN": [2.0, 2, 6, 6, 8, 8]}, index=list("ABCDEF"))
    same = portfolios.shuffled(amounts, ["USA", "JPN"], amounts.sum(axis=1), draws=20)
    assert np.allclose(same, portfolios.cosines(amounts).loc["USA", "JPN"])


def test_the_first_donor_is_the_one_with_most():
    found = portfolios.first_share(pd.DataFrame({"USA": [3.0, 1, 0], "JPN": [1.0, 2, 0]}, index=list("ABC")), "USA", draws=20)
    assert (found.value, found.n) == (0.5, 2)
    assert portfolios.first_share(APART * 0, "USA").value is None


def sectors(amount=(50.0, 50, 20, 80)):
    return pd.DataFrame({"donor": ["USA", "USA", "JPN", "JPN"], "sector": ["health", "water"] * 2, "year": 2020,
                         "constant_2024_usd_million": amount, "oda_share": [25.0, np.nan, 20, np.nan]})


def test_aid_is_the_amount_over_its_share_less_refugees_at_home():
    aid = portfolios.aid_without_credit(pd.concat([sectors(), pd.DataFrame({
        "donor": ["USA"], "sector": ["refugees-in-donor-country"], "year": 2020, "constant_2024_usd_million": 40.0,
        "oda_share": 20.0})]))
    assert aid["USA", 2020] == pytest.approx(200 - 40) and aid["JPN", 2020] == pytest.approx(100)


def test_advantage_is_a_share_over_the_share_of_the_others():
    aid = pd.Series({("USA", 2020): 100.0, ("JPN", 2020): 100.0})
    found = portfolios.advantages(sectors(), aid).set_index(["donor", "sector"])["advantage"]
    assert found["USA", "health"] == pytest.approx(2.5) and found["JPN", "health"] == pytest.approx(0.4)


def test_a_usual_change_has_an_interval_around_zero_and_a_large_one_has_not():
    series = pd.Series([1, 1.1, 1, 1.1, 1, 1.1, 1.0], index=range(2012, 2019))
    assert portfolios.change_beyond_usual(series, 2018).value == pytest.approx(0)
    fallen = portfolios.change_beyond_usual(pd.concat([series, pd.Series({2019: 0.5})]), 2019)
    assert fallen.value < -50 and fallen.high < 0 and fallen.n == 5
    assert len(fallen.net_of_placebos) == 5 and max(fallen.net_of_placebos) < 0


def test_a_share_that_halves_falls_by_half():
    totals = pd.DataFrame({"USA": [80.0, 80, 10], "JPN": [20.0, 20, 15]}, index=[2018, 2019, 2020])
    assert portfolios.share_change(totals, "USA", 2020, [2018, 2019]).value == pytest.approx(-50)


def test_handing_over_keeps_the_sum_of_each_recipient():
    amounts = pd.DataFrame({"USA": [6.0, 1], "JPN": [4.0, 9], "KOR": [0.0, 2]}, index=["A", "B"])
    most = portfolios.division(amounts, 1)
    assert most.loc["B"].tolist() == [0, 12, 0] and most.loc["A"].tolist() == [6, 4, 0]
    special = portfolios.division(amounts, 1, "specializes most")
    assert special.loc["B"].tolist() == [0, 0, 12]
    assert portfolios.division(amounts, 1, first="smallest first").loc["A"].tolist() == [10, 0, 0]
    assert np.allclose(portfolios.division(amounts, 2).sum(axis=1), amounts.sum(axis=1))


def test_rows_of_the_what_if_are_short_numbers_and_a_recipient_of_little_still_is_one():
    amounts = pd.DataFrame({"USA": [0.0423, 512.3456], "JPN": [0.0, 0.26]}, index=["NRU", "VNM"])
    rows = portfolios.bundles({"recipients": amounts}).set_index(["unit", "donor"])
    assert rows["amount"].to_dict() == {("NRU", "USA"): 0.04, ("NRU", "JPN"): 0, ("VNM", "USA"): 512.3, ("VNM", "JPN"): 0.3}
    assert rows.loc["NRU", "total"].tolist() == [0.04, 0.04]
