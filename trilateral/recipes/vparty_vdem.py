"""Parties in parliament after each election: part in government, economic left and right (V-Party)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON
from trilateral.recipes.reading import UpstreamError, integers, mapped, numbers, rda, require

FILE = "vparty.RData"
FIRST = 1988
GOVERNMENT = {0: "senior", 1: "junior", 2: "support", 3: "opposition", 4: "none formed"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, election to the lower house and party that the source places on the left-right scale."""
    raw = require(rda(files, FILE), ["country_text_id", "historical_date", "v2paid", "v2paenname", "v2pagovsup",
                                     "v2pariglef"], FILE)
    raw = raw[raw["country_text_id"].isin(COMPARISON)].assign(date=lambda frame: frame["historical_date"].astype(str).str[:10])
    lost = sorted(set(COMPARISON) - set(raw["country_text_id"]))
    if lost:
        raise UpstreamError(f"{FILE}, column country_text_id: {', '.join(lost)} not found. The file is cut off, or spells "
                            "codes in a new way: adapt the recipe.")
    raw = raw[(raw["date"] >= str(FIRST)) & raw["v2pariglef"].notna()]
    return {
        "party_positions": pd.DataFrame(
            {
                "iso3": raw["country_text_id"],
                "date": raw["date"],
                "party_id": integers(raw["v2paid"]),
                "party": raw["v2paenname"].str.strip(),
                "government": mapped(integers(raw["v2pagovsup"]), GOVERNMENT, FILE),
                "left_right": _rounded(raw["v2pariglef"], 2),
            }
        )
    }


def _rounded(values: pd.Series, decimals: int) -> pd.Series:
    return numbers(values).map(lambda value: round(value, decimals), na_action="ignore")  # the gaps of R warn in Series.round
