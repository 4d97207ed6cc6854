"""The charts of the built book: what they draw and say stands out, light and dark, and an axis has one pair of ends.

No words stand on others, and none are cut short.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest
import vl_convert
from PIL import ImageFont
from test_charts import contrast

from trilateral.charts import palette, session
from trilateral.publish.lean import NOTHING, PIECE, PLACE, SVG, TAKES, relative

HTML = Path(__file__).parents[1] / "_build" / "html"
PAGES = sorted(HTML.glob("book/**/*.html"))
DRAWN = re.compile(r'<figure class="tl-figure[^>]*aria-labelledby="([a-z0-9-]+)-headline"'
                   r'|<div class="tl-drawn tl-(?:wide|narrow)"[^>]*>(<svg.*?</svg>)', re.S)
MARK, WORD = 3, 4.5  # least contrast: WCAG 2.2, 1.4.11 and 1.4.3
XHEIGHT = 0.5  # height of small letters by the size of the type
BAND = 0.2  # opacity of an area that lies around a line, or has an outline, which are measured
GRID, SOFT, GROUND = (color[0] for color in (palette.GRID, palette.SOFT, palette.GROUND))
BACKDROPS = {  # fills in the colors of grids, and why they need not stand out
    "content-and-purpose": "outlined, with their number inside",
    "five-shocks": "months of the shock, shaded behind the lines and named beside them",
    "history-shocks": "outlined",
    "verdicts-moved": "cells of a table, with their number inside",
    "weights": "outlined, and what is left of 100 percent",
}

pytestmark = pytest.mark.skipif(not PAGES, reason="the book is not built: run make book before make test to look at its charts")


@dataclass
class Painted:
    """Something drawn: its color and opacity, the outlines that it fills, or the words and where they stand."""

    kind: str
    color: str
    opacity: float
    outlines: list[list[tuple[float, float]]] = field(default_factory=list)
    words: str = ""
    spots: list[tuple[float, float]] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None  # left, top, right and low end of a level line of words

    def covers(self, spot: tuple[float, float]) -> bool:
        """Whether a place lies inside, by the even-odd rule."""
        x, y = spot
        return sum((a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
                   for outline in self.outlines for a, b in pairwise([*outline, outline[0]])) % 2 == 1


def painted(element: ElementTree.Element, x: float = 0, y: float = 0, above: Mapping[str, str] | None = None
            ) -> Iterator[Painted]:
    """All that a drawing shows, in the order it is painted."""
    above = above or {}
    known = {**above, **element.attrib}
    known["opacity"] = str(float(above.get("opacity", 1)) * float(element.get("opacity", 1)))
    turned = element.get("transform", "")
    if place := PLACE.match(turned):
        x, y = x + float(place[1]), y + float(place[2])
    level = not re.search("rotate|scale", turned)
    tag = element.tag.removeprefix(SVG)
    if tag in ("svg", "g"):
        for child in element:
            yield from painted(child, x, y, known)
    elif tag in ("path", "line"):
        for part, usual in (("fill", "#000000" if tag == "path" else None), ("stroke", None)):
            color, opacity = known.get(part, usual), float(known["opacity"]) * float(known.get(f"{part}-opacity", 1))
            if color not in NOTHING and opacity:
                yield Painted(part, color.lower(), opacity,
                              list(outlines(element.get("d", ""), x, y)) if part == "fill" and level else [])
    elif tag == "text" and known.get("stroke") in NOTHING:  # with a stroke it is the ground around the same words
        yield words(element, x, y, known, level)
    else:
        assert tag in ("defs", "clipPath", "text"), f"{tag}: an element that is not measured"


def outlines(d: str, x: float, y: float) -> Iterator[list[tuple[float, float]]]:
    """Corners of each part of a path; curves as straight lines."""
    for part in re.findall(r"M[^M]*", d):
        if found := relative(part):
            corners = [(x + found[0][0], y + found[0][1])]
            pieces, number, letter = PIECE.findall(found[1]), 0, ""
            while number < len(pieces):
                if pieces[number][0]:
                    letter, number = pieces[number][0].upper(), number + 1
                values = [float(each) for _, each in pieces[number:number + TAKES[letter]]]
                number += TAKES[letter]
                right, down = {"H": [*values, 0], "V": [0, *values], "Z": [0, 0]}.get(letter) or values[-2:]
                corners.append((corners[-1][0] + right, corners[-1][1] + down))
            yield corners


@lru_cache
def font(weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(session.FONTS / f"source-sans-3-{weight}-normal.ttf"), 100)


def words(element: ElementTree.Element, x: float, y: float, known: Mapping[str, str], level: bool) -> Painted:
    said = "".join(element.itertext())
    size = float(known["font-size"].removesuffix("px"))
    weight = {"bold": "700", "normal": "400"}.get(given := known.get("font-weight", "400"), given)
    wide = font(weight).getlength(said) * size / 100
    left = x + float(element.get("x", 0)) - {"middle": wide / 2, "end": wide}.get(known.get("text-anchor"), 0)
    middle = y + float(element.get("y", 0)) - 0.3 * size
    half, lines = XHEIGHT * size / 2, len(element)
    return Painted("word", known["fill"].lower(), float(known["opacity"]), words=said,
                   spots=[(left + share * wide, middle) for share in (0.1, 0.5, 0.9)] if level else [],
                   box=(left, middle - half, left + wide, middle + half) if level and not lines else None)


def drawings() -> Iterator[tuple[str, str]]:
    """Figure and drawing of all that the pages show."""
    for page in PAGES:
        figure = ""
        for name, svg in DRAWN.findall(page.read_text(encoding="utf-8")):
            figure = name or figure
            if svg:
                yield figure, svg


def blend(over: str, opacity: float, under: str) -> str:
    channels = [round(opacity * int(over[i:i + 2], 16) + (1 - opacity) * int(under[i:i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{each:02x}" for each in channels)


def faint(figure: str, items: list[Painted], mode: int) -> Iterator[str]:
    """Marks and words that stand out less than they need to."""
    ground, shade = palette.GROUND[mode], {light: (light, dark)[mode] for light, dark in palette.pairs().items()}
    for number, item in enumerate(items):
        if item.kind == "word":
            for spot in item.spots:
                under = ground
                for lower in items[:number]:
                    if lower.kind == "fill" and lower.covers(spot):
                        under = blend(shade[lower.color], lower.opacity, under)
                seen = contrast(blend(shade[item.color], item.opacity, under), under)
                if seen < WORD:
                    yield f"{seen:.2f} “{item.words}” {item.color} on {under}"
        elif not (item.color == GROUND or (item.kind == "stroke" and item.color == GRID)
                  or (item.kind == "fill" and (item.opacity <= BAND or (item.color in (GRID, SOFT) and figure in BACKDROPS)))):
            seen = contrast(blend(shade[item.color], item.opacity, ground), ground)
            if seen < MARK:
                yield f"{seen:.2f} {item.kind} {item.color} at {item.opacity:.2g}"


@pytest.fixture(scope="module")
def shown():
    return [(figure, list(painted(ElementTree.fromstring(svg)))) for figure, svg in drawings()]


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_what_a_chart_draws_and_says_stands_out(shown, mode):
    found = defaultdict(set)
    for figure, items in shown:
        for each in faint(figure, items, mode):
            found[figure].add(each)
    assert shown and dict(found) == {}


def test_no_figure_is_let_off_for_a_fill_that_it_does_not_have(shown):
    filled = {figure for figure, items in shown for item in items if item.kind == "fill" and item.color in (GRID, SOFT)}
    assert set(BACKDROPS) == filled


def cut_short(items: list[Painted]) -> Iterator[str]:
    """Words that Vega cut where their room ends."""
    return (item.words for item in items if item.kind == "word" and "…" in item.words)


def test_no_words_of_a_chart_are_cut_short(shown):
    found = defaultdict(set)
    for figure, items in shown:
        found[figure] |= set(cut_short(items))
    assert shown and {figure: words for figure, words in found.items() if words} == {}


def test_words_that_are_cut_short_are_found():
    rows = alt.Chart(pd.DataFrame({"source": ["World Health Organization", "WHO"]})).mark_point().encode(
        y=alt.Y("source:N", axis=alt.Axis(labelLimit=90)))
    found = list(cut_short(list(painted(ElementTree.fromstring(session.svg(rows.to_dict()))))))
    assert [words.rstrip("…") for words in found] == ["World Health "]


def on_each_other(items: list[Painted]) -> Iterator[str]:
    """Pairs of words that share more than a pixel of ground."""
    for one, other in combinations([item for item in items if item.box and item.words.strip() and item.opacity], 2):
        right, low = (min(one.box[end], other.box[end]) for end in (2, 3))
        left, top = (max(one.box[end], other.box[end]) for end in (0, 1))
        if right - left > 1 and low - top > 1:
            yield f"{one.words} / {other.words}"


def test_no_words_of_a_chart_stand_on_others(shown):
    found = defaultdict(set)
    for figure, items in shown:
        for pair in on_each_other(items):
            found[figure].add(pair)
    assert shown and dict(found) == {}


def test_words_on_each_other_are_found():
    items = list(painted(ElementTree.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg"><g font-size="10px" fill="#1c2026"><text x="5" y="14">2019, 2021</text>'
        '<text x="40" y="17">2020</text><text x="5" y="40">2016</text></g></svg>')))
    assert list(on_each_other(items)) == ["2019, 2021 / 2020"]


@pytest.mark.parametrize(("drawn", "said"), [
    ('<path d="M0,0h9v9h-9z" fill="#8b939d" opacity="0.6"/>', ["1.87 fill #8b939d at 0.6"]),
    ('<g opacity="0.5"><path d="M0,0h9" fill="none" stroke="#2b8288" stroke-opacity="0.5"/></g>',
     ["1.38 stroke #2b8288 at 0.25"]),
    ('<path d="M0,0h90v20h-90z" fill="#59616b"/><text x="5" y="14" font-size="10px" fill="#1c2026">26</text>',
     ["2.61 “26” #1c2026 on #59616b"]),
    ('<path d="M0,0h90v20h-90z" fill="#59616b"/><text x="95" y="14" font-size="10px" fill="#1c2026">26</text>', []),
    ('<path d="M0,0h9v9h-9z" fill="#8b939d" fill-opacity="0.15" stroke="#8b939d"/>', []),
])
def test_the_measure_finds_what_is_hard_to_see(drawn, said):
    items = list(painted(ElementTree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>')))
    assert list(dict.fromkeys(faint("toy", items, 0))) == said


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_the_dots_of_the_front_picture_stand_out(mode):
    style = (Path(__file__).parents[1] / "book" / "_static" / "ledger.css").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\.(?:dots|leaders) \{ stroke: var\(--([a-z]+)\)", style))
    colors = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})\b", style.split("--ground:")[1 + mode]))
    assert drawn == {"edge", "link"}
    assert min(contrast(colors[name], palette.GROUND[mode]) for name in drawn) >= MARK


def warnings_of(spec: Mapping) -> str:
    """What Vega-Lite complains of; its converter writes that to the process's own error stream."""
    with tempfile.TemporaryFile() as caught:
        own = os.dup(2)
        os.dup2(caught.fileno(), 2)
        try:
            vl_convert.vegalite_to_vega(dict(spec), vl_version=session.VEGA_LITE, show_warnings=True)
        finally:
            os.dup2(own, 2)
            os.close(own)
        caught.seek(0)
        return caught.read().decode()


