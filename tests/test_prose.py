"""No number that comes from data is typed: prose, headlines, subtitles, alt texts and notes are searched for digits."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jupytext
import pytest

BOOK = Path(__file__).parents[1] / "book"
README = BOOK.parent / "README.md"
PAGES = [*sorted(path for path in BOOK.rglob("*.md") if path.name != "codebook.md"), README]

# Conventions of measurement and names, none of them a result; years and dates are allowed everywhere.
ALLOWED = [
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
NOT_PROSE = [
    r"```.*?```", r"^---\n.*?\n---\n", r"<!--.*?-->", r"\{[a-z:]+\}`[^`]*`", r"`[^`]*`", r"\]\([^)]*\)", r"^\(.*\)=$",
    r"^\d+\. ", r"<[^>]+>", r"^:[a-z-]+:.*$",
]


def typed_numbers(text: str) -> list[str]:
    """Numbers in a text that are neither years nor on the list."""
    for pattern in ALLOWED:
        text = re.sub(pattern, " ", text)
    text = re.sub(YEAR, " ", text)
    return re.findall(r"[^\s]*\d[^\s]*", text)


def prose(source: str) -> str:
    source = FINDING.sub(r"\1", source)  # words of a figure in another language
    if "kernelspec" in source:  # in a chapter a number in code type is a number; the appendix quotes choices and what they were
        source = re.sub(r"`([-−]?\d[\d.,]*)`", r"\1", source)
    for pattern in NOT_PROSE:
        source = re.sub(pattern, " ", source, flags=re.DOTALL | re.MULTILINE if "```" in pattern or "---" in pattern
                        or "<!" in pattern else re.MULTILINE)
    return source


def figure_texts(source: str) -> list[tuple[int, str]]:
    """Typed parts of the texts given to figures: line and words. What stands in braces of an f-string is computed."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        called = getattr(call.func, "id", "")
        if called.endswith("figure"):
            words = ("alt", "note", "headline", "subtitle")
        elif called == "judge":
            words = ("caveat", "written", "now")  # the last two where a reason stands for quantities
        else:
            continue
        typed = call.args[1:] if called != "judge" else []
        for text in [*typed, *(word.value for word in call.keywords if word.arg in words)]:
            found += [(part.lineno, part.value) for part in ast.walk(text)
                      if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value]
    return found


@pytest.mark.parametrize("page", PAGES, ids=[str(path.relative_to(BOOK.parent)) for path in PAGES])
def test_prose_types_no_number_that_comes_from_data(page):
    assert typed_numbers(prose(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("page", [path for path in PAGES if "kernelspec" in path.read_text(encoding="utf-8")],
                         ids=lambda path: path.stem)
def test_headlines_and_alt_texts_type_no_number_that_comes_from_data(page):
    cells = [cell.source for cell in jupytext.read(page).cells if cell.cell_type == "code"]
    typed = {words: numbers for cell in cells for _, words in figure_texts(cell) if (numbers := typed_numbers(words))}
    assert typed == {}


def test_a_typed_number_is_found():
    assert typed_numbers(prose("2015年と2022年の主張は 12 ある。")) == ["12"]
    assert typed_numbers(prose("```{finding} a-figure\nA headline of 40.\n```\n")) == ["40."]
    assert typed_numbers(prose("---\nkernelspec: {}\n---\nIt asks for `0.6`, not for `x_1`.")) == ["0.6,"]
    assert typed_numbers(prose("It rose by 12.5 points in 2013, see {glue:text}`x` and `y_2`.")) == ["12.5"]
    assert [words for _, words in figure_texts('figure("a", f"{n} of 18 surveys", "percent, 2007-2025", c, alt="up to 40 of")')
            if typed_numbers(words)] == [" of 18 surveys", "up to 40 of"]
