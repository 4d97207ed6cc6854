"""Prove the kit: unpack it in an empty folder, install what it names, run it, compare the verdicts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from trilateral import reproduce
from trilateral.publish.build import BuildError, Places, Report
from trilateral.publish.facts import entries
from trilateral.publish.kit import NAME


def run(places: Places, report: Report) -> int:
    """Run every notebook of the kit in a fresh environment.

    Returns
    -------
    int
        How many verdicts were reproduced, both moments of a claim counting as one.

    Raises
    ------
    BuildError
        A package cannot be installed, a notebook fails, or a verdict differs from ``ledger.json``.
    """
    with tempfile.TemporaryDirectory(prefix="kit-") as folder:
        with zipfile.ZipFile(places.kit) as archive:
            archive.extractall(folder)
        home = Path(folder, NAME)
        python = install(home, report)
        report("now", "executing its notebooks")
        _call([python, "-m", "trilateral.rerun"], home)
        return compare(reproduce.verdicts(home), entries(home / "ledger.json"))


def install(home: Path, report: Report) -> str:
    """Make an environment in the unpacked kit from its requirements alone; returns its Python."""
    report("now", "installing its requirements")
    python = str(home / "env" / "bin" / "python")
    _call([sys.executable, "-m", "venv", "env"], home)
    uv = shutil.which("uv", path=os.pathsep.join([str(uv_folder()), os.environ.get("PATH", "")]))
    wanted = ["--quiet", "--require-hashes", "-r", "requirements.txt"]
    if uv:
        try:
            _call([uv, "pip", "install", "--python", python, *wanted], home)
            return python
        except BuildError:
            report("now", "uv did not succeed; trying pip, which takes some minutes")
    _call([python, "-m", "pip", "install", *wanted], home)
    return python


def uv_folder() -> Path:
    """Folder of the uv that set up this project's environment, if it did."""
    return Path(sys.prefix) / "uv" / "bin"


def compare(found: Mapping[str, Mapping], expected: Mapping[str, Mapping]) -> int:
    """Count the verdicts that agree with the ledger; a missing or different one is an error."""
    judged = reproduce.judged(expected)
    if lines := reproduce.differences(found, judged):
        raise BuildError("the kit does not reproduce the book:\n" + "\n".join(lines))
    return len(judged)


def _call(command: list[str], home: Path) -> None:
    # a kit on its own: nothing of this project's environment or of a book build may leak in
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(("TRILATERAL", "PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=home, env=clean, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = (done.stderr + done.stdout)[-3000:]
        raise BuildError(f"in the unpacked kit, {' '.join(command[-5:])} failed:\n{said}")


if __name__ == "__main__":  # the kit that is there, which `trilateral kit --check` would make anew, and the web book with it
    print(f"{run(Places(), lambda _, text: print(text, flush=True))} verdicts reproduced")
