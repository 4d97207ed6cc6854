"""COVID-19 cases and deaths reported to the World Health Organization, by week."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "WHO-COVID-19-global-data.csv"
# fmt: off
ISO3_OF_CODE = {  # by code, since the file misspells a name with damaged letters
    "AU": "AUS", "AT": "AUT", "BE": "BEL", "CA": "CAN", "CH": "CHE", "CL": "CHL", "CN": "CHN", "CO": "COL", "CR": "CRI",
    "CZ": "CZE", "DE": "DEU", "DK": "DNK", "ES": "ESP", "EE": "EST", "FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC",
    "HU": "HUN", "IE": "IRL", "IS": "ISL", "IL": "ISR", "IT": "ITA", "JP": "JPN", "KR": "KOR", "LT": "LTU", "LU": "LUX",
    "LV": "LVA", "MX": "MEX", "NL": "NLD", "NO": "NOR", "NZ": "NZL", "PL": "POL", "PT": "PRT", "RU": "RUS", "SG": "SGP",
    "SK": "SVK", "SI": "SVN", "SE": "SWE", "TR": "TUR", "US": "USA",
}
# fmt: on
COUNTS = {"cases": ("New_cases", "Cumulative_cases"), "deaths": ("New_deaths", "Cumulative_deaths")}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and week, from the week that ends on 5 January 2020.

    Returns
    -------
    dict
        ``covid_reports``: cases and deaths reported in the week. Empty means that nothing was reported, which is not
        zero; a negative number is a later correction, kept so that sums agree with the producer's running totals.

    Raises
    ------
    UpstreamError
        A wanted country is absent, weeks are missing or do not end on Sunday, or the numbers of the weeks do not add up
        to the running totals.
    """
    columns = ["Date_reported", "Country_code", *(name for pair in COUNTS.values() for name in pair)]
    raw = require(csv(files, FILE), columns, FILE)
    raw = raw[raw["Country_code"].isin(ISO3_OF_CODE)].sort_values(["Country_code", "Date_reported"])
    lost = sorted(set(ISO3_OF_CODE) - set(raw["Country_code"]))
    if lost:
        raise UpstreamError(
            f"{FILE}, column Country_code: {', '.join(lost)} not found. The file is cut off or the codes have changed: fetch "
            "it again, or adapt the recipe."
        )
    _weeks(raw)
    frame = pd.DataFrame({"iso3": raw["Country_code"].map(ISO3_OF_CODE), "week": raw["Date_reported"]})
    for name, (new, cumulative) in COUNTS.items():
        frame[name] = integers(raw[new])
        sums = frame[name].fillna(0).groupby(frame["iso3"]).cumsum()
        wrong = sums != integers(raw[cumulative])
        if wrong.any():
            row = raw[wrong].iloc[0]
            raise UpstreamError(
                f"{FILE}, {row['Country_code']}, week to {row['Date_reported']}: {new} add up to "
                f"{sums[wrong].iloc[0]}, {cumulative} says {row[cumulative]}. A week is missing or a column has changed: "
                "look at the file before you adapt the recipe."
            )
    return {"covid_reports": frame}


def _weeks(raw: pd.DataFrame) -> None:
    days = pd.to_datetime(raw["Date_reported"], format="%Y-%m-%d")
    steps = days.groupby(raw["Country_code"]).diff().dropna().dt.days
    if (days.dt.day_of_week != 6).any() or (steps != 7).any():
        wrong = raw.loc[(days.dt.day_of_week != 6) | steps.reindex(raw.index).fillna(7).ne(7)].iloc[0]
        raise UpstreamError(f"{FILE}, {wrong['Country_code']}, Date_reported {wrong['Date_reported']}: weeks no longer end on "
                            "Sunday or one is missing or doubled. Adapt the recipe.")
    begins = raw.groupby("Country_code")["Date_reported"].min()
    if begins.nunique() != 1:
        raise UpstreamError(f"{FILE}, {begins.idxmax()}: begins with {begins.max()}, others with {begins.min()}. Weeks "
                            "were lost, or their country code was changed: fetch it again.")
    ends = raw.groupby("Country_code")["Date_reported"].max()
    if ends.nunique() != 1:
        raise UpstreamError(f"{FILE}, {ends.idxmin()}: ends with {ends.min()}, others with {ends.max()}. The file is cut off: "
                            "fetch it again.")
