"""Satellites in use by country, function and operator (General Catalog of Artificial Space Objects)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, mapped, require, take

FILE = "psatcat.tsv"
STAMP = "# Updated 2025 Apr  7"  # second line of the file; the day to which the catalog reaches
LATEST = datetime.date(2025, 4, 7)
FIRST_YEAR = 1990
UCS_DAY = datetime.date(2023, 5, 1)  # the day of the last list of the Union of Concerned Scientists
COLUMNS = ["JCAT", "Name", "LDate", "TOp", "Program", "Class", "Category", "UNState"]
STATES = {  # the source's codes of registering states
    "J": "JPN", "KR": "KOR", "US": "USA", "CN": "CHN", "RU": "RUS", "SU": "RUS", "KP": "PRK", "TW": "TWN", "IN": "IND",
    "AU": "AUS", "F": "FRA", "D": "DEU", "UK": "GBR", "I": "ITA", "IL": "ISR", "CA": "CAN",
}
FUNCTION = {  # by the first category; ships to space stations, test targets and warheads are not counted
    "IMG": "imaging", "IMG-R": "radar-imaging", "SIG": "signals-intelligence", "EW": "early-warning", "MET": "weather",
    "MET-RO": "weather", "NAV": "navigation", "COM": "communications", "TECH": "technology", "SCI": "science",
    "EOSCI": "science", "AST": "science", "PLAN": "science", "GEOD": "science", "MGRAV": "science", "BIO": "science",
    "EDU": "technology", "SS": None, "CAL": None, "TARG": None, "WEAPON": None, "RV": None, "MISC": None,
}
RADAR = ("S39766", "S60182")  # Daichi-2 and Daichi-4 carry a radar but are listed as plain imaging
OPERATOR = {"A": "academic", "B": "commercial", "C": "civil", "D": "defense", "N": "academic"}
CONSTELLATION = {  # by the beginning of the program; the first two make the US count jump in 2024
    "NRO Star A": "nro-proliferated", "NRO Star a": "nro-proliferated", "Starlink": "starlink", "OneWeb": "oneweb",
    "Flock": "planet-flock",
}
MONTHS = {name: number for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1)}
DATE = re.compile(r"(\d{4})(s)?(?: (?:Q(\d)|([A-Z][a-z]{2})(?: +(\d{1,2}))?))?\??")
EYES = ("imaging", "radar-imaging", "signals-intelligence", "early-warning")


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Active satellites (one row a day, country, function, operator and constellation) and single satellites that watch the
    ground (one row a satellite of Japan, South Korea or North Korea).

    A satellite is active on a day if it was launched on the day or before and its operations had not ended by the end of the
    day, or have no end ("*"). An end known only to a month, quarter, year or decade counts as the last day of it, since the
    source gives the last sign of life. Days are the last of each year since 1990, the day of the last list of the Union of
    Concerned Scientists, and the day to which the catalog reaches. Countries are those that registered the satellite or, in
    square brackets, those to which the source attributes it; marks of doubt (?, *) are dropped.

    Raises
    ------
    UpstreamError
        Another edition of the catalog, an unknown category or operator class, a date of unknown form, a wanted country
        without satellites, or a satellite whose correction here no longer applies.
    """
    raw = _catalog(files)
    return {"active_satellites": _active(raw), "reconnaissance_satellites": _watchers(raw)}


