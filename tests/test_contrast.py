"""What the drawings of the built book can be seen by, light and dark: marks at 3:1, words at 4.5:1 on what lies under them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import ImageFont
from test_charts import contrast

from trilateral.charts import palette
from trilateral.charts.session import FONTS
from trilateral.publish.lean import NOTHING, PIECE, PLACE, SVG, TAKES, relative

HTML = Path(__file__).parents[1] / "_build" / "html"
PAGES = sorted(HTML.glob("book/**/*.html"))
DRAWN = re.compile(r'<figure class="tl-figure" id="([a-z0-9-]+)"|<div class="tl-drawn tl-(wide|narrow)"[^>]*>(<svg.*?</svg>)', re.S)
MARK, WORD = 3, 4.5  # least contrast: WCAG 2.2, 1.4.11 and 1.4.3
BAND = 0.2  # opacity at most of an area that only accompanies a line or a point
GRID = {color.lower() for color in (palette.GRID[0], palette.SOFT[0], palette.GROUND[0])}
FAINT: dict[str, str] = {}  # figure: why some of its marks need not stand out

pytestmark = pytest.mark.skipif(not PAGES, reason="the book is not built: run make book before make test to look at its charts")


@dataclass
class Painted:
    """Something drawn: its color and opacity, the outlines that it fills, or the words and where they stand."""

    color: str
    opacity: float
    kind: str
    outlines: list[list[tuple[float, float]]] = field(default_factory=list)
    words: str = ""
    spots: list[tuple[float, float]] = field(default_factory=list)

    def covers(self, spot: tuple[float, float]) -> bool:
        """Whether a place lies inside, by the even-odd rule."""
        x, y = spot
        return sum((a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
                   for outline in self.outlines for a, b in pairwise([*outline, outline[0]])) % 2 == 1


def painted(svg: str) -> list[Painted]:
    """All that a drawing shows, in the order it is painted."""
    return list(_painted(ElementTree.fromstring(svg), 0, 0, {}))


def _painted(element: ElementTree.Element, x: float, y: float, above: Mapping[str, str]) -> Iterator[Painted]:
    known = {**above, **element.attrib}
    known["opacity"] = str(float(above.get("opacity", 1)) * float(element.get("opacity", 1)))
    turned = element.get("transform", "")
    if place := PLACE.match(turned):
        x, y = x + float(place[1]), y + float(place[2])
    tag = element.tag.removeprefix(SVG)
    if tag in ("svg", "g"):
        for child in element:
            yield from _painted(child, x, y, known)
    elif tag in ("path", "rect", "circle", "line"):
        outlines = list(_outlines(element.get("d", ""), x, y)) if "rotate" not in turned and "scale" not in turned else []
        for part, usual in (("fill", "#000000"), ("stroke", None)):
            color = known.get(part, usual)
            opacity = float(known["opacity"]) * float(known.get(f"{part}-opacity", 1))
            if color not in NOTHING and opacity and (part == "stroke" or tag != "line"):
                yield Painted(color.lower(), opacity, part, outlines if part == "fill" else [])
    elif tag == "text":
        yield _words(element, x, y, known, turned)
    else:
        assert tag in ("defs", "clipPath"), f"{tag} is not looked at"


def _outlines(d: str, x: float, y: float) -> Iterator[list[tuple[float, float]]]:
    """Corners of each part of a path; curves as straight lines."""
    for part in re.findall(r"M[^M]*", d):
        if found := relative(part):
            at = (x + found[0][0], y + found[0][1])
            corners = [at]
            pieces, number, letter = PIECE.findall(found[1]), 0, ""
            while number < len(pieces):
                if pieces[number][0]:
                    letter, number = pieces[number][0].upper(), number + 1
                values = [float(each) for _, each in pieces[number:number + TAKES[letter]]]
                number += TAKES[letter]
                step = {"H": [*values, 0], "V": [0, *values], "Z": [0, 0]}.get(letter) or values[-2:]
                at = (at[0] + step[0], at[1] + step[1])
                corners.append(at)
            yield corners


@lru_cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"source-sans-3-{weight}-normal.ttf"), size)


def _words(element: ElementTree.Element, x: float, y: float, known: Mapping[str, str], turned: str) -> Painted:
    said = "".join(element.itertext())
    size = float(known.get("font-size", "13px").removesuffix("px"))
    weight = {"bold": "700"}.get(known.get("font-weight", "400"), known.get("font-weight", "400")).replace("normal", "400")
    wide = _font(weight, 100).getlength(said) * size / 100
    left = x + float(element.get("x", 0)) - {"middle": wide / 2, "end": wide}.get(known.get("text-anchor"), 0)
    height = y + float(element.get("y", 0)) - 0.3 * size
    spots = [] if "rotate" in turned else [(left + share * wide, height) for share in (0.1, 0.5, 0.9)]
    return Painted(known.get("fill", "#000000").lower(), float(known["opacity"]), "word", words=said, spots=spots)


def drawings() -> Iterator[tuple[str, str, str]]:
    """Figure, width and drawing of all that the pages show, each once."""
    seen, figure = set(), ""
    for page in PAGES:
        for name, width, svg in DRAWN.findall(page.read_text(encoding="utf-8")):
            figure = name or figure
            if svg and (figure, width) not in seen:
                seen.add((figure, width))
                yield figure, width, svg


def blend(over: str, opacity: float, under: str) -> str:
    channels = [round(opacity * int(over[i:i + 2], 16) + (1 - opacity) * int(under[i:i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{each:02x}" for each in channels)


def faint(items: list[Painted], mode: int) -> Iterator[tuple[float, str]]:
    """Contrast and name of all marks and words below what they need."""
    ground, dark = palette.GROUND[mode], palette.pairs()
    shade = (lambda color: dark[color]) if mode else (lambda color: color)
    for number, item in enumerate(items):
        if item.kind == "word":
            for spot in item.spots:
                under = ground
                for lower in items[:number]:
                    if lower.kind == "fill" and lower.covers(spot):
                        under = blend(shade(lower.color), lower.opacity, under)
                seen = contrast(blend(shade(item.color), item.opacity, under), under)
                if seen < WORD:
                    yield seen, f"“{item.words}” {item.color} on {under}"
        elif item.color not in GRID and not (item.kind == "fill" and item.opacity <= BAND):
            seen = contrast(blend(shade(item.color), item.opacity, ground), ground)
            if seen < MARK:
                yield seen, f"{item.kind} {item.color} at {item.opacity:.2g}"


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_what_a_chart_draws_and_says_stands_out(mode):
    found, looked = defaultdict(set), set()
    for figure, width, svg in drawings():
        looked.add(figure)
        for seen, what in faint(painted(svg), mode):
            found[figure].add(f"{seen:.2f} {what}")
    assert looked
    assert {figure: sorted(found[figure]) for figure in found if figure not in FAINT} == {}
