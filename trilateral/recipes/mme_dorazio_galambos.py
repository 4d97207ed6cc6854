"""Exercises of all three partners 1980-2010, counted (D'Orazio and Galambos), and US-South Korean exercises to the present."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import TRIAD
from trilateral.recipes.curated import in_calendar, rows
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, require, take

FILE, CURATED = "mme_v7.csv", "us-rok-exercises.csv"
ADDRESS = "https://doi.org/10.7910/DVN/KHFODX"
FIELDS = ("Air", "Land", "Sea", "Amphibious")
FLAGS = ("CPX", *FIELDS)
STATES = re.compile(r"State[A-Z]{1,2}")
NONE = "-9"  # no name, or participant not known
REPEATED = {"mme3457", "mme3458", "mme3460"}  # ids that the source gives to two exercises each
FIRST_HELD = "1993"  # year from which the book compares the days of exercises with other days
LONGEST = 92  # days; an exercise that would last longer has an end nobody should use
SERIES = (  # by words in the name, the first that fits
    ("team-spirit", r"team spirit"),
    ("ulchi", r"ul[cj]h?i"),
    ("key-resolve", r"key resolve|rsoi"),
    ("foal-eagle", r"foal eagle"),
)
COLUMNS = [
    "id", "exercise", "series", "start", "end", "dates", "status", "kind", "usa", "jpn", "kor", "us_people", "kor_people",
]  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Exercises in which all three took part, one row a year and number of nations; one row a US-South Korean exercise."""
    frame = _exercises(_read(files))
    together = frame[frame[[nation.lower() for nation in TRIAD]].all(axis=1)]
    counts = together.assign(year=integers(together["start"].str[:4]))[["year", "nations"]].value_counts()
    return {"military_exercises": counts.rename("exercises").sort_index().reset_index(),
            "us_rok_exercises": _peninsula(frame, files)}


def _read(files: Mapping[str, bytes]) -> pd.DataFrame:
    try:
        take(files, FILE).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UpstreamError(
            f"{FILE}: byte {error.start} is no UTF-8: the names would be damaged. Take the pinned file."
        ) from error
    dates = [f"{side}.{part}" for side in "se" for part in ("year", "month", "day")]
    raw = require(
        csv(files, FILE), ["MMEID", "Ex_Name", "Series_Name", "StartDate", "EndDate", *dates, *FLAGS, "StateA"], FILE
    )
    doubled = set(raw.loc[raw["MMEID"].duplicated(), "MMEID"]) - REPEATED
    if doubled:
        raise UpstreamError(f"{FILE}: id {', '.join(sorted(doubled))} twice. Look whether it is one exercise or two.")
    return raw


def _exercises(raw: pd.DataFrame) -> pd.DataFrame:
    """One row an exercise of any nations: dates, fields, and 1 for each of the three that took part."""
    states = raw[[column for column in raw.columns if STATES.fullmatch(column)]]
    names = states.stack().dropna().str.strip().rename("State")
    names = names[names != NONE].reset_index(level=1, drop=True)
    parties = coded(names, TRIAD, FILE).dropna()
    taking = {nation: raw.index.isin(parties.index[parties == nation]).astype(int) for nation in TRIAD}
    ends = {side: _date(raw, label, part) for side, label, part in (("start", "StartDate", "s"), ("end", "EndDate", "e"))}
    late, doubtful = _doubtful(ends["start"], ends["end"])
    again = raw.groupby("MMEID").cumcount()
    title = raw["Ex_Name"].str.strip().replace(NONE, None)
    unnamed = title.isna()
    return pd.DataFrame(
        {
            "id": raw["MMEID"] + again.map(lambda n: f"-{n + 1}" if n else ""),
            "exercise": title.mask(unnamed, None),
            "start": ends["start"],
            "end": ends["end"].mask(late, None),
            "doubtful_end": (late | doubtful).astype(int),
            "nations": names.groupby(level=0).nunique().reindex(raw.index, fill_value=0),
            **{nation.lower(): taken for nation, taken in taking.items()},
            **{flag.lower(): _flag(raw, flag) for flag in FLAGS},
            "only": names.groupby(level=0).agg(lambda those: ";".join(sorted(set(those)))).reindex(raw.index),
        }
    )


def _flag(raw: pd.DataFrame, column: str) -> pd.Series:
    values = integers(raw[column])
    if not values.isin([0, 1]).all():
        other = values[~values.isin([0, 1])]
        raise UpstreamError(f"{FILE}, row {other.index[0] + 2}, column {column}: {other.iloc[0]} is no flag (0 or 1).")
    return values


