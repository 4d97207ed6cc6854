"""``python -m trilateral data …``: list, show, check, build, fetch and refresh the tables.

What a command needs is imported inside it, so that help and small commands answer at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from trilateral.console import Steps, out, plain_errors
from trilateral.steps import check_tables, make_html

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False,
                  help="The tables of data/: what there is, whether it keeps its contract, where it comes from.")

NAMES = Annotated[list[str] | None, typer.Argument(help="Tables; all of them if none is named.")]
ROWS_SHOWN = 8
WIDE = 200  # columns of a listing that goes into a file


def command(name: str):
    def register(function: Callable) -> Callable:
        paragraphs = (function.__doc__ or "").split("\n\n")  # the help breaks lines anew only within one line
        return app.command(name, help="\n\n".join(" ".join(each.split()) for each in paragraphs))(plain_errors(function))
    return register


@contextmanager
def following() -> Iterator[Callable[[Any], None]]:
    """A callback that draws downloads as bars on a terminal, or as a line a quarter elsewhere, and prints the rest."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from trilateral.recipes.upstream import Progress as Download

    bars = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
                    console=out, transient=True, disable=not out.is_terminal)
    tasks: dict[str, Any] = {}
    quarters: dict[str, int] = {}

    def report(said: Any) -> None:
        if not isinstance(said, Download):
            bars.console.print(f"  {said}", markup=False)
        elif out.is_terminal:
            task = tasks.setdefault(said.file, None)
            if task is None:
                task = tasks[said.file] = bars.add_task(said.file, total=said.total)
            bars.update(task, completed=said.got, total=said.total, visible=said.got < said.total)
        elif said.got * 4 // max(said.total, 1) > quarters.get(said.file, -1):
            quarters[said.file] = said.got * 4 // max(said.total, 1)
            out.print(f"  {said}", markup=False)

    with bars:
        yield report


@command("list")
def list_tables(claim: Annotated[str, typer.Option(help="Only tables for this claim of the register.")] = "",
                chapter: Annotated[str, typer.Option(help="Only tables for claims of this chapter.")] = "") -> None:
    """All tables with size, years, countries, grade, license and vintage."""
    from rich.table import Table as Grid

    from trilateral import claims, contract
    from trilateral.data import DATA, TableError, names

    register = claims.read_register()
    if claim and claim not in register.claims:
        raise TableError(f"{claim}: no such claim ({contract.near(claim, register.claims)})")
    chapters = {each.chapter for each in register.claims.values()}
    if chapter and chapter not in chapters:
        raise TableError(f"{chapter}: no such chapter ({contract.near(chapter, chapters)})")
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for title in ("table", "rows", "kB", "years", "countries", "grade", "license", "may pass on", "vintage"):
        grid.add_column(title, justify="right" if title in ("rows", "kB") else "left", no_wrap=True,
                        max_width=28 if title == "license" else None)
    shown = size = 0
    for name in names():
        meta = contract.read_sidecar(DATA / f"{name}.yml")
        if claim and claim not in meta["claims"]:
            continue
        if chapter and not any(register.claims[each].chapter == chapter for each in meta["claims"]):
            continue
        raw = (DATA / f"{name}.csv").read_bytes() if (DATA / f"{name}.csv").exists() else b""
        countries = meta["coverage"]["countries"]
        rows = max(raw.count(b"\n") - 1, 0)
        grid.add_row(name, f"{rows:,}", f"{len(raw) / 1000:,.0f}", meta["coverage"]["years"],
                     " ".join(countries) if len(countries) <= 5 else f"{len(countries)} countries", meta["grade"],
                     meta["licence"]["name"], meta["licence"]["redistribution"], meta["vintage"])
        shown, size = shown + 1, size + len(raw)
    _wide(grid)
    out.print(f"{shown} tables, {size / 1e6:.1f} MB")


