"""Chinese and Russian military activity near Taiwan and Japan, by month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "JapanandBattleship.csv"
AIRCRAFT = "pla_aircraft_sorties"
STRAITS = {"yonaguni": "與那國", "miyako": "宮古", "osumi": "大禹", "tsushima": "對馬"}
COUNTRY = {"中國": "CHN", "俄羅斯": "RUS", "中國、俄羅斯": "CHN;RUS"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a month; an empty count of days means that nothing was recorded, not that nothing happened."""
    raw = require(csv(files, FILE), ["date", AIRCRAFT, *STRAITS.values(), "國家"], FILE)
    if raw["date"].duplicated().any():
        raise UpstreamError(f"{FILE}, column date: {raw.loc[raw['date'].duplicated(), 'date'].iloc[0]} stands twice; a day is "
                            "expected once. Look at the rows.")
    flags = pd.DataFrame({ours: integers(raw[theirs]) for ours, theirs in STRAITS.items()})
    country, aircraft = mapped(raw["國家"], COUNTRY, FILE), integers(raw[AIRCRAFT])
    seen = flags.eq(1).fillna(False)
    day = flags.assign(
        month=raw["date"].str.replace("/", "-").str[:7], days_reported=aircraft.notna().astype(int), aircraft=aircraft,
        any_strait=seen.any(axis=1).astype("Int64").where(flags.notna().any(axis=1)),
        tsushima_named=(seen["tsushima"] & country.notna()).astype(int),
        tsushima_russian=(seen["tsushima"] & country.eq("RUS")).astype(int),
    )
    order = ["days_reported", "aircraft", *STRAITS, "any_strait", "tsushima_named", "tsushima_russian"]
    return {"pla_activity": day.groupby("month")[order].sum(min_count=1).reset_index()}
