import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, rates

START, END = "2012-01-01", "2022-01-01"
days = st.lists(st.dates(pd.Timestamp("2011-01-01").date(), pd.Timestamp("2023-01-01").date()), max_size=30)


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        (["2013-01-01", "2014-01-01"], "2014-01-01", END),
        (["2019-01-01", "2020-01-01"], START, "2019-01-01"),
        (["2013-01-01", "2018-01-01"], "2013-01-01", "2018-01-01"),
        ([], START, END),
        (["2010-01-01", "2024-01-01"], START, END),
    ],
)
def test_the_longest_spell_counts_the_open_ends(dates, start, end):
    spell = rates.longest_spell(pd.Series(dates, dtype="datetime64[ns]"), START, END)
    assert (spell.start, spell.end) == (pd.Timestamp(start), pd.Timestamp(end))


def test_a_year_is_twelve_months():
    dates = pd.Series(pd.date_range(START, END, freq="YS"))
    assert rates.longest_spell(dates, START, END).months == pytest.approx(12, abs=0.05)


@given(dates=days, more=days)
def test_more_events_never_lengthen_the_longest_spell(dates, more):
    few, many = (rates.longest_spell(pd.Series(d, dtype="object"), START, END).months for d in (dates, dates + more))
    assert 0 <= many <= few <= 120.02


def test_the_simulated_spell_of_one_event_is_between_half_and_all_of_the_time():
    # the longer of the two parts of a stick broken at random is uniform between half and all of it
    low, high = rates.simulated_longest_spell(1, START, END, draws=50_000, level=0.9)
    assert (low, high) == (pytest.approx(0.525 * 120, rel=0.01), pytest.approx(0.975 * 120, rel=0.01))


def test_without_events_the_simulated_spell_is_the_whole_time():
    assert rates.simulated_longest_spell(0, START, END) == pytest.approx((120, 120), rel=1e-3)


def test_more_events_shorten_the_simulated_spell():
    ends = [rates.simulated_longest_spell(n, START, END)[1] for n in (2, 10, 50, 250)]
    assert ends == sorted(ends, reverse=True)


def test_the_same_seed_gives_the_same_simulated_spell():
    assert rates.simulated_longest_spell(9, START, END, seed=1) == rates.simulated_longest_spell(9, START, END, seed=1)


def test_only_full_periods_count():
    dates = pd.Series(["2012-05-01", "2013-05-01", "2014-05-01"])
    share = rates.periods_with_event(dates, START, "2014-06-30")
    assert (share.value, share.n, share.high) == (1, 2, 1)


def test_a_period_may_end_on_the_last_day():
    assert rates.periods_with_event(pd.Series(["2012-05-01"]), START, "2012-12-31").n == 1
    assert rates.periods_with_event(pd.Series(["2012-05-01"]), START, "2012-12-30").value is None


def test_the_share_of_periods_has_the_published_wilson_interval():
    # 9 of 10: 0.596 to 0.982
    dates = pd.Series([f"{year}-06-01" for year in range(2012, 2021)])
    share = rates.periods_with_event(dates, START, END)
    assert (share.value, share.n) == (0.9, 10)
    assert (share.low, share.high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))


@given(dates=days, months=st.sampled_from([6, 12, 24]))
def test_a_share_of_periods_is_within_bounds(dates, months):
    share = rates.periods_with_event(pd.Series(dates, dtype="object"), START, END, months)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(MeasureError, match="2022-01-01 to 2012-01-01"):
        rates.longest_spell(pd.Series([], dtype="datetime64[ns]"), END, START)
