"""The table contract: what a sidecar must say, and what a CSV must be to agree with it."""

from __future__ import annotations

import contextlib
import csv
import datetime
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import repeat, zip_longest
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import yaml

from trilateral import strict_yaml

if TYPE_CHECKING:
    from frictionless import Field

SIDECAR_SCHEMA = Path(__file__).with_name("sidecar.schema.json")
LISTED = 20  # known names that a hint lists
KIT = not Path(__file__).with_name("recipes").is_dir()  # a notebook kit has no recipes, and its tables are edited by hand
MAKE = "Take it again from the zip of the notebook kit." if KIT else "Build it with `make data`."
PASSED = Path(__file__).parents[1] / "_build" / ".passed"
PARTIAL = r"\d{4}"  # how the pattern of a column begins that holds dates as precisely as known
LEEWAY = datetime.timedelta(days=31)  # a table of weeks or months names one by its end
PRECISION = {"year": 4, "month": 7, "day": 10}  # characters that a date of this precision has at least
REPORTED = 5  # violations printed in one message; the rest are counted
BOM = b"\xef\xbb\xbf"
FORMULA = re.compile(r"\t|\s*(?:[=@]|[-+](?!\s|[\d.,]+(?:e[-+]?\d+)?%?$))")
MARKUP = re.compile(r"<\s*[/!?a-zA-Z]")
UNSEEN = re.compile(  # Unicode's controls, formats, surrogates, separators of lines, and what else it has no picture for
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")
LAST = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 15))
NO_TEXT = re.compile(  # private use, noncharacters, and what stands for an object or for letters that a program lost
    f"[\ue000-\uf8ff\ufdd0-\ufdef\ufffc-\uffff{LAST}\U000f0000-\U0010ffff]")
_passed: set[Path] = set()
NOT_FINITE = re.compile(r"\s*[-+]?(nan|inf|infinity)\s*", re.IGNORECASE)


class TableError(ValueError):
    """A table or its sidecar breaks the contract; the message names table, row, column, value and rule."""


def read_sidecar(path: Path) -> dict:
    """Read and check the description of one table.

    Raises
    ------
    TableError
        When the file is not YAML or breaks ``sidecar.schema.json``; names the entry and the rule.
    """
    stat = path.stat()
    return deepcopy(_sidecar(path, stat.st_mtime_ns, stat.st_size))


@lru_cache(maxsize=512)
def _sidecar(path: Path, _changed: int, _size: int) -> dict:
    where = f"data/{path.name}"
    try:
        meta = strict_yaml.load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TableError(f"{where}: not valid YAML in UTF-8: {error}") from error
    problems = sorted(
        _sidecar_validator().iter_errors(_plain(meta)), key=lambda e: [str(p) for p in e.absolute_path]
    )
    if problems:
        lines = [f"{where}, {_entry(meta, list(problem.absolute_path))}: {_said(problem)}" for problem in problems]
        raise TableError(
            _joined(lines, "Correct the sidecar; its rules are in trilateral/sidecar.schema.json.")
        )
    for place, text in texts(meta):
        if rule := not_inert(text):
            raise TableError(f"{where}, {_entry(meta, list(place))}: {text[:80]!r} {rule}. It goes into pages and "
                             "spreadsheets: reword it.")
    _check_key_is_declared(where, meta)
    return meta


def check_csv(path: Path, meta: Mapping, name: str | None = None) -> None:
    """Check the bytes, header, cells, key and length of a CSV against its sidecar.

    The same bytes under the same sidecar are checked once: what passed is remembered in the process, and in ``_build``
    where there is one.

    Parameters
    ----------
    path : Path
        The CSV; it may lie elsewhere than in ``data/``.
    meta : mapping
        The checked sidecar.
    name : str, optional
        Table name for the messages; the stem of `path` if not given.

    Raises
    ------
    TableError
        Names table, row (line of the file), column, value and rule of the first violations.
    """
    table = f"data/{name or path.stem}.csv"
    raw = as_read(path)
    mark = _mark(raw, meta)
    if has_passed(mark):
        return
    _check_bytes(table, raw)
    _check_header(table, raw, meta)
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline="")))
    columns = {cells[0]: cells[1:] for cells in zip_longest(*rows, fillvalue="")}
    _check_finite(table, columns, meta)
    _check_inert(table, columns, meta)
    _check_types(table, path, rows, columns, meta)
    _check_dates(table, columns, meta)
    _check_key(table, columns, meta)
    held = raw.count(b"\n") - 1
    if held < meta["rows_at_least"]:
        raise TableError(
            f"{table}: {held} rows, fewer than the floor of {meta['rows_at_least']} that its sidecar sets "
            "(rows_at_least). The file is cut off or its upstream has shrunk: rebuild it with `make data`, or in a notebook "
            "kit take it again from the zip; if rows were taken out on purpose, lower rows_at_least in the sidecar."
        )
    remember(mark)


