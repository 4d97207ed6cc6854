"""Text that would run, hide or burst a page, in the register, a sidecar and the bibliography: refused by name, or inert."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
import yaml
from printed_lines import misplaced
from test_browser import CHROMIUM
from test_publish_site import build, copy_site

from trilateral import claims, contract
from trilateral.publish import references

SAMPLE = Path(__file__).parent / "sites" / "sample" / "book"
RUN = "<script>alert('run')</script><img src=x onerror=alert('run')>"
WORD = "Donaudampfschifffahrtsgesellschaft" * 8
TEXTS = {"a formula": "=HYPERLINK(1)", "a formula with a sign": "-2+3+cmd|' /C calc'!A0",
         "a zero-width space": "an abc\u200bdef",
         "an Arabic letter mark": "an abc\u061cdef", "a tag": "an abc\U000e0041def", "a line separator": "an abc\u2028def",
         "a right-to-left override": "an abc\u202edef ghi", "a null byte": "an abc\0def ghi",
         "a lone surrogate": "an abc\ud800def ghi", "a bell": "an abc\adef ghi",
         "a letter that was lost": "an abc\ufffddef", "a noncharacter": "an abc\ufdd0def",
         "the last of a plane": "an abc\uffffdef", "a character of private use": "an abc\ue000def",
         "a private plane": "an abc\U000f0001def"}
REFUSED = "(like a formula|unseen control|no letter or sign)"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("field", ["paraphrase", "rival", "test", "speaker"])
def test_the_register_refuses_text_that_hides_or_computes_and_names_the_field(tmp_path, field, text):
    document = yaml.safe_load((SAMPLE / "claims.yml").read_text(encoding="utf-8"))
    document["claims"][0][field] = f"{text}, and so on, long enough for every field"
    path = tmp_path / "claims.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    said = rf"(?s)claim as-toy-rises, field {field}: .*{REFUSED}|not valid YAML in UTF-8: "
    with pytest.raises(claims.ClaimError, match=said):
        claims.read_register(path)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("field", ["title", "caveats", "producer"])
def test_a_sidecar_refuses_it_too(tmp_path, field, text):
    meta = yaml.safe_load((SAMPLE.parent / "data" / "toy_index.yml").read_text(encoding="utf-8"))
    words = f"{text}, and so on, long enough for every field"
    meta[field] = [words] if field == "caveats" else words
    path = tmp_path / "toy_index.yml"
    path.write_text(yaml.safe_dump(meta), encoding="utf-8")
    with pytest.raises(contract.TableError, match=rf"(?s)data/toy_index.yml.* entry {field}.*{REFUSED}|"
                                                  r"data/toy_index.yml: not valid YAML"):
        contract.read_sidecar(path)


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if not text.isprintable() or "cmd" in text])
def test_a_table_refuses_it_too(text):
    assert contract.not_plain(text)


PICTURELESS = ["\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u180e", "\u180f", "\u2065", "\u2800", "\u3164",
               "\ufe00", "\ufe0f", "\uffa0", "\ufff0", "\ufff9", "\U000e0100", "\U000e0fff"]
"""Letters and marks that Unicode tells programs to draw nothing for, and the braille cell without a dot."""


def test_every_character_that_unicode_calls_unseen_is_refused():
    unseen = [chr(point) for point in range(sys.maxunicode + 1)
              if unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and chr(point) not in "\t\n"]
    assert {"\xad", *"\u2066\u2067\u2068\u2069"} < set(unseen)
    assert [f"U+{ord(each):04X}" for each in [*unseen, *PICTURELESS] if "unseen" not in contract.not_plain(f"a{each}b")] == []


def test_every_character_of_private_use_and_every_noncharacter_is_refused_by_its_number():
    """The last two of each plane and U+FDD0 to U+FDEF are no characters, and never will be."""
    private = [point for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Co"]
    none = [*range(0xFDD0, 0xFDF0), *(plane * 0x10000 + last for plane in range(17) for last in (0xFFFE, 0xFFFF))]
    assert len(none) == 66 and len(private) == 137468
    assert [point for point in [*private, *none, 0xFFFC, 0xFFFD] if f"holds U+{point:04X}, " not in contract.not_plain(
        f"a{chr(point)}b")] == []


@pytest.mark.parametrize("character", ["\ufffd", "\uffff", "\ufdd0", "\ue000", "\U0001fffe", "\U0010ffff"])
def test_a_table_with_a_character_that_is_no_letter_or_sign_is_refused_with_row_and_column(tmp_path, character):
    meta = contract.read_sidecar(SAMPLE.parent / "data" / "toy_index.yml")
    meta["columns"].append({"name": "note", "type": "string", "title": "Note", "description": "Words."})
    sound = (SAMPLE.parent / "data" / "toy_index.csv").read_text(encoding="utf-8").splitlines()
    path, rows = tmp_path / "toy_index.csv", [f"{sound[0]},note", *(f"{line},Séoul 서울 🙂" for line in sound[1:])]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    contract.check_csv(path, meta)
    rows[3] += character
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    said = (r"data/toy_index\.csv, row 4 \(iso3 JPN, year 2002\), column note: .* "
            rf"holds U\+{ord(character):04X}, which stands for no letter or sign")
    with pytest.raises(contract.TableError, match=said):
        contract.check_csv(path, meta)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "\tx", "+A1", "-A1", "-2+3", "\n=1+1", " =1+1", "\u3000@SUM(A1)", " +A1",
                                  "\uff1dHYPERLINK(1)", "\uff20SUM(A1)", "\uff0bA1", "\uff0dA1", "\ufe66HYPERLINK(1)"])
def test_what_a_spreadsheet_reads_as_a_formula_is_refused(text):
    assert "formula" in contract.not_plain(text)


@pytest.mark.parametrize("text", ["東京 = 首都", "서울 (Seoul)", "a\tb", "a\nb", "naïve – “quoted” …", "１２", "−5", "－2.5"])
def test_plain_text_of_any_script_is_let_be(text):
    assert not contract.not_plain(text)


@pytest.mark.parametrize("number", ["-2.5", "+81", "-1.2e-05", "- a dash", "-12%", "-1,200"])
def test_numbers_with_a_sign_and_dashes_are_no_formulas(number):
    assert not contract.not_plain(number)


def test_bytes_that_are_no_text_are_a_fault_that_names_the_file(tmp_path):
    for name, source in (("claims.yml", SAMPLE / "claims.yml"), ("toy_index.yml", SAMPLE.parent / "data" / "toy_index.yml"),
                         ("references.bib", SAMPLE / "references.bib")):
        (tmp_path / name).write_bytes(source.read_bytes() + b"\n# \xed\xa0\x80\n")
    with pytest.raises(claims.ClaimError, match=r"claims\.yml is not valid YAML in UTF-8"):
        claims.read_register(tmp_path / "claims.yml")
    with pytest.raises(contract.TableError, match=r"data/toy_index\.yml: not valid YAML in UTF-8"):
        contract.read_sidecar(tmp_path / "toy_index.yml")
    bibliography, (fault,) = references.read(tmp_path / "references.bib")
    assert bibliography is None and fault.startswith("book/references.bib: ") and "utf-8" in fault


@pytest.mark.parametrize(("field", "value", "said"), [
    ("howpublished", r"\url{javascript:alert(2)}", "field howpublished: .* makes a link of a text"),
    ("note", r"\href{https://a.b}{here}", "field note: .* makes a link of a text"),
    ("url", "https://a.b/)[x](javascript:alert(5)", "field url: .* makes a link of a text"),
    ("url", "https://a.b/)<x>", "field url: .* holds markup"),
    ("url", "https://a.b/ c", "field url: .* is not the address of a web page"),
    ("title", "The <script>alert(1)</script>", "field title: .* holds markup"),
    ("title", "=cmd", "field title: .* begins like a formula"),
    ("note", "abc\u202edef", "field note: .* unseen control character"),
    ("author", "<b>Bold</b>, Ann", "field author 1: .* holds markup"),
    ("url", "javascript:alert(1)", "field url: .* makes a link of a text"),
    ("url", "ftp://a.b/c", "field url: .* is not the address of a web page"),
])
def test_the_bibliography_refuses_it_too(tmp_path, field, value, said):
    path = tmp_path / "references.bib"
    path.write_text(f"@misc{{one, {field} = {{{value}}}, year = {{2024}}}}\n", encoding="utf-8")
    _, faults = references.read(path)
    assert len(faults) == 1 and re.search(rf"^book/references.bib, entry one, {said}", faults[0])


def test_a_bibliography_that_does_not_parse_is_a_fault_and_no_crash(tmp_path):
    path = tmp_path / "references.bib"
    path.write_text("@misc{one, title = {Open\n", encoding="utf-8")
    bibliography, (fault,) = references.read(path)
    assert bibliography is None and fault.startswith("book/references.bib: ")


TABLES = f"""
## Section {WORD}

