"""Take newer upstream bytes, make new tables to the side, and say what changed; the committed tables stay."""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trilateral import datapackage
from trilateral.contract import TableError, check_csv, read_sidecar
from trilateral.recipes import differences, runner, upstream
from trilateral.recipes.reading import UpstreamError

PLACE = upstream.ROOT / "_build" / "refresh"


@dataclass(frozen=True)
class Refreshed:
    """What newer upstream bytes did to one table.

    Attributes
    ----------
    table : str
        Its name.
    status : str
        ``same bytes`` (upstream has not moved), ``same table`` (it has, and the table has not), ``changed``, ``new`` (no
        committed table can be read), ``stopped`` (the recipe or the contract refuses the new bytes) or ``not obtained``.
    detail : str
        The reason, or the upstream files that are new.
    difference : Difference, optional
        What differs, if ``changed``.
    later : tuple of str
        Columns of time whose ``maximum`` ended with the committed table and was raised, with the old and new end.
    """

    table: str
    status: str
    detail: str = ""
    difference: differences.Difference | None = None
    later: tuple[str, ...] = ()


def refresh(names: Iterable[str] | None = None, source: Path | None = None,
            report: Callable[[upstream.Progress | Refreshed], None] = lambda _: None,
            folder: Path | None = None, place: Path | None = None) -> list[Refreshed]:
    """Run recipes on newer upstream bytes.

    Parameters
    ----------
    names : iterable of str, optional
        Tables to refresh; all that have an upstream file if not given.
    source : Path, optional
        Folder with ``<source>/<file>``; without it the files are downloaded from the newest commit of their repository.
    report : callable
        Called with the progress of downloads and with each `Refreshed`.
    folder : Path, optional
        Where the committed tables lie; the project's ``data/`` if not given.
    place : Path, optional
        Where new tables go, with sidecars that pin the new bytes; ``_build/refresh`` if not given. Emptied first.

    Returns
    -------
    list of Refreshed
        One entry a table, sorted by name.

    Raises
    ------
    TableError
        A name is no table, or a table collected by hand.
    """
    folder, place = folder or runner.DATA, place or PLACE
    sidecars = {path.stem: read_sidecar(path) for path in sorted(folder.glob("*.yml"))}
    wanted = runner.wanted(names, sidecars)
    by_hand = [name for name in wanted if "upstream" not in sidecars[name]]
    if names and by_hand:
        raise TableError(f"{', '.join(by_hand)}: collected by hand; there is no upstream to take newer bytes from. Edit "
                         "the file in data/curated and run data build.")
    shutil.rmtree(place, ignore_errors=True)
    (place / "data").mkdir(parents=True)
    result = []
    for recipe in sorted({sidecars[name]["recipe"] for name in wanted if name not in by_hand}):
        members = {name: meta for name, meta in sidecars.items() if meta["recipe"] == recipe}
        for outcome in _refresh_one(recipe, members, source, folder, place, report):
            report(outcome)
            result.append(outcome)
    return sorted(result, key=lambda each: each.table)


def lay_over(place: Path, folder: Path) -> None:
    """Put the refreshed tables and sidecars over a copy of ``data/`` and renew its data package."""
    for path in sorted((place / "data").iterdir()):
        shutil.copyfile(path, folder / path.name)
    (folder / datapackage.FILE).write_text(datapackage.text(folder), encoding="utf-8", newline="\n")


def newest(entry: Mapping) -> str:
    """The address of a file at the newest commit of its repository.

    Raises
    ------
    UpstreamError
        The pinned address does not hold its commit.
    """
    if entry["commit"] not in entry["url"]:
        raise UpstreamError(f"{entry['source']}/{entry['file']}: its address does not hold its commit; fetch the newer file "
                            "yourself and name its folder (--from).")
    return entry["url"].replace(entry["commit"], "HEAD")


