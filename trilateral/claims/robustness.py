"""How far the calculations of a claim agree with its verdict, and what they say of one that few agree with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from trilateral.claims.rules import TRUTH, UPTAKE

if TYPE_CHECKING:
    import pandas as pd

NOT_JUDGED = "not yet judged"
ORDER = (*TRUTH[:3], *UPTAKE[:3], TRUTH[-1], NOT_JUDGED)
SEVERAL, ONE, NONE = "several", "one", "none"


Words = Mapping[str, str | Mapping[str, str]]


def read(words: Words, choice: str, option: str, otherwise: str = "{}") -> str:
    """An option of a choice in a reader's words; by the template ``otherwise`` where it has none."""
    template = words.get(choice, otherwise)
    if not isinstance(template, str):
        template = template.get(option, otherwise)
    return template.format(f"−{option[1:]}" if option.startswith("-") else option)


def main_choice(frame: pd.DataFrame, choices: Sequence[str], verdict: str, words: Words | None = None, main: str = "") -> dict:
    """The choice whose main option carries a verdict least, where fewer than half of the specifications that keep it agree.

    Without it a grid could make a majority of ways that lie further from the test than the main one. Where the whole grid has
    no half, a choice that its chapter names as the main one is told, so that the split is that of the question asked.

    Parameters
    ----------
    frame : DataFrame
        One row a specification, the main one first: its choices and its ``verdict``.
    choices : sequence of str
        Names of the choices.
    words : mapping of choice to template, or to words by option, optional
        See `trilateral.specifications.run`.
    main : str
        The same.

    Returns
    -------
    dict
        ``choice``, ``option``, ``words``, ``agree``, ``tried`` and ``split``; empty where each main option has its half,
        and where the whole grid has not and no choice is named.
    """
    if not len(frame):
        return {}
    agrees = frame["verdict"] == verdict
    shares = {choice: agrees[frame[choice] == frame[choice].iloc[0]].mean() for choice in choices}
    if agrees.mean() < 0.5:
        told = main
    else:
        least = min(shares, key=shares.get, default="")
        told = least if least and shares[least] < 0.5 else ""
    if not told:
        return {}
    part, option = frame.loc[frame[told] == frame[told].iloc[0], "verdict"], str(frame[told].iloc[0])
    said = read(words or {}, told, option, "“{}” for " + told.replace("_", " "))
    return {"choice": told, "option": option, "words": said, "agree": int((part == verdict).sum()),
            "tried": len(part), "split": {name: int(count) for name, count in part.value_counts().items()}}


def ways(specifications: Mapping, quantities: Mapping) -> str:
    """In how many ways a verdict was computed: ``several``, ``one``, or ``none``, where nothing could be."""
    return SEVERAL if specifications["tried"] else ONE if quantities else NONE


def is_fragile(specifications: Mapping) -> bool:
    """Whether fewer than half of the specifications give the verdict, or fewer than half of those with a main choice kept.

    A choice named as the main one of a grid without a half stands in ``main_choice`` too and takes the mark from no verdict.

    Parameters
    ----------
    specifications : mapping
        ``agree`` of ``tried`` give the verdict; ``split`` counts all by verdict; ``main_choice`` is that of `main_choice`.
    """
    return specifications["agree"] < specifications["tried"] / 2 or bool(specifications.get("main_choice"))


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
    """How many calculations agree with a fragile verdict, and what most of the others say; nothing of any other verdict.

    Parameters
    ----------
    word : callable, optional
        Puts a text, with ``"verdicts"`` a verdict and with ``"choices"`` an option, into another language.

    Returns
    -------
    str
        ``25 of 216 agree; most, 165, say too little data``; where none has more than half, ``6 of 48 agree; 22 say not
        supported``, or ``12 of 36 agree; 12 each say supported and too little data``; where the main choice turns the
        majority, ``30 of 48 agree, but 6 of 24 with one sponsor for all, the main choice``.
    """
    found, kept = most(verdict, specifications), specifications.get("main_choice")
    if not found:
        return ""
    agree, tried = specifications["agree"], specifications["tried"]
    if kept:
        pattern = "{agree} of {tried} agree, but {kept} of {of} with {choice}, the main choice"
        return word(pattern).format(agree=agree, tried=tried, kept=kept["agree"], of=kept["tried"],
                                    choice=word(kept["words"], "choices"))
    count = max(found.values())
    said = word(" and ").join(word(each, "verdicts") for each in found)
    pattern = ("{agree} of {tried} agree; most, {count}, say {verdict}" if count > tried / 2 else
               "{agree} of {tried} agree; {count} say {verdict}" if len(found) == 1 else
               "{agree} of {tried} agree; {count} each say {verdict}")
    return word(pattern).format(agree=agree, tried=tried, count=count, verdict=said)
