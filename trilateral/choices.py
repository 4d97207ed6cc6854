"""Whether what a reader sets a parameter to is of its kind: asked before any notebook runs."""

from __future__ import annotations

import ast
import math
import re
import shlex
from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import nbformat
import pandas as pd

from trilateral import as_of, claims, data, parameters
from trilateral.parameters import ParameterError
from trilateral.text import counted, listed

CODE = re.compile(r"[A-Z]{3}")
OF_TIME = re.compile(r"\b(months?|years?|days?|draws|sessions)\b")  # in a remark: what comes in whole numbers
OF_SHARE = re.compile(r"\b(percent|share|part|deviations|variation)\b")
PART = re.compile(r"\b(part|share|p)\b")  # in a remark: what lies between none and all
PERCENT = re.compile(r"\bpercent\b(?! (above|more))")  # in a remark: what is a hundred at most
LEFT_OUT = re.compile(r"\bleft out\b")  # in a remark: a list that may be empty
OF_TABLES = re.compile(r"\bof tables? (\w+)(?: and (\w+))?")  # in a remark: whose rows alone can be meant
EACH_NAMED = re.compile(r"\beach named\b")  # in a remark: a list that can only change its order
YEARS = range(1800, 2101)
DAYS = range(1900, 2101)  # years of days and months
TIME = re.compile(rf"\d{{4}}|{parameters.DATE.pattern}")
NAMED = {"THREE", "FOUR", "PAIR"}  # countries that the claims, rules and figures name one by one
YEAR = re.compile(r"(?:^|_)(?:YEAR|SINCE|FROM|TO)$")  # in a name: what is a year where the published value can be one
LENGTH = re.compile(r"WINDOW|HORIZON|LOOKBACK|^MONTHS|DRAWS")  # in a name: of which none is too few
LEAST = {counted(number): number for number in range(1, 13)}
AT_LEAST = re.compile(rf"\bat least ({'|'.join(LEAST)})\b")  # in a remark: of which fewer are too few
UNIT = re.compile(r"(months|days|half-years|years)\b")  # at the start of a remark: a length of time
CENTURY = {"months": 1_200, "days": 36_525, "half-years": 200, "years": 100}
MOST_TIMES = 1_000  # the published value
MOST_DRAWS = 1_000_000
SHOWN = 90  # characters of a published value in a message


class Asked(NamedTuple):
    """What is known of a parameter beside its value, mostly from the remark behind it.

    Attributes
    ----------
    codes : sequence of str
        Countries that can be meant.
    whole, year, part, percent : bool
        It counts what is whole, is a year, lies between 0 and 1, or is a hundred at most.
    empty : bool
        It may hold nothing.
    ends : str
        Last day of the record, as ISO 8601; no time lies behind it.
    """

    codes: Sequence[str] = ()
    whole: bool = False
    year: bool = False
    part: bool = False
    empty: bool = False
    percent: bool = False
    ends: str = f"{DAYS[-1]}-12-31"


def _asked(cells: Sequence[str], name: str, remark: str) -> Asked:
    whole = LENGTH.search(name) or (OF_TIME.search(remark) and not OF_SHARE.search(remark))
    return Asked(_codes(cells), bool(whole), bool(YEAR.search(name) or re.search(r"\b(?:years?|edition)\b", remark)),
                 bool(PART.search(remark)), bool(LEFT_OUT.search(remark)), bool(PERCENT.search(remark)),
                 claims.register().record_ends)


def check(notebook: nbformat.NotebookNode, changes: Mapping[str, str], typed: Container[str] = ()) -> None:
    """Refuse a value that a parameter cannot take, before anything runs.

    The cells tagged `parameters` are evaluated as published and as changed; what each name holds is compared.

    Parameters
    ----------
    notebook : NotebookNode
        As published.
    changes : mapping of str to str
        Python expressions by name.
    typed : container of str
        Names of which someone wrote the expression into the notebook; it is taken as it stands, a text with its quotes.

    Raises
    ------
    ParameterError
        A value is of another kind than the published one, names no country, or leaves nothing to count; the message names
        the parameter, what was given, what it takes, and how to give it.
    """
    cells = [cell.source for cell in parameters.code(notebook)]
    top = [number for number, cell in enumerate(parameters.code(notebook)) if parameters.TAG in cell.metadata.get("tags", ())]
    try:
        published = evaluated(cells, top)
    except Exception:  # its own run will name the cell
        return
    changed = cells
    for name, value in changes.items():
        changed = (parameters.put if name in typed else parameters.change)(changed, name, value)
        if name not in published:
            continue
        remark = remark_on(cells, name)
        try:
            given = evaluated(changed, top)[name]
        except Exception as error:
            said = "is no value here" if isinstance(error, NameError) else "stops the cell that sets it"
            raise _refusal(cells, name, value, f"{said} ({type(error).__name__}: {error})", published[name], remark) from None
        said = fault(published[name], given, _asked(cells, name, remark)) or _of_length(
            name, published[name], given, own_remark(cells, name))
        if said := said or _of_size(published[name], given) or _of_rows(published[name], given, remark):
            raise _refusal(cells, name, value, said, published[name], remark)
        _keep_members(name, value, given, published, bool(EACH_NAMED.search(remark)))
    _in_order(changes, evaluated(changed, top))


