"""Newer upstream bytes make tables to the side; what changed is said, and the committed tables stay."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from test_publish_site import copy_site

from trilateral import claims, data, rerun
from trilateral.contract import TableError
from trilateral.publish import rejudge
from trilateral.publish.build import Places
from trilateral.recipes import differences, refresh, upstream
from trilateral.recipes.reading import UpstreamError

TABLE, SOURCE, FILE = "pew_opinions", "pew-gas-country-opinions", "pew_gas_country_opinions_2002_2023.csv"
HEAD = ("wave,iso3,target,n,favourable,unfavourable,very_favourable,very_unfavourable,somewhat_favourable,"
        "somewhat_unfavourable,dont_know,refused,suspect\n")


def frame(*rows: str) -> pd.DataFrame:
    columns = ["iso3", "year", "share"]
    return pd.DataFrame([row.split(",") for row in rows], columns=columns)


def test_rows_and_cells_that_differ_are_told_apart():
    found = differences.between(frame("JPN,2001,1", "JPN,2002,2", "KOR,2001,3"),
                                frame("JPN,2001,1", "JPN,2002,2.5", "USA,2001,4"), ["iso3", "year"])
    assert found.added.values.tolist() == [["USA", "2001", "4"]]
    assert found.removed.values.tolist() == [["KOR", "2001", "3"]]
    assert found.cells.values.tolist() == [["JPN", "2002", "share", "2", "2.5"]]
    assert found.lines() == ["1 rows more, 1 rows fewer, 1 cells changed", "+ USA, 2001", "- KOR, 2001",
                             "share: JPN, 2002: 2 -> 2.5"]


def test_equal_versions_have_no_difference():
    assert not differences.between(frame("JPN,2001,1"), frame("JPN,2001,1"), ["iso3", "year"])


def test_a_key_of_one_column_is_compared_too():
    old, new = (pd.DataFrame({"id": ["a", "b"], "x": values}) for values in (["1", "2"], ["1", ""]))
    assert differences.between(old, new, ["id"]).lines()[1:] == ["x: b: 2 -> (empty)"]


def test_the_largest_changes_come_first_and_the_rest_is_counted():
    old = frame(*(f"JPN,{2000 + i},0" for i in range(8)))
    new = frame(*(f"JPN,{2000 + i},{i + 1}" for i in range(8)))
    lines = differences.between(old, new, ["iso3", "year"]).lines()
    assert lines[1] == "share: JPN, 2007: 0 -> 8" and lines[-1] == "share: and 3 more"


# ---- refresh


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A data folder with one table, and beside it a folder for newer upstream bytes."""
    monkeypatch.delenv(upstream.VARIABLE, raising=False)
    (tmp_path / "data").mkdir()
    (tmp_path / "newer" / SOURCE).mkdir(parents=True)
    for suffix in (".csv", ".yml"):
        shutil.copy(data.DATA / f"{TABLE}{suffix}", tmp_path / "data")
    return tmp_path


def upstream_text(table: pd.DataFrame) -> str:
    """The committed table in the shape of its upstream file."""
    table = table.rename(columns={"respondents": "iso3", "year": "wave", "favorable": "favourable",
                                  "unfavorable": "unfavourable"})
    for share in ("favourable", "unfavourable"):
        table = table.assign(**{f"somewhat_{share}": table[share], f"very_{share}": 0})
    told = table[["favourable", "unfavourable", "refused"]].astype(float).sum(axis=1)
    table["dont_know"] = (100 - told).round(2)
    return table[HEAD.strip().split(",")].to_csv(index=False, lineterminator="\n")


def run(place: Path, raw: bytes) -> refresh.Refreshed:
    (place / "newer" / SOURCE / FILE).write_bytes(raw)
    before = {path.name: path.read_bytes() for path in (place / "data").iterdir()}
    outcome, = refresh.refresh(source=place / "newer", folder=place / "data", place=place / "aside")
    assert {path.name: path.read_bytes() for path in (place / "data").iterdir()} == before
    return outcome


def test_a_newer_file_with_one_more_year_is_said_and_pinned_aside(place):
    table = pd.read_csv(place / "data" / f"{TABLE}.csv", dtype=str)
    newer = pd.concat([table, table.tail(1).assign(year="2024")])
    raw = upstream_text(newer).encode()
    outcome = run(place, raw)
    assert outcome.status == "changed" and len(outcome.difference.added) == 1
    pinned = yaml.safe_load((place / "aside" / "data" / f"{TABLE}.yml").read_text(encoding="utf-8"))["upstream"][0]
    assert (pinned["sha256"], pinned["bytes"]) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert (place / "aside" / "data" / f"{TABLE}.csv").read_bytes().count(b"\n") == len(table) + 2


def test_a_record_that_goes_on_raises_the_end_in_its_sidecar_and_says_so(place):
    sidecar, table = place / "data" / f"{TABLE}.yml", pd.read_csv(place / "data" / f"{TABLE}.csv", dtype=str)
    sidecar.write_text(sidecar.read_text(encoding="utf-8").replace("maximum: 2030", f"maximum: {table['year'].max()}"),
                       encoding="utf-8")
    outcome = run(place, upstream_text(pd.concat([table, table.tail(1).assign(year="2031")])).encode())
    assert outcome.status == "changed" and outcome.later == (f"year: {table['year'].max()} -> 2031",)
    columns = yaml.safe_load((place / "aside" / "data" / f"{TABLE}.yml").read_text(encoding="utf-8"))["columns"]
    assert next(each for each in columns if each["name"] == "year")["constraints"]["maximum"] == 2031


