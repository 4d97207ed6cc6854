"""The book's words in Japanese and Korean."""

import calendar
import re

import pytest
from bs4 import BeautifulSoup, Comment
from fontTools.ttLib import TTFont

from trilateral.charts.session import FONTS
from trilateral.publish import languages
from trilateral.publish.plain_tables import plain_table
from trilateral.publish.words import ORDER, WHEN

BOOK = languages.FILE.parent
BUILT = BOOK.parent / "_build" / "html"
NAMES = {"PacNet"}  # of a publication
LANGUAGES = [name for name in languages.known()["names"] if name != languages.ENGLISH]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_and_word_of_the_book_has_a_translation(language):
    for verdict in ORDER:
        assert languages.word(verdict, language, "verdicts") != verdict
    for text in (*WHEN.values(), *languages.known()["words"]):
        assert languages.word(text, language)


@pytest.mark.parametrize("kind", ["verdicts", "words", "labels"])
def test_nothing_is_translated_into_one_language_alone(kind):
    assert [text for text, said in languages.known()[kind].items() if set(said) != set(LANGUAGES)] == []


MONTHS = {name: str(number) for number, name in enumerate(calendar.month_name) if name}
TIMES = {"万": 10**4, "만": 10**4, "億": 10**8, "억": 10**8, "": 1}


def numbers(text: str, english: bool = False) -> set[str]:
    """Places for numbers, and numbers as digits: months by their number, ten thousands and hundred millions written out."""
    if english:
        text = re.sub("|".join(MONTHS), lambda month: MONTHS[month[0]], text.replace("Billion", f"{10**9}"))
    found = re.findall(r"([\d,]*\d)([.]\d+)?([万만億억]?)", text)
    return {*re.findall(r"\{\w+\}", text),
            *(f"{int(whole.replace(',', '')) * TIMES[times]}{part}" for whole, part, times in found)}


@pytest.mark.parametrize("kind", ["verdicts", "words", "labels"])
def test_a_translation_has_the_numbers_of_its_english(kind):
    assert [(text, language, said[language]) for text, said in languages.known()[kind].items() for language in LANGUAGES
            if numbers(said[language]) != numbers(text, english=True)] == []


@pytest.mark.parametrize(("said", "same"), [
    ("2017年4月〜9月", True), ("2017年4月〜8月", False), ("2018年4月〜9月", False), ("4월", False), ("2017년 4~9월", True)])
def test_a_number_that_differs_in_a_translation_is_found(said, same):
    assert (numbers(said) == numbers("April 2017 to September 2017", english=True)) == same
    assert numbers("10億ドル") == numbers("Billion dollars", english=True) != numbers("1億ドル")


def test_the_glossary_gives_every_term_once_in_every_language():
    terms = languages.known()["terms"]
    assert all(set(term) == set(languages.known()["names"]) and all(term.values()) for term in terms)
    english = [term["en"] for term in terms]
    assert len(english) == len(set(english))


def test_a_missing_word_names_the_file_and_the_language():
    with pytest.raises(languages.TranslationError, match=r"'proven' has no ja under 'verdicts' in book/languages\.yml"):
        languages.word("proven", "ja", "verdicts")
    assert languages.word("proven", "en", "verdicts") == "proven"


def test_a_word_given_twice_is_refused_with_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(languages, "FILE", tmp_path / "languages.yml")
    languages.FILE.write_text("words:\n  page: {ja: a}\n  page: {ja: b}\n", encoding="utf-8")
    with pytest.raises(languages.TranslationError, match=r"(?s)book/languages\.yml: .*key 'page' is given twice.*line 3"):
        languages.known()


def test_texts_of_a_chart_are_translated_and_names_of_fields_are_not(monkeypatch):
    monkeypatch.setattr(languages, "known", lambda: {"labels": {"Japan": {"ja": "日本"}}})
    spec = {"encoding": {"x": {"field": "Japan", "title": "Japan"}}, "datasets": {"d": [{"Japan": 1, "name": "Japan"}]}}
    assert languages.translated(spec, "ja") == {
        "encoding": {"x": {"field": "Japan", "title": "日本"}}, "datasets": {"d": [{"Japan": 1, "name": "日本"}]}}


def test_english_left_in_a_drawing_is_found_and_acronyms_and_numbers_are_not():
    svg = '<text x="1">Japan &amp; Korea</text><text>日本 12</text><text>THAAD 2017</text><text><tspan>percent</tspan></text>'
    assert languages.untranslated(svg) == ["Japan & Korea", "percent"]


@pytest.mark.parametrize(("language", "font"), [("ja", "jp"), ("ko", "kr")])
def test_the_fonts_of_the_pdf_have_every_character_of_a_language(language, font):
    known = languages.known()
    said = [each[language] for kind in ("verdicts", "words", "labels") for each in known[kind].values()]
    said += [term[language] for term in known["terms"]]
    pages = "".join(path.read_text(encoding="utf-8") for path in (BOOK / language).glob("*.md"))
    wanted = {each for each in "".join(said) + pages if ord(each) > 0x2000}
    names = set("".join(known["names"].values()))  # each in its own script, in the links between the languages
    for weight in ("400", "700"):
        has = set(map(chr, TTFont(FONTS / f"noto-sans-{font}-{weight}.otf").getBestCmap()))
        assert sorted(wanted - names - has) == []


def test_a_table_of_several_languages_says_which_column_is_in_which():
    table = plain_table(("English", "日本語"), [["claim", "主張"]], languages=("en", "ja"))
    marks = re.findall(r'<entry classes="(language-\w+)">', table.pformat())
    assert marks == ["language-en", "language-ja", "language-en", "language-ja"]


@pytest.mark.skipif(not BUILT.is_dir(), reason="the book is not built: run make book before make test to look at its pages")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_in_another_language_has_english_words_only_where_it_says_that_they_are_english(language):
    page = BeautifulSoup((BUILT / "book" / language / "summary.html").read_text(encoding="utf-8"), "html.parser")
    assert page.html["lang"] == language
    said = [(node.parent, str(node)) for node in page.body.find_all(string=True) if not isinstance(node, Comment)]
    said += [(node, node[name]) for node in page.body.find_all(True) for name in ("title", "aria-label", "placeholder", "alt")
             if node.has_attr(name)]
    tongues = [(node.find_parent(lang=True) if not node.has_attr("lang") else node)["lang"] for node, _ in said]
    english = {text for (_, text), tongue in zip(said, tongues, strict=True) if tongue == "en"}
    assert {"The ledger", "The Trilateral Ledger", "English"} <= english
    left = [text for (_, text), tongue in zip(said, tongues, strict=True) if tongue == language and
            [word for word in re.findall(r"[A-Za-z]{3,}", text) if not word.isupper() and word not in NAMES]]
    assert left == []
    assert not [text for text in english if re.search(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]", text)]
    other = next(name for name in LANGUAGES if name != language)
    script = {"ja": r"[\u3040-\u30ff]", "ko": r"[\uac00-\ud7af]"}[other]
    assert [text for (_, text), tongue in zip(said, tongues, strict=True) if re.search(script, text) and tongue != other] == []
