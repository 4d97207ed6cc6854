"""Published addresses stay, or lead on; see `trilateral.publish.addresses`."""

import re
import subprocess
from pathlib import Path

import pytest

from trilateral.publish import addresses
from trilateral.publish.addresses import AddressError

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
EDITION = 2115  # addresses of the first edition
DRAFTED = re.compile(r"book/appendix/data\.html#cyber_incidents|data/cyber_incidents\.|"
                     r"(book/public-goods|figures)/disasters(\.html#|/)damage-share")
"""A table and a figure of a first draft of the list, which were taken out of the book before it was published."""


@pytest.fixture
def html(tmp_path):
    """A built book of two pages, one figure and one table."""
    pages = {"book/here.html": '<article><figure class="tl-figure" id="lines"></figure></article>',
             "book/part/there.html": '<article><section class="tl-judgement" id="a-claim"></section><tr id="b"></article>',
             "book/words.html": '<h2>One<a class="headerlink" href="#one">#</a></h2><dl><dt id="term-toy">Toy</dt></dl>'
                                '<a href="#elsewhere">no</a><nav class="here"><a href="#">Top</a><a href="#one">1</a>'
                                '<a href="#two">2</a></nav>',
             "cards/here.png": "", "search.html": "", "objects.inv": "",
             "figures/here/lines.csv": "year\n2024\n", "figures/here/lines.vl.json": "{}", "figures/here/lines.js": "",
             "data/toys.csv": "toy\n", "index.html": ""}
    for name, text in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def redirects(tmp_path, *lines):
    path = tmp_path / "redirects.csv"
    path.write_text("from,to\n" + "".join(f"{line}\n" for line in lines))
    return addresses.redirects(path)


@pytest.mark.skipif(not (HTML / "downloads").is_dir(), reason="the book is not built: run make book before make test")
def test_every_published_address_is_in_the_built_book_or_leads_on():
    published = addresses.read(ROOT / addresses.PUBLISHED)
    moved = addresses.redirects(ROOT / addresses.REDIRECTS)
    assert addresses.lost(published, addresses.built(HTML), moved) == []


def test_a_published_address_is_never_taken_off_the_list():
    published = addresses.read(ROOT / addresses.PUBLISHED)
    assert len(published) >= EDITION  # where there is no history to compare with
    git = ["git", "-C", str(ROOT)]
    versions = subprocess.run([*git, "log", "--format=%H", "--", addresses.PUBLISHED], capture_output=True, text=True).stdout
    gone = {address for version in versions.split() for address in addresses.listed(
        subprocess.run([*git, "show", f"{version}:{addresses.PUBLISHED}"], capture_output=True, text=True, check=True).stdout)}
    assert sorted(address for address in gone - set(published) if not DRAFTED.match(address)) == []


