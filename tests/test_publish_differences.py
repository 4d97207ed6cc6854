"""Two books compared: which verdicts moved, what differs with them, and whether the changes say so."""

import copy
import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from trilateral import cli
from trilateral.claims import Register, register
from trilateral.publish import differences
from trilateral.publish.build import BuildError

BOOK = {
    "outline": 2, "version": "0.1.0", "record_ends": "2026-08-31",
    "made_from": {"package": "p", "chapters": {"threats": "c", "aid": "d"}, "tables": {"polls": "t", "votes": "u"}},
    "claims": {
        "a": {"chapter": "threats", "tables": ["polls", "votes"],
              "rule": ["supported: gap >= 5", "mixed: otherwise"],
              "test": "w", "written": "mixed", "now": "mixed"},
        "b": {"chapter": "aid", "tables": [], "rule": ["mixed: otherwise"],
              "test": "w", "written": "not yet judged", "now": "not yet judged"},
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
    new = changed(rule=["mixed: otherwise"], test="ww")
    new["made_from"] = {"package": "q", "chapters": {"threats": "cc", "aid": "d"}, "tables": {"polls": "t", "votes": "v"}}
    (move,) = differences.between(BOOK, new)
    assert move.words == "now: mixed → supported"
    assert move.causes == ("its rule", "the words of its test", "table votes", "the code of threats", "the package")


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


def test_a_claim_that_the_first_book_does_not_know_is_named_with_its_verdicts():
    new = copy.deepcopy(BOOK)
    new["claims"]["c"] = new["claims"]["a"]
    assert differences.first(BOOK, new) == ["new: c, written: mixed, now: mixed"]


REVISED = {"a": ["supported: gap >= 4", "mixed: otherwise"], "b": ["mixed: gap > 1"], "c": ["mixed: otherwise"]}


def test_a_changed_rule_is_named_though_no_verdict_moved_and_needs_an_entry_with_both_lines():
    revisions = differences.revised(BOOK, REVISED)
    assert [str(each) for each in revisions] == ["a, rule: `supported: gap >= 5` → `supported: gap >= 4`"]  # b was not judged
    assert differences.undeclared(revisions, ENTRY) == revisions
    item = differences.advice(revisions).splitlines()[-1]
    assert differences.undeclared(revisions, item.replace(" → ", " →\n  ")) == []
    assert differences.undeclared(revisions, item.replace(">= 5", ">= 6")) == revisions


def test_lines_of_a_rule_that_were_added_dropped_or_put_into_another_order_are_told():
    lines = BOOK["claims"]["a"]["rule"]
    for now, words in ((lines[1:], "`supported: gap >= 5` → no line"), ([*lines, "x: y"], "no line → `x: y`"),
                       (lines[::-1], "`supported: gap >= 5`, `mixed: otherwise` → `mixed: otherwise`, `supported: gap >= 5`")):
        assert [each.words for each in differences.revised(BOOK, {"a": now})] == [f"rule: {words}"]
    assert differences.revised(BOOK, {"a": lines}) == []


def test_every_rule_of_the_register_is_the_accepted_one_or_its_change_is_declared():
    assert differences.silent_rules(register()) == ""


def test_a_claim_that_is_gone_or_has_another_id_needs_an_entry_which_cannot_link_it():
    new = copy.deepcopy(BOOK)
    new["claims"]["aa"] = new["claims"].pop("a")
    del new["claims"]["b"]  # it was never judged
    gone = differences.removed(BOOK, new["claims"])
    assert [str(each) for each in gone] == ["a, claim removed; it was mixed"]
    item = differences.advice(gone).splitlines()[-1]
    assert item == "- `a`, claim removed. Reason: ..."
    assert differences.undeclared(gone, item) == [] and differences.undeclared(gone, item.replace("`a`", "`aa`")) == gone


def test_a_verdict_as_of_writing_that_moved_is_named_as_well():
    (move,) = differences.between(BOOK, changed(now="mixed", written="supported"))
    assert move.words == "written: mixed → supported" and differences.undeclared([move], ENTRY) == [move]


def test_the_register_has_every_claim_of_the_accepted_book():
    short = Register(register().record_ends, register().sources, dict(list(register().claims.items())[1:]))
    first = next(iter(register().claims))
    assert f"- `{first}`, claim removed." in differences.silent_rules(short)


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


def test_validation_prints_the_entry_of_a_rule_that_changed(project):
    one = Register("2026-08-31", {}, {"a": SimpleNamespace(lines=[("supported", "gap >= 4"), ("mixed", "otherwise")])})
    assert "- [a](#a), rule: `supported: gap >= 5` → `supported: gap >= 4`. Reason: ..." in differences.silent_rules(one)
    (project / "changes.md").write_text(differences.silent_rules(one), encoding="utf-8")
    assert differences.silent_rules(one) == ""
    (project / "verdicts.json").unlink()
    assert differences.silent_rules(one) == ""


def test_undeclared_moves_are_not_accepted_and_declared_ones_are(project):
    before = (project / "verdicts.json").read_bytes()
    assert run(project, "--accept").exit_code != 0 and (project / "verdicts.json").read_bytes() == before
    (project / "changes.md").write_text(ENTRY, encoding="utf-8")
    assert run(project, "--accept").exit_code == 0
    assert json.loads((project / "verdicts.json").read_text(encoding="utf-8"))["claims"]["a"]["now"] == "supported"


def test_a_book_that_lost_a_claim_is_not_accepted_in_silence(project):
    short = copy.deepcopy(BOOK)
    del short["claims"]["a"]
    (project / "new.json").write_text(json.dumps(short), encoding="utf-8")
    for option in ("--declared", "--accept"):
        refused = run(project, option)
        assert refused.exit_code != 0 and "- `a`, claim removed. Reason: ..." in refused.output
    (project / "changes.md").write_text("- `a`, claim removed. Reason: it stood there twice.\n", encoding="utf-8")
    assert run(project, "--accept").exit_code == 0 and "a" not in json.loads((project / "verdicts.json").read_text())["claims"]


def test_a_file_that_is_no_ledger_is_named(tmp_path):
    (tmp_path / "ledger.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BuildError, match=r"ledger\.json is no ledger"):
        differences.read(tmp_path)
    with pytest.raises(BuildError, match="make the book first"):
        differences.read(tmp_path / "nowhere")
