"""Damage tables, see what notices, and count; a run that was broken off goes on where it stopped."""

from __future__ import annotations

import datetime
import hashlib
import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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

Report = Callable[[str, str], None]


@dataclass(frozen=True)
class Result:
    """What noticed one damage first: a key of `STAGES`, and its words."""

    table: str
    kind: str
    words: str
    stage: str
    said: str = ""


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
    names, notes = list(names), Notes(KEPT / f"{seed}.jsonl")
    results, through = [], []
    for place, name in enumerate(names, start=1):
        report("now", f"{name} ({place} of {len(names)} tables)")
        for damage in _drawn(name, seed, each):
            stage, said = _stopped(damage, notes)
            if stage:
                results.append(Result(name, damage.kind, damage.words, stage, said))
            else:
                through.append(damage)
        if place % 20 == 0:
            report("done", f"{place} of {len(names)} tables, {len(results)} damages stopped, {len(through)} let through")
    shown = _shown(through, notes, report) if pages else dict.fromkeys(damage.key for damage in through)
    return results + [Result(damage.table, damage.kind, damage.words, *_stage(shown[damage.key])) for damage in through]


def counts(results: Iterable[Result]) -> dict[str, dict[str, int]]:
    """How many damages each stage was the first to notice, by kind."""
    counted = Counter((result.kind, result.stage) for result in results)
    return {kind: {stage: counted[kind, stage] for stage in STAGES if counted[kind, stage]}
            for kind in damages.KINDS if any(key[0] == kind for key in counted)}


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


def record(results: list[Result], seed: int, path: Path) -> None:
    """Keep the counts for the appendix."""
    found: dict[str, Any] = {
        "measured": f"{datetime.date.today()}", "commit": _commit(), "seed": seed,
        "tables": len({result.table for result in results}), "kinds": counts(results),
        "changed": dict(sorted(Counter(result.said.split()[0] for result in results if result.stage == "chapter").items()))}
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
            Path(totals.__file__), *map(Path, checks.comparing(table))]


def _stamp(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def _shown(through: list[Damage], notes: Notes, report: Report) -> dict[str, str]:
    """What each damage changes first in a chapter that reads its table; empty where it changes none."""
    found: dict[str, str] = {}
    for chapter in chapters():
        source = chapter.read_text(encoding="utf-8")
        stamp = _stamp(source.encode(), fingerprint.of(source, chapter.stem).encode())
        keys = {damage.key: f"{damage.key}/{chapter.stem}/{stamp}/{_stamp(damage.content)}" for damage in through
                if damage.table in tables_in(source) and not found.get(damage.key)}
        waiting = [damage for damage in through if damage.key in keys and keys[damage.key] not in notes.known]
        if waiting:
            report("now", f"executing {chapter.stem} with {len(waiting)} damaged tables")
            page.run(chapter, waiting, lambda damage, said, keys=keys: notes.add(keys[damage.key], said))
        found.update({key: notes.known[kept] for key, kept in keys.items()})
    return {damage.key: found.get(damage.key, "") for damage in through}


def _stage(said: str | None) -> tuple[str, str]:
    if said is None:
        return "untried", ""
    return ("chapter" if said else "version"), said


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


def log(results: Iterable[Result], path: Path) -> None:
    """Every damage with what noticed it, one line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(asdict(result), ensure_ascii=False) + "\n" for result in results), encoding="utf-8")
