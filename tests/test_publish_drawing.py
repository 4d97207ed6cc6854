"""Drawings for pages and for download; notebooks' fingerprints."""

import io
import json
import multiprocessing
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from pybtex import plugin
from sphinx import builders
from sphinx.builders import Builder
from sphinx.errors import ExtensionError
from sphinx.util.parallel import ParallelTasks

from trilateral.publish import cards, drawing, fingerprint, html_figures, mime, sphinx_process
from trilateral.publish.chapters import chapters, tables_in

ROOT = Path(__file__).parents[1]

SVG = ('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"><defs><clipPath id="clip7">'
       '</clipPath></defs><path class="mark-line role-mark" aria-label="x: 1" role="graphics-symbol" '
       'clip-path="url(#clip7)" d="M1.23456,2.00001L3,4" stroke="#1d3fb0"/></svg>')


def test_ids_of_a_drawing_begin_with_the_figure_and_are_found_again():
    tidy = drawing.tidy(SVG, "toy")
    assert 'id="toy-1"' in tidy and "url(#toy-1)" in tidy and "clip7" not in tidy


def test_a_drawing_loses_needless_digits_and_attributes_alone():
    tidy = drawing.tidy(SVG, "toy")
    assert "M1.23,2L3,4" in tidy and "aria-" not in tidy and "role=" not in tidy and 'stroke="#1d3fb0"' in tidy


def test_an_inline_drawing_is_named_and_fits_its_place():
    inline = drawing.inline(drawing.tidy(SVG, "toy"), "tl-wide", 'Rises from 1 to "2"')
    assert 'role="img" aria-label="Rises from 1 to &quot;2&quot;"' in inline
    assert not re.search(r"<svg[^>]* width=", inline) and "max-width:40px;aspect-ratio:40/20" in inline


DATES = """
import sys
from pathlib import Path
from trilateral.publish.drawing import Studio
spec = {"data": {"values": [{"day": "1988-06-01", "value": 1}, {"day": "2020-06-01T00:00:00", "value": 2}]}, "mark": "point",
        "encoding": {"x": {"field": "day", "type": "temporal"}, "y": {"field": "value", "type": "quantitative"}}}
print(Studio(Path(sys.argv[1])).svg(spec, "dates"))
"""


def test_dates_stand_at_the_same_place_in_every_time_zone(tmp_path):
    drawn = [subprocess.run([sys.executable, "-c", DATES, str(tmp_path / zone)], text=True, capture_output=True, check=True,
                            env=os.environ | {"TZ": zone}).stdout for zone in ("Asia/Seoul", "America/New_York")]
    assert "2020" in drawn[0] and drawn[0] == drawn[1]


@pytest.mark.parametrize(("docnames", "order"), [
    (["charts", "more charts", "words"], ["words", "charts", "more charts"]), (["charts", "more charts"], "one by one"),
    (["charts"], "one by one"), (["ledger", "words"], ["words", "ledger"])])
def test_no_process_that_drew_a_figure_is_copied_to_write_other_pages(monkeypatch, docnames, order):
    written, writers = [], []
    monkeypatch.setattr(Builder, "_write_parallel", lambda self, names, nproc: written.append(names) or writers.append(nproc))
    sphinx_process.start_with_a_page_without_figures()
    page = {"figures": {}, "shows": False, "follows": False}
    records = {"charts": page | {"figures": {"toy": 1}}, "more charts": page | {"shows": True}, "words": page,
               "ledger": page | {"follows": True}}
    builder = SimpleNamespace(env=SimpleNamespace(trilateral=records), _write_serial=lambda _: written.append("one by one"))
    Builder._write_parallel(builder, docnames, 1)
    assert written == [order] and writers in ([], [2]), "on two processors Sphinx asks for one writer"


