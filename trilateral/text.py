"""Numbers and lists as words of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import isfinite

YEARS = re.compile(r"(?<=\b\d{4})-(?=\d{4}\b)")


class TextError(ValueError):
    """Sentences of a page are not borne out by its numbers; the message lists them."""


def minus(number: object) -> str:
    """A number as text: a true minus sign, neither minus nor plus before what rounds to zero, a dash from year to year."""
    return YEARS.sub("–", re.sub(r"(?<![\w.])[-+](?=0(?:\.0+)?(?![\w.,]))", "", str(number))).replace("-", "−")


def listed(items: Iterable) -> str:
    """Several things as words: "2018, 2019 and 2021"; empty without any."""
    *most, last = [str(item) for item in items] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, none: str = "no") -> str:
    """A count in words to twelve, in figures beyond: "no", "one", "two"."""
    words = [none, "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return words[number] if number < len(words) else str(number)


def of_them(number: int, total: int) -> str:
    """A part of several things named before: "all of them", "none of them", "two of them"."""
    return f"{'all' if number == total else counted(number, 'none')} of them"


def as_text(number: float | None, form: str = ".0f", none: str = "not known") -> str:
    """A number in a format, with a true minus sign; words where it could not be computed."""
    return minus(format(number, form)) if number is not None and isfinite(number) else none


def chance(p: float, places: int = 2) -> str:
    """A p-value behind its letter, never zero: "= 0.03", "under 0.01"."""
    return f"under {10 ** -places:g}" if p < 10 ** -places else f"= {p:.{places}f}"


def changed(percent: float) -> str:
    """A change in words that stay true when its sign turns: "fell 5", "rose 3"."""
    return f"{'fell' if round(percent) < 0 else 'rose'} {abs(percent):.0f}"


def span(low: object, high: object) -> str:
    """Two ends in words: "3 to 8", or "3" where both read the same."""
    return str(low) if str(low) == str(high) else f"{low} to {high}"


def went(then: object, now: object) -> str:
    """A course in words that stay true when nothing moved: "went from 11 to 13", "stayed at 11"."""
    return f"stayed at {then}" if str(then) == str(now) else f"went from {then} to {now}"


def check_sentences(said: Mapping[str, bool]) -> None:
    """Stop where words of a page, which no number in them can follow, have become false.

    The last cell of a chapter holds them, so that whoever changes a table or a choice still gets every verdict and figure.

    Parameters
    ----------
    said : mapping of sentence to bool
        What the page says in words, and whether its numbers bear it out.

    Raises
    ------
    TextError
        One or more are false; each is named.
    """
    if false := [sentence for sentence, holds in said.items() if not holds]:
        raise TextError("verdicts and figures above are as computed, but the page says what its numbers no longer bear out; "
                        f"change the words, or this cell with them: {'; '.join(false)}")


def say(**numbers: object) -> None:
    """Make numbers available to the text of a notebook, which names them in the role ``glue:text``."""
    from myst_nb import glue

    for name, value in numbers.items():
        glue(name, minus(value), display=False)
