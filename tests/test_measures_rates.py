import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trilateral.measures import MeasureError, rates

counts = st.lists(st.integers(0, 40), min_size=3, max_size=8)


def yearly(numbers, start):
    return pd.Series(numbers, index=range(start, start + len(numbers)))


LATER, EARLIER = yearly([24, 5, 41, 12, 8, 66], 2017), yearly([1, 7, 2, 0, 8, 3, 5, 2, 12, 6, 18, 15], 2005)


def test_ten_events_have_the_published_exact_interval():
    estimate = rates.rate(10, 1)
    assert (estimate.low, estimate.high) == (
        pytest.approx(4.7954, abs=1e-4),
        pytest.approx(18.3904, abs=1e-4),
    )


def test_no_event_still_bounds_the_rate_from_above():
    estimate = rates.rate(0, 10)
    # the rule of three, exactly: -log(0.025) / 10
    assert (estimate.value, estimate.low, estimate.high) == (0, 0, pytest.approx(0.36889, abs=1e-5))


@given(count=st.integers(0, 10_000), exposure=st.floats(0.1, 1000))
def test_a_rate_follows_the_unit_of_exposure(count, exposure):
    years, months = rates.rate(count, exposure), rates.rate(count, 12 * exposure)
    assert years.low <= years.value <= years.high
    assert (years.value, years.low, years.high) == pytest.approx((12 * months.value, 12 * months.low, 12 * months.high))


@pytest.mark.parametrize(("count", "exposure", "message"), [(-1, 1, "-1"), (1.5, 1, "1.5"), (3, 0, "exposure")])
def test_what_is_no_count_or_no_exposure_is_refused(count, exposure, message):
    with pytest.raises(MeasureError, match=message):
        rates.rate(count, exposure)


def test_the_poisson_ratio_has_the_exact_interval_of_r():
    # R: poisson.test(c(11, 21), c(800, 3011)), example of its help page
    ratio = rates.rate_ratio(
        pd.Series([11], index=[2]),
        pd.Series([21], index=[1]),
        "poisson",
        exposure=pd.Series({2: 800, 1: 3011}),
    )
    assert ratio.value == pytest.approx(1.971488, abs=1e-6)
    assert (ratio.low, ratio.high) == (pytest.approx(0.8584264, abs=1e-6), pytest.approx(4.2772659, abs=1e-6))


@pytest.mark.parametrize("family", rates.FAMILIES)
def test_the_ratio_is_that_of_the_mean_counts(family):
    assert rates.rate_ratio(LATER, EARLIER, family).value == pytest.approx(LATER.mean() / EARLIER.mean(), rel=1e-3)


def test_overdispersed_counts_widen_the_interval():
    poisson, quasi, negative = (
        rates.rate_ratio(LATER, EARLIER, f) for f in ("poisson", "quasi-poisson", "negative binomial")
    )
    for wider in (quasi, negative):
        assert wider.low < poisson.low
        assert wider.high > poisson.high


@pytest.mark.parametrize("family", rates.FAMILIES)
@settings(max_examples=25, deadline=None)
@given(a=counts, b=counts)
def test_swapping_the_periods_inverts_the_ratio(family, a, b):
    a, b = yearly([*a, 1], 2000), yearly([*b, 1], 2020)
    there, back = rates.rate_ratio(a, b, family), rates.rate_ratio(b, a, family)
    assert there.value == pytest.approx(1 / back.value, rel=1e-2)
    assert there.low <= there.value <= there.high
    assert (there.low, there.high) == pytest.approx((1 / back.high, 1 / back.low), rel=2e-2)


def test_counts_that_are_not_overdispersed_fall_back_with_a_reason():
    family, reason = rates.family_used(yearly([3, 3, 4, 3], 2010), yearly([2, 2, 1, 2], 2000))
    assert family == "quasi-poisson"
    assert "not overdispersed" in reason
    assert rates.family_used(LATER, EARLIER) == ("negative binomial", "")


def test_a_quiet_later_period_has_a_ratio_of_zero_with_an_upper_end():
    ratio = rates.rate_ratio(yearly([0, 0, 0], 2010), EARLIER)
    assert (ratio.value, ratio.low) == (0, 0)
    assert 0 < ratio.high < 1


def test_a_quiet_earlier_period_has_no_ratio_but_a_reason():
    ratio = rates.rate_ratio(LATER, yearly([0, 0, 0], 2000))
    assert ratio.value is None
    assert "earlier" in ratio.missing


def test_half_a_year_observed_counts_half():
    half = pd.Series(1.0, index=[*LATER.index, *EARLIER.index])
    half[LATER.index] = 0.5
    full = rates.rate_ratio(LATER, EARLIER, "quasi-poisson").value
    assert rates.rate_ratio(LATER, EARLIER, "quasi-poisson", exposure=half).value == pytest.approx(2 * full)


@pytest.mark.parametrize(
    ("later", "options", "message"),
    [
        ([1.5, 2], {}, "later period, 2017"),
        ([], {}, "later period has no year"),
        ([1, 2], {"family": "normal"}, "normal"),
        ([1, 2], {"exposure": pd.Series({2017: 1.0})}, "exposure of 2018"),
    ],
)
def test_bad_counts_are_refused_by_period_and_year(later, options, message):
    with pytest.raises(MeasureError, match=message):
        rates.rate_ratio(yearly(later, 2017), EARLIER, **options)


def test_years_without_an_event_are_counted_as_zero():
    events = rates.yearly(pd.Series(["2012-04-13", "2012-12-12", "2014-07-01", "2020-01-01"]), 2011, 2015)
    assert events.to_dict() == {2011: 0, 2012: 2, 2013: 0, 2014: 1, 2015: 0}
