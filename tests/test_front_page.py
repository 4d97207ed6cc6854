"""The front page and its two summaries: short answers, and the same findings in three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from independent import built, published

from trilateral.claims import MOMENTS, register
from trilateral.data import load
from trilateral.publish import discoveries, landing, languages, ledger

BOOK = Path(__file__).parents[1] / "book"
PAGES = {"en": "index.md", "ja": "ja/summary.md", "ko": "ko/summary.md"}
ROLE = re.compile(r"\{(\w+)\}`([^`]+)`")
FINDING = re.compile(r"^```\{finding\} ([\w-]+)$", re.MULTILINE)
# A hundred and fifty English words are about four hundred Japanese characters; Korean joins particles to its words.
LONGEST = {"en": 150, "ja": 420, "ko": 130}
HEADING = {"en": ("## The answer", "## What the tests found"), "ja": ("## 結論", "## 検証で分かったこと"),
           "ko": ("## 결론", "## 검증에서 드러난 것")}


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
        if role == "term":
            return content
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


def test_the_one_causal_claim_that_the_answer_names_is_the_one_that_is_supported(book):
    held = [each["id"] for each in book if each["kind"] == "causal" and each["now"]["verdict"] == "supported"]
    for language in PAGES:
        said = source(language).split(HEADING[language][0])[1].split("claims.causal.supported.now")[1]
        assert [ROLE.search(said)[2]] == [f"{claim} now" for claim in held]


@built
def test_the_one_causal_claim_that_holds_fails_the_test_for_chance_as_the_answer_says():
    (found,) = [each for each in discoveries.tests(published().values(), "now") if each.claim == "as-history-obstructs"]
    assert found.decided and found.q > discoveries.LEVEL


@built
def test_rules_for_causes_ask_for_more_as_the_answer_says():
    book = list(published().values())
    asked, decided = ({kind: int(ledger.value(f"claims.{kind}.{what}.now", book)) for kind in ("causal", "descriptive")}
                      for what in ("asked-intervals", "decided"))
    assert asked["causal"] / decided["causal"] > 2 * asked["descriptive"] / decided["descriptive"]


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


@pytest.mark.parametrize(("language", "interval"), [("ja", "信頼区間"), ("ko", "신뢰구간")])
def test_a_caption_that_shows_intervals_says_of_what_share_and_of_which_years(language, interval):
    findings = re.findall(r"^```\{finding\} ([\w-]+)\n(.*?)^```$", source(language), re.MULTILINE | re.DOTALL)
    captions = {name: found.split("\n\n")[1] for name, found in findings}
    shown = {name: caption for name, caption in captions.items() if interval in caption}
    assert len(captions) == 5 and len(shown) == 3
    assert all(re.search(rf"95% ?{interval}", caption) for caption in shown.values())
    dated = {name for name, caption in shown.items() if caption.count("{value}`glue.") == 2}
    assert set(shown) - dated == {"pandemic-flip"}  # whose panels print their dates


def test_the_ways_that_the_answer_counts_add_up_to_all_claims(book):
    ways = [f"claims.{name}-way{'s' * (name == 'several')}.now" for name in ("several", "one", "no")]
    for language in PAGES:
        said = source(language).split(HEADING[language][0])[1].split(HEADING[language][1])[0]
        assert all(f"{{value}}`{each}`" in said for each in ways), language
    assert sum(int(ledger.value(each, book)) for each in ways) == len(book)


def test_the_picture_of_the_record_has_a_dot_for_each_event_and_says_in_words_what_it_shows():
    table = load(landing.TABLE).frame
    shown = landing.record(table, register().sources)
    caption, alt = landing.words(shown)
    for size in landing.WIDTHS:
        drawn = landing.drawing(shown, size)
        assert drawn.count("h0") == len(shown.years) and len(drawn) < 15_000 / 2 and alt in drawn
    leaders = re.search(r'class="dots leaders"[^>]* d="([^"]*)"', drawn)[1]
    assert f"the {leaders.count('M')} meetings of leaders" in caption and f"{len(shown.years)} meetings" in caption
    assert 20 <= len(alt.split()) <= 80


def test_the_picture_counts_what_came_after_the_last_text_and_leaves_out_what_did_not_take_place():
    rows = [("2014-05-01", "leader", "meeting", 0), ("2015-03", "minister", "meeting", 0),
            ("2023-08-18", "leader", "meeting", 0),
            ("2024-07", "leader", "meeting", 1), ("2019-08-22", "minister", "suspension", 0)]
    table = pd.DataFrame(rows, columns=["date", "level", "type", "announced_only"]).assign(date_precision="day")
    shown = landing.record(table, {"one": {"date": "2015-02-02"}, "two": {"date": "2022-12-20"}})
    caption, alt = landing.words(shown)
    assert "3 meetings" in caption and "1 came after the text of 2022" in caption and "2014 to August 2023" in alt
