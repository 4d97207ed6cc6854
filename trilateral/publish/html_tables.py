"""The descriptions of tables on a web page."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes as docutils_nodes
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trilateral.claims import register
from trilateral.data import DATA
from trilateral.publish.words import quotation

QUOTE_WIDTH = 60  # characters


def visit_data_tables(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    builder = self.builder
    here = builder.get_target_uri(builder.current_docname)
    folder = Path(builder.outdir) / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for table in node["tables"]:
        if table["rows"]:
            shutil.copyfile(DATA / f"{table['name']}.csv", folder / f"{table['name']}.csv")

    def to_figure(docname: str, name: str) -> str:
        return f'<a href="{relative_uri(here, builder.get_target_uri(docname))}#{name}">{escape(name)}</a>'

    urls = {claim: f"{docname}#{claim}" for docname, record in _pages(builder).items() for claim in record}

    def to_claim(claim: str) -> str:
        docname, _, anchor = urls[claim].partition("#")
        words = escape(quotation(shorten(register()[claim].quote, QUOTE_WIDTH, placeholder=" …")))
        return f'<a href="{relative_uri(here, builder.get_target_uri(docname))}#{anchor}">{words}</a>'

    self.body.extend(_table(table, relative_uri(here, "data"), to_figure, to_claim) for table in node["tables"])
    raise docutils_nodes.SkipNode


def _pages(builder) -> dict[str, list[str]]:
    from trilateral.publish.collect import records
    return {docname: list(record["judgements"]) for docname, record in records(builder.env).items()}


def _table(table: Mapping[str, Any], folder: str, to_figure, to_claim) -> str:
    meta, name = table["meta"], table["name"]
    licence = meta.get("licence") or {}
    licence = licence if isinstance(licence, Mapping) else {"name": licence}
    rows = [
        ("Producer", _text(meta.get("producer"))), ("Cite as", _text(meta.get("citation"))),
        ("Licence", _anchor(licence.get("url"), licence.get("name")) + _text(licence.get("note"), " — ")),
        ("Upstream", "; ".join(_upstream(each) for each in meta.get("upstream") or [])),
        ("Vintage", _text(meta.get("vintage"))), ("Coverage", _coverage(meta.get("coverage"))),
        ("Grade", _text(meta.get("grade")) + _text(meta.get("grade_reason"), ": ")),
        ("Figures", ", ".join(to_figure(*figure) for figure in table["figures"])),
        ("Claims", "; ".join(map(to_claim, table["claims"]))), ("Caveats", _list(meta.get("caveats") or [])),
    ]
    facts = "".join(f"<div><dt>{label}</dt><dd>{content}</dd></div>" for label, content in rows if content)
    size = f'{table["rows"]:,} rows, {table["bytes"] / 1000:,.0f} kB'
    download = (f'<a href="{folder}/{name}.csv" download>CSV, {size}</a>'
                if table["rows"] else "")
    return (f'<section class="tl-table" id="{name}"><h2>{_text(meta.get("title") or name)}'
            f'<a class="headerlink" href="#{name}" title="Link to this table">#</a></h2>'
            f'<p>{_text(meta.get("description"))}</p><p class="tl-tools"><code>{name}</code> {download}</p>'
            f'<dl class="tl-facts">{facts}</dl>{_columns(meta.get("columns") or [], name)}</section>\n')


def _list(items: str | list) -> str:
    items = [items] if isinstance(items, str) else items
    return f'<ul>{"".join(f"<li>{escape(str(each))}</li>" for each in items)}</ul>' if items else ""


def contents(page: str, tables: list[Mapping[str, Any]]) -> str:
    """The tables of a page as its table of contents."""
    items = "".join(f'<li><a href="#{table["name"]}">{_text(table["meta"].get("title") or table["name"])}</a></li>'
                    for table in tables)
    return f'<ul><li><a href="#">{escape(page)}</a><ul>{items}</ul></li></ul>'


def _columns(columns: list[Mapping], name: str) -> str:
    body = "".join(
        f'<tr><th scope="row"><code>{escape(str(column.get("name", "")))}</code></th>'
        f'<td>{_text(column.get("description") or column.get("title"))}</td><td>{_text(column.get("type"))}</td>'
        f'<td>{_text(column.get("unit"))}</td></tr>' for column in columns)
    return (f'<details class="tl-data"><summary>Columns</summary><div class="tl-scroll" tabindex="0" role="region" '
            f'aria-label="Columns of {name}"><table><thead><tr><th scope="col">Column</th><th scope="col">Meaning</th>'
            '<th scope="col">Type</th><th scope="col">Unit</th></tr></thead>'
            f"<tbody>{body}</tbody></table></div></details>") if columns else ""


def _text(value: Any, before: str = "") -> str:
    return before + escape(str(value)) if value not in (None, "") else ""


def _anchor(url: Any, text: Any) -> str:
    return f'<a href="{escape(str(url))}">{_text(text or url)}</a>' if url else _text(text)


def _upstream(each: Any) -> str:
    if not isinstance(each, Mapping):
        return _text(each)
    return _anchor(each.get("url"), each.get("file") or each.get("source"))


def _coverage(coverage: Any) -> str:
    if not isinstance(coverage, Mapping):
        return _text(coverage)
    parts = []
    for key in ("years", "countries", *(set(coverage) - {"years", "countries"})):
        if coverage.get(key):
            found = coverage[key]
            found = "–".join(map(str, found)) if key == "years" and isinstance(found, list) else (
                ", ".join(map(str, found)) if isinstance(found, list) else str(found))
            parts.append(f"{escape(key)}: {escape(found)}")
    return "; ".join(parts)
