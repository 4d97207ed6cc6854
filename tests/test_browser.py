"""The built book in a browser: every page, light and dark, on a desk and on a phone."""

from __future__ import annotations

import functools
import json
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from trilateral.publish.addresses import redirect

HTML = Path(__file__).parents[1] / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAGES = sorted(str(path.relative_to(HTML)) for path in (HTML / "book").rglob("*.html")) if HTML.is_dir() else []
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine: install the package chromium to look at pages"),
    pytest.mark.skipif(not PAGES, reason="the book is not built: run make book before make test to look at its pages"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"])


def visit(browser, page, size, scheme="light", script=True):
    """Open a page; what it asked for beyond its own folder, and what it complained about."""
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script)
    tab, outside, complaints = context.new_page(), [], []
    own = ("file:", "data:", "blob:")
    tab.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto((HTML / page).as_uri())
    return tab, outside, complaints


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_and_breaks_nothing(browser, page):
    tab, outside, complaints = visit(browser, page, DESK)
    tab.wait_for_timeout(200)
    assert (outside, complaints) == ([], [])
    tab.context.close()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_with_all_unfolded_axe_finds_no_violation_and_nothing_runs_over_the_edge(browser, page, scheme, size):
    from axe_playwright_python.sync_playwright import Axe

    tab, _, _ = visit(browser, page, size, scheme)
    tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # the rows of a data table are alike; a few of them tell what all would, in half the time
    tab.evaluate("document.querySelectorAll('.tl-data tbody tr:nth-child(n+6)').forEach((row) => row.remove())")
    found = Axe().run(tab).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"]
    tab.context.close()


def test_a_chart_becomes_interactive_on_demand(browser):
    page = next(page for page in PAGES if page.endswith("threats.html"))
    tab, outside, complaints = visit(browser, page, DESK)
    figure = tab.locator("figure").first
    figure.get_by_role("button", name="Explore").click()
    figure.locator("canvas, .vega-embed svg").first.wait_for(timeout=20_000)
    figure.locator(".vega-embed .mark-symbol path").nth(3).hover(force=True)
    assert tab.locator("#vg-tooltip-element.visible").count()
    assert (outside, complaints) == ([], [])
    tab.context.close()


EMBEDS = sorted(str(path.relative_to(HTML)) for path in (HTML / "figures").rglob("*.html"))[::40] if HTML.is_dir() else []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_to_embed_is_one_file_that_fits_its_frame_and_has_no_violation(browser, scheme, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    for page in EMBEDS:
        for size in (DESK, PHONE):
            alone = shutil.copy(HTML / page, tmp_path)  # without the book around it
            tab, outside, complaints = visit(browser, alone, size, scheme, script=True)
            loaded = tab.evaluate("performance.getEntriesByType('resource').map((each) => each.name.slice(0, 40))")
            assert not [name for name in loaded if not name.startswith("data:")] and (outside, complaints) == ([], []), page
            assert [rule["id"] for rule in Axe().run(tab).response["violations"]] == [], page
            assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"], page
            ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(20, 24, 31)" if scheme == "dark" else "rgb(255, 255, 255)")
            tab.context.close()


@pytest.fixture
def server():
    """The built book at an address of this machine."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=HTML)) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()


@pytest.mark.parametrize("width", [720, 375])
def test_the_code_to_embed_shows_the_figure_on_another_page_without_scrolling(browser, server, tmp_path, width):
    tab = browser.new_page()
    tab.goto(f"{server}/{next(page for page in PAGES if page.endswith('threats.html'))}")
    figure = tab.locator("figure.tl-figure").first
    figure.locator(".tl-share summary").click()
    texts = figure.locator(".tl-share pre").all_inner_texts()
    assert all(f"{server}/" in text for text in texts) and figure.locator(".tl-copy").count() == len(texts) == 2
    (tmp_path / "host.html").write_text(f"<!DOCTYPE html><body style='margin:0'>{texts[-1]}</body>", encoding="utf-8")
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto((tmp_path / "host.html").as_uri())
    frame = tab.frames[1]
    frame.locator("figure svg:visible").wait_for()
    assert frame.locator("figure svg:visible").get_attribute("aria-label")
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    tab.close()


def test_an_old_address_leads_on_with_its_anchor_and_a_lost_anchor_to_its_new_place(browser, tmp_path):
    for name in ("part/new.html", "other.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('<article><p id="claim">A claim</p><p id="lines">Lines</p></article>')
    redirect(tmp_path, {"old.html": "part/new.html", "old.html#lines": "other.html#lines", "other.html#gone": "part/new.html"})
    tab = browser.new_page()
    for old, new in (("old.html#claim", "part/new.html#claim"), ("old.html#lines", "other.html#lines")):
        tab.goto((tmp_path / old.partition("#")[0]).as_uri() + "#" + old.partition("#")[2])
        tab.wait_for_url(f"**/{new}")
    tab.locator("#gone a").click()
    tab.wait_for_url("**/part/new.html")
    tab.close()


def test_the_ledger_is_filtered_by_words_and_complete_without_a_script(browser):
    page = next(page for page in PAGES if page.endswith("ledger.html"))
    claims = len(json.loads((HTML / "ledger.json").read_text())["claims"])
    tab, _, _ = visit(browser, page, DESK, script=False)
    assert tab.locator(".tl-ledger tbody tr").count() == claims
    tab.context.close()
    tab, _, _ = visit(browser, page, DESK)
    tab.get_by_label("Words").fill("balanced relationship")
    assert tab.locator(".tl-ledger tbody tr:visible").count() == 1
    tab.context.close()


def test_the_tables_are_filtered_by_words_and_country_and_a_link_to_a_hidden_one_shows_it(browser):
    page = next(page for page in PAGES if page.endswith("data.html"))
    tab, _, complaints = visit(browser, page, DESK)
    lines, entries = tab.locator(".tl-index tr[data-table]:visible"), tab.locator(".tl-table:visible")
    every = lines.count()
    tab.get_by_label("Words").fill("chinese visitors japan")
    assert 0 < lines.count() == entries.count() < every
    assert tab.locator('.tl-index a[href="#visitors_to_japan"]').is_visible()
    tab.get_by_label("Words").fill("")
    tab.locator(".tl-index select[name=country]").select_option("PRK")
    assert 0 < lines.count() < every
    tab.evaluate("location.hash = 'visitors_to_japan'")
    tab.locator("#visitors_to_japan h3").wait_for()
    assert lines.count() == every and complaints == []
    tab.context.close()
