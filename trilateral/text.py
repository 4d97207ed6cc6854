"""Numbers and lists as words of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite


def minus(number: object) -> str:
    """A number as text, with a true minus sign, which a number that rounds to zero has not."""
    return re.sub(r"(?<![\w.])-(?=0(?:\.0+)?(?![\w.,]))", "", str(number)).replace("-", "−")


def listed(items: Iterable) -> str:
    """Several things as words: "2018, 2019 and 2021"; empty without any."""
    *most, last = [str(item) for item in items] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, none: str = "no") -> str:
    """A count in words to twelve, in figures beyond: "no", "one", "two"."""
    words = [none, "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return words[number] if number < len(words) else str(number)


def as_text(number: float | None, form: str = ".0f", none: str = "not known") -> str:
    """A number in a format, with a true minus sign; words where it could not be computed."""
    return minus(format(number, form)) if number is not None and isfinite(number) else none


def changed(percent: float) -> str:
    """A change in words that stay true when its sign turns: "fell 5", "rose 3"."""
    return f"{'fell' if round(percent) < 0 else 'rose'} {abs(percent):.0f}"


def say(**numbers: object) -> None:
    """Make numbers available to the text of a notebook, which names them in the role ``glue:text``."""
    from myst_nb import glue

    for name, value in numbers.items():
        glue(name, minus(value), display=False)