def as_read(path: Path) -> bytes:
    """The bytes of a table; in a notebook kit without the mark and the line ends that spreadsheet programs add as they save."""
    raw = path.read_bytes()
    return raw.removeprefix(BOM).replace(b"\r\n", b"\n") if KIT else raw


def _mark(raw: bytes, meta: Mapping) -> Path:
    rules = json.dumps([_plain(meta), version("frictionless")], sort_keys=True).encode()
    return mark_of(rules + Path(__file__).read_bytes(), raw)


def mark_of(rules: bytes, raw: bytes) -> Path:
    """A file that is there if these bytes have passed under these rules before."""
    return PASSED / hashlib.sha256(hashlib.sha256(rules).digest() + raw).hexdigest()


def has_passed(mark: Path) -> bool:
    return mark in _passed or mark.exists()


def remember(mark: Path) -> None:
    """Keep that a check was passed, in the process and in ``_build`` where there is one."""
    _passed.add(mark)
    if PASSED.parent.is_dir():
        with contextlib.suppress(OSError):  # a folder that cannot be written to costs time and nothing else
            PASSED.mkdir(exist_ok=True)
            mark.touch()


def field_schema(meta: Mapping) -> dict:
    """The Frictionless table schema of a sidecar, without its foreign keys: a table can be checked alone."""
    return {"fields": _plain(meta["columns"]), "missingValues": [""], "primaryKey": list(meta["primary_key"])}


def closest(word: str, words: Iterable[str], most: int = 1, cutoff: float = 0.6) -> list[str]:
    """The known names that a word is closest to, the closest first, in whatever case it is written; none where none is near.

    Parameters
    ----------
    cutoff : float
        Likeness from 0 to 1, as `difflib` measures it, below which none is near.
    """
    by_case = {known.casefold(): known for known in sorted(words)}
    return [by_case[hit] for hit in get_close_matches(word.strip().casefold(), by_case, n=most, cutoff=cutoff)]


def near(word: str, words: Iterable[str]) -> str:
    """A hint with the closest known names; with all of them when none is close and they are few."""
    words = sorted(words)
    if close := closest(word, words, most=3, cutoff=0.5):
        return f"nearest: {', '.join(close)}"
    return f"known: {', '.join(words) or 'none'}" if len(words) <= LISTED else f"none of the {len(words)} known ones is near"


@cache
def _sidecar_validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SIDECAR_SCHEMA.read_text(encoding="utf-8")))


def _plain(value):
    """YAML reads dates as objects; descriptors and JSON Schema want ISO text."""
    return json.loads(json.dumps(value, default=str))


def _entry(meta: object, path: list) -> str:
    """Place within a sidecar; a column by its name."""
    if not path:
        return "top level"
    words = list(map(str, path))
    if path[0] == "columns" and len(path) > 1:
        column = meta["columns"][path[1]]
        words[1] += f" ({column['name']})" if isinstance(column, dict) and "name" in column else ""
    return "entry " + "/".join(words)


def _said(problem: jsonschema.ValidationError) -> str:
    if problem.instance is None and not problem.absolute_path:
        return "is empty"
    number = isinstance(problem.instance, int | float)
    return problem.message + (". Put it in quotation marks" if number and problem.validator_value == "string" else "")


