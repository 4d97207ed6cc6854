"""Execute notebooks, several at a time, and compare their verdicts with the published ones: ``python -m trilateral.rerun``."""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

from trilateral import choices, claims, earlier, edited, failures, parameters, reproduce, shifts, stopping
from trilateral.exit_codes import AGREE, CODES, DIFFER, FAILED, USAGE
from trilateral.failures import Failure

JOBS = 2
PATIENCE = 900  # seconds that a cell may take
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # of sums, whose last digits depend on their number
EXAMPLES = ["examples, in the folder of the kit:", *(f"env/bin/python -m trilateral.rerun{each}" for each in (
    "", " threats pandemic", " coercion --parameters", " coercion --set LEAST=10000 --set WINDOW=9",
    """ pandemic --set 'STRICT_TO="2021-06-27"'""", " --as-of 2023-12-31"))]
BANNER = "changed"  # id of the cell at the top that says what is not as published
NOT_STARTED, STARTS = "before replying to kernel_info", 3  # two kernels that start at once may reach for one port


@dataclass(frozen=True)
class Run:
    """One executed notebook: its time, its judgements by claim, the cells that failed.

    Where it ran as of an earlier day, `fixed` names the cells whose code names a later time. `edits` are the tables and rules
    that were not as published, as `trilateral.reproduce.edits` gives them, `changes` the names that were set otherwise, each
    with its value.
    """

    chapter: str
    seconds: float
    judged: Mapping[str, Mapping] = field(default_factory=dict)
    failed: Sequence[Failure] = ()
    fixed: Sequence[str] = ()
    edits: Sequence[str] = ()
    changes: Sequence[str] = ()

    def outcome(self) -> str:
        """What came of it, in a few words."""
        parts = [f"{len(self.judged)} verdict{'' if len(self.judged) == 1 else 's'}"]
        failed = [failure for failure in self.failed if not failure.of_words]
        for one, more, short in (("cell failed", "cells failed", False),
                                 ("cell has too little on record", "cells have too little on record", True)):
            number = cells([failure for failure in failed if failure.of_short_record is short])
            parts += [f"{number} {one if number == 1 else more}"] if number else []
        return ", ".join(parts)


def cells(failed: Iterable[Failure]) -> int:
    """How many cells did not run to their end, those that needed another included."""
    return sum(1 + len(failure.followers) for failure in failed)


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
    notebook = nbformat.read(path, as_version=4)
    alter(notebook, changes | ({parameters.AS_OF: day} if day else {}))
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != BANNER]  # of an earlier run
    try:
        execute(notebook, home, bool(changes or day), kernels)
        failed = failures.found(notebook)
        failures.explain(notebook, failed)
    except Exception as error:  # the kernel died or a cell never ended: the other notebooks still run
        if kernels and kernels.ended:  # half a notebook is not written
            raise
        failed = [Failure(0, "", type(error).__name__, str(error).strip()[-failures.SAID:])]
    broken = [failure for failure in failed if not (failure.of_words or failure.of_short_record)]
    if banner := told(changes, day, edits, broken):
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(banner, id=BANNER))
    nbformat.write(notebook, target)
    return Run(path.stem, time.perf_counter() - started, reproduce.judgements(notebook), failed,
               earlier.fixed(notebook, day) if day else (), edits, [f"{name} = {value}" for name, value in changes.items()])


def told(changes: Mapping[str, str], day: str | None, edits: Sequence[str] = (), failed: Sequence[Failure] = ()) -> str:
    """What a notebook that was changed, or failed, says of itself at its top, since its text is that of the published one."""
    said = [f"`{name} = {value}`" for name, value in changes.items()] + ([f"the record ends on {day}"] if day else [])
    parts = []
    if said or edits:
        parts.append(f"**Changed: {'; '.join([*filter(None, [', '.join(said)]), *edits])}.** What the cells show follows from "
                     "this. The numbers and verdicts in the text are the published ones, and the caveats of verdicts and the "
                     "notes of figures were written for them.")
    if number := cells(failed):
        parts.append(f"**{number} {'cell' if number == 1 else 'cells'} failed.** What rests on "
                     f"{'it' if number == 1 else 'them'} is missing.")
    return "\n\n".join(parts)


