"""Counts of military and relief assets, and single facts on capabilities, collected by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

ASSETS, FACTS = "capability-assets.csv", "capability-facts.csv"
SOURCE = ["source_url", "source2_url", "source_grade", "checked"]
ASSET_COLUMNS = ["id", "domain", "asset", "iso3", "date", "date_precision", "count", "basis", "designation", "note", *SOURCE]
FACT_COLUMNS = ["id", "domain", "indicator", "iso3", "period", "value", "relation", "unit", *SOURCE]
PRECISION = {4: "year", 7: "month", 10: "day"}  # by the length of the ISO date
MARKUP = r"^[=+@]|[<>]"  # a formula or a tag


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Assets (one row a kind of asset, country and day of the count) and facts (one row an indicator, country and period).

    Raises
    ------
    UpstreamError
        A date lacks the precision it claims, a count of deliveries has no name in the arms register or another count has one,
        two sources are claimed and one is given, or a text holds a formula or a tag.
    """
    assets = _checked(require(csv(files, ASSETS), ASSET_COLUMNS, ASSETS, closed=True), ASSETS)
    _refuse(assets, assets["date"].str.len().map(PRECISION) != assets["date_precision"], ASSETS,
            "date and date_precision do not agree")
    _refuse(assets, (assets["basis"] == "delivered") != assets["designation"].notna(), ASSETS,
            "deliveries, and they alone, carry the designation of the arms register")
    facts = _checked(require(csv(files, FACTS), FACT_COLUMNS, FACTS, closed=True), FACTS)
    return {
        "capability_assets": assets.assign(count=integers(assets["count"])),
        "capability_facts": facts.assign(value=numbers(facts["value"])),
    }


def _checked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    _refuse(frame, frame["id"].isna() | frame["id"].duplicated(), name, "the id is missing or there twice")
    _refuse(frame, (frame["checked"] == "two-sources") != frame["source2_url"].notna(), name,
            "checked says two sources where source2_url has none, or the other way round")
    words = frame.drop(columns=["source_url", "source2_url"])
    tainted = words.apply(lambda column: column.str.contains(MARKUP, na=False)).any(axis=1)
    _refuse(frame, tainted, name, "a text begins like a formula or holds a tag")
    return frame.copy()


def _refuse(frame: pd.DataFrame, wrong: pd.Series, name: str, reason: str) -> None:
    if wrong.any():
        raise UpstreamError(f"data/curated/{name}, row {wrong.idxmax() + 2}, id {frame.loc[wrong, 'id'].iloc[0]}: {reason}. "
                            "Correct the row.")
