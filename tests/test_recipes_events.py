"""Traps of the event, opinion and exercise tables, each on a small input with a known answer."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from trilateral.recipes import (
    aid_policy_events,
    contact_tracing_facts,
    cyber_cooperation_events,
    defense_agreements,
    disaster_relief_deployments,
    friction_events,
    friction_missing,
    mme_dorazio_galambos,
    multilateral_contributions,
    mutual_opinion,
    norm_memberships,
    technology_acts,
    technology_instruments,
)
from trilateral.recipes.curated import in_calendar, plain
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"
BY_HAND = (
    aid_policy_events, contact_tracing_facts, cyber_cooperation_events, defense_agreements, disaster_relief_deployments,
    friction_events, friction_missing, multilateral_contributions, norm_memberships, technology_acts,
    technology_instruments,
)  # fmt: skip
each_by_hand = pytest.mark.parametrize("recipe", BY_HAND, ids=lambda recipe: recipe.__name__.split(".")[-1])


def text(name: str) -> str:
    return (CURATED / name).read_text(encoding="utf-8")


def edited(name: str, **cells) -> dict[str, bytes]:
    """The file with cells of its first row changed."""
    frame = pd.read_csv(io.StringIO(text(name)), dtype=str, keep_default_na=False)
    for column, value in cells.items():
        frame.loc[0, column] = value
    return {name: frame.to_csv(index=False).encode()}


# ---- what every table collected by hand keeps


@each_by_hand
def test_an_empty_file_is_refused(recipe):
    with pytest.raises(UpstreamError, match=rf"{recipe.FILE}: is empty"):
        recipe.tables({recipe.FILE: b""})


@each_by_hand
def test_a_file_cut_off_after_its_header_is_refused(recipe):
    with pytest.raises(UpstreamError, match=rf"{recipe.FILE}: has a header and no rows"):
        recipe.tables({recipe.FILE: text(recipe.FILE).splitlines()[0].encode() + b"\n"})


@each_by_hand
def test_a_renamed_column_is_named(recipe):
    raw = text(recipe.FILE).replace("source_grade", "grade", 1)
    with pytest.raises(UpstreamError, match="lacks column source_grade"):
        recipe.tables({recipe.FILE: raw.encode()})


@each_by_hand
def test_bytes_of_another_encoding_are_refused(recipe):
    raw = text(recipe.FILE).encode() + "Çanakkale\n".encode("latin-1")
    with pytest.raises(UpstreamError, match=r"^data/curated/.*, row \d+: byte 0xc7 is not utf-8"):
        recipe.tables({recipe.FILE: raw})


@each_by_hand
def test_a_row_that_stands_twice_is_refused(recipe):
    raw = text(recipe.FILE) + text(recipe.FILE).splitlines()[1] + "\n"
    with pytest.raises(UpstreamError, match="is the key of an earlier row"):
        recipe.tables({recipe.FILE: raw.encode()})


@each_by_hand
@pytest.mark.parametrize("grade", ["", "D", "a"])
def test_an_unknown_grade_is_refused(recipe, grade):
    with pytest.raises(UpstreamError, match=r"row 2 .*column source_grade"):
        recipe.tables(edited(recipe.FILE, source_grade=grade))


@each_by_hand
def test_two_sources_are_not_claimed_with_one(recipe):
    with pytest.raises(UpstreamError, match="is empty though two sources are claimed"):
        recipe.tables(edited(recipe.FILE, checked="two-sources", source2_url=""))


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "<script>alert(1)</script>", " +cmd", "@sum"])
def test_a_formula_or_markup_in_a_text_cell_is_refused(cell):
    with pytest.raises(UpstreamError, match=r"row 2, column event: .* (begins like a formula|holds markup)"):
        plain(edited(friction_events.FILE, event=cell), friction_events.FILE)


def test_a_source_without_an_address_is_refused():
    with pytest.raises(UpstreamError, match="column source_url: 'a newspaper' is no web address"):
        friction_events.tables(edited(friction_events.FILE, source_url="a newspaper"))


@pytest.mark.parametrize(("date", "precision"), [("2019-02-29", "day"), ("2019-13", "month"), ("June 2019", "month")])
def test_a_date_that_does_not_exist_is_refused(date, precision):
    with pytest.raises(UpstreamError, match="is no date"):
        friction_events.tables(edited(friction_events.FILE, date=date, date_precision=precision))


def test_a_date_of_another_precision_than_claimed_is_refused():
    with pytest.raises(UpstreamError, match=r"column date_precision: 'day' is not the precision"):
        friction_events.tables(edited(friction_events.FILE, date="2012-06", date_precision="day"))


def test_leap_days_exist_in_leap_years_alone():
    assert in_calendar("2020-02-29")
    assert not in_calendar("2021-02-29")
    assert in_calendar("2021") and in_calendar("2021-12")
    assert not in_calendar("21-12") and not in_calendar("2020-2021") and not in_calendar("2020-1-2")


# ---- relief


def test_a_number_of_people_says_how_it_was_counted():
    with pytest.raises(UpstreamError, match=r"id H01: people 185 and people_counted .* needs to say how it was counted"):
        disaster_relief_deployments.tables(edited(disaster_relief_deployments.FILE, people_counted=""))


def test_a_joint_mission_counts_nobody_twice():
    name = disaster_relief_deployments.FILE
    joint = disaster_relief_deployments.tables({name: text(name).encode()})["disaster_relief_deployments"]
    joint = joint.dropna(subset=["joint_with"])
    assert joint[["contributor", "joint_with"]].values.tolist() == [["JPN", "KOR"], ["KOR", "JPN"]]
    assert joint["people"].isna().all()


# ---- exercises

STATES = ["StateA", "StateB", "StateC"]
EXERCISE = {
    "MMEID": "mme1", "Ex_Name": "Foal Eagle 97", "Series_Name": "FE", "StartDate": "10/27/97", "s.year": 1997, "s.month": 10,
    "s.day": "27", "EndDate": "11/6/97", "e.year": 1997, "e.month": 11, "e.day": "6", "CPX": 0, "Air": 1, "Land": 1, "Sea": 0,
    "Amphibious": 0, "Warfighting": 1, "Peacekeeping": 0, "Humanitarian": 0, "StateA": "South Korea", "StateB": "United States",
    "StateC": "",
}  # fmt: skip
# Every nation the table knows must be found; this one exercise of all keeps the small inputs complete.
OTHERS = ["Australia", "China", "India", "Japan", "New Zealand", "Philippines", "Russia", "Singapore", "Thailand"]


def exercises(*changes: dict, columns: dict | None = None) -> dict[str, bytes]:
    """The exercise above with changes, one row each, and one row in which all other nations take part."""
    everyone = {f"State{chr(68 + n)}": nation for n, nation in enumerate(OTHERS)}
    filler = EXERCISE | {"MMEID": "mme0", "Ex_Name": "RIMPAC 97"} | everyone
    frame = pd.DataFrame([*({**EXERCISE, **change} for change in changes), filler]).rename(columns=columns or {})
    return {mme_dorazio_galambos.FILE: frame.to_csv(index=False).encode("utf-8"),
            mme_dorazio_galambos.CURATED: text(mme_dorazio_galambos.CURATED).encode()}


def windows_of(*changes: dict) -> pd.DataFrame:
    return mme_dorazio_galambos.tables(exercises(*changes))["us_rok_exercises"]


def counted(*changes: dict) -> list[list[int]]:
    """Year, nations and number of the exercises of all three, without that of all nations."""
    made = mme_dorazio_galambos.tables(exercises(*changes))["military_exercises"]
    return made[made["nations"] < 11].to_numpy().tolist()


def test_an_exercise_keeps_its_days_and_its_kind():
    row = windows_of({}).iloc[0]
    assert row[["start", "end", "series", "kind", "window"]].tolist() == ["1997-10-27", "1997-11-06", "foal-eagle", "ftx", 1]


def test_only_exercises_of_all_three_are_counted_by_year_and_number_of_nations():
    three, four = {"StateC": "Japan"}, {"StateC": "Japan", "StateD": "Canada"}
    again = {"s.year": 1999, "e.year": 1999, "StartDate": "10/27/99", "EndDate": "11/6/99"}
    found = counted({"MMEID": "mme2"}, three | {"MMEID": "mme3"}, three | {"MMEID": "mme4"}, four | again | {"MMEID": "mme5"})
    assert found == [[1997, 3, 2], [1999, 4, 1]]


def test_a_nation_named_twice_counts_once_and_one_of_minus_nine_not_at_all():
    twice = {"StateC": "Japan", "StateD": "United States"}
    assert counted(twice | {"MMEID": "mme2"}, {"StateC": "Japan", "StateD": "-9", "MMEID": "mme3"}) == [[1997, 3, 2]]


def test_an_unknown_day_leaves_the_month_and_makes_no_window():
    row = windows_of({"EndDate": "1997-11-xx", "e.day": "xx"}).iloc[0]
    assert (row["end"], row["window"]) == ("1997-11", 0)


def test_an_exercise_that_would_last_four_months_has_a_doubtful_end():
    windows = windows_of({"Ex_Name": "Team Spirit 93", "StartDate": "2/1/93", "s.year": 1993, "s.month": 2, "s.day": "1",
                          "EndDate": "1993-06-xx", "e.year": 1993, "e.month": 6, "e.day": "xx"})
    assert windows.iloc[0][["series", "dates", "window"]].tolist() == ["team-spirit", "doubtful", 0]


def test_an_end_before_the_start_is_left_out():
    row = windows_of({"EndDate": "10/2/97", "e.month": 10, "e.day": "2"}).iloc[0]
    assert pd.isna(row["end"])
    assert (row["dates"], row["window"]) == ("doubtful", 0)


def test_a_name_of_minus_nine_is_no_name():
    assert "mme1" not in windows_of({"Ex_Name": "-9"})["id"].tolist()


def test_an_exercise_before_1993_is_not_held():
    earlier = {"StartDate": "10/27/92", "s.year": 1992, "EndDate": "11/6/92", "e.year": 1992}
    assert "mme1" not in windows_of(earlier)["id"].tolist()


def test_an_exercise_with_a_third_country_is_not_one_of_the_two_allies_alone():
    assert "mme1" not in windows_of({"StateC": "Japan"})["id"].tolist()


def test_the_second_exercise_of_an_id_that_the_source_repeats_gets_its_own():
    assert windows_of({"MMEID": "mme3460"}, {"MMEID": "mme3460"})["id"].tolist()[:2] == ["mme3460", "mme3460-2"]


def test_an_id_that_comes_to_be_repeated_is_named():
    with pytest.raises(UpstreamError, match="id mme1 twice"):
        mme_dorazio_galambos.tables(exercises({}, {}))


def test_exercise_names_in_another_encoding_are_refused():
    files = exercises({"Ex_Name": "Réunion"})
    files[mme_dorazio_galambos.FILE] = files[mme_dorazio_galambos.FILE].decode().encode("latin-1")
    with pytest.raises(UpstreamError, match=r"mme_v7\.csv: byte \d+ is no UTF-8"):
        mme_dorazio_galambos.tables(files)


def test_accents_in_exercise_names_survive():
    assert windows_of({"Ex_Name": "Réunion"}).iloc[0]["exercise"] == "Réunion"


def test_swapped_months_and_days_are_found():
    files = exercises({"s.day": "12", "StartDate": "10/12/97"}, columns={"s.month": "s.day", "s.day": "s.month"})
    with pytest.raises(UpstreamError, match=r"row 2 \(mme1\): StartDate is '10/12/97' but its parts say 1997-12-10"):
        mme_dorazio_galambos.tables(files)


def test_a_country_under_a_new_name_is_missed():
    files = exercises({})
    files[mme_dorazio_galambos.FILE] = files[mme_dorazio_galambos.FILE].replace(b"South Korea", b"Rep. Korea (South)")
    with pytest.raises(UpstreamError, match="KOR not found under a known name"):
        mme_dorazio_galambos.tables(files)


def test_a_field_that_is_neither_zero_nor_one_is_named():
    with pytest.raises(UpstreamError, match=r"row 2, column Sea: 9 is no flag"):
        mme_dorazio_galambos.tables(exercises({"Sea": 9}))


def test_a_missing_column_of_the_exercises_is_named():
    with pytest.raises(UpstreamError, match=r"mme_v7\.csv: lacks column Amphibious"):
        mme_dorazio_galambos.tables(exercises({}, columns={"Amphibious": "Landing"}))


def recent(**cells) -> dict[str, bytes]:
    return exercises({}) | edited(mme_dorazio_galambos.CURATED, **cells)


def window(**cells) -> int:
    made = mme_dorazio_galambos.tables(recent(**cells))["us_rok_exercises"]
    return made.set_index("id").at["E01", "window"]


def test_a_suspended_exercise_is_no_window():
    assert window() == 1
    assert window(status="suspended") == 0


@pytest.mark.parametrize(("cells", "open_"), [({"end": ""}, 0), ({"end": "2011-03"}, 0), ({"dates": "doubtful"}, 0),
                                               ({"dates": "announced"}, 1), ({"dates": "derived"}, 1)])
def test_a_window_needs_both_days_and_no_doubt(cells, open_):
    assert window(**cells) == open_


def test_an_exercise_that_ends_before_it_starts_is_refused():
    with pytest.raises(UpstreamError, match="exercise E01: ends 2011-01-10 before it starts 2011-02-28"):
        mme_dorazio_galambos.tables(recent(end="2011-01-10"))


def test_years_before_2011_come_from_one_source():
    with pytest.raises(UpstreamError, match="id E01: starts in 2010-02-28; years to 2010 come from"):
        mme_dorazio_galambos.tables(recent(start="2010-02-28", end="2010-03-10"))


# ---- opinion of each other

ANSWER = {
    "series": "cabinet-office-affinity", "organisation": "Cabinet Office", "year": "2019", "fieldwork": "2019",
    "respondents": "JPN", "target": "KOR", "question_type": "affinity", "percent": "26.7", "note": "", "source_url": "https://example.org/a",
    "source2_url": "", "source_grade": "B", "checked": "one-source",
}  # fmt: skip
OWN = {**{column: ANSWER[column] for column in ANSWER if column not in ("question_type", "note")},
       "measure": "relations-good", "derived": "0", "replaces": ""}


def opinions(*listed: dict, own: dict | None = None) -> pd.DataFrame:
    files = {mutual_opinion.SERIES: pd.DataFrame([ANSWER | row for row in listed or ({},)]).to_csv(index=False).encode(),
             mutual_opinion.FILE: pd.DataFrame([OWN | (own or {})]).to_csv(index=False).encode()}
    return mutual_opinion.tables(files)["mutual_opinion"]


def test_interviews_and_mail_are_two_stretches_of_a_series():
    made = opinions({}, {"year": "2020", "fieldwork": "2020"}).set_index("year")
    assert made[made["measure"] == "affinity"]["stretch"].to_dict() == {2019: "before-2020", 2020: "from-2020"}


def test_each_change_of_partner_or_mode_is_a_stretch_of_its_own():
    waves = [{"series": "genron-eai-impression", "question_type": "favorable", "year": year, "fieldwork": year}
             for year in ("2023", "2024", "2025")]
    made = opinions(*waves)
    assert made["stretch"].tolist()[:3] == ["before-2024", "in-2024", "in-2025"]


def test_a_series_without_a_break_is_one_stretch():
    assert opinions({"series": "nikkei-dislike", "question_type": "unfavorable"})["stretch"].tolist()[0] == "all"


def test_opinions_of_third_countries_stay_out():
    made = opinions({}, {"target": "CHN"}, {"target": "USA"})
    assert set(made["target"]) == {"KOR"}


def test_a_value_computed_from_a_change_is_marked():
    made = opinions({"note": "derived from the published change"})
    assert made.set_index("measure")["derived"].to_dict() == {"affinity": 1, "relations-good": 0}


def test_an_answer_that_both_files_have_is_refused():
    with pytest.raises(UpstreamError, match=r"row 2: replaces nothing, but opinion-series\.csv has 26\.7 for cabinet-office"):
        opinions(own={"measure": "affinity"})


def test_a_replaced_answer_stands_once_with_the_new_value():
    made = opinions(own={"measure": "affinity", "replaces": "26.7", "percent": "27.0"})
    assert made[["measure", "percent"]].values.tolist() == [["affinity", 27.0]]


def test_a_replacement_whose_old_value_has_gone_is_refused():
    with pytest.raises(UpstreamError, match=r"replaces 26\.8, but opinion-series\.csv has 26\.7"):
        opinions(own={"measure": "affinity", "replaces": "26.8"})


def test_a_question_of_a_known_series_that_has_no_measure_is_named():
    with pytest.raises(UpstreamError, match=r"row 2: question_type 'trust' of series 'cabinet-office-affinity' is unknown"):
        opinions({"question_type": "trust"})
