"""Control totals: what each table sums to by country and by year, as last accepted by a person.

A range in a sidecar tells an impossible value; it does not tell dollars from thousands of dollars, one country from another or
this year from the last, for a damaged file keeps within it. Sums by group do, as the batch totals of bookkeeping do. They
are kept beside the tables in ``data/totals`` and are not renewed with them: a build of the tables from damaged upstream files
renews the hashes of the data package, and is stopped here.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from trilateral import contract
from trilateral.data import DATA, load

FOLDER = "totals"
TOLERANCE = 0.01
"""Part of a total by which it may differ; a single value within its plausible range mostly stays below."""
YEARS = 0.05
"""Years by which a mean date may differ."""
DIGITS = 6
KINDS = 30  # categories beyond which a column counts as free text
NAMED = 3
COUNTRY = re.compile(r"[A-Z]{3}")
DATED = re.compile(r"\d{4}(-\d{2}){0,2}")
KEYS = ["by", "group"]


def of(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Totals of one table.

    Returns
    -------
    DataFrame
        One row a group, indexed by the column it is formed by (empty for the whole table) and its value. ``rows`` counts;
        ``sum:x`` adds a measure and ``abs:x`` its absolute values where some are negative; ``year:x`` is the mean of dates in
        years; ``n:x=y`` counts the rows of a category.
    """
    table = load(name, folder)
    frame, meta = table.frame, table.meta
    measured, groups = {"rows": pd.Series(1, frame.index)}, {"": pd.Series("", frame.index)}
    means, timed = set(), False
    for column in meta["columns"]:
        label, values, rules = column["name"], frame[column["name"]], column.get("constraints", {})
        if (years := _years(label, values)) is not None:
            measured[f"year:{label}"] = years
            means.add(f"year:{label}")
            if not timed:
                groups[label], timed = years // 1, True
        elif column["type"] in ("integer", "number"):
            if label not in meta["primary_key"]:
                measured[f"sum:{label}"] = values.astype("float64")
                if (values < 0).any():
                    measured[f"abs:{label}"] = values.astype("float64").abs()
        elif _countries(values):
            groups[label] = values
        elif "enum" in rules and len(rules["enum"]) <= KINDS:
            for kind in rules["enum"]:
                measured[f"n:{label}={kind}"] = (values == kind).astype(int)
    measures, parts = pd.DataFrame(measured, dtype="float64"), []
    for by, group in groups.items():
        grouped = measures.groupby(group.rename("group"), dropna=False, sort=False)
        part = grouped.sum().sort_index()
        if means:
            part[sorted(means)] = grouped[sorted(means)].mean()
        part.index = [_label(value) for value in part.index]
        parts.append(part.rename_axis("group").assign(by=by))
    return pd.concat(parts).reset_index().set_index(KEYS)


def _label(value: object) -> str:
    return "" if pd.isna(value) else f"{value:.0f}" if isinstance(value, float) else str(value)


