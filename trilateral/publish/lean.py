"""A drawing with the fewest elements that look the same: what a phone need not read, style and lay out.

Vega draws a group around every axis and mark, an unseen path under and over each, and a line for every tick. On a page that is
nine tenths of the elements. Here groups are dissolved into the places of what they hold, and marks alike that do not touch
become one path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
PLACE = re.compile(r"translate\((-?[\d.e-]+),(-?[\d.e-]+)\)")
PIECE = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
TAKES = {"M": 2, "L": 2, "C": 6, "A": 7, "H": 1, "V": 1, "Z": 0}
NOTHING = {None, "none", "transparent"}
USUAL = {"opacity": "1", "stroke-width": "1", "text-anchor": "start", "font-weight": "normal", "fill-opacity": "1",
         "stroke-opacity": "1"}
OF_STROKES = ("stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-dashoffset")
WIDEST_LETTER, TALLEST_LETTER = 0.75, 1.6  # of the size of the letters, for the room that a text may take

Box = tuple[float, float, float, float]
EVERYWHERE: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))


@dataclass
class Mark:
    """Something drawn: its attributes, where it starts, and the room it takes.

    ``path``: its outline from there on, in steps; None where `element` is kept as it is.
    """

    attributes: dict[str, str]
    x: float
    y: float
    room: Box
    path: str | None = None
    element: ElementTree.Element | None = None

    def outline(self) -> str:
        return f"M{_short(self.x)},{_short(self.y)}{self.path}"


def lean(svg: str) -> str:
    """The same picture with fewer elements.

    Parameters
    ----------
    svg : str
        A drawing by Vega. Groups with attributes of their own other than a place stay, and so does what is no path, line or
        text.
    """
    ElementTree.register_namespace("", SVG.strip("{}"))
    root = ElementTree.fromstring(svg)
    _thin(root, {})
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


def _thin(group: ElementTree.Element, inherited: Mapping[str, str]) -> None:
    """Put the marks of a group that stays in place of what it held."""
    known = inherited | group.attrib
    marks = _merged(list(_marks(group, 0, 0, known)))
    for child in list(group):
        group.remove(child)
    group.extend(marks)


def _marks(group: ElementTree.Element, x: float, y: float, known: Mapping[str, str]) -> Iterator[Mark]:
    for child in group:
        place = _place(child.get("transform"))
        tag = child.tag.removeprefix(SVG)
        if child.get("display") == "none" or child.get("opacity") == "0":
            continue
        if tag == "g" and place and not set(child.attrib) - {"transform", "pointer-events"}:
            yield from _marks(child, x + place[0], y + place[1], known)
        elif tag in ("path", "line") and place:
            if mark := _outlined(child, tag, x + place[0], y + place[1], known):
                yield mark
        elif tag == "text" and place:
            yield _text(child, x + place[0], y + place[1])
        else:
            if tag == "g":
                _thin(child, known)
            if x or y:
                child.set("transform", f"translate({_short(x)},{_short(y)}){child.get('transform', '')}")
            yield Mark({}, x, y, EVERYWHERE, element=child)


def _place(transform: str | None) -> tuple[float, float] | None:
    """Where an element is moved to; None where it is more than moved."""
    if not transform:
        return 0.0, 0.0
    found = PLACE.fullmatch(transform)
    return (float(found[1]), float(found[2])) if found else None


def _outlined(element: ElementTree.Element, tag: str, x: float, y: float, known: Mapping[str, str]) -> Mark | None:
    given = {name: value for name, value in element.attrib.items()
             if name not in ("transform", "pointer-events", "d", "x1", "x2", "y1", "y2")
             and (USUAL.get(name) != value or name in known)}
    stroked = (given.get("stroke") or known.get("stroke")) not in NOTHING
    inside = tag != "line" and given.get("fill-opacity") != "0"
    filled = inside and (given.get("fill") or known.get("fill", "black")) not in NOTHING
    if not (stroked or filled):
        return None
    if not stroked:
        given = {name: value for name, value in given.items() if name not in OF_STROKES}
    if tag == "line":
        ends = [float(element.get(name, 0)) for name in ("x1", "y1", "x2", "y2")]
        right, down = ends[2] - ends[0], ends[3] - ends[1]
        step = f"h{_short(right)}" if not down else f"v{_short(down)}" if not right else f"l{_short(right)},{_short(down)}"
        start, steps, reach = (ends[0], ends[1]), step, (min(right, 0), min(down, 0), max(right, 0), max(down, 0))
    else:
        if not (found := relative(element.get("d", ""))):
            return None
        start, steps, reach = found
    x, y = x + start[0], y + start[1]
    edge = float(given.get("stroke-width", known.get("stroke-width", 1))) / 2 if stroked else 0
    return Mark(given, x, y, (x + reach[0] - edge, y + reach[1] - edge, x + reach[2] + edge, y + reach[3] + edge), path=steps)


def relative(d: str) -> tuple[tuple[float, float], str, Box] | None:
    """An outline as its start, the steps from there, and how far they reach; None for one without steps.

    Curves reach as far as their control points, arcs as far as their radii.
    """
    pieces = [(letter, number) for letter, number in PIECE.findall(d)]
    start = at = first = (0.0, 0.0)
    steps, reach, number, letter = [], [0.0, 0.0, 0.0, 0.0], 0, ""
    while number < len(pieces):
        if pieces[number][0]:
            letter, number = pieces[number][0], number + 1
        kind = letter.upper()
        values = [float(each) for _, each in pieces[number:number + TAKES[kind]]]
        number += TAKES[kind]
        own = letter.islower()
        if kind == "Z":
            steps.append("z")
            at = first
            continue
        if kind in "HV":
            far = values[0] - (0 if own else at["HV".index(kind)])
            steps.append(f"{kind.lower()}{_short(far)}")
            at = (at[0] + far, at[1]) if kind == "H" else (at[0], at[1] + far)
            points = [at]
        else:
            pairs = values[-2:] if kind == "A" else values
            moved = [value - (0 if own else at[place % 2]) for place, value in enumerate(pairs)]
            points = [(at[0] + right, at[1] + down) for right, down in zip(moved[::2], moved[1::2], strict=True)]
            if kind == "A":
                radius = max(values[:2])
                points += [(point[0] + right, point[1] + down) for point in (at, points[-1]) for right in (-radius, radius)
                           for down in (-radius, radius)]
                moved = [*values[:5], *moved]
            if kind == "M":
                first = points[0]
                if not steps and start == (0.0, 0.0) and at == start:
                    start = at = first
                    letter = "l" if own else "L"
                    continue
                letter = "l" if own else "L"
            steps.append(f"{kind.lower()}{','.join(map(_short, moved))}")
            at = points[len(pairs) // 2 - 1]
        for right, down in points:
            reach = [min(reach[0], right - start[0]), min(reach[1], down - start[1]),
                     max(reach[2], right - start[0]), max(reach[3], down - start[1])]
    return (start, "".join(steps), tuple(reach)) if steps else None


def _text(element: ElementTree.Element, x: float, y: float) -> Mark:
    for name in ("transform", "pointer-events"):
        element.attrib.pop(name, None)
    for name, value in USUAL.items():
        if element.get(name) == value:
            del element.attrib[name]
    size = float(element.get("font-size", "16px").removesuffix("px"))
    said = "".join(element.itertext())
    wide, tall = size * len(said) * WIDEST_LETTER, size * TALLEST_LETTER
    if len(element):  # lines have places of their own, counted from here
        element.set("transform", f"translate({_short(x)},{_short(y)})")
        return Mark({}, x, y, EVERYWHERE, element=element)
    element.set("x", _short(x))
    element.set("y", _short(y))
    return Mark({}, x, y, (x - wide, y - tall, x + wide, y + tall), element=element)


def _merged(marks: list[Mark]) -> list[ElementTree.Element]:
    """Marks in the order they are painted; one joins an earlier one like it where it touches nothing painted since."""
    heaps: list[list[Mark]] = []
    for mark in marks:
        home = None
        if mark.path is not None:
            for heap in reversed(heaps):
                if any(_touch(mark.room, other.room) for other in heap):
                    break
                if heap[0].path is not None and heap[0].attributes == mark.attributes:
                    home = heap
                    break
        if home is None:
            heaps.append([mark])
        else:
            home.append(mark)
    return [_element(heap) for heap in heaps]


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _element(heap: list[Mark]) -> ElementTree.Element:
    if heap[0].element is not None:
        heap[0].element.tail = None
        return heap[0].element
    return ElementTree.Element(f"{SVG}path", {"d": "".join(mark.outline() for mark in heap)} | heap[0].attributes)


def _short(number: float) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
