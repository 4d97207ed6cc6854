"""Recipes on arms, satellites, troops, seas, ports and logistics: the traps of their sources, and damaged inputs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from trilateral import data
from trilateral.recipes import (
    capabilities,
    gapminder_sipri,
    gcat_psatcat,
    gfw_psma_port_visits,
    imb_pirate_attacks,
    sipri_arms_transfers,
    sipri_milex,
    troopdata_us_deployments,
    ucs_satellites,
    un_peacekeeping_contributions,
    worldbank_lpi,
)
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"


def as_csv(columns, rows) -> bytes:
    return pd.DataFrame(rows, columns=columns).to_csv(index=False).encode()


# ---- SIPRI military expenditure


@pytest.mark.parametrize("mark", ["...", ". .", "xxx", 0, 0.0])
def test_every_mark_of_a_gap_in_military_expenditure_is_empty_and_not_zero(mark):
    out = io.BytesIO()
    with pd.ExcelWriter(out) as book:
        for sheet in sipri_milex.SHEET.values():
            rows = [["title", None, None], ["Country", "Notes", 1988]]
            rows += [[country, None, mark if country == "Russia" else 2.5] for country in sipri_milex.COUNTRY]
            pd.DataFrame(rows).to_excel(book, sheet_name=sheet, header=False, index=False)
    frame = sipri_milex.tables({sipri_milex.FILE: out.getvalue()})["military_expenditure"].set_index("iso3")
    assert frame.loc["RUS"].drop("year").isna().all()
    assert frame.drop("RUS").notna().all().all()


# ---- SIPRI arms transfers

ORDER = {
    "Recipient": "Japan", "Supplier": "United States", "Year of order": "2004", " ": "", "Number ordered": "16", " .1": "",
    "Weapon designation": "Patriot Configuration-3", "Weapon description": "SAM system", "Number delivered": "16",
    " .2": "", "Year(s) of delivery": "2007; 2008; 2009; 2010", "status": "New", "Comments": "", "SIPRI TIV per unit": "55",
    "SIPRI TIV for total order": "880", "SIPRI TIV of delivered weapons": "880",
}
FOREIGN = ORDER | {"Recipient": "United States", "Supplier": "Japan", "Weapon designation": "Radar"}
KOREAN = ORDER | {"Recipient": "South Korea", "Supplier": "Germany", "Weapon designation": "Patriot"}


def exports(cells=("1", "2", "#N/A")) -> bytes:
    names = ["United States", "South Korea", "Japan", "China", "Russia", "France", "Germany"]
    rows = [[name, *[cells[0]] * 27] for name in names]
    rows[1][1:4] = [cells[1], cells[2], cells[0]]
    rows += [["Libya", *["3"] * 27], ["Libya", *["#N/A"] * 27]]
    return as_csv(["Country", *map(str, range(1998, 2025))], rows)


def register(*orders, table=None) -> dict[str, bytes]:
    rows = [*orders, FOREIGN, KOREAN]
    return {sipri_arms_transfers.REGISTER: table or as_csv(sipri_arms_transfers.COLUMNS,
                                                           [[row[c] for c in sipri_arms_transfers.COLUMNS] for row in rows]),
            sipri_arms_transfers.EXPORTS: exports()}


def transfers(*orders) -> dict[str, pd.DataFrame]:
    return sipri_arms_transfers.tables(register(*orders))


def test_several_years_in_one_cell_share_the_volume_and_the_sum_stays():
    volumes = transfers(ORDER)["arms_transfer_volumes"]
    japan = volumes[volumes["recipient"] == "JPN"]
    assert japan[["year", "tiv"]].values.tolist() == [[2007, 220], [2008, 220], [2009, 220], [2010, 220]]


def test_a_system_that_was_rebuilt_is_marked_so_that_it_is_not_counted_twice():
    new = ORDER | {"Weapon designation": "Patriot", "Year of order": "1985", "Number delivered": "26",
                   "Year(s) of delivery": "1989", "SIPRI TIV per unit": "47", "SIPRI TIV of delivered weapons": "1222"}
    rebuilt = ORDER | {"Comments": "Japanese Patriot SAM systems rebuilt to Patriot-3 version"}
    frame = transfers(new, rebuilt)["arms_transfers"].query("recipient == 'JPN'")
    assert frame["upgrade"].tolist() == [0, 1]
    assert frame.loc[frame["upgrade"] == 0, "number_delivered"].sum() == 26


@pytest.mark.parametrize(
    ("comment", "flag"),
    [("Incl production under licence in Japan", 1), ("Assembled from kits in Japan", 1), ("produced under license", 1),
     ("For 3 destroyers produced in Japan", 0), ("", 0)],
)
def test_license_production_is_told_from_parts_for_ships_built_at_home(comment, flag):
    frame = transfers(ORDER | {"Comments": comment})["arms_transfers"].query("recipient == 'JPN'")
    assert frame["license_production"].tolist() == [flag]


def test_orders_alike_are_added_up_and_those_that_differ_stay_apart():
    later = ORDER | {"Year of order": "2005", "Year(s) of delivery": "2007"}
    made = transfers(ORDER, ORDER | {"Year(s) of delivery": "2006"}, later)["arms_transfers"].query("recipient == 'JPN'")
    assert made[["year_ordered", "orders", "number_delivered", "first_delivery", "tiv_delivered"]].to_numpy().tolist() == [
        [2004, 2, 32, 2006, 1760], [2005, 1, 16, 2007, 880]]


def test_orders_with_others_than_the_three_stay_in_the_volumes_as_a_sum_alone():
    british = FOREIGN | {"Supplier": "United Kingdom"}
    made = transfers(ORDER, british)
    assert {*made["arms_transfers"]["supplier"], *made["arms_transfers"]["recipient"]} == {"JPN", "USA"}
    volumes = made["arms_transfer_volumes"]
    assert set(volumes.loc[volumes["recipient"] == "USA", "supplier"]) == {"JPN", "OTH"}
    assert set(volumes.loc[volumes["recipient"] == "KOR", "supplier"]) == {"OTH"}


def test_orders_delivered_before_1980_are_left_out_and_open_orders_are_kept():
    old = ORDER | {"Year of order": "1960", "Year(s) of delivery": "1962", "Weapon designation": "old"}
    open_ = ORDER | {"Number delivered": "0", "Year(s) of delivery": "", "SIPRI TIV of delivered weapons": "0",
                     "Weapon designation": "open"}
    assert set(transfers(old, open_)["arms_transfers"]["designation"]) == {"open", "Radar"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"SIPRI TIV per unit": "880", "SIPRI TIV of delivered weapons": "55"}, "not number delivered times volume a unit"),
        ({"Year(s) of delivery": ""}, "delivered without a year"),
        ({"Year(s) of delivery": "2001"}, "first delivery precedes the order"),
        ({"Year(s) of delivery": "2007-2010"}, "not years with semicolons"),
        ({"status": "Leased"}, "column status: unknown value Leased"),
        ({"Supplier": "Utopia"}, "column Supplier: unknown value Utopia"),
    ],
)
def test_a_damaged_order_is_named(change, message):
    with pytest.raises(UpstreamError, match=message):
        transfers(ORDER | change)


def test_a_register_with_a_new_column_or_without_its_countries_is_refused():
    table = as_csv([*sipri_arms_transfers.COLUMNS, "Region"], [[*ORDER.values(), "x"]])
    with pytest.raises(UpstreamError, match="unknown column Region"):
        sipri_arms_transfers.tables(register(table=table))
    rows = [[ORDER[c] for c in sipri_arms_transfers.COLUMNS]]
    with pytest.raises(UpstreamError, match="no deliveries to KOR, USA"):
        sipri_arms_transfers.tables(register(table=as_csv(sipri_arms_transfers.COLUMNS, rows)))


def test_a_register_in_latin_1_or_without_bytes_is_refused():
    raw = register(ORDER | {"Weapon designation": "Kn\u00f6chel"})
    with pytest.raises(UpstreamError, match=r"row 2: byte 0xf6 is not utf-8"):
        sipri_arms_transfers.tables(raw | {sipri_arms_transfers.REGISTER: raw[sipri_arms_transfers.REGISTER].decode()
                                           .encode("latin-1")})
    with pytest.raises(UpstreamError, match="is empty"):
        sipri_arms_transfers.tables(raw | {sipri_arms_transfers.REGISTER: b""})


def test_years_without_exports_are_absent_and_the_share_counts_all_suppliers():
    frame = transfers(ORDER)["arms_exports"].set_index(["iso3", "year"])
    assert ("KOR", 1999) not in frame.index
    assert frame.loc[("KOR", 1998)].to_dict() == {"tiv": 2, "rank": 2, "share_percent": round(2 / 11 * 100, 3)}


def test_a_supplier_listed_twice_is_refused_unless_it_is_not_held():
    files = register(ORDER)
    files[sipri_arms_transfers.EXPORTS] = files[sipri_arms_transfers.EXPORTS].replace(b"Libya", b"South Korea", 1)
    with pytest.raises(UpstreamError, match="KOR has two rows"):
        sipri_arms_transfers.tables(files)


def test_the_patriots_of_japan_appear_new_and_again_rebuilt():
    orders = data.load("arms_transfers").frame
    patriots = orders[(orders["recipient"] == "JPN") & orders["designation"].isin(["Patriot", "Patriot Configuration-3"])]
    counted = patriots.groupby("designation")["number_delivered"].sum()
    assert counted["Patriot"] == counted["Patriot Configuration-3"] == 27
    assert set(patriots.loc[patriots["upgrade"] == 1, "designation"]) == {"Patriot Configuration-3"}


# ---- satellites

SATELLITE = {"JCAT": "S00001", "Name": "A", "LDate": "2003 Mar 28", "TOp": "*", "Program": "X", "Class": "D",
             "Category": "IMG", "UNState": "J"}
STAMP = gcat_psatcat.STAMP + " 2348:35"


def catalog(*satellites, head="#JCAT", stamp=STAMP) -> dict[str, bytes]:
    others = [SATELLITE | {"JCAT": f"S9{number:04d}", "UNState": state, "Category": "NAV"}
              for number, state in enumerate(gcat_psatcat.STATES)]
    columns = list(SATELLITE)
    lines = ["\t".join([head, *columns[1:]]), stamp]
    lines += ["\t".join(row[c] for c in columns) for row in [*satellites, *others]]
    return {gcat_psatcat.FILE: ("\n".join(lines) + "\n").encode()}


def active(*satellites) -> pd.DataFrame:
    frame = gcat_psatcat.tables(catalog(*satellites))["active_satellites"]
    return frame[frame["function"] != "navigation"]


def days(frame) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in frame["date"]]


@pytest.mark.parametrize(
    ("ended", "last"),
    [("2007 Mar 25", "2006-12-31"), ("2012 Apr?", "2011-12-31"), ("2013", "2012-12-31"), ("2013?", "2012-12-31"),
     ("2016 Q3", "2015-12-31"), ("2010s?", "2018-12-31"), ("2014 Dec", "2013-12-31"), ("2016 Dec  9", "2015-12-31")],
)
def test_a_satellite_counts_until_the_last_day_of_the_period_in_which_it_ended(ended, last):
    assert days(active(SATELLITE | {"TOp": ended}))[-1] == last


def test_a_satellite_without_an_end_counts_from_its_launch_to_the_last_day_of_the_catalog():
    frame = active(SATELLITE | {"LDate": "2023 May  1"})
    assert days(frame) == ["2023-12-31", "2024-12-31", "2023-05-01", "2025-04-07"]
    assert frame["year_end"].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(("category", "function"), [("SIG?*", "signals-intelligence"), ("IMG-R*", "radar-imaging"),
                                                    ("COM/MET-RO", "communications"), ("EW*", "early-warning")])
def test_marks_of_doubt_are_stripped_and_the_first_category_counts(category, function):
    assert set(active(SATELLITE | {"Category": category})["function"]) == {function}


@pytest.mark.parametrize("state", ["[KR]", "KR*", "[KR]*", "KR"])
def test_satellites_that_are_attributed_count_like_those_that_are_registered(state):
    assert set(active(SATELLITE | {"UNState": state})["iso3"]) == {"KOR"}


def test_the_soviet_union_is_russia():
    assert set(active(SATELLITE | {"UNState": "SU"})["iso3"]) == {"RUS"}


def test_the_constellation_that_makes_the_us_count_jump_stands_apart():
    star = SATELLITE | {"UNState": "[US]", "Program": "NRO Star A", "LDate": "2024 May 22"}
    frame = active(star, star | {"JCAT": "S00003"}, SATELLITE | {"UNState": "US", "Program": "CRYSTAL 4"})
    last = frame[frame["date"] == gcat_psatcat.LATEST].set_index("constellation")["satellites"]
    assert last.to_dict() == {"none": 1, "nro-proliferated": 2}


def test_daichi_is_a_radar_satellite_though_the_catalog_says_imaging():
    assert set(active(SATELLITE | {"JCAT": "S60182"})["function"]) == {"radar-imaging"}
    with pytest.raises(UpstreamError, match="no longer listed as IMG"):
        active(SATELLITE | {"JCAT": "S60182", "Category": "IMG-R"})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (catalog(SATELLITE, stamp="# Updated 2026 Jan  1"), "row 2: the stamp is not"),
        (catalog(SATELLITE, stamp="S00002\tA"), "row 2: the stamp is not"),
        (catalog(SATELLITE, head="ID"), "lacks column JCAT"),
        (catalog(SATELLITE | {"Category": "LASER"}), "column Category: unknown value LASER"),
        (catalog(SATELLITE | {"Class": "Z"}), "column Class: unknown value Z"),
        (catalog(SATELLITE | {"TOp": "sometime"}), "column TOp: 'sometime' is no date"),
        ({gcat_psatcat.FILE: b""}, "is empty"),
        ({gcat_psatcat.FILE: b"\n".join(catalog(SATELLITE)[gcat_psatcat.FILE].split(b"\n")[:4])}, "no satellite of"),
    ],
)
def test_a_damaged_catalog_of_satellites_is_named(files, message):
    with pytest.raises(UpstreamError, match=message):
        gcat_psatcat.tables(files)


def test_the_korean_reconnaissance_satellites_are_in_the_list_on_the_day_they_were_launched():
    frame = data.load("reconnaissance_satellites").frame
    project = frame[frame["program"] == "DAPA425"]
    assert [f"{day:%Y-%m-%d}" for day in pd.to_datetime(project["launched"])] == ["2023-12-01", "2024-04-07", "2024-12-21"]
    assert set(project["operator"]) == {"defense"}


def ucs(*rows) -> dict[str, bytes]:
    base = {ucs_satellites.NAME: "A", ucs_satellites.COUNTRY: "Japan", "Users": "Government", "Purpose": "Navigation",
            "Detailed Purpose": "", "COSPAR Number": "x"}
    names = {"AUS": "Australia", "CAN": "Canada", "CHN": "China", "DEU": "Germany", "FRA": "France", "GBR": "United Kingdom",
             "IND": "India", "ISR": "Israel", "ITA": "Italy", "JPN": "Japan", "KOR": "South Korea", "RUS": "Russia",
             "TWN": "Taiwan", "USA": "USA"}
    fill = [base | {ucs_satellites.COUNTRY: names[code]} for code in ucs_satellites.COUNTRIES]
    return {ucs_satellites.FILE: as_csv(list(base), [list((base | row).values()) for row in [*fill, *rows]])}


def test_government_satellites_of_japan_stay_apart_from_military_ones_and_sensors_from_purposes():
    row = {"Users": "Government ", "Purpose": "Earth Observation", "Detailed Purpose": "Radar Imaging/Earth Science"}
    frame = ucs_satellites.tables(ucs(row, row | {"Users": "Commercial/Military"}))["satellite_census_2023"]
    assert frame[frame["function"] == "radar-imaging"]["users"].tolist() == ["government", "military"]


def test_a_satellite_whose_row_stands_twice_is_counted_once():
    row = {ucs_satellites.NAME: "Starlink-5016", ucs_satellites.COUNTRY: "USA", "Users": "Commercial"}
    frame = ucs_satellites.tables(ucs(row, row))["satellite_census_2023"]
    assert frame.loc[frame["users"] == "commercial", "satellites"].tolist() == [1]


def test_a_satellite_of_two_countries_counts_for_both_and_is_marked():
    frame = ucs_satellites.tables(ucs({ucs_satellites.COUNTRY: "USA/Japan"}))["satellite_census_2023"]
    assert frame[frame["joint"] == 1]["iso3"].tolist() == ["JPN", "USA"]


def test_empty_rows_at_the_end_of_the_satellite_list_are_no_satellites():
    files = ucs()
    plain = ucs_satellites.tables(files)["satellite_census_2023"]["satellites"].sum()
    files[ucs_satellites.FILE] += b",,,,,\n,,,,,\n"
    assert ucs_satellites.tables(files)["satellite_census_2023"]["satellites"].sum() == plain


@pytest.mark.parametrize(("row", "message"), [({"Users": "Pirates"}, "unknown user Pirates"),
                                              ({"Purpose": "Mining"}, "column Purpose: unknown value Mining")])
def test_an_unknown_purpose_or_user_of_a_satellite_is_named(row, message):
    with pytest.raises(UpstreamError, match=message):
        ucs_satellites.tables(ucs(row))


# ---- US troops


def troops(change=None, drop=()) -> dict[str, bytes]:
    names = {"AUS": "Australia", "BEL": "Belgium", "BHR": "Bahrain", "DEU": "Germany", "ESP": "Spain",
             "GBR": "United Kingdom", "GUM": "Guam", "ITA": "Italy", "JPN": "Japan", "KOR": "South Korea", "KWT": "Kuwait",
             "NLD": "Netherlands", "PHL": "Philippines", "QAT": "Qatar", "SGP": "Singapore", "THA": "Thailand",
             "TUR": "Turkey", "TWN": "Taiwan"}
    columns = ["countryname", "year", "troops_ad", *troopdata_us_deployments.SERVICES, *troopdata_us_deployments.OTHERS]
    rows = []
    for iso3, name in names.items():
        for year in (2003, 2007, 2008, 2009, 2014, 2015, 2016, 2024):
            doubled = (iso3, year) in troopdata_us_deployments.DOUBLED
            unreported = (iso3, year) in troopdata_us_deployments.UNREPORTED
            total = (change or {}).get((iso3, year), 200 if doubled else 0 if unreported else 100)
            split = [0, 0, 0, 0] if year == 2003 else [40, 5, 30, -1]
            if (iso3, year) not in drop:
                rows.append([name, year, total, *split, 7])
    return {troopdata_us_deployments.FILE: as_csv(columns, rows)}


def test_double_counts_of_us_troops_are_empty_and_marked():
    frame = troopdata_us_deployments.tables(troops())["us_troops_abroad"].set_index(["iso3", "year"])
    for key in [("JPN", 2008), ("KOR", 2008), ("JPN", 2015), ("AUS", 2008)]:
        assert pd.isna(frame.loc[key, "troops"])
        assert frame.loc[key, "double_counted"] == 1
    assert frame.loc[("KOR", 2015), "troops"] == 100
    assert frame.loc[("JPN", 2015), "army"] == 40


def test_services_that_the_source_does_not_split_are_empty_and_the_change_of_reports_is_marked():
    frame = troopdata_us_deployments.tables(troops())["us_troops_abroad"].set_index(["iso3", "year"])
    assert frame.loc[("JPN", 2003), ["army", "navy", "air_force", "marine_corps"]].isna().all()
    assert pd.isna(frame.loc[("JPN", 2009), "navy"])
    assert frame.loc[("JPN", 2007), "navy"] == 5
    assert frame["marine_corps"].dropna().empty
    assert frame.loc[("JPN", 2007), "civilians"] is pd.NA
    assert frame["series"].to_dict()[("JPN", 2007)] == "to-2007"
    assert frame["series"].to_dict()[("JPN", 2009)] == "from-2008"


def test_a_double_count_that_the_source_has_repaired_is_named():
    with pytest.raises(UpstreamError, match="JPN 2015: troops_ad 100 no longer stands out"):
        troopdata_us_deployments.tables(troops({("JPN", 2015): 100}))


def test_a_zero_that_stands_for_a_missing_report_is_empty_and_a_report_in_its_place_is_named():
    frame = troopdata_us_deployments.tables(troops())["us_troops_abroad"].set_index(["iso3", "year"])
    assert pd.isna(frame.loc[("KWT", 2003), "troops"]) and frame.loc[("KWT", 2007), "troops"] == 100
    with pytest.raises(UpstreamError, match="KWT 2003: troops_ad is 25000, no longer 0"):
        troopdata_us_deployments.tables(troops({("KWT", 2003): 25000}))


def test_a_file_of_troops_cut_before_its_last_year_is_named():
    with pytest.raises(UpstreamError, match="KOR: the last year is 2016, not 2024"):
        troopdata_us_deployments.tables(troops(drop={("KOR", 2024)}))


# ---- piracy


def attacks(*rows, head=("date", "attack_type", "nearest_country", "vessel_name", "data_source")) -> dict[str, bytes]:
    return {imb_pirate_attacks.FILE: as_csv(list(head), rows)}


def test_two_words_for_boarding_are_one_and_a_row_repeated_in_full_is_one_attack():
    one, two = ["2010-01-02", "Boarding", "IDN", "A", "mappingpiracy"], ["2010-01-02", "Boarded", "IDN", "B", "mappingpiracy"]
    frame = imb_pirate_attacks.tables(attacks(one, one, two))["pirate_attacks"]
    assert frame[["outcome", "attacks", "area"]].values.tolist() == [["boarded", 2, "southeast-asia"]]


def test_the_country_code_na_is_an_unknown_place_and_not_a_missing_row():
    frame = imb_pirate_attacks.tables(attacks(["1993-01-02", "NA", "NA", "A", "mappingpiracy"]))["pirate_attacks"]
    assert frame[["iso3", "outcome", "area"]].values.tolist() == [["OTH", "unknown", "elsewhere"]]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["2016-01-02", "Boarded", "IDN", "A", "mappingpiracy"], "no longer change with 2015"),
        (["02/01/2010", "Boarded", "IDN", "A", "mappingpiracy"], "'02/01/2010' is no date"),
        (["2010-01-02", "Sunk", "IDN", "A", "mappingpiracy"], "unknown value Sunk"),
        (["2010-01-02", "Boarded", "Indonesia", "A", "mappingpiracy"], "row 2, column nearest_country: 'Indonesia'"),
    ],
)
def test_a_damaged_attack_is_named(row, message):
    with pytest.raises(UpstreamError, match=message):
        imb_pirate_attacks.tables(attacks(row))


# ---- peacekeeping


def contingents(defective=30, men=8.0) -> dict[str, bytes]:
    names = ["Australia", "Belgium", "Canada", "Germany", "Denmark", "Spain", "France",
             "United Kingdom of Great Britain and Northern Ireland", "Indonesia", "India", "Italy", "Japan",
             "Republic of Korea", "Malaysia", "Netherlands", "Norway", "New Zealand", "Philippines", "Poland",
             "Russian Federation", "Singapore", "Thailand", "Turkiye", "United States of America", "Viet Nam", "China"]
    rows = []
    for year in (2010, 2016, 2017, 2018, 2020, 2021):
        share = defective / 100 if year in un_peacekeeping_contributions.DEFECTIVE else 1
        rows += [[year, name, "UNMISS", 2.0 * share, men * share, 10.0 * share] for name in names]
        rows += [[year, "Japan", "UNTSO", 0.0, 0.2, 0.2]]
    return {un_peacekeeping_contributions.FILE: as_csv(["Year", "Country", "Mission", "Female", "Male", "Total"], rows)}


def test_defective_and_partial_years_of_peacekeeping_are_left_out():
    frame = un_peacekeeping_contributions.tables(contingents())["peacekeepers"]
    assert sorted(frame["year"].unique()) == [2016, 2018, 2020]
    assert set(frame["mission"]) == {"UNMISS"}
    assert set(frame["personnel"]) == {10}


def test_a_peacekeeping_year_that_has_become_whole_is_named():
    with pytest.raises(UpstreamError, match="2017: 260 people no longer fall short"):
        un_peacekeeping_contributions.tables(contingents(defective=100))


def test_peacekeepers_that_do_not_add_up_are_named():
    with pytest.raises(UpstreamError, match=r"Australia UNMISS 2010: women 2.0 and men 5.0 do not add up to 10.0"):
        un_peacekeeping_contributions.tables(contingents(men=5.0))


def test_an_unknown_mission_is_named():
    files = contingents()
    files[un_peacekeeping_contributions.FILE] = files[un_peacekeeping_contributions.FILE].replace(b"UNTSO", b"UNMARS", 1)
    with pytest.raises(UpstreamError, match="unknown value UNMARS"):
        un_peacekeeping_contributions.tables(files)


# ---- port visits

VISIT = {"year": "2024", "iso3": "KOR", "vessel_class": "fishing", "type": "foreign", "flag": "CHN", "is_psma_port": "1",
         "is_psma_state": "1", "n_visits": "3"}


def visits(*rows, parties=b"iso3,Entry_into_force_date\nJPN,6/18/17\nKOR,6/5/16\nUSA,6/5/16\nCHN,4/16/25\nGUM,6/5/16\n"):
    fill = [VISIT | {"iso3": iso3, "flag": "PAN"} for iso3 in ("CHN", "JPN", "USA")]  # other flags than that of China
    return {
        gfw_psma_port_visits.VISITS: as_csv(list(VISIT), [list((VISIT | row).values()) for row in [*fill, *rows]]),
        gfw_psma_port_visits.PARTIES: parties,
        gfw_psma_port_visits.OLDER: b"iso3,name,Entry_into_force_date,year\nJPN,Japan,6/18/17,2017\nKOR,Korea,6/6/16,2016\n",
    }


def korea(*rows) -> list:
    frame = gfw_psma_port_visits.tables(visits(*rows))["port_visits"]
    return frame[frame["port_state"] == "KOR"][["flag", "vessel_class", "visits"]].values.tolist()


def test_bunker_vessels_and_domestic_visits_are_left_out_and_ports_summed():
    rows = [{}, {"n_visits": "4"}, {"vessel_class": "bunker"}, {"type": "domestic", "flag": "KOR"}]
    assert korea(*rows) == [["CHN", "fishing", 7]]


def test_visits_under_other_flags_and_under_none_that_is_known_are_left_out():
    assert korea({"flag": ""}, {"flag": "TUV"}, {"n_visits": "2"}) == [["CHN", "fishing", 2]]
    assert set(gfw_psma_port_visits.tables(visits({}))["port_visits"]["port_state"]) == {"KOR"}


def test_american_dates_of_entry_into_force_are_read_month_first_and_differences_shown():
    frame = gfw_psma_port_visits.tables(visits({}))["port_state_measures_parties"].set_index("iso3")
    assert f"{frame.loc['JPN', 'in_force']:%Y-%m-%d}" == "2017-06-18"
    assert f"{frame.loc['KOR', 'in_force']:%Y-%m-%d}" == "2016-06-05"
    assert f"{frame.loc['KOR', 'in_force_older_list']:%Y-%m-%d}" == "2016-06-06"
    assert pd.isna(frame.loc["JPN", "in_force_older_list"])
    assert "GUM" not in frame.index


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (visits({"year": "2025"}), "2025; 2024 is expected"),
        (visits({"vessel_class": "tanker"}), "unknown value tanker"),
        (visits({}, {"is_psma_state": "0"}), "KOR is party in one row and not in another"),
        (visits({}, parties=b"iso3,Entry_into_force_date\nJPN,18/6/17\nKOR,1/1/16\nUSA,1/1/16\nCHN,1/1/16\n"),
         "'18/6/17' is no date month/day/year"),
        (visits({}, parties=b"iso3,Entry_into_force_date\nJPN,6/18/17\n"), "CHN, KOR, USA is missing"),
    ],
)
def test_damaged_port_visits_are_named(files, message):
    with pytest.raises(UpstreamError, match=message):
        gfw_psma_port_visits.tables(files)


# ---- logistics

NAMES = {"CHN": "China", "DEU": "Germany", "JPN": "Japan", "KOR": "Korea, Rep.", "RUS": "Russian Federation",
         "TUR": "Turkey", "USA": "United States", "VNM": "Vietnam"}
PARTS = ["Customs", "Infrastructure", "International shipments", "Logistics quality and competence", "Tracking and tracing",
         "Timeliness"]


def logistics(old=None, new=None, extra=None, head="Country") -> dict[str, bytes]:
    """A workbook of six editions and an archive of the seventh; tracking is 3.9 and timeliness 3.1 in both."""
    score = dict.fromkeys(PARTS, 3.5) | {"Tracking and tracing": 3.9, "Timeliness": 3.1}
    book = io.BytesIO()
    with pd.ExcelWriter(book) as sheets:
        for year in worldbank_lpi.EDITIONS:
            top = [None, None, "overall LPI score", None, "overall LPI rank"]
            under = [head, "Code", "score", "lower bound", "rank"]
            for part in PARTS:
                top, under = [*top, part, None], [*under, "score", "rank"]
            rows = [[(old or {}).get((code, year), name), code, 3.5, 3.4, 1, *[x for part in PARTS for x in (score[part], 1)]]
                    for code, name in NAMES.items()]
            pd.DataFrame([top, [None] * len(top), under, *rows]).to_excel(sheets, sheet_name=str(year), header=False,
                                                                         index=False)
    columns = {"Country": [(new or {}).get(code, name) for code, name in NAMES.items()], "LPI Score": 3.5, "LPI  Rank": 1}
    for part in reversed(PARTS):
        columns |= {f"{part.title()} Score": score[part], f"{part.title()} Rank": 1}
    if extra:
        columns |= {f"{extra} Score": 3.5}
    inner = io.BytesIO()
    pd.DataFrame(columns).to_excel(inner, sheet_name="2023", index=False)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr(worldbank_lpi.INNER, inner.getvalue())
    return {worldbank_lpi.OLD: book.getvalue(), worldbank_lpi.NEW: archive.getvalue()}


def test_components_are_found_by_heading_though_their_order_differs_between_editions():
    frame = worldbank_lpi.tables(logistics())["logistics_performance"]
    assert set(frame["tracking"]) == {3.9}
    assert set(frame["timeliness"]) == {3.1}


def test_the_rounded_edition_is_marked_and_has_no_bounds():
    frame = worldbank_lpi.tables(logistics())["logistics_performance"]
    assert set(frame.loc[frame["rounded"] == 1, "year"]) == {2023}
    assert frame.loc[frame["year"] == 2023, "low"].isna().all()
    assert set(frame.loc[frame["year"] == 2018, "low"]) == {3.4}


def test_names_that_an_edition_misspells_are_the_same_countries():
    frame = worldbank_lpi.tables(logistics(old={("KOR", 2016): "Korea, Rep,", ("KOR", 2007): "South Korea"},
                                           new={"TUR": "TC<rkiye"}))["logistics_performance"]
    assert frame[frame["iso3"] == "KOR"]["year"].nunique() == 7
    assert frame[frame["iso3"] == "TUR"]["year"].nunique() == 7


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (logistics(old={("KOR", 2014): "Corea"}), "sheet 2014, column Country: KOR not found"),
        (logistics(old={("KOR", 2014): "Japan", ("JPN", 2014): "Korea, Rep."}), "has code"),
        (logistics(head="Land"), "begins with 'Land'"),
        (logistics(extra="Charm"), "unknown heading 'Charm'"),
        (logistics() | {worldbank_lpi.OLD: b"PK"}, "sheet '2007': cannot be read"),
        (logistics() | {worldbank_lpi.NEW: b"no archive"}, "The download is damaged"),
    ],
)
def test_a_damaged_logistics_file_is_named(files, message):
    with pytest.raises(UpstreamError, match=message):
        worldbank_lpi.tables(files)


# ---- Gapminder's copy


def copy(volume=18_000_000, geo="kor", extra=b"") -> dict[str, bytes]:
    g = gapminder_sipri
    lines = {g.BURDEN: f"jpn,2020,1.0\n{geo},2020,2.6\nusa,2020,3.7\n"}
    lines |= {name: f"jpn,2020,{volume}\n{geo},2020,5000000\nusa,2020,1000000\n" for name in (g.EXPORTS, g.IMPORTS)}
    return {f"{name}.csv": f"geo,time,{name}\n{body}".encode() + extra for name, body in lines.items()}


def test_volumes_of_the_copy_are_turned_into_millions():
    frame = gapminder_sipri.tables(copy())["arms_trade_totals"].set_index("iso3")
    assert frame.loc["JPN", ["exports_tiv", "imports_tiv"]].tolist() == [18, 18]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (copy(volume=18), "not whole millions"),
        (copy(geo="skr"), "KOR is missing"),
        (copy(extra=b"jpn,2020,1000000\n"), "JPN 2020 is there twice"),
        (copy(volume="many"), "'many' is no number"),
    ],
)
def test_a_damaged_copy_is_named(files, message):
    with pytest.raises(UpstreamError, match=message):
        gapminder_sipri.tables(files)


# ---- facts collected by hand


def curated(change=None) -> dict[str, bytes]:
    files = {name: (CURATED / name).read_bytes() for name in (capabilities.ASSETS, capabilities.FACTS)}
    for name, old, new in change or ():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    return files


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((capabilities.ASSETS, b"2015-03-31,day", b"2015-03-31,month"), "id CA002: date and date_precision do not agree"),
        ((capabilities.ASSETS, b"delivered,E-767", b"in-service,E-767"), "id CA011: deliveries, and they alone"),
        ((capabilities.ASSETS, b"CA002", b"CA001"), "row 3, id CA001: the id is missing or there twice"),
        ((capabilities.ASSETS, b"all types", b"<script>"), "id CA031: a text begins like a formula or holds a tag"),
        ((capabilities.ASSETS, b"Osumi class", b"=HYPERLINK(1)"), "id CA072: a text begins like a formula"),
        ((capabilities.FACTS, b",C,one-source", b",C,two-sources"), "id CF01: checked says two sources"),
        ((capabilities.FACTS, b"relation", b"sign"), "lacks column relation and has unknown column sign"),
    ],
)
def test_a_damaged_row_collected_by_hand_is_named(change, message):
    with pytest.raises(UpstreamError, match=message):
        capabilities.tables(curated([change]))


def test_a_value_that_is_no_number_is_named():
    with pytest.raises(UpstreamError, match="column value: 'many' is no number"):
        capabilities.tables(curated([(capabilities.FACTS, b",3.93,", b",many,")]))
