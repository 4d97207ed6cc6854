"""What a built book knows of numbers, verdicts and references, for text that leaves the book."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from myst_nb.core.variables import format_plain_text
from pybtex.database import BibliographyData, parse_file
from pybtex.plugin import find_plugin

from trilateral import claims, files
from trilateral.publish import ledger, words
from trilateral.publish.build import BuildError, Places
from trilateral.publish.references import Style, register_style

UNKNOWN = "…"  # a number that the last build does not have


class BookFacts:
    """Facts for one document of a built book; see `trilateral.publish.plain_markdown.Facts`.

    Parameters
    ----------
    places : Places
        Where the book was built.
    document : str
        Its name, as ``book/diagnosis/threats``.
    strict : bool
        A value that the book does not have is an error; else it is "…", as for a notebook that runs before the next build.
    """

    def __init__(self, places: Places, document: str, strict: bool = True) -> None:
        self.places, self.document, self.strict = places, document, strict
        self.cited: list[str] = []

    def glue(self, key: str, format_spec: str) -> str:
        """A value the notebook glued, formatted as the book formats it."""
        document, _, own = key.rpartition("::")
        values = self._glued if not document else _glued(self.places, _relative(self.document, document))
        if own not in values:
            return self._unknown(f"no value is glued under {own!r}; glued are {', '.join(sorted(values)) or 'none'}")
        data = values[own]["data"]
        if "text/plain" not in data:
            return ""
        return format_plain_text(data["text/plain"], format_spec or "s")

    def value(self, expression: str) -> str:
        """A number of the ledger; see `trilateral.publish.ledger.value`."""
        try:
            return ledger.value(expression, list(self._ledger.values()))
        except ledger.UnknownValue as error:
            return self._unknown(error.args[0])

    def _unknown(self, said: str) -> str:
        if self.strict:
            raise BuildError(f"{self.document}: {said}") from None
        return UNKNOWN

    def verdict(self, claim_id: str, moment: str) -> str:
        """The verdict's word, with "fragile" and what most calculations say where they say another.

        Where there is no verdict it is "not yet judged".
        """
        at = self._ledger.get(claims.register()[claim_id].id, {}).get(moment) or {}
        return words.spoken(at) if at.get("verdict") else claims.NOT_JUDGED

    def claim(self, claim_id: str) -> str:
        """A claim as quotation, speaker and verdicts."""
        register = claims.register()
        claim = register[claim_id]
        source = register.sources[claim.source]
        verdicts = " ".join(f"{label}, {register.date(claim_id, moment)}: **{self.verdict(claim_id, moment)}**"
                            f"{self._robustness(claim_id, moment)}."
                            for moment, label in (("written", "When written"), ("now", "Now")))
        return f"{words.quotation(claim.quote)}\n\n{claim.speaker}, {source['short']}.\n\n{verdicts} (`{claim_id}`)"

    def _robustness(self, claim_id: str, moment: str) -> str:
        at = (self._ledger.get(claim_id) or {}).get(moment) or {}
        given = at.get("specifications") or {}
        counted = given.get("tried") and not given["fragile"]  # a fragile verdict has its count beside its word
        return "".join(f", {said}" for said in [
            *([f"{given['agree']} of {given['tried']} specifications agree"] if counted else []),
            *(words.marks(at) if at else [])])

    def claims_of(self, chapter: str) -> list[str]:
        return [claim.id for claim in claims.register().of_chapter(chapter)]

    def cite(self, keys: list[str], textual: bool) -> str:
        """A citation by author and year; the keys are noted for `references`."""
        labels = []
        for key in keys:
            author, year = _label(self._bibliography, key, self.document)
            labels.append(f"{author} ({year})" if textual else f"{author}, {year}")
            if key not in self.cited:
                self.cited.append(key)
        return ", ".join(labels) if textual else f"({'; '.join(labels)})"

    def references(self) -> list[str]:
        """The works cited so far, in full, in the order of their authors."""
        register_style()
        backend = find_plugin("pybtex.backends", "markdown")()
        wanted = BibliographyData({key: self._bibliography.entries[key] for key in self.cited})
        # the backend escapes more than Markdown needs within a line
        return [re.sub(r"\\([-.()#])", r"\1", " ".join(entry.text.render(backend).split()))
                for entry in Style().format_bibliography(wanted)]

    @cached_property
    def _bibliography(self) -> BibliographyData:
        return parse_file(str(self.places.root / "book" / "references.bib"))

    @cached_property
    def _glued(self) -> Mapping:
        return _glued(self.places, self.document)

    @cached_property
    def _ledger(self) -> Mapping[str, Mapping]:
        return entries(self.places.ledger)


def entries(ledger: Path) -> dict[str, Mapping]:
    """Entries of the ledger of a built book by claim.

    Raises
    ------
    BuildError
        It is missing or broken; the message names the file.
    """
    try:
        return files.entries(ledger, "build the web book (make html)")
    except files.FileError as error:
        raise BuildError(str(error)) from None


def _glued(places: Places, document: str) -> dict:
    path = places.work / "jupyter_execute" / f"{document}.glue.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _relative(document: str, other: str) -> str:
    folder = Path("/", document).parent
    return str(Path(*folder.parts[1:], other).with_suffix(""))


def _label(bibliography: BibliographyData, key: str, document: str) -> tuple[str, str]:
    if key not in bibliography.entries:
        raise BuildError(f"{document}: {key!r} is cited, but book/references.bib does not have it")
    entry = bibliography.entries[key]
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join([*person.prelast_names, *person.last_names]).strip("{}") for person in people]
    if not names:
        names = [str(entry.fields.get("organization") or entry.fields.get("title", key)).strip("{}")]
    joined = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."
    return joined, str(entry.fields.get("year", "n.d."))
