"""The PDF: each node in print, text that cannot act, references that lead somewhere, errors that name their place."""

import io
import re
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_lines import misplaced
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from trilateral.claims import register
from trilateral.publish import citing, tables
from trilateral.publish.drawing import Studio
from trilateral.publish.resolve import printed_place
from trilateral.publish.tables import SINGLE_FACTS, descriptions
from trilateral.publish.typst_chapters import reading
from trilateral.publish.typst_compile import Press
from trilateral.publish.typst_ledger import number, table_facts
from trilateral.publish.typst_math import MathError, to_typst
from trilateral.publish.typst_pictures import Pictures, legible, says_as_much
from trilateral.publish.typst_tables import html_table, numeric_columns
from trilateral.publish.typst_text import address, breakable, code, escape, headline, literal, resolve, target
from trilateral.publish.typst_writer import CLOSE, PrintError, TypstTranslator, footnote

SITE = Path(__file__).parent / "sites" / "print"
CLAIM = "as-threat-perceptions-diverge"


def build(source: Path, out: Path, doctrees: Path, jobs: int = 1) -> str:
    """Build the PDF of a site; returns the warnings."""
    warnings = io.StringIO()
    app = Sphinx(source, source, out, doctrees, "typst", status=None, warning=warnings, freshenv=False, parallel=jobs)
    app.build()
    return warnings.getvalue()


@pytest.fixture(scope="session")
def printed(tmp_path_factory) -> Path:
    """Output folder of the fixture site."""
    out = tmp_path_factory.mktemp("print")
    assert build(SITE, out / "typst", out / "doctrees") == ""
    return out / "typst"


@pytest.fixture(scope="session")
def pdf(printed) -> pypdf.PdfReader:
    return pypdf.PdfReader(printed / "toy.pdf")


@pytest.fixture(scope="session")
def offprint(printed) -> pypdf.PdfReader:
    """The chapter that judges a claim, printed alone."""
    return pypdf.PdfReader(printed / "offprints" / "toy-chapter.pdf")


@pytest.fixture(scope="session")
def text(pdf) -> str:
    return " ".join(map(words, pdf.pages))


def words(page: pypdf.PageObject) -> str:
    """Text of a page without line breaks and invisible joiners; a hyphen that may go is one."""
    return re.sub(r"\s+", " ", re.sub("[\u2060\u200b]", "", page.extract_text()).replace("\u00ad", "-"))


@pytest.fixture
def site(tmp_path) -> Callable[[str], ExtensionError]:
    """Build a copy of the site whose chapter is the given text; returns the error."""

    def fail(chapter: str) -> ExtensionError:
        source = tmp_path / "site"
        shutil.copytree(SITE, source)
        (source / "chapter.md").write_text(chapter, encoding="utf-8")
        with pytest.raises(ExtensionError) as caught, redirect_stderr(io.StringIO()):
            build(source, tmp_path / "out", tmp_path / "doctrees")
        assert not (tmp_path / "out" / "toy.pdf").exists()
        return caught.value

    return fail


def structure_elements(pdf: pypdf.PdfReader) -> list:
    """All elements of the structure tree."""
    found, queue = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while queue:
        element = queue.pop()
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, dict) and "/S" in kid:
                found.append(kid)
                queue.append(kid)
    return found


# The document

def test_the_pdf_names_title_author_and_language(pdf):
    assert (pdf.metadata.title, pdf.metadata.author) == ("A Toy Ledger", "The toy team")
    assert pdf.trailer["/Root"]["/Lang"] == "en-US"


def test_the_pdf_is_tagged_and_declares_pdf_ua(pdf):
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_a_page_in_another_language_says_so(pdf):
    assert "ja" in {element.get("/Lang") for element in structure_elements(pdf)}


def test_bookmarks_hold_front_matter_parts_chapters_and_sections(pdf):
    def below(items: list, title: str) -> list:
        return items[next(place for place, item in enumerate(items) if getattr(item, "title", "") == title) + 1]

    def titles(items: list) -> list[str]:
        return [item.title for item in items if not isinstance(item, list)]

    assert titles(pdf.outline) == ["Contents", "Figures", "Summary", "All claims", "Why toys stall", "Appendix",
                                   "Index of claims"]
    part = below(pdf.outline, "Why toys stall")
    assert titles(part)[0] == "Toys and threats" and len(titles(part)) == 2
    assert titles(below(part, "Toys and threats")) == ["Evidence", "Marks"]


def test_every_font_is_embedded(pdf):
    fonts = {font.get_object()["/BaseFont"]: font.get_object() for page in pdf.pages
             for font in page["/Resources"].get("/Font", {}).values()}
    assert fonts
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_every_internal_link_has_a_place_on_a_page(pdf):
    assert len(inward_links(pdf)) > 20
    assert set(inward_links(pdf)) <= {page.indirect_reference.idnum for page in pdf.pages}


def test_page_1_is_a_right_hand_page_and_one_before_it_may_be_blank(pdf):
    first = pdf.page_labels.index("1")
    assert first % 2 == 0  # counted from 0
    assert words(pdf.pages[first - 1]) == "" or pdf.page_labels[first - 1] != pdf.page_labels[first - 2]


def test_the_contents_group_chapters_by_part_and_give_page_numbers(pdf):
    contents = words(pdf.pages[2])
    assert "WHY TOYS STALL" in contents and "APPENDIX" in contents
    assert re.search(r"^Contents Figures[ .]*[ivx]+ Summary[ .]*1 ", contents)
    assert re.search(r"Toys and threats[ .]*\d+", contents)
    assert re.search(r"WHERE EACH CLAIM IS JUDGED Index of claims[ .]*\d+", contents)


@pytest.mark.parametrize(("more", "longer", "listed"), [
    ("## More\n\nWords.", 0, "Data More"), ("### Deeper\n\nWords.\n\n### Deepest", 0, "Deeper Deepest"),
    ("## More\n\nWords.", 10**6, "")])
def test_the_contents_give_the_sections_of_a_long_page_to_look_things_up_in(more, longer, listed, tmp_path, monkeypatch):
    monkeypatch.setattr("trilateral.publish.typst.LONGER", longer)
    site = shutil.copytree(SITE, tmp_path / "site")
    (site / "references.md").write_text(f"# Works\n\n```{{bibliography}}\n```\n\n## Data\n\n{more}\n", encoding="utf-8")
    with redirect_stderr(io.StringIO()):
        build(site, tmp_path / "out", tmp_path / "doctrees")
    contents = words(pypdf.PdfReader(tmp_path / "out" / "toy.pdf").pages[2])
    works = contents[contents.index("Works"):contents.index("WHERE EACH")]
    assert re.sub(r"[ .\d]+", " ", works).split() == ["Works", *listed.split()]


