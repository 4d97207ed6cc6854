"""Trade and travel: the traps of each source, on small inputs with a known answer."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from trilateral import data
from trilateral.recipes import (
    cia_factbook_trade_partners as factbook,
)
from trilateral.recipes import (
    fred_us_imports_korea_monthly as fred,
)
from trilateral.recipes import (
    jnto_visitors_japan_monthly as jnto,
)
from trilateral.recipes import (
    kcs_korea_exports_by_region_2025_2026 as kcs,
)
from trilateral.recipes import (
    kto_visitors_korea_monthly as kto,
)
from trilateral.recipes import (
    lunar_new_years,
    recent_trade,
    students_in_japan,
)
from trilateral.recipes import (
    moj_entries_korea_monthly as moj,
)
from trilateral.recipes import (
    monthly_trade_with_china as monthly,
)
from trilateral.recipes import (
    wits_trade_partners as wits,
)
from trilateral.recipes.korean_names import NAMES
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"


def workbook(sheets: dict[str, list[list]]) -> bytes:
    out = io.BytesIO()
    with pd.ExcelWriter(out) as writer:
        for name, rows in sheets.items():
            width = max(map(len, rows))
            frame = pd.DataFrame([[*row, *[None] * (width - len(row))] for row in rows])
            frame.to_excel(writer, sheet_name=name, header=False, index=False)
    return out.getvalue()


# ---- visitors to South Korea

HEAD = ["국적", *kto.PURPOSES, kto.TOTAL]
# China sends fewer tourists in 2017 than in 2016; India has the crews of its ships among the other purposes.
VISITORS = {"중국": [100, 20, 1, 9, 30], "인도": [10, 5, 0, 1, 40], "교포": [0, 0, 0, 0, 7]}


def merged(change=lambda rows: rows):
    rows = [[name, *[value + year - 2016 for value in values], sum(values) + 5 * (year - 2016), f"{year}-{month:02d}"]
            for year in (2016, 2017) for month in range(1, 13) for name, values in VISITORS.items()]
    return workbook({"Sheet1": [[*HEAD, "기준년월"], *change(rows)]})


def sheet(month, change=lambda rows: rows):
    rows = [[name, *[value + 1 for value in values], sum(values) + 5, sum(values)] for name, values in VISITORS.items()]
    frame = [[f"2017년 {month:02d}월 외래객 입국-목적별/국적별"], [*HEAD, "전년동기"], ["아시아주", *[9] * 7],
             *rows, ["교포소계", *[9] * 7], ["계", *[9] * 7]]
    return workbook({"sheet": change(frame)})


def korea(total=merged, **sheets):
    files = {kto.SHEET.format(f"2017{month:02d}"): sheet(month) for month in range(1, 13)}
    return kto.tables({kto.FILE: total(), **files, **sheets})["visitors_to_korea"]


@pytest.fixture(scope="module")
def sound_korea():
    return korea()


def test_tourists_are_kept_apart_from_crews(sound_korea):
    row = sound_korea.query("nationality == 'IND' and month == '2016-03'").iloc[0]
    assert (row["tourism"], row["other"], row["total"]) == (10, 40, 56)


def test_overseas_koreans_and_groups_are_no_nationality_but_count_in_the_world(sound_korea):
    assert set(sound_korea["nationality"]) == {"CHN", "IND", "WLD"}
    assert sound_korea.query("nationality == 'WLD' and month == '2016-03'")["total"].tolist() == [160 + 56 + 7]


def test_a_continent_among_the_nationalities_stops_the_recipe():
    with pytest.raises(UpstreamError, match="column 국적: unknown value 아시아주"):
        korea(lambda: merged(lambda rows: [*rows, ["아시아주", 1, 1, 1, 1, 1, 5, "2017-12"]]))


def test_purposes_that_do_not_add_up_are_named_with_month():
    with pytest.raises(UpstreamError, match=r"중국 2016-01: the purposes add up to 160, the total is 161"):
        korea(lambda: merged(lambda rows: [[*rows[0][:6], 161, rows[0][7]], *rows[1:]]))


def test_a_month_cut_from_the_merged_file_is_noticed():
    with pytest.raises(UpstreamError, match="months are missing or doubled"):
        korea(lambda: merged(lambda rows: [row for row in rows if row[-1] != "2016-07"]))


def test_the_merged_file_is_held_against_the_sheets_of_the_organization():
    def fewer(frame):
        return [["중국", 101 - 50, 21, 2, 10, 31 + 50, 165, 160] if row[0] == "중국" else row for row in frame]

    with pytest.raises(UpstreamError, match=r"kto_201703\.xlsx, column 관광, row 중국: 51, but kto_total\.xlsx has 101"):
        korea(**{"kto_201703.xlsx": sheet(3, fewer)})


def test_a_sheet_of_another_month_is_noticed_by_its_title():
    with pytest.raises(UpstreamError, match=r"kto_201703\.xlsx: its title is '2017년 04월.*that of 2017-03 is expected"):
        korea(**{"kto_201703.xlsx": sheet(4)})


def test_bytes_that_are_no_workbook_are_named():
    with pytest.raises(UpstreamError, match=r"kto_total\.xlsx: is a web page and not the file"):
        korea(lambda: b"<html>404</html>")


# ---- visitors to Japan


@pytest.mark.parametrize(
    ("cell", "number"),
    [("308,73", 308730), ("967,1", 967100), ("779,383", 779383), ("5,8", 5800), ("263", 263), ("1,00", 1000),
     ("2,505,02", 2505020)],
)
def test_cut_zeros_come_back(cell, number):
    assert jnto.repaired(cell) == number


@pytest.mark.parametrize("cell", ["12,3456", "1.5", "=A1", "", "12,,3"])
def test_a_cell_of_another_form_is_not_repaired(cell):
    with pytest.raises(UpstreamError, match="is no number with thousands commas"):
        jnto.repaired(cell)


def arrivals(market, month):
    return 10_000 + 100 * list(jnto.MARKETS).index(market) + month * 7 + 3


def japan_sheet(year, change=None):
    """A sheet as the office lays it out: growth after each month, in 2021 one column and nine open months more."""
    shift = [None] if year >= 2020 else []
    head = [None, *shift, *[cell for month in range(1, 13) for cell in (f"{month}月", "伸率")], "累計"]
    rows = [[f"{year}年　訪日外客数"], [], head, ["アジア計", *shift, *[5] * 25]]
    for market, iso3 in jnto.MARKETS.items():
        if year < jnto.LATER.get(iso3, 0):
            continue
        cells = []
        for month in range(1, 13):
            value = arrivals(market, month)
            if market == "総数":
                value = sum(arrivals(m, month) for m in jnto.MARKETS if m != "総数") + 5
            if year == 2021 and month > 3:
                value = round(value, -2) if month == 4 and market in ("総数", "韓国", "中国") else None
            cells += [value, -1.5]
        label = [None, "　" + market] if shift and market == "トルコ" else [market, *shift]
        rows.append([*label, *cells, 1])
    return change(rows) if change else rows


def dashboard(change=lambda rows: rows):
    from trilateral.recipes.countries import NAMES as ENGLISH

    rows = []
    for market, iso3 in jnto.MARKETS.items():
        if iso3 == "WLD":
            continue
        for year, months in ((2019, range(1, 13)), (2021, range(1, 6))):
            for month in months:
                text = f"{arrivals(market, month):,}"
                rows.append([ENGLISH[iso3][0], str(month), str(year), "9.9", text.rstrip("0") if "," in text else text])
        rows.append([ENGLISH[iso3][0], "12", "2021", "0.0", ""])
    rows += [["Atlantis", str(m), str(y), "0", "5"] for y, n in ((2019, 12), (2021, 5)) for m in range(1, n + 1)]
    frame = pd.DataFrame(change(rows), columns=["area", "month", "year", "growth_rate_perc", "visitor_arrivals"])
    return frame.to_csv(index=False).encode()


def japan(board=None, **sheets):
    book = {str(year): sheets.get(f"y{year}") or japan_sheet(year) for year in (2012, 2019, 2021)}
    with pytest.MonkeyPatch.context() as patch:  # three of the nineteen sheets, for speed
        patch.setattr(jnto, "YEARS", (2012, 2019, 2021))
        return jnto.tables({jnto.WORKBOOK: workbook(book), jnto.DASHBOARD: board or dashboard()})["visitors_to_japan"]


@pytest.fixture(scope="module")
def sound_japan():
    return japan()


def test_the_header_is_found_wherever_a_sheet_has_it(sound_japan):
    turkey = sound_japan.query("nationality == 'TUR' and edition == 'workbook' and month in ('2019-05', '2021-03')")
    assert turkey.sort_values("month")["arrivals"].tolist() == [arrivals("トルコ", 5), arrivals("トルコ", 3)]


def test_growth_rates_and_regions_are_no_arrivals(sound_japan):
    assert set(sound_japan["nationality"]) == set(jnto.MARKETS.values())
    assert sound_japan["arrivals"].min() > 10_000


def test_rounded_estimates_are_marked_and_not_preferred(sound_japan):
    last = sound_japan.query("month == '2021-04'").sort_values(["nationality", "edition"])
    assert set(last.query("edition == 'workbook'")["nationality"]) == {"WLD", "KOR", "CHN"}
    assert last.query("edition == 'workbook'")[["estimate", "preferred"]].drop_duplicates().values.tolist() == [[1, 0]]
    assert (last.query("edition == 'dashboard'")["preferred"] == 1).all()


def test_one_row_a_market_and_month_is_preferred(sound_japan):
    best = sound_japan.query("preferred == 1")
    assert not best.duplicated(["nationality", "month"]).any()
    assert set(best["month"]) == set(sound_japan["month"])


def test_a_market_without_a_row_of_its_own_begins_later(sound_japan):
    first = sound_japan.groupby("nationality")["month"].min()
    assert (first["MAC"], first["MNG"], first["KOR"]) == ("2019-01", "2019-01", "2012-01")


def test_an_exact_thousand_that_lost_all_zeros_is_noticed():
    def cut(rows):
        return [[*row[:4], "12"] if row[:3] == ["South Korea", "3", "2019"] else row for row in rows]

    with pytest.raises(UpstreamError, match=r"KOR 2019-03: '12' has no comma"):
        japan(dashboard(cut))


def test_an_exact_thousand_of_a_small_market_is_restored_in_the_sum_of_all():
    def later(rows):
        again = [[row[0], row[1], "2023", *row[3:]] for row in rows if row[2] == "2019" and row[1] in ("1", "2", "3")]
        small = [["Lemuria", str(month), "2023", "0", cell] for month, cell in enumerate(("1,2", "2", "1,534"), 1)]
        return [*rows, *again, *small]

    world = japan(dashboard(later)).query("nationality == 'WLD' and month >= '2023-01'").set_index("month")["arrivals"]
    named = [sum(arrivals(m, month) for m in jnto.MARKETS if m != "総数") + 5 for month in (1, 2, 3)]  # Atlantis keeps its 5
    assert [world[f"2023-0{month}"] - named[month - 1] for month in (1, 2, 3)] == [1200, 2000, 1534]


def test_a_repair_that_disagrees_with_the_workbook_is_noticed():
    def other(rows):
        return [[*row[:4], "99,999"] if row[:3] == ["China", "3", "2019"] else row for row in rows]

    with pytest.raises(UpstreamError, match=r"(WLD|CHN) 2019-03: \d+, not \d+"):
        japan(dashboard(other))


def test_a_market_that_vanishes_from_a_sheet_is_named():
    rows = japan_sheet(2012, lambda rows: [row for row in rows if row[:1] != ["韓国"]])
    with pytest.raises(UpstreamError, match="sheet 2012: market 韓国 missing or doubled"):
        japan(y2012=rows)


def test_a_final_month_that_lost_a_cell_does_not_pass_as_an_estimate():
    def hole(rows):
        return [[row[0], None, *row[2:]] if row[:1] == ["韓国"] else row for row in rows]

    with pytest.raises(UpstreamError, match="sheet 2012, column 1月: some markets are empty"):
        japan(y2012=japan_sheet(2012, hole))


# ---- entries to South Korea


def entries(later=lambda rows: rows, **files):
    names = [spellings[0] for spellings in NAMES.values()]
    months = [f"{month} 월" for month in range(1, 13)]
    koreans = ["한국계 중국인", "한국계 러시아인"]
    first = pd.DataFrame([[("중      국" if n == "중국" else n), sex, *["10"] * 12] for n in [*names, *koreans]
                          for sex in ("남", "여")], columns=["국  적", "성별", *months])
    second = pd.DataFrame([["아시아주", n, sex, *["20 "] * 12] for n in [*names, "한국계중국인"] for sex in ("남자", "여자")]
                          + [["북아메리카주", "캐나다", "제3의성", *["1 "] * 12]],
                          columns=["대륙", "국적", "성별(1)", *[m.replace(" ", "") for m in months]])
    rows = []
    for year in (2022, 2023, 2024):
        for month in range(1, 13):
            stamp = f"{year}-{month:02d}"
            for name in [*names, "한국계중국인"]:
                name = "튀르키예" if name == "터키" and year > 2022 else name
                if name == "태국" and stamp in moj.MISTYPED_MONTHS:
                    continue
                rows.append([str(year), f"{month:02d}", "타이완" if name == "대만" else name, "30"])
            if stamp in moj.MISTYPED_MONTHS:
                rows.append([str(year), f"{month:02d}", "대만", "7"])
            if stamp == "2024-03":
                rows.append([str(year), f"{month:02d}", "총계", "999999"])
    third = pd.DataFrame(later(rows), columns=["년", "월", "국적지역", "입국자수"])
    made = {moj.FILE_2018: first, moj.FILE_2019: second, moj.FILE_2022: third}
    raw = {name: frame.to_csv(index=False).encode("cp949") for name, frame in made.items()}
    return moj.tables(raw | files)["entries_to_korea"]


@pytest.fixture(scope="module")
def sound_entries():
    return entries()


def entry(frame, nationality, month):
    return frame.query(f"nationality == '{nationality}' and month == '{month}'")["entries"].tolist()


def test_names_with_inner_blanks_and_numbers_with_trailing_blanks_are_read(sound_entries):
    assert entry(sound_entries, "CHN", "2018-05") == [20]
    assert entry(sound_entries, "CHN", "2019-05") == [40]
    assert entry(sound_entries, "CAN", "2019-05") == [41]


def test_chinese_of_korean_descent_stand_beside_the_other_chinese(sound_entries):
    rows = sound_entries.dropna(subset=["ethnic_korean_entries"])
    assert set(rows["nationality"]) == {"CHN"}
    assert rows.set_index("month")["ethnic_korean_entries"][["2018-05", "2022-05"]].tolist() == [20, 30]


def test_russians_of_korean_descent_of_2018_are_russians(sound_entries):
    assert entry(sound_entries, "RUS", "2018-05") == [40]


def test_a_country_that_changes_its_name_stays_one_series(sound_entries):
    assert entry(sound_entries, "TUR", "2022-05") + entry(sound_entries, "TUR", "2023-05") == [30, 30]


def test_the_second_line_of_taiwan_is_not_added_and_thailand_stays_open(sound_entries):
    assert entry(sound_entries, "TWN", "2023-12") == [30]
    assert entry(sound_entries, "THA", "2023-12") == []
    world = entry(sound_entries, "WLD", "2023-11")[0]
    assert world == entry(sound_entries, "WLD", "2023-10")[0] - 30 + 7


def test_sums_of_continents_are_not_counted(sound_entries):
    assert entry(sound_entries, "WLD", "2024-03") == entry(sound_entries, "WLD", "2024-04")


def test_a_second_line_in_another_month_is_named():
    with pytest.raises(UpstreamError, match="with two lines JPN 2022-05"):
        entries(lambda rows: [*rows, ["2022", "05", "일본", "1"]])


def test_a_nationality_under_a_new_name_is_missed():
    with pytest.raises(UpstreamError, match="missing USA 2022-01"):
        entries(lambda rows: [[y, m, "아메리카합중국" if n == "미국" else n, v] for y, m, n, v in rows])


def test_a_total_beside_the_sexes_stops_the_recipe():
    raw = pd.DataFrame([["중국", sex, *["1"] * 12] for sex in ("남", "여", "계")],
                       columns=["국적", "성별", *[f"{m}월" for m in range(1, 13)]]).to_csv(index=False).encode("cp949")
    with pytest.raises(UpstreamError, match="values 계, 남, 여, expected 남, 여"):
        entries(**{moj.FILE_2018: raw})


def test_a_file_in_another_encoding_or_empty_is_named():
    with pytest.raises(UpstreamError, match=r"moj_entries_2018\.csv.*(zero byte|lacks column)"):
        entries(**{moj.FILE_2018: "국적,성별\n중국,남\n".encode("utf-16")})
    with pytest.raises(UpstreamError, match=r"moj_entries_2018\.csv: is empty"):
        entries(**{moj.FILE_2018: b""})


# ---- partners in trade


def summary(code, reporter, change=lambda lines: lines):
    """Five partners in 2021: China has 40 percent; in 1988 it is not among them, which leaves its cells empty."""
    lines = ["Reporter,Partner,Product categories,Indicator Type,Indicator,2021,1988"]
    latest = {"China": 40, "Hong Kong, China": 20, "United States": 10, "Atlantis": 6, "Unspecified": 5}
    before = {"Japan": 30, "United States": 25, "Germany": 20, "Atlantis": 8, "Unspecified": 7}
    for label, flow, total in (("Export", "Exports", 2000), ("Import", "Imports", 1000)):
        for name in {**latest, **before}:
            sizes = ((latest, total), (before, 500))
            cells = [f"  {shares[name] * size / 100}" if name in shares else "" for shares, size in sizes]
            parts = [f"  {shares[name]}.00" if name in shares else "" for shares in (latest, before)]
            lines.append(f'{reporter},"{name}",All Products,{label},Trade (US$ Mil)-Top 5 {label} Partner,{",".join(cells)}')
            lines.append(f'{reporter},"{name}",All Products,{label},Partner share(%)-Top 5 {label} Partner,{",".join(parts)}')
        lines.append(f"{reporter},  World,All Products,{label},{flow} (in US$ Mil),  {total},  500")
    return "\n".join(change(lines)).encode()


def partners(**files):
    names = {code: f'"{name}"' for code, name in wits.REPORTERS.items()}
    made = {wits.FILE.format(code): summary(code, name) for code, name in names.items()}
    return wits.tables(made | {wits.FILE.format(code): raw for code, raw in files.items()})["trade_partners"]


@pytest.fixture(scope="module")
def sound_partners():
    return partners()


def test_a_partner_below_the_five_has_no_row_and_is_not_zero(sound_partners):
    korea = sound_partners.query("iso3 == 'KOR' and flow == 'export' and partner == 'CHN'")
    assert korea[["year", "partner_share"]].values.tolist() == [[2021, 40]]
    assert (sound_partners["usd_million"] > 0).all()


def test_the_share_of_the_fifth_partner_bounds_those_without_a_row(sound_partners):
    rows = sound_partners.query("iso3 == 'KOR' and flow == 'export'")
    assert rows.groupby("year")["fifth_share"].unique().map(list).to_dict() == {1988: [7], 2021: [5]}


def test_every_year_has_its_total(sound_partners):
    world = sound_partners.query("iso3 == 'TWN' and partner == 'WLD'").set_index(["flow", "year"])["usd_million"]
    assert world.to_dict() == {("export", 2021): 2000, ("export", 1988): 500, ("import", 2021): 1000, ("import", 1988): 500}


def test_goods_that_return_are_no_partner(sound_partners):
    assert (sound_partners["iso3"] != sound_partners["partner"]).all()
    assert "HKG" in set(sound_partners.query("iso3 == 'CHN'")["partner"])


def test_a_year_with_four_partners_is_named():
    raw = summary("KOR", '"Korea, Rep."', lambda lines: [line for line in lines if "Atlantis" not in line])
    with pytest.raises(UpstreamError, match=r"en_KOR.*exports of 1988: 4 partners, 5 are expected"):
        partners(KOR=raw)


def test_columns_that_were_exchanged_are_noticed_by_the_shares():
    raw = summary("KOR", '"Korea, Rep."', lambda lines: [line.replace(",  2000,  500", ",  500,  2000") for line in lines])
    with pytest.raises(UpstreamError, match="does not follow from value"):
        partners(KOR=raw)


def test_the_file_of_another_country_is_noticed():
    with pytest.raises(UpstreamError, match=r"en_KOR.*column Reporter: Korea, Dem\. Rep\., Korea, Rep\. is expected"):
        partners(KOR=summary("KOR", '"Korea, Dem. Rep."'))


# ---- monthly trade with China


def trade(**change):
    months = pd.period_range("2001-01", "2019-12", freq="M")
    raw = {
        "JPN": "Date;Exports;Imports\n" + "".join(f"{m:%Y/%m};231700220;586529635\n" for m in months),
        "KOR": '"Country","Date",Exports,Imports\n'
        + "".join(f'"China, peoples\' republic of","{m:%Y.%m}",{m.month}000,{m.month}500\n' for m in months),
        "USA": "Month;Exports;Imports;Balance\n" + "".join(f"{m:%B %Y};1,187.5;8,427.5;-7,240.0\n" for m in months),
    }
    raw = {iso3: change[iso3](text) if iso3 in change else text for iso3, text in raw.items()}
    return monthly.tables({monthly.FILES[iso3]: text.encode() for iso3, text in raw.items()})["monthly_trade_china"]


def test_october_is_not_lost_in_january():
    korea = trade().query("iso3 == 'KOR' and flow == 'export'").set_index("month")["usd_million"]
    assert (korea["2001-01"], korea["2001-10"]) == (1, 10)
    with pytest.raises(UpstreamError, match="row 11 is '2001-1', 2001-10 is expected"):
        trade(KOR=lambda text: text.replace('.10"', '.1"'))


def test_yen_and_dollars_never_stand_in_one_column():
    frame = trade()
    assert (frame["usd_million"].notna() != frame["jpy_million"].notna()).all()
    assert set(frame.dropna(subset=["jpy_million"])["iso3"]) == {"JPN"}
    assert frame.query("iso3 == 'JPN' and flow == 'export'")["jpy_million"].iloc[0] == 231700.2


def test_american_thousands_commas_are_read():
    assert trade().query("iso3 == 'USA' and flow == 'import'")["usd_million"].iloc[0] == 8427.5


def test_exchanged_flows_are_noticed_by_the_balance():
    with pytest.raises(UpstreamError, match="exports less imports are not the balance"):
        trade(USA=lambda text: text.replace("Exports;Imports", "Imports;Exports"))


def test_a_missing_month_a_new_column_and_an_empty_file_are_named():
    with pytest.raises(UpstreamError, match=r"japan-china.*row 4 is '2001-04', 2001-03 is expected"):
        trade(JPN=lambda text: text.replace("2001/03;231700220;586529635\n", ""))
    with pytest.raises(UpstreamError, match="unknown column Balance"):
        trade(JPN=lambda text: text.replace("\n", ";1\n").replace("Imports;1\n", "Imports;Balance\n"))
    with pytest.raises(UpstreamError, match=r"korea-china-trade-data\.csv: is empty"):
        trade(KOR=lambda text: "")


# ---- imports of the United States, recent exports of South Korea, modeled partners

US = "date," + ",".join(fred.ORIGINS) + "\n"


def test_american_imports_are_read_in_millions_and_by_origin():
    raw = US + "2020-01-01,1,2,3,6349.241957,5,6,100000\n2020-02-01,1,2,3,4,5,6,100\n"
    frame = fred.tables({fred.FILE: raw.encode()})["us_goods_imports"]
    assert frame.query("partner == 'KOR'")[["month", "usd_million"]].values.tolist() == [["2020-01", 6349.2], ["2020-02", 4]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [("2020-01-01,1,2,3,4,5,6,100\n2020-03-01,1,2,3,4,5,6,100\n", "months are missing"),
     ("", "has a header and no rows"),
     ("2020-01-01,1,2,3,4,5,100,6\n", "2020-01: the named origins exceed world_imports"),
     ("2020-01-01,1,2,3,=2+2,5,6,100\n", "column korea_imports: '=2\\+2' is no number")],
)
def test_damaged_american_imports_are_named(rows, message):
    with pytest.raises(UpstreamError, match=message):
        fred.tables({fred.FILE: (US + rows).encode()})


def exports(regions=lambda r: r, months=("25.12", "26.01"), total=400.0):
    trend = {name: [{"m": m, "exp": 10.4} for m in months] for name in kcs.DESTINATIONS}
    files = {kcs.REGIONS: regions(trend), kcs.TOTAL: [{"m": m, "exp": total, "bal": 1} for m in ("25.12", "26.01")],
             kcs.ABOUT: {"end_yymm": "202601", "months": 2}}
    return kcs.tables({name: json.dumps(content).encode() for name, content in files.items()})["korea_recent_exports"]


def test_hundred_millions_become_millions_and_short_years_full_ones():
    frame = exports()
    assert frame.query("partner == 'JPN'").values.tolist() == [["JPN", "2025-12", 1040], ["JPN", "2026-01", 1040]]


def test_damaged_korean_exports_are_named():
    with pytest.raises(UpstreamError, match=r"CHN: months 25|ASEAN: months 2025-12"):
        exports(months=("25.12",))
    with pytest.raises(UpstreamError, match="unknown value 대양주"):
        exports(lambda regions: regions | {"대양주": regions["중국"]})
    with pytest.raises(UpstreamError, match="together they exceed"):
        exports(total=50.0)
    with pytest.raises(UpstreamError, match=r"meta\.json: is no JSON text"):
        kcs.tables({kcs.ABOUT: b"<html>", kcs.REGIONS: b"{}", kcs.TOTAL: b"[]"})


def country(text):
    economy = {entry: {"text": text} for entry in factbook.FLOWS.values()}
    return json.dumps({"Economy": economy}).encode()


def test_modeled_shares_keep_rank_year_and_a_rounded_zero():
    text = "China 97%, Togo 1%, Peru 1%, S. Korea 1%, India 0% (2023)"
    frame = factbook.tables({name: country(text) for name in factbook.FILES})["modeled_trade_partners"]
    rows = frame.query("iso3 == 'PRK' and flow == 'import'")
    assert rows["partner"].tolist() == ["CHN", "TGO", "PER", "KOR", "IND"]
    assert rows["partner_share"].tolist() == [97, 1, 1, 1, 0]
    assert set(rows["year"]) == {2023}


@pytest.mark.parametrize("text", ["China 97%, Togo 1% (2023)", "Togo 1%, China 97%, Peru 1%, Gabon 1%, India 0% (2023)",
                                  "China 97%, Togo 1%, Peru 1%, Gabon 1%, India 0%", "NA"])
def test_a_list_of_modeled_partners_of_another_form_is_named(text):
    with pytest.raises(UpstreamError, match=r"ch\.json, Exports - partners: .* is no list of five partners"):
        factbook.tables({name: country(text) for name in factbook.FILES})


def test_an_unknown_modeled_partner_is_named():
    text = "China 97%, Lilliput 1%, Peru 1%, Gabon 1%, India 0% (2023)"
    with pytest.raises(UpstreamError, match="unknown value Lilliput"):
        factbook.tables({name: country(text) for name in factbook.FILES})


# ---- facts collected by hand


def curated(module, *replacements):
    text = (CURATED / module.FILE).read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return module.tables({module.FILE: text.encode()})


def test_a_fiscal_year_does_not_pass_as_a_calendar_year():
    with pytest.raises(UpstreamError, match="2024-04 to 2025-03 is no calendar-year"):
        curated(recent_trade, ("2024-04,2025-03,fiscal-year,export,,18890", "2024-04,2025-03,calendar-year,export,,18890"))


def test_a_value_in_two_currencies_or_none_is_refused():
    with pytest.raises(UpstreamError, match="in exactly one of the two columns"):
        curated(recent_trade, ("export,,18890", "export,124,18890"))
    with pytest.raises(UpstreamError, match="in exactly one of the two columns"):
        curated(recent_trade, ("export,,18890", "export,,"))


def test_a_balance_that_does_not_follow_from_the_flows_is_named():
    with pytest.raises(UpstreamError, match="JPN CHN 2025-01 2025-12: exports and imports do not give the balance"):
        curated(recent_trade, (",-7914.7,", ",-9714.7,"))


def test_no_share_and_no_part_of_a_year_stands_among_calendar_years():
    frame = curated(recent_trade)["recent_trade"]
    whole = frame[frame["period"] == "calendar-year"]
    assert (whole["start"].str[5:] == "01").all()
    assert (whole["end"].str[5:] == "12").all()
    assert set(frame["flow"]) == {"export", "import", "balance", "two-way"}


def test_students_before_the_wider_definition_are_not_mixed_with_those_after():
    with pytest.raises(UpstreamError, match="2016 KOR: language_institutes is 0"):
        curated(students_in_japan, ("2016,KOR,15457,1", "2016,KOR,15457,0"))


def test_students_of_some_countries_that_exceed_the_total_are_named():
    with pytest.raises(UpstreamError, match=r"2020: the countries add up to 1[0-9]+, more than the total"):
        curated(students_in_japan, ("2020,WLD,279597", "2020,WLD,27959"))


def test_a_misprinted_lunar_new_year_is_named():
    with pytest.raises(UpstreamError, match="2017: the date is not between"):
        curated(lunar_new_years, ("2017-01-28", "2017-02-08"))
    with pytest.raises(UpstreamError, match="2017: the date is not between"):
        curated(lunar_new_years, ("2017-01-28", "2017-03-28"))


def test_nineteen_years_bring_the_lunar_new_year_back_to_the_same_day():
    dates = data.load("lunar_new_years").frame.set_index("year")["date"].dt.day_of_year
    for year in range(2001, 2008):
        assert abs(dates[year] - dates[year + 19]) <= 1  # the cycle of 235 months fits nineteen years to two hours