def test_the_longest_pages_are_taken_first(monkeypatch, tmp_path):
    for name, size in {"c": 3, "e": 5, "a": 1, "d": 4, "b": 2}.items():
        (tmp_path / f"{name}.md").write_text("x" * size)
    monkeypatch.setattr(builders, "make_chunks", None)
    sphinx_process.share_out_page_by_page(tmp_path)
    taken, tasks, handed_out = [], ParallelTasks(1), multiprocessing.get_context("fork").Event()
    for page in builders.make_chunks(list("abcde"), 1):
        tasks.add_task(lambda names: handed_out.wait(60), page, lambda names, _: taken.extend(names))
    handed_out.set()
    tasks.join()
    assert taken == list("edcba")


def test_formats_of_citations_are_found_without_a_look_through_all_packages(monkeypatch):
    monkeypatch.setattr(plugin, "_RUNTIME_PLUGINS", {})
    found = [plugin.find_plugin("pybtex.backends", name) for name in ("docutils", "plaintext")]
    sphinx_process.find_formats_of_citations_once()
    monkeypatch.setattr(plugin, "entry_points", lambda **_: pytest.fail("looked through all packages"))
    assert [plugin.find_plugin("pybtex.backends", name) for name in ("docutils", "plaintext")] == found


def test_a_poster_carries_headline_subtitle_note_and_source():
    poster = drawing.poster(SVG, "A <b>headline</b>", "A subtitle", "Hollow: doubtful.", "Source: someone.")
    assert "A &lt;b&gt;headline&lt;/b&gt;" in poster and "A subtitle" in poster
    assert poster.index("Hollow: doubtful.") < poster.index("Source: someone.")
    without = drawing.poster(SVG, "A <b>headline</b>", "A subtitle", "", "Source: someone.")
    assert without.count("<text") == poster.count("<text") - 1


def test_a_picture_for_download_has_the_size_asked_for_and_the_letters_of_the_book(tmp_path):
    words = "".join(f'<text x="5" y="{15 + 20 * line}" font-family="{face}">Seoul 서울 東京</text>' for line, face in
                    enumerate(("Source Sans 3", "Noto Sans CJK JP, Source Sans 3", "Noto Sans CJK KR, Source Sans 3")))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 120 60">{words}</svg>'
    image = Image.open(io.BytesIO(drawing.Studio(tmp_path).png(svg, 3)))
    assert image.size == (360, 180)
    darkest = [image.convert("L").crop((0, 60 * line, 360, 60 * line + 60)).getextrema()[0] for line in range(3)]
    assert max(darkest) < 40, "every line is written"


def test_a_specification_for_elsewhere_carries_headline_subtitle_note_and_each_source_once():
    source = {"source_line": "An office (2024)"}
    payload = {"headline": "It rises", "subtitle": "Points", "alt": "A line.", "note": "Gray: others.",
               "sources": [source, source], "wide": {"mark": "line", "height": 300, "autosize": {"type": "fit"}}}
    spec = drawing.portable(payload)
    assert spec["title"]["text"] == ["It rises"] and spec["description"] == "A line."
    assert spec["title"]["subtitle"] == ["Points", "Gray: others.", "Source: An office (2024). The Trilateral Ledger."]
    assert spec["height"] > 300 and payload["wide"]["height"] == 300
    assert spec["background"] == "#ffffff", "readable on a dark page"


def test_a_chart_with_sliders_asks_to_be_set_and_any_other_to_be_explored():
    slider = {"name": "drift", "value": 0.2, "bind": {"input": "range"}}
    assert html_figures._invitation({"wide": {"params": [slider]}}) == "Change the settings"
    assert html_figures._invitation({"wide": {"params": [{"name": "view"}]}}) == "Explore"
    assert html_figures._invitation({"wide": {}}) == "Explore"


def test_numbers_of_a_column_have_the_same_sensible_decimals_and_true_minus_signs():
    assert html_figures._rounded(["-0.12345", "12.3", ""]) == [
        '<td class="n">−0.1</td>', '<td class="n">12.3</td>', '<td class="n"></td>']
    assert html_figures._rounded(["2010", "-5"]) == ['<td class="n">2010</td>', '<td class="n">−5</td>']
    assert html_figures._rounded(["a", "1.23456"]) == ["<td>a</td>", "<td>1.23456</td>"]


