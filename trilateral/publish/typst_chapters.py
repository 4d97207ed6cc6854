"""Each chapter as a PDF of its own: its pages as the book has them, and the works it cites."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trilateral.publish.build import OFFPRINTS
from trilateral.publish.typst_press import PLACES
from trilateral.publish.typst_text import array, content, literal

READING = (
    "A mark is a claim; its form and its color give the verdict now. “When written” uses only data up to the day the text "
    "appeared, “now” the record to its end.",
    "Specifications are the defensible ways to compute a verdict. “Fragile” is one with which fewer than half of them agree, "
    "or fewer than half of those that keep a main choice; “one way” one computed in the way of its test alone; “hangs on one "
    "act” one that a single act, text or number turns.",
    "Glossary, methods and tables are in {book}{where}.",
)
"""What a reader must know of the marks and words of a chapter, with places for the book's title and for where it is."""


def reading(book: str, site: str) -> list[str]:
    """Paragraphs that say how to read a chapter; `site` is the address of the book, empty where it is not known."""
    return [said.format(book=book, where=f", {site}" if site else "") for said in READING]


@dataclass(frozen=True)
class Chapter:
    """A page of the book that is printed alone.

    Attributes
    ----------
    docname, title, citation : str
        The page, and how to cite it.
    marks : list of str
        Verdicts now on its claims, in their order.
    cited : list of str
        Typst source of the entries of the bibliography it refers to.
    """

    docname: str
    title: str
    citation: str
    marks: list[str]
    cited: list[str]

    @property
    def stem(self) -> str:
        return self.docname.rsplit("/", 1)[-1]

    def source(self, meta: Mapping[str, str]) -> str:
        """Its main file; `meta` is that of the book, as Typst."""
        own = meta | {"title": literal(f"{self.title} · {json.loads(meta['book'])}")}
        fields = ", ".join(f"{name}: {value}" for name, value in own.items())
        references = "[\n" + "".join(self.cited) + "]" if self.cited else "none"
        return (f'#import "/book.typ": *\n#show: offprint.with(({fields}), target: {literal(self.docname)}, '
                f"chapter: {content(self.title)}, citation: {content(self.citation)}, "
                f"marks: {array(map(literal, self.marks))}, known: json({literal(f'/{PLACES}')}), references: {references})\n"
                f"#include {literal(f'/chapters/{self.docname}.typ')}\n")


def write_chapters(source: Path, chapters: Iterable[Chapter], meta: Mapping[str, str]) -> None:
    """Write the main file of each chapter, and of no other.

    Parameters
    ----------
    source : Path
        Folder of the builder.
    chapters : iterable of Chapter
        What is printed alone.
    meta : mapping of str to str
        Title and colophon of the book, as Typst.
    """
    folder = source / OFFPRINTS
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.typ"):
        path.unlink()
    for chapter in chapters:
        (folder / f"{chapter.stem}.typ").write_text(chapter.source(meta), encoding="utf-8")
