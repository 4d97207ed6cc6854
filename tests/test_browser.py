"""The built book in a browser: every page, light and dark, on a desk and on a phone."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from trilateral.publish.addresses import redirect
from trilateral.publish.lighthouse import served

HTML = Path(__file__).parents[1] / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAGES = sorted(str(path.relative_to(HTML)) for path in (HTML / "book").rglob("*.html")) if HTML.is_dir() else []
LOST, FOUND = "404.html", "search.html?q=China"
EMBEDS = sorted(str(path.relative_to(HTML)) for path in (HTML / "figures").rglob("*.html")) if HTML.is_dir() else []
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
WAYS = [(scheme, size) for size in (DESK, PHONE) for scheme in ("light", "dark")]
WATCH = """
window.moved = 0;
window.refused = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

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


@pytest.fixture(scope="module")
def host():
    with served(HTML) as address:
        yield address


def visit(browser, page, size, scheme="light", script=True, host=None, **settings):
    """Open a page from its folder or a host; what it asked for elsewhere, and what it complained about."""
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script, **settings)
    context.add_init_script(WATCH)
    tab, outside, complaints = context.new_page(), [], []
    own = ("file:", "data:", "blob:", *filter(None, [host]))
    tab.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    name, mark, rest = page.partition("?")
    tab.goto((host + name if host else (HTML / name).as_uri()) + mark + rest)
    return tab, outside, complaints


def address(tab):
    """Where a page says it is; Playwright's own word of it comes later when a script has changed it."""
    return tab.evaluate("location.href")


def named(stem):
    return next(page for page in PAGES if page.endswith(f"{stem}.html"))


