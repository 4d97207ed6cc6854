"""Recipes of leaders, parties, alliances and mechanisms: each trap of the sources, and damaged files."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyreadr
import pytest

from trilateral.recipes import (
    activity_series,
    archigos_reign_leaders,
    atop_alliance_dyads,
    capability_uptake,
    comparison_milestones,
    dcad_kinne,
    global_leader_ideology,
    leaders_comparison,
    leadership_turnovers,
    linkage_episodes,
    mechanism_counters,
    plan_features,
    trilateral_activities,
    vdem_ert,
    vparty_vdem,
)
from trilateral.recipes.countries import COMPARISON, ISO3_OF_STATE, OECD
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"
NUMBER = {iso3: number for number, iso3 in ISO3_OF_STATE.items() if number != 255}
ARCHIGOS, REIGN = archigos_reign_leaders.ARCHIGOS, archigos_reign_leaders.REIGN


def curated(module, change=lambda raw: raw):
    return {module.FILE: change((CURATED / module.FILE).read_bytes())}


# ---- leader spells


def spell(ccode, leader="X", start="2010-01-01", end="2015-12-31", exit="Still in Office"):
    return {"ccode": ccode, "leader": leader, "startdate": start, "enddate": end, "exit": exit}


def archigos(*rows, without=(), change=lambda raw: raw):
    rest = [spell(NUMBER[iso3]) for iso3 in sorted(archigos_reign_leaders.WANTED - {*without})]
    out = io.BytesIO()
    pd.DataFrame([*rows, *rest]).astype({"ccode": "int16"}).to_stata(out, version=118, write_index=False)
    return change(out.getvalue())


def reign(*rows, without=(), change=lambda raw: raw):
    head = "stateabb,ccode,leader,sdate,smonth,syear,emonth,eyear,notes"
    rest = [f"X,{NUMBER[iso3]},X,1,1,2010,,," for iso3 in sorted(archigos_reign_leaders.WANTED - {"TWN", *without})]
    return change("\n".join([head, *rows, *rest, ""]).encode())


def spells(a=None, r=None):
    return archigos_reign_leaders.tables({ARCHIGOS: a or archigos(), REIGN: r or reign()})["leader_spells"]


def one(frame, dataset, leader):
    return frame[(frame["dataset"] == dataset) & (frame["leader"] == leader)].iloc[0]


def test_spells_closed_at_the_end_of_the_data_are_unfinished_and_not_exits_of_2015():
    row = one(spells(archigos(spell(732, "Park Geun-hye", "2013-02-25"))), "archigos", "Park Geun-hye")
    assert pd.isna(row["end"]) and pd.isna(row["end_month"])
    assert row["open_until"] == "2015-12"


def test_a_spell_not_seen_to_since_2014_is_open_until_then():
    row = one(spells(archigos(spell(367, "Straujuma", "2014-01-22", "2014-12-31"))), "archigos", "Straujuma")
    assert row["open_until"] == "2014-12"


def test_a_spell_in_office_that_ends_on_another_day_stops_the_recipe():
    with pytest.raises(UpstreamError, match=r"KOR, Moon: enddate 2019-12-31 with exit 'Still in Office'.*closed on 2015-12-31"):
        spells(archigos(spell(732, "Moon", "2017-05-10", "2019-12-31")))


def test_spells_that_ended_before_1990_are_left_out_and_those_that_reach_into_it_kept():
    frame = spells(archigos(spell(2, "Reagan", "1981-01-20", "1989-01-20", "Regular"),
                            spell(732, "Roh Tae Woo", "1988-02-25", "1993-02-25", "Regular")))
    assert "Reagan" not in set(frame["leader"])
    row = one(frame, "archigos", "Roh Tae Woo")
    assert (row["start"], row["end"], row["end_month"]) == ("1988-02-25", "1993-02-25", "1993-02")


def test_the_second_data_set_gives_months_of_exit_only_and_its_days_as_printed():
    frame = spells(r=reign("JPN,740,Shinzo Abe,26,12,2012,9,2020,", "JPN,740,Yoshihide Suga,14,9,2020,,,"))
    abe, suga = one(frame, "reign", "Shinzo Abe"), one(frame, "reign", "Yoshihide Suga")
    assert (abe["end_month"], pd.isna(abe["end"]), pd.isna(abe["open_until"])) == ("2020-09", True, True)
    assert (suga["start"], suga["open_until"], pd.isna(suga["end_month"])) == ("2020-09-14", "2021-03", True)


def test_germany_keeps_its_old_number_and_is_found():
    assert set(spells()["iso3"]) == archigos_reign_leaders.WANTED
    assert NUMBER["DEU"] == 260


def test_names_in_latin_1_are_read():
    raw = archigos(spell(375, "Sauli Niinistö"), change=lambda raw: raw.replace("Niinistö".encode(), b"Niinist\xf6\x00"))
    assert "Sauli Niinistö" in set(spells(raw)["leader"])


def test_the_one_stray_byte_of_a_note_is_read_and_any_other_stops_the_recipe():
    row = "TON,955,Ata,3,1,2000,2,2006,MESSED UP"
    assert len(spells(r=reign(row, change=lambda raw: raw.replace(b"MESSED UP", b"MESSED UP\x85")))) == 57 + 56
    with pytest.raises(ValueError, match=r"utf-8|UTF-8"):
        spells(r=reign(row, change=lambda raw: raw.replace(b"MESSED UP", b"MESSED \xdcP")))


def test_a_cut_off_list_of_leaders_names_the_countries_it_has_lost():
    with pytest.raises(UpstreamError, match=r"leaderlist_3_21\.csv, column ccode: USA not found\. The file is cut off"):
        spells(r=reign(without=["USA"]))
    with pytest.raises(UpstreamError, match=r"Archigos_4\.1_stata14\.dta, column ccode: JPN, KOR not found"):
        spells(archigos(without=["JPN", "KOR"]))


def test_a_stata_file_that_is_cut_off_is_named():
    with pytest.raises(UpstreamError, match=r"Archigos_4\.1_stata14\.dta: cannot be read"):
        spells(archigos(change=lambda raw: raw[:3000]))


def test_swapped_day_and_year_are_no_date():
    with pytest.raises(UpstreamError, match=r"KOR, Moon: syear, smonth, sdate give 10-05-2017, no date"):
        spells(r=reign("ROK,732,Moon,2017,5,10,,,"))


def test_an_exit_with_a_year_and_no_month_is_refused():
    with pytest.raises(UpstreamError, match=r"KOR, Park: eyear 2016 with emonth nan; both or neither"):
        spells(r=reign("ROK,732,Park,25,2,2013,,2016,"))


# ---- ideology of leaders

IDEOLOGY_HEAD = "country_code_cow,year,hog_ideology,leader_ideology,democracy,hog_right,leader_right"


def ideologies(*rows, without=(), swap=str):
    rest = [f"{NUMBER[iso3]},2000,rightist,leftist,yes" for iso3 in OECD if iso3 not in {*without}]
    marked = [",".join([row, *(str(int(row.split(",")[place] == "rightist")) for place in (2, 3))]) for row in [*rows, *rest]]
    raw = "\n".join([swap(IDEOLOGY_HEAD), *marked, ""]).encode()
    return global_leader_ideology.tables({global_leader_ideology.FILE: raw})["leader_ideologies"]


def test_south_korea_is_led_by_its_president_not_its_prime_minister():
    frame = ideologies("732,1998,rightist,centrist,yes").set_index(["iso3", "year"])
    assert frame.loc[("KOR", 1998), "ideology"] == "center"


def test_swapped_ideologies_of_leader_and_head_of_government_stop_the_recipe():
    with pytest.raises(UpstreamError, match="column hog_ideology: 'leftist' beside hog_right 1"):
        ideologies(swap=lambda head: head.replace("hog_i", "x_i").replace("leader_i", "hog_i").replace("x_i", "leader_i"))


def test_no_information_on_an_ideology_is_empty_and_no_ideology_is_none():
    frame = ideologies("732,2016,none,none,yes", "732,2015,none,no information,yes").set_index(["iso3", "year"])["ideology"]
    assert frame["KOR", 2016] == "none" and pd.isna(frame["KOR", 2015])


def test_years_before_1994_and_years_without_democracy_are_left_out():
    frame = ideologies("732,1993,rightist,rightist,yes", "640,2017,rightist,rightist,no", "640,1995,rightist,rightist,n/a")
    assert set(frame["year"]) == {2000}


def test_only_the_class_of_a_leader_is_held_and_no_name():
    assert list(ideologies()) == ["iso3", "year", "ideology"]


def test_two_germanies_of_one_year_are_refused():
    with pytest.raises(UpstreamError, match="DEU 2000 stands twice"):
        ideologies("255,2000,rightist,leftist,yes")


def test_a_new_ideology_and_a_lost_country_are_named():
    with pytest.raises(UpstreamError, match="column leader_ideology: unknown value green"):
        ideologies("732,2019,rightist,green,yes")
    with pytest.raises(UpstreamError, match="KOR not found"):
        ideologies(without=["KOR"])


# ---- democracy

ERT_HEAD = ("country_text_id,year,v2x_regime,v2x_polyarchy,v2x_polyarchy_codelow,v2x_polyarchy_codehigh,"
            "dem_ep,dem_ep_start_year,dem_ep_outcome,aut_ep,aut_ep_start_year,aut_ep_outcome")


def democracy(*rows, without=()):
    rest = [f"{iso3},2000,3,0.8,0.7,0.9,0,NA,0,0,NA,0" for iso3 in COMPARISON if iso3 not in {*without}]
    return vdem_ert.tables({vdem_ert.FILE: "\n".join([ERT_HEAD, *rows, *rest, ""]).encode()})["electoral_democracy"]


def test_the_year_before_an_episode_is_outside_it_although_the_source_fills_its_start():
    frame = democracy("KOR,2018,3,0.864,0.83,0.9,0,NA,0,0,2019,0", "KOR,2019,3,0.852,0.82,0.89,0,NA,0,1,2019,6")
    korea = frame[frame["iso3"] == "KOR"].set_index("year")
    assert pd.isna(korea.loc[2018, "autocratization_since"]) and pd.isna(korea.loc[2018, "autocratization_outcome"])
    assert (korea.loc[2019, "autocratization_since"], korea.loc[2019, "autocratization_outcome"]) == (2019, "going on")


def test_an_outcome_code_is_read_for_episodes_of_decline_alone():  # the source numbers those of the other kind alike
    frame = democracy("KOR,2016,3,0.7,0.6,0.8,1,2016,5,0,NA,0", "KOR,2008,3,0.7,0.6,0.8,0,NA,0,1,2008,5")
    frame = frame.set_index(["iso3", "year"])
    assert pd.isna(frame.loc[("KOR", 2016), "autocratization_outcome"])
    assert frame.loc[("KOR", 2008), "autocratization_outcome"] == "regressed autocracy"


def test_swapped_ends_of_the_interval_are_noticed():
    with pytest.raises(UpstreamError, match=r"KOR 2019: v2x_polyarchy 0\.852 does not lie between 0\.89 and 0\.82"):
        democracy("KOR,2019,3,0.852,0.89,0.82,0,NA,0,0,NA,0")


def test_a_lost_country_and_an_unknown_regime_are_named():
    with pytest.raises(UpstreamError, match="column country_text_id: JPN not found"):
        democracy(without=["JPN"])
    with pytest.raises(UpstreamError, match="column v2x_regime: unknown value 4"):
        democracy("KOR,2019,4,0.8,0.7,0.9,0,NA,0,0,NA,0")


# ---- R data files


def r_file(tmp_path, frame, name):
    path = tmp_path / name
    pyreadr.write_rdata(str(path), frame, df_name="x")
    return path.read_bytes()


def party(iso3, date="2012-12-16", number=1, name="P", government=0.0, position=1.0):
    return {"country_text_id": iso3, "historical_date": date, "v2paid": float(number), "v2paenname": name,
            "v2pagovsup": government, "v2pariglef": position}


def parties(tmp_path, *rows):
    rest = [party(iso3, number=99) for iso3 in COMPARISON]
    raw = r_file(tmp_path, pd.DataFrame([*rows, *rest]), vparty_vdem.FILE)
    return vparty_vdem.tables({vparty_vdem.FILE: raw})["party_positions"]


def test_two_elections_of_one_year_stay_apart_by_their_day(tmp_path):
    frame = parties(tmp_path, party("GRC", "2012-05-06"), party("GRC", "2012-06-17"))
    assert set(frame.loc[(frame["iso3"] == "GRC") & (frame["party_id"] == 1), "date"]) == {"2012-05-06", "2012-06-17"}


def test_parties_without_a_position_are_left_out_and_codes_of_government_become_words(tmp_path):
    frame = parties(tmp_path, party("JPN", number=1, government=1.0), party("JPN", number=2, position=float("nan")))
    japan = frame[frame["iso3"] == "JPN"].set_index("party_id")
    assert japan["government"].to_dict() == {1: "junior", 99: "senior"}


# ---- alliances

STATES = {"JPN": 740, "KOR": 732, "USA": 2}


def obligations(tmp_path, *rows):
    names = ["ccode1", "ccode2", "year", *atop_alliance_dyads.OBLIGATION]
    raw = r_file(tmp_path, pd.DataFrame(rows, columns=names).astype("float64"), atop_alliance_dyads.FILE)
    return atop_alliance_dyads.tables({atop_alliance_dyads.FILE: raw})["alliance_obligations"]


def both(first, second, year, owed, owed_back=None):
    return [(first, second, year, *owed), (second, first, year, *(owed_back or owed))]


MUTUAL, NONAGGRESSION, NOTHING = (1, 0, 0, 1, 1), (0, 0, 0, 1, 0), (0, 0, 0, 0, 0)
TREATIES = [*both(732, 2, 2017, MUTUAL), *both(732, 2, 2018, MUTUAL), *both(740, 732, 2018, NONAGGRESSION)]


def test_a_pair_listed_from_both_sides_counts_once_and_years_alike_make_one_run(tmp_path):
    frame = obligations(tmp_path, *TREATIES).set_index(["iso3_a", "iso3_b"])
    assert len(frame) == 2
    assert frame.loc[("KOR", "USA"), ["defense", "year_start", "year_end"]].tolist() == ["both", 2017, 2018]
    assert frame.loc[("JPN", "KOR"), ["defense", "nonaggression"]].tolist() == ["no", "both"]


def test_a_defense_that_one_side_owes_is_told_from_a_mutual_one(tmp_path):
    frame = obligations(tmp_path, *TREATIES, *both(740, 2, 2018, (0, 0, 0, 1, 1), (1, 0, 0, 1, 1)))
    row = frame[(frame["iso3_a"] == "JPN") & (frame["iso3_b"] == "USA")].iloc[0]
    assert (row["defense"], row["consultation"]) == ("second", "both")


def test_a_gap_or_a_changed_obligation_begins_a_new_run_and_empty_years_are_no_run(tmp_path):
    years = {2000: MUTUAL, 2001: MUTUAL, 2002: NONAGGRESSION, 2004: NONAGGRESSION, 2005: NOTHING}
    frame = obligations(tmp_path, *TREATIES, *[row for year, owed in years.items() for row in both(820, 830, year, owed)])
    runs = frame[frame["iso3_a"] == "MYS"]
    assert runs[["year_start", "year_end", "defense"]].to_numpy().tolist() == [
        [2000, 2001, "both"], [2002, 2002, "no"], [2004, 2004, "no"]]


def test_germany_under_two_numbers_in_1990_is_one_country(tmp_path):
    frame = obligations(tmp_path, *TREATIES, *both(255, 305, 1990, NONAGGRESSION), *both(260, 305, 1990, MUTUAL))
    germany = frame[frame["iso3_b"] == "DEU"]
    assert germany[["iso3_a", "defense", "year_start"]].to_numpy().tolist() == [["AUT", "both", 1990]]


def test_a_pair_listed_from_one_side_only_stops_the_recipe(tmp_path):
    with pytest.raises(UpstreamError, match="JPN and USA, 2018: listed from one side only"):
        obligations(tmp_path, *TREATIES, (740, 2, 2018, *MUTUAL))


def test_a_later_or_shorter_alliance_file_stops_the_recipe(tmp_path):
    with pytest.raises(UpstreamError, match="ends in 2017, not in 2018"):
        obligations(tmp_path, *both(732, 2, 2017, MUTUAL), *both(740, 2, 2017, MUTUAL))
    with pytest.raises(UpstreamError, match="lacks KOR"):
        obligations(tmp_path, *both(740, 2, 2018, MUTUAL))


# ---- defense agreements

DCAD_HEAD = "ccode1,cowName1,ccode2,cowName2,signYear,DCAid"


def agreements(*rows, head=DCAD_HEAD):
    file = "\n".join([head, *rows, ""]).encode()
    return dcad_kinne.tables({dcad_kinne.FILE: file})["bilateral_defense_agreements"].to_numpy().tolist()


AMERICAN, KOREAN = "2,USA,732,ROK,1988,DCADv1.0-0129", "732,KOR,740,JPN,1995,DCADv1.0-1826"


def test_south_korea_is_found_under_both_of_its_abbreviations():
    assert agreements(AMERICAN, KOREAN) == [["JPN", "KOR", 1995, 1], ["KOR", "USA", 1988, 1]]


def test_agreements_of_a_pair_are_counted_by_year_whoever_stands_first():
    found = agreements(AMERICAN, KOREAN, "740,JPN,732,KOR,1995,DCADv1.0-1830", "740,JPN,2,USA,1990,DCADv1.0-0300")
    assert found == [["JPN", "KOR", 1995, 2], ["JPN", "USA", 1990, 1], ["KOR", "USA", 1988, 1]]


def test_a_country_with_itself_or_with_others_is_not_counted():
    found = agreements(AMERICAN, KOREAN, "740,JPN,740,JPN,2006,DCADv1.0-1847", "732,KOR,900,AUL,1993,DCADv1.0-1831")
    assert len(found) == 2


def test_a_cut_off_list_of_agreements_and_one_that_repeats_are_refused():
    with pytest.raises(UpstreamError, match="JPN not found"):
        agreements(AMERICAN)
    with pytest.raises(UpstreamError, match=r"DCADv1\.0-0129 stands twice"):
        agreements(AMERICAN, KOREAN, AMERICAN)


def test_a_changed_header_is_named():
    with pytest.raises(UpstreamError, match="lacks column signYear"):
        agreements(AMERICAN, head=DCAD_HEAD.replace("signYear", "year"))


# ---- collected by hand


def test_an_event_that_ends_before_it_begins_is_refused():
    with pytest.raises(UpstreamError, match="id P045: date_end 2015-10-01 lies before date 2015-10-14"):
        comparison_milestones.tables(curated(comparison_milestones, lambda raw: raw.replace(b"2015-10-19", b"2015-10-01")))


def test_overlapping_terms_in_other_groups_are_refused():
    with pytest.raises(UpstreamError, match=r"leaders-comparison\.csv, GBR, Liz Truss: start 2022-08-06 lies before"):
        leaders_comparison.tables(curated(leaders_comparison, lambda raw: raw.replace(b"Truss,2022-09", b"Truss,2022-08")))


@pytest.mark.parametrize(("old", "new", "message"), [
    (b"LDP,DPJ,new", b"LDP,DPJ,same", "id jpn-2009-09-16: support_base 'same', but it went from 'LDP' to 'DPJ'"),
    (b"Kan Naoto,DPJ,DPJ,same", b"Kan Naoto,LDP,LDP,same", "id jpn-2010-06-08: begins with Hatoyama Yukio of LDP, but"),
    (b"usa-2021-01-20,USA,2021-01-20", b"usa-2021-01-20,USA,2021-01-21", "id usa-2021-01-20: does not name the country USA"),
])
def test_a_turnover_that_contradicts_itself_or_its_predecessor_is_refused(old, new, message):
    with pytest.raises(UpstreamError, match=message):
        leadership_turnovers.tables(curated(leadership_turnovers, lambda raw: raw.replace(old, new, 1)))


@pytest.mark.parametrize(("old", "new", "message"), [
    (b" T101 T104,", b" T101 T106,", "activity freedom-edge: milestone T106 already belongs to coast-guards"),
    (b"series,functional,0,0,0,0,small-new,0,N41", b"series,functional,0,1,0,0,small-new,0,N41",
     "activity coast-guards: names_joint is 1 although names_any is 0"),
])
def test_an_activity_that_contradicts_another_or_itself_is_refused(old, new, message):
    with pytest.raises(UpstreamError, match=message):
        trilateral_activities.tables(curated(trilateral_activities, lambda raw: raw.replace(old, new, 1)))


def test_a_later_ordinal_with_an_earlier_date_is_refused():
    with pytest.raises(UpstreamError, match=r"Freedom Edge, ordinal 3: dated 2023-09-15, but 2 is dated 2024-11-13"):
        mechanism_counters.tables(curated(mechanism_counters, lambda raw: raw.replace(b"2025-09-15,day", b"2023-09-15,day")))


def test_dates_of_different_precision_are_compared_as_far_as_both_are_known():
    same_month = curated(mechanism_counters, lambda raw: raw.replace(b",3,printed,2017-01-20,", b",3,printed,2016-11-10,"))
    frame = mechanism_counters.tables(same_month)["mechanism_counters"]
    drills = frame[frame["mechanism"] == "missile warning exercise"].set_index("ordinal")["date"]
    assert (drills[2], drills[3]) == ("2016-11", "2016-11-10")


def test_the_recounted_defense_ministers_begin_with_the_fifth_meeting():
    frame = mechanism_counters.tables(curated(mechanism_counters))["mechanism_counters"]
    series = frame[(frame["triad"] == "US-Japan-Australia") & (frame["mechanism"] == "defense ministers")]
    assert series["ordinal"].min() == 5


def test_ordinals_that_no_page_prints_are_marked():
    frame = mechanism_counters.tables(curated(mechanism_counters))["mechanism_counters"]
    counted = frame[frame["ordinal_basis"] == "counted"]
    assert set(counted.loc[counted["triad"] == "Quad", "ordinal"]) == {1, 2, 3, 5, 6}


def test_a_counter_with_an_unknown_column_or_a_false_precision_is_refused():
    with pytest.raises(UpstreamError, match="has unknown column mood"):
        mechanism_counters.tables(curated(mechanism_counters, lambda raw: raw.replace(b"checked\n", b"mood\n", 1)))
    with pytest.raises(UpstreamError, match="Freedom Edge, ordinal 3: date 2025-09-15 does not have the precision month"):
        mechanism_counters.tables(curated(mechanism_counters, lambda raw: raw.replace(b"2025-09-15,day", b"2025-09-15,month")))


@pytest.mark.parametrize("name", ["comparison-milestones.csv", "mechanism-counters.csv", "leaders-comparison.csv",
                                  "leadership-turnovers.csv", "trilateral-activities.csv", "trilateral-milestones.csv"])
def test_no_cell_collected_by_hand_is_a_formula_or_a_script(name):
    frame = pd.read_csv(CURATED / name, dtype=str, keep_default_na=False)
    cells = frame.to_numpy().ravel()
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t"} or "<" in cell or "javascript:" in cell.lower()]


@pytest.mark.parametrize(("recipe", "old", "new", "message"), [
    (activity_series, b"N12,Defense Trilateral Talks,1,", b"N12,Defense Trilateral Talks,0,",
     "id N12: doubtful is 0, which does not agree"),
    (plan_features, b"on North Korea,1,excerpt,1,1,1,0,", b"on North Korea,1,excerpt,,1,1,0,",
     "id tcog, column read: 1 is 1 although a code is missing"),
    (plan_features, b"regular cooperative dialogue between",
     b"one two three four five six regular cooperative dialogue between",
     "id defense-trilateral-talks, column evidence: .* quotes more than 15 words"),
    (linkage_episodes, b"2013-12-29,exchange", b"2014-12-29,exchange", "id meetings-2013: is counted, but not within 60 days"),
    (linkage_episodes, b"The reported reason was the understanding with China.", b"",
     "id carriers-2017: is not counted, and column reason"),
    (capability_uptake, b"data-link,announced,2016-01-22,day", b"data-link,not-found,,", "item data-link is called not found"),
    (capability_uptake, b",Runs through American units.,", b",,", "a doubtful row needs its reason"),
    (capability_uptake, b"cyber-advisory,text,2024-12-24,day,,1,1,0,0,1", b"cyber-advisory,text,2024-12-24,day,,1,1,0,0,0",
     "an act of two is no act of the three"),
    (capability_uptake, b"evacuation,not-found,,", b"evacuation,not-found,2024,year", "a search without result has none"),
])
def test_a_coding_that_contradicts_its_definition_is_refused(recipe, old, new, message):
    assert old in (CURATED / recipe.FILE).read_bytes()
    with pytest.raises(UpstreamError, match=message):
        recipe.tables(curated(recipe, lambda raw: raw.replace(old, new, 1)))
