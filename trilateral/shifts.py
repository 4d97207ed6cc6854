"""Quantities that a changed run moved under verdicts that stayed, against the way to the nearest threshold of their rule."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from trilateral import claims
from trilateral.claims.rules import LAST_LINE, SUFFIXES, Claim

MOST = 10  # rows that a summary has room for


class Shift(NamedTuple):
    """A quantity of a claim at one moment, as published and as it is now; `turn` is the nearest threshold of its rule."""

    claim: str
    moment: str
    quantity: str
    before: float
    after: float
    turn: float | None

    @property
    def share(self) -> float:
        """How far it moved, as a part of the way to the nearest threshold, or of itself without one."""
        way = abs(self.before - self.turn) if self.turn is not None else abs(self.before)
        return abs(self.after - self.before) / way if way else float("inf")

    def __str__(self) -> str:
        turn = "" if self.turn is None else f"{self.turn:.4g}"
        return f"{self.claim:<40} {self.moment:<8} {self.quantity:<20} {self.before:>10.4g} {self.after:>10.4g} {turn:>9}"


HEAD = f"{'claim':<40} {'moment':<8} {'quantity':<20} {'published':>10} {'here':>10} {'threshold':>9}"


def told(judged: Mapping[str, Mapping], ledger: Mapping[str, Mapping]) -> list[str]:
    """A short table of what moved while the verdict stayed, the largest first; empty where nothing did.

    Parameters
    ----------
    judged : mapping of str to mapping
        Judgements of the notebooks by claim.
    ledger : mapping of str to mapping
        Entries of ``ledger.json`` by claim.
    """
    moved = sorted(found(judged, ledger), key=lambda shift: -shift.share)
    more = [f"and {len(moved) - MOST} more that moved less"] if len(moved) > MOST else []
    head = "verdicts that stayed, each with the quantity that moved most against the way to the nearest threshold of its rule:"
    return ["", head, HEAD, *map(str, moved[:MOST]), *more] if moved else []


def found(judged: Mapping[str, Mapping], ledger: Mapping[str, Mapping]) -> Iterator[Shift]:
    """Of each claim and moment with the published verdict, the quantity that moved farthest, if one did as printed."""
    register = claims.register().claims
    for claim_id, own in judged.items():
        for moment in claims.MOMENTS:
            was, now = (entry.get(moment) or {} for entry in (ledger.get(claim_id, {}), own))
            if claim_id not in register or not was or was["verdict"] != now.get("verdict"):
                continue
            old, new = ({name: each["value"] for name, each in (side.get("quantities") or {}).items()} for side in (was, now))
            shifts = [Shift(claim_id, moment, name, old[name], new[name], _nearest(register[claim_id], name, old[name]))
                      for name in old if None not in (old[name], new.get(name)) and f"{old[name]:.4g}" != f"{new[name]:.4g}"]
            yield from sorted(shifts, key=lambda shift: -shift.share)[:1]


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


def _nearest(claim: Claim, quantity: str, value: float) -> float | None:
    return min(thresholds(claim, quantity), key=lambda turn: abs(turn - value), default=None)
