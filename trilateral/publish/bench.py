"""Time and weigh the book against its budgets, beside plain Jupyter Book on the same notebooks in the same run."""

from __future__ import annotations

import datetime
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import psutil
import yaml

from trilateral import stopping
from trilateral.publish import lighthouse, page_weight
from trilateral.publish.build import BuildError, Places
from trilateral.publish.chapters import chapters

JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PRINT = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-pdf-header-footer")
OURS = [sys.executable, "-m", "trilateral.publish.sphinx_process", ".", "_build/.work", "html 2"]
STEP = re.compile(r"✓ (.+?)\s+([\d.]+) s")
SET = re.compile(r"set (.+) in ([\d.]+) s")
EXECUTED = re.compile(r"executed (book/\S+)\.md in ([\d.]+) s")
KEPT = re.compile(r"(```text bench\n).*?```", re.DOTALL)
PAGE = "book/appendix/errata"
"""The root of a book of some chapters; it has no figures and needs no other page."""
PLAIN_CONFIG = {
    "title": "Plain", "only_build_toc_files": True, "bibtex_bibfiles": ["book/references.bib"],
    "execute": {"execute_notebooks": "cache", "timeout": 600},
}


@dataclass(frozen=True)
class Run:
    """A finished command: seconds, the largest memory of all its processes together, and what it printed."""

    seconds: float
    peak_bytes: int
    output: str

    def step(self, name: str) -> float:
        """Seconds of a step that the command line printed."""
        return float(dict(STEP.findall(self.output))[name])


def measure(command: list[str], folder: Path, codes: tuple[int, ...] = (0,)) -> Run:
    """Run a command to its end in a copy of the project.

    Parameters
    ----------
    codes : tuple of int, optional
        How it may end.

    Raises
    ------
    BuildError
        It failed.
    """
    environment = os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True,
                               encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak, over = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, over), daemon=True)
    watcher.start()
    try:
        with stopping.whole(process):
            output = process.communicate()[0]
        seconds = time.perf_counter() - started
    finally:
        over.set()
        watcher.join()
    if process.returncode not in codes:
        raise BuildError(f"{' '.join(command[1:5])} failed:\n{output[-3000:]}")
    return Run(seconds, peak[0], output)


def _watch(pid: int, peak: list[int], over: threading.Event) -> None:
    while not over.wait(0.25):
        try:
            parent = psutil.Process(pid)
            tree = [parent, *parent.children(recursive=True)]
            peak[0] = max(peak[0], sum(_memory(process) for process in tree))
        except psutil.NoSuchProcess:
            return


def _memory(process: psutil.Process) -> int:
    """Bytes in memory; of those that several processes share, where the system tells it, each has its part."""
    try:
        used = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return getattr(used, "pss", used.rss)


@dataclass(frozen=True)
class Row:
    """One measure of this book and of plain Jupyter Book beside its budget."""

    label: str
    ours: float
    plain: float | None
    budget: float | None = None
    digits: int = 1
    more_is_better: bool = False

    @property
    def missed(self) -> bool:
        if self.budget is None:
            return False
        return self.ours < self.budget if self.more_is_better else self.ours > self.budget

    def __str__(self) -> str:
        whole = all(value is None or value == int(value) for value in (self.ours, self.plain))
        shown = [("" if value is None else f"{value:.0f}" if whole else f"{value:.{self.digits}f}")
                 for value in (self.ours, self.plain)]
        verdict = "" if self.budget is None else f"{self.budget:g}" + (" MISSED" if self.missed else " kept")
        return f"{self.label:52}{shown[0]:>12}{shown[1]:>12}{verdict:>12}"


def keep(lines: Iterable[str], readme: Path) -> None:
    """Put the measured lines, with the day and the machine, into the block of the README that is for them.

    Raises
    ------
    BuildError
        The README has no such block.
    """
    text = readme.read_text(encoding="utf-8")
    if not KEPT.search(text):
        raise BuildError(f"{readme.name} has no block that begins with ```text bench; put one where the measures are to stand")
    machine = f"{datetime.date.today():%Y-%m-%d}, {os.cpu_count()} processors, Python {platform.python_version()}"
    kept = "\n".join(line.rstrip() for line in [*lines, machine])
    readme.write_text(KEPT.sub(lambda block: f"{block[1]}{kept}\n```", text), encoding="utf-8")


