"""The book's words in Japanese and Korean."""

import re

import pytest
from fontTools.ttLib import TTFont

from trilateral.charts.session import FONTS
from trilateral.publish import languages
from trilateral.publish.plain_tables import plain_table
from trilateral.publish.words import ORDER, WHEN

BOOK = languages.FILE.parent
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


def test_the_glossary_gives_every_term_once_in_every_language():
    terms = languages.known()["terms"]
    assert all(set(term) == set(languages.known()["names"]) and all(term.values()) for term in terms)
    english = [term["en"] for term in terms]
    assert len(english) == len(set(english))


def test_a_missing_word_names_the_file_and_the_language():
    with pytest.raises(languages.TranslationError, match=r"'proven' has no ja under 'verdicts' in book/languages\.yml"):
        languages.word("proven", "ja", "verdicts")
    assert languages.word("proven", "en", "verdicts") == "proven"


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
