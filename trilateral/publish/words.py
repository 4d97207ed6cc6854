"""How the book words what the ledger holds: quotations, rules, and how far specifications agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape

from trilateral.claims import LAST_LINE, MOMENTS, SUFFIXES, robustness
from trilateral.claims.robustness import is_fragile, most, others
from trilateral.publish import languages
from trilateral.text import minus

WHEN = {"written": "When written", "now": "Now"}
HELD = {"written": "held when written", "now": "held now"}
ORDER = robustness.ORDER
ONE_WAY = "one way"
HANGS = "hangs on one act"
NAMED = 3  # acts that turn a verdict, to name
SHAKY = "{count} {verdict} ({shaky} fragile)"
BETWEEN = "between readings"  # of a range that is no confidence interval
NOT_DUE = "advice, not yet due"
NO_VALUE = "no line is read where a quantity has no value: "
SINGLE = str.maketrans({"“": "‘", "”": "’"})
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|[\s.,;:)]|$)")


def curled(text: str) -> str:
    """Words of the register and of tables with the apostrophes of print."""
    return APOSTROPHE.sub("’", text)


def escaped(text: str, quote: bool = True) -> str:
    """Such words as HTML."""
    return escape(curled(text), quote)


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
    """Reasons why no line of the rule was read, by moment: nothing could be computed, or a quantity has no value."""
    lines = {line["when"] for line in entry["rule"]}
    return {moment: (NO_VALUE if entry[moment].get("quantities") else "") + entry[moment]["rule"]
            for moment in MOMENTS if entry[moment]["rule"] not in {None, *lines}}


def reasons(entry: Mapping) -> list[str]:
    """Sentences behind the lines of a rule: why a moment has too little data for any, and what a verdict that hangs on one act
    hangs on."""
    said = [f"{WHEN[moment]}, {entry[moment]['verdict']}: {reason.removesuffix('.')}."
            for moment, reason in undecided(entry).items()]
    turned: dict[str, list[str]] = {}
    for what, word in entry["now"]["turned_by"].items():
        turned.setdefault(word, []).append(what.replace("_", " "))
    parts = [f"{word} {', or '.join(acts[:NAMED])}" + (f", or {len(acts) - NAMED} more" if len(acts) > NAMED else "")
             for word, acts in turned.items()]
    return said + ([f"{HANGS.capitalize()}: it would be {'; '.join(parts)}."] if parts else [])


def dissent(verdict: str, specifications: Mapping) -> str:
    """The other verdicts that specifications give, most frequent first: ``30 mixed, 15 supported``."""
    return _counted(others(verdict, specifications))


def most_say(at: Mapping, language: str = languages.ENGLISH) -> str:
    """What most calculations say of a fragile verdict, see `trilateral.claims.robustness.most_say`.

    Parameters
    ----------
    at : mapping
        A claim's ``written`` or ``now``; see `trilateral.publish.ledger.entry`.
    """
    def word(text: str, kind: str = "words") -> str:
        if kind == "choices":  # the options of grids are many; those of the summaries' verdicts have a translation
            return languages.known()["words"].get(text, {}).get(language, text)
        return languages.word(text, language, kind)

    return robustness.most_say(at["verdict"], at["specifications"], word)


def rest_say(at: Mapping) -> str:
    """The other verdicts on which `most_say` is silent: ``26 not supported``; where it names none, all the others."""
    said = {} if at["specifications"].get("main_choice") else most(at["verdict"], at["specifications"])
    every = others(at["verdict"], at["specifications"])
    return _counted({word: count for word, count in every.items() if word not in said})


def marks(at: Mapping) -> list[str]:
    """What stands beside a verdict that no count of specifications tells."""
    alone = [ONE_WAY] if at["specifications"]["ways"] == robustness.ONE else [NOT_DUE] if at["not_yet_due"] else []
    others = " or ".join(f"“{each}”" for each in at["out_of_reach"])
    beyond = [f"{at['held']}, no data could have given {others}"] if others else []
    return alone + [HANGS] * bool(at["hangs_on_one_act"]) + beyond


def warnings(at: Mapping) -> list[str]:
    """Those of the marks of a verdict, `marks`, that running text and the filter of the ledger have room for."""
    return [mark for mark in marks(at) if mark in (ONE_WAY, HANGS)]


def beside(at: Mapping, language: str = languages.ENGLISH) -> str:
    """What stands in brackets behind a verdict in running text: of a fragile one what most calculations say, then whether it
    was computed in one way and whether it hangs on one act; empty where there is nothing to say."""
    return ", ".join(filter(None, [most_say(at, language), *(languages.word(mark, language) for mark in warnings(at))]))


def spoken(at: Mapping) -> str:
    """A verdict in running text, as one phrase: ``mixed, fragile (6 of 48 agree; 22 say not supported)``."""
    return at["verdict"] + (f", fragile ({most_say(at)})" if is_fragile(at["specifications"]) else "")


def marked(at: Mapping) -> str:
    """A verdict with all that stands beside it, as one phrase: ``partly, one way, hangs on one act``."""
    return ", ".join([spoken(at), *marks(at)])


def tallied(entries: Iterable[Mapping], language: str = languages.ENGLISH) -> dict[str, str]:
    """How many claims have which verdict now, by verdict in the order of the ledger: ``3 not supported (2 fragile)``."""
    entries = list(entries)
    count = Counter(entry["now"]["verdict"] for entry in entries)
    shaky = Counter(entry["now"]["verdict"] for entry in entries if is_fragile(entry["now"]["specifications"]))
    said = {}
    for verdict in (each for each in ORDER if count[each]):
        named = {"count": count[verdict], "verdict": languages.word(verdict, language, "verdicts")}
        said[verdict] = languages.word(SHAKY, language).format(**named, shaky=shaky[verdict]) if shaky[verdict] else \
            "{count} {verdict}".format(**named)
    return said


def _counted(verdicts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in verdicts.items())


def number(value: float | None) -> str:
    """A quantity to three significant digits, with thousands separated and a true minus sign."""
    if value is None:
        return "–"
    text = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return minus(text)


def described(name: str, declared: Mapping) -> str:
    """What a quantity means, and its unit where neither the meaning nor its name, which stands behind, says it."""
    meaning, unit = declared.get("meaning", name.replace("_", " ")), declared.get("unit", "")
    return meaning if unit in meaning or unit == name else f"{meaning}, {unit}"


def observations(entry: Mapping, name: str) -> str:
    """The name under which a claim's rule reads how many observations stand behind a quantity; empty where it does not."""
    read = name + SUFFIXES[-1]
    return read if any(re.search(rf"\b{read}\b", line["when"]) for line in entry["rule"]) else ""