@pytest.mark.parametrize("page", [*PAGES, "index.html", LOST, "search.html"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_page_asks_nobody_else_breaks_nothing_is_refused_nothing_and_does_not_move(browser, host, page, size):
    tab, outside, complaints = visit(browser, page, size, host=host)
    tab.wait_for_url("**/book/index.html" if page == "index.html" else "**")
    tab.wait_for_timeout(250)
    assert (outside, complaints) == ([], [])
    assert tab.evaluate("[window.refused, window.moved]") == [[], 0]
    asked = tab.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert len(asked) < 15 and not [name for name in asked if "vega" in name]  # with the page itself at most 15
    tab.context.close()


TRIED = """() => {
  window.ran = [];
  const box = document.body.appendChild(document.createElement("div"));
  box.innerHTML = `<button onclick="ran.push('handler')">run</button><a href="javascript:void ran.push('link')">run</a>`;
  for (const each of box.children) each.click();
  box.append(Object.assign(document.createElement("script"), { src: "data:text/javascript,ran.push('data')" }));
  box.append(Object.assign(document.createElement("iframe"), { src: "data:text/html,framed" }));
  setTimeout(() => new Function("ran.push('text')")());  // later: what Playwright runs itself may make code from text
}"""
REFUSED = ["frame-src", "script-src eval", "script-src-attr inline", "script-src-elem data", "script-src-elem inline"]


@pytest.mark.parametrize("page", ["threats", LOST, "search.html", "embed", "embed without its policy"])
def test_no_handler_link_or_text_in_a_page_is_run_and_no_script_or_frame_of_data_is_let_in(browser, tmp_path, page):
    bare = page.startswith("embed ")  # where what is tried is seen to run
    path = HTML / (EMBEDS[0] if page.startswith("embed") else named(page) if page == "threats" else page)
    if bare:
        text, taken = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text(encoding="utf-8"))
        assert taken == 1
        path = tmp_path / "bare.html"
        path.write_text(text, encoding="utf-8")
    tab, _, _ = visit(browser, str(path), DESK)
    tab.evaluate(TRIED)
    tab.wait_for_timeout(500)
    ran, refused = tab.evaluate("[window.ran.sort(), window.refused.map((each) => each.trim()).sort()]")
    assert (ran, refused) == ((["data", "handler", "link", "text"], []) if bare else ([], REFUSED))
    tab.context.close()


@pytest.mark.parametrize("stem", ["threats", "data", "methods"])
def test_a_page_that_comes_slowly_and_is_scrolled_through_does_not_move(browser, host, stem):
    context = browser.new_context(viewport=DESK)
    context.add_init_script(WATCH)
    tab = context.new_page()
    slow = {"offline": False, "latency": 100, "downloadThroughput": 400_000, "uploadThroughput": 400_000}
    context.new_cdp_session(tab).send("Network.emulateNetworkConditions", slow)
    tab.goto(host + named(stem), timeout=120_000)
    for _ in range(12):
        tab.evaluate("scrollBy({top: document.documentElement.scrollHeight / 12, behavior: 'instant'})")
        tab.wait_for_timeout(60)
    assert tab.locator("nav.here a[aria-current]").count() == 1 and tab.evaluate("window.moved") == 0
    tab.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    tab.wait_for_timeout(100)
    links = tab.locator("nav.here ul ul a")  # at the top of a page none, or the first where it is seen from there
    assert not [link for link in links.all()[1:] if link.get_attribute("aria-current")]
    context.close()


def test_a_page_whose_typefaces_never_come_is_set_about_as_long_and_does_not_move(browser, host):
    heights = []
    for lost in ("nothing", "woff2"):
        context = browser.new_context(viewport=DESK)
        context.add_init_script(WATCH)
        context.route(f"**/*.{lost}", lambda route: route.abort())
        tab = context.new_page()
        tab.goto(host + named("threats"))
        tab.wait_for_timeout(250)
        heights.append(tab.evaluate("document.querySelector('article').offsetHeight"))
        assert tab.evaluate("window.moved") == 0
        context.close()
    assert abs(heights[1] / heights[0] - 1) < 0.03, heights


def test_a_picture_of_the_whole_page_has_the_figures_that_no_one_scrolled_to(browser):
    tab, _, _ = visit(browser, named("aid"), DESK)
    box = tab.locator("figure.tl-figure .tl-wide").last.bounding_box()
    figure = Image.open(io.BytesIO(tab.screenshot(full_page=True, clip=box))).convert("RGB")
    assert box["y"] > 5 * DESK["height"] and len(figure.getcolors(100_000)) > 50
    tab.context.close()


def test_a_figures_tools_take_two_lines_on_a_phone_and_open_into_its_files(browser):
    tab, _, _ = visit(browser, named("threats"), PHONE)
    tools = tab.locator(".tl-tools:has(button)")
    assert tools.count() > 10 and max(tools.evaluate_all("all => all.map((each) => each.offsetHeight)")) < 90
    figure = tab.locator("figure.tl-figure").first
    figure.get_by_text("Download").click()
    links = figure.locator(".tl-take a")
    assert {Path(each).suffix for each in links.evaluate_all("all => all.map((each) => each.pathname)")} == {
        ".csv", ".svg", ".png", ".json", ".zip"} and links.last.is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    tab.context.close()


def test_a_figure_near_the_pointer_or_the_finger_tells_its_values_without_a_hit_on_a_mark(browser):
    for size, settings in ((DESK, {}), (PHONE, {"has_touch": True, "is_mobile": True})):
        tab, _, complaints = visit(browser, named("threats"), size, **settings)
        figure = tab.locator("figure#most-threatening-country")
        button = figure.get_by_role("button", name="Explore")
        button.tap() if settings else button.click()
        figure.locator(".vega-embed svg").wait_for(timeout=20_000)
        figure.locator(".vega-embed").scroll_into_view_if_needed()
        marks = [mark.bounding_box() for mark in figure.locator(".vega-embed .mark-symbol path").all()]
        x, y = next((mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2) for mark in marks[len(marks) // 2:]
                    if 60 < mark["x"] < size["width"] - 60 and 100 < mark["y"] < size["height"] - 60)
        tab.touchscreen.tap(x, y - 20) if settings else tab.mouse.move(x, y - 20)
        tab.locator("#vg-tooltip-element.visible").wait_for(timeout=5_000)
        assert re.search(r"20\d\d", tab.locator("#vg-tooltip-element").inner_text()) and complaints == []
        tab.context.close()


def seen(page, scheme, size, whole=False):
    """A page looked at in one way, in a test of its own; some only with --whole."""
    return pytest.param(page, scheme, size, id=f"{page}-{scheme}-{'desk' if size == DESK else 'phone'}",
                        marks=[pytest.mark.whole] if whole else [])


@pytest.mark.parametrize(("page", "scheme", "size"), [
    *(seen(page, *way) for page in PAGES for way in WAYS),
    *(seen(page, *way, whole=way[0] != usual) for page, usual in ((LOST, "light"), (FOUND, "dark")) for way in WAYS)])
def test_with_all_unfolded_axe_finds_no_violation_and_nothing_runs_over_the_edge(browser, page, scheme, size):
    from axe_playwright_python.sync_playwright import Axe

    tab, outside, complaints = visit(browser, page, size, scheme)
    if page == FOUND:
        tab.locator("#passages-found li").first.wait_for()
    assert (outside, complaints) == ([], [])
    tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # the rows of a data table are alike; a few of them tell what all would, in half the time
    tab.evaluate("document.querySelectorAll('.tl-data tbody tr:nth-child(n+6)').forEach((row) => row.remove())")
    found = Axe().run(tab).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"]
    tab.context.close()


def test_a_chart_becomes_interactive_on_demand(browser):
    page = named("threats")
    tab, outside, complaints = visit(browser, page, DESK)
    figure = tab.locator("figure").first
    figure.get_by_role("button", name="Explore").click()
    figure.locator("canvas, .vega-embed svg").first.wait_for(timeout=20_000)
    figure.locator(".vega-embed .mark-symbol path").nth(3).hover(force=True)
    assert tab.locator("#vg-tooltip-element.visible").count()
    assert (outside, complaints) == ([], [])
    tab.context.close()


def in_turns(every):
    """Each of them once, schemes and widths taking turns; with --whole each in all of them."""
    turns = [(part, way) for part in range(len(WAYS)) for way in range(len(WAYS))]
    return [pytest.param(every[part::len(WAYS)], *WAYS[way], id=f"{part}-{way}",
                         marks=[pytest.mark.whole] if part != way else []) for part, way in turns]


@pytest.mark.parametrize(("embeds", "scheme", "size"), in_turns(EMBEDS))
def test_every_figure_to_embed_is_one_file_that_fits_its_frame_and_has_no_violation(browser, embeds, scheme, size, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    tab, outside, complaints = visit(browser, "404.html", size, scheme)
    for page in embeds:
        tab.goto(Path(shutil.copy(HTML / page, tmp_path)).as_uri())  # without the book around it
        loaded = tab.evaluate("performance.getEntriesByType('resource').map((each) => each.name.slice(0, 40))")
        assert not [name for name in loaded if not name.startswith("data:")] and (outside, complaints) == ([], []), page
        assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"], page
        assert [rule["id"] for rule in Axe().run(tab).response["violations"]] == [], page
        ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(20, 24, 31)" if scheme == "dark" else "rgb(255, 255, 255)"), page
    tab.context.close()


def explored():
    """A figure of each kind, by what a reader can set in it: its page and its name."""
    kinds = {}
    for path in sorted((HTML / "figures").rglob("*.js")):
        spec = json.loads(path.read_text(encoding="utf-8").partition("]=")[2].rstrip(";\n"))["wide"]
        controls = frozenset((each["name"], each["bind"]["input"]) for each in spec.get("params", ()) if "bind" in each)
        kinds.setdefault(controls, (named(path.parent.name), path.stem))
    return list(kinds.values())


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.whole) for turn in range(1, len(WAYS)))])
def test_an_explored_figure_of_each_kind_asks_nobody_and_has_no_violation(browser, turn):
    from axe_playwright_python.sync_playwright import Axe

    figures = explored()
    assert len(figures) > 4
    for at, (page, name) in enumerate(figures, turn):
        scheme, size = WAYS[at % len(WAYS)]
        tab, outside, complaints = visit(browser, page, size, scheme)
        figure = tab.locator(f"figure#{name}")
        figure.locator(".tl-explore").click()
        figure.locator(".vega-embed svg").wait_for(timeout=20_000)
        assert (name, outside, complaints) == (name, [], [])
        figure.evaluate("figure => document.querySelector('article').replaceChildren(figure)")  # the rest is seen elsewhere
        found = Axe().run(tab, context={"include": [f"#{name}"]}).response["violations"]
        assert (name, [rule["id"] for rule in found]) == (name, [])
        heights = figure.locator(".vega-bindings input").evaluate_all("all => all.map((each) => each.offsetHeight)")
        assert min(heights, default=24) >= 24, name
        tab.context.close()


