"""Estimators of the scorecard on cases of known answer."""

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import MeasureError, TooFewError, advice


def halves(values):
    return pd.Series(values, index=np.arange(len(values)) / 2 + 2000)


def test_half_years_without_an_event_are_kept():
    days = pd.to_datetime(pd.Series(["2020-01-31", "2020-06-30", "2021-07-01"]))
    assert advice.by_half_year(days, 2020, "2021-2").to_dict() == {2020.0: 2, 2020.5: 0, 2021.0: 0, 2021.5: 1}


def test_an_outcome_that_repeats_the_meetings_of_before_is_pulled_by_one_standard_deviation():
    generator = np.random.default_rng(1)
    working, senior = (halves(generator.poisson(3, 60)) for _ in range(2))
    outcome = working.shift(1, fill_value=3)
    found = advice.pull(outcome, working, senior)
    assert found["working"].value == pytest.approx(1, abs=0.01) and abs(found["senior"].value) < 0.01


def test_meetings_that_follow_an_outcome_are_pulled_by_it_backward_alone():
    generator = np.random.default_rng(1)
    outcome, senior = (halves(generator.poisson(3, 60)) for _ in range(2))
    working = outcome.shift(1, fill_value=3)  # called after something was held
    found = {backward: advice.pull(outcome, working, senior, backward=backward)["working"] for backward in (False, True)}
    assert found[True].value == pytest.approx(1, abs=0.01)
    assert found[False].low < 0 < found[False].high


def test_an_elasticity_of_one_is_found():
    meetings = halves(np.tile([0, 1, 3, 7], 20))
    outcome = pd.Series(np.r_[5, 5 * (1 + meetings.to_numpy()[:-1])], meetings.index)
    assert advice.elasticity(outcome, meetings).value == pytest.approx(1, abs=0.01)


def test_growth_of_a_tenth_a_year_is_found():
    counts = pd.Series(np.round(1000 * np.exp(0.1 * np.arange(7))), index=range(2017, 2024))
    estimate = advice.growth(counts)
    assert estimate.value == pytest.approx(0.1, abs=1e-3) and estimate.n == 7


def test_a_steady_series_is_forecast_at_its_mean():
    band = advice.forecast(halves(np.tile([9, 11], 15)), 4)
    assert len(band) == 2 and (abs(band["mean"] - 20) < 2.5).all() and ((band["low"] < 20) & (band["high"] > 20)).all()


def test_half_a_year_is_not_forecast():
    with pytest.raises(MeasureError, match="even number"):
        advice.forecast(halves([1] * 20), 3)


def test_a_share_twice_as_large_has_ratio_two():
    estimate = advice.share_ratio(10, 20, 5, 20)
    assert estimate.value == 2 and estimate.low < 2 < estimate.high
    assert advice.share_ratio(1, 2, 0, 5).value is None and advice.share_ratio(5, 5, 3, 3).value is None
    with pytest.raises(MeasureError, match="no two shares"):
        advice.share_ratio(3, 2, 1, 2)
    with pytest.raises(TooFewError, match="0 of 0 and 1 of 2: one period has no case"):
        advice.share_ratio(0, 0, 1, 2)


@pytest.mark.parametrize("counts", [(0, 5, 3, 10), (5, 5, 2, 9), (1, 4, 3, 3)])
def test_a_share_of_nothing_or_all_has_an_interval_that_tells_how_few_the_cases_are(counts):
    estimate = advice.share_ratio(*counts)
    assert estimate.low <= estimate.value <= estimate.high and estimate.high - estimate.low > 0.3


def test_too_few_half_years_are_refused():
    with pytest.raises(MeasureError, match="too few"):
        advice.elasticity(halves([1, 2]), halves([1, 2]))


def test_equal_groups_have_mean_ratio_one():
    assert advice.mean_ratio(pd.Series([2, 2]), pd.Series([2, 2, 2])).value == 1


def test_a_rate_of_ten_a_year_goes_on_at_ten():
    band = advice.momentum(1000, 100.0, 2)
    assert (abs(band["mean"] - 10) < 0.5).all() and (band["low"] < 10).all() and (band["high"] > 10).all()


def test_scaling_moves_the_ends_too():
    assert advice.scaled(advice.mean_ratio(pd.Series([2, 2]), pd.Series([1, 1])), 0.5).high == 1


def coded(*ids, taught=0):
    return pd.DataFrame({"milestone": ids, "number": 2, "hidden": 0, "carrier_or_bomber": 0, "taught": taught})


def test_an_exercise_without_its_domains_is_named_and_not_dropped():
    held = pd.DataFrame({"id": ["T1", "N2"]})
    assert list(advice.with_domains(held, coded("N2", "T1", "T9"))["id"]) == ["T1", "N2"]
    with pytest.raises(MeasureError, match="no row for N2"):
        advice.with_domains(held, coded("T1"))
    with pytest.raises(pd.errors.MergeError):
        advice.with_domains(held, coded("T1", "N2", "N2"))


def test_training_given_to_others_is_no_exercise_of_the_three():
    held = pd.DataFrame({"id": ["T1", "N2"]})
    assert list(advice.with_domains(held, pd.concat([coded("T1"), coded("N2", taught=1)]))["id"]) == ["T1"]
