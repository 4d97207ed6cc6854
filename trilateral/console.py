"""How commands speak: steps with their times, progress on a terminal, and one clear message for an error."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console

from trilateral.stopping import exit_code

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
    """Let a command end with one clear message and a non-zero exit; ``--debug`` shows the traceback.

    The package's own errors say what to do, and those of the machine what is wrong with it, such as a full disk. Any other
    was not foreseen: its kind goes before what it says, and how to see where it comes from behind.
    """

    @functools.wraps(command)
    def run(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt as stop:
            from trilateral.publish import build

            built = build.Places().built()
            err.print("\nstopped; " + ("the last whole book is in place" if built else "nothing was built yet"))
            raise typer.Exit(exit_code(stop)) from None
        except typer.Exit:
            raise
        except Exception as error:
            if os.environ.get("TRILATERAL_DEBUG"):
                raise
            known = type(error).__module__.startswith("trilateral.") or (isinstance(error, OSError) and error.errno)
            err.print(f"[bold red]error:[/] {'' if known else type(error).__name__ + ': '}", end="")
            err.print(str(error), markup=False)
            if not known:
                err.print("(python -m trilateral --debug … shows where)")
            raise typer.Exit(getattr(error, "exit_code", 1)) from None
    return run


def show(label: str, path: Path) -> None:
    size = path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    start = "/index.html" if (path / "index.html").is_file() else ""
    out.print(f"  {label:<10} {shown}{start}  ({size / 1e6:.1f} MB)", markup=False)