@pytest.fixture
def server():
    """The built book at an address of this machine."""
    with served(HTML) as address:
        yield address.rstrip("/")


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


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("missing", ["nowhere.html", "book/part/deeper/nowhere.html"])
def test_a_page_that_is_missing_is_answered_in_the_books_design_with_links_that_arrive(browser, host, missing, size):
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_context(viewport=size, color_scheme="dark").new_page()
    asked = []
    tab.on("response", lambda response: asked.append((response.url, response.status)))
    assert tab.goto(host + missing).status == 404
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 31)"
    assert (f"{host}_static/book.css", 200) in asked
    assert [rule["id"] for rule in Axe().run(tab).response["violations"]] == []
    for name in ("The answer on one page", "The ledger: every claim and its verdict", "Search"):
        assert tab.request.get(tab.get_by_role("link", name=name, exact=True).evaluate("link => link.href")).ok, name
    tab.context.close()


@pytest.mark.parametrize("page", [*(page for page in PAGES if "appendix" not in page), "search.html?q=China"])
def test_no_page_scrolls_sideways_at_four_times_its_size(browser, page):
    """WCAG 2.1, 1.4.10: a desk of 1280 px at 400 percent has 320."""
    tab, *_ = visit(browser, page, {"width": 320, "height": 256})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    tab.context.close()


def test_a_long_page_is_folded_on_a_phone_opens_for_a_link_and_shows_all_on_a_desk_and_on_paper(browser):
    page = named("methods")
    tab, _, complaints = visit(browser, page, PHONE)
    folds, inner = tab.locator(".tl-fold"), tab.locator(".tl-fold section h3").first
    whole = tab.evaluate("document.documentElement.scrollHeight")
    assert folds.count() > 10 and whole < 4_000 and not inner.is_visible()
    tab.goto(f"{address(tab).partition('#')[0]}#{inner.locator('xpath=..').get_attribute('id')}")
    inner.wait_for(timeout=2_000)
    assert tab.locator(".tl-fold[open]").count() == 1 and complaints == []
    tab.emulate_media(media="print")
    assert tab.evaluate("document.documentElement.scrollHeight") > 5 * whole
    tab.context.close()
    tab, _, _ = visit(browser, page, DESK)
    assert tab.locator(".tl-fold section h3").last.is_visible() and not tab.locator(".tl-fold[open]").count()
    tab.context.close()


