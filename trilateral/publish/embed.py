"""A figure as a page of its own for other sites to frame: one file that asks nobody for anything, without a script."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path

from trilateral.charts import palette
from trilateral.publish.drawing import size
from trilateral.publish.policy import meta

FONT = Path(__file__).parents[2] / "book" / "_static" / "fonts" / "source-sans-3-latin-wght-normal.woff2"
ICON = FONT.parents[1] / "icon.svg"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
COLOR = re.compile(r'(fill|stroke)="(#[0-9a-fA-F]{3,6})"')
MARGIN = 16  # px around the figure
WORDS = ((20.8, 1.25), (16, 1.4), (14, 1.4), (14, 1.4))  # px and line height of headline, subtitle, note, source line
TURN = 576  # px of width from which on the wide drawing shows, as in `STYLE`
LEAST = 340  # px of width below which a frame may scroll
BESIDE = 64  # px between these, and for a line more than counted

LINK = ("#1d4e89", "#8fbdf0")

STYLE = """
@font-face{font-family:"Source Sans 3";font-weight:400 700;src:url(data:font/woff2;base64,FONT)format("woff2")}
:root{color-scheme:light dark;LIGHT}
*{box-sizing:border-box}
body{margin:0;padding:16px;background:var(--ground);color:var(--ink);font:16px/1.4 "Source Sans 3",system-ui,sans-serif}
figure,p{margin:0}
h1{margin:0;font-size:1.3rem;line-height:1.25;font-weight:650}
figcaption p{margin:2px 0 10px;color:var(--muted)}
svg{display:block;width:100%;height:auto}
.note,.source{margin-top:8px;color:var(--muted);font-size:.875rem}
a{color:var(--link)}
summary{cursor:pointer}
@media(max-width:575px){.tl-wide{display:none}}
@media(min-width:576px){.tl-narrow{display:none}}
@media(prefers-color-scheme:dark){:root{DARK}SWAPS}
"""


def page(payload: Mapping, drawn: str, credit: str, back: str, book: str, language: str = "en") -> str:
    """The page.

    Parameters
    ----------
    drawn : str
        The drawings for a page and for a phone, see `trilateral.publish.html_figures.drawings`.
    credit : str
        Where the numbers come from, as HTML.
    back : str
        Address of the figure in the book, whole or relative to this page.
    book : str
        Name of the book.
    """
    whole = f'<link rel="canonical" href="{escape(back)}">' if "://" in back else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'{meta(POLICY)}<meta name="robots" content="noindex">{whole}{_icon()}'
        f"<title>{escape(payload['headline'])} · {escape(book)}</title><style>{style(drawn)}</style></head>\n"
        f'<body><main><figure aria-labelledby="headline"><figcaption><h1 id="headline">{escape(payload["headline"])}</h1>'
        f"<p>{escape(payload['subtitle'])}</p></figcaption>\n{drawn}\n{_note(payload)}<div class=\"source\">{credit}"
        f'<p><a href="{escape(back)}" target="_blank" rel="noopener">{escape(book)}: this figure, its data and limits</a></p>'
        "</div></figure></main></body></html>\n")


def _note(payload: Mapping) -> str:
    """What marks mean and what they cannot show; on the page it stands below the source."""
    return f'<p class="note">{escape(payload["note"])}</p>\n' if payload["note"] else ""


def style(drawn: str) -> str:
    """Styles of the page; of the dark colors those alone that the drawings need."""
    pairs = palette.pairs()
    used = sorted({(part, color) for part, color in COLOR.findall(drawn) if color.lower() in pairs})
    swaps = "".join(f'[{part}="{color}"]{{{part}:{pairs[color.lower()]}}}' for part, color in used)
    named = {"ground": palette.GROUND, "ink": palette.INK, "muted": palette.MUTED, "link": LINK}
    light, dark = (";".join(f"--{name}:{pair[at]}" for name, pair in named.items()) for at in (0, 1))
    filled = STYLE
    for mark, text in (("SWAPS", swaps), ("LIGHT", light), ("DARK", dark), ("FONT", _font())):
        filled = filled.replace(mark, text)
    return filled


@lru_cache
def _icon() -> str:
    """The book's icon, written out: a browser that is told of none asks the site for one."""
    drawn = base64.b64encode(ICON.read_bytes()).decode()
    return f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{drawn}">'


@lru_cache
def _font() -> str:
    return base64.b64encode(FONT.read_bytes()).decode()


def heights(payload: Mapping, wide: str, narrow: str) -> tuple[int, int]:
    """Pixels that a frame needs so that nothing scrolls: from `TURN` px of width on, and below.

    Parameters
    ----------
    wide, narrow : str
        The two drawings as SVG.
    """
    said = (payload["headline"], payload["subtitle"], payload["note"] or "", " " * 120)

    def needed(svg: str, room: int) -> int:
        lines = sum(math.ceil(len(text) * points * 0.47 / room) * points * leading
                    for text, (points, leading) in zip(said, WORDS, strict=True))
        return 10 * math.ceil((lines + size(svg)[1] + BESIDE + 2 * MARGIN) / 10)

    # the words of the narrowest frame, where they take most lines, and the drawing of a wider one
    return needed(wide, TURN - 2 * MARGIN), needed(narrow, LEAST - 2 * MARGIN)
