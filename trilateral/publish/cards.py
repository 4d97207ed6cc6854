"""Cards that other sites show with a link to a page: its main figure, what it finds, and the verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from PIL import ImageFont

from trilateral.charts import session
from trilateral.charts.palette import CONTEXT, GROUND, INK, MUTED, VERDICT_SHAPES, VERDICTS
from trilateral.charts.theme import SVG_FONT
from trilateral.publish import languages
from trilateral.publish.drawing import size
from trilateral.publish.words import ORDER, tallied

WIDTH, HEIGHT = 1200, 630
EDGE = 56
TEXT = 520  # px, width of the words
PICTURE = (556, 518)  # px, room of the drawing
ACROSS = 12  # marks in a row of the card of the whole book
SIZES = (56, 50, 45, 40, 36, 32)  # px, of the headline
SAYS = 23  # px, of what is drawn, below it
BESIDE = 18  # px between headline, what is drawn and verdicts
LEADING = 1.16, 1.25  # of the two
SERIF = "'Source Serif 4', serif"
FACES = {SERIF: "source-serif-4-600-normal.ttf", SVG_FONT: "source-sans-3-600-normal.ttf",
         "Noto Sans CJK JP": "noto-sans-jp-700.otf", "Noto Sans CJK KR": "noto-sans-kr-700.otf"}
LETTERS = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR"}  # of languages that the book's own typefaces cannot write
LATIN = re.compile(r"[ -~]+")
CLAIMS = "{claims} claims of two policy briefs, tested one by one"
MAY_BREAK = "|"  # in a translation, where a line may end in a language without spaces


def chapter(book: str, title: str, payload: Mapping, drawings: Iterable[str], entries: Iterable[Mapping]) -> str:
    """The card of a page with a figure, as SVG.

    Parameters
    ----------
    payload : mapping
        See `trilateral.charts.Figure.to_dict`.
    drawings : iterable of str
        Its drawings as SVG; the one with the largest letters on the card is taken.
    entries : iterable of mapping
        Those of the ledger that the page judges.
    """
    scale, drawn = larger(drawings)
    width, height = size(drawn)
    left = WIDTH - EDGE / 2 - (PICTURE[0] + width * scale) / 2
    inner = re.sub(r"<svg[^>]*>", f'<svg x="{left:.1f}" y="{(HEIGHT - height * scale) / 2:.1f}" '
                   f'width="{width * scale:.1f}" height="{height * scale:.1f}" viewBox="0 0 {width:g} {height:g}">', drawn,
                   count=1)
    return _card(book, title, payload["headline"], entries, f'<g font-family="{escape(SVG_FONT, quote=False)}">{inner}</g>',
                 subtitle=payload["subtitle"])


def larger(drawings: Iterable[str]) -> tuple[float, str]:
    """The drawing that has the largest letters on a card, after how many times as large as by itself it stands there."""
    return max(((min(PICTURE[0] / size(svg)[0], PICTURE[1] / size(svg)[1]), svg) for svg in drawings),
               key=lambda each: each[0])


def whole(book: str, entries: list[Mapping], language: str = languages.ENGLISH) -> str:
    """The card of the whole book: every claim as a mark, by its verdict now."""
    ranked = sorted((entry["now"]["verdict"] for entry in entries), key=ORDER.index)
    step = PICTURE[0] / ACROSS
    top = (HEIGHT - step * (len(ranked) / ACROSS)) / 2
    marks = "".join(_mark(verdict, WIDTH - EDGE - PICTURE[0] + step * (at % ACROSS), top + step * (at // ACROSS), step / 22)
                    for at, verdict in enumerate(ranked))
    headline = languages.word(CLAIMS, language).format(claims=len(entries))
    return _card(book, "", headline, entries, marks, language)


def _card(book: str, title: str, headline: str, entries: Iterable[Mapping], picture: str,
          language: str = languages.ENGLISH, subtitle: str = "") -> str:
    face = LETTERS.get(language, SERIF)
    words = "".join([_line(book, SVG_FONT, 26, EDGE + 22, MUTED[0]), _line(title, SVG_FONT, 30, EDGE + 66, INK[0])])
    legend, rule = _legend(entries, language)
    top = EDGE + (100 if title else 60)
    lines, points, says = _fitted(headline, face, subtitle, rule - BESIDE - top)
    words += "".join(_line(line, face, points, top + points * (0.9 + LEADING[0] * at), INK[0]) for at, line in enumerate(lines))
    below = top + len(lines) * points * LEADING[0] + BESIDE
    words += "".join(_line(line, SVG_FONT, SAYS, below + SAYS * (0.9 + LEADING[1] * at), MUTED[0])
                     for at, line in enumerate(says))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
            f'<rect width="100%" height="100%" fill="{GROUND[0]}"/><rect width="100%" height="10" fill="{INK[0]}"/>'
            f"{picture}{words}{legend}</svg>")


def _fitted(headline: str, face: str, subtitle: str, room: float) -> tuple[list[str], int, list[str]]:
    """Lines and size of a headline, and lines of as much of the subtitle as has room below; its last clauses give way."""
    clauses = subtitle.split("; ")
    for kept in range(len(clauses), -1, -1):
        says = wrapped("; ".join(clauses[:kept]), SVG_FONT, SAYS, TEXT)
        left = room - (BESIDE + len(says) * SAYS * LEADING[1] if says else 0)
        for points in SIZES:
            lines = wrapped(headline, face, points, TEXT)
            if len(lines) * points * LEADING[0] <= left:
                return lines, points, says
    return lines, points, []


def _line(text: str, face: str, points: float, y: float, color: str) -> str:
    return (f'<text x="{EDGE}" y="{y:.1f}" font-family="{escape(face, quote=False)}" font-size="{points:g}" font-weight="600" '
            f'fill="{color}">{_set(text, face)}</text>')


def _set(text: str, face: str) -> str:
    """Words in a typeface; figures and spaces, which that of another script lacks, in the one of the charts."""
    if face not in LETTERS.values():
        return escape(text)
    return LATIN.sub(lambda run: f'<tspan xml:space="preserve" font-family="{escape(SVG_FONT, quote=False)}">{run[0]}</tspan>',
                     escape(text))


def _legend(entries: Iterable[Mapping], language: str) -> tuple[str, float]:
    """The verdicts now with their numbers, in lines from the foot of the card up, and where they begin."""
    face = LETTERS.get(language, SVG_FONT)
    rows: list[list[tuple[str, str, float]]] = [[]]
    for verdict, words in tallied(entries, language).items():
        wide = 34 + _face(face, 25).getlength(words) + 26
        if rows[-1] and sum(each[2] for each in rows[-1]) + wide > TEXT:
            rows.append([])
        rows[-1].append((verdict, words, wide))
    drawn = []
    for number, row in enumerate(rows):
        y, x = HEIGHT - EDGE - 40 * (len(rows) - 1 - number), float(EDGE)
        for verdict, words, wide in row:
            drawn.append(_mark(verdict, x, y - 20, 1.5) + f'<text x="{x + 34:.1f}" y="{y}" font-size="25" font-weight="600" '
                         f'font-family="{escape(face, quote=False)}" fill="{VERDICTS[verdict][0]}">{_set(words, face)}</text>')
            x += wide
    rule = HEIGHT - EDGE - 40 * len(rows)
    return f'<path d="M{EDGE} {rule}h{TEXT}" stroke="{CONTEXT[0]}"/>{"".join(drawn)}', rule


def _mark(verdict: str, x: float, y: float, scale: float) -> str:
    color = VERDICTS[verdict][0]
    return (f'<path transform="translate({x + 8 * scale:.1f} {y + 8 * scale:.1f}) scale({6.7 * scale:.2f})" fill="{color}" '
            f'd="{VERDICT_SHAPES[verdict]}"/>')


@lru_cache
def _face(face: str, points: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(session.FONTS / FACES[face]), points)


def wrapped(text: str, face: str, points: float, width: float) -> list[str]:
    """Lines of a text that are at most `width` px wide; a word that is wider has a line of its own."""
    lines: list[str] = []
    space = "" if MAY_BREAK in text else " "
    for word in text.replace(MAY_BREAK, " ").split():
        longer = f"{lines[-1]}{space}{word}" if lines else word
        if lines and _face(face, points).getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
