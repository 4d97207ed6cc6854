"""What the head of a page tells other sites of it: canonical address, words, a card, and the feed of changes."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from textwrap import shorten

from docutils import nodes as docutils_nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

from trilateral.publish import cards, citing, collect, feed, languages, nodes, site_files, translations
from trilateral.publish.drawing import Studio
from trilateral.publish.words import beside, is_fragile, tallied

BOOK_CARD = "cards/book{language}.png"
LOCALES = {"en": "en_US", "ja": "ja_JP", "ko": "ko_KR"}
CLAIMS = "{claims} claims"
WORDS = docutils_nodes.Text | nodes.verdict_chip
SHORTEST, LONGEST = 40, 160  # letters of a description; search engines show no more


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if pagename not in app.env.found_docs or doctree is None:
        return
    book = citing.of(app.config)
    entries = collect.book_ledger(app.env)
    title = Markup(context["title"]).striptags()
    own = [entry for entry in entries if entry["chapter"] == collect.chapter_of(pagename)] or entries
    payload = main_figure(app, pagename, doctree)
    studio, language = Studio(Path(app.doctreedir).parent / ".figures"), languages.of(app.env, pagename)
    if payload:
        path = f"cards/{collect.chapter_of(pagename)}.png"
        drawn = [studio.svg(payload[size], f"{payload['id']}-{size}") for size in ("wide", "narrow")]
        _put(app, path, studio.png(cards.chapter(book.title, title.partition(":")[0], payload, drawn, own), 1))
        whole = f'{payload["headline"]}. {verdicts(own)}'
        said = described(payload["headline"], verdicts(own))
    else:
        path = BOOK_CARD.format(language="" if language == languages.ENGLISH else f"-{language}")
        if pagename in translations.group(app.env).values():
            _put(app, path, studio.png(cards.whole(book.title, entries, language), 1))
        said = whole = verdicts(entries) if pagename == app.config.root_doc else first_words(doctree, language)
    here = app.builder.get_target_uri(pagename)
    news = relative_uri(here, feed.NAME) if feed.releases(site_files.changelog(app)) else ""
    image = book.site + path if book.site else relative_uri(here, path)
    name = f"{book.title}: {title}" if title != book.title else title
    context["metatags"] = context.get("metatags", "") + tags({
        "description": said, "og:type": "book" if pagename == app.config.root_doc else "article", "og:site_name": book.title,
        "og:title": name, "og:description": whole, "og:locale": LOCALES.get(language, language),
        "og:url": book.site + here if book.site else "", "og:image": image,
        "og:image:width": str(cards.WIDTH), "og:image:height": str(cards.HEIGHT),
        "og:image:alt": f"{payload['headline']}. {payload['alt']}" if payload else verdicts(entries, language),
        "twitter:card": "summary_large_image",
    }) + translations.links(app, pagename, book.site) + links(book.site + here if book.site else "", news, book.title)


def main_figure(app: Sphinx, docname: str, doctree: docutils_nodes.document) -> Mapping | None:
    """The figure that stands for a page: the one its front matter names as ``card``, else its first.

    Raises
    ------
    ExtensionError
        The page has no figure of that name.
    """
    found = {node["payload"]["id"]: node["payload"] for node in doctree.findall(nodes.figure)
             if isinstance(node, nodes.figure)}
    chosen = (app.env.metadata.get(docname) or {}).get("card")
    if chosen and chosen not in found:
        raise ExtensionError(f"{docname}: the front matter names the figure {chosen!r} as card; the page has "
                             f"{', '.join(found) or 'none'}")
    return found[chosen] if chosen else next(iter(found.values()), None)


def verdicts(entries: list[Mapping], language: str = languages.ENGLISH) -> str:
    """How claims were judged, in a sentence: ``9 claims: 5 supported (1 fragile), 4 mixed.``"""
    return f"{languages.word(CLAIMS, language).format(claims=len(entries))}: {', '.join(tallied(entries, language).values())}."


def described(headline: str, counts: str) -> str:
    """What a page finds and how its claims were judged; where that is too long for search engines, what it finds."""
    both = f"{headline}. {counts}"
    return both if len(both) <= LONGEST else shorten(f"{headline}.", LONGEST, placeholder=" …")


def first_words(doctree: docutils_nodes.document, language: str) -> str:
    """The first paragraph of a page that is more than a line of links, with the words of its verdicts, shortened."""
    def words(node: docutils_nodes.Node) -> str:
        if not isinstance(node, nodes.verdict_chip):
            return node.astext()
        at = node["entry"][node["moment"]]
        said = languages.word(at["verdict"], language, "verdicts")
        fragile = f'{languages.word("fragile", language)}: ' if is_fragile(at["specifications"]) else ""
        return f"{said} ({fragile}{more})" if (more := beside(at, language)) else said

    said = ("".join(words(node) for node in paragraph.findall(lambda n: isinstance(n, WORDS)))
            for paragraph in doctree.findall(docutils_nodes.paragraph))
    text = next((each for each in said if len(each) > SHORTEST), "")
    return shorten(" ".join(text.split()), LONGEST, placeholder=" …")


def tags(named: Mapping[str, str]) -> str:
    return "".join(f'<meta {"property" if name.startswith("og:") else "name"}="{name}" content="{escape(text)}">\n'
                   for name, text in named.items() if text)


def links(canonical: str, feed_path: str, book: str) -> str:
    whole = f'<link rel="canonical" href="{escape(canonical)}">\n' if canonical else ""
    changes = f'<link rel="alternate" type="application/atom+xml" title="Changes to {escape(book)}" href="{feed_path}">\n'
    return whole + changes if feed_path else whole


def _put(app: Sphinx, name: str, content: bytes) -> None:
    path = Path(app.outdir) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", page_context, priority=950)