def _in_order(changes: Mapping[str, str], held: Mapping[str, Any]) -> None:
    """Refuse a span between two names, such as FROM and TO, that ends before it starts."""
    for last in (name for name in held if re.search(r"(?:^|_)TO$", name)):
        for first in (last[:-2] + word for word in ("FROM", "SINCE")):
            start, ends = held.get(first), held[last]
            of_it = [name for name in (first, last) if name in changes]
            for end in ends.values() if isinstance(ends, Mapping) else [ends]:
                if of_it and type(start) is type(end) and (start > end or (start == end and first.endswith("FROM"))):
                    raise ParameterError(f"{of_it[0]} = {changes[of_it[0]]}: {first} is then {start} and {last} {end}, and "
                                         "nothing lies between; set both")


def _keep_members(name: str, value: str, given: object, published: Mapping[str, Any], each_named: bool) -> None:
    """Refuse a list without a country that rules and figures name, or with another where they name them all."""
    old = published[name]
    if name in NAMED or each_named:
        if sorted(given) != sorted(old):
            raise ParameterError(f"{name} = {value}: the claims are about {listed(old)}, and rules and figures "
                                 f"name each of them; {name} can change their order, not leave one out or take in another")
        return
    own = {code for each in NAMED & set(published) for code in _members(published[each])}
    if isinstance(old, list | tuple) and (lost := [code for code in old if code in own and code not in given]):
        raise ParameterError(f"{name} = {value}: {listed(lost)} cannot be left out, since rules and figures look for "
                             f"{'it' if len(lost) == 1 else 'each'} in {name}; others can")


def _members(value: Mapping | Sequence) -> list:
    return list(value.values() if isinstance(value, Mapping) else value)


def evaluated(cells: Sequence[str], top: Sequence[int]) -> dict[str, Any]:
    """What names hold after some cells, with the imports of those before them; no day set stays behind."""
    names: dict[str, Any] = {}
    day = as_of.day()
    try:
        for number, cell in enumerate(cells[:top[-1] + 1] if top else ()):
            tree = ast.parse(cell)
            if number not in top:
                tree.body = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
            exec(compile(tree, f"<cell {number + 1}>", "exec"), names)
    finally:
        as_of.set_day(day)
    return names


def fault(old: object, new: object, asked: Asked) -> str:
    """What keeps a value from taking the place of another; empty where nothing does.

    Parameters
    ----------
    old, new : object
        What a parameter holds as published, and what it shall hold.
    asked : Asked
    """
    if old is None:
        return ""
    if isinstance(old, bool):
        return "" if isinstance(new, bool) else f"is {_kind(new)}, not True or False"
    if isinstance(old, int | float):
        return _of_number(old, new, asked)
    if isinstance(old, str):
        return _of_text(old, new, asked)
    if isinstance(old, range):
        if not isinstance(new, range | list | tuple):
            return f"is {_kind(new)}, no range of years"
        if not len(new):
            return "holds nothing" + ": it starts after it ends" * isinstance(new, range)
        return _of_each(old, new, asked)
    if isinstance(old, Mapping):
        return _of_mapping(old, new, asked)
    if isinstance(old, list | tuple | set):
        return _of_list(old, new, asked)
    if not isinstance(new, type(old)):
        return f"is {_kind(new)}, no {_kind(old).partition(' ')[2]}"
    if isinstance(old, pd.Timestamp | pd.Period) and new.year not in DAYS:
        return f"is of the year {new.year}, not of {DAYS[0]} to {DAYS[-1]}"
    if isinstance(old, pd.Timestamp | pd.Period) and (said := _beyond(old, new, asked)):
        return said
    return "holds nothing" if hasattr(old, "__len__") and len(old) > len(new) == 0 else ""


def expected(value: object) -> str:
    """What a parameter takes, in words, by what it holds as published."""
    if isinstance(value, Mapping):
        return f"a mapping of {listed(value)}" if len(value) <= 3 else "a mapping like the published one"
    if isinstance(value, range):
        return "years, range(first, last + 1)"
    if _spans(value):
        return f"{len(value)} values, {listed(expected(each) for each in value)}"
    if isinstance(value, list | tuple | set) and value:
        first = expected(next(iter(value)))
        return "a list of country codes" if first == "a country code" else f"a list, each {first}"
    if isinstance(value, str) and CODE.fullmatch(value):
        return "a country code"
    return _kind(value)


