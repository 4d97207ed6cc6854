"""Doctree nodes that carry the book's own content to every output format.

Each node holds plain data; HTML and Typst draw it in their own way.
"""

from docutils import nodes


class figure(nodes.General, nodes.Element):
    """A figure. ``node["payload"]``: `trilateral.charts.Figure.to_dict`; ``node["ids"]`` has its id.

    Docutils has a node of the same name: a visitor must tell the two apart by their class.
    """


class verdict(nodes.General, nodes.Element):
    """The verdicts on one claim where the notebook judges it.

    ``node["payload"]``: `trilateral.claims.Judgement.to_dict`; ``node["entry"]``, once all documents are read: the
    claim's entry of the ledger, see `trilateral.publish.ledger.entry`; ``node["ids"]`` has the claim's id.
    """


class claim_card(nodes.General, nodes.Element):
    """A claim's quotation with its verdict chips and a link to the judgement.

    ``node["claim"]``: claim id; ``node["entry"]``, once all documents are read: its entry of the ledger.
    """


class verdict_chip(nodes.Inline, nodes.Element):
    """Inline chip with a verdict's word. ``node["claim"]``, ``node["moment"]`` ("written" or "now").

    ``node["entry"]``, once all documents are read: the claim's entry of the ledger.
    """


class claims_picture(nodes.General, nodes.Element):
    """The picture of all claims by chapter and verdict; ``node["entries"]`` once all documents are read."""


class record_picture(nodes.General, nodes.Element):
    """The picture of the front page, on web pages alone: see `trilateral.publish.landing`."""


class ledger_table(nodes.General, nodes.Element):
    """The table of all claims; ``node["entries"]`` once all documents are read."""


class data_tables(nodes.General, nodes.Element):
    """Descriptions of all tables. ``node["tables"]``: see `trilateral.publish.tables.descriptions`."""


class register_figure(nodes.General, nodes.Element):
    """A figure of the whole register, by ``node["name"]``; becomes a `figure` once all documents are read."""


class finding(nodes.General, nodes.Element):
    """A figure of a chapter, shown on another page and leading to its own.

    ``node["figure"]``: its id; on a page in another language the children are paragraphs: headline, subtitle and alt text.
    ``node["payload"]`` and ``node["home"]``, the document it stands in, once all documents are
    read.
    """


class verdict_counts(nodes.General, nodes.Element):
    """Claims by verdict and moment; becomes a plain table once all documents are read."""


class discoveries_table(nodes.General, nodes.Element):
    """The tests whose verdicts chance could have made; becomes a plain table once all documents are read."""


class near_misses_table(nodes.General, nodes.Element):
    """Verdicts whose interval holds the line that their point misses; becomes a plain table once all documents are read."""


class cite_as(nodes.General, nodes.Element):
    """How to cite ``node["part"]`` (book, chapter, figure or verdict) of ``node["name"]``; becomes text and code."""


class folded_code(nodes.comment):
    """Code of a cell, folded away; web pages alone. A comment to what indexes words: who searches the book looks for text."""


class pending_value(nodes.Inline, nodes.Element):
    """A number of the ledger; becomes plain text once all documents are read. ``node["expression"]``."""


OWN = (figure, verdict, ledger_table, data_tables)
"""Nodes with words that a reader may search for."""
