"""The index of claims at the end of the PDF: each claim by its subject and by its verdict."""

from __future__ import annotations

from collections.abc import Iterable

from trilateral.claims import Claim
from trilateral.publish.register_figures import THEMES
from trilateral.publish.typst_ledger import Record
from trilateral.publish.typst_text import array, content, literal, target
from trilateral.publish.words import ORDER, quotation

LABEL = "claims-index"
TITLE = "Index of claims"
PART = "Where each claim is judged"  # what stands above it, and in the contents, where the other pages have their part


def claims_index(record: Record) -> str:
    """Typst source of the index, with the placeholders of `typst_text.target`."""
    claims = list(record.register.claims.values())
    verdicts = {word: [claim for claim in claims if record.word(claim.id) == word] for word in ORDER}
    subjects: dict[str, list[Claim]] = {}
    for claim in claims:
        subjects.setdefault(subject(claim.theme), []).append(claim)
    by_verdict = array(f"({literal(word)}, {_entries(record, found)})" for word, found in verdicts.items() if found)
    by_subject = array(f"({content(title)}, {_entries(record, found)})" for title, found in sorted(subjects.items()))
    return f"#claims-index({by_verdict}, {by_subject})\n"


def subject(theme: str) -> str:
    """A theme in the words of the figures."""
    said = THEMES.get(theme, theme.replace("-", " "))
    return said[0].upper() + said[1:]


def _entries(record: Record, claims: Iterable[Claim]) -> str:
    return array(
        f"(word: {literal(record.word(claim.id))}, quote: {content(quotation(claim.quote))}, "
        f"place: {target(record.places.get(claim.id, f'ledger {claim.id}'))})" for claim in claims)
