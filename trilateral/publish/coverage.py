"""The years a table covers, by country: read off its rows, drawn as bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

FIRST = ("USA", "JPN", "KOR", "CHN", "PRK", "RUS")
MOST_ROWS = 9
TIMES = ("date", "yearmonth")
YEAR = r"^(\d{4})(?:\D|$)"


@dataclass(frozen=True)
class Row:
    """Years of one country, or of all that have no row of their own.

    Attributes
    ----------
    label : str
        ISO 3166-1 alpha-3 code, ``all``, or ``n others``.
    spans : list of (int, int)
        First and last year of each unbroken run, in order.
    """

    label: str
    spans: list[tuple[int, int]]

    def __str__(self) -> str:
        return f"{self.label} " + ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in self.spans)


def rows(frame: pd.DataFrame, columns: Iterable[Mapping], until: int | None = None) -> list[Row]:
    """Years by country of a table.

    Parameters
    ----------
    frame : DataFrame of str
        One row an observation.
    columns : iterable of mapping
        The sidecar's columns. The first with ISO codes names the country; the years are those of the column of type date
        or yearmonth, with unit year, or whose cells begin with a year; ``start`` and ``end`` make spells.
    until : int, optional
        Last year of a spell that has no end.

    Returns
    -------
    list of Row
        The three partners and their neighbors first; empty if the table has no years.
    """
    columns = list(columns)
    years = _years(frame, columns)
    if years is None:
        return []
    country = next((column["name"] for column in columns if column.get("codes") == "iso3"), None)
    codes = frame[country].fillna("all") if country else pd.Series("all", index=frame.index)
    by_code: dict[str, set[int]] = {}
    for code, first, last in zip(codes, *years, strict=True):
        if pd.notna(first):
            by_code.setdefault(code, set()).update(range(int(first), int(last if pd.notna(last) else until or first) + 1))
    order = [code for code in FIRST if code in by_code] + sorted(set(by_code) - set(FIRST))
    kept = order if len(order) <= MOST_ROWS else [code for code in order if code in FIRST]
    others = [code for code in order if code not in kept]
    result = [Row(code, spans(by_code[code])) for code in kept]
    if others:
        result.append(Row(f"{len(others)} others", spans(set().union(*(by_code[code] for code in others)))))
    return result


def spans(years: set[int]) -> list[tuple[int, int]]:
    """Unbroken runs of years, in order."""
    found: list[tuple[int, int]] = []
    for year in sorted(years):
        if found and year == found[-1][1] + 1:
            found[-1] = found[-1][0], year
        else:
            found.append((year, year))
    return found


def html(found: list[Row]) -> str:
    """Bars on one scale, with the same words for who cannot see them; empty without rows."""
    if not found:
        return ""
    first, last = extent(found)
    width = last - first + 1
    lines = []
    for row in found:
        bars = "".join(f'<path d="M{a - first} 0h{b - a + 1}v1h-{b - a + 1}z"/>' for a, b in row.spans)
        lines.append(f'<span>{escape(row.label)}</span><svg viewBox="0 0 {width} 1" preserveAspectRatio="none" '
                     f'aria-hidden="true">{bars}</svg>')
    words = escape("Years covered: " + "; ".join(map(str, found)))
    ends = f'<span></span><span class="tl-ends"><span>{first}</span><span>{last}</span></span>' if first < last else \
        f'<span></span><span class="tl-ends"><span>{first}</span></span>'
    return f'<div class="tl-coverage" role="img" aria-label="{words}">{"".join(lines)}{ends}</div>'


def extent(found: list[Row]) -> tuple[int, int]:
    """First and last year of all rows."""
    return min(row.spans[0][0] for row in found), max(row.spans[-1][1] for row in found)


def _years(frame: pd.DataFrame, columns: list[Mapping]) -> tuple[pd.Series, pd.Series] | None:
    named = {column["name"]: column for column in columns}
    for one, other in (("start", "end"), ("year_start", "year_end")):
        if one in named and other in named:
            return _year(frame[one]), _year(frame[other])  # an empty end is a spell that goes on
    timed = sorted((column for column in columns if column["type"] in TIMES or column.get("unit") == "year"
                    or column["name"] in ("date", "period", "as_of", "start")),
                   key=lambda column: column["name"] not in ("year", "fiscal_year", "month", "date"))
    for column in timed:
        years = _year(frame[column["name"]])
        if years.notna().any():
            return years, years
    return None


def _year(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells.astype("string").str.extract(YEAR, expand=False), errors="coerce")
