"""Recipes of aid, climate finance and disasters: their traps, and damaged input."""

from __future__ import annotations

import io

import pandas as pd
import pyreadr
import pytest

from trilateral.recipes import (
    gapminder_emdat,
    inform_risk_2025,
    noaa_significant_earthquakes,
    oecd_crs_climate_oda,
    oecd_dac2a_oda,
    one_health_oda,
    one_oda_donors,
    owid_emdat,
)
from trilateral.recipes.countries import (
    DAC,
    DISASTER_PANEL,
    INDO_PACIFIC,
    INDO_PACIFIC_SUBREGIONS,
    ISO3_OF_DAC_CODE,
    NAMES,
    PANEL,
)
from trilateral.recipes.owid_entities import CODES, ISO3_OF_ENTITY
from trilateral.recipes.reading import UpstreamError, rda

OECD_NAME = {"KOR": "Korea", "PRK": "Democratic People's Republic of Korea", "CHN": "China (People's Republic of)",
             "LAO": "Lao People's Democratic Republic", "VNM": "Viet Nam", "SVK": "Slovak Republic"}


def oecd(iso3: str) -> str:
    return OECD_NAME.get(iso3, NAMES[iso3][0])


def as_csv(rows, columns) -> bytes:
    return pd.DataFrame(rows, columns=columns).to_csv(index=False).encode()


# ---- the region


def test_every_recipient_of_the_indo_pacific_is_in_one_subregion_only():
    assert len(INDO_PACIFIC) == sum(len(codes) for codes in INDO_PACIFIC_SUBREGIONS.values())
    assert not set(INDO_PACIFIC) & set(DAC)
    assert [INDO_PACIFIC[c] for c in ("VNM", "IND", "FJI", "CHN", "PAK")] == [
        "southeast-asia", "south-asia", "pacific", "east-asia", "afghanistan-pakistan"
    ]


def test_every_donor_and_recipient_has_one_number_of_the_code_list():
    assert sorted(ISO3_OF_DAC_CODE.values()) == sorted([*DAC, *INDO_PACIFIC])
    assert [ISO3_OF_DAC_CODE[n] for n in (302, 701, 742, 740)] == ["USA", "JPN", "KOR", "PRK"]


# ---- OECD, table DAC2a

GROSS, GRANTS = "Memo: ODA Total, Gross disbursements", "Grants, Total"
DAC2A_COLUMNS = ["Recipient", "Donor", "Aid type", "Amount type", "Year", "Value"]


def dac2a_rows():
    """One gross amount and one grant of 1 for each donor and each recipient."""
    pairs = [("Nepal", oecd(donor)) for donor in DAC]
    pairs += [(oecd(recipient), "Japan") for recipient in INDO_PACIFIC if recipient not in ("FSM", "NPL")]
    return [[*pair, kind, oecd_dac2a_oda.PRICES, 2022.0, 1.0] for pair in pairs for kind in (GROSS, GRANTS)]


def dac2a(tmp_path, rows, columns=DAC2A_COLUMNS):
    path = tmp_path / "OECD.rda"
    pyreadr.write_rdata(str(path), pd.DataFrame(rows, columns=columns), df_name="OECD")
    return {oecd_dac2a_oda.FILE: path.read_bytes()}


def row(recipient, donor, kind, value, year=2022.0, prices=oecd_dac2a_oda.PRICES):
    return [recipient, donor, kind, prices, year, value]


def test_korea_gives_and_north_korea_receives(tmp_path):
    rows = [*dac2a_rows(), row(OECD_NAME["PRK"], "Korea", GROSS, 7.0), row(OECD_NAME["PRK"], "Korea", GRANTS, 7.0)]
    frame = oecd_dac2a_oda.tables(dac2a(tmp_path, rows))["aid_disbursements"]
    found = frame[(frame["donor"] == "KOR") & (frame["recipient"] == "PRK")]
    assert found["gross_2022_usd_million"].tolist() == [7.0]
    assert "PRK" not in set(frame["donor"]) and "KOR" not in set(frame["recipient"])


def test_net_amounts_which_lack_the_negative_ones_are_not_taken(tmp_path):
    rows = [*dac2a_rows(), row("Nepal", "Japan", "ODA: Total Net", 99.0)]
    frames = oecd_dac2a_oda.tables(dac2a(tmp_path, rows))
    for frame in frames.values():
        assert not [column for column in frame.columns if "net" in column.split("_")]
        assert frame.select_dtypes("float").max(axis=None) < 99


