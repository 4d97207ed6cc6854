"""Commitment of countries to cybersecurity (ITU Global Cybersecurity Index), from a table assembled by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import OECD, PANEL
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, numbers

FILE = "gci-local-indicator-summary.csv"
EDITIONS = {"2014": 1, "2017": 1, "2018": 1, "2020": 100, "2024": 100}  # full score of the edition
HEADER = ["Country", *(cell for year in EDITIONS for cell in (year, "rank"))]
COUNTRIES = sorted({*OECD, *PANEL} - {"CAN"})  # Canada is missing upstream
GAP = ["#N/A"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and edition; scores of the older editions, 0 to 1 upstream, are multiplied by 100."""
    raw = csv(files, FILE)
    # five columns of ranks share one name, which is misspelled once; each belongs to the edition on its left
    found = ["rank" if "Rank" in str(name) else str(name) for name in raw.columns]
    if found[: len(HEADER)] != HEADER:
        raise UpstreamError(f"{FILE}: columns are {', '.join(map(str, raw.columns))}; country and pairs of edition and rank "
                            "are expected. The format has changed: adapt the recipe.")
    raw = raw.set_axis([*found[: len(HEADER)], *(f"unused_{place}" for place in range(len(found) - len(HEADER)))], axis=1)
    iso3 = coded(raw["Country"], COUNTRIES, FILE)
    return {"cybersecurity_index": pd.concat([_edition(raw, iso3, year, full) for year, full in EDITIONS.items()])}


def _edition(raw: pd.DataFrame, iso3: pd.Series, year: str, full: int) -> pd.DataFrame:
    place = list(raw.columns).index(year)
    score = numbers(raw[year], GAP, FILE)
    top = score.max()
    if not 0.5 * full < top <= full:
        raise UpstreamError(f"{FILE}, column {year}: the highest score is {top}, full marks should be {full}. The scale of the "
                            "edition has changed: correct EDITIONS of the recipe.")
    rank = raw.iloc[:, place + 1].rename(f"rank {year}")
    frame = pd.DataFrame({
        "iso3": iso3, "year": int(year), "score": (score * (100 / full)).round(2),
        "rank": integers(rank.where(~rank.isin(GAP)), FILE),
    })
    return frame[frame["iso3"].notna() & frame["score"].notna()]
