import numpy as np
import pandas as pd
import pytest

from trilateral.measures import MeasureError, quarrels


@pytest.mark.parametrize(("start", "years"), [
    ("2010-09-21", (2009, 2011)),  # a debate in the month of the start is neither before nor after
    ("2010-10", (2010, 2011)), ("2012-04", (2011, 2012)), ("2012-06-30", (2011, 2012)), ("2012-07", (2011, 2013)),
    ("2018-12", (2018, 2019)), ("2020", (2019, 2021))])
def test_the_debates_around_a_quarrel(start, years):
    assert quarrels.debates_around(start) == years


def rates():
    return pd.DataFrame({"AAA": [1.0, 1.0, 4.0], "BBB": [0.0, 0.0, 2.0], "CCC": [0.0, 0.0, 0.0]}, index=[2010, 2011, 2012])


def test_a_change_is_measured_against_the_countries_spared_and_in_their_spread():
    found = quarrels.changes_beyond(rates(), [("AAA", 2011, 2012)], ["BBB", "CCC"])
    assert found[["change", "others"]].iloc[0].tolist() == [3.0, 1.0]
    assert found["beyond"].iloc[0] == pytest.approx(2 / np.sqrt(2))


def test_silence_afterwards_is_the_most_by_which_words_could_have_fallen():
    spoken = pd.DataFrame({"AAA": [1.0, 1.0, 4.0], "BBB": [2.0, 0.0, 5.0], "CCC": [0.0, 0.0, 2.0], "DDD": [0.0, 0.0, 0.0]},
                          index=[2010, 2011, 2012])
    episodes = [("AAA", 2011, 2012), ("BBB", 2010, 2012)]
    found = quarrels.changes_beyond(spoken, episodes, ["CCC", "DDD"])
    hushed = quarrels.all_silent(spoken, found)
    quiet = spoken.copy()
    quiet.loc[2012, ["AAA", "BBB"]] = 0.0
    pd.testing.assert_frame_equal(hushed, quarrels.changes_beyond(quiet, episodes, ["CCC", "DDD"]))
    assert (hushed["beyond"] <= found["beyond"]).all() and hushed["change"].tolist() == [-1.0, -2.0]


def test_the_mean_over_episodes_has_the_interval_of_student():
    found = quarrels.mean_change(pd.DataFrame({"beyond": [1.0, 2.0, 3.0]}))
    # standard error 1 / sqrt(3), quantile 4.3027 of t with two degrees of freedom
    assert (found.value, found.n) == (2, 3)
    assert (found.low, found.high) == (pytest.approx(-0.4841, abs=1e-4), pytest.approx(4.4841, abs=1e-4))


def test_an_episode_without_its_country_or_year_is_left_out():
    found = quarrels.changes_beyond(rates(), [("AAA", 2011, 2012), ("ZZZ", 2011, 2012), ("AAA", 2012, 2014)], ["BBB", "CCC"])
    assert len(found) == 1


@pytest.mark.parametrize(("episodes", "message"), [
    ([("ZZZ", 2011, 2012)], "no episode"), ([("AAA", 2010, 2011)], "do not vary")])
def test_changes_without_a_measure_are_refused(episodes, message):
    with pytest.raises(MeasureError, match=message):
        quarrels.changes_beyond(rates(), episodes, ["BBB", "CCC"])


def monthly(first, last):
    return pd.date_range(first, last, freq="MS").strftime("%Y-%m").to_series()


def test_steady_meetings_give_a_ratio_of_one():
    dates = monthly("2005-01", "2025-12")
    found = quarrels.count_ratio(dates, [pd.Timestamp("2012-09-01")], "2010-01-01", "2020-12-01", draws=200)
    assert (found.value, found.low, found.high, found.n) == (1, 1, 1, 1)


def test_meetings_that_stop_give_a_ratio_below_one_and_leave_the_month_itself_out():
    dates = monthly("2005-01", "2025-12")
    dates = dates[~dates.isin(["2012-09", "2012-10", "2012-11", "2012-12", "2013-01", "2013-02", "2013-03"])]
    found = quarrels.count_ratio(dates, [pd.Timestamp("2012-09-01")], "2010-01-01", "2020-12-01", draws=200)
    assert found.value == pytest.approx(0.5 / 6.5)


def test_placebo_months_near_a_start_are_not_drawn():
    with pytest.raises(MeasureError, match="placebo months"):
        quarrels.count_ratio(monthly("2010-01", "2014-12"), [pd.Timestamp("2012-06-01")], "2011-07-01", "2013-05-01")


def test_without_a_start_there_is_no_ratio():
    assert quarrels.count_ratio(monthly("2010-01", "2014-12"), [], "2011-01-01", "2013-01-01").value is None


def test_the_same_seed_gives_the_same_interval():
    dates = pd.Series(pd.date_range("2009-01-01", "2022-01-01", freq="37D").strftime("%Y-%m-%d"))
    one, two = (quarrels.count_ratio(dates, [pd.Timestamp("2015-06-01")], "2010-01-01", "2020-12-01", draws=300)
                for _ in range(2))
    assert (one.low, one.high) == (two.low, two.high)


def test_events_are_counted_on_both_sides_of_a_month_and_not_in_it():
    dates = pd.Series(["2012-02", "2012-03", "2012-08-31", "2012-09-15", "2012-10-01", "2013-04-01"])
    found = quarrels.counts_around(dates, [pd.Timestamp("2012-09-01"), pd.Timestamp("2013-01-01")])
    assert found.to_numpy().tolist() == [[2, 1], [3, 1]]


def test_a_season_that_returns_every_year_is_no_fall_against_the_same_months_of_other_years():
    dates = pd.Series([f"{year}-06" for year in range(2005, 2026) for _ in range(10)])
    starts = [pd.Timestamp("2012-08-01"), pd.Timestamp("2016-08-01")]
    plain, seasonal = (quarrels.count_ratio(dates, starts, "2009-01-01", "2021-12-01", draws=200, season=season)
                       for season in (None, 0))
    assert plain.value < 0.2
    assert (seasonal.value, seasonal.low, seasonal.high) == (1, 1, 1)


def test_placebo_months_nearer_to_the_starts_may_be_taken():
    dates, starts = monthly("2010-01", "2014-12"), [pd.Timestamp("2012-06-01")]
    with pytest.raises(MeasureError, match="0 placebo months"):
        quarrels.count_ratio(dates, starts, "2011-06-01", "2013-06-01")
    assert quarrels.count_ratio(dates, starts, "2011-06-01", "2013-06-01", draws=50, clear=6).value == pytest.approx(1)


def test_a_season_without_enough_placebo_months_is_refused():
    with pytest.raises(MeasureError, match="placebo months"):
        quarrels.count_ratio(monthly("2010-01", "2014-12"), [pd.Timestamp("2012-06-01")], "2011-01-01", "2014-01-01", season=0)
