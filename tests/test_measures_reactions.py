"""Days around exercises: phases, the pooled ratio against the library, planted effects, and reactions to single acts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from trilateral.measures import MeasureError, reactions


def spans(*pairs):
    return pd.DataFrame(pairs, columns=["start", "end"]).apply(pd.to_datetime)


def test_windows_that_touch_are_one():
    joined = reactions.merged(spans(("2020-03-05", "2020-03-09"), ("2020-03-01", "2020-03-04"), ("2020-03-11", "2020-03-12")))
    assert joined["end"].dt.day.tolist() == [9, 12]


def test_an_exercise_day_after_another_is_during_and_before_gives_way():
    days = pd.date_range("2020-01-01", "2020-01-20")
    phase = reactions.phases(days, spans(("2020-01-05", "2020-01-06"), ("2020-01-09", "2020-01-10")), before=3, after=3)
    assert "".join(name[0] for name in phase) == "obbbddaaddaaaooooooo"


def test_the_pooled_ratio_is_that_of_the_library():
    rng = np.random.default_rng(0)
    days, inside = rng.integers(20, 60, 5), rng.integers(20, 60, 5)
    hit, hit_inside = rng.binomial(days, 0.2), rng.binomial(inside, 0.3)
    tables = np.stack(
        [np.array([[b, m - b], [a, n - a]]) for a, n, b, m in zip(hit, days, hit_inside, inside, strict=True)], axis=2
    )
    assert reactions.mantel_haenszel(hit, hit_inside, days, inside) == pytest.approx(
        StratifiedTable(tables.astype(float)).riskratio_pooled
    )
    assert np.isnan(reactions.mantel_haenszel(np.zeros(1), np.ones(1), np.ones(1), np.ones(1)))


def planted(ratio, seed=0):
    """Thirty years with an exercise at a random time and tests that are `ratio` times as likely in it."""
    rng, rows = np.random.default_rng(seed), []
    days = pd.date_range("1990-01-01", "2019-12-31")
    for year in range(1990, 2020):
        start = pd.Timestamp(year, 1, 1) + pd.Timedelta(days=int(rng.integers(0, 300)))
        rows.append((start, start + pd.Timedelta(days=29)))
    windows = spans(*rows)
    inside = reactions.phases(days, windows, 0, 0) == "during"
    tests = pd.Series(days[rng.random(len(days)) < np.where(inside, 0.08 * ratio, 0.08)])
    return reactions.panel(tests, "1990-01-01", "2019-12-31", [(1990, 2004), (2005, 2019)]), inside


def test_a_doubled_rate_is_found_and_an_equal_one_is_not():
    found, inside = planted(2)
    effect = reactions.rate_change(found, inside, draws=400)
    assert effect.low > 20 and 50 < effect.value < 170
    assert np.mean(reactions.shifted(found, inside, 100) >= effect.value) < 0.05
    assert reactions.monthly_change(found, inside).low > 0
    found, inside = planted(1)
    effect = reactions.rate_change(found, inside, draws=400)
    assert effect.low < 0 < effect.high


def test_without_an_event_inside_the_upper_end_is_the_exact_one():
    found, inside = planted(1)
    quiet = reactions.Panel(found.days, found.event & ~inside, found.era, found.season)
    effect = reactions.rate_change(quiet, inside, draws=50)
    assert effect.value == -100 and -100 < effect.high < -90


def test_two_years_with_exercises_give_no_estimate():
    found, inside = planted(1)
    assert reactions.rate_change(found, inside & (found.days.year < 1992)).value is None


def test_years_outside_the_eras_are_left_out():
    found = reactions.panel(
        pd.Series(pd.to_datetime(["2018-05-01", "2019-05-01"])), "2017-01-01", "2019-12-31", [(2017, 2017), (2019, 2019)]
    )
    assert set(found.days.year) == {2017, 2019} and found.event.sum() == 1


def test_acts_within_two_weeks_of_the_last_kept_one_are_left_out():
    acts = pd.DataFrame({"day": pd.to_datetime(["2020-01-01", "2020-01-10", "2020-01-15", "2020-01-16"])})
    assert reactions.thinned(acts)["day"].dt.day.tolist() == [1, 16]


def test_the_day_of_the_act_counts_neither_before_nor_after():
    acts = pd.DataFrame({"day": pd.to_datetime(["2020-02-01", "2020-06-15"])})
    shown = reactions.around(acts, pd.Series(pd.to_datetime(["2020-02-01", "2020-02-15", "2020-06-01", "2020-05-20"])))
    assert shown[["followed", "preceded", "earlier"]].values.tolist() == [[True, False, 0], [False, True, 2]]


def test_the_difference_without_confounding_is_that_of_the_shares():
    day = pd.date_range("2012-01-01", periods=40, freq="90D")
    acts = pd.DataFrame({"day": day, "followed": np.tile([True, False, False, True], 10), "preceded": False, "earlier": 0})
    group = pd.Series(np.tile([True, True, False, False], 10))
    effect = reactions.difference(acts, group, eras=())
    assert effect.value == pytest.approx(0, abs=1e-9)
    effect = reactions.difference(acts, acts["followed"], eras=(), adjusted="after less before")
    assert effect.value == pytest.approx(100)
    with pytest.raises(MeasureError, match="no act"):
        reactions.difference(acts, pd.Series(np.ones(40, bool)))