@pytest.mark.parametrize("anchor", ["methods-public-goods", "methods-scorecard", "durability-choices-fixed-in-advance"])
def test_a_link_to_a_folded_section_or_to_a_name_of_it_opens_it_on_arrival_and_on_the_page(browser, anchor):
    tab, _, complaints = visit(browser, named("methods"), PHONE)
    page, fold = address(tab), tab.locator(f"section:is(#{anchor}, :has(> #{anchor})) > .tl-fold")
    assert fold.get_attribute("open") is None
    tab.evaluate("id => { location.hash = id; }", anchor)
    fold.and_(tab.locator("[open]")).wait_for(timeout=2_000)
    tab.goto("about:blank")
    tab.goto(f"{page}#{anchor}")
    fold.and_(tab.locator("[open]")).wait_for(timeout=2_000)
    assert 0 <= fold.bounding_box()["y"] < 200 and complaints == []
    tab.context.close()


def test_a_note_stands_in_the_margin_of_a_wide_page_and_below_the_words_on_a_phone(browser):
    for size, beside in (({"width": 1440, "height": 900}, True), (PHONE, False)):
        tab, _, _ = visit(browser, named("threats"), size)
        note = tab.locator(".tl-side").first
        words, own = note.locator("xpath=..").bounding_box(), note.bounding_box()
        assert (own["x"] >= words["x"] + words["width"]) is beside and own["x"] + own["width"] <= size["width"]
        below = note.locator("xpath=following::figure").first.bounding_box()
        assert own["y"] + own["height"] <= below["y"] and tab.evaluate("document.documentElement.scrollWidth") <= size["width"]
        tab.context.close()


def test_the_ledger_is_filtered_by_words_and_complete_without_a_script(browser):
    page = named("ledger")
    claims = len(json.loads((HTML / "ledger.json").read_text())["claims"])
    tab, _, _ = visit(browser, page, DESK, script=False)
    assert tab.locator(".tl-ledger tbody tr").count() == claims
    tab.context.close()
    tab, _, _ = visit(browser, page, DESK)
    tab.get_by_label("Words").fill("balanced relationship")
    assert tab.locator(".tl-ledger tbody tr:visible").count() == 1
    tab.context.close()


@pytest.mark.parametrize("mark", ["fragile", "one way", "hangs on one act"])
def test_the_ledger_is_filtered_by_what_stands_beside_a_verdict_and_sorted_on_a_phone(browser, mark):
    tab, _, complaints = visit(browser, f"{named('ledger')}?marked={mark.replace(' ', '+')}", PHONE)
    shown, every = tab.locator("tbody tr:not([hidden])"), tab.locator("tbody tr")
    tab.wait_for_function("() => document.querySelector('.tl-ledger output').textContent")
    assert 0 < shown.count() < every.count() and complaints == []
    assert all(mark in said for said in shown.locator('[data-label="Now"]').all_inner_texts())
    tab.get_by_role("button", name="Claim").click()
    assert "sort=1" in address(tab) and tab.locator('th[aria-sort="ascending"]').is_visible()
    tab.context.close()


def test_the_tables_are_filtered_by_words_and_country_and_a_link_to_a_hidden_one_shows_it(browser):
    page = named("data")
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


# ---- by keyboard, by touch, and from an address


def focused(tab):
    return tab.evaluate("(document.activeElement.ariaLabel || document.activeElement.textContent).trim()")


def tab_to(tab, reached, most=100):
    for _ in range(most):
        if reached():
            return
        tab.keyboard.press("Tab")
    pytest.fail(f"not reached with {most} presses of Tab; the focus is on {focused(tab)[:80]!r}")


def test_by_keyboard_alone_a_reader_skips_to_the_text_and_opens_and_leaves_the_contents(browser):
    tab, _, _ = visit(browser, named("threats"), PHONE)
    tab.keyboard.press("Tab")
    assert focused(tab) == "Skip to the text"
    tab.keyboard.press("Tab")
    assert focused(tab) == "Contents"
    tab.keyboard.press("Enter")
    assert tab.locator("nav.contents").is_visible()
    tab.keyboard.press("Tab")
    assert focused(tab) == "The answer"
    tab.keyboard.press("Escape")
    assert not tab.locator("nav.contents").is_visible() and focused(tab) == "Contents"
    tab.context.close()


