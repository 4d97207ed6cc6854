"""The results of the mutation test, as last measured over all tables: ``book/appendix/mutation.json``."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes

from trilateral import data
from trilateral.publish.chapters import ROOT
from trilateral.publish.plain_tables import plain_table
from trilateral.text import listed

FILE = ROOT / "book" / "appendix" / "mutation.json"
STAGES = {"contract": "its rules", "totals": "totals", "sources": "other sources", "chapter": "changed a chapter",
          "version": "its version alone", "untried": "no chapter run"}
"""What noticed a damage, in the order in which it was tried, with the head of its column; ``untried`` are those that no check
stopped and on which no chapter was run."""


def read(path: Path = FILE) -> dict[str, Any]:
    """``measured`` (day), ``commit``, ``seed``, ``tables`` (hash by name), the count by stage for all ``kinds`` of damage, and
    what chapters show of ``small`` changes."""
    return json.loads(path.read_text(encoding="utf-8"))


def hashes() -> dict[str, str]:
    """What tells each table of today from one of another content: the first 16 digits of its file's SHA-256, by name."""
    return {name: hashlib.sha256((data.DATA / f"{name}.csv").read_bytes()).hexdigest()[:16] for name in data.names()}


def behind(measured: Mapping[str, str], today: Mapping[str, str]) -> list[str]:
    """Tables that are not those that were measured: changed, new or gone; both arguments as `hashes` gives them."""
    return sorted(name for name in {*measured, *today} if measured.get(name) != today.get(name))


def of_tables_behind(names: list[str]) -> str:
    """For which tables the results do not hold, in words; nothing where there are none."""
    if not names:
        return ""
    return (f"These results do not hold for {len(names)} {'table that has' if len(names) == 1 else 'tables that have'} changed "
            f"since they were measured, or {'has' if len(names) == 1 else 'have'} come or gone: {listed(names)}.")


def stages(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The stages to show: whether a chapter shows a damage, or how many were let through where none was run."""
    untried = any("untried" in noticed for noticed in counts.values())
    tried = any("chapter" in noticed or "version" in noticed for noticed in counts.values())
    left_out = ({"chapter", "version"} if not tried else set()) | ({"untried"} if not untried else set())
    return [stage for stage in STAGES if stage not in left_out]


def heads(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    return ["Damage", "Tried", *(STAGES[stage][0].upper() + STAGES[stage][1:] for stage in stages(counts)), "Stopped"]


def rows(counts: Mapping[str, Mapping[str, int]]) -> list[list[str]]:
    """One row a kind of damage: how many were tried, how many each stage was the first to notice, what part was stopped."""
    found = []
    for kind, noticed in counts.items():
        tried = sum(noticed.values())
        stopped = sum(noticed.get(stage, 0) for stage in ("contract", "totals", "sources"))
        found.append([kind[0].upper() + kind[1:], f"{tried:,}", *(f"{noticed.get(stage, 0):,}" for stage in stages(counts)),
                      f"{stopped / tried:.1%}".replace(".0%", "%") if tried else ""])
    return found


def shown(results: Mapping[str, Any]) -> list[nodes.Node]:
    """The table of the results, what chapters show of small changes, and when all was measured."""
    day = datetime.date.fromisoformat(results["measured"])
    tried = sum(sum(noticed.values()) for noticed in results["kinds"].values())
    words = (f"{tried:,} damaged copies of {len(results['tables'])} tables, measured on {day.day} {day:%B %Y} at commit "
             f"{results['commit']}, seed {results['seed']}.")
    named, later = heads(results["kinds"]), of_tables_behind(behind(results["tables"], hashes()))
    return [plain_table(named, rows(results["kinds"]), (24, 10, *[12] * (len(named) - 2))),
            *(_paragraph(each) for each in (of_small_changes(results["small"]), words, later) if each)]


def _paragraph(words: str) -> nodes.paragraph:
    """Words in which the name of the file is a link to it, where a page can offer one."""
    before, name, after = words.partition(FILE.name)
    link = [addnodes.download_reference("", "", nodes.literal("", name), reftarget=name)] if name else []
    return nodes.paragraph("", "", nodes.Text(before), *link, nodes.Text(after))


def of_small_changes(small: Mapping[str, Any]) -> str:
    """Which part of small changes a chapter shows, and which none does, in words; nothing where no chapter was run."""
    if not small["tried"]:
        return ""
    shown = sum(small["changed"].values())
    said = (f"Chapters were run on one small change of each of {small['tried']} tables, drawn by lot. A chapter shows {shown} "
            f"of them ({shown / small['tried']:.0%}), in a number, a figure, a quantity or a verdict.")
    unseen = len(small["unseen"])
    return said + (f" Nothing that a chapter prints changes with the other {unseen} ({unseen / small['tried']:.0%}): the list "
                   "of tables alone tells of them, by another version of the file, not by what was changed. Their tables are "
                   f"named with the results in {FILE.name}, a file of the web edition." if unseen else "")