def test_the_head_of_a_long_page_to_look_things_up_in_names_the_section_in_which_it_begins(pages):
    first, second, third = pages("#show: small-print.with(sections: 3)\n== All\nWords.\n#pagebreak()\n=== One\nWords.\n"
                                 "#pagebreak()\nWords.\n=== Two\nWords.\n")[-3:]
    assert first.startswith("ii Toys All") and second.startswith("Toys · One iii") and third.startswith("iv Toys · One Words")


def test_the_head_of_a_page_on_which_only_a_table_comes_before_a_heading_names_that(pages):
    cells = ", ".join(["[" + "words " * 12 + "]"] * 8)
    body = ("#show: small-print.with(sections: 2)\n== One\nWords.\n#pagebreak()\n"
            f"{{}}== Two\nWords.\n#small-table((auto, auto), lead: [Toys:], {cells})\n")
    *_, second = pages(body.format(""))
    assert second.startswith("Toys · Two iii Toys: words")
    *_, second = pages(body.format("Words that go on.\n"))
    assert second.startswith("Toys · One iii Toys: words")


def test_the_list_of_figures_gives_headlines(pdf):
    assert "Figure 1 South Korea’s toy line rises twice as fast" in words(pdf.pages[3])


def test_later_pages_of_a_chapter_carry_its_title(pdf):
    assert sum("All claims" in words(page) for page in pdf.pages) >= 3


def test_the_same_source_gives_the_same_bytes_however_many_processes_translate_it(printed, tmp_path):
    # a process forked from one that has drawn must not draw
    shutil.copytree(printed.parent / ".figures", tmp_path / ".figures")
    build(SITE, tmp_path / "again", tmp_path / "doctrees", jobs=2)
    for name in ("toy.pdf", "offprints/toy-chapter.pdf"):
        assert (tmp_path / "again" / name).read_bytes() == (printed / name).read_bytes()


def test_the_colophon_names_edition_briefs_and_licences(pdf):
    colophon = words(pdf.pages[1]).replace("- ", "")
    for part in ("A Toy Ledger. Version 0.1.0 of 1 September 2026.", "The record ends on 31 August 2026",
                 "Ryo Hinata-Yamaguchi, “PacNet #6B” (2 February 2015)", "Set in type by the toy team."):
        assert part in colophon


def test_the_file_has_the_day_of_the_newest_release_unless_the_environment_gives_another(pdf):
    assert pdf.metadata.creation_date == datetime(2026, 9, 1, tzinfo=UTC)


def test_the_index_finds_a_claim_by_verdict_and_subject_and_says_what_it_is(pdf):
    index = " ".join(words(page) for page in pdf.pages[-4:])
    assert "WHERE EACH CLAIM IS JUDGED Index of claims By subject" in index and "Sanctions, trade pacts “" in index
    index = index[index.index("By subject"):]
    quotation = "“The three countries also perceive threats differently.”"
    number, *others = re.findall(rf"{quotation}\D*(\d+)", index)
    assert others == [number]
    assert quotation in words(pdf.pages[front(pdf) + int(number) - 1])


def test_the_index_gives_the_claims_of_a_verdict_in_the_order_of_pages(pdf):
    index = " ".join(words(page) for page in pdf.pages[-4:])
    unjudged = index[index.index("By verdict, now"):].partition("not yet judged")[2]
    numbers = [int(number) for number in re.findall(r"” (\d+)\b", unjudged)]
    assert len(numbers) > 20 and numbers == sorted(numbers)


def front(pdf) -> int:
    """Pages before the first with an Arabic number."""
    return next(number for number, label in enumerate(pdf.page_labels) if label == "1")


# A chapter alone

def test_only_what_judges_claims_is_printed_alone(printed):
    assert [path.name for path in (printed / "offprints").glob("*.pdf")] == ["toy-chapter.pdf"]


def test_a_chapter_alone_is_tagged_and_names_itself_and_the_book(offprint):
    assert offprint.metadata.title == "Toys and threats · A Toy Ledger"
    assert b"pdfuaid" in offprint.trailer["/Root"]["/Metadata"].get_data()
    assert {"/H1", "/Table", "/Figure", "/Link"} <= {element["/S"] for element in structure_elements(offprint)}


def test_a_chapter_alone_has_the_pages_of_the_book(offprint, pdf):
    own = [label for label in offprint.page_labels if label.isdecimal()]
    assert own
    for label in own:
        page, same = (words(book.pages[book.page_labels.index(label)]) for book in (offprint, pdf))
        assert page == same
    assert f"Its pages, {own[0]}–{own[-1]}, and its figures" in words(offprint.pages[0])


def test_a_chapter_alone_says_on_its_first_page_how_to_cite_it(offprint):
    assert "To cite this chapter: The toy team" in (cover := words(offprint.pages[0]))
    assert "“Toys and threats.” Chapter, A Toy Ledger, version" in cover


def test_a_chapter_alone_counts_its_verdicts_and_says_how_to_read_them(offprint):
    cover = words(offprint.pages[0])
    assert "supported 1" in cover
    assert "How to read it A mark is a claim" in cover and "“one way”" in cover
    assert "Glossary, methods and tables are in A Toy Ledger." in cover


def test_a_chapter_alone_says_where_the_book_is_if_that_is_known():
    assert [reading("Toys", site)[-1] for site in ("https://toys.example/", "")] == [
        "Glossary, methods and tables are in Toys, https://toys.example/.", "Glossary, methods and tables are in Toys."]


def test_a_chapter_alone_has_the_works_it_cites_and_links_within_itself_alone(offprint):
    assert "References" in words(offprint.pages[-1]) and "Toy Press" in words(offprint.pages[-1])
    assert offprint.page_labels[-1] == "R1"
    assert inward_links(offprint)
    assert set(inward_links(offprint)) <= {page.indirect_reference.idnum for page in offprint.pages}


def inward_links(pdf) -> list[int]:
    """Object numbers of the pages that links lead to."""
    found = []
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            link = note.get_object()
            if "/URI" not in link.get("/A", {}):
                goal = link.get("/Dest") or link["/A"]["/D"]
                goal = pdf.named_destinations[goal].dest_array if isinstance(goal, str) else goal
                found.append(goal[0].idnum)
    return found


# The book's own nodes

def test_a_figure_has_number_headline_subtitle_source_and_note(text):
    for part in ("FIGURE 1", "South Korea’s toy line rises twice as fast", "Toy value, points, 2000–2005",
                 "Source: Toy Office, Toy table (2026), CC BY 4.0", "Note: Toys do not measure the world."):
        assert part.lower() in text.lower()


