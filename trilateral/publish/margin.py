"""Footnotes of the sources stand beside their sentence on a web page: in the margin of a wide one, below the words on a phone.

On paper they are footnotes, see `trilateral.publish.typst_writer`.
"""

from __future__ import annotations

from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx

OPENING = '<span class="tl-side" role="note" id="{name}">'


def beside(app: Sphinx, doctree: docutils_nodes.document, docname: str) -> None:
    """Put each footnote behind its first mark, and the marks of others lead there."""
    if app.builder.format != "html":
        return
    notes = {name: note for note in doctree.findall(docutils_nodes.footnote) for name in note["ids"]}
    for mark in list(doctree.findall(docutils_nodes.footnote_reference)):
        note = notes.pop(mark["refid"], None)
        if note is None:
            continue
        words = [word for paragraph in note.findall(docutils_nodes.paragraph) for word in paragraph.children]
        mark.parent.insert(mark.parent.index(mark) + 1, [
            docutils_nodes.raw("", OPENING.format(name=mark["refid"]), format="html"),
            docutils_nodes.superscript("", mark.astext()), docutils_nodes.Text(" "), *words,
            docutils_nodes.raw("", "</span>", format="html")])
        above = note.previous_sibling()
        if isinstance(above, docutils_nodes.transition):  # the rule that MyST draws above the first of them
            above.parent.remove(above)
        note.parent.remove(note)


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", beside, priority=950)
