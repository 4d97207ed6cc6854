"""Rebuild tables from their pinned upstream bytes: validated first, then written together, which no Ctrl-C comes between."""

from __future__ import annotations

import importlib
import os
import tempfile
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from trilateral import datapackage, stopping
from trilateral.contract import TableError, check_csv, near, read_sidecar
from trilateral.recipes import upstream
from trilateral.recipes.curated import plain
from trilateral.recipes.reading import HeaderError, UpstreamError
from trilateral.recipes.writing import table_bytes

DATA = Path(__file__).parents[2] / "data"
NAMED = 3  # files that a message names


@dataclass(frozen=True)
class Outcome:
    """What became of one table.

    Attributes
    ----------
    table : str
        Its name, or ``datapackage.json``.
    status : str
        ``unchanged``, ``changed``, ``new`` or ``kept`` (its upstream cannot be had here).
    detail : str
        Rows and bytes, the first line that differs, or the reason for keeping it.
    """

    table: str
    status: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.table}: {self.status}" + (f" ({self.detail})" if self.detail else "")


Report = Callable[[Outcome | upstream.Progress], None]


def rebuild(
    names: Iterable[str] | None = None,
    check: bool = False,
    report: Report = lambda _: None,
    folder: Path | None = None,
    package: bool = True,
) -> list[Outcome]:
    """Run the recipes of some or all tables.

    Parameters
    ----------
    names : iterable of str, optional
        Tables to rebuild; all if not given. A recipe that makes several tables makes them together.
    check : bool
        Write nothing; say what would change.
    report : callable
        Called with each `Outcome`, and with the `upstream.Progress` of downloads.
    folder : Path, optional
        Where tables and sidecars lie; the project's ``data/`` if not given.
    package : bool
        With `check`, whether to compare the data package too.

    Returns
    -------
    list of Outcome
        One entry a table, sorted by name, then ``datapackage.json`` where it was compared or written.

    Raises
    ------
    TableError, UpstreamError
        When a table would break the contract or an upstream file is wrong. Nothing is written then.
    """
    folder = folder or DATA
    sidecars = {path.stem: read_sidecar(path) for path in sorted(folder.glob("*.yml"))}
    chosen = wanted(names, sidecars)
    outcomes, fresh = [], {}
    for recipe in sorted({sidecars[name]["recipe"] for name in chosen}):
        members = {name: meta for name, meta in sidecars.items() if meta["recipe"] == recipe}
        try:
            fresh |= _cook(recipe, members, folder, report)
        except upstream.NotObtainableError as reason:
            outcomes += [_kept(folder, name, reason) for name in members]
    # beside the tables, from where each is put in its place at once; a check leaves their folder alone
    with tempfile.TemporaryDirectory(dir=None if check else folder, prefix=".rebuild-") as scratch:
        for name, raw in fresh.items():
            path = Path(scratch) / f"{name}.csv"
            path.write_bytes(raw)
            check_csv(path, sidecars[name], name)
            outcomes.append(_compare(folder / f"{name}.csv", name, raw))
        if not check:
            with stopping.later():
                for name in fresh:
                    os.replace(Path(scratch) / f"{name}.csv", folder / f"{name}.csv")
                outcomes_package = _package(folder, Path(scratch), sidecars, made=set(fresh))
    outcomes.sort(key=lambda outcome: outcome.table)
    if check and not package:
        outcomes_package = []
    elif check:
        stale = datapackage.difference(folder)
        outcomes_package = [
            Outcome(datapackage.FILE, "changed", str(stale))
            if stale
            else Outcome(datapackage.FILE, "unchanged")
        ]
    outcomes += outcomes_package
    for outcome in outcomes:
        report(outcome)
    return outcomes


def collected_by_hand(folder: Path | None = None) -> list[str]:
    """Names of the tables whose every input lies in ``data/curated``; they can be rebuilt on any machine."""
    return [path.stem for path in sorted((folder or DATA).glob("*.yml")) if "upstream" not in read_sidecar(path)]


def wanted(names: Iterable[str] | None, sidecars: Mapping[str, dict]) -> list[str]:
    """The tables named, or all of them.

    Raises
    ------
    TableError
        A name is no table; the message has the nearest.
    """
    chosen = list(names) if names else list(sidecars)
    for name in chosen:
        if name not in sidecars:
            raise TableError(
                f"data/{name}.yml: no such table ({near(name, sidecars)}). Correct the name, or write its "
                "sidecar and recipe."
            )
    return chosen


def _cook(recipe: str, members: Mapping[str, dict], folder: Path, report: Report) -> dict[str, bytes]:
    files = {file: upstream.fetch(entry, report) for file, entry in inputs(members).items()}
    return make(recipe, members, files, folder)


def inputs(members: Mapping[str, dict]) -> dict[str, dict]:
    """The upstream entries of one recipe by file name, which is all that the recipe knows of a file.

    Raises
    ------
    TableError
        One name stands for two files: of two sources, of two pins, or upstream and in ``data/curated``.
    """
    found: dict[str, dict] = {}
    first: dict[str, str] = {}
    for name, meta in members.items():
        for entry in meta.get("upstream", []):
            file = entry["file"]
            other = found.setdefault(file, entry)
            differs = [key for key in ("source", "url", "commit", "sha256", "bytes") if entry[key] != other[key]]
            if differs:
                raise TableError(
                    f"data/{name}.yml, entry upstream: {entry['source']}/{file} has another {' and '.join(differs)} than "
                    f"{other['source']}/{file} in data/{first[file]}.yml. A recipe tells its files apart by name: pin both "
                    "entries alike if they are one file, or give one of the two another name under file.")
            first.setdefault(file, name)
    for name, meta in members.items():
        for file in meta.get("curated", []):
            if file in found:
                raise TableError(f"data/{name}.yml, entry curated: {file} is also the name of the upstream file "
                                 f"{found[file]['source']}/{file}. A recipe tells its files apart by name: rename one.")
    return found


