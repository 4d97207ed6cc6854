"""Tables collected by hand that tell the same fact agree on it."""

from __future__ import annotations

import pandas as pd

from trilateral.data import load

# the statement of 20 December 2023 has none either, but an air exercise was held that day
STATEMENTS_WITHOUT_A_MEETING = {"statement-2023-10", "anniversary-2024", "statement-2024-10"}


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


def test_the_register_of_technology_holds_treaties_that_bind_and_no_south_korea_in_the_group_of_seven():
    register = load("technology_instruments").frame.set_index("id")
    assert register.loc[["biological-weapons-convention", "cartagena-protocol", "resolution-1540"], "binding"].eq(1).all()
    assert register.index[(register["body"] == "G7") & (register["kor"] == 1)].tolist() == ["hiroshima-process"]
    assert register.loc[register["place"].isin(["check", "later doubtful"]), "reason"].notna().all()


def test_pax_silica_has_the_same_members_in_both_tables():
    pacts = load("economic_agreements").frame
    silica = load("technology_instruments").frame.set_index("id").loc["pax-silica"]
    inside = set(pacts.loc[pacts["agreement"] == "Pax Silica", "iso3"].str.lower())
    assert inside == {name for name in ("usa", "jpn", "kor", "chn") if silica[name] == 1}


def test_a_program_that_is_no_partnership_of_the_three_has_no_rung():
    acts = load("technology_acts").frame
    programs = acts[acts["kind"] == "program"]
    complete = programs[["firms_usa", "firms_jpn", "firms_kor", "budget"]].eq(1).all(axis=1) & programs["governments"].eq(3)
    assert programs.loc[~complete, "rung"].eq(0).all() and (acts["rung"] <= acts["rung_high"]).all()
