"""The process in which Sphinx runs: started, asked for one format after the other, followed, and stopped with all it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from trilateral.publish.build import NO_SPACE, BuildError, Places, Report, alone, edition, kept, no_space, silent
from trilateral.publish.chapters import ROOT
from trilateral.publish.sphinx_log import LOST, MADE, explain, follow, unfinished

PARALLEL_FAILURE = "Sphinx parallel build error"
DEAD_KERNEL = "DeadKernelError"
PATIENCE = 10  # seconds; a process that has not ended by then when it is told to is made to
STEPS = {"html": "the process that made the web book", "typst": "the process that set the PDF"}


class Sphinx:
    """Makes formats of a book, all in one process as far as none fails; it begins at once to load what it needs.

    Parameters
    ----------
    places : Places
        Where the book is.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.said: list[str] = []
        self.problems: list[str] = []
        self._start()

    def __enter__(self) -> Sphinx:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.end()
        elif self.process.poll() is None:
            stop(self.process)

    def end(self) -> None:
        """Give back its memory, where nothing more will be asked for."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                stop(self.process)

    def build(self, builder: str, report: Report = silent) -> None:
        """Run one builder and report what it does.

        Raises
        ------
        BuildError
            It reported warnings or errors, or was ended from outside; the message says what its maker needs.
        """
        places = self.places
        for jobs in (min(4, os.cpu_count() or 1), 1):
            code = self._run(builder, jobs, report)
            if code == 0:
                return
            # a later run would read only changed pages and so miss the warnings of this one, or keep half-written pages
            (places.work / "doctrees" / "environment.pickle").unlink(missing_ok=True)
            if PARALLEL_FAILURE not in "".join(self.problems):
                break
            # one of several readers failed, and Sphinx loses what it had to say: read again, one page after the other
        problems, log = "".join(self.problems), (places.work / f"{builder}.log").relative_to(places.root)
        if NO_SPACE in problems:
            raise BuildError(no_space(places))
        again = f"{kept(places)}; build again, with more memory free\n(whole log: {log})"
        if code < 0:
            raise BuildError(f"{STEPS[builder]} was ended by signal {-code}, most often for want of memory. {again}")
        if lost := LOST.search(problems):
            raise BuildError(f"{lost[0]}, most often for want of memory. {again}")
        if DEAD_KERNEL in problems:
            chapters = ", ".join(unfinished("".join(self.said), places.root)) or "a chapter"
            raise BuildError(f"{chapters}: the process that ran it was ended from outside, most often for want of memory. "
                             f"{again}")
        raise BuildError(f"{explain(problems, places.root)}\n(whole log: {log})")

    def _start(self) -> None:
        command = [sys.executable, "-u", "-m", "trilateral.publish.sphinx_process", str(self.places.root),
                   str(self.places.work)]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        # universal newlines: Sphinx rewrites its progress line with a carriage return
        self.process = subprocess.Popen(command, cwd=self.places.root, env=os.environ | {"PYTHONPATH": path}, text=True,
                                        encoding="utf-8", errors="replace", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True, close_fds=False)
        self.problems = []
        self.reader = threading.Thread(target=self.problems.extend, args=[self.process.stderr], daemon=True)
        self.reader.start()

    def _run(self, builder: str, jobs: int, report: Report) -> int:
        """How the builder ended, below 0 by a signal."""
        if self.process.poll() is not None:
            self._start()
        self.said = []
        try:
            with suppress(BrokenPipeError):  # how it ended is told below
                self.process.stdin.write(f"{builder} {jobs}\n")
                self.process.stdin.flush()
            for line in self.process.stdout:
                if line.strip() == MADE:
                    return 0
                self.said.append(line)
                follow(line.strip(), self.places.root, report)
            self.process.wait()
            self.reader.join()
            return self.process.returncode
        except BaseException:
            stop(self.process)
            raise
        finally:
            with suppress(OSError):  # where the disk is full, what went wrong must still be told
                (self.places.work / f"{builder}.log").write_text("".join([*self.said, *self.problems]), encoding="utf-8")


@contextmanager
def making(places: Places) -> Iterator[tuple[Sphinx, Places]]:
    """Hold the build folder and make results aside, see `trilateral.publish.build.edition`, with a Sphinx that makes them."""
    with alone(places), Sphinx(places) as sphinx, edition(places) as made:
        yield sphinx, made


def stop(process: subprocess.Popen) -> None:
    """End Sphinx and the kernels it started."""
    for signum in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, signum)
        except (ProcessLookupError, PermissionError):
            return
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            continue
        return
