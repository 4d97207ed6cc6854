"""Firm verdicts that would be another at an end of an interval printed beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from trilateral.claims import Claim
from trilateral.claims.rules import Quantity
from trilateral.publish.discoveries import FIRM


@dataclass(frozen=True)
class NearMiss:
    """A verdict that reads an estimate whose interval reaches farther than the line it was judged by.

    Attributes
    ----------
    claim, quantity : str
        Id of the claim, name of the quantity.
    end : float
        The end of its interval at which the whole rule, all else as it is, gives `verdict`.
    verdict : str
        That other verdict.
    """

    claim: str
    quantity: str
    end: float
    verdict: str


def near_misses(ledger: Iterable[Mapping[str, Any]], claims: Mapping[str, Claim], moment: str) -> list[NearMiss]:
    """All such verdicts at a moment, in the order of the register.

    Parameters
    ----------
    ledger : iterable of mapping
        See `trilateral.publish.ledger.entry`.
    claims : mapping of id to Claim
        Their rules.
    moment : str
        ``written`` or ``now``.
    """
    return [missed for entry in ledger if entry[moment]["verdict"] in FIRM
            for missed in _of(claims[entry["id"]], entry[moment])]


def _of(claim: Claim, at: Mapping[str, Any]) -> Iterator[NearMiss]:
    known = {name: Quantity(**{part.name: each[part.name] for part in fields(Quantity) if part.name in each})
             for name, each in at["quantities"].items()}
    for name, this in known.items():
        if None in (this.value, this.low, this.high, this.level):
            continue
        lowest, highest = claim.quantities[name]["range"]
        for end in (this.low, this.high):
            verdict, _ = claim.decide(known | {name: replace(this, value=min(max(end, lowest), highest))})
            if verdict != at["verdict"]:
                yield NearMiss(claim.id, name, end, verdict)
