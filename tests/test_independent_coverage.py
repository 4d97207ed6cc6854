"""Every number that decides a deep verdict is computed a second time, in each reading.

The checks note each number of the book that they compare with one of their own (`independent.Stated`); this runs behind them.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from independent import COMPARED, MOMENTS, Stated, built, published

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


@built
def test_every_number_that_decides_a_deep_verdict_is_computed_a_second_time(request):
    files = {path.stem for path in Path(__file__).parent.glob("test_independent_*.py")}
    if files - {item.path.stem for item in request.session.items}:
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


def test_a_number_is_noted_when_it_is_compared_and_not_when_it_is_read():
    name = ("a claim", "now", "gap", "low")
    number = Stated(2.5, *name)
    assert number > 1 and number != 3 and name not in COMPARED
    for other in (3, pytest.approx(3, abs=0.2)):
        assert (number == other) is False and name not in COMPARED
    assert (pytest.approx(number, abs=0.2) == 3) is False and name not in COMPARED
    assert pytest.approx([number], abs=0.2) != [3] and name not in COMPARED
    for same in (2.5, pytest.approx(2.4, abs=0.2)):
        COMPARED.discard(name)
        assert number == same and name in COMPARED
    COMPARED.discard(name)
    assert pytest.approx([number], abs=0.2) == [2.4] and name in COMPARED
    COMPARED.discard(name)
