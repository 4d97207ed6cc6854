"""The index of claims at the end of the PDF: each claim by its subject, its verdict and its name."""

from __future__ import annotations

from collections.abc import Iterable

from trilateral.claims import Claim
from trilateral.publish.register_figures import THEMES
from trilateral.publish.typst_ledger import Record
from trilateral.publish.typst_text import array, content, literal, target
from trilateral.publish.words import ORDER, quotation

LABEL = "claims-index"
TITLE = "Index of claims"


def claims_index(record: Record) -> str:
    """Typst source of the index, with the placeholders of `typst_text.target`."""
    claims = list(record.register.claims.values())
    verdicts = {word: [claim for claim in claims if record.word(claim.id) == word] for word in ORDER}
    subjects: dict[str, list[Claim]] = {}
    for claim in claims:
        subjects.setdefault(subject(claim.theme), []).append(claim)
    by_verdict = array(f"({literal(word)}, {_entries(record, found)})" for word, found in verdicts.items() if found)
    by_subject = array(f"({content(title)}, {_entries(record, found)})" for title, found in sorted(subjects.items()))
    names = array(f"({literal(rest)}, {content(source)}, {literal(record.word(claim.id))}, {_place(record, claim)})"
                  for rest, source, claim in sorted(((*parts(claim.id), claim) for claim in claims), key=lambda row: row[:2]))
    sources = {parts(claim.id)[1]: record.register.sources[claim.source] for claim in claims}
    note = "; ".join(f"{mark}: {source.get('short', source['title'])}" for mark, source in sorted(sources.items()))
    said = content(f"The letters behind a name open it in the files of the book, with a hyphen, and tell its source. {note}.")
    return f"#claims-index({said}, {names}, {by_verdict}, {by_subject})\n"


def subject(theme: str) -> str:
    """A theme in the words of the figures."""
    said = THEMES.get(theme, theme.replace("-", " "))
    return said[0].upper() + said[1:]


def parts(claim_id: str) -> tuple[str, str]:
    """An id without the mark of its source, by which a reader looks for it, and the mark."""
    mark, _, rest = claim_id.partition("-")
    return rest, mark


def _place(record: Record, claim: Claim) -> str:
    return target(record.places.get(claim.id, f"ledger {claim.id}"))


def _entries(record: Record, claims: Iterable[Claim]) -> str:
    return array(
        f"(word: {literal(record.word(claim.id))}, quote: {content(quotation(claim.quote))}, "
        f"place: {_place(record, claim)})" for claim in claims)
