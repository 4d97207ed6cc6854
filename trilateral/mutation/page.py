"""Whether a damaged table would show: run the chapters that read it and compare all they put out with the undamaged run.

A chapter is run once as it is. Then it is run again, and before the first cell that loads a damaged table the process is
copied once for each damage; a copy ends at the first figure, quantity, verdict or number of the text that differs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trilateral import claims
from trilateral.charts.figure import MIME as FIGURE
from trilateral.charts.session import BUILD
from trilateral.mutation.checks import in_place_of
from trilateral.mutation.damages import Damage
from trilateral.publish.chapters import CELL, tables_in

SAME = ""
STOPPED = "stopped: "
Report = Callable[[Damage, str], None]
"""Called with a damage and what it changed, or with `SAME`."""


class ControlError(RuntimeError):
    """A chapter that was run twice on the same tables did not put out the same."""


def run(chapter: Path, damages: Iterable[Damage], report: Report) -> None:
    """Try damages on one chapter, in a process of its own.

    Parameters
    ----------
    chapter : Path
        A notebook of the book.
    damages : iterable of Damage
        Of tables that it loads.

    Raises
    ------
    ControlError
        The chapter fails, or puts out something else each time, on sound tables.
    """
    by_key = {damage.key: damage for damage in damages}

    def work(send: Callable[[Any], None]) -> None:
        os.environ[BUILD] = "1"
        os.chdir(chapter.parent)
        cells = CELL.findall(chapter.read_text(encoding="utf-8"))
        expected = _run_whole(cells)
        _try_each(cells, expected, list(by_key.values()), send)

    for message in _child(work):
        if "error" in message:
            raise ControlError(f"{chapter.stem}: {message['error']}")
        report(by_key[message["key"]], message["said"])


def _run_whole(cells: list[str]) -> list[Any]:
    shell, found = _shell(), []
    for cell in cells:
        outputs, error = _outputs(shell, cell)
        if error:
            raise ControlError(f"a cell fails on sound tables: {error}")
        found.append(outputs)
    return found


def _try_each(cells: list[str], expected: list[Any], damages: list[Damage], send: Callable[[Any], None]) -> None:
    shell, waiting = _shell(), {damage.table: [] for damage in damages}
    for damage in damages:
        waiting[damage.table].append(damage)
    for place, cell in enumerate(cells):
        for table in sorted(tables_in(cell) & set(waiting)):
            for damage in waiting.pop(table):
                for said in _child(lambda tell, damage=damage, place=place: tell(_with(damage, shell, cells, expected, place))):
                    send({"key": damage.key, "said": said if isinstance(said, str) else STOPPED + said["error"]})
        outputs, _ = _outputs(shell, cell)
        if outputs != expected[place]:
            raise ControlError(f"cell {place + 1} puts out something else when it is run again on sound tables: "
                               f"{_difference(expected[place], outputs)}")
        if not waiting:
            return
    raise ControlError(f"it does not load {', '.join(waiting)}")


def _with(damage: Damage, shell: Any, cells: list[str], expected: list[Any], start: int) -> str:
    with in_place_of(damage.table, damage.content):
        for place in range(start, len(cells)):
            outputs, error = _outputs(shell, cells[place])
            if error:
                return STOPPED + error
            if outputs != expected[place]:
                return _difference(expected[place], outputs)
    return SAME


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    settings = Config()
    settings.HistoryManager.enabled = False
    return InteractiveShell.instance(config=settings)


def _outputs(shell: Any, cell: str) -> tuple[list[str], str]:
    """What a cell puts out, as JSON, and the error that ended it."""
    from IPython.utils.capture import capture_output

    code = "\n".join(line for line in cell.splitlines() if not line.startswith(":"))
    with capture_output() as captured:
        result = shell.run_cell(code, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    outputs = [(output.data, output.metadata) for output in captured.outputs]
    if result.result is not None:  # the value of the last line, a figure or a verdict, is not among what is captured
        outputs.append(shell.display_formatter.format(result.result))
    shown = [json.dumps([dict(data), dict(metadata or {})], sort_keys=True, default=str) for data, metadata in outputs]
    return shown, f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}" if error else ""


def _difference(expected: list[str], found: list[str]) -> str:
    """The first output that differs, in words."""
    for old, new in zip(expected, found, strict=False):
        if old != new:
            (was, marked), (now, _) = json.loads(old), json.loads(new)
            if claims.MIME in was and claims.MIME in now:
                one, other = was[claims.MIME], now[claims.MIME]
                words = [one[moment]["verdict"] != other[moment]["verdict"] for moment in claims.MOMENTS]
                return f"{'verdict' if any(words) else 'quantity'} {one['claim']}"
            if FIGURE in was and FIGURE in now:
                one, other = was[FIGURE], now[FIGURE]
                return f"{'headline' if one['headline'] != other['headline'] else 'figure'} {one['id']}"
            name = marked.get("scrapbook", {}).get("name", "")
            return f"number {name}" if name else "output of a cell"
    return f"{len(found)} outputs in place of {len(expected)}"


def _child(work: Callable[[Callable[[Any], None]], None]) -> Iterator[Any]:
    """Messages of a copy of this process that does some work; an exception is the last of them."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        os.close(reader)
        code = 0
        with os.fdopen(writer, "w", encoding="utf-8") as pipe:
            def send(message: Any) -> None:
                pipe.write(json.dumps(message) + "\n")
                pipe.flush()
            try:
                with _quiet():
                    work(send)
            except BaseException as error:
                send({"error": f"{type(error).__name__}: {error}"})
                code = 1
        os._exit(code)
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="utf-8") as pipe:
            for line in pipe:
                yield json.loads(line)
    finally:
        os.waitpid(process, 0)


@contextmanager
def _quiet() -> Iterator[None]:
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        yield
