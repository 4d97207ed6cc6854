"""No deep verdict without a second computation of what its rule reads."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from trilateral.claims import SUFFIXES, register

WORDS_OF_RULES = {"otherwise", "min", "max", "abs"}
NOT_AGAIN = {  # what has one computation alone, and why
    "pn-crisis-spillover": {"mean_change": "counts beside share_hit and exposure alone, which are checked"},
}


def read_by_the_rule(claim) -> set[str]:
    """Quantities that the lines of a rule compare, without the ends of their intervals and their numbers of cases."""
    names = {node.id for _, condition in claim.lines if condition
             for node in ast.walk(ast.parse(condition, mode="eval")) if isinstance(node, ast.Name)} - WORDS_OF_RULES
    return {next((name[:-len(end)] for end in SUFFIXES if name.endswith(end) and name[:-len(end)] in claim.quantities), name)
            for name in names}


def texts(node: ast.AST) -> set[str]:
    """Patterns of the texts that a piece of code holds; what an f-string puts in may be anything."""
    found = {re.escape(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return found | {"".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in text.values)
                    for text in ast.walk(node) if isinstance(text, ast.JoinedStr) and len(text.values) < 4}


def checked() -> dict[str, set[str]]:
    """Texts that stand in the tests that name a claim, by claim."""
    found: dict[str, set[str]] = {}
    for path in Path(__file__).parent.glob("test_independent_*.py"):
        if path == Path(__file__):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        shared = {target.id: texts(node.value) for node in tree.body if isinstance(node, ast.Assign)
                  for target in node.targets if isinstance(target, ast.Name)}
        for test in (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")):
            held = texts(test).union(*(shared.get(node.id, set()) for node in ast.walk(test) if isinstance(node, ast.Name)))
            for claim in register().claims:
                if re.escape(claim) in held:
                    found.setdefault(claim, set()).update(held)
    return found


def test_every_quantity_that_decides_a_deep_verdict_is_computed_a_second_time():
    again, deep = checked(), [claim for claim in register().claims.values() if claim.depth == "deep"]
    assert len(deep) > 30
    assert {claim.id: missing for claim in deep if (missing := {
        name for name in read_by_the_rule(claim) - NOT_AGAIN.get(claim.id, {}).keys()
        if not any(re.fullmatch(pattern, name) for pattern in again.get(claim.id, ()))})} == {}
    assert {claim for claim, names in NOT_AGAIN.items() if not set(names) <= read_by_the_rule(register()[claim])} == set()
