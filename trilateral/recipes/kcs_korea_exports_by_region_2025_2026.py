"""Recent monthly goods exports of South Korea by destination (Korea Customs Service)."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, mapped, take

REGIONS, TOTAL, ABOUT = "region-trend.json", "trend.json", "meta.json"
DESTINATIONS = {
    "중국": "CHN", "미국": "USA", "일본": "JPN", "대만": "TWN", "홍콩": "HKG", "인도": "IND",
    "아세안": "ASEAN", "EU": "EU", "중동": "Middle East",
}  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a destination and month; WLD is all destinations. Values to ten million dollars.

    Raises
    ------
    UpstreamError
        A destination lacks a month, or the destinations exceed the total.
    """
    about, regions, total = (_json(files, name) for name in (ABOUT, REGIONS, TOTAL))
    mapped(pd.Series(list(regions), name="destination"), DESTINATIONS, REGIONS)
    frame = pd.concat([_series(rows, DESTINATIONS[name]) for name, rows in regions.items()] + [_series(total, "WLD")])
    last = pd.Period(f"{about['end_yymm'][:4]}-{about['end_yymm'][4:]}", freq="M")
    expected = pd.period_range(end=last, periods=about["months"], freq="M").astype(str).tolist()
    for destination, rows in frame.groupby("partner"):
        if rows["month"].tolist() != expected:
            raise UpstreamError(f"{REGIONS}, {destination}: months {', '.join(rows['month'])}; {ABOUT} announces "
                                f"{expected[0]} to {expected[-1]}. The collection is incomplete.")
    world = frame[frame["partner"] == "WLD"].set_index("month")["usd_million"]
    parts = frame[frame["partner"] != "WLD"].groupby("month")["usd_million"].sum()
    if set(frame["partner"]) != {*DESTINATIONS.values(), "WLD"} or (parts > world).any():
        raise UpstreamError(f"{REGIONS}: a destination is missing, or together they exceed {TOTAL}. The unit or the regions "
                            "have changed.")
    return {"korea_recent_exports": frame}


def _json(files: Mapping[str, bytes], name: str):
    try:
        return json.loads(take(files, name).decode("utf-8-sig"))
    except ValueError as error:
        raise UpstreamError(f"{name}: is no JSON text: {error}. Fetch it again.") from error


def _series(rows: list[dict], destination: str) -> pd.DataFrame:
    months = [f"20{row['m'].replace('.', '-')}" for row in rows]
    return pd.DataFrame({"partner": destination, "month": months, "usd_million": [round(row["exp"] * 100) for row in rows]})
