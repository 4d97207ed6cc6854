"""A figure on a web page: readable at once, interactive on demand, with everything to take away."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from docutils import nodes as docutils_nodes
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trilateral.claims import register
from trilateral.publish import citing, columns, coverage, embed, figure_files, languages, nodes, share, translations
from trilateral.publish.drawing import Studio, inline
from trilateral.publish.words import escaped
from trilateral.recipes.countries import NAMES as COUNTRIES
from trilateral.text import minus

ROWS_SHOWN, MOST_ROWS = 60, 80  # of a longer table the first, for the weight of a page; a few more are no reason to cut
DATA_PAGE = "book/appendix/data"
CODES = "ISO 3166-1 alpha-3 code"  # how book/columns.yml says that a column holds these
YES, ANSWERS = ("1 if ", "1 for ", "True if "), {"1": "yes", "0": "no", "True": "yes", "False": "no"}
HEADS = {"n": "observations", "q05": "5th percentile", "q95": "95th percentile", "se": "standard error", "state": "status",
         "size_usd_million": "sales"}
"""Words for names of columns that are no words."""
UNIT = re.compile(r"; (?!.*\b(?:or|for)\b)((?:percent|ratio|rank|standard deviations?|(?:million|billion) US dollars|deaths|"
                  r"people|days|months|years|(?:index |ideal )?points|index from|from 0|per \d|weighted events)"
                  r"(?:,(?=\d)|[^,;.])*)")


def visit_figure(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    if not isinstance(node, nodes.figure):
        HTML5Translator.visit_figure(self, node)
        return
    builder = self.builder
    docname = builder.current_docname
    payload = node["payload"]
    folder = f"figures/{docname.rsplit('/', 1)[-1]}"
    studio = Studio(Path(builder.doctreedir).parent / ".figures")
    here = builder.get_target_uri(docname)
    book = citing.of(builder.config)
    citation = citing.figure(book, docname, builder.env.titles[docname].astext().partition(":")[0], payload["id"],
                             payload["headline"])
    frame = f"{folder}/{payload['id']}.html"
    back = citation.address if book.site else f"{relative_uri(frame, here)}#{payload['id']}"
    drawn = drawings(payload, studio)
    embedded = embed.page(payload, drawn, credits(payload, ""), back, book.title)
    meant = columns.read(Path(builder.srcdir)).words(payload["id"], payload["columns"], register())
    figure_files.write(Path(builder.outdir) / folder, payload, studio, citation, embedded, meant)
    data_page = relative_uri(here, builder.get_target_uri(DATA_PAGE)) if DATA_PAGE in builder.env.all_docs else ""
    tall = embed.heights(payload, *(studio.svg(payload[size], f"{payload['id']}-{size}") for size in ("wide", "narrow")))
    place = relative_uri(here, folder)
    menu = share.menu(citation, frame, tall, f"{place}/{payload['id']}.bib")
    self.body.append(html(payload, drawn, menu, place, data_page, meant))
    raise docutils_nodes.SkipNode


def visit_finding(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    """A figure of another page: headline, drawing, source, and the way to all the rest."""
    builder = self.builder
    payload, here = node["payload"], builder.get_target_uri(builder.current_docname)
    page = f"{relative_uri(here, builder.get_target_uri(node['home']))}#{payload['id']}"
    chapter = builder.env.titles[node["home"]].astext().partition(":")[0]
    studio = Studio(Path(builder.doctreedir).parent / ".figures")
    drawn = drawings(payload, studio, node["language"])
    said = {text: languages.word(text, node["language"]) for text in ("Source", "Figure, data and limits")}
    sources, chapter = (translations.marked(text, languages.ENGLISH, node["language"])
                        for text in (f"{_sources(payload, '')}.", escaped(chapter)))
    self.body.append(
        f'<figure class="tl-figure tl-finding" aria-labelledby="{payload["id"]}-headline"><figcaption><p class="tl-headline" '
        f'id="{payload["id"]}-headline"><a href="{page}">{escaped(payload["headline"])}</a></p>'
        f'<p class="tl-subtitle">{escaped(payload["subtitle"])}</p></figcaption>'
        f'<div class="tl-plot">{drawn}</div><p class="tl-source">{said["Source"]}: {sources} '
        f'<a href="{page}">{said["Figure, data and limits"]}: {chapter}</a></p></figure>\n')
    raise docutils_nodes.SkipNode


def drawings(payload: Mapping, studio: Studio, language: str = languages.ENGLISH) -> str:
    """The drawing for a page and that for a phone.

    Raises
    ------
    TranslationError
        A text of it is not in the language asked for.
    """
    found = {size: studio.lean(payload[size], f"{payload['id']}-{size}") for size in ("wide", "narrow")}
    if language != languages.ENGLISH:
        left = dict.fromkeys(text for svg in found.values() for text in languages.untranslated(svg))
        if left:
            raise languages.TranslationError(f"figure {payload['id']}: add to labels in book/{languages.FILE.name}, "
                                             f"for {language}: {'; '.join(left)}")
    return "".join(inline(svg, f"tl-{size}", payload["alt"]) for size, svg in found.items())


def depart_figure(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    HTML5Translator.depart_figure(self, node)


def html(payload: Mapping, drawn: str, menu: str, folder: str, data_page: str, meant: Mapping[str, str]) -> str:
    """The figure as HTML.

    Parameters
    ----------
    drawn : str
        See `drawings`.
    menu : str
        See `trilateral.publish.share.menu`.
    folder, data_page : str
        Where downloads and the descriptions of tables lie, seen from the page.
    meant : mapping of column to words
        See `trilateral.publish.columns.Columns.words`.
    """
    name = payload["id"]
    downloads = " ".join(f'<a href="{folder}/{name}{suffix}" download>{label}</a>'
                         for suffix, label in figure_files.OFFERED.items())
    note = f'<p class="tl-note"><b>What it cannot show.</b> {escaped(payload["note"])}</p>' if payload["note"] else ""
    return (
        f'<figure class="tl-figure" id="{name}" aria-labelledby="{name}-headline">'
        f'<figcaption><p class="tl-headline" id="{name}-headline">{escaped(payload["headline"])}</p>'
        f'<p class="tl-subtitle">{escaped(payload["subtitle"])}</p></figcaption>'
        f'<div class="tl-plot">{drawn}</div>'
        f"{credits(payload, data_page)}{note}"
        f'<div class="tl-tools"><button type="button" class="tl-explore" hidden data-figure="{name}" '
        f'data-script="{folder}/{name}.js">{_invitation(payload)}</button>'
        f'<a href="#{name}">Link<span class="tl-hidden"> to “{escaped(payload["headline"])}”</span></a>'
        f'<details class="tl-take"><summary>Download<span class="tl-hidden"> “{escaped(payload["headline"])}”</span></summary>'
        f"<p>{downloads}</p></details>{menu}{_table(payload, folder, meant)}</div></figure>\n")


def _invitation(payload: Mapping) -> str:
    """What the button says: a chart with sliders is there to be set."""
    adjustable = any("bind" in parameter for parameter in payload["wide"].get("params", ()))
    return "Change the settings" if adjustable else "Explore"


def credits(payload: Mapping, data_page: str) -> str:
    """Where the numbers come from. Several sources are named by their makers; editions and licenses are folded."""
    lines = dict.fromkeys(source["source_line"] for source in payload["sources"])
    in_full = _sources(payload, data_page)
    if len(lines) < 2:
        return f'<p class="tl-source">Source: {in_full}</p>'
    makers = "; ".join(dict.fromkeys(maker for source in payload["sources"] for maker in _makers(source)))
    return f'<details class="tl-source"><summary>Sources: {escaped(makers)}</summary><p>{in_full}</p></details>'


def _makers(source: Mapping) -> list[str]:
    """Names before the title in a source line, without a clause in lower case or brackets that hold a comma."""
    producer = source["source_line"].partition(f', {source["title"]} (')[0]
    return [re.sub(r", [a-z].*", "", name) for name in re.sub(r" \([^()]*,[^()]*\)", "", producer).split("; ")]


def _sources(payload: Mapping, data_page: str) -> str:
    lines: dict[str, str] = {}
    for source in payload["sources"]:
        text = escaped(source["source_line"])
        linked = data_page and source["table"]  # a figure of the book's own verdicts draws on no table
        lines.setdefault(text, f'<a href="{data_page}#{source["table"]}">{text}</a>' if linked else text)
    return "; ".join(lines.values())


def _table(payload: Mapping, folder: str, meant: Mapping[str, str]) -> str:
    header, *rows = csv.reader(io.StringIO(payload["csv"]))
    shown = rows if len(rows) <= MOST_ROWS else rows[:ROWS_SHOWN]
    given = dict(zip(header, zip(*shown, strict=True), strict=True))
    head = "".join(f'<th scope="col" title="{escaped(meant[name])}">{escaped(_head(name, meant[name], column))}</th>'
                   for name, column in given.items())
    columns = [_rounded(_in_words(meant[name], column), given.get("unit", ())) for name, column in given.items()]
    body = "".join(f'<tr>{"".join(cells)}</tr>' for cells in zip(*columns, strict=True))
    rest = (f'<p>The first {len(shown)} of {len(rows)} rows; <a href="{folder}/{payload["id"]}.csv" download>the CSV '
            "has all</a>.</p>" if len(rows) > len(shown) else "")
    return (f'<details class="tl-data"><summary>Data table</summary><div class="tl-scroll" tabindex="0" role="region" '
            f'aria-label="Data of “{escaped(payload["headline"])}”"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>{rest}</details>")


def _head(name: str, meant: str, column: Sequence[str]) -> str:
    """What stands above a column: its name, or its country's, and the unit of its numbers where the name does not say it."""
    if name == "iso3":
        return "country"
    parts = HEADS.get(name) or name.strip("_").replace("_", " ")
    words = " ".join(coverage.country_name(part) if part in COUNTRIES else part for part in parts.split())
    unit = UNIT.search(meant) if all(map(_is_number, column)) and _in_words(meant, column) is column else None
    if unit is None:
        return words
    first, _, rest = unit[1].partition(" ")
    said = rest if first in words.split() and first in ("million", "billion") else "" if first in words.split() else unit[1]
    return unit[1] if unit[1].startswith(words) else f"{words}, {said}" if said else words


