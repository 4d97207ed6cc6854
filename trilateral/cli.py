"""The command line: ``python -m trilateral <command>``; the Makefile is its thin face.

What a command needs is imported inside it, so that help and small commands answer at once.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from trilateral import data_commands, stopping
from trilateral.console import Steps, out, plain_errors, show
from trilateral.exit_codes import CODES, USAGE
from trilateral.steps import check_sources, make_html, make_kit, make_pdf

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
                  help="Build, check and serve The Trilateral Ledger.")
app.add_typer(data_commands.app, name="data")


def command(name: str | None = None, **shown: str):
    return lambda function: app.command(name, **shown)(plain_errors(function))


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False) -> None:
    if debug:
        os.environ["TRILATERAL_DEBUG"] = "1"


@command()
def book() -> None:
    """Check the sources, then make the web book, the PDF, the kit and the verdicts."""
    from trilateral.publish import build, kit, sphinx_runs

    steps, places = Steps(), build.Places()
    with sphinx_runs.making(places) as (sphinx, made):
        check_sources(steps)
        make_html(steps, sphinx, made)
        make_pdf(steps, sphinx, made)
        make_kit(steps, made)
        build.offer_downloads(made, PDF=made.pdf, Notebook_kit=made.kit)
        kit.offer_notebooks(made)
    out.print(f"The book is built, in {steps.total():.0f} s:")
    show("web book", places.html)
    show("PDF", places.pdf)
    show("kit", places.kit)
    show("verdicts", places.ledger)


@command()
def html() -> None:
    """Make the web book and the verdicts, without PDFs and kit in it."""
    from trilateral.publish import build, sphinx_runs

    steps, places = Steps(), build.Places()
    with sphinx_runs.making(places) as (sphinx, made):
        make_html(steps, sphinx, made)
    show("web book", places.html)
    out.print("It offers no PDF and no kit; those of the whole book come with: make book")


@command()
def pdf() -> None:
    """Make the PDFs of the book and its chapters, and first whatever of the web book they stand on."""
    from trilateral.publish import build, sphinx_runs

    steps, places = Steps(), build.Places()
    with sphinx_runs.making(places) as (sphinx, made):
        make_html(steps, sphinx, made)
        make_pdf(steps, sphinx, made)
        build.offer_downloads(made, PDF=made.pdf)
    show("PDF", places.pdf)


@command()
def kit(check: Annotated[bool, typer.Option(
        "--check", help="Unpack it in an empty folder, run every notebook, compare the verdicts.")] = False) -> None:
    """Make the notebook kit, and first whatever of the web book it stands on."""
    from trilateral.publish import build, kit_check, sphinx_runs
    from trilateral.publish import kit as kit_files

    steps, places = Steps(), build.Places()
    with sphinx_runs.making(places) as (sphinx, made):
        make_html(steps, sphinx, made)
        sphinx.end()
        make_kit(steps, made)
        if check:
            with steps.step("Kit check") as step:
                step.result = f"{kit_check.run(made, step.report)} verdicts reproduced"
        build.offer_downloads(made, Notebook_kit=made.kit)
        kit_files.offer_notebooks(made)
    show("kit", places.kit)


EXAMPLES = ["examples:", *(f".venv/bin/python -m trilateral notebooks {each}" for each in (
    "threats pandemic", "coercion --parameters", "coercion --set LEAST=10000 --set WINDOW=9", "--as-of 2023-12-31"))]


Chapters = Annotated[list[str] | None, typer.Argument(help="Chapters, such as threats; without one all, with --set those "
                                                          "that set the name.")]
Changes = Annotated[list[str] | None, typer.Option(
    "--set", metavar="NAME=VALUE", help="Run with another value for a name in capitals; VALUE is Python, a text may stand "
    "without quotes; may be repeated; what ran goes into _build/notebooks/changed.")]
Day = Annotated[str | None, typer.Option(
    "--as-of", metavar="DATE", help="Run as if the record ended on a day since the later brief, such as 2023-12-31; what ran "
    "goes into _build/notebooks/as-of-DATE, with --set into changed-as-of-DATE.")]
Listed = Annotated[bool, typer.Option("--parameters", help="Print the names that can be set, with their values and a remark "
                                      "each, and run nothing.")]


@command(epilog="\n\n".join([*EXAMPLES, *CODES, "make has an exit code of its own and names this one, as Error 3."]))
def notebooks(chapter: Chapters = None, change: Changes = None, day: Day = None, parameters: Listed = False,
              jobs: Annotated[int, typer.Option(min=1, help="How many run at a time.")] = 2,
              run: Annotated[bool, typer.Option(help="Execute them; --no-run writes them alone.")] = True) -> None:
    """Write chapters as .ipynb into _build/notebooks, execute them and compare their verdicts with the built book.

    Where there is no built book yet, it is made first.
    """
    from trilateral import asked, earlier, execution, outcome, rerun
    from trilateral.publish import build, kit, sphinx_runs
    from trilateral.publish.facts import entries

    places = build.Places()
    changes, day = asked.wanted(change or [], day)
    if parameters:
        asked.alone(changes, day)
        out.print(*asked.listed(kit.sources(chapter or ())), sep="\n", markup=False, highlight=False, soft_wrap=True)
        return
    if not places.ledger.exists():
        out.print("There is no built book to compare with: it is made first.")
        with sphinx_runs.making(places) as (sphinx, made):
            make_html(Steps(), sphinx, made)
    try:
        written = kit.write_notebooks(places, chapter or (), strict=not run)
    except build.BuildError as error:  # nothing ran
        error.exit_code = USAGE
        raise
    show("notebooks", places.notebooks)
    if not run:
        return
    rerun.prepare()
    runs = execution.run_all(written, places.notebooks, asked.place(places.notebooks, changes, day),
                         lambda line: out.print(line, markup=False), jobs, changes, day)
    ledger = entries(places.ledger)
    lines, code = earlier.summary(runs, ledger, day) if day else outcome.summary(runs, ledger, bool(changes))
    out.print("", *lines, sep="\n", markup=False)
    raise typer.Exit(code)


@command()
def validate() -> None:
    """Check every table against its contract and the register against its schema and rules."""
    check_sources(Steps())


@command()
def diff(old: Annotated[Path | None, typer.Argument(help="A ledger.json, or the folder of a built book; without it, the "
                                                       "verdicts last accepted.")] = None,
         new: Annotated[Path | None, typer.Argument(help="Another; without it, the book in _build.")] = None,
         declared: Annotated[bool, typer.Option("--declared", help="Fail where appendix/changes names no reason.")] = False,
         accept: Annotated[bool, typer.Option("--accept", help="Keep the new verdicts as the accepted ones; every move and "
                                              "every changed rule must be declared.")] = False) -> None:
    """Tell which verdicts and rules differ between two books, and which table, rule or code differs with a verdict."""
    from trilateral.publish import build, differences

    before, after = (differences.read(path) for path in (old or differences.ACCEPTED, new or build.Places().html))
    moved = differences.between(before, after)
    differing = [*moved, *differences.revised(before, differences.rules_of(after)),
                 *differences.removed(before, after["claims"])]
    silent = differences.undeclared(differing, differences.CHANGES.read_text(encoding="utf-8"))
    for each in differing:
        out.print(f"{each}{'' if each in silent else '; declared'}", markup=False)
    for line in differences.first(before, after):
        out.print(line, markup=False)
    if not moved:
        out.print(f"no verdict differs, of {len(after['claims'])} claims")
    if silent and (declared or accept):
        raise build.BuildError(differences.advice(silent))
    if accept:
        differences.accept(after, differences.ACCEPTED)
        show("accepted verdicts", differences.ACCEPTED)


@command()
def serve(port: Annotated[int, typer.Option(help="Port on this machine.")] = 8000) -> None:
    """Show the built book in a browser, from this machine alone."""
    from http.server import ThreadingHTTPServer

    from trilateral.publish.build import BuildError, Places
    from trilateral.publish.missing import Handler

    places = Places()
    if not (places.html / "index.html").exists():
        raise BuildError("there is no web book yet; make it first: make book")
    handler = functools.partial(Handler, directory=places.html)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        raise BuildError(f"port {port} cannot be used ({getattr(error, 'strerror', 'there is none')}); name another, such as "
                         f"--port {port + 1 if port < 65535 else 8000}") from None
    out.print(f"http://localhost:{server.server_port} shows {places.html.relative_to(places.root)}; Ctrl-C ends it")
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@plain_errors
def lab(context: typer.Context,
        prepare: Annotated[bool, typer.Option("--prepare", help="Set up this environment and open nothing.")] = False) -> None:
    """Open the chapters as notebooks in JupyterLab; further arguments are those of jupyter lab."""
    from trilateral import lab as jupyter

    if prepare:
        jupyter.prepare(Path(sys.prefix))
    else:
        raise typer.Exit(jupyter.open_chapters(context.args))


@command()
def addresses(accept: Annotated[bool, typer.Option("--accept", help="Add the addresses of the built book to those that are "
                                                   "published and must stay.")] = False) -> None:
    """Tell which published addresses the built book neither has nor redirects; that there is one is an error."""
    from trilateral.publish import addresses as published
    from trilateral.publish.build import BuildError, Places

    places = Places()
    if not (places.html / "downloads").is_dir():
        raise BuildError("there is no whole book yet; make it first: make book")
    path = places.root / published.PUBLISHED
    known, now = published.read(path), published.built(places.html)
    lost = published.lost(known, now, published.redirects(places.root / published.REDIRECTS))
    if lost:
        raise BuildError(published.advice(lost))
    new = set(now) - set(known)
    out.print(f"{len(known)} published addresses, all there; {len(new)} more in the built book")
    if accept:
        path.write_text(published.written([*known, *now]), encoding="utf-8")
        show("published addresses", path)


@command()
def bench(keep: Annotated[bool, typer.Option("--keep", help="Put the table into the README.")] = False) -> None:
    """Time and weigh the book beside plain Jupyter Book on the same notebooks; a missed budget is an error."""
    from trilateral.publish import bench as benchmark
    from trilateral.publish import build

    places = build.Places()
    with build.alone(places):
        missed, lines = [], []
        for line in benchmark.run(places):
            out.print(str(line), markup=False)
            lines.append(str(line))
            missed += [line.label.strip()] if getattr(line, "missed", False) else []
    if keep:
        benchmark.keep(lines, places.root / "README.md")
    if missed:
        raise build.BuildError(f"{len(missed)} of the budgets missed: {'; '.join(missed)}")


@command()
def mutate(sample: Annotated[int | None, typer.Option(help="So many tables by lot, one damage of each kind; without it, all "
                                                         "tables and damages.")] = None,
           seed: Annotated[int, typer.Option(help="Draws the damages.")] = 0,
           pages: Annotated[bool, typer.Option("--pages/--no-pages", help="Run the chapters on what no check stops.")] = True,
           keep: Annotated[bool, typer.Option("--keep", help="Keep the counts for the appendix.")] = False) -> None:
    """Damage tables in every way we know, and count what a check stops, what changes a page, and what goes unnoticed."""
    from trilateral.mutation import run
    from trilateral.publish import build, mutation_results

    steps, places = Steps(), build.Places()
    with build.alone(places):
        tables = mutation_results.hashes()
        with steps.step("Damage") as step:
            results = run.run(run.sampled(sample, seed), seed, sample is None, pages, step.report)
            step.result = f"{len(results):,} damaged tables"
        run.log(results, run.KEPT / "results.jsonl")
    counts = run.counts(results)
    for row in (mutation_results.heads(counts), *mutation_results.rows(counts)):
        out.print(f"{row[0]:<24}" + "".join(f"{cell:>19}" for cell in row[1:]), markup=False)
    if keep:
        run.record(results, seed, mutation_results.FILE, tables)
        show("counts", mutation_results.FILE)
    show("each", run.KEPT / "results.jsonl")
    if said := run.missed(results):
        raise build.BuildError("\n".join(said))


@command()
def lock(keep: Annotated[bool, typer.Option("--keep", help="Keep the versions that still fit.")] = False) -> None:
    """Renew the lock files from pyproject.toml."""
    from trilateral import environment
    from trilateral.publish import locks
    from trilateral.publish.build import BuildError

    uv = environment.find_uv(environment.ROOT / ".venv")
    if uv is None:
        raise BuildError("uv cannot be installed, and only uv writes locks for every platform")
    changed = locks.renew(uv, upgrade=not keep)
    out.print("changed: " + ", ".join(changed) if changed else "the locks are up to date")


@command()
def audit() -> None:
    """Look the locked packages up in the database of known vulnerabilities."""
    from trilateral import environment
    from trilateral.publish import audit as vulnerabilities
    from trilateral.publish.build import BuildError

    uv = environment.find_uv(environment.ROOT / ".venv")
    if uv is None:
        raise BuildError("uv cannot be installed, and with it no auditing tool")
    out.print(vulnerabilities.run(vulnerabilities.install(uv, environment.ROOT / ".venv" / "audit")).said())


@command()
def licenses() -> None:
    """Renew the table of packages and their licenses from the environment, after the locks."""
    from trilateral.publish import licenses as packages

    packages.TABLE.write_text(packages.table(), encoding="utf-8")
    out.print(f"{packages.TABLE.relative_to(packages.ROOT)}: {len(packages.locked())} packages")


@command()
def clean() -> None:
    """Remove what was built."""
    import shutil

    from trilateral.publish.build import Places

    shutil.rmtree(Places().build, ignore_errors=True)


def main() -> None:
    stopping.heed()
    sys.exit(app())
