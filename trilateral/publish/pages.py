"""The frame of a web page: own layout, own styles and script, nothing from elsewhere."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from types import MappingProxyType

import sphinx
from docutils import nodes as docutils_nodes
from docutils.utils.math import latex2mathml
from pygments.formatters import HtmlFormatter
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from trilateral.charts import palette
from trilateral.claims import register
from trilateral.publish import citing, claim_review, collect, languages, nodes
from trilateral.publish.html_claims import tally, verdict_css
from trilateral.publish.html_tables import contents
from trilateral.publish.policy import policy

logger = logging.getLogger(__name__)
STYLES = ("ledger", "palette", "pygments")  # in this order
UNUSED = ("scripts", "vendor", "styles", "locales", "images", "webpack-macros.html", "sbt-webpack-macros.html",
          "documentation_options.js", "doctools.js", "sphinx_highlight.js", "language_data.js", "searchtools.js")
BOOK = Path(__file__).parents[2] / "book"
STEMMERS = Path(sphinx.__file__).parent / "search" / "non-minified-js"
"""Snowball's, by which Sphinx finds the stems of its index; the one that it gives to pages has other stems for some words."""
COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)
ASIDE = re.compile(r"^[ \t]*(?://.*\n)?", re.MULTILINE)  # indentation, and lines that are comments
INLINE = re.compile(r"<(script|style)\b.*?</\1>\s*", re.DOTALL)
TABLE = "Table: {columns}"
FIRST_SCRIPT = "first.js"  # in the head of every page: light or dark must be settled before anything is painted


def configure(app: Sphinx, config: Config) -> None:
    """Put the book's templates, styles and maths in their places, whatever the site's own configuration."""
    config.templates_path = [*config.templates_path, str(BOOK / "_templates")]
    config.html_static_path = [*config.html_static_path, str(BOOK / "_static")]
    config.html_math_renderer = "mathml"
    config.html_show_sphinx = False
    config.html_copy_source = False
    config.html_use_index = False


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """No page needs the scripts of Sphinx or of the theme; tables are contents."""
    context["script_files"] = context["css_files"] = []
    context["first_script"] = (BOOK / "_templates" / FIRST_SCRIPT).read_text(encoding="utf-8")
    context["policy"] = policy(context["first_script"])
    if pagename in app.env.found_docs:
        judged = {claim for claim, docname, _ in collect.judged(app.env) if docname == pagename}
        reviewed = [entry for entry in collect.book_ledger(app.env) if entry["id"] in judged] if judged else []
        context["part"], context["tally"] = part(app, pagename), tally(reviewed) if reviewed else ""
        book = register()
        context["data_blocks"] = claim_review.script(reviewed, book.sources, book.record_ends)
        cited = citing.of(app.config)
        context["printed"] = f"Version {cited.version} · {cited.site}{app.builder.get_target_uri(pagename)}"
    for node in doctree.findall(nodes.data_tables) if doctree is not None else ():
        titles = {name.rsplit("/", 1)[-1]: title.astext() for name, title in app.env.titles.items()}
        context["toc"], context["display_toc"] = contents(context["title"], node, titles), True


def part(app: Sphinx, pagename: str) -> str:
    """The part of the book that a page stands in, by the contents."""
    contents_of_book = app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree)
    return next((tree["caption"] or "" for tree in contents_of_book if pagename in tree["includefiles"]), "")


def take_out_inline_code(app: Sphinx, doctree: docutils_nodes.document, docname: str) -> None:
    """Scripts and styles within the text go: those of Thebe, which the book does not use, and that of each pandas table."""
    if app.builder.format != "html":
        return
    for node in list(doctree.findall(docutils_nodes.raw)):
        if node.get("format") == "html" and INLINE.search(node.astext()):
            left = INLINE.sub("", node.astext())
            node.replace_self(docutils_nodes.raw("", left, format="html") if left.strip() else [])


def meanings(glossary: docutils_nodes.document) -> dict[str, str]:
    """What a glossary says of each of its terms, by the term's anchor."""
    return {anchor: item.next_node(docutils_nodes.definition).astext().replace("\n", " ")
            for item in glossary.findall(docutils_nodes.definition_list_item)
            for term in item.findall(docutils_nodes.term) for anchor in term["ids"]}