def _years(label: str, values: pd.Series) -> pd.Series | None:
    """Dates as years and their fraction; None for a column that holds no dates."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.year + (values.dt.day_of_year - 1) / 366
    known = values.dropna()
    if known.empty:
        return None
    if pd.api.types.is_integer_dtype(values):
        return values.astype("float64") if "year" in label and known.between(1800, 2200).all() else None
    if pd.api.types.is_float_dtype(values) or not all(DATED.fullmatch(str(text)) for text in known.unique()):
        return None
    return values.str[:4].astype("float64") + (values.str[5:7].replace("", None).astype("float64").fillna(1) - 1) / 12


def _countries(values: pd.Series) -> bool:
    known = values.dropna().unique()
    return len(known) > 1 and all(COUNTRY.fullmatch(str(value)) for value in known)


def text(totals: pd.DataFrame) -> str:
    """Totals as they are kept: six digits, so that a line shows what moved."""
    return totals.map(lambda value: "" if pd.isna(value) else f"{value:.{DIGITS}g}").to_csv(lineterminator="\n")


def differences(name: str, folder: Path | None = None) -> list[str]:
    """One sentence a total that is not the one accepted; empty when all are within the tolerance.

    Raises
    ------
    TableError
        The table itself breaks its contract, or the totals kept of it are damaged.
    """
    path = (folder or DATA) / FOLDER / f"{name}.csv"
    if not path.exists():
        return [f"data/{FOLDER}/{name}.csv: missing; no totals of this table have been accepted"]
    kept = _kept(path)
    found = of(name, folder)
    said = []
    for words, one, other in (("is new", found, kept), ("is gone", kept, found)):
        said += [f"data/{name}.csv: column {column.partition(':')[2]} {words} among the totals"
                 for column in one.columns.difference(other.columns)]
        said += [f"data/{name}.csv: {by} {group} {words}" for by, group in one.index.difference(other.index)]
    columns = list(kept.columns.intersection(found.columns))
    both = kept.index.intersection(found.index)
    old, new = (totals.loc[both, columns].to_numpy(dtype=float) for totals in (kept, found))
    for row, place in zip(*np.nonzero(_apart(old, new, columns)), strict=True):
        by, group = both[row]
        kind, _, label = columns[place].partition(":")
        what = {"rows": "rows", "sum": f"the sum of {label}", "abs": f"the sum of {label} without signs",
                "year": f"the mean of {label}", "n": f"rows with {label.replace('=', ' ')}"}[kind]
        where = f"{by} {group or 'left empty'}" if by else "the whole table"
        said.append(f"data/{name}.csv, {where}: {what}: {old[row, place]:.{DIGITS}g} "
                    f"accepted, {new[row, place]:.{DIGITS}g} found")
    return said


def _kept(path: Path) -> pd.DataFrame:
    try:
        kept = pd.read_csv(path, dtype=dict.fromkeys(KEYS, str), keep_default_na=False, na_values=[""])
        if lacking := [key for key in KEYS if key not in kept]:
            raise ValueError(f"its first line lacks the column {lacking[0]}")
        kept = kept.fillna(dict.fromkeys(KEYS, "")).set_index(KEYS).astype(float)
        if kept.index.has_duplicates:
            raise ValueError(f"the group {' '.join(kept.index[kept.index.duplicated()][0])} stands twice")
    except ValueError as error:  # of pandas too: no line, no number, no UTF-8
        file = f"data/{FOLDER}/{path.name}"
        raise contract.TableError(f"{file}: is damaged: {error}. The table itself may be whole: take the totals back with "
                                  f"git restore {file}, or delete them and run: python -m trilateral data accept "
                                  f"{path.stem}") from None
    return kept


def _apart(old: np.ndarray, new: np.ndarray, columns: list[str]) -> np.ndarray:
    """Which totals differ by more than they may; one that is missing on one side alone does."""
    apart = np.empty(old.shape, dtype=bool)
    for place, column in enumerate(columns):
        kind, _, label = column.partition(":")
        scale = np.abs(old[:, columns.index(f"abs:{label}") if f"abs:{label}" in columns else place])
        room = {"rows": 0, "n": 0, "year": YEARS}.get(kind, TOLERANCE * scale)
        apart[:, place] = np.abs(new[:, place] - old[:, place]) > room + 10.0 ** -DIGITS * scale
    return apart | (np.isnan(old) != np.isnan(new))


def fault(name: str, place: Path) -> str:
    """What to do where totals of a table are not those accepted; empty if they are, or were when it was last asked."""
    mark = _mark(place, name)
    if mark and contract.has_passed(mark):
        return ""
    try:
        moved = differences(name, place)
    except contract.TableError as error:
        return str(error)
    if not moved:
        contract.remember(mark)
        return ""
    more = [f"... and {len(moved) - NAMED} more totals"] if len(moved) > NAMED else []
    advice = ("Look for a unit, a sign, a country or a year that was mistaken. If the new values are right, accept "
              f"them: python -m trilateral data accept {name}")
    return "\n".join([*moved[:NAMED], *more, advice])


def _mark(place: Path, name: str) -> Path | None:
    """What stands for this table beside these totals; None where one is missing."""
    files = [place / f"{name}.csv", place / f"{name}.yml", place / FOLDER / f"{name}.csv"]
    if not all(path.exists() for path in files):
        return None
    return contract.mark_of(Path(__file__).read_bytes(), b"\0".join(path.read_bytes() for path in files))


def accept(name: str, folder: Path | None = None) -> list[str]:
    """Keep the totals of a table as they are now; what moved."""
    moved = differences(name, folder)
    place = (folder or DATA) / FOLDER
    place.mkdir(exist_ok=True)
    if moved:
        (place / f"{name}.csv").write_text(text(of(name, folder)), encoding="utf-8", newline="\n")
    return moved


__all__ = ["FOLDER", "accept", "differences", "fault", "of", "text"]
