"""Facts that stand in two tables agree; each tolerance is stated with its reason."""

from __future__ import annotations

import pandas as pd
import pytest

from trilateral.data import load


@pytest.fixture(scope="module")
def opinion() -> pd.DataFrame:
    return load("mutual_opinion").frame


def test_mutual_opinion_repeats_the_long_series_but_for_one_known_misprint(opinion):
    # Equal to the last digit: both come from one file. Only 2013 differs, where a newspaper printed 37.7.
    series = load("opinion_series").frame
    key = ["series", "year", "fieldwork", "respondents", "target"]
    same = {"favorable": ("good-impression", "like", "like-from-list"), "affinity": ("affinity",), "distrust": ("distrust",),
            "unfavorable": ("bad-impression", "no-affinity", "dislike", "dislike-from-list", "unfavorable")}
    both = opinion.merge(series, on=key, suffixes=("", "_long"))
    both = both[[measure in same.get(kind, ()) for measure, kind in zip(both["measure"], both["question_type"], strict=True)]]
    differing = both[both["percent"] != both["percent_long"]]
    assert len(both) > 140
    assert differing[["series", "year", "respondents", "percent", "percent_long"]].values.tolist() == [
        ["genron-eai-impression", 2013, "JPN", 37.3, 37.7]]


def test_the_disputed_korean_answer_of_2019_is_the_printed_one(opinion):
    row = opinion.query("series == 'genron-eai-impression' and year == 2019 and respondents == 'KOR'")
    row = row[row["measure"] == "bad-impression"]
    assert row["percent"].tolist() == [49.9]


def test_opposite_answers_of_a_survey_leave_room_for_those_who_do_not_know(opinion):
    # Shares of one wave add to at most 100 percent; 0.2 is the rounding of two printed shares and of one derived.
    for yes, no in (("affinity", "no-affinity"), ("good-impression", "bad-impression")):
        wide = opinion.pivot_table(index=["series", "year", "fieldwork", "respondents"], columns="measure", values="percent")
        total = (wide[yes] + wide[no]).dropna()
        assert len(total) >= 14
        assert total.max() <= 100.2


def test_no_stretch_spans_a_change_of_mode(opinion):
    cabinet = opinion[opinion["series"] == "cabinet-office-affinity"].groupby("stretch")["year"].agg(["min", "max"])
    assert cabinet.loc["before-2020", "max"] <= 2019
    assert cabinet.loc["from-2020", "min"] >= 2020
    genron = opinion[opinion["series"] == "genron-eai-impression"].groupby("stretch")["year"].agg(["min", "max"])
    assert genron.loc["before-2024", "max"] == 2023


def test_the_intelligence_agreement_has_one_history():
    # To the day: agreements and frictions tell the same four events.
    events = load("friction_events").frame.set_index("id")["date"]
    pact = load("defense_agreements").frame.query("instrument == 'gsomia'").set_index("event")["date"]
    assert pact.to_dict() == {"signed": events["J010"], "termination-notified": events["J022"],
                              "termination-suspended": events["J024"], "normalized": events["J029"]}


def test_japan_and_south_korea_have_the_partners_the_sources_count_and_not_each_other():
    pact = load("defense_agreements").frame.query("instrument == 'acsa'")
    held = pact[pact["event"] != "not-concluded"].groupby("party")["partner"].agg(set)
    assert {party: len(partners) for party, partners in held.items()} == {"JPN": 11, "KOR": 17}
    assert len(held["JPN"] & held["KOR"]) == 8
    assert "KOR" not in held["JPN"] and "JPN" not in held["KOR"]


def test_trilateral_exercises_are_dated_as_in_the_milestones():
    # To the day: both lists name the three Freedom Edge exercises.
    exercises = load("us_rok_exercises").frame.query("series == 'freedom-edge'")
    milestones = load("trilateral_milestones").frame
    listed = milestones[milestones["event"].str.contains("Freedom Edge") & (milestones["type"] == "exercise")]
    assert exercises["jpn"].eq(1).all()
    assert set(exercises["start"]) <= set(listed["date"])


def test_cyber_meetings_are_dated_as_in_the_milestones():
    # To the day.
    meetings = load("cyber_cooperation_events").frame.query("type == 'working-group'")["date"].dt.strftime("%Y-%m-%d")
    milestones = load("trilateral_milestones").frame
    assert set(meetings) <= set(milestones[milestones["event"].str.contains("yber")]["date"])


def test_exercises_of_all_three_before_2011_were_parts_of_larger_ones():
    # Pacific Reach 2000 with Singapore was the first; RIMPAC, with all three, took place every other year from 1990 on.
    counted = load("military_exercises").frame
    assert counted["nations"].min() > 3
    assert set(range(1990, 2011, 2)) - set(counted["year"]) == set()


def test_no_window_of_an_exercise_is_longer_than_two_months():
    # Foal Eagle 2013, the longest with both days.
    windows = load("us_rok_exercises").frame.query("window == 1")
    days = (pd.to_datetime(windows["end"]) - pd.to_datetime(windows["start"])).dt.days
    assert days.min() >= 0
    assert days.max() == 60
    assert (windows["status"] == "held").all() and not (windows["dates"] == "doubtful").any()


def test_joint_sanctions_and_cyber_listings_fall_together():
    # Within a day: the date line lies between Washington and Tokyo.
    rounds = load("sanctions_rounds").frame
    days = pd.to_datetime(rounds[rounds["date_precision"] == "day"]["date"])
    listings = load("cyber_cooperation_events").frame.query("type == 'designation'")["date"]
    assert all((days - day).abs().min() <= pd.Timedelta(days=1) for day in listings)


def test_the_climate_pledges_of_the_united_states_add_up_to_what_was_rescinded():
    # In billions as printed, no tolerance: pledged in two rounds, less what was paid, is what was withdrawn.
    given = load("multilateral_contributions").frame.query("iso3 == 'USA'").set_index("indicator")["value"]
    rescinded = load("aid_policy_events").frame.set_index("id").at["A05", "value"]
    assert given["gcf-pledge-initial"] + given["gcf-pledge-second"] - given["gcf-delivered"] == rescinded


def test_assessed_shares_of_a_period_stay_below_the_whole():
    shares = load("multilateral_contributions").frame.query("indicator == 'un-regular-budget-share'")
    assert shares.groupby("first_year")["value"].sum().max() < 60
    assert (shares.query("iso3 == 'USA'")["value"] == 22).all()


def test_relief_numbers_name_their_count_and_no_joint_mission_counts_twice():
    relief = load("disaster_relief_deployments").frame
    assert (relief["people"].notna() == relief["people_counted"].notna()).all()
    assert relief[relief["joint_with"].notna()]["people"].isna().all()


def test_deaths_and_cases_of_the_contact_tracing_facts_fit_each_other():
    facts = load("contact_tracing_facts").frame.set_index("indicator")["value"]
    assert 0.02 < facts["deaths"] / facts["confirmed-cases"] < 0.03
