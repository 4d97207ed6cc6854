"""The descriptions of tables on a web page."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes as docutils_nodes
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trilateral.claims import register
from trilateral.data import DATA
from trilateral.publish import coverage
from trilateral.publish.words import quotation

QUOTE_WIDTH = 60  # characters
LEDGER = "book/ledger"


def visit_data_tables(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    builder = self.builder
    here = builder.get_target_uri(builder.current_docname)
    folder = Path(builder.outdir) / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for table in node["tables"]:
        if table["rows"]:
            shutil.copyfile(DATA / f"{table['name']}.csv", folder / f"{table['name']}.csv")

    def link(docname: str, anchor: str, words: str) -> str:
        to = relative_uri(here, builder.get_target_uri(docname)) if docname in builder.env.all_docs else ""
        return f'<a href="{to}{"#" if anchor else ""}{anchor}">{escape(words)}</a>' if to else escape(words)

    titles = {docname.rsplit("/", 1)[-1]: (docname, title.astext()) for docname, title in builder.env.titles.items()}
    self.body.append(_summary(node["tables"]))
    for chapter, group in groupby(node["tables"], key=lambda table: table["chapter"]):
        docname, title = titles.get(chapter, ("", words_of(chapter)))
        entries = "".join(_table(table, relative_uri(here, "data"), link, titles) for table in group)
        self.body.append(f'<section id="{anchor_of(chapter)}"><h2>{link(docname, "", title)}'
                         f'<a class="headerlink" href="#{anchor_of(chapter)}" title="Link to these tables">#</a></h2>'
                         f"{entries}</section>\n")
    self.body.append(_left_out(node["left_out"]))
    raise docutils_nodes.SkipNode


def anchor_of(chapter: str) -> str:
    """Id of a chapter's tables on the page."""
    return f"tables-{chapter or 'other'}"


def words_of(chapter: str) -> str:
    """Name of a chapter that has no page yet."""
    return (chapter or "other").replace("-", " ").capitalize()


def _summary(tables: list[Mapping[str, Any]]) -> str:
    rows, size = sum(table["rows"] for table in tables), sum(table["bytes"] for table in tables)
    upstream = {each["source"] for table in tables for each in table["meta"].get("upstream", [])}
    by_hand = sum("upstream" not in table["meta"] for table in tables)
    grades = Counter(table["meta"]["grade"] for table in tables)
    graded = ", ".join(f"{number} of grade {grade}" for grade, number in sorted(grades.items()))
    return (f"<p>{len(tables)} tables, {rows:,} rows, {size / 1e6:.1f} MB: {len(tables) - by_hand} made from {len(upstream)} "
            f"upstream sources, {by_hand} from facts collected by hand with a source in each row; {graded}.</p>\n")


def _table(table: Mapping[str, Any], folder: str, link, titles: Mapping[str, tuple[str, str]]) -> str:
    meta, name, licence = table["meta"], table["name"], table["meta"]["licence"]
    used = [link(docname, "", titles[docname.rsplit("/", 1)[-1]][1]) for docname in table["documents"]]
    waiting = [claim for claim in table["serves"] if register()[claim].chapter not in titles]
    later = list(dict.fromkeys(words_of(register()[claim].chapter) for claim in waiting))
    facts = [
        ("Producer", _text(meta["producer"])), ("Cite as", _text(meta["citation"])),
        ("License", _anchor(licence.get("url"), licence["name"]) + f'; may be passed on: {licence["redistribution"]}'
         + _text(licence["note"], " — ")),
        ("Upstream", "; ".join(_upstream(each) for each in _few(meta.get("upstream", [])))),
        ("By hand", ", ".join(f"<code>data/curated/{escape(file)}</code>" for file in meta.get("curated", []))),
        ("Vintage", _text(meta["vintage"]) + _text(meta["retrieved"], ", retrieved ")),
        ("Countries", _text(", ".join(meta["coverage"]["countries"]))),
        ("Grade", _text(meta["grade"]) + _text(meta["grade_reason"], ": ")),
        ("Used in", " — ".join(filter(None, [", ".join(used), f"to be used in {', '.join(later)}" if later else ""]))),
        ("Figures", _items(link(docname, figure, headline) for docname, figure, headline in table["figures"])),
        ("Verdicts", _items(_claim(claim, link) for claim in table["verdicts"])),
        ("Made for", "" if table["verdicts"] else _items(_claim(claim, link) for claim in table["serves"])),
    ]
    more = "".join(f"<div><dt>{label}</dt><dd>{content}</dd></div>" for label, content in facts if content)
    size = f'{table["rows"]:,} rows, {table["bytes"] / 1000:,.0f} kB'
    download = f'<a href="{folder}/{name}.csv" download>CSV, {size}</a>' if table["rows"] else ""
    years = "" if table["coverage"] else f'<p class="tl-tools">Years: {_text(meta["coverage"]["years"])}</p>'
    caveats = f'<p class="tl-caveats"><b>Mind.</b> {" ".join(map(_text, meta["caveats"]))}</p>' if meta["caveats"] else ""
    return (f'<section class="tl-table" id="{name}"><h3>{_text(meta["title"])}'
            f'<a class="headerlink" href="#{name}" title="Link to this table">#</a></h3>'
            f'<p>{_text(meta["description"])}</p><p class="tl-tools"><code>{name}</code> {download} '
            f'<span>grade {_text(meta["grade"])}</span> <span>{_text(licence["name"])}</span></p>'
            f'{coverage.html(table["coverage"], coverage.countries_of(meta["columns"])[1])}{years}{caveats}'
            f'<details class="tl-data"><summary>Source, license, use</summary><dl class="tl-facts">{more}</dl></details>'
            f'{_columns(meta["columns"], name)}</section>\n')


def _claim(claim: str, link) -> str:
    return link(LEDGER, claim, quotation(shorten(register()[claim].quote, QUOTE_WIDTH, placeholder=" …")))


def _items(items) -> str:
    listed = "".join(f"<li>{each}</li>" for each in items)
    return f"<ul>{listed}</ul>" if listed else ""


def _few(entries: list, most: int = 6) -> list:
    return entries if len(entries) <= most else [*entries[:most], f"and {len(entries) - most} files more of the same source"]


def _left_out(sources: list[Mapping[str, str]]) -> str:
    rows = "".join(f'<tr><th scope="row">{_anchor(each["url"], each["title"])}</th><td>{_text(each["reason"])}</td></tr>'
                   for each in sources)
    return (f'<section id="left-out"><h2>Sources left out<a class="headerlink" href="#left-out" title="Link to this list">#'
            '</a></h2><div class="tl-scroll" tabindex="0" role="region" aria-label="Sources left out"><table><thead><tr>'
            f'<th scope="col">Source</th><th scope="col">Why</th></tr></thead><tbody>{rows}</tbody></table></div></section>\n'
            ) if rows else ""


def contents(page: str, tables: list[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """The chapters whose tables a page holds, and within each its tables, as the page's table of contents."""
    parts = []
    for chapter, group in groupby(tables, key=lambda table: table["chapter"]):
        items = "".join(f'<li><a href="#{table["name"]}">{_text(table["meta"]["title"])}</a></li>' for table in group)
        parts.append(f'<li><a href="#{anchor_of(chapter)}">{_text(titles.get(chapter, words_of(chapter)))}</a>'
                     f"<ul>{items}</ul></li>")
    return f'<ul><li><a href="#">{escape(page)}</a><ul>{"".join(parts)}</ul></li></ul>'


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
