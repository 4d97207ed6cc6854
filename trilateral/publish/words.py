"""How the book words what the ledger holds: quotations, rules, and how far specifications agree."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trilateral.claims import LAST_LINE, MOMENTS, NOT_JUDGED, TRUTH, UPTAKE
from trilateral.publish import languages
from trilateral.text import minus

WHEN = {"written": "When written", "now": "Now"}
HELD = {"written": "held when written", "now": "held now"}
ORDER = (*TRUTH[:3], *UPTAKE[:3], "too little data", NOT_JUDGED)
ONE_WAY = "computed one way"
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
    return _counted(_others(verdict, specifications))


def most_say(at: Mapping, language: str = languages.ENGLISH) -> str:
    """What most calculations say of a fragile verdict, of several equally frequent all; nothing of any other verdict.

    Parameters
    ----------
    at : mapping
        A claim's ``written`` or ``now``; see `trilateral.publish.ledger.entry`.

    Returns
    -------
    str
        ``most, 165 of 216, say too little data``; where none has more than half, ``22 of 48 say not supported``.
    """
    most, _ = _ranked(at)
    if not most:
        return ""
    count, tried = max(most.values()), at["specifications"]["tried"]
    said = languages.word(" and ", language).join(languages.word(verdict, language, "verdicts") for verdict in most)
    pattern = ("most, {count} of {tried}, say {verdict}" if count > tried / 2 else
               "{count} of {tried} say {verdict}" if len(most) == 1 else "{verdict}: {count} of {tried} each")
    return languages.word(pattern, language).format(count=count, tried=tried, verdict=said)


def weighed(at: Mapping, language: str = languages.ENGLISH) -> str:
    """What most calculations say of a fragile verdict, and how many give it: ``most, 165 of 216, say mixed; 25 agree``."""
    most = most_say(at, language)
    return most and languages.word("{most}; {agree} agree", language).format(most=most, agree=at["specifications"]["agree"])


def one_way(at: Mapping) -> bool:
    """Whether a verdict that took a side rests on one calculation, so that nothing could call it fragile."""
    return not at["specifications"]["tried"] and at["verdict"] in (*TRUTH[:3], *UPTAKE[:3])


def rest_say(at: Mapping) -> str:
    """The other verdicts on which `most_say` is silent: ``26 not supported``."""
    return _counted(_ranked(at)[1])


def spoken(at: Mapping) -> str:
    """A verdict with its robustness, as one phrase: ``mixed, fragile (22 of 48 say not supported; 6 agree)``."""
    return at["verdict"] + (f", fragile ({weighed(at)})" if is_fragile(at["specifications"]) else "")


def _others(verdict: str, specifications: Mapping) -> dict[str, int]:
    others = {word: count for word, count in specifications["split"].items() if word != verdict and count}
    return {word: others[word] for word in sorted(others, key=lambda word: (-others[word], ORDER.index(word)))}


def _ranked(at: Mapping) -> tuple[dict[str, int], dict[str, int]]:
    """Of a fragile verdict the most frequent among the others, and the rest of them."""
    others = _others(at["verdict"], at["specifications"])
    if not is_fragile(at["specifications"]):
        return {}, others
    most = {word: count for word, count in others.items() if count == max(others.values())}
    return most, {word: count for word, count in others.items() if word not in most}


def _counted(verdicts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in verdicts.items())


def number(value: float | None) -> str:
    """A quantity to three significant digits, with thousands separated and a true minus sign."""
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return minus(text)


def observations(entry: Mapping, name: str, quantity: Mapping | None) -> str:
    """The number of observations, where the rule asks for it: ``n = 9``."""
    if quantity is None or quantity["n"] is None:
        return ""
    return f"n = {quantity['n']:,}" if any(re.search(rf"\b{name}_n\b", line["when"]) for line in entry["rule"]) else ""


def described(name: str, declared: Mapping) -> str:
    """What a quantity means, and its unit where neither the meaning nor its name, which stands behind, says it."""
    meaning, unit = declared.get("meaning", name.replace("_", " ")), declared.get("unit", "")
    return meaning if unit in meaning or unit == name else f"{meaning}, {unit}"
