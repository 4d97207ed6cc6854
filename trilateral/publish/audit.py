"""Known vulnerabilities of the locked packages, by pip-audit in an environment of its own, installed from its lock."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trilateral import environment
from trilateral.publish.locks import LOCKS, ROOT

TOOL = ROOT / ".ci" / "audit.txt"
ARGUMENTS = ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]


@dataclass(frozen=True)
class Report:
    """What the database of advisories says of a lock.

    Attributes
    ----------
    known : int
        Packages that it knows.
    unknown : list of str
        Packages that could not be looked up.
    advisories : list of str
        One sentence an advisory: package, version, id, version that mends it.
    """

    known: int
    unknown: list[str]
    advisories: list[str]


def read(text: str) -> Report:
    """Read the tool's JSON."""
    found = json.loads(text)["dependencies"]
    known = [each for each in found if "skip_reason" not in each]
    return Report(len(known), [each["name"] for each in found if "skip_reason" in each], [
        f"{each['name']} {each['version']}: {advisory['id']}, mended in "
        f"{', '.join(advisory['fix_versions']) or 'no version yet'}" for each in known for advisory in each["vulns"]])


def install(uv: Path, home: Path) -> Path:
    """Bring the tool's environment to what its lock says, every file checked by its hash; returns the tool.

    Raises
    ------
    RuntimeError
        The tool cannot be had; the message is uv's.
    """
    python = environment.executable(home, "python")
    if not python.exists():
        environment.make_venv(home)
    command = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(TOOL)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment.for_uv())
    if done.returncode:
        raise RuntimeError(f"pip-audit cannot be installed: {done.stderr.strip()[-500:]}")
    return environment.executable(home, "pip-audit")


def run(tool: Path, locks: Iterable[str] = LOCKS) -> Report:
    """Audit all locks, those of the tools too; a package of several is looked up once.

    Parameters
    ----------
    tool : Path
        As `install` returns it.
    locks : iterable of str
        Files below the root of the project.

    Raises
    ------
    RuntimeError
        The tool gives no report; the message is its own.
    """
    named = [word for lock in locks for word in ("--requirement", str(ROOT / lock))]
    done = subprocess.run([str(tool), *named, *ARGUMENTS], capture_output=True, text=True, cwd=ROOT)
    try:
        return read(done.stdout)
    except (ValueError, KeyError):
        raise RuntimeError(f"pip-audit gave no report: {done.stderr.strip()[-500:]}") from None