def test_a_negative_amount_stops_the_recipe_for_net_amounts_may_then_be_complete(tmp_path):
    with pytest.raises(UpstreamError, match=r"an amount of -1\.0.*positive amounts only"):
        oecd_dac2a_oda.tables(dac2a(tmp_path, [*dac2a_rows(), row("Nepal", "Japan", "Humanitarian Aid", -1.0)]))


def test_aid_through_multilateral_organizations_is_no_part_of_gross_aid(tmp_path):
    rows = [*dac2a_rows(), row("Fiji", "Japan", "Imputed Multilateral ODA", 5.0),
            row("Fiji", "United States", "Imputed Multilateral ODA", 2.0)]
    frames = oecd_dac2a_oda.tables(dac2a(tmp_path, rows))
    assert set(frames["aid_disbursements"]["gross_2022_usd_million"]) == {1.0}
    region = frames["aid_by_region"].set_index(["donor", "subregion"])
    assert region.loc[("JPN", "pacific"), "imputed_multilateral_2022_usd_million"] == 5
    assert pd.isna(region.loc[("USA", "pacific"), "gross_2022_usd_million"])


def test_countries_elsewhere_are_summed_as_other_and_not_listed(tmp_path):
    rows = dac2a_rows()
    rows += [row(name, "Japan", kind, 4.0) for name in ("Kenya", "Peru") for kind in (GROSS, GRANTS)]
    frames = oecd_dac2a_oda.tables(dac2a(tmp_path, rows))
    region = frames["aid_by_region"].set_index(["donor", "subregion"])["gross_2022_usd_million"]
    assert region["JPN", "other"] == 8
    assert region["JPN", "east-asia"] == 3
    assert len(frames["aid_disbursements"]) == len(DAC) + len(INDO_PACIFIC) - 2


def test_a_recipient_that_is_spelled_in_a_new_way_is_named(tmp_path):
    rows = [[cell.replace("Viet Nam", "Việt Nam") if isinstance(cell, str) else cell for cell in r] for r in dac2a_rows()]
    with pytest.raises(UpstreamError, match="column Recipient: VNM not found under a known name"):
        oecd_dac2a_oda.tables(dac2a(tmp_path, rows))


def test_grants_and_loans_that_do_not_add_up_are_named(tmp_path):
    rows = [*dac2a_rows(), row("Fiji", "France", GROSS, 5.0), row("Fiji", "France", "ODA Gross Loans", 3.0)]
    with pytest.raises(UpstreamError, match=r"FRA to FJI, 2022: grants and loans do not add up to the gross amount 5\.0"):
        oecd_dac2a_oda.tables(dac2a(tmp_path, rows))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (row("Nepal", "Japan", GROSS, 1.0, prices="Current Prices (USD millions)"), "unknown value Current Prices"),
        (row("Nepal", "Japan", "Grant Equivalent", 1.0), "column Aid type: unknown value Grant Equivalent"),
        (row("Nepal", "Japan", GROSS, 1.0), "JPN to NPL, 2022: gross_2022_usd_million occurs twice"),
    ],
)
def test_other_prices_types_and_doubled_amounts_are_refused(tmp_path, extra, message):
    with pytest.raises(UpstreamError, match=message):
        oecd_dac2a_oda.tables(dac2a(tmp_path, [*dac2a_rows(), extra]))


def test_a_new_column_of_the_aid_file_is_named(tmp_path):
    rows = [[*r, "bilateral"] for r in dac2a_rows()]
    with pytest.raises(UpstreamError, match="unknown column Channel"):
        oecd_dac2a_oda.tables(dac2a(tmp_path, rows, [*DAC2A_COLUMNS, "Channel"]))


@pytest.mark.parametrize("keep", [0, 200])
def test_an_r_file_that_is_cut_off_is_named(tmp_path, keep):
    files = dac2a(tmp_path, dac2a_rows())
    with pytest.raises(UpstreamError, match=r"OECD\.rda: (cannot be read|is empty)"):
        rda({oecd_dac2a_oda.FILE: files[oecd_dac2a_oda.FILE][:keep]}, oecd_dac2a_oda.FILE)


# ---- ONE: totals and sectors


