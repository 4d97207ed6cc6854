"""Exposure to natural hazards, vulnerability and coping capacity (INFORM Risk Index)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import UpstreamError, excel, integers, numbers, require

FILE = "inform_risk_2025_v070.xlsx"
INDEX, INDICATORS = "INFORM Risk 2025 (a-z)", "Indicator Data"
COUNTRIES = 191
ABSENT = {"TWN"}
SCORE = {
    "INFORM RISK": "risk",
    "Natural": "natural_hazard",
    "Earthquake": "earthquake",
    "River Flood": "river_flood",
    "Tsunami": "tsunami",
    "Tropical Cyclone": "tropical_cyclone",
    "Coastal flood": "coastal_flood",
    "Drought": "drought",
    "VULNERABILITY": "vulnerability",
    "LACK OF COPING CAPACITY": "lack_of_coping_capacity",
    "Institutional": "lack_of_institutional_capacity",
    "DRR": "lack_of_risk_reduction",
}
# Names and codes of the source: the code tells indicators of one name apart
INDICATOR = {
    "NH.EQ.GEM.MMI6.SP": "exposed_earthquake_mmi6",
    "NH.EQ.GEM.MMI8.SP": "exposed_earthquake_mmi8",
    "EX_FL": "exposed_river_flood",
    "EX_TS": "exposed_tsunami",
    "EX_TC_SS1": "exposed_cyclone_category1",
    "EX_TC_SS3": "exposed_cyclone_category3",
    "EX_CFL": "exposed_coastal_flood",
    "EN.POP.DNST": "people_per_km2",
    "GDPpp": "gdp_per_person_usd",
    "AG.LND.TOTL.K2": "land_km2",
}
CODE_ROW, FIRST_ROW = "IndicatorId", 5
GAPS = ["x", "No data"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country: scores from 0 to 10, people exposed in a year, income, density and area.

    Raises
    ------
    UpstreamError
        A sheet, column or country is missing, or a score is outside 0 to 10.
    """
    index = excel(files, FILE, INDEX)
    require(index, ["ISO3", "Rank", *SCORE], FILE)
    frame = pd.DataFrame({"iso3": index["ISO3"], "rank": integers(index["Rank"])})
    for theirs, ours in SCORE.items():
        frame[ours] = numbers(index[theirs], GAPS)
        if not frame[ours].dropna().between(0, 10).all():
            raise UpstreamError(f"{FILE}, sheet {INDEX}, column {theirs}: a score is outside 0 to 10. Adapt the recipe.")
    lost = sorted(set(PANEL) - ABSENT - set(frame["iso3"]))
    if lost or len(frame) != COUNTRIES or frame["iso3"].duplicated().any():
        raise UpstreamError(f"{FILE}, sheet {INDEX}: {len(frame)} rows, {COUNTRIES} countries are expected"
                            f"{', missing ' + ', '.join(lost) if lost else ''}. Adapt the recipe.")
    both = frame.merge(_indicators(files), on="iso3", how="left", validate="one_to_one", indicator="found")
    if (both["found"] != "both").any():
        raise UpstreamError(f"{FILE}, sheet {INDICATORS}: no row for {both.loc[both['found'] != 'both', 'iso3'].iloc[0]}.")
    return {"disaster_risk": both.drop(columns="found")}


def _indicators(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = excel(files, FILE, INDICATORS, header=None)
    code_row = raw.index[raw[0] == CODE_ROW]
    if len(code_row) != 1:
        raise UpstreamError(f"{FILE}, sheet {INDICATORS}: {len(code_row)} rows begin with {CODE_ROW}, one is expected.")
    codes = raw.loc[code_row[0]]
    rows = raw.loc[FIRST_ROW:]
    frame = pd.DataFrame({"iso3": rows[1]})
    for theirs, ours in INDICATOR.items():
        columns = codes.index[codes == theirs]
        if len(columns) != 1:
            raise UpstreamError(f"{FILE}, sheet {INDICATORS}: {len(columns)} columns have the code {theirs}, one is "
                                "expected. Adapt the recipe.")
        frame[ours] = numbers(rows[columns[0]].rename(theirs), GAPS).round(1 if ours == "people_per_km2" else 0)
    return frame.dropna(subset=["iso3"])