def run(places: Places) -> Iterator[Row | str]:
    """Measure and yield a table of budgets, line by line."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        ours, plain = Path(scratch, "ours"), Path(scratch, "plain")
        for folder in (ours, plain):
            shutil.copytree(places.root, folder, ignore=shutil.ignore_patterns("_build", ".*", "__pycache__"))
        (plain / "_config.yml").write_text(yaml.safe_dump(PLAIN_CONFIG), encoding="utf-8")
        cli = [sys.executable, "-m", "trilateral"]
        book = [str(JUPYTER_BOOK), "build", "."]
        yield f"{'':52}{'this book':>12}{'plain':>12}{'budget':>12}"

        # bytecode of all packages is written before anything is timed, for both alike
        measure([sys.executable, "-c", "import jupyter_book.sphinx, sphinx.builders.html, trilateral.publish"], ours)
        validated = measure([*cli, "validate"], ours)
        yield Row("validate all tables and the register, s", validated.seconds, None, 10)
        cold = measure([*cli, "book"], ours)
        plain_cold = measure(book, plain)
        yield Row("execute and web book, cold, s", cold.step("Web book"), plain_cold.seconds)
        printed = _print_plain(plain)
        yield Row("PDFs of book and chapters from executed notebooks, s", cold.step("PDF"), printed and printed.seconds, 15)
        for what, seconds in SET.findall(cold.output):
            yield Row(f"  of these to set {what}, s", float(seconds), None)
        total_plain = plain_cold.seconds + printed.seconds if printed else None
        yield Row("everything, cold, s", cold.seconds, total_plain, 300)
        if total_plain:
            yield Row("everything, cold, share of plain", cold.seconds / total_plain, 1, 0.6, digits=2)
        for folder in (ours, plain):
            _edit(chapters(folder)[0])
        yield Row("edit of prose to web book, s", measure([*cli, "html"], ours).seconds,
                   measure(book, plain).seconds, 20)
        yield Row("largest memory of all processes, MB", cold.peak_bytes / 1e6, plain_cold.peak_bytes / 1e6, 2000)
        part = quarter({name: float(seconds) for name, seconds in EXECUTED.findall(cold.output)})
        alone = [_some_chapters(folder, part, command) for folder, command in ((ours, OURS), (plain, book))]
        yield Row(f"execute and web book, {len(part)} chapters, cold, s", *(each.seconds for each in alone))
        yield Row("  four times the chapters cost, times", cold.step("Web book") / alone[0].seconds,
                  plain_cold.seconds / alone[1].seconds, digits=1)

        weights = []
        for folder in (ours, plain):
            page = chapters(folder)[0].relative_to(folder).with_suffix(".html")
            site = folder / "_build" / "html"
            weights.append(page_weight.weigh(site / page, site))
        yield Row("first load of a chapter, kB gzip", *(weight.gzip_bytes / 1e3 for weight in weights), 250)
        yield Row("first load of a chapter, requests", *(weight.requests for weight in weights), 15)
        yield Row("  of these to other hosts", *(len(weight.third_party) for weight in weights), 0)
        site = ours / "_build" / "html"
        every = [page_weight.weigh(path, site) for path in [site / "search.html", *site.glob("book/**/*.html")]]
        yield Row("first load of the heaviest page, kB gzip", max(weight.gzip_bytes for weight in every) / 1e3, None, 250)
        yield Row("most requests of a page", max(weight.requests for weight in every), None, 15)
        yield from _lighthouse(ours, plain)
        if printed is None:
            yield "No Chromium on this machine: plain Jupyter Book was not printed to PDF."


def quarter(seconds: Mapping[str, float]) -> list[str]:
    """A quarter of the chapters that execute in about a quarter of the time.

    Parameters
    ----------
    seconds : mapping of str to float
        Time that each chapter takes.
    """
    sets = combinations(sorted(seconds), max(1, len(seconds) // 4))
    return list(min(sets, key=lambda names: abs(4 * sum(seconds[name] for name in names) - sum(seconds.values()))))


def _some_chapters(folder: Path, names: list[str], command: list[str]) -> Run:
    """Execute and build some chapters from nothing, in a copy of their own; links to pages that are not there are let be."""
    copy = folder.with_name(f"{folder.name}-part")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("_build"))
    toc = {"format": "jb-book", "root": PAGE, "chapters": [{"file": name} for name in names]}
    (copy / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    done = measure(command, copy, codes=(0, 1))  # 1: there were warnings
    if missing := [name for name in names if not any(copy.glob(f"_build/**/html/{name}.html"))]:
        raise BuildError(f"a book of {', '.join(names)} has no page {missing[0]}:\n{done.output[-3000:]}")
    return done


def _lighthouse(*folders: Path) -> Iterator[Row | str]:
    """Scores of the front page, the ledger, a chapter and the heaviest chapter, on a phone."""
    browser = _chromium()
    if browser is None or lighthouse.command() is None:
        yield "Lighthouse was not asked: it takes Chromium and npm install --global lighthouse."
        return
    site = folders[0] / "_build" / "html"
    names = [str(path.relative_to(folders[0]).with_suffix("")) for path in chapters(folders[0])]
    heaviest = max(names, key=lambda name: page_weight.weigh(site / f"{name}.html", site).gzip_bytes)
    for name in dict.fromkeys(("book/index", "book/ledger", names[0], heaviest)):
        found = []
        for folder in folders:
            with lighthouse.served(folder / "_build" / "html") as address:
                found.append(lighthouse.scores(f"{address}{name}.html", browser))
        for category, least in lighthouse.CATEGORIES.items():
            yield Row(f"Lighthouse, {category}, {name.rsplit('/', 1)[-1]}", *(each[category] for each in found), least,
                      more_is_better=True)


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def _print_plain(folder: Path) -> Run | None:
    """One long page printed by a browser, the way of plain Jupyter Book that needs no LaTeX."""
    browser = _chromium()
    if browser is None:
        return None
    page = measure([str(JUPYTER_BOOK), "build", ".", "--builder", "singlehtml"], folder)
    source = next((folder / "_build" / "singlehtml").rglob("index.html"))
    target = folder / "_build" / "plain.pdf"
    paper = measure([browser, *PRINT, f"--print-to-pdf={target}", source.as_uri()], folder)
    return Run(page.seconds + paper.seconds, max(page.peak_bytes, paper.peak_bytes), "")


def _edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
