"""Global Health Security Index: categories and the indicator on contact tracing."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import OECD, PANEL
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, numbers

FILE = "GHS-Index.csv"
COUNTRIES = sorted({*OECD, *PANEL})
MEASURES = {  # the columns are long sentences; the numbers before them are stable
    "OVERALL SCORE": "overall", "1)": "prevention", "2)": "detection", "3)": "response", "4)": "health_system",
    "5)": "commitments", "6)": "risk_environment", "2.5)": "case_investigation", "2.5.1)": "contact_tracing",
    "2.5.2)": "point_of_entry",
}
YEARS = (2019, 2021)


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, year and measure."""
    raw = csv(files, FILE)
    columns = {}
    for mark, ours in MEASURES.items():
        found = [name for name in raw.columns if re.match(re.escape(mark) + r"(\s|$)", name)]
        if len(found) != 1:
            raise UpstreamError(f"{FILE}: {len(found)} columns begin with {mark!r}, one is expected. Adapt the recipe.")
        columns[found[0]] = ours
    iso3 = coded(raw["Country"], COUNTRIES, FILE)
    kept = raw[iso3.notna()].assign(iso3=iso3, year=integers(raw["Year"], FILE))
    whole = {(country, year) for country in COUNTRIES for year in YEARS}
    if set(zip(kept["iso3"], kept["year"], strict=True)) != whole or len(kept) != len(whole):
        raise UpstreamError(f"{FILE}: {len(kept)} rows for {len(COUNTRIES)} countries, one in each of {YEARS} is expected.")
    kept = kept.assign(**{column: numbers(kept[column], name=FILE) for column in columns})
    tidy = kept.melt(["iso3", "year"], list(columns), "measure", "score")
    scores = tidy["score"]
    out = scores[(scores < 0) | (scores > 100)]
    if len(out) or scores.max() <= 1:
        raise UpstreamError(f"{FILE}: score {out.iloc[0] if len(out) else scores.max()} does not fit a scale of 0 to 100. The "
                            "scale has changed: adapt the recipe.")
    overall = scores[tidy["measure"] == "OVERALL SCORE"]
    if overall.isna().any():
        raise UpstreamError(f"{FILE}, column OVERALL SCORE: {overall.isna().sum()} countries have no score. The file is "
                            "damaged: fetch it again.")
    return {"health_security_index": tidy.assign(measure=tidy["measure"].map(columns))}