def test_beside_units_numbers_are_rounded_by_unit_and_stay_apart():
    amounts, units = ["91", "118", "99.86", "97.58", "100", "3.8", "3.9"], ["craft"] * 2 + ["of 100"] * 3 + ["of 5"] * 2
    shown = [re.sub("<[^>]*>", "", cell) for cell in html_figures._rounded(amounts, units)]
    assert shown == ["91", "118", "99.9", "97.6", "100.0", "3.8", "3.9"]


def test_a_drawing_is_kept_and_not_drawn_twice(tmp_path, monkeypatch):
    studio = drawing.Studio(tmp_path)
    monkeypatch.setattr(drawing.session, "svg", lambda spec: SVG)
    first = studio.svg({"mark": "bar"}, "toy")
    monkeypatch.setattr(drawing.session, "svg", lambda spec: 1 / 0)
    assert studio.svg({"mark": "bar"}, "toy") == first


def test_an_output_is_the_same_from_a_kernel_and_from_the_cache():
    kernel = {"b": {"z": 1, "a": 2}, "a": 3}
    assert list(mime.canonical(kernel)) == list(mime.canonical(json.dumps(kernel))) == ["a", "b"]
    assert list(mime.canonical(kernel)["b"]) == ["a", "z"]


NOTEBOOK = "---\njupytext:\n  x: 1\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# A title\n"


def test_a_fingerprint_stands_in_the_kernels_description_and_nowhere_else():
    stamped = fingerprint.stamped(NOTEBOOK, "abc")
    assert stamped == NOTEBOOK.replace("kernelspec:\n", "kernelspec:\n  fingerprint: abc\n")
    assert fingerprint.stamped("# A page\n", "abc") == "# A page\n"


def test_a_fingerprint_stands_within_the_braces_of_a_kernels_description_too():
    flow = "---\njupytext: {x: 1}\nkernelspec: {name: python3}\n---\n\n# A title\nkernelspec:\n  not here\n"
    assert fingerprint.stamped(flow, "abc") == flow.replace("{name", "{fingerprint: abc, name")


def test_a_kernels_description_that_cannot_take_a_fingerprint_is_an_error_that_says_how_to_write_it():
    with pytest.raises(ExtensionError, match="on one line"):
        fingerprint.stamped("---\nkernelspec: {\n  name: python3}\n---\n", "abc")


def test_every_notebook_of_the_book_takes_its_fingerprint():
    for path in chapters(ROOT):
        source = path.read_text(encoding="utf-8")
        assert "fingerprint: abc" in fingerprint.stamped(source, "abc"), path


def test_a_fingerprint_changes_with_the_tables_a_notebook_loads_but_not_with_its_prose():
    loads = NOTEBOOK + 'load("un_ideal_points")'
    assert tables_in(loads + " data.load('leaders')") == {"un_ideal_points", "leaders"}
    assert fingerprint.of(loads, "threats") != fingerprint.of(NOTEBOOK, "threats")
    assert fingerprint.of(loads + "\nMore prose.", "threats") == fingerprint.of(loads, "threats")
    assert fingerprint.of(loads, "threats") != fingerprint.of(loads, "aid")


