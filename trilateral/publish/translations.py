"""Pages that say in another language what the front page says, and how each tells of the others."""

from __future__ import annotations

import re
from functools import partial
from html import escape

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri

from trilateral.publish import languages

FOR_ALL_OTHERS = "x-default"
PERMALINK = "Link to this heading"  # as Sphinx calls it
TOP = re.compile(r"<(p|ul)\b")  # of the tree of contents


def group(env: BuildEnvironment) -> dict[str, str]:
    """The front page and its summaries: each page whose front matter names a language, by that language."""
    return {languages.ENGLISH: env.config.root_doc} | {
        str(known["lang"]): docname for docname, known in sorted(env.metadata.items()) if "lang" in known}


def links(app: Sphinx, pagename: str, site: str) -> str:
    """Elements of a page's head that lead search engines to the other languages; they follow whole addresses alone."""
    pages = group(app.env)
    if not site or len(pages) < 2 or pagename not in pages.values():
        return ""
    named = pages | {FOR_ALL_OTHERS: app.config.root_doc}
    return "".join(f'<link rel="alternate" hreflang="{language}" href="{escape(site + app.builder.get_target_uri(page))}">\n'
                   for language, page in named.items())


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """The frame of a page speaks its language, and what is in another one says so, so that it is spoken and searched in it."""
    own, pages = languages.of(app.env, pagename), group(app.env)
    here = app.builder.get_target_uri(pagename)
    tongues = {relative_uri(here, app.builder.get_target_uri(page)): language for language, page in pages.items()}
    summaries = {link: language for link, language in tongues.items() if language != languages.ENGLISH}

    def named(html: str) -> str:
        """Names of languages that stand alone, each marked as in it."""
        for language in summaries.values():
            name = languages.known()["names"][language]
            html = re.sub(rf"(?<![^\s>]){name}(?![^\s<])", f'<span lang="{language}">{name}</span>', html)
        return html

    def contents(tree: str) -> str:
        """Titles of pages: English, and those of the summaries."""
        if own != languages.ENGLISH:
            tree = TOP.sub(rf'<\1 lang="{languages.ENGLISH}"', tree)
        for link, language in summaries.items():
            link = "#" if pagename == pages[language] else link
            tree = tree.replace(f'href="{link}"', f'href="{link}" lang="{language}"')
        return named(tree)

    def titled(page: dict) -> str:
        return marked(page["title"], tongues.get(page["link"], languages.ENGLISH), own)

    context |= {"say": partial(languages.word, language=own), "english": partial(marked, language=languages.ENGLISH, own=own),
                "named": named, "contents": contents, "titled": titled}
    if own != languages.ENGLISH:
        context["body"] = context["body"].replace(f'title="{PERMALINK}"', f'title="{languages.word(PERMALINK, own)}"')
    for language, page in pages.items() if pagename in pages.values() else ():
        if page != pagename:
            link = f'href="{relative_uri(here, app.builder.get_target_uri(page))}"'
            context["body"] = context["body"].replace(link, f'{link} hreflang="{language}" lang="{language}"', 1)


def marked(text: str, language: str, own: str) -> str:
    """HTML in a language on a page in its own: marked where the two differ."""
    return text if language == own else f'<span lang="{language}">{text}</span>'


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", page_context, priority=900)
