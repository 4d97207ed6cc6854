"""China's share in the goods trade of the three partners (World Bank WITS)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, require

FILE = "en_{}_AllYears_WITS_Trade_Summary.CSV"
SHARE = {
    "export_share_china": "Partner share(%)-Top 5 Export Partner",
    "import_share_china": "Partner share(%)-Top 5 Import Partner",
}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country-year in which China is among the partners that the source lists for either flow."""
    return {"merchandise_trade_china": pd.concat([_country(files, iso3) for iso3 in ("JPN", "KOR", "USA")])}


def _country(files: Mapping[str, bytes], iso3: str) -> pd.DataFrame:
    name = FILE.format(iso3)
    raw = csv(files, name).rename(columns=str.strip)
    require(raw, ["Reporter", "Partner", "Product categories", "Indicator"], name)
    labels = raw[["Partner", "Product categories", "Indicator"]].apply(lambda column: column.str.strip())
    years = sorted(column for column in raw.columns if column.isdigit())
    shares = {}
    for column, indicator in SHARE.items():
        found = raw[
            (labels["Partner"] == "China")
            & (labels["Product categories"] == "All Products")
            & (labels["Indicator"] == indicator)
        ]
        if len(found) != 1:
            raise UpstreamError(
                f"{name}: {len(found)} rows have partner China and indicator {indicator!r}, one is expected. "
                "Adapt the recipe."
            )
        shares[column] = pd.to_numeric(found.iloc[0][years].str.strip().replace("", None))
    frame = pd.DataFrame(shares).dropna(how="all").rename_axis("year").reset_index()
    return frame.assign(iso3=iso3, year=frame["year"].astype(int))