def test_each_line_of_recorded_trade_is_named_at_its_own_end_by_its_own_dash():
    drawn = json.loads((HTML / "figures" / "economic-statecraft" / "listings-and-trade.vl.json").read_text())
    layers = drawn["vconcat"][1]["layer"]
    dashes = next(layer["encoding"]["strokeDash"]["scale"] for layer in layers if "strokeDash" in layer.get("encoding", {}))
    names = [layer for layer in layers if layer.get("mark", {}).get("type") == "text"]
    assert dashes["domain"] == ["KOTRA", "GAC"] and [len(names), dashes["range"][0]] == [2, [1, 0]]
    for name, words in zip(names, ("KOTRA (solid)", "GAC (dashed)"), strict=True):
        assert name["encoding"]["text"]["value"] == words and words.split()[0] in str(name["transform"])
        assert [name["encoding"][axis]["field"] for axis in "xy"] == ["day", "total"]


def test_no_axis_of_an_explored_chart_has_two_ends_to_choose_from():
    said, files = {}, sorted(HTML.glob("figures/*/*.js"))
    for path in files:
        specs = json.loads(path.read_text(encoding="utf-8").partition("]=")[2].rstrip().rstrip(";"))
        for width in ("wide", "narrow"):
            if "Conflicting scale" in (warning := warnings_of(specs[width])):
                said[f"{path.stem} {width}"] = warning
    assert files and said == {}


def test_the_reading_that_a_rule_asks_for_lies_over_the_others():
    chart = json.loads((HTML / "figures" / "durability" / "content-and-purpose.vl.json").read_text(encoding="utf-8"))
    points = [layer["mark"] for layer in chart["vconcat"][-1]["layer"] if layer["mark"]["type"] == "point"]
    assert [mark["fill"] for mark in points] == [palette.GROUND[0], palette.INK[0]]