def test_by_keyboard_alone_a_figure_is_explored_set_left_again_and_its_table_read(browser):
    tab, _, complaints = visit(browser, named("threats"), DESK)
    figure = tab.locator("figure#most-threatening-country")
    button = figure.get_by_role("button")
    button.focus()
    tab.keyboard.press("Enter")
    choice = figure.get_by_label("Highlight")
    choice.wait_for()
    assert choice.evaluate("element => element === document.activeElement")
    tab.keyboard.press("C")
    assert choice.evaluate("element => element.selectedOptions[0].label") == "China"
    assert figure.locator(".vega-embed [opacity='0.2']").count()
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    assert figure.locator("input[name=from_year]").evaluate("element => element.value > element.min")
    assert {"figure=most-threatening-country", "highlight=CHN"} < set(re.split("[?&#]", address(tab)))
    tab_to(tab, lambda: focused(tab) == "Still picture")
    tab.keyboard.press("Enter")
    assert figure.locator(".tl-wide").is_visible() and "?" not in address(tab)
    summary = figure.locator(".tl-data > summary")
    tab_to(tab, lambda: summary.evaluate("element => element === document.activeElement"))
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert focused(tab).startswith("Data of “")
    assert figure.locator(".tl-data tbody tr").first.is_visible() and complaints == []
    tab.context.close()


def test_by_keyboard_alone_the_ledger_is_filtered_and_sorted(browser):
    tab, _, _ = visit(browser, named("ledger"), DESK)
    tab.locator(".tl-ledger select[name=now]").focus()
    tab.keyboard.press("m")
    shown = tab.locator(".tl-ledger tbody tr:visible")
    assert 0 < shown.count() == tab.locator('.tl-ledger tbody tr[data-now="mixed"]').count()
    for _ in range(4):
        tab.keyboard.press("Tab")
    tab.keyboard.type("china")
    assert all(re.search("china|chinese|beijing", each.lower()) for each in shown.all_text_contents())
    tab.keyboard.press("Tab")
    assert focused(tab) == "Show all"
    tab.keyboard.press("Tab")
    assert focused(tab) == "Claim"
    tab.keyboard.press("Enter")
    quotes = shown.locator("th a").all_text_contents()
    assert quotes == sorted(quotes, key=str.lower) and len(quotes) > 1
    tab.context.close()


def test_the_line_that_names_a_mark_does_not_cover_the_legend(browser):
    tab, _, _ = visit(browser, named("index"), DESK)
    legend = tab.locator(".tl-legend.at-now")
    for above in (20, 60, 120):  # px of the legend's lower edge from that of the window
        legend.evaluate("(each, above) => scrollTo({top: each.getBoundingClientRect().bottom + scrollY - innerHeight + above, "
                        "behavior: 'instant'})", above)
        assert legend.evaluate("each => { const { x, y, height } = each.getBoundingClientRect(); "
                               "return each.contains(document.elementFromPoint(x + 20, y + height / 2)); }")
    tab.context.close()


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_a_summary_fits_a_phone_line_by_line(browser, language):
    tab, _, _ = visit(browser, f"book/{language}/summary.html", PHONE)
    rows = tab.locator(".tl-counts tr").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert len(rows) > 7 and max(rows) < 50  # none turns
    assert tab.locator(".tl-table-frame").evaluate("each => each.scrollWidth <= each.clientWidth")
    assert tab.locator(".search input").evaluate("""each => {
      const style = getComputedStyle(each), drawn = document.createElement("canvas").getContext("2d");
      drawn.font = `${style.fontSize} ${style.fontFamily}`;
      return drawn.measureText(each.placeholder).width <= each.clientWidth - 2 * parseFloat(style.paddingLeft); }""")
    tab.context.close()


@pytest.mark.parametrize("way", ["folder", "host"])
def test_what_a_reader_set_is_there_for_whom_the_address_is_sent_to(browser, host, way):
    base = {"host": host} if way == "host" else {}
    tab, _, _ = visit(browser, named("ledger"), DESK, **base)
    tab.locator(".tl-ledger select[name=now]").select_option("mixed")
    tab.get_by_label("Words").fill("china")
    tab.locator(".tl-ledger thead button").last.click()
    shown = tab.locator(".tl-ledger tbody tr:visible").all_text_contents()
    other = tab.context.new_page()
    other.goto(address(tab))
    assert other.locator(".tl-ledger tbody tr:visible").all_text_contents() == shown and len(shown) > 1
    tab.context.close()
    page = f"{named('aid')}?figure=division-of-labor&handed=9&lead=specializes+most"
    tab, _, complaints = visit(browser, page, PHONE, **base)
    settings = tab.locator("figure#division-of-labor .vega-bindings")
    settings.wait_for()
    assert settings.locator("input[name=handed]").input_value() == "9"
    assert settings.locator("select[name=lead]").input_value() == "specializes most"
    settings.locator("input[name=handed]").fill("12")
    assert "handed=12" in address(tab) and complaints == []
    tab.context.close()


