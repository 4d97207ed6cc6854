"""How to cite the book and its parts: a line of text and an entry for BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import __version__
from trilateral.publish import address
from trilateral.publish.words import quotation

if TYPE_CHECKING:
    from sphinx.config import Config

NAME = "trilateral-ledger"
FILE = "CITATION.cff"
WHERE = re.compile(r"^(?:repository-code|url): .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Book:
    """What every citation of the book holds.

    Attributes
    ----------
    site : str
        Address at which it is published, with a slash at its end; empty where that is not known.
    """

    author: str
    title: str
    year: str
    site: str = ""
    version: str = __version__


@dataclass(frozen=True)
class Citation:
    """A part of the book, or all of it.

    Attributes
    ----------
    key : str
        Of its BibTeX entry.
    title : str
        In quotation marks where it is a part; empty for the book itself.
    within : str
        What the part is and where it stands: ``Figure in “Threats”``.
    path : str
        Its address below the site's: ``book/diagnosis/threats.html#some-id``.
    """

    book: Book
    key: str
    title: str
    within: str
    path: str

    @property
    def address(self) -> str:
        """Whole; empty where the site's is not known, since an address below it leads nowhere."""
        return self.book.site and self.book.site + self.path

    def text(self) -> str:
        book, stop = self.book, "" if self.title.endswith((".", "?", "!")) else "."
        part = f"{quotation(self.title + stop)} {self.within}, " if self.title else ""
        return f"{book.author} ({book.year}). {part}{book.title}, version {book.version}. {self.address}".strip()

    def bibtex(self) -> str:
        book = self.book
        fields = {"author": f"{{{book.author}}}", "title": self.title or book.title}
        if self.title:
            fields |= {"booktitle": book.title, "note": self.within}
        fields |= {"year": book.year, "edition": f"Version {book.version}"} | ({"url": self.address} if self.address else {})
        kind = "incollection" if self.title else "book"
        lines = "".join(f"  {name} = {{{_braced(text)}}},\n" for name, text in fields.items())
        return f"@{kind}{{{self.key},\n{lines}}}\n"


def _braced(text: str) -> str:
    """Signs that TeX reads as commands are escaped, but not in addresses, which are taken as they are."""
    return text if re.match(r"https?://", text) else re.sub(r"([&%$#_])", r"\\\1", text)


def of(config: Config) -> Book:
    """The book of a Sphinx configuration; its year is that of the copyright."""
    return Book(config.author, config.html_title or config.project, str(config.copyright).split(",")[0], config.html_baseurl)


def located(cff: str, repository: str, site: str) -> str:
    """The text of a ``CITATION.cff`` with the addresses of the repository and of the site, before its license.

    Parameters
    ----------
    repository, site : str
        See `trilateral.publish.address.settings`; an empty one has no line.
    """
    lines = "".join(f"{name}: {url}\n" for name, url in (("repository-code", repository), ("url", site)) if url)
    return re.sub(r"^(?=license:)", lines, WHERE.sub("", cff), count=1, flags=re.MULTILINE)


def keep_file(root: Path) -> bool:
    """Let ``CITATION.cff`` follow ``_config.yml``; whether it had to change."""
    path = root / FILE
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = located(before, *address.settings(root))
    if changed := after != before:
        path.write_text(after, encoding="utf-8")
    return changed


def whole(book: Book) -> Citation:
    return Citation(book, NAME, "", "", "")


def chapter(book: Book, docname: str, title: str) -> Citation:
    return Citation(book, f"{NAME}-{docname.rsplit('/', 1)[-1]}", title, "Chapter", f"{docname}.html")


def figure(book: Book, docname: str, chapter_title: str, name: str, headline: str) -> Citation:
    return Citation(book, f"{NAME}-{name}", headline, f"Figure in {quotation(chapter_title)}", f"{docname}.html#{name}")


def verdict(book: Book, docname: str, chapter_title: str, entry: Mapping) -> Citation:
    """A verdict with its word, since it may move from one version to the next.

    Parameters
    ----------
    entry : mapping
        See `trilateral.publish.ledger.entry`.
    """
    return Citation(book, f"{NAME}-{entry['id']}", entry["quote"],
                    f"Claim judged {entry['now']['verdict']} in {quotation(chapter_title)}", f"{docname}.html#{entry['id']}")