def test_a_figure_is_drawn_as_vectors_with_its_alt_text(pdf):
    assert not any(image for page in pdf.pages for image in page.images)
    alts = [element["/Alt"] for element in structure_elements(pdf) if "/Alt" in element]
    assert "Two lines from 2000 to 2005. South Korea ends at 10 points, the United States at 5." in alts


def test_tables_and_headings_are_tagged_as_such(pdf):
    kinds = {element["/S"] for element in structure_elements(pdf)}
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/Figure", "/Link", "/Formula", "/Note"} <= kinds


def test_a_judgement_gives_both_verdicts_with_words_robustness_and_interval(text):
    for part in ("When written, 20 December 2022", "mixed", "Now, 31 August 2026", "supported",
                 "6 of 8 specifications agree", "distance", "0.4 (0.3 to 0.5)"):
        assert part in text


def test_a_claim_card_gives_the_quotation_and_the_page_of_its_judgement(text):
    assert "“The three countries also perceive threats differently.”" in text
    assert re.search(r"Judged on p\. \d+", text)


def test_an_unjudged_claim_says_so(text):
    assert "not yet judged" in text


def test_the_ledger_gives_judged_claims_with_verdicts_and_all_others_run_in(pdf, printed):
    source = (printed / "chapters" / "ledger.typ").read_text()
    judged = source.count("quote: [")
    assert 0 < judged < len(register().claims) == judged + source.count('("ledger ')
    pages = [number for number, page in enumerate(pdf.pages) if "All claims" in words(page)][1:]
    assert len(pages) <= 2


def test_a_judgement_gives_its_test_its_whole_rule_and_its_rival(text):
    claim = register()[CLAIM]
    for part in ("Test.", "Rival explanation.", "none of the lines above holds", "Caveat: A series ended.",
                 *(verdict for verdict, _ in claim.lines)):
        assert part in text
    assert re.search(re.escape(claim.rival[:40]), text)


def test_a_verdict_most_specifications_contradict_is_fragile(text):
    assert "fragile 2 of 8 specifications agree; most, 5, say mixed; 1 too little data" in text


def test_the_picture_of_all_claims_counts_them_in_its_alt_text(pdf):
    total = len(register().claims)
    alts = [element["/Alt"] for element in structure_elements(pdf) if "/Alt" in element]
    assert f"All {total} claims by chapter and present verdict: 1 supported, {total - 1} not yet judged." in alts


def test_each_table_is_described(text):
    for part in ("Toy table", "Years: South Korea 2000–2005", "1,234 rows", "CC BY 4.0", "Keep in mind: Toys are small.",
                 "Old toys: Broken.", SINGLE_FACTS, "Toys by name (not stated): A toy is the unit."):
        assert part in text


def test_the_edition_of_a_table_is_said_once_behind_its_citation():
    cited = {"citation": "Bureau (2025). Imports, months to July 2025.", "vintage": "months to July 2025"}
    assert tables.source(cited) == cited["citation"]
    assert tables.source({"citation": "Union. Index.", "vintage": "edition of 2024"}) == "Union. Index. Edition: 2024."
    assert tables.source({"citation": "Bank, https://bank.org", "vintage": "2023 edition"}) == (
        "Bank, https://bank.org. Edition: 2023.")


def test_every_caveat_of_a_table_stands_with_it_and_the_version_of_its_file():
    for table in descriptions(register()):
        facts = table_facts(table)
        assert all(caveat in facts["Keep in mind"] for caveat in table["meta"]["caveats"]), table["name"]
        assert facts[""].endswith(f"· version {table['sha256'][:tables.DIGITS]}"), table["name"]


# Sphinx, MyST, notebooks, citations

def test_a_figure_shown_elsewhere_says_where_it_stands_and_keeps_its_paragraph(text, printed):
    assert "This stays with its picture." in text
    assert re.search(r"South Korea’s toy line rises twice as fast \(Figure 1, p\. \d+\)", text)
    assert "#leads-on[This stays" in (printed / "chapters" / "index.typ").read_text()


def test_code_is_absent_and_a_data_frame_becomes_a_table(text):
    assert "secret_code" not in text
    assert "KOR 7" in text


def test_a_footnote_stands_once_though_cited_twice(text):
    assert text.count("The footnote says") == 1


def test_the_number_of_a_footnote_stands_after_a_comma_or_stop(text):
    assert re.search(r"note, ?1 the same again, ?1 and a link out\. ?2 The distance", text)


def test_a_citation_links_to_the_bibliography(text, printed):
    assert "Toy Press" in text
    assert "[Toy and Ünal, 2020]" in text
    assert "crossref(label(\"references#" in (printed / "chapters" / "chapter.typ").read_text()


def test_a_reference_to_another_chapter_gives_its_page(text):
    assert re.search(r"Toys and threats \(p\. \d+\)", text)


def test_a_reference_to_a_figure_gives_its_number(text):
    assert re.search(r"the toy lines \(Figure 1, p. \d\)", text)
    assert re.search(r"the toy lines \(Figure 1, p. \d\) on this page", text)


def test_a_figure_named_twice_is_told_once_and_a_list_stays_with_the_words_that_lead_to_it(tmp_path):
    source = tmp_path / "site"
    shutil.copytree(SITE, source)
    with (source / "chapter.md").open("a", encoding="utf-8") as file:
        file.write(f"\n\n[First](#two-lines) and [second](#two-lines). {'Toys. ' * (CLOSE // 6)} [Third](#two-lines)\n")
        file.write("\n\nKinds of toys:\n\n- small\n- large\n")
    build(source, tmp_path / "out", tmp_path / "doctrees")
    made = (tmp_path / "out" / "chapters" / "chapter.typ").read_text()
    assert re.search(r"#leads-on\[Kinds of toys\\:\s*\]\s*#list\(", made)
    told = re.findall(r"#(\w+)\(label\(\"chapter#[\w-]+\"\)(?:, true)?\)\[(First|second|Third)\]", made)
    assert told == [("crossref", "First"), ("inward", "second"), ("crossref", "Third")]


def test_a_reference_stands_on_one_line(pages, tmp_path):
    for width in range(40, 60, 4):
        pages(f"{FINDING}\n#block(width: {width}mm)[Toys of some length #crossref(label(\"toys#lines\"), true)[rise]]\n")
        lines = pypdf.PdfReader(tmp_path / "toys.pdf").pages[0].extract_text().splitlines()
        assert any("(Figure 1, p. i)" in line.replace("\u00a0", " ") for line in lines), width


