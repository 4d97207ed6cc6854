"""The command line: ``python -m trilateral <command>``; the Makefile is its thin face.

What a command needs is imported inside it, so that help and small commands answer at once.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from trilateral.publish.build import Places

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
                  help="Build, check and serve The Trilateral Ledger.")
out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


class Steps:
    """Progress of a run: the step at work in a live line on a terminal, each finished step with its time."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.last = ""

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        step = Step(name)
        if out.is_terminal:
            with out.status(name) as status:
                step.status = status
                yield step
        else:
            yield step
        out.print(f"[green]✓[/] {name:<12} {time.perf_counter() - step.started:6.1f} s  {step.result}")

    def total(self) -> float:
        return time.perf_counter() - self.started


class Step:
    """One step at work; `report` takes what `trilateral.publish.build` tells."""

    def __init__(self, name: str) -> None:
        self.name, self.result, self.status = name, "", None
        self.started = time.perf_counter()

    def report(self, kind: str, text: str) -> None:
        if kind == "done":
            out.print(f"  {text}", markup=False)
        elif self.status is not None:
            self.status.update(f"{self.name}: {text}")
        elif text.startswith("executing"):
            out.print(f"  {text} …", markup=False)


def plain_errors(command):
    """Let a command end with one clear message and a non-zero exit; ``--debug`` shows the traceback."""

    @functools.wraps(command)
    def run(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            err.print("\nstopped; what was built before is untouched")
            raise typer.Exit(130) from None
        except typer.Exit:
            raise
        except Exception as error:
            if os.environ.get("TRILATERAL_DEBUG"):
                raise
            known = isinstance(error, (RuntimeError, ValueError, OSError))
            err.print(f"[bold red]error:[/] {'' if known else type(error).__name__ + ': '}", end="")
            err.print(str(error), markup=False)
            if not known:
                err.print("(python -m trilateral --debug … shows where)")
            raise typer.Exit(1) from None
    return run


def command(name: str | None = None):
    return lambda function: app.command(name)(plain_errors(function))


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False) -> None:
    if debug:
        os.environ["TRILATERAL_DEBUG"] = "1"


def show(label: str, path: Path) -> None:
    size = path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    out.print(f"  {label:<10} {shown}{'/index.html' if path.is_dir() else ''}  ({size / 1e6:.1f} MB)", markup=False)


def check_sources(steps: Steps) -> None:
    """Validate every table and the register; all faults are reported together."""
    from trilateral import claims, data
    from trilateral.publish.build import BuildError

    with steps.step("Tables") as step:
        found = data.validate_all()
        faults = [error for error in found.values() if error is not None]
        if faults:
            raise BuildError("\n".join(map(str, faults)))
        step.result = f"{len(data.names())} tables keep their contracts"
    with steps.step("Register") as step:
        register = claims.read_register()
        ruled = sum(claim.has_rule for claim in register.claims.values())
        step.result = f"{len(register.claims)} claims, {ruled} with a rule"


def make_html(steps: Steps, places: Places) -> None:
    from trilateral.publish import build

    with steps.step("Web book") as step:
        build.html(places, step.report)
        step.result = f"{len(list(places.html.rglob('*.html')))} pages"


def make_pdf(steps: Steps, places: Places) -> None:
    from trilateral.publish import build

    with steps.step("PDF") as step:
        build.pdf(places, step.report)
        step.result = f"{places.pdf.stat().st_size / 1e6:.1f} MB"


def make_kit(steps: Steps, places: Places) -> None:
    from trilateral.publish import kit

    with steps.step("Kit") as step:
        names = kit.pack(places)
        step.result = f"{sum(name.endswith('.ipynb') for name in names)} notebooks, {len(names)} files"


