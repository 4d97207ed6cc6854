"""A site that holds each node type once, with toy data, for the tests of the PDF."""

from docutils import nodes as docutils_nodes
from docutils.parsers.rst import Directive

from trilateral.publish import collect, nodes
from trilateral.publish.coverage import Row

project = "A Toy Ledger"
author = "The toy team"
extensions = ["myst_nb", "sphinxcontrib.bibtex", "trilateral.publish.typst"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist", "attrs_inline"]
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
nb_execution_mode = "off"
exclude_patterns = ["_build", "CHANGELOG.md"]
suppress_warnings = ["etoc.toctree"]
typst_file_name = "toy"
typst_colophon = ["Set in type by the toy team."]

TABLES = [{"name": "toy", "rows": 1234, "chapter": "threats", "coverage": [Row("KOR", [(2000, 2005)])], "meta": {
    "title": "Toy table", "description": "One row a country-year.", "citation": "Toy Office (2026). Toys.",
    "vintage": "edition of 2026", "licence": {"name": "CC BY 4.0"}, "grade": "A",
    "coverage": {"years": "2000-2005", "countries": ["KOR", "USA"]},
    "caveats": ["Toys are small."],
    "columns": [{"name": "iso3", "type": "string", "description": "Country, ISO 3166 alpha-3"},
                {"name": "value", "type": "number", "description": "Toy value", "unit": "points"}]}}]

ROWS = [{"year": 2000 + i, "country": c, "value": i * k} for i in range(6) for c, k in (("USA", 1), ("KOR", 2))]


def chart(width: int) -> dict:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "width": width, "height": 260,
        "data": {"values": ROWS}, "mark": {"type": "line", "point": True},
        "encoding": {"x": {"field": "year", "type": "ordinal"}, "y": {"field": "value", "type": "quantitative"},
                     "color": {"field": "country", "type": "nominal"}},
        "config": {"font": "'Source Sans 3', sans-serif"},
    }


def payload(id: str, **changes) -> dict:
    return {
        "id": id, "headline": "South Korea's toy line rises twice as fast", "subtitle": "Toy value, points, 2000–2005",
        "alt": "Two lines from 2000 to 2005. South Korea ends at 10 points, the United States at 5.",
        "note": "Toys do not measure the world.", "wide": chart(640), "narrow": chart(330), "data": "", "columns": [],
        "sources": [{"table": "toy", "source_line": "Toy Office, Toy table (2026), CC BY 4.0"}],
    } | changes


def judgement(claim: str, word: str = "mixed", now: str = "supported") -> dict:
    def verdict(word: str, date: str, value: float, split: dict) -> dict:
        quantity = {"value": value, "low": value - 0.1, "high": value + 0.1, "level": 0.95, "n": 12, "missing": ""}
        return {"date": date, "verdict": word, "reason": "distance > 0.5 and distance_low > 0",
                "quantities": {"distance": quantity}, "tried": 8, "agree": split.get(word, 0), "split": split}
    return {"claim": claim, "written": verdict(word, "2022-12-20", 0.4, {"mixed": 6, "supported": 2}),
            "now": verdict(now, "2026-08-31", 1234.5, {"supported": 2, "mixed": 5, "too little data": 1}),
            "data_grade": "A", "tables": ["toy"], "specifications": {}, "caveat": "A series ended."}


class ToyNode(Directive):
    """``{toy} kind argument``: one of the book's nodes with toy content."""

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = False

    def run(self):
        kind, argument = self.arguments[0], self.arguments[1] if len(self.arguments) > 1 else ""
        if kind == "figure":
            return [nodes.figure("", payload=payload(argument), ids=[argument])]
        if kind == "excerpt":
            return [nodes.finding("", payload=payload(argument), figure=argument, home="chapter", language="en")]
        if kind == "figure-without-alt":
            return [nodes.figure("", payload=payload(argument, alt=""), ids=[argument])]
        if kind == "hostile-figure":
            hostile = 'He said "#panic(1)" \\ $x$ @y <z> ] [ // /* */ `raw` = + - ~ _a_ *b*'
            return [nodes.figure("", payload=payload(argument, headline=hostile, note=hostile, alt=hostile),
                                 ids=[argument])]
        if kind == "verdict":
            return [nodes.verdict("", payload=judgement(argument), ids=[argument])]
        if kind == "cell":
            source = docutils_nodes.container("", docutils_nodes.literal_block("", "secret_code = 1"),
                                              nb_element="cell_code_source", classes=["cell_input"])
            output = docutils_nodes.container("", docutils_nodes.raw(
                "", "<table><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>KOR</th><td>7</td></tr></tbody>"
                "</table>", format="html"), nb_element="cell_code_output", classes=["cell_output"])
            return [docutils_nodes.container("", source, output, nb_element="cell_code", classes=["cell"])]
        kinds = {"card": nodes.claim_card, "picture": nodes.claims_picture, "ledger": nodes.ledger_table,
                 "tables": nodes.data_tables}
        facts = [{"name": "toys", "title": "Toys by name", "terms": "not stated", "reason": "A toy is the unit."}]
        return [kinds[kind]("", claim=argument, tables=TABLES, single_facts=facts,
                            left_out=[{"title": "Old toys", "reason": "Broken."}])]


def chip(name, rawtext, text, lineno, inliner, options=None, content=None):
    claim, moment = text.split()
    return [nodes.verdict_chip("", claim=claim, moment=moment)], []


def note_judgements(app, doctree):
    collect.records(app.env)[app.env.docname] = {"judgements": {
        node["payload"]["claim"]: node["payload"] for node in doctree.findall(nodes.verdict)}}


def setup(app):
    app.connect("doctree-read", note_judgements)
    app.add_directive("toy", ToyNode)
    app.add_role("toychip", chip)