def donors(**changes):
    """The six files with one year; a keyword replaces a file's frame."""
    codes = {iso3: number for number, iso3 in ISO3_OF_DAC_CODE.items()}
    number = [codes[d] for d in DAC if d != "ROU"]
    rows = {
        "totals": pd.DataFrame({"name": map(oecd, DAC), "year": 2018, "ODA (left-axis)": 10.0, "ODA/GNI (right-axis)": 0.3}),
        "parts": pd.DataFrame({"Year": 2018, "Donor": map(oecd, DAC), "COVID ODA": 0.0, "IDRC": 1.0, "ODA to Ukraine": 1.0,
                               "Other ODA": 8.0, "Total ODA": 10.0, "Preliminary": None}),
        "ge": pd.DataFrame({"year": 2018, "donor_code": number, "flows_code": 1160, "value": 9.0,
                            "indicator": "ODA (grant equivalent)"}),
        "net": pd.DataFrame({"year": 2018, "donor_code": number, "flows_code": 1140, "value": 7.0,
                             "indicator": "ODA (net flows)"}),
        "sectors": pd.DataFrame({"year": 2018, "name": [{"KOR": "South Korea", "SVK": "Slovakia"}.get(d, NAMES[d][0])
                                                        for d in DAC if d != "ROU"],
                                 **dict.fromkeys(one_oda_donors.SECTOR, 1.0), "source": "CRS"}),
        "shares": pd.DataFrame({"Year": 2018, "name": map(oecd, DAC), **dict.fromkeys(one_oda_donors.KEY_SECTORS, 0.05)}),
    } | changes
    names = {"totals": one_oda_donors.TOTALS, "parts": one_oda_donors.PARTS, "ge": one_oda_donors.GRANT_EQUIVALENT,
             "net": one_oda_donors.NET, "sectors": one_oda_donors.SECTORS, "shares": one_oda_donors.SHARES}
    return {names[key]: frame.to_csv(index=False).encode() for key, frame in rows.items()}


def frame_of(files, name):
    return pd.read_csv(io.BytesIO(files[name]))


def test_south_korea_is_one_donor_under_its_two_names_and_its_number():
    frames = one_oda_donors.tables(donors())
    total = frames["aid_totals"].set_index("donor").loc["KOR"]
    assert (total["net_current_usd_million"], total["grant_equivalent_current_usd_million"]) == (7, 9)
    sectors = frames["aid_sectors"].query("donor == 'KOR'")
    assert len(sectors) == len(one_oda_donors.SECTOR)
    assert sectors.set_index("sector").loc["health", "oda_share"] == 5


def test_a_donor_under_both_of_its_names_in_one_file_is_refused():
    totals = frame_of(donors(), one_oda_donors.TOTALS)
    both = pd.concat([totals, totals[totals["name"] == "Korea"].assign(name="South Korea")])
    with pytest.raises(UpstreamError, match="a donor and year occurs twice, perhaps under two names"):
        one_oda_donors.tables(donors(totals=both))


def test_the_measure_is_net_before_2018_and_grant_equivalent_from_then_on():
    totals, parts = (frame_of(donors(), name) for name in (one_oda_donors.TOTALS, one_oda_donors.PARTS))
    files = donors(totals=pd.concat([totals, totals.assign(year=2017)]), parts=pd.concat([parts, parts.assign(Year=2017)]))
    frame = one_oda_donors.tables(files)["aid_totals"]
    assert dict(zip(frame["year"], frame["measure"], strict=True)) == {2018: "grant-equivalent", 2017: "net"}


def test_a_preliminary_year_is_marked_and_its_zero_for_the_pandemic_is_no_observation():
    parts = frame_of(donors(), one_oda_donors.PARTS)
    parts.loc[parts["Donor"] == "Japan", "Preliminary"] = 9.0
    frame = one_oda_donors.tables(donors(parts=parts))["aid_totals"].set_index("donor")
    assert frame.loc["JPN", "preliminary"] == 1 and pd.isna(frame.loc["JPN", "covid_constant_2025_usd_million"])
    assert frame.loc["USA", "preliminary"] == 0 and frame.loc["USA", "covid_constant_2025_usd_million"] == 0


def test_totals_of_two_price_bases_are_not_joined():
    parts = frame_of(donors(), one_oda_donors.PARTS).assign(**{"Total ODA": 9.4})
    with pytest.raises(UpstreamError, match=r"oda_gni_ts\.csv: AUS, 2018: 10\.0 differs.*price bases or vintages"):
        one_oda_donors.tables(donors(parts=parts))


