"""Military burden and arms trade since 1960 in Gapminder's copy of SIPRI and World Bank data."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import OECD, PANEL
from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

BURDEN = "military_expenditure_percent_of_gdp"
EXPORTS, IMPORTS = "arms_exports_sipri_tiv", "arms_imports_sipri_tiv"
COUNTRIES = tuple(sorted({*PANEL, *OECD, "TWN"}))
MILLION = 1_000_000


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Burdens (one row a country and year) and arms trade (one row a country and year with a delivery either way).

    Volumes are written in single trend-indicator values by the source and in millions here.

    Raises
    ------
    UpstreamError
        One of the three partners is missing, a country-year is there twice, or volumes are not whole millions.
    """
    burden = _read(files, BURDEN).rename(columns={BURDEN: "gdp_percent"})
    exports, imports = _read(files, EXPORTS), _read(files, IMPORTS)
    for frame, column in ((exports, EXPORTS), (imports, IMPORTS)):
        if (frame[column] % MILLION != 0).any():
            raise UpstreamError(f"{column}.csv: volumes are not whole millions. The unit has changed: adapt the recipe.")
    trade = exports.merge(imports, on=["iso3", "year"], how="outer")
    return {
        "military_burdens": burden.assign(gdp_percent=burden["gdp_percent"].round(3)),
        "arms_trade_totals": trade.assign(
            exports_tiv=integers(trade[EXPORTS] / MILLION), imports_tiv=integers(trade[IMPORTS] / MILLION)
        ).drop(columns=[EXPORTS, IMPORTS]),
    }


def _read(files: Mapping[str, bytes], column: str) -> pd.DataFrame:
    name = f"{column}.csv"
    raw = require(csv(files, name), ["geo", "time", column], name, closed=True)
    frame = pd.DataFrame({"iso3": raw["geo"].str.upper(), "year": integers(raw["time"]), column: numbers(raw[column])})
    twice = frame.duplicated(["iso3", "year"])
    if twice.any():
        row = frame[twice].iloc[0]
        raise UpstreamError(f"{name}: {row['iso3']} {row['year']} is there twice.")
    lacking = sorted({"JPN", "KOR", "USA"} - set(frame["iso3"]))
    if lacking:
        raise UpstreamError(f"{name}, column geo: {', '.join(lacking)} is missing. The file is cut: fetch it again.")
    return frame[frame["iso3"].isin(COUNTRIES)]
