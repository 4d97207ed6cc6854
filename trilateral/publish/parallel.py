"""Sphinx's processes that read and write pages side by side, so that none ends unnoticed.

Sphinx forgets what went wrong in one of them while it still hands pages out, and the pages would be missing without a word;
one that was killed it reports as the end of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sphinx import builders
from sphinx.errors import SphinxError
from sphinx.util.parallel import ParallelTasks

from trilateral.publish.sphinx_log import HELD


class EndedError(SphinxError):
    """A process that read or wrote pages was ended from outside."""

    category = "Pages are lost"


class Tasks(ParallelTasks):
    """Processes of which the first fault ends the build."""

    fault: Exception | None = None

    def add_task(self, task_func: Callable, arg: Any = None, result_func: Callable | None = None) -> None:
        super().add_task(task_func, arg, result_func)
        self._tell()

    def join(self) -> None:
        super().join()
        self._tell()

    def _tell(self) -> None:
        if self.fault:
            raise self.fault

    def _join_one(self) -> bool:
        try:
            self._see_to_the_dead()
            return super()._join_one()
        except Exception as fault:
            self.fault = fault
            raise

    def _see_to_the_dead(self) -> None:
        for task in self._precvs:
            if code := self._procs[task].exitcode:  # 0 also after a fault that it has told
                raise EndedError(f"{', '.join(names(self._args[task]))}: {HELD} {ending(code)}")


def names(pages: Iterable[str | tuple]) -> list[str]:
    """Pages of a task: those to read by name, those to write with their content."""
    return [page if isinstance(page, str) else page[0] for page in pages]


def ending(code: int) -> str:
    """How a process ended, from its exit code."""
    return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"


def install() -> None:
    """Let every builder of this process use them."""
    builders.ParallelTasks = Tasks
