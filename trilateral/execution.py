"""Execute notebooks, several at a time, and write each as it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

from trilateral import asked, earlier, edited, failures, files, parameters, reproduce
from trilateral.failures import Failure
from trilateral.outcome import Run, cells

PATIENCE = 900  # seconds that a cell may take
BANNER = "changed"  # id of the cell at the top that says what is not as published
NOT_STARTED, STARTS = "before replying to kernel_info", 3  # two kernels that start at once may reach for one port


class Kernels:
    """Those at work in one process, so that they can be ended before their cells are through."""

    def __init__(self) -> None:
        self.ended, self.runners = False, []

    def end(self) -> None:
        self.ended = True
        for runner in self.runners:
            process = getattr(getattr(runner.km, "provisioner", None), "process", None)
            if process is not None:
                process.kill()

    def end_all(self, runs: Iterable[Future]) -> None:
        """End them, also those that start meanwhile, until no run is left."""
        while left := [run for run in runs if not run.done()]:
            self.end()
            wait(left, timeout=0.5)


def execute(notebook: nbformat.NotebookNode, home: Path, changed: bool = False,
            kernels: Kernels | None = None) -> None:
    """Run every cell, also those behind one that fails; outputs go into the notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Outputs it has are replaced.
    home : Path
        Folder in which its kernel works.
    changed : bool
        Whether something is set otherwise than published, which the verdict cards then say.
    kernels : Kernels, optional
        Takes what runs it.
    """
    mark = [f"--IPKernelApp.exec_lines=import os; os.environ['{edited.CHANGED}'] = '1'"] if changed else []
    # without the argument each kernel warns of connections that never leave this machine
    runner = ExecutePreprocessor(timeout=PATIENCE, kernel_name="python3", allow_errors=True, record_timing=False,
                                 extra_arguments=["--log-level=ERROR", *mark])
    if kernels:
        kernels.runners.append(runner)
    for start in range(1, STARTS + 1):
        try:
            runner.preprocess(notebook, {"metadata": {"path": str(home)}})
            return
        except RuntimeError as error:  # a kernel that never started has run nothing
            if NOT_STARTED not in str(error) or start == STARTS:
                raise


def run(path: Path, home: Path, target: Path, changes: Mapping[str, str], day: str | None = None,
        edits: Sequence[str] = (), kernels: Kernels | None = None) -> Run:
    """Execute one notebook file, if asked as of an earlier day, and write it with its results."""
    started = time.perf_counter()
    notebook, unwritten = files.notebook(path), ""
    edits = [*edits, *reproduce.recoded(path.stem, notebook)]
    typed, notebook = parameters.by_hand(notebook), parameters.restored(notebook, changes)
    parameters.alter(notebook, changes | ({parameters.AS_OF: day} if day else {}))
    changes = typed | changes
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != BANNER]  # of an earlier run
    try:
        execute(notebook, home, bool(changes or day), kernels)
        failed = failures.found(notebook)
        failures.explain(notebook, failed)
    except Exception as error:  # the kernel died or a cell never ended: the other notebooks still run
        if kernels and kernels.ended:  # half a notebook is not written
            raise
        failed = [Failure(0, "", type(error).__name__, str(error).strip())]
    broken = [failure for failure in failed if not (failure.of_words or failure.of_short_record)]
    if banner := told(changes, day, edits, broken):
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(banner, id=BANNER))
    try:
        files.write(notebook, target)
    except files.UnwrittenError as error:
        unwritten = str(error)
    return Run(path.stem, time.perf_counter() - started, reproduce.judgements(notebook), failed,
               earlier.fixed(notebook, day) if day else (), edits, [f"{name} = {value}" for name, value in changes.items()],
               unwritten)


def told(changes: Mapping[str, str], day: str | None, edits: Sequence[str] = (), failed: Sequence[Failure] = ()) -> str:
    """What a notebook that was changed, or failed, says of itself at its top, since its text is that of the published one."""
    said = [f"`{name} = {value}`" for name, value in changes.items()] + ([f"the record ends on {day}"] if day else [])
    others, parts = [edit.replace(" changed:", ":", 1) for edit in edits], []
    if said or edits:
        parts.append(f"**Changed: {'; '.join([*filter(None, [', '.join(said)]), *others])}.** What the cells show follows from "
                     "this. The numbers and verdicts in the text are the published ones, and the caveats of verdicts and the "
                     "notes of figures were written for them.")
    if number := cells(failed):
        parts.append(f"**{number} {'cell' if number == 1 else 'cells'} failed.** What rests on "
                     f"{'it' if number == 1 else 'them'} is missing.")
    return "\n\n".join(parts)


def run_all(paths: Iterable[Path], home: Path, target: Path, say: Callable[[str], None], jobs: int,
            changes: Mapping[str, str] | None = None, day: str | None = None) -> list[Run]:
    """Execute notebooks side by side, with a line for each as it ends; in the order of their names.

    Parameters
    ----------
    paths : iterable of Path
        Notebooks; the longest start first.
    home, target : Path
        Folder in which the kernels work, and the one that takes the executed notebooks.
    say : callable
        Takes the lines.
    jobs : int
        How many run at a time; each takes a processor and up to half a gigabyte.
    changes : mapping of str to str, optional
        Other values for names in capitals; notebooks that set none of them are not run.
    day : str, optional
        The record ends here; see `trilateral.earlier`.

    Raises
    ------
    ValueError
        As `trilateral.asked.planned`, or a notebook could not be written, before anything has run.
    KeyboardInterrupt
        It was stopped, and with it the kernels of notebooks that had not ended; those are not written. It has the names of
        the others as `written`.
    """
    plan = asked.planned(paths := list(paths), changes or {}, day)
    if left := sorted(path.stem for path in paths if path not in plan):
        say(f"not run, since they set no {' or '.join(changes or {})}: {', '.join(left)}")
    edits = reproduce.edits()
    files.prepare(target / path.name for path in plan)
    paths = sorted(plan, key=lambda path: -path.stat().st_size)
    say(f"running {len(paths)} notebook{'s' * (len(paths) > 1)}" + f", {jobs} at a time" * (len(paths) > 1))
    pool, kernels, waiting, runs = ThreadPoolExecutor(jobs), Kernels(), {}, []
    try:
        waiting = {pool.submit(run, path, home, target / path.name, plan[path], day, edits, kernels): path.stem
                   for path in paths}
        for done in as_completed(waiting):
            runs.append(done.result())
            last = runs[-1]
            say(f"{len(runs):>3} of {len(paths)}  {last.chapter:<20} {last.seconds:6.1f} s  {last.outcome()}")
    except KeyboardInterrupt as stop:
        kernels.end()
        pool.shutdown(wait=False, cancel_futures=True)
        say(f"stopping {', '.join(sorted(name for each, name in waiting.items() if each.running())) or 'at once'}")
        kernels.end_all(waiting)
        stop.written = sorted(name for each, name in waiting.items() if _wrote(each))
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        files.remove_empty(target)
    return sorted(runs, key=lambda run: run.chapter)


def _wrote(run: Future) -> bool:
    return run.done() and not run.cancelled() and run.exception() is None and not run.result().unwritten
