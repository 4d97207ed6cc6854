"""Parties in parliament after each election: seats, government, economic left and right (V-Party)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON
from trilateral.recipes.reading import UpstreamError, integers, mapped, numbers, rda, require

FILE = "vparty.RData"
FIRST = 1988
GOVERNMENT = {0: "senior", 1: "junior", 2: "support", 3: "opposition", 4: "none formed"}
SHARES = {"v2pavote": "vote_share", "v2paseatshare": "seat_share"}
POSITION = {"v2pariglef": "left_right", "v2pariglef_codelow": "left_right_low", "v2pariglef_codehigh": "left_right_high"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, election to the lower house and party that the source places on the left-right scale."""
    raw = require(rda(files, FILE), ["country_text_id", "historical_date", "v2paid", "v2paenname", "v2pagovsup", *SHARES,
                                     *POSITION], FILE)
    raw = raw[raw["country_text_id"].isin(COMPARISON)].assign(date=lambda frame: frame["historical_date"].astype(str).str[:10])
    lost = sorted(set(COMPARISON) - set(raw["country_text_id"]))
    if lost:
        raise UpstreamError(f"{FILE}, column country_text_id: {', '.join(lost)} not found. The file is cut off, or spells "
                            "codes in a new way: adapt the recipe.")
    raw = raw[(raw["date"] >= str(FIRST)) & raw["v2pariglef"].notna()]
    for column in SHARES:
        wrong = raw[~raw[column].isna() & ~raw[column].between(0, 100)]
        if len(wrong):
            row = wrong.iloc[0]
            raise UpstreamError(f"{FILE}, {row['country_text_id']} {row['date']}, {row['v2paenname']}: {column} {row[column]} "
                                "is no percentage. Columns may be swapped.")
    return {
        "party_positions": pd.DataFrame(
            {
                "iso3": raw["country_text_id"],
                "date": raw["date"],
                "party_id": integers(raw["v2paid"]),
                "party": raw["v2paenname"].str.strip(),
                "government": mapped(integers(raw["v2pagovsup"]), GOVERNMENT, FILE),
                **{ours: _rounded(raw[theirs], 1) for theirs, ours in SHARES.items()},
                **{ours: _rounded(raw[theirs], 2) for theirs, ours in POSITION.items()},
            }
        )
    }


def _rounded(values: pd.Series, decimals: int) -> pd.Series:
    return numbers(values).map(lambda value: round(value, decimals), na_action="ignore")  # the gaps of R warn in Series.round
