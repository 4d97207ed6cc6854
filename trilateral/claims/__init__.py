"""The register of claims, the rules that judge them, and the verdicts.

A notebook supplies quantities with their uncertainty; the rule of ``book/claims.yml`` decides.
"""

from trilateral.claims.registry import QUOTE_WORDS, REGISTER, SCHEMA, Register, asked, read_register, register
from trilateral.claims.robustness import NOT_JUDGED, Words, read
from trilateral.claims.rules import LAST_LINE, SUFFIXES, TRUTH, UPTAKE, Claim, ClaimError, Quantity
from trilateral.claims.sides import side
from trilateral.claims.verdicts import LEDGER, MIME, MOMENTS, Judgement, as_written, judge

__all__ = [
    "LAST_LINE", "LEDGER", "MIME", "MOMENTS", "NOT_JUDGED", "QUOTE_WORDS", "REGISTER", "SCHEMA", "SUFFIXES", "TRUTH", "UPTAKE",
    "Claim", "ClaimError", "Judgement", "Quantity", "Register", "Words", "as_written", "asked", "judge", "read",
    "read_register", "register", "side",
]
