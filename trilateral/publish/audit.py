"""Known vulnerabilities of the locked packages, by pip-audit, which uv fetches for the occasion."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = "pip-audit==2.10.1"
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


def run(uv: Path, lock: Path = ROOT / "requirements-dev.txt") -> Report:
    """Audit a lock.

    Raises
    ------
    RuntimeError
        The tool cannot be had or gives no report; the message is its own.
    """
    command = [str(uv), "tool", "run", TOOL, "--requirement", str(lock), *ARGUMENTS]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    try:
        return read(done.stdout)
    except (ValueError, KeyError):
        raise RuntimeError(f"{TOOL} gave no report: {done.stderr.strip()[-500:]}") from None
