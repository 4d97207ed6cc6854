"""JupyterLab on the chapters: `make lab` here, and the same on Binder."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from trilateral import environment, rerun


class LabError(RuntimeError):
    """JupyterLab is not there; the message says how to get it."""


def prepare(prefix: Path) -> None:
    """Let an environment find the package, and its JupyterLab open chapters as notebooks; nothing outside it is touched.

    Raises
    ------
    LabError
        It holds no JupyterLab.
    """
    if find_spec("jupyterlab") is None:
        raise LabError("this environment holds no JupyterLab; make lab installs it, from requirements-lab.txt")
    from jupytext_config.labconfig import LabConfig

    environment.link_package(prefix)
    settings = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    LabConfig(settings_file=settings).read().set_default_viewers(["markdown", "myst"]).write()


def open_chapters(arguments: list[str]) -> int:
    """Run JupyterLab in this project until it is ended; its exit code."""
    prepare(Path(sys.prefix))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={environment.ROOT}",
               "--LabApp.default_url=/lab/tree/book/diagnosis/threats.md", *arguments]
    settings = {"PYTHONHASHSEED": "0"} | dict.fromkeys(rerun.THREADS, "1")  # notebooks compute as in the book
    return subprocess.run(command, cwd=environment.ROOT, env=os.environ | settings).returncode