@command("show")
def show_table(name: Annotated[str, typer.Argument(help="A table; its name is the stem of its files.")]) -> None:
    """One table: where it comes from, its columns and first rows, its caveats, the claims it serves."""
    from rich.table import Table as Grid

    from trilateral import claims, contract
    from trilateral.data import load

    table = load(name)
    meta, register = table.meta, claims.read_register()
    out.print(f"[bold]{name}[/]  {len(table.frame):,} rows")
    for label, text in (("Title", meta["title"]), ("Meaning", meta["description"]), ("Producer", meta["producer"]),
                        ("Cite as", meta["citation"]),
                        ("License", f"{meta['licence']['name']} (redistribution: {meta['licence']['redistribution']}). "
                                    f"{meta['licence']['note']}"),
                        ("Facts", meta["licence"].get("why", "")),
                        ("Vintage", f"{meta['vintage']}, retrieved {meta['retrieved']}"),
                        ("Grade", f"{table.grade}: {meta['grade_reason']}"),
                        ("Coverage", f"{meta['coverage']['years']}; {', '.join(meta['coverage']['countries'])}"),
                        ("Key", ", ".join(meta["primary_key"])),
                        ("Made by", f"trilateral/recipes/{meta['recipe']}.py")):
        if text:
            out.print(f"  {label:<9} {' '.join(text.split())}", markup=False)
    for entry in meta.get("upstream", []):
        out.print(f"  Upstream  {entry['source']}/{entry['file']} ({entry['bytes'] / 1e6:.1f} MB): {entry['url']}",
                  markup=False)
    for file in meta.get("curated", []):
        out.print(f"  By hand   data/curated/{file}", markup=False)
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for title in ("column", "type", "unit", "empty", "meaning"):
        grid.add_column(title)
    for column in meta["columns"]:
        empty = table.frame[column["name"]].isna().mean()
        grid.add_row(column["name"], column["type"], column.get("unit", ""), f"{empty:.0%}" if empty else "",
                     " ".join(column["description"].split()))
    out.print("Columns")
    _wide(grid)
    out.print("First rows")
    out.print(table.frame.head(ROWS_SHOWN).to_string(index=False, max_colwidth=30), markup=False)
    for caveat in meta["caveats"]:
        out.print(f"Caveat: {' '.join(caveat.split())}", markup=False)
    for claim in meta["claims"]:
        known = register.claims.get(claim)
        out.print(f"Serves {claim}" + (f" ({known.chapter}): {known.paraphrase}" if known else ", which is not in "
                  f"book/claims.yml ({contract.near(claim, register.claims)})"), markup=False)


def _wide(grid: Any) -> None:
    """Print a grid in the width of the terminal; into a file or a pipe, in the width it needs."""
    from rich.console import Console

    Console(width=None if out.is_terminal else WIDE, highlight=False).print(grid)


@command("check")
def check(names: NAMES = None, upstream: Annotated[bool, typer.Option(
        "--upstream", help="Also run every recipe, or those of the tables named, on its upstream files and compare byte for "
                           "byte.")] = False) -> None:
    """Check every table: contract, keys between tables, totals, data package, claims, and what was collected by hand.

    Tables that are named are those whose recipes ``--upstream`` runs; the rest is asked of all.
    """
    steps = Steps()
    check_tables(steps)
    if upstream:
        with steps.step("Recipes") as step, following() as report:
            outcomes = compare(names or None, report)
            made = sum(outcome.table != "datapackage.json" for outcome in outcomes)
            step.result = f"{made} tables are what their recipes make of the upstream files"


@command("build")
def build(names: NAMES = None) -> None:
    """Make tables from their upstream files and write those that changed.

    The files come from the folder that TRILATERAL_UPSTREAM names, or are fetched by their pinned addresses; their hashes
    are checked either way. Nothing is written unless every table keeps its contract.
    """
    from trilateral.recipes import runner

    with following() as report:
        outcomes = runner.rebuild(names or None, report=report)
    written = sum(outcome.status in ("changed", "new") for outcome in outcomes)
    out.print(f"{len(outcomes)} files, {written} written")


