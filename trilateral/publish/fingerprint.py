"""Re-run a notebook when, and only when, something it depends on has changed.

The cache of executed notebooks knows them by their code cells and their kernel's description alone. What else a
chapter depends on (tables, the package, what it asks of the register, pinned requirements) therefore goes into that
description as a hash, in the text that is parsed; the file is left alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from trilateral import strict_yaml
from trilateral.claims import REGISTER
from trilateral.publish.chapters import CELL, HEAD, ROOT, is_notebook, tables_in

KERNELSPEC = re.compile(r"^kernelspec:[ \t]*(?:\{(?=[^}\n]*\})|\n(?=([ \t]+)\S))", re.MULTILINE)
NAMED = re.compile(r"""["']((?:as|pn)-[\w-]+)["']""")
APART = {"publish", "recipes", "mutation", "__main__.py", "asked.py", "choices.py", "cli.py", "console.py", "data_commands.py",
         "earlier.py", "elsewhere.py", "environment.py", "execution.py", "exit_codes.py", "failures.py", "files.py", "lab.py",
         "outcome.py", "parameters.py", "reproduce.py", "rerun.py", "shifts.py", "steps.py", "stopping.py", "totals.py"}
"""Parts of the package that no notebook imports."""


@lru_cache
def _package() -> str:
    digest = hashlib.sha256()
    package = ROOT / "trilateral"
    modules = [path for path in package.rglob("*.py")
               if path.relative_to(package).parts[0] not in APART]
    for path in sorted([*modules, *package.glob("*.json"), ROOT / "requirements.txt"]):
        if path.exists():
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@lru_cache
def _register() -> dict[str, Any]:
    return strict_yaml.read(REGISTER)


def claims_in(source: str, chapter: str) -> set[str] | None:
    """Claims of other chapters that a notebook names, as far as they stand there literally; None where it asks for all.

    It asks for all where it takes the register itself or its list of claims: one claim by its name, a date, a source and the
    claims of its own chapter are less.
    """
    less = rf"""\[|\.(?:date|sources|record_ends|last_brief)\b|\.of_chapter\(["']{re.escape(chapter)}["']\)"""
    if re.search(rf"\bread_register\(|\bregister\(\)(?!{less})", source):
        return None
    return set(NAMED.findall(source))


def _claims(source: str, chapter: str) -> str:
    book, named = _register(), claims_in(source, chapter)
    if named is not None:
        book = book | {"claims": [claim for claim in book["claims"] if claim["chapter"] == chapter or claim["id"] in named]}
    return repr(book)


def of(source: str, chapter: str) -> str:
    """Hash of all that a notebook depends on beside its own code."""
    digest = hashlib.sha256(_package().encode() + _claims(source, chapter).encode())
    for name in sorted(tables_in(source)):
        for suffix in (".csv", ".yml"):
            path = ROOT / "data" / f"{name}{suffix}"
            digest.update(path.name.encode() + b"\0" + (path.read_bytes() if path.exists() else b""))
    return digest.hexdigest()[:32]


def origins(judgements: Mapping[str, Iterable[str]], sources: Mapping[str, Path]) -> dict[str, Any]:
    """Hashes of what verdicts were made from, so that two books can be told apart by more than their verdicts.

    Parameters
    ----------
    judgements : mapping of chapter to table names
        Tables on which a chapter's verdicts stand.
    sources : mapping of chapter to path
        Its notebook.

    Returns
    -------
    dict
        ``package``: the measures and all else that a notebook runs on; ``chapters``: the code of each; ``tables``.
    """
    names = sorted({name for tables in judgements.values() for name in tables})
    return {"package": _package()[:16],
            "chapters": {chapter: _short("\0".join(CELL.findall(path.read_text(encoding="utf-8"))).encode())
                         for chapter, path in sorted(sources.items())},
            "tables": {name: _short((ROOT / "data" / f"{name}.csv").read_bytes()) for name in names}}


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def stamped(source: str, mark: str) -> str:
    """The notebook with the hash in its kernel's description; on a line of its own, or within the braces.

    Raises
    ------
    ExtensionError
        The description is written in another way, and the notebook would never be re-run.
    """
    if not is_notebook(source):
        return source
    head = HEAD.match(source)
    marked, found = KERNELSPEC.subn(
        lambda part: f"{part[0]}{part[1]}fingerprint: {mark}\n" if part[1] else f"{part[0]}fingerprint: {mark}, ",
        head[0], count=1)
    if not found:
        raise ExtensionError("write the front matter's kernelspec as `kernelspec: {name: python3, display_name: "
                             "Python 3}` on one line, or with its keys indented below it")
    return marked + source[head.end():]


def _known(env: BuildEnvironment) -> dict[str, tuple[str, set[str]]]:
    if not hasattr(env, "trilateral_fingerprints"):
        env.trilateral_fingerprints = {}
    return env.trilateral_fingerprints


def tables_of(env: BuildEnvironment, docname: str) -> set[str] | None:
    """Tables a notebook was found to load; None for a page that is not a notebook."""
    return _known(env)[docname][1] if docname in _known(env) else None


def source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    if is_notebook(source[0]):
        mark = of(source[0], docname.rsplit("/", 1)[-1])
        _known(app.env)[docname] = mark, tables_in(source[0])
        try:
            source[0] = stamped(source[0], mark)
        except ExtensionError as error:
            raise ExtensionError(f"{docname}: {error}") from None


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Notebooks whose text is as it was while what they depend on is not."""
    result = []
    for docname, (mark, _) in _known(env).items():
        path = Path(env.doc2path(docname)) if docname in env.found_docs else None
        if path and path.exists() and of(path.read_text(encoding="utf-8"), docname.rsplit("/", 1)[-1]) != mark:
            result.append(docname)
    return result


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _known(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    _known(env).update({name: mark for name, mark in _known(other).items() if name in docnames})
