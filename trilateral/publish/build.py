"""From sources to `_build`: let Sphinx make each format, and put whole results in place.

A build happens aside, in ``_build/.work``, whose doctrees and pages make the next one fast. What a command makes becomes an
`edition`: web book, PDFs and kit take the places of the last ones together, when all are made without a warning; after a
failure the last good ones are still there, whole.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import stopping
from trilateral.publish.addresses import REDIRECTS, redirect, redirects
from trilateral.publish.chapters import ROOT
from trilateral.publish.languages import word

if TYPE_CHECKING:
    from trilateral.publish.sphinx_runs import Sphinx

NO_SPACE = os.strerror(errno.ENOSPC)

DOWNLOADS = "<!-- downloads -->"
"""Where the layout of a page takes links to the PDF and the kit."""

OFFPRINTS = "offprints"
"""Where the PDFs of chapters are left, below the folder of the typst builder."""

CHAPTER_LABEL = "This chapter as PDF"
RERUN = "<!-- rerun -->"
"""Where it takes links to the notebook of its chapter."""

LANGUAGE = re.compile(r'<html lang="([\w-]+)"')

Report = Callable[[str, str], None]
"""Called with a kind ("now": what is going on, "done": a step that took time) and its text."""


class BuildError(RuntimeError):
    """A step of the build failed; the message is what its maker needs to mend it."""


@dataclass(frozen=True)
class Places:
    """Where a book's results are, below its root; those of an edition in the making are aside."""

    root: Path = ROOT
    making: bool = False
    build: Path = field(init=False)
    results: Path = field(init=False)
    work: Path = field(init=False)
    html: Path = field(init=False)
    ledger: Path = field(init=False)
    pdf: Path = field(init=False)
    chapter_pdfs: Path = field(init=False)
    kit: Path = field(init=False)
    notebooks: Path = field(init=False)

    def __post_init__(self) -> None:
        build = self.root / "_build"
        results = build / ".edition" if self.making else build
        for name, place in {
            "build": build,
            "results": results,
            "work": build / ".work",
            "html": results / "html",
            "ledger": results / "html" / "ledger.json",
            "pdf": results / "pdf" / "trilateral-ledger.pdf",
            "chapter_pdfs": results / "pdf" / "chapters",
            "kit": results / "kit" / "trilateral-ledger-kit.zip",
            "notebooks": build / "notebooks",
        }.items():
            object.__setattr__(self, name, place)

    def built(self) -> bool:
        """Whether anything is there that an earlier build made."""
        return any(place.exists() for place in (self.html, self.pdf, self.kit))


def silent(kind: str, text: str) -> None:
    """Report nothing."""


@contextmanager
def edition(places: Places) -> Iterator[Places]:
    """Make results aside; when all are made they take the places of the last ones, the web book at the end.

    Yields
    ------
    Places
        Where to make them.

    Raises
    ------
    BuildError
        No space was left on the disk.
    """
    making = replace(places, making=True)
    kinds = [(folder.name, folder.with_name(f".{folder.name}.old")) for folder in
             (places.pdf.parent, places.kit.parent, places.html)]
    for kind, old in kinds:  # the machine stopped between two renames
        if old.exists() and not (places.results / kind).exists():
            old.rename(places.results / kind)
    shutil.rmtree(making.results, ignore_errors=True)
    try:
        with room(places):
            yield making
            _exchange([(making.results / kind, places.results / kind, old) for kind, old in kinds
                       if (making.results / kind).exists()])
    finally:
        shutil.rmtree(making.results, ignore_errors=True)


def _exchange(kinds: list[tuple[Path, Path, Path]]) -> None:
    """Put fresh folders in the places of old ones, all or none; a signal that comes meanwhile is heeded afterwards."""
    for *_, old in kinds:
        shutil.rmtree(old, ignore_errors=True)
    with stopping.later():
        try:
            for fresh, target, old in kinds:
                if target.exists():
                    target.rename(old)
                fresh.rename(target)
        except OSError:
            for fresh, target, old in reversed(kinds):
                if not fresh.exists():
                    target.rename(fresh)
                if old.exists():
                    old.rename(target)
            raise
        for *_, old in kinds:
            shutil.rmtree(old, ignore_errors=True)


def html(places: Places, sphinx: Sphinx, report: Report = silent) -> Path:
    """Build the web book.

    Raises
    ------
    BuildError
        Sphinx reported warnings or errors; they are the message.
    """
    with room(places):
        forget_stale(places)
        sphinx.build("html", report)
        copy_tree(places.work / "html", places.html)
    return places.html


