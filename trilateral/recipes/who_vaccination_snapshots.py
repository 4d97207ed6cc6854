"""Persons vaccinated against COVID-19 in two dated files of the World Health Organization."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANDEMIC
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

FILES = {"2021-06": "vaccination-data-2021-06.csv", "2022-04": "vaccination-data-2022-04.csv"}
COUNTRIES = tuple(iso3 for iso3 in PANDEMIC if iso3 != "TWN")  # WHO does not list Taiwan
REPORTER = {"REPORTING": "country", "OWID": "our-world-in-data"}
COUNTS = {
    "doses": "TOTAL_VACCINATIONS",
    "persons_one_dose": "PERSONS_VACCINATED_1PLUS_DOSE",
    "persons_fully": "PERSONS_FULLY_VACCINATED",
    "persons_booster": "PERSONS_BOOSTER_ADD_DOSE",
}
RATES = {
    "doses_per_100": "TOTAL_VACCINATIONS_PER100",
    "one_dose_percent": "PERSONS_VACCINATED_1PLUS_DOSE_PER100",
    "fully_percent": "PERSONS_FULLY_VACCINATED_PER100",
}
LATER = {"PERSONS_FULLY_VACCINATED", "PERSONS_FULLY_VACCINATED_PER100", "PERSONS_BOOSTER_ADD_DOSE"}  # not yet in June 2021
NO_PERSONS = {"2021-06": {"CHN", "KOR"}, "2022-04": set()}  # give doses alone


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and snapshot.

    Returns
    -------
    dict
        ``vaccinated_persons``: doses, persons with one dose, fully vaccinated and boosted, as of the day the country
        reported, and rates with the producer's own populations. What a snapshot lacks is empty, never derived.

    Raises
    ------
    UpstreamError
        A wanted country is absent or listed twice, a count is missing where the recipe knows none to be, a day of report
        lies outside the snapshot, or counts contradict each other.
    """
    return {"vaccinated_persons": pd.concat([_snapshot(files, snapshot) for snapshot in FILES], ignore_index=True)}


def _snapshot(files: Mapping[str, bytes], snapshot: str) -> pd.DataFrame:
    name = FILES[snapshot]
    absent = LATER if snapshot == "2021-06" else set()
    wanted = {**COUNTS, **RATES}
    raw = require(csv(files, name), ["ISO3", "DATA_SOURCE", "DATE_UPDATED", *(set(wanted.values()) - absent)], name)
    raw = raw[raw["ISO3"].isin(COUNTRIES)]
    if sorted(raw["ISO3"]) != sorted(COUNTRIES):
        wrong = sorted(set(COUNTRIES) - set(raw["ISO3"])) or sorted(raw.loc[raw["ISO3"].duplicated(), "ISO3"])
        raise UpstreamError(f"{name}, column ISO3: {', '.join(wrong)} missing or doubled. Take another copy of the file.")
    frame = pd.DataFrame({"iso3": raw["ISO3"], "snapshot": snapshot, "date": raw["DATE_UPDATED"],
                          "reported_by": mapped(raw["DATA_SOURCE"], REPORTER, name)})
    blank = pd.Series(pd.NA, index=raw.index)
    for column, theirs in COUNTS.items():
        frame[column] = integers(blank if theirs in absent else raw[theirs])
    for column, theirs in RATES.items():
        frame[column] = numbers(blank if theirs in absent else raw[theirs]).round(1)
    _check(frame, snapshot, name)
    return frame


def _check(frame: pd.DataFrame, snapshot: str, name: str) -> None:
    lacking = set(frame.loc[frame["persons_one_dose"].isna(), "iso3"])
    if lacking != NO_PERSONS[snapshot]:
        raise UpstreamError(f"{name}, column {COUNTS['persons_one_dose']}: empty for {', '.join(sorted(lacking)) or 'none'}, "
                            f"expected for {', '.join(sorted(NO_PERSONS[snapshot])) or 'none'}. Take another copy of the file "
                            "or adapt the recipe.")
    days = (pd.Timestamp(snapshot + "-28") - pd.to_datetime(frame["date"], format="%Y-%m-%d")).dt.days
    if not days.between(0, 45).all():
        row = frame[~days.between(0, 45)].iloc[0]
        raise UpstreamError(f"{name}, {row['iso3']}, column DATE_UPDATED: {row['date']} lies outside the snapshot of "
                            f"{snapshot}. The file is of another day: adapt the recipe.")
    wrong = (frame["persons_one_dose"] > frame["doses"]) | (frame["persons_fully"] > frame["persons_one_dose"])
    if wrong.fillna(False).any():
        row = frame[wrong.fillna(False)].iloc[0]
        raise UpstreamError(f"{name}, {row['iso3']}: more persons than doses, or more fully vaccinated than with one dose. "
                            "Columns are swapped or the row is damaged: look at it before you adapt the recipe.")
