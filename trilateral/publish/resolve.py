"""Give the nodes that show the ledger their content, once all documents are read; the same for every output format."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from docutils import nodes as docutils_nodes
from myst_nb.ext.glue.crossref import read_glue_cache
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from trilateral.claims import register
from trilateral.publish import (
    citing,
    collect,
    discoveries,
    fingerprint,
    languages,
    ledger,
    nodes,
    passages,
    tables,
)
from trilateral.publish.near_misses import NearMiss, near_misses
from trilateral.publish.plain_tables import plain_table
from trilateral.publish.words import NOT_DUE, ORDER, WHEN, described, marked, number, quotation

SAID = "glue."
EARLY = f"of them {NOT_DUE}"
CITED = "tl-citation"  # where the book was not told its own address, the script of the page puts it in
logger = logging.getLogger(__name__)


def doctree_resolved(app: Sphinx, doctree: docutils_nodes.document, docname: str) -> None:
    env = app.env
    book = collect.book_ledger(env)
    by_id = {each["id"]: each for each in book}
    for node in doctree.findall(nodes.verdict):
        node["entry"] = by_id[node["payload"]["claim"]]
    for kind in (nodes.claim_card, nodes.verdict_chip):
        for node in doctree.findall(kind):
            node["entry"], node["language"] = by_id[node["claim"]], languages.of(env, docname)
    for kind in (nodes.claims_picture, nodes.ledger_table):
        for node in doctree.findall(kind):
            node["entries"] = book
    for node in doctree.findall(nodes.data_tables):
        loads = {name: fingerprint.tables_of(env, name) or set() for name in env.found_docs}
        node["tables"] = tables.descriptions(register(), collect.records(env), loads)
        node["single_facts"] = tables.single_facts(node["tables"])
        node["left_out"] = tables.left_out()
    for node in list(doctree.findall(nodes.register_figure)):
        drawn = collect.of_register(env)[node["name"]]
        node.replace_self(nodes.figure("", payload=drawn, ids=node["ids"]))
    for node in list(doctree.findall(nodes.verdict_counts)):
        node.replace_self(verdict_counts(book, languages.of(env, docname)))
    for node in list(doctree.findall(nodes.discoveries_table)):
        node.replace_self(discoveries_table(book))
    for node in list(doctree.findall(nodes.near_misses_table)):
        node.replace_self(near_misses_table(book))
    for node in list(doctree.findall(nodes.cite_as)):
        cited = citation(app, node["part"], node["name"], by_id)
        if cited is None:
            raise ExtensionError(f"{docname}: the book has no {node['part']} {node['name']!r} to cite")
        words = docutils_nodes.paragraph("", cited.text(), classes=[CITED])
        words += printed_place(app.builder, docname, cited)
        node.replace_self([words,
                           docutils_nodes.literal_block(cited.bibtex(), cited.bibtex().strip(), language="bibtex",
                                                        classes=[CITED])])
    for node in doctree.findall(lambda n: isinstance(n, nodes.OWN)):
        node.extend(docutils_nodes.Text(text) for text in searchable(node))
    for node in list(doctree.findall(nodes.pending_value)):
        try:
            expression = node["expression"]
            text = said(env, expression) if expression.startswith(SAID) else ledger.value(expression, book)
        except ledger.UnknownValue as error:
            logger.warning("unknown value %s", error.args[0], location=node, type="trilateral")
            text = "?"
        node.replace_self(docutils_nodes.Text(text))
    for node in doctree.findall(nodes.finding):  # last, for its words hold numbers
        show_finding(env, node, docname)


def printed_place(builder: Builder, docname: str, cited: citing.Citation) -> list[docutils_nodes.Node]:
    """Where the PDF has a cited part, behind the words of the citation; nothing on pages and for the book itself."""
    if builder.format != "typst" or not cited.path:
        return []
    page, _, anchor = cited.path.partition(".html")
    here = docutils_nodes.reference("", "In this PDF", internal=True, refuri=builder.get_relative_uri(docname, page) + anchor)
    return [docutils_nodes.Text(" "), here, docutils_nodes.Text(".")]


def citation(app: Sphinx, part: str, name: str, book: dict[str, dict]) -> citing.Citation | None:
    """How to cite a part of the book: ``book``, ``chapter``, ``figure`` or ``verdict``; None where there is no such part."""
    own = citing.of(app.config)
    if part == "book":
        return citing.whole(own)
    records = collect.records(app.env)
    homes = {"chapter": {collect.chapter_of(docname): docname for docname in app.env.found_docs},
             "figure": {figure: docname for docname, record in records.items() for figure in record["figures"]},
             "verdict": {claim: docname for claim, docname, _ in collect.judged(app.env)}}
    home = homes.get(part, {}).get(name)
    if home is None:
        return None
    full = app.env.titles[home].astext()
    title = full.partition(":")[0]
    if part == "chapter":
        return citing.chapter(own, home, full)
    if part == "figure":
        return citing.figure(own, home, title, name, records[home]["figures"][name]["headline"])
    return citing.verdict(own, home, title, book[name])


def said(env: BuildEnvironment, expression: str) -> str:
    """A number that a chapter says in its own text, ``glue.<chapter>.<name>``, for pages that tell of it in other words.

    Raises
    ------
    UnknownValue
        No such chapter, or it says no such number.
    """
    chapter, _, name = expression.removeprefix(SAID).partition(".")
    for docname in env.found_docs:
        if collect.chapter_of(docname) == chapter:
            known = read_glue_cache(str(env.mystnb_config.output_folder), docname)
            if name in known:
                return str(ast.literal_eval(known[name]["data"]["text/plain"]))
            raise ledger.UnknownValue(f"{expression}: {chapter} says no {name!r}")
    raise ledger.UnknownValue(f"{expression}: there is no chapter {chapter!r}")


def discoveries_table(book: list[dict]) -> docutils_nodes.table:
    """The verdicts now that rest on an interval, surest first; one row a claim."""
    by_id = {each["id"]: each for each in book}
    rows = [(quotation(by_id[test.claim]["quote"]), marked(by_id[test.claim]["now"]), small(test.p), small(test.q))
            for test in discoveries.tests(book, "now") if test.decided]
    return plain_table(("Claim", "Verdict now", "p", "p, adjusted for all"), rows, (44, 28, 11, 17))


def near_misses_table(book: list[dict]) -> docutils_nodes.table:
    """The firm verdicts now that would be another at an end of an interval; one row an end."""
    by_id = {each["id"]: each for each in book}

    def row(missed: NearMiss) -> tuple[str, str, str, str]:
        at = by_id[missed.claim]["now"]
        quantity = at["quantities"][missed.quantity]
        meant = described(missed.quantity, quantity)
        value, low, high = (number(quantity[name]) for name in ("value", "low", "high"))
        span = f"{meant[0].upper()}{meant[1:]}: {value} ({low} to {high})"
        return quotation(by_id[missed.claim]["quote"]), marked(at), span, f"{missed.verdict}, at {number(missed.end)}"

    return plain_table(("Claim", "Verdict now", "Estimate, interval", "At its end"),
                       [row(missed) for missed in near_misses(book, register().claims, "now")], (27, 23, 38, 12))


def small(p: float) -> str:
    """A p-value to three decimals; a smaller one as a bound."""
    return f"{p:.3f}" if p >= 0.0005 else "below 0.001"


def verdict_counts(book: list[dict], language: str) -> docutils_nodes.table:
    """Claims by verdict, when written and now, in a language; and of those with too little data the advice just given."""
    counts = {moment: ledger.counts(book, moment) for moment in WHEN}
    heads = [languages.word(text, language) for text in ("Verdict", *WHEN.values())]
    early = [sum(each[moment]["not_yet_due"] for each in book) for moment in WHEN]
    said = languages.word("{count}", language)
    rows = [(languages.word(verdict, language, "verdicts"), *(said.format(count=counts[moment][verdict]) for moment in WHEN))
            for verdict in ORDER if any(counts[moment][verdict] for moment in WHEN)]
    if any(early):  # behind those with too little data, which come last
        rows.append((languages.word(EARLY, language), *(said.format(count=count) for count in early)))
    table = plain_table(heads, rows, (50, 25, 25))
    table["classes"].append("tl-counts")
    return table


def show_finding(env: BuildEnvironment, node: nodes.finding, docname: str) -> None:
    """Give a finding its figure, in the language of the page."""
    found = collect.figure_of(env, node["figure"])
    if found is None:
        raise ExtensionError(f"{docname}: no chapter has a figure {node['figure']!r}")
    node["home"], payload = found
    language = node["language"] = languages.of(env, docname)
    if language != languages.ENGLISH:
        paragraphs = [child.astext() for child in node.children]
        if len(paragraphs) != 3:
            raise ExtensionError(f"{docname}: figure {node['figure']} needs three paragraphs in {language}: headline, "
                                 f"subtitle and alt text; there are {len(paragraphs)}")
        payload = payload | dict(zip(("headline", "subtitle", "alt"), paragraphs, strict=True)) | {
            size: languages.translated(payload[size], language) for size in ("wide", "narrow")}
    node["payload"] = payload
    node.clear()


def searchable(node: docutils_nodes.Element) -> Iterator[str]:
    """What the index of the search page takes from a node of the book's own; visitors draw the node without it."""
    if isinstance(node, nodes.figure):
        payload = node["payload"]
        yield from (payload["headline"], payload["subtitle"], payload["alt"], payload.get("note", ""))
        yield " ".join(passages.unique(list(passages.cells(payload))))
    if isinstance(node, nodes.verdict | nodes.ledger_table):
        for entry in node.get("entries", [node.get("entry")]):
            yield from (entry["quote"], entry["paraphrase"], entry["speaker"], entry["source_short"], entry["test"],
                        entry["rival"], entry["caveat"] or "")
    if isinstance(node, nodes.data_tables):
        for table in node["tables"]:
            meta = table["meta"]
            yield table["name"].replace("_", " ")
            yield from (str(meta.get(key) or "") for key in ("title", "description", "producer", "citation"))
            yield from (str(column.get("description", "")) for column in meta.get("columns") or [])
            yield from map(str, meta.get("caveats") or [])
        for each in [*node["single_facts"], *node["left_out"]]:
            yield from (each["title"], each["reason"])
