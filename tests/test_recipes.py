"""Recipes are pure functions of upstream bytes, and say plainly when the bytes have another shape."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from trilateral.recipes import (
    csis_nk_provocations,
    ipus_unification_attitudes,
    jasdf_scrambles,
    leaders,
    pla_sorties_japan_transits,
    sipri_milex,
    threat_polls,
    trilateral_milestones,
    wits_trade_summary,
)
from trilateral.recipes.reading import UpstreamError, mapped, require, take
from trilateral.recipes.writing import table_bytes

ROOT = Path(__file__).parents[1]
CURATED = ROOT / "data" / "curated"
RECIPES = sorted(
    path
    for path in (ROOT / "trilateral" / "recipes").glob("*.py")
    if "def tables(" in path.read_text("utf-8")
)


def curated(*names: str) -> dict[str, bytes]:
    return {name: (CURATED / name).read_bytes() for name in names}


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_reaches_for_no_file_and_no_network(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "open"
    assert imported <= {"__future__", "collections", "datetime", "io", "itertools", "json", "math", "pandas", "re",
                        "trilateral"}


# ---- shape of upstream


def test_a_missing_upstream_column_is_named():
    with pytest.raises(UpstreamError, match=r"x\.csv: lacks column year.*adapt the recipe"):
        require(pd.DataFrame({"iso3": []}), ["iso3", "year"], "x.csv")


def test_an_unknown_upstream_column_is_named_where_the_format_is_closed():
    with pytest.raises(UpstreamError, match=r"x\.csv: has unknown column mood"):
        require(pd.DataFrame({"iso3": [], "mood": []}), ["iso3"], "x.csv", closed=True)


def test_an_unknown_upstream_value_is_named():
    with pytest.raises(UpstreamError, match=r"column vote: unknown value maybe \(known: yes, no\)"):
        mapped(pd.Series(["yes", "maybe"], name="vote"), {"yes": 1, "no": 0}, "x.csv")


def test_a_file_that_the_sidecar_does_not_list_is_named():
    with pytest.raises(UpstreamError, match=r"y\.csv: not among the files given to the recipe \(x\.csv\)"):
        take({"x.csv": b""}, "y.csv")


def test_a_new_column_in_the_provocations_file_stops_the_recipe():
    raw = b"date,type,event,description,resources,severity\n2017-05-14,Missile Provocation,launch,,,1\n"
    with pytest.raises(UpstreamError, match="unknown column severity"):
        csis_nk_provocations.tables({csis_nk_provocations.FILE: raw})


# ---- single sources


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Short-range Ballistic Missile Launch", "srbm"),
        ("Submarine Launched Ballistic Missile Launch", "slbm"),
        ("Ballistic Missile Launch (type unknown)", "ballistic"),
        ("Intercontinental ballistic missile & SRBM", "icbm"),
        ("Satellite Launch (Other Provocation)", "satellite"),
        ("Anti-Ship Cruise Missile Launch", "cruise"),
        ("Long-range Surface-to-Air Missile Launch", "air-defense"),
        ("Multiple Lanuch Rocket System (MLRS) Test", "artillery"),
        ("Nuclear Test / Short-range missile launch", "nuclear-test"),
        ("Short-range Missile Launch", "unknown"),
    ],
)
def test_the_kind_of_weapon_is_read_from_the_label(label, kind):
    assert csis_nk_provocations.kind_of(label) == kind


def test_provocations_are_numbered_by_date_and_keep_no_text():
    raw = (
        "date,type,event,description,resources\n"
        "2017-09-03,Nuclear Provocation,Nuclear Test,a long text,http://x\n"
        "2016-02-07,Missile Provocation,Satellite Launch,a long text,http://x\n"
        "2016-01-01,Other Provocation,Balloon-floating Trash,a long text,http://x\n"
    )
    frame = csis_nk_provocations.tables(provocations(raw, "2017-11-29,missile,icbm"))["nk_provocations"]
    assert frame["event"].tolist() == [1, 2, 3, 4]
    assert frame["kind"].tolist()[1:] == ["satellite", "nuclear-test", "icbm"]
    assert frame["added"].tolist() == [0, 0, 0, 1]
    assert pd.isna(frame["kind"].iloc[0])
    assert set(frame.columns) == {"event", "date", "type", "kind", "added"}


def test_an_added_launch_that_the_source_has_come_to_list_is_named():
    raw = "date,type,event,description,resources\n2017-11-29,Missile Provocation,ICBM Launch,a long text,http://x\n"
    with pytest.raises(UpstreamError, match="the source now lists an event on 2017-11-29"):
        csis_nk_provocations.tables(provocations(raw, "2017-11-29,missile,icbm"))


def provocations(raw, addition):
    return {csis_nk_provocations.FILE: raw.encode(),
            csis_nk_provocations.ADDITIONS: f"date,type,kind\n{addition}\n".encode()}


def ipus(rows, menu=1):
    series = [
        {"key": key, "group": {"menu": menu}, "years": [2016, 2017], "rows": rows} for key in ("Fp01", "Fp02")
    ]
    return {ipus_unification_attitudes.FILE: json.dumps({"series": series}).encode()}


def test_only_the_misprinted_cell_of_the_korean_survey_is_unusable():
    rows = [{"label": "미국", "values": [5, 0.5]}, {"label": "북한", "values": [64.9, 62.5]}]
    frame = ipus_unification_attitudes.tables(ipus(rows))["ipus_attitudes"]
    unusable = frame[frame["usable"] == 0]
    assert unusable[["item", "year", "target"]].values.tolist() == [["most-threatening", 2017, "USA"]]


def test_an_unknown_country_in_the_korean_survey_is_named():
    with pytest.raises(UpstreamError, match="'영국'"):
        ipus_unification_attitudes.tables(ipus([{"label": "영국", "values": [1, 2]}]))


def test_surveys_of_defectors_do_not_pass_as_surveys_of_south_koreans():
    with pytest.raises(UpstreamError, match="found none"):
        ipus_unification_attitudes.tables(ipus([{"label": "미국", "values": [1, 2]}], menu=2))


def test_gaps_in_military_expenditure_stay_empty_and_years_before_1988_are_left_out():
    out = io.BytesIO()
    with pd.ExcelWriter(out) as book:
        for sheet in sipri_milex.SHEET.values():
            rows = [["title", None, None, None], ["Country", "Notes", 1987, 1988]]
            rows += [
                [country, None, 1.0, "..." if country == "China" else 2.26] for country in sipri_milex.COUNTRY
            ]
            pd.DataFrame(rows).to_excel(book, sheet_name=sheet, header=False, index=False)
    frame = sipri_milex.tables({sipri_milex.FILE: out.getvalue()})["military_expenditure"]
    assert set(frame["year"]) == {1988}
    assert frame.set_index("iso3").loc["JPN", "constant_2023_usd_million"] == 2.3
    assert frame.set_index("iso3").loc["CHN"].drop("year").isna().all()


def test_an_unknown_country_label_of_a_passage_is_named():
    head = ["date", pla_sorties_japan_transits.AIRCRAFT, *pla_sorties_japan_transits.STRAITS.values(), "國家"]
    raw = ",".join(head) + "\n2024/01/01" + "," * 5 + ",朝鮮\n"
    with pytest.raises(UpstreamError, match="column 國家: unknown value 朝鮮"):
        pla_sorties_japan_transits.tables({pla_sorties_japan_transits.FILE: raw.encode()})


def test_years_without_china_among_the_partners_are_absent_not_zero():
    head = "Reporter,Partner,Product categories,Indicator Type,Indicator, 2001, 2000\n"
    body = "".join(
        f"X, China,All Products,Trade, {indicator}, 9.43, \n"
        for indicator in wits_trade_summary.SHARE.values()
    )
    files = {wits_trade_summary.FILE.format(c): (head + body).encode() for c in ("JPN", "KOR", "USA")}
    frame = wits_trade_summary.tables(files)["merchandise_trade_china"]
    assert frame["year"].tolist() == [2001, 2001, 2001]
    assert frame["export_share_china"].tolist() == [9.43] * 3


# ---- facts collected by hand

POLLS = (threat_polls.FILE, threat_polls.CORRECTIONS)


def test_corrections_change_and_add_the_answers_they_name():
    frame = threat_polls.tables(curated(*POLLS))["threat_polls"]
    before = pd.read_csv(CURATED / threat_polls.FILE)
    added = len(frame) - len(before)
    fixes = pd.read_csv(CURATED / threat_polls.CORRECTIONS)
    assert added == (fixes["action"] == "add").sum()
    assert frame["corrected"].sum() > added
    for fix in fixes[fixes["column"] == "percent"].to_dict("records"):
        row = frame
        for column in threat_polls.KEY:
            row = row[row[column] == fix[column]]
        assert row["percent"].tolist() == [float(fix["new_value"])]
        assert row["corrected"].tolist() == [1]


def test_a_correction_is_refused_when_the_old_value_is_no_longer_there():
    files = curated(*POLLS)
    files[threat_polls.FILE] = files[threat_polls.FILE].replace(b",46.4,", b",46.3,")
    with pytest.raises(
        UpstreamError, match=r"corrections\.csv, row 2: IPUS.*has percent '46.3'.*expects '46.4'"
    ):
        threat_polls.tables(files)


def test_a_correction_that_matches_no_row_is_refused():
    files = curated(*POLLS)
    files[threat_polls.CORRECTIONS] = files[threat_polls.CORRECTIONS].replace(b",2018,KOR,", b",2098,KOR,", 1)
    with pytest.raises(UpstreamError, match="row 2: 0 rows match"):
        threat_polls.tables(files)


def test_scrambles_that_do_not_add_up_are_refused():
    files = curated(jasdf_scrambles.FILE)
    files[jasdf_scrambles.FILE] = files[jasdf_scrambles.FILE].replace(b"2024,704,464", b"2024,704,465")
    with pytest.raises(UpstreamError, match=r"fiscal_year 2024.*do not add up"):
        jasdf_scrambles.tables(files)


def test_overlapping_terms_of_leaders_are_refused():
    files = curated(leaders.FILE)
    files[leaders.FILE] = files[leaders.FILE].replace(b"Joe Biden,2021-01-20", b"Joe Biden,2020-01-20")
    with pytest.raises(
        UpstreamError, match="USA, Joe Biden: start 2020-01-20 lies before the end 2021-01-20"
    ):
        leaders.tables(files)


def test_a_milestone_whose_date_lacks_its_precision_is_refused():
    files = curated(trilateral_milestones.FILE)
    files[trilateral_milestones.FILE] = files[trilateral_milestones.FILE].replace(
        b"T001,1999,year", b"T001,1999,day"
    )
    with pytest.raises(UpstreamError, match="id T001: date 1999 does not have the precision day"):
        trilateral_milestones.tables(files)


# ---- bytes of a table

META = {
    "recipe": "x",
    "primary_key": ["iso3", "year"],
    "columns": [{"name": n, "type": "string"} for n in ("iso3", "year", "share", "note")],
}


def test_tables_are_written_sorted_by_key_with_shortest_numbers_and_unix_line_ends():
    frame = pd.DataFrame(
        {
            "note": ["a, b", None, "c"],
            "share": [0.1 + 0.2, 16.0, None],
            "iso3": ["USA", "JPN", "JPN"],
            "year": pd.array([2000, 2001, 2000], dtype="Int64"),
        }
    )
    assert table_bytes(frame, META, "x") == (
        b'iso3,year,share,note\nJPN,2000,,c\nJPN,2001,16,\nUSA,2000,0.30000000000000004,"a, b"\n'
    )


def test_a_recipe_and_a_sidecar_that_disagree_on_columns_are_told_apart():
    with pytest.raises(ValueError, match=r"undescribed mood; not produced note"):
        table_bytes(pd.DataFrame({"iso3": [], "year": [], "share": [], "mood": []}), META, "x")
