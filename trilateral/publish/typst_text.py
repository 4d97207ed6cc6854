"""Text as Typst source in which nothing can act, and labels that may or may not exist.

Every string of the book reaches Typst through here: with all punctuation escaped, or as a string literal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

PUNCTUATION = re.compile(r"[!#-&(-/:-@\[-`{-~]")  # all of ASCII but quotation marks, which Typst may curl
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LAST_WORDS = 10  # characters of them that a headline's last line has at least
UNBROKEN = "\\-\u2060"  # the hyphen of the typeface, which has none that does not break a line
LONGEST = 36  # letters of a word that no line ends in: columns of words have room for as many
LONGEST_LISTED = 60  # characters of code for which a line of its own has room
PIECE = 5  # letters between two places at which a longer word may break, for cells of tables are narrow
BREAK = "\u200b"  # a space of no width
EAST_ASIAN = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"  # breaks at any letter
WORD = re.compile(rf"(?:(?![-‐–—/][^\W\d_])[^\s{BREAK}{EAST_ASIAN}])+")  # what no line ends in
COMPARED = re.compile(r" ([<>=!]=?) (?=[-−\d])")
REFERENCE = re.compile("\x02(\\??)([^\x02]*)\x02")


def breakable(text: str, longest: int = LONGEST) -> str:
    """Text in which a line may end within a word that has more letters than a line may have room for."""
    return WORD.sub(lambda found: _pieces(found[0]) if len(found[0]) > longest else found[0], text)


def _pieces(word: str) -> str:
    pieces = [""]
    for letter in word:
        if len(pieces[-1]) >= PIECE and not unicodedata.category(letter).startswith("M"):  # a mark stays with its letter
            pieces.append("")
        pieces[-1] += letter
    return BREAK.join(pieces)


def escape(text: str) -> str:
    """Text as inert Typst markup."""
    said = breakable(re.sub(r"\s+", " ", CONTROL.sub("", text)))
    return PUNCTUATION.sub(r"\\\g<0>", said).replace("\u2011", UNBROKEN)


def literal(text: str) -> str:
    """Text as a Typst string."""
    return '"' + CONTROL.sub("", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def code(text: str) -> str:
    """Text as Typst code; no line ends within a comparison of a name with a number."""
    return "raw(" + literal(COMPARED.sub("\u00a0\\1\u00a0", breakable(text))) + ")"


def address(text: str) -> str:
    """An address as Typst markup that may break behind its marks, without a hyphen, and nowhere within a word or a number."""
    parts = re.split(r"(?<=[/\-_?&=])(?=[^/])|(?<=\.)(?=[^/\d])", text)
    return f"#text(hyphenate: false)[{'#sym.zws;'.join(map(escape, parts))}]"


def content(text: str) -> str:
    """Text as a Typst content block."""
    return f"[{escape(text)}]"


def headline(text: str) -> str:
    """Text as a Typst content block whose last words stay together, lest one of them stand alone below the others."""
    words = text.split()
    last = next((i for i in range(len(words) - 1, 0, -1) if len(" ".join(words[i:])) >= LAST_WORDS), 0)
    return f"[{escape(' '.join(words[:last]))}{' ' if last else ''}{'~'.join(map(escape, words[last:]))}]"


def array(items: Iterable[str]) -> str:
    """Typst array of already translated items."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def label_of(docname: str, id: str = "") -> str:
    """Name of the Typst label for an element of a page."""
    return f"{docname}#{id}" if id else docname


def target(label: str, optional: bool = False) -> str:
    """Placeholder for a label; `resolve` replaces it and reports a missing one that is not optional."""
    return f"\x02{'?' if optional else ''}{CONTROL.sub('', label)}\x02"


def resolve(source: str, labels: Mapping[str, str]) -> tuple[str, list[str]]:
    """Replace the placeholders of `target`.

    Parameters
    ----------
    source : str
        What `TypstTranslator.output` gives.
    labels : mapping of str to str
        The labels that exist, each with the label that carries it: an alias points to its element's own label.

    Returns
    -------
    source, missing : str, list of str
        Typst source in which a reference to a label that does not exist is plain text, and those labels.
    """
    missing: list[str] = []

    def put(match: re.Match) -> str:
        optional, label = match.groups()
        if label in labels:
            return f"label({literal(labels[label])})"
        if not optional:
            missing.append(label)
        return "none"

    return REFERENCE.sub(put, source), missing