def test_the_lines_of_a_title_are_about_even(pages, tmp_path):
    pages("#block(width: 80mm, balanced[Toys of a country: what do all of these toys measure, then?])")
    lines = pypdf.PdfReader(tmp_path / "toys.pdf").pages[0].extract_text().splitlines()
    first, second = (line.strip() for line in lines if re.search("country|measure|then", line))
    assert abs(len(first) - len(second)) < 12


def test_a_citation_says_where_the_pdf_has_a_part_and_pages_do_not():
    book = citing.Book("Toy team", "Toys", "2026")
    builder = SimpleNamespace(format="typst", get_relative_uri=lambda _, to: f"%{to}")
    _, place, _ = printed_place(builder, "citing", citing.figure(book, "part/toys", "Toys", "toy-lines", "Toys rise"))
    assert (place.astext(), place["refuri"]) == ("In this PDF", "%part/toys#toy-lines")
    assert printed_place(builder, "citing", citing.chapter(book, "part/toys", "Toys"))[1]["refuri"] == "%part/toys"
    assert printed_place(builder, "citing", citing.whole(book)) == []
    builder.format = "html"
    assert printed_place(builder, "citing", citing.chapter(book, "part/toys", "Toys")) == []


def test_figures_and_judgements_have_their_id_beside_them(text, pages):
    assert "Figure 1 toy-lines" in text and f"Id {CLAIM}" in text


def test_a_link_in_prose_has_its_address_at_the_foot_of_the_page(text):
    assert re.search(r"\b\d ?example\.org/x\?a=1&b=2#c", text)
    assert not re.search(r"\d ?example\.org(?!/)", text)  # in a footnote there is none below it


@pytest.mark.parametrize(("uri", "title", "said"), [
    ("https://www.example.org/a/b-c/", "",
     r"#text(hyphenate: false)[example\.#sym.zws;org\/#sym.zws;a\/#sym.zws;b\-#sym.zws;c]"),
    ("https://www.example.org/a/b-c/", "“Toys”, Toy News, 2020",
     r"“Toys”\, Toy News\, 2020, #text(hyphenate: false)[example\.#sym.zws;org\/#sym.zws;a\/#sym.zws;b\-#sym.zws;c]"),
    ("https://www.example.org/a/", "Toy News, 2020",
     r"Toy News\, 2020, #text(hyphenate: false)[example\.#sym.zws;org\/#sym.zws;a]")])
def test_a_footnote_gives_the_title_of_a_link_and_its_whole_address_which_breaks(uri, title, said):
    assert footnote(uri, title) == said
    typst.compile(f"[{said}]".encode(), format="svg")


def test_the_last_words_of_a_paragraph_are_not_parted(source):
    said = source("# Toys\n\nMany toys are found\nthreatening in November 2026.\n\nToys are *found*.\n\n- Toys threaten\n")
    assert said.count("hyphenate: false") == 1
    assert "found threatening in #text(hyphenate: false)[November 2026\\.]" in said


def test_a_short_block_of_code_stays_on_its_page_and_indents_what_a_line_goes_on_with(pages, tmp_path):
    code = '#raw(block: true, "begin,\\n  title = {' + "toys and more toys, " * 5 + '},\\nend")'
    first, second = pages(f"#block(height: 200mm)\n\n{code}\n")
    assert "begin" not in first and re.search(r"begin, title = .*end", second)
    lines: dict[int, float] = {}

    def note(said, page, text, *rest):
        if said.strip():
            lines.setdefault(round(page[5] + text[5]), page[4] + text[4])

    pypdf.PdfReader(tmp_path / "toys.pdf").pages[1].extract_text(visitor_text=note)
    assert len({round(start) for start in lines.values()}) == 3, lines  # head, lines that begin, a line that goes on


@pytest.mark.parametrize(("language", "thin"), [("ja", "#sym.space.thin;"), ("en", "")])
def test_a_verdict_in_japanese_stands_apart_from_the_signs_beside_it(language, thin, source):
    chapter = f"# Toys\n\n```{{toy}} verdict {CLAIM}\n```\n\n少ない：{{toychip}}`{CLAIM} now`。\n"
    said = source(f"---\nlang: {language}\n---\n{chapter}")
    assert re.search(rf"：{re.escape(thin)}#chip\([^()]*(\([^)]*\))?[^()]*\){re.escape(thin)}。", said)


def test_a_reference_in_another_language_gives_number_and_page_in_its_words(text):
    assert re.search(r"the toy lines \(図 ?1、 ?\d+ ?頁\)", text)


def test_a_judgement_gives_the_pages_of_its_tables(text, offprint):
    assert re.search(r"Data grade A: toy \(p\. (\d+)\)", text)
    page = re.search(r"Data grade A: toy \(p\. (\d+)\)", " ".join(map(words, offprint.pages)))[1]
    assert page == re.search(r"Data grade A: toy \(p\. (\d+)\)", text)[1]


def test_a_table_carries_its_section_and_the_words_that_lead_to_it(printed, text):
    assert "lead: [Toys in numbers\\:]" in (printed / "chapters" / "chapter.typ").read_text()
    assert text.count("Toys in numbers: Country Value") == 1


def test_spans_of_a_table_survive(printed):
    source = (printed / "chapters" / "chapter.typ").read_text()
    assert "colspan: 2" in source and "rowspan: 2" in source


@pytest.mark.parametrize(("cells", "rows", "across"), [
    ("word", 3, False), ("words " * 12, 3, True), ("words " * 12, 90, False)])
def test_among_columns_a_table_goes_across_both_when_it_must_and_can(cells, rows, across, printed, tmp_path):
    for name in ("book.typ", "looks.json"):
        shutil.copy(printed / name, tmp_path)
    (tmp_path / "main.typ").write_text(
        '#import "book.typ": *\n#set document(title: "Toys")\n#show: small-print\n#heading[Toys]\n'
        f"#small-table((auto, auto), title: [Toys], lead: [In numbers:], ..range({2 * rows}).map(_ => [{cells}]))\n",
        encoding="utf-8")
    Press(tmp_path, datetime(2026, 1, 1, tzinfo=UTC)).pdf(tmp_path / "main.typ", tmp_path / "small.pdf")
    page = pypdf.PdfReader(tmp_path / "small.pdf").pages[0]
    assert any(len(line.split()) > 8 for line in page.extract_text().splitlines()) == across
    assert ("Toys. In numbers: word" in words(page)) == across and "In numbers: word" in words(page)


@pytest.mark.parametrize("rows", [3, 50])
def test_a_table_that_is_all_its_section_has_stands_below_the_heading(pages, rows):
    cells = f"..range({rows}).map(i => ([row#i], [{'words ' * 8}], [{'words ' * 8}])).flatten()"
    *_, last = pages("#show: small-print\n== Before\nWords.\n\n"
                     f"#small-table(heading: [== Counted], title: [Counted], (auto, auto, auto), {cells})\n")
    assert re.search(r"Counted row0 words", last) and f"row{rows - 1} " in last and last.count("Counted") == 1


