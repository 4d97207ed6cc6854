"""Vega, Vega-Lite and Vega-Embed, with which readers explore figures, as one file that the book carries.

It takes a processor more than a second and is the same for all books, so it is kept between builds. Another process makes it
while pages are read: copies of one that has used vl-convert would wait for ever at their first drawing.
"""

from __future__ import annotations

from multiprocessing import Process
from pathlib import Path

from sphinx.application import Sphinx

from trilateral.charts import session

NAME = "vega.js"


class Making:
    """The file while a build runs."""

    process: Process | None = None

    def begin(self, app: Sphinx) -> None:
        path = _kept(app)
        if app.builder.format == "html" and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.process = Process(target=_keep, args=[path], daemon=True)
            self.process.start()

    def put(self, app: Sphinx, error: Exception | None) -> None:
        """Put it among the static files of the book."""
        if self.process:
            self.process.join()
        if error is None and app.builder.format == "html":
            (Path(app.outdir) / "_static" / NAME).write_bytes(_kept(app).read_bytes())


def _kept(app: Sphinx) -> Path:
    return Path(app.doctreedir).parent / ".figures" / NAME


def _keep(path: Path) -> None:
    part = path.with_suffix(".part")
    part.write_text(session.vega(), encoding="utf-8")
    part.replace(path)


def setup(app: Sphinx) -> None:
    making = Making()
    app.connect("builder-inited", making.begin)
    app.connect("build-finished", making.put, priority=900)