def remark_on(cells: Sequence[str], name: str) -> str:
    """The remark behind the line that sets a name; empty without one."""
    return _line(cells, name)[1]


def own_remark(cells: Sequence[str], name: str) -> str:
    """The part of a remark that is about one name, where semicolons part it by the names of its line; else all of it."""
    code, remark = _line(cells, name)
    names, parts = re.findall(r"\b[A-Z][A-Z0-9_]*\b", code.partition("=")[0]), remark.split("; ")
    return parts[names.index(name)] if len(parts) == len(names) else remark


def _line(cells: Sequence[str], name: str) -> tuple[str, str]:
    lines = [line for cell in cells for line in cell.split("\n") if re.match(rf"[^#=]*\b{name}\b[^#=]*=", line)]
    code, _, remark = lines[0].partition("  # ") if lines else ("", "", "")
    return code, remark.strip()


def _of_number(old: float, new: object, asked: Asked) -> str:
    if isinstance(new, bool) or not isinstance(new, int | float):
        return f"is {_kind(new)}, no number"
    if not math.isfinite(new):
        return "is no finite number"
    if asked.year and isinstance(old, int) and old in YEARS:
        return _beyond(old, new, asked) if isinstance(new, int) and new in YEARS else "is no year"
    if asked.whole and isinstance(old, int) and not isinstance(new, int):
        return "is no whole number"
    if asked.part and isinstance(old, float) and 0 <= old <= 1 and not 0 <= new <= 1:
        return "is no part of a whole, from 0 to 1"
    if asked.percent and old <= 100 < new:
        return "is more than a hundred percent"
    return "is less than zero" if old >= 0 > new else ""


def _of_length(name: str, old: object, new: object, remark: str) -> str:
    """Whether a length of time or a number of draws is too small, or longer than a century, or more than a run would end."""
    if not all(isinstance(each, int | float) for each in (old, new)):
        return ""
    if "DRAWS" in name and new > MOST_DRAWS:
        return f"is more than {MOST_DRAWS:,}, which no run would end"
    unit = UNIT.match(remark)
    measured = unit[1] if unit and old not in YEARS else "months" if LENGTH.search(name) and "DRAWS" not in name else ""
    if measured and new > CENTURY[measured]:
        return f"is more than {CENTURY[measured]:,} {measured}, a century"
    least = AT_LEAST.search(remark)
    if not new and (least or LENGTH.search(name)):
        return "leaves nothing to count"
    return f"leaves too little to count, less than {least[1]}" if least and new < LEAST[least[1]] else ""


def _of_size(old: object, new: object) -> str:
    numbers = [each for each in (old, new) if isinstance(each, int | float)]
    return f"is more than {MOST_TIMES:,} times the published value" * (
        len(numbers) == 2 and abs(new) > MOST_TIMES * max(1, abs(old)))


def _of_rows(old: object, new: object, remark: str) -> str:
    """Whether members of a list have rows in the tables that the remark names, in the column that holds all published ones."""
    named = OF_TABLES.search(remark)
    for table in filter(None, named.groups()) if named else ():
        frame = data.load(table).frame
        column = next(name for name in frame.select_dtypes(exclude="number") if set(old) <= set(frame[name]))
        known = sorted(frame[column].dropna().unique())
        if absent := [each for each in new if each not in known]:
            return f"names {listed(absent)}, of which table {table} has no row; it has {listed(known)}"
    return ""


def _of_text(old: str, new: object, asked: Asked) -> str:
    if not isinstance(new, str):
        return f"is {_kind(new)}, no text"
    if TIME.fullmatch(old) and not _is_time(new, old):
        return f"is no {({4: 'year', 7: 'month'}).get(len(old), 'date')} such as {old}"
    if TIME.fullmatch(old) and (said := _beyond(old, new, asked)):
        return said
    if CODE.fullmatch(old) and new not in asked.codes:
        return f"names {new}, which is no country code here{parameters.meant(new.upper(), asked.codes)}"
    return ""


def _beyond(old: object, new: object, asked: Asked) -> str:
    """Whether a time lies behind the end of the record, as its published value does not."""
    was, given = (str(each)[:10] for each in (old, new))
    later = was <= asked.ends[:len(was)] and given > asked.ends[:len(given)]
    return f"is after the end of the record, {asked.ends}" if later else ""


def _is_time(text: str, old: str) -> bool:
    """Whether a text dates as another does: to the day or the month as that does, or to at least the year."""
    if not TIME.fullmatch(text) or (len(text) != len(old) > 4):
        return False
    try:
        return date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), "")).year in DAYS
    except ValueError:
        return False


