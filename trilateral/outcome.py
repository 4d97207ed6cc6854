"""What came of notebooks that ran: each by itself, and together beside the published verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trilateral import reproduce, shifts
from trilateral.exit_codes import AGREE, DIFFER, FAILED
from trilateral.failures import Failure


@dataclass(frozen=True)
class Run:
    """One executed notebook: its time, its judgements by claim, the cells that failed.

    Where it ran as of an earlier day, `fixed` names the cells whose code names a later time. `edits` are the tables and rules
    that were not as published, as `trilateral.reproduce.edits` gives them, `changes` the names that were set otherwise, each
    with its value.
    """

    chapter: str
    seconds: float
    judged: Mapping[str, Mapping] = field(default_factory=dict)
    failed: Sequence[Failure] = ()
    fixed: Sequence[str] = ()
    edits: Sequence[str] = ()
    changes: Sequence[str] = ()
    unwritten: str = ""

    def outcome(self) -> str:
        """What came of it, in a few words."""
        parts = [f"{len(self.judged)} verdict{'' if len(self.judged) == 1 else 's'}"]
        failed = [failure for failure in self.failed if not failure.of_words]
        for one, more, short in (("cell failed", "cells failed", False),
                                 ("cell has too little on record", "cells have too little on record", True)):
            number = cells([failure for failure in failed if failure.of_short_record is short])
            parts += [f"{number} {one if number == 1 else more}"] if number else []
        return ", ".join([*parts, *["not written"] * bool(self.unwritten)])


def cells(failed: Iterable[Failure]) -> int:
    """How many cells did not run to their end, those that needed another included."""
    return sum(1 + len(failure.followers) for failure in failed)


def altered(runs: Iterable[Run]) -> list[str]:
    """What was not as published, as lines: tables and rules that were edited, then names that were set otherwise."""
    chapters: dict[str, list[str]] = {}
    for run in runs:
        for change in run.changes:
            chapters.setdefault(change, []).append(run.chapter)
    edits = dict.fromkeys(line for run in runs for line in run.edits)
    return [*edits, *(f"changed: {change}, in {', '.join(names)}" for change, names in chapters.items())]


def summary(runs: Sequence[Run], ledger: Mapping[str, Mapping], changed: bool = False) -> tuple[list[str], int]:
    """What came out, as lines, and the exit code that says whether every chapter ran and gave the published verdicts.

    Parameters
    ----------
    runs : sequence of Run
    ledger : mapping of str to mapping
        Entries of ``ledger.json`` by claim.
    changed : bool
        Something was set otherwise: sentences of the page that no longer hold are told and are no fault, and cells with too
        little to go on have not failed; what moved under verdicts that stayed is told last. So it is where a table or a
        rule was edited or a name set otherwise, which is told first.
    """
    first = altered(runs)
    changed = changed or bool(first)
    lines = [*first, f"{'chapter':<20} {'claims':>6} {'as published':>12} {'other':>6} {'missing':>8} {'cells failed':>13}"]
    failed, moved, words, new = [], [], [], []
    totals = [0] * 5
    known = reproduce.judged(ledger)
    for run in runs:
        new += reproduce.first({claim: entry for claim, entry in run.judged.items() if claim not in known})
        expected = {claim: entry for claim, entry in known.items() if entry["chapter"] == run.chapter}
        found = {claim: entry for claim, entry in expected.items() if claim in run.judged}
        told = reproduce.differences(run.judged, found)
        other = len({line.partition(",")[0] for line in told})
        missing = [claim for claim in expected if claim not in run.judged]
        words += [f"{run.chapter}, words that no longer hold: {each.sentences}" for each in run.failed if each.of_words]
        short = [failure for failure in run.failed if changed and failure.of_short_record]
        broken = [failure for failure in run.failed if not failure.of_words and failure not in short]
        counts = [len(expected), len(found) - other, other, len(missing), cells(broken)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        lines.append("{:<20} {:>6} {:>12} {:>6} {:>8} {:>13}".format(run.chapter, *counts))
        blamed = f" with {', '.join(run.changes)}" if run.changes else ""
        failed += [f"{run.chapter}, failed{blamed}: {each}" for each in broken]
        failed += [run.unwritten] if run.unwritten else []
        moved += [f"{run.chapter}, too little on record: {each}" for each in short] + told
        moved += [f"{claim}: no verdict" for claim in missing]
    lines.append("{:<20} {:>6} {:>12} {:>6} {:>8} {:>13}".format("all", *totals))
    code = FAILED if failed else DIFFER if moved or (words and not changed) else AGREE
    stayed = shifts.told({claim: entry for run in runs for claim, entry in run.judged.items()}, ledger) if changed else []
    return [*lines, *failed, *moved, *new, *words, *stayed], code
