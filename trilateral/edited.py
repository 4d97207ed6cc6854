"""What someone edited in a notebook kit or a clone: tables, rules and code that are not those published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from trilateral import contract, data, datapackage, strict_yaml

PARAMETERS = "parameters"
"""Tag of the cells that hold a notebook's parameters, which are told by name."""

PUBLISHED = "published"
"""In the metadata of a notebook: its names in capitals, as they were set."""

STAMPS = "code.json"
"""File of a kit with what was published: a hash of each table, sidecar, module, cell and part of the register; of a cell of
parameters its text."""

REGISTER = "book/claims.yml"
STAMPED = (".py", ".json", ".csv", ".yml")

CHANGED = "TRILATERAL_CHANGED"
"""Set in the kernel of a notebook that was told to compute something else, so that its verdict cards can say so."""


def tables(names: Iterable[str] | None = None, folder: Path | None = None) -> list[str]:
    """Tables, and sidecars as ``<table>.yml``, that are not those published, sorted; of a clone tables alone.

    Parameters
    ----------
    names : iterable of str, optional
        Tables to look at; all without it.
    folder : Path, optional
        Where they lie; the project's ``data/`` if not given.
    """
    folder = folder or data.DATA
    known = _kept(folder.parent, "data/") or _packaged(folder)
    wanted = {Path(name).stem for name in known} if names is None else set(names)
    return sorted(name.removesuffix(".csv") for name, stamp in known.items()
                  if Path(name).stem in wanted and _hash(folder / name) != stamp)


def rules(home: Path) -> list[str]:
    """Claims, sources and other parts of a kit's register that are not as published, sorted; none of a clone."""
    known = _kept(home, f"{REGISTER}#")
    now = _parts((home / REGISTER).read_bytes()) if known else {}
    return sorted(name for name in known.keys() | now.keys() if known.get(name) != now.get(name))


def stamps(files: Mapping[str, bytes]) -> dict[str, str]:
    """What a kit keeps of what was published, see `STAMPS`, from its files by name."""
    found = {name: _of(content) for name, content in files.items()
             if name.startswith(("trilateral/", "data/")) and name.endswith(STAMPED)}
    found |= {f"{REGISTER}#{name}": stamp for name, stamp in _parts(files.get(REGISTER, b"")).items()}
    for name, content in files.items():
        if name.endswith(".ipynb"):
            notebook, chapter = json.loads(content), Path(name).stem
            found |= {f"{chapter}#{cell.get('id')}": source if _of_parameters(cell) else _of(source.encode())
                      for _, cell, source in _code(notebook)} | {f"{chapter}#": _of_values(notebook)}
    return found


def code(home: Path) -> list[str]:
    """Modules of a kit that are not as published, or were added, sorted; none of a clone, whose versions Git keeps."""
    known, package = _kept(home, "trilateral/"), home / "trilateral"
    there = {path.relative_to(package).as_posix() for path in package.rglob("*.py")} if known else set()
    held = known.keys() | {name for name in there if not name.startswith(".") and "/." not in name}
    return sorted(f"trilateral/{name}" for name in held if _hash(package / name) != known.get(name))


def cells(home: Path, chapter: str, notebook: Mapping) -> list[str]:
    """Cells of code of a kit's notebook that are not as published, numbered as failures are, or stand in another order.

    Of a cell of parameters the values of names may differ, which are told by name; see `trilateral.parameters.by_hand`.
    """
    from trilateral import parameters  # imports the claims, which import this

    known = _kept(home, f"{chapter}#")
    if not known:
        return []
    named = notebook.get("metadata", {}).get(PUBLISHED, {})
    now = [(number, str(cell.get("id")), source) for number, cell, source in _code(notebook)]
    ids = [name for _, name, _ in now]
    said = [f"cell {number} of {chapter}" for number, name, source in now if ids.count(name) > 1 or not (
        known.get(name) == _of(source.encode()) or parameters.alike(known.get(name, ""), source, named))]
    if known.pop("", "") != _of_values(notebook):
        said.append(f"published values that {chapter} keeps")
    if gone := len(known.keys() - set(ids)):
        said.append(f"{gone} {'cell' if gone == 1 else 'cells'} of {chapter} left out")
    if [name for name in known if name in ids] != [name for name in dict.fromkeys(ids) if name in known]:
        said.append(f"order of the cells of {chapter}")
    return said


def _code(notebook: Mapping) -> list[tuple[int, Mapping, str]]:
    """Cells of code that are not empty, each with its number and its source."""
    held = enumerate((cell for cell in notebook["cells"] if cell["cell_type"] == "code"), 1)
    return [(number, cell, source) for number, cell in held if (source := "".join(cell["source"])).strip()]


def _of_parameters(cell: Mapping) -> bool:
    return PARAMETERS in cell.get("metadata", {}).get("tags", [])


def _of_values(notebook: Mapping) -> str:
    return _of(json.dumps(notebook.get("metadata", {}).get(PUBLISHED), sort_keys=True).encode())


def _parts(register: bytes) -> dict[str, str]:
    """Hashes of the parts of a register: each claim by its id, each source, and what else it says."""
    book = strict_yaml.load(register.decode()) or {}
    parts = {name: part for name, part in book.items() if name not in ("sources", "claims")}
    parts |= {f"source {name}": part for name, part in book.get("sources", {}).items()}
    parts |= {claim["id"]: claim for claim in book.get("claims", [])}
    return {name: _of(json.dumps(part, default=str).encode()) for name, part in parts.items()}


def _kept(home: Path, start: str) -> dict[str, str]:
    """What a kit keeps whose names begin so, by the rest of the name; empty in a clone."""
    path = home / STAMPS
    known = _read(path, path.stat().st_mtime_ns) if path.is_file() else {}
    return {name.removeprefix(start): stamp for name, stamp in known.items() if name.startswith(start)}


def told(tables: Iterable[str] = (), rules: Iterable[str] = (), code: Iterable[str] = ()) -> list[str]:
    """A line for tables, one for rules and one for code that was edited; none where nothing was."""
    parts = {"data changed": list(tables), "rules changed": list(rules), "code changed": list(code)}
    return [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]


def _packaged(folder: Path) -> dict[str, str]:
    """Hashes of the tables, by file, that the data package names."""
    path = folder / datapackage.FILE
    resources = _read(path, path.stat().st_mtime_ns)["resources"] if path.is_file() else ()
    return {resource["path"]: resource["hash"].removeprefix("sha256:") for resource in resources}


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _hash(path: Path) -> str:
    return _of(contract.as_read(path)) if path.is_file() else ""


def _of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