def test_net_flows_in_the_place_of_grant_equivalents_are_refused():
    net = frame_of(donors(), one_oda_donors.NET)
    with pytest.raises(UpstreamError, match=r"total_oda_ge\.csv, column indicator: unknown value ODA \(net flows\)"):
        one_oda_donors.tables(donors(ge=net))


def test_a_donor_number_that_is_lost_is_named():
    ge = frame_of(donors(), one_oda_donors.GRANT_EQUIVALENT)
    with pytest.raises(UpstreamError, match="column donor_code: KOR not found"):
        one_oda_donors.tables(donors(ge=ge[ge["donor_code"] != 742]))


def test_sectors_that_sum_to_more_than_the_aid_are_told_by_their_ratio():
    sectors = frame_of(donors(), one_oda_donors.SECTORS)
    sectors.loc[sectors["name"] == "South Korea", "Industry, Mining, Construction"] = 19.0
    frame = one_oda_donors.tables(donors(sectors=sectors))["aid_sectors"].drop_duplicates("donor").set_index("donor")
    assert frame.loc["KOR", "sectors_to_total"] == 4.0
    assert frame.loc["JPN", "sectors_to_total"] == 2.2


def test_a_renamed_sector_and_a_share_in_percent_are_refused():
    sectors = frame_of(donors(), one_oda_donors.SECTORS).rename(columns={"Energy": "Energy, all"})
    with pytest.raises(UpstreamError, match="lacks column Energy and has unknown column Energy, all"):
        one_oda_donors.tables(donors(sectors=sectors))
    shares = frame_of(donors(), one_oda_donors.SHARES).assign(Health=5.0)
    with pytest.raises(UpstreamError, match="a share is above 1"):
        one_oda_donors.tables(donors(shares=shares))


# ---- ONE: health

HEALTH_COLUMNS = ["year", "donor_name", "recipient_code", one_health_oda.UNUSED, one_health_oda.VALUE]


def health(extra=(), drop=()):
    numbers = {iso3: number for number, iso3 in ISO3_OF_DAC_CODE.items()}
    rows = [[2019, oecd(donor), 282, 1, 1] for donor in DAC if donor not in one_health_oda.ABSENT]
    rows += [[2019, "Japan", numbers[c], 50, 2] for c in INDO_PACIFIC if c != "COK" and c not in drop]
    return {one_health_oda.FILE: as_csv([*rows, *extra], HEALTH_COLUMNS)}


def test_recipients_are_read_from_their_numbers():
    frame = one_health_oda.tables(health([[2019, "Korea", 769, 9, 3]]))["health_aid"]
    assert frame[frame["donor"] == "KOR"][["recipient", "subregion"]].values.tolist() == [["VNM", "southeast-asia"]]
    assert not {"TZA", "KOR", "JPN"} & set(frame["recipient"])


def test_the_column_that_claims_to_contain_the_pandemic_is_not_taken():
    frame = one_health_oda.tables(health())["health_aid"]
    assert set(frame["constant_2024_usd_million"]) == {2.0}


def test_regional_and_unspecified_health_aid_stand_apart_from_countries():
    extra = [[2019, "Japan", n, 1, v] for n, v in ((889, 10), (1034, 5), (9998, 7), (298, 20))]
    frame = one_health_oda.tables(health(extra))["health_aid_by_region"]
    found = frame[frame["donor"] == "JPN"].set_index("subregion")["constant_2024_usd_million"]
    assert found[["regional", "unspecified", "other"]].tolist() == [15, 7, 21]
    assert found["east-asia"] == 6


def test_health_aid_without_a_recipient_of_the_region_or_twice_is_refused():
    with pytest.raises(UpstreamError, match="column recipient_code: no row for PRK"):
        one_health_oda.tables(health(drop=("PRK",)))
    with pytest.raises(UpstreamError, match="JPN, recipient_code 755, 2019 occurs twice"):
        one_health_oda.tables(health([[2019, "Japan", 755, 1, 1]]))


def test_bytes_that_are_not_utf_8_and_an_empty_file_are_named():
    for raw in (",".join(HEALTH_COLUMNS).encode() + "\n2019,Türkiye,55,1,1\n".encode("latin-1"), b""):
        with pytest.raises(UpstreamError, match=r"multiple_donors\.csv(: is empty|, row 2: byte 0xfc is not utf-8)"):
            one_health_oda.tables({one_health_oda.FILE: raw})


