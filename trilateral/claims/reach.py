"""Whether any data could have given a verdict: the rule, asked again with its quantities as far as they could have gone."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from trilateral.claims.rules import LAST_LINE, SUFFIXES, Claim, Quantity, sign_of

STEP = 1e-9
STEPS = 200  # of a quantity between its bounds, between two of which a comparison is taken to turn once at most
ROUNDS = 2  # the second beside the values where the other quantities turn


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
    tried = {name: {value for value in (quantities[name].value, *ends) if ends[0] <= value <= ends[1]}
             for name, ends in bounds.items()}
    for _ in range(ROUNDS):
        tried = {name: tried[name] | set(_turns(claim, quantities, bounds, tried, name)) for name in bounds}
    moved = [[(name, _at(claim, quantities, name, value)) for value in sorted(values)] for name, values in tried.items()]
    found: set[str] = set()
    for combination in itertools.product(*moved):
        found.add(claim.decide({**quantities, **dict(combination)})[0])
        if found.issuperset(wanted):
            break
    return [verdict for verdict in wanted if verdict not in found]


def _turns(claim: Claim, quantities: Mapping[str, Quantity], bounds: Mapping[str, tuple[float, float]],
           tried: Mapping[str, set[float]], name: str) -> Iterator[float]:
    """Values of a quantity, moved alone, at which a comparison of the rule turns, and a step to both sides of them.

    Of a comparison with other quantities that move, for each of the values at which those are tried.
    """
    (least, most), quantity = bounds[name], quantities[name]
    bends = {0, *(quantity.value - end for end in (quantity.low, quantity.high) if end is not None)}  # of sizes, at zero
    steps = sorted({least + (most - least) * step / STEPS for step in range(STEPS + 1)}
                   | {value for value in bends if least < value < most})
    for difference, names in _differences(claim):
        if name not in names:
            continue
        others = [other for other in bounds if other in names and other != name]
        for values in itertools.product(*(tried[other] for other in others)):
            beside = {**quantities, **{other: _at(claim, quantities, other, value)
                                       for other, value in zip(others, values, strict=True)}}

            def side(value, difference=difference, beside=beside):
                return sign_of(difference, {**beside, name: _at(claim, quantities, name, value)})

            for (start, first), (end, second) in itertools.pairwise((step, side(step)) for step in steps):
                if first != second:
                    turn = _turn(side, start, end)
                    yield from (value for value in (turn - STEP, turn, round(turn, 9), turn + STEP)
                                if least <= value <= most and side(value) is not None)


def _turn(side: Callable[[float], float | None], start: float, end: float) -> float:
    """Where between two values something is no more what it is at the first, by halves."""
    first = side(start)
    while start < (middle := (start + end) / 2) < end:
        start, end = (middle, end) if side(middle) == first else (start, middle)
    return end


def _differences(claim: Claim) -> Iterator[tuple[str, set[str]]]:
    """Left less right side of each comparison of a rule that holds no other, and the quantities that move in it."""
    for _, condition in claim.lines:
        for node in ast.walk(ast.parse(condition, mode="eval")) if condition != LAST_LINE else ():
            if isinstance(node, ast.Compare) and sum(isinstance(each, ast.Compare) for each in ast.walk(node)) == 1:
                read = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                names = {name for name in claim.quantities if read & {name, *(name + end for end in SUFFIXES[:2])}}
                for left, right in itertools.pairwise([node.left, *node.comparators]):
                    yield f"({ast.unparse(left)}) - ({ast.unparse(right)})", names


def _at(claim: Claim, quantities: Mapping[str, Quantity], name: str, value: float) -> Quantity:
    """A quantity moved to a value; its interval moves along, that of a ratio by the same factor."""
    quantity = quantities[name]
    ratio = claim.quantities[name].get("unit") == "ratio" and quantity.value > 0
    low, high = (None if end is None else value * (end / quantity.value) if ratio else value + (end - quantity.value)
                 for end in (quantity.low, quantity.high))
    return replace(quantity, value=value, low=low, high=high)
