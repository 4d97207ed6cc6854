"""What the search page shows of a page: its texts by heading, figure, verdict, table and term, each with its address.

Every page has a script of its own with them, which the search page asks for once Sphinx's index has named the page; a script,
since a page opened from a folder may fetch nothing.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx

from trilateral.publish import languages, nodes
from trilateral.publish.words import quotation

FOLDER = "_static/words"
UNSAID = (docutils_nodes.literal_block, docutils_nodes.raw, docutils_nodes.math, docutils_nodes.math_block,
          docutils_nodes.image, docutils_nodes.footnote_reference, docutils_nodes.superscript, docutils_nodes.Invisible,
          nodes.folded_code)
BLOCKS = (docutils_nodes.paragraph, docutils_nodes.term, docutils_nodes.caption, docutils_nodes.citation)
LANGUAGE = "language-"  # what a class begins with that names the language of a cell, see `plain_table`
NUMBER = re.compile(r"[\d.,:%+−-]*")


@dataclass
class Passage:
    """Texts below one heading.

    Attributes
    ----------
    anchor : str
        Of the heading; empty at the top of the page.
    more : list of str
        What is looked through, and never shown: cells of tables.
    """

    anchor: str
    heading: str
    texts: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)

    def row(self) -> list[str]:
        """As the search page reads it: anchor, heading, text, and further words where there are any."""
        text = " ".join(" ".join(self.texts).split())
        return [self.anchor, self.heading, text, *([words] if (words := " ".join(unique(self.more))) else [])]


def cells(payload: Mapping) -> Iterator[str]:
    """What stands in the data of a figure that is no number."""
    _, *rows = csv.reader(io.StringIO(payload["csv"]))
    return (cell for row in rows for cell in row if not NUMBER.fullmatch(cell))


def unique(texts: list[str]) -> list[str]:
    """The words of texts, each once, in the order they come."""
    return list(dict.fromkeys(word for text in texts for word in re.findall(r"\w+", text) if not word.isdigit()))


def passages(document: docutils_nodes.Element) -> list[Passage]:
    """The passages of a page, its own beginning first; those without a text are left out."""
    found = [Passage("", "")]
    _collect(document, found[0], found)
    return [each for each in found if each.texts or each.more]


def _collect(node: docutils_nodes.Element, at: Passage, found: list[Passage]) -> None:
    for child in node.children:
        if isinstance(child, docutils_nodes.section):
            top = not found[0].heading
            below = at if top else Passage(child["ids"][0], _said(child.next_node(docutils_nodes.title)))
            if top:
                at.heading = _said(child.next_node(docutils_nodes.title))
            else:
                found.append(below)
            _collect(child, below, found)
        elif isinstance(child, nodes.OWN):
            found += _own(child)
        elif isinstance(child, docutils_nodes.definition_list_item) and (term := _defined(child)) is not None:
            found.append(Passage(term["ids"][0], _said(term), [_said(child.next_node(docutils_nodes.definition))]))
        elif isinstance(child, docutils_nodes.table):
            _table(child, at)
        elif isinstance(child, BLOCKS):
            at.texts.append(_said(child))
        elif not isinstance(child, (*UNSAID, docutils_nodes.title, docutils_nodes.Text)):
            _collect(child, at, found)


def _table(table: docutils_nodes.table, at: Passage) -> None:
    """Cells are looked through and not shown, but for rows of terms in several languages, each a sentence."""
    if any(name.startswith(LANGUAGE) for entry in table.findall(docutils_nodes.entry) for name in entry["classes"]):
        at.texts += [" · ".join(entry.astext() for entry in row.children) + "." for row in table.findall(docutils_nodes.row)]
    else:
        at.more += [entry.astext() for entry in table.findall(docutils_nodes.entry)]


def _defined(item: docutils_nodes.definition_list_item) -> docutils_nodes.term | None:
    """The term of a glossary that an item explains."""
    return next((term for term in item.findall(docutils_nodes.term) if term["ids"]), None)


def _own(node: docutils_nodes.Element) -> Iterator[Passage]:
    """Those of figures, verdicts and tables; claims of the ledger are looked for by themselves."""
    if isinstance(node, nodes.figure):
        payload = node["payload"]
        texts = [f"{payload['subtitle']}.", payload["alt"], payload["note"] or ""]
        yield Passage(payload["id"], payload["headline"], texts, list(cells(payload)))
    elif isinstance(node, nodes.verdict):
        entry = node["entry"]
        yield Passage(entry["id"], quotation(entry["quote"]), [entry["test"], entry["rival"], entry["caveat"] or ""],
                      [entry["paraphrase"], entry["speaker"], entry["source_short"]])
    elif isinstance(node, nodes.data_tables):
        for table in node["tables"]:
            meta = table["meta"]
            yield Passage(table["name"], str(meta["title"]), [str(meta["description"]), *map(str, meta.get("caveats") or [])],
                          [table["name"].replace("_", " "), str(meta["producer"]), str(meta["citation"]),
                           *(str(column.get("description") or "") for column in meta.get("columns") or [])])


def _said(node: docutils_nodes.Node) -> str:
    """The words of a block, with those of verdicts in it and without marks of notes, formulas and code of the page."""
    if isinstance(node, docutils_nodes.Text):
        return str(node)
    if isinstance(node, nodes.verdict_chip):
        return languages.word(node["entry"][node["moment"]]["verdict"], node["language"], "verdicts")
    if isinstance(node, UNSAID):
        return ""
    return "".join(_said(child) for child in node.children)


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: docutils_nodes.document | None) -> None:
    """Write the script of a page."""
    if doctree is None or app.builder.name != "html":
        return
    language = languages.of(app.env, pagename)
    marked = {} if language == languages.ENGLISH else {"lang": language}
    said = {"url": app.builder.get_target_uri(pagename), "title": app.env.titles[pagename].astext(), **marked,
            "passages": [each.row() for each in passages(doctree)]}
    path = Path(app.outdir) / FOLDER / f"{pagename.replace('/', '-')}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"(window.trilateralPassages??={{}})[{json.dumps(pagename)}]={json.dumps(said, ensure_ascii=False)};\n",
                    encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", page_context)
