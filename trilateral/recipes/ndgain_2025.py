"""Vulnerability to climate change (ND-GAIN country index)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import OECD, PANEL
from trilateral.recipes.reading import UpstreamError, csv, numbers, require

FILE = "ndgain_202508.csv"
COUNTRIES = sorted({*OECD, *PANEL, "BGD", "BRN", "FJI", "KHM", "KIR", "LAO", "LKA", "MDV", "MHL", "MMR", "MNG", "NPL", "PAK",
                    "PNG", "SLB", "TLS", "TON", "VUT", "WSM"})
GAP = ["NA"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country."""
    raw = csv(files, FILE, distinct=True)
    require(raw, ["ISO3", "index", "vulnerability", "readiness"], FILE)
    score = {name: numbers(raw[name], GAP, FILE) for name in ("index", "vulnerability", "readiness")}
    implied = 50 * (score["readiness"] + 1 - score["vulnerability"])
    wrong = raw["ISO3"][(implied - score["index"]).abs() > 0.01]
    if len(wrong):
        raise UpstreamError(f"{FILE}: index of {wrong.iloc[0]} is not 50 x (readiness + 1 - vulnerability). Columns are "
                            "swapped or the scales have changed: adapt the recipe.")
    frame = pd.DataFrame({"iso3": raw["ISO3"], "score": score["index"].round(2),
                          "vulnerability": score["vulnerability"].round(4)})
    kept = frame[frame["iso3"].isin(COUNTRIES)]
    lost = sorted(set(COUNTRIES) - set(kept["iso3"]))
    if lost:
        raise UpstreamError(f"{FILE}, column ISO3: {', '.join(lost)} not found. The file is cut short.")
    return {"climate_adaptation_index": kept}