def _check_key_is_declared(where: str, meta: Mapping) -> None:
    declared = [column["name"] for column in meta["columns"]]
    doubled = {name for name in declared if declared.count(name) > 1}
    if doubled:
        raise TableError(
            f"{where}, entry columns: {', '.join(sorted(doubled))} is described twice. Keep one."
        )
    for column in meta["primary_key"]:
        if column not in declared:
            raise TableError(
                f"{where}, entry primary_key: column {column!r} is not among the columns "
                f"({near(column, declared)}). Describe it, or correct the key."
            )


def _check_bytes(table: str, raw: bytes) -> None:
    if raw.startswith(BOM):
        raise TableError(
            f"{table}, row 1: begins with a byte-order mark; tables are UTF-8 without one. Save it without."
        )
    if b"\r" in raw:
        row = raw[: raw.index(b"\r")].count(b"\n") + 1
        raise TableError(
            f"{table}, row {row}: carriage return; lines end in \\n alone. Save it with Unix line ends."
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise TableError(
            f"{table}, row {row}: byte {raw[error.start]:#04x} is not UTF-8. Save the file as UTF-8."
        ) from error
    if not raw.endswith(b"\n"):
        row = raw.count(b"\n") + 1
        raise TableError(
            f"{table}, row {row}: the last line does not end; the file is cut off. "
            + ("End it with a new line, or take the file again from the zip." if KIT else
               "Rebuild it with `make data` or take it from version control.")
        )


def _check_header(table: str, raw: bytes, meta: Mapping) -> None:
    found = raw.split(b"\n", 1)[0].decode("utf-8").split(",")
    wanted = [column["name"] for column in meta["columns"]]
    if len(found) == 1 and len(wanted) > 1:
        raise TableError(
            f"{table}, row 1: no comma in the header. Save the file with commas between the columns."
        )
    missing = [column for column in wanted if column not in found]
    unknown = [column for column in found if column not in wanted]
    lines = [f"{table}, row 1: column {c!r} is missing" for c in missing]
    lines += [f"{table}, row 1: unknown column {c!r} ({near(c, wanted)})" for c in unknown]
    lines += [f"{table}, row 1: column {c!r} occurs twice" for c in wanted if found.count(c) > 1]
    if not lines and found != wanted:
        lines = [
            f"{table}, row 1: the order of columns is {', '.join(found)}; the sidecar has {', '.join(wanted)}"
        ]
    if lines:
        raise TableError(
            _joined(lines, "Rename the columns as the sidecar has them, or describe the new ones there.")
        )


def _first(columns: Mapping[str, Sequence], fault: Callable) -> tuple:
    """Row, column, cell and fault of the first cell that has one, or nothing; a text that is repeated is looked at once."""
    found = [(cells.index(cell) + 2, name, cell, said) for name, cells in columns.items() for cell in set(cells)
             if (said := fault(cell))]
    return min(found, key=itemgetter(0), default=())


def _of_type(columns: Mapping[str, Sequence], meta: Mapping, kind: str) -> dict[str, Sequence]:
    return {column["name"]: columns[column["name"]] for column in meta["columns"] if column["type"] == kind}


def _check_finite(table: str, columns: Mapping[str, Sequence], meta: Mapping) -> None:
    """Frictionless takes NaN and infinity for numbers; a gap is an empty cell here."""
    if found := _first(_of_type(columns, meta, "number"), NOT_FINITE.fullmatch):
        row, column, cell, _ = found
        raise TableError(
            f"{_place(table, row, column, columns, meta)}: value {cell!r} is not a finite number. "
            "Leave the cell empty if the value is unknown."
        )


def _check_inert(table: str, columns: Mapping[str, Sequence], meta: Mapping) -> None:
    """A text cell that a spreadsheet would run, a page would take for markup, or a reader cannot see is refused."""
    if found := _first(_of_type(columns, meta, "string"), not_plain):
        row, column, cell, rule = found
        raise TableError(f"{_place(table, row, column, columns, meta)}: value {cell[:80]!r} {rule}. Tables hold plain "
                         "text: reword the cell.")


def _check_types(table: str, path: Path, rows: Sequence, columns: Mapping[str, Sequence], meta: Mapping) -> None:
    """Frictionless reads each text of a column once; where it refuses one, it reads all rows and says what is wrong."""
    from frictionless import Schema  # takes long to import, and what passed before needs it no more

    schema = Schema.from_descriptor({key: rules for key, rules in field_schema(meta).items() if key != "primaryKey"})
    if all(len(cells) == len(rows[0]) and any(cells) for cells in rows) and all(
            _readable(field, columns[field.name]) for field in schema.fields):
        return
    from frictionless.resources import TableResource

    report = TableResource(path=path.name, basepath=str(path.parent), format="csv", encoding="utf-8-sig" if KIT else "utf-8",
                           schema=schema).validate()
    problems = [_sentence(table, error, meta) for task in report.tasks for error in task.errors]
    if problems:
        raise TableError(
            _joined(problems, f"Correct the cells in {_by_hand(meta) or table}, or the rule in the sidecar if the rule is "
                              "wrong.")
        )


def _readable(field: Field, cells: Sequence[str]) -> bool:
    """Whether the texts of a column have its type, keep its constraints, and are all others where it is to be unique."""
    texts, read = set(cells), field.create_cell_reader()
    values = [read(text) for text in texts]
    if any(notes for _, notes in values):
        return False
    known = {value for value, _ in values} - {None}
    return not field.constraints.get("unique") or len(known) == len(cells) - cells.count("")


def _check_dates(table: str, columns: Mapping[str, Sequence], meta: Mapping) -> None:
    """Dates are days of the calendar, also where text holds them as precisely as known; and as precise as their row says."""
    kept = [column["name"] for column in meta["columns"] if column["type"] in ("date", "yearmonth")
            or (column["type"] == "string" and column.get("constraints", {}).get("pattern", "").startswith(PARTIAL))]
    dated = {name: list(zip(columns[name], columns.get(f"{name}_precision", repeat("")), strict=False)) for name in kept}
    if found := _first(dated, _misdated):
        row, column, (cell, precision), fault = found
        said = fault.format(f"{column}_precision", precision)
        raise TableError(f"{_place(table, row, column, columns, meta)}: value {cell!r} {said}")
    latest = _day(str(meta["retrieved"])) + LEEWAY
    if found := _first({name: columns[name] for name in kept}, lambda cell: bool(cell) and _day(cell) > latest):
        row, column, cell, _ = found
        raise TableError(f"{_place(table, row, column, columns, meta)}: value {cell!r} lies after {meta['retrieved']}, when "
                         "the table was retrieved. Correct the cell, or `retrieved` in the sidecar.")
    if {"start", "end"} <= set(kept):
        _check_order(table, columns, meta)


def _check_order(table: str, columns: Mapping[str, Sequence], meta: Mapping) -> None:
    """Nothing ends before it starts; of two dates that are not alike precise the shorter part counts."""
    for row, (start, end) in enumerate(zip(columns["start"], columns["end"], strict=True), 2):
        if start and end and end[:len(start)] < start[:len(end)]:
            raise TableError(f"{_place(table, row, 'end', columns, meta)}: value {end!r} lies before its start, {start!r}. "
                             "Correct one of the two.")


def _place(table: str, row: int, column: str, columns: Mapping[str, Sequence], meta: Mapping) -> str:
    """Where a cell stands, with the key of its row as far as that is plain text."""
    cells = {name: columns[name][row - 2] for name in meta["primary_key"]}
    return f"{table}, row {row}{_keyed({name: cell for name, cell in cells.items() if not not_plain(cell)})}, column {column}"


def _keyed(cells: Mapping[str, str]) -> str:
    said = ", ".join(f"{name} {cell}" for name, cell in cells.items() if cell)
    return f" ({said})" if said else ""


def _day(cell: str) -> datetime.date:
    """The first day of what a cell names: a day, a month, a year, or a span of days or years."""
    year, *rest = cell.split("/")[0].split("-")
    within = [] if rest and len(rest[0]) == len(year) else rest
    return datetime.date(*(*map(int, (year, *within)), 1, 1)[:3])


def _misdated(dated: tuple[str, str]) -> str:
    """What is wrong with a cell and its precision; the name of the latter's column and its text are to be filled in."""
    cell, precision = dated
    if cell and not on_the_calendar(cell):
        return "is no date of the calendar. Write year, month, day with hyphens between them: 2024-07-28."
    if cell and len(cell) < PRECISION.get(precision, 0):
        return "is less precise than {} says, {!r}. Correct one of the two."
    return ""


def on_the_calendar(cell: str) -> bool:
    """Whether a date, or both ends of a span of days (2020-01-02/2020-01-09) or years (2020-2021), exist."""
    try:
        for part in cell.split("/"):
            year, *rest = part.split("-")
            if len(year) != len("2020") or (rest and len(rest[0]) == len(year) and int(rest[0]) < int(year)):
                return False
            if not rest or len(rest[0]) != len(year):
                datetime.date(*(*map(int, (year, *rest)), 1, 1)[:3])
    except ValueError:
        return False
    return True


def _check_key(table: str, columns: Mapping[str, Sequence], meta: Mapping) -> None:
    """No row without a key, no key twice; Frictionless would read every cell a second time for it."""
    seen, problems = set(), []
    for row, key in enumerate(zip(*(columns[column] for column in meta["primary_key"]), strict=True), start=2):
        if not any(key):
            problems.append(f"{table}, row {row}: has no key")
        elif key in seen:
            problems.append(f"{table}, row {row}: duplicate key ({', '.join(meta['primary_key'])}) = {', '.join(key)}; a key "
                            "may occur once")
        seen.add(key)
    if problems:
        raise TableError(_joined(problems, "Take out the row that is wrong, or correct the key in the sidecar if it is too "
                                           "short."))


def texts(value: object, place: tuple = ()) -> Iterator[tuple[list, str]]:
    """Every text of a document with its place."""
    if isinstance(value, str):
        yield list(place), value
    elif isinstance(value, Mapping | list):
        for key, each in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from texts(each, (*place, key))


def not_plain(cell: str) -> str:
    """What a text cell would do to a spreadsheet, a page or a reader, in words; empty if it is plain text."""
    return not_inert(cell) or ("holds markup" if MARKUP.search(cell) else "")


def not_inert(text: str) -> str:
    """As `not_plain` for text that may quote markup, which every page prints as it stands."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)  # a full-width = is one to a spreadsheet
    if FORMULA.match(plain):
        return "begins like a formula"
    if UNSEEN.search(text):
        return "holds an unseen control character"
    lost = NO_TEXT.search(text)
    return f"holds U+{ord(lost[0]):04X}, which stands for no letter or sign" if lost else ""


def _by_hand(meta: Mapping) -> str:
    """Files from which a recipe makes the table; a notebook kit has the table alone."""
    return f"data/curated/{', '.join(meta['curated'])}" if meta.get("curated") and not KIT else ""


def _sentence(table: str, error, meta: Mapping) -> str:
    row = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    value = getattr(error, "cell", None)
    cells = dict(zip([each["name"] for each in meta["columns"]], getattr(error, "cells", ()), strict=False))
    key = _keyed({name: cells[name] for name in meta["primary_key"] if name in cells})
    place = table + (f", row {row}" if row else "") + key + (f", column {column}" if column else "")
    spec = next((c for c in meta["columns"] if c["name"] == column), {})
    shown = repr(value if len(str(value)) <= 80 else str(value)[:77] + "...")
    if error.type == "type-error":
        return f"{place}: value {shown} is not of type {spec.get('type', 'string')}"
    if error.type == "constraint-error":
        if spec.get("codes") == "iso3" and "enum" in error.note:
            known = spec["constraints"]["enum"]
            return f"{place}: unknown country code {shown} ({near(str(value), known)}; ISO 3166-1 alpha-3)"
        if '"required' in error.note:
            return f"{place}: is empty; the column is required"
        return f"{place}: value {shown} breaks the rule {_rule(error.note, spec)}"
    if error.type == "blank-row":
        return f"{place}: is blank; remove the line"
    return f"{place}: {error.title.lower()} {error.note}".rstrip()


def _rule(note: str, spec: Mapping) -> str:
    for rule, bound in spec.get("constraints", {}).items():
        if f'"{rule}' in note:
            return f"{rule} {bound}"
    return note


def _joined(lines: list[str], advice: str) -> str:
    more = [f"... and {len(lines) - REPORTED} more"] if len(lines) > REPORTED else []
    return "\n".join([*lines[:REPORTED], *more, advice])


__all__ = ["TableError", "check_csv", "field_schema", "near", "read_sidecar"]
