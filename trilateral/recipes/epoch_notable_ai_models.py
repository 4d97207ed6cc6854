"""Notable AI models by the countries whose organizations made them (Epoch AI)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "notable_ai_models_24_02_2025.csv"
COUNTRY = "Country (from Organization)"
# fmt: off
CODES = {
    "Argentina": "ARG", "Australia": "AUS", "Austria": "AUT", "Belgium": "BEL", "Canada": "CAN", "China": "CHN",
    "Czechia": "CZE", "Finland": "FIN", "France": "FRA", "Germany": "DEU", "Hong Kong": "HKG", "India": "IND",
    "Iran (Islamic Republic of)": "IRN", "Ireland": "IRL", "Israel": "ISR", "Italy": "ITA", "Japan": "JPN",
    "Korea (Republic of)": "KOR", "Multinational": "", "Netherlands": "NLD", "Norway": "NOR", "Poland": "POL",
    "Russia": "RUS", "Saudi Arabia": "SAU", "Singapore": "SGP", "Spain": "ESP", "Sweden": "SWE", "Switzerland": "CHE",
    "Taiwan": "TWN", "United Arab Emirates": "ARE", "United Kingdom of Great Britain and Northern Ireland": "GBR",
    "United States of America": "USA",
}
# fmt: on
ASKED = ("USA", "JPN", "KOR", "CHN")
AT_LEAST = 800


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a year and set of countries. A country counts once a model, however many of its organizations took part."""
    raw = require(csv(files, FILE), ["Model", COUNTRY, "Publication date"], FILE)
    if len(raw) < AT_LEAST:
        raise UpstreamError(f"{FILE}: {len(raw)} models, at least {AT_LEAST} are expected. The file is cut short: fetch it "
                            "again.")
    twice = raw["Model"][raw["Model"].duplicated()]
    if len(twice):
        raise UpstreamError(f"{FILE}, column Model: {twice.iloc[0]!r} is listed twice. Decide which row counts and adapt "
                            "the recipe.")
    year = integers(raw["Publication date"].str[:4], FILE)
    names = raw[COUNTRY].dropna().str.split(",").explode()
    codes = mapped(names, CODES, FILE)
    sets = codes[codes != ""].groupby(level=0).agg(lambda found: " ".join(sorted(set(found))))
    models = pd.DataFrame({"year": year, "countries": sets}).dropna()
    counted = models.groupby(["year", "countries"]).size().rename("models").reset_index()
    for code in ASKED:
        counted[code.lower()] = counted["countries"].str.split().map(lambda found, code=code: int(code in found))
    return {"ai_models": counted}
