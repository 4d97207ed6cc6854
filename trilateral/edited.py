"""What someone edited in a notebook kit or a clone: tables that are not those published, rules that are not the ledger's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from trilateral import contract, data, datapackage

CHANGED = "TRILATERAL_CHANGED"
"""Set in the kernel of a notebook that was told to compute something else, so that its verdict cards can say so."""


def tables(names: Iterable[str] | None = None, folder: Path | None = None) -> list[str]:
    """Tables whose bytes are not those that the data package names, sorted.

    Parameters
    ----------
    names : iterable of str, optional
        Tables to look at; all without it.
    folder : Path, optional
        Where they lie; the project's ``data/`` if not given.
    """
    folder = folder or data.DATA
    package = folder / datapackage.FILE
    known = _hashes(package, package.stat().st_mtime_ns) if package.is_file() else {}
    return sorted(name for name in known.keys() & set(known if names is None else names)
                  if _hash(folder / f"{name}.csv") != known[name])


def rules(ledger: Mapping[str, Mapping], register: Mapping[str, Iterable[tuple[str, str]]]) -> list[str]:
    """Claims of which the rule is not that of the ledger, sorted.

    Parameters
    ----------
    ledger : mapping of str to mapping
        Entries of ``ledger.json`` by claim.
    register : mapping of str to pairs of verdict and condition
        The lines of each rule as they would decide now, by claim.
    """
    published = {claim: [(line["verdict"], line["when"]) for line in entry["rule"]]
                 for claim, entry in ledger.items() if "rule" in entry}
    return sorted(claim for claim, lines in published.items() if claim in register and list(register[claim]) != lines)


def told(tables: Iterable[str], rules: Iterable[str]) -> list[str]:
    """A line for tables and one for rules that were edited; none where nothing was."""
    parts = {"data changed": list(tables), "rules changed": list(rules)}
    return [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]


@lru_cache(maxsize=4)
def _hashes(package: Path, _changed: int) -> dict[str, str]:
    resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
    return {resource["name"]: resource["hash"].removeprefix("sha256:") for resource in resources}


def _hash(path: Path) -> str:
    return hashlib.sha256(contract.as_read(path)).hexdigest() if path.is_file() else ""
