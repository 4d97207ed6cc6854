"""Which verdicts would move with other tables: run the chapters that read them in a copy of the book."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import jupytext
import nbformat

from trilateral import claims, execution, reproduce, rerun
from trilateral.publish.build import Places, Report
from trilateral.publish.chapters import chapters, tables_in
from trilateral.publish.facts import entries
from trilateral.recipes.refresh import lay_over


def run(places: Places, refreshed: Path, tables: Iterable[str], report: Report) -> list[str]:
    """Execute the chapters that load any of the tables, on the refreshed ones, and compare with the built ledger.

    Parameters
    ----------
    places : Places
        A built book; its ``ledger.json`` is what the verdicts are compared with.
    refreshed : Path
        What `trilateral.recipes.refresh.refresh` left.
    tables : iterable of str
        The tables that changed.

    Returns
    -------
    list of str
        One line a verdict that would move, or a chapter that would fail.
    """
    tables, root = set(tables), places.root
    touched = [path for path in chapters(root) if tables & tables_in(path.read_text(encoding="utf-8"))]
    before = entries(places.ledger)
    with tempfile.TemporaryDirectory(prefix="rejudge-") as folder:
        home = Path(folder)
        for part in ("trilateral", "data"):
            shutil.copytree(root / part, home / part, ignore=shutil.ignore_patterns("__pycache__", ".rebuild-*"))
        (home / "book").mkdir()
        for name in ("claims.yml", "references.bib"):
            shutil.copyfile(root / "book" / name, home / "book" / name)
        lay_over(refreshed, home / "data")
        notebooks = [home / f"{path.stem}.ipynb" for path in touched]
        for path, notebook in zip(touched, notebooks, strict=True):
            nbformat.write(jupytext.read(path), notebook)
        rerun.prepare(home)
        runs = execution.run_all(notebooks, home, home, lambda line: report("done", line), rerun.JOBS)
        lines = [f"{run.chapter}, " + (f"words that would no longer hold: {failure.sentences}" if failure.of_words else
                                       f"a cell would fail: {failure}") for run in runs for failure in run.failed]
        return lines + moved(before, reproduce.verdicts(home))


def moved(before: Mapping[str, Mapping], after: Mapping[str, Mapping]) -> list[str]:
    """One line a claim whose verdict differs; with the line of the rule that decides now."""
    lines = []
    for claim_id, judgement in after.items():
        for moment in claims.MOMENTS:
            old, new = before[claim_id][moment]["verdict"], judgement[moment]["verdict"]
            if old != new:
                lines.append(f"{claim_id}, {moment}: {old} -> {new} ({judgement[moment]['reason']})")
    return lines
