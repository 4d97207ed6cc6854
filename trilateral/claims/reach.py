"""Whether any data could have given a verdict: the rule, asked again with its quantities as far as they could have gone."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from trilateral.claims.rules import LAST_LINE, SUFFIXES, Claim, Quantity

STEP = 1e-9


def out_of_reach(claim: Claim, quantities: Mapping[str, Quantity], bounds: Mapping[str, tuple[float, float]]) -> list[str]:
    """Verdicts that a claim's rule names and no data could have given.

    Each quantity with bounds is moved to them and to the values where the rule turns; its interval moves along, that of a
    ratio by the same factor, and the number of observations stays. The others stay as they are.

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
    moved = []
    for name, ends in bounds.items():
        quantity, ratio = quantities[name], claim.quantities[name].get("unit") == "ratio" and quantities[name].value > 0
        tried = _values(quantity, set(thresholds(claim, name)), *ends, ratio)
        moved.append([(name, _at(quantity, value, ratio)) for value in tried])
    found: set[str] = set()
    for combination in itertools.product(*moved):
        found.add(claim.decide({**quantities, **dict(combination)})[0])
        if found.issuperset(wanted):
            break
    return [verdict for verdict in wanted if verdict not in found]


def thresholds(claim: Claim, quantity: str) -> Iterator[float]:
    """The numbers with which the lines of a rule compare a quantity, an end of its interval, or what is made of them."""
    own = {quantity, *(f"{quantity}{end}" for end in SUFFIXES[:2])}  # its number of observations stays
    for _, condition in claim.lines:
        for node in ast.walk(ast.parse(condition, mode="eval")) if condition != LAST_LINE else ():
            if not isinstance(node, ast.Compare) or not own & {getattr(each, "id", "") for each in ast.walk(node)}:
                continue
            for side in [node.left, *node.comparators]:
                try:
                    yield float(ast.literal_eval(side))
                except (TypeError, ValueError):
                    continue


def _values(quantity: Quantity, turns: set[float], least: float, most: float, ratio: bool) -> list[float]:
    """Where to try a quantity: its bounds, and where it or an end of its interval passes a number of the rule."""
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    passing = {turn * quantity.value / end if ratio else turn + quantity.value - end
               for turn in turns for end in (quantity.value, *ends) if end or not ratio}
    near = {value + step for value in passing for step in (-STEP, 0, STEP)}
    return sorted(value for value in {quantity.value, least, most, *near} if least <= value <= most)


def _at(quantity: Quantity, value: float, ratio: bool) -> Quantity:
    low, high = (None if end is None else end * value / quantity.value if ratio else end + value - quantity.value
                 for end in (quantity.low, quantity.high))
    return replace(quantity, value=value, low=low, high=high)
