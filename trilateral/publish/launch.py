"""Where a reader runs a chapter again: the kit, Binder, Colab; all follow from ``repository.url`` in ``_config.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from trilateral import strict_yaml
from trilateral.publish.build import BuildError

BRANCH = "notebooks"
"""Branch with the unpacked kit, which Colab opens and a workflow keeps up to date."""

ADDRESS = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")
ELSEWHERE = re.compile(r"https?://(?!github\.com\b)[^/\s]+/\S*")

SET_UP = """\
# Does nothing inside the kit. Elsewhere{elsewhere}.
import importlib.util

if importlib.util.find_spec("trilateral") is None:
"""
FETCHES = ", as on Colab, it fetches the kit and installs what it needs"
FETCH = """\
    import os
    import subprocess
    import sys

    kit = os.path.abspath("trilateral-ledger-kit")
    if not os.path.isdir(kit):
        subprocess.run(["git", "clone", "--quiet", "--depth=1", "--branch={branch}", "{url}", kit], check=True)
    sys.path.insert(0, kit)
    from trilateral import elsewhere

    elsewhere.install()"""
EXPLAIN = """\
    raise ModuleNotFoundError("put this notebook into the unpacked kit of The Trilateral Ledger, and open it there with the "
                              "environment that the README of the kit makes")"""


@dataclass(frozen=True)
class Repository:
    """A public repository on GitHub, where alone both Binder and Colab look without more being said."""

    owner: str
    name: str
    branch: str = "main"

    @property
    def url(self) -> str:
        return f"https://github.com/{self.owner}/{self.name}"


def repository(root: Path) -> Repository | None:
    """The repository on GitHub that ``_config.yml`` names, None if it names none, or one of another host.

    Raises
    ------
    BuildError
        It is no address of a repository.
    """
    config = root / "_config.yml"
    known = (strict_yaml.read(config) or {}) if config.exists() else {}
    given = known.get("repository") or {}
    url = str(given.get("url") or "").strip()
    if not url or ELSEWHERE.fullmatch(url):
        return None
    found = ADDRESS.fullmatch(url)
    if not found:
        raise BuildError(f"_config.yml: repository.url is {given['url']!r}; it must be like https://github.com/owner/name, or "
                         "the address of another host or empty, and then no page links to Binder or Colab")
    return Repository(found[1], found[2], given.get("branch") or "main")


def set_up(place: Repository | None) -> str:
    """Code that opens a notebook: it makes the package available, or says what to do."""
    if place is None:
        return SET_UP.format(elsewhere=", it says what to do") + EXPLAIN
    return SET_UP.format(elsewhere=FETCHES) + FETCH.format(branch=BRANCH, url=place.url)


def services(place: Repository | None, document: str) -> dict[str, str]:
    """Addresses that open a chapter on servers of others, by their names; none without a repository.

    Parameters
    ----------
    place : Repository, optional
    document : str
        The chapter, as ``book/diagnosis/threats``.
    """
    if place is None:
        return {}
    path = quote(f"lab/tree/{document}.md", safe="")
    return {"Binder": f"https://mybinder.org/v2/gh/{place.owner}/{place.name}/{quote(place.branch, safe='')}?urlpath={path}",
            "Colab": f"https://colab.research.google.com/github/{place.owner}/{place.name}/blob/{BRANCH}/"
                     f"{document.rsplit('/', 1)[-1]}.ipynb"}
