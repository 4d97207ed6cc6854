"""Tables as Typst source: from rows of translated cells, or from the HTML of a data frame."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from trilateral.publish.typst_text import array, content

NUMERIC = re.compile(r"[-−+]?[\d.,\s]+%?|NaN|nan|–")
SPAN_LIMIT = 1000  # what HTML allows a cell to span


def table(columns: Sequence[str], heads: Sequence[Sequence[str]], body: Sequence[Sequence[str]], title: str = "",
          lead: str = "") -> str:
    """A table that takes the width it needs.

    Parameters
    ----------
    columns : sequence of str
        A Typst width for each column.
    heads, body : sequence of rows
        Each row the output of `cell` for its cells; the heads are repeated on every page.
    title, lead : str
        Typst source of what the table is called where it stands away from the text, and of the words before it that go with it.
    """
    parts = [array(columns), *(f"{name}: [{said}]" for name, said in (("title", title), ("lead", lead)) if said)]
    if heads:
        parts.append("table.header(" + ", ".join(one for row in heads for one in row)
                     + ", table.hline(stroke: 0.5pt + ink))")
    parts += [one for row in body for one in row]
    return f"#fit-table({', '.join(parts)})\n\n"


def cell(body: str, rowspan: int = 1, colspan: int = 1, side: str = "") -> str:
    """A cell around a Typst content block; `side` is an alignment other than the table's."""
    wanted = [(f"rowspan: {rowspan}", rowspan > 1), (f"colspan: {colspan}", colspan > 1), (f"align: {side}", side)]
    options = "".join(f"{option}, " for option, needed in wanted if needed)
    return f"table.cell({options}{body})" if options else body


def html_table(html: str) -> str | None:
    """The first table of an HTML fragment, or None; how a DataFrame reaches the page."""
    found = BeautifulSoup(html, "html.parser").find("table")
    if not isinstance(found, Tag):
        return None
    rows = [row.find_all(["th", "td"]) for row in found.find_all("tr")]
    width = max((sum(_span(one, "colspan") for one in row) for row in rows), default=0)
    if not width:
        return None
    is_head = [bool(row) and row[0].find_parent("thead") is not None for row in rows]
    translated = [[_html_cell(one) for one in row] for row in rows]
    return table(["auto"] * width, [row for row, head in zip(translated, is_head, strict=True) if head],
                 [row for row, head in zip(translated, is_head, strict=True) if not head])


def _html_cell(tag: Tag) -> str:
    text = tag.get_text(" ", strip=True)
    return cell(content(text), _span(tag, "rowspan"), _span(tag, "colspan"), "right" if NUMERIC.fullmatch(text) else "")


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name, "1"))
    return min(max(int(value), 1), SPAN_LIMIT) if value.isdecimal() else 1
