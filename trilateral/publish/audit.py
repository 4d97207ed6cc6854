"""Known vulnerabilities of the locked packages, by pip-audit in an environment of its own, installed from its lock."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trilateral import environment
from trilateral.publish.locks import LOCKS, ROOT
from trilateral.text import listed

TOOL = ROOT / ".ci" / "audit.txt"
ARGUMENTS = ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]
PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


class AuditError(RuntimeError):
    """A package has an advisory, or nobody knows whether it has one."""


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


    def said(self) -> str:
        """What an audit without an advisory says.

        Raises
        ------
        AuditError
            A package has an advisory, or could not be looked up, and nobody knows whether it has one.
        """
        if self.advisories:
            raise AuditError("\n".join([*self.advisories, "Renew the locks: make renew"]))
        if not self.known:
            raise AuditError("nothing was audited: the database of known vulnerabilities cannot be reached from here. Run "
                             "make audit where it can, as the workflow of the book does each week")
        if self.unknown:
            raise AuditError(f"{self.known} packages have no known vulnerability, but {len(self.unknown)} could not be "
                             f"looked up: {listed(self.unknown)}")
        return f"{self.known} packages without a known vulnerability"


def read(*answers: str) -> Report:
    """Read the tool's JSON, of one or several runs; a package that stands in several in one version is counted once."""
    found = {(each["name"], each.get("version")): each for text in answers for each in json.loads(text)["dependencies"]}
    known = [each for each in found.values() if "skip_reason" not in each]
    return Report(len(known), [each["name"] for each in found.values() if "skip_reason" in each], [
        f"{each['name']} {each['version']}: {advisory['id']}, mended in "
        f"{', '.join(advisory['fix_versions']) or 'no version yet'}" for each in known for advisory in each["vulns"]])


def install(uv: Path, home: Path) -> Path:
    """Bring the tool's environment to what its lock says, every file checked by its hash; returns the tool.

    Raises
    ------
    AuditError
        The tool cannot be had; the message is uv's.
    """
    python = environment.executable(home, "python")
    if not python.exists():
        environment.make_venv(home)
    command = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(TOOL)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment.for_uv())
    if done.returncode:
        raise AuditError(f"pip-audit cannot be installed: {done.stderr.strip()[-500:]}")
    return environment.executable(home, "pip-audit")


def layers(locks: Iterable[str] = LOCKS) -> list[dict[str, str]]:
    """Every package of the locks with each of its versions, for whatever Python; one a layer, since the tool takes no two."""
    text = "".join((ROOT / lock).read_text(encoding="utf-8") for lock in locks)
    versions: dict[str, list[str]] = {}
    for name, version in sorted(set(PINNED.findall(text))):
        versions.setdefault(name, []).append(version)
    deepest = max(map(len, versions.values()), default=0)
    return [{name: each[depth] for name, each in versions.items() if depth < len(each)} for depth in range(deepest)]


def run(tool: Path) -> Report:
    """Audit all locks, those of the tools too.

    Parameters
    ----------
    tool : Path
        As `install` returns it.

    Raises
    ------
    AuditError
        The tool gives no report; the message is its own.
    """
    answers = []
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        for depth, packages in enumerate(layers()):
            asked = Path(folder) / f"{depth}.txt"
            asked.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()), encoding="utf-8")
            command = [str(tool), "--requirement", str(asked), *ARGUMENTS]
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
            answers.append(done.stdout)
            try:
                read(done.stdout)
            except (ValueError, KeyError):
                raise AuditError(f"pip-audit gave no report: {done.stderr.strip()[-500:]}") from None
    return read(*answers)
