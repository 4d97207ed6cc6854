"""What a page lets in, how it is served to be measured, and what Lighthouse says of it."""

import base64
import gzip
import hashlib
import html
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from docutils.core import publish_doctree
from docutils.nodes import term
from pygments import highlight
from pygments.lexers import PythonLexer

from trilateral.publish import bench, embed, lighthouse
from trilateral.publish.build import BuildError
from trilateral.publish.pages import INLINE, CodeFormatter, join, meanings
from trilateral.publish.policy import policy

PAGE = """default-src 'none'
script-src 'self'{script}
style-src 'self'{style}
style-src-attr 'unsafe-inline'
img-src 'self' data:
font-src 'self'
connect-src 'self'
form-action 'self'
base-uri {base}"""
EMBED = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"


def test_what_a_page_may_load_and_run_is_this_and_nothing_more():
    """Written out here, so that whoever lets in more must say so twice."""
    def digest(text):
        return f" 'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
    assert policy().split("; ") == PAGE.format(script="", style="", base="'none'").split("\n")
    assert policy("alert(1)", "alert(2)").split("; ") == PAGE.format(
        script=digest(b"alert(1)") + digest(b"alert(2)"), style="", base="'none'").split("\n")
    assert policy(base="'self'", style="p{}").split("; ") == PAGE.format(
        script="", style=digest(b"p{}"), base="'self'").split("\n")


def test_a_figure_to_embed_may_run_nothing_and_load_nothing_but_what_it_holds():
    assert embed.POLICY == EMBED


def test_scripts_and_styles_within_the_text_are_taken_out_whole():
    text = "<div>\n<style scoped>\n .a { color: red }\n</style>\n<table></table><script>let a = '<b>';</script></div>"
    assert INLINE.sub("", text) == "<div>\n<table></table></div>"


def test_a_term_is_explained_by_its_glossary_in_one_line():
    glossary = publish_doctree("rule\n  What turns quantities\n  into a verdict.\n\nrival\n  Another explanation.\n")
    for each in glossary.findall(term):
        each["ids"] = [f"term-{each.astext()}"]
    assert meanings(glossary) == {"term-rule": "What turns quantities into a verdict.", "term-rival": "Another explanation."}


def test_code_marks_what_a_reader_looks_for_and_kinds_of_one_color_share_an_element(tmp_path):
    code = 'from a import b  # why\nprint(f"{x} of", 1 if not y else None)\n'
    text = highlight(code, PythonLexer(), CodeFormatter(nowrap=True))
    assert html.unescape(re.sub(r"<[^>]+>", "", text)) == code
    assert re.findall(r'<span class="(\w+)">([^<]*)</span>', text) == [
        ("k", "from"), ("k", "import"), ("c", "# why"), ("m", "print"), ("s", 'f"{'), ("s", '} of"'), ("m", "1"),
        ("k", "if"), ("k", "not"), ("k", "else"), ("k", "None")]
    rules = "".join(f'html[data-theme="light"] .highlight .{kind} {{ color: #123456 }}\n' for kind in ("k", "kn", "s1"))
    (tmp_path / "a.css").write_text(f".highlight {{ color: red }}\n{rules}")
    join([tmp_path / "a.css"], tmp_path / "b.css")
    assert re.findall(r"\.highlight ?(?:\.(\w+))?", (tmp_path / "b.css").read_text()) == ["", "k"]


def test_a_folder_is_served_packed_as_a_host_does(tmp_path):
    (tmp_path / "page.html").write_text("words " * 500)
    with lighthouse.served(tmp_path) as address:
        with urllib.request.urlopen(f"{address}page.html") as answer:
            sent = answer.read()
            assert answer.headers["Content-Encoding"] == "gzip" and gzip.decompress(sent) == b"words " * 500
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}other.html")


@pytest.fixture
def tool(tmp_path, monkeypatch):
    def put(code):
        path = tmp_path / lighthouse.COMMAND
        path.write_text(f"#!/bin/sh\n{code}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return put


def report(**scores):
    found = {"performance": 1, "accessibility": 1, "best-practices": 1, "seo": 1} | scores
    return json.dumps({"categories": {name: {"score": score} for name, score in found.items()}})


def test_scores_are_hundredths_and_the_median_of_the_runs(tool, tmp_path):
    for run, score in enumerate((0.97, 0.41, 1)):
        (tmp_path / f"{run}.json").write_text(report(performance=score))
    tool(f'for run in 0 1 2; do if mkdir "{tmp_path}/$run" 2>/dev/null; then cat "{tmp_path}/$run.json"; exit; fi; done')
    found = lighthouse.scores("http://127.0.0.1/", "chromium")
    assert found == {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}


@pytest.mark.parametrize("code, said", [
    ("echo 'no browser' >&2; exit 1", "failed:\nno browser"),
    (f"echo '{report(performance=None)}'", "no score for performance")])
def test_a_run_without_a_score_says_why(tool, code, said):
    tool(code)
    with pytest.raises(BuildError, match=said):
        lighthouse.scores("http://127.0.0.1/", "chromium")


def test_a_score_below_what_is_asked_is_missed_and_one_above_is_not():
    assert bench.Row("score", 94, None, 95, more_is_better=True).missed
    assert not bench.Row("score", 100, None, 95, more_is_better=True).missed


def test_a_quarter_of_the_chapters_is_the_one_that_takes_a_quarter_of_the_time():
    seconds = dict(zip("abcdefgh", (70, 1, 40, 12, 13, 2, 30, 32), strict=True))
    assert bench.quarter(seconds) == ["c", "d"]
    assert len(bench.quarter({"a": 3.0, "b": 4.0})) == 1


def test_the_measures_take_the_place_of_those_in_the_readme_and_nothing_else_changes(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# One\n\n```text bench\nold\nold\n```\n\n```sh\nmake\n```\n", encoding="utf-8")
    bench.keep([str(bench.Row("PDF, s", 12.34, 20, 15)), "a note"], readme)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# One\n\n```text bench\nPDF, s") and text.endswith("\n```\n\n```sh\nmake\n```\n")
    assert "old" not in text
    assert "12.3" in text and "15 kept\na note\n" in text and "processors" in text
    readme.write_text("# One\n", encoding="utf-8")
    with pytest.raises(BuildError, match="no block that begins with"):
        bench.keep([], readme)


def test_the_readme_has_a_place_for_the_measures():
    assert bench.KEPT.search((Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8"))


def test_a_bench_without_lighthouse_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(bench._lighthouse(tmp_path)) == [
        "Lighthouse was not asked: it takes Chromium and npm install --global lighthouse."]
