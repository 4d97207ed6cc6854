"""What the independent checks share: the tables as a database, and the quantities that the built book states."""

from __future__ import annotations

import ast
import csv
import datetime
import json
import re
import sqlite3
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEDGER = ROOT / "_build" / "html" / "ledger.json"
MOMENTS = ("written", "now")

built = pytest.mark.skipif(not LEDGER.is_file(), reason="the book is not built: run make book before make test")


@cache
def published() -> dict:
    """Claims of the built book by id."""
    return {claim["id"]: claim for claim in json.loads(LEDGER.read_text())["claims"]}


def stated(claim: str, quantity: str, moment: str = "now", part: str = "value"):
    """A quantity as the built book states it, or None where it has no value."""
    return published()[claim][moment]["quantities"][quantity][part]


def day(claim: str, moment: str) -> str:
    """Day up to which a claim was judged, ISO 8601."""
    return published()[claim][moment]["date"]


@cache
def _database() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


@cache
def _table(name: str) -> None:
    """A table of data/ as it stands, without the package's loader: numbers as numbers, empty cells as null."""
    with (ROOT / "data" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        columns, *rows = csv.reader(file)
    named = ", ".join('"' + column + '" numeric' for column in columns)
    _database().execute(f"create table {name} ({named})")
    _database().executemany(f"insert into {name} values ({', '.join('?' * len(columns))})",
                            ([cell or None for cell in row] for row in rows))


def rows(query: str, *tables: str) -> list[tuple]:
    """Answer of an SQL query over tables of data/."""
    for table in tables:
        _table(table)
    return _database().execute(query).fetchall()


def one(query: str, *tables: str):
    """The only value of an SQL query."""
    ((value,),) = rows(query, *tables)
    return value


def date(text: str | int) -> datetime.date:
    """Day of a date known to the day, the month (its 15th) or the year (the 1st of July)."""
    text = str(text)
    return datetime.date.fromisoformat(text + {4: "-07-01", 7: "-15"}.get(len(text), ""))


def constant(page: str, name: str):
    """A literal that a page assigns in one of its cells: a coding that is the page's own, such as the day an activity became formal."""
    found = [ast.literal_eval(node.value) for cell in re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", (ROOT / "book" / page).read_text(), re.S)
             for node in ast.parse(re.sub(r"(?m)^:tags:.*$", "", cell)).body
             if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name]
    return found[0]