def test_settings_of_two_figures_all_code_moments_and_tables_are_kept_in_the_address_too(browser):
    tab, _, complaints = visit(browser, named("threats"), DESK)
    first, second = (figure.get_attribute("id") for figure in tab.locator("figure.tl-figure:has(.tl-explore)").all()[:2])
    for name in (first, second):
        tab.locator(f"figure#{name} .tl-explore").click()
        tab.locator(f"figure#{name} select[name=highlight]").select_option(index=1)
    tab.get_by_role("button", name="Show all code").click()
    other = tab.context.new_page()
    other.goto(address(tab))
    for name in (first, second):
        other.locator(f"figure#{name} select[name=highlight]").wait_for()
        shown = [each.locator(f"figure#{name} select[name=highlight]").input_value() for each in (tab, other)]
        assert shown[0] == shown[1] != ""
    assert other.locator("details.tl-code:not([open])").count() == 0
    other.locator(f"figure#{first} .tl-explore").click()
    assert f"figure={second}" in address(other) and first not in address(other).partition("#")[0]
    tab.goto((HTML / named("index")).as_uri())
    tab.get_by_label("When written", exact=True).check()
    other.goto(address(tab))
    assert other.get_by_label("When written", exact=True).is_checked()
    tab.goto((HTML / named("data")).as_uri())
    for name in ("chapter", "country", "open"):
        tab.locator(f".tl-index select[name={name}]").select_option(index=1)
    tab.get_by_label("Words").fill("survey")
    other.goto(address(tab))
    for field in ("select[name=chapter]", "select[name=country]", "select[name=open]", "input[name=words]"):
        assert other.locator(f".tl-index {field}").input_value() == tab.locator(f".tl-index {field}").input_value() != ""
    assert complaints == []
    tab.context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("stem", "name"), [("durability", "what-if-lasting"), ("aid", "division-of-labor"),
                                            ("capabilities", "weights")])
def test_what_a_reader_set_is_taken_back_with_one_press_and_moves_nothing(browser, stem, name, size):
    tab, _, complaints = visit(browser, named(stem), size)
    figure = tab.locator(f"figure#{name}")
    figure.locator(".tl-explore").click()
    slider = figure.locator(".vega-bindings input[type=range]:enabled").last
    slider.wait_for()
    first, place = slider.input_value(), slider.bounding_box()
    slider.evaluate("(each, value) => { each.value = value; each.dispatchEvent(new Event('input', {bubbles: true})); }",
                    slider.get_attribute("max"))
    figure.get_by_text("Your settings. Headline, subtitle, text").wait_for()
    assert slider.bounding_box() == place and slider.input_value() != first and f"figure={name}" in address(tab)
    figure.get_by_role("button", name="Reset").click()
    figure.get_by_text("These are your settings.").wait_for(state="hidden")
    assert slider.input_value() == first and "figure=" not in address(tab) and complaints == []
    shown = figure.locator(".vega-bindings input + span").all_text_contents()
    assert [text.replace("−", "-") for text in shown] == figure.locator("input").evaluate_all("all => all.map((e) => e.value)")
    assert not [text for text in shown if "-" in text]
    tab.context.close()


def test_a_setting_that_changes_nothing_rests_and_stays_out_of_the_address(browser):
    tab, _, complaints = visit(browser, f"{named('aid')}?figure=division-of-labor&handed_sectors=9", DESK)
    figure = tab.locator("figure#division-of-labor")
    recipients, sectors, what = (figure.locator(f".vega-bindings [name={name}]")
                                 for name in ("handed", "handed_sectors", "what"))
    what.wait_for()
    assert recipients.is_enabled() and sectors.is_disabled() and figure.locator(".tl-yours").is_hidden()
    what.select_option(index=2)
    figure.locator("[name=handed]:disabled").wait_for(state="attached")
    assert sectors.is_enabled() and "handed_sectors=9" in address(tab)
    what.select_option(index=0)
    figure.locator("[name=handed]:enabled").wait_for()
    assert sectors.is_disabled() and "handed_sectors" not in address(tab) and complaints == []
    tab.context.close()


def test_a_table_wider_than_a_phone_shades_the_edge_that_hides_the_rest_of_it(browser):
    tab, _, _ = visit(browser, named("methods"), PHONE)
    frame = tab.locator(".tl-table-frame:has(th:nth-child(9))").first
    frame.evaluate("each => { const fold = each.closest('details'); if (fold) fold.open = true; }")
    assert frame.evaluate("each => each.scrollWidth > each.clientWidth")
    assert frame.evaluate("each => getComputedStyle(each).backgroundAttachment") == "local, local, scroll, scroll"
    tab.context.close()
    tab, _, _ = visit(browser, named("scorecard"), PHONE)
    frames = tab.locator(".tl-table-frame:visible")
    assert frames.count() and frames.evaluate_all("all => all.every((each) => each.scrollWidth <= each.clientWidth)")
    tab.context.close()


def test_an_address_that_asks_for_what_a_setting_cannot_be_is_not_followed(browser):
    tab, _, complaints = visit(browser, f"{named('aid')}?figure=division-of-labor&handed=9e9&lead=%3Cb%3E", DESK)
    settings = tab.locator("figure#division-of-labor .vega-bindings")
    settings.wait_for()
    handed = settings.locator("input[name=handed]")
    assert float(handed.input_value()) < float(handed.get_attribute("max"))
    assert settings.locator("select[name=lead]").input_value() != "<b>" and complaints == []
    tab.context.close()


