"""Ways in which a table gets damaged, as text: what a wrong file, a wrong recipe or a wrong hand would leave behind.

Every damage is drawn from a seed, the table's name and the kind, so that a later run makes the same one again.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

COUNTRY = re.compile(r"[A-Z]{3}")
DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")
YEAR = re.compile(r"(1[89]|20|21)\d{2}")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SMALL = (0.02, 0.1)
"""Shares of the distance between the tenth and the ninetieth percentile by which a value is moved."""
EACH = 3
"""Damages of a kind and extent in each table, where it has that many."""

STRUCTURE = ("column renamed", "rows dropped", "rows doubled", "dates in another format")
GROSS = ("unit", "sign", "countries swapped")
SHIFT = ("year shifted",)
SMALLS = ("value moved",)
KINDS = (*STRUCTURE, *GROSS, *SHIFT, *SMALLS)

Cells = pd.DataFrame  # of str, "" where a cell is empty, columns in the order of the file


@dataclass(frozen=True)
class Damage:
    """One damaged table.

    Attributes
    ----------
    table, kind : str
        Which table, and which of `KINDS`.
    number : int
        Its place among the damages of this kind.
    words : str
        What was done.
    content : bytes
        The damaged file.
    """

    table: str
    kind: str
    number: int
    words: str
    content: bytes

    @property
    def key(self) -> str:
        return f"{self.table}/{self.kind}/{self.number}"


def read(raw: bytes) -> Cells:
    """Every cell of a table as it stands in the file."""
    return pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, na_filter=False)


def write(cells: Cells) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(cells.columns)
    writer.writerows(cells.itertuples(index=False, name=None))
    return out.getvalue().encode("utf-8")


def of(table: str, raw: bytes, meta: Mapping, seed: int = 0, kinds: tuple[str, ...] = KINDS) -> list[Damage]:
    """All damages of one table; one that would leave every value as it was is not among them."""
    cells, found = read(raw), []
    original = write(cells)
    for kind in kinds:
        draw = random.Random(f"{seed}/{table}/{kind}")
        seen = {original}
        for words, damaged in MAKERS[kind](cells, meta, draw):
            content = write(damaged)
            if content not in seen:
                seen.add(content)
                found.append(Damage(table, kind, len(seen) - 2, words, content))
    return found


# what a column holds

def _names(meta: Mapping, *types: str) -> list[str]:
    return [column["name"] for column in meta["columns"] if column["type"] in types]


def measures(cells: Cells, meta: Mapping) -> list[str]:
    """Columns of numbers that measure something: no key, no year, no code of a fixed list."""
    fixed = {column["name"] for column in meta["columns"] if "enum" in column.get("constraints", {})}
    return [name for name in _names(meta, "integer", "number") if name not in fixed and name not in meta["primary_key"]
            and not (("year" in name) and _all(cells[name], YEAR)) and cells[name].str.strip("-0.").ne("").any()]


def countries(cells: Cells, meta: Mapping) -> list[str]:
    return [name for name in _names(meta, "string")
            if _all(cells[name], COUNTRY) and cells.loc[cells[name] != "", name].nunique() > 1]


def flags_of_countries(cells: Cells, meta: Mapping) -> list[str]:
    """Columns named by a country, with what is known of it in each row."""
    codes = {"usa", "jpn", "kor", "chn", "aus", "twn", "prk", "nzl", "ind", "deu", "gbr", "phl", "rus"}
    return [name for name in cells.columns if name.rpartition("_")[2] in codes]


def dates(cells: Cells) -> list[str]:
    return [name for name in cells.columns if (cells[name] != "").any() and _all(cells[name], DATE, YEAR)
            and cells[name].str.contains("-").any()]


def years(cells: Cells) -> list[str]:
    return [name for name in cells.columns if "year" in name and _all(cells[name], YEAR)]


def _all(values: pd.Series, *patterns: re.Pattern) -> bool:
    known = values[values != ""].unique()
    return len(known) > 0 and all(any(pattern.fullmatch(value) for pattern in patterns) for value in known)


def _cell(value: float, whole: bool) -> str:
    if whole or float(value).is_integer():
        return str(round(value))
    return repr(float(value))


def _times(cells: Cells, name: str, rows: pd.Series, factor: float, meta: Mapping) -> Cells:
    whole = name in _names(meta, "integer")
    damaged = cells.copy()
    chosen = rows & (cells[name] != "")
    damaged.loc[chosen, name] = [_cell(float(value) * factor, whole) for value in cells.loc[chosen, name]]
    return damaged


def _extents(cells: Cells, meta: Mapping, draw: random.Random, name: str) -> Iterator[tuple[str, pd.Series]]:
    """All rows, those of one country, those of one year; where the column has values other than zero."""
    told = cells[name].str.strip("-0.").ne("")
    yield "all rows", pd.Series(True, cells.index)
    for columns, word in ((countries(cells, meta), ""), ([*years(cells), *dates(cells)][:1], "")):
        if columns:
            by = draw.choice(columns)
            known = sorted(cells.loc[told & (cells[by] != ""), by].str[:4].unique())
            if known:
                group = draw.choice(known)
                yield f"{by} {group}{word}", cells[by].str[:4] == group


Made = Iterator[tuple[str, Cells]]


def _renamed(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    for name in draw.sample(list(cells.columns), min(EACH, cells.shape[1])):
        new = draw.choice([name.upper(), f"{name}_", name[:-1] or "x", f" {name}"])
        yield f"{name} to {new!r}", cells.rename(columns={name: new})
    one, other = draw.sample(range(cells.shape[1]), 2)
    names = list(cells.columns)
    names[one], names[other] = names[other], names[one]
    yield f"headers of {cells.columns[one]} and {cells.columns[other]} exchanged", cells.set_axis(names, axis=1)


def _dropped(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    for row in draw.sample(range(len(cells)), min(EACH, len(cells))):
        yield f"row {row + 2}", cells.drop(index=row)
    yield "one in twenty", cells.drop(index=draw.sample(range(len(cells)), max(1, len(cells) // 20)))
    yield "the last tenth", cells.iloc[:len(cells) - max(1, len(cells) // 10)]
    for by in countries(cells, meta)[:2]:
        code = draw.choice(sorted(set(cells[by]) - {""}))
        yield f"all of {by} {code}", cells[cells[by] != code]


def _doubled(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    for row in draw.sample(range(len(cells)), min(EACH, len(cells))):
        yield f"row {row + 2}", pd.concat([cells.iloc[:row + 1], cells.iloc[row:]])
    yield "all rows", pd.concat([cells, cells])
    key = meta["primary_key"]
    if len(key) == 1 and cells[key[0]].str.fullmatch(r"\d+").all():
        row = draw.randrange(len(cells))
        again = cells.iloc[[row]].assign(**{key[0]: str(cells[key[0]].astype(int).max() + 1)})
        yield f"row {row + 2} under a number of its own", pd.concat([cells, again])


def _formats(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    def day_first(text: str) -> str:
        return "/".join(reversed(text.split("-")))

    def month_first(text: str) -> str:
        year, month, *day = text.split("-")
        return "/".join([month, *day, year])

    def words(text: str) -> str:
        year, month, *day = text.split("-")
        return " ".join([*day, MONTHS[int(month) - 1], year])

    def turned(text: str) -> str:
        year, month, *day = text.split("-")
        return "-".join([year, *day, month])

    forms = [day_first, month_first, words, turned, lambda text: text.replace("-", ""), lambda text: text[2:]]
    for name in dates(cells):
        full = cells[name].str.contains("-")
        for form in draw.sample(forms, EACH):
            yield f"{name}, all rows", cells.assign(**{name: cells[name].where(~full, cells[name].map(
                lambda text, form=form: form(text) if "-" in text else text))})
        row = draw.choice(list(cells.index[full]))
        damaged = cells.copy()
        damaged.loc[row, name] = draw.choice(forms[:3])(cells.loc[row, name])
        yield f"{name}, row {row + 2}", damaged
    for name in years(cells):
        yield f"{name} with two digits", cells.assign(**{name: cells[name].str[2:]})


def _unit(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    names = measures(cells, meta)
    for name in draw.sample(names, min(EACH, len(names))):
        for where, rows in _extents(cells, meta, draw, name):
            for factor, words in ((1000, "times 1,000"), (0.001, "one-thousandth")):
                yield f"{name}, {where}, {words}", _times(cells, name, rows, factor, meta)


def _sign(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    names = measures(cells, meta)
    for name in draw.sample(names, min(EACH, len(names))):
        for where, rows in _extents(cells, meta, draw, name):
            yield f"{name}, {where}, other sign", _times(cells, name, rows, -1, meta)
        told = cells.index[cells[name].str.strip("-0.").ne("")]
        row = draw.choice(list(told))
        yield f"{name}, row {row + 2}, other sign", _times(cells, name, pd.Series(cells.index == row, cells.index), -1, meta)


def _swapped(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    coded = countries(cells, meta)
    for number in range(2 * EACH if coded else 0):
        by = coded[number % len(coded)]
        one, other = draw.sample(sorted(set(cells[by]) - {""}), 2)
        yield f"{by}, {one} and {other}", cells.assign(**{by: cells[by].replace({one: other, other: one})})
    flags = flags_of_countries(cells, meta)
    for _ in range(EACH if len(flags) > 1 else 0):
        one, other = draw.sample(flags, 2)
        yield f"columns {one} and {other}", cells.assign(**{one: cells[other], other: cells[one]})


def _shifted(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    def later(text: str, by: int) -> str:
        return f"{int(text[:4]) + by}{text[4:]}".replace("-02-29", "-02-28") if text else text

    for name in [*years(cells), *dates(cells)][:EACH]:
        by = draw.choice((-1, 1))
        yield f"{name}, all rows, {by:+d}", cells.assign(**{name: cells[name].map(lambda text, by=by: later(text, by))})
        for column in countries(cells, meta)[:1]:
            code = draw.choice(sorted(set(cells.loc[cells[name] != "", column]) - {""}))
            yield f"{name}, {column} {code}, {by:+d}", cells.assign(**{name: cells[name].where(
                cells[column] != code, cells[name].map(lambda text, by=by: later(text, by)))})
        row = draw.choice(list(cells.index[cells[name] != ""]))
        damaged = cells.copy()
        damaged.loc[row, name] = later(cells.loc[row, name], by)
        yield f"{name}, row {row + 2}, {by:+d}", damaged


def _moved(cells: Cells, meta: Mapping, draw: random.Random) -> Made:
    """One value, by a little more than nothing, to a value that the column has room for."""
    names = [name for name in measures(cells, meta) if cells[name].nunique() > 2]
    for _ in range(EACH if names else 0):
        name = draw.choice(names)
        values = pd.to_numeric(cells[name].where(cells[name] != ""), errors="coerce")
        low, high, whole = values.quantile(0.1), values.quantile(0.9), name in _names(meta, "integer")
        row = draw.choice(list(values.dropna().index))
        step = draw.uniform(*SMALL) * ((high - low) or values.abs().max())
        new = values[row] + draw.choice((-1, 1)) * (max(1, round(step)) if whole else step)
        new = values[row] + abs(new - values[row]) if new < values.min() else new
        new = values[row] - abs(new - values[row]) if new > values.max() else new
        digits = len(cells.loc[row, name].partition(".")[2]) + 1
        damaged = cells.copy()
        damaged.loc[row, name] = _cell(round(new, digits), whole)
        yield f"{name}, row {row + 2}, {cells.loc[row, name]} to {damaged.loc[row, name]}", damaged
    if not names:
        chosen = [column for column in meta["columns"] if len(column.get("constraints", {}).get("enum", [])) > 1
                  and column["name"] not in meta["primary_key"] and cells[column["name"]].nunique() > 1]
        for column in draw.sample(chosen, min(EACH, len(chosen))):
            name, row = column["name"], draw.randrange(len(cells))
            others = sorted(set(cells[name]) - {"", cells.loc[row, name]})
            if others:
                damaged = cells.copy()
                damaged.loc[row, name] = draw.choice(others)
                yield f"{name}, row {row + 2}, {cells.loc[row, name]!r} to {damaged.loc[row, name]!r}", damaged
        for name in [] if chosen else [*dates(cells), *countries(cells, meta)][:1]:
            for row in draw.sample(range(len(cells)), min(EACH, len(cells))):
                others = sorted(set(cells[name]) - {"", cells.loc[row, name]})
                damaged = cells.copy()
                damaged.loc[row, name] = draw.choice(others)
                yield f"{name}, row {row + 2}, {cells.loc[row, name]} to {damaged.loc[row, name]}", damaged


MAKERS: dict[str, Callable[[Cells, Mapping, random.Random], Made]] = dict(zip(
    KINDS, (_renamed, _dropped, _doubled, _formats, _unit, _sign, _swapped, _shifted, _moved), strict=True))
