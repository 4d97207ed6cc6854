"""COVID-19 vaccine doses administered by day (Johns Hopkins University), and the populations to divide them by."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANDEMIC
from trilateral.recipes.economist_excess_deaths import COUNTRIES, nations
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, numbers, require

FILE = "time_series_covid19_vaccine_doses_admin_global.csv"
FIRST, LAST = "2020-12-29", "2023-03-09"
DOSES_PER_100 = (10, 20, 40, 50, 60, 80, 100, 120, 150, 200)
NAMES = {"Taiwan*": "TWN"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Doses by week, the days on which thresholds were reached, and the populations used.

    Returns
    -------
    dict
        ``vaccine_doses``: one row a country and week (to Sunday) with the doses administered so far.
        ``vaccine_dose_dates``: one row a country, population and threshold that was reached, from the daily series.
        ``populations``: one row a country and source of its population.

    Raises
    ------
    UpstreamError
        A wanted country is absent or has two national rows, days are missing, or a series falls or has a gap.
    """
    raw = require(csv(files, FILE), ["iso3", "Province_State", "Country_Region", "Population"], FILE)
    raw = raw[raw["Province_State"].isna()]
    iso3 = coded(raw["Country_Region"], PANDEMIC, FILE, NAMES)
    raw = raw[iso3.notna()].set_axis(iso3.dropna(), axis=0)
    _known_countries(raw)
    daily = _daily(raw)
    people = _populations(raw, files)
    sundays = [day for day in daily.index if pd.Timestamp(day).day_of_week == 6]
    weekly = daily.loc[sundays].T.stack().dropna().rename_axis(["iso3", "week"]).rename("doses").reset_index()
    return {
        "vaccine_doses": weekly.assign(doses=integers(weekly["doses"])),
        "vaccine_dose_dates": _dates(daily, people),
        "populations": people,
    }


def _known_countries(raw: pd.DataFrame) -> None:
    if raw.index.duplicated().any():
        raise UpstreamError(f"{FILE}: {raw.index[raw.index.duplicated()][0]} has two rows without Province_State. Find out "
                            "which is the country.")
    wrong = raw[raw["iso3"].notna() & (raw["iso3"] != raw.index)]
    if len(wrong):
        raise UpstreamError(f"{FILE}, column iso3: {wrong['iso3'].iloc[0]} stands beside {wrong['Country_Region'].iloc[0]}. "
                            "Columns are swapped: adapt the recipe.")


def _daily(raw: pd.DataFrame) -> pd.DataFrame:
    """Doses so far, a row a day and a column a country; empty before the first report of a country."""
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range(FIRST, LAST)]
    require(raw, days, FILE)
    daily = pd.DataFrame({iso3: numbers(row[days].rename(iso3)) for iso3, row in raw.iterrows()})
    gap = daily.isna() & daily.ffill().notna()
    falls = daily.diff() < 0
    for wrong, what in ((gap, "is empty after a report"), (falls, "is lower than the day before")):
        if wrong.any(axis=None):
            iso3 = wrong.any().idxmax()
            raise UpstreamError(f"{FILE}, {iso3}, {wrong[iso3].idxmax()}: the running count of doses {what}. Correct it in "
                                "the recipe, by a running maximum say, and tell so in the caveats of the sidecar.")
    return daily


def _populations(raw: pd.DataFrame, files: Mapping[str, bytes]) -> pd.DataFrame:
    """Persons by country and source; Johns Hopkins has none for South Korea."""
    theirs = numbers(raw["Population"]).dropna().rename("persons").rename_axis("iso3").reset_index()
    economist = pd.concat(nations(files, COUNTRIES)).drop_duplicates("iso3")
    economist = economist.rename(columns={"population": "persons"})[["iso3", "persons"]]
    both = pd.concat([theirs.assign(source="jhu"), economist.assign(source="economist")])
    return both.assign(persons=integers(both["persons"]))


def _dates(daily: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for iso3, source, persons in people[["iso3", "source", "persons"]].itertuples(index=False):
        if iso3 not in daily:
            continue
        doses = daily[iso3].dropna()
        for threshold in DOSES_PER_100:
            reached = doses * 100 >= threshold * persons
            if not reached.any():
                continue
            day = reached.idxmax()
            below = doses[~reached]
            if below.empty:
                raise UpstreamError(f"{FILE}, {iso3}: {threshold} doses per 100 are reached in the first report. Raise the "
                                    "lowest threshold of the recipe.")
            rows.append((iso3, source, threshold, day, below[below == below.iloc[-1]].index[0]))
    return pd.DataFrame(rows, columns=["iso3", "population", "doses_per_100", "date", "last_report_below"])
