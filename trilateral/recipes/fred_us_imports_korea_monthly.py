"""Monthly goods imports of the United States by origin (Census Bureau, through FRED)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, numbers, require

FILE = "int_trade_data_refactored.csv"
ORIGINS = {
    "canada_imports": "CAN", "germany_imports": "DEU", "india_imports": "IND", "korea_imports": "KOR", "uk_imports": "GBR",
    "vietnam_imports": "VNM", "world_imports": "WLD",
}  # fmt: skip


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an origin and month; WLD is all origins.

    Raises
    ------
    UpstreamError
        A month is missing, or the origins together import more than the world.
    """
    raw = require(csv(files, FILE), ["date", *ORIGINS], FILE)
    months = raw["date"].str[:7]
    wanted = pd.period_range(months.iloc[0], months.iloc[-1], freq="M").astype(str).tolist() if len(raw) else []
    if not len(raw) or months.tolist() != wanted or not raw["date"].str.endswith("-01").all():
        raise UpstreamError(f"{FILE}, column date: months are missing, doubled or not dated by their first day. "
                            "Fetch the file again.")
    wide = pd.DataFrame({code: numbers(raw[column]) for column, code in ORIGINS.items()}).assign(month=months)
    parts = wide.drop(columns=["month", "WLD"])
    off = (parts.sum(axis=1) >= wide["WLD"]) | (parts <= 0).any(axis=1)
    if off.any():
        raise UpstreamError(f"{FILE}, {months[off.idxmax()]}: the named origins exceed world_imports, or one is not positive. "
                            "The columns were exchanged.")
    long = wide.melt("month", var_name="partner", value_name="usd_million")
    return {"us_goods_imports": long.assign(usd_million=long["usd_million"].round(1))}
