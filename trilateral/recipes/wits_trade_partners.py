"""Largest partners in goods trade, by year (World Bank WITS)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_NAME
from trilateral.recipes.reading import UpstreamError, csv, numbers, require

FILE = "en_{}_AllYears_WITS_Trade_Summary.CSV"
REPORTERS = {
    "AUS": "Australia", "CAN": "Canada", "CHN": "China", "DEU": "Germany", "IND": "India", "JPN": "Japan",
    "KOR": "Korea, Rep.", "LTU": "Lithuania", "MNG": "Mongolia", "NOR": "Norway", "OAS": "Other Asia, nes",
    "PHL": "Philippines", "RUS": "Russian Federation", "SGP": "Singapore", "USA": "United States", "VNM": "Vietnam",
}  # fmt: skip
ISO3 = {"OAS": "TWN"}  # the file name's code that is not of ISO 3166
PARTNERS = tuple(sorted({*(ISO3.get(code, code) for code in REPORTERS), "HKG"}))
FLOWS = {"export": ("Export", "Exports (in US$ Mil)"), "import": ("Import", "Imports (in US$ Mil)")}
LISTED = 5  # partners a year and flow; the others are not given, which is not zero


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a reporter, flow, year and partner among its five largest; partner WLD is the total of the flow.

    Raises
    ------
    UpstreamError
        A year has not five partners, or value and share of a partner disagree by more than rounding.
    """
    parts = [_flow(files, code, flow) for code in REPORTERS for flow in FLOWS]
    return {"trade_partners": pd.concat(parts, ignore_index=True)}


def _flow(files: Mapping[str, bytes], code: str, flow: str) -> pd.DataFrame:
    name, iso3, (label, total) = FILE.format(code), ISO3.get(code, code), FLOWS[flow]
    raw = csv(files, name).rename(columns=str.strip)
    require(raw, ["Reporter", "Partner", "Product categories", "Indicator", "2021", "1988"], name)
    raw = raw.apply(lambda column: column.str.strip())
    if set(raw["Reporter"]) != {REPORTERS[code]}:
        raise UpstreamError(f"{name}, column Reporter: {', '.join(set(raw['Reporter']))}, {REPORTERS[code]} is expected. "
                            "The file was exchanged.")
    rows = raw[raw["Product categories"] == "All Products"]
    value, share = (_long(rows, f"{kind}-Top 5 {label} Partner") for kind in ("Trade (US$ Mil)", "Partner share(%)"))
    world = _long(rows[rows["Partner"] == "World"], total).droplevel("Partner")
    frame = pd.concat([value.rename("usd_million"), share.rename("partner_share")], axis=1).dropna(how="all").reset_index()
    counts = frame.groupby("year").size()
    if (counts != LISTED).any() or set(counts.index) != set(world.index):
        year = next(iter(counts.index[counts != LISTED]), "all")
        raise UpstreamError(f"{name}, {flow}s of {year}: {counts.get(year, 0)} partners, {LISTED} are expected in every year "
                            "that has a total. The layout has changed, or the file is cut.")
    off = (frame["usd_million"] / frame["year"].map(world) * 100 - frame["partner_share"]).abs()
    if (off.isna() | (off > 0.02)).any():
        row = frame.loc[off.fillna(100).idxmax()]
        raise UpstreamError(f"{name}, {flow}s, {row['Partner']} in {row['year']}: share {row['partner_share']} does not follow "
                            f"from value {row['usd_million']} and total {world.get(row['year'])}. Columns were moved.")
    fifth = frame.groupby("year")["partner_share"].min()
    frame["fifth_share"] = frame["year"].map(fifth)
    frame["partner"] = frame["Partner"].map(ISO3_OF_NAME)
    frame = frame[frame["partner"].isin(PARTNERS) & (frame["partner"] != iso3) & (frame["Partner"] != "Soviet Union")]
    totals = pd.DataFrame({"year": world.index, "partner": "WLD", "usd_million": world.to_numpy(), "partner_share": 100.0})
    totals["fifth_share"] = totals["year"].map(fifth)
    both = pd.concat([frame.drop(columns="Partner"), totals], ignore_index=True)
    both["usd_million"] = both["usd_million"].round(1)
    return both.assign(iso3=iso3, flow=flow)


def _long(rows: pd.DataFrame, indicator: str) -> pd.Series:
    years = [column for column in rows.columns if column.isdigit()]
    found = rows[rows["Indicator"] == indicator].set_index("Partner")[years]
    if found.empty or found.index.duplicated().any():
        raise UpstreamError(f"indicator {indicator!r}: {len(found)} rows, each partner is expected once. Adapt the recipe.")
    long = found.rename(columns=int).rename_axis(columns="year").stack().replace("", None).dropna()
    return numbers(long.rename(indicator))
