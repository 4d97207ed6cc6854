"""What someone edited in a notebook kit or a clone: tables, rules and code that are not those published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from trilateral import contract, data, datapackage

PARAMETERS = "parameters"
"""Tag of the cells that hold a notebook's parameters, which are told by name."""

STAMPS = "code.json"
"""File of a kit with a hash of each module and cell, as published."""

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


def stamps(files: Mapping[str, bytes]) -> dict[str, str]:
    """What a kit keeps of its code: a hash of each module, and of each cell of code that holds no parameter."""
    found = {name: _of(content) for name, content in files.items() if name.startswith("trilateral/") and name.endswith(".py")}
    for name, content in files.items():
        if name.endswith(".ipynb"):
            found |= _cells(Path(name).stem, json.loads(content))
    return found


def code(home: Path) -> list[str]:
    """Modules of a kit that are not as published, sorted; none of a clone, whose versions Git keeps."""
    kept = {home / name: stamp for name, stamp in _kept(home).items() if name.startswith("trilateral/")}
    return sorted(path.relative_to(home).as_posix() for path, stamp in kept.items()
                  if not path.is_file() or _of(path.read_bytes()) != stamp)


def cells(home: Path, chapter: str, notebook: Mapping) -> list[str]:
    """Cells of code of a kit's notebook, parameters apart, that are not as published, numbered as failures are."""
    known = {name: stamp for name, stamp in _kept(home).items() if name.startswith(f"{chapter}#")}
    if not known:
        return []
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    now, numbers = _cells(chapter, notebook), {f"{chapter}#{cell.get('id')}": n for n, cell in enumerate(code, 1)}
    changed = [f"cell {numbers[name]} of {chapter}" for name, stamp in now.items() if known.get(name) != stamp]
    gone = len(known.keys() - now.keys())
    return [*changed, *([f"{gone} {'cell' if gone == 1 else 'cells'} of {chapter} left out"] if gone else [])]


def _cells(chapter: str, notebook: Mapping) -> dict[str, str]:
    return {f"{chapter}#{cell.get('id')}": _of("".join(cell["source"]).encode()) for cell in notebook["cells"]
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
            and PARAMETERS not in cell.get("metadata", {}).get("tags", [])}


def _kept(home: Path) -> dict[str, str]:
    path = home / STAMPS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def told(tables: Iterable[str] = (), rules: Iterable[str] = (), code: Iterable[str] = ()) -> list[str]:
    """A line for tables, one for rules and one for code that was edited; none where nothing was."""
    parts = {"data changed": list(tables), "rules changed": list(rules), "code changed": list(code)}
    return [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]


@lru_cache(maxsize=4)
def _hashes(package: Path, _changed: int) -> dict[str, str]:
    resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
    return {resource["name"]: resource["hash"].removeprefix("sha256:") for resource in resources}


def _hash(path: Path) -> str:
    return _of(contract.as_read(path)) if path.is_file() else ""


def _of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
