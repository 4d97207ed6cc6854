"""Numbers that are typed where a number from data must be injected: prose, headlines, subtitles, alt texts and notes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

ALLOWED = [  # conventions of measurement and names, none of them a result; years and dates are allowed everywhere
    r"PacNet #\d[AB]", r"PacNet \d[AB]", r"(?:5(?:[-–]| to ))?95 percent", r"1,000 words", r"1,000 is assumed", r"p < 0\.05",
    r"design effect of 1\.5", r"CC BY 4\.0", r"BSD-3-Clause", r"0\.1\.0", r"Python 3\.11", r"1\.x",
    r"the first \d+ rows",
    r"per 100(?:,000)? (?:people|Americans)",
    r"\b(?:10|20|80|120)(?:(?:,| and| to) (?:10|20|80|120)| \(or 60\))* doses",  # thresholds of the vaccine claim
    r"\b1 the (?:fewest|most)",  # which end a ranking begins at
]
YEAR = r"(?:(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December) )?" \
       r"(?<![\d.,])(?:19|20)\d\d(?:s|[-–](?:19|20)?\d\d)?(?![\d.,]\d|\d)"
FINDING = re.compile(r"^```\{finding\} [\w-]+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = [r"```.*?```", r"^---\n.*?\n---\n", r"<!--.*?-->"]
INLINE = [r"\{[a-z:]+\}`[^`]*`", r"`[^`]*`", r"\]\([^)]*\)", r"^\(.*\)=$", r"^\d+\. ", r"<[^>]+>", r"^:[a-z-]+:.*$"]
NOT_PROSE = [*(re.compile(pattern, re.DOTALL | re.MULTILINE) for pattern in BLOCKS),
             *(re.compile(pattern, re.MULTILINE) for pattern in INLINE)]


def numbers(text: str) -> list[str]:
    """Numbers in a text that are neither years nor on the list."""
    if not re.search(r"\d", text):
        return []
    for pattern in ALLOWED:
        text = re.sub(pattern, " ", text)
    return re.findall(r"[^\s]*\d[^\s]*", re.sub(YEAR, " ", text))


def prose(source: str) -> str:
    """What a page says in words, on the lines where it says it."""
    source = FINDING.sub(r"\n\1", source)  # words of a figure in another language
    if "kernelspec" in source:  # in a chapter a number in code type is a number; the appendix quotes choices and what they were
        source = re.sub(r"`([-−]?\d[\d.,]*)`", r"\1", source)
    for pattern in NOT_PROSE:
        source = pattern.sub(lambda match: "\n" * match[0].count("\n") or " ", source)
    return source


def in_prose(source: str) -> Iterator[tuple[int, str]]:
    """Line and number of each that a page types."""
    for line, text in enumerate(prose(source).split("\n"), 1):
        yield from ((line, number) for number in numbers(text))


def in_figures(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and number of each in the texts that code gives to figures and verdicts; what an f-string computes is none."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = getattr(call.func, "id", "")
        if called.endswith("figure"):
            words, typed = ("alt", "note", "headline", "subtitle"), call.args[1:]
        elif called == "judge":
            words, typed = ("caveat", "written", "now"), []  # the last two where a reason stands for quantities
        else:
            continue
        for text in [*typed, *(word.value for word in call.keywords if word.arg in words)]:
            for part in ast.walk(text):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                    yield from ((part.lineno, number) for number in numbers(part.value))
