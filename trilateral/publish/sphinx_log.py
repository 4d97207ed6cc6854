"""Read what Sphinx prints: progress while it works, and what its maker needs to know when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

READS = "reader takes"
MADE = "this format is made"
READER = re.compile(rf"^{READS} (\S+)")
READING = re.compile(r"^(?:reading sources|writing output)\.\.\. \[ *\d+%\] (\S+)")
EXECUTING = re.compile(r"^(?:(.*?)(?::\d+)?: )?Executing notebook using")
EXECUTED = re.compile(r"^(?:(.*?)(?::\d+)?: )?Executed notebook in ([\d.]+) seconds")
HELD = "the process that had it"
LOST = re.compile(rf"^.+: {HELD} (?:was ended by signal|ended with code) \d+", re.MULTILINE)
SET = re.compile(r"^set .+ in [\d.]+ s$")

COLOR = re.compile(r"\x1b\[[\d;]*m")
NOISE = re.compile(r"^(\[IPKernelApp\] WARNING|build finished with problems|Please also report this|"
                   r"A bug report can be|The full traceback has been saved)")
FAILED_CELL = "An error occurred while executing the following cell:"
RULER = re.compile(r"^-{10,}$")
FAULT = re.compile(r"^[\w.]*(Error|Exception|Interrupt|Exit|Warning)\b")
SHOWN = 60


def follow(line: str, root: Path, report: Callable[[str, str], None]) -> None:
    """Turn a line of Sphinx's log into progress: ("now", page or notebook) or ("done", notebook or PDF and its time)."""
    if match := READER.match(line) or READING.match(line):
        report("now", match[1])
    elif match := EXECUTING.match(line):
        report("now", f"executing {_shorten(match[1] or '', root)}".rstrip())
    elif match := EXECUTED.match(line):
        report("done", f"executed {_shorten(match[1] or '', root)} in {float(match[2]):.1f} s")
    elif match := SET.match(line):
        report("done", match[0])


def explain(problems: str, root: Path) -> str:
    """Warnings and errors of a failed build: paths relative to the book, a failed cell and its error, no traceback."""
    lines = [COLOR.sub("", line).rstrip() for line in problems.splitlines()]
    shown: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("Traceback (most recent call last)"):
            at, said = _traceback(lines, at)
            shown += said
        elif line == "Exception occurred:":
            at, said = _exception(lines, at)
            # myst-nb ends the build in this way after it has told which cell failed
            shown += [] if said and "ExecutionError" in said[0] else said
        elif line.strip() and not NOISE.match(line):
            shown.append(line)
            at += 1
        else:
            at += 1
    shown = [_shorten(line, root) for line in dict.fromkeys(shown)]
    if len(shown) > SHOWN:
        shown = [*shown[:SHOWN], f"... and {len(shown) - SHOWN} lines more"]
    return "\n".join(shown) or "Sphinx gave no reason"


def unfinished(log: str, root: Path) -> list[str]:
    """Notebooks whose execution began and did not end."""
    begun: list[str] = []
    for line in log.splitlines():
        if match := EXECUTING.match(line.strip()):
            begun.append(_shorten(match[1] or "", root))
        elif (match := EXECUTED.match(line.strip())) and _shorten(match[1] or "", root) in begun:
            begun.remove(_shorten(match[1] or "", root))
    return begun


def _traceback(lines: list[str], at: int) -> tuple[int, list[str]]:
    """Past a traceback: its last line, or the cell that failed and why."""
    at += 1
    while at < len(lines) and (not lines[at] or lines[at].startswith(" ")):
        at += 1
    if at == len(lines):
        return at, []
    if not lines[at].endswith(FAILED_CELL):
        return at + 1, [lines[at]]
    end = next((n for n in range(at, len(lines)) if lines[n].endswith("[mystnb.exec]")), len(lines))
    rulers = [n for n in range(at, end) if RULER.match(lines[n])]
    source = lines[rulers[0] + 1:rulers[1]] if len(rulers) > 1 else []
    faults = [n for n in range(at + 1, end) if FAULT.match(lines[n]) and "Traceback (most" not in lines[n]]
    why = [line for line in lines[faults[-1]:end] if line] if faults else []
    return end + 1, ["in the cell", *(f"    {line}" for line in source if line), *why]


def _exception(lines: list[str], at: int) -> tuple[int, list[str]]:
    """Past Sphinx's report of an exception: the exception alone."""
    at += 1
    while at < len(lines) and (not lines[at] or lines[at].startswith(" ")):
        at += 1
    said = []
    while at < len(lines) and not NOISE.match(lines[at]):
        said.append(lines[at])
        at += 1
    return at, [line for line in said if line]


def _shorten(text: str, root: Path) -> str:
    return text.replace(f"{root}/", "")
