"""Sphinx builder ``typst``: the executed book as one PDF, and each of its chapters."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

from trilateral import __version__, charts, claims
from trilateral.publish import address, citing, collect, feed, languages, references, site_files, typst_press
from trilateral.publish import nodes as ledger_nodes
from trilateral.publish.drawing import Studio
from trilateral.publish.typst_chapters import Chapter, reading, write_chapters
from trilateral.publish.typst_index import LABEL, PART, TITLE, claims_index
from trilateral.publish.typst_ledger import LedgerTranslator, Record, mark, spoken_date
from trilateral.publish.typst_pictures import Pictures
from trilateral.publish.typst_text import array, breakable, content, label_of, literal, resolve
from trilateral.publish.typst_writer import PrintError
from trilateral.publish.words import ORDER, quotation

LOGGER = logging.getLogger(__name__)
TEMPLATE = Path(__file__).with_name("typst") / "book.typ"
SUBTITLE = ("Two policy briefs on cooperation between the United States, Japan and South Korea, "
            "tested claim by claim on public data")
COLOPHON = (
    "Text and charts: Creative Commons Attribution 4.0 International (CC BY 4.0). Code: MIT License. "
    "Tables keep the licenses of their sources.",
    "Set in Source Serif 4 and Source Sans 3, under the SIL Open Font License 1.1.",
)
UNNAMED = "Project name not set"  # what Sphinx calls a project whose configuration gives no name
SMALL = "#let chapter = small-chapter\n#let fit-table = small-table\n#show: small-print"  # how what is looked up is set
DENSE = "#let fit-table = fit-table.with(size: 7.8pt, inset: (x: 2.2mm, y: 1.05mm))\n"
LONG = 8000  # characters of source above which a page to look things up in has columns
LONGER = 40_000  # and above which the contents give its sections, and its running heads name them
KEYWORDS = ("United States", "Japan", "South Korea", "trilateral cooperation")
MIME_PRIORITIES = (claims.MIME, charts.MIME, "image/svg+xml", "image/png", "image/jpeg", "text/html", "text/markdown",
                   "text/latex", "text/plain")


@dataclass(frozen=True)
class Page:
    """A page translated: what `TypstTranslator` keeps of it, how it is set, and the pictures in use.

    Attributes
    ----------
    long : bool
        Whether it has columns, if it is one to look things up in.
    sections : int
        Depth of the headings by which readers find their way in such a page; 0 where it needs none.
    """

    docname: str
    text: str
    long: bool
    sections: int
    labels: dict[str, str]
    referred: set[str]
    entries: dict[str, str]
    pictures: set[Path]


class TypstBuilder(Builder):
    """Writes Typst source to the output folder and compiles ``<typst_file_name>.pdf`` beside it, chapters below it."""

    name = "typst"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    supported_image_types: ClassVar[list[str]] = ["image/svg+xml", "image/png", "image/jpeg"]
    default_translator_class = LedgerTranslator
    allow_parallel = False

    def init(self) -> None:
        self.record = Record(claims.register())
        self.source = Path(self.outdir)
        self.pictures = Pictures(self.source, Studio(Path(self.doctreedir).parent / ".figures"))

    @property
    def title(self) -> str:
        """Title of the book; jupyter-book sets that of the web book alone."""
        return self.config.html_title if self.config.project == UNNAMED else self.config.project

    def get_outdated_docs(self) -> str:
        return "all pages"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Pages in reading order with the caption of the part each stands in."""
        seen: set[str] = set()

        def walk(docname: str, part: str) -> Iterator[tuple[str, str]]:
            if docname in seen or docname not in self.env.all_docs:
                return
            seen.add(docname)
            yield docname, part
            for tree in self.env.tocs[docname].findall(addnodes.toctree):
                for _, child in tree["entries"]:
                    if child:
                        yield from walk(child, tree.get("caption") or part)

        yield from walk(self.config.root_doc, "")

    def write(self, build_docnames, updated_docnames, method="update") -> None:
        pages = dict(self.pages())
        self.collect(pages)
        shutil.rmtree(self.source / "chapters", ignore_errors=True)
        made = self.translations(pages)
        labels = {LABEL: LABEL}
        entries: dict[str, str] = {}
        for docname in pages:
            entries |= made[docname].entries
            labels |= made[docname].labels
            self.pictures.used |= made[docname].pictures
        entries = {label: self.resolved(text, labels, label) for label, text in entries.items()}
        openings = self.openings(pages)
        for docname in pages:
            page = made[docname]
            part = content(pages[docname]) if pages[docname] else "none"
            self.put(f"chapters/{docname}.typ", '#import "/book.typ": *\n'
                     f"#let part = {f'part-name({part})' if docname in openings and part != 'none' else part}\n"
                     f"{self.style(page, pages[docname])}{self.resolved(page.text, labels, docname)}\n")
        self.write_frame(pages, labels, {docname: page.sections for docname, page in made.items()})
        self.pictures.forget_unused()
        words: dict[str, list[str]] = {}
        for claim_id, place in self.record.places.items():
            words.setdefault(place.partition("#")[0], []).append(self.record.word(claim_id))
        titles = {docname: self.record.chapters[docname.rsplit("/", 1)[-1]] for docname in words}
        own = replace(citing.of(self.config), title=self.title)
        chapters = [
            Chapter(docname, titles[docname], citing.chapter(own, docname, titles[docname]).text(), words[docname],
                    [text for label, text in entries.items() if label in {labels.get(one) for one in made[docname].referred}])
            for docname in pages if docname in words]
        said = array(map(content, reading(self.title, self.config.html_baseurl)))
        write_chapters(self.source, chapters, self.meta() | {"reading": said})

    def style(self, page: Page, part: str) -> str:
        """How a page is set, where not as the chapters are."""
        language = languages.of(self.env, page.docname)
        if language != languages.ENGLISH:
            return f"#set text(lang: {literal(language)}, region: none)\n"
        if part in self.config.typst_small_parts:
            return (SMALL + (f".with(sections: {page.sections})" if page.sections else "") + "\n") if page.long else DENSE
        return ""

    def resolved(self, text: str, labels: Mapping[str, str], docname: str) -> str:
        """Typst source with its references resolved; one without a place is a warning."""
        text, missing = resolve(text, labels)
        for label in missing:
            LOGGER.warning("the PDF has no place for a reference to %s", label, location=docname)
        return text

    def translations(self, pages: Iterable[str]) -> dict[str, Page]:
        """Each page translated, as many at a time as Sphinx may start processes."""
        made: list[Page] = []
        tasks = ParallelTasks(self.app.parallel) if parallel_available and self.app.parallel > 1 else SerialTasks()
        for docname in pages:
            tasks.add_task(self.translated, docname, lambda *given: made.append(given[-1]))
        tasks.join()
        return {page.docname: page for page in made}

    def translated(self, docname: str) -> Page:
        """A page as Typst source, its references open."""
        tree = self.env.get_and_resolve_doctree(docname, self)
        tree["docname"] = docname
        translator = self.create_translator(tree, self)
        try:
            tree.walkabout(translator)
        except (PrintError, claims.ClaimError) as error:
            message = str(error)
            raise ExtensionError(message if message.startswith(docname) else f"{docname}: {message}") from error
        long = len(translator.output) > LONG or any(tree.findall(ledger_nodes.data_tables))
        alone = translator.output.count("#heading(depth: 2)") == 1
        sections = (3 if alone else 2) if len(translator.output) > LONGER else 0
        return Page(docname, translator.output, long, sections, translator.labels, translator.referred, translator.entries,
                    self.pictures.used)

    @staticmethod
    def openings(pages: Mapping[str, str]) -> list[str]:
        """The page that opens each part."""
        return [docname for docname, before in zip(pages, [None, *pages], strict=False)
                if before is None or pages[docname] != pages[before]]

    def collect(self, pages: Iterable[str]) -> None:
        """Gather the judgements and chapter titles that pages show of one another."""
        record = self.record
        record.chapters = {docname.rsplit("/", 1)[-1]: self.env.titles[docname].astext() for docname in pages}
        for claim_id, docname, judgement in collect.judged(self.env):
            record.judgements[claim_id] = judgement
            record.places[claim_id] = label_of(docname, claim_id)

    def contents(self, pages: Mapping[str, str], sections: Mapping[str, int]) -> str:
        """Parts of the contents, as Typst: name, first page, what follows, levels above its chapters, sections to list."""
        starts = self.openings(pages)
        after = dict(zip([*pages], [*[*pages][1:], LABEL], strict=True))
        parts = []
        for start, end in zip(starts, [*starts[1:], LABEL], strict=True):
            part = pages[start]
            spans = [(start, end, 2)] if not self.is_small(part, start) else [
                (page, after[page], sections[page]) for page in pages if pages[page] == part and sections[page]]
            listed = array(f"({literal(page)}, {literal(until)}, {depth})" for page, until, depth in spans)
            parts.append(f"(name: {content(part) if part else 'none'}, start: {literal(start)}, end: {literal(end)}, "
                         f"top: {1 if part else 0}, sections: {listed})")
        return array([*parts, f"(name: {content(PART)}, start: {literal(LABEL)}, end: none, top: 0, sections: ())"])

    def write_frame(self, pages: Mapping[str, str], labels: Mapping[str, str], sections: Mapping[str, int]) -> None:
        """Write the template, the verdicts' looks and the main file."""
        self.put("book.typ", TEMPLATE.read_text(encoding="utf-8"))
        looks = {word: {"color": charts.VERDICTS[word][0], "mark": mark(word)} for word in ORDER}
        self.put("looks.json", json.dumps(looks, indent=1))
        marks = [f"({content(self.record.short_title(chapter))}, {array(map(literal, self.record.words(group)))})"
                 for chapter, group in self.record.by_chapter().items()]
        meta = self.meta()
        meta |= {"title": meta["book"], "marks": array(marks), "parts": self.contents(pages, sections)}
        fields = ", ".join(f"{name}: {value}" for name, value in meta.items())
        level = "#set heading(offset: below-part)"
        includes = "".join(f"#[{level if part else ''}\n#include {literal(f'chapters/{docname}.typ')}\n]\n"
                           for docname, part in pages.items())
        index = self.resolved(claims_index(self.record), labels, LABEL)
        self.put("main.typ", f'#import "book.typ": *\n#show: book.with(({fields}), {array(map(literal, labels.values()))})\n'
                             f"{includes}{SMALL}\n#chapter(target: {literal(LABEL)}, part: {content(PART)})[{TITLE}]\n{index}")

    def is_small(self, part: str, start: str) -> bool:
        """Whether the contents give no sections of most pages of a part: one to look things up in, or in another language."""
        return part in self.config.typst_small_parts or languages.of(self.env, start) != languages.ENGLISH

    def meta(self) -> dict[str, str]:
        """What the book and its chapters say of themselves, as Typst."""
        config = self.config
        return {
            "book": literal(breakable(self.title)), "author": literal(breakable(config.author)),
            "subtitle": literal(breakable(config.typst_subtitle)),
            "keywords": array(map(literal, config.typst_keywords)),
            "edition": content(f"{self.edition()}. Record up to {spoken_date(self.record.register.record_ends)}"),
            "colophon": array(map(content, self.colophon())),
        }

    def issued(self) -> str:
        """Day of the newest release of the changelog; empty where nothing is released."""
        return next((day for _, day, _ in feed.releases(site_files.changelog(self.app))), "")

    def edition(self) -> str:
        return f"Version {__version__}" + (f" of {spoken_date(day)}" if (day := self.issued()) else "")

    def sources(self) -> str:
        """The texts whose claims are tested, with author and day."""
        works = {}
        for name in self.config.bibtex_bibfiles:
            bibliography, faults = references.read(Path(self.srcdir) / name)
            if bibliography is None:
                raise ExtensionError("\n".join(faults))
            works |= bibliography.entries
        return "; ".join(
            (f"{references.authors(works[source['cite']])}, " if source["cite"] in works else "")
            + f"{quotation(source['title'])} ({spoken_date(source['date'])})"
            for source in self.record.register.sources.values())

    def addresses(self) -> list[str]:
        """Where the book and its repository are, as far as the configuration says."""
        site, repository = self.config.html_baseurl, address.repository(self.config)
        return [f"On the web: {site}" if site else
                "The web edition and the notebook kit are published with this PDF; this copy names no address for them.",
                *([f"Code, tables and reports of errors: {repository}"] if repository else [])]

    def colophon(self) -> list[str]:
        """Paragraphs of the page behind the cover: edition, sources of the claims, addresses, licences, type."""
        return [
            f"{self.title}. {self.edition()}. By {self.config.author}. "
            f"The record ends on {spoken_date(self.record.register.record_ends)}.",
            f"The claims are quoted from: {self.sources()}.",
            "A rule committed before its result was known decides each verdict. Every number, figure and verdict is "
            "computed from the tables that the appendix describes; the web edition carries the data of each figure, and "
            "the notebook kit the code that recomputes them.",
            *self.addresses(),
            *self.config.typst_colophon,
        ]

    def put(self, name: str, text: str) -> None:
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def finish(self) -> None:
        stamp = os.environ.get("SOURCE_DATE_EPOCH")
        moment = datetime.fromtimestamp(int(stamp), UTC) if stamp else datetime.fromisoformat(
            self.issued() or self.record.register.record_ends).replace(tzinfo=UTC)
        typst_press.keep(self.source, self.config.typst_file_name, moment)
        if not self.config.typst_set_apart:
            for part in typst_press.PARTS.values():
                part(self.source)


def setup(app: Sphinx) -> dict:
    """Register the builder and its configuration."""
    app.add_builder(TypstBuilder)
    app.add_config_value("typst_file_name", "trilateral-ledger", "", str)
    app.add_config_value("typst_set_apart", False, "", bool)  # whoever runs Sphinx lets the PDFs be set when it has ended
    app.add_config_value("typst_subtitle", SUBTITLE, "", str)
    app.add_config_value("typst_keywords", list(KEYWORDS), "", list)
    app.add_config_value("typst_small_parts", ["Appendix"], "", list)
    app.add_config_value("typst_colophon", list(COLOPHON), "", list)
    app.connect("config-inited", _prefer_our_mime_types)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _prefer_our_mime_types(app: Sphinx, config) -> None:
    if "nb_mime_priority_overrides" in config:
        ours = [("typst", mime, rank) for rank, mime in enumerate(MIME_PRIORITIES)]
        config.nb_mime_priority_overrides = [*ours, *config.nb_mime_priority_overrides]
