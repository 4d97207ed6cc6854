"""The ladder of uptake on acts with a known rung."""

import pandas as pd
import pytest

from trilateral.measures import MeasureError, uptake

AT = pd.Timestamp("2026-08-31")
TURNOVERS = pd.DataFrame({"iso3": ["USA", "KOR", "JPN"], "date": pd.to_datetime(["2025-01-20", "2025-06-04", "2025-10-21"])})


def acts(*rows):
    return pd.DataFrame([{"record": record, "date": date, "others": 0, "doubtful": 0} | more for record, date, more in rows])


def rung(*rows, **choices):
    return uptake.rung(acts(*rows), AT, TURNOVERS, **choices)


def test_an_item_that_was_searched_and_not_found_has_rung_zero():
    assert rung(("not-found", None, {})) == 0


def test_an_item_without_a_row_was_not_searched_and_is_refused():
    with pytest.raises(MeasureError, match="not looked for"):
        uptake.rung(acts(("held", "2024", {})).iloc[:0], AT, TURNOVERS)


def test_an_announcement_alone_is_rung_one_and_an_act_rung_two():
    assert rung(("announced", "2023-08-18", {})) == 1
    assert rung(("announced", "2023-08-18", {}), ("signed", "2024-05", {})) == 2


def test_repeated_before_two_capitals_changed_is_rung_three():
    assert rung(("held", "2024-11", {}), ("held", "2025-05", {})) == 3


def test_an_act_after_two_capitals_changed_is_rung_four_if_recent():
    twice = ("held", "2024-11", {}), ("held", "2025-09-15", {})
    assert rung(*twice) == 4
    assert rung(*twice, running=6) == 3


def test_one_act_never_lasts_and_a_standing_link_need_not_be_repeated():
    assert rung(("held", "2025-09-15", {})) == 2
    assert rung(("standing", "2023-12-19", {})) == 4


def test_doubtful_acts_and_acts_with_others_count_at_the_upper_end_alone():
    wider = ("held", "2024-10-30", {"others": 1}), ("held", "2025-08-14", {"others": 1})
    assert rung(*wider) == 0 and rung(*wider, doubtful=True) == 4
    assert rung(("held", "2023-10", {"doubtful": 1})) == 0


def test_only_acts_after_the_advice_count():
    day = pd.Timestamp("2022-12-20")
    assert rung(("held", "2020", {}), ("held", "2025-04-22", {}), after=day) == 2


def test_what_stood_before_counts_as_standing_only_among_the_doubtful():
    rows, day = (("standing", "2014-12-28", {}), ("held", "2023-04-14", {})), pd.Timestamp("2015-02-02")
    assert rung(*rows, after=day) == 2 and rung(*rows, after=day, doubtful=True) == 4


def test_dates_stand_for_the_first_day_they_can_mean():
    assert uptake.day(pd.Series(["2020", "2020-03", "2020-03-04"])).dt.strftime("%Y-%m-%d").tolist() == [
        "2020-01-01", "2020-03-01", "2020-03-04"]


def test_a_standing_link_that_must_be_confirmed_needs_a_text_after_both_changes():
    link = ("standing", "2023-12-19", {})
    assert rung(link, ("text", "2024-11-15", {}), confirmed=True) == 3
    assert rung(link, ("text", "2025-09-22", {}), confirmed=True) == 4
    assert rung(link, ("text", "2024-11-15", {})) == 4


def test_a_meeting_on_a_project_that_another_row_names_is_no_act_of_its_own():
    rows = pd.DataFrame({"id": ["U1", "U2", "U3"], "same_as": ["U2", None, "T1"]})
    assert uptake.of_projects(rows)["id"].tolist() == ["U2", "U3"]


def test_an_item_of_several_without_a_row_is_refused_by_name():
    table = acts(("held", "2024", {})).assign(item="hotline")
    with pytest.raises(MeasureError, match="no row for access, fishing-data"):
        uptake.rungs(table, ["hotline", "fishing-data", "access"], AT, TURNOVERS)


def test_an_item_that_was_not_found_counts_as_looked_for():
    table = pd.concat([acts(("held", "2024", {})).assign(item="hotline"), acts(("not-found", None, {})).assign(item="access")])
    assert uptake.looked_for(table, ["hotline", "access", "fishing-data"]) == 2
