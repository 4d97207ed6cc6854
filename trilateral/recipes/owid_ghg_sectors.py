"""Greenhouse-gas emissions by sector (Climate Watch through Our World in Data)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import REGION
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

FILE = "owidghg_202503.csv"
COUNTRIES = (*REGION, "AUS", "CAN", "DEU", "FRA", "GBR", "IDN", "IND", "PHL", "VNM")
BUNKERS = "international_aviation_and_shipping"
SECTORS = {
    "Agriculture": "agriculture", "Land use change and forestry": "land_use", "Waste": "waste", "Buildings": "buildings",
    "Industry": "industrial_processes", "Manufacturing and construction": "manufacturing_and_construction",
    "Transport": "transport", "Electricity and heat": "electricity_and_heat", "Fugitive": "fugitive",
    "Other fuel combustion": "other_fuel_combustion", "Aviation and shipping": BUNKERS,
}
BELOW_ZERO = {"land_use"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, year and sector, in million tonnes; `world` is the world's sector in that year."""
    raw = require(csv(files, FILE), ["ISO3", "Area", "Year", "Sector", "tCO2eq"], FILE, closed=True)
    raw = raw.assign(sector=mapped(raw["Sector"], SECTORS, FILE), year=integers(raw["Year"], FILE),
                     million_tonnes=(numbers(raw["tCO2eq"], ["NA"], FILE) / 1e6).round(3))
    world = raw[raw["Area"] == "World"].set_index(["year", "sector"])["million_tonnes"]
    lost = sorted(set(COUNTRIES) - set(raw["ISO3"]))
    if lost or world.empty:
        raise UpstreamError(f"{FILE}: {', '.join(lost) or 'World'} not found. The file is cut short, or its codes have "
                            "changed.")
    kept = raw[raw["ISO3"].isin(COUNTRIES)]
    kept = kept.dropna(subset="million_tonnes")
    count = kept.groupby(["ISO3", "year"])["sector"].nunique()
    if count.min() < len(SECTORS):
        iso3, year = count.idxmin()
        raise UpstreamError(f"{FILE}: {iso3} has {count.min()} of {len(SECTORS)} sectors in {year}. Rows were lost.")
    below = kept[(kept["million_tonnes"] < 0) & ~kept["sector"].isin(BELOW_ZERO)]
    if len(below):
        row = below.iloc[0]
        raise UpstreamError(f"{FILE}: {row['ISO3']}, {row['Year']}, {row['Sector']}: {row['tCO2eq']} is below zero. Only land "
                            "use takes up more than it gives off: look at the row.")
    total = kept[(kept["ISO3"] == "USA") & kept["sector"].ne(BUNKERS)].groupby("year")["million_tonnes"].sum()
    if not total.between(4000, 8000).all():
        raise UpstreamError(f"{FILE}: the United States total {total.iloc[0]:g} million tonnes. The unit is no longer tonnes.")
    frame = kept.rename(columns={"ISO3": "iso3"})[["iso3", "year", "sector", "million_tonnes"]]
    return {"greenhouse_gas_emissions": frame.assign(
        world=[world[key] for key in zip(frame["year"], frame["sector"], strict=True)])}
