"""The table contract: what loads, how it is typed, and what each violation says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package

from trilateral import contract, data, datapackage
from trilateral.contract import TableError, read_sidecar

ROOT = Path(__file__).parents[1]

SIDECAR = """
title: Sorties
description: Sorties by country and day.
producer: Ministry of Tests
citation: Ministry of Tests (2024). Sorties.
licence: {name: CC BY 4.0, id: CC-BY-4.0, redistribution: 'yes', note: none}
recipe: sorties
grade: A
grade_reason: Official counts.
curated: [sorties.csv]
retrieved: '2024-05-01'
vintage: May 2024
coverage: {years: 2023-2024, countries: [JPN, KOR]}
rows_at_least: 3
primary_key: [iso3, date]
columns:
- {name: iso3, type: string, title: Country, description: ISO code., codes: iso3,
   constraints: {required: true, enum: [JPN, KOR]}}
- {name: date, type: date, title: Date, description: Day., constraints: {required: true}}
- {name: sorties, type: integer, title: Sorties, description: Sorties.,
   constraints: {minimum: 0}}
- {name: share, type: number, title: Share, description: Share., unit: percent,
   constraints: {minimum: 0, maximum: 100}}
- {name: level, type: string, title: Level, description: Level., constraints: {enum: [high, low]}}
caveats: []
claims: [as-rok-worries-nk-more]
"""
CSV = """iso3,date,sorties,share,level
JPN,2023-01-01,4,12.5,high
JPN,2023-01-02,,13,low
KOR,2023-01-01,2,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sorties.yml").write_text(SIDECAR, encoding="utf-8")
    (tmp_path / "sorties.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def complaint(folder: Path, name: str = "sorties") -> str:
    with pytest.raises(TableError) as caught:
        data.load(name, folder)
    return str(caught.value)


@pytest.mark.parametrize(("cell", "said"), [
    ("2020-31-05", "is no date of the calendar"), ("2023-02-30", "is no date of the calendar"),
    ("2023-13", "is no date of the calendar"), ("2023-01-09/2023-31-01", "is no date of the calendar"),
    ("2023-05", "is less precise than date_precision says, 'day'"),
])
def test_a_date_held_as_text_must_exist_and_be_as_precise_as_its_row_says(folder, cell, said):
    rewrite(folder / "sorties.yml", "- {name: date, type: date, title: Date, description: Day., constraints: {required: true}}",
            "- {name: date, type: string, title: Date, description: Day., constraints: {pattern: '\\d{4}\\S*'}}\n"
            "- {name: date_precision, type: string, title: Precision, description: Of the date.}")
    rewrite(folder / "sorties.csv", "iso3,date,", "iso3,date,date_precision,")
    for day in ("2023-01-01", "2023-01-02"):
        rewrite(folder / "sorties.csv", f"{day},", f"{day},day,")
    data.load("sorties", folder)
    rewrite(folder / "sorties.csv", "JPN,2023-01-02,", f"JPN,{cell},")
    assert f"data/sorties.csv, row 3 (iso3 JPN, date {cell}), column date: value {cell!r} {said}" in complaint(folder)


def test_a_month_of_the_year_zero_is_named_and_breaks_nothing_off(folder):
    rewrite(folder / "sorties.yml", "{name: date, type: date,", "{name: date, type: yearmonth,")
    (folder / "sorties.csv").write_text("iso3,date,sorties,share,level\nJPN,2023-01,4,,\nJPN,00-05,4,,\nKOR,2023-01,2,,\n")
    assert "row 3 (iso3 JPN, date 00-05), column date: value '00-05' is no date of the calendar" in complaint(folder)


def test_a_date_after_the_table_was_retrieved_is_refused(folder):
    rewrite(folder / "sorties.csv", "JPN,2023-01-02,", "JPN,2024-05-31,")
    data.load("sorties", folder)  # the last day of a month that is named by it
    rewrite(folder / "sorties.csv", "JPN,2024-05-31,", "JPN,2031-09-21,")
    assert ("row 3 (iso3 JPN, date 2031-09-21), column date: value '2031-09-21' lies after 2024-05-01, when the table was "
            "retrieved") in complaint(folder)


@pytest.mark.parametrize(("start", "end", "good"), [
    ("2010-09", "2010-11", True), ("2010-09-21", "2010", True), ("2010", "2010-02-01", True),
    ("2010-09", "2009-11", False), ("2010-09-21", "2010-08", False),
])
def test_what_ends_before_it_starts_is_refused(folder, start, end, good):
    rewrite(folder / "sorties.yml", "caveats: []", "".join(
        f"- {{name: {name}, type: string, title: T, description: Day., constraints: {{pattern: '\\d{{4}}\\S*'}}}}\n"
        for name in ("start", "end")) + "caveats: []")
    (folder / "sorties.csv").write_text("iso3,date,sorties,share,level,start,end\nJPN,2023-01-01,4,,,,\n"
                                        f"JPN,2023-01-02,4,,,{start},{end}\nKOR,2023-01-01,2,,,{start},\n")
    if good:
        data.load("sorties", folder)
    else:
        assert (f"row 3 (iso3 JPN, date 2023-01-02), column end: value {end!r} lies before its start, "
                f"{start!r}") in complaint(folder)


def test_a_sound_table_loads_with_the_types_of_its_sidecar(folder):
    frame = data.load("sorties", folder).frame
    assert str(frame["date"].dtype).startswith("datetime64")
    assert str(frame["sorties"].dtype) == "Int64"
    assert frame["share"].dtype == "float64"
    assert frame["iso3"].tolist() == ["JPN", "JPN", "KOR"]


def test_an_integer_column_without_gaps_is_a_plain_integer(folder):
    rewrite(folder / "sorties.csv", "02,,13", "02,7,13")
    assert data.load("sorties", folder).frame["sorties"].dtype == "int64"


def test_a_table_knows_its_citation_source_line_and_grade(folder):
    table = data.load("sorties", folder)
    assert table.citation() == "Ministry of Tests (2024). Sorties."
    assert table.source_line() == "Ministry of Tests, Sorties (May 2024), CC BY 4.0"
    assert table.grade == "A"


DAMAGE = {
    "header renamed": (
        "sorties,share",
        "sortie,share",
        ["row 1", "column 'sorties' is missing", "unknown column 'sortie'", "nearest: sorties", "Rename"],
    ),
    "column missing": ("share,level", "level", ["row 1", "column 'share' is missing"]),
    "columns in another order": ("iso3,date", "date,iso3", ["row 1", "order of columns"]),
    "text in a number": (",4,", ",four,", ["row 2", "column sorties", "'four'", "type integer"]),
    "not a date": ("2023-01-02", "2 Jan 2023", ["row 3", "column date", "'2 Jan 2023'", "type date"]),
    "key doubled": (
        "2023-01-02",
        "2023-01-01",
        ["row 3", "duplicate key (iso3, date)", "JPN, 2023-01-01", "once"],
    ),
    "unknown country": (
        "KOR,",
        "ROK,",
        ["row 4", "column iso3", "unknown country code 'ROK'", "KOR", "alpha-3"],
    ),
    "too high": ("12.5", "125", ["row 2", "column share", "125", "maximum 100"]),
    "too low": (",4,", ",-4,", ["row 2 (iso3 JPN, date 2023-01-01)", "column sorties", "-4", "minimum 0",
                                "the cells in data/curated/sorties.csv"]),
    "unknown word": (",high", ",very high", ["row 2", "column level", "'very high'", "enum"]),
    "empty required cell": ("KOR,2023-01-01", "KOR,", ["row 4", "column date", "required"]),
    "too few rows": ("KOR,2023-01-01,2,,\n", "", ["2 rows", "floor of 3", "rows_at_least", "make data"]),
    "row with too few cells": ("2,,\n", "2\n", ["row 4", "missing cell"]),
    "row with too many cells": ("12.5,high", "12.5,high,x", ["row 2", "extra cell"]),
    "not a number": ("12.5", "NaN", ["row 2", "column share", "'NaN'", "finite", "empty"]),
    "infinite": ("12.5", "-inf", ["row 2", "column share", "'-inf'", "finite"]),
    "blank line": ("low\n", "low\n\n", ["row 4", "is blank", "remove the line"]),
    "column doubled": ("share,level", "share,share", ["row 1", "'share' occurs twice", "'level' is missing"]),
    "country in lower case": ("KOR,", "kor,", ["row 4", "unknown country code 'kor'", "nearest: KOR"]),
    "cut off": ("2,,\n", "2", ["row 4", "cut off"]),
    "byte-order mark": ("iso3,date", "\ufeffiso3,date", ["row 1", "byte-order mark"]),
    "carriage returns": ("low\n", "low\r\n", ["row 3", "carriage return"]),
}


def test_in_a_kit_a_table_saved_by_a_spreadsheet_program_is_read_as_it_was(folder, monkeypatch):
    before = data.load("sorties", folder).frame
    monkeypatch.setattr(contract, "KIT", True)
    (folder / "sorties.csv").write_bytes(contract.BOM + CSV.replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(data.load("sorties", folder).frame, before)


@pytest.mark.parametrize(("old", "new", "said"), [
    (",4,", ",-4,", "the cells in data/sorties.csv, or the rule"), ("low\n", "low\r", "carriage return"),
    ("2,,\n", "2,,", "or take the file again from the zip")])
def test_in_a_kit_the_table_itself_is_named_for_correction(folder, monkeypatch, old, new, said):
    monkeypatch.setattr(contract, "KIT", True)
    (folder / "sorties.csv").write_bytes(CSV.replace(old, new).encode())
    with pytest.raises(TableError, match=said):
        data.load("sorties", folder)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_table_is_refused_with_table_row_column_value_and_rule(folder, damage):
    old, new, expected = DAMAGE[damage]
    rewrite(folder / "sorties.csv", old, new)
    message = complaint(folder)
    assert "data/sorties.csv" in message
    for part in expected:
        assert part in message


def test_a_text_that_occurs_twice_in_a_column_of_unique_texts_is_refused_and_a_gap_is_no_text(folder):
    rewrite(folder / "sorties.yml", "constraints: {minimum: 0}}", "constraints: {minimum: 0, unique: true}}")
    data.load("sorties", folder)
    rewrite(folder / "sorties.csv", "KOR,2023-01-01,2,", "KOR,2023-01-01,4,")
    assert "row 4 (iso3 KOR, date 2023-01-01), column sorties: unique error" in complaint(folder)


def test_of_two_faulty_cells_that_of_the_earlier_row_is_named(folder):
    rewrite(folder / "sorties.csv", ",high", ",=high")
    rewrite(folder / "sorties.csv", "JPN,2023-01-02", "=JPN,2023-01-02")
    assert "row 2 (iso3 JPN, date 2023-01-01), column level: value '=high' begins like a formula" in complaint(folder)


def test_a_key_is_told_as_far_as_it_is_plain_text(folder):
    rewrite(folder / "sorties.csv", "JPN,2023-01-02", "J\x1bPN,2023-01-02")
    assert "row 3 (date 2023-01-02), column iso3: value 'J\\x1bPN' holds an unseen control character" in complaint(folder)


def test_bytes_that_are_not_utf8_are_located(folder):
    path = folder / "sorties.csv"
    path.write_bytes(path.read_bytes().replace(b"low", b"l\xf6w"))
    assert "row 3: byte 0xf6 is not UTF-8" in complaint(folder)


def test_a_table_saved_with_semicolons_is_recognized(folder):
    path = folder / "sorties.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    assert "row 1: no comma in the header" in complaint(folder)


def test_many_violations_are_counted_after_the_first_five(folder):
    rewrite(folder / "sorties.csv", CSV, CSV + "".join(f"XXX,2023-02-0{d},1,1,low\n" for d in range(1, 9)))
    message = complaint(folder)
    assert message.count("unknown country code") == 5
    assert "and 3 more" in message


def test_an_unknown_table_is_reported_with_the_nearest_names(folder):
    message = complaint(folder, "sortie")
    assert "no such table" in message and "nearest: sorties" in message


def test_a_missing_csv_says_how_to_build_it(folder):
    (folder / "sorties.csv").unlink()
    assert "make data" in complaint(folder)


SIDECAR_DAMAGE = {
    "entry missing": (
        "citation: Ministry of Tests (2024). Sorties.\n",
        "",
        "'citation' is a required property",
    ),
    "grade unknown": ("grade: A", "grade: D", "entry grade: 'D' is not one of ['A', 'B', 'C']"),
    "type unknown": ("type: number", "type: float", "entry columns/3 (share)/type: 'float'"),
    "no reason why a column stays": ("title: Share,", "title: Share, documentary: true,",
                                     "entry columns/3 (share)/documentary: True is not of type 'string'"),
    "entry unknown": ("caveats: []", "caveats: []\nnotes: none", "'notes' was unexpected"),
    "code without a closed list": (", enum: [JPN, KOR]", "", "'enum' is a required property"),
    "key not described": ("[iso3, date]", "[iso3, day]", "entry primary_key: column 'day'"),
    "column described twice": ("name: share", "name: sorties", "sorties is described twice"),
    "no source": ("curated: [sorties.csv]\n", "", "is not valid under any of the given schemas"),
    "entry twice": ("grade: A\n", "grade: A\ngrade: B\n", "key 'grade' is given twice"),
    "rule twice": ("enum: [JPN, KOR]", "enum: [JPN, KOR], enum: [USA]", "key 'enum' is given twice"),
    "not YAML": ("caveats: []", "caveats: [", "not valid YAML"),
}


@pytest.mark.parametrize("damage", SIDECAR_DAMAGE)
def test_a_damaged_sidecar_is_refused_with_entry_and_rule(folder, damage):
    old, new, expected = SIDECAR_DAMAGE[damage]
    rewrite(folder / "sorties.yml", old, new)
    message = complaint(folder)
    assert "data/sorties.yml" in message and expected in message


def test_a_changed_file_is_read_again_in_the_same_process(folder):
    assert data.load("sorties", folder).frame["sorties"].iloc[0] == 4
    rewrite(folder / "sorties.csv", ",4,", ",40,")
    assert data.load("sorties", folder).frame["sorties"].iloc[0] == 40


def test_a_chapter_cannot_spoil_the_table_for_the_next(folder):
    frame = data.load("sorties", folder).frame
    frame.loc[0, "level"] = "low"
    assert data.load("sorties", folder).frame["level"].iloc[0] == "high"


def test_strays_and_a_stale_package_are_told_beside_sound_tables(folder):
    (folder / "datapackage.json").write_text(datapackage.text(folder), encoding="utf-8")
    assert data.fault("sorties", folder) is None and not any(data.around(folder).values())
    rewrite(folder / "sorties.csv", ",4,", ",5,")
    (folder / "stray.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    found = data.around(folder)
    assert data.fault("sorties", folder) is None
    assert "no sidecar data/stray.yml" in str(found["stray"])
    assert "entry hash of table sorties is out of date" in str(found["datapackage.json"])


def test_an_edited_sidecar_is_named_with_the_command_for_its_table_alone(folder):
    (folder / "datapackage.json").write_text(datapackage.text(folder), encoding="utf-8")
    rewrite(folder / "sorties.yml", "title: ", "title: New ")
    said = str(datapackage.difference(folder))
    assert "entry title of table sorties is out of date. data/sorties.yml was edited." in said
    assert said.endswith("run: python -m trilateral data build sorties")


def test_several_processes_find_what_one_finds(folder):
    for name in ("sound", "short"):
        for suffix in (".csv", ".yml"):
            shutil.copy(folder / f"sorties{suffix}", folder / f"{name}{suffix}")
    rewrite(folder / "short.csv", "JPN,2023-01-02,,13,low\n", "")
    names, of_one = data.names(folder), partial(data.fault, folder=folder)
    with ProcessPoolExecutor(2) as pool:
        found = dict(zip(names, pool.map(of_one, names), strict=True))
    assert {name: str(fault) for name, fault in found.items()} == {name: str(of_one(name)) for name in names}
    assert found["sound"] is None and "data/short.csv: 2 rows, fewer than the floor" in str(found["short"])


def test_a_table_that_passed_before_is_loaded_without_the_validator(folder):
    code = ("import sys\nfrom pathlib import Path\nfrom trilateral import contract, data\n"
            "contract.has_passed = lambda mark: True\ndata.load('sorties', Path(sys.argv[1]))\n"
            "assert 'pandas' in sys.modules and 'frictionless' not in sys.modules")
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)


def test_a_row_that_refers_to_nothing_is_reported(folder):
    shutil.copy(folder / "sorties.csv", folder / "days.csv")
    keyed = SIDECAR.replace(
        "caveats", "foreign_keys: [{fields: [date], reference: {resource: days, fields: [date]}}]\ncaveats"
    )
    (folder / "sorties.yml").write_text(keyed, encoding="utf-8")
    (folder / "days.yml").write_text(
        SIDECAR.replace("rows_at_least: 3", "rows_at_least: 1"), encoding="utf-8"
    )
    rewrite(folder / "days.csv", "JPN,2023-01-02,,13,low\n", "")
    message = str(data.fault("sorties", folder))
    assert "data/sorties.csv, row 3, column date" in message and "not in data/days.csv" in message


# ---- the tables of the project


@pytest.mark.parametrize("name", data.names())
def test_every_table_keeps_the_contract(name):
    table = data.load(name)
    assert len(table.frame) >= table.meta["rows_at_least"]
    assert table.meta["rows_at_least"] >= 0.9 * len(table.frame), (
        "the floor would miss a table cut by a tenth"
    )


@pytest.mark.parametrize("name", data.names())
def test_every_table_is_sorted_by_its_key(name):
    table = data.load(name)
    key = list(table.meta["primary_key"])
    assert table.frame.equals(table.frame.sort_values(key, kind="stable", na_position="first"))


@pytest.mark.parametrize("name", data.names())
def test_every_number_stands_in_its_shortest_form(name):
    table = data.load(name)
    raw = pd.read_csv(data.DATA / f"{name}.csv", dtype=str, keep_default_na=False)
    for column in table.meta["columns"]:
        if column["type"] == "number":
            cells = raw[column["name"]][raw[column["name"]] != ""]
            short = [repr(float(cell)).removesuffix(".0") for cell in cells]
            assert cells.tolist() == short, column["name"]


@pytest.mark.parametrize("name", data.names())
def test_the_coverage_that_a_sidecar_states_is_that_of_its_table(name):
    table = data.load(name)
    columns = {c["name"]: c for c in table.meta["columns"]}
    stated = table.meta["coverage"]
    coded = {code for c in columns if columns[c].get("codes") for code in table.frame[c].dropna().unique()}
    if any(c == "iso3" for c in columns):
        assert set(stated["countries"]) >= coded
    time = next(
        (c for c in ("year", "fiscal_year", "year_start", "date", "month", "start") if c in columns), None
    )
    if time:
        years = table.frame[time].dropna().astype(str).str[:4].astype(int)
        first, last = int(stated["years"][:4]), int(stated["years"][-4:])
        assert first == years.min()
        assert last >= years.max()


@pytest.mark.parametrize("name", [n for n in data.names() if "source_grade" in data.load(n).frame])
def test_the_sidecar_states_the_lowest_grade_that_more_than_a_tenth_of_the_rows_have(name):
    table = data.load(name)
    assert table.meta["grade"] == table.grade


def test_a_selection_has_the_grade_of_its_own_rows():
    table = data.load("opinion_series")
    assert (table.grade, table.select("source_grade == 'A'").grade) == ("B", "A")
    with pytest.raises(data.NoRowError, match="no row is left by the selection"):
        table.select("year < 1900")


def test_a_table_holds_each_row_that_a_cell_names_or_says_which_it_lacks():
    ideal = data.load("un_ideal_points")
    assert ideal.holding("iso3 == 'JPN'", "year == 2015") is ideal
    with pytest.raises(data.NoRowError, match="table un_ideal_points: no row is left by the selection \"iso3 == 'QQQ'\""):
        ideal.holding("iso3 == 'JPN'", "iso3 == 'QQQ'")


def test_a_selection_by_a_column_that_a_table_lacks_names_both():
    ideal = data.load("un_ideal_points")
    said = r"table un_ideal_points: there is no column 'iso' \(nearest: iso3.*the selection \"iso == 'JPN'\" asks for it"
    for ask in (ideal.select, ideal.holding):
        with pytest.raises(TableError, match=said) as raised:
            ask("iso == 'JPN'")
        assert not isinstance(raised.value, data.NoRowError)


def test_a_table_that_lacks_a_year_says_which_it_has():
    totals = data.load("aid_totals")
    assert totals.covering([2018, 2025]) is totals
    with pytest.raises(TableError, match="table aid_totals: no row of 1066; its rows are of 2000 to 2025"):
        totals.covering([1066, 2018])
    empty = data.Table("a_table", totals.frame.iloc[:0], {})
    with pytest.raises(data.NoRowError, match=r"table a_table: no row of 2018; it has no row at all\. Change"):
        empty.covering([2018])


def test_a_table_without_years_says_that_it_cannot_cover_any():
    with pytest.raises(TableError, match=r"table a_table: there is no column 'year'.*nothing can be said of the years"):
        data.Table("a_table", pd.DataFrame({"month": ["2018-01"]}), {}).covering([2018])


@pytest.mark.parametrize(("frame", "last"), [
    ({"iso3": ["JPN", "KOR"], "year": [2021, 2019]}, "2021"),
    ({"month": pd.to_datetime(["2015-03-01", "2015-01-01"])}, "March 2015"),
    ({"date": ["2012", "2012-06-29", "2011-12"]}, "2012"), ({"date": ["2012-06-29", "2012-05"]}, "June 2012")])
def test_a_table_says_in_words_where_it_ends(frame, last):
    assert data.Table("a_table", pd.DataFrame(frame), {}).last == last


@pytest.mark.parametrize("frame", [{"iso3": ["JPN"]}, {"year": pd.Series(dtype="int64")}])
def test_a_table_without_a_date_says_that_it_has_no_end(frame):
    with pytest.raises(TableError, match="table a_table: no row has a date"):
        _ = data.Table("a_table", pd.DataFrame(frame), {}).last


def test_each_table_has_a_sidecar_and_a_recipe_and_nothing_lies_alone():
    tables = {path.stem for path in data.DATA.glob("*.csv")}
    assert tables == set(data.names())
    recipes = ROOT / "trilateral" / "recipes"
    named = {read_sidecar(path)["recipe"] for path in data.DATA.glob("*.yml")}
    cooking = {
        path.stem for path in recipes.glob("*.py") if "def tables(" in path.read_text(encoding="utf-8")
    }
    assert named == cooking


def test_each_curated_file_is_used_and_documented():
    used = {
        file for name in data.names() for file in read_sidecar(data.DATA / f"{name}.yml").get("curated", [])
    }
    assert used == {path.name for path in (data.DATA / "curated").glob("*.csv")}
    readme = (data.DATA / "curated" / "README.md").read_text(encoding="utf-8")
    assert sorted(file for file in used if file not in readme) == [], "list them in data/curated/README.md"


def test_the_data_package_is_up_to_date():
    assert datapackage.difference(data.DATA) is None


def test_the_data_package_is_valid_for_frictionless():
    report = Package(str(data.DATA / "datapackage.json")).validate()
    assert report.valid, report.to_summary()


def test_the_data_package_names_the_licence_and_source_of_every_table():
    for resource in json.loads((data.DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        assert resource["licenses"][0]["title"]
        assert resource["sources"]


@pytest.mark.parametrize("name", data.names())
def test_what_may_be_passed_on_is_what_the_license_says(name):
    licence = read_sidecar(data.DATA / f"{name}.yml")["licence"]
    terms = f"{licence['name']} {licence['note']}".lower()
    if "-nc" in terms or "non-commercial" in terms:
        assert licence["redistribution"] in ("non-commercial", "no")
    if any(words in licence["name"].lower() for words in ("not stated", "no license", "terms of use", "rights reserved")):
        assert licence["redistribution"] != "yes"


@pytest.mark.parametrize(("terms", "message"), [
    ("redistribution: unclear", "'holds' is a required property"),
    ("redistribution: unclear, holds: facts", "'why' is a required property"),
    ("redistribution: non-commercial, holds: names", "'names' is not one of"),
    ("redistribution: 'yes', holds: facts, why: none", "not"),
])
def test_a_table_that_not_all_may_pass_on_says_whether_it_holds_single_facts_and_why(folder, terms, message):
    path = folder / "sorties.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("redistribution: 'yes'", terms), encoding="utf-8")
    with pytest.raises(data.TableError, match=message):
        read_sidecar(path)


def test_the_source_of_a_selection_of_one_survey_names_the_house():
    polls = data.load("opinion_series")
    line = polls.select("series == 'ipus-threat-infographic'").source_line()
    assert line.startswith("IPUS, Seoul National University (survey houses, compiled by hand), ")
    assert polls.source_line().startswith("Survey houses, compiled by hand, ")


def test_bytes_that_passed_are_not_checked_again_and_others_are(folder, monkeypatch, tmp_path):
    from trilateral import contract
    (tmp_path / "_build").mkdir()
    monkeypatch.setattr(contract, "PASSED", tmp_path / "_build" / ".passed")
    meta, path = contract.read_sidecar(folder / "sorties.yml"), folder / "sorties.csv"
    contract.check_csv(path, meta)
    monkeypatch.setattr(contract, "_check_bytes", lambda *_: pytest.fail("checked twice"))
    contract.check_csv(path, meta)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(pytest.fail.Exception, match="checked twice"):
        contract.check_csv(path, meta)


@pytest.mark.parametrize("name", [n for n in data.names() if "upstream" not in data.load(n).meta])
def test_each_row_collected_by_hand_must_have_a_source_and_its_grade(name):
    rules = {column["name"]: column.get("constraints", {}) for column in data.load(name).meta["columns"]}
    for column in ("source_url", "source_grade"):
        assert rules.get(column, {}).get("required"), f"data/{name}.yml: {column} must be a required column"
    pattern = rules["source_url"].get("pattern", "")
    assert pattern.startswith("https?://"), f"data/{name}.yml: source_url needs pattern: 'https?://\\S+'"
    grades = rules["source_grade"].get("enum", "?")
    assert set(grades) <= {"A", "B", "C"}, f"data/{name}.yml: source_grade needs enum: [A, B, C]"


@pytest.mark.parametrize("path", sorted((data.DATA / "curated").glob("*.csv")), ids=lambda path: path.stem)
def test_each_line_of_a_curated_file_names_its_source(path):
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert rows["source_url"].str.match(r"https?://\S+$").all()
    graded = rows[rows["action"] == "add"] if "action" in rows else rows  # a correction keeps the grade of its row
    assert graded["source_grade"].isin(["A", "B", "C"]).all()
