"""Renew the lock files from ``pyproject.toml``."""

from __future__ import annotations

import subprocess
from pathlib import Path

from trilateral.publish.chapters import ROOT

PYTHON = "3.11"  # the lowest supported; the locks are universal above it
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--extra", "dev", "--constraint", "requirements.txt"],
    "requirements-lab.txt": ["pyproject.toml", "--extra", "lab", "--constraint", "requirements-dev.txt"],
    "requirements-kit.txt": ["--group", "pyproject.toml:kit", "--constraint", "requirements.txt"],
    ".ci/uv.txt": ["--group", "pyproject.toml:uv"],
    ".ci/audit.txt": ["--group", "pyproject.toml:audit"],
}
TOOLS = (".ci/uv.txt", ".ci/audit.txt")
"""Locks of what has an environment of its own and is no part of the book's."""


class LockError(RuntimeError):
    """A lock could not be renewed; the message is what uv says."""


def renew(uv: Path, upgrade: bool = True) -> list[str]:
    """Compile every lock; all but those of the tools keep the versions of ``requirements.txt``.

    Returns
    -------
    list of str
        Names of the locks whose content changed.

    Raises
    ------
    LockError
        The requirements cannot be resolved; the message is uv's.
    """
    changed = []
    for name, arguments in LOCKS.items():
        lock = ROOT / name
        before = lock.read_bytes() if lock.exists() else b""
        command = [str(uv), "pip", "compile", "--quiet", "--universal", "--python-version", PYTHON,
                   "--generate-hashes", "--no-header", "--output-file", name, *arguments]
        if upgrade and name in ("requirements.txt", *TOOLS):
            command.append("--upgrade")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise LockError(f"{name}: {done.stderr.strip()}")
        if lock.read_bytes() != before:
            changed.append(name)
    return changed
