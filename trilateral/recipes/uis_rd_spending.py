"""Spending on research and development, and researchers (UNESCO Institute for Statistics)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import OECD, PANEL
from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

SPENDING, RESEARCHERS = "research-spending-gdp.csv", "researchers-in-rd-per-million-people-vs-gdp-pc.csv"
COLUMNS = {
    SPENDING: ("Research and development expenditure (% of GDP)", "spending_gdp_percent", 5),
    RESEARCHERS: ("Researchers in R&D (per million people)", "researchers_per_million", 1),
}
COUNTRIES = sorted({*OECD, *PANEL} - {"PRK"})  # North Korea reports neither
LAST = {"USA": (2021, 2017), "JPN": (2021, 2018), "KOR": (2021, 2018), "CHN": (2021, 2018)}  # the two series end apart


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and year with either figure."""
    series = [_series(files, name) for name in COLUMNS]
    for iso3, years in LAST.items():
        for values, name, year in zip(series, COLUMNS, years, strict=True):
            found = max(values.xs(iso3).index, default=None) if iso3 in values.index.get_level_values(0) else None
            if found != year:
                raise UpstreamError(f"{name}: {iso3} ends in {found}, not in {year}. If this is a newer release, renew LAST of "
                                    "the recipe and the caveats; if not, the file is cut short.")
    return {"research_inputs": pd.concat(series, axis=1).reset_index()}


def _series(files: Mapping[str, bytes], name: str) -> pd.Series:
    column, ours, digits = COLUMNS[name]
    raw = require(csv(files, name), ["Entity", "Code", "Year", column], name)
    raw = raw[raw["Code"].isin(COUNTRIES)]  # aggregates and historical states have no or another code
    values = numbers(raw[column], name=name).round(digits)
    frame = pd.DataFrame({"iso3": raw["Code"], "year": integers(raw["Year"], name).astype("int64"), ours: values}).dropna()
    if frame.duplicated(["iso3", "year"]).any():
        where = frame[frame.duplicated(["iso3", "year"])].iloc[0]
        raise UpstreamError(f"{name}: two rows for {where['iso3']} in {where['year']}. Decide which counts; adapt the recipe.")
    return frame.set_index(["iso3", "year"])[ours]