def _in_words(meant: str, column: Sequence[str]) -> Sequence[str]:
    """Cells as a reader calls them: countries by their names, and yes or no. The CSV keeps codes and digits."""
    if CODES in meant:
        return [coverage.country_name(cell) for cell in column]
    if meant.startswith(YES) and set(column) <= {*ANSWERS, ""}:
        return [ANSWERS.get(cell, "") for cell in column]
    return column


def _rounded(column: Sequence[str], units: Sequence[str] = ()) -> list[str]:
    """Cells of a column; numbers, of each unit by themselves, with the decimals that give the largest three significant digits.

    Beside a column of units no rounding makes two numbers of a unit the same.
    """
    if not all(map(_is_number, column)):
        return [f"<td>{escape(cell)}</td>" for cell in column]
    if not any("." in cell for cell in column):
        return [f'<td class="n">{minus(cell)}</td>' for cell in column]
    kinds = list(units) or [""] * len(column)
    cells = {kind: {cell for cell, own in zip(column, kinds, strict=True) if cell and own == kind} for kind in kinds}
    decimals = {kind: _decimals(own, apart=bool(units)) for kind, own in cells.items()}
    return [f'<td class="n">{minus(f"{float(cell):.{decimals[kind]}f}") if cell else ""}</td>'
            for cell, kind in zip(column, kinds, strict=True)]


def _decimals(cells: set[str], apart: bool) -> int:
    """Decimals of the numbers of a unit; to tell them ``apart`` as many as that takes, and no more than they have."""
    numbers = set(map(float, cells))
    largest = max(map(abs, numbers), default=0)
    decimals = min(max(2 - math.floor(math.log10(largest)), 0), 4) if largest else 0
    if not apart:
        return decimals
    given = max((len(cell.partition(".")[2]) for cell in cells), default=0)
    return next((more for more in range(min(decimals, given), given)
                 if len({round(number, more) for number in numbers}) == len(numbers)), given)


def _is_number(text: str) -> bool:
    try:
        float(text or "0")
    except ValueError:
        return False
    return True

