"""No number that comes from data is typed, nor an end of data: prose, texts of figures and axes are searched."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from trilateral.publish import spelled, typed
from trilateral.publish.chapters import CELL, DRAWN, ROOT, chapters, documents

README = Path(__file__).parents[1] / "README.md"
BUILT = README.parent / "_build" / "html"
YEAR_AND_COUNT = re.compile(r"\b(?:19|20)\d\d \d")
SMALL_LETTER = re.compile(r"(?<!et al)[.!] [a-z][a-z-]*\b(?![\w:])")  # what a claim's test says of a quantity has its colon
NUMERALS = re.compile(r"\d[%”)]?[.!?] [“(]?[−+]?\d|\bthe \d[\d,]*, \d")  # read as one date or one list

SHADE = re.compile(r"\b(?:amber|black|brown|dark|(?<!-)green|light|orange|pale|teal|white)(?:er|est)?\b", re.I)  # by theme


def test_numerals_that_meet_are_found():
    assert NUMERALS.search("in October 2025. 11 things") and NUMERALS.search("Beside the 9, 5 more stand")
    assert NUMERALS.search("with it, −45 and 38. 3 series") and not NUMERALS.search("of 9.5 percent, and of 3. Some")


def test_the_readme_types_no_measured_number():  # the pages of the book are checked before each build
    assert list(typed.in_prose(README.read_text(encoding="utf-8"), page="index")) == []


def numbers(source: str) -> list[str]:
    return [number for _, number in typed.in_prose(source)]


def test_a_typed_number_is_found_on_its_line():
    assert numbers("2015年と2022年の主張は 12 ある。") == ["12"]
    assert list(typed.in_prose("A\n```{finding} a-figure\nA headline of 40.\n```\n<!-- 1\n2 -->\n\nIt fell by 3.")) == [
        (3, "40."), (8, "3.")]
    assert numbers("---\nkernelspec: {}\n---\nIt asks for `0.6`, not for `x_1`.") == ["0.6,"]
    assert numbers("It rose by 12.5 points in 2013, see {glue:text}`x` and `y_2`.") == ["12.5"]
    code = 'figure("a", f"{n} of 18 surveys",\n"percent, 2007-2025", c, alt="up to 40 of")'
    assert list(typed.in_figures(ast.parse(code))) == [(1, "18"), (2, "40")]
    assert list(typed.in_figures(ast.parse('judge("a", written="only 3 known", now={"x": 7})'))) == [(1, "3")]


@pytest.mark.parametrize("path", [*chapters(), README], ids=lambda path: path.stem)
def test_words_stay_on_their_lines(path):
    source = path.read_text(encoding="utf-8")
    assert typed.prose(source).count("\n") == source.count("\n")


CHAPTER = "---\nkernelspec: {}\n---\n"


@pytest.mark.parametrize("text", [
    "The 95 percent are worried.", "And 95 percent from China were hit.", "It cut imports by 2015 tons.",
    "It killed 1950 people.", "In 1950 launches", "2000 missiles",
    "It cost $2015.", "Shares rose 2010 percent.", "主張は2015件ある。", "```{note}\nIt fell by 40 percent.\n```",
    "````{admonition} A\nOf 40.\n````",
    "```{image} a.svg\n:alt: A line that ends at 40 percent.\n```", ":caption: It fell by 40 percent",
    "```{admonition} Only 40 agree\n```", ":::{admonition} Only 40 agree\n:::", "{emphasis}`40 percent`", '<img alt="40 fell">',
    "```{note} A\n:title: Of 40\n```",
    "See {term}`40 percent of it`.", f"{CHAPTER}It fell by `40 percent`.", "[here](page.md \"40 percent\")"])
def test_a_number_is_found_wherever_a_page_prints_it(text):
    assert len(numbers(text)) == 1


@pytest.mark.parametrize("text", [
    "Bars are 95 percent intervals.", "Logistics, scores of 1 to 5; security, scores of 100 at most",
    "It was 2015年.", "the launches of 1950", "2000, missiles", "```{code-cell} python3\nx = 40\n```",
    "```{image} fig-40.svg\n```",
    "{value}`as-a.now.b:.40f`", "```\n40 lines\n```",
    "{term}`GSOMIA`", "[here](page-40.md)", ":name: figure-40", "p. {glue:text}`x40`", "線は95%信頼区間。",
    "95% 신뢰구간 표시. 가운데 80%가 드는 범위"])
def test_names_conventions_and_code_are_no_typed_numbers(text):
    assert numbers(text) == []


@pytest.mark.parametrize(("text", "said"), [
    ("Four surveys\ndiffer.", "Four surveys"), ("It has met twenty-two new turnovers.", "twenty-two new turnovers"),
    ("With a dozen recipients left.", "a dozen recipients"), ("At least four quarrels are missing.", "four quarrels")])
def test_a_number_that_a_chapter_spells_out_before_what_tables_count_is_found(text, said):
    assert list(typed.in_prose(f"{CHAPTER}{text}")) == [(4, said)]
    assert [found for _, found in typed.in_figures(ast.parse(f"judge('a', caveat={text!r})"))] == [said]


@pytest.mark.parametrize("text", [
    "The two briefs, one of them, the three.", "The rule asks for five acts.", "Ten recipients or more.",
    "A window of two years.", "the two turnovers of 2025", "three surveys or more", "more than two shocks",
    "two meetings fewer", "Three fields, two tests."])
def test_plain_english_and_what_a_rule_asks_is_no_typed_count(text):
    assert list(typed.in_prose(f"{CHAPTER}{text}")) == []


def test_every_number_that_is_allowed_stands_in_the_book():
    sources = [path.read_text(encoding="utf-8") for path in (*(ROOT / "book").rglob("*.md"), README)]
    said = " ".join(" ".join([*map(typed.prose, sources), *(re.sub(r'"\s*f?"', "", text) for text in sources)]).split())
    for allowed in (spelled.DESIGN, typed.ALLOWED, spelled.DESIGN_IN_SUMMARIES):
        assert [words for words in allowed if not re.search(words, said, re.IGNORECASE)] == []


@pytest.mark.parametrize(("text", "found"), [
    ("The gap is seven points.", ["seven points"]), ("It fell for five years.", ["five years"]),
    ("Silence of eighteen months ends it.", ["eighteen months"]), ("Four panels of lines", ["Four panels"]),
    ("They met once a quarter.", ["a quarter."]), ("It rose threefold.", ["threefold."]),
    ("It is a third more than it was.", ["a third more than it"]),
    ("Thirty-seven out of forty-one", ["Thirty-seven out", "forty-one"]),
    ("Of seven crises", ["seven crises"]), ("the forty-one acts", ["forty-one acts"]), ("Two buyers paid.", ["Two buyers"]),
    ("Fourteen days on", ["Fourteen days"]), ("A thousand went.", ["A thousand went"]),
    ("Two-thirds went.", ["Two-thirds went."]), ("a seven-point gap", ["seven-point gap"]), ("It rose thrice.", ["thrice."]),
    ("Group of Seven", []), ("the rule asks for seven", []), ("the seven", ["seven"]),
    ("All nine surveys agree.", ["nine surveys"]), ("By two billion dollars", ["two billion"]),
    ("only a million doses", ["a million"]), ("three countries in two panels", []),
    ("five or more", []), ("five acts or more", []), ("within two years", [])])
def test_a_number_word_is_found_before_any_word_but_those_of_the_design(text, found):
    assert [said for _, said in typed.in_prose(f"{CHAPTER}{text}")] == found
    assert [said for _, said in typed.in_prose(text, page="index")] == found
    assert [said for _, said in typed.in_figures(ast.parse(f"say(a={text!r})"))] == found


@pytest.mark.parametrize(("text", "found"), [
    ("三十七パーセント", ["三十七パーセント"]), ("七倍", ["七倍"]), ("四十一件中三十七件", ["四十一件", "三十七件"]),
    ("一割", ["一割"]),
    ("二つの文書、三カ国の一つ一つ。その一件、二国間", []), ("서른일곱 건", ["서른일곱 건"]), ("마흔한 건 중", ["마흔한 건"]),
    ("삼십칠 퍼센트", ["삼십칠 퍼센트"]), ("일곱 배", ["일곱 배"]), ("두 문서와 세 나라, 한 해, 두드러진 세계", [])])
def test_the_summaries_spell_out_no_number_in_japanese_or_korean(text, found):
    assert [said for _, said in typed.in_prose(text, page="summary")] == found


@pytest.mark.parametrize(("text", "said"), [
    ("They lost two thirds of it.", "two thirds of it."), ("About half of\nthe surveys differ.", "About half of the surveys"),
    ("It sells twice as much.", "twice as much."), ("Aid doubled.", "doubled."), ("Prices fell by a third.", "a third."),
    ("It is four times as large.", "four times as large."), ("Most of the acts are old.", "Most of the acts are"),
    ("One in four is lost.", "One in four is lost."), ("Here a majority agrees.", "majority agrees."),
    ("Sixty percent of members agreed.", "Sixty percent of members agreed."), ("Two thirds agreed.", "Two thirds agreed."),
    ("A third came as loans.", "A third came as loans."), ("Half said so.", "Half said so."),
    ("It fell by half in 2019.", "by half in 2019."),
    ("Over half agreed.", "Over half agreed."), ("It is the second largest donor.", "second largest donor."),
    ("It ranks seventh.", "ranks seventh."), ("Most surveys agree.", "Most surveys agree."),
    ("Nearly all went.", "Nearly all went."),
    ("It sells double those of 2010.", "double those of 2010."), ("Gifts trebled.", "trebled."), ("Of it ½ went.", "½ went."),
    ("Hardly any act lasts.", "Hardly any act lasts.")])
def test_a_share_that_a_chapter_spells_out_is_found_in_its_prose_and_its_texts(text, said):
    assert list(typed.in_prose(f"{CHAPTER}{text}")) == [(4, said)]
    for call in ("figure('a', {!r}, 'c', chart)", "judge('a', caveat={!r})"):
        assert [found for _, found in typed.in_figures(ast.parse(call.format(text)))] == [said]


@pytest.mark.parametrize("text", [
    "Within half a year a third country joined.", "It meets for a quarter of an hour.",
    "It is {glue:text}`n` times as large.", "The rule asks for the lowest fifth.", "The rival is half right, in both halves.",
    "Bands hold the middle four fifths.", "Coded twice, most often alone.", "dashed: half"])
def test_spans_of_time_ordinals_and_bands_are_no_shares(text):
    assert list(typed.in_prose(f"{CHAPTER}{text}")) == []


@pytest.mark.parametrize(("text", "found"), [
    ("回答者の過半が挙げた。", ["過半"]), ("半分になり、二番目で、倍増した。", ["半分", "二番目", "倍増"]),
    ("主張は十七", ["十七"]), ("全九調査、数十の会合", ["全九", "数十"]),
    ("주장은 열일곱, 두 번째, 반으로, 수십", ["열일곱", "두 번", "반으로", "수십"]),
    ("半数に満たなければ「脆弱」", []),
    ("응답자의 절반이 꼽았다.", ["절반"]), ("절반에 못 미치면", []),
    ("Most of them agree.", ["Most of them agree."]), ("where fewer than half do", [])])
def test_the_front_page_and_its_summaries_spell_out_no_share_but_that_of_the_fragile(text, found):
    assert [said for _, said in typed.in_prose(text, page="index")] == found
    assert [said for _, said in typed.in_prose(text, page="methods")] == []


def test_every_share_that_is_chosen_stands_in_its_chapter():
    said = {path.stem: path.read_text(encoding="utf-8") for path in (*chapters(), ROOT / "book" / "index.md")}
    plain = {page: re.sub(r'"\s*f?"', "", " ".join(text.split())) for page, text in said.items()}
    assert [(page, words) for page, of_it in spelled.SHARES.items() for words in of_it if words not in plain[page]] == []


def test_a_share_is_excused_by_a_checked_sentence_that_repeats_it_with_the_words_behind():
    held = typed.sentences([ast.parse("check_sentences({'all of it, most of it came late': x > y})")])
    assert list(typed.in_prose(f"{CHAPTER}Most of it came late, it says.", held=held)) == []
    assert [said for _, said in typed.in_prose(f"{CHAPTER}Most of it went late.", held=held)] == ["Most of it went late."]
    figure = ast.parse("figure('a', 'Most of it came late', 'c', chart)")
    assert list(typed.in_figures(figure, held=held)) == [] != list(typed.in_figures(figure))


@pytest.mark.parametrize("code", [
    'NOTE = "only 40 of them"\nfigure("a", "b", "c", chart, note=NOTE)', 'charts.figure("a", "40 rose", "c", chart)',
    'claims.judge("a", caveat="of 40 known")', 'figure("a", "b", "c", chart, alt="40%")',
    'figure("a", f"{40} rose", "c", chart)',
    'figure("a", "40 " + "rose" if x else "fell", "c", chart)', 'alt.Chart(x).mark_text(text="40 percent")',
    'alt.X("x:Q", title="of 40")', 'alt.X("x:Q").title("of 40")', 'encode(alt.value("40 percent"))',
    'say(fall=-40)', 'say(fall=40)', 'say(fall="40 percent".strip())', 'glue("x", "40 percent")', 'glue("x", -40)',
    'say(fall=str(40))', 'say(fall="40 percent".replace(a, b))', 'say(**{"a": 40})', 'say(fall=40 if x else y)',
    'glue("x", f"{-40}")', 'figure("a", "{} fell".format(40), "c", c)', 'figure("a", "%s fell" % 40, "c", c)',
    'say(fall="40 percent")', 'glue("fall", 40)'])
def test_a_number_is_found_in_every_text_of_code(code):
    tree = ast.parse(code)
    assert [number for _, number in typed.in_figures(tree, typed.named_texts([tree]))] in (["40"], ["40%"])


@pytest.mark.parametrize("code", [
    'figure("a", f"{n:.2f} rose", "c", chart)', 'figure("a", "{low:.1f} to {high:.1f}".format(**x), "c", chart)',
    'say(n=int((x["iso3"] == 3).sum()))', 'glue("x", value)', 'say(n=10 - len(x))', 'say(n=-x)',
    'alt.value(40)', 'say(n=x.query("a > 40 and b").iloc[0])', 'say(n=round(100 * x, 1))', 'say(n=as_text(x, ".1f"))',
    'mark_text(text="iso3")', 'figure("a", OTHER, "c", c)'])
def test_what_code_computes_is_no_typed_number(code):
    tree = ast.parse(code)
    assert list(typed.in_figures(tree, typed.named_texts([tree]))) == []


@pytest.mark.parametrize(("text", "found"), [
    ("The poll ends in March 2015.", ["ends in March 2015"]), ("Deaths run to the end\nof 2023.", ["to the end of 2023"]),
    ("the latest survey, of 2024", []), ("the newest year, 2024", []), ("It is known up to 2022.", ["up to 2022"]),
    ("Votes to January 2020 count.", ["to January 2020"]), ("Fell from 1990-2020.", ["1990-2020"]), ("from 2012 to 2019", []),
    ("Asked face to face until 2023.", ["until 2023"]), ("It was closed in 2020.", []), ("until {glue:text}`to_korea`", []),
    ("The latest survey, of March 2020, differs.", ["latest survey, of March 2020"]),
    ("Aid after 2020 counts.", ["after 2020"]),
    ("after 2017, the ban of 2020", []), ("It changed by the end\nof 2020.", ["by the end of 2020"]),
    ("It last fell. In the year of 2020", []), ("after the fall of 2019", [])])
def test_an_end_of_data_that_a_page_types_is_found(text, found):
    assert [said for _, said in typed.ends(typed.prose(text), {2020})] == found
    assert [said for _, said in typed.in_prose(f"{CHAPTER}{text}", {2020})] == found
    assert [said for _, said in typed.in_prose(text, {2020})] == []  # pages without cells have no tables


def test_an_end_of_data_is_found_in_texts_of_figures_and_verdicts():
    code = 'figure("a", "b", f"percent, {first}-2024", c, note="It ends in 2014")\njudge("a", caveat="Coded to 2014")'
    assert list(typed.in_figures(ast.parse(code), last={2014})) == [(1, "ends in 2014"), (2, "to 2014")]
    assert list(typed.in_figures(ast.parse('figure("a", "b", f"percent, 1990-{last}", c)'), last={1990})) == []


@pytest.mark.parametrize(("domain", "end"), [
    ("[2000, 2024]", "2024"), ("[first, 2025.6]", "2025.6"), ('["2012-01-01", "2026-08-31"]', "2026-08-31"),
    ("[2000, int(years.max())]", None), ("[0, 40]", None), ('["2012-01-01", str(NOW.date())]', None), ("[]", None)])
def test_an_axis_whose_end_is_typed_is_found(domain, end):
    found = [said for _, said in typed.axes(ast.parse(f'alt.X("year:Q", scale=alt.Scale(domain={domain}))'))]
    assert found == ([end] if end else [])


def test_what_is_no_end_of_data_in_one_chapter_may_be_one_in_another():
    text = "Asked face to face until 2023."
    assert list(typed.ends(text, page="interdependence")) == []
    assert [said for _, said in typed.ends(text, page="aid")] == ["until 2023"]
    assert list(typed.in_prose(f"{CHAPTER}{text}", page="interdependence")) == []
    code = ast.parse(f"judge('a', caveat={text!r})")
    assert list(typed.in_figures(code, page="interdependence")) == []
    assert list(typed.in_figures(code, page="aid")) == [(1, "until 2023")]


def test_every_year_that_is_no_end_of_data_stands_in_its_chapter():
    said = {path.stem: " ".join(path.read_text(encoding="utf-8").split()) for path in chapters()}
    assert [(page, text) for page, texts in typed.NO_ENDS.items() for text in texts if text not in said[page]] == []


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_the_words_of_a_chapter_refer_to_each_of_its_figures(path):  # which float on paper, so that no "above" finds them
    source = path.read_text(encoding="utf-8")
    calls = [node for code in CELL.findall(source) for node in ast.walk(ast.parse(code))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DRAWN]
    drawn = {call.args[0].value for call in calls}
    assert len(drawn) >= 7 and drawn - set(re.findall(r"\]\(#([\w-]+)\)", CELL.sub("", source))) == set()


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_no_text_of_a_figure_tells_panels_apart_by_their_side(path):  # on a phone they stand below each other
    said = re.findall(r'"[^"\n]*"', path.read_text(encoding="utf-8"))
    assert said and not [text for text in said if re.search(r"\b[Ll]eft(?:: | [A-Z])", text)]


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_no_text_of_a_figure_names_a_shade_that_is_another_on_dark_pages(path):
    said = [node.value for code in CELL.findall(path.read_text(encoding="utf-8")) for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert said and [text for text in said if SHADE.search(text)] == []


def passages(page: Path) -> list[str]:
    """Paragraphs, items and headings of a built page without tables, code and drawings."""
    main = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find("main")
    for other in main.find_all(["table", "pre", "svg", "script", "style"]):
        other.decompose()
    return [" ".join(text.get_text().split()) for text in main.find_all(["p", "li", "h2", "h3"]) if not text.find("p")]


@pytest.mark.skipif(not BUILT.is_dir(), reason="the book is not built: run make book before make test to read its pages")
@pytest.mark.parametrize("document", [name for name in documents() if "appendix" not in name])
def test_numbers_fall_into_sentences_that_read_as_sentences(document):
    page = BUILT / f"{document}.html"
    said = passages(page)
    assert len(said) > 10
    torn = [(fault, text[max(0, found.start() - 30):found.end() + 20]) for text in said
            for fault, rule in (("a year and a count run together", YEAR_AND_COUNT), ("a sentence begins small", SMALL_LETTER),
                                ("a numeral behind a numeral", NUMERALS))
            if (found := rule.search(text))]
    assert torn == []


def advised(chapter: str) -> set[str]:
    """Items of advice that a chapter names in its cells."""
    source = next(path for path in chapters() if path.stem == chapter).read_text(encoding="utf-8")
    found = [node.value for code in CELL.findall(source) for node in ast.walk(ast.parse(code))
             if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "advised"]
    return {item for brief in ast.literal_eval(found[0]).values() for item in brief}


def test_the_scorecard_draws_every_mark_of_the_ladder_in_capabilities():
    assert advised("capabilities") <= advised("scorecard")
