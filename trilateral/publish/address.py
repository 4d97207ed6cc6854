"""Where the book is on the web: ``html.baseurl`` and ``repository.url`` of ``_config.yml``.

Both may be empty. Then links between the book's own files stay relative, and what needs a whole address is left out:
canonical addresses and the site map.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sphinx.errors import ExtensionError

from trilateral import strict_yaml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

VARIABLE = "TRILATERAL_SITE"
"""Overrides ``html.baseurl``, for a workflow that is told by its host where the pages will be."""

UNSET = "https://github.com/executablebooks/jupyter-book"  # what Jupyter Book takes a book without a repository for


def configure(app: Sphinx, config: Config) -> None:
    """Take the site's address from the environment or the configuration, with one slash at its end.

    Raises
    ------
    ExtensionError
        An address does not begin with https:// or http://.
    """
    given = os.environ.get(VARIABLE, "").strip() or (config.html_baseurl or "").strip()
    for name, url in ((f"html.baseurl in _config.yml (or {VARIABLE})", given), ("repository.url in _config.yml",
                                                                              repository(config))):
        if url and not re.match(r"https?://[^/\s]+", url):
            raise ExtensionError(f"{name} is {url!r}; give a whole address, as https://example.org/ledger/, or leave it empty")
    config.html_baseurl = given.rstrip("/") + "/" if given else ""


def repository(config: Config) -> str:
    """Address of the repository without ``.git`` or a slash at its end; empty where the book names none."""
    url = _plain(config.html_theme_options.get("repository_url"))
    return "" if url == UNSET else url


def reports(config: Config) -> str:
    """Where readers report errors: the issues of the repository; empty where the book names none."""
    url = repository(config)
    return url and f"{url}{'/-' if 'gitlab' in urlsplit(url).netloc else ''}/issues"


def settings(root: Path) -> tuple[str, str]:
    """Addresses of the repository and of the site in ``_config.yml``; each may be empty."""
    path = root / "_config.yml"
    known = (strict_yaml.read(path) or {}) if path.exists() else {}
    site = ((known.get("html") or {}).get("baseurl") or "").strip().rstrip("/")
    return _plain((known.get("repository") or {}).get("url")), site and f"{site}/"


def _plain(url: str | None) -> str:
    return (url or "").strip().rstrip("/").removesuffix(".git")