@command()
def book() -> None:
    """Check the sources, then make the web book, the PDF, the kit and the verdicts."""
    from trilateral.publish import build

    steps, places = Steps(), build.Places()
    with build.alone(places):
        check_sources(steps)
        make_html(steps, places)
        make_pdf(steps, places)
        make_kit(steps, places)
        build.offer_downloads(places, PDF=places.pdf, Notebook_kit=places.kit)
    out.print(f"The book is built, in {steps.total():.0f} s:")
    show("web book", places.html)
    show("PDF", places.pdf)
    show("kit", places.kit)
    show("verdicts", places.ledger)


@command()
def html() -> None:
    """Make the web book and the verdicts."""
    from trilateral.publish import build

    steps, places = Steps(), build.Places()
    with build.alone(places):
        make_html(steps, places)
    show("web book", places.html)


@command()
def pdf() -> None:
    """Make the PDF, and first whatever of the web book it stands on."""
    from trilateral.publish import build

    steps, places = Steps(), build.Places()
    with build.alone(places):
        make_html(steps, places)
        make_pdf(steps, places)
    show("PDF", places.pdf)


@command()
def kit(check: Annotated[bool, typer.Option(
        "--check", help="Unpack it in an empty folder, run every notebook, compare the verdicts.")] = False) -> None:
    """Make the notebook kit, and first whatever of the web book it stands on."""
    from trilateral.publish import build, kit_check

    steps, places = Steps(), build.Places()
    with build.alone(places):
        make_html(steps, places)
        make_kit(steps, places)
        if check:
            with steps.step("Kit check") as step:
                step.result = f"{kit_check.run(places, step.report)} verdicts reproduced"
    show("kit", places.kit)


@command()
def notebooks() -> None:
    """Write every chapter as .ipynb into _build/notebooks."""
    from trilateral.publish import kit
    from trilateral.publish.build import Places

    places = Places()
    for path in kit.write_notebooks(places):
        out.print(f"  {path.relative_to(places.root)}", markup=False)


@command()
def data(names: Annotated[list[str] | None, typer.Argument(help="Tables; all of them if none is named.")] = None,
         check: Annotated[bool, typer.Option("--check", help="Compare with the committed ones only.")] = False,
         ) -> None:
    """Rebuild tables from the upstream files, byte for byte.

    The files come from the folder that TRILATERAL_UPSTREAM names, or are fetched by their pinned addresses; their
    hashes are checked either way.
    """
    from trilateral.publish.build import BuildError
    from trilateral.recipes import runner

    outcomes = runner.rebuild(names or None, check=check, report=lambda said: out.print(f"  {said}", markup=False))
    differing = [outcome.table for outcome in outcomes if outcome.status in ("changed", "new")]
    if check and differing:
        raise BuildError(f"these tables differ from what their recipes make: {', '.join(differing)}. "
                         "Write them anew: make data")
    out.print(f"{len(outcomes)} tables, {len(differing)} {'differ' if check else 'written'}")


@command()
def validate() -> None:
    """Check every table against its contract and the register against its schema and rules."""
    check_sources(Steps())


@command()
def serve(port: Annotated[int, typer.Option(help="Port on this machine.")] = 8000) -> None:
    """Show the built book in a browser, from this machine alone."""
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from trilateral.publish.build import BuildError, Places

    places = Places()
    if not (places.html / "index.html").exists():
        raise BuildError("there is no web book yet; make it first: make book")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=places.html)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise BuildError(f"port {port} cannot be used ({error.strerror}); name another: --port {port + 1}") from None
    out.print(f"http://localhost:{port} shows {places.html.relative_to(places.root)}; Ctrl-C ends it")
    with server:
        server.serve_forever()


@command()
def bench() -> None:
    """Time and weigh the book beside plain Jupyter Book on the same notebooks."""
    from trilateral.publish import bench as benchmark
    from trilateral.publish import build

    places = build.Places()
    with build.alone(places):
        for line in benchmark.run(places):
            out.print(line, markup=False)


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
def clean() -> None:
    """Remove what was built."""
    import shutil

    from trilateral.publish.build import Places

    shutil.rmtree(Places().build, ignore_errors=True)


def main() -> None:
    sys.exit(app())
