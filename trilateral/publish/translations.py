"""Pages that say in another language what the front page says, and how each tells of the others."""

from __future__ import annotations

from html import escape

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri

from trilateral.publish import languages

FOR_ALL_OTHERS = "x-default"


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
    """A link to another language says which, so that its words are spoken and searched in it."""
    pages = group(app.env)
    if pagename not in pages.values():
        return
    here = app.builder.get_target_uri(pagename)
    for language, page in pages.items():
        if page != pagename:
            link = f'href="{relative_uri(here, app.builder.get_target_uri(page))}"'
            context["body"] = context["body"].replace(link, f'{link} hreflang="{language}" lang="{language}"', 1)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", page_context, priority=900)
