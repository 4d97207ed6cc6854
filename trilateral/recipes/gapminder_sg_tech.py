"""Patents by filing office and high-technology exports (Gapminder, from WIPO and World Bank)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import OECD, PANEL
from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

OFFICES = ("AUS", "CAN", "CHN", "DEU", "FRA", "GBR", "IND", "ISR", "JPN", "KOR", "PRK", "RUS", "SGP", "USA")
EXPORTERS = sorted({*OECD, *PANEL} - {"PRK"})
PATENTS = {
    "applications": "patent_applications_total", "granted": "patents_granted_total", "in_force": "patents_in_force_total",
}
EXPORTS = "high_technology_exports_percent_of_manufactured_exports"


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Two tables: one row an office and year, and one row an exporting country and year."""
    patents = pd.concat([_series(files, name, OFFICES).rename(column) for column, name in PATENTS.items()], axis=1)
    exports = _series(files, EXPORTS, EXPORTERS).round(2).rename("manufactured_export_percent")
    if exports.max() <= 1:
        raise UpstreamError(f"{EXPORTS}.csv: no value above 1. The unit is no longer percent: adapt the recipe.")
    return {
        "patents": patents.astype("Int64").reset_index(),
        "high_technology_exports": exports.reset_index(),
    }


def _series(files: Mapping[str, bytes], name: str, countries: tuple[str, ...] | list[str]) -> pd.Series:
    file = f"{name}.csv"
    raw = require(csv(files, file), ["geo", "time", name], file, closed=True)
    iso3 = raw["geo"].str.upper()
    lost = sorted(set(countries) - set(iso3))
    if lost:
        raise UpstreamError(f"{file}, column geo: {', '.join(lost)} not found. The file is cut short, or its codes have "
                            "changed.")
    kept = raw[iso3.isin(countries)]
    frame = pd.DataFrame({
        "iso3": kept["geo"].str.upper(), "year": integers(kept["time"], file).astype("int64"),
        "value": numbers(kept[name], name=file),
    })
    return frame.set_index(["iso3", "year"])["value"].dropna()
