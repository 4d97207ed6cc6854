"""Verdicts: what the rule of a claim makes of a notebook's quantities, at each of two moments."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import as_of, edited
from trilateral.claims.reach import out_of_reach
from trilateral.claims.registry import REGISTER, register
from trilateral.claims.robustness import ONE, main_choice, most_say, ways
from trilateral.claims.rules import Claim, ClaimError, Quantity

if TYPE_CHECKING:
    from trilateral.data import Table
    from trilateral.specifications import Specifications

LEDGER = Path(__file__).parents[2] / "ledger.json"
MIME = "application/vnd.trilateral.verdict+json"

MOMENTS = ("written", "now")


@dataclass(frozen=True)
class Verdict:
    """What the rule made of the quantities at one moment.

    `tried` specifications were run, of which `agree` give the same verdict; `split` counts all by verdict, and `main_choice`
    is that of `trilateral.claims.robustness.main_choice`. `otherwise` has the verdict with one row of the data otherwise, by
    what was otherwise, and is None where that was not tried. `out_of_reach` are verdicts that no data could have given where
    what `held` says is as it is.
    """

    date: str
    verdict: str
    reason: str
    quantities: Mapping[str, Quantity]
    tried: int = 0
    agree: int = 0
    split: Mapping[str, int] = field(default_factory=dict)
    main_choice: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Mapping[str, str] | None = None
    out_of_reach: Sequence[str] = ()
    held: str = ""

    @property
    def hangs(self) -> bool:
        """Whether one act, text or number decides."""
        return any(verdict != self.verdict for verdict in (self.otherwise or {}).values())


@dataclass(frozen=True)
class Judgement:
    """The verdicts on one claim; shown as a card in Jupyter and collected for the ledger when the book is built."""

    claim: Claim
    written: Verdict
    now: Verdict
    data_grade: str
    tables: Sequence[str]
    specifications: Mapping[str, list[dict]] = field(default_factory=dict)
    caveat: str = ""

    def to_dict(self) -> dict:
        return {
            "claim": self.claim.id,
            "written": asdict(self.written),
            "now": asdict(self.now),
            "data_grade": self.data_grade,
            "tables": list(self.tables),
            "caveat": self.caveat,
            "specifications": dict(self.specifications),
        }

    def __str__(self) -> str:
        lines = [f"{self.claim.id}"]
        for moment in MOMENTS:
            v = getattr(self, moment)
            lines.append(f"  {moment}, {v.date}: {v.verdict}{_robust(v)}; rule: {v.reason}")
            lines += [f"    {name} = {_shown(quantity)}" for name, quantity in v.quantities.items()]
        return "\n".join(lines + [f"  {note}" for note in self._notes()])

    def _notes(self) -> list[str]:
        written = as_written(self.tables)
        notes = [f"{', '.join(filter(None, ['Caveat', written]))}: {self.caveat}"] if self.caveat else []
        if written:
            notes.append("Something was changed here: the words for the numbers are those of the published choices and data.")
        published = _published().get(self.claim.id)
        if published and any(published[moment] != getattr(self, moment).verdict for moment in MOMENTS):
            notes.append("As published: " + ", ".join(f"{moment} {published[moment]}" for moment in MOMENTS)
                         + ". The text around it is as published.")
        return notes

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        meaning = {name: f"{declared['meaning']} ({declared['unit']})" for name, declared in self.claim.quantities.items()}
        parts = [f"<p>“{html.escape(self.claim.quote)}” <code>{self.claim.id}</code></p>"]
        for moment in MOMENTS:
            v = getattr(self, moment)
            rows = "".join(f"<tr><td style='text-align:left'>{html.escape(meaning[name])}</td>"
                           f"<td>{html.escape(_shown(quantity))}</td></tr>" for name, quantity in v.quantities.items())
            reason = "" if v.reason in dict(map(reversed, self.claim.lines)) else f": {html.escape(v.reason)}"
            parts.append(f"<p style='margin-bottom:0'>{moment} ({v.date}): <strong>{v.verdict}</strong>"
                         f"{html.escape(_robust(v), quote=False)}{reason}</p><table>{rows}</table>")
        held = {moment: getattr(self, moment).reason for moment in MOMENTS}
        lines = "".join(
            f"<li>{verdict}: <code>{html.escape(condition)}</code>"
            + "".join(f" ← {moment}" for moment in MOMENTS if held[moment] == condition) + "</li>"
            for verdict, condition in self.claim.lines)
        parts.append(f"<p style='margin-bottom:0'>Rule, read from the top:</p><ol>{lines}</ol><p>Data of grade "
                     f"{self.data_grade}: {', '.join(self.tables)}.</p>")
        parts += [f"<p>{html.escape(note)}</p>" for note in self._notes()]
        return {MIME: self.to_dict(), "text/html": "".join(parts), "text/plain": str(self)}


def _robust(v: Verdict) -> str:
    given = {"agree": v.agree, "tried": v.tried, "split": v.split, "main_choice": v.main_choice}
    said = most_say(v.verdict, given)
    parts = [f"fragile: {said}" if said else f"{v.agree} of {v.tried} specifications agree" if v.tried else
             "one way" if ways(given, v.quantities) == ONE else "",
             "hangs on one act" if v.hangs else "",
             f"{v.held}, {' and '.join(v.out_of_reach)} out of reach" if v.out_of_reach else ""]
    return f" ({'; '.join(filter(None, parts))})" if any(parts) else ""


def _shown(quantity: Quantity) -> str:
    if quantity.value is None:
        return quantity.missing
    bare = None in (quantity.low, quantity.high) or (quantity.level is None and quantity.low == quantity.high)
    ends = "" if bare else f" ({quantity.low:.4g} to {quantity.high:.4g}" + (
        ", between readings)" if quantity.level is None else f", {quantity.level:.0%})")
    return f"{quantity.value:.4g}{ends}" + ("" if quantity.n is None else f", n = {quantity.n}")


def as_written(tables: Sequence[str]) -> str:
    """What words about some tables were written for, where the cells no longer show that; empty where they do.

    They do not where the record ends earlier, another choice was set on the command line, or a kit's table or sidecar edited.
    """
    if as_of.day():
        return "worded for the whole record; numbers in it are of that or computed here"
    changed = os.environ.get(edited.CHANGED) or (_published() and edited.tables(tables))
    return "worded for the published choices and data; numbers in it are of those or computed here" if changed else ""


@lru_cache
def _published() -> dict[str, dict[str, str]]:
    """The verdicts as published, by claim and moment, where the ledger lies beside the package, as in the notebook kit."""
    if not LEDGER.is_file():
        return {}
    entries = json.loads(LEDGER.read_text(encoding="utf-8"))["claims"]
    return {entry["id"]: {moment: entry[moment]["verdict"] for moment in MOMENTS} for entry in entries}


def judge(claim_id: str, *, tables: Sequence[Table], written: Mapping[str, Quantity] | str,
          now: Mapping[str, Quantity] | str, specifications: Mapping[str, Specifications] | None = None,
          caveat: str = "", otherwise: Mapping[str, Mapping[str, Quantity]] | None = None,
          reach: Mapping[str, Mapping[str, tuple[float, float]]] | None = None, held: str = "") -> Judgement:
    """Judge a claim by its registered rule, as of its writing and as of now.

    Parameters
    ----------
    claim_id : str
        Id in ``book/claims.yml``.
    tables : sequence of Table
        The tables the quantities were computed from; the lowest grade among them is the verdict's data grade.
    written, now : mapping of name to Quantity, or str
        What the rule needs, at each moment; a string states why nothing can be computed for that moment, and the
        verdict is `too little data`.
    specifications : mapping of "written" or "now" to Specifications, optional
        Alternative estimates; the share that gives the same verdict is the verdict's robustness.
    caveat : str, optional
        What a reader must know who sees the verdicts alone, shown wherever they are: say, that they differ because a
        series ended. At most 25 words, which the build checks, without numbers from data.
    otherwise : mapping of name to quantities, optional
        What the rule would read now if one act, text or number were otherwise, each under a name; the quantities that it
        leaves out stay. A verdict that one of them turns hangs on one act. Not given, it was not tried; given and empty, it
        was, and there is no act. `trilateral.measures.one_act.otherwise` makes it of a table of acts.
    reach : mapping of "written" or "now" to bounds, optional
        The least and the most that the data could have given, by quantity; see `trilateral.claims.reach.out_of_reach`.
    held : str, optional
        What these bounds take as it is, in words that a verdict out of reach follows: ``without a survey of views``.

    Raises
    ------
    ClaimError
        Unknown claim, claim without a rule, missing or unknown quantity, quantity out of range, bounds without what
        they hold.
    """
    book = register()
    claim = book[claim_id]
    if not claim.has_rule:
        raise ClaimError(f"claim {claim_id} has no rule in {REGISTER.name}: commit one before computing its quantities")
    if not tables:
        raise ClaimError(f"claim {claim_id}: name the tables the quantities were computed from")
    specifications = specifications or {}
    if unknown := set(specifications) - set(MOMENTS):
        raise ClaimError(f"claim {claim_id}: specifications are for {' and '.join(MOMENTS)}, not {', '.join(unknown)}")
    if reach and not held:
        raise ClaimError(f"claim {claim_id}: say with `held` what the bounds of its reach take as it is")
    verdicts, records, reach = {}, {}, reach or {}
    for moment, supplied in (("written", written), ("now", now)):
        if isinstance(supplied, str):
            verdicts[moment] = Verdict(book.date(claim_id, moment), "too little data", supplied, {})
            continue
        verdict, reason = claim.decide(supplied)
        tried, agree, split, kept = 0, 0, {}, {}
        if moment in specifications:
            run = specifications[moment]
            if run.claim_id != claim_id:
                raise ClaimError(f"claim {claim_id}: the specifications for {moment!r} were run for {run.claim_id}")
            split = {name: int(count) for name, count in run.frame["verdict"].value_counts().items()}
            tried, agree = len(run.frame), split.get(verdict, 0)
            kept = main_choice(run.frame, run.choices, verdict, run.words, run.main)
            records[moment] = run.records()
        rows = None if otherwise is None or moment != "now" else {
            name: claim.decide({**supplied, **row})[0] for name, row in otherwise.items()}
        beyond = out_of_reach(claim, supplied, reach[moment]) if moment in reach else []
        verdicts[moment] = Verdict(book.date(claim_id, moment), verdict, reason, dict(supplied), tried, agree, split, kept,
                                   rows, beyond, held if beyond else "")
    grade = max(table.grade for table in tables)
    names = list(dict.fromkeys(table.name for table in tables))
    return Judgement(claim, verdicts["written"], verdicts["now"], grade, names, records, caveat)
