"""From Typst source to PDFs, with errors that name the page."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typst
from sphinx.errors import ExtensionError
from sphinx.util import logging

FONTS = Path(__file__).parents[1] / "fonts"
LOGGER = logging.getLogger(__name__)
RESTLESS = "document did not converge"  # how Typst begins to say that no layout followed from the one before
CALMER = {"columns": "uneven"}
LADDER = {"last columns end unevenly": CALMER, "figures float": CALMER | {"figures": "float"}}  # what gives way first


class Press:
    """Compiles files of one folder to tagged PDF/UA-1; what it has set once it remembers.

    Where a layout does not come to rest, what hangs on places gives way, in this file alone: the last columns of a part end
    unevenly, and then all figures float.

    Parameters
    ----------
    source : Path
        Folder that holds ``main.typ`` and all it needs.
    moment : datetime
        Date of creation in a PDF; with the same source and moment the bytes are the same.
    inputs : mapping of str to str, optional
        What the source is told; what gave way in the book, for its chapters.
    """

    def __init__(self, source: Path, moment: datetime, inputs: Mapping[str, str] | None = None) -> None:
        self.source, self.moment = source, moment
        self.inputs: dict[str, str] = dict(inputs or {})
        self.own = threading.local()

    def compiler(self, inputs: Mapping[str, str]) -> typst.Compiler:
        """That of this thread for a source told so; all share what they have set."""
        told, made = getattr(self.own, "last", (None, None))
        if told != inputs:
            made = typst.Compiler(self.source / "main.typ", root=self.source, ignore_system_fonts=True, font_paths=[FONTS],
                                  sys_inputs=dict(inputs))
            self.own.last = dict(inputs), made
        return made

    def compiled(self, main: Path, inputs: Mapping[str, str]) -> tuple[bytes, list[typst.TypstWarning]]:
        """A file as PDF, and what Typst warns of."""
        try:
            return self.compiler(inputs).compile_with_warnings(
                main, format="pdf", pdf_standards=["ua-1"], timestamp=self.moment)
        except typst.TypstError as error:
            raise ExtensionError(f"the PDF cannot be made: {explain(error, self.source)}") from error

    def pdf(self, main: Path, out: Path) -> Mapping[str, str]:
        """Compile a file; the PDF is replaced only when that succeeds.

        Returns
        -------
        mapping of str to str
            What the source was told at last.

        Raises
        ------
        ExtensionError
            Typst refuses the source: a glyph no font has, a missing alt text, a faulty file. Names chapter and line.
        """
        told: Mapping[str, str] = self.inputs
        pdf, warnings = self.compiled(main, told)
        for given, inputs in LADDER.items():
            if not any(warning.message.startswith(RESTLESS) for warning in warnings):
                break
            if len(inputs) > len(told):
                LOGGER.info("%s: %s, as the layout does not come to rest", main.stem, given)
                told = inputs
                pdf, warnings = self.compiled(main, told)
        for warning in warnings:
            LOGGER.warning("the PDF: %s", explain(warning, self.source))
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = out.with_suffix(".part")
        aside.write_bytes(pdf)
        os.replace(aside, out)
        return told

    def query(self, selector: str, inputs: Mapping[str, str]) -> str:
        """Value of the one piece of metadata in ``main.typ``, told so, that a selector finds, as JSON."""
        return self.compiler(inputs).query(selector, field="value", one=True)


def explain(error: typst.TypstError | typst.TypstWarning, source: Path) -> str:
    """Typst's message with the page and the text at which it arose."""
    place = re.search(r"([^\s]*?)chapters[/\\](.+?)\.typ:(\d+):", error.diagnostic)
    if not place:
        return f"{error.message}\n{error.diagnostic.strip()}"
    line = (source / "chapters" / f"{place[2]}.typ").read_text(encoding="utf-8").splitlines()[int(place[3]) - 1]
    return f"{place[2]}: {error.message}; at: {line[:160]}"
