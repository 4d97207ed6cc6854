"""Which verdicts and rules differ between two books, and what the verdicts were made from that differs too."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilateral import reproduce
from trilateral.claims import MOMENTS, NOT_JUDGED, Register
from trilateral.publish.build import ROOT, BuildError

ACCEPTED = ROOT / "book" / "verdicts.json"
CHANGES = ROOT / "book" / "appendix" / "changes.md"
ITEM = re.compile(r"^[-*] .*(?:\n(?![-*#]|\n).*)*", re.MULTILINE)


@dataclass(frozen=True)
class Difference:
    """What differs of a claim between two books; an entry of the changes names it by its `place` and `words`."""

    claim: str

    @property
    def place(self) -> str:
        return f"(#{self.claim})"

    @property
    def link(self) -> str:
        return f"[{self.claim}]{self.place}"


@dataclass(frozen=True)
class Move(Difference):
    """A verdict that differs between two books.

    Attributes
    ----------
    causes : tuple of str
        What differs too of that from which the verdict was made, the nearest first; empty where nothing recorded does.
    """

    moment: str
    before: str
    after: str
    causes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """As an entry of the changes states it: ``now: mixed → supported``."""
        return f"{self.moment}: {self.before} → {self.after}"

    def __str__(self) -> str:
        return f"{self.claim}, {self.words}; " + ("differs: " + ", ".join(self.causes) if self.causes else
                                                  "nothing it was made from is recorded as different")


@dataclass(frozen=True)
class Revision(Difference):
    """A rule that differs between two books, of a claim that the first had judged.

    Attributes
    ----------
    before, after : tuple of str
        Lines of either rule that the other lacks, as ``supported: share >= 33.3``; all where their order alone differs.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def words(self) -> str:
        """As an entry of the changes states it: ``rule: `supported: share >= 33.3` → `supported: share >= 30```."""
        before, after = (", ".join(f"`{line}`" for line in lines) or "no line" for lines in (self.before, self.after))
        return f"rule: {before} → {after}"

    def __str__(self) -> str:
        return f"{self.claim}, {self.words}"


@dataclass(frozen=True)
class Removal(Difference):
    """A claim that the first of two books had judged and the second does not know, by this id."""

    before: str
    words: str = "claim removed"

    @property
    def place(self) -> str:
        return f"`{self.claim}`"  # nothing is left to link

    link = place

    def __str__(self) -> str:
        return f"{self.claim}, {self.words}; it was {self.before}"


def outline(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """What two books are compared by: verdicts, rules, and hashes of what they were made from.

    Parameters
    ----------
    ledger : mapping
        A whole ``ledger.json``, or an outline, which is returned as it is.
    """
    if "outline" in ledger:
        return dict(ledger)
    return {
        "outline": 2, "version": ledger["version"], "record_ends": ledger["record_ends"], "made_from": ledger["made_from"],
        "claims": {entry["id"]: {"chapter": entry["chapter"], "tables": entry["tables"],
                                 "rule": [f"{line['verdict']}: {line['when']}" for line in entry["rule"] or ()],
                                 "test": _hash(entry["test"]),
                                 **{moment: entry[moment]["verdict"] for moment in MOMENTS}}
                   for entry in ledger["claims"]},
    }


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def read(path: Path) -> dict[str, Any]:
    """The outline of a ledger, of the folder of a built book, or of the verdicts last accepted.

    Raises
    ------
    BuildError
        There is none, or it is not one.
    """
    place = next((each for each in (path / "ledger.json", path / "html" / "ledger.json") if each.is_file()), path)
    if not place.is_file():
        raise BuildError(f"{path}: there is no ledger.json; make the book first (make html), or name a ledger of another book")
    try:
        return outline(json.loads(place.read_text(encoding="utf-8")))
    except ValueError:
        raise BuildError(f"{place} is no ledger of this book: it holds no JSON") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise BuildError(f"{place} is no ledger of this book: {type(error).__name__}: {error}") from None


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Move]:
    """Verdicts that differ, in the order of the register; of claims that both books know.

    Parameters
    ----------
    old, new : mapping
        See `outline`.
    """
    found = []
    for name, after in new["claims"].items():
        before = old["claims"].get(name)
        if before is None:
            continue
        causes = tuple(_causes(before, after, old, new))
        found += [Move(name, moment, before[moment], after[moment], causes) for moment in MOMENTS
                  if before[moment] != after[moment]]
    return found


