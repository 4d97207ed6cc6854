"""Citations, cards, feed and what else a web site has beside its pages."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import yaml
from sphinx.errors import ExtensionError

from trilateral.publish import address, archive, cards, citing, directives, embed, feed, share, site_files, social, translations
from trilateral.publish.chapters import HEAD, is_notebook

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "_build" / "html"
BOOK = citing.Book("The team", "The Ledger", "2026", "https://example.org/ledger/", "0.1.0")
ENTRIES = [{"id": "a-claim", "quote": "toys rise", "chapter": "toys", "now": {
    "verdict": verdict, "specifications": {"agree": agree, "tried": 9}}}
    for verdict, agree in (("mixed", 4), ("supported", 9), ("mixed", 9))]  # the first is fragile
CHANGELOG = """# Changelog

## [Unreleased]

- Not yet.

## [0.2.0] - 2027-03-01

### Added

- A **chapter**.

## [0.1.0] - 2026-11-22

- All.
"""
CHANGES = """<main><section id="id2"><h2>0.2.0<a class="headerlink" href="#id2">#</a></h2>
<section id="toys"><h3>Toys<a class="headerlink" href="#toys">#</a></h3>
<p>The <a href="../toys.html#a-claim">claim</a> moved.</p></section></section></main>"""
ERRATA = """<main><ul><li>2027-02-03: the <a href="../toys.html#lines">figure</a> had a wrong year.</li>
<li>Other</li></ul></main>"""


def config(url, repository=""):
    return SimpleNamespace(html_baseurl=url, html_theme_options={"repository_url": repository})


@pytest.mark.parametrize(("given", "site"), [("https://example.org/ledger", "https://example.org/ledger/"), ("", ""),
                                             ("https://example.org/ledger//", "https://example.org/ledger/")])
def test_the_address_of_the_site_ends_in_one_slash_or_is_empty(given, site, monkeypatch):
    monkeypatch.delenv(address.VARIABLE, raising=False)
    settings = config(given)
    address.configure(None, settings)
    assert settings.html_baseurl == site


def test_a_workflow_may_say_where_the_site_will_be_and_half_an_address_is_refused(monkeypatch):
    settings = config("https://old.example.org")
    monkeypatch.setenv(address.VARIABLE, "https://new.example.org")
    address.configure(None, settings)
    assert settings.html_baseurl == "https://new.example.org/"
    monkeypatch.setenv(address.VARIABLE, "new.example.org")
    with pytest.raises(ExtensionError, match="give a whole address"):
        address.configure(None, settings)


def test_the_repository_that_jupyter_book_assumes_is_not_that_of_the_book():
    assert address.repository(config("", address.UNSET)) == ""
    assert address.repository(config("", "https://example.org/someone/ledger/")) == "https://example.org/someone/ledger"


def test_a_citation_names_part_version_and_address_and_its_bibtex_can_be_read():
    from pybtex.database import parse_string

    cited = citing.figure(BOOK, "book/toys", "Do toys drift?", "toy-lines", "Toys & dolls: 20% more")
    assert cited.text() == ("The team (2026). “Toys & dolls: 20% more.” Figure in “Do toys drift?”, The Ledger, version 0.1.0. "
                            "https://example.org/ledger/book/toys.html#toy-lines")
    entry = parse_string(cited.bibtex(), "bibtex").entries["trilateral-ledger-toy-lines"]
    assert entry.fields["title"] == r"Toys \& dolls: 20\% more" and entry.fields["url"].endswith("toys.html#toy-lines")
    assert str(entry.persons["author"][0]) == "{The team}"


def test_a_citation_gives_no_address_where_the_site_has_none():
    cited = citing.chapter(replace(BOOK, site=""), "book/toys", "Do toys drift?")
    assert cited.text() == "The team (2026). “Do toys drift?” Chapter, The Ledger, version 0.1.0."
    assert "url" not in cited.bibtex()


def test_a_cited_verdict_says_its_word_and_the_book_alone_no_part():
    assert "“toys rise.” Claim judged mixed in “Toys”" in citing.verdict(BOOK, "book/toys", "Toys", ENTRIES[0]).text()
    assert citing.whole(BOOK).text() == "The team (2026). The Ledger, version 0.1.0. https://example.org/ledger/"
    assert "url" not in citing.whole(citing.Book("The team", "The Ledger", "2026")).bibtex()


def test_the_code_of_a_frame_has_the_headline_as_its_name_and_breaks_at_no_quotation_mark():
    code = share.snippet("https://example.org/a.html", 'The "new" <era>', 900)
    assert 'title="The &quot;new&quot; &lt;era&gt;"' in code and 'height="900"' in code
    cited = citing.figure(BOOK, "book/toys", "Toys", "toys-rise", "Toys rise")
    menu = share.menu(cited, "figures/toys/toys-rise.html", (420, 900), "toys-rise.bib")
    assert menu.count('data-wide="420"') == 1 and 'height="900"' in menu


def test_a_frame_is_as_tall_as_the_drawing_that_shows_at_its_width_needs():
    payload = {"headline": "Toys rise", "subtitle": "Toys", "note": ""}
    wide, narrow = embed.heights(payload, '<svg viewBox="0 0 680 300">', '<svg viewBox="0 0 330 900">')
    assert 300 < wide < 600 and 900 < narrow < 1200 and wide % 10 == narrow % 10 == 0
    worded = embed.heights(payload | {"note": "word " * 60}, '<svg viewBox="0 0 680 300">', '<svg viewBox="0 0 330 900">')
    assert worded[0] > wide and worded[1] - narrow > worded[0] - wide


def test_a_zip_is_the_same_bytes_whatever_the_order_of_its_files():
    files = {"b.csv": b"1\n" * 99, "a.png": b"\x89PNG"}
    assert archive.packed(files, "x") == archive.packed(dict(reversed(files.items())), "x")


def test_an_embedded_page_swaps_for_dark_readers_the_colors_it_has_and_no_others():
    style = embed.style('<path fill="#1d3fb0"/><path stroke="#123456"/>')
    assert '[fill="#1d3fb0"]{fill:#81b8e7}' in style and "#123456" not in style and "#680004" not in style


def test_words_of_a_card_are_wrapped_by_their_width():
    lines = cards.wrapped("New leaders leave no clear mark on the work", cards.SERIF, 50, 520)
    assert len(lines) > 1 and " ".join(lines) == "New leaders leave no clear mark on the work"
    assert all(cards._face(cards.SERIF, 50).getlength(line) <= 520 for line in lines)


def test_a_card_has_headline_name_and_verdicts_and_the_drawing_with_the_larger_letters():
    drawings = [f'<svg viewBox="0 0 {width} {height}"><path d="{name}"/></svg>' for name, width, height in (
        ("wide", 680, 320), ("narrow", 330, 280))]
    said = {"headline": "Toys rise", "subtitle": "Toys, thousands; dashed: trend"}
    card = cards.chapter("The Ledger", "Toys", said, drawings, ENTRIES)
    assert card.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"')
    assert all(words in card for words in (">The Ledger<", ">Toys<", ">Toys rise<", ">Toys, thousands; dashed: trend<",
                                           ">2 mixed (1 fragile)<", ">1 supported<", '"narrow"'))
    assert '"wide"' not in card
    assert social.verdicts(ENTRIES) == "3 claims: 1 supported, 2 mixed (1 fragile)."


def test_a_card_has_as_many_clauses_of_what_is_drawn_as_fit_below_its_headline():
    headline, clauses = "Toys rise " * 9, ["Toys of the three, thousands a year", *["dashed: what another hand counts"] * 9]
    subtitle = "; ".join(clauses)
    lines, points, says = cards._fitted(headline, cards.SERIF, subtitle, 300)
    assert " ".join(lines) == headline.strip() and says[0].startswith(clauses[0]) and subtitle.startswith(" ".join(says))
    assert len(lines) * points * cards.LEADING[0] + cards.BESIDE + len(says) * cards.SAYS * cards.LEADING[1] <= 300
    assert cards._fitted(headline, cards.SERIF, subtitle, 40)[2] == []  # no room at all: the headline alone


@pytest.mark.skipif(not BUILT.is_dir(), reason="the book is not built: run make book before make test to look at its cards")
def test_the_letters_on_every_card_of_a_chapter_can_be_read():
    small = {}
    for source in sorted((ROOT / "book").rglob("*.md")):
        text = source.read_text(encoding="utf-8")
        if not is_notebook(text):
            continue
        page = (BUILT / source.relative_to(ROOT)).with_suffix(".html").read_text(encoding="utf-8")
        chosen = yaml.safe_load(HEAD.match(text)[1]).get("card", r"[\w-]+")
        figure = re.search(rf'<figure class="tl-figure" id="({chosen})".*?</figcaption>', page, re.DOTALL)
        drawings = re.findall(r"<svg .*?</svg>", page[figure.end():page.index("</figure>", figure.end())], re.DOTALL)[:2]
        scale, drawn = cards.larger(drawings)
        least = scale * min(map(float, re.findall(r'font-size="([\d.]+)', drawn)))
        if least < 14:  # px of 1,200 that the card is wide
            small[source.stem] = (figure[1], round(least, 1))
    assert small == {}, "name a plainer figure as card in the front matter"


def test_a_description_is_no_longer_than_search_engines_show():
    assert social.described("Toys rise", "3 claims: 1 supported, 2 mixed.") == "Toys rise. 3 claims: 1 supported, 2 mixed."
    assert social.described("Toys " * 30 + "rise", "3 claims.") == "Toys " * 30 + "rise."
    assert len(social.described("Toys rise " * 40, "3 claims.")) <= social.LONGEST


def test_a_card_and_its_verdicts_are_in_the_language_of_their_page():
    card = cards.whole("The Ledger", ENTRIES, "ja")
    plain = re.sub("</?tspan[^>]*>", "", card)
    assert all(words in plain for words in (">2 証拠混在（うち脆弱1）<", ">1 裏付けあり<", "Noto Sans CJK JP"))
    assert cards.MAY_BREAK not in card
    assert social.verdicts(ENTRIES, "ko") == "주장 3개: 1 뒷받침됨, 2 증거 엇갈림(취약 1)."


def test_the_front_page_and_its_summaries_lead_to_each_other_by_whole_addresses_and_other_pages_do_not():
    metadata = {"index": {}, "ja/all": {"lang": "ja"}, "toys": {}}
    env = SimpleNamespace(config=SimpleNamespace(root_doc="index"), metadata=metadata)
    app = SimpleNamespace(env=env, config=env.config, builder=SimpleNamespace(get_target_uri=lambda name: f"{name}.html"))
    for page in ("index", "ja/all"):
        found = dict(re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', translations.links(app, page, BOOK.site)))
        assert found == {"en": BOOK.site + "index.html", "ja": BOOK.site + "ja/all.html", "x-default": BOOK.site + "index.html"}
    assert translations.links(app, "toys", BOOK.site) == translations.links(app, "index", "") == ""


def test_the_feed_has_releases_their_changes_and_corrections_the_newest_first():
    found = feed.entries(CHANGELOG, CHANGES, ERRATA)
    assert [(entry.date, entry.title) for entry in found] == [
        ("2027-03-01", "Version 0.2.0"), ("2027-03-01", "Version 0.2.0, rules and verdicts: Toys"),
        ("2027-02-03", "Correction: the figure had a wrong year."), ("2026-11-22", "Version 0.1.0")]
    atom = ElementTree.fromstring(feed.atom(BOOK, found))
    spaces = {"a": feed.ATOM}
    assert atom.findtext("a:updated", namespaces=spaces) == "2027-03-01T00:00:00Z"
    contents = [entry.findtext("a:content", namespaces=spaces) for entry in atom.findall("a:entry", spaces)]
    assert "<strong>chapter</strong>" in contents[0] and "Not yet" not in "".join(contents)
    assert contents[1] == '<p>The <a href="https://example.org/ledger/book/toys.html#a-claim">claim</a> moved.</p>'
    summaries = [entry.findtext("a:summary", namespaces=spaces) for entry in atom.findall("a:entry", spaces)]
    assert summaries[1] == "The claim moved." and max(map(len, summaries)) <= feed.SUMMARY
    ids = [entry.findtext("a:id", namespaces=spaces) for entry in atom.findall("a:entry", spaces)]
    assert len(set(ids)) == 4 and all(name.startswith("urn:uuid:") for name in ids)
    alone = ElementTree.fromstring(feed.atom(BOOK, feed.entries(CHANGELOG, "", "")))
    assert len(alone.findall("a:entry", spaces)) == 2 and alone.findall("a:entry/a:link", spaces) == []  # no page tells of them
    base = f"{{{feed.XML}}}base"
    assert atom.get(base) == BOOK.site
    assert ElementTree.fromstring(feed.atom(citing.Book("A", "B", "2026"), found)).get(base) == "./"


@pytest.mark.parametrize(("url", "place"), [("https://github.com/owner/name.git", "https://github.com/owner/name"),
                                            ("https://codeberg.org/owner/name/", "https://codeberg.org/owner/name"),
                                            ("https://gitlab.org/owner/name.git/", "https://gitlab.org/owner/name/-")])
def test_errors_are_reported_where_the_repository_is_whatever_its_address_ends_in(url, place):
    link = said(directives.IssuesRole(), config("", url))
    assert link["refuri"] == f"{place}/issues" and link.astext() == "the tracker"


def said(role, settings):
    """What a role makes of two alternatives."""
    role.text = "the tracker | by letter"
    role.inliner = SimpleNamespace(document=SimpleNamespace(settings=SimpleNamespace(env=SimpleNamespace(config=settings))))
    [node], _ = role.run()
    return node


def test_a_page_says_what_to_do_where_the_book_names_no_repository_or_no_address():
    for role in (directives.IssuesRole(), directives.SiteRole()):
        assert said(role, config("")).astext() == "by letter"
    assert said(directives.SiteRole(), config("https://example.org/")).astext() == "the tracker"


def test_the_citation_file_follows_the_one_setting(tmp_path):
    (tmp_path / "_config.yml").write_text("repository: {url: 'https://example.org/someone/ledger.git/'}\n"
                                          "html: {baseurl: 'https://example.org/ledger'}\n")
    path = tmp_path / "CITATION.cff"
    path.write_text(before := (ROOT / "CITATION.cff").read_text(encoding="utf-8"), encoding="utf-8")
    assert citing.keep_file(tmp_path) and not citing.keep_file(tmp_path)
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert (found["repository-code"], found["url"]) == ("https://example.org/someone/ledger", "https://example.org/ledger/")
    (tmp_path / "_config.yml").write_text("repository: {url: ''}\n")
    assert citing.keep_file(tmp_path) and path.read_text(encoding="utf-8") == citing.located(before, "", "")


def test_the_citation_file_here_has_the_addresses_of_the_configuration():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert citing.located(text, *address.settings(ROOT)) == text


def test_the_site_map_has_whole_addresses_and_robots_are_told_of_it_where_there_is_one():
    text = site_files.site_map(["book/index.html"], BOOK.site)
    assert [each.text for each in ElementTree.fromstring(text)[0]] == ["https://example.org/ledger/book/index.html"]
    assert site_files.robots(BOOK.site).endswith("Sitemap: https://example.org/ledger/sitemap.xml\n")
    assert "Sitemap" not in site_files.robots("")


def test_the_first_page_leads_to_the_front_page_and_shows_its_card():
    front = '<head>\n  <meta property="og:image" content="../cards/book.png">\n<script>no</script>\n</head>'
    made = site_files.first_page(front, "book/index.html")
    assert 'content="cards/book.png"' in made and "url=book/index.html" in made and "<script" not in made


def test_the_version_that_is_released_has_a_day_in_the_changelog_and_a_section_in_the_changes():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    days = {release: day for release, day, _ in feed.releases((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))}
    assert days[version] == yaml.safe_load((ROOT / "CITATION.cff").read_text())["date-released"]
    changes = (ROOT / "book" / "appendix" / "changes.md").read_text(encoding="utf-8")
    assert set(days) == set(re.findall(r"^## (\d+\.\d+\.\d+)$", changes, re.MULTILINE))


def test_actions_of_the_workflows_are_pinned_by_commit_and_its_scripts_exist():
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text()
        used = re.findall(r"uses: (\S+)(.*)", text)
        assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name, _ in used)
        assert all(re.match(r" # v\d", tag) for _, tag in used)
        assert all((ROOT / script).exists() for script in re.findall(r"run: bash (\S+)", text))
        assert yaml.safe_load(text)["permissions"] == {}
