"""Translate a resolved doctree into Typst source.

Written for this book rather than derived from `rst2typst`, which leaves ``@``, ``[``, ``/`` and quotation marks in
attributes active and whose admonitions, footnotes and references would all have to be replaced for a Sphinx tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxTranslator

from trilateral.publish.typst_math import MathError, to_typst
from trilateral.publish.typst_tables import cell, html_table, numeric_columns, table
from trilateral.publish.typst_text import LONGEST_LISTED, address, breakable, code, escape, label_of, literal, target

STOPS = (",", ".", ";", ":")
VALUE = re.compile(r"[-−+]?[\d.,]+(?: to [-−]?[\d.,]+)?")  # what is no name, though the source marks it as code
FRONT = "Summary"  # what the first page is called in print, where the title of the book is on the cover
PARTED = re.compile(r"[^\W\d_]{5}")  # what has a word long enough to be parted by a hyphen
LAST = 14  # characters of the last words of a paragraph in which none is parted
CLOSE = 240  # characters within which a reference does not say again where to turn to
KEPT_WHOLE = 24  # characters of code in a sentence, such as a verdict, up to which no line ends in it and none stretches it


class PrintError(ValueError):
    """The book cannot be printed as it stands; the message names chapter and element."""


def _around(before: str, after: str):
    """Visitor and departer that put text around what a node holds."""

    def visit(self: TypstTranslator, node: nodes.Element) -> None:
        self.body.append(before)

    def depart(self: TypstTranslator, node: nodes.Element) -> None:
        self.body.append(after)

    return visit, depart


def footnote(uri: str, title: str) -> str:
    """What a footnote says of a link, as Typst: title of what it leads to, where the source has one, and the whole address."""
    place = re.sub(r"^https?://(www\.)?", "", uri).rstrip("/")
    return f"{escape(title)}, {address(place)}" if title else address(place)


def _leads_to_table(node: nodes.Node | None) -> bool:
    """Whether a paragraph says no more than what the table below it is."""
    return (isinstance(node, nodes.paragraph) and not node["ids"] and node.astext().rstrip().endswith(":")
            and isinstance(_past_targets(node, 1), nodes.table))


def _before(node: nodes.Node) -> nodes.Node | None:
    return _past_targets(node, -1)


def _past_targets(node: nodes.Node, step: int) -> nodes.Node | None:
    """The next or last sibling that is more than the name of another."""
    place = node.parent.index(node) + step
    while 0 <= place < len(node.parent) and isinstance(node.parent[place], nodes.target):
        place += step
    return node.parent[place] if 0 <= place < len(node.parent) else None


def _parents(node: nodes.Node) -> Iterator[nodes.Element]:
    while (node := node.parent) is not None:
        yield node


def _ends(node: nodes.Text) -> bool:
    """Whether a text has the last words of a paragraph that stands in a section itself and leads to nothing."""
    paragraph = node.parent
    return (isinstance(paragraph, nodes.paragraph) and isinstance(paragraph.parent, nodes.section) and paragraph[-1] is node
            and not node.rstrip().endswith(":"))


def _ended(said: str) -> str:
    """The end of a paragraph, as Typst: no word is parted there, lest its last line be a piece of one."""
    words = re.split(r"\s+", said)
    first = next((at for at in range(len(words) - 1, 0, -1) if len(" ".join(words[at:])) >= LAST), 0)
    last = " ".join(words[first:])
    if not PARTED.search(last):
        return escape(said)
    return f"{escape(' '.join([*words[:first], '']))}#text(hyphenate: false)[{escape(last)}]"


def _skip(self: TypstTranslator, node: nodes.Element) -> None:
    raise nodes.SkipNode


class TypstTranslator(SphinxTranslator):
    """One page of the book as the body of a Typst file.

    Attributes
    ----------
    output : str
        The source, with the placeholders of `target`.
    labels : dict of str to str
        Labels that this page defines; see `resolve`.
    referred : set of str
        Labels of other pages that this one refers to.
    entries : dict of str to str
        Entries of a bibliography on this page, by label.
    """

    def __init__(self, document: nodes.document, builder) -> None:
        super().__init__(document, builder)
        self.body: list[str] = []
        self.labels: dict[str, str] = {}
        self.referred: set[str] = set()
        self.entries: dict[str, str] = {}
        self.docname: str = document["docname"]
        self.level = 0
        self.footnotes = {id: note for note in document.findall(nodes.footnote) for id in note["ids"]}
        self.printed_footnotes: set[str] = set()
        self.begun: nodes.Node | None = None  # text whose first mark is printed
        self.headed: int | None = None  # where `body` has a table that directly follows a heading
        self.told: tuple[str, int] = ("", 0)  # what the last reference said where to turn to, and the characters since

    @property
    def output(self) -> str:
        return "".join(self.body)

    def render(self, children: Iterable[nodes.Node]) -> str:
        """Translate nodes aside and return the source."""
        outer, self.body = self.body, []
        for child in children:
            child.walkabout(self)
        inner, self.body = "".join(self.body), outer
        return inner.strip()

    def define(self, label: str, aliases: Iterable[str] = ()) -> bool:
        """Register a label and other ids of the page that mean it; False when it was defined already."""
        new = label not in self.labels
        self.labels |= {name: label for name in (label, *(label_of(self.docname, id) for id in aliases))}
        return new

    def anchors(self, node: nodes.Element) -> str:
        """Invisible targets for the ids of an element that has no label of its own."""
        labels = [label_of(self.docname, id) for id in node["ids"]]
        return "".join(f"#anchor({literal(label)})" for label in labels if self.define(label))

    def where(self, node: nodes.Element) -> str:
        return f"{self.docname}:{node.line}" if node.line else self.docname

    def unknown_visit(self, node: nodes.Node) -> None:
        raise PrintError(f"{self.where(node)}: the PDF has no form for {node.__class__.__name__}; add one to "
                         "trilateral/publish/typst_writer.py")

    # Text and inline markup

    def visit_Text(self, node: nodes.Text) -> None:
        said = node[1:] if node is self.begun else node.astext()
        self.told = self.told[0], self.told[1] + len(said)
        is_address = isinstance(node.parent, nodes.reference) and "/" in said and " " not in said
        self.body.append(address(said) if is_address else _ended(said) if _ends(node) else escape(said))

    def depart_Text(self, node: nodes.Text) -> None:
        pass

    visit_emphasis, depart_emphasis = visit_title_reference, depart_title_reference = _around("#emph[", "]")
    visit_literal_emphasis, depart_literal_emphasis = _around("#emph[", "]")
    visit_strong, depart_strong = visit_literal_strong, depart_literal_strong = _around("#strong[", "]")
    visit_subscript, depart_subscript = _around("#sub[", "]")
    visit_superscript, depart_superscript = _around("#super[", "]")
    visit_generated, depart_generated = visit_abbreviation, depart_abbreviation = _around("", "")
    visit_download_reference, depart_download_reference = visit_problematic, depart_problematic = _around("", "")

    def visit_inline(self, node: nodes.inline) -> None:
        self.body.append(self.anchors(node))

    def depart_inline(self, node: nodes.inline) -> None:
        pass

    def visit_literal(self, node: nodes.literal) -> None:
        words = node.astext()
        if VALUE.fullmatch(words):
            self.body.append(escape(words.replace("-", "−")))
            raise nodes.SkipNode
        self.body.append(f"#box({code(words)})" if " " in words and len(words) <= KEPT_WHOLE else f"#{code(words)}")
        raise nodes.SkipNode

    def visit_math(self, node: nodes.math, block: bool = False) -> None:
        try:
            formula = to_typst(node.astext())
        except MathError as error:
            raise PrintError(f"{self.where(node)}: {error}") from error
        body = f"$ {formula} $" if block else f"${formula}$"
        self.body.append(f"#math.equation(alt: {literal(node.astext())}, block: {str(block).lower()}, {body})")
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        self.body.append("\n\n" + self.anchors(node))
        self.visit_math(node, block=True)

    def visit_reference(self, node: nodes.reference) -> None:
        if "refid" in node:
            self.refer(label_of(self.docname, node["refid"]))
        elif (uri := node.get("refuri", "")).startswith("%"):
            page, _, id = uri[1:].partition("#")
            self.referred.add(label_of(page, id))
            within_glossary = page == self.docname and id.startswith("term-")  # whose order leads there
            self.refer(label_of(page, id), away=not within_glossary)
        elif re.match(r"(https?|mailto):", uri):
            self.body.append(f"#link({literal(unescape(uri))})[")
        else:
            self.body.append("#[")

    def refer(self, label: str, away: bool = True) -> None:
        """Begin a reference, which says where to turn to unless one just before it did."""
        again = label == self.told[0] and self.told[1] <= CLOSE
        self.body.append(f"#inward({target(label)})[" if again else f"#crossref({target(label)}, {str(away).lower()})[")
        if not again:
            self.told = label, 0

    def depart_reference(self, node: nodes.reference) -> None:
        self.body.append("]")
        uri = unescape(node.get("refuri", ""))  # MyST escapes addresses for HTML
        if re.match(r"https?:", uri) and uri != node.astext() and self.in_prose(node):
            self.close_up(node)
            self.body.append(f"#footnote[#link({literal(uri)})[{footnote(uri, node.get('reftitle', ''))}]]")

    def close_up(self, node: nodes.Node) -> None:
        """Print the comma or stop behind an element now, as the number of a footnote stands after it."""
        after = node.next_node(descend=False, siblings=True)
        if isinstance(after, nodes.Text) and after.startswith(STOPS):
            self.body.append(escape(after[0]))
            self.begun = after

    @staticmethod
    def in_prose(node: nodes.Node) -> bool:
        """Whether an element stands in running text, where a footnote can give what paper cannot follow."""
        kinds = []
        while (node := node.parent) is not None:
            kinds.append(type(node))
        return nodes.paragraph in kinds and not {nodes.citation, nodes.footnote, nodes.table} & {*kinds}

    visit_number_reference, depart_number_reference = visit_reference, depart_reference

    def visit_target(self, node: nodes.target) -> None:
        self.body.append(self.anchors(node))

    def depart_target(self, node: nodes.target) -> None:
        pass

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        note = self.footnotes.get(node["refid"])
        if note is None:
            raise PrintError(f"{self.where(node)}: footnote {node.astext()} has no text")
        name = literal(label_of(self.docname, f"footnote {node['refid']}"))
        self.close_up(node)
        if node["refid"] in self.printed_footnotes:
            self.body.append(f"#footnote(label({name}))")
        else:
            self.printed_footnotes.add(node["refid"])
            text = self.render(child for child in note if not isinstance(child, nodes.label))
            self.body.append(f"#footnote[{text}]#label({name})")
        raise nodes.SkipNode

    visit_footnote = _skip

    # Blocks

    def visit_document(self, node: nodes.document) -> None:
        pass

    def depart_document(self, node: nodes.document) -> None:
        pass

    def visit_section(self, node: nodes.section) -> None:
        self.level += 1

    def depart_section(self, node: nodes.section) -> None:
        self.level -= 1
        if self.headed is not None and not "".join(self.body[self.headed + 1:]).strip():
            self.head_table()
        self.headed = None

    def head_table(self) -> None:
        """A table that is all its section has takes the heading with it, wherever it goes."""
        place = max(i for i in range(self.headed) if self.body[i].strip())
        heading, self.body[place] = self.body[place].strip(), ""
        self.body[self.headed] = self.body[self.headed].replace("#fit-table(", f"#fit-table(heading: [{heading}], ", 1)

    def visit_title(self, node: nodes.title) -> None:
        if not isinstance(node.parent, nodes.section):
            self.body.append(f"\n\n#subhead[{self.render(node)}]\n\n")
            raise nodes.SkipNode
        if self.level == 1:
            self.define(self.docname, node.parent["ids"])
            said = FRONT if self.docname == self.config.root_doc else self.render(node)
            self.body.append(f"#chapter(target: {literal(self.docname)}, part: part)[{said}]\n\n")
        else:
            ids = node.parent["ids"]
            label = label_of(self.docname, ids[0])
            self.define(label, ids)
            self.body.append(f"\n\n#heading(depth: {self.level})[{self.render(node)}] #label({literal(label)})\n\n")
        raise nodes.SkipNode

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        if _leads_to_table(node):
            raise nodes.SkipNode
        first_of_item = isinstance(node.parent, nodes.list_item | nodes.entry) and node.parent[0] is node
        if isinstance(node.parent, nodes.section) and "".join(self.body[(self.headed or 0) + 1:]).strip():
            self.headed = None
        self.body.append(("" if first_of_item else "\n\n") + self.anchors(node))

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.body.append("\n\n" if node.parent[-1] is not node else "")
        if isinstance(node.parent, nodes.section) and self.headed is not None:  # the words first, then their table
            self.body.append("\n\n" + self.body.pop(self.headed))
            self.headed = None

    def put_table(self, source: str) -> None:
        """Print a table: apart from a judgement above it, and behind the paragraph below it where a heading is above it."""
        before = next((text.lstrip() for text in reversed(self.body) if text.strip()), "")
        apart = before.startswith("#judgement(")
        self.body.append(source.replace("#fit-table(", "#fit-table(apart: true, ", 1) if apart else source)
        if before.startswith("#heading("):
            self.headed = len(self.body) - 1

    visit_compact_paragraph, depart_compact_paragraph = visit_paragraph, depart_paragraph
    visit_caption, depart_caption = visit_attribution, depart_attribution = _around("\n\n#subhead[", "]\n\n")
    visit_legend, depart_legend = visit_compound, depart_compound = _around("\n\n", "\n\n")
    visit_centered, depart_centered = visit_rubric, depart_rubric = _around("\n\n#subhead[", "]\n\n")

    def visit_bullet_list(self, node: nodes.Element) -> None:
        call = "enum" if isinstance(node, nodes.enumerated_list) else "list"
        start = f"start: {int(node['start'])}, " if "start" in node else ""
        tight = str(all(len(item) <= 1 for item in node)).lower()
        self.body.append(f"\n\n#{call}({start}tight: {tight}, ")

    def depart_bullet_list(self, node: nodes.Element) -> None:
        self.body.append(")\n\n")

    visit_enumerated_list, depart_enumerated_list = visit_bullet_list, depart_bullet_list
    visit_list_item, depart_list_item = _around("[", "], ")

    visit_definition_list, depart_definition_list = _around("\n\n#terms(", ")\n\n")
    visit_glossary, depart_glossary = _around("", "")

    def visit_definition_list_item(self, node: nodes.definition_list_item) -> None:
        terms = [self.anchors(child) + self.render(child) for child in node if isinstance(child, nodes.term)]
        text = self.render(child for child in node if isinstance(child, nodes.definition))
        self.body.append(f"terms.item([{', '.join(terms)}], [{text}]), ")
        raise nodes.SkipNode

    visit_term, depart_term = visit_definition, depart_definition = _around("", "")
    visit_field_list, depart_field_list = _around("\n\n#terms(", ")\n\n")

    def visit_field(self, node: nodes.field) -> None:
        self.body.append(f"terms.item([{self.render(node[0])}], [{self.render(node[1])}]), ")
        raise nodes.SkipNode

    visit_block_quote, depart_block_quote = _around("\n\n#quote(block: true)[", "]\n\n")
    visit_line_block, depart_line_block = _around("\n\n", "\n\n")
    visit_line, depart_line = _around("", " #linebreak() ")

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        if "stderr" not in node["classes"]:
            self.body.append(f"\n\n#raw(block: true, {literal(breakable(node.astext(), LONGEST_LISTED))})\n\n")
        raise nodes.SkipNode

    visit_doctest_block = visit_literal_block

    def visit_transition(self, node: nodes.transition) -> None:
        self.body.append("\n\n#v(1em)\n\n")
        raise nodes.SkipNode

    def visit_admonition(self, node: nodes.Element) -> None:
        children = list(node)
        if children and isinstance(children[0], nodes.title):
            heading = self.render(children.pop(0))
        else:
            heading = escape("" if isinstance(node, nodes.container) else node.tagname.capitalize())
        self.body.append(f"\n\n{self.anchors(node)}#callout([{heading}])[{self.render(children)}]\n\n")
        raise nodes.SkipNode

    visit_note = visit_tip = visit_hint = visit_important = visit_warning = visit_attention = visit_admonition
    visit_caution = visit_danger = visit_error = visit_seealso = visit_sidebar = visit_topic = visit_admonition

    def visit_container(self, node: nodes.container) -> None:
        if node.get("nb_element") == "cell_code_source" or "cell_input" in node["classes"]:
            raise nodes.SkipNode
        self.body.append("\n\n" + self.anchors(node))

    def depart_container(self, node: nodes.container) -> None:
        self.body.append("\n\n")

    def visit_citation(self, node: nodes.citation) -> None:
        label = label_of(self.docname, node["ids"][0])
        self.define(label)
        text = self.render(child for child in node if not isinstance(child, nodes.label))
        self.entries[label] = f"#reference-entry({literal(label)})[{text}]\n\n"
        self.body.append(self.entries[label])
        raise nodes.SkipNode

    # Tables and images

    def visit_table(self, node: nodes.table) -> None:
        group = next(node.findall(nodes.tgroup))
        widths = [spec.get("colwidth", 1) for spec in group.findall(nodes.colspec)]
        given = "colwidths-given" in node["classes"]
        rows = [row for part in group.findall(nodes.tbody) for row in part]
        spans = any(entry.get("morecols") or entry.get("morerows") for entry in group.findall(nodes.entry))
        numbers = set() if spans else numeric_columns([[entry.astext() for entry in row] for row in rows])
        heads = [self._row(row, numbers) for head in group.findall(nodes.thead) for row in head]
        body = [self._row(row, numbers) for row in rows]
        title = next((child for child in node if isinstance(child, nodes.title)), None)
        self.body.append("\n\n")
        if title is not None:
            self.body.append(f"#subhead[{self.render(title)}]\n\n")
        section = next((parent for parent in _parents(node) if isinstance(parent, nodes.section)), None)
        before = _before(node)
        lead = self.render(before.children) if _leads_to_table(before) else ""
        anchors = self.anchors(node)
        if not lead:
            self.body.append(anchors)
        self.put_table(table([f"{w}fr" if given else "auto" for w in widths], heads, body,
                               escape(section[0].astext()) if section is not None and title is None and not lead else "",
                               anchors + lead if lead else ""))
        raise nodes.SkipNode

    def _row(self, row: nodes.row, numbers: set[int]) -> list[str]:
        sides = {"text-right": "right", "text-center": "center"}
        return [cell(f"[{self.render(entry)}]", entry.get("morerows", 0) + 1, entry.get("morecols", 0) + 1,
                      next((sides[c] for c in entry["classes"] if c in sides), "right" if at in numbers else ""))
                for at, entry in enumerate(row)]

    def visit_image(self, node: nodes.image) -> None:
        if not node.get("alt"):
            raise PrintError(f"{self.where(node)}: the image {node['uri']} has no alt text")
        path = self.builder.pictures.image(Path(self.builder.srcdir) / node["uri"])
        self.body.append(f"#picture({literal(path)}, {literal(node['alt'])})")
        raise nodes.SkipNode

    def visit_figure(self, node: nodes.Element) -> None:
        self.body.append("\n\n" + self.anchors(node))

    def depart_figure(self, node: nodes.Element) -> None:
        self.body.append("\n\n")

    def visit_raw(self, node: nodes.raw) -> None:
        if "html" in node.get("format", "").split() and (source := html_table(node.astext())):
            self.put_table("\n\n" + source)
        raise nodes.SkipNode

    visit_toctree = visit_index = visit_comment = visit_substitution_definition = visit_meta = _skip
    visit_tabular_col_spec = visit_highlightlang = visit_system_message = visit_pending = visit_label = _skip
    visit_only, depart_only = visit_start_of_file, depart_start_of_file = _around("", "")
