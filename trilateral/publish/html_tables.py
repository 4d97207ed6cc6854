"""The descriptions of tables on a web page: an overview that can be filtered, then each table."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes as docutils_nodes
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trilateral import datapackage
from trilateral.claims import register
from trilateral.data import DATA
from trilateral.publish import coverage
from trilateral.publish.html_claims import select
from trilateral.publish.tables import DIGITS, SINGLE_FACTS, edition
from trilateral.publish.words import escaped, quotation

QUOTE_WIDTH = 60  # characters of a quotation, or of the headline of a figure
LEDGER = "book/ledger"
MOST_NAMED = 4  # countries in the overview
CAVEATS = "Keep in mind"
PEOPLES = {"CHN": "Chinese", "JPN": "Japanese", "KOR": "Korean", "PRK": "North Korean DPRK", "RUS": "Russian",
           "USA": "American US"}  # what a reader may call them who filters the tables by words


def visit_data_tables(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    builder = self.builder
    here = builder.get_target_uri(builder.current_docname)
    folder = Path(builder.outdir) / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for table in node["tables"]:
        if table["rows"]:
            for suffix in (".csv", ".yml"):
                shutil.copyfile(DATA / f"{table['name']}{suffix}", folder / f"{table['name']}{suffix}")
    package = DATA / datapackage.FILE
    if package.exists():
        shutil.copyfile(package, folder / datapackage.FILE)

    def link(docname: str, anchor: str, words: str) -> str:
        to = relative_uri(here, builder.get_target_uri(docname)) if docname in builder.env.all_docs else ""
        return f'<a href="{to}{"#" if anchor else ""}{anchor}">{escaped(words)}</a>' if to else escaped(words)

    titles = {docname.rsplit("/", 1)[-1]: (docname, title.astext()) for docname, title in builder.env.titles.items()}
    groups = [(chapter, *titles.get(chapter, ("", words_of(chapter))), list(group))
              for chapter, group in groupby(node["tables"], key=lambda table: table["chapter"])]
    names = {table["name"] for table in node["tables"]}
    whole = f"{relative_uri(here, 'data')}/{datapackage.FILE}" if package.exists() else ""
    self.body.append(_summary(node["tables"], whole) + _overview(groups, relative_uri(here, "data")))
    for chapter, docname, title, group in groups:
        entries = "".join(_table(table, relative_uri(here, "data"), link, titles, names) for table in group)
        self.body.append(f'<section class="tl-tables" id="{anchor_of(chapter)}"><h2>{link(docname, "", title)}'
                         f'<a class="headerlink" href="#{anchor_of(chapter)}" title="Link to these tables">#</a></h2>'
                         f"{entries}</section>\n")
    self.body.append(_single_facts(node["single_facts"]) + _left_out(node["left_out"]))
    raise docutils_nodes.SkipNode


def anchor_of(chapter: str) -> str:
    """Id of a chapter's tables on the page."""
    return f"tables-{chapter or 'other'}"


def words_of(chapter: str) -> str:
    """Name of a chapter that has no page yet."""
    return (chapter or "other").replace("-", " ").capitalize()


def _summary(tables: list[Mapping[str, Any]], package: str) -> str:
    rows, size = sum(table["rows"] for table in tables), sum(table["bytes"] for table in tables)
    upstream = {each["source"] for table in tables for each in table["meta"].get("upstream", [])}
    by_hand = sum("upstream" not in table["meta"] for table in tables)
    grades = Counter(table["meta"]["grade"] for table in tables)
    graded = ", ".join(f"{number} of grade {grade}" for grade, number in sorted(grades.items()))
    described = f' A <a href="{package}" download>Frictionless data package</a> describes them for machines.' if package else ""
    return (f"<p>{len(tables)} tables, {rows:,} rows, {size / 1e6:.1f} MB: {len(tables) - by_hand} made from {len(upstream)} "
            f"upstream sources, {by_hand} from facts collected by hand with a source in each row; {graded}.{described}</p>\n")


def _overview(groups: list[tuple[str, str, str, list]], folder: str) -> str:
    """All tables, a line each, by chapter; with a script, the filter of the page."""
    tables = [table for *_, group in groups for table in group]
    bodies = "".join(
        f'<tbody><tr class="tl-group"><th colspan="4" scope="rowgroup">{_text(title)}</th></tr>'
        + "".join(_line(table, folder) for table in group) + "</tbody>" for _, _, title, group in groups)
    count = Counter(code for table in tables for code in table["meta"]["coverage"]["countries"])
    named = [code for code in coverage.FIRST if count[code]] + sorted(
        (code for code in count if code in coverage.NAMES and code not in coverage.FIRST), key=coverage.country_name)
    form = ('<form class="tl-filter" hidden role="search" aria-label="Filter the tables">'
            '<label>Words <input type="search" name="words" autocomplete="off"></label>'
            + select("chapter", "Chapter", [(chapter, title) for chapter, _, title, _ in groups])
            + select("country", "Country", [(code, coverage.country_name(code)) for code in named])
            + select("open", "May be passed on", [(word, word) for word in ("yes", "non-commercial", "unclear", "no")
                                                   if any(_open(table) == word for table in tables)])
            + '<button type="reset">Show all</button><output aria-live="polite"></output></form>')
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Table", "Years", "Countries", "Download"))
    return (f'<section class="tl-index" id="all-tables"><h2>All tables<a class="headerlink" href="#all-tables" '
            f'title="Link to this list">#</a></h2>{form}<table><thead><tr>{heads}</tr></thead>{bodies}</table></section>\n')


