"""Long pages whose sections are folded on a phone: ``folded: true`` in the front matter of a page.

The headings are then what opens and closes. A browser opens a section for a link into it and for words looked for; wider pages
and paper show all, see ``tl-fold`` in the styles.
"""

from __future__ import annotations

import re

from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx

OPENING, BELOW_TITLE, END = '<details class="tl-fold"><summary>', "</summary>", "</details>"
LINK_IN_HEADING = re.compile(rf'({OPENING}(?:(?!{BELOW_TITLE}).)*?)<a class="headerlink"[^>]*>.*?</a>', re.DOTALL)


def doctree_resolved(app: Sphinx, doctree: docutils_nodes.document, docname: str) -> None:
    if app.builder.format != "html" or not (app.env.metadata.get(docname) or {}).get("folded"):
        return
    whole = doctree.next_node(docutils_nodes.section)
    for section in [child for child in whole.children if isinstance(child, docutils_nodes.section)]:
        title, *rest = section.children
        section.clear()
        section += [_raw(OPENING), title, _raw(BELOW_TITLE), *rest, _raw(END)]


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: docutils_nodes.document | None) -> None:
    """What opens and closes may hold no link, also none to itself; the contents of the page have them all."""
    if "tl-fold" in context.get("body", ""):
        context["body"] = LINK_IN_HEADING.sub(r"\1", context["body"])


def _raw(html: str) -> docutils_nodes.raw:
    return docutils_nodes.raw("", html, format="html")


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", doctree_resolved, priority=950)
    app.connect("html-page-context", page_context)