def alter(notebook: nbformat.NotebookNode, changes: Mapping[str, str]) -> None:
    """Set names in capitals to other values, in the source of the notebook."""
    cells = parameters.code(notebook)
    sources = [cell.source for cell in cells]
    for name, value in changes.items():
        sources = parameters.change(sources, name, value)
    for cell, source in zip(cells, sources, strict=True):
        cell.source = source


def planned(paths: Iterable[Path], changes: Mapping[str, str], day: str | None = None) -> dict[Path, dict[str, str]]:
    """The notebooks to run, each with the changes that concern it: all of them without changes, else those that set a name.

    Raises
    ------
    ParameterError
        A change cannot be made, is of a kind that a name cannot take, none of the notebooks sets a name, or one that shall end
        its record earlier has no `AS_OF`.
    """
    paths, plan, known = list(paths), {}, set()
    for path in paths if changes or day else ():
        notebook = nbformat.read(path, as_version=4)
        held = parameters.names([cell.source for cell in parameters.code(notebook)])
        known.update(held)
        own = {name: value for name, value in changes.items() if name in held or len(paths) == 1}
        try:
            choices.check(notebook, own)
            alter(notebook, own | ({parameters.AS_OF: day} if day and (own or not changes) else {}))
        except parameters.ParameterError as error:
            raise parameters.ParameterError(f"{path.stem}: {error}") from None
        if own:
            plan[path] = own
    if lost := set(changes) - {name for own in plan.values() for name in own}:
        named = ", ".join(name + parameters.meant(name.upper(), sorted(known)) for name in sorted(lost))
        raise parameters.ParameterError(f"{named} is set in none of the notebooks "
                                        f"{', '.join(sorted(path.stem for path in paths))}; --parameters lists what they set")
    return plan if changes else {path: {} for path in paths}


