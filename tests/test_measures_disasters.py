"""Positions, mortality given exposure, past disasters and shares on cases of known answer."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import MeasureError, disasters

LAND = [f"C{i:03}" for i in range(120)]


@pytest.fixture
def world():
    """Deaths go with exposure (elasticity 0.5) and fall by a fifth with each unit of experience; one country is safe."""
    rng = np.random.default_rng(1)
    held = pd.DataFrame({"exposed": rng.uniform(5, 15, 120), "experience": rng.uniform(0, 7, 120)}, index=LAND)
    log = 1 + 0.5 * held["exposed"] + np.log(0.8) * held["experience"] + rng.normal(0, 0.3, 120)
    log["C007"] -= 2
    return np.exp(log).round(), held


def test_a_position_is_the_share_of_others_below_with_ties_as_half():
    values = pd.Series([1, 2, 2, 5], index=list("abcd"))
    assert [disasters.position_of(values, who).value for who in "abd"] == [0, 50, 100]


def test_the_position_of_every_country_is_that_of_each_alone():
    values = pd.Series([1, 2, 2, 5, 0.5], index=list("abcde"))
    assert disasters.every_position(values).to_dict() == {who: disasters.position_of(values, who).value for who in "abcde"}


def test_pairs_of_which_one_has_something_are_counted_as_by_hand():
    have = pd.Series([True, False, False, True, False], index=list("abcde"))
    by_hand = [a or b for a, b in itertools.combinations(have, 2)]
    assert disasters.share_of_pairs(have) == pytest.approx(100 * np.mean(by_hand)) == 70
    assert disasters.share_of_pairs(~have | have) == 100


def test_in_a_resample_a_country_counts_as_often_as_it_was_drawn_and_never_against_itself():
    assert disasters.positions([[3, 1, 5]], 0, [[9, 3, 1]]).tolist() == [75]


def test_a_country_without_a_value_has_no_position():
    with pytest.raises(MeasureError, match="x is not among the countries"):
        disasters.position_of(pd.Series({"a": 1.0}), "x")


def test_hazard_years_of_draws_lie_near_the_count_and_within_the_years():
    counts = pd.DataFrame({"flood": [0, 15, 30], "storm": [0, 15, 30]}, index=list("abc"))
    drawn = disasters.hazard_years(counts)
    assert drawn.mean(axis=0) == pytest.approx([60 * 0.5 / 31, 30, 60 - 60 * 0.5 / 31], abs=0.3)
    assert drawn.min() >= 0 and drawn.max() <= 60
    with pytest.raises(MeasureError, match="between 0 and 10"):
        disasters.hazard_years(counts, years=10)


def test_what_area_explains_is_taken_out_of_every_draw():
    area = pd.DataFrame({"area": [1.0, 2, 3, 4]})
    assert np.allclose(disasters.beyond(np.array([[5.0, 7, 9, 11], [1, 1, 1, 1]]), area), 0)


@pytest.mark.parametrize("family", disasters.FAMILIES)
def test_a_known_effect_of_experience_and_a_safe_country_are_found(world, family):
    deaths, held = world
    residual, fit = disasters.mortality(deaths, held, family)
    assert disasters.percent(fit.params["experience"]) == pytest.approx(-20, abs=4)
    assert disasters.position_of(residual, "C007").value < 5


def test_resampled_countries_hold_the_known_effect(world):
    coefficients, residuals, times = disasters.resampled(*world, draws=200)
    assert coefficients[:, 1].mean() == pytest.approx(np.log(0.8), abs=0.04)
    assert residuals.shape == times.shape == (200, 120)


def test_robust_and_resampled_intervals_of_an_effect_agree(world):
    deaths, held = world
    robust, drawn = disasters.effect(deaths, held, "experience"), disasters.resampled_effect(deaths, held, "experience")
    assert robust.value == drawn.value == pytest.approx(-20, abs=4)
    assert (robust.low, robust.high) == pytest.approx((drawn.low, drawn.high), abs=1)


def test_missing_values_and_unknown_families_are_refused(world):
    deaths, held = world
    with pytest.raises(MeasureError, match="no missing value"):
        disasters.mortality(deaths, held.assign(exposed=np.nan))
    with pytest.raises(MeasureError, match="unknown family"):
        disasters.mortality(deaths, held, "probit")


def test_past_years_of_a_decade_are_those_before_it():
    record = pd.DataFrame({"iso3": "A", "type": ["flood", "flood", "storm", "flood"], "year": [1951, 1955, 1952, 1961],
                           "deaths": [10, 5, 7, 3]}).assign(decade=lambda d: d["year"] // 10 * 10)
    found = disasters.decades(record, range(1950, 1980, 10), {}).set_index(["type", "decade"])
    assert found.loc["flood", "deaths"].tolist() == [15, 3, 0]
    assert found.loc["flood", "past"].tolist() == pytest.approx([0, np.log2(3), 2])
    assert found.loc["flood", "past_others"].tolist() == [0, 1, 1]
    assert found.loc[("flood", 1950), "struck"] == pytest.approx(np.log2(3))
    assert disasters.decades(record, range(1950, 1980, 10), {"A": 1970})["decade"].unique().tolist() == [1970]


def test_the_panel_finds_what_past_disasters_change():
    rng = np.random.default_rng(2)
    rows = [(f"L{i}", kind, decade) for i in range(30) for kind in ("flood", "storm") for decade in range(1950, 2020, 10)]
    panel = pd.DataFrame(rows, columns=["iso3", "type", "decade"])
    panel["past"] = rng.uniform(0, 5, len(panel))
    panel["deaths"] = np.expm1(6 + np.log(0.9) * panel["past"] + rng.normal(0, 0.2, len(panel)))
    found = disasters.panel_effect(panel)
    assert found.value == pytest.approx(-10, abs=1.5)
    assert found.low < -10 < found.high and found.n == 30
    grown = panel.assign(deaths=np.expm1(np.log1p(panel["deaths"]) + panel["past"].groupby(
        [panel["iso3"], panel["decade"]]).transform("mean")))
    assert disasters.panel_effect(grown).value > 0
    assert disasters.panel_effect(grown, by_country=True).value == pytest.approx(-10, abs=2)


@pytest.fixture
def unlearning():
    """Years struck at random, deaths in proportion to them: nothing is learned."""
    rng = np.random.default_rng(3)
    rows = [(f"L{i}", kind, year, year // 10 * 10, 50.0) for i in range(25) for kind in ("flood", "storm")
            for year in range(1950, 2020) if rng.random() < 0.3]
    record = pd.DataFrame(rows, columns=["iso3", "type", "year", "decade", "deaths"])
    return disasters.decades(record, range(1950, 2020, 10), {})


def test_shuffled_decades_show_the_sign_that_the_measure_has_by_itself(unlearning):
    raw, held = (disasters.shuffled_decades(unlearning, controls, draws=100) for controls in ((), ("struck",)))
    assert raw.high < 0 and raw.low < disasters.panel_effect(unlearning).value < raw.high
    assert held.low < 0 < held.high and held.n == 25


def test_a_shuffle_carries_no_other_control(unlearning):
    with pytest.raises(MeasureError, match="past_others"):
        disasters.shuffled_decades(unlearning, ("past_others",), draws=2)


def test_a_share_is_pooled_over_years_and_resampled_by_year():
    amounts = pd.DataFrame({"JPN": [10.0, 30], "KOR": [0.0, 0], "AUS": [10.0, 50]}, index=[2020, 2021])
    share = disasters.pooled_share(amounts, ["JPN", "KOR"])
    assert (share.value, share.low, share.high, share.n) == (40, 37.5, 50, 2)
    with pytest.raises(MeasureError, match="gave nothing"):
        disasters.pooled_share(0 * amounts, ["JPN"])