def test_the_last_page_of_two_columns_ends_both_at_about_the_same_height(printed, tmp_path):
    for name in ("book.typ", "looks.json"):
        shutil.copy(printed / name, tmp_path)
    (tmp_path / "main.typ").write_text(
        '#import "book.typ": *\n#set document(title: "Toys")\n#show: small-print\n#heading[Toys]\n'
        + "".join(f"Toy{i} is here.\n\n" for i in range(130)), encoding="utf-8")
    Press(tmp_path, datetime(2026, 1, 1, tzinfo=UTC)).pdf(tmp_path / "main.typ", tmp_path / "small.pdf")
    pages = pypdf.PdfReader(tmp_path / "small.pdf").pages
    places = {}
    pages[-1].extract_text(visitor_text=lambda said, cm, tm, font, size: places.update({said: (cm[4], cm[5])})
                           if said.startswith("Toy") else None)
    lefts, rights = ([y for x, y in places.values() if (x > 297) == right] for right in (False, True))
    assert lefts and rights
    assert abs(min(lefts) - min(rights)) < 60
    assert len(lefts) + len(rights) < 130


def test_a_long_table_does_not_begin_with_a_row_at_the_foot_of_a_page(pages):
    rows = "..range(30).map(i => ([row#i], [1])).flatten()"
    for free in (12, 40):
        first, *_, last = pages(f"#block(height: {202 - free}mm)\n\n#fit-table((auto, auto), {rows})\n")
        assert ("row0" in first) == (free == 40)
        assert "row29" in last


def test_numbers_in_a_column_align_right():
    table = html_table("<table><tr><th>a</th></tr><tr><td>-1,200.5</td></tr><tr><td>word</td></tr></table>")
    assert "table.cell(align: right, [\\-1\\,200\\.5])" in table and "[word]" in table


def test_a_column_of_numbers_and_its_head_align_right_but_not_names_and_years():
    rows = [["Japan", "11.5", "1999", "–"], ["South Korea", "−0.07", "2008", "T001"], ["1,200", "12 %", "2015", "none"]]
    assert numeric_columns(rows) == {1}
    made = html_table("<table><thead><tr><th></th><th>n</th></tr></thead><tr><td>KOR</td><td>7</td></tr></table>")
    assert "table.cell(align: right, [n])" in made and "[KOR]" in made and "right, [KOR]" not in made


def test_html_without_a_table_is_dropped():
    assert html_table("<script>alert(1)</script>") is None


# Text that cannot act

def test_marks_of_typst_are_printed_as_they_are(text):
    assert "# * _ @ $ < > \\ ` [ ] ~" in text
    assert "/ // /* https://" in text
    assert '#panic("literal") \\ " $' in text
    assert "<script>alert(1)</script>" in text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x17F, exclude_categories=["Cs"]), max_size=60))
def test_any_text_compiles_and_stays_text(words):
    source = f"#let seen = [x{escape(words)}x]\n#assert(type(seen) == content)\n#let s = {literal(words)}\n#seen"
    typst.compile(source.encode(), format="svg")


def test_a_typst_string_keeps_quotes_and_backslashes():
    assert literal('a "b" \\ c\nd') == '"a \\"b\\" \\\\ c\\nd"'


def test_a_hyphen_that_does_not_break_is_that_of_the_typeface(pages, tmp_path):
    pages("#block(width: 9mm)[" + escape("a US\u2011Japan") + "]")
    page = pypdf.PdfReader(tmp_path / "toys.pdf").pages[0]
    assert "US-Japan" in page.extract_text().replace("\u2060", "").split()
    names = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]
    assert names and all("SourceSerif" in name or "SourceSans" in name for name in names)


def test_no_line_ends_within_a_comparison_with_a_number():
    said = 'raw("a_low\u00a0<\u00a0-10 and b\u00a0>=\u00a00.2 or c > d")'
    assert code("a_low < -10 and b >= 0.2 or c > d") == said


def test_an_address_breaks_behind_its_marks_alone(pages):
    assert address("https://www.a-b.org/c_d") == wrapped(
        r"https\:\/\/#sym.zws;www\.#sym.zws;a\-#sym.zws;b\.#sym.zws;org\/#sym.zws;c\_#sym.zws;d")
    assert address("doi:10.1016/j.x.2020.10") == wrapped(r"doi\:10\.1016\/#sym.zws;j\.#sym.zws;x\.2020\.10")
    toys = "https://www.toys.example/wonderfully"
    (page,) = pages(f'#block(width: 30mm)[Far #link("{toys}")[{address(toys)}]]')
    assert "https://www. toys.example/ wonderfully" in page


LONG = "Donaudampfschifffahrtsgesellschaft" * 8


@pytest.mark.parametrize("text", [
    "international_aviation_and_shipping, by custom", "US-Japan-South-Korea-summit-meetings-and-their-records",
    "www.toys.example/wonderfully/made/by/the/toy/office", "玩具が増えた" * 20, "장난감이" * 20, "Ordinary words. " * 20])
def test_ordinary_words_break_where_they_always_did(text):
    assert breakable(text) == text


@pytest.mark.parametrize("word", [LONG, "1-2" * 50, "a\u0301\u0323" * 40, "." * 90, "–" * 90, LONG[:37]])
def test_a_very_long_word_breaks_between_letters_and_keeps_them(word):
    parts = breakable(f"A {word}, 玩具").split("\u200b")
    assert "".join(parts) == f"A {word}, 玩具"
    assert max(map(len, parts)) < 25 and not any(part.startswith(("\u0301", "\u0323")) for part in parts)


def test_a_very_long_word_stays_in_its_cell(pages, tmp_path):
    cells = "".join(f"<td>{said}</td>" for said in ("One", LONG, 12, "two words", LONG, "", 2.5, LONG.upper()))
    for columns in ("", "#show: small-print\n#let fit-table = small-table\n"):
        pages(f"{columns}{html_table(f'<table><tr>{cells}</tr></table>')}\n#{code(LONG)}")
        found = pypdf.PdfReader(tmp_path / "toys.pdf").pages
        assert [one for page in found for one in misplaced(page)] == []
        assert sum(re.sub("[^a-z]", "", page.extract_text().lower()).count(LONG.lower()) for page in found) == 4