def test_a_notebook_is_outdated_when_what_it_depends_on_is_not_what_it_was(tmp_path, monkeypatch):
    (tmp_path / "threats.md").write_text(NOTEBOOK)
    env = SimpleNamespace(found_docs={"book/threats"}, doc2path=lambda docname: tmp_path / "threats.md")
    source = [NOTEBOOK]
    fingerprint.source_read(SimpleNamespace(env=env), "book/threats", source)
    assert source == [fingerprint.stamped(NOTEBOOK, fingerprint.of(NOTEBOOK, "threats"))]
    assert fingerprint.outdated(None, env, set(), set(), set()) == []
    book = fingerprint._register()
    claims = [claim | {"rule": []} if claim["chapter"] == "threats" else claim for claim in book["claims"]]
    monkeypatch.setattr(fingerprint, "_register", lambda: book | {"claims": claims})
    assert fingerprint.outdated(None, env, set(), set(), set()) == ["book/threats"]
    env.found_docs.clear()  # a page that is no more
    assert fingerprint.outdated(None, env, set(), set(), set()) == []


def test_one_source_stands_in_full_and_several_are_named_by_their_makers():
    toy = {"table": "toys", "title": "Toys", "source_line": "Toy Office, Toys (2026), CC BY 4.0"}
    other = {"table": "balls", "title": "Balls", "source_line": "Ball Office; Toy Office, Balls (2025), MIT"}
    assert html_figures.credits({"sources": [toy, toy]}, "") == (
        '<p class="tl-source">Source: Toy Office, Toys (2026), CC BY 4.0</p>')
    several = html_figures.credits({"sources": [toy, other]}, "data.html")
    assert "<summary>Sources: Toy Office; Ball Office</summary>" in several
    assert '<a href="data.html#balls">Ball Office; Toy Office, Balls (2025), MIT</a></p>' in several


def test_the_maker_of_a_selection_is_the_survey_house_alone():
    line = "Poll House / Ask Institute (survey houses, compiled by hand), Polls, old and new (2026), see rows"
    asked = {"table": "polls", "title": "Polls, old and new", "source_line": line}
    toy = {"table": "toys", "title": "Toys", "source_line": "Ann, Bo and Cy (EU), from a list, Toys (2026), CC BY 4.0"}
    line = html_figures.credits({"sources": [asked, toy]}, "")
    assert "<summary>Sources: Poll House / Ask Institute; Ann, Bo and Cy (EU)</summary>" in line


def test_a_data_table_names_countries_and_units_and_says_yes_or_no():
    iso, pact = "Donor; ISO 3166-1 alpha-3 code", "1 if it binds, else 0"
    share = "Share of the donor; percent, empty if not known"
    assert html_figures._in_words(iso, ("USA", "DEU", "NGA", "OECD")) == ["United States", "Germany", "Nigeria", "OECD"]
    assert html_figures._in_words(pact, ("1", "0", "")) == ["yes", "no", ""]
    assert html_figures._in_words("1 if known, else the year", ("1", "2020")) == ("1", "2020")
    heads = {("joint", share): "joint, percent", ("percent", share): "percent", ("low_percent", share): "low percent",
             ("billion", "Aid; billion US dollars of 2022"): "billion US dollars of 2022", ("RUS", pact): "Russia",
             ("million_a_year", "Aid; million US dollars of 2022"): "million a year, US dollars of 2022",
             ("n", "Rows"): "observations", ("gap_KOR", share): "gap South Korea, percent",
             ("size_usd_million", "Sales; million US dollars"): "sales, million US dollars",
             ("iso3", iso): "country", ("value", "Deaths; deaths a year, or percent of GDP"): "value",
             ("rate", "Exposed; people per 100,000 inhabitants"): "rate, people per 100,000 inhabitants"}
    for (name, meant), head in heads.items():
        assert html_figures._head(name, meant, ("3.5", "")) == head
    assert html_figures._head("joint", share, ("most",)) == "joint"


def test_a_card_in_another_script_has_its_figures_and_spaces_in_the_typeface_that_has_them():
    line = cards._line("주장 110개를", cards.LETTERS["ko"], 50, 100, "#000")
    assert re.findall(r'<tspan xml:space="preserve" font-family="[^"]*Source Sans 3[^"]*">([^<]*)</tspan>', line) == [" 110"]
    assert "tspan" not in cards._line("110 claims", cards.SERIF, 50, 100, "#000")
