"""How the book words what the ledger holds: quotations, rules, and how far specifications agree."""

from __future__ import annotations

from collections.abc import Mapping

from trilateral.claims import LAST_LINE, MOMENTS, NOT_JUDGED, TRUTH, UPTAKE

WHEN = {"written": "When written", "now": "Now"}
HELD = {"written": "held when written", "now": "held now"}
ORDER = (*TRUTH[:3], *UPTAKE[:3], "too little data", NOT_JUDGED)
SINGLE = str.maketrans({"“": "‘", "”": "’"})


def quotation(quote: str) -> str:
    """A claim's words in quotation marks; marks inside them become single ones."""
    return f"“{quote.translate(SINGLE)}”"


def condition(when: str) -> str:
    """What a line of a rule asks for."""
    return "none of the lines above holds" if when == LAST_LINE else when


def held(entry: Mapping, line: Mapping[str, str]) -> list[str]:
    """The moments at which a line of a claim's rule decided, as ``held when written`` and ``held now``.

    Parameters
    ----------
    entry : mapping
        See `trilateral.publish.ledger.entry`.
    line : mapping
        One of ``entry["rule"]``.
    """
    return [HELD[moment] for moment in MOMENTS
            if (entry[moment]["verdict"], entry[moment]["rule"]) == (line["verdict"], line["when"])]


def undecided(entry: Mapping) -> dict[str, str]:
    """Reasons why no line of the rule was read, by moment."""
    lines = {line["when"] for line in entry["rule"]}
    return {moment: entry[moment]["rule"] for moment in MOMENTS if entry[moment]["rule"] not in {None, *lines}}


def is_fragile(specifications: Mapping) -> bool:
    """Whether fewer than half of the specifications give the verdict."""
    return specifications["agree"] < specifications["tried"] / 2


def dissent(verdict: str, specifications: Mapping) -> str:
    """The other verdicts that specifications give, most frequent first: ``30 mixed, 15 supported``."""
    others = {word: count for word, count in specifications["split"].items() if word != verdict and count}
    ranked = sorted(others, key=lambda word: (-others[word], ORDER.index(word)))
    return ", ".join(f"{others[word]} {word}" for word in ranked)


def spoken(at: Mapping) -> str:
    """A verdict with its robustness, as one phrase for those who do not see its form: ``mixed, fragile``."""
    return at["verdict"] + (", fragile" if is_fragile(at["specifications"]) else "")


def number(value: float | None) -> str:
    """A quantity to three significant digits, with thousands separated and a true minus sign."""
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return text.replace("-", "−")


def described(name: str, declared: Mapping) -> str:
    """What a quantity means, and its unit where neither the meaning nor its name, which stands behind, says it."""
    meaning, unit = declared.get("meaning", name.replace("_", " ")), declared.get("unit", "")
    return meaning if unit in meaning or unit == name else f"{meaning}, {unit}"
