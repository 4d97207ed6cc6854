"""The bibliography as a source: entries that parse, hold plain text, and lead to web pages alone."""

from __future__ import annotations

import re
from pathlib import Path

from pybtex.database import BibliographyData, Entry, parse_file
from pybtex.exceptions import PybtexError
from pybtex.plugin import register_plugin
from pybtex.style.formatting import plain
from pybtex.style.sorting import author_year_title

from trilateral.contract import not_plain

ADDRESS = re.compile(r"""https?://[^\s()<>\[\]{}"'\\]+""")
LINK = re.compile(r"\\(?:url|href)\b|javascript:|\]\(", re.IGNORECASE)
STYLE = "ledger"


class ByName(author_year_title.SortingStyle):
    """A body's name, which BibTeX keeps whole in braces, stands where its first letter puts it and not behind all people."""

    def persons_key(self, persons) -> str:
        return super().persons_key(persons).replace("{", "")


class Style(plain.Style):
    """pybtex's plain style, sorted by `ByName`."""

    default_sorting_style = STYLE


def register_style() -> None:
    """Make the style known to pybtex under the name that `bibtex_default_style` gives."""
    register_plugin("pybtex.style.sorting", STYLE, ByName)
    register_plugin("pybtex.style.formatting", STYLE, Style)


def authors(work: Entry) -> str:
    """The names of those who wrote a work, in full; empty where it names nobody."""
    return ", ".join(" ".join(str(name) for name in (*person.rich_first_names, *person.rich_middle_names,
                                                     *person.rich_prelast_names, *person.rich_last_names))
                     for person in work.persons.get("author", []))


def read(path: Path) -> tuple[BibliographyData | None, list[str]]:
    """The entries of a BibTeX file and its faults, each a sentence with entry and field.

    Text that would run, hide or mark itself up is a fault, and so is an address that is no web page: notebooks of the kit
    carry references as Markdown, where both could act.
    """
    where = f"book/{path.name}"
    try:
        bibliography = parse_file(str(path), encoding="utf-8")
    except PybtexError as error:
        return None, [f"{where}: {error}"]
    faults = []
    for key, entry in bibliography.entries.items():
        people = {f"{role} {number}": str(person) for role, found in entry.persons.items()
                  for number, person in enumerate(found, 1)}
        for name, text in {"key": key, **entry.fields, **people}.items():
            place = f"{where}, entry {key}, field {name}"
            if rule := not_plain(text):
                faults.append(f"{place}: {text[:80]!r} {rule}. References hold plain text: reword it.")
            elif link := LINK.search(text):
                faults.append(f"{place}: {link[0]!r} makes a link of a text; an address stands in the field url.")
            elif name == "url" and not ADDRESS.fullmatch(text):
                faults.append(f"{place}: {text[:80]!r} is not the address of a web page.")
    return bibliography, faults
