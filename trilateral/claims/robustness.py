"""How far the calculations of a claim agree with its verdict, and what most of them say of one that few agree with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trilateral.claims.rules import TRUTH, UPTAKE

NOT_JUDGED = "not yet judged"
ORDER = (*TRUTH[:3], *UPTAKE[:3], TRUTH[-1], NOT_JUDGED)


def is_fragile(specifications: Mapping) -> bool:
    """Whether fewer than half of the specifications give the verdict.

    Parameters
    ----------
    specifications : mapping
        ``agree`` of ``tried`` give the verdict; ``split`` counts all by verdict.
    """
    return specifications["agree"] < specifications["tried"] / 2


def others(verdict: str, specifications: Mapping) -> dict[str, int]:
    """The other verdicts that specifications give, most frequent first."""
    given = {word: count for word, count in specifications["split"].items() if word != verdict and count}
    return {word: given[word] for word in sorted(given, key=lambda word: (-given[word], ORDER.index(word)))}


def most(verdict: str, specifications: Mapping) -> dict[str, int]:
    """Of a fragile verdict the most frequent among the others, several where they are equally frequent; else nothing."""
    given = others(verdict, specifications) if is_fragile(specifications) else {}
    return {word: count for word, count in given.items() if count == max(given.values())}


def _english(text: str, kind: str = "words") -> str:
    return text


def most_say(verdict: str, specifications: Mapping, word: Callable[..., str] = _english) -> str:
    """What most calculations say of a fragile verdict; nothing of any other verdict.

    Parameters
    ----------
    word : callable, optional
        Puts a text, and with ``"verdicts"`` a verdict, into another language.

    Returns
    -------
    str
        ``most, 165 of 216, say too little data``; where none has more than half, ``22 of 48 say not supported``.
    """
    found = most(verdict, specifications)
    if not found:
        return ""
    count, tried = max(found.values()), specifications["tried"]
    said = word(" and ").join(word(each, "verdicts") for each in found)
    pattern = ("most, {count} of {tried}, say {verdict}" if count > tried / 2 else
               "{count} of {tried} say {verdict}" if len(found) == 1 else "{verdict}: {count} of {tried} each")
    return word(pattern).format(count=count, tried=tried, verdict=said)
