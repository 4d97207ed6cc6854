"""Chinese and Russian military activity near Taiwan and Japan, by day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import csv, integers, mapped, require

FILE = "JapanandBattleship.csv"
COUNT = {"aircraft": "pla_aircraft_sorties", "vessels": "plan_vessel_sorties"}
FLAG = {
    "yonaguni": "與那國",
    "miyako": "宮古",
    "osumi": "大禹",
    "tsushima": "對馬",
    "joint_exercise": "聯合演訓",
    "carrier": "航母活動",
}
COUNTRY = {"中國": "CHN", "俄羅斯": "RUS", "中國、俄羅斯": "CHN;RUS"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a day; an empty flag means that nothing was recorded, not that nothing happened."""
    raw = require(csv(files, FILE), ["date", *COUNT.values(), *FLAG.values(), "國家"], FILE)
    return {
        "pla_activity": pd.DataFrame(
            {
                "date": raw["date"].str.replace("/", "-"),
                **{ours: integers(raw[theirs]) for ours, theirs in (COUNT | FLAG).items()},
                "country": mapped(raw["國家"], COUNTRY, FILE),
            }
        )
    }
