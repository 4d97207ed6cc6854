"""The bibliography as a source: entries that parse, hold plain text, and lead to web pages alone."""

from __future__ import annotations

import re
from pathlib import Path

from pybtex.database import BibliographyData, Entry, parse_file
from pybtex.exceptions import PybtexError
from pybtex.plugin import register_plugin
from pybtex.style.formatting import plain
from pybtex.style.names import lastfirst
from pybtex.style.sorting import author_year_title
from pybtex.style.template import join, node, sentence

from trilateral.contract import not_plain

ADDRESS = re.compile(r"""https?://[^\s()<>\[\]{}"'\\]+""")
LINK = re.compile(r"\\(?:url|href)\b|javascript:|\]\(", re.IGNORECASE)
STYLE = "ledger"


class ByName(author_year_title.SortingStyle):
    """Names stand where their letters put them: apostrophes do not count, nor the braces that keep the name of a body whole."""

    def persons_key(self, persons) -> str:
        return re.sub("[{'’]", "", super().persons_key(persons))


@node
def authors_listed(children, context):
    """The authors of an entry; the first has the surname in front, by which the list is sorted."""
    first, *others = context["entry"].persons["author"]
    style = context["style"]
    last = ", and " if first.first_names or len(others) > 1 else " and "
    return join(sep=", ", sep2=last, last_sep=last)[
        lastfirst.NameStyle().format(first), *map(style.format_name, others)].format_data(context)


class Style(plain.Style):
    """pybtex's plain style, sorted by `ByName`, with the surname of the first author in front."""

    default_sorting_style = STYLE

    def format_names(self, role, as_sentence=True):
        if role != "author":
            return super().format_names(role, as_sentence)
        return sentence[authors_listed] if as_sentence else authors_listed


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
