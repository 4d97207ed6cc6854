"""What a browser loads to show one built page, counted from the files."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMPRESSED = {".woff2", ".png", ".jpg", ".jpeg", ".webp", ".gz"}
FONT_FACE = re.compile(r"@font-face\s*{(.*?)}", re.DOTALL)
URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")


@dataclass(frozen=True)
class Weight:
    """First load of a page: requests, bytes as sent with gzip, and addresses on other hosts."""

    requests: int
    gzip_bytes: int
    third_party: tuple[str, ...]


class _Loads(HTMLParser):
    """Collects what a page loads before anybody touches it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        rel = (given.get("rel") or "").split()
        wanted = {"script": "src", "img": "src", "iframe": "src", "source": "src", "embed": "src"}.get(tag)
        if wanted and given.get(wanted) and given.get("loading") != "lazy":
            self.found.append(given[wanted])
        if tag == "link" and given.get("href") and {"stylesheet", "preload", "icon", "modulepreload"} & set(rel):
            self.found.append(given["href"])


def weigh(page: Path, root: Path) -> Weight:
    """Weigh a page of the site below `root`.

    Fonts count where a style sheet names them for basic Latin, as a browser fetches no other for English text.
    """
    parser = _Loads()
    parser.feed(page.read_text(encoding="utf-8"))
    files, third_party = {page.resolve()}, []
    todo = [(address, page) for address in parser.found]
    while todo:
        address, base = todo.pop()
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        if parts.netloc:
            third_party.append(address)
            continue
        path = ((root if parts.path.startswith("/") else base.parent) / unquote(parts.path).lstrip("/")).resolve()
        if path in files or not path.is_file():
            continue
        files.add(path)
        if path.suffix == ".css":
            todo += [(found, path) for found in _style_loads(path.read_text(encoding="utf-8", errors="replace"))]
    return Weight(len(files) + len(third_party), sum(map(_sent, files)), tuple(sorted(set(third_party))))


def _style_loads(css: str) -> list[str]:
    imports = re.findall(r"@import\s+(?:url\()?['\"]?([^'\");]+)", css)
    fonts = [face for face in FONT_FACE.findall(css)
             if "unicode-range" not in face or re.search(r"U\+0{0,4}0?-", face, re.IGNORECASE)]
    return imports + [urls[0] for face in fonts if (urls := URL.findall(face))]


def _sent(path: Path) -> int:
    content = path.read_bytes()
    return len(content) if path.suffix in COMPRESSED else len(gzip.compress(content, 6))
