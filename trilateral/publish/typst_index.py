"""The index of claims at the end of the PDF: each claim by its subject, its verdict and its name."""

from __future__ import annotations

from collections.abc import Iterable

from trilateral.claims import Claim
from trilateral.publish.typst_ledger import Record
from trilateral.publish.typst_text import array, content, literal, target
from trilateral.publish.words import ORDER, quotation

LABEL = "claims-index"
TITLE = "Index of claims"


def claims_index(record: Record) -> str:
    """Typst source of the index, with the placeholders of `typst_text.target`."""
    claims = sorted(record.register.claims.values(), key=lambda claim: name(claim.id))
    verdicts = {word: [claim for claim in claims if record.word(claim.id) == word] for word in ORDER}
    subjects = {theme: [claim for claim in claims if claim.theme == theme] for theme in sorted({c.theme for c in claims})}
    by_verdict = array(f"({literal(word)}, {_entries(record, found)})" for word, found in verdicts.items() if found)
    by_subject = array(f"({content(theme.replace('-', ' ').capitalize())}, {_entries(record, found)})"
                       for theme, found in subjects.items())
    prefixes = {claim.id.partition("-")[0]: record.register.sources[claim.source] for claim in claims}
    note = "; ".join(f"{prefix}: {source.get('short', source['title'])}" for prefix, source in sorted(prefixes.items()))
    said = content(f"The first letters of a name tell its source. {note}.")
    return f"#claims-index({said}, {_entries(record, claims)}, {by_verdict}, {by_subject})\n"


def name(claim_id: str) -> str:
    """An id without the mark of its source, by which a reader looks for it."""
    return claim_id.partition("-")[2]


def _entries(record: Record, claims: Iterable[Claim]) -> str:
    return array(
        f"(id: {literal(claim.id)}, word: {literal(record.word(claim.id))}, quote: {content(quotation(claim.quote))}, "
        f"place: {target(record.places.get(claim.id, f'ledger {claim.id}'))})" for claim in claims)