def test_a_limit_beyond_the_record_is_no_end_and_stops(place):
    table = pd.read_csv(place / "data" / f"{TABLE}.csv", dtype=str)
    outcome = run(place, upstream_text(pd.concat([table, table.tail(1).assign(year="2031")])).encode())
    assert outcome.status == "stopped" and "maximum 2030" in outcome.detail


def test_other_bytes_that_make_the_same_table_are_said_to(place):
    table = pd.read_csv(place / "data" / f"{TABLE}.csv", dtype=str)
    assert run(place, upstream_text(table).encode()).status == "same table"


@pytest.mark.parametrize("committed", [None, b""])
def test_a_table_that_is_not_there_yet_is_new(place, committed):
    path = place / "data" / f"{TABLE}.csv"
    text = upstream_text(pd.read_csv(path, dtype=str))
    path.unlink() if committed is None else path.write_bytes(committed)
    outcome = run(place, text.encode() + b"\n")
    assert (outcome.status, outcome.difference, outcome.detail) == ("new", None, f"{SOURCE}/{FILE}")
    assert (place / "aside" / "data" / f"{TABLE}.csv").is_file()


@pytest.mark.parametrize("damage, said", [
    (lambda text: "", r"pew_gas.*\.csv: is empty"),
    (lambda text: text[: len(text) // 2], "fewer than the floor|cells where the header has 13"),
    (lambda text: text.replace("favourable", "approving"), "lacks column favourable"),
    (lambda text: text.replace("JPN", "JAP"), "fewer than the floor|unknown country code|JAP"),
    (lambda text: text.replace("wave,iso3,", "iso3,wave,", 1), "JPN|AUS|is no whole number|floor"),
    (lambda text: text.replace("2002,", "2002é,", 1).encode("latin-1"), r"row \d+: byte 0xe9 is not utf-8"),
    (lambda text: text.replace("\n", ",surplus\n").replace(",surplus\n", "\n", 1), "row 2: 14 cells where the header has 13"),
])
def test_damaged_bytes_stop_with_file_and_rule_and_touch_nothing(place, damage, said):
    import re
    text = upstream_text(pd.read_csv(place / "data" / f"{TABLE}.csv", dtype=str))
    raw = damage(text)
    outcome = run(place, raw if isinstance(raw, bytes) else raw.encode())
    assert outcome.status == "stopped" and re.search(said, outcome.detail), outcome


def test_a_file_that_is_not_in_the_folder_is_not_obtained(place):
    outcome, = refresh.refresh(source=place / "newer", folder=place / "data", place=place / "aside")
    assert outcome.status == "not obtained" and "an extract made for this project" in outcome.detail


def test_a_table_collected_by_hand_has_nothing_to_refresh():
    with pytest.raises(TableError, match="leaders: collected by hand"):
        refresh.refresh(["leaders"])


def test_the_newest_address_is_that_of_the_repository_s_head():
    entry = {"source": "s", "file": "f", "commit": "a" * 40, "url": f"https://x.org/o/r/{'a' * 40}/f.csv"}
    assert refresh.newest(entry) == "https://x.org/o/r/HEAD/f.csv"
    with pytest.raises(UpstreamError, match="--from"):
        refresh.newest(entry | {"url": "https://x.org/f.csv"})


# ---- verdicts


def test_a_verdict_that_moves_is_named_with_the_line_that_decides():
    before = {"as-a": {"written": {"verdict": "mixed"}, "now": {"verdict": "mixed"}}}
    after = {"as-a": {"written": {"verdict": "mixed", "reason": "x"}, "now": {"verdict": "supported", "reason": "lead > 5"}}}
    assert rejudge.moved(before, after) == ["as-a, now: mixed -> supported (lead > 5)"]


def test_chapters_run_on_the_new_table_as_a_build_runs_them_and_each_cell_that_fails_is_named(tmp_path, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHASHSEED", *rerun.THREADS):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    root, newer = copy_site(tmp_path / "site"), tmp_path / "newer" / "data"
    chapter = root / "book" / "diagnosis" / "threats.md"
    cell = """import os
raise OSError(f"{len(toys.frame)} rows, {os.environ['PYTHONHASHSEED']}, {os.environ['OMP_NUM_THREADS']}")"""
    chapter.write_text(f"{chapter.read_text(encoding='utf-8')}\n```{{code-cell}} python3\n{cell}\n```\n", encoding="utf-8")
    newer.mkdir(parents=True)
    shutil.copy(root / "data" / "toy_index.yml", newer)
    table = pd.read_csv(root / "data" / "toy_index.csv")
    fallen = table.assign(index=30 - table["index"])
    fallen.to_csv(newer / "toy_index.csv", index=False, float_format="%.2f", lineterminator="\n")
    places, said = Places(root), []
    places.html.mkdir(parents=True)
    moments = {moment: {"verdict": "supported"} for moment in claims.MOMENTS}
    register = claims.read_register(root / "book" / "claims.yml")
    places.ledger.write_text(json.dumps({"claims": [{"id": claim, **moments} for claim in register.claims]}), encoding="utf-8")
    lines = rejudge.run(places, newer.parent, ["toy_index"], lambda kind, text: said.append(text))
    assert "a cell would fail: code cell" in lines[0] and f"OSError: {len(table)} rows, 0, 1" in lines[0]
    assert {f"as-toy-rises, {moment}: supported -> not supported" for moment in claims.MOMENTS} < {
        line.partition(" (")[0] for line in lines[1:]}
    assert any(line.startswith("running 1 notebook") for line in said) and "1 of 1  threats" in said[-1]