def test_a_very_long_word_stays_within_titles_heads_listings_and_contents(tmp_path):
    shutil.copytree(SITE, tmp_path / "site")
    chapter = tmp_path / "site" / "chapter.md"
    text = chapter.read_text(encoding="utf-8").replace("# Toys and threats", f"# Toys {LONG}", 1)
    chapter.write_text(f"{text}\n\n## Section {LONG}\n\nSo `{LONG}` is.\n\n```\n{LONG}\n```\n\n- {LONG}[^long]\n\n"
                       f"[^long]: *{LONG}* and <https://toys.example/{LONG}>.\n", encoding="utf-8")
    build(tmp_path / "site", tmp_path / "typst", tmp_path / "doctrees")
    for path in (tmp_path / "typst" / "toy.pdf", tmp_path / "typst" / "offprints" / "toy-chapter.pdf"):
        for page in pypdf.PdfReader(path).pages:
            assert misplaced(page) == [], f"{path.name}, page {page.page_number + 1}"


@pytest.mark.parametrize(("said", "printed"), [
    ("China rose after 4 of 8, fell after 4", "China rose after 4 of 8\\, fell~after~4"),
    ("Toys rise twice as considerably", "Toys rise twice as considerably"), ("Toys rise", "Toys~rise"),
    ("玩具が増えた", "玩具が増えた")])
def test_no_short_word_ends_a_headline_alone(said, printed):
    assert headline(said) == f"[{printed}]"


def test_a_reference_without_a_place_becomes_text_and_is_reported():
    source, missing = resolve(f"#inward({target('a')})[x] #inward({target('b')})[y]", {"a": "main"})
    assert source == '#inward(label("main"))[x] #inward(none)[y]'
    assert missing == ["b"]


# Errors

def test_a_figure_without_alt_text_is_an_error_that_names_chapter_and_figure(site):
    error = str(site("# Toys\n\n```{toy} figure-without-alt bare\n```\n"))
    assert "chapter" in error and "figure bare has no alt" in error


def test_an_image_without_alt_text_is_an_error_that_names_the_chapter(site):
    error = str(site("# Toys\n\n![](references.bib)\n"))
    assert "chapter" in error and "no alt text" in error


def test_a_glyph_no_font_has_is_an_error_that_names_chapter_and_text(site):
    error = str(site("# Toys\n\nA paragraph with \U00013000 in it.\n"))
    assert error.startswith("the PDF cannot be made: chapter:") and "\U00013000" in error


def test_an_unknown_claim_is_an_error_that_names_the_chapter(site):
    error = str(site("# Toys\n\n```{toy} card as-threat-perceptions-diverg\n```\n"))
    assert error.startswith("chapter:") and "did you mean" in error


def test_a_formula_outside_the_subset_is_an_error_that_quotes_it(site):
    error = str(site("# Toys\n\nIt is $\\frobnicate{x}$.\n"))
    assert error.startswith("chapter") and "\\frobnicate" in error


def test_a_failed_compilation_leaves_the_last_pdf(tmp_path):
    (tmp_path / "main.typ").write_text("#panic()")
    out = tmp_path / "book.pdf"
    out.write_bytes(b"last good")
    with pytest.raises(ExtensionError, match="cannot be made"):
        Press(tmp_path, datetime(2026, 1, 1, tzinfo=UTC)).pdf(tmp_path / "main.typ", out)
    assert out.read_bytes() == b"last good"


# Places of figures

def wrapped(address: str) -> str:
    """An address as print has it: Typst sets no hyphen into it."""
    return f"#text(hyphenate: false)[{address}]"


CARD = ('#judgement("toys#card", [“Toys matter.”], [A speaker], [a source], ((moment: [Now], word: "mixed", robust: []),), '
        'none, (test: [#v({tall}mm) Tested.], rival: [None.], shares: (0.5, 0.5), lines: (), '
        'reasons: ()), {evidence}, [Data grade A])\n')
WHOLE = "block(height: 40mm, breakable: false)[Quantity]"
ROWS = ("data-table((1fr, auto), table.header([Numbers], [Now]), "
        "..range({}).map(i => ([row#i], [1])).flatten())")
FINDING = ('#finding(number-label: "toys#lines", file: "tall.svg", description: "Toys.", headline: [Toys rise], '
           'subtitle: [Toys a year])\n')


@pytest.fixture
def pages(printed, tmp_path) -> Callable[[str], list[str]]:
    """Set the body of a chapter with the book's template; returns the text of its pages."""

    def pages(body: str) -> list[str]:
        for name in ("book.typ", "looks.json"):
            shutil.copy(printed / name, tmp_path)
        drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60"><path d="M0 0h9"/></svg>'
        (tmp_path / "tall.svg").write_text(drawing, encoding="utf-8")
        (tmp_path / "main.typ").write_text(
            '#import "book.typ": *\n#show: dress.with((title: "Toys", author: "Toys", subtitle: "Toys", keywords: ()))\n'
            f'#chapter(target: "toys")[Toys]\n{body}', encoding="utf-8")
        Press(tmp_path, datetime(2026, 1, 1, tzinfo=UTC)).pdf(tmp_path / "main.typ", tmp_path / "toys.pdf")
        return [words(page) for page in pypdf.PdfReader(tmp_path / "toys.pdf").pages]

    return pages


def test_a_figure_that_fits_stands_where_the_text_has_it(pages):
    (page,) = pages(f"Before.\n\n== Section\nLead.\n\n{FINDING}\nAfter.\n\n== Next\nEnd.\n")
    assert re.search(r"Before\. Section Lead\. FIGURE 1 lines Toys rise .*After\. Next End\.", page, re.IGNORECASE)


def test_text_goes_on_before_a_figure_that_does_not_fit(pages):
    first, second = pages(f"#block(height: 120mm)\n\nLead.\n\n{FINDING}\nAfter.\n\n#block(height: 90mm)\n\nLast.\n")
    assert "Lead. After." in first
    assert re.match(r".*FIGURE 1 lines Toys rise.*Last\.", second, re.IGNORECASE)


def test_a_figure_that_waits_comes_before_the_next_section(pages):
    lead = "== Section\n#block(height: 120mm)\n\nLead.\n\n"
    first, second = pages(f"{lead}{FINDING}\nAfter.\n\n== Next\nEnd.\n")
    assert "Lead. After." in first and "Next" not in first
    assert re.search(r"FIGURE 1 lines Toys rise.*Next End\.", second, re.IGNORECASE)


def test_a_figure_that_waits_comes_before_the_next_judgement(pages):
    first, second = pages(f"Lead.\n\n#block(height: 120mm)\n\n{FINDING}\nAfter.\n\n{CARD.format(tall=50, evidence=WHOLE)}\n")
    assert "After." in first and "Toys matter" not in first
    assert re.search(r"FIGURE 1 lines Toys rise.*“Toys matter\.” .*Tested\..*Quantity", second, re.IGNORECASE)