def test_by_touch_a_mark_tells_its_value_and_a_reference_what_it_is(browser):
    tab, _, complaints = visit(browser, named("threats"), PHONE, has_touch=True, is_mobile=True)
    figure = tab.locator("figure#most-threatening-country")
    figure.get_by_role("button", name="Explore").tap()
    figure.locator(".vega-embed .mark-symbol path").nth(3).tap(force=True)
    tab.locator("#vg-tooltip-element.visible").wait_for(timeout=5_000)
    reference = tab.locator("main a.reference.internal[data-said]").first
    reference.tap()
    assert tab.locator("[role=tooltip]").inner_text() == reference.get_attribute("data-said")
    assert address(tab).split("#")[0].endswith("threats.html") and complaints == []
    tab.context.close()


def test_a_reference_shows_what_it_refers_to_and_escape_puts_it_away(browser):
    tab, _, _ = visit(browser, named("threats"), DESK)
    reference = tab.locator("main a.reference.internal[data-said]").first
    reference.focus()
    assert reference.get_attribute("aria-describedby") == tab.locator("[role=tooltip]").get_attribute("id")
    tab.keyboard.press("Escape")
    assert tab.locator("[role=tooltip]").count() == 0
    tab.context.close()


CLAIMS = {"balanced relationship with China": "as-rok-balances-china", "rok balances": "as-rok-balances-china",
          "swept under the rug": "", "gray-zone operations": "pn-japan-grayzone",
          "enforce sanctions together": "as-collaborate-sanctions", "rules of engagement must be defined": "pn-define-roe",
          "democratic norms for technology": "as-norms-shared-values",
          "Japan-South Korea relations": "pn-japan-rok-relations-undermine",
          "threat-based cooperation is short lived": "pn-threat-based-not-durable",
          "relations of Seoul with China": "as-rok-balances-china", "THAAD": ""}


def search(tab, words):
    """What the search page says, its claims and its passages, each by address and words."""
    tab.goto((HTML / "search.html").as_uri() + "?q=" + words.replace(" ", "+"))
    tab.locator("#search-said:not(:empty)").wait_for()
    return (tab.locator("#search-said").inner_text(), *(
        [(link.get_attribute("href"), link.locator("xpath=..").inner_text()) for link in tab.locator(f"{place} li > a").all()]
        for place in ("#claims-found", "#passages-found")))


def test_the_search_finds_a_claim_by_a_readers_words(browser):
    tab, _, complaints = visit(browser, "search.html", DESK)
    for words, claim in CLAIMS.items():
        _, claims, _ = search(tab, words)
        addresses = [address for address, _ in claims[:4]]
        assert any(address.endswith(f"#{claim}") if claim else "#" in address for address in addresses), (words, addresses)
    assert not [said for _, said in search(tab, "comfort women")[1] if "discomfort" in said]
    tab.locator("#passages-found a").first.click()
    tab.locator(f"[id='{address(tab).split('#')[1]}']").wait_for(state="attached")
    assert complaints == []
    tab.context.close()


def test_every_word_of_a_headline_or_title_is_in_the_index_as_the_search_asks_for_it(browser):
    tab, *_ = visit(browser, "search.html?q=China", DESK)
    tab.locator("#search-said:not(:empty)").wait_for()
    index = json.loads(re.search(r"\{.*\}", (HTML / "searchindex.js").read_text(encoding="utf-8"), re.DOTALL)[0])
    figures = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HTML / "figures").rglob("*.vl.json"))]
    said = [*index["alltitles"], *(line for figure in figures for line in figure["title"]["text"])]
    asked = set(tab.evaluate("said => said.flatMap(trilateral.words.asked)", said))
    assert len(asked) > 500 and {"technologi", "exercis"} < asked
    assert sorted({word for word in asked if re.fullmatch(r"[a-z]+", word)} - {*index["terms"], *index["titleterms"]}) == []
    tab.context.close()


@pytest.mark.parametrize("words", ["technology", "joint exercises", "division of labour", "response", "security advisers",
                                   "university", "defence"])
def test_words_that_pages_have_are_found_however_they_end(browser, words):
    tab, _, complaints = visit(browser, "search.html", DESK)
    said, _, passages = search(tab, words)
    assert len(passages) > 1 and " 0 passages" not in said and complaints == []
    tab.context.close()


def test_a_claim_found_by_the_search_warns_of_its_verdict_as_the_ledger_does(browser):
    tab, _, complaints = visit(browser, "search.html?q=leaders", DESK)
    tab.locator("#search-said:not(:empty)").wait_for()
    now = {claim["id"]: claim["now"] for claim in json.loads((HTML / "ledger.json").read_text())["claims"]}
    found = [(now[link.get_attribute("href").partition("#")[2]], link.locator("xpath=..").inner_text())
             for link in tab.locator("#claims-found li > a:first-child").all()]
    assert any(at["specifications"]["fragile"] for at, _ in found) and complaints == []
    for at, said in found:
        assert ("fragile" in said) == at["specifications"]["fragile"]
        assert ("hangs on one act" in said) == bool(at["hangs_on_one_act"])
    tab.context.close()