def _causes(before: Mapping, after: Mapping, old: Mapping, new: Mapping) -> list[str]:
    causes = [words for part, words in (("rule", "its rule"), ("test", "the words of its test")) if before[part] != after[part]]
    was, now = old["made_from"], new["made_from"]
    tables = sorted({*before["tables"], *after["tables"]})
    causes += [f"table {name}" for name in tables if was["tables"].get(name) != now["tables"].get(name)]
    if was["chapters"].get(before["chapter"]) != now["chapters"].get(after["chapter"]):
        causes.append(f"the code of {after['chapter']}")
    if was["package"] != now["package"]:
        causes.append("the package")
    if old["record_ends"] != new["record_ends"]:
        causes.append("the end of the record")
    return causes


def revised(old: Mapping[str, Any], rules: Mapping[str, Sequence[str]]) -> list[Revision]:
    """Rules that differ from those of a book that had judged their claims.

    Parameters
    ----------
    old : mapping
        See `outline`.
    rules : mapping of claim to lines
        Each line a text, as in an outline.
    """
    found = []
    for name, after in rules.items():
        was = old["claims"].get(name)
        if was and was["rule"] != list(after) and any(was[moment] != NOT_JUDGED for moment in MOMENTS):
            reordered = sorted(was["rule"]) == sorted(after)
            found.append(Revision(name, *(tuple(line for line in lines if reordered or line not in others) for lines, others in
                                          ((was["rule"], after), (after, was["rule"])))))
    return found


def removed(old: Mapping[str, Any], claims: Collection[str]) -> list[Removal]:
    """Judged claims of a book that are not among these ids; one that got another id is removed, and another is new.

    Parameters
    ----------
    old : mapping
        See `outline`.
    """
    return [Removal(name, entry["now"]) for name, entry in old["claims"].items()
            if name not in claims and any(entry[moment] != NOT_JUDGED for moment in MOMENTS)]


def first(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """One line each claim that the first book does not know, with its verdicts."""
    return reproduce.first({name: {moment: {"verdict": entry[moment]} for moment in MOMENTS}
                            for name, entry in new["claims"].items() if name not in old["claims"]})


def rules_of(book: Mapping[str, Any] | Register) -> dict[str, list[str]]:
    """Lines of every rule, of an outline or of the register as it stands."""
    if isinstance(book, Register):
        return {name: [": ".join(line) for line in claim.lines] for name, claim in book.claims.items()}
    return {name: entry["rule"] for name, entry in book["claims"].items()}


def undeclared(differing: Sequence[Difference], changes: str) -> list[Difference]:
    """Those that no entry of the changes names: a list item with a link to the claim and the words of what differs.

    The id of a removed claim stands in backticks, since nothing is left to link. A first verdict needs no entry.

    Parameters
    ----------
    changes : str
        Text of ``book/appendix/changes.md``.
    """
    items = [" ".join(item.split()) for item in ITEM.findall(changes)]
    return [each for each in differing if each.before != NOT_JUDGED and not any(
        each.place in item and each.words in item for item in items)]


def advice(silent: Sequence[Difference]) -> str:
    """What to write where moves, rules or claims that went are not declared."""
    lines = [f"- {each.link}, {each.words}. Reason: ..." for each in silent]
    return ("a verdict moved, a rule changed or a claim went, and appendix/changes does not say so. Add to "
            "book/appendix/changes.md, under its chapter, with the reason:\n" + "\n".join(lines))


def silent_rules(register: Register) -> str:
    """What to write of rules and claims that are no longer those of the accepted verdicts; empty where all are, or the changes
    say so."""
    if not ACCEPTED.exists():
        return ""
    accepted = read(ACCEPTED)
    gone = removed(accepted, register.claims)
    silent = undeclared([*revised(accepted, rules_of(register)), *gone], CHANGES.read_text(encoding="utf-8"))
    return advice(silent) if silent else ""


def accept(new: Mapping[str, Any], path: Path) -> None:
    """Keep the verdicts of a book as those that later ones are compared with."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(new, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
