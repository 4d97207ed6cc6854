import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.datasets import nile

from trilateral.measures import MeasureError, breaks

BOOTSTRAPS = ("residual", "wild", "ar1")
YEARS = range(2000, 2025)


def kinked(year=2014, level=4.0, slope=1.0, noise=0.3, seed=0):
    t = np.arange(25)
    after = t >= year - 2000
    bend = after * (level + slope * (t - (year - 2000)))
    return pd.Series(0.2 * t + bend + noise * np.random.default_rng(seed).normal(size=25), index=YEARS)


def test_the_nile_breaks_where_the_literature_dates_it():
    # Cobb (1978) and many since: the flow falls from 1899 on
    found = breaks.sup_f(nile.load_pandas().data.set_index("year")["volume"])
    assert found.year in range(1898, 1901)
    assert found.p_value < 0.05
    assert found.above_after < 0


@pytest.mark.parametrize("bootstrap", BOOTSTRAPS)
def test_a_clear_break_is_dated_and_significant(bootstrap):
    found = breaks.sup_f(kinked(), bootstrap=bootstrap)
    assert found.year == 2014
    assert found.p_value < 0.01
    # a step of 4 and three years at one more a year
    assert found.above_after == pytest.approx(7, abs=1)
    assert found.n == 25


@pytest.mark.parametrize("bootstrap", BOOTSTRAPS)
def test_a_trend_without_a_break_is_rarely_rejected(bootstrap):
    rejected = [
        breaks.sup_f(kinked(level=0, slope=0, seed=seed), draws=199, bootstrap=bootstrap).p_value <= 0.05
        for seed in range(100)
    ]
    assert np.mean(rejected) <= 0.12


def test_serial_correlation_is_not_taken_for_a_break_by_the_autoregressive_bootstrap():
    rejected = []
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(size=60)
        for i in range(1, 60):
            noise[i] += 0.6 * noise[i - 1]
        series = pd.Series(noise[-25:], index=YEARS)
        rejected.append([breaks.sup_f(series, draws=199, bootstrap=b).p_value <= 0.05 for b in ("residual", "ar1")])
    independent, autoregressive = np.mean(rejected, axis=0)
    assert autoregressive <= 0.15 < independent


@given(
    scale=st.floats(0.01, 100),
    shift=st.floats(-100, 100),
    slope=st.floats(-5, 5),
    mirror=st.sampled_from([-1, 1]),
)
def test_the_test_does_not_depend_on_unit_or_trend(scale, shift, slope, mirror):
    series = kinked(noise=1.0)
    plain = breaks.sup_f(series, draws=99)
    moved = breaks.sup_f(mirror * scale * (series + shift + slope * np.arange(25)), draws=99)
    assert moved.year == plain.year
    assert moved.statistic == pytest.approx(plain.statistic, rel=1e-4)
    assert moved.above_after == pytest.approx(mirror * scale * plain.above_after, rel=1e-4)


def test_a_perfect_line_has_no_break():
    found = breaks.sup_f(pd.Series(np.arange(25) * 0.1 + 3, index=YEARS))
    assert (found.statistic, found.p_value) == (0, 1)
    assert found.above_after == pytest.approx(0, abs=1e-9)


def test_a_late_break_is_measured_at_the_end_of_the_series():
    series = kinked(2021, noise=0.01)
    for last, years_after in ((2024, 3), (2023, 2)):
        found = breaks.sup_f(series.loc[:last], trim=0.1)
        assert found.year == 2021
        assert found.above_after == pytest.approx(4 + years_after, abs=0.2)


def test_the_break_lies_in_the_middle_of_the_years():
    edge = kinked(2002, noise=0.01)
    assert 2004 <= breaks.sup_f(edge).year <= 2021


def test_missing_years_are_allowed():
    found = breaks.sup_f(kinked().drop([2005, 2010, 2018]))
    assert (found.year, found.n) == (2014, 22)


def test_the_same_seed_gives_the_same_p_value():
    series = kinked(level=0, slope=0, seed=4)
    assert breaks.sup_f(series, seed=1) == breaks.sup_f(series, seed=1)


@pytest.mark.parametrize(
    ("series", "options", "message"),
    [
        (kinked().iloc[:7], {}, "7 years"),
        (kinked(), {"bootstrap": "block"}, "block"),
        (kinked(), {"trim": 0.6}, "0.6"),
        (pd.concat([kinked(), kinked()]), {}, "2000 twice"),
    ],
)
def test_what_cannot_be_tested_is_refused(series, options, message):
    with pytest.raises(MeasureError, match=message):
        breaks.sup_f(series, **options)


def test_segments_meet_the_values_of_a_noiseless_break():
    series = kinked(noise=0)
    frame = breaks.segments(series, 2014).set_index("year")
    np.testing.assert_allclose(frame["fitted"], series, atol=1e-9)
    assert frame.loc[2017, "value"] - frame.loc[2017, "old_trend"] == pytest.approx(7)


def test_a_segment_of_one_year_is_refused():
    with pytest.raises(MeasureError, match="2024"):
        breaks.segments(kinked(), 2024)


def test_the_last_year_in_which_a_break_can_be_dated_leaves_both_ends_free():
    assert breaks.datable(kinked()) == (2004, 2021)
    assert breaks.datable(kinked().loc[:2021]) == (2004, 2018)
    with pytest.raises(MeasureError, match="leaves no candidate year"):
        breaks.datable(kinked(), trim=0.6)


def test_the_power_of_the_search_is_that_of_searching_simulated_series():
    generator = np.random.default_rng(3)
    found = []
    for seed in range(150):
        series = pd.Series(generator.normal(size=25) + 3 * (np.arange(2000, 2025) >= 2018), index=YEARS)
        bend = breaks.sup_f(series, draws=199, seed=seed)
        found.append(bend.p_value < 0.05 and 2014 <= bend.year <= 2022 and bend.above_after > 0)
    assert breaks.power(kinked(), 3, 2018, (2014, 2022)) == pytest.approx(np.mean(found), abs=0.1)


def test_power_grows_with_the_step_and_ends_where_no_break_can_be_dated():
    powers = [breaks.power(kinked(), step, 2018, (2014, 2022)) for step in (0, 2, 4, 8)]
    assert powers == sorted(powers) and powers[0] < 0.05 and powers[-1] > 0.95
    assert breaks.power(kinked(), 8, 2018, (2022, 2024)) == 0  # the last year to be dated is 2021
    assert powers[1] == breaks.power(kinked(), 2, 2018, (2014, 2022))  # the same draws each time
