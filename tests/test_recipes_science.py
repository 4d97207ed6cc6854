"""Recipes on chips, cyber incidents, research, patents, AI models, health security and climate: traps and damaged files."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from trilateral.recipes import (
    epoch_notable_ai_models,
    eto_chip_supply_chain,
    eurepoc_dashboard,
    eurepoc_global,
    gapminder_sg_tech,
    ghs_index,
    itu_gci,
    ndgain_2025,
    owid_ghg_sectors,
    uis_rd_spending,
)
from trilateral.recipes.countries import ISO3_OF_NAME, NAMES
from trilateral.recipes.reading import UpstreamError


def as_csv(rows, columns=None, encoding="utf-8") -> bytes:
    out = io.StringIO()
    pd.DataFrame(rows, columns=columns).to_csv(out, index=False)
    return out.getvalue().encode(encoding)


def refused(make, message):
    with pytest.raises(UpstreamError, match=message):
        make()


# ---- chips

SIZE = eto_chip_supply_chain.SIZE
MARKETS = [  # id, name, type, stage, size
    ("N1", "Etch and clean", "process", "S2", None),
    ("N2", "Etch and clean tools", "tool_resource", None, "$30 billion (2025)"),
    ("N3", "Dry tools", "tool_resource", None, "$20 billion (2025)"),
    ("N4", "Wet tools", "tool_resource", None, "$500 million (2025)"),
    ("N5", "Plasma tools", "tool_resource", None, "$9 billion (2025)"),
    ("N6", "EDA and Core IP", "process", "S1", None),
    ("N7", "Design software", "tool_resource", None, "$7 billion (2019)"),
    ("N8", "Logic chips", "design_resource", None, "$250 billion (2022)"),
    ("N9", "Graphics chips", "design_resource", None, "$56 billion (microprocessors) (2019)"),
    ("N10", "Resist", "material_resource", None, "$3 billion (all photoresists)"),
    ("N11", "Chip design", "process", "S1", None),
]
LINKS = [  # id, goes into, is type of
    ("N2", "N1", None), ("N3", "N2", None), ("N4", "N2", None),  # tools into tools: sub-markets without is_type_of
    ("N5", None, "N3"), ("N7", "N6", None), ("N8", "N11", None), ("N9", None, "N8"), ("N10", "N1", None), ("N6", "N11", None),
    ("N11", "N1", None),
]
FIRMS = [
    ("USA", None, "P1", "country", None), ("JPN", None, "P2", "country", None),
    ("Various countries", None, "P3", "country", None),
    ("Acme", None, "P4", "organization", "USA"), ("Acme", "Acme Works", "P4", "organization", "USA"),
    ("Kanon", None, "P5", "organization", "JPN"),
]
SHARES = [  # provider, market, share, year
    *[("P1", market, "60", "2025") for market in ("N2", "N3", "N4", "N5")],
    *[("P2", market, "40", "2025") for market in ("N2", "N3", "N4", "N5")],
    *[("P4", market, "60", "2025") for market in ("N2", "N3", "N4", "N5")],
    *[("P5", market, "39.5", "2025") for market in ("N2", "N3", "N4", "N5")],
    ("P1", "N7", "98", "2019"), ("P3", "N7", "4", "2019"), ("P1", "N8", "100", "2022"), ("P1", "N9", None, "2019"),
    ("P2", "N10", None, "2019"), ("P1", "N10", None, "2019"), ("P1", "S2", "70", "2022"), ("P3", "S2", "30", "2022"),
]


def chips(markets=MARKETS, links=LINKS, firms=FIRMS, shares=SHARES):
    stages = [("S1", "Design", "$574 billion (2022)"), ("S2", "Fabrication", None), ("S3", "Assembly", None)]
    files = {
        "inputs.csv": as_csv([(*row[:4], "2025", row[4]) for row in markets],
                             ["input_id", "input_name", "type", "stage_id", "year", SIZE]),
        "providers.csv": as_csv(firms, ["provider_name", "alias", "provider_id", "provider_type", "country"]),
        "provision.csv": as_csv(shares, ["provider_id", "provided_id", "share_provided", "year"]),
        "sequence.csv": as_csv(links, ["input_id", "goes_into_id", "is_type_of_id"]),
        "stages.csv": as_csv(stages, ["stage_id", "stage_name", SIZE]),
    }
    return eto_chip_supply_chain.tables(files)


@pytest.fixture(scope="module")
def chip_markets():
    return chips()["chip_markets"].set_index("market_id")


def test_a_market_that_others_divide_is_left_out_whichever_way_the_file_links_them(chip_markets):
    assert {"N4", "N5"} <= set(chip_markets.index)
    assert not {"N2", "N3"} & set(chip_markets.index)


def test_a_market_with_shares_stays_when_its_parts_have_none(chip_markets):
    assert chip_markets.loc["N8", "shares_given"] == 1
    assert chip_markets.loc["N9", "shares_given"] == 0


def test_a_supplier_without_a_share_is_empty_and_not_zero():
    shares = chips()["chip_suppliers"].set_index(["market_id", "supplier"])["share_percent"]
    assert pd.isna(shares["N10", "JPN"])
    assert not (shares == 0).any()


def test_companies_are_not_suppliers_of_their_own():
    assert set(chips()["chip_suppliers"]["supplier"]) == {"USA", "JPN", "various"}


def test_the_year_of_a_market_is_its_own(chip_markets):
    assert chip_markets.loc["N10", "year"] == 2019
    assert chip_markets.loc["N4", "year"] == 2025


def test_a_size_that_measures_another_market_is_empty(chip_markets):
    assert chip_markets.loc[["N4", "N7"], "size_usd_million"].tolist() == [500, 7000]
    assert chip_markets.loc[["N9", "N10"], "size_usd_million"].isna().all()


def test_design_software_is_no_tool_and_stands_in_design(chip_markets):
    assert chip_markets.loc["N7", ["kind", "stage"]].tolist() == ["software", "design"]
    assert chip_markets.loc["N5", ["kind", "stage"]].tolist() == ["tool", "fabrication"]


def test_shares_that_do_not_add_up_stop_the_recipe():
    lost = [row for row in SHARES if row[:2] != ("P2", "N4")]
    refused(lambda: chips(shares=lost), r"shares of nations in N4 add up to 60\.0")


def test_shares_of_two_years_in_one_market_stop_the_recipe():
    mixed = [("P1", "N4", "60", "2024") if row[:2] == ("P1", "N4") else row for row in SHARES]
    refused(lambda: chips(shares=mixed), r"provision\.csv, column year: rows of N4 are of several years")


def test_shares_by_place_of_production_stop_the_recipe():
    swapped = [(dict(P1="P2", P2="P1").get(who, who), *rest) for who, *rest in SHARES]
    refused(lambda: chips(shares=swapped), "may now follow the place of production")


def test_an_unknown_nation_of_suppliers_is_named():
    firms = [*FIRMS, ("ATL", None, "P9", "country", None)]
    refused(lambda: chips(firms=firms, shares=[*SHARES, ("P9", "N4", "0.1", "2025")]), "unknown value ATL")


def test_files_of_two_releases_stop_the_recipe():
    refused(lambda: chips(shares=[*SHARES, ("P1", "N77", "100", "2025")]), "N77 is in none of .*one release")


# ---- cyber incidents

INCIDENT = ["ID", "start_date", "receiver_country", "incident_type", "initiator_country", "initiator_category",
            "initiator_name"]
AFFILIATED, NOT_KNOWN = "Non-state actor, state-affiliation suggested", "Unknown - not attributed"
DPRK = "Korea, Democratic People's Republic of"
EVERYONE = [(str(100 + place), "2010-01-01", name, "Disruption", "Unknown", NOT_KNOWN)
            for place, name in enumerate(eurepoc_dashboard.RECEIVERS)]
EVERY_STATE = [(str(200 + place), "2010-01-01", "Japan", "Disruption", name, "State")
               for place, name in enumerate(eurepoc_dashboard.STATES)]
ROWS = [
    ("1", "2019-05-01", "Japan", "Data theft & Doxing", "China", "State"),
    ("1", "2019-05-01", "Japan", "Ransomware", "China", AFFILIATED),
    ("1", "2019-05-01", "Korea, Republic of", "Data theft & Doxing", "China", "State"),
    ("1", "2019-05-01", "Peru", "Data theft & Doxing", "China", "State"),
    ("2", None, "United States", "Not available", "Not available", NOT_KNOWN),
    ("2", None, "United States", "Not available", DPRK, AFFILIATED),
    ("3", "2020-02-02", "United States", "Disruption", None, None),
    ("4", "2020-02-02", "Peru", "Disruption", "China", "State"),
    ("5", "2020-02-02", "Taiwan", "Hijacking with Misuse", "Lebanon", "Individual hacker(s)"),
]


def cyber(rows=None, name=None):
    rows = [*EVERYONE, *EVERY_STATE, *ROWS] if rows is None else rows
    return eurepoc_dashboard.tables({eurepoc_dashboard.FILE: as_csv([(*row, name) for row in rows], INCIDENT)})


def test_an_incident_with_many_rows_counts_once():
    receivers = cyber()["cyber_incident_receivers"]
    assert receivers.loc[receivers["incident_id"] == 1, "iso3"].tolist() == ["JPN", "KOR"]


def test_an_incident_against_other_countries_is_left_out():
    for table in cyber().values():
        assert 4 not in set(table["incident_id"])


def test_the_closest_tie_to_a_state_counts_once_an_incident_and_country():
    made = cyber()["cyber_incident_initiators"].set_index(["incident_id", "initiator"])["category"]
    assert made.loc[1].to_dict() == {"CHN": "state"} and made.index.is_unique


def test_an_unknown_initiator_yields_to_a_known_one():
    made = cyber()["cyber_incident_initiators"]
    assert made.loc[made["incident_id"] == 2, "initiator"].tolist() == ["PRK"]
    assert made.loc[made["incident_id"] == 3, ["initiator", "category"]].to_numpy().tolist() == [["unknown", "unknown"]]
    assert made.loc[made["incident_id"] == 5, "initiator"].tolist() == ["other"]


def test_an_incident_without_a_date_has_no_year():
    years = cyber()["cyber_incident_receivers"].set_index("incident_id")["start_year"]
    assert pd.isna(years[2]) and years[1].tolist() == [2019, 2019]


def test_two_years_of_one_incident_stop_the_recipe():
    moved = ("1", "2018-12-31", *ROWS[0][2:])
    refused(lambda: cyber([*EVERYONE, *EVERY_STATE, *ROWS, moved]), "incident 1 begins in several years")


def test_names_of_the_attackers_do_not_reach_the_tables():
    for table in cyber(name="<b>Group</b>").values():
        assert not table.astype(str).eq("<b>Group</b>").any().any()


def test_a_country_hit_that_is_spelled_anew_is_named():
    rows = [(*row[:2], row[2].replace("Korea, Republic of", "South Korea"), *row[3:])
            for row in [*EVERYONE, *EVERY_STATE, *ROWS]]
    refused(lambda: cyber(rows), "no incident with Korea, Republic of")


def test_an_initiator_that_is_spelled_anew_does_not_fall_among_the_others():
    rows = [(*row[:4], "North Korea" if row[4] == DPRK else row[4], row[5]) for row in [*EVERYONE, *EVERY_STATE, *ROWS]]
    refused(lambda: cyber(rows), "column initiator_country: no incident with Korea, Democratic")


def test_an_unknown_category_is_named():
    known = [*EVERYONE, *EVERY_STATE]
    refused(lambda: cyber([*known, ("9", None, "Japan", "Disruption", "China", "Robot")]), "unknown value Robot")


def test_an_incident_without_a_number_is_named():
    refused(lambda: cyber([*EVERYONE, *EVERY_STATE, ("=1+1", None, "Japan", "Disruption", "China", "State")]), "'=1\\+1' is no")


FIRST = [("1", "2019-01-01", "['China', 'China']"), ("2", None, f'["{DPRK}", \'Russia\']'), ("3", "2020-01-01", None),
         ("4", "2020-01-01", "['Unknown', 'Not available']"), ("5", "2020-01-01", "['Iran, Islamic Republic of']")]
HIT = [("1", "Japan"), ("1", "Japan"), ("2", "Japan"), ("3", "Japan"), ("4", "Japan"),
       *[("5", name) for name in eurepoc_dashboard.RECEIVERS], ("5", "Peru")]


def first_release(rows=FIRST, hit=HIT):
    return eurepoc_global.tables({
        eurepoc_global.GLOBAL: as_csv(rows, ["ID", "start_date", "initiator_country"]),
        eurepoc_global.RECEIVER: as_csv(hit, ["ID", "receiver_country"]),
    })["cyber_incidents_first_release"].set_index(["incident_id", "iso3"])


def test_lists_in_cells_are_read_with_their_commas_and_apostrophes():
    flags = first_release().xs("JPN", level="iso3")[["chn", "prk", "rus", "irn", "unknown"]]
    assert flags.to_numpy().tolist() == [[1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0]]


def test_rows_of_the_first_release_are_one_an_incident_and_country():
    assert first_release().index.is_unique and len(first_release()) == 4 + len(eurepoc_dashboard.RECEIVERS)


def test_a_cell_that_is_no_list_is_shown():
    refused(lambda: first_release([*FIRST, ("9", None, "China")]), "'China' of incident 9 is no list")


def test_an_incident_with_two_rows_stops_the_first_release():
    refused(lambda: first_release([*FIRST, FIRST[0]]), "incident 1 has two rows")


def test_a_sponsor_that_the_first_release_spells_anew_is_named():
    refused(lambda: first_release([row for row in FIRST if row[0] != "2"], [row for row in HIT if row[0] != "2"]),
            "PRK, RUS not found")


# ---- cybersecurity index

GCI_HEADER = "Country,2014,Globa Rank,2017,Global Rank,2018,Global Rank,2020,Global Rank,2024,Global Rank,\n"


def name_of(iso3):
    return next(name for name in NAMES[iso3] if "," not in name)


def gci(header=GCI_HEADER, japan="0.7,5,0.8,11,0.9,14,97.8,7,97.6,18", others="0.7,5,#N/A,#N/A,0.9,14,100,1,99,1"):
    lines = [f"{name_of(iso3)},{japan if iso3 == 'JPN' else others}," for iso3 in itu_gci.COUNTRIES]
    return itu_gci.tables({itu_gci.FILE: (header + "\n".join(lines) + "\n").encode()})["cybersecurity_index"]


def test_the_older_editions_are_brought_to_the_scale_of_the_newer():
    japan = gci().query("iso3 == 'JPN'").set_index("year")
    assert japan["score"].to_dict() == {2014: 70, 2017: 80, 2018: 90, 2020: 97.8, 2024: 97.6}


def test_a_rank_is_that_of_the_edition_on_its_left():
    assert gci().query("iso3 == 'JPN'").set_index("year")["rank"].to_dict() == {2014: 5, 2017: 11, 2018: 14, 2020: 7, 2024: 18}


def test_an_edition_without_a_score_has_no_row():
    assert not ((gci()["iso3"] == "KOR") & (gci()["year"] == 2017)).any()


def test_an_edition_on_another_scale_stops_the_recipe():
    refused(lambda: gci(japan="70,5,0.8,11,0.9,14,97.8,7,97.6,18"), "column 2014: the highest score is 70")
    refused(lambda: gci(japan="0.7,5,0.8,11,0.9,14,0.98,7,97.6,18", others="0.7,5,0.8,1,0.9,14,0.9,1,99,1"), "column 2020")


def test_swapped_columns_of_score_and_rank_stop_the_recipe():
    swapped = GCI_HEADER.replace("2017,Global Rank,2018", "Global Rank,2017,2018")
    refused(lambda: gci(header=swapped), "pairs of edition and rank")


# ---- AI models


def models(rows, pad=True):
    more = [(f"m{n}", "United States of America", "2001-01-01") for n in range(epoch_notable_ai_models.AT_LEAST)] if pad else []
    raw = as_csv([*rows, *more], ["Model", epoch_notable_ai_models.COUNTRY, "Publication date"])
    return epoch_notable_ai_models.tables({epoch_notable_ai_models.FILE: raw})["ai_models"]


def test_a_country_counts_once_a_model_and_the_set_has_one_order():
    made = models([("a", "Korea (Republic of),Japan,Korea (Republic of)", "2020-01-02"),
                   ("b", "Japan,Korea (Republic of)", "2020-05-05")]).query("year == 2020")
    assert made[["countries", "models", "jpn", "kor", "usa"]].to_numpy().tolist() == [["JPN KOR", 2, 1, 1, 0]]


def test_multinational_is_no_country_and_no_country_is_no_row():
    made = models([("a", "Multinational,Japan", "2020-01-02"), ("b", None, "2020-01-02"), ("c", "Multinational", "2020-01-02")])
    assert made.query("year == 2020")["countries"].tolist() == ["JPN"]


def test_hong_kong_stays_apart_from_china():
    assert models([("a", "China,Hong Kong", "2020-01-02")]).query("year == 2020")["countries"].tolist() == ["CHN HKG"]


def test_a_country_of_models_that_is_not_known_is_named():
    refused(lambda: models([("a", "Atlantis", "2020-01-02")]), "unknown value Atlantis")


def test_a_model_listed_twice_or_a_short_file_stops_the_recipe():
    refused(lambda: models([("a", "Japan", "2020-01-02"), ("a", "Japan", "2020-01-02")]), "'a' is listed twice")
    refused(lambda: models([("a", "Japan", "2020-01-02")], pad=False), "1 models, at least 800")


# ---- research


def research(last=None, extra=()):
    files = {}
    for place, (name, (column, _, _)) in enumerate(uis_rd_spending.COLUMNS.items()):
        rows = [("x", iso3, str(year), "2.123456") for iso3, years in uis_rd_spending.LAST.items()
                for year in (1996, (last or {}).get((name, iso3), years[place]))]
        files[name] = as_csv([*rows, *extra], ["Entity", "Code", "Year", column])
    return uis_rd_spending.tables(files)["research_inputs"]


def test_the_two_series_end_in_their_own_years():
    made = research().set_index(["iso3", "year"])
    assert made.loc[("USA", 2021), "spending_gdp_percent"] == 2.12346
    assert pd.isna(made.loc[("USA", 2021), "researchers_per_million"])
    assert pd.isna(made.loc[("USA", 2017), "spending_gdp_percent"])


def test_a_series_that_ends_earlier_or_later_is_reported():
    name = uis_rd_spending.SPENDING
    refused(lambda: research({(name, "KOR"): 2020}), "KOR ends in 2020, not in 2021.*cut short")
    refused(lambda: research({(name, "KOR"): 2023}), "KOR ends in 2023, not in 2021.*newer release")


def test_country_groups_of_research_have_no_row_and_doubled_rows_stop_it():
    assert set(research(extra=[("High-income countries", None, "2020", "3")])["iso3"]) == set(uis_rd_spending.LAST)
    refused(lambda: research(extra=[("Korea", "KOR", "1996", "3")]), "two rows for KOR in 1996")


# ---- patents and exports


def gapminder(share="20.123456", drop=None, cell="7", header="geo,time"):
    files = {}
    for name in (*gapminder_sg_tech.PATENTS.values(), gapminder_sg_tech.EXPORTS):
        value = share if name == gapminder_sg_tech.EXPORTS else cell
        iso3s = {*gapminder_sg_tech.OFFICES, *gapminder_sg_tech.EXPORTERS} - {drop}
        lines = [f"{header},{name}", *(f"{code.lower()},2020,{value}" for code in sorted(iso3s))]
        files[f"{name}.csv"] = "\n".join(lines).encode()
    return gapminder_sg_tech.tables(files)


def test_patents_are_counts_and_exports_percent():
    made = gapminder()
    assert made["patents"].query("iso3 == 'JPN'")[["applications", "granted", "in_force"]].to_numpy().tolist() == [[7, 7, 7]]
    assert made["high_technology_exports"]["manufactured_export_percent"].eq(20.12).all()


def test_exports_as_fractions_stop_the_recipe():
    refused(lambda: gapminder(share="0.2"), "no longer percent")


def test_a_lost_office_and_a_changed_header_are_named():
    refused(lambda: gapminder(drop="KOR"), "column geo: KOR not found")
    refused(lambda: gapminder(header="country,time"), "lacks column geo and has unknown column country")


def test_a_formula_in_a_number_stops_the_recipe():
    refused(lambda: gapminder(cell="=1+1"), "'=1\\+1' is no number")


# ---- health security

GHS_COLUMNS = ["Country", "Year", "OVERALL SCORE", "1) PREVENTION", "1.1) Resistance", "2) EARLY DETECTION", "2.5) Case-based",
               "2.5.1) Contact tracing", "2.5.1a) Support", "2.5.2) Points of entry", "3) RESPONSE", "4) HEALTH", "5) NORMS",
               "6) RISK"]


def health(score="50", rows=None, columns=GHS_COLUMNS, encoding="utf-8-sig"):
    rows = rows or [(name_of(iso3), year, score, *[str(place) for place in range(len(columns) - 3)])
                    for iso3 in ghs_index.COUNTRIES for year in ("2019", "2021")]
    return ghs_index.tables({ghs_index.FILE: as_csv(rows, columns, encoding)})["health_security_index"]


def test_indicators_are_found_by_number_and_not_taken_for_their_parts():
    scores = health().query("iso3 == 'JPN' and year == 2021").set_index("measure")["score"].to_dict()
    assert scores == {"overall": 50, "prevention": 0, "detection": 2, "case_investigation": 3, "contact_tracing": 4,
                      "point_of_entry": 6, "response": 7, "health_system": 8, "commitments": 9, "risk_environment": 10}


def test_a_health_score_beyond_100_or_a_fraction_scale_stops_the_recipe():
    refused(lambda: health(score="101"), "score 101.0 does not fit")
    fractions = [(name_of(iso3), year, *["0.5"] * (len(GHS_COLUMNS) - 2))
                 for iso3 in ghs_index.COUNTRIES for year in (2019, 2021)]
    refused(lambda: health(rows=fractions), "score 0.5 does not fit")


def test_a_lost_indicator_and_a_lost_country_year_are_named():
    refused(lambda: health(columns=[*GHS_COLUMNS[:-1], "7) RISK"]), r"0 columns begin with '6\)'")
    rows = [(name_of(iso3), "2021", *["5"] * (len(GHS_COLUMNS) - 2)) for iso3 in ghs_index.COUNTRIES]
    refused(lambda: health(rows=rows), "one in each of")


def test_a_health_file_in_another_encoding_stops_the_recipe():
    rows = [("Türkiye", "2021", *["5"] * (len(GHS_COLUMNS) - 2))]
    refused(lambda: health(rows=rows, encoding="latin-1"), "another encoding")


# ---- emissions


def emissions(factor=1e6, drop=None, change=None):
    rows = []
    for iso3 in (*owid_ghg_sectors.COUNTRIES, "OWID_WRL"):
        area = "World" if iso3 == "OWID_WRL" else iso3
        for sector in owid_ghg_sectors.SECTORS:
            value = (change or {}).get((iso3, sector), 500 * factor)
            if (iso3, sector) != drop:
                rows.append((iso3, area, "2020", sector, value))
    rows.append(("AND", "Andorra", "2020", "Buildings", "NA"))
    raw = as_csv(rows, ["ISO3", "Area", "Year", "Sector", "tCO2eq"], "utf-8-sig")
    return owid_ghg_sectors.tables({owid_ghg_sectors.FILE: raw})["greenhouse_gas_emissions"]


def test_tonnes_become_million_tonnes_and_the_world_stands_beside():
    row = emissions(change={("OWID_WRL", "Transport"): 8e9}).query("iso3 == 'JPN' and sector == 'transport'").iloc[0]
    assert (row["million_tonnes"], row["world"]) == (500, 8000)


def test_bunkers_and_land_use_keep_their_own_sector():
    made = emissions(change={("KOR", "Land use change and forestry"): -4e7}).query("iso3 == 'KOR'").set_index("sector")
    assert made.loc["land_use", "million_tonnes"] == -40
    assert owid_ghg_sectors.BUNKERS in made.index


def test_another_unit_a_negative_sector_and_a_lost_sector_stop_the_recipe():
    refused(lambda: emissions(factor=1e3), "no longer tonnes")
    refused(lambda: emissions(change={("KOR", "Transport"): -1e6}), "KOR, 2020, Transport.*below zero")
    refused(lambda: emissions(drop=("KOR", "Waste")), "KOR has 10 of 11 sectors in 2020")
    refused(lambda: emissions(change={("KOR", "Waste"): "NA"}), "KOR has 10 of 11 sectors in 2020")


# ---- climate adaptation


def adaptation(swap=False, keep=None):
    rows = []
    for place, iso3 in enumerate(ndgain_2025.COUNTRIES):
        readiness, vulnerability = 0.3 + place / 1000, 0.5 - place / 1000
        rows.append((iso3, 50 * (readiness + 1 - vulnerability), 1, vulnerability, 1, readiness, place + 1))
    columns = ["ISO3", "index", "rank", "vulnerability", "rankV", "readiness", "rankR"]
    if swap:
        columns[3], columns[5] = columns[5], columns[3]
    rows = [*rows[:keep], ("AND", "NA", "NA", "NA", "NA", 0.99, 192)]
    made = ndgain_2025.tables({ndgain_2025.FILE: as_csv(rows, columns, "utf-8-sig")})
    return made["climate_adaptation_index"].set_index("iso3")


def test_swapped_columns_and_a_short_file_stop_the_adaptation_index():
    refused(lambda: adaptation(swap=True), "is not 50 x")
    refused(lambda: adaptation(keep=5), "not found. The file is cut short")


# ---- all of them

SINGLE = [(epoch_notable_ai_models, epoch_notable_ai_models.FILE), (ghs_index, ghs_index.FILE), (itu_gci, itu_gci.FILE),
          (ndgain_2025, ndgain_2025.FILE), (owid_ghg_sectors, owid_ghg_sectors.FILE),
          (uis_rd_spending, uis_rd_spending.SPENDING),
          (eurepoc_dashboard, eurepoc_dashboard.FILE), (eurepoc_global, eurepoc_global.GLOBAL),
          (eto_chip_supply_chain, eto_chip_supply_chain.INPUTS),
          (gapminder_sg_tech, f"{gapminder_sg_tech.PATENTS['applications']}.csv")]


@pytest.mark.parametrize(("recipe", "file"), SINGLE, ids=lambda value: getattr(value, "__name__", ""))
def test_an_empty_and_a_foreign_file_are_refused_by_name(recipe, file):
    for raw in (b"", b"a,b\n1,2\n", b"<html>Not found</html>\n"):
        with pytest.raises(UpstreamError, match=file.replace(".", r"\.")):
            recipe.tables({file: raw})


def test_the_names_of_countries_used_here_are_known():
    assert ISO3_OF_NAME["Korea (the Republic of)"] == "KOR"


def test_a_cell_that_is_no_number_is_named_with_file_and_row():
    raw = b"ISO3,index,rank,vulnerability,rankV,readiness,rankR\nJPN,65,19,0.4,54,0.7,179\nKOR,6x,1,1,1,1,1\n"
    refused(lambda: ndgain_2025.tables({ndgain_2025.FILE: raw}), r"ndgain_202508\.csv, row 3, column index: '6x' is no number")
    refused(lambda: gapminder(cell="7.5 million"), r"\.csv, row 2, column patent_applications_total: '7\.5 million' is no")
    rows = [*EVERYONE, *EVERY_STATE, ("9", "soon", "Japan", "Disruption", "China", "State")]
    refused(lambda: cyber(rows), r"dashboard_initiators_data\.csv, row \d+, column start_date: 'soon' is no whole number")
