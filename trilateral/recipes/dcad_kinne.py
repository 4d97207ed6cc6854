"""Bilateral defense cooperation agreements (Kinne, DCAD 1.0)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import COMPARISON, ISO3_OF_STATE
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "DCAD-v1.0-main.csv"
TYPE = {"general": "general", "sector": "sector"}
SUBJECT = {"DCA": "framework", "DIC": "industry", "TREX": "training", "PROCUREMENT": "procurement",
           "COMMISSION": "commission", "RESEARCH": "research"}
BASIS = {"treaty": "text", "factiva": "press"}
CONFIDENCE = {"high": "high", "med": "medium", "low": "low", "atypical": "atypical"}
SUBJECTS = ["category1", "category2", "category3"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an agreement between two countries of the comparison group, signed 1980 to 2010."""
    raw = require(csv(files, FILE), ["DCAid", "ccode1", "ccode2", "signDay", "signMonth", "signYear", "type", *SUBJECTS,
                                     "sourceType", "categoryConf"], FILE)
    # by number: the abbreviations of the file write South Korea in two ways
    for side in (1, 2):
        raw[f"iso3_{side}"] = integers(raw[f"ccode{side}"]).map(ISO3_OF_STATE)
    raw = raw[raw["iso3_1"].isin(COMPARISON) & raw["iso3_2"].isin(COMPARISON)]
    raw = raw[raw["iso3_1"] != raw["iso3_2"]]  # slips of the source: a country with itself
    pairs = raw[["iso3_1", "iso3_2"]].apply(sorted, axis=1, result_type="expand")
    subjects = [mapped(raw[column], SUBJECT, FILE) for column in SUBJECTS]
    return {
        "bilateral_defense_agreements": pd.DataFrame(
            {
                "agreement": raw["DCAid"].str.extract(r"-(\d{4})$", expand=False),
                "iso3_a": pairs[0],
                "iso3_b": pairs[1],
                "year": integers(raw["signYear"]),
                "date": _date(raw),
                "type": mapped(raw["type"], TYPE, FILE),
                "subject": subjects[0],
                "subject_2": subjects[1],
                "subject_3": subjects[2],
                "basis": mapped(raw["sourceType"], BASIS, FILE),
                "confidence": mapped(raw["categoryConf"], CONFIDENCE, FILE),
            }
        )
    }


def _date(raw: pd.DataFrame) -> pd.Series:
    """Day of signature; empty where the source knows the year or month alone."""
    parts = raw[["signYear", "signMonth", "signDay"]].where(lambda cells: ~cells.apply(lambda c: c.str.startswith("-")))
    dates = parts["signYear"] + "-" + parts["signMonth"].str.zfill(2) + "-" + parts["signDay"].str.zfill(2)
    wrong = raw[dates.notna() & pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce").isna()]
    if len(wrong):
        raise UpstreamError(f"{FILE}, {wrong.iloc[0]['DCAid']}: signature on {dates[wrong.index[0]]} is no date. "
                            "Look at the row.")
    return dates