def _open(table: Mapping[str, Any]) -> str:
    return table["meta"]["licence"]["redistribution"]


def _line(table: Mapping[str, Any], folder: str) -> str:
    meta, name = table["meta"], table["name"]
    codes = meta["coverage"]["countries"]
    first = [code for code in coverage.FIRST if code in codes] + [code for code in codes if code not in coverage.FIRST]
    shown = ", ".join(map(coverage.country_name, first)) if len(codes) <= MOST_NAMED else f"{len(codes)} countries"
    words = " ".join(PEOPLES[code] for code in first if code in PEOPLES)
    download = (f'<a href="{folder}/{name}.csv" download aria-label="{name}.csv, {table["rows"]:,} rows">'
                f'{table["rows"]:,} rows</a>') if table["rows"] else ""
    return (f'<tr data-table="{name}" data-chapter="{table["chapter"]}" data-country="{" ".join(codes)}" '
            f'data-open="{_open(table)}" data-words="{words}"><th scope="row"><a href="#{name}">{_text(meta["title"])}</a></th>'
            f'<td>{_text(meta["coverage"]["years"]).replace("-", "–")}</td><td>{escaped(shown)}</td><td>{download}</td></tr>')


def _table(table: Mapping[str, Any], folder: str, link, titles: Mapping[str, tuple[str, str]], names: set[str]) -> str:
    meta, name, licence = table["meta"], table["name"], table["meta"]["licence"]
    used = [link(docname, "", titles[docname.rsplit("/", 1)[-1]][1]) for docname in table["documents"]]
    waiting = [claim for claim in table["serves"] if register()[claim].chapter not in titles]
    later = list(dict.fromkeys(words_of(register()[claim].chapter) for claim in waiting))
    others, columns = names - {name}, {column["name"] for column in meta["columns"]}
    facts = [
        ("Producer", _text(meta["producer"])), ("Cite as", _text(meta["citation"])),
        ("License", _anchor(licence.get("url"), licence["name"]) + f'; may be passed on: {_open(table)}'
         + _text(licence["note"], ". ")),
        ("Upstream", "; ".join(_upstream(each) for each in _few(meta.get("upstream", [])))),
        ("By hand", ", ".join(f"<code>data/curated/{escaped(file)}</code>" for file in meta.get("curated", []))),
        ("Edition", _text(edition(meta)) + _text(meta["retrieved"], ", retrieved ")),
        ("Version", f"<code>{table['sha256'][:DIGITS]}</code>, the first digits of the file’s SHA-256"),
        ("Countries", _text(_countries(meta["coverage"]["countries"]))),
        ("Grade", _text(meta["grade"]) + _prose(meta["grade_reason"], others, columns, ": ")),
        ("Used in", " — ".join(filter(None, [", ".join(used), f"to be used in {', '.join(later)}" if later else ""]))),
        ("Figures", _items(link(docname, figure, shorten(headline, QUOTE_WIDTH, placeholder=" …"))
                           for docname, figure, headline in table["figures"])),
        ("Verdicts", _items(_claim(claim, link) for claim in table["verdicts"])),
        ("Made for", "" if table["verdicts"] else _items(_claim(claim, link) for claim in table["serves"])),
    ]
    more = "".join(f"<div><dt>{label}</dt><dd>{content}</dd></div>" for label, content in facts if content)
    size = f'{table["rows"]:,} rows, {max(1, table["bytes"] / 1000):,.0f} kB'
    download = (f'<a href="{folder}/{name}.csv" download>CSV, {size}</a> <a href="{folder}/{name}.yml" download>Description, '
                "YAML</a>") if table["rows"] else ""
    years = "" if table["coverage"] else f'<p class="tl-tools">Years: {_text(meta["coverage"]["years"]).replace("-", "–")}</p>'
    bars = coverage.html(table["coverage"], coverage.countries_of(meta["columns"])[1])
    return (f'<section class="tl-table" id="{name}"><h3>{_text(meta["title"])}'
            f'<a class="headerlink" href="#{name}" title="Link to this table">#</a></h3>'
            f'<p>{_prose(meta["description"], others, columns)}</p><p class="tl-tools"><code>{name}</code> {download} '
            f'<span>grade {_text(meta["grade"])}</span> <span>{_text(licence["name"])}</span></p>'
            f'{bars}{years}{_caveats([_prose(each, others, columns) for each in meta["caveats"]])}'
            f'<details class="tl-data"><summary>Source, license, use</summary><dl class="tl-facts">{more}</dl></details>'
            f'{_columns(meta["columns"], name)}</section>\n')


