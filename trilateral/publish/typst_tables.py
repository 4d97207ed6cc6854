"""Tables as Typst source: from rows of translated cells, or from the HTML of a data frame."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from trilateral.publish.typst_text import array, content

NUMERIC = re.compile(r"[-−+]?\d[\d,\s]*(\.\d+)?\s?%?|NaN|nan|–")
YEAR = re.compile(r"(19|20)\d\d")
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
    spans = any(_span(one, name) > 1 for row in rows for one in row for name in ("rowspan", "colspan"))
    numbers = set() if spans else numeric_columns([
        [one.get_text(" ", strip=True) for one in row] for row, head in zip(rows, is_head, strict=True) if not head])
    translated = [[_html_cell(one, at in numbers) for at, one in enumerate(row)] for row in rows]
    return table(["auto"] * width, [row for row, head in zip(translated, is_head, strict=True) if head],
                 [row for row, head in zip(translated, is_head, strict=True) if not head])


def numeric_columns(rows: Sequence[Sequence[str]]) -> set[int]:
    """Places of the columns whose words and head stand at the right, under each other's last digits.

    Parameters
    ----------
    rows : sequence of rows
        What the cells of the body say; no cell spans others. At least half of what stands in a column are numbers and not
        years; the first column of several holds what the rows are called.
    """
    width = max(map(len, rows), default=0)
    columns = {at: [row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(width > 1, width)}
    return {at for at, said in columns.items()
            if 2 * sum(bool(NUMERIC.fullmatch(one)) and not YEAR.fullmatch(one) for one in said) >= max(1, len(said))}


def _html_cell(tag: Tag, number: bool) -> str:
    text = tag.get_text(" ", strip=True)
    return cell(content(text), _span(tag, "rowspan"), _span(tag, "colspan"),
                "right" if number or NUMERIC.fullmatch(text) else "")


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name, "1"))
    return min(max(int(value), 1), SPAN_LIMIT) if value.isdecimal() else 1