@command("accept")
def accept(names: NAMES = None) -> None:
    """Keep the sums of tables by country and year as right, after a look at those that moved.

    A check and a build compare every table with the sums last accepted (data/totals), and stop where one differs.
    """
    from trilateral import data, totals

    for name in names or data.names():
        for line in totals.accept(name):
            out.print(f"  {line}", markup=False)


def compare(names: list[str] | None, report: Callable) -> list:
    """Compare tables with what their recipes make of the upstream files; a difference is an error."""
    from trilateral.publish.build import BuildError
    from trilateral.recipes import runner

    outcomes = runner.rebuild(names, check=True, report=report)
    differing = [outcome.table for outcome in outcomes if outcome.status in ("changed", "new")]
    if differing:
        raise BuildError(f"these differ from what their recipes make: {', '.join(differing)}. Look at the lines above; to "
                         "take what the recipes make: python -m trilateral data build")
    return outcomes


@command("fetch")
def fetch(names: NAMES = None) -> None:
    """Download the pinned upstream files, with progress, and check their hashes; no table is touched.

    A download that was cut off goes on where it stopped. Files already here are not fetched again.
    """
    from collections import Counter

    from trilateral.contract import read_sidecar
    from trilateral.data import DATA
    from trilateral.recipes import runner, upstream

    sidecars = {path.stem: read_sidecar(path) for path in sorted(DATA.glob("*.yml"))}
    entries = [entry for name in runner.wanted(names, sidecars) for entry in sidecars[name].get("upstream", [])]
    with following() as report:
        outcomes = upstream.fetch_all(entries, report)
    counted = Counter(outcome.status for outcome in outcomes)
    out.print(f"{len(outcomes)} files: " + ", ".join(f"{number} {status}" for status, number in sorted(counted.items())))
    if counted["failed"]:
        raise typer.Exit(1)


@command("refresh")
def refresh(names: NAMES = None,
            source: Annotated[Path | None, typer.Option("--from", help="Folder with <source>/<file>; without it, the newest "
                                                        "commit of each repository is fetched.", exists=True,
                                                        file_okay=False)] = None,
            verdicts: Annotated[bool, typer.Option("--verdicts/--no-verdicts", help="Run the chapters that read a changed "
                                                   "table and compare verdicts.")] = True) -> None:
    """Take newer upstream bytes, write new tables to the side, print what changed: rows, values, verdicts.

    The committed tables stay. New ones lie in _build/refresh/data, each with a sidecar that pins the new bytes; to take
    one, copy both files into data/ and run data build.
    """
    from trilateral.publish import build, rejudge, sphinx_runs
    from trilateral.recipes import refresh as recipes

    with following() as report:
        outcomes = recipes.refresh(names or None, source, lambda said: report(said) if not isinstance(said, recipes.Refreshed)
                                   else _tell(said))
    changed = [outcome.table for outcome in outcomes if outcome.status == "changed"]
    if changed and verdicts:
        steps, places = Steps(), build.Places()
        with build.alone(places):
            with sphinx_runs.Sphinx(places) as sphinx, build.edition(places) as made:
                make_html(steps, sphinx, made)
            with steps.step("Verdicts") as step:
                moved = rejudge.run(places, recipes.PLACE, changed, step.report)
                step.result = f"{len(moved)} would move"
        for line in moved:
            out.print(f"  {line}", markup=False)
    new = sum(outcome.status == "new" for outcome in outcomes)
    place = f"; they lie in {recipes.PLACE / 'data'}" if changed or new else ""
    out.print(f"{len(outcomes)} tables, {len(changed)} changed" + f", {new} new" * bool(new) + place)
    if any(outcome.status == "stopped" for outcome in outcomes):
        raise typer.Exit(1)


def _tell(outcome: Any) -> None:
    out.print(f"  {outcome.table}: {outcome.status}" + (f" ({outcome.detail})" if outcome.detail else ""), markup=False)
    for line in outcome.difference.lines() if outcome.difference else []:
        out.print(f"    {line}", markup=False)
    for line in outcome.later:
        out.print(f"    its sidecar ends later, {line}: correct coverage, vintage and citation there", markup=False)
