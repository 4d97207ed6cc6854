"""The front page and its two summaries: short answers, and the same findings in three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from trilateral.claims import MOMENTS, register
from trilateral.publish import languages, ledger

BOOK = Path(__file__).parents[1] / "book"
PAGES = {"en": "index.md", "ja": "ja/summary.md", "ko": "ko/summary.md"}
ROLE = re.compile(r"\{(\w+)\}`([^`]+)`")
FINDING = re.compile(r"^```\{finding\} ([\w-]+)$", re.MULTILINE)
# A hundred and fifty English words are about four hundred Japanese characters; Korean joins particles to its words.
LONGEST = {"en": 150, "ja": 420, "ko": 130}
HEADING = {"en": ("## The answer", "## Five findings"), "ja": ("## 結論", "## 五つの知見"),
           "ko": ("## 결론", "## 다섯 가지 발견")}


@pytest.fixture(scope="module")
def book():
    """The ledger of the accepted verdicts, which is what the pages count."""
    accepted = json.loads((BOOK / "verdicts.json").read_text(encoding="utf-8"))["claims"]
    judged = {id: ("", {**{moment: {"verdict": each[moment]} for moment in MOMENTS}, "data_grade": "A", "tables": []})
              for id, each in accepted.items()}
    return ledger.entries(register(), judged)


def source(language: str) -> str:
    return (BOOK / PAGES[language]).read_text(encoding="utf-8")


def answer(language: str, book: list, worst: bool = False) -> str:
    """The answer as a reader sees it, its numbers and verdicts filled in; at worst with the longest verdict each time."""
    words = {verdict: languages.word(verdict, language, "verdicts") for verdict in {each["now"]["verdict"] for each in book}}

    def fill(match: re.Match) -> str:
        role, content = match.groups()
        if role == "value":
            return ledger.value(content, book)
        assert role == "verdict", f"{PAGES[language]}: the role {role} is not known here"
        claim, moment = content.split()
        longest = max(words.values(), key=lambda said: (len(said.split()), len(said)))
        return longest if worst else words[next(each for each in book if each["id"] == claim)[moment]["verdict"]]

    start, end = HEADING[language]
    said = re.split(r"^```|^## ", source(language).split(start)[1].split(end)[0], flags=re.MULTILINE)[0]
    return ROLE.sub(fill, said)


def length(text: str, language: str) -> int:
    """Words, or in Japanese, which has no spaces between them, characters."""
    return len("".join(text.split())) if language == "ja" else len(text.split())


@pytest.mark.parametrize("worst", [False, True], ids=["as judged", "longest verdicts"])
@pytest.mark.parametrize("language", PAGES)
def test_the_answer_is_short_with_its_numbers_and_verdicts_filled_in(language, worst, book):
    filled = answer(language, book, worst)
    assert "{" not in filled and len(book) > 100 and str(len(book)) in filled
    assert LONGEST[language] / 2 < length(filled, language) <= LONGEST[language]


@pytest.mark.parametrize("language", PAGES)
def test_the_findings_are_as_many_as_the_heading_says_and_alike_in_every_language(language):
    text = source(language)
    assert HEADING[language][1] in text
    assert len(FINDING.findall(text)) == 5 and FINDING.findall(text) == FINDING.findall(source("en"))


@pytest.mark.parametrize("language", PAGES)
def test_every_finding_gives_its_verdicts_and_a_number_that_is_computed(language):
    for part in re.split(r"^\*\*", source(language).split(HEADING[language][1])[1], flags=re.MULTILINE)[1:6]:
        roles = {role for role, _ in ROLE.findall(part)}
        assert {"verdict", "value"} <= roles, part[:60]
