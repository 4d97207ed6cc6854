"""A rebuild takes only the pinned bytes, validates before it writes, and leaves nothing half-written."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
import requests
import yaml

from trilateral import data, datapackage
from trilateral.contract import TableError, read_sidecar
from trilateral.recipes import runner, upstream
from trilateral.recipes.reading import UpstreamError

ENTRY = {
    "source": "jiji-monthly-poll-kato",
    "file": "jijidata.xlsx",
    "url": "https://example.org/jijidata.xlsx",
    "commit": "0" * 40,
    "sha256": hashlib.sha256(b"pinned").hexdigest(),
    "bytes": 6,
}
CURATED = [n for n in data.names() if "upstream" not in read_sidecar(data.DATA / f"{n}.yml")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with the sidecars and inputs of two tables collected by hand, not built yet."""
    folder = tmp_path / "data"
    (folder / "curated").mkdir(parents=True)
    for name in ("leaders", "jasdf_scrambles"):
        shutil.copy(data.DATA / f"{name}.yml", folder)
        for file in read_sidecar(folder / f"{name}.yml")["curated"]:
            shutil.copy(data.DATA / "curated" / file, folder / "curated")
    return folder


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise requests.ConnectionError("no network in this test")

    monkeypatch.setattr(upstream.requests.Session, "get", refuse)
    monkeypatch.delenv(upstream.VARIABLE, raising=False)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def statuses(outcomes) -> dict[str, str]:
    return {outcome.table: outcome.status for outcome in outcomes}


def test_a_first_rebuild_makes_the_committed_bytes_and_the_package(folder):
    told = []
    made = statuses(runner.rebuild(report=told.append, folder=folder))
    assert made == {"jasdf_scrambles": "new", "leaders": "new", "datapackage.json": "new"}
    assert len(told) == 3
    for name in ("leaders", "jasdf_scrambles"):
        assert (folder / f"{name}.csv").read_bytes() == (data.DATA / f"{name}.csv").read_bytes()


def test_a_second_rebuild_changes_nothing(folder):
    runner.rebuild(folder=folder)
    before = listing(folder)
    assert set(statuses(runner.rebuild(folder=folder)).values()) == {"unchanged"}
    assert listing(folder) == before


def test_one_table_can_be_rebuilt_alone(folder):
    assert "jasdf_scrambles" not in statuses(runner.rebuild(["leaders"], folder=folder))
    assert not (folder / "jasdf_scrambles.csv").exists()


def test_an_unknown_table_is_reported_with_the_nearest(folder):
    with pytest.raises(TableError, match=r"no such table .nearest: leaders"):
        runner.rebuild(["leader"], folder=folder)


def test_a_check_says_what_would_change_and_writes_nothing(folder, monkeypatch):
    runner.rebuild(folder=folder)
    change(folder / "curated" / "jasdf-scrambles.csv", "2004,141,", "2004,142,")
    before = listing(folder)
    looked = []
    monkeypatch.setattr(runner, "check_csv", lambda path, *_: looked.append(path))
    outcomes = {outcome.table: outcome for outcome in runner.rebuild(check=True, folder=folder)}
    assert len(looked) == 2 and not any(path.is_relative_to(folder) for path in looked)
    assert outcomes["jasdf_scrambles"].status == "changed"
    assert "differs from row 2 on" in outcomes["jasdf_scrambles"].detail
    assert outcomes["leaders"].status == "unchanged"
    assert listing(folder) == before


def test_a_table_that_would_break_the_contract_is_not_written_and_neither_are_the_others(folder):
    runner.rebuild(folder=folder)
    before = listing(folder)
    change(folder / "curated" / "jasdf-scrambles.csv", "2004,141,", "2004,142,")
    change(folder / "curated" / "leaders-1990-2026.csv", "JPN,Kaifu", "JPM,Kaifu")
    with pytest.raises(TableError, match=r"data/leaders.csv.*unknown country code 'JPM'"):
        runner.rebuild(folder=folder)
    assert listing(folder) == before
    assert not list(folder.glob(".rebuild-*"))


