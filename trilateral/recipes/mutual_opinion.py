"""What Japanese and South Koreans think of each other, by survey and comparable stretch of years."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.curated import rows
from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

FILE, SERIES = "japan-korea-mutual-opinion.csv", "opinion-series.csv"
SOURCES = ["source_url", "source2_url", "source_grade", "checked"]
CELL = ["series", "year", "fieldwork", "respondents", "target", "measure"]
COLUMNS = [
    "series", "organisation", "year", "fieldwork", "respondents", "target", "measure", "percent", "derived", "replaces",
]  # fmt: skip
PAIRS = (("JPN", "KOR"), ("KOR", "JPN"))
MEASURE = {  # of the long file of opinion series, by series and question type
    ("asahi-donga-like", "favorable"): "like",
    ("cabinet-office-affinity", "affinity"): "affinity",
    ("cabinet-office-affinity", "unfavorable"): "no-affinity",
    ("genron-eai-impression", "favorable"): "good-impression",
    ("genron-eai-impression", "unfavorable"): "bad-impression",
    ("jiji-disliked", "unfavorable"): "dislike-from-list",
    ("jiji-liked", "favorable"): "like-from-list",
    ("nikkei-dislike", "unfavorable"): "dislike",
    ("pew-korea-unfavorable-japan", "unfavorable"): "unfavorable",
    ("yomiuri-hankook-affinity", "affinity"): "affinity",
    ("yomiuri-hankook-distrust", "distrust"): "distrust",
}
# First year of a stretch that must not be compared with the one before: mail instead of interviews since 2020; a web
# panel in South Korea alone in 2024; another Japanese partner and online in both countries in 2025.
BREAKS = {
    "cabinet-office-affinity": {2020: "from-2020", 0: "before-2020"},
    "genron-eai-impression": {2025: "in-2025", 2024: "in-2024", 0: "before-2024"},
}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a survey wave, responding country and measure; `stretch` tells the comparable years of a series.

    Answers that the long file of opinion series has are taken from there; the file of this table adds what is not in
    it, and replaces one value there for a better one, naming the old.
    """
    own = rows(files, FILE, COLUMNS, CELL)
    listed = require(csv(files, SERIES), [*COLUMNS[:6], "question_type", "percent", "note", *SOURCES], SERIES)
    pairs = pd.Series(zip(listed["respondents"], listed["target"], strict=True), index=listed.index)
    listed = listed[listed["series"].isin({series for series, _ in MEASURE}) & pairs.isin(PAIRS)]
    kinds = pd.Series(zip(listed["series"], listed["question_type"], strict=True), index=listed.index)
    unknown = listed[~kinds.isin(list(MEASURE))]
    if len(unknown):
        row = unknown.iloc[0]
        raise UpstreamError(
            f"data/curated/{SERIES}, row {unknown.index[0] + 2}: question_type {row['question_type']!r} of series "
            f"{row['series']!r} is unknown here. Teach the recipe its measure."
        )
    derived = listed["note"].fillna("").str.contains("derived").astype(int).astype(str)
    listed = listed.assign(measure=kinds.map(MEASURE), derived=derived)
    listed = _replaced(listed, own)
    frame = pd.concat([listed, own])[[*COLUMNS[:-1], *SOURCES]].reset_index(drop=True)
    frame = frame.assign(
        year=integers(frame["year"]), percent=numbers(frame["percent"]), derived=integers(frame["derived"])
    )
    stretches = [_stretch(series, year) for series, year in zip(frame["series"], frame["year"], strict=True)]
    return {"mutual_opinion": frame.assign(stretch=stretches)}


def _replaced(listed: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    cells = pd.MultiIndex.from_frame(listed[CELL])
    keep = pd.Series(True, index=listed.index)
    for row, answer in enumerate(own.to_dict("records"), start=2):
        same = cells == tuple(answer[column] for column in CELL)
        old = listed.loc[same, "percent"].tolist()
        told = [] if pd.isna(answer["replaces"]) else [answer["replaces"]]
        if old != told:
            raise UpstreamError(
                f"data/curated/{FILE}, row {row}: replaces {', '.join(told) or 'nothing'}, but {SERIES} has "
                f"{', '.join(old) or 'no value'} for {answer['series']} {answer['year']} {answer['respondents']} "
                f"{answer['measure']}. Remove the row, or correct `replaces`."
            )
        keep &= ~same
    return listed[keep]


def _stretch(series: str, year: int) -> str:
    return next((name for first, name in BREAKS.get(series, {}).items() if year >= first), "all")
