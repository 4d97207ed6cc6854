"""The figure contract: a finding, its chart, its numbers, and where they come from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair
import numpy as np
import pandas as pd

from trilateral import claims
from trilateral.charts import palette, session
from trilateral.charts.theme import HEIGHT, NARROW, WIDE

if TYPE_CHECKING:
    from trilateral.data import Table

MIME = "application/vnd.trilateral.figure+json"
HEADLINE_WORDS = 15
ALT_WORDS = (20, 80)
Drawing = altair.TopLevelMixin
_NEGATIVE = re.compile(r"(?<![^\s(“‘:])-(?=\d)")
_GENERATED = re.compile(r"\b(param|view|concat|layer)_(\d+)\b")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")


class FigureError(ValueError):
    """A figure breaks the contract; the message names the figure and what to change."""


@dataclass(frozen=True)
class Figure:
    """A finding: headline, chart for a page and for a phone, alt text, data and sources. See `figure`."""

    id: str
    headline: str
    subtitle: str
    alt: str
    wide: Mapping
    narrow: Mapping
    data: pd.DataFrame
    sources: Sequence[Mapping[str, str]]
    note: str = ""

    def to_dict(self) -> dict:
        """Plain data for every output format; the same figure gives the same bytes."""
        return {
            "id": self.id, "headline": self.headline, "subtitle": self.subtitle, "alt": self.alt,
            "note": self.note, "wide": self.wide, "narrow": self.narrow,
            "columns": [str(name) for name in self.data.columns],
            "csv": self.data.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", float_format=plain_number),
            "rows": len(self.data), "sources": [dict(source) for source in self.sources],
        }

    def source_line(self) -> str:
        """Producers, titles, vintages and licences of all tables, in one line."""
        return "; ".join(dict.fromkeys(source["source_line"] for source in self.sources))

    def __str__(self) -> str:
        return f"{self.headline}\n{self.subtitle}\n{self.alt}\nSource: {self.source_line()}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {MIME: self.to_dict(), "text/plain": str(self)}
        if not session.book_is_built():
            bundle["text/html"] = session.html(self)
        return bundle


def plain_number(value: float) -> str:
    """A number as downloads have it: six significant digits, whole numbers in full, no exponent."""
    if not np.isfinite(value):
        return str(value)
    return f"{value + 0:.0f}" if value == round(value) else np.format_float_positional(float(f"{value:.6g}"), trim="-")


def figure(id: str, headline: str, subtitle: str, chart: Drawing | Callable[[int], Drawing], *, alt: str,
           data: pd.DataFrame, tables: Sequence[Table], note: str = "") -> Figure:
    """Make a figure of a chart.

    Parameters
    ----------
    id : str
        Lower-case letters, digits and hyphens; stable, since it appears in urls.
    headline : str
        The finding, at most 15 words, its numbers computed.
    subtitle : str
        Measure, unit and period.
    chart : Altair chart or function
        A single or layered chart, sized by the book; or a function of the width in px (680 on a page, 330 on a
        phone) that returns any chart, which facets and concatenations must be.
    alt : str
        What the chart shows, 20-80 words with at least one value, for readers who do not see it.
    data : DataFrame
        What is drawn, one row an observation; offered as table and CSV.
    tables : sequence of Table
        The tables the data were computed from; source line and licence come from their sidecars.
    note : str
        What the chart cannot show; where the cells no longer show what it was written for, it says so first, as
        `trilateral.claims.as_written` words it.

    Raises
    ------
    FigureError
        One of these is missing, too long, too short, or drawn in a color that has no counterpart for dark pages.
    """
    headline, subtitle, alt, note = (signed(words) for words in (headline, subtitle, alt, note))
    _check_words(id, headline, subtitle, alt)
    if not isinstance(data, pd.DataFrame) or data.empty:
        raise FigureError(f"figure {id}: `data` must be a DataFrame with at least one row, what the chart draws")
    if not tables:
        raise FigureError(f"figure {id}: name in `tables` the tables it was computed from")
    wide, narrow = (_specification(id, chart, width) for width in (WIDE, NARROW))
    if note and (written := claims.as_written([table.name for table in tables])):
        note = f"Note, {written}: {note}"
    return Figure(id, headline, subtitle, alt, wide, narrow, data, tuple(_source(table) for table in tables), note)


def signed(words: str) -> str:
    """Words in which each negative number has a true minus sign; hyphens within words and between years stay."""
    return _NEGATIVE.sub("−", words)


def _check_words(id: str, headline: str, subtitle: str, alt: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id):
        raise FigureError(f"figure {id!r}: an id has lower-case letters, digits and single hyphens")
    if not headline.strip() or len(headline.split()) > HEADLINE_WORDS:
        raise FigureError(f"figure {id}: the headline has {len(headline.split())} words; it needs 1 to "
                          f"{HEADLINE_WORDS}: {headline!r}")
    if not subtitle.strip():
        raise FigureError(f"figure {id}: the subtitle is empty; give measure, unit and period")
    least, most = ALT_WORDS
    if not least <= len(alt.split()) <= most:
        raise FigureError(f"figure {id}: the alt text has {len(alt.split())} words; it needs {least} to {most}")
    if not re.search(r"\d", alt):
        raise FigureError(f"figure {id}: the alt text names no value; give at least one computed number")


def _specification(id: str, chart: Drawing | Callable[[int], Drawing], width: int) -> dict:
    from_function = callable(chart) and not isinstance(chart, altair.TopLevelMixin)
    drawn = chart(width) if from_function else chart
    if not isinstance(drawn, altair.TopLevelMixin):
        raise FigureError(f"figure {id}: expected an Altair chart, found {type(drawn).__name__}")
    single = isinstance(drawn, (altair.Chart, altair.LayerChart)) and not _is_faceted(drawn)
    if not single and not from_function:
        raise FigureError(f"figure {id}: a facet or concatenation must be a function of the width in px, so that it "
                          "can be arranged for a phone too: figure(..., lambda width: ...)")
    if single and drawn._get("width", altair.Undefined) is altair.Undefined:
        drawn = drawn.properties(width=width, autosize=altair.AutoSizeParams(type="fit", contains="padding"))
    if single and drawn._get("height", altair.Undefined) is altair.Undefined:
        drawn = drawn.properties(height=HEIGHT[width])
    spec = drawn.to_dict()
    spec.setdefault("padding", {"left": 2, "right": 8, "top": 6, "bottom": 2})
    spec = _renumbered(spec)
    _check_colors(id, spec)
    return spec


def _is_faceted(chart: Drawing) -> bool:
    encoding = chart._get("encoding", altair.Undefined)
    return encoding is not altair.Undefined and any(
        encoding._get(channel, altair.Undefined) is not altair.Undefined for channel in ("row", "column", "facet"))


def _renumbered(spec: dict) -> dict:
    """Names Altair counts up over a session, counted anew in each chart, so that a chart is the same bytes anywhere."""
    datasets = spec.pop("datasets", {})
    seen: dict[str, str] = {}

    def rename(match: re.Match) -> str:
        kind = match.group(1)
        count = 1 + sum(name.startswith(kind + "_") for name in seen)
        return seen.setdefault(match.group(0), f"{kind}_{count}")

    spec = json.loads(_GENERATED.sub(rename, json.dumps(spec, ensure_ascii=False)))
    return spec | {"datasets": datasets} if datasets else spec


def _check_colors(id: str, spec: Mapping) -> None:
    drawn = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    unknown = {color.lower() for color in _HEX.findall(drawn)} - set(palette.pairs())
    if unknown:
        raise FigureError(f"figure {id}: {', '.join(sorted(unknown))} has no counterpart for dark pages; use "
                          "country_color, verdict_color or INK, MUTED, CONTEXT, GRID, SOFT of trilateral.charts")


def _source(table: Table) -> dict[str, str]:
    """What the figure says of one of its tables; every sidecar has these entries."""
    meta = table.meta
    return {"table": table.name, "producer": meta["producer"], "title": meta["title"], "vintage": meta["vintage"],
            "licence": meta["licence"]["name"], "citation": table.citation(), "source_line": table.source_line()}
