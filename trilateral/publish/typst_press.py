"""Set what the typst builder has written: the book, then each chapter with its page and figure numbers.

Typst remembers all it has laid out, a gigabyte and a half for the book. So each of the two has a process of its own, which
begins with nothing when the one before has ended.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from time import perf_counter

from sphinx.errors import ExtensionError

from trilateral.publish.build import OFFPRINTS
from trilateral.publish.typst_compile import LOGGER, Press

JOB = "job.json"
PLACES = "places.json"


def keep(source: Path, name: str, moment: datetime, inputs: Mapping[str, str] | None = None) -> None:
    """Leave word of what is to be set: name of the files, date of creation, and what Typst is told."""
    text = json.dumps({"name": name, "moment": moment.isoformat(), "inputs": dict(inputs or {})})
    (source / JOB).write_text(text, encoding="utf-8")


def book(source: Path) -> None:
    """Set ``main.typ``, and keep the page and figure numbers for the chapters."""
    name, press = _begun(source)
    started = perf_counter()
    told = press.pdf(source / "main.typ", source / f"{name}.pdf")
    if any((source / OFFPRINTS).glob("*.typ")):
        (source / PLACES).write_text(press.query("<places>", told), encoding="utf-8")
    keep(source, name, press.moment, told)
    LOGGER.info("set the book in %.1f s", perf_counter() - started)


def chapters(source: Path) -> None:
    """Set every chapter alone, some at a time; PDFs of chapters that are no more go."""
    name, press = _begun(source)
    started = perf_counter()
    mains = sorted((source / OFFPRINTS).glob("*.typ"))
    made = [main.with_name(f"{name}-{main.stem}.pdf") for main in mains]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(press.pdf, mains, made))
    for path in (source / OFFPRINTS).glob("*.pdf"):
        if path not in made:
            path.unlink()
    if made:
        LOGGER.info("set %s chapters in %.1f s", len(made), perf_counter() - started)


PARTS = {"book": book, "chapters": chapters}


def _begun(source: Path) -> tuple[str, Press]:
    job = json.loads((source / JOB).read_text(encoding="utf-8"))
    return job["name"], Press(source, datetime.fromisoformat(job["moment"]), job["inputs"])


def go_on(source: Path, part: str) -> None:
    """Become the process that sets a part."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-u", "-m", __spec__.name, str(source), part])


def main(source: Path, part: str) -> int:
    """Set a part and go on to the next; the exit code is not 0 after a warning or an error, told as Sphinx tells them."""
    told = logging.getLogger("sphinx")
    told.setLevel(logging.INFO)
    for stream, wanted in ((sys.stdout, lambda record: record.levelno < logging.WARNING),
                           (sys.stderr, lambda record: record.levelno >= logging.WARNING)):
        handler = logging.StreamHandler(stream)
        handler.addFilter(wanted)
        told.addHandler(handler)
    warned = []
    told.handlers[1].addFilter(lambda record: warned.append(record) or True)
    try:
        PARTS[part](source)
    except ExtensionError as error:
        print(f"Extension error:\n{error}", file=sys.stderr)
        return 2
    if warned:
        return 1
    for following in list(PARTS)[list(PARTS).index(part) + 1:]:
        go_on(source, following)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