# ---- climate

CRS_COLUMNS = ["de_recipientcode", "donor_name", "flow_name", "sector_group", "year", "usd_disbursement",
               "usd_disbursement_defl"]


def climate(rows=(), columns=CRS_COLUMNS, **files):
    """One file a recipient as the source writes them, with a byte-order mark; `rows` go to Fiji's."""
    found = {}
    for iso3 in set(INDO_PACIFIC) - oecd_crs_climate_oda.ABSENT:
        body = [[iso3, "Japan", "ODA Grants", "Energy", 2023, 1.0, 1.0, 0][: len(columns)]]
        body += rows if iso3 == "FJI" else []
        raw = pd.DataFrame(body, columns=columns).to_csv(index=False).encode("utf-8-sig")
        found[oecd_crs_climate_oda.FILE.format(iso3)] = raw
    return found | files


def fiji(donor, flow, value, year=2022, sector="Energy", current=None):
    return ["FJI", donor, flow, sector, year, value if current is None else current, value]


def test_the_byte_order_mark_of_the_climate_files_is_read_over():
    files = climate()
    assert all(raw.startswith(b"\xef\xbb\xbf") for raw in files.values())
    assert len(oecd_crs_climate_oda.tables(files)["climate_aid"]) == len(files)


def test_only_grants_and_loans_that_count_as_aid_are_summed():
    rows = [fiji("Japan", "ODA Loans", 5.0), fiji("Japan", "Other Official Flows (non Export Credit)", 70.0),
            fiji("Bezos Earth Fund", "Private Development Finance", 70.0), fiji("Japan", "Equity Investment", 70.0),
            fiji("Japan", "ODA Grants", 2.0)]
    frames = oecd_crs_climate_oda.tables(climate(rows))
    found = frames["climate_aid"].query("recipient == 'FJI' and year == 2022")
    assert found[["grants_2023_usd_million", "loans_2023_usd_million"]].values.tolist() == [[2, 5]]
    assert set(frames["climate_aid_providers"]["provider"]) == {"dac-country"}


def test_banks_and_funds_are_told_from_countries():
    rows = [fiji("Asian Development Bank", "ODA Loans", 8.0), fiji("Green Climate Fund", "ODA Grants", 1.0),
            fiji("Korea", "ODA Grants", 3.0), fiji("EU Institutions", "ODA Grants", 4.0), fiji("Kuwait", "ODA Loans", 5.0)]
    frames = oecd_crs_climate_oda.tables(climate(rows))
    assert set(frames["climate_aid"]["donor"]) == {"JPN", "KOR"}
    found = frames["climate_aid_providers"].query("year == 2022").set_index("provider")
    assert found.loc["multilateral", ["grants_2023_usd_million", "loans_2023_usd_million"]].tolist() == [1, 8]
    assert set(found.index) == {"multilateral", "dac-country", "european-union", "other-country"}


def test_years_before_the_marker_for_adaptation_are_left_out():
    frame = oecd_crs_climate_oda.tables(climate([fiji("Japan", "ODA Grants", 9.0, 2009)]))["climate_aid"]
    assert frame["year"].min() == 2023


def test_a_climate_file_with_a_marker_or_other_prices_is_not_read_as_the_old_one():
    with pytest.raises(UpstreamError, match="unknown column climate_principal"):
        oecd_crs_climate_oda.tables(climate(columns=[*CRS_COLUMNS, "climate_principal"]))
    with pytest.raises(UpstreamError, match=r"FJI_oecdcrs.*constant prices are not those of 2023"):
        oecd_crs_climate_oda.tables(climate([fiji("Japan", "ODA Grants", 1.0, 2023, current=1.1)]))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (fiji("Atlantis", "ODA Grants", 1.0), "column donor_name: unknown provider 'Atlantis'"),
        (fiji("Japan", "ODA Swaps", 1.0), "column flow_name: unknown value ODA Swaps"),
        (fiji("Japan", "ODA Grants", 1.0, sector="Magic"), "column sector_group: unknown value Magic"),
        (["TON", *fiji("Japan", "ODA Grants", 1.0)[1:]], "column de_recipientcode: unknown value TON"),
        (fiji("Japan", "ODA Grants", "=1+1"), "column usd_disbursement: '=1\\+1' is no number"),
    ],
)
def test_what_a_climate_file_did_not_hold_before_is_named(extra, message):
    with pytest.raises(UpstreamError, match=message):
        oecd_crs_climate_oda.tables(climate([extra]))


