"""Build formats of the book in this process, as jupyter-book does; started by `trilateral.publish.sphinx_runs`.

A process of its own keeps Sphinx's global state, its memory and its log apart from the command line, and lets a
build be stopped cleanly.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

from jupyter_book.sphinx import build_sphinx
from jupyter_cache import get_cache
from pybtex.plugin import find_plugin, register_plugin
from sphinx import builders
from sphinx.application import Sphinx
from sphinx.util import console

from trilateral import rerun
from trilateral.publish import drawing, kernels, parallel, typst_press
from trilateral.publish.collect import records
from trilateral.publish.sphinx_log import MADE, READS

UNDECLARED = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")
"""Extensions of Jupyter Book that keep nothing while pages are read, but do not say so."""

LOADED = ("myst_nb", "sphinx_book_theme", "sphinxcontrib.bibtex", "trilateral.publish.extension")
"""Extensions that take long to load, which is done before anything is asked for."""


def allow_parallel_reading() -> None:
    """Declare for these extensions what they leave open, and let each reader say at once which page it reads.

    Otherwise Sphinx reads, and so executes, one chapter at a time; and it shows what its readers log when they end.
    """
    for name in UNDECLARED:
        module = import_module(name)
        module.setup = _declaring(module.setup)


def _declaring(setup: Callable[[Sphinx], dict | None]) -> Callable[[Sphinx], dict]:
    def declared(app: Sphinx) -> dict:
        if not app.events.listeners.get("source-read"):
            app.connect("source-read", lambda _, document, __: print(f"{READS} {document}", flush=True))
        return {**(setup(app) or {}), "parallel_read_safe": True}
    return declared


def start_with_a_page_without_figures() -> None:
    """Let no process draw a figure and then be copied: the copy would wait for ever at its first figure.

    Sphinx writes one page and then copies itself to write the others; that page is to be one without figures. Where every page
    has some, they are written one after the other.

    It keeps one processor back for the process that hands pages out; here that is done long before the figures are drawn, and
    on two processors one would stand idle. So there is a writer for each.
    """
    beside = builders.Builder._write_parallel

    def write(self: builders.Builder, docnames: Sequence[str], nproc: int) -> None:
        drawn = {name for name, found in records(self.env).items() if found["figures"] or found["shows"] or found["follows"]}
        first = next((name for name in docnames if name not in drawn), None)
        if first is None:
            self._write_serial(docnames)
        else:
            beside(self, [first, *(name for name in docnames if name != first)], nproc + 1)
    builders.Builder._write_parallel = write


def share_out_page_by_page(source: Path) -> None:
    """Let each process take one page at a time, the longest first.

    Sphinx cuts the list of pages, in the order of their names, into a few pieces: that gives most chapters to one process,
    and the other waits for it. Of the pages that wait it starts the one that came last. What is in memory by then no process
    looks through again for garbage.
    """
    def length(docname: str) -> int:
        return max((path.stat().st_size for path in source.glob(f"{docname}.*")), default=0)

    def pages(docnames: Sequence[str], nproc: int, maxbatch: int = 1) -> list[list[str]]:
        gc.freeze()
        ranked = [[docname] for docname in sorted(docnames, key=length, reverse=True)]
        return [*ranked[:nproc], *reversed(ranked[nproc:])]
    builders.make_chunks = pages


def find_formats_of_citations_once() -> None:
    """Pybtex looks through all installed packages for the format of each citation, unless it is told of it."""
    for name in ("docutils", "plaintext"):
        register_plugin("pybtex.backends", name, find_plugin("pybtex.backends", name), force=True)


def main(source: Path, work: Path, asked: Iterable[str]) -> int:
    """Load what takes long, then build each format asked for; doctrees and executions are kept in `work`."""
    console.nocolor()
    rerun.prepare()
    executions = work.parent / ".jupyter_cache"
    kept = (executions / "global.db").exists()
    kernels.share(at_once=not kept)
    allow_parallel_reading()
    start_with_a_page_without_figures()
    share_out_page_by_page(source)
    parallel.install()
    find_formats_of_citations_once()
    if not kept:  # made here, since two readers that start together would both make it
        get_cache(executions).db  # noqa: B018
    for name in LOADED:
        import_module(name)
    return serve(asked, lambda builder, jobs: build(source, work, builder, jobs, executions))


def serve(asked: Iterable[str], made: Callable[[str, int], int]) -> int:
    """Make one format after the other, and say after each that another can be asked for.

    Parameters
    ----------
    asked : iterable of str
        Builder and number of processes, as "html 2".
    made : callable
        Makes it; returns 0 or what went wrong.

    Returns
    -------
    int
        Exit code: that of the first that failed; else 0, also where this process can make no more, which it does not say.
    """
    for line in asked:
        builder, jobs = line.split()
        if code := made(builder, int(jobs)):
            return code
        if drawing.begun():
            return 0
        print(MADE, flush=True)
    return 0


def build(source: Path, work: Path, builder: str, jobs: int, executions: Path) -> int:
    """Build ``work/<builder>``, warnings being errors; the PDF is set in processes that this one becomes."""
    if builder == "typst":  # a third of its time would go into looking for garbage, of which it makes little
        gc.disable()
    result = build_sphinx(
        source,
        work / builder,
        path_config=source / "_config.yml",
        noconfig=True,
        confoverrides={
            "external_toc_path": str(source / "_toc.yml"),
            "latex_individualpages": False,
            "nb_execution_show_tb": True,
            # shared with a plain `jupyter-book build .`, so that neither executes what the other has executed
            "nb_execution_cache_path": str(executions),
            **({"typst_set_apart": True} if builder == "typst" else {}),
        },
        doctreedir=work / "doctrees",
        builder=builder,
        warningiserror=True,
        keep_going=True,
        jobs=jobs,
    )
    if result == 0 and builder == "typst":
        typst_press.go_on(work / builder, "book")
    return result if isinstance(result, int) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or sys.stdin))
