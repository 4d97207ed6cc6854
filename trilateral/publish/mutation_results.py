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
          "version": "its version alone"}
"""What noticed a damage, in the order in which it was tried, with the head of its column."""


def read(path: Path = FILE) -> dict[str, Any]:
    """``measured`` (day), ``commit``, ``seed``, ``tables`` (number), and for each kind of damage the count by stage."""
    return json.loads(path.read_text(encoding="utf-8"))


def rows(counts: Mapping[str, Mapping[str, int]]) -> list[list[str]]:
    """One row a kind of damage: how many were tried, how many each stage was the first to notice, what part was stopped."""
    found = []
    for kind, noticed in counts.items():
        tried = sum(noticed.values())
        stopped = sum(noticed.get(stage, 0) for stage in ("contract", "totals", "sources"))
        found.append([kind[0].upper() + kind[1:], f"{tried:,}", *(f"{noticed.get(stage, 0):,}" for stage in STAGES),
                      f"{stopped / tried:.1%}".replace(".0%", "%") if tried else ""])
    return found


def shown(results: Mapping[str, Any]) -> list[nodes.Node]:
    """The table of the results and a sentence on when they were measured."""
    day = datetime.date.fromisoformat(results["measured"])
    tried = sum(sum(noticed.values()) for noticed in results["kinds"].values())
    words = (f"{tried:,} damaged copies of {results['tables']} tables, measured on {day.day} {day:%B %Y} at commit "
             f"{results['commit']}, seed {results['seed']}.")
    heads = ("Damage", "Tried", *(head[0].upper() + head[1:] for head in STAGES.values()), "Stopped")
    return [plain_table(heads, rows(results["kinds"]), (24, 10, 12, 12, 12, 12, 12, 12)),
            nodes.paragraph("", words)]
