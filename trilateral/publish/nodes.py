"""Doctree nodes that carry the book's own content to every output format.

Each node holds plain data; HTML and Typst draw it in their own way.
"""

from docutils import nodes


class figure(nodes.General, nodes.Element):
    """A figure. ``node["payload"]`` is the dict of `trilateral.charts.Figure.to_dict`; ``node["ids"]`` has its id."""


class verdict(nodes.General, nodes.Element):
    """The verdicts on one claim where the notebook judges it. ``node["payload"]``: `trilateral.claims.Judgement.to_dict`."""


class claim_card(nodes.General, nodes.Element):
    """A claim's quotation with its verdict chips and a link to the judgement. ``node["claim"]``: claim id."""


class verdict_chip(nodes.Inline, nodes.Element):
    """Inline chip with a verdict's word. ``node["claim"]``, ``node["moment"]`` ("written" or "now")."""


class claims_picture(nodes.General, nodes.Element):
    """The picture of all claims by chapter and verdict."""


class ledger_table(nodes.General, nodes.Element):
    """The table of all claims."""


class data_tables(nodes.General, nodes.Element):
    """Descriptions of all tables, from the data package."""
