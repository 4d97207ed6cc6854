"""Addresses that were published stay: a list of them, and redirects from those that had to go.

``book/published.txt`` has one page or file a line, with the anchors of a page indented below it, and several endings of one
name in braces. ``book/redirects.csv`` has the columns ``from`` and ``to``, both below the site's address.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from html import escape
from os.path import relpath
from pathlib import Path, PurePosixPath

from trilateral.publish.policy import meta, policy

PUBLISHED, REDIRECTS = "book/published.txt", "book/redirects.csv"
ANCHOR = re.compile(r'<(?:figure class="tl-figure"|section class="tl-(?:judgement|table)"|tr) id="([^"]+)"'
                    r'|<dt id="(term-[^"]+)"|<a class="headerlink" href="#([^"]+)"|<table class="docutils[^"]*" id="([^"]+)"')
CONTENTS = re.compile(r'<nav class="here".*?</nav>', re.DOTALL)
LINK = re.compile(r'href="#([^"]+)"')
FILES = ("ledger.json", "ledger.schema.json", "claims.csv", "feed.xml", "search.html", "objects.inv")
FOLDERS = ("cards", "data", "downloads", "figures")
INSIDE = {".js"}  # files of figures for the book's own pages
BRACES = re.compile(r"^(.*)\{(.+)\}$")
HEAD = ("# Addresses of published editions, below that of the site. `make addresses ARGS=--accept` adds to them; no line is "
        "ever removed.\n")


class AddressError(ValueError):
    """A redirect leads nowhere or in circles; the message names its line."""


def built(html: Path) -> list[str]:
    """Addresses of a built book that others may have noted: pages, sections, claims, figures, tables, terms, downloads."""
    found = [name for name in ("index.html", *FILES) if (html / name).exists()]
    for page in sorted((html / "book").rglob("*.html")):
        path = page.relative_to(html).as_posix()
        found += [path, *(f"{path}#{name}" for name in anchors(page.read_text(encoding="utf-8")))]
    for folder in FOLDERS:
        found += [path.relative_to(html).as_posix() for path in sorted((html / folder).rglob("*"))
                  if path.is_file() and path.suffix not in INSIDE]
    return found


def anchors(page: str) -> list[str]:
    """Anchors that a page shows or offers as links: "#" at headings, what "On this page" lists, claims, figures, terms."""
    offered = LINK.findall("".join(CONTENTS.findall(page)))
    return list(dict.fromkeys([*("".join(names) for names in ANCHOR.findall(page)), *offered]))


def read(path: Path) -> list[str]:
    """Addresses of a list as `written` makes it; empty where there is none.

    Raises
    ------
    AddressError
        The list does not hold what its sum says: it was cut, or changed by hand.
    """
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    found = listed(text)
    if _sum(found) not in text.splitlines():
        raise AddressError(f"{PUBLISHED} does not hold the addresses that its second line counts: it was cut, or changed by "
                           "hand. Take it from version control; `make addresses ARGS=--accept` adds what is new.")
    return found


def listed(text: str) -> list[str]:
    """Addresses in the text of a list, whatever its sum."""
    found, page = [], ""
    for line in text.splitlines():
        if line.startswith(" "):
            found.append(page + line.strip())
        elif line and not line.startswith("# "):
            stem, endings = BRACES.match(line).groups() if BRACES.match(line) else (line, "")
            found += [stem + ending for ending in endings.split(",")]
            page = line
    return found


def written(addresses: Iterable[str]) -> str:
    """The list: pages with their anchors, and files with their endings gathered."""
    anchors: dict[str, list[str]] = {}
    endings: dict[str, list[str]] = {}
    addresses = list(dict.fromkeys(addresses))
    for address in addresses:
        page, mark, anchor = address.partition("#")
        anchors.setdefault(page, []).extend([f"  #{anchor}"] if mark else [])
    for page in anchors:
        folder, slash, name = page.rpartition("/")
        stem = folder + slash + name.partition(".")[0] if folder.startswith(("data", "figures")) else page
        endings.setdefault(stem, []).append(page[len(stem):])
    lines = []
    for stem in sorted(endings):
        ends = sorted(endings[stem])
        lines += [stem + (ends[0] if len(ends) == 1 else f"{{{','.join(ends)}}}"), *sorted(anchors.get(stem, []))]
    return HEAD + "".join(f"{line}\n" for line in [_sum(addresses), *lines])


def _sum(addresses: Iterable[str]) -> str:
    """A line by which a list that was cut is known."""
    known = sorted(set(addresses))
    return f"# {len(known)} addresses of SHA-256 {hashlib.sha256(chr(10).join(known).encode()).hexdigest()}"


def lost(published: Iterable[str], now: Iterable[str], redirects: Mapping[str, str]) -> list[str]:
    """Published addresses that a built book neither has nor redirects.

    A moved page takes those of its anchors along that the new page has; each other one needs a redirect of its own.
    """
    there = {*now, *redirects}

    def moved(address: str) -> str:
        page, mark, anchor = address.partition("#")
        return redirects.get(page, page).partition("#")[0] + mark + anchor

    return [address for address in published if address not in there and (
        "#" not in address or moved(address) not in there)]


def advice(gone: list[str]) -> str:
    """What to do about published addresses that are lost."""
    listed = "\n".join(f"{address}," for address in gone)
    return (f"{len(gone)} published addresses are gone. Bring them back, or add to {REDIRECTS}, each with its new address "
            f"after the comma (a file leads to a file of its kind):\n{listed}")


def redirects(path: Path) -> dict[str, str]:
    """The redirects of a file, old address to new; none where there is no file.

    Raises
    ------
    AddressError
        An address is redirected twice, or to one that is itself redirected.
    """
    if not path.exists():
        return {}
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        if not row.get("from") or not row.get("to") or row["from"] in found:
            raise AddressError(f"{REDIRECTS}, line {number}: each line has an address once and where it leads: from,to")
        found[row["from"]] = row["to"]
    for number, row in enumerate(rows, 2):
        if row["to"] in found:
            raise AddressError(f"{REDIRECTS}, line {number}: {row['to']} is redirected itself; lead {row['from']} to "
                               f"{found[row['to']]}")
    return found


def redirect(html: Path, moved: Mapping[str, str]) -> None:
    """Make each old address lead to its new one: a page that sends on, a line on a page that lost an anchor, a copied file.

    Raises
    ------
    AddressError
        The new address does not exist, or is no fit: a file cannot lead to a page.
    """
    for old, new in moved.items():
        page, _, anchor = new.partition("#")
        target = html / page
        if page.startswith("downloads/") and not (html / "downloads").is_dir():
            continue  # these come after the pages, see `trilateral.publish.build.offer_downloads`
        if not target.exists() or (anchor and f'id="{anchor}"' not in target.read_text(encoding="utf-8")):
            raise AddressError(f"{REDIRECTS}: {old} leads to {new}, which the book does not have")
        if PurePosixPath(old.partition("#")[0]).suffix != target.suffix:
            raise AddressError(f"{REDIRECTS}: {old} leads to {new}, a file of another kind")
    for old, new in moved.items():
        path, (page, _, anchor) = html / old.partition("#")[0], new.partition("#")
        path.parent.mkdir(parents=True, exist_ok=True)
        if "#" not in old and path.suffix != ".html":
            if (html / page).exists():
                shutil.copyfile(html / page, path)
        elif "#" not in old:
            own = {address.partition("#")[2]: _seen(path, html, to) for address, to in moved.items()
                   if address.startswith(f"{old}#")}
            path.write_text(_page(_seen(path, html, new), own), encoding="utf-8")
        elif old.partition("#")[0] not in moved:
            _note(path, old.partition("#")[2], _seen(path, html, new))


def _seen(path: Path, html: Path, address: str) -> str:
    """An address as a link from a page."""
    page, mark, anchor = address.partition("#")
    return PurePosixPath(relpath(html / page, path.parent)).as_posix() + mark + anchor


def _page(target: str, anchors: Mapping[str, str]) -> str:
    """A page that sends on, with the reader's anchor for its own; without a script to the new one, moved anchors listed."""
    listed = "".join(f'<li id="{escape(name)}"><a href="{escape(to)}">{escape(name)}</a></li>' for name, to in anchors.items())
    moved = json.dumps(anchors, sort_keys=True).replace("<", "\\u003c")
    page, whole = json.dumps(target.partition("#")[0]), json.dumps(target)
    script = f"location.replace({moved}[location.hash.slice(1)] || (location.hash ? {page} + location.hash : {whole}))"
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{meta(policy(script))}<title>Moved</title>'
            f'<meta name="robots" content="noindex"><link rel="canonical" href="{escape(target)}"><script>{script}</script>'
            f'<noscript><meta http-equiv="refresh" content="0; url={escape(target)}"></noscript></head>'
            f'<body><p>This page has moved: <a href="{escape(target)}">{escape(target)}</a></p><ul>{listed}</ul></body>'
            "</html>\n")


def _note(path: Path, anchor: str, target: str) -> None:
    """Say at the end of a page where what an anchor named is now."""
    if not path.exists():
        raise AddressError(f"{REDIRECTS}: {path.name}#{anchor} has no page; redirect the page too")
    text = path.read_text(encoding="utf-8")
    if f'id="{anchor}"' in text:
        return  # written by an earlier build of the same page, or still there
    note = f'<p class="tl-moved" id="{escape(anchor)}">Moved: <a href="{escape(target)}">{escape(anchor)}</a></p>\n</article>'
    path.write_text(text.replace("</article>", note, 1), encoding="utf-8")
