"""Plain tables of text as docutils nodes, which every output format draws in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes


def plain_table(heads: Sequence[str], rows: Iterable[Sequence[str | nodes.Node]], widths: Sequence[int] = (),
                languages: Sequence[str] = ()) -> nodes.table:
    """A table with one line of heads.

    Parameters
    ----------
    rows : iterable of sequence of str or node
        Cells; a node stands in a paragraph of its own.
    widths : sequence of int, optional
        Shares of the width; equal ones by default.
    languages : sequence of str, optional
        Language of each column.
    """
    columns = [nodes.colspec(colwidth=width) for width in widths or [1] * len(heads)]
    marks = [[f"language-{language}"] for language in languages] or [[]] * len(heads)

    def line(cells: Sequence[str | nodes.Node]) -> nodes.row:
        texts = (cell if isinstance(cell, nodes.Node) else nodes.Text(cell) for cell in cells)
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", text), classes=list(mark))
                               for text, mark in zip(texts, marks, strict=True)))

    return nodes.table("", nodes.tgroup("", *columns, nodes.thead("", line(heads)), nodes.tbody("", *map(line, rows)),
                                        cols=len(heads)))
