"""The pictures of the PDF: charts drawn as SVG and images copied, named by their content."""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from trilateral.charts import WIDE
from trilateral.charts.theme import SVG_FONT
from trilateral.publish.drawing import Studio, size
from trilateral.publish.typst_writer import PrintError

FRAME = WIDE + 10  # px that fill the width of a page: a drawing and its padding, so that all have type of one size
FLATTEST = 270  # px of height up to which a wide chart keeps the whole width
SLIM = 360  # px of width of a narrow chart that leaves its words half of the page
STRETCH = 1.15  # height of a narrow chart by that of the wide one, up to which it takes the place of it
MOST_ROWS = 0.9  # share of the rows of the wide drawing that a narrow one must have to take its place
LEAST_APART = 5  # px between the estimates of a specification strip, below which its wide drawing is printed
TALLEST = 1.2  # height of a drawing by the width of a page, above which it would not fit with its caption


@dataclass(frozen=True)
class Picture:
    """A chart in its place.

    Attributes
    ----------
    path : str
        Where Typst sees it.
    share : float
        Share of the page's width it takes.
    beside : bool
        Whether it stands beside its words, not between them.
    """

    path: str
    share: float
    beside: bool = False


class Pictures:
    """What a Typst source folder holds of pictures.

    Parameters
    ----------
    folder : Path
        The source folder; paths given back are those Typst sees from there.
    studio : Studio
        Draws; keeps what the web book drew already.
    """

    def __init__(self, folder: Path, studio: Studio) -> None:
        self.folder, self.studio = folder, studio
        self.used: set[Path] = set()

    def chart(self, payload: Mapping) -> Picture:
        """Draw a figure's chart, narrow where that shows as much and its estimates stay apart.

        Raises
        ------
        PrintError
            The specification cannot be drawn.
        """
        wide = self._drawn(payload, "wide")
        width, height = size(wide)
        if height > FLATTEST and says_as_much(payload):
            narrow = self._drawn(payload, "narrow")
            slim, tall = size(narrow)
            if slim <= SLIM and tall <= STRETCH * height:
                return Picture(self._put(payload, narrow), slim / FRAME, beside=True)
        return Picture(self._put(payload, wide), min(1.0, width / FRAME, TALLEST * width / height))

    def _drawn(self, payload: Mapping, size: str) -> str:
        try:
            return self.studio.svg(payload[size], f"{payload['id']}-{size}")
        except ValueError as error:
            raise PrintError(f"figure {payload['id']}: its chart cannot be drawn: {error}") from error

    def _put(self, payload: Mapping, svg: str) -> str:
        # a drawing kept for pages leaves its typeface to the element it is put in
        svg = svg.replace("<svg ", f'<svg font-family="{escape(SVG_FONT, quote=False)}" ', 1)
        path = self._place("figures", f"{payload['id']}-{_digest(svg.encode())}.svg")
        path.write_text(svg, encoding="utf-8")
        return self._seen(path)

    def image(self, origin: Path) -> str:
        """Copy an image; returns where it is.

        Raises
        ------
        PrintError
            There is no such file.
        """
        if not origin.is_file():
            raise PrintError(f"the image {origin} does not exist")
        path = self._place("images", f"{_digest(origin.read_bytes())}{origin.suffix}")
        shutil.copyfile(origin, path)
        return self._seen(path)

    def forget_unused(self) -> None:
        """Remove the pictures of earlier builds."""
        for kind in ("figures", "images"):
            for path in (self.folder / kind).glob("*"):
                if path not in self.used:
                    path.unlink()

    def _place(self, kind: str, name: str) -> Path:
        path = self.folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.used.add(path)
        return path

    def _seen(self, path: Path) -> str:
        return "/" + path.relative_to(self.folder).as_posix()


def says_as_much(payload: Mapping) -> bool:
    """Whether a narrow drawing leaves hardly any data of the wide one out, crowds no estimates and turns no labels."""
    if "narrow" not in payload or turned(payload["narrow"]) > turned(payload["wide"]):
        return False
    return apart(payload["narrow"]) >= LEAST_APART and drawn_rows(payload["narrow"]) >= MOST_ROWS * drawn_rows(payload["wide"])


def turned(spec: Mapping) -> bool:
    """Whether labels of an axis are not level."""
    return re.search(r'"labelAngle": -?[1-9]', json.dumps(spec)) is not None


def apart(spec: Mapping) -> float:
    """Px between two estimates of a specification strip as drawn; infinite for every other chart."""
    for panel in spec.get("vconcat", ()):
        x = panel.get("encoding", {}).get("x", {})
        if x.get("field") == "rank" and "width" in panel:
            low, high = x["scale"]["domain"]
            return panel["width"] / (high - low)
    return math.inf


def drawn_rows(spec: Mapping) -> int:
    """Rows of all data sets of a Vega-Lite specification."""
    return sum(len(rows) for rows in spec.get("datasets", {}).values())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
