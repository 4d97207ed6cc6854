"""A rule asks for no number that the words of its test do not state."""

from dataclasses import replace

import pytest

from trilateral import claims
from trilateral.claims import stated

ID = "as-japan-korea-lead-drr"


def test_every_rule_of_the_register_asks_for_what_its_test_states():
    assert stated.faults(claims.read_register()) == []


@pytest.mark.parametrize(("old", "new", "number"), [
    ("share_korea >= 5", "share_korea >= 2", 2), ("share >= 33.3 and share_korea", "share >= 30 and share_korea", 30)])
def test_a_threshold_changed_in_the_rule_alone_is_named_with_its_line(tmp_path, old, new, number):
    path = tmp_path / "claims.yml"
    path.write_text(claims.REGISTER.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    fault, = stated.faults(claims.read_register(path), path)
    line = next(i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if new in line)
    assert fault.startswith(f"book/claims.yml, line {line}: claim {ID}: the rule asks for {number:g}, which `test`")


def test_a_share_counts_as_stated_in_percent_and_in_words():
    claim = claims.register()[ID]
    for test in ("At least 80 percent of waves.", "At least 0.8 of waves."):
        assert list(stated.unsaid(replace(claim, test=test, rule=[{"supported": "share >= 0.8"}]))) == []
    assert list(stated.unsaid(replace(claim, test="A quarter.", rule=[{"supported": "share >= 25"}]))) == []
    assert list(stated.unsaid(replace(claim, test="Some.", rule=[{"supported": "share >= 25"}]))) == [("share >= 25", 25)]


def test_what_is_let_through_is_still_needed():
    register = claims.register()
    for name, numbers in stated.UNSAID.items():
        assert {number for _, number in stated.unsaid(register[name])} == numbers
