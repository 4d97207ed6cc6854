"""The PDFs are set in processes of their own: the book, then its chapters with its numbers; what goes wrong is told."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from trilateral.publish import typst_press
from trilateral.publish.build import OFFPRINTS
from trilateral.publish.sphinx_log import explain

BOOK = '#set document(title: "Toys")\n#metadata((page: 7)) <places>\nAll toys.\n'
CHAPTER = '#set document(title: "One toy")\nPage #json("/places.json").page\n'


@pytest.fixture
def source(tmp_path) -> Path:
    (tmp_path / OFFPRINTS).mkdir()
    (tmp_path / OFFPRINTS / "one.typ").write_text(CHAPTER, encoding="utf-8")
    (tmp_path / OFFPRINTS / "toys-gone.pdf").write_bytes(b"")
    (tmp_path / "main.typ").write_text(BOOK, encoding="utf-8")
    typst_press.keep(tmp_path, "toys", datetime(2026, 1, 1, tzinfo=UTC))
    return tmp_path


def run(source: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "trilateral.publish.typst_press", str(source), "book"]
    return subprocess.run(command, capture_output=True, text=True, timeout=240)


def test_chapters_are_set_after_the_book_and_know_its_numbers(source):
    done = run(source)
    assert done.returncode == 0 and done.stderr == ""
    assert [line.rpartition(" in ")[0] for line in done.stdout.splitlines()] == ["set the book", "set 1 chapters"]
    assert pypdf.PdfReader(source / "toys.pdf").pages[0].extract_text() == "All toys."
    assert [path.name for path in (source / OFFPRINTS).glob("*.pdf")] == ["toys-one.pdf"]
    assert pypdf.PdfReader(source / OFFPRINTS / "toys-one.pdf").pages[0].extract_text() == "Page 7"


def test_the_same_bytes_come_from_one_process(source):
    run(source)
    apart = [(source / "toys.pdf").read_bytes(), (source / OFFPRINTS / "toys-one.pdf").read_bytes()]
    for part in typst_press.PARTS.values():
        part(source)
    assert [(source / "toys.pdf").read_bytes(), (source / OFFPRINTS / "toys-one.pdf").read_bytes()] == apart


RESTLESS = """#let asked = sys.inputs.at("columns", default: "even")
#let last = counter("turn")
#if asked == "even" { context last.update(last.final().first() + 1) }
"""


def test_chapters_are_told_what_gave_way_in_the_book(source):
    (source / "main.typ").write_text(f"{BOOK}{RESTLESS}Columns: #asked.\n", encoding="utf-8")
    (source / OFFPRINTS / "one.typ").write_text(f"{CHAPTER}Columns: #sys.inputs.at(\"columns\", default: \"even\").\n")
    done = run(source)
    assert done.returncode == 0, done.stderr
    assert "main: last columns end unevenly, as the layout does not come to rest" in done.stdout
    for path in (source / "toys.pdf", source / OFFPRINTS / "toys-one.pdf"):
        assert "Columns: uneven." in pypdf.PdfReader(path).pages[0].extract_text()


@pytest.mark.parametrize("text, code, told", [
    (BOOK + "#unknown()", 2, "the PDF cannot be made: unknown variable: unknown"),
    (BOOK + '#text(font: "No Such Face")[x]', 1, "the PDF: unknown font family: no such face"),
])
def test_what_typst_refuses_or_warns_of_ends_the_build_before_the_chapters(source, text, code, told):
    (source / "main.typ").write_text(text, encoding="utf-8")
    done = run(source)
    assert done.returncode == code and told in explain(done.stderr, source)
    assert not (source / OFFPRINTS / "toys-one.pdf").exists()