def explain_terms(app: Sphinx, doctree: docutils_nodes.document, docname: str) -> None:
    """A link to a term carries its meaning, so that a reader need not leave the page for it."""
    terms = [node for node in doctree.findall(docutils_nodes.reference)
             if any("std-term" in part["classes"] for part in node.children if isinstance(part, docutils_nodes.Element))]
    known: dict[str, str] = {}
    for home in {home for _, _, kind, home, *_ in app.env.get_domain("std").get_objects() if kind == "term"} if terms else ():
        known |= meanings(app.env.get_doctree(home))
    for node in terms:
        node["reftitle"] = known.get(node.get("refid") or node.get("refuri", "").rpartition("#")[2], "")


def palette_css() -> str:
    """Dark pages redraw charts by their colors, so that no script is needed."""
    rules = "".join(f'.tl-plot [{part}="{light}" i]{{{part}:{dark}}}' for light, dark in palette.pairs().items()
                    for part in ("fill", "stroke"))
    rules = rules.replace(".tl-plot", 'html[data-theme="dark"] .tl-plot')
    return f"@media screen{{{rules}}}\n{verdict_css()}"


def write_static(app: Sphinx, error: Exception | None) -> None:
    """Styles made from the palette, scripts as they are served; out with the theme's own files."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for name in UNUSED:
        path = static / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (static / "palette.css").write_text(palette_css(), encoding="utf-8")
    join([static / f"{name}.css" for name in STYLES], static / "book.css")
    script = (BOOK / "_static" / "ledger.js").read_text(encoding="utf-8")
    (static / "ledger.js").write_text(ASIDE.sub("", script), encoding="utf-8")
    find = (BOOK / "_static" / "find.js").read_text(encoding="utf-8")
    stemmer = "".join((STEMMERS / f"{name}-stemmer.js").read_text(encoding="utf-8") for name in ("base", "porter"))
    stemmer = ASIDE.sub("", COMMENT.sub("", stemmer))
    (static / "find.js").write_text(f"var BaseStemmer, PorterStemmer;\n{stemmer}{ASIDE.sub('', find)}", encoding="utf-8")


def join(parts: list[Path], whole: Path) -> None:
    """Make one file, and so one request, of several styles that pages need together, without what no page needs of them."""
    if all(part.exists() for part in parts):
        style = COMMENT.sub("", "\n".join(part.read_text(encoding="utf-8") for part in parts))
        whole.write_text(CodeFormatter.UNUSED.sub("", style), encoding="utf-8")
        for part in parts:
            part.unlink()


class CodeFormatter(HtmlFormatter):
    """Marks what a reader looks for in code: comments, keywords, strings, numbers and what Python brings along.

    Names and signs take the color of the text, so they need no element each; kinds that have the same color share one: a tenth
    of a chapter's weight.
    """

    KINDS = MappingProxyType({Comment: "c", Keyword: "k", Operator.Word: "k", String: "s", Number: "m", Name.Builtin: "m"})

    UNUSED = re.compile(rf"^[^\n{{}}]* \.highlight \.(?!(?:{'|'.join(KINDS.values())}) )\w+ {{[^{{}}]*}}\n?", re.MULTILINE)
    """Rules of a style for other kinds."""

    def _get_css_classes(self, ttype) -> str:
        return next((name for kind, name in self.KINDS.items() if ttype in kind), "")


def _mathml(self: HTML5Translator, node: docutils_nodes.Element, block: bool) -> None:
    try:
        self.body.append(latex2mathml.tex2mathml(node.astext(), as_block=block))
    except SyntaxError as error:
        logger.warning("maths %r is not understood: %s", node.astext(), error, location=node, type="trilateral")
        self.body.append(f"<code>{self.encode(node.astext())}</code>")
    raise docutils_nodes.SkipNode


def visit_math(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    _mathml(self, node, block=False)


def visit_displaymath(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    _mathml(self, node, block=True)


def visit_table(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    """A table that is wider than a phone scrolls by itself, by finger and by keyboard."""
    columns = [entry.astext() for head in node.findall(docutils_nodes.thead)
               for entry in head.findall(docutils_nodes.entry)]
    said = languages.word(TABLE, languages.of(self.builder.env, self.builder.current_docname))
    label = escape(said.format(columns=", ".join(filter(None, columns))), quote=True)
    self.body.append(f'<div class="tl-table-frame" tabindex="0" role="group" aria-label="{label}">')
    HTML5Translator.visit_table(self, node)


def depart_table(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    HTML5Translator.depart_table(self, node)
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    app.add_node(docutils_nodes.table, override=True, html=(visit_table, depart_table))
    PygmentsBridge.html_formatter = CodeFormatter
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    app.connect("config-inited", configure, priority=900)
    app.connect("doctree-resolved", take_out_inline_code, priority=900)
    app.connect("doctree-resolved", explain_terms, priority=900)
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", write_static, priority=900)
