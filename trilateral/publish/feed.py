"""The feed of changes: releases, what each changed in rules and verdicts, and corrections of errors; Atom (RFC 4287)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten
from urllib.parse import urljoin
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from trilateral.publish.citing import Book

NAME = "feed.xml"
CHANGES, ERRATA = "book/appendix/changes.html", "book/appendix/errata.html"
SUMMARY = 240  # letters, for readers that show no more
ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Entry:
    """One change; ``link`` is below the site's address, empty where no page tells of it, ``key`` never changes."""

    key: str
    title: str
    date: str
    link: str
    content: str


def releases(changelog: str) -> list[tuple[str, str, str]]:
    """Version, day and Markdown of each release of a changelog, the newest first; what is not released is left out."""
    return RELEASE.findall(changelog)


def entries(changelog: str, changes: str, errata: str) -> list[Entry]:
    """All changes, the newest first.

    Parameters
    ----------
    changelog : str
        Markdown.
    changes, errata : str
        The built pages; empty where there is none.
    """
    found, days = [], {}
    for version, day, text in releases(changelog):
        days[version] = day
        content = MarkdownIt("commonmark").render(text)
        found.append(Entry(version, f"Version {version}", day, CHANGES if changes else "", content))
    found += _sections(changes, days)
    found += _corrections(errata)
    return sorted(found, key=lambda entry: entry.date, reverse=True)


def _sections(page: str, days: dict[str, str]) -> Iterator[Entry]:
    """The sections of each released version: its changes of rules and verdicts, by chapter."""
    for heading in BeautifulSoup(page, "html.parser").select("section > h2"):
        version = heading.find(string=True, recursive=False).strip()
        for section in heading.parent.find_all("section", recursive=False) if version in days else ():
            title = section.find(re.compile("h[1-6]")).extract().find(string=True)
            yield Entry(f"{version}/{section['id']}", f"Version {version}, rules and verdicts: {title}", days[version],
                        f"{CHANGES}#{section['id']}", section.decode_contents().strip())


def _corrections(page: str) -> Iterator[Entry]:
    """The items of the errata that begin with a day."""
    for item in BeautifulSoup(page, "html.parser").select("main li, article li"):
        words = " ".join(item.get_text(" ").split())
        if day := DATED.match(words):
            text = words[len(day[0]):].lstrip(" ,.:")
            yield Entry(f"errata/{words}", f"Correction: {text[:80]}", day[0], ERRATA, item.decode_contents().strip())


def atom(book: Book, found: list[Entry]) -> str:
    """The feed as XML; at least one entry. Links are whole where the site's address is known, else relative to the feed."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}base": book.site or "./"})  # where relative links start

    def add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        element.text = text
        return element

    add(feed, "title", f"{book.title}: changes")
    add(feed, "id", _urn(""))
    add(feed, "updated", _instant(found[0].date))
    add(add(feed, "author"), "name", book.author)
    add(feed, "link", rel="self", href=book.site + NAME)
    add(feed, "link", rel="alternate", type="text/html", href=book.site + "index.html")
    for each in found:
        entry = add(feed, "entry")
        add(entry, "title", each.title)
        add(entry, "id", _urn(each.key))
        add(entry, "updated", _instant(each.date))
        if each.link:
            add(entry, "link", rel="alternate", type="text/html", href=book.site + each.link)
        content = _from_the_root(each.content, each.link, book.site)
        add(entry, "summary", shorten(BeautifulSoup(content, "html.parser").get_text(), SUMMARY, placeholder=" …"))
        add(entry, "content", content, type="html")
    ElementTree.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _from_the_root(content: str, page: str, site: str) -> str:
    """HTML of a page with its links as they are seen from the feed."""
    soup = BeautifulSoup(content, "html.parser")
    for link in soup.select("a.headerlink"):
        link.decompose()
    for link in soup.select("a[href]"):
        if not re.match(r"[a-z]+:", link["href"]):
            link["href"] = site + urljoin(f"/{page}", link["href"]).lstrip("/")
    return str(soup)


def _urn(key: str) -> str:
    """An id that stays when the site moves."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"trilateral-ledger/{key}").urn


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z"
