"""Two books compared: which verdicts moved, what differs with them, and whether the changes say so."""

import copy
import json

import pytest
from typer.testing import CliRunner

from trilateral import cli
from trilateral.publish import differences
from trilateral.publish.build import BuildError

BOOK = {
    "outline": 1, "version": "0.1.0", "record_ends": "2026-08-31",
    "made_from": {"package": "p", "chapters": {"threats": "c", "aid": "d"}, "tables": {"polls": "t", "votes": "u"}},
    "claims": {
        "a": {"chapter": "threats", "tables": ["polls", "votes"], "rule": "r", "written": "mixed", "now": "mixed"},
        "b": {"chapter": "aid", "tables": [], "rule": "s", "written": "not yet judged", "now": "not yet judged"},
    },
}
ENTRY = "- [A claim](#a), now: mixed → supported. A better\n  source was found.\n"


def changed(**parts):
    new = copy.deepcopy(BOOK)
    new["claims"]["a"] |= {"now": "supported"} | parts
    return new


def test_the_same_book_has_no_moves():
    assert differences.between(BOOK, copy.deepcopy(BOOK)) == []


def test_a_move_names_the_table_the_rule_the_code_and_the_package_that_differ():
    new = changed(rule="other")
    new["made_from"] = {"package": "q", "chapters": {"threats": "cc", "aid": "d"}, "tables": {"polls": "t", "votes": "v"}}
    (move,) = differences.between(BOOK, new)
    assert move.words == "now: mixed → supported"
    assert move.causes == ("its test or rule", "table votes", "the code of threats", "the package")


def test_a_move_without_any_recorded_cause_says_so():
    (move,) = differences.between(BOOK, changed())
    assert "nothing" in str(move)


def test_a_move_is_declared_by_a_list_item_with_the_claim_and_the_words():
    moves = differences.between(BOOK, changed())
    assert differences.undeclared(moves, ENTRY) == []
    for silent in ("", ENTRY.replace("#a", "#aa"), ENTRY.replace("supported", "not supported"), ENTRY.replace("- [", "[")):
        assert differences.undeclared(moves, silent) == moves, silent
    assert "- [a](#a), now: mixed → supported." in differences.advice(moves)


def test_a_first_verdict_needs_no_entry_and_a_new_claim_is_no_move():
    new = copy.deepcopy(BOOK)
    new["claims"]["b"] |= {"now": "supported"}
    new["claims"]["c"] = new["claims"]["a"]
    moves = differences.between(BOOK, new)
    assert [move.claim for move in moves] == ["b"] and differences.undeclared(moves, "") == []


@pytest.fixture
def project(tmp_path, monkeypatch):
    files = {"verdicts.json": json.dumps(BOOK), "changes.md": "# Changes\n", "new.json": json.dumps(changed())}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr(differences, "ACCEPTED", tmp_path / "verdicts.json")
    monkeypatch.setattr(differences, "CHANGES", tmp_path / "changes.md")
    return tmp_path


def run(project, *options):
    return CliRunner().invoke(cli.app, ["diff", str(project / "verdicts.json"), str(project / "new.json"), *options])


def test_the_command_tells_moves_and_fails_only_where_they_must_be_declared(project):
    assert run(project).exit_code == 0 and "a, now: mixed → supported" in run(project).output
    silent = run(project, "--declared")
    assert silent.exit_code != 0 and "appendix/changes" in silent.output and "; declared" not in silent.output
    (project / "changes.md").write_text(ENTRY, encoding="utf-8")
    told = run(project, "--declared")
    assert told.exit_code == 0 and "; declared" in told.output


def test_undeclared_moves_are_not_accepted_and_declared_ones_are(project):
    before = (project / "verdicts.json").read_bytes()
    assert run(project, "--accept").exit_code != 0 and (project / "verdicts.json").read_bytes() == before
    (project / "changes.md").write_text(ENTRY, encoding="utf-8")
    assert run(project, "--accept").exit_code == 0
    assert json.loads((project / "verdicts.json").read_text(encoding="utf-8"))["claims"]["a"]["now"] == "supported"


def test_a_file_that_is_no_ledger_is_named(tmp_path):
    (tmp_path / "ledger.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BuildError, match=r"ledger\.json is no ledger"):
        differences.read(tmp_path)
    with pytest.raises(BuildError, match="make the book first"):
        differences.read(tmp_path / "nowhere")