def test_a_failure_while_writing_leaves_whole_files_only(folder, monkeypatch):
    runner.rebuild(folder=folder)
    before = listing(folder)
    change(folder / "curated" / "jasdf-scrambles.csv", "2004,141,", "2004,142,")

    def full_disk(source, target):
        raise OSError("No space left on device")

    monkeypatch.setattr(runner.os, "replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        runner.rebuild(folder=folder)
    assert listing(folder) == before
    assert not list(folder.glob(".rebuild-*"))


def test_ctrl_c_between_two_tables_waits_until_all_and_the_package_are_written(folder, monkeypatch):
    replace, kept = os.replace, signal.signal(signal.SIGINT, signal.default_int_handler)

    def stopped(source, target):
        signal.raise_signal(signal.SIGINT)
        replace(source, target)

    monkeypatch.setattr(runner.os, "replace", stopped)
    try:
        with pytest.raises(KeyboardInterrupt):
            runner.rebuild(folder=folder)
    finally:
        signal.signal(signal.SIGINT, kept)
    assert {"leaders.csv", "jasdf_scrambles.csv", "datapackage.json"} < set(listing(folder))
    assert datapackage.difference(folder) is None and not list(folder.glob(".rebuild-*"))


def test_a_missing_curated_file_is_named(folder):
    (folder / "curated" / "leaders-1990-2026.csv").unlink()
    with pytest.raises(UpstreamError, match=r"data/curated/leaders-1990-2026\.csv: missing"):
        runner.rebuild(folder=folder)


def test_a_changed_header_of_a_file_collected_by_hand_is_not_called_a_change_upstream(folder):
    change(folder / "curated" / "leaders-1990-2026.csv", ",party,", ",faction,")
    with pytest.raises(UpstreamError, match=r"data/curated/leaders-1990-2026\.csv, row 1: lacks column party\. Correct the "
                                            r"header, take the file from version control"):
        runner.rebuild(["leaders"], folder=folder)


def test_swapped_dates_of_terms_are_named(folder):
    change(folder / "curated" / "leaders-1990-2026.csv", ",start,end,", ",end,start,")
    with pytest.raises(UpstreamError, match=r"leaders-1990-2026\.csv, row \d+ \(.*: no term from .* to .*Correct the dates"):
        runner.rebuild(["leaders"], folder=folder)


def test_a_missing_recipe_is_named(folder):
    change(folder / "leaders.yml", "recipe: leaders", "recipe: rulers")
    with pytest.raises(
        TableError, match=r"data/leaders\.yml, entry recipe: no module trilateral/recipes/rulers\.py"
    ):
        runner.rebuild(folder=folder)


def test_a_recipe_whose_second_table_lacks_a_sidecar_is_reported(folder):
    shutil.copy(folder / "leaders.yml", folder / "rulers.yml")
    with pytest.raises(TableError, match="makes leaders; the sidecars that name it are leaders, rulers"):
        runner.rebuild(folder=folder)


# ---- two files of one name


def pinned(source: str, **other) -> dict:
    return {"recipe": "x", "upstream": [ENTRY | {"source": source} | other]}


@pytest.mark.parametrize("members, said", [
    ({"a": pinned("one"), "b": pinned("two")}, r"data/b\.yml, entry upstream: two/jijidata\.xlsx has another source than "
                                               r"one/jijidata\.xlsx in data/a\.yml.*give one of the two another name"),
    ({"a": pinned("one"), "b": pinned("one", sha256="0" * 64, bytes=7)}, "another sha256 and bytes than one/jijidata"),
    ({"a": pinned("one", file="x.csv") | {"curated": ["x.csv"]}}, r"entry curated: x\.csv is also the name of .*one/x\.csv"),
])
def test_two_files_of_one_name_in_one_recipe_are_refused(members, said):
    with pytest.raises(TableError, match=said):
        runner.inputs(members)


def test_one_file_that_several_tables_pin_alike_is_one_file():
    assert list(runner.inputs({"a": pinned("one"), "b": pinned("one")})) == ["jijidata.xlsx"]


def test_a_check_finds_files_of_one_name_without_any_upstream_file(folder):
    assert runner.clashes() == []
    for name in ("health_aid", "health_aid_by_region"):
        shutil.copy(data.DATA / f"{name}.yml", folder)
    assert runner.clashes(folder) == []
    entry = read_sidecar(folder / "health_aid.yml")["upstream"][0]
    change(folder / "health_aid.yml", entry["sha256"], "a" * 64)
    said, = runner.clashes(folder)
    assert "another sha256" in said and "data/health_aid" in said


# ---- files collected by hand that changed after the table was made


def mixed(folder: Path, monkeypatch) -> Path:
    """A table made of an upstream file and one collected by hand, as `data build` leaves it; the hand-made file."""
    for file in ("us_rok_exercises.yml", "us_rok_exercises.csv", "curated/us-rok-exercises.csv"):
        shutil.copy(data.DATA / file, folder / file)
    runner.rebuild(["leaders", "jasdf_scrambles"], folder=folder)
    assert data.around(folder)["datapackage.json"] is None
    return folder / "curated" / "us-rok-exercises.csv"


def test_a_file_collected_by_hand_is_known_to_have_changed_though_its_table_cannot_be_made_here(folder, monkeypatch):
    by_hand = mixed(folder, monkeypatch)
    change(by_hand, "Ulchi Freedom", "Ulji Freedom")
    said = str(data.around(folder)["datapackage.json"])
    assert "data/curated/us-rok-exercises.csv has changed since data/us_rok_exercises.csv was made of it" in said
    assert "data build us_rok_exercises" in said


def test_building_another_table_does_not_hide_that_it_has_changed(folder, monkeypatch):
    by_hand = mixed(folder, monkeypatch)
    change(by_hand, "Ulchi Freedom", "Ulji Freedom")
    change(folder / "curated" / "leaders-1990-2026.csv", "Koizumi Junichiro", "Koizumi Jun-ichiro")
    assert statuses(runner.rebuild(["leaders"], folder=folder))["leaders"] == "changed"
    assert "us-rok-exercises.csv has changed since" in str(data.around(folder)["datapackage.json"])


@pytest.mark.parametrize("name, place", [("leaders", "data/curated/leaders-1990-2026.csv"),
                                         ("us_rok_exercises", "trilateral/recipes/mme_dorazio_galambos.py")])
def test_an_edited_table_is_told_where_the_edit_belongs_and_that_a_build_overwrites_it(folder, monkeypatch, name, place):
    mixed(folder, monkeypatch)
    change(folder / f"{name}.csv", "USA,Joe Biden" if name == "leaders" else "Ulchi Freedom Guardian 2011",
           "USA,Joseph Biden" if name == "leaders" else "Ulchi Freedom Guardian of 2011")
    said = str(data.around(folder)["datapackage.json"])
    assert place in said and "a build overwrites the table" in said and f"git checkout data/{name}.csv" in said
    assert "make data" not in said


# ---- upstream bytes


def test_the_local_folder_comes_first(tmp_path, monkeypatch):
    (tmp_path / ENTRY["source"]).mkdir()
    (tmp_path / ENTRY["source"] / ENTRY["file"]).write_bytes(b"pinned")
    monkeypatch.setenv(upstream.VARIABLE, str(tmp_path))
    assert upstream.fetch(ENTRY, cache=tmp_path / "cache") == b"pinned"
    assert not (tmp_path / "cache").exists()


def test_a_wrong_hash_names_file_expected_and_found(tmp_path, monkeypatch):
    (tmp_path / ENTRY["source"]).mkdir()
    (tmp_path / ENTRY["source"] / ENTRY["file"]).write_bytes(b"tampered")
    monkeypatch.setenv(upstream.VARIABLE, str(tmp_path))
    with pytest.raises(UpstreamError) as caught:
        upstream.fetch(ENTRY, cache=tmp_path / "cache")
    message = str(caught.value)
    assert "jiji-monthly-poll-kato/jijidata.xlsx" in message
    assert ENTRY["sha256"] in message
    assert hashlib.sha256(b"tampered").hexdigest() in message
    assert "6 bytes" in message and "8 bytes" in message


def test_an_extract_that_cannot_be_downloaded_keeps_the_committed_table(folder, no_network):
    for suffix in (".yml", ".csv"):
        shutil.copy(data.DATA / f"un_speech_terms{suffix}", folder)
    outcomes = {outcome.table: outcome for outcome in runner.rebuild(folder=folder)}
    assert outcomes["un_speech_terms"].status == "kept"
    assert "an extract made for this project" in outcomes["un_speech_terms"].detail
    assert outcomes["leaders"].status == "new"


def test_an_extract_without_a_committed_table_is_an_error(folder, no_network):
    shutil.copy(data.DATA / "un_speech_terms.yml", folder)
    with pytest.raises(UpstreamError, match=r"un_speech_terms\.csv is missing and cannot be rebuilt"):
        runner.rebuild(folder=folder)


@pytest.mark.parametrize("name", [n for n in data.names() if n not in CURATED])
def test_every_upstream_file_is_pinned_by_commit_and_hash(name):
    for entry in yaml.safe_load((data.DATA / f"{name}.yml").read_text(encoding="utf-8"))["upstream"]:
        assert entry["commit"] in entry["url"]


# ---- the committed tables


def test_the_tables_collected_by_hand_are_what_their_recipes_make():
    assert statuses(runner.rebuild(CURATED, check=True))["datapackage.json"] == "unchanged"
    assert set(statuses(runner.rebuild(CURATED, check=True)).values()) == {"unchanged"}


@pytest.mark.skipif(
    not os.environ.get(upstream.VARIABLE), reason="TRILATERAL_UPSTREAM names no folder of upstream files"
)
def test_every_table_is_what_its_recipe_makes_of_the_pinned_bytes():
    changed = [str(outcome) for outcome in runner.rebuild(check=True) if outcome.status != "unchanged"]
    assert changed == []


@pytest.mark.parametrize("text, said", [
    ("def tables(files):\n    return files['leaders-1990-2026.csv'].nope\n",
     r"broken\.py, line 2: AttributeError: .*reading leaders"),
    ("def other(files):\n    return {}\n", r"broken\.py: has no function tables"),
    ("def tables(:\n", r"broken\.py, line 1: cannot be imported: SyntaxError"),
    ("import no_such_module\n", r"broken\.py: it imports no_such_module, and there is no such module"),
])
def test_a_fault_in_a_recipe_is_named_with_its_file_and_line(folder, tmp_path, monkeypatch, text, said):
    (tmp_path / "broken.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr("trilateral.recipes.__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "trilateral.recipes.broken", raising=False)
    change(folder / "leaders.yml", "recipe: leaders", "recipe: broken")
    with pytest.raises((TableError, UpstreamError), match=said):
        runner.rebuild(["leaders"], folder=folder)


def test_a_year_without_quotation_marks_and_an_empty_sidecar_are_explained(folder):
    path = folder / "leaders.yml"
    change(path, "retrieved: '", "vintage: 2022\nretrieved: '")
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if line != "vintage: August 2026")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"entry vintage: 2022 is not of type 'string'\. Put it in quotation marks"):
        read_sidecar(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(TableError, match=r"data/leaders\.yml, top level: is empty"):
        read_sidecar(path)