def _of_mapping(old: Mapping, new: object, asked: Asked) -> str:
    if not isinstance(new, Mapping):
        return f"is {_kind(new)}, no mapping"
    if set(old) <= {"written", "now"} and (absent := [key for key in old if key not in new]):
        return f"lacks {listed(absent)}"
    if old and not new:
        return "holds nothing"
    if said := next((said for key in new if key not in old and (said := _of_key(old, key, asked))), ""):
        return said
    return next((f"has under {key} what {said}" for key in old if key in new
                 if (said := fault(old[key], new[key], asked))), "")


def _of_key(old: Mapping, new: object, asked: Asked) -> str:
    """What keeps a word from being a key beside those of a mapping; years and words that begin with a number are free."""
    first = next(iter(old), None)
    if isinstance(first, int):
        return fault(first, new, asked._replace(year=True)) and f"has {new!r}, which is no year"
    if isinstance(first, str) and CODE.fullmatch(first):
        return _of_text(first, new, asked)
    if not isinstance(first, str) or (first[:1].isdigit() and isinstance(new, str)):
        return ""
    return f"has {new!r}, which is none of {listed(old)}{parameters.meant(str(new), list(old))}"


def _of_list(old: list | tuple | set, new: object, asked: Asked) -> str:
    if not isinstance(new, list | tuple | set | range):
        return f"is {_kind(new)}, no list"
    if old and not len(new) and not asked.empty:
        return "holds nothing"
    if twice := [each for each in new if isinstance(each, str) and list(new).count(each) > 1]:
        return f"names {twice[0]} twice"
    if not _spans(old):
        return _of_each(old, new, asked)
    if len(new) != len(old):
        return f"has {len(new)} values in place of {len(old)}"
    if said := next((said for was, each in zip(old, new, strict=True) if (said := fault(was, each, asked))), ""):
        return f"holds what {said}"
    ordered = len(old) == 2 and isinstance(old[0], int | float | str | pd.Timestamp) and type(old[0]) is type(old[1])
    return "starts after it ends" if ordered and old[0] <= old[1] and new[0] > new[1] else ""


def _spans(value: object) -> bool:
    """Whether several values each have their place, such as the first and the last day, and are no list of words."""
    return isinstance(value, tuple) and not all(isinstance(each, str) and not parameters.DATE.fullmatch(each) for each in value)


def _of_each(old: Sequence, new: Sequence, asked: Asked) -> str:
    known = sorted(old, key=lambda each: bool(CODE.fullmatch(str(each))))[:1]  # EU beside codes of states: any text will do
    return next((f"holds what {said}" if said.startswith("is ") else said for was in known for each in new
                 if (said := fault(was, each, asked))), "")


def _kind(value: object) -> str:
    """What a value is, in a reader's words."""
    if isinstance(value, str):
        return "a date" if parameters.DATE.fullmatch(value) else "a text"
    if isinstance(value, bool):
        return "True or False"
    words = {int: "a whole number", float: "a number", list: "a list", tuple: "several values", dict: "a mapping",
             range: "a range", set: "a list", pd.Timestamp: "a day", pd.Period: "a month", pd.DataFrame: "a table",
             pd.Series: "a series"}
    return next((said for kind, said in words.items() if isinstance(value, kind)), f"a {type(value).__name__}")


def _refusal(cells: Sequence[str], name: str, value: str, said: str, old: object, remark: str) -> ParameterError:
    remark = f" ({remark})" if remark else ""
    return ParameterError(f"{name} = {value}: this {said}; {name} takes {expected(old)}, as published: "
                          f"--set {_example(cells, name)}{remark}")


def _example(cells: Sequence[str], name: str) -> str:
    """The published value as an argument of the command line, cut where it is long."""
    value = next(each for cell in cells for found, each in parameters.assigned(cell) if found == name)
    constants = [node.value for node in ast.walk(value) if isinstance(node, ast.Constant)]
    dates = [each for each in constants if parameters.DATE.fullmatch(str(each))]
    text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    shown = value.value if text else ast.unparse(value).replace("'", '"')
    if len(dates) == 1 and isinstance(value, ast.Call):
        shown = dates[0]
    return shlex.quote(f"{name}={shown if len(shown) <= SHOWN else shown[:SHOWN] + ' …'}")


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(data.load("disaster_risk").frame["iso3"])


def _codes(cells: Sequence[str]) -> list[str]:
    """Country codes that can be meant: those of states, and whatever the notebook itself names."""
    own = {node.value for cell in cells for node in ast.walk(_tree(cell))
           if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)}
    return sorted(own | _countries())


def _tree(cell: str) -> ast.AST:
    try:
        return ast.parse(cell)
    except SyntaxError:  # a magic
        return ast.Module([], [])
