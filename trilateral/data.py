"""Load a table of ``data/`` by name: validated, with its provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from trilateral import as_of, datapackage
from trilateral.contract import KIT, MAKE, TableError, check_csv, near, read_sidecar

DATA = Path(__file__).parents[1] / "data"

__all__ = ["DATA", "NoRowError", "Table", "TableError", "around", "fault", "load", "names"]


class NoRowError(TableError, as_of.TooLittleError):
    """A table keeps its contract and has no row of what is asked for; the message names the table and what it lacks."""


@dataclass(frozen=True)
class Table:
    """A validated table.

    Attributes
    ----------
    name : str
        Stem of ``data/<name>.csv`` and ``data/<name>.yml``.
    frame : DataFrame
        Tidy: one row an observation, types as the sidecar's columns say.
    meta : mapping
        The sidecar.
    """

    name: str
    frame: pd.DataFrame
    meta: Mapping

    @property
    def grade(self) -> str:
        """A official or primary, B established press, journal or think tank, C anything else.

        A table with a grade in every row has the lowest that more than a tenth of its rows hold.
        """
        if "source_grade" not in self.frame or self.frame.empty:
            return self.meta["grade"]
        shares = self.frame["source_grade"].value_counts(normalize=True)
        return max(shares.index[shares > 0.1])

    def select(self, query: str) -> Table:
        """The rows for which a pandas query holds, with the grade of those rows.

        Raises
        ------
        NoRowError
            No row is left.
        TableError
            The query names a column that the table does not have.
        """
        try:
            frame = self.frame.query(query)
        except pd.errors.UndefinedVariableError as error:
            raise self._lacks(str(error).split("'")[1], f"the selection {query!r} asks for it") from None
        if frame.empty:
            raise NoRowError(f"table {self.name}: no row is left by the selection {query!r}")
        return Table(self.name, frame, self.meta)

    def holding(self, *queries: str) -> Table:
        """This table, if each of some pandas queries finds a row in it: what a cell names one by one must be there.

        Raises
        ------
        NoRowError
            A query finds none; the message names it.
        TableError
            As `select`.
        """
        for query in queries:
            self.select(query)
        return self

    def covering(self, years: Iterable[int]) -> Table:
        """This table, if its column `year` holds all of some years; what is computed of them would else be of fewer.

        Raises
        ------
        NoRowError
            It has no row of one of them; the message says which it has.
        TableError
            It has no column `year`.
        """
        if "year" not in self.frame:
            raise self._lacks("year", "so that nothing can be said of the years that it covers")
        held = self.frame["year"].dropna()
        if absent := sorted(set(years) - set(held)):
            has = "it has no row at all" if held.empty else f"its rows are of {held.min()} to {held.max()}"
            raise NoRowError(
                f"table {self.name}: no row of {', '.join(map(str, absent))}; {has}. "
                + as_of.advice("Change the years that the notebook asks for, or take another edition of the table.")
            )
        return self

    def _lacks(self, column: str, why: str) -> TableError:
        return TableError(f"table {self.name}: there is no column {column!r} ({near(column, list(self.frame))}); {why}. "
                          "Correct the name, or add the column to the table.")

    @property
    def last(self) -> str:
        """The last time that dates a row, in words: "2021", or "March 2015" where a row knows its month.

        Raises
        ------
        TableError
            No row is left, or no column dates them.
        """
        if (last := as_of.last(self.frame)) is None:
            raise TableError(f"table {self.name}: no row has a date, so that nothing can be said of where it ends")
        return last

    def citation(self) -> str:
        """How the producer asks to be cited."""
        return self.meta["citation"]

    def source_line(self) -> str:
        """Short source for a figure: producer, title (vintage), licence."""
        meta = self.meta
        producer = meta.get("producer_short", meta["producer"])
        houses = self.frame["organisation"].unique() if "organisation" in self.frame else []
        if 0 < len(houses) <= 2:  # a selection of one survey or two names them
            producer = f"{'; '.join(houses)} ({producer[0].lower()}{producer[1:]})"
        return f"{producer}, {meta['title']} ({meta['vintage']}), {meta['licence']['name']}"


def names(folder: Path | None = None) -> list[str]:
    """Names of all tables: the stems that have a sidecar, sorted."""
    return sorted(path.stem for path in (folder or DATA).glob("*.yml"))


def load(name: str, folder: Path | None = None) -> Table:
    """Load and validate one table; a second call in the same process reads nothing again.

    Where `trilateral.as_of.set_day` has set a day, the table ends there.

    Parameters
    ----------
    name : str
        Stem of the table's files.
    folder : Path, optional
        Where the tables lie; the project's ``data/`` if not given.

    Raises
    ------
    TableError
        When a file is missing or the table or its sidecar breaks the contract.
    """
    folder = folder or DATA
    csv, sidecar = folder / f"{name}.csv", folder / f"{name}.yml"
    if not sidecar.exists():
        raise TableError(
            f"data/{name}.yml: no such table ({near(name, names(folder))}). "
            f"Correct the name, or {'take its files again from the zip' if KIT else 'write its sidecar and recipe'}."
        )
    if not csv.exists():
        raise TableError(
            f"data/{name}.csv: the sidecar is there but the table is missing. {MAKE}"
        )
    frame, meta = _read(csv, sidecar, _stamp(csv), _stamp(sidecar))
    months = {column["name"] for column in meta["columns"] if column["type"] == "yearmonth"}
    return Table(name, as_of.cut(frame.copy(), months), as_of.described(deepcopy(meta)))


def around(folder: Path | None = None) -> dict[str, TableError | None]:
    """What is wrong beside the tables: a file that no sidecar describes, a data package that does not agree with the files."""
    folder = folder or DATA
    found = {stray: TableError(f"data/{stray}.csv: no sidecar data/{stray}.yml describes it. Write one, or remove the file.")
             for stray in sorted({path.stem for path in folder.glob("*.csv")} - set(names(folder)))}
    return found | {datapackage.FILE: datapackage.difference(folder)}


def fault(name: str, folder: Path) -> TableError | None:
    """What is wrong with one table, or with a row of it that refers to another table."""
    try:
        return _orphan(load(name, folder), folder)
    except TableError as error:
        return error


def _orphan(table: Table, folder: Path) -> TableError | None:
    for key in table.meta.get("foreign_keys", []):
        there = load(key["reference"]["resource"], folder)
        known = pd.MultiIndex.from_frame(there.frame[key["reference"]["fields"]])
        lost = ~pd.MultiIndex.from_frame(table.frame[key["fields"]]).isin(known)
        if lost.any():
            row = int(lost.argmax())
            value = ", ".join(str(v) for v in table.frame[key["fields"]].iloc[row])
            return TableError(
                f"data/{table.name}.csv, row {row + 2}, column {', '.join(key['fields'])}: "
                f"value {value} is not in data/{there.name}.csv ({int(lost.sum())} such rows). "
                "Rebuild both with `make data`."
            )
    return None


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=64)
def _read(csv: Path, sidecar: Path, _csv_stamp: tuple, _sidecar_stamp: tuple) -> tuple[pd.DataFrame, dict]:
    meta = read_sidecar(sidecar)
    check_csv(csv, meta)
    return typed(csv, meta), meta


def typed(csv: Path, meta: Mapping) -> pd.DataFrame:
    """Read a CSV with its sidecar's types: dates as datetime64, integers with gaps as Int64, codes as str."""
    frame = pd.read_csv(csv, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    for column in meta["columns"]:
        name, kind = column["name"], column["type"]
        if kind == "integer":
            whole = frame[name].astype("Int64")
            frame[name] = whole if whole.isna().any() else whole.astype("int64")
        elif kind == "number":
            frame[name] = frame[name].astype("float64")
        elif kind in ("date", "yearmonth"):
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d" if kind == "date" else "%Y-%m")
    return frame
