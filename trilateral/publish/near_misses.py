"""Verdicts “not supported” beside a printed interval that holds the line for “supported”, as the point alone does not."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from trilateral.claims.rules import Quantity, sign_of

MISSED = "not supported"


@dataclass(frozen=True)
class NearMiss:
    """A line that an estimate misses and its confidence interval reaches.

    Attributes
    ----------
    claim, quantity : str
        Id of the claim, name of the quantity.
    line : str
        The comparison for “supported”, as the rule has it.
    """

    claim: str
    quantity: str
    line: str


def near_misses(ledger: Iterable[Mapping[str, Any]], moment: str) -> list[NearMiss]:
    """All such lines of claims that are not supported at a moment, in the order of the register.

    Parameters
    ----------
    ledger : iterable of mapping
        See `trilateral.publish.ledger.entry`.
    moment : str
        ``written`` or ``now``.
    """
    return [NearMiss(entry["id"], name, line) for entry in ledger if entry[moment]["verdict"] == MISSED
            for name, line in dict.fromkeys(_missed(entry["rule"], entry[moment]["quantities"]))]


def _missed(rule: Iterable[Mapping[str, str]], quantities: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    known = {name: Quantity(**{part.name: each[part.name] for part in fields(Quantity) if part.name in each})
             for name, each in quantities.items()}
    for line in (line["when"] for line in rule if line["verdict"] == "supported"):
        for node in ast.walk(ast.parse(line, mode="eval")):
            if not isinstance(node, ast.Compare):
                continue
            text = ast.unparse(node)
            for name in sorted({part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & set(known)):
                this = known[name]
                if None in (this.value, this.low, this.high, this.level):
                    continue
                point, *ends = (sign_of(text, known | {name: Quantity(value, n=this.n)})
                                for value in (this.value, this.low, this.high))
                if any(ends) and not point:
                    yield name, text
