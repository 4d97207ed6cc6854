"""Which package of the locks is under which license: the table of the appendix on software, renewed with the locks."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "book" / "appendix" / "software.csv"
HEADER = ["Package", "Version", "License", "Asked for by"]
OWN = "this project"  # what a row says of a package that the project itself asks for
LOCKED = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\]+)")


def locked(root: Path = ROOT) -> dict[str, str]:
    """Version of each package of the locks: of the book, of its tests, of JupyterLab and of the kit; the first names it."""
    locks = sorted(root.glob("requirements*.txt"), key=lambda path: (path.stem != "requirements", path.stem))
    return {name: version for path in reversed(locks) for name, version in LOCKED.findall(path.read_text(encoding="utf-8"))}


def asked() -> set[str]:
    """Packages that the project itself asks for; the others come with them."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [stated["project"]["dependencies"], *stated["project"]["optional-dependencies"].values(),
              *stated["dependency-groups"].values()]
    lines = [line for group in groups for line in group]
    return {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in lines if isinstance(line, str)}


def license_of(package: str) -> str:
    """License of an installed package as its maker states it: the SPDX expression, the classifiers, or the field."""
    found = metadata.metadata(package)
    classes = [line.split(" :: ")[-1] for line in found.get_all("Classifier", []) if line.startswith("License ::")]
    stated = found.get("License-Expression") or ", ".join(name for name in classes if name != "OSI Approved")
    return (stated or found.get("License") or "").partition("\n")[0].strip()


def table() -> str:
    """One row a package of the locks, by name: version, license, and whether the project or another package asks for it.

    A package that another platform needs and that is not installed here keeps the license of its present row.

    Raises
    ------
    RuntimeError
        A license can be had neither from the environment nor from the present table; the message names the packages.
    """
    before = {row[0]: row[2] for row in csv.reader(io.StringIO(TABLE.read_text(encoding="utf-8")))} if TABLE.exists() else {}
    rows, unknown, own = [], [], asked()
    for name, version in sorted(locked().items()):
        try:
            stated = license_of(name) or before.get(name, "")
        except metadata.PackageNotFoundError:
            stated = before.get(name, "")
        rows.append([name, version, stated, OWN if name.lower() in own else "another package"])
        unknown += [] if stated else [name]
    if unknown:
        raise RuntimeError(f"no license is stated for {', '.join(unknown)}: read it at its maker's and write the row into "
                           f"{TABLE.relative_to(ROOT)}")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
    return text.getvalue()