def test_a_judgement_that_goes_on_gives_its_claim_again(pages):
    first, second = pages(f"#block(height: 120mm)\n\n{CARD.format(tall=50, evidence=WHOLE)}\nAfter.\n\n{FINDING}")
    assert "Tested." in first and "Quantity" not in first and "(continued)" not in first
    assert re.search(r"“Toys matter\.” A speaker, a source \(continued\) Now mixed Data grade A Quantity After\. FIGURE 1",
                     second, re.IGNORECASE)


def test_a_judgement_does_not_begin_with_its_caveat_alone(pages):
    card = CARD.format(tall=60, evidence="[]").replace("none, (test:", "[Caveat: few.], (test:")
    first, second = pages(f"Lead.\n\n#block(height: 170mm)\n\n{card}\n")
    assert "Toys matter" not in first
    assert re.search(r"“Toys matter\.”.*Caveat: few\. .*Tested\.", second)


def test_few_numbers_of_a_judgement_stand_together(pages):
    first, second = pages(f"#block(height: 130mm)\n\n{CARD.format(tall=30, evidence=ROWS.format(5))}\n")
    assert "Tested." in first and "row0" not in first
    assert "row0 1" in second and "row4 1" in second


def test_the_numbers_of_a_judgement_go_on_after_some_of_them_with_what_they_are_taken_from(pages):
    first, second = pages(f"#block(height: 90mm)\n\n{CARD.format(tall=30, evidence=ROWS.format(14))}\n")
    assert "Data grade A Numbers Now row0 1 row1 1" in first
    assert re.search(r"\(continued\) Now mixed Numbers Now row\d+ 1", second)


def test_a_judgement_on_one_page_gives_its_claim_once(pages):
    (page,) = pages(CARD.format(tall=5, evidence="[]"))
    assert page.count("Toys matter") == 1 and "continued" not in page


def test_figures_float_where_their_places_do_not_come_to_rest(tmp_path):
    (tmp_path / "main.typ").write_text(
        '#set document(title: "Toys")\n#if sys.inputs.at("figures", default: "") == "float" [All float.] else [#context '
        "{ for i in range(query(<toy>).len() + 1) [Toy #i. #metadata(i)<toy>] }]\n", encoding="utf-8")
    Press(tmp_path, datetime(2026, 1, 1, tzinfo=UTC)).pdf(tmp_path / "main.typ", tmp_path / "toys.pdf")
    assert words(pypdf.PdfReader(tmp_path / "toys.pdf").pages[0]) == "All float."


def test_page_numbers_stand_at_the_outer_edge(pages):
    _, left, right = pages("One.\n#pagebreak()\nTwo.\n#pagebreak()\nThree.\n")
    assert left.startswith("ii Toys Two.") and right.startswith("Toys iii Three.")


def test_a_group_of_the_index_says_so_where_it_goes_on(pages):
    group = '([Toys], range(90).map(i => (word: "mixed", quote: [Toys matter #i.], place: label("toys")))), '
    both = " ".join(pages(f"#show: small-print\n#claims-index((), ({group}))"))
    assert both.count("Toys (continued)") == 1 and both.count("Toys matter") == 90


# Order and values

@pytest.fixture
def source(tmp_path) -> Callable[[str], str]:
    """Typst source of a chapter."""

    def source(chapter: str) -> str:
        site = shutil.copytree(SITE, tmp_path / "site")
        (site / "chapter.md").write_text(chapter, encoding="utf-8")
        with redirect_stderr(io.StringIO()):
            build(site, tmp_path / "out", tmp_path / "doctrees")
        return (tmp_path / "out" / "chapters" / "chapter.typ").read_text(encoding="utf-8")

    return source


def test_a_table_below_a_heading_follows_the_words_that_say_what_it_is(source):
    made = source("# Toys\n\n## Counted\n\n| Toy | Now |\n| --- | --- |\n| Bear | 3 |\n\nWords.\n\nMore.\n")
    assert made.index("Counted") < made.index("Words") < made.index("fit-table((") < made.index("More")


def test_a_heading_goes_where_the_one_table_below_it_goes(source):
    made = source("# Toys\n\n## Counted\n\n| Toy | Now |\n| --- | --- |\n| Bear | 3 |\n\n## Others\n\nWords.\n")
    assert "#fit-table(heading: [#heading(depth: 2)[Counted] #label(" in made
    assert made.count("[Counted]") == 2 and made.index("Bear") < made.index("Others")


def test_a_table_below_a_judgement_stands_apart_from_it():
    translator = object.__new__(TypstTranslator)
    for before, apart in (("\n\n#judgement(x)", True), ("Words.", False)):
        translator.body = [before, "\n\n"]
        translator.put_table("#fit-table((auto, ))")
        assert ("apart: true" in translator.body[-1]) == apart


def test_values_are_printed_as_text_with_real_minus_signs_and_names_as_code(source):
    made = source("# Toys\n\nFrom `-0.5 to 6.5`, `1,000` or `toy_year`.\n")
    assert "From −0\\.5 to 6\\.5" in made and "1\\,000" in made and 'raw("toy_year")' in made


def test_cards_of_a_list_know_its_ends(printed):
    made = (printed / "chapters" / "index.typ").read_text(encoding="utf-8")
    cards = re.findall(r"#claim-card\(.*", made)
    assert "first: true" in cards[0] and "last: true" in cards[-1] and len(cards) == 2


# Pictures

@pytest.fixture
def drawn(tmp_path, monkeypatch) -> Callable[[float, float], float]:
    """Share of the page's width that a drawing of the given size takes."""

    def share(width: float, height: float) -> float:
        studio = Studio(tmp_path / "drawings")
        monkeypatch.setattr(studio, "svg", lambda spec, prefix: f'<svg viewBox="0 0 {width} {height}"></svg>')
        return Pictures(tmp_path, studio).chart({"id": "toy", "wide": {}}).share

    return share


def test_charts_have_type_of_one_size(drawn):
    assert drawn(690, 300) == 1
    assert drawn(345, 300) == 0.5


def test_a_chart_wider_or_taller_than_the_page_is_shrunk(drawn):
    assert drawn(800, 300) == 1
    assert drawn(690, 1380) == pytest.approx(0.5)


@pytest.mark.parametrize(("drawn", "share", "printed"), [
    ("10px", 0.5, 7), ("30px", 0.5, 19), ("10px", 0.25, 7)])
