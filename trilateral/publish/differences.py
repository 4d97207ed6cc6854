"""Which verdicts differ between two books, and what they were made from that differs too."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilateral.claims import MOMENTS, NOT_JUDGED
from trilateral.publish.build import ROOT, BuildError

ACCEPTED = ROOT / "book" / "verdicts.json"
CHANGES = ROOT / "book" / "appendix" / "changes.md"
ITEM = re.compile(r"^[-*] .*(?:\n(?![-*#]|\n).*)*", re.MULTILINE)


@dataclass(frozen=True)
class Move:
    """A verdict that differs between two books.

    Attributes
    ----------
    causes : tuple of str
        What differs too of that from which the verdict was made, the nearest first; empty where nothing recorded does.
    """

    claim: str
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


def outline(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """What two books are compared by: verdicts, and hashes of what they were made from.

    Parameters
    ----------
    ledger : mapping
        A whole ``ledger.json``, or an outline, which is returned as it is.
    """
    if "outline" in ledger:
        return dict(ledger)
    return {
        "outline": 1, "version": ledger["version"], "record_ends": ledger["record_ends"], "made_from": ledger["made_from"],
        "claims": {entry["id"]: {"chapter": entry["chapter"], "tables": entry["tables"],
                                 "rule": _hash([entry["rule"], entry["test"]]),
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
    causes = ["its test or rule"] if before["rule"] != after["rule"] else []
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


def undeclared(moves: list[Move], changes: str) -> list[Move]:
    """Moves that no entry of the changes names: a list item with a link to the claim and the words of the move.

    A first verdict needs no entry.

    Parameters
    ----------
    changes : str
        Text of ``book/appendix/changes.md``.
    """
    items = [" ".join(item.split()) for item in ITEM.findall(changes)]
    return [move for move in moves if move.before != NOT_JUDGED and not any(
        f"(#{move.claim})" in item and move.words in item for item in items)]


def advice(moves: list[Move]) -> str:
    """What to write where moves are not declared."""
    lines = [f"- [{move.claim}](#{move.claim}), {move.words}. Reason: ..." for move in moves]
    return ("a verdict moved and appendix/changes does not say so. Add to book/appendix/changes.md, with the reason:\n"
            + "\n".join(lines))


def accept(new: Mapping[str, Any], path: Path) -> None:
    """Keep the verdicts of a book as those that later ones are compared with."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(new, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
