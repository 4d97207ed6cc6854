"""From Typst source to a PDF, with errors that name the page."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import typst
from sphinx.errors import ExtensionError
from sphinx.util import logging

from trilateral.charts import session

LOGGER = logging.getLogger(__name__)


def compile_pdf(source: Path, out: Path, moment: datetime) -> None:
    """Compile ``main.typ`` to a tagged PDF/UA-1.

    Parameters
    ----------
    source : Path
        Folder that holds ``main.typ`` and all it needs.
    out : Path
        The PDF; replaced only when compilation succeeds.
    moment : datetime
        Date of creation in the PDF; with the same source and moment the bytes are the same.

    Raises
    ------
    ExtensionError
        Typst refuses the source: a glyph no font has, a missing alt text, a faulty file. Names chapter and line.
    """
    compiler = typst.Compiler(source / "main.typ", root=source, ignore_system_fonts=True,
                              font_paths=[session.FONTS])
    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    except typst.TypstError as error:
        raise ExtensionError(f"the PDF cannot be made: {explain(error, source)}") from error
    for warning in warnings:
        LOGGER.warning("the PDF: %s", explain(warning, source))
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_suffix(".part")
    aside.write_bytes(pdf)
    os.replace(aside, out)


def explain(error: typst.TypstError | typst.TypstWarning, source: Path) -> str:
    """Typst's message with the page and the text at which it arose."""
    place = re.search(r"([^\s]*?)chapters[/\\](.+?)\.typ:(\d+):", error.diagnostic)
    if not place:
        return f"{error.message}\n{error.diagnostic.strip()}"
    line = (source / "chapters" / f"{place[2]}.typ").read_text(encoding="utf-8").splitlines()[int(place[3]) - 1]
    return f"{place[2]}: {error.message}; at: {line[:160]}"
