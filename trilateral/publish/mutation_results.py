"""The results of the mutation test, as last measured over all tables: ``book/appendix/mutation.json``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes

from trilateral.publish.chapters import ROOT
from trilateral.publish.plain_tables import plain_table

FILE = ROOT / "book" / "appendix" / "mutation.json"
STAGES = {"contract": "its rules", "totals": "totals", "sources": "other sources", "chapter": "changed a chapter",
          "version": "its version alone", "untried": "no chapter run"}
"""What noticed a damage, in the order in which it was tried, with the head of its column; ``untried`` are those that no check
stopped and on which no chapter was run."""


def read(path: Path = FILE) -> dict[str, Any]:
    """``measured`` (day), ``commit``, ``seed``, ``tables`` (number), the count by stage for all ``kinds`` of damage, and what
    chapters show of ``small`` changes."""
    return json.loads(path.read_text(encoding="utf-8"))


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
    words = (f"{tried:,} damaged copies of {results['tables']} tables, measured on {day.day} {day:%B %Y} at commit "
             f"{results['commit']}, seed {results['seed']}.")
    named = heads(results["kinds"])
    return [plain_table(named, rows(results["kinds"]), (24, 10, *[12] * (len(named) - 2))),
            *(nodes.paragraph("", each) for each in (of_small_changes(results["small"]), words) if each)]


def of_small_changes(small: Mapping[str, Any]) -> str:
    """What pages and chapters show of small changes, in words; nothing where no chapter was run."""
    if not small["tried"]:
        return ""
    shown = sum(small["changed"].values())
    said = (f"Chapters were run on one small change of each of {small['tried']} tables, drawn by lot. A page shows every one, "
            f"since the page on data prints the version of each file; a chapter shows {shown} of them "
            f"({shown / small['tried']:.0%}) in a number, a figure, a quantity or a verdict.")
    return said + (f" The tables of the other {len(small['unseen'])} are listed with the results in {FILE.name}."
                   if small["unseen"] else "")
