"""Who uses which table: chapters by what they load, columns by the words of their code; what nobody uses is a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from trilateral.claims import Register
from trilateral.contract import near, read_sidecar
from trilateral.data import DATA
from trilateral.failures import JUDGED
from trilateral.publish.chapters import ROOT, chapters, tables_in

OF_EVERY_ROW = {"source_url", "source2_url", "source_grade", "checked", "note"}
"""Columns that say where a row comes from; a reader of the table uses them, no chapter need."""

CODE = re.compile(r"^```\{code-cell\}.*?^```", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"\w+")


def readers(root: Path = ROOT) -> dict[str, list[str]]:
    """Chapters that load each table, by table; a chapter is the stem of its file."""
    found: dict[str, list[str]] = {}
    for path in chapters(root):
        for name in sorted(tables_in(path.read_text(encoding="utf-8"))):
            found.setdefault(name, []).append(path.stem)
    return found


def faults(register: Register, root: Path = ROOT, folder: Path = DATA) -> list[str]:
    """Tables and columns that no chapter uses, and claims that a sidecar names and the register lacks.

    A table that serves a claim that no chapter judges yet may still wait for its reader.

    Returns
    -------
    list of str
        One sentence a fault, with what to do.
    """
    written = {path.stem: path.read_text(encoding="utf-8") for path in chapters(root)}
    judged = {claim for text in written.values() for claim in JUDGED.findall(text)}
    words = {chapter: set(WORD.findall("\n".join(CODE.findall(text)))) for chapter, text in written.items()}
    loaded, said = readers(root), []
    for sidecar in sorted(folder.glob("*.yml")):
        name, meta = sidecar.stem, read_sidecar(sidecar)
        unknown = [claim for claim in meta["claims"] if claim not in register.claims]
        if unknown:
            said.append(f"data/{name}.yml, entry claims: {unknown[0]} is not in book/claims.yml "
                        f"({near(unknown[0], register.claims)}). Correct the id, or add the claim first.")
            continue
        waiting = set(meta["claims"]) - judged
        if name not in loaded and not waiting:
            said.append(f"data/{name}.csv: no chapter loads it, and every claim it serves is judged. Use it, name a claim it "
                        "serves in its sidecar, or remove table, sidecar and recipe.")
        elif not waiting:
            used = _measures().union(*(words[chapter] for chapter in loaded[name]))
            unused = [column for column in columns_to_use(meta) if column not in used]
            if unused:
                said.append(f"data/{name}.csv: no code of {', '.join(loaded[name])} uses column {', '.join(unused)}. Use it, "
                            "say under documentary in the sidecar why it stays, or take it out of "
                            f"trilateral/recipes/{meta['recipe']}.py and data/{name}.yml.")
    return said


def columns_to_use(meta: Mapping) -> list[str]:
    """Columns that need a chapter: all but the key, the source of a row, and what the sidecar calls documentary."""
    return [column["name"] for column in meta["columns"] if column["name"] not in OF_EVERY_ROW
            and column["name"] not in meta["primary_key"] and not column.get("documentary")]


@cache
def _measures() -> set[str]:
    return {word for path in (ROOT / "trilateral" / "measures").glob("*.py")
            for word in WORD.findall(path.read_text(encoding="utf-8"))}
