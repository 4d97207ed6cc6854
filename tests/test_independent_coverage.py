"""Every number that decides a deep verdict is computed a second time, in each reading.

The checks note each number of the book that they compare with one of their own (`independent.Stated`), and within what
tolerance; this runs behind them.
"""

from __future__ import annotations

import ast
from contextlib import nullcontext
from pathlib import Path

import independent
import pytest
from independent import COMPARED, MOMENTS, NEAR_A_THRESHOLD, OWN, Stated, built, decided, published, stated

from trilateral.claims import SUFFIXES, register


def decides(claim) -> set[tuple[str, str]]:
    """Quantity and part (value, low or high) of each name that the lines of a rule compare; numbers of cases left out."""
    names = {
        node.id
        for _, condition in claim.lines
        if condition
        for node in ast.walk(ast.parse(condition, mode="eval"))
        if isinstance(node, ast.Name)
    }
    found = set()
    for name in names - {"otherwise", "min", "max", "abs"}:
        end = next((end for end in SUFFIXES if name.endswith(end) and name.removesuffix(end) in claim.quantities), "")
        found.add((name.removesuffix(end), end[1:] or "value"))
    return {(name, part) for name, part in found if part != "n"}


def all_of_them(request) -> bool:
    """Whether all independent checks run, so that what they compared is known."""
    return {path.stem for path in Path(__file__).parent.glob("test_independent_*.py")} <= {
        item.path.stem for item in request.session.items}


@built
def test_every_number_that_decides_a_deep_verdict_is_computed_a_second_time(request):
    if not all_of_them(request):
        pytest.skip("reads what the other independent checks compared: run all of them, tests/test_independent_*.py")
    deep = [claim for claim in register().claims.values() if claim.depth == "deep"]
    assert len(deep) > 30
    missing = set()
    for claim in deep:
        held = {moment: published()[claim.id][moment].get("quantities") or {} for moment in MOMENTS}
        for name, part in decides(claim):
            again = {held[moment][name][part] for moment in MOMENTS if (claim.id, moment, name, part) in COMPARED}
            missing |= {
                (claim.id, moment, name, part)
                for moment in MOMENTS
                if name in held[moment] and held[moment][name][part] is not None and held[moment][name][part] not in again
            }
    assert sorted(missing) == []  # compute these a second time


EXACT = 1e-4
"""Largest tolerance where both sides compute the same: a share of the number, or of one where it is smaller."""

LARGEST = 0.2
"""Largest where both draw at random: a share of the interval, or of the number where it has none."""

DRAWN = {  # claims of which both sides draw something at random, and what
    "as-china-retaliation-hesitation": "months", "as-competition-turnover-spur-interest": "blocks of months",
    "as-cyber-frontier": "incidents", "as-exposure-gives-lessons": "countries", "as-history-obstructs": "months",
    "as-lack-institutionalization-mechanism": "which series have which form", "as-small-new-areas-key": "whole series",
    "as-turnover-reverses-progress": "which months turn", "pn-capability-deters": "years", "pn-crisis-spillover": "months",
    "pn-depends-on-leadership": "which years turn",
    "pn-lightens-domestic-burden": "whole series", "pn-rok-proactive": "recipients",
    "pn-threat-based-not-durable": "whole series",
}
WIDER = {  # numbers with a larger tolerance, and why
    ("pn-threat-based-not-durable", "written", "life_change", "high"):
        "an end of an interval that few series have: any value that so many draws could have put there",
}


def spread(claim: str, moment: str, quantity: str, part: str) -> float:
    """The width of a quantity's interval; without one the number itself."""
    held = published()[claim][moment]["quantities"][quantity]
    return held["high"] - held["low"] if held["low"] is not None is not held["high"] else abs(held[part])


@built
def test_no_number_is_compared_within_a_tolerance_above_the_largest_or_one_that_could_turn_its_verdict(request):
    known = published()
    loose = {}
    for name, tolerance in COMPARED.items():
        claim, moment, quantity, part = name
        if claim in known:
            number = known[claim][moment]["quantities"][quantity][part]
            if tolerance > EXACT * max(1, abs(number)):
                loose[name] = tolerance, number
    wide = {name for name, (tolerance, _) in loose.items() if tolerance > LARGEST * spread(*name)}
    turned = {name for name, (tolerance, number) in loose.items() for end in (number - tolerance, number + tolerance)
              if decided(*name[:2], {name[2:]: end}) != known[name[0]][name[1]]["verdict"]}
    assert {name[0] for name in loose} <= set(DRAWN) and wide <= set(WIDER) and turned == set(), (wide, turned)
    if all_of_them(request):
        assert {name[0] for name in loose} == set(DRAWN) and wide == set(WIDER)


@built
def test_the_rules_say_of_the_second_numbers_what_the_book_says(request):
    turned = {(claim, moment) for (claim, moment), numbers in OWN.items()
              if decided(claim, moment, numbers) != published()[claim][moment]["verdict"]}
    assert turned <= set(NEAR_A_THRESHOLD) and (turned == set(NEAR_A_THRESHOLD) or not all_of_them(request))


@pytest.mark.parametrize(("low", "own", "said"), [(-7.9, -7.5, "not supported"), (-10.1, -7.9, "too little data"),
                                                  (-7.9, -10.1, "not supported")])
def test_a_number_near_enough_that_its_rule_judges_otherwise_is_refused(monkeypatch, low, own, said):
    claim = "pn-lightens-domestic-burden"
    numbers = {"gap": {"value": 37.7, "low": low, "high": 75.9}, "capability": {"value": 7.0}, "threat": {"value": 10.0},
               "turnovers": {"value": 8.0}}
    held = {name: {"low": None, "high": None, "n": 18} | of_it for name, of_it in numbers.items()}
    monkeypatch.setattr(independent, "published", lambda: {claim: {"now": {"verdict": said, "quantities": held}}})
    monkeypatch.setattr(independent, "COMPARED", {})
    monkeypatch.setattr(independent, "OWN", {})
    for same in (lambda: own == pytest.approx(stated(claim, "gap", part="low"), abs=5),
                 lambda: stated(claim, "gap", part="low") == pytest.approx(own, abs=5),
                 lambda: [own] == pytest.approx([stated(claim, "gap", part="low")], abs=5)):
        with nullcontext() if own == -7.5 else pytest.raises(AssertionError, match=f"the book says {said}, of .* its rule "):
            assert same()


def test_a_number_is_noted_when_it_is_compared_and_not_when_it_is_read():
    name = ("a claim", "now", "gap", "low")
    number = Stated(2.5, *name)
    assert number > 1 and number != 3 and name not in COMPARED
    for other in (3, pytest.approx(3, abs=0.2)):
        assert (number == other) is False and name not in COMPARED
    assert (pytest.approx(number, abs=0.2) == 3) is False and name not in COMPARED
    assert pytest.approx([number], abs=0.2) != [3] and name not in COMPARED
    for same in (2.5, pytest.approx(2.4, abs=0.2)):
        COMPARED.pop(name, None)
        assert number == same and name in COMPARED
    COMPARED.pop(name, None)
    assert pytest.approx([number], abs=0.2) == [2.4] and name in COMPARED
    COMPARED.pop(name, None)
