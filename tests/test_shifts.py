"""A re-runner learns what moved under verdicts that stayed, the most telling first."""

import pytest

from trilateral import claims, outcome, shifts
from trilateral.shifts import thresholds

CLAIM = next(claim for claim in claims.register().claims.values() if claim.has_rule and any(
    list(thresholds(claim, name)) for name in claim.quantities))
NAME = next(name for name in CLAIM.quantities if list(thresholds(CLAIM, name)))
TURN = next(thresholds(CLAIM, NAME))


def entry(value, verdict="mixed"):
    side = {"verdict": verdict, "date": "2026-08-31", "quantities": {NAME: {"value": value}}}
    return {"chapter": CLAIM.chapter, "tables": [], "written": side, "now": side}


@pytest.mark.parametrize(("before", "after", "verdict", "rows"), [
    (TURN + 4, TURN + 1, "mixed", 2), (TURN + 4, TURN + 1, "supported", 0), (TURN + 4, TURN + 4 + 1e-9, "mixed", 0),
    (None, TURN + 1, "mixed", 0), (TURN + 4, None, "mixed", 0)])
def test_only_what_changed_in_its_printed_digits_under_the_same_verdict_is_told(before, after, verdict, rows):
    moved = list(shifts.found({CLAIM.id: entry(after, verdict)}, {CLAIM.id: entry(before)}))
    assert [shift.moment for shift in moved] == list(claims.MOMENTS)[:rows]
    assert all(shift.before == before and shift.after == after for shift in moved)


def test_a_shift_is_measured_by_the_way_to_the_threshold():
    near, far = (shifts.Shift("as-one", "now", "gap", 10, 12, turn) for turn in (11, 30))
    assert (near.share, far.share) == (2, 0.1)
    assert shifts.Shift("as-one", "now", "gap", 10, 12, None).share == 0.2
    assert shifts.Shift("as-one", "now", "gap", 10, 12, 10).share == float("inf")
    assert str(near).split() == ["as-one", "now", "gap", "10", "12", "11"]


def test_the_table_is_short_and_is_told_only_where_something_was_changed(monkeypatch):
    run = outcome.Run(CLAIM.chapter, 1.0, {CLAIM.id: entry(TURN + 1)})
    ledger = {CLAIM.id: entry(TURN + 4)}
    lines = outcome.summary([run], ledger, True)[0]
    assert shifts.HEAD in lines and sum(line.startswith(CLAIM.id) for line in lines) == 2
    assert shifts.HEAD not in outcome.summary([run], ledger)[0]
    monkeypatch.setattr(shifts, "MOST", 1)
    assert outcome.summary([run], ledger, True)[0][-1] == "and 1 more that moved less"
