"""Damage tables, see what notices, and count; a run that was broken off goes on where it stopped."""

from __future__ import annotations

import datetime
import hashlib
import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trilateral import contract, data, totals
from trilateral.mutation import checks, damages, page
from trilateral.mutation.damages import Damage
from trilateral.publish import fingerprint
from trilateral.publish.chapters import ROOT, chapters, tables_in
from trilateral.publish.mutation_results import STAGES

KEPT = ROOT / "_build" / "mutation"
STOPPED = ("contract", "totals", "sources")
LEAST = {damages.STRUCTURE: 1.0, damages.GROSS: 0.95}
"""Part of the damages of some kinds that a check must stop, before any page is made."""

NAMED = 5  # damages that a message names
AT_A_TIME = 2  # chapters

Report = Callable[[str, str], None]


@dataclass(frozen=True)
class Result:
    """What noticed one damage first.

    Attributes
    ----------
    table, kind, words : str
        What was damaged, and how.
    stage, said : str
        A key of `STAGES`, and its words.
    chapter : str or None
        What it changes first in a chapter, `page.SAME` where nothing; None where no chapter was run.
    """

    table: str
    kind: str
    words: str
    stage: str
    said: str = ""
    chapter: str | None = None


class Notes:
    """Results on disk, by what they depend on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.known: dict[str, str] = dict(json.loads(line) for line in lines if line.endswith("]"))

    def of(self, stamp: str, find: Callable[[], str]) -> str:
        if stamp not in self.known:
            self.add(stamp, find())
        return self.known[stamp]

    def add(self, stamp: str, said: str) -> None:
        self.known[stamp] = said
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([stamp, said], ensure_ascii=False) + "\n")


def sampled(number: int | None, seed: int) -> list[str]:
    """Names of the tables to damage: all, or so many by lot."""
    names = data.names()
    return names if number is None or number >= len(names) else sorted(random.Random(seed).sample(names, number))


def run(names: Iterable[str], seed: int, each: bool, pages: bool, report: Report) -> list[Result]:
    """Damage tables and find what notices.

    Parameters
    ----------
    names : iterable of str
        Tables to damage.
    each : bool
        All damages of a table, or one of each kind by lot.
    pages : bool
        Run the chapters on what no check stops.

    Returns
    -------
    list of Result
        One entry a damage.
    """
    names, notes, noticed = list(names), Notes(KEPT / f"{seed}.jsonl"), []
    for place, name in enumerate(names, start=1):
        report("now", f"{name} ({place} of {len(names)} tables)")
        noticed += [(damage, *_stopped(damage, notes)) for damage in _drawn(name, seed, each)]
        if place % 20 == 0:
            through = sum(not stage for _, stage, _ in noticed)
            report("done", f"{place} of {len(names)} tables, {len(noticed) - through} damages stopped, {through} let through")
    shown = _shown(_for_pages(noticed), notes, report) if pages else {}
    return [_result(damage, stage, said, shown.get(damage.key)) for damage, stage, said in noticed]


def _for_pages(noticed: list[tuple[Damage, str, str]]) -> list[Damage]:
    """What no check stops; of small changes of each table the first that its rules let pass, though a total may stop it."""
    first = {damage.table: damage for damage, stage, _ in reversed(noticed)
             if damage.kind in damages.SMALLS and stage != "contract"}
    return [*first.values(), *(damage for damage, stage, _ in noticed if not stage and damage.kind not in damages.SMALLS)]


def _result(damage: Damage, stage: str, said: str, chapter: str | None) -> Result:
    if not stage:
        stage, said = ("untried", "") if chapter is None else ("chapter" if chapter else "version", chapter)
    return Result(damage.table, damage.kind, damage.words, stage, said, chapter)


def counts(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    """How many damages each stage was the first to notice, by kind."""
    counted = Counter((result.kind, result.stage) for result in results)
    return {kind: {stage: counted[kind, stage] for stage in STAGES if counted[kind, stage]}
            for kind in damages.KINDS if any(key[0] == kind for key in counted)}


def small(results: Iterable[Result]) -> dict[str, Any]:
    """Small changes on which chapters were run: how many, what they change first, tables of those that change nothing."""
    tried = [result for result in results if result.kind in damages.SMALLS and result.chapter is not None]
    changed = Counter(result.chapter.split()[0].strip(":") for result in tried if result.chapter)
    return {"tried": len(tried), "changed": dict(sorted(changed.items())),
            "unseen": sorted({result.table for result in tried if not result.chapter})}


def missed(results: list[Result]) -> list[str]:
    """One sentence a family of damage of which fewer are stopped than must be, with those that were not."""
    said = []
    for kinds, least in LEAST.items():
        tried = [result for result in results if result.kind in kinds]
        through = [result for result in tried if result.stage not in STOPPED]
        if tried and 1 - len(through) / len(tried) < least:
            listed = "; ".join(f"{result.table}, {result.kind}: {result.words}" for result in through[:NAMED])
            said.append(f"{', '.join(kinds)}: no check stops {len(through)} of {len(tried)} damaged tables; at least "
                        f"{least:.0%} must be stopped. {listed}")
    return said


def record(results: list[Result], seed: int, path: Path, tables: Mapping[str, str]) -> None:
    """Keep the counts for the appendix, and which tables they are of.

    Parameters
    ----------
    tables : mapping of str to str
        What `mutation_results.hashes` gave before anything was measured.
    """
    damaged = {result.table for result in results}
    found: dict[str, Any] = {
        "measured": f"{datetime.date.today()}", "commit": _commit(), "seed": seed,
        "tables": {name: mark for name, mark in tables.items() if name in damaged}, "kinds": counts(results),
        "small": small(results)}
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _drawn(name: str, seed: int, each: bool) -> Iterator[Damage]:
    path = data.DATA / f"{name}.csv"
    made = damages.of(name, path.read_bytes(), contract.read_sidecar(path.with_suffix(".yml")), seed)
    if each:
        yield from made
        return
    draw = random.Random(f"{seed}/{name}")
    for kind in damages.KINDS:
        if of_kind := [damage for damage in made if damage.kind == kind]:
            yield draw.choice(of_kind)


def _stopped(damage: Damage, notes: Notes) -> tuple[str, str]:
    stamp = _stamp(damage.content, *(path.read_bytes() for path in _rules(damage.table)))
    for stage, check in (("contract", checks.of_the_contract), ("totals", checks.of_the_totals),
                         ("sources", checks.of_other_sources)):
        if said := notes.of(f"{damage.key}/{stage}/{stamp}", lambda check=check: check(damage)):
            return stage, said
    return "", ""


def _rules(table: str) -> list[Path]:
    return [data.DATA / f"{table}.yml", data.DATA / totals.FOLDER / f"{table}.csv", Path(contract.__file__),
            Path(totals.__file__), *(part for test in checks.comparing(table) for part in checks.parts(Path(test)))]


def _stamp(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def _shown(damaged: list[Damage], notes: Notes, report: Report) -> dict[str, str]:
    """What each damage changes first in a chapter that reads its table; `page.SAME` where it changes none."""
    found = {damage.key: page.SAME for damage in damaged}

    def run(chapter: Path) -> None:
        source = chapter.read_text(encoding="utf-8")
        stamp = _stamp(source.encode(), fingerprint.of(source, chapter.stem).encode())
        keys = {damage.key: f"{damage.key}/{chapter.stem}/{stamp}/{_stamp(damage.content)}" for damage in damaged
                if damage.table in tables_in(source) and not found[damage.key]}
        waiting = [damage for damage in damaged if damage.key in keys and keys[damage.key] not in notes.known]
        if waiting:
            report("done", f"executing {chapter.stem} with {len(waiting)} damaged tables")
            page.run(chapter, waiting, lambda damage, said: notes.add(keys[damage.key], said))
        found.update({key: notes.known[kept] for key, kept in keys.items() if notes.known[kept]})

    with ThreadPoolExecutor(AT_A_TIME) as pool:  # each waits for a process of its own
        list(pool.map(run, chapters()))
    return found


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


def log(results: Iterable[Result], path: Path) -> None:
    """Every damage with what noticed it, one line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(asdict(result), ensure_ascii=False) + "\n" for result in results), encoding="utf-8")