def test_a_missing_climate_file_is_named():
    files = climate()
    del files["TON_oecdcrs_climate_202508.csv"]
    with pytest.raises(UpstreamError, match=r"TON_oecdcrs_climate_202508\.csv: not among the files"):
        oecd_crs_climate_oda.tables(files)


# ---- EM-DAT through Our World in Data

ENTITY = {iso3: name for name, iso3 in ISO3_OF_ENTITY.items()}


def emdat(extra=(), columns=None):
    columns = columns or [f"{theirs}_{kind}" for theirs in owid_emdat.MEASURE for kind in owid_emdat.TYPE]
    rows = [{"Entity": ENTITY[c], "Year": 2000, "deaths_all_disasters": 1, "deaths_flood": 1} for c in DISASTER_PANEL]
    frame = pd.DataFrame([*rows, *extra]).reindex(columns=["Entity", "Year", *columns])
    return {owid_emdat.FILE: frame.to_csv(index=False).encode()}


def japan(year, **cells):
    return {"Entity": "Japan", "Year": year, "deaths_all_disasters": 50, **cells}


def test_damage_is_in_millions_and_a_zero_damage_is_a_missing_figure():
    extra = [japan(2011, deaths_earthquake=40, total_damages_earthquake=210_000_000, total_affected_earthquake=0),
             japan(2010, deaths_storm=5, total_damages_storm=0)]
    frame = owid_emdat.tables(emdat(extra))["disaster_losses"].set_index(["iso3", "year", "type"])
    assert frame.loc[("JPN", 2011, "earthquake"), "damage_usd_million"] == 210_000
    assert pd.isna(frame.loc[("JPN", 2011, "earthquake"), "affected"])
    assert pd.isna(frame.loc[("JPN", 2010, "storm"), "damage_usd_million"])
    assert frame.loc[("JPN", 2010, "storm"), "deaths"] == 5


def test_the_year_in_which_the_file_was_closed_is_left_out():
    frames = owid_emdat.tables(emdat([japan(2020, deaths_storm=2)]))
    assert frames["disaster_losses"]["year"].max() == 2000
    assert frames["disaster_burden"].set_index("iso3").loc["JPN", "years_all"] == 1


def test_an_earthquake_in_the_soviet_union_is_not_one_in_russia():
    extra = [{"Entity": "Soviet Union", "Year": 1988, "deaths_all_disasters": 25000, "deaths_earthquake": 25000}]
    frame = owid_emdat.tables(emdat(extra))["disaster_losses"]
    assert frame[frame["iso3"] == "RUS"]["year"].tolist() == [2000, 2000]
    assert not {"Yugoslavia", "Czechoslovakia", "Serbia-Montenegro", "Soviet Union", "World"} & set(ISO3_OF_ENTITY)
    doubled = sorted(name for name, iso3 in ISO3_OF_ENTITY.items() if ENTITY[iso3] != name)
    assert doubled == ["Czech Republic", "Macedonia"]  # older names, in the file of earthquakes alone
    assert CODES["Soviet Union"] is None


def test_the_frequency_counts_years_and_the_sums_cover_thirty_of_them():
    extra = [japan(year, deaths_storm=10, total_damages_all_disasters=1000) for year in (1989, 1990, 2019)]
    found = owid_emdat.tables(emdat(extra))["disaster_burden"].set_index("iso3").loc["JPN"]
    assert (found["years_all"], found["years_storm"], found["years_flood"], found["years_earthquake"]) == (3, 2, 1, 0)
    assert (found["deaths"], found["damage_usd_million"]) == (101, 2)


def test_deaths_are_also_summed_by_hazard_and_without_the_worst_year():
    extra = [japan(2010, deaths_storm=10, deaths_temperature=40), japan(2011, deaths_earthquake=30, deaths_flood=15)]
    found = owid_emdat.tables(emdat(extra))["disaster_burden"].set_index("iso3").loc["JPN"]
    assert found[["deaths_earthquake", "deaths_flood", "deaths_storm"]].tolist() == [30, 16, 10]
    assert found["deaths_without_worst_year"] == 1 + 50
    assert found["hazard_years_second_half"] == 3


