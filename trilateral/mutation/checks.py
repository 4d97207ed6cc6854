"""What stops a damaged table before any page is made: its contract, its totals, and the tests that compare sources.

Hashes and the rebuilding of tables from what was collected by hand are left out: they stop every damage of a file in ``data/``
and say nothing of one that came in with the upstream file, when both are renewed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from trilateral import contract, data, totals
from trilateral.mutation.damages import Damage
from trilateral.publish.chapters import LOAD

TESTS = Path(__file__).parents[2] / "tests"
PATTERN = "test_cross_checks_*.py"


@contextmanager
def in_place_of(table: str, content: bytes) -> Iterator[Path]:
    """While it lasts, whoever loads the table gets these bytes, held to the table's own sidecar."""
    undamaged, passed = data._read, contract.PASSED
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        path = Path(folder) / f"{table}.csv"
        path.write_bytes(content)

        def read(csv, sidecar, stamp, other):
            return undamaged(csv, sidecar, stamp, other) if csv.stem != table else undamaged(
                path, sidecar, (0, hash(content)), other)

        data._read, contract.PASSED = read, Path(folder) / "none" / "none"
        try:
            yield path
        finally:
            data._read, contract.PASSED = undamaged, passed


def of_the_contract(damage: Damage) -> str:
    """The first line of what the contract says; empty if it lets the table pass."""
    with in_place_of(damage.table, damage.content):
        try:
            loaded = data.load(damage.table)
            for each in [loaded, *(data.load(name) for name in _pointing(damage.table))]:
                if error := data._orphan(each, data.DATA):
                    raise error
        except contract.TableError as error:
            return str(error).splitlines()[0]
    return ""


def of_the_totals(damage: Damage) -> str:
    """The first total that is not the one accepted."""
    with in_place_of(damage.table, damage.content):
        return next(iter(totals.differences(damage.table)), "")


def of_other_sources(damage: Damage) -> str:
    """The first test that fails among those that compare the table with other sources; in a process of its own."""
    files = comparing(damage.table)
    if not files:
        return ""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"the tests broke off"
        try:
            os.close(reader)
            said = _failed(damage, files).encode()
        finally:
            os.write(writer, said[:500])
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def _failed(damage: Damage, files: list[str]) -> str:
    import pytest

    class First:
        name = ""

        def pytest_runtest_logreport(self, report):
            if report.failed and not self.name:
                self.name = report.nodeid.partition("::")[2] or report.nodeid

    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    first = First()
    with in_place_of(damage.table, damage.content):
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--tb=no", *files],
                           plugins=[first])
    return first.name or ("" if code in (0, 5) else f"pytest ended with {code}")


def comparing(table: str) -> list[str]:
    """Files of tests that compare a table with other sources."""
    return _readers_among_tests().get(table, [])


def parts(test: Path) -> list[Path]:
    """A file of tests and the table of values beside it, if it has one."""
    return [part for part in (test, test.with_suffix(".csv")) if part.exists()]


@cache
def _pointing(table: str) -> list[str]:
    keys = {name: contract.read_sidecar(data.DATA / f"{name}.yml").get("foreign_keys", []) for name in data.names()}
    return [name for name, of_name in keys.items() if any(key["reference"]["resource"] == table for key in of_name)]


@cache
def _readers_among_tests() -> dict[str, list[str]]:
    """Files of tests that load each table, by table."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.glob(PATTERN)):
        text = "".join(part.read_text(encoding="utf-8") for part in parts(path))
        for name in {name for _, name in LOAD.findall(text)} | set(re.findall(r'"(\w+)"', text)) & set(data.names()):
            found.setdefault(name, []).append(str(path))
    return found

