"""Draw figures without a browser: SVG for pages, SVG and PNG with their words for download."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from importlib.metadata import version
from pathlib import Path

import typst
from PIL import Image

from trilateral.charts import session
from trilateral.charts.palette import GROUND, INK, MUTED
from trilateral.charts.theme import SVG_FONT
from trilateral.publish import lean

_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_ARIA = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_INHERITED = f' font-family="{SVG_FONT}"'
_MARKS = re.compile(r' class="(?:mark-[^"]*|background|root|role-[^"]*)"')
_REFERENCE = re.compile(r'(?<=\bid=")[^"]+(?=")')
_ANY = "\ue000"  # of private use: what the ids of a kept drawing begin with, until a page gives it its name

_BEGUN: set[int] = set()


@lru_cache
def _tools() -> str:
    digest = hashlib.sha256((version("vl-convert-python") + session.VEGA_LITE).encode())
    for code in (__file__, lean.__file__):
        digest.update(Path(code).read_bytes())
    for path in sorted(session.FONTS.glob("*.ttf")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Studio:
    """Draws, and keeps what was drawn under the hash of its content.

    Parameters
    ----------
    folder : Path
        Where drawings are kept between builds.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _kept(self, kind: str, content: str, draw) -> bytes:
        name = hashlib.sha256(f"{_tools()}{kind}{content}".encode()).hexdigest()[:40]
        path = self.folder / f"{name}.{kind}"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            beside.write_bytes(draw())
            beside.replace(path)
        return path.read_bytes()

    def svg(self, spec: Mapping, prefix: str) -> str:
        """An SVG whose ids begin with `prefix`, without size, so that it fits its place."""
        content = json.dumps(spec, sort_keys=True)
        return self._kept("svg", content, lambda: tidy(_drawn(spec), _ANY).encode()).decode().replace(_ANY, prefix)

    def lean(self, spec: Mapping, prefix: str) -> str:
        """The same with fewer elements: see `trilateral.publish.lean`."""
        plain = self.svg(spec, _ANY)
        return self._kept("lean.svg", plain, lambda: lean.lean(plain).encode()).decode().replace(_ANY, prefix)

    def poster(self, payload: Mapping) -> str:
        """The wide drawing with headline, subtitle, note and source inside, for use elsewhere."""
        plain = self.svg(payload["wide"], f"{payload['id']}-poster")
        return poster(plain, payload["headline"], payload["subtitle"], payload["note"] or "", source_line(payload))

    def png(self, svg: str, scale: float = 2) -> bytes:
        return self._kept("png", f"{scale}{svg}", lambda: small(_painted(svg, scale)))


def begun() -> bool:
    """Whether this process has drawn or painted: a copy of it would wait for ever at its own first drawing."""
    return bool(_BEGUN)


def _drawn(spec: Mapping) -> str:
    _BEGUN.add(os.getpid())
    with _everywhere():
        return session.svg(dict(spec))


def _painted(svg: str, scale: float) -> bytes:
    """The drawing in pixels, as Typst paints it with the fonts of the book alone: vl-convert reads a font anew for every
    letter, and takes four times as long for the same pixels."""
    _BEGUN.add(os.getpid())
    width, height = size(svg)
    page = (f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
            '#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%)')
    return typst.compile(page.encode(), format="png", ppi=72 * scale, sys_inputs={"svg": svg}, font_paths=[session.FONTS],
                         ignore_system_fonts=True)


@contextmanager
def _everywhere() -> Iterator[None]:
    """While it lasts the machine is on UTC: Vega places dates by the time zone that it finds when it first draws."""
    own = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if own is not None:
            os.environ["TZ"] = own


def small(png: bytes) -> bytes:
    """The same picture with 256 colors at most, each off by one level of 255 at most: an eighth of the size."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    packed = io.BytesIO()
    image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()


def source_line(payload: Mapping) -> str:
    lines = dict.fromkeys(source["source_line"] for source in payload["sources"])
    return f"Source: {'; '.join(lines)}. The Trilateral Ledger."


def portable(payload: Mapping) -> dict:
    """The wide chart as a specification that carries headline, subtitle, note, source and alt text wherever it is drawn."""
    spec = payload["wide"]
    headline = textwrap.wrap(payload["headline"], 80)
    said = filter(None, (payload["subtitle"], payload["note"], source_line(payload)))
    below = [line for text in said for line in textwrap.wrap(text, 105)]
    title = {"text": headline, "subtitle": below, "anchor": "start", "frame": "group", "offset": 16}
    if "fit" in str(spec.get("autosize")) and isinstance(spec.get("height"), int | float):
        spec = spec | {"height": spec["height"] + 20 * len(headline) + 16 * len(below) + 16}
    return spec | {"title": title, "description": payload["alt"], "background": GROUND[0]}


def tidy(svg: str, prefix: str) -> str:
    """Shorten numbers, drop what only scripts use, and name ids after the figure, in the order they stand."""
    names: dict[str, str] = {}
    for name in _REFERENCE.findall(svg):
        names.setdefault(name, f"{prefix}-{len(names) + 1}")
    for name, new in names.items():
        svg = re.sub(rf'(\bid="|#){re.escape(name)}(?=["\')])', rf"\g<1>{new}", svg)
    svg = _NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), svg)
    return _MARKS.sub("", _ARIA.sub("", svg)).replace(_INHERITED, "")


def size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing, px."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    return float(box[1]), float(box[2])


def inline(svg: str, css_class: str, alt: str) -> str:
    """The drawing as part of a page: scales with its place, named for those who do not see it.

    Its frame has its height by itself.
    """
    width, height = size(svg)
    opening = re.match(r"<svg[^>]*>", svg)[0]
    box = re.search(r'viewBox="[^"]*"', opening)[0]
    return (f'<div class="tl-drawn {css_class}" style="max-width:{width:g}px;aspect-ratio:{width:g}/{height:g}">'
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{escape(alt)}" '
            f'font-family="{escape(SVG_FONT, quote=False)}">{svg[len(opening):]}</div>')


def poster(svg: str, headline: str, subtitle: str, note: str, source: str) -> str:
    """A drawing with its words, on white ground."""
    width, height = size(svg)
    width = max(width, 480)
    lines: list[str] = []
    y = 12.0

    def write(text: str, points: float, color: str, weight: int = 400) -> None:
        nonlocal y
        for line in textwrap.wrap(text, int(width / (points * 0.485))):
            y += points * 1.28
            lines.append(f'<text x="16" y="{y:.1f}" font-size="{points:g}" font-weight="{weight}" fill="{color}">'
                         f"{escape(line)}</text>")

    write(headline, 20, INK[0], 600)
    write(subtitle, 14, MUTED[0])
    top = y + 16
    y = top + height + 6
    for text in (note, source):
        write(text, 11.5, MUTED[0])
    inner = re.sub(r"<svg[^>]*>", f'<svg x="16" y="{top:.1f}" width="{size(svg)[0]:g}" height="{height:g}" '
                   f'viewBox="0 0 {size(svg)[0]:g} {height:g}">', svg, count=1)
    full_width, full_height = width + 32, y + 14
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{full_width:g}" height="{full_height:.0f}" '
            f'viewBox="0 0 {full_width:g} {full_height:.0f}" font-family="{escape(SVG_FONT, quote=False)}">'
            f'<rect width="100%" height="100%" fill="{GROUND[0]}"/>{"".join(lines)}{inner}</svg>')