def test_a_share_of_gdp_is_no_sum_where_years_of_damage_lack_a_gdp():
    def share(damage_without_gdp):
        extra = [japan(2001, total_damages_all_disasters=90_000, total_damages_pct_gdp_all_disasters=2.5),
                 japan(2002, total_damages_all_disasters=damage_without_gdp)]
        return owid_emdat.tables(emdat(extra))["disaster_burden"].set_index("iso3").loc["JPN", "damage_gdp_percent"]

    assert share(9_000) == 2.5
    assert pd.isna(share(11_000))


def test_exchanged_columns_of_the_disaster_file_are_noticed():
    with pytest.raises(UpstreamError, match="JPN, 2005: the types sum to 60 deaths, more than the column"):
        owid_emdat.tables(emdat([japan(2005, deaths_flood=60)]))


def test_an_unknown_or_doubled_country_of_the_disaster_file_is_named():
    with pytest.raises(UpstreamError, match="column Entity: unknown value Atlantis"):
        owid_emdat.tables(emdat([{"Entity": "Atlantis", "Year": 2000, "deaths_all_disasters": 1}]))
    with pytest.raises(UpstreamError, match="JPN, 2000 occurs twice"):
        owid_emdat.tables(emdat([japan(2000)]))
    with pytest.raises(UpstreamError, match="lacks column deaths_drought"):
        owid_emdat.tables(emdat(columns=["deaths_all_disasters"]))


# ---- EM-DAT through Gapminder


def gapminder(cells=(), last=2026, skip=()):
    """Zeros for all countries and years; `cells` are (hazard, measure, geo, year, value)."""
    files = {}
    for hazard in gapminder_emdat.HAZARDS:
        for measure in gapminder_emdat.MEASURES:
            values = {(c.lower(), y): 0 for c in DISASTER_PANEL for y in range(1949, last + 1) if y not in skip}
            values |= {(geo, year): v for h, m, geo, year, v in cells if (h, m) == (hazard, measure)}
            rows = [[geo, year, value] for (geo, year), value in values.items()]
            files[gapminder_emdat.FILE.format(hazard, measure)] = as_csv(
                rows, ["geo", "time", f"{hazard}_{measure}_annual_number"]
            )
    return files


def test_a_filled_zero_is_no_observation_and_incomplete_years_are_left_out():
    cells = [("tsunami", "deaths", "jpn", 2011, 19846), ("tsunami", "affected", "jpn", 2011, 388666),
             ("flood", "affected", "kor", 2023, 12), ("flood", "deaths", "kor", 2025, 31), ("storm", "deaths", "jpn", 1949, 5)]
    frame = gapminder_emdat.tables(gapminder(cells))["disaster_deaths"]
    assert frame.values.tolist() == [["KOR", 2023, "flood", 0, 12], ["JPN", 2011, "tsunami", 19846, 388666]]


def test_a_year_without_a_row_is_refused_where_a_missing_row_must_mean_zero():
    with pytest.raises(UpstreamError, match="AUS does not have one row a year from 1950 to 2024"):
        gapminder_emdat.tables(gapminder(last=2023))
    with pytest.raises(UpstreamError, match="AUS does not have one row a year"):
        gapminder_emdat.tables(gapminder(skip=(1999,)))


def test_deaths_in_the_place_of_people_affected_are_refused():
    files = gapminder()
    files[gapminder_emdat.FILE.format("flood", "affected")] = files[gapminder_emdat.FILE.format("flood", "deaths")]
    with pytest.raises(UpstreamError, match="lacks column flood_affected_annual_number"):
        gapminder_emdat.tables(files)


# ---- NOAA


def quakes(rows, last=2017):
    rows = [*rows, ["Japan", last, 0]]
    return {noaa_significant_earthquakes.FILE: as_csv(rows, ["Entity", "Year", noaa_significant_earthquakes.COLUMN])}


def test_earthquakes_begin_in_1900_and_seas_and_the_world_are_no_countries():
    rows = [["Japan", 1891, 1], ["Japan", 1923, 2], ["Japan", 1924, 0], ["Pacific Ocean", 1950, 1], ["World", 1923, 40],
            ["South Korea", 2016, 1]]
    frame = noaa_significant_earthquakes.tables(quakes(rows))["significant_earthquakes"]
    assert frame.values.tolist() == [["JPN", 1923, 2], ["KOR", 2016, 1]]


