"""Make a notebook run outside the kit's own environment, such as on Colab: its first cell calls `install`."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

LIBRARIES = Path(__file__).parents[1] / "libraries.txt"


def install(libraries: Path = LIBRARIES) -> None:
    """Install what the notebooks import, at the versions of the book, into the environment at work.

    Jupyter's own packages stay as they are, since the page that shows the notebook talks to them.

    Raises
    ------
    RuntimeError
        pip failed, or a library is in use in another version, which only a restart lets go.
    """
    pins = map(Requirement, libraries.read_text(encoding="utf-8").splitlines())
    wanted = {pin.name: pin.specifier for pin in pins if pin.marker is None or pin.marker.evaluate()}
    lacking = [f"{name}{pinned}" for name, pinned in wanted.items() if (_installed(name) or "0") not in pinned]
    if lacking:
        print(f"installing {', '.join(lacking)}; this takes a minute or two")
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *lacking], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the libraries could not be installed: {done.stderr.strip()[-1000:]}")
        importlib.invalidate_caches()
    if stale := sorted(name for name in {*wanted, "numpy"} if _in_use(name) not in (None, _installed(name))):
        raise RuntimeError(f"{', '.join(stale)}: another version is in use. Restart the session (on Colab: Runtime, Restart "
                           "session) and run the notebook again; nothing needs to be installed then.")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _in_use(name: str) -> str | None:
    return getattr(sys.modules.get(name.replace("-", "_")), "__version__", None)