def test_the_search_finds_passages_by_whole_words_and_leads_to_the_nearest_heading(browser):
    tab, outside, complaints = visit(browser, "search.html", DESK)
    for words, stem in (("GSOMIA", "interdependence"), ("Camp David", "threats"), ("semiconductor", "technology"),
                        ("liaison officers", "scorecard"), ("ground truth xyzzy", "")):
        said, _, passages = search(tab, words)
        assert any(re.search(rf"/{stem}\.html#", address) for address, _ in passages) or not stem, (words, passages)
        assert re.search(r"^“.+”: \d+ claims? and \d+ passages?|^Nothing in the book has", said), said
        for address, text in passages:
            page, _, anchor = address.partition("#")
            assert not anchor or f'id="{anchor}"' in (HTML / page).read_text(encoding="utf-8"), address
            assert not re.search(r"return \w+\(|import \w+ as|<iframe|\w\(\)", text), text
    assert (outside, complaints) == ([], [])
    tab.context.close()


def test_japanese_and_korean_words_are_found_in_the_summaries_by_their_pieces(browser):
    tab, outside, complaints = visit(browser, "search.html", DESK)
    for words, language in (("北朝鮮", "ja"), ("日本", "ja"), ("協力", "ja"), ("首脳交代", "ja"),
                            ("북한", "ko"), ("한국", "ko"), ("협력", "ko"), ("백신", "ko")):
        said, _, passages = search(tab, words)
        own = [text for address, text in passages if f"{language}/summary.html" in address]
        assert own and said.startswith(f"“{words}”: 0 claims and "), (words, said)
        for text in own:
            assert words in text and not re.search("supported|mixed|In its table", text), text
        assert words in "".join(tab.locator(f"#passages-found [lang={language}] mark").all_inner_texts())
        assert not [text for _, text in passages if words not in text]
    assert (outside, complaints) == ([], [])
    tab.context.close()


def test_a_page_that_is_missing_is_readable_where_its_style_is_not_found(browser, host):
    tab = browser.new_context(viewport=DESK, color_scheme="dark", java_script_enabled=False).new_page()
    tab.goto(f"{host}a/b/c")
    assert tab.evaluate("getComputedStyle(document.body).maxWidth") == "640px"
    assert not tab.locator("button:visible").count() and tab.get_by_role("link", name="Search", exact=True).is_visible()
    tab.context.close()


def test_how_to_cite_gives_no_half_address_where_the_book_is_served(browser, host):
    tab, _, _ = visit(browser, named("citing"), DESK, host=host)
    texts = tab.locator(".tl-citation").all_inner_texts()
    assert len(texts) > 5 and not [text for text in texts if re.search(r"(?<![\w/])book/", text)]
    tab.context.close()


# ---- on paper


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith(("index.html", "ledger.html", "threats.html"))])
def test_on_paper_a_dark_page_is_black_on_white_and_without_controls(browser, page):
    tab, _, _ = visit(browser, page, {"width": 660, "height": 900}, "dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not [each for each in tab.locator("button:not(th > *), input, select, nav, .tl-said").all() if each.is_visible()]
    assert tab.locator(".tl-wide, .tl-ledger tr, .tl-row").first.is_visible()
    widths = tab.locator(".tl-drawn.tl-wide").evaluate_all("all => all.map((each) => each.offsetWidth)")
    assert max(widths, default=0) <= 549  # 14.5 cm, so that two stand on a page
    cut = "all => all.filter((each) => getComputedStyle(each).breakInside !== 'avoid').length"
    assert tab.locator(".tl-figure > figcaption, .tl-plot").evaluate_all(cut) == 0
    heights = tab.locator(".tl-plot svg").evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
    assert max(heights, default=0) <= 416  # 11 cm, so that one fits below some text
    reasons = tab.locator(".tl-judgement details dd, .tl-judgement details p")
    assert reasons.evaluate_all("all => all.every((each) => each.checkVisibility({contentVisibilityAuto: true}))")
    if page.endswith("ledger.html"):
        assert tab.locator(".tl-ledger thead").bounding_box()["height"] > 10
    tab.context.close()


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith("ledger.html")])
def test_on_paper_each_page_of_the_ledger_names_its_columns(browser, page):
    tab, _, _ = visit(browser, page, DESK)
    tab.locator(".tl-ledger thead button").first.wait_for()
    leaves = [leaf.extract_text() for leaf in pypdf.PdfReader(io.BytesIO(tab.pdf(format="A4"))).pages]
    tab.context.close()
    behind = next(at for at, leaf in enumerate(leaves) if "Which arguments aged well" in leaf)
    assert behind > 1
    assert [at for at, leaf in enumerate(leaves[:behind]) if not ("When written" in leaf and "Chapter" in leaf)] == []
