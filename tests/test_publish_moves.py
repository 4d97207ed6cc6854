"""What a build says it changed: verdicts and headlines of the book that stood before."""

import json

import pytest

from trilateral.publish import facts, moves
from trilateral.publish.build import BuildError


def book(folder, verdict, headline):
    (folder / "book" / "part").mkdir(parents=True)
    (folder / "book" / "part" / "page.html").write_text(
        f'<figure id="lines"><p class="tl-headline" id="lines-headline">{headline}</p></figure>', encoding="utf-8")
    claims = [{"id": "as-a", "written": {"verdict": "mixed"}, "now": {"verdict": verdict}}, {"id": "as-b", "now": None}]
    (folder / "ledger.json").write_text(json.dumps({"claims": claims}), encoding="utf-8")
    return moves.told(folder)


def test_a_verdict_and_a_headline_that_move_are_named(tmp_path):
    before, after = (book(tmp_path / name, *what) for name, what in
                     (("one", ("mixed", "Half &amp; half")), ("two", ("supported", "Six of ten"))))
    assert moves.between(before, after) == ["moved: as-a, now: mixed -> supported",
                                            "moved: figure lines: “Half & half” -> “Six of ten”"]
    assert moves.between(after, after) == []


def test_a_first_build_moves_nothing_and_many_moves_are_cut(tmp_path):
    assert moves.told(tmp_path / "none") == {} and moves.between({}, {"as-a, now": "mixed"}) == []
    many = {f"figure {i}": "a" for i in range(40)}
    assert moves.between(many, dict.fromkeys(many, "b"))[-1] == "moved: and 10 more"


@pytest.mark.parametrize("content", ["", '{"claims": [{"id": "as-a", "now"', "[]"])
def test_a_ledger_that_was_cut_off_stops_no_build_and_is_named_where_it_is_needed(tmp_path, content):
    book(tmp_path, "mixed", "Half")
    ledger = tmp_path / "ledger.json"
    ledger.write_text(content, encoding="utf-8")
    assert moves.told(tmp_path) == {"figure lines": "“Half”"}
    with pytest.raises(BuildError, match=r"ledger\.json: is no whole ledger .*; build the web book"):
        facts.entries(ledger)
    ledger.unlink()
    with pytest.raises(BuildError, match=r"ledger\.json is missing; build the web book"):
        facts.entries(ledger)


def test_a_claim_that_the_book_before_did_not_have_is_named_with_its_verdict():
    after = {"as-a, now": "mixed", "as-b, written": "not yet judged", "as-b, now": "mixed", "figure new": "“One”"}
    assert moves.between({"as-a, now": "mixed"}, after) == ["new: as-b, now: mixed"]


def test_a_claim_with_a_rule_that_its_written_chapter_does_not_judge_is_named(tmp_path):
    assert moves.unjudged(tmp_path) == []
    judged = {"id": "as-a", "chapter": "threats", "rule": [1], "written": {"verdict": "mixed"}, "now": None}
    open_ones = [{"id": name, "chapter": chapter, "rule": rule} for name, chapter, rule in
                 (("as-threats", "threats", [1]), ("as-aid", "aid", [1]), ("as-no-rule", "threats", []))]
    (tmp_path / "ledger.json").write_text(json.dumps({"claims": [judged, *open_ones]}), encoding="utf-8")
    assert moves.unjudged(tmp_path) == ["not judged: as-threats, though it has a rule; judge it in the chapter threats"]