def _caveats(given: list[str]) -> str:
    if len(given) < 2:
        return "".join(f'<p class="tl-caveats"><b>{CAVEATS}.</b> {each}</p>' for each in given)
    return (f'<div class="tl-caveats"><p><b>{CAVEATS}.</b></p><ul>{"".join(f"<li>{each}</li>" for each in given)}</ul></div>')


def _countries(codes: list[str]) -> str:
    """Names of as many as the chart of years could show, else codes: those of the world are too many to spell out."""
    known = len(codes) <= coverage.MOST_ROWS and all(coverage.country_name(code) != code for code in codes)
    return (", ".join(sorted(map(coverage.country_name, codes))) if known
            else f"{len(codes)}, by ISO 3166-1 code: {' '.join(codes)}")


def _prose(text: str, others: set[str], columns: set[str], before: str = "") -> str:
    """A sentence of a sidecar in which other tables are links and columns are code."""
    def mark(found: re.Match) -> str:
        word = found[0].strip("`")
        if word in others:
            return f'<a href="#{word}"><code>{word}</code></a>'
        return f"<code>{word}</code>" if ("_" in word and word in columns) or "`" in found[0] else found[0]
    return before + re.sub(r"`\w+`|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b", mark, escaped(str(text)))


def _claim(claim: str, link) -> str:
    return link(LEDGER, claim, quotation(shorten(register()[claim].quote, QUOTE_WIDTH, placeholder=" …")))


def _items(items) -> str:
    listed = "".join(f"<li>{each}</li>" for each in items)
    return f"<ul>{listed}</ul>" if listed else ""


def _few(entries: list, most: int = 6) -> list:
    return entries if len(entries) <= most else [*entries[:most], f"and {len(entries) - most} files more of the same source"]


def _single_facts(tables: list[Mapping[str, str]]) -> str:
    return _listed("single-facts", SINGLE_FACTS, ("Table", "Terms", "Why single facts"), [
        (f'<a href="#{each["name"]}">{_text(each["title"])}</a>', _text(each["terms"]), _text(each["reason"]))
        for each in tables])


def _left_out(sources: list[Mapping[str, str]]) -> str:
    return _listed("left-out", "Sources left out", ("Source", "Why"), [
        (_anchor(each["url"], each["title"]), _text(each["reason"])) for each in sources])


def _listed(anchor: str, heading: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A section of one table, whose first column names its rows; nothing without rows."""
    titles = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join(f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
                   for first, *rest in rows)
    return (f'<section id="{anchor}"><h2>{heading}<a class="headerlink" href="#{anchor}" title="Link to this list">#'
            f'</a></h2><div class="tl-scroll" tabindex="0" role="region" aria-label="{heading}"><table><thead><tr>'
            f'{titles}</tr></thead><tbody>{body}</tbody></table></div></section>\n') if rows else ""


def contents(page: str, node: docutils_nodes.Element, titles: Mapping[str, str]) -> str:
    """The chapters whose tables a page holds and the lists after them; the list of all tables comes first and links to each."""
    parts = ['<li><a href="#all-tables">All tables</a></li>']
    parts += [f'<li><a href="#{anchor_of(chapter)}">{_text(titles.get(chapter, words_of(chapter)))}</a></li>'
              for chapter, _ in groupby(node["tables"], key=lambda table: table["chapter"])]
    parts += [f'<li><a href="#{anchor}">{heading}</a></li>' for anchor, heading, rows in (
        ("single-facts", "Single facts under unclear terms", node["single_facts"]),
        ("left-out", "Sources left out", node["left_out"])) if rows]
    return f'<ul><li><a href="#">{escaped(page)}</a><ul>{"".join(parts)}</ul></li></ul>'


def _columns(columns: list[Mapping], name: str) -> str:
    body = "".join(
        f'<tr><th scope="row"><code>{escaped(str(column.get("name", "")))}</code></th>'
        f'<td>{_text(column.get("description") or column.get("title"))}</td><td>{_text(column.get("type"))}</td>'
        f'<td>{_text(column.get("unit"))}</td></tr>' for column in columns)
    return (f'<details class="tl-data"><summary>Columns</summary><div class="tl-scroll" tabindex="0" role="region" '
            f'aria-label="Columns of {name}"><table><thead><tr><th scope="col">Column</th><th scope="col">Meaning</th>'
            '<th scope="col">Type</th><th scope="col">Unit</th></tr></thead>'
            f"<tbody>{body}</tbody></table></div></details>") if columns else ""


def _text(value: Any, before: str = "") -> str:
    return before + escaped(str(value)) if value not in (None, "") else ""


def _anchor(url: Any, text: Any) -> str:
    return f'<a href="{escaped(str(url))}">{_text(text or url)}</a>' if url else _text(text)


def _upstream(each: Any) -> str:
    if not isinstance(each, Mapping):
        return _text(each)
    return _anchor(each.get("url"), each.get("file") or each.get("source"))