def _refresh_one(recipe: str, members: Mapping[str, dict], source: Path | None, folder: Path, place: Path,
                 report: Callable) -> list[Refreshed]:
    entries = runner.inputs(members)
    try:
        files = {file: _newer(entry, source, place, report) for file, entry in entries.items()}
    except UpstreamError as reason:
        return [Refreshed(name, "not obtained", str(reason)) for name in members]
    moved = [e for e in entries.values() if hashlib.sha256(files[e["file"]]).hexdigest() != e["sha256"]]
    if not moved:
        return [Refreshed(name, "same bytes") for name in members]
    detail = ", ".join(f"{e['source']}/{e['file']}" for e in moved)
    try:
        made = runner.make(recipe, members, files, folder)
    except (UpstreamError, TableError) as reason:
        return [Refreshed(name, "stopped", str(reason)) for name in members]
    return [_compare(name, made[name], members[name], files, folder, place, detail) for name in members]


def _newer(entry: Mapping, source: Path | None, place: Path, report: Callable) -> bytes:
    name = f"{entry['source']}/{entry['file']}"
    if source is not None:
        path = source / name
        if path.exists():
            return path.read_bytes()
        return upstream.fetch(entry, report)
    if "derived" in entry:
        raise upstream.NotObtainableError(f"{name}: an extract made for this project ({entry['derived']}). Make it anew "
                                          "from the newer source and name its folder (--from).")
    target = place / "upstream" / name
    upstream.download({**entry, "url": newest(entry)}, target, report, check=False)
    return target.read_bytes()


def _compare(name: str, raw: bytes, meta: Mapping, files: Mapping[str, bytes], folder: Path, place: Path,
             detail: str) -> Refreshed:
    path, sidecar, committed = place / "data" / f"{name}.csv", place / "data" / f"{name}.yml", folder / f"{name}.csv"
    path.write_bytes(raw)
    text = _repinned(folder / f"{name}.yml", meta, files)
    old, new = _cells(committed), _cells(path)
    ends = {} if old is None or new is None else _later_ends(meta, old, new)
    for column, (was, now) in ends.items():
        text = re.sub(rf"(^- name: {column}\n(?:  .*\n)*?.*\bmaximum: ['\"]?){re.escape(was)}\b", rf"\g<1>{now}", text, count=1,
                      flags=re.MULTILINE)
    sidecar.write_text(text, encoding="utf-8", newline="\n")
    try:
        check_csv(path, read_sidecar(sidecar) if ends else meta, name)
    except TableError as reason:
        return Refreshed(name, "stopped", str(reason))
    if old is None:
        return Refreshed(name, "new", detail)
    if committed.read_bytes() == raw:
        return Refreshed(name, "same table", detail)
    later = tuple(f"{column}: {was} -> {now}" for column, (was, now) in ends.items())
    return Refreshed(name, "changed", detail, differences.between(old, new, meta["primary_key"]), later)


def _cells(path: Path) -> pd.DataFrame | None:
    """A table as text cells; None where there is none, or bytes that are no table, of which the contract says what is wrong."""
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError):
        return None


def _later_ends(meta: Mapping, old: pd.DataFrame, new: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Columns of time whose rule ``maximum`` is the last value of the committed table, with that and the new last value.

    Such a rule says where the vintage ended; any other maximum is a limit of what can be true and stays.
    """
    found = {}
    for column in meta["columns"]:
        name, bound = column["name"], str(column.get("constraints", {}).get("maximum", ""))
        is_time = column["type"] in ("date", "yearmonth") or (column["type"] == "integer" and name.split("_")[-1] == "year")
        if bound and is_time and name in old and name in new:
            was, now = old[name].max(), new[name].max()  # ISO 8601 and years of four digits sort as text
            if was == bound < now:
                found[name] = (was, now)
    return found


def _repinned(sidecar: Path, meta: Mapping, files: Mapping[str, bytes]) -> str:
    text = sidecar.read_text(encoding="utf-8")
    for entry in meta["upstream"]:
        raw = files[entry["file"]]
        found = hashlib.sha256(raw).hexdigest()
        if found != entry["sha256"]:
            text = text.replace(entry["sha256"], found)
            text = re.sub(rf"(sha256: {found}\s+bytes: ){entry['bytes']}\b", rf"\g<1>{len(raw)}", text)
            today = datetime.date.today().isoformat()
            text = re.sub(r"^retrieved: .*$", f"retrieved: '{today}'", text, flags=re.MULTILINE)
    return text
