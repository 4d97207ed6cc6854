"""Natural disasters by country and year: deaths, people affected, damage (EM-DAT through Our World in Data)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import DISASTER_PANEL
from trilateral.recipes.owid_entities import CODES
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

FILE = "natural-disasters-emdat.csv"
FIRST, LAST = 1950, 2019  # the file was closed before 2020 was complete
BURDEN = (1990, 2019)
SECOND_HALF = 2005  # first year of the later fifteen
TYPE = {
    "all_disasters": "all",
    "drought": "drought",
    "earthquake": "earthquake",
    "flood": "flood",
    "landslide": "landslide",
    "storm": "storm",
    "temperature": "temperature",
    "volcanic": "volcanic",
    "wildfire": "wildfire",
}
MEASURE = {
    "deaths": "deaths",
    "deaths_rate_per_100k": "deaths_per_100k",
    "total_affected": "affected",
    "total_damages": "damage_usd_million",
    "total_damages_pct_gdp": "damage_gdp_percent",
}
UNRECORDED = ["affected", "damage_usd_million", "damage_gdp_percent"]  # a zero here means that no figure was entered
PRICED = 0.9  # of a country's damage that must fall in years with a GDP, else its shares of GDP are no sum
SHOWN = ("all", "earthquake", "flood", "storm")
HAZARDS = SHOWN[1:]  # those to which the exposed are counted in disaster_risk


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Disasters of selected countries by year, and the sums of thirty years for all countries.

    Returns
    -------
    dict
        ``disaster_losses``: one row a selected country, year and type with a recorded event, 1950-2019; type ``all`` is
        the source's own sum, ``earthquake`` contains tsunamis. ``disaster_burden``: one row a country with a recorded
        disaster, 1990-2019: years with a disaster (a frequency of at most one a year), those with an earthquake, a flood or
        a storm added since 2005, and sums over the period, deaths also by these three types and without the year in which
        most died. Damage in millions of current US dollars or percent of GDP; empty where no figure was entered, the sum in
        percent of GDP also where more than a tenth of the damage fell in years without a GDP.

    Raises
    ------
    UpstreamError
        A column or country name is unknown, a country and year occurs twice, or the types exceed the source's sum.
    """
    raw = csv(files, FILE)
    wanted = [f"{theirs}_{kind}" for theirs in MEASURE for kind in TYPE]
    require(raw, ["Entity", "Year", *wanted], FILE)
    iso3, year = mapped(raw["Entity"], CODES, FILE), integers(raw["Year"]).astype("int64")
    parts = []
    for kind, ours in TYPE.items():
        part = pd.DataFrame({"iso3": iso3, "year": year, "type": ours})
        for theirs, measure in MEASURE.items():
            part[measure] = numbers(raw[f"{theirs}_{kind}"])
        parts.append(part.dropna(subset=["iso3"]).dropna(subset=list(MEASURE.values()), how="all"))
    frame = pd.concat(parts, ignore_index=True)
    frame[UNRECORDED] = frame[UNRECORDED].where(frame[UNRECORDED] != 0)
    frame["damage_usd_million"] /= 1000  # thousands upstream
    _check(frame)
    return {"disaster_losses": _losses(frame), "disaster_burden": _burden(frame)}


def _check(frame: pd.DataFrame) -> None:
    doubled = frame[frame.duplicated(["iso3", "year", "type"])]
    if len(doubled):
        row = doubled.iloc[0]
        raise UpstreamError(f"{FILE}: {row['iso3']}, {row['year']} occurs twice, perhaps under two names.")
    total = frame[frame["type"] == "all"].set_index(["iso3", "year"])["deaths"]
    types = frame[frame["type"] != "all"].groupby(["iso3", "year"])["deaths"].sum()
    wrong = types[types > total.reindex(types.index).fillna(-1) + 0.5]
    if len(wrong):
        iso3, year = wrong.index[0]
        raise UpstreamError(f"{FILE}: {iso3}, {year}: the types sum to {wrong.iloc[0]:.0f} deaths, more than the column "
                            "all_disasters. Columns may have been exchanged.")


def _losses(frame: pd.DataFrame) -> pd.DataFrame:
    chosen = frame[frame["iso3"].isin(DISASTER_PANEL) & frame["year"].between(FIRST, LAST)]
    lost = sorted(set(DISASTER_PANEL) - set(chosen["iso3"]))
    if lost:
        raise UpstreamError(f"{FILE}, column Entity: no row for {', '.join(lost)}. Look up how the file spells it.")
    return _rounded(chosen)


def _burden(frame: pd.DataFrame) -> pd.DataFrame:
    period = frame[frame["year"].between(*BURDEN)]
    years = period.groupby(["iso3", "type"])["year"].nunique().unstack().reindex(columns=list(SHOWN))
    years = years.fillna(0).astype("int64").rename(columns=lambda kind: f"years_{kind}")
    every = period[period["type"] == "all"]
    sums = every.groupby("iso3")[list(MEASURE.values())].sum(min_count=1)
    priced = every["damage_usd_million"].where(every["damage_gdp_percent"].notna()).groupby(every["iso3"]).sum()
    struck = period[period["type"].isin(HAZARDS)]
    years["hazard_years_second_half"] = struck[struck["year"] >= SECOND_HALF].groupby("iso3").size()
    years = years.fillna(0).astype("int64")
    toll = struck.groupby(["iso3", "type"])["deaths"].sum().unstack().reindex(columns=list(HAZARDS)).add_prefix("deaths_")
    sums["deaths_without_worst_year"] = sums["deaths"] - every.groupby("iso3")["deaths"].max()
    sums.loc[priced < PRICED * sums["damage_usd_million"], "damage_gdp_percent"] = None
    found = _rounded(years.join(sums).join(toll).reset_index())
    return found.assign(**{name: integers(found[name]) for name in ("deaths_without_worst_year", *toll.columns)})


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    digits = {"deaths_per_100k": 4, "damage_usd_million": 1, "damage_gdp_percent": 4}
    return frame.round(digits).assign(deaths=integers(frame["deaths"]), affected=integers(frame["affected"]))
