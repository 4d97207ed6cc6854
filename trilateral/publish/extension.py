"""The Sphinx extension: registers outputs, nodes, directives and events."""

from __future__ import annotations

import json
import os
from pathlib import Path

from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util.index_entries import split_index_msg

from trilateral import __version__, rerun
from trilateral.charts import session
from trilateral.claims import ClaimError, register
from trilateral.publish import (
    address,
    collect,
    directives,
    fingerprint,
    folds,
    html_claims,
    html_figures,
    html_tables,
    landing,
    ledger,
    margin,
    mime,
    missing,
    nodes,
    pages,
    passages,
    references,
    resolve,
    site_files,
    social,
    translations,
    vega,
)
from trilateral.publish.chapters import ROOT


def check_register(app: Sphinx, config: Config) -> None:
    """A register that breaks its rules stops the build before anything runs."""
    try:
        register()
    except ClaimError as error:
        raise ExtensionError(str(error)) from None


def prepare_kernels() -> None:
    """What every run of a chapter needs, and that a book is built."""
    rerun.prepare()
    os.environ[session.BUILD] = "1"


def write_ledger(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        book = collect.book_ledger(app.env)
        title = app.config.html_title or app.config.project
        text = ledger.document(register(), book, title, collect.origins(app.env))
        try:
            ledger.check(text)
        except ValueError as fault:
            raise ExtensionError(str(fault)) from None
        glossary = f"{html_claims.GLOSSARY}.html" if html_claims.GLOSSARY in app.env.all_docs else ""
        for name, content in (("ledger.json", text), ("claims.csv", ledger.rows(book)),
                              ("_static/claims.js", html_claims.search_script(book, glossary)),
                              (ledger.SCHEMA.name, ledger.SCHEMA.read_text(encoding="utf-8"))):
            (Path(app.outdir) / name).write_text(content, encoding="utf-8")


def forget_lost_words(app: Sphinx, error: Exception | None) -> None:
    """Take words that no page has any more out of the search index, which Sphinx keeps over edits: a book made after an edit
    is then the one made from nothing, byte for byte."""
    path = Path(app.outdir) / "searchindex.js"
    if error is None and app.builder.format == "html" and path.exists():
        text = path.read_text(encoding="utf-8")
        head, tail = text.index("{"), text.rindex("}") + 1
        index = json.loads(text[head:tail])
        for kind in ("terms", "titleterms"):
            index[kind] = {word: places for word, places in index[kind].items() if places != []}
        index["indexentries"] = _defined_terms(app, index["docnames"])
        whole = text[:head] + json.dumps(index, sort_keys=True) + text[tail:]
        if whole != text:
            path.write_text(whole, encoding="utf-8")


def _defined_terms(app: Sphinx, docnames: list[str]) -> dict[str, list]:
    """Entries of the index by word: Sphinx writes those alone of pages that this build wrote."""
    found: dict[str, set] = {}
    for docname, entries in app.env.get_domain("index").entries.items():
        for kind, value, target, main, _ in entries:
            for word in split_index_msg(kind, value):
                found.setdefault(word.lower(), set()).add((docnames.index(docname), target or "", main == "main"))
    return {word: sorted(map(list, places)) for word, places in found.items()}


def _skip(self, node: docutils_nodes.Element) -> None:
    raise docutils_nodes.SkipNode


def _open_code(self, node: docutils_nodes.Element) -> None:
    self.body.append('<details class="tl-code"><summary>Code</summary>')


def _close_code(self, node: docutils_nodes.Element) -> None:
    self.body.append("</details>")


def check_place(app: Sphinx) -> None:
    """A book built with the package of another clone would be a mixture of both."""
    beside = Path(app.srcdir) / "trilateral"
    if beside.is_dir() and beside.resolve() != ROOT / "trilateral":
        raise ExtensionError(f"the package in use is {ROOT / 'trilateral'}, not {beside}: set PYTHONPATH={app.srcdir}, "
                             "or use the environment of this folder (make book)")


def _open_citation(self, node: docutils_nodes.citation) -> None:
    # docutils gives entries the role doc-biblioentry, which ARIA has withdrawn, in lists that its own rules do not allow
    if not isinstance(node.previous_sibling(), docutils_nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", classes=["citation"], role="listitem"))


def _close_citation(self, node: docutils_nodes.citation) -> None:
    last = not isinstance(node.next_node(descend=False, siblings=True), docutils_nodes.citation)
    self.body.append("</div>\n" * (2 if last else 1))


def setup(app: Sphinx) -> dict:
    check_place(app)
    prepare_kernels()
    references.register_style()
    mime.register_outputs()
    app.add_node(nodes.figure, override=True, html=(html_figures.visit_figure, html_figures.depart_figure))
    for kind, visit in ((nodes.verdict, html_claims.visit_verdict), (nodes.claim_card, html_claims.visit_claim_card),
                        (nodes.verdict_chip, html_claims.visit_verdict_chip),
                        (nodes.claims_picture, html_claims.visit_claims_picture),
                        (nodes.ledger_table, html_claims.visit_ledger_table),
                        (nodes.data_tables, html_tables.visit_data_tables), (nodes.finding, html_figures.visit_finding),
                        (nodes.pending_value, _skip), (nodes.register_figure, _skip), (nodes.discoveries_table, _skip),
                        (nodes.near_misses_table, _skip), (nodes.verdict_counts, _skip), (nodes.cite_as, _skip)):
        app.add_node(kind, html=(visit, None), text=(_skip, None), latex=(_skip, None), man=(_skip, None),
                     texinfo=(_skip, None))
    app.add_node(docutils_nodes.citation, override=True, html=(_open_citation, _close_citation))
    app.add_node(nodes.folded_code, html=(_open_code, _close_code))
    app.add_transform(mime.FoldCode)
    app.add_post_transform(mime.CodeBelow)
    directives.setup(app)
    pages.setup(app)
    folds.setup(app)
    landing.setup(app)
    margin.setup(app)
    passages.setup(app)
    missing.setup(app)
    social.setup(app)
    translations.setup(app)
    site_files.setup(app)
    vega.setup(app)
    app.connect("config-inited", check_register)
    app.connect("config-inited", address.configure)
    app.connect("source-read", fingerprint.source_read)
    app.connect("env-get-outdated", fingerprint.outdated)
    for module in (collect, fingerprint):
        app.connect("env-purge-doc", module.purge)
        app.connect("env-merge-info", module.merge)
    app.connect("doctree-read", collect.read)
    app.connect("env-updated", collect.updated)
    app.connect("doctree-resolved", resolve.doctree_resolved)
    app.connect("build-finished", write_ledger)
    app.connect("build-finished", forget_lost_words)
    app.setup_extension("trilateral.publish.typst")
    return {"version": __version__, "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