def pdf(places: Places, sphinx: Sphinx, report: Report = silent) -> Path:
    """Set the PDF of the book, and one of each chapter, from the doctrees that `html` left.

    Raises
    ------
    BuildError
        The Typst builder failed, or left no PDF.
    """
    with room(places):
        sphinx.build("typst", report)
        made = sorted((places.work / "typst").glob("*.pdf"))
        if not made:
            raise BuildError(f"the typst builder left no PDF in {places.work / 'typst'}")
        copy_file(made[0], places.pdf)
        copy_tree(places.work / "typst" / OFFPRINTS, places.chapter_pdfs, "*.typ")
    return places.pdf


def offer_downloads(places: Places, **labels: Path) -> None:
    """Put files into the web book and link them in the footer of every page; a chapter's PDF in that of the chapter.

    A book of `jupyter-book build` alone has no such files, and so no links.

    Parameters
    ----------
    labels : Path
        What to offer, by the words of its link; an underscore stands for a space.
    """
    chapters = {path.stem.removeprefix(f"{places.pdf.stem}-"): path for path in places.chapter_pdfs.glob("*.pdf")}
    for path in [*labels.values(), *chapters.values()]:
        copy_file(path, places.html / "downloads" / path.name)
    redirect(places.html, redirects(places.root / REDIRECTS))
    for page in places.html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if DOWNLOADS in text:
            up = "../" * (len(page.relative_to(places.html).parts) - 1)
            own = {CHAPTER_LABEL: chapters[page.stem]} if page.stem in chapters else {}
            language = LANGUAGE.search(text)[1]
            links = "".join(f'<a href="{up}downloads/{path.name}" download>{word(label.replace("_", " "), language)}</a> '
                            for label, path in (own | labels).items())
            page.write_text(text.replace(DOWNLOADS, links), encoding="utf-8")


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the build folder for this process, and for the Sphinx it starts should that outlive it.

    Raises
    ------
    BuildError
        Another build of the same book is running.
    """
    places.work.mkdir(parents=True, exist_ok=True)
    with (places.work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(f"another build of this book is running; it holds {places.work / 'lock'}") from None
        os.set_inheritable(lock.fileno(), True)
        yield


def forget_stale(places: Places) -> None:
    """Drop pages and doctrees when anything but prose changed since they were made.

    Sphinx follows the sources of its pages alone. It does not see a changed table, register, table of contents,
    package or lock, and it leaves the page of a removed chapter behind. Executed notebooks are kept in their own
    cache, so the price is seconds.
    """
    root = places.root
    watched = [root / name for name in ("_config.yml", "_toc.yml", "requirements.txt", "book/claims.yml",
                                          "book/columns.yml", REDIRECTS)]
    for folder, pattern in (("trilateral", "**/*.*"), ("data", "**/*.*"), ("book/_templates", "**/*"),
                            ("book/_static", "**/*")):
        watched += sorted(path for path in (root / folder).glob(pattern) if path.is_file())
    state = hashlib.sha256()
    for path in watched:
        if path.exists() and "__pycache__" not in path.parts:
            state.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    note = places.work / "state"
    if not note.exists() or note.read_text() != state.hexdigest():
        for folder in ("html", "typst", "doctrees", "jupyter_execute"):
            shutil.rmtree(places.work / folder, ignore_errors=True)
        note.write_text(state.hexdigest())


def no_space(places: Places) -> str:
    free = shutil.disk_usage(places.work).free / 1e6
    return (f"no space is left on the disk that holds {places.work} ({free:.0f} MB free). {kept(places)}; "
            "make room and build again")


def kept(places: Places) -> str:
    return "What was built before is in place" if replace(places, making=False).built() else "Nothing was built yet"


@contextmanager
def room(places: Places) -> Iterator[None]:
    """Tell a full disk apart from other faults.

    Raises
    ------
    BuildError
        No space was left on the disk.
    """
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC and NO_SPACE not in str(error):
            raise
        raise BuildError(no_space(places)) from error


def copy_tree(source: Path, target: Path, *without: str) -> None:
    """Put a copy of a folder, without some of its files, where an edition is made."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".buildinfo*", *without))


def copy_file(source: Path, target: Path) -> None:
    """Put a copy of a file where an edition is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
