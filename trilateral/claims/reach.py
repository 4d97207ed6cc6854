"""Whether any data could have given a verdict: the rule, asked again with its quantities as far as they could have gone."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from trilateral.claims.rules import LAST_LINE, Claim, Quantity

STEP = 1e-9


def out_of_reach(claim: Claim, quantities: Mapping[str, Quantity], bounds: Mapping[str, tuple[float, float]]) -> list[str]:
    """Verdicts that a claim's rule names and no data could have given.

    Each quantity with bounds is moved to them and to the values where the rule turns; its interval moves along, and the
    number of observations stays. The others stay as they are.

    Parameters
    ----------
    bounds : mapping of quantity to (least, most)
        What the data could have given at the very least and at the very most.

    Returns
    -------
    list of str
        In the order of the rule, without ``too little data``; none where a quantity with bounds has no value.
    """
    if any(quantities[name].value is None for name in bounds):
        return []
    wanted = [verdict for verdict in dict.fromkeys(verdict for verdict, _ in claim.lines) if verdict != "too little data"]
    turns = set(_numbers(claim))
    moved = [[(name, _at(quantities[name], value)) for value in _values(quantities[name], turns, *ends)]
             for name, ends in bounds.items()]
    found: set[str] = set()
    for combination in itertools.product(*moved):
        found.add(claim.decide({**quantities, **dict(combination)})[0])
        if found.issuperset(wanted):
            break
    return [verdict for verdict in wanted if verdict not in found]


def _numbers(claim: Claim) -> Iterator[float]:
    """The numbers with which the lines of a rule compare."""
    for _, condition in claim.lines:
        for node in ast.walk(ast.parse(condition, mode="eval")) if condition != LAST_LINE else ():
            for side in [node.left, *node.comparators] if isinstance(node, ast.Compare) else ():
                try:
                    yield float(ast.literal_eval(side))
                except (TypeError, ValueError):
                    continue


def _values(quantity: Quantity, turns: set[float], least: float, most: float) -> list[float]:
    """Where to try a quantity: its bounds, and where it or an end of its interval passes a number of the rule."""
    below, above = _arms(quantity)
    near = {turn + shift + step for turn in turns for shift in (0, below, -above) for step in (-STEP, 0, STEP)}
    return sorted(value for value in {quantity.value, least, most, *near} if least <= value <= most)


def _arms(quantity: Quantity) -> tuple[float, float]:
    return (0 if quantity.low is None else quantity.value - quantity.low,
            0 if quantity.high is None else quantity.high - quantity.value)


def _at(quantity: Quantity, value: float) -> Quantity:
    below, above = _arms(quantity)
    return replace(quantity, value=value, low=None if quantity.low is None else value - below,
                   high=None if quantity.high is None else value + above)
