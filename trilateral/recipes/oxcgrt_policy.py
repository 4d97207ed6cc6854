"""Strictness of COVID-19 policies, and early rules on contact tracing and testing (Oxford tracker)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANDEMIC
from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

INDICES = {
    "stringency": "OxCGRT_timeseries_StringencyIndex_v1.csv",
    "containment_health": "OxCGRT_timeseries_ContainmentHealthIndex_v1.csv",
}
FIRST, LAST = "2020-01-01", "2022-12-31"
EARLY = "OxCGRT_latest-2020-05-18.csv"
EARLY_FIRST, EARLY_LAST = "2020-01-01", "2020-05-16"
RULES = {"contact-tracing": ("H3_Contact tracing", 2), "testing": ("H2_Testing policy", 3)}
NOT_CODED_EARLY = frozenset({"LTU", "LVA"})  # Lithuania has one day, Latvia none


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Indices by week and rules by spell.

    Returns
    -------
    dict
        ``covid_policy_indices``: one row a country and week to Sunday, mean of the days 2020-2022 (0 to 100).
        ``covid_tracing_rules``: one row a country, rule and spell of unchanged level, January to 16 May 2020, in the
        coding of that month. A day that was not yet coded belongs to no spell.

    Raises
    ------
    UpstreamError
        A wanted country or day is absent or doubled, or a value lies outside its scale.
    """
    columns = [_index(files, name).rename(column) for column, name in INDICES.items()]
    return {
        "covid_policy_indices": pd.concat(columns, axis=1).rename_axis(["iso3", "week"]).reset_index(),
        "covid_tracing_rules": _rules(files),
    }


def _index(files: Mapping[str, bytes], name: str) -> pd.Series:
    days = pd.date_range(FIRST, LAST)
    headers = [f"{day:%d%b%Y}" for day in days]
    raw = require(csv(files, name), ["CountryCode", "Jurisdiction", *headers], name)
    raw = raw[(raw["Jurisdiction"] == "NAT_TOTAL") & raw["CountryCode"].isin(PANDEMIC)].set_index("CountryCode")
    if sorted(raw.index) != sorted(PANDEMIC):
        wrong = sorted(set(PANDEMIC) - set(raw.index)) or sorted(raw.index[raw.index.duplicated()])
        raise UpstreamError(f"{name}: no national row, or two, of {', '.join(wrong)}. Adapt the recipe.")
    values = pd.DataFrame({day: numbers(raw[header]) for day, header in zip(days, headers, strict=True)})
    outside = values.isna() | (values < 0) | (values > 100)
    if outside.any(axis=None):
        day = outside.any().idxmax()
        raise UpstreamError(f"{name}, {outside[day].idxmax()}, {day:%Y-%m-%d}: {values[day][outside[day]].iloc[0]} is no index "
                            "between 0 and 100. Look at the file, then adapt the recipe.")
    sunday = [f"{day + pd.Timedelta(days=6 - day.day_of_week):%Y-%m-%d}" for day in days]
    return values.T.groupby(sunday).mean().T.stack().round(1)


def _rules(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = require(csv(files, EARLY), ["CountryCode", "Date", *(column for column, _ in RULES.values())], EARLY)
    wanted = set(PANDEMIC) - NOT_CODED_EARLY
    raw = raw[raw["CountryCode"].isin(wanted)]
    lost = sorted(wanted - set(raw["CountryCode"]))
    if lost or raw.duplicated(["CountryCode", "Date"]).any():
        raise UpstreamError(f"{EARLY}: {', '.join(lost) or 'a day of a country'} missing or doubled. Adapt the recipe.")
    day = pd.to_datetime(raw["Date"], format="%Y%m%d")
    if (f"{day.min():%Y-%m-%d}", f"{day.max():%Y-%m-%d}") != (EARLY_FIRST, EARLY_LAST):
        raise UpstreamError(f"{EARLY}, column Date: {day.min():%Y-%m-%d} to {day.max():%Y-%m-%d}, not {EARLY_FIRST} to "
                            f"{EARLY_LAST}. Another edition has another coding: rename the vintage, then adapt the recipe.")
    frames = [_spells(raw.assign(day=day), rule, column, top) for rule, (column, top) in RULES.items()]
    return pd.concat(frames, ignore_index=True)


def _spells(raw: pd.DataFrame, rule: str, column: str, top: int) -> pd.DataFrame:
    levels = raw.assign(level=integers(raw[column])).dropna(subset=["level"]).sort_values(["CountryCode", "day"])
    if not levels["level"].between(0, top).all():
        row = levels[~levels["level"].between(0, top)].iloc[0]
        raise UpstreamError(f"{EARLY}, {row['CountryCode']}, {row['day']:%Y-%m-%d}, column {column}: {row['level']} is not on "
                            f"the scale of 0 to {top}. The coding has changed: adapt the recipe and the sidecar.")
    country = levels["CountryCode"]
    new = (country != country.shift()) | (levels["level"] != levels["level"].shift()) | (levels["day"].diff().dt.days != 1)
    spells = levels.groupby(new.cumsum()).agg(iso3=("CountryCode", "first"), start=("day", "min"), end=("day", "max"),
                                              level=("level", "first"))
    return spells.assign(rule=rule, start=spells["start"].dt.date, end=spells["end"].dt.date)
