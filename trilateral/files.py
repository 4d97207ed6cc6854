"""Notebooks and the ledger, read with a message that names the file, and written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat

AGAIN = "take it again from the zip of the notebook kit"


class FileError(ValueError):
    """A notebook or a ledger is missing or broken, or a place cannot be written to; the message says what to do."""


class UnwrittenError(OSError):
    """A file was not written; one of its name that was there is as it was."""


def cells(path: Path) -> Mapping:
    """A notebook as plain JSON, which takes no library.

    Raises
    ------
    FileError
        It cannot be read, or is none.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(notebook["cells"], list):
            raise TypeError("its cells are no list")
        return notebook
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FileError(f"{path}: is no whole notebook ({_said(error)}); {AGAIN}") from None


def notebook(path: Path) -> nbformat.NotebookNode:
    """A notebook.

    Raises
    ------
    FileError
        As `cells`.
    """
    import nbformat

    cells(path)
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # of its own kinds, and whatever a wrong shape makes its converters raise
        raise FileError(f"{path}: is no whole notebook ({_said(error)}); {AGAIN}") from None


def entries(ledger: Path, advice: str = AGAIN) -> dict[str, Mapping]:
    """Entries of a ledger by claim.

    Parameters
    ----------
    advice : str
        What to do about one that is missing or broken; that of a notebook kit if not given.

    Raises
    ------
    FileError
        The ledger is missing or broken.
    """
    if not ledger.is_file():
        raise FileError(f"{ledger} is missing; {advice}")
    try:
        return {entry["id"]: entry for entry in json.loads(ledger.read_text(encoding="utf-8"))["claims"]}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FileError(f"{ledger}: is no whole ledger ({_said(error)}); {advice}") from None


def prepare(paths: Iterable[Path]) -> None:
    """Make the folder that takes some files, and see that each can be written.

    Raises
    ------
    FileError
        One cannot.
    """
    advice = "unpack the kit where you may write, or move away what is there"
    for path in paths:
        trial = _aside(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            trial.touch()
            trial.unlink()
        except OSError as error:
            raise FileError(f"cannot write to {path.parent} ({_said(error)}); {advice}") from None
        if path.exists() and not (path.is_file() and os.access(path, os.W_OK)):
            raise FileError(f"cannot write to {path}; {advice}")


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook aside, then put it in the place of the one that is there.

    Raises
    ------
    UnwrittenError
        It cannot be written, as on a full disk.
    """
    import nbformat

    aside = _aside(path)
    try:
        nbformat.write(notebook, aside)
        if path.exists():
            aside.chmod(path.stat().st_mode)
        aside.replace(path.resolve())
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        kept = "; the one that was there is kept" if path.exists() else ""
        raise UnwrittenError(f"{path} is not written ({_said(error)}){kept}") from None


def remove_empty(folder: Path) -> None:
    """Remove a folder that holds nothing."""
    with suppress(OSError):
        folder.rmdir()


def _aside(path: Path) -> Path:
    path = path.resolve()
    return path.with_name(f".{path.name}.part")


def _said(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error}"
    return (getattr(error, "strerror", None) or str(error).strip().split("\n")[0] or type(error).__name__)[:120]
