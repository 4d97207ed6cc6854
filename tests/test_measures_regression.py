import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, regression

YEARS = np.arange(1992, 2020)
RNG = np.random.default_rng(11)
PREDICTOR = pd.Series(RNG.normal(size=len(YEARS)), index=YEARS - 1)
SHARES = pd.Series(
    0.4
    * np.exp(
        -0.2 * PREDICTOR.to_numpy() / PREDICTOR.std() - 0.01 * (YEARS - 1992) + 0.05 * RNG.normal(size=len(YEARS))
    ),
    index=YEARS,
)


def test_a_known_effect_is_found_a_year_later():
    effect = regression.percent_effect(SHARES, PREDICTOR)
    # exp(-0.2) - 1
    assert effect.value == pytest.approx(-18.1, abs=1.5)
    assert effect.low < -18.1 < effect.high < 0
    assert effect.n == len(YEARS)


def test_the_wrong_lag_finds_nothing():
    effect = regression.percent_effect(SHARES, PREDICTOR, lag=0)
    assert effect.low < 0 < effect.high
    assert effect.n == len(YEARS) - 1


def test_a_known_effect_on_counts_is_found():
    rng = np.random.default_rng(3)
    predictor = pd.Series(rng.normal(size=2000), index=range(2000))
    meetings = pd.Series(rng.poisson(np.exp(1.5 + 0.3 * predictor / predictor.std())), index=predictor.index)
    effect = regression.percent_effect(meetings, predictor, lag=0, family="poisson")
    assert effect.value == pytest.approx(35, abs=3)
    assert effect.low > 0


def test_a_shared_trend_alone_is_no_effect():
    rng = np.random.default_rng(3)
    trend = pd.Series(np.arange(60) / 20, index=range(60))
    outcome, predictor = np.exp(trend + 0.2 * rng.normal(size=60)), trend + 0.2 * rng.normal(size=60)
    with_trend, without = (regression.percent_effect(outcome, predictor, lag=0, trend=t) for t in (True, False))
    assert with_trend.low < 0 < with_trend.high
    assert without.low > 20


@given(scale=st.floats(0.01, 100), shift=st.floats(-10, 10), outcome_scale=st.floats(0.01, 100))
def test_the_effect_is_free_of_units(scale, shift, outcome_scale):
    plain = regression.percent_effect(SHARES, PREDICTOR)
    moved = regression.percent_effect(SHARES * outcome_scale, PREDICTOR * scale + shift)
    assert (moved.value, moved.low, moved.high) == pytest.approx((plain.value, plain.low, plain.high), rel=1e-6)


def test_turning_the_predictor_around_inverts_the_factor():
    there, back = regression.percent_effect(SHARES, PREDICTOR), regression.percent_effect(SHARES, -PREDICTOR)
    assert (1 + there.value / 100) * (1 + back.value / 100) == pytest.approx(1)


def test_few_years_give_a_reason_instead_of_a_value():
    effect = regression.percent_effect(SHARES.iloc[:7], PREDICTOR)
    assert effect.value is None
    assert "7 years" in effect.missing


def test_a_predictor_that_does_not_vary_gives_a_reason():
    assert regression.percent_effect(SHARES, PREDICTOR * 0).value is None


def test_a_zero_cannot_be_logged_and_its_year_is_named():
    broken = SHARES.copy()
    broken[2003] = 0
    with pytest.raises(MeasureError, match=r"0 in 2003.*poisson"):
        regression.percent_effect(broken, PREDICTOR)


def test_years_without_any_meeting_give_a_reason():
    assert regression.percent_effect(SHARES * 0, PREDICTOR, family="poisson").missing


@pytest.mark.parametrize(
    ("predictor", "options", "message"),
    [
        (PREDICTOR, {"family": "tobit"}, "tobit"),
        (pd.concat([PREDICTOR, PREDICTOR]), {}, "predictor has 1991 twice"),
    ],
)
def test_what_cannot_be_regressed_is_refused(predictor, options, message):
    with pytest.raises(MeasureError, match=message):
        regression.percent_effect(SHARES, predictor, **options)


def test_a_contrast_is_the_difference_of_two_means():
    series = pd.Series([1.0, 2, 3, 2, 5, 6, 7, 6, 5, 6])
    group = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1], bool)
    found = regression.contrast(series, group)
    assert found.value == pytest.approx(35 / 6 - 2) and found.low < found.value < found.high and found.n == 10
    assert regression.contrast(series, ~group).value == pytest.approx(-found.value)


def test_a_contrast_needs_both_kinds():
    with pytest.raises(MeasureError, match="of both kinds"):
        regression.contrast(pd.Series(range(9)), np.ones(9, bool))
