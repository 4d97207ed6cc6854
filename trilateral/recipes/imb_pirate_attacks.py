"""Pirate attacks by waters and year, from reports of the International Maritime Bureau (Benden and others)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "pirate_attacks.csv"
OUTCOME = {"Boarded": "boarded", "Boarding": "boarded", "Hijacked": "hijacked", "Attempted": "attempted",
           "Fired Upon": "attempted", "Suspicious": "other", "Explosion": "other", "Detained": "other",
           "NA": "unknown"}
ORIGIN = {"mappingpiracy": "mapping-piracy", "imb": "imb"}
CHANGE = 2015  # first year that was read from the bureau's own map
AREA = {
    "northeast-asia": ("CHN", "HKG", "JPN", "KOR", "MAC", "PRK", "TWN"),
    "southeast-asia": ("BRN", "CCK", "IDN", "KHM", "MMR", "MYS", "PHL", "SGP", "THA", "TLS", "VNM"),
    "south-asia": ("BGD", "IND", "LKA", "MDV", "PAK"),
    "western-indian-ocean": ("ARE", "COM", "DJI", "EGY", "ERI", "IRN", "IRQ", "KEN", "KWT", "MDG", "MOZ", "MUS", "MYT", "OMN",
                             "QAT", "REU", "SAU", "SDN", "SOM", "SYC", "TZA", "YEM", "ZAF"),
    "gulf-of-guinea": ("AGO", "BEN", "CIV", "CMR", "COD", "COG", "GAB", "GHA", "GIN", "GNB", "GNQ", "LBR", "NGA", "SEN", "SLE",
                       "GMB", "MRT", "STP", "TGO"),
}
AREA_OF = {iso3: area for area, countries in AREA.items() for iso3 in countries}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a year, country nearest to the place and outcome; attacks whose place is unknown have country OTH.

    Rows that agree in every column are one attack. `Boarding`, the word of one of the two origins, is `Boarded` of the other.
    Areas are groups of nearest countries, made here.

    Raises
    ------
    UpstreamError
        An outcome or an origin is unknown, a country is no code, or the two origins no longer follow each other in 2015.
    """
    raw = require(csv(files, FILE), ["date", "attack_type", "nearest_country", "vessel_name", "data_source"], FILE)
    raw = raw[~raw.duplicated()]
    strange = ~raw["nearest_country"].fillna("").str.fullmatch("[A-Z]{3}|NA")
    if strange.any():
        raise UpstreamError(f"{FILE}, row {strange.idxmax() + 2}, column nearest_country: "
                            f"{raw.loc[strange, 'nearest_country'].iloc[0]!r} is no country code of three letters.")
    year = integers(raw["date"].str.extract(r"^(\d{4})-\d{2}-\d{2}$")[0].rename("date"))
    if year.isna().any():
        row = raw[year.isna()].iloc[0]
        raise UpstreamError(f"{FILE}, column date: {row['date']!r} is no date (YYYY-MM-DD).")
    origin = mapped(raw["data_source"], ORIGIN, FILE)
    if ((origin == "imb") != (year >= CHANGE)).any():
        raise UpstreamError(f"{FILE}, column data_source: the origins no longer change with {CHANGE}. Adapt the recipe and "
                            "the caveat on the break.")
    frame = pd.DataFrame({
        "year": year,
        "iso3": raw["nearest_country"].replace("NA", "OTH"),
        "outcome": mapped(raw["attack_type"], OUTCOME, FILE),
        "origin": origin,
    })
    frame["area"] = frame["iso3"].map(AREA_OF).fillna("elsewhere")
    counts = frame.groupby(["year", "area", "iso3", "outcome", "origin"]).size().rename("attacks").reset_index()
    return {"pirate_attacks": counts.astype({"attacks": "Int64"})}
