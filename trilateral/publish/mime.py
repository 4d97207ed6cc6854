"""Turn the book's own notebook outputs into nodes, and fold code away."""

from __future__ import annotations

import json
from itertools import pairwise

from docutils import nodes as docutils_nodes
from myst_nb.core import render
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from trilateral import charts, claims
from trilateral.publish import nodes


class Outputs:
    """A myst-nb renderer for figures and verdicts."""

    mime_priority_overrides = (("*", charts.MIME, 0), ("*", claims.MIME, 0))

    @staticmethod
    def handle_mime(renderer, data: render.MimeData, inline: bool) -> list[docutils_nodes.Element] | None:
        if inline or data.mime_type not in (charts.MIME, claims.MIME):
            return None
        payload = canonical(data.content)
        if data.mime_type == charts.MIME:
            return [nodes.figure("", payload=payload, ids=[payload["id"]])]
        return [nodes.verdict("", payload=payload, ids=[payload["claim"]])]


def canonical(content: str | dict) -> dict:
    """An output with its keys in order: the cache of executed notebooks sorts them, the kernel does not."""
    given = json.loads(content) if isinstance(content, str) else content
    return json.loads(json.dumps(given, sort_keys=True))


def register_outputs() -> None:
    """Make myst-nb know `Outputs`.

    It finds renderers only by the entry points of installed distributions, and this package is used where it lies;
    its list of them is made once and kept, so adding to that list is what an entry point would do.
    """
    renderers = render.load_mime_renders()
    if Outputs not in renderers:
        renderers.append(Outputs)


class FoldCode(SphinxTransform):
    """Every code cell is folded, without a tag on each."""

    default_priority = 800

    def apply(self, **kwargs) -> None:
        for cell in self.document.findall(docutils_nodes.container):
            if cell.get("nb_element") != "cell_code" or cell.get("hide_mode") or not cell.children:
                continue
            if cell.children[0].get("nb_element") == "cell_code_source":
                cell["hide_mode"], cell["prompt_show"], cell["prompt_hide"] = "input", "Code", "Code"


class CodeBelow(SphinxPostTransform):
    """On a web page a folded cell's code stands below what it shows, in a plain disclosure.

    The code of a cell that shows nothing joins that of the next cell, where no text stands between them.
    """

    default_priority = 200  # right after myst-nb has folded the cells
    formats = ("html",)

    def run(self, **kwargs) -> None:
        below = []
        for cell in self.document.findall(docutils_nodes.container):
            if cell.get("nb_element") == "cell_code" and isinstance(cell.children[0], HideCodeCellNode):
                folded = cell.pop(0)
                cell.append(nodes.folded_code("", "", *folded.children))
                below.append(cell)
        for cell, after in pairwise(below):
            if not _shows(cell) and cell.next_node(descend=False, siblings=True) is after:
                after.children[-1][:0] = cell.children[-1].children
                cell.parent.remove(cell)


def _shows(cell: docutils_nodes.container) -> bool:
    """Whether a cell has any output; containers that hold nothing are none."""
    return any(not isinstance(node, docutils_nodes.container)
               for output in cell.children[:-1] for node in output.findall(docutils_nodes.Element))