def test_the_words_of_a_chart_are_never_smaller_than_seven_points(drawn, share, printed):
    svg = legible(f'<svg viewBox="0 0 345 300"><text font-size="{drawn}">toy</text></svg>', share)
    size = float(re.search(r'font-size="([\d.]+)px"', svg)[1])
    assert size * share * 154 / 25.4 * 72 / 345 == pytest.approx(printed, abs=0.1)
    assert size >= float(drawn.removesuffix("px"))


def test_a_chart_shown_again_is_smaller_where_it_stands_beside_its_words(tmp_path, monkeypatch):
    studio = Studio(tmp_path / "drawings")
    monkeypatch.setattr(studio, "svg", lambda spec, prefix: '<svg viewBox="0 0 {} {}"></svg>'.format(*spec["size"]))
    payload = {"id": "toy", "wide": {"size": (680, 400)}, "narrow": {"size": (345, 400)}}
    assert Pictures(tmp_path, studio).chart(payload, scale=0.8).share == pytest.approx(0.4)


@pytest.mark.parametrize(("wide", "narrow", "beside"), [
    ((680, 400), (340, 400), True), ((680, 400), (340, 900), False), ((680, 200), (340, 200), False),
    ((680, 400), (400, 400), False)])
def test_a_chart_that_says_as_much_when_narrow_stands_beside_its_words(wide, narrow, beside, tmp_path, monkeypatch):
    studio = Studio(tmp_path / "drawings")
    monkeypatch.setattr(studio, "svg", lambda spec, prefix: '<svg viewBox="0 0 {} {}"></svg>'.format(*spec["size"]))
    picture = Pictures(tmp_path, studio).chart({"id": "toy", "wide": {"size": wide}, "narrow": {"size": narrow}})
    assert picture.beside == beside
    assert picture.share == pytest.approx((narrow if beside else wide)[0] / 690)


STRIP = {"vconcat": [{"width": 200, "encoding": {"x": {"field": "rank", "scale": {"domain": [0.3, 39.7]}}}}]}


@pytest.mark.parametrize(("narrow", "wide", "as_much"), [
    ({}, {}, True),
    ({"datasets": {"a": [1] * 8}}, {"datasets": {"a": [1] * 10}}, False),
    ({"datasets": {"a": [1] * 9}}, {"datasets": {"a": [1] * 10}}, True),
    ({"axis": {"labelAngle": -50}}, {}, False),
    ({"axis": {"labelAngle": -50}}, {"axis": {"labelAngle": -45}}, True),
    (STRIP, {}, True),
    ({"vconcat": [{**STRIP["vconcat"][0], "width": 190}]}, {}, False),
    ({"vconcat": [{"width": 120}], "datasets": {"a": [1] * 101}}, {}, False),
    ({"vconcat": [{"width": 120}], "datasets": {"a": [1] * 100}}, {}, True),
    ({"hconcat": [{"width": 160}], "datasets": {"a": [1] * 101}}, {}, True)])
def test_a_narrow_drawing_that_leaves_out_crowds_or_turns_what_the_wide_one_shows_is_not_printed(narrow, wide, as_much):
    assert says_as_much({"narrow": narrow, "wide": wide}) == as_much
    assert not says_as_much({"wide": wide})


def test_the_words_of_a_chart_are_in_the_typeface_of_the_book(tmp_path):
    spec = {"data": {"values": [{"x": 1}]}, "mark": "text", "encoding": {"text": {"value": "word"}}}
    picture = Pictures(tmp_path, Studio(tmp_path / "drawings")).chart({"id": "toy", "wide": spec})
    assert (tmp_path / picture.path[1:]).read_text().startswith("<svg font-family=\"'Source Sans 3', sans-serif\"")


def test_pictures_of_earlier_builds_are_removed(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "old.svg").write_text("")
    Pictures(tmp_path, Studio(tmp_path / "drawings")).forget_unused()
    assert not list((tmp_path / "figures").iterdir())


def test_a_chart_that_cannot_be_drawn_is_an_error_that_names_the_figure(tmp_path):
    with pytest.raises(PrintError, match="figure toy: its chart cannot be drawn"):
        Pictures(tmp_path, Studio(tmp_path / "drawings")).chart({"id": "toy", "wide": {"mark": "no such mark"}})


# Formulas and numbers

@pytest.mark.parametrize(("latex", "formula"), [
    (r"x_i^2", "x _(i) ^(2)"),
    (r"\frac{a+b}{2}", "frac(a + b, 2)"),
    (r"\bar{x} \le 0.05", "macron(x) <= 0.05"),
    (r"\text{per cent of } y", '"per cent of " y'),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a & = b \\\n & = c"),
])
def test_a_formula_is_translated(latex, formula):
    assert to_typst(latex) == formula


@pytest.mark.parametrize("latex", [
    r"\sqrt{\frac{1}{n}\sum_{i=1}^{n}(x_i-\bar{x})^2}", r"d=|\theta_{i,t}-\theta_{j,t}|", r"\Pr(y=1\mid x)",
    r"\{a\} \times 100\,\%", r"\left(\frac{a}{b}\right)_{t-1} [0, 1)"])
def test_a_translated_formula_compiles(latex):
    typst.compile(f"$ {to_typst(latex)} $".encode(), format="svg")


@pytest.mark.parametrize("latex", [r"\frac{a}", "{a", "a}", r"\unknown", "x_"])
def test_a_faulty_formula_is_quoted_in_the_error(latex):
    with pytest.raises(MathError, match=re.escape(repr(latex))):
        to_typst(latex)


@pytest.mark.parametrize(("value", "words"), [(None, "–"), (0.12345, "0.123"), (-2.0, "−2"), (12345.6, "12,346")])
def test_a_quantity_is_rounded_for_readers(value, words):
    assert number(value) == words


@pytest.mark.parametrize(("rests", "inputs"), [("columns", {"columns": "uneven"}),
                                              ("figures", {"columns": "uneven", "figures": "float"})])
def test_what_hangs_on_places_gives_way_in_turn_where_a_layout_does_not_come_to_rest(tmp_path, rests, inputs):
    (tmp_path / "main.typ").write_text(f"""
#set document(title: "A")
#if "{rests}" not in sys.inputs {{
  context for _ in range(query(<more>).len() + 1) [#metadata(1)<more>]
}}
= A
""", encoding="utf-8")
    (tmp_path / "calm.typ").write_text('#set document(title: "B")\n= B', encoding="utf-8")
    press = Press(tmp_path, datetime(2026, 1, 1, tzinfo=UTC))
    assert press.pdf(tmp_path / "main.typ", tmp_path / "main.pdf") == inputs and (tmp_path / "main.pdf").exists()
    assert press.pdf(tmp_path / "calm.typ", tmp_path / "calm.pdf") == {}  # what gave way elsewhere is nothing to this file
