"""What a figure offers to whoever cites or embeds it."""

from __future__ import annotations

from html import escape

from trilateral.publish.citing import Citation


def menu(citation: Citation, frame: str, heights: tuple[int, int], bibtex: str) -> str:
    """Citation and the code of a frame, folded; complete without a script.

    Where the book does not know its own address, the script of the page puts in, or behind, the one at which it is read.

    Parameters
    ----------
    frame : str
        Page to embed, below the site's address; see `trilateral.publish.embed.page`.
    heights : pair of int
        Of the frame, px, where it is wide and where it is narrow; see `trilateral.publish.embed.heights`. The code has the
        larger; the script of the page makes it one that takes either, as its place asks.
    bibtex : str
        Where its entry for BibTeX lies, seen from the page.
    """
    title = escape(citation.title)
    code = snippet(citation.book.site + frame, citation.title, max(heights))
    label = f'Cite <a href="{bibtex}" download>BibTeX</a>'
    cite = _part(label, citation.text(), "" if citation.book.site else citation.path)
    taken = _part("Embed", code, "" if citation.book.site else frame, f' data-wide="{heights[0]}"')
    return (f'<details class="tl-share"><summary>Cite or embed<span class="tl-hidden"> “{title}”</span></summary>'
            f"{cite}{taken}</details>")


def _part(label: str, text: str, path: str, more: str = "") -> str:
    place = f' data-path="{escape(path)}"' if path else ""
    return f"<p>{label}</p><pre{place}{more}>{escape(text, quote=False)}</pre>"


def snippet(address: str, title: str, height: int) -> str:
    """A frame for another site: as wide as its place, named for those who do not see it."""
    words = escape(title, quote=False).replace('"', "&quot;")
    return (f'<iframe src="{escape(address)}" title="{words}" width="100%" height="{height}" loading="lazy" '
            'style="border:0"></iframe>')