| Toy | Word | Points |
| --- | --- | ---: |
| One | {WORD} | 1 |
| Two | A word | 2 |

```{{code-cell}} python3
pd.DataFrame({{"toy": ["One", "Two"], "word": ["{WORD}", "A word"], "points": [1, 2]}})
```
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The sample site with markup and a very long word wherever text is printed."""
    folder = copy_site(tmp_path_factory.mktemp("hostile"))
    register = folder / "book" / "claims.yml"
    document = yaml.safe_load(register.read_text(encoding="utf-8"))
    for claim in document["claims"]:
        claim |= {"paraphrase": f"{RUN} {WORD}", "rival": f"{RUN} {WORD}", "speaker": f"{RUN} {WORD}",
                  "test": f"{claim['test']} {RUN} {WORD}"}
    register.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    sidecar = folder / "data" / "toy_index.yml"
    meta = yaml.safe_load(sidecar.read_text(encoding="utf-8"))
    meta |= {"title": f"Toy {RUN} {WORD}", "description": f"{RUN} {WORD}", "caveats": [f"{RUN} {WORD}"],
             "citation": f"{RUN} {WORD}", "producer": f"{RUN} {WORD}"}
    sidecar.write_text(yaml.safe_dump(meta, allow_unicode=True, sort_keys=False), encoding="utf-8")
    bibliography = folder / "book" / "references.bib"
    text = bibliography.read_text(encoding="utf-8")
    bibliography.write_text(text.replace("{Alignment Despite", f"{{{RUN} {WORD} Alignment Despite"), encoding="utf-8")
    chapter = folder / "book" / "diagnosis" / "threats.md"
    text = chapter.read_text(encoding="utf-8").replace("Japan's toy index", f"Japan's {WORD} index")
    chapter.write_text(text + TABLES, encoding="utf-8")
    for options in ((), ("--builder", "custom", "--custom-builder", "typst")):
        done = build(folder, *options)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    yield folder / "_build" / "html"
    shutil.rmtree(folder)


class Runs(HTMLParser):
    """What a browser would run of the words above."""

    def __init__(self):
        super().__init__()
        self.found, self.script = [], False

    def handle_starttag(self, tag, attrs):
        self.script = tag == "script"
        self.found += [f"<{tag} {name}>" for name, value in attrs if name.startswith("on") and "run" in (value or "")]

    def handle_endtag(self, tag):
        self.script = self.script and tag != "script"

    def handle_data(self, data):
        if self.script and re.match(r"\s*alert\(", data):
            self.found.append(data)


@pytest.mark.build
def test_markup_in_texts_is_printed_and_never_run(hostile):
    pages = sorted(hostile.rglob("*.html"))
    printed = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        reader = Runs()
        reader.feed(text)
        assert reader.found == [], page.name
        printed += "&lt;script&gt;alert(" in text
    assert printed >= 3


@pytest.mark.build
@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: install the package chromium to look at pages")
def test_neither_markup_nor_a_very_long_word_harms_a_page_on_a_phone(hostile):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for page in sorted((hostile / "book").rglob("*.html")):
            tab, said = browser.new_page(viewport={"width": 375, "height": 800}), []
            tab.on("dialog", lambda dialog, said=said: (said.append(dialog.message), dialog.dismiss()))
            tab.goto(page.as_uri())
            tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            tab.wait_for_timeout(100)
            assert said == [], page.name
            assert tab.evaluate("document.documentElement.scrollWidth") <= 375, page.name
            tab.close()


@pytest.mark.build
def test_a_very_long_word_stays_within_its_column_in_print(hostile):
    made = [*hostile.parent.glob("typst/*.pdf"), *hostile.parent.glob("typst/offprints/*.pdf")]
    assert len(made) == 2
    for path in made:
        printed = ""
        for page in pypdf.PdfReader(path).pages:
            assert misplaced(page) == [], f"{path.name}, page {page.page_number + 1}"
            printed += re.sub(r"[^A-Za-z]", "", page.extract_text())
        assert printed.count(WORD) >= 12