def run_all(paths: Iterable[Path], home: Path, target: Path, say: Callable[[str], None], jobs: int = JOBS,
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
    ParameterError
        As `planned`, before anything has run.
    KeyboardInterrupt
        It was stopped, and with it the kernels of notebooks that had not ended; those are not written.
    """
    plan = planned(paths := list(paths), changes or {}, day)
    if left := sorted(path.stem for path in paths if path not in plan):
        say(f"not run, since they set no {' or '.join(changes or {})}: {', '.join(left)}")
    target.mkdir(parents=True, exist_ok=True)
    edits = reproduce.edits()
    paths = sorted(plan, key=lambda path: -path.stat().st_size)
    pool, kernels, waiting, runs = ThreadPoolExecutor(jobs), Kernels(), {}, []
    try:
        waiting = {pool.submit(run, path, home, target / path.name, plan[path], day, edits, kernels): path.stem
                   for path in paths}
        for done in as_completed(waiting):
            runs.append(done.result())
            last = runs[-1]
            say(f"{len(runs):>3} of {len(paths)}  {last.chapter:<20} {last.seconds:6.1f} s  {last.outcome()}")
    except KeyboardInterrupt:
        kernels.end()
        pool.shutdown(wait=False, cancel_futures=True)
        say(f"stopping {', '.join(sorted(name for each, name in waiting.items() if each.running())) or 'at once'}")
        kernels.end_all(waiting)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(runs, key=lambda run: run.chapter)


def summary(runs: Sequence[Run], ledger: Mapping[str, Mapping], changed: bool = False) -> tuple[list[str], int]:
    """What came out, as lines, and the exit code that says whether every chapter ran and gave the published verdicts.

    Parameters
    ----------
    runs : sequence of Run
    ledger : mapping of str to mapping
        Entries of ``ledger.json`` by claim.
    changed : bool
        Something was set otherwise: sentences of the page that no longer hold are told and are no fault, and cells with too
        little to go on have not failed; what moved under verdicts that stayed is told last. So it is where a table or a
        rule was edited, which is told first.
    """
    edits = list(dict.fromkeys(line for run in runs for line in run.edits))
    changed = changed or bool(edits)
    lines = [*edits, f"{'chapter':<20} {'claims':>6} {'as published':>12} {'other':>6} {'missing':>8} {'cells failed':>13}"]
    failed, moved, words = [], [], []
    totals = [0] * 5
    for run in runs:
        expected = {claim: entry for claim, entry in reproduce.judged(ledger).items() if entry["chapter"] == run.chapter}
        found = {claim: entry for claim, entry in expected.items() if claim in run.judged}
        told = reproduce.differences(run.judged, found)
        other = len({line.partition(",")[0] for line in told})
        missing = [claim for claim in expected if claim not in run.judged]
        words += [f"{run.chapter}, words that no longer hold: {each.sentences}" for each in run.failed if each.of_words]
        short = [failure for failure in run.failed if changed and failure.of_short_record]
        broken = [failure for failure in run.failed if not failure.of_words and failure not in short]
        counts = [len(expected), len(found) - other, other, len(missing), cells(broken)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        lines.append("{:<20} {:>6} {:>12} {:>6} {:>8} {:>13}".format(run.chapter, *counts))
        blamed = f" with {', '.join(run.changes)}" if run.changes else ""
        failed += [f"{run.chapter}, failed{blamed}: {each}" for each in broken]
        moved += [f"{run.chapter}, too little on record: {each}" for each in short] + told
        moved += [f"{claim}: no verdict" for claim in missing]
    lines.append("{:<20} {:>6} {:>12} {:>6} {:>8} {:>13}".format("all", *totals))
    code = FAILED if failed else DIFFER if moved or (words and not changed) else AGREE
    stayed = shifts.told({claim: entry for run in runs for claim, entry in run.judged.items()}, ledger) if changed else []
    return [*lines, *failed, *moved, *words, *stayed], code


def chosen(home: Path, names: Sequence[str]) -> list[Path]:
    """The notebooks of a folder, or those that are named.

    Raises
    ------
    ValueError
        A name is that of no notebook there, or there is none.
    """
    known = {path.stem: path for path in sorted(home.glob("*.ipynb"))}
    wanted = [name.removesuffix(".ipynb") for name in names] or list(known)
    if unknown := [name for name in wanted if name not in known]:
        named = ", ".join(name + parameters.meant(name, list(known)) for name in unknown)
        raise ValueError(f"no notebook is called {named}; there are {', '.join(known) or 'none'}")
    return [known[name] for name in wanted]


def listed(notebooks: Mapping[str, nbformat.NotebookNode]) -> list[str]:
    """The lines at the top of notebooks that hold their parameters, by the name of each.

    Raises
    ------
    ParameterError
        A notebook has no cell for them.
    """
    lines = []
    for name, notebook in notebooks.items():
        try:
            lines += [f"# {name}", *parameters.listing(parameters.opening(notebook)), ""]
        except parameters.ParameterError as error:
            raise parameters.ParameterError(f"{name}: {error}") from None
    return lines


def settings(given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` arguments as a mapping.

    Raises
    ------
    ParameterError
        An argument has no name or no value, or a name stands twice.
    """
    pairs = [argument.partition("=")[::2] for argument in given]
    if bad := [argument for argument, (name, value) in zip(given, pairs, strict=True) if not (name.strip() and value.strip())]:
        raise parameters.ParameterError(f"--set takes NAME=VALUE, such as LEAST=10000, not {bad[0]!r}")
    names = [name.strip() for name, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise parameters.ParameterError(f"--set gives {twice[0]} twice")
    return {name: value.strip() for name, (_, value) in zip(names, pairs, strict=True)}


def asked(given: Sequence[str], day: str | None) -> tuple[dict[str, str], str | None]:
    """What a reader wants changed and the day on which the record shall end, of ``--set`` and ``--as-of``.

    ``--set AS_OF=2023-12-31`` and ``--as-of 2023-12-31`` are the same.

    Raises
    ------
    ValueError
        As `settings` and `trilateral.earlier.checked`, or the two name different days.
    """
    changes = settings(given)
    other = changes.pop(parameters.AS_OF, "None").strip("'\"")
    other = None if other == "None" else other
    if day and other and day != other:
        raise parameters.ParameterError(f"--as-of {day} and --set {parameters.AS_OF}={other} name different days")
    return changes, earlier.checked(day or other) if day or other else None


def alone(changes: Mapping[str, str], day: str | None) -> None:
    """Refuse what has no effect beside ``--parameters``.

    Raises
    ------
    ParameterError
        Something shall be changed.
    """
    if changes or day:
        raise parameters.ParameterError("--parameters runs nothing, so that --set and --as-of have no effect beside it")


def typed(paths: Iterable[Path]) -> str | None:
    """The day that a reader typed as `AS_OF` into the notebooks that shall run; none where none did.

    Raises
    ------
    ValueError
        They name different days, or some name none; or as `trilateral.earlier.checked`.
    """
    found = {}
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        texts = [value for cell in parameters.code(notebook) for name, value in parameters.assigned(cell.source)
                 if name == parameters.AS_OF]
        found[path.stem] = texts[0].value if texts and isinstance(texts[0], ast.Constant) else None
    days = set(found.values())
    if days <= {None}:
        return None
    if len(days) > 1:
        named = ", ".join(f"{stem}: {day or 'none'}" for stem, day in sorted(found.items()))
        raise ValueError(f"the notebooks name different days as {parameters.AS_OF} ({named}); run those of one day alone, or "
                         "give --as-of")
    return earlier.checked(str(days.pop()))


def place(home: Path, changes: Mapping[str, str], day: str | None) -> Path:
    """Folder for executed notebooks: their own, and one beside it where something was changed."""
    if day:
        return home / f"as-of-{day}"
    return home / "changed" if changes else home


def prepare() -> None:
    """Kernels find this package wherever they work, hash alike in every run, and add up in one order on every machine."""
    paths = [str(Path(__file__).parents[1]), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.update(dict.fromkeys(THREADS, "1"))


def at_once(given: str) -> int:
    """How many notebooks run at a time.

    Raises
    ------
    argparse.ArgumentTypeError
        It is no whole number from one up.
    """
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given} is no whole number from 1 up; give the number of processors to spare, such "
                                         f"as {JOBS}")
    return int(given)


def main(arguments: Sequence[str] | None = None, home: Path = claims.LEDGER.parent) -> int:
    """Run notebooks of the kit, and return the exit code, as `CODES` says."""
    parser = argparse.ArgumentParser(
        prog="python -m trilateral.rerun", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Run the notebooks of this kit and compare their verdicts with the published ones.",
        epilog="\n\n".join("\n  ".join(part) for part in (EXAMPLES, CODES)))
    parser.add_argument("chapter", nargs="*", help="chapters, such as threats; without one all of them, with --set those that "
                        "set the name")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="run with another value for a name in capitals; VALUE is Python, a text may stand without quotes; "
                        "may be repeated; the notebooks here stay as they are, those that ran go into changed/")
    parser.add_argument("--as-of", metavar="DATE", help="run as if the record ended on a day since the later brief, such as "
                        "2023-12-31; the notebooks that ran go into as-of-DATE/")
    parser.add_argument("--parameters", action="store_true", help="print the names that can be set, with their values and a "
                        "remark each, and run nothing")
    parser.add_argument("--jobs", type=at_once, default=JOBS, metavar="NUMBER", help="how many run at a time; two without it")
    given = parser.parse_args(arguments)
    try:
        paths = chosen(home, given.chapter)
        changes, day = asked(given.set, given.as_of)
        if given.parameters:
            alone(changes, day)
            print(*listed({path.stem: nbformat.read(path, as_version=4) for path in paths}), sep="\n")
            return 0
        if not claims.LEDGER.is_file():
            raise ValueError(f"{claims.LEDGER} is missing; take it again from the zip of the notebook kit")
        day = day or typed(paths)
        ledger = {entry["id"]: entry for entry in json.loads(claims.LEDGER.read_text(encoding="utf-8"))["claims"]}
        prepare()
        runs = run_all(paths, home, place(home, changes, day), lambda line: print(line, flush=True), given.jobs, changes, day)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt as stop:
        print("\nstopped; the notebooks that had ended are written", file=sys.stderr)
        return stopping.exit_code(stop)
    lines, code = earlier.summary(runs, ledger, day) if day else summary(runs, ledger, bool(changes))
    print("", *lines, sep="\n")
    return code


if __name__ == "__main__":
    stopping.heed()
    sys.exit(main())
