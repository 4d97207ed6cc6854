"""What a figure offers to whoever cites or embeds it."""

from __future__ import annotations

from html import escape

from trilateral.publish.citing import Citation
from trilateral.publish.embed import TURN


def menu(citation: Citation, frame: str, heights: tuple[int, int], bibtex: str) -> str:
    """Citation and the code of a frame, folded; complete without a script.

    Where the book does not know its own address, the script of the page puts in, or behind, the one at which it is read.

    Parameters
    ----------
    frame : str
        Page to embed, below the site's address; see `trilateral.publish.embed.page`.
    heights : pair of int
        Of the frame, px; see `trilateral.publish.embed.heights`.
    bibtex : str
        Where its entry for BibTeX lies, seen from the page.
    """
    title = escape(citation.title)
    code = snippet(citation.book.site + frame, citation.title, heights)
    label = f'Cite <a href="{bibtex}" download>BibTeX</a>'
    cite = _part(label, citation.text(), "" if citation.book.site else citation.path)
    return (f'<details class="tl-share"><summary>Cite or embed<span class="tl-hidden"> “{title}”</span></summary>'
            f'{cite}{_part("Embed", code, "" if citation.book.site else frame)}</details>')


def _part(label: str, text: str, path: str) -> str:
    place = f' data-path="{escape(path)}"' if path else ""
    return f"<p>{label}</p><pre{place}>{escape(text, quote=False)}</pre>"


def snippet(address: str, title: str, heights: tuple[int, int]) -> str:
    """A frame for another site: as wide as its place, as tall as it needs there, named for those who do not see it.

    Below `TURN` px the factor makes the middle value more than any height, above it less. Where a browser or a site drops the
    style, the larger height is left.
    """
    words = escape(title, quote=False).replace('"', "&quot;")
    wide, narrow = heights
    return (f'<div style="container-type:inline-size"><iframe src="{escape(address)}" title="{words}" width="100%" '
            f'height="{max(heights)}" loading="lazy" '
            f'style="border:0;height:clamp({wide}px,({TURN + 1}px - 100cqw)*9999,{narrow}px)"></iframe></div>')