def clashes(folder: Path | None = None) -> list[str]:
    """A sentence for each recipe two of whose files have one name."""
    sidecars = {path.stem: read_sidecar(path) for path in sorted((folder or DATA).glob("*.yml"))}
    said = []
    for recipe in sorted({meta["recipe"] for meta in sidecars.values()}):
        try:
            inputs({name: meta for name, meta in sidecars.items() if meta["recipe"] == recipe})
        except TableError as error:
            said.append(str(error))
    return said


def make(recipe: str, members: Mapping[str, dict], files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Run one recipe.

    Parameters
    ----------
    recipe : str
        Module name in `trilateral.recipes`.
    members : mapping of str to dict
        The sidecars that name it, by table.
    files : mapping of str to bytes
        Its upstream files by name; the curated ones are read from `folder`.

    Returns
    -------
    dict of str to bytes
        The tables as CSV, not validated yet.
    """
    module = _module(recipe, next(iter(members)))
    by_hand = {file for meta in members.values() for file in meta.get("curated", [])}
    files = dict(files)
    for file in sorted(by_hand):
        path = folder / "curated" / file
        if not path.exists():
            raise UpstreamError(
                f"data/curated/{file}: missing. Take it from version control, or correct the entry "
                "curated of the sidecar."
            )
        files[file] = path.read_bytes()
        plain(files, file)
    try:
        made = module.tables(files)
    except HeaderError as error:
        file = error.name.removeprefix("data/curated/")
        if file not in by_hand:
            raise
        raise UpstreamError(f"data/curated/{file}, row 1: {error.said}. Correct the header, take the file from version "
                            f"control, or teach trilateral/recipes/{recipe}.py the new column.") from error
    except (UpstreamError, TableError):
        raise
    except Exception as error:
        raise UpstreamError(
            f"trilateral/recipes/{recipe}.py{_line(error, recipe)}: {type(error).__name__}: {error}; it was reading "
            f"{', '.join(list(files)[:NAMED])}{' and others' if len(files) > NAMED else ''}. A file has another shape than the "
            "recipe expects, or the recipe is wrong (python -m trilateral --debug … shows where)."
        ) from error
    if set(made) != set(members):
        raise TableError(
            f"trilateral/recipes/{recipe}.py makes {', '.join(sorted(made))}; the sidecars that name it are "
            f"{', '.join(sorted(members))}. A table needs both."
        )
    return {name: table_bytes(frame, members[name], name) for name, frame in made.items()}


def _module(recipe: str, table: str) -> ModuleType:
    place = f"trilateral/recipes/{recipe}.py"
    try:
        module = importlib.import_module(f"trilateral.recipes.{recipe}")
    except ModuleNotFoundError as error:
        if error.name != f"trilateral.recipes.{recipe}":
            raise TableError(f"{place}: it imports {error.name}, and there is no such module.") from error
        raise TableError(f"data/{table}.yml, entry recipe: no module {place}. Write it, or correct the entry.") from error
    except Exception as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else _line(error, recipe)
        raise TableError(f"{place}{line}: cannot be imported: {type(error).__name__}: {error}") from error
    if not callable(getattr(module, "tables", None)):
        raise TableError(f"{place}: has no function tables(files), which every recipe needs.")
    return module


def _line(error: Exception, recipe: str) -> str:
    """The last line of the recipe that an error went through."""
    passed = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).stem == recipe]
    return f", line {passed[-1]}" if passed else ""


def _kept(folder: Path, name: str, reason: Exception) -> Outcome:
    if not (folder / f"{name}.csv").exists():
        raise UpstreamError(f"data/{name}.csv is missing and cannot be rebuilt: {reason}")
    return Outcome(name, "kept", str(reason))


def _compare(path: Path, name: str, raw: bytes) -> Outcome:
    rows = raw.count(b"\n") - 1
    size = f"{rows} rows, {len(raw)} bytes"
    if not path.exists():
        return Outcome(name, "new", size)
    old = path.read_bytes()
    if old == raw:
        return Outcome(name, "unchanged", size)
    before, after = old.split(b"\n"), raw.split(b"\n")
    row = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    return Outcome(name, "changed", f"{size}; {len(before) - 2} rows before; differs from row {row + 1} on")


def _package(folder: Path, scratch: Path, sidecars: dict, made: set[str]) -> list[Outcome]:
    if any(not (folder / f"{name}.csv").exists() for name in sidecars):
        return [Outcome(datapackage.FILE, "kept", "some tables are not built yet")]
    path, text = folder / datapackage.FILE, datapackage.text(folder, made)
    status = (
        "new" if not path.exists() else "unchanged" if path.read_text(encoding="utf-8") == text else "changed"
    )
    (scratch / datapackage.FILE).write_text(text, encoding="utf-8", newline="\n")
    os.replace(scratch / datapackage.FILE, path)
    return [Outcome(datapackage.FILE, status)]
