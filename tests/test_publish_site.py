"""A small site of toy numbers, built once: its pages, its ledger, and what a change rebuilds."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from PIL import Image
from test_publish_page import EMBED

from trilateral.publish.build import Places, offer_downloads
from trilateral.publish.html_tables import _prose
from trilateral.publish.lighthouse import served
from trilateral.publish.page_weight import weigh
from trilateral.publish.policy import policy as html_policy

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.build


def offline(folder):
    """Environment of a process without a network, which imports the package beside a site.

    The environment's own .pth leads to this project; the copy of the package beside the site is to be used.
    """
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "offline"), str(folder)])}


def build(folder, *options):
    """Build with plain jupyter-book and without a network; what it said."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "--keep-going", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=offline(folder))


def copy_site(folder):
    shutil.copytree(ROOT / "tests" / "sites" / "sample", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "trilateral", folder / "trilateral", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    for name in ("requirements.txt", "pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = copy_site(tmp_path_factory.mktemp("site"))
    done = build(folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


def page(site, name):
    return (site / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")


class Requests(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "link") and attrs.get("rel") != "canonical":
            self.found += [attrs[key] for key in ("src", "href") if attrs.get(key)]


def test_the_builds_of_these_tests_have_no_network():
    ask = "import urllib.request; urllib.request.urlopen('https://example.org', timeout=5)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, env=offline(ROOT))
    assert "a process that must work without a network asked for example.org" in done.stderr


def test_no_page_asks_anyone_else_for_anything(site):
    html = site / "_build" / "html"
    for path in html.rglob("*.html"):
        parser = Requests()
        parser.feed(path.read_text(encoding="utf-8"))
        assert not [url for url in parser.found if re.match(r"(https?:)?//", url)], path
    styles = (html / "_static" / "book.css").read_text(encoding="utf-8")
    assert ".tl-figure" in styles and ".highlight" in styles and "--v:#" in styles
    assert not re.search(r"url\(['\"]?(https?:)?//|@import", styles)


def test_every_page_has_a_policy_that_knows_its_only_inline_script_and_the_style_of_the_lost_page_alone(site):
    for path in (site / "_build" / "html").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert text.count("<!DOCTYPE html>") == 1 and text.index("Content-Security-Policy") < text.index("<title>"), path
        if "figures" in path.parts:  # a frame in a page of others: no script at all
            assert f'content="{EMBED}"' in text and not re.search(r"<script|\son\w+=", text), path
            assert text.count('<link rel="icon" type="image/svg+xml" href="data:') == 1, path
            continue
        if 'http-equiv="refresh"' in text.lower():
            assert html_policy(*re.findall(r"<script>(.*?)</script>", text, re.DOTALL)) in text, path
            continue
        allowed = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
        scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        assert len(scripts) == 1 and len(styles) == text.count("<style") == (path.name == "404.html"), path
        lost = {"base": "'self'", "style": styles[0]} if styles else {}
        assert html_policy(*scripts, **lost) == allowed, path
        assert set(re.findall(r'<script type="([^"]+)"', text)) <= {"application/ld+json"}, path


ADDRESSES = 800
"""Bytes that the addresses of a published site add to the first load of the heaviest page; 450 with the shortest of hosts."""


def heavy(html):
    """Pages whose first load asks for more than 15 files, 250 kB or another host; also once the book has an address."""
    most = 250_000 - (0 if (html / "sitemap.xml").exists() else ADDRESSES)
    weights = {str(path.relative_to(html)): weigh(path, html) for path in [html / "search.html", *html.glob("book/**/*.html")]}
    return {page: weight for page, weight in weights.items()
            if weight.requests > 15 or weight.gzip_bytes >= most or weight.third_party}


def test_every_page_loads_little_and_the_search_page_too(site):
    html = site / "_build" / "html"
    assert heavy(html) == {}
    search = (html / "search.html").read_text(encoding="utf-8")
    assert re.findall(r'<script defer src="([\w/.]+)"', search) == [
        "_static/ledger.js", "_static/claims.js", "_static/find.js", "_static/search.js", "searchindex.js"]
    script = (html / "_static" / "ledger.js").read_text(encoding="utf-8")
    assert script.startswith('"use strict";') and not re.search(r"^(\s|//)", script.replace("\n\n", "\n"), re.MULTILINE)
    words = (html / "_static" / "find.js").read_text(encoding="utf-8")
    assert words.index("PorterStemmer = function") < words.index("new PorterStemmer()")
    assert not (html / "_static" / "searchtools.js").exists()


@pytest.mark.skipif(not BUILT.is_dir(), reason="the book is not built: run make book before make test to weigh its pages")
def test_every_page_of_the_built_book_loads_little():
    assert heavy(BUILT) == {}


def test_a_figure_is_readable_without_a_script_and_can_be_taken_away(site):
    text = page(site, "diagnosis/threats")
    figure = text[text.index('<figure class="tl-figure" id="toy-lines"'):].split("</figure>")[0]
    assert figure.count("<svg") == 2 and figure.count('role="img"') == 2
    assert "Test site, Toy index" in figure and "appendix/data.html#toy_index" in figure
    assert "What it cannot show" in figure
    folder = site / "_build" / "html" / "figures" / "threats"
    for suffix in (".csv", ".svg", ".png", ".vl.json", ".zip", ".js"):
        assert (folder / f"toy-lines{suffix}").stat().st_size > 500
        assert f"figures/threats/toy-lines{suffix}" in figure
    assert "toy index ends at" in (folder / "toy-lines.svg").read_text(encoding="utf-8")


@pytest.mark.skipif(not BUILT.is_dir(), reason="the book is not built: run make book before make test to look at its figures")
def test_every_figure_of_the_built_book_has_its_data_in_a_table_or_its_first_rows_and_where_the_rest_is():
    looked = 0
    for path in BUILT.glob("book/**/*.html"):
        for figure in re.findall(r'<figure class="tl-figure" id.*?</figure>', path.read_text(encoding="utf-8"), re.DOTALL):
            name = re.search(r'id="([^"]+)"', figure)[1]
            table = figure[figure.index('<details class="tl-data">'):]
            with next(BUILT.glob(f"figures/*/{name}.csv")).open(encoding="utf-8", newline="") as file:
                rows = len(list(csv.reader(file))) - 1
            shown = table.count("<tr>") - 1
            cut = f"The first 60 of {rows} rows" in table and f'{name}.csv" download' in table
            assert (shown == 60 and cut) if rows > 80 else shown == rows > 0, name
            looked += 1
    assert looked > 100


def test_the_zip_of_a_figure_says_what_is_in_it_and_where_it_comes_from(site):
    with zipfile.ZipFile(site / "_build" / "html" / "figures" / "threats" / "toy-lines.zip") as archive:
        assert {Path(name).name for name in archive.namelist()} == {
            "README.md", *(f"toy-lines{suffix}" for suffix in (".csv", ".svg", ".png", ".vl.json"))}
        note = archive.read("toy-lines/README.md").decode()
    for words in ("Index, points, 2000-2024", "What it cannot show: Toys do not drift.",
                  "- `index`: Toy index of the country in the year, made up; points, not a logarithm\n",
                  "- `country`: Name of the country\n", "Toy index (2024). The test site.", "License: CC0 1.0.",
                  "Cite as: The test site (2024). Toy index.", "@incollection{trilateral-ledger-toy-lines,",
                  "https://example.org/sample/book/diagnosis/threats.html#toy-lines"):
        assert words in note, words


def test_every_column_of_a_specification_curve_has_the_words_of_its_claim_in_the_zip_and_over_the_table(site):
    folder = site / "_build" / "html" / "figures" / "threats"
    columns = (folder / "toy-strip.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    with zipfile.ZipFile(folder / "toy-strip.zip") as archive:
        said = dict(re.findall(r"^- `(\w+)`: (.+)$", archive.read("toy-strip/README.md").decode(), re.MULTILINE))
    assert list(said) == columns == ["iso3", "first", "slope", "slope_low", "slope_high", "verdict"]
    assert said["slope"] == "Slope of the index on the year; points a year"
    assert said["slope_low"] == "Lower end of the 95 percent interval of slope; points a year"
    assert 'title="Slope of the index on the year; points a year">slope, points a year</th>' in page(site, "diagnosis/threats")


def test_an_embedded_figure_is_one_file_with_words_source_and_the_way_back(site):
    text = (site / "_build" / "html" / "figures" / "threats" / "toy-lines.html").read_text(encoding="utf-8")
    assert text.count("<svg") == 2 and text.count('aria-label="Three lines over 25 years.') == 2
    assert "Source: Test site, Toy index" in text and "<script" not in text and "src=" not in text
    assert '<p class="note">Toys do not drift.</p>' in text, "what marks mean can stand in the note alone"
    assert re.findall(r"url\((\w+)", text) == ["data"]
    assert 'href="https://example.org/sample/book/diagnosis/threats.html#toy-lines" target="_blank"' in text
    assert "&lt;iframe src=\"https://example.org/sample/figures/threats/toy-lines.html\"" in page(site, "diagnosis/threats")


def test_a_page_tells_other_sites_its_finding_its_verdicts_and_its_card(site):
    text = page(site, "diagnosis/threats")
    said = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)"', text))
    assert said["og:description"] == said["description"] == (
        "Japan&#x27;s toy index ends at 21 points. 2 claims: 1 supported, 1 not supported.")
    assert said["og:image"] == "https://example.org/sample/cards/threats.png" and "20.5 points" in said["og:image:alt"]
    assert '<link rel="canonical" href="https://example.org/sample/book/diagnosis/threats.html">' in text
    with Image.open(site / "_build" / "html" / "cards" / "threats.png") as card:
        assert card.size == (1200, 630)


def test_the_site_has_map_feed_and_a_first_page_that_says_what_the_front_page_says(site):
    html = site / "_build" / "html"
    assert (html / "sitemap.xml").read_text().count("<loc>https://example.org/sample/book/") == 5
    assert "<title>Version " in (html / "feed.xml").read_text(encoding="utf-8")
    first = (html / "index.html").read_text(encoding="utf-8")
    assert 'content="https://example.org/sample/cards/book.png"' in first and "url=book/index.html" in first


def test_what_the_site_does_not_have_is_answered_with_its_own_page_whose_links_start_at_its_address(site):
    html = site / "_build" / "html"
    text = (html / "404.html").read_text(encoding="utf-8")
    assert '<base href="/sample/">' in text and 'content="noindex"' in text and 'href="404.html#content"' in text
    links = re.findall(r'(?:href|src)="([\w/-]+\.\w+)"', text)
    assert "book/ledger.html" in links and all((html / link).exists() for link in links)
    with served(html) as address, pytest.raises(HTTPError) as answer:
        urlopen(f"{address}book/part/nowhere.html")
    assert answer.value.code == 404 and answer.value.read().decode() == text
    assert "<base" not in page(site, "index")


@pytest.mark.skipif(not BUILT.is_dir(), reason="the book is not built: run make book before make test")
def test_how_to_report_an_error_is_offered_where_there_is_a_place_for_reports():
    place = "names no place for reports" not in (BUILT / "book" / "appendix" / "errata.html").read_text(encoding="utf-8")
    assert ("how to report it" in (BUILT / "404.html").read_text(encoding="utf-8")) == place


def test_the_book_says_how_to_cite_its_parts_and_an_old_address_leads_on(site):
    text = re.sub(r"<[^>]+>", "", page(site, "ledger"))
    assert "“the index of the first country keeps rising.” Claim judged supported in “Do toys drift apart?”" in text
    assert "Errors are reported in the tracker. This copy has an address." in text
    assert 'href="https://gitlab.com/toys/ledger/-/issues">the tracker</a>' in page(site, "ledger")
    assert "url=diagnosis/threats.html" in page(site, "threats")


def test_every_id_of_a_page_is_there_once(site):
    for path in (site / "_build" / "html" / "book").rglob("*.html"):
        ids = re.findall(r'\sid="([^"]+)"', path.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids)), path


def test_links_within_the_book_arrive(site):
    html = site / "_build" / "html"
    for path in (html / "book").rglob("*.html"):
        for url in re.findall(r'href="([^"]+)"', path.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", url):
                continue
            target, _, anchor = url.partition("#")
            target = (path.parent / target).resolve() if target else path
            assert target.exists(), (path, url)
            if anchor and target.suffix == ".html":
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), (path, url)


def whole_addresses(html, home):
    """What files of a site name by its whole address, with a file that does; and which of it leads nowhere."""
    found = {}
    for path in html.rglob("*"):
        if path.suffix in {".html", ".js", ".json", ".xml", ".txt", ".bib", ".csv"}:
            for url in re.findall(rf"{re.escape(home)}([^\s\"'<>\\&;,)}}]*)", path.read_text(encoding="utf-8")):
                found.setdefault(url.rstrip(".”"), path)
    places = [(url, html / (url.partition("#")[0] or "index.html"), url.partition("#")[2]) for url in found]
    return set(found), {url for url, path, anchor in places if not path.is_file()
                        or (anchor and f'id="{anchor}"' not in path.read_text(encoding="utf-8"))}


def test_every_whole_address_of_the_site_leads_to_a_file_and_a_place_that_are_there(site):
    found, dead = whole_addresses(site / "_build" / "html", "https://example.org/sample/")
    assert {"feed.xml", "sitemap.xml", "book/index.html", "cards/book.png", "book/diagnosis/threats.html#toy-lines",
            "figures/threats/toy-lines.html"} <= found
    assert not dead


@pytest.mark.skipif(not (BUILT / "sitemap.xml").is_file(), reason="the book was built without an address of its site")
def test_every_whole_address_of_the_built_book_leads_to_a_file_and_a_place_that_are_there():
    home, = re.findall(r"^Sitemap: (.*)sitemap\.xml$", (BUILT / "robots.txt").read_text(), re.MULTILINE)
    found, dead = whole_addresses(BUILT, home)
    assert len(found) > 300 and dead == set()


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: install the package chromium to look at pages")
def test_below_a_path_of_a_host_no_page_asks_or_leads_outside_it(site, tmp_path):
    from playwright.sync_api import sync_playwright

    (tmp_path / "sample").symlink_to(site / "_build" / "html")
    (tmp_path / "404.html").symlink_to(site / "_build" / "html" / "404.html")  # a host shows that of the site
    lost = "no/such/page.html"
    pages = ["", "book/index.html", "book/diagnosis/threats.html", "book/ledger.html", "book/appendix/data.html",
             "search.html?q=toys", "figures/threats/toy-lines.html", "book/threats.html", lost]
    with served(tmp_path) as host, sync_playwright() as playwright:
        home, seen = f"{host}sample/", []
        tab = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]).new_page()
        tab.on("response", lambda answer: seen.append((answer.url, answer.status)))
        tab.on("requestfailed", lambda asked: asked.failure == "net::ERR_ABORTED" or seen.append((asked.url, asked.failure)))
        for name in pages:
            tab.goto(home + name, wait_until="networkidle")
            links = tab.evaluate("[...document.querySelectorAll('a[href], form')].map((each) => each.href ?? each.action)")
            assert links and not [link for link in links if link.startswith(host) and not link.startswith(home)], name
        tab.context.browser.close()
    assert len(seen) > 3 * len(pages) and [url for url, _ in seen if not url.startswith((home, "data:"))] == []
    assert {(url, status) for url, status in seen if status not in (200, 304)} == {(home + lost, 404)}
    assert (f"{home}_static/book.css", 200) in seen[-20:]  # the last page is that of what is not there


def test_code_is_folded_below_what_it_shows_without_tags(site):
    text = page(site, "diagnosis/threats")
    assert text.count('<details class="tl-code"><summary>Code</summary>') == text.count('class="cell docutils') > 0
    assert text.index('id="toy-lines"') < text.index("tickCount") < text.index('<section class="tl-judgement"')


def test_code_that_shows_nothing_joins_that_of_the_next_cell(site):
    text = page(site, "diagnosis/threats")
    first = text[text.index('<details class="tl-code">'):]
    first = first[:first.index("</details>")]
    assert "scipy.stats" in first and "tickCount" in first


def test_values_computed_below_stand_in_the_prose_above(site):
    words = re.sub(r"<[^>]+>", "", page(site, "diagnosis/threats"))
    assert re.search(r"The index rises by 0\.\d\d points a year", words)
    assert re.search(r"There are 3 claims, 2 judged, 1 of the\s+threats chapter supported", page(site, "index"))


def test_quotations_are_text_and_never_markup(site):
    for name in ("ledger", "index", "diagnosis/threats"):
        assert "<b>for good</b>" not in page(site, name)


def test_the_ledger_page_lists_every_claim_and_links_the_judged(site):
    text = page(site, "ledger")
    assert all(f'id="{claim}"' in text for claim in ("as-toy-rises", "as-toy-gap-closes", "as-toy-act"))
    assert 'href="diagnosis/threats.html#as-toy-rises"' in text and "not yet judged" in text


def test_a_judgement_shows_test_rule_and_rival_and_marks_the_line_that_held(site):
    text = page(site, "diagnosis/threats")
    card = text[text.index('<section class="tl-judgement" id="as-toy-gap-closes"'):].split("</section>")[0]
    for part in ("How it was decided", "<b>Test.</b>", "<b>Rival explanation.</b>", "none of the lines above holds",
                 "When written, too little data: Nothing was known.", "Caveat: Made-up numbers."):
        assert part in card
    assert card.count('class="tl-chosen"') == card.count("held now") == 1 and "held when written" not in card


def test_the_picture_names_every_claim_for_those_who_do_not_see_it(site):
    marks = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', page(site, "index"))
    assert len(marks) == 3 and all("When written:" in name and "Now:" in name for _, name in marks)
    assert {url for url, _ in marks} >= {"diagnosis/threats.html#as-toy-rises", "ledger.html#as-toy-act"}


def test_the_ledger_file_is_complete(site):
    ledger = json.loads((site / "_build" / "html" / "ledger.json").read_text(encoding="utf-8"))
    by_id = {claim["id"]: claim for claim in ledger["claims"]}
    rises = by_id["as-toy-rises"]
    assert len(by_id) == 3 and rises["now"]["verdict"] == "supported" and rises["tables"] == ["toy_index"]
    assert rises["now"]["specifications"]["tried"] == 9
    assert rises["now"]["quantities"]["slope"]["unit"] == "points a year"
    assert by_id["as-toy-gap-closes"]["written"]["verdict"] == "too little data"
    assert by_id["as-toy-act"]["url"] is None


def test_the_appendix_describes_a_table_and_offers_it(site):
    text = page(site, "appendix/data")
    assert 'id="toy_index"' in text and "CC0 1.0" in text and "ledger.html#as-toy-rises" in text
    assert (site / "_build" / "html" / "data" / "toy_index.csv").exists()


def test_the_contents_of_the_data_page_are_its_chapters_and_claims_are_named_by_their_words(site):
    text = page(site, "appendix/data")
    here = text[text.index('<nav class="here"'):].split("</nav>")[0]
    assert 'href="#all-tables"' in here and 'href="#tables-threats"' in here and 'href="#toy_index"' not in here
    assert "<b>Keep in mind.</b>" in text and "“the index of the first country keeps rising”</a>" in text


def test_the_data_page_says_who_uses_a_table_and_draws_the_years_it_covers(site):
    text = page(site, "appendix/data")
    assert "<dt>Used in</dt>" in text and "<dt>Figures</dt>" in text and "<dt>Verdicts</dt>" in text
    assert 'class="tl-coverage" role="img" aria-label="Years covered: ' in text


def test_the_data_page_lists_all_its_tables_first_complete_without_a_script(site):
    text = page(site, "appendix/data")
    overview = text[text.index('<section class="tl-index"'):].split("</section>")[0]
    assert re.findall(r'<a href="#(\w+)">', overview) == re.findall(r'<section class="tl-table" id="(\w+)"', text)
    assert '<form class="tl-filter" hidden' in overview and 'data/toy_index.csv" download aria-label="toy_index.csv' in overview


def test_in_the_words_of_a_table_other_tables_are_links_and_columns_are_code():
    assert _prose("Unlike other_table, `flag` and half_year, not_a_name here.", {"other_table"}, {"flag", "half_year"}) == (
        'Unlike <a href="#other_table"><code>other_table</code></a>, <code>flag</code> and <code>half_year</code>, '
        "not_a_name here.")


def test_claims_tables_and_figures_are_found_by_the_search_page(site):
    index = (site / "_build" / "html" / "searchindex.js").read_text(encoding="utf-8")
    pages = json.loads(index[index.index("(") + 1:index.rindex(")")])
    for word, name in (("close", "book/ledger"), ("wave", "book/diagnosis/threats"),
                       ("made", "book/appendix/data")):
        found = pages["terms"].get(word, [])
        found = found if isinstance(found, list) else [found]
        assert pages["docnames"].index(name) in found, word


def test_the_search_finds_no_words_of_code(site):
    index = (site / "_build" / "html" / "searchindex.js").read_text(encoding="utf-8")
    words = set(json.loads(index[index.index("(") + 1:index.rindex(")")])["terms"])
    chapter = (site / "book" / "diagnosis" / "threats.md").read_text(encoding="utf-8")
    assert "import" in chapter and "import" not in words and "encode" in chapter and "encod" not in words


def test_the_search_page_is_told_the_texts_of_a_page_by_heading_without_its_code(site):
    text = (site / "_build" / "html" / "_static" / "words" / "book-diagnosis-threats.js").read_text(encoding="utf-8")
    said = json.loads(text[text.index("]=") + 2:text.rindex(";")])
    passages = {anchor: rest for anchor, *rest in said["passages"]}
    assert said["url"] == "book/diagnosis/threats.html" and "The index rises by 0." in passages[""][1]
    assert "toy index ends at" in passages["toy-lines"][0] and "Toys do not drift." in passages["toy-lines"][1]
    assert {"JPN", "KOR"} <= set(passages["toy-lines"][2].split()) and "2024" not in passages["toy-lines"][2]
    assert "as-toy-rises" in passages and not re.search("tickCount|import|scipy", text)
    assert all(f'id="{anchor}"' in page(site, "diagnosis/threats") for anchor in passages if anchor)


def test_only_the_command_line_offers_the_pdf_and_the_kit(site, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(site / "_build" / "html", folder / "_build" / "html")
    assert "Notebook kit" not in page(folder, "ledger")
    places = Places(folder)
    chapter = places.chapter_pdfs / "trilateral-ledger-threats.pdf"
    for path in (places.pdf, places.kit, chapter):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"made")
    offer_downloads(places, PDF=places.pdf, Notebook_kit=places.kit)
    assert '<a href="../downloads/trilateral-ledger.pdf" download>PDF</a>' in page(folder, "ledger")
    assert '<a href="../../downloads/trilateral-ledger-kit.zip" download>Notebook kit</a>' in page(folder, "appendix/data")
    link = '<a href="../../downloads/trilateral-ledger-threats.pdf" download>This chapter as PDF</a>'
    assert link in page(folder, "diagnosis/threats") and "This chapter" not in page(folder, "ledger")
    for path in (places.pdf, chapter):
        assert (places.html / "downloads" / path.name).read_bytes() == b"made"


def test_a_footnote_stands_beside_its_sentence_and_nowhere_else(site):
    text = page(site, "diagnosis/coercion")
    note = re.search(r'<a class="footnote-reference[^>]* href="#([\w-]+)".*?</a>'
                     r'<span class="tl-side" role="note" id="([\w-]+)">'
                     r"<sup>1</sup> It <em>always</em> was.</span></p>", text, re.DOTALL)
    assert note and note[1] == note[2] and text.count("was.") == 1 and "<hr" not in text


def test_maths_needs_no_script(site):
    assert "<math" in page(site, "diagnosis/coercion")


def test_prose_reruns_nothing_a_table_reruns_its_chapter_and_what_was_collected_stays(site, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(site, folder)
    first = page(folder, "diagnosis/threats")
    build(folder)  # paths in the environment are those of another folder

    prose = folder / "book" / "diagnosis" / "coercion.md"
    prose.write_text(prose.read_text(encoding="utf-8") + "\nAnother sentence.\n", encoding="utf-8")
    done = build(folder)
    assert done.returncode == 0 and "Executing notebook" not in done.stdout + done.stderr
    ledger = json.loads((folder / "_build" / "html" / "ledger.json").read_text(encoding="utf-8"))
    assert sum(claim["url"] is not None for claim in ledger["claims"]) == 2

    table = folder / "data" / "toy_index.csv"
    table.write_text(re.sub(r"JPN,2024,.*", "JPN,2024,26.00", table.read_text(encoding="utf-8")), encoding="utf-8")
    done = build(folder)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (done.stdout + done.stderr).count("Executing notebook") == 1
    assert "ends at 26 points" in page(folder, "diagnosis/threats") and "ends at 26 points" not in first


@pytest.mark.parametrize(("old", "new", "message"), [
    ('claims.judge("as-toy-gap-closes"', 'claims.judge("as-toy-act-not"', "unknown claim id 'as-toy-act-not'"),
    ("{claims} threats", "{claims} nowhere", "no claim belongs to chapter 'nowhere'"),
    ("{verdict}`as-toy-rises`", "{verdict}`as-toy-risen`", "did you mean 'as-toy-rises'"),
    ("## Evidence", "## Toy lines", "figure toy-lines has the address of the heading “Toy lines”"),
    ('note="Toys do not drift.")', 'note="Toys do not drift.")\nlast', "figure toy-lines is not the last line of its cell"),
])
def test_an_unknown_claim_a_shared_address_or_a_figure_not_shown_stops_the_build_by_name(site, tmp_path, old, new, message):
    folder = tmp_path / "copy"
    shutil.copytree(site, folder)
    chapter = folder / "book" / "diagnosis" / "threats.md"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    done = build(folder)
    assert done.returncode != 0 and message in done.stdout + done.stderr