def test_an_earthquake_file_that_ends_elsewhere_or_names_an_unknown_country_is_refused():
    with pytest.raises(UpstreamError, match="column Year: ends in 2015, not in 2017"):
        noaa_significant_earthquakes.tables(quakes([], last=2015))
    with pytest.raises(UpstreamError, match="column Entity: unknown value Persia"):
        noaa_significant_earthquakes.tables(quakes([["Persia", 1950, 1]]))
    with pytest.raises(UpstreamError, match="MKD, 1963 occurs twice, perhaps under two names"):
        noaa_significant_earthquakes.tables(quakes([["Macedonia", 1963, 1], ["North Macedonia", 1963, 1]]))


# ---- INFORM


def inform(cells=None, drop_indicator=None, sheets=(inform_risk_2025.INDEX, inform_risk_2025.INDICATORS), shuffle=False):
    """A workbook of the layout of the source: ranks as text, indicators under three rows of heads."""
    known = [c for c in PANEL if c not in inform_risk_2025.ABSENT]
    codes = [*known, *(f"X{i:02}" for i in range(inform_risk_2025.COUNTRIES - len(known)))]
    index = pd.DataFrame({"COUNTRY": codes, "ISO3": codes, "Rank": [str(i + 1) for i in range(len(codes))],
                          **dict.fromkeys(inform_risk_2025.SCORE, 5.5)})
    for (iso3, column), value in (cells or {}).items():
        index[column] = index[column].astype("object")
        index.loc[index["ISO3"] == iso3, column] = value
    wanted = [code for code in inform_risk_2025.INDICATOR if code != drop_indicator]
    if shuffle:
        wanted = wanted[::-1]
    values = {code: 10 * (list(inform_risk_2025.INDICATOR).index(code) + 1) for code in wanted}
    rows = [[None, None, *wanted], ["COUNTRY", None, *wanted], ["Survey Year", None, *["2024"] * len(wanted)],
            ["IndicatorId", None, *wanted], ["Unit of Measurament", None, *["x"] * len(wanted)]]
    rows += [[c, c, *("No data" if (c, code) == ("X00", "GDPpp") else values[code] for code in wanted)] for c in codes[::-1]]
    out = io.BytesIO()
    with pd.ExcelWriter(out) as book:
        if inform_risk_2025.INDEX in sheets:
            index.to_excel(book, sheet_name=inform_risk_2025.INDEX, index=False)
        if inform_risk_2025.INDICATORS in sheets:
            pd.DataFrame(rows).to_excel(book, sheet_name=inform_risk_2025.INDICATORS, index=False, header=False)
    return {inform_risk_2025.FILE: out.getvalue()}


def test_ranks_become_numbers_and_gaps_stay_empty():
    frame = inform_risk_2025.tables(inform({("PRK", "DRR"): "x"}))["disaster_risk"].set_index("iso3")
    assert frame["rank"].dtype == "Int64" and sorted(frame["rank"]) == list(range(1, 192))
    assert pd.isna(frame.loc["PRK", "lack_of_risk_reduction"]) and frame.loc["JPN", "lack_of_risk_reduction"] == 5.5
    assert pd.isna(frame.loc["X00", "gdp_per_person_usd"]) and frame.loc["JPN", "gdp_per_person_usd"] == 90


def test_indicators_are_found_by_their_code_wherever_they_stand():
    frame = inform_risk_2025.tables(inform(shuffle=True))["disaster_risk"].set_index("iso3")
    assert frame.loc["KOR", ["exposed_earthquake_mmi6", "exposed_earthquake_mmi8", "land_km2"]].tolist() == [10, 20, 100]


def test_a_damaged_or_changed_risk_workbook_is_named():
    with pytest.raises(UpstreamError, match="0 columns have the code EX_TS, one is expected"):
        inform_risk_2025.tables(inform(drop_indicator="EX_TS"))
    with pytest.raises(UpstreamError, match="column Tsunami: a score is outside 0 to 10"):
        inform_risk_2025.tables(inform({("JPN", "Tsunami"): 83}))
    with pytest.raises(UpstreamError, match="sheet 'Indicator Data': cannot be read"):
        inform_risk_2025.tables(inform(sheets=(inform_risk_2025.INDEX,)))
    with pytest.raises(UpstreamError, match="191 countries are expected, missing KOR"):
        inform_risk_2025.tables(inform({("KOR", "ISO3"): "ROK"}))
    whole = inform()[inform_risk_2025.FILE]
    with pytest.raises(UpstreamError, match="cannot be read"):
        inform_risk_2025.tables({inform_risk_2025.FILE: whole[: len(whole) // 2]})
