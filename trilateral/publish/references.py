"""The bibliography as a source: entries that parse, hold plain text, and lead to web pages alone."""

from __future__ import annotations

import re
from pathlib import Path

from pybtex.database import BibliographyData, parse_file
from pybtex.exceptions import PybtexError

from trilateral.contract import not_plain

ADDRESS = re.compile(r"""https?://[^\s()<>\[\]{}"'\\]+""")
LINK = re.compile(r"\\(?:url|href)\b|javascript:|\]\(", re.IGNORECASE)


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
