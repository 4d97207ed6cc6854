"""Notebooks run as of an earlier day, and what that can and cannot tell: `trilateral.rerun` with ``--as-of``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

import nbformat

from trilateral import as_of, claims, data, outcome, parameters
from trilateral.exit_codes import AGREE, FAILED
from trilateral.failures import Failure

YEARS = range(1900, 2100)
DATE = re.compile(r"\b20\d\d(?:-\d\d(?:-\d\d)?)?\b")
DRAWS = re.compile(r"\balt\.|\bfigure\(|_figure\(")


def checked(day: str) -> str:
    """A day that a reader asks for, if the register allows it; see `trilateral.as_of.parsed`."""
    book = claims.register()
    return as_of.parsed(day, book.last_brief, book.record_ends)


def fixed(notebook: nbformat.NotebookNode, day: str) -> list[str]:
    """Where the code of a notebook names a time after the day, charts aside: what is computed there may not follow it."""
    found = []
    for number, source in enumerate((cell.source for cell in parameters.code(notebook)), 1):
        try:
            statements = ast.parse(source).body
        except SyntaxError:  # a magic
            continue
        names = [_name(statement) for statement in statements
                 if not DRAWS.search(ast.unparse(statement)) and any(True for _ in _later(statement, day))]
        if names:
            found.append(f"cell {number} ({', '.join(dict.fromkeys(names))})")
    return found


def _name(statement: ast.stmt) -> str:
    if isinstance(statement, ast.FunctionDef):
        return statement.name
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]).strip("()")
    called = getattr(getattr(statement, "value", None), "func", None)
    return ast.unparse(called) if called is not None else type(statement).__name__.lower()


def _later(node: ast.AST, day: str, texts: bool = True) -> Iterator[object]:
    """Constants of a statement that are years or dates after a day; one that `min` bounds by something computed is none."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "as_of.years":  # ends with the day
        return
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
    if called == "say" or (called == "min" and any(not isinstance(each, ast.Constant) for each in node.args)):
        return
    if called == "range":
        last = node.args[min(1, len(node.args) - 1)]
        if isinstance(last, ast.Constant) and isinstance(last.value, int) and int(day[:4]) < last.value - 1 < YEARS[-1]:
            yield last.value
        return
    if isinstance(node, ast.Constant):
        if type(node.value) is int and node.value in YEARS and node.value > int(day[:4]):
            yield node.value
        if isinstance(node.value, str) and texts:
            yield from (text for text in DATE.findall(node.value) if text > day[:len(text)])
    for child in ast.iter_child_nodes(node):
        yield from _later(child, day, texts and called != "judge")  # a verdict's words compute nothing


def kinds(runs: Sequence, day: str) -> dict[str, str]:
    """What a day can do to each table that verdicts rest on, by its name; see `trilateral.as_of.kind`."""
    names = {name for run in runs for judged in run.judged.values() for name in judged["tables"]}
    return {name: as_of.kind(table.frame, table.meta, day) for name in sorted(names) for table in [data.load(name)]}


def summary(runs: Sequence, ledger: Mapping[str, Mapping], day: str) -> tuple[list[str], int]:
    """What the book would say as of a day, as lines, and the exit code: 1 where a cell failed that the record could carry.

    It counts the verdicts of "now" that are the published ones, and the claims all of whose tables could be cut by their dates.
    A verdict of "when written" is of an earlier day still: where it moves, something written later stands behind it.

    Parameters
    ----------
    runs : sequence of Run
        Executed with the record ending on the day.
    ledger : mapping of str to mapping
        Entries of ``ledger.json`` by claim.
    day : str
    """
    known = kinds(runs, day)
    lines = [*outcome.altered(runs),
             f"As of {day}, by the tables as they are published today: numbers as revised since, a year known on its last day",
             "caveats of verdicts and notes of figures in the notebooks are worded for the whole record, and say so",
             "as now: the published verdict; none: no verdict; wholly dated: every table behind it is cut by dates", "",
             f"{'chapter':<20} {'claims':>6} {'as now':>7} {'moved':>6} {'none':>5} {'wholly dated':>13}"]
    said: list[str] = []
    totals = [0] * 5
    for run in runs:
        expected = [claim for claim, entry in ledger.items() if entry["chapter"] == run.chapter]
        told = {claim: _told(claim, run.judged[claim], ledger[claim], known) for claim in expected if claim in run.judged}
        moved = [claim for claim in told if run.judged[claim]["now"]["verdict"] != ledger[claim]["now"]["verdict"]]
        whole = [claim for claim in told if not as_of.limits(run.judged[claim]["tables"], known)]
        counts = [len(expected), len(told) - len(moved), len(moved), len(expected) - len(told), len(whole)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        lines.append("{:<20} {:>6} {:>7} {:>6} {:>5} {:>13}".format(run.chapter, *counts))
        said += ["", run.chapter, *(f"  {line}" for each in told.values() for line in each)]
        said += [f"  {line}" for line in _unjudged([claim for claim in expected if claim not in told], run.failed, day)]
        said += [f"  {line}" for line in [*_failed(run.failed, day), *filter(None, [run.unwritten])]]
        if run.fixed:
            said.append(f"  names later times, which the day does not move: {'; '.join(run.fixed)}")
    lines.append("{:<20} {:>6} {:>7} {:>6} {:>5} {:>13}".format("all", *totals))
    failed = any(run.unwritten or not all(each.of_short_record or each.of_words for each in run.failed) for run in runs)
    return [*lines, *said], FAILED if failed else AGREE


def _unjudged(left: Sequence[str], failed: Sequence[Failure], day: str) -> Iterator[str]:
    """Why claims have no verdict, a line each."""
    for claim in left:
        cause = next((failure for failure in failed if claim in failure.claims), None)
        if cause is not None and cause.of_short_record:
            yield f"{claim}: no verdict, the record to {day} has too little for it (code cell {cause.cell})"
        else:
            yield f"{claim}: no verdict, since its cell or one before it failed"


def _failed(failed: Sequence[Failure], day: str) -> Iterator[str]:
    """Cells that did not run to their end, by what stopped them."""
    for failure in failed:
        if failure.of_words:
            yield f"words that no longer hold: {failure.sentences}"
        elif failure.of_short_record:
            yield f"too little on record by {day}: {failure}"
        else:
            yield f"failed: {failure}"


def _told(claim: str, judged: Mapping, entry: Mapping, known: Mapping[str, str]) -> list[str]:
    """What a day makes of a claim, with what its tables cannot give back; a second line where "when written" moved."""
    verdict, published = judged["now"]["verdict"], entry["now"]["verdict"]
    limits = as_of.limits(judged["tables"], known)
    beside = "as published" if verdict == published else f"published as of {entry['now']['date']}: {published}"
    lines = [f"{claim}: {verdict}, {beside} ({f'tables {limits}' if limits else 'wholly dated'})"]
    if judged["written"]["verdict"] != entry["written"]["verdict"]:
        lines.append(f"{claim}: when written {judged['written']['verdict']} in place of {entry['written']['verdict']}; what it "
                     "rests on was written after the day, so do not read this one")
    return lines