def _date(raw: pd.DataFrame, label: str, side: str) -> pd.Series:
    """ISO date as precise as known (day or month) from the three parts, checked against the date as printed."""
    year, month, day = (raw[f"{side}.{part}"] for part in ("year", "month", "day"))
    text = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    printed = raw[label].map(_printed)
    if (text != printed).any():
        row = raw.index[text != printed][0]
        raise UpstreamError(
            f"{FILE}, row {row + 2} ({raw.at[row, 'MMEID']}): {label} is {raw.at[row, label]!r} but its parts say "
            f"{text[row]}. Columns may have been swapped: look at the file."
        )
    text = text.str.removesuffix("-xx")
    if not text.map(in_calendar).all():
        row = raw.index[~text.map(in_calendar)][0]
        raise UpstreamError(f"{FILE}, row {row + 2} ({raw.at[row, 'MMEID']}): {label} {text[row]} is no date.")
    return text


def _printed(text: str) -> str:
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d\d)", text)
    if not american:
        return text
    month, day, year = american.groups()
    return f"{'19' if int(year) >= 50 else '20'}{year}-{month.zfill(2)}-{day.zfill(2)}"


def _doubtful(start: pd.Series, end: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Ends that lie before the start, and ends so late that they cannot be right; a month counts from its first day."""
    known = start.str.len().where(start.str.len() < end.str.len(), end.str.len())
    early = pd.Series([e[:n] < s[:n] for s, e, n in zip(start, end, known, strict=True)], index=start.index)
    first, last = (pd.to_datetime(text.where(text.str.len() == 10, text + "-01")) for text in (start, end))
    return early, (last - first).dt.days > LONGEST


def _peninsula(frame: pd.DataFrame, files: Mapping[str, bytes]) -> pd.DataFrame:
    before = frame[(frame["only"] == "South Korea;United States") & frame["exercise"].notna() & (frame["start"] >= FIRST_HELD)]
    field = before[[flag.lower() for flag in FIELDS]].max(axis=1).astype(int)
    kinds = {(0, 0): None, (0, 1): "ftx", (1, 0): "cpx", (1, 1): "cpx+ftx"}
    coded_before = pd.DataFrame(
        {
            "id": before["id"],
            "exercise": before["exercise"],
            "series": before["exercise"].map(_series),
            "start": before["start"],
            "end": before["end"],
            "dates": before["doubtful_end"].map({0: "reported", 1: "doubtful"}),
            "status": "held",
            "kind": [kinds[pair] for pair in zip(before["cpx"].astype(int), field, strict=True)],
            "usa": 1,
            "jpn": 0,
            "kor": 1,
            "us_people": None,
            "kor_people": None,
            "source_url": ADDRESS,
            "source2_url": None,
            "source_grade": "B",
            "checked": "one-source",
        }
    )
    since = rows(files, CURATED, COLUMNS, ["id"])
    for column in ("usa", "jpn", "kor", "us_people", "kor_people"):
        since[column] = integers(since[column])
    early = since[since["start"].str[:4].astype(int) <= 2010]
    if len(early):
        raise UpstreamError(
            f"data/curated/{CURATED}, id {early.iloc[0]['id']}: starts in {early.iloc[0]['start']}; years to 2010 come from "
            f"{FILE}. Remove the row."
        )
    both = pd.concat([coded_before.astype(object), since.astype(object)], ignore_index=True)
    for column in ("start", "end"):
        wrong = both[both[column].notna() & ~both[column].fillna("").map(in_calendar)]
        if len(wrong):
            row = wrong.iloc[0]
            raise UpstreamError(f"exercise {row['id']}: {column} {row[column]!r} is no date. Correct data/curated/{CURATED}.")
    backward = both[both["end"].notna() & (both["end"].fillna("9") < both["start"].str[:7])]
    if len(backward):
        row = backward.iloc[0]
        raise UpstreamError(f"exercise {row['id']}: ends {row['end']} before it starts {row['start']}. Correct the row.")
    days = both["start"].str.len().eq(10) & both["end"].str.len().eq(10)
    window = days & both["status"].eq("held") & ~both["dates"].eq("doubtful")
    return both.assign(window=window.astype(int))


def _series(title: str) -> str:
    return next((name for name, words in SERIES if re.search(words, title, re.IGNORECASE)), "other")
