"""Tables collected by hand that tell the same fact agree on it."""

from __future__ import annotations

import pandas as pd

from trilateral.data import load

STATEMENTS_WITHOUT_A_MEETING = {"statement-2023-10", "statement-2023-12-20", "anniversary-2024", "statement-2024-10"}


def day(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d") if pd.api.types.is_datetime64_any_dtype(dates) else dates


def test_meetings_with_a_joint_text_stand_among_the_milestones():
    # one exception: the leaders dined in Hamburg on the eve of their statement
    texts = load("trilateral_texts").frame
    milestones = set(load("trilateral_milestones").frame["date"])
    lone = texts.loc[~day(texts["date"]).isin(milestones), "id"]
    assert set(lone) == STATEMENTS_WITHOUT_A_MEETING | {"hamburg-2017"}


def test_agreements_between_japan_and_south_korea_are_dated_as_their_quarrels_and_repairs():
    pact = load("defense_agreements").frame.query("instrument == 'gsomia' and partner == 'KOR'")
    events = load("friction_events").frame
    assert len(pact) == 4
    assert set(day(pact["date"])) <= set(day(events.loc[events["event"].str.contains("GSOMIA"), "date"]))


def test_listings_of_hackers_fall_on_the_days_of_the_sanctions_rounds():
    listings = load("cyber_cooperation_events").frame.query("type == 'designation'")
    assert set(day(listings["date"])) <= set(day(load("sanctions_rounds").frame["date"]))


def test_the_first_aid_dialogue_has_one_date():
    aid = load("aid_policy_events").frame.set_index("id").loc["A01", "date"]
    milestones = load("trilateral_milestones").frame
    row = milestones[milestones["event"].str.contains("development and humanitarian assistance")]
    assert row["date"].tolist() == [str(aid)[:10]]