@pytest.mark.parametrize("damage", [
    lambda lines: lines[:len(lines) // 2], lambda lines: lines[:3] + lines[4:], lambda lines: [lines[0], *lines[2:]],
    lambda lines: [*lines, "book/new.html"], lambda lines: [], lambda lines: lines[:1]],
    ids=["cut in half", "a line less", "without its sum", "a line more", "empty", "head alone"])
def test_a_list_that_was_cut_or_changed_by_hand_is_refused(tmp_path, damage):
    lines = (ROOT / addresses.PUBLISHED).read_text().splitlines()
    (tmp_path / "published.txt").write_text("".join(f"{line}\n" for line in damage(lines)))
    with pytest.raises(AddressError, match=r"published\.txt does not hold the addresses that its second line counts"):
        addresses.read(tmp_path / "published.txt")
    assert addresses.read(tmp_path / "nowhere.txt") == []


def test_pages_sections_claims_terms_tables_cards_and_downloads_are_addresses_and_a_figures_script_is_none(html):
    assert addresses.built(html) == [
        "index.html", "search.html", "objects.inv", "book/here.html", "book/here.html#lines", "book/part/there.html",
        "book/part/there.html#a-claim", "book/part/there.html#b", "book/words.html", "book/words.html#one",
        "book/words.html#term-toy", "book/words.html#two", "cards/here.png", "data/toys.csv", "figures/here/lines.csv",
        "figures/here/lines.vl.json"]


def test_the_list_gathers_anchors_and_endings_and_is_read_as_it_was_written(html, tmp_path):
    known = addresses.built(html)
    (tmp_path / "published.txt").write_text(addresses.written([*known, *known]))
    assert "figures/here/lines{.csv,.vl.json}" in (tmp_path / "published.txt").read_text().splitlines()
    assert sorted(addresses.read(tmp_path / "published.txt")) == sorted(known)


def test_a_lost_address_is_named_and_a_moved_page_takes_along_the_anchors_that_the_new_one_has():
    known = ["book/a.html", "book/a.html#claim", "book/a.html#figure", "book/a.html#gone", "book/b.html", "book/b.html#claim"]
    now = ["book/c.html", "book/c.html#claim", "book/d.html#figure"]
    moved = {"book/a.html": "book/c.html", "book/a.html#figure": "book/d.html#figure"}
    assert addresses.lost(known, now, moved) == ["book/a.html#gone", "book/b.html", "book/b.html#claim"]
    assert "book/b.html," in addresses.advice(["book/b.html"])


def test_an_old_page_sends_on_a_lost_anchor_is_noted_and_an_old_file_has_the_new_content(html, tmp_path):
    moved = redirects(tmp_path, "book/old/page.html,book/part/there.html", "book/old/page.html#lines,book/here.html#lines",
                      "book/here.html#gone,book/part/there.html#a-claim", "figures/old/lines.csv,figures/here/lines.csv")
    for _ in range(2):  # a second build finds what the first one wrote
        addresses.redirect(html, moved)
    sent = (html / "book/old/page.html").read_text()
    assert 'url=../part/there.html"' in sent and '{"lines": "../here.html#lines"}' in sent
    assert '(location.hash ? "../part/there.html" + location.hash : "../part/there.html")' in sent
    assert (html / "book/here.html").read_text().count('id="gone">Moved: <a href="part/there.html#a-claim"') == 1
    assert (html / "figures/old/lines.csv").read_text() == "year\n2024\n"


def test_a_page_that_moved_into_a_section_puts_the_readers_anchor_in_its_place_and_not_behind_it(html, tmp_path):
    addresses.redirect(html, redirects(tmp_path, "book/old.html,book/here.html#lines"))
    sent = (html / "book/old.html").read_text()
    assert '(location.hash ? "here.html" + location.hash : "here.html#lines")' in sent
    assert 'content="0; url=here.html#lines"' in sent


@pytest.mark.parametrize(("line", "fault"), [
    ("book/old.html,book/nowhere.html", "book/nowhere.html, which the book does not have"),
    ("book/old.html,book/here.html#nothing", "book/here.html#nothing, which the book does not have"),
    ("figures/old.csv,book/here.html", "a file of another kind"),
    ("book/gone.html#claim,book/here.html#lines", "redirect the page too"),
])
def test_a_redirect_that_leads_nowhere_is_named(html, tmp_path, line, fault):
    with pytest.raises(AddressError, match=fault):
        addresses.redirect(html, redirects(tmp_path, line))


@pytest.mark.parametrize(("lines", "fault"), [
    (("a.html,b.html", "b.html,c.html"), "line 2: b.html is redirected itself; lead a.html to c.html"),
    (("a.html,b.html", "a.html,c.html"), "line 3: each line has an address once"),
    (("a.html,",), "line 2: each line has an address once"),
])
def test_redirects_go_neither_in_circles_nor_two_ways(tmp_path, lines, fault):
    with pytest.raises(AddressError, match=fault):
        redirects(tmp_path, *lines)
