"""Text as Typst source in which nothing can act, and labels that may or may not exist.

Every string of the book reaches Typst through here: with all punctuation escaped, or as a string literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

PUNCTUATION = re.compile(r"[!#-&(-/:-@\[-`{-~]")  # all of ASCII but quotation marks, which Typst may curl
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LAST_WORDS = 10  # characters of them that a headline's last line has at least
UNBROKEN = "\\-\u2060"  # the hyphen of the typeface, which has none that does not break a line
COMPARED = re.compile(r" ([<>=!]=?) (?=[-−\d])")
REFERENCE = re.compile("\x02(\\??)([^\x02]*)\x02")


def escape(text: str) -> str:
    """Text as inert Typst markup."""
    return PUNCTUATION.sub(r"\\\g<0>", re.sub(r"\s+", " ", CONTROL.sub("", text))).replace("\u2011", UNBROKEN)


def literal(text: str) -> str:
    """Text as a Typst string."""
    return '"' + CONTROL.sub("", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def code(text: str) -> str:
    """Text as Typst code; no line ends within a comparison of a name with a number."""
    return "raw(" + literal(COMPARED.sub("\u00a0\\1\u00a0", text)) + ")"


def address(text: str) -> str:
    """An address as Typst markup that may break behind its marks, without a hyphen, and nowhere within a word or a number."""
    broken = re.sub(r"(\\[/\-_?&=]|\\\.(?!\d))(?=.)(?!\\/)", r"\1#sym.zws;", escape(text))
    return f"#text(hyphenate: false)[{broken}]"


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
