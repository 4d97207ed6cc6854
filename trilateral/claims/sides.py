"""On which side of its dashed line a chart's estimate counts, and for which verdict, as the rule has it."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

from simpleeval import InvalidExpression, SimpleEval

from trilateral.claims.registry import register
from trilateral.claims.rules import SUFFIXES, TRUTH, Quantity

SIDES = {ast.Lt: ("less than {}", "below {}"), ast.LtE: ("{} or less", "of {} or less"),
         ast.Gt: ("more than {}", "above {}"), ast.GtE: ("{} or more", "of {} or more"),
         ast.Eq: ("exactly {}", "of exactly {}")}  # of an estimate, and of an end of its interval
ENDS = {"": "", "_high": "an upper end ", "_low": "a lower end "}


def side(claim_id: str, quantity: str, line: float, quantities: Mapping[str, Quantity] | None = None) -> str:
    """What a rule asks at a line, in words that hold whichever way the axis runs.

    Parameters
    ----------
    claim_id : str
        Id in ``book/claims.yml``.
    quantity : str
        The quantity on the axis.
    line : float
        Where the dashed line stands, in the unit of the quantity.
    quantities : mapping of str to Quantity, optional
        Whose numbers of observations the rule may have in a threshold, as in ``rank <= 0.2 * rank_n``.

    Returns
    -------
    str
        ``“supported” needs −25 or less (dashed line) and an upper end below 0``; *among other things* where that line of the
        rule names more, *toward “supported” counts* where it can do without. Empty where no line has the number, or where
        several lines give its verdict.
    """
    claim = register()[claim_id]
    counts = SimpleEval(names={f"{key}_n": each.n for key, each in (quantities or {}).items() if each.n is not None})
    verdicts = [verdict for verdict, _ in claim.lines]
    # too little data has other reasons, and a verdict of two lines needs neither
    lines = [each for each in claim.lines if each[0] != TRUTH[-1] and verdicts.count(each[0]) == 1]
    for verdict, condition in sorted(lines, key=lambda each: claim.verdicts.index(each[0])):
        tree = ast.parse(condition, mode="eval").body
        for group in _groups(tree):
            asked = [(end, type(node.ops[0]), _number(node, counts)) for end in ENDS for node in group
                     if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == quantity + end]
            asked = [(end, how, number) for end, how, number in asked if how in SIDES and number is not None]
            if any(math.isclose(number, line) for *_, number in asked):
                said = " and ".join(_words(*each) + " (dashed line)" * math.isclose(each[-1], line) for each in asked)
                if group != _groups(tree)[0]:
                    return f"toward “{verdict}” counts {said}"
                names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
                others = names - {quantity + suffix for suffix in ("", *SUFFIXES)} - {f"{name}_n" for name in quantities or {}}
                return f"“{verdict}” needs {said}" + (", among other things" if others else "")
    return ""


def _words(end: str, how: type[ast.cmpop], number: float) -> str:
    return ENDS[end] + SIDES[how][bool(end)].format(f"{number:g}".replace("-", "−"))


def _groups(tree: ast.expr) -> list[list[ast.expr]]:
    """Conditions that hold together or not: first those that a line of a rule cannot do without, then those within it."""
    together = [node.values for node in ast.walk(tree) if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And)]
    top = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    alone = [[node] for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    return [top, *[group for group in together if group is not top], *alone]


def _number(node: ast.Compare, counts: SimpleEval) -> float | None:
    """What a quantity is compared with; None where that is another quantity."""
    try:
        return float(counts.eval(ast.unparse(node.comparators[0])))
    except InvalidExpression:
        return None
