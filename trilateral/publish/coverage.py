"""The years a table covers, by country: read off its rows, drawn as bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd
from babel import Locale
from babel.core import get_global

from trilateral.recipes.countries import NAMES

FIRST = ("USA", "JPN", "KOR", "CHN", "PRK", "RUS")
MOST_ROWS = 9
MOST_RUNS = 4
TIMES = ("date", "yearmonth")
YEAR = r"^(\d{4})(?:\D|$)"
LAST_YEAR = r"^\d{4}[-/–](\d{4})$"
SPELLS = (("start", "end"), ("year_start", "year_end"), ("begin_year", "end_year"), ("first_year", "last_year"))
SEEN = "seen_until"  # last sign of a spell whose end is not known
DATED = ("date", "period", "as_of", "start", "since", "in_effect", "status_date")  # cells that begin with a year
ALL = "all"
AGGREGATES = {ALL: "All rows", "OTH": "Others", "WLD": "World"}


@dataclass(frozen=True)
class Row:
    """Years of one country, or of all that have no row of their own.

    Attributes
    ----------
    label : str
        ISO 3166-1 alpha-3 code, `ALL`, or ``n others``.
    spans : list of (int, int)
        First and last year of each unbroken run, in order.
    """

    label: str
    spans: list[tuple[int, int]]

    def __str__(self) -> str:
        return f"{self.label} {self.years}"

    @property
    def name(self) -> str:
        """The label as a reader calls it."""
        return country_name(self.label)

    @property
    def years(self) -> str:
        """The runs in words."""
        return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in self.spans)


def country_name(code: str) -> str:
    """English name of a country by its code, as the book's tables have it, else as Unicode does; of an aggregate likewise."""
    short = next(iter(get_global("territory_aliases").get(code, ())), "")
    return AGGREGATES.get(code) or NAMES.get(code, (Locale("en").territories.get(short, code),))[0]


def countries_of(columns: Iterable[Mapping]) -> tuple[list[str], str]:
    """Columns that name the country of a row, and what the country is in it where that must be said.

    The first column with ISO codes; both of two countries that stand side by side (``iso3_a`` and ``iso3_b``).
    """
    coded = [column for column in columns if column.get("codes") == "iso3"]
    pair = [column["name"] for column in coded if column["name"].endswith(("_a", "_b"))]
    if len(pair) == 2 or not coded:
        return pair, ""
    title = coded[0]["title"]
    return [coded[0]["name"]], "" if title == "Country" else title[0].lower() + title[1:]


def rows(frame: pd.DataFrame, columns: Iterable[Mapping], until: int | None = None, whole: str = "") -> list[Row]:
    """Years by country of a table.

    Parameters
    ----------
    frame : DataFrame of str
        One row an observation.
    columns : iterable of mapping
        The sidecar's columns. The first with ISO codes names the country; the years are those of the column of type date
        or yearmonth, with unit year, or whose cells begin with a year; pairs of columns in `SPELLS`, and cells such as
        2019-2023, make spells.
    until : int, optional
        Last year of a spell that has no end.
    whole : str, optional
        The years that every row is about (2025, 1990-2019) where no column says; of a table without any.

    Returns
    -------
    list of Row
        The three partners and their neighbors first; empty if neither the table nor `whole` has years.
    """
    columns = list(columns)
    years = _years(frame, columns)
    if years is None:
        found = pd.Series(whole, index=frame.index)
        years = _year(found), _year(found, LAST_YEAR).fillna(_year(found))
    named = countries_of(columns)[0]
    by_code: dict[str, set[int]] = {}
    for name in named or [None]:
        codes = frame[name].fillna(ALL) if name else pd.Series(ALL, index=frame.index)
        spells = pd.DataFrame({"code": codes, "first": years[0], "last": years[1]}).dropna(subset="first").drop_duplicates()
        for code, first, last in spells.itertuples(index=False):
            by_code.setdefault(code, set()).update(range(int(first), int(last if pd.notna(last) else until or first) + 1))
    order = [code for code in FIRST if code in by_code] + sorted(set(by_code) - set(FIRST), key=lambda c: (c in AGGREGATES, c))
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


def summary(found: list[Row]) -> str:
    """The years in few words: countries with the same years together, many gaps as such."""
    together: dict[str, list[str]] = {}
    for row in found:
        years = row.years if len(row.spans) <= MOST_RUNS else f"{row.spans[0][0]}–{row.spans[-1][1]} with gaps"
        together.setdefault(years, []).append(row.label if row.label == ALL else row.name)
    return "; ".join(years if labels == [ALL] else f"{', '.join(labels)} {years}" for years, labels in together.items())


def html(found: list[Row], by: str = "") -> str:
    """Bars on one scale, with the same words for who cannot see them; empty without rows.

    Parameters
    ----------
    found : list of Row
        See `rows`.
    by : str, optional
        What the countries are, see `countries_of`.
    """
    if not found:
        return ""
    first, last = extent(found)
    width = last - first + 1
    lines = []
    for row in found:
        bars = "".join(f'<path d="M{a - first} 0h{b - a + 1}v1h-{b - a + 1}z"/>' for a, b in row.spans)
        lines.append(f'<span>{escape(row.name)}</span><svg viewBox="0 0 {width} 1" preserveAspectRatio="none" '
                     f'aria-hidden="true">{bars}</svg>')
    by = f"by {by}" if by else ""
    words = escape(f"Years covered{by and ', ' + by}: " + "; ".join(f"{row.name} {row.years}" for row in found))
    ends = f"<span>{first}</span>" + (f"<span>{last}</span>" if first < last else "")
    return (f'<div class="tl-coverage" role="img" aria-label="{words}">{"".join(lines)}'
            f'<span>{escape(by)}</span><span class="tl-ends">{ends}</span></div>')


def extent(found: list[Row]) -> tuple[int, int]:
    """First and last year of all rows."""
    return min(row.spans[0][0] for row in found), max(row.spans[-1][1] for row in found)


def _years(frame: pd.DataFrame, columns: list[Mapping]) -> tuple[pd.Series, pd.Series] | None:
    named = {column["name"]: column for column in columns}
    for one, other in SPELLS:
        if one in named and other in named:
            last = frame[other].fillna(frame[SEEN]) if SEEN in named else frame[other]
            return _year(frame[one]), _year(last)  # an empty end is a spell that goes on
    best = None  # the fullest column; of those the most exact, then one named after time itself
    for column in columns:
        if column["type"] in TIMES or column.get("unit") == "year" or column["name"] in DATED:
            years = _year(frame[column["name"]])
            rank = years.notna().sum(), column["type"] in TIMES, column["name"] in ("year", "fiscal_year", "month", "date")
            if rank[0] and (best is None or rank > best[0]):
                best = rank, years, _year(frame[column["name"]], LAST_YEAR).fillna(years)
    return best and best[1:]


def _year(cells: pd.Series, pattern: str = YEAR) -> pd.Series:
    codes, texts = pd.factorize(cells.astype("string"), use_na_sentinel=False)  # each text is read once
    years = pd.to_numeric(pd.Series(texts).str.extract(pattern, expand=False), errors="coerce")
    return years.take(codes).set_axis(cells.index)