def _catalog(files: Mapping[str, bytes]) -> pd.DataFrame:
    second = take(files, FILE).split(b"\n", 2)[1:2]
    if not second or not second[0].startswith(STAMP.encode()):
        raise UpstreamError(f"{FILE}, row 2: the stamp is not {STAMP!r}. Another edition: set its day in the recipe.")
    raw = csv(files, FILE, sep="\t", skiprows=[1], quoting=3, distinct=True)  # names hold quotation marks
    raw = raw.rename(columns=lambda name: name.strip().lstrip("#"))
    require(raw, COLUMNS, FILE)
    raw = raw[COLUMNS].apply(lambda column: column.str.strip())
    state = raw["UNState"].str.strip("[]*?").map(STATES)
    lacking = sorted(set(STATES.values()) - set(state.dropna()))
    if lacking:
        raise UpstreamError(f"{FILE}, column UNState: no satellite of {', '.join(lacking)}. The file is cut, or its codes "
                            "have changed.")
    raw = raw.assign(iso3=state)[state.notna()]
    category = raw["Category"].str.split("/").str[0].str.rstrip("*?").rename("Category")
    function = mapped(category, FUNCTION, FILE)
    optical = raw["JCAT"].isin(RADAR)
    if (category[optical] != "IMG").any():
        raise UpstreamError(f"{FILE}, column Category: {', '.join(RADAR)} are no longer listed as IMG. Remove the correction.")
    letters = raw["Class"].map(lambda text: "D" if "D" in text else "C" if "C" in text else text)
    return raw.assign(
        function=function.mask(optical, "radar-imaging"),
        operator=mapped(letters.rename("Class"), OPERATOR, FILE),
        shared=(raw["Class"].str.len() > 1).astype(int),
        launch=raw["LDate"].map(lambda text: _day(text, "LDate")),
        end=raw["TOp"].map(lambda text: None if text == "*" else _day(text, "TOp")),
        constellation=raw["Program"].map(_constellation),
    ).dropna(subset=["function"])


def _day(text: str, column: str) -> datetime.date:
    """Last day of the period that a date of the catalog names."""
    found = DATE.fullmatch(text)
    if not found or (found[4] and found[4] not in MONTHS):
        raise UpstreamError(f"{FILE}, column {column}: {text!r} is no date the recipe knows. Teach it the form.")
    year, decade, quarter, month, day = found.groups()
    if day:
        return datetime.date(int(year), MONTHS[month], int(day))
    last = int(year) + (9 if decade else 0)
    after = MONTHS[month] if month else 3 * int(quarter) if quarter else 12
    return datetime.date(last + after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)


def _constellation(program: str) -> str:
    return next((name for start, name in CONSTELLATION.items() if program.startswith(start)), "none")


def _active(raw: pd.DataFrame) -> pd.DataFrame:
    days = [datetime.date(year, 12, 31) for year in range(FIRST_YEAR, LATEST.year)] + [UCS_DAY, LATEST]
    key = ["iso3", "function", "operator", "constellation"]
    parts = []
    for day in days:
        there = raw[(raw["launch"] <= day) & (raw["end"].isna() | (raw["end"].fillna(LATEST) > day))]
        parts.append(there.groupby(key).size().rename("satellites").reset_index().assign(date=day))
    frame = pd.concat(parts)
    year_end = frame["date"].map(lambda day: int((day.month, day.day) == (12, 31)))
    return frame.assign(satellites=frame["satellites"].astype("Int64"), year_end=year_end)


def _watchers(raw: pd.DataFrame) -> pd.DataFrame:
    kept = raw[raw["iso3"].isin(["JPN", "KOR", "PRK"]) & raw["function"].isin(EYES) & (raw["operator"] != "academic")]
    return pd.DataFrame({
        "catalog_id": kept["JCAT"],
        "iso3": kept["iso3"],
        "name": kept["Name"].str.strip("[]").str.replace('"', "", regex=False),
        "program": kept["Program"],
        "function": kept["function"],
        "operator": kept["operator"],
        "shared": kept["shared"],
        "launched": kept["launch"],
        "ended": kept["end"],
        "end_precision": kept["TOp"].map(lambda text: "" if text == "*" else _precision(text)).replace("", None),
    })


def _precision(text: str) -> str:
    quarter, month, day = DATE.fullmatch(text).groups()[2:]
    return "day" if day else "month" if month or quarter else "year"
