"""Economic statecraft: sanctions, trade agreements, coercion, rare earths. Recipes read what they claim, or say why not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trilateral import data
from trilateral.recipes import (
    china_dprk_trade,
    coercion_events,
    desta_treaties,
    economic_agreements,
    gsdb_sanctions_v4,
    ofac_country_panel,
    rare_earths,
    sanctions_milestones,
    un_sc_consolidated_list,
)
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"


def curated(*names):
    return {name: (CURATED / name).read_bytes() for name in names}


def changed(name, old, new):
    raw = (CURATED / name).read_bytes()
    assert old.encode() in raw
    return {name: raw.replace(old.encode(), new.encode(), 1)}


# ---- the list of the Security Council


def un_entry(reference, regime, date, tag="INDIVIDUAL", note=""):
    return (f"<{tag}><DATAID>1</DATAID><FIRST_NAME>A NAME</FIRST_NAME><UN_LIST_TYPE>{regime}</UN_LIST_TYPE>"
            f"<REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>{date}</LISTED_ON>"
            f"<COMMENTS1>{note}</COMMENTS1></{tag}>")


def un_list(*entries):
    return ("<CONSOLIDATED_LIST><INDIVIDUALS>" + "".join(entries) + "</INDIVIDUALS></CONSOLIDATED_LIST>").encode("latin-1")


def un_tables(old, new):
    names = un_sc_consolidated_list.FILES
    return un_sc_consolidated_list.tables({names[2020]: old, names[2025]: new})["un_designations"]


KIM = un_entry("KPi.001", "DPRK", "2009-07-16")
BANK = un_entry("KPe.001", "DPRK", "2013-03-07", "ENTITY")


def test_an_edition_that_is_not_well_formed_is_still_counted():
    damaged = un_entry("KPi.001", "DPRK", "2009-07-16", note="Forc\xe9es & <unclosed")
    frame = un_tables(un_list(KIM, BANK), un_list(damaged, BANK))
    assert frame[["regime", "kind", "listed_2020", "listed_2025"]].values.tolist() == [
        ["north-korea", "individual", 1, 1], ["north-korea", "entity", 1, 1]]


def test_a_removed_entry_counts_in_the_old_edition_only():
    iran = un_entry("IRe.001", "Iran", "2006-12-23", "ENTITY")
    frame = un_tables(un_list(KIM, iran), un_list(KIM)).set_index("regime")
    assert frame.loc["iran", ["listed_2020", "listed_2025"]].tolist() == [1, 0]


def test_the_time_zone_of_a_listing_does_not_move_its_day():
    frame = un_tables(un_list(un_entry("LYi.001", "Libya", "2015-04-14-04:00")), un_list(KIM))
    assert set(frame["date"]) == {"2015-04-14", "2009-07-16"}


def test_the_table_of_the_un_list_holds_no_names():
    assert set(un_tables(un_list(KIM), un_list(KIM))) == {"regime", "date", "kind", "listed_2020", "listed_2025"}


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (un_list(KIM)[:-10], r"2025.*does not end with </CONSOLIDATED_LIST>.*fetch it again"),
        (un_list(un_entry("KPi.001", "DPRK", "2010-07-16")), r"KPi\.001: listed on 2010-07-16.*2020 has 2009-07-16"),
        (un_list(KIM, KIM), "KPi.001 occurs twice"),
        (un_list(un_entry("XXi.001", "Atlantis", "2010-01-01")), "unknown value Atlantis"),
        (un_list(un_entry("KPi.001", "DPRK", "16 July 2009")), "LISTED_ON '16 July 2009' is no date"),
        (un_list(KIM.replace("LISTED_ON", "LISTED")), "has 0 elements LISTED_ON, one is expected"),
        (un_list(KIM + "<ENTITY>"), "2 entries begin and 1 end"),
        (b"", "is empty"),
    ],
)
def test_a_damaged_list_of_the_security_council_is_refused(new, message):
    with pytest.raises(UpstreamError, match=message):
        un_tables(un_list(KIM), new)


# ---- the lists of the US Treasury


def ofac(rows):
    lines = [f'"{c}",{m}-28,{m[:4]}Q1,{m},{n},{a},{r},{a - r}' for c, m, n, a, r in rows]
    return {ofac_country_panel.FILE: "\n".join(["Country,Date,yrqtr,yrmon,levels,additions,removals,change", *lines]).encode()}


SPELLED = {"ARE": "United Arab Emirates", "BLR": "Belarus", "CHN": "China", "HKG": "Hong Kong", "IRN": "Iran", "JPN": "Japan",
           "KOR": "Korea, South", "MMR": "Burma", "PRK": "Korea, North", "RUS": "Russia", "SGP": "Singapore", "SYR": "Syria",
           "TUR": "Turkey", "TWN": "Taiwan"}


def panel(second=5, name="Korea, North", month="2022-05"):
    rows = []
    for spelled in SPELLED.values():
        label = name if spelled == "Korea, North" else spelled
        rows += [(label, "2022-04", 3, 0, 0), (label, month, second if spelled == "Korea, North" else 3,
                  2 if spelled == "Korea, North" else 0, 0)]
    return ofac(rows)


def test_the_first_month_of_the_treasury_panel_has_no_additions():
    frame = ofac_country_panel.tables(panel())["ofac_listed_entries"].set_index(["iso3", "month"])
    assert frame.loc[("PRK", "2022-04")].isna().tolist() == [False, True, True]
    assert frame.loc[("PRK", "2022-05")].tolist() == [5, 2, 0]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (panel(second=9), "PRK 2022-05: 9 entries are not those of the month before plus 2 minus 0"),
        (panel(name="DPRK (North)"), "PRK not found under a known name"),
        (panel(month="2022-06"), "14 running ones|2 months, 2 running ones|running ones are expected"),
        ({ofac_country_panel.FILE: panel()[ofac_country_panel.FILE].replace(b"levels", b"level")}, "lacks column levels"),
        ({ofac_country_panel.FILE: panel()[ofac_country_panel.FILE].replace(b"2022-05-28", b"2022-06-28", 1)},
         "date 2022-06-28 lies outside its month 2022-05"),
    ],
)
def test_a_damaged_treasury_panel_is_refused(files, message):
    with pytest.raises(UpstreamError, match=message):
        ofac_country_panel.tables(files)


# ---- trade agreements


def desta(*rows):
    head = [*desta_treaties.READ, *(f"c{i}" for i in range(1, 92)), *(f"mc{i}" for i in range(1, 92))]
    lines = [";".join(head)]
    for number, base, name, kind, year, force, form, members in rows:
        codes = [code for code, _ in members] + [""] * (91 - len(members))
        marks = [mark for _, mark in members] + [""] * (91 - len(members))
        lines.append(";".join([number, base, name, kind, "0", year, force, form, "Asia", *map(str, codes), *map(str, marks)]))
    return {desta_treaties.FILE: "\n".join(lines).encode("latin-1")}


REGION = [(next(n for n, c in desta_treaties.ISO3_OF_NUMBER.items() if c == iso3), 0) for iso3 in desta_treaties.INDO_PACIFIC]
WIDE = ("1", "1", "Wide", "base_treaty", "1990", "1991", "2", REGION)


def members_of(files, agreement):
    frame = desta_treaties.tables(files)["trade_agreement_members"]
    return frame[frame["agreement"] == agreement].set_index("iso3")


def test_amendments_and_consolidated_texts_are_not_agreements():
    pair = [(410, 0), (840, 0)]
    made = desta_treaties.tables(desta(
        WIDE, ("551", "551", "Korea US", "base_treaty", "2007", "2012", "1", pair),
        ("969", "551", "Korea US side", "protocol or amendment", "2012", "2012", "1", pair),
        ("551a", "551", "Korea US", "consolidated", "2012", "2012", "1", pair)))
    assert made["trade_agreements"]["agreement"].tolist() == [1, 551]
    assert len(made["trade_agreement_members"]) == len(REGION) + 2


def test_an_accession_adds_the_newcomer_to_its_agreement_with_its_own_year():
    found = members_of(desta(
        WIDE, ("62", "62", "APTA", "base_treaty", "2005", "2006", "2", [(156, 0), (410, 0)]),
        ("62+1", "62", "APTA Mongolia accession", "accession", "2013", "2013", "5", [(156, 2), (410, 2), (496, 1)])), 62)
    assert found["how"].to_dict() == {"CHN": "founder", "KOR": "founder", "MNG": "accession"}
    assert found["joined_year"].to_dict() == {"CHN": 2005, "KOR": 2005, "MNG": 2013}


def test_an_accession_belongs_to_the_agreement_of_its_number_not_of_its_base_column():
    found = members_of(desta(
        WIDE, ("330", "330", "EC Mexico", "base_treaty", "2000", "2000", "3", [(484, 0), (276, 1)]),
        ("330+3", "331", "EC Mexico Bulgaria accession", "accession", "2005", "", "6", [(484, 3), (100, 2)])), 330)
    assert found.loc["BGR", "joined_year"] == 2005


def test_who_leaves_keeps_a_row_with_the_year_of_leaving():
    found = members_of(desta(
        WIDE, ("461", "461", "GSTP", "base_treaty", "1988", "1989", "2", [(410, 0), (642, 0)]),
        ("461_1", "461", "GSTP withdrawal Romania", "withdrawal", "2007", "", "7", [(410, 2), (642, 1)])), 461)
    assert found.loc["ROU", "left_year"] == 2007 and pd.isna(found.loc["KOR", "left_year"])


def test_a_negotiation_is_no_agreement_and_has_no_year():
    talks = ("887", "887", "Korea Japan", "negotiation", "NA", "NA", "1", [(410, 0), (392, 0)])
    made = desta_treaties.tables(desta(WIDE, talks))
    row = made["trade_agreements"].set_index("agreement").loc[887]
    assert (row["status"], pd.isna(row["signed_year"]), pd.isna(row["founders"])) == ("negotiation", True, True)


def test_a_country_named_twice_is_one_member_and_a_latin_1_name_is_read():
    doubled = ("5", "5", "Perú Chile", "base_treaty", "2006", "2009", "1", [(604, 0), (152, 0), (604, 0)])
    made = desta_treaties.tables(desta(WIDE, doubled))
    assert made["trade_agreements"].set_index("agreement").loc[5, ["name", "founders"]].tolist() == ["Perú Chile", 2]


def test_aland_in_a_list_of_efta_is_iceland():
    assert desta_treaties.ISO3_OF_NUMBER[248] == "ISL"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("5", "5", "X", "base_treaty", "2006", "", "1", [(604, 0), (999, 0)]), "column c2: '999' is no known ISO 3166"),
        (("5", "5", "X", "merger", "2006", "", "1", [(604, 0), (152, 0)]), "entry_type: unknown value merger"),
        (("5", "5", "X", "base_treaty", "soon", "", "1", [(604, 0), (152, 0)]), "column year: 'soon' is no whole number"),
        (("77+1", "77", "X accession", "accession", "2006", "", "5", [(604, 2), (152, 1)]), "its agreement 77 is not listed"),
        (("1_1", "1", "X withdrawal", "withdrawal", "2006", "", "7", [(604, 2), (152, 2)]), "who leaves is not marked"),
        (("1", "1", "X", "base_treaty", "2006", "", "1", [(604, 0), (152, 0)]), "number 1 occurs twice"),
    ],
)
def test_a_damaged_list_of_agreements_is_refused(row, message):
    with pytest.raises(UpstreamError, match=message):
        desta_treaties.tables(desta(WIDE, row))


def test_a_country_of_the_region_that_loses_its_code_is_named():
    without = ("1", "1", "Wide", "base_treaty", "1990", "1991", "2", [pair for pair in REGION if pair[0] != 408])
    with pytest.raises(UpstreamError, match="no agreement has the member PRK"):
        desta_treaties.tables(desta(without))


def test_a_list_with_more_columns_of_members_is_refused():
    raw = desta(WIDE)[desta_treaties.FILE].split(b"\n")
    wider = b"\n".join([raw[0] + b";c92", *(line + b";" for line in raw[1:])])
    with pytest.raises(UpstreamError, match="members beyond c91 would be lost"):
        desta_treaties.tables({desta_treaties.FILE: wider})


# ---- sanction cases


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Korea, North", ["Korea, North"]),
        ("Korea, North, China", ["Korea, North", "China"]),
        ("Korea, South, United States, Japan, Australia", ["Korea, South", "United States", "Japan", "Australia"]),
        ("Congo, Democratic Republic of the, Gambia, The", ["Congo, Democratic Republic of the", "Gambia, The"]),
        ("EU,   Norway, Switzerland", ["EU", "Norway", "Switzerland"]),
    ],
)
def test_a_comma_within_a_name_does_not_part_it(cell, found):
    assert gsdb_sanctions_v4.names(cell) == found


@pytest.mark.parametrize("cell", ["North, China", "China, South", "Korea, China", "China, , Japan"])
def test_a_part_of_a_name_that_stands_alone_is_refused(cell):
    with pytest.raises(UpstreamError, match=r"cannot be read|neither North nor South"):
        gsdb_sanctions_v4.names(cell)


def test_the_group_of_seven_is_its_members_and_each_counts_once():
    assert gsdb_sanctions_v4.members(["G7", "EU", "Japan"]) == [
        "Canada", "France", "Germany", "Italy", "Japan", "United Kingdom", "United States", "EU"]


def gsdb(*rows):
    head = ("case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,other,"
            "target_mult,sender_mult,objective,success")
    lines = [f'{i},"{target}","{sender}",{begin},{end},1,exp_part,0,0,1,0,0,0,0,other,"{success}"'
             for i, (target, sender, begin, end, success) in enumerate(rows, start=1)]
    return {gsdb_sanctions_v4.FILE: "\n".join([head, *lines]).encode()}


OTHERS = ("Australia", "Canada", "Switzerland", "EU", "United Kingdom")
FILL = [*(("China", sender, 1995, 1996, "failed") for sender in (*OTHERS, "UN")),
        ("United States, Russia, Japan", "China", 1995, 1996, "failed"), ("Korea, South", "Russia", 1995, 1996, "failed")]


def cases(*rows):
    return gsdb_sanctions_v4.tables(gsdb(*FILL, *rows))


JAPAN_KOREA = [("Korea, North", "Japan", 2006, 2023, "ongoing"), ("Korea, North", "Korea, South", 2010, 2023, "ongoing"),
               ("Korea, North", "United States", 2008, 2023, "ongoing")]


def by_target(*rows):
    return cases(*JAPAN_KOREA, *rows)["sanction_targets"].set_index(["sender", "target", "begin_year"])


def test_the_last_year_of_the_release_is_an_end_only_where_the_coders_judged_the_case():
    found = by_target(("Korea, North", "Japan", 2022, 2023, "failed"))
    assert found.loc[("JPN", "PRK", 2006)].tolist() == [1, 1]
    assert found.loc[("JPN", "PRK", 2022)].tolist() == [1, 0]


def test_one_open_objective_keeps_a_case_open_unless_it_has_an_earlier_end():
    found = by_target(("Korea, North", "Korea, South", 2014, 2023, "failed,ongoing"),
                      ("Korea, North", "Korea, South", 2016, 2020, "failed,ongoing"))["open_cases"]
    assert (found["KOR", "PRK", 2014], found["KOR", "PRK", 2016]) == (1, 0)


def test_only_counts_leave_the_file_and_of_china_alone_those_against_others():
    made = cases(*JAPAN_KOREA, ("Belarus", "Japan", 2006, 2007, "failed"), ("Norway", "China", 2010, 2018, "failed"),
                 ("Norway", "China", 2010, 2017, "success_part"))
    assert "BLR" not in set(made["sanction_targets"]["target"])
    assert made["sanction_targets"].set_index(["sender", "target"]).loc[("CHN", "NOR"), "cases"] == 2
    own = made["sanction_cases"].set_index(["sender", "begin_year"])
    assert own.loc[("JPN", 2006)].tolist() == [2, 0, 2, 0, 0, 2, 0]


def test_a_joint_case_counts_for_each_of_its_senders():
    made = cases(*JAPAN_KOREA, ("Iran", "Korea, South, United States, Japan", 2012, 2012, "failed"))
    joint = made["sanction_cases"].query("begin_year == 2012")
    assert joint[["sender", "cases", "joint_cases"]].values.tolist() == [["JPN", 1, 1], ["KOR", 1, 1]]  # not the American
    row = made["sanction_overlap"].query("year == 2012 and sender == 'USA' and other == 'JPN'").iloc[0]
    assert row[["targets", "other_targets", "shared_targets", "new_targets", "new_shared", "new_same_year"]].tolist() == [
        2, 2, 2, 1, 1, 1]


def test_a_case_against_several_states_counts_once_for_its_sender():
    own = cases(*JAPAN_KOREA, ("Korea, North, Belarus", "Korea, South", 2022, 2023, "ongoing"))["sanction_cases"]
    assert own.set_index(["sender", "begin_year"]).loc[("KOR", 2022), "cases"] == 1


def test_shared_targets_are_counted_in_the_years_in_which_both_run():
    overlap = cases(*JAPAN_KOREA)["sanction_overlap"].query("sender == 'JPN' and other == 'KOR'").set_index("year")
    assert overlap.loc[[2005, 2009, 2010, 2023], "shared_targets"].tolist() == [0, 0, 1, 1]


def test_the_overlap_is_symmetric_in_shared_targets_and_never_above_either_side():
    frame = data.load("sanction_overlap").frame
    turned = frame.merge(frame, left_on=["year", "sender", "other"], right_on=["year", "other", "sender"])
    assert (turned["shared_targets_x"] == turned["shared_targets_y"]).all()
    assert (turned["targets_x"] == turned["other_targets_y"]).all()
    assert (frame["shared_targets"] <= frame[["targets", "other_targets"]].min(axis=1)).all()
    assert (frame["new_same_year"] <= frame["new_shared"]).all() and (frame["new_shared"] <= frame["new_targets"]).all()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("Korea, North", "Japan", 2006, 2024, "ongoing"), "case 12: begins 2006, ends 2024; the release ends in 2023"),
        (("Korea, North", "Japan", 2006, 2001, "failed"), "begins 2006, ends 2001"),
        (("Korea, North", "Japan", 2006, 2010, "won"), "column success: unknown value 'won'"),
        (("Atlantis", "China", 2006, 2010, "failed"), "case 12: 'Atlantis' has no code"),
    ],
)
def test_a_damaged_sanctions_file_is_refused(row, message):
    with pytest.raises(UpstreamError, match=message):
        cases(*JAPAN_KOREA, row)


def test_a_sender_that_the_file_spells_in_a_new_way_is_named():
    with pytest.raises(UpstreamError, match="USA not found under a known name"):
        cases(*JAPAN_KOREA[:2], ("Korea, North", "America", 2008, 2023, "ongoing"))


# ---- collected by hand


def test_an_episode_has_an_end_or_the_date_on_which_it_was_last_seen():
    files = curated(coercion_events.MAGNITUDES) | changed(coercion_events.EVENTS, "2016-08,2017-10-31,,", "2016-08,,,")
    with pytest.raises(UpstreamError, match="kr-2016-thaad: give either the end or the date on which it was last seen"):
        coercion_events.tables(files)


def test_an_episode_does_not_end_before_it_starts():
    files = curated(coercion_events.MAGNITUDES) | changed(coercion_events.EVENTS, "2016-08,2017-10-31,,", "2016-08,2015-10,,")
    with pytest.raises(UpstreamError, match="kr-2016-thaad: ends on 2015-10, before it starts on 2016-08"):
        coercion_events.tables(files)


def test_an_episode_that_has_ended_cannot_be_held_so_far():
    ended = changed(coercion_events.EVENTS, "2025-11-14,,2026-02-18,", "2025-11-14,2026-02-18,,")
    files = curated(coercion_events.MAGNITUDES) | ended
    with pytest.raises(UpstreamError, match="jp-2025-travel: has ended on 2026-02-18"):
        coercion_events.tables(files)


def test_a_figure_of_an_unknown_episode_is_named():
    files = curated(coercion_events.EVENTS) | changed(coercion_events.MAGNITUDES, "jp-2025-travel,", "jp-2025-journey,")
    with pytest.raises(UpstreamError, match=r"event jp-2025-journey is not in coercion-events\.csv"):
        coercion_events.tables(files)


def test_a_formula_in_a_number_of_an_episode_is_refused():
    files = curated(coercion_events.EVENTS) | changed(coercion_events.MAGNITUDES, "974500", "=974500+1")
    with pytest.raises(UpstreamError, match=r"column value: '=974500\+1' is no number"):
        coercion_events.tables(files)


def test_compilers_of_the_trade_with_north_korea_stay_apart():
    frame = data.load("china_dprk_trade").frame
    assert frame.groupby("year")["compiler"].nunique()[[2022, 2023]].tolist() == [2, 2]
    assert data.load("china_dprk_trade").meta["primary_key"] == ["year", "compiler"]


def test_exports_and_imports_that_do_not_add_up_are_named():
    with pytest.raises(UpstreamError, match=r"2019 KITA: exports 216\.0 and imports 2589\.0 do not add up to 5805\.0"):
        china_dprk_trade.tables(changed(china_dprk_trade.FILE, "2805", "5805"))


def test_a_milestone_has_the_precision_it_claims():
    with pytest.raises(UpstreamError, match="id un-panel-begins: date 2009-06 does not have the precision day"):
        sanctions_milestones.tables(changed(sanctions_milestones.FILE, "2009-06,month", "2009-06,day"))


def test_an_agreement_has_one_date_of_signature():
    with pytest.raises(UpstreamError, match="RCEP has several values of signed"):
        economic_agreements.tables(changed(economic_agreements.FILE, "RCEP,2020-11,", "RCEP,2021-11,"))


def test_a_membership_has_the_precision_it_claims():
    with pytest.raises(UpstreamError, match="RCEP CHN: date 2022-01-01 does not have the precision month"):
        economic_agreements.tables(changed(economic_agreements.FILE, "2022-01-01,day", "2022-01-01,month"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2010,90,percent", "2010,900,percent", "japan-imports-share-china 2010: 900.0 percent is no share"),
        ("CHN,2024,270000", "CHN,2024,27000", "2024: the countries add up to 150950, the world total is 390000"),
        ("indicator,iso3", "indicator,country", "lacks column iso3 and has unknown column country"),
    ],
)
def test_damaged_figures_of_rare_earths_are_refused(old, new, message):
    with pytest.raises(UpstreamError, match=message):
        rare_earths.tables(changed(rare_earths.FILE, old, new))
