"""Visitors to Japan by market (Japan National Tourism Organization): the official workbook and the later dashboard."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, coded, csv, excel, require

WORKBOOK, DASHBOARD = "since2003_visitor_arrivals.xlsx", "jnto_visitors_2019_2025.csv"
YEARS = range(2003, 2022)
MARKETS = {
    "総数": "WLD", "韓国": "KOR", "中国": "CHN", "台湾": "TWN", "香港": "HKG", "マカオ": "MAC", "モンゴル": "MNG",
    "タイ": "THA", "シンガポール": "SGP", "マレーシア": "MYS", "インドネシア": "IDN", "フィリピン": "PHL",
    "ベトナム": "VNM", "インド": "IND", "イスラエル": "ISR", "トルコ": "TUR", "英国": "GBR", "フランス": "FRA",
    "ドイツ": "DEU", "イタリア": "ITA", "ロシア": "RUS", "スペイン": "ESP", "スウェーデン": "SWE", "オランダ": "NLD",
    "スイス": "CHE", "ベルギー": "BEL", "フィンランド": "FIN", "ポーランド": "POL", "デンマーク": "DNK",
    "ノルウェー": "NOR", "オーストリア": "AUT", "ポルトガル": "PRT", "アイルランド": "IRL", "米国": "USA",
    "カナダ": "CAN", "メキシコ": "MEX", "ブラジル": "BRA", "豪州": "AUS", "ニュージーランド": "NZL",
}  # fmt: skip
LATER = {"MAC": 2016, "MNG": 2016}  # first year of a row of their own
CLOSED = ("2020-03", "2022-12")  # borders closed or half open: arrivals below 1,000 a month are believable


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a market, month and edition; `preferred` marks the row to use where one value a month is wanted.

    Raises
    ------
    UpstreamError
        A sheet lacks a market or month, or the repaired figures of the dashboard do not add up to the workbook's.
    """
    old = pd.concat([_year(files, year) for year in YEARS], ignore_index=True).assign(edition="workbook")
    new = _dashboard(files).assign(edition="dashboard", estimate=0)
    _agree(old, new)
    last = old.loc[old["estimate"] == 0, "month"].max()
    frame = pd.concat([old, new], ignore_index=True)
    best = ((frame["edition"] == "workbook") & (frame["estimate"] == 0)) | (
        (frame["edition"] == "dashboard") & (frame["month"] > last))
    return {"visitors_to_japan": frame.assign(preferred=best.astype(int))}


def _year(files: Mapping[str, bytes], year: int) -> pd.DataFrame:
    raw = excel(files, WORKBOOK, str(year), header=None)
    where = f"{WORKBOOK}, sheet {year}"
    head = next((row for row in raw.index if "1月" in raw.loc[row].tolist()), None)  # its place differs by sheet
    if head is None:
        raise UpstreamError(f"{where}: no row has the heading 1月. Adapt the recipe.")
    months = {int(str(raw.at[head, c])[:-1]): c for c in raw.columns if re.fullmatch(r"\d+月", str(raw.at[head, c]))}
    labels = raw[0].fillna(raw[1]).astype("str").str.strip(" \u3000")
    wanted = [market for market, iso3 in MARKETS.items() if year >= LATER.get(iso3, 0)]
    rows = {market: labels.index[labels == market] for market in wanted}
    lost = [market for market, found in rows.items() if len(found) != 1]
    if lost or sorted(months) != list(range(1, 13)):
        raise UpstreamError(f"{where}: market {', '.join(lost) or 'none'} missing or doubled, months {sorted(months)}. "
                            "The layout has changed: adapt the recipe.")
    out = []
    for month, column in months.items():
        cells = {MARKETS[market]: raw.at[rows[market][0], column] for market in wanted}
        given = {iso3: value for iso3, value in cells.items() if pd.notna(value)}
        wrong = next((value for value in given.values() if not re.fullmatch(r"\d+", str(value))), None)
        if wrong is not None:
            raise UpstreamError(f"{where}, column {month}月: {wrong!r} is no whole number.")
        estimate = int(len(given) < len(cells))  # the newest months have the main markets alone, rounded
        if given and estimate and any(int(value) % 10 for value in given.values()):
            raise UpstreamError(f"{where}, column {month}月: some markets are empty, yet the others are not rounded. "
                                "A final month has lost rows: look at the sheet.")
        out += [(iso3, f"{year}-{month:02d}", int(value), estimate) for iso3, value in given.items()]
    return pd.DataFrame(out, columns=["nationality", "month", "arrivals", "estimate"])


def repaired(cell: str) -> int:
    """The number behind a cell whose last group of digits has lost its trailing zeros (``308,73`` is 308730)."""
    first, *groups = cell.split(",")
    if not re.fullmatch(r"\d{1,3}(,\d{3})*(,\d{1,3})?", cell):
        raise UpstreamError(f"{DASHBOARD}, column visitor_arrivals: {cell!r} is no number with thousands commas.")
    return int(first + "".join(group.ljust(3, "0") for group in groups))


def _dashboard(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = require(csv(files, DASHBOARD), ["area", "month", "year", "visitor_arrivals"], DASHBOARD)
    raw = raw.dropna(subset=["visitor_arrivals"])  # months to come are empty
    when = raw["year"] + "-" + raw["month"].str.zfill(2)
    wanted = set(MARKETS.values()) - {"WLD"}
    frame = pd.DataFrame({
        "nationality": coded(raw["area"], wanted, DASHBOARD),
        "month": when,
        "arrivals": raw["visitor_arrivals"].map(repaired),
        "cell": raw["visitor_arrivals"],
    })
    # 2,000 lost its group and its comma together and stands as 2; one digit where hundreds are usual can be nothing else
    usual = frame["arrivals"].where(~frame["month"].between(*CLOSED)).groupby(raw["area"]).transform("median")
    cut = (frame["arrivals"].between(1, 9) & (usual >= 500)) & ~frame["month"].between(*CLOSED)
    frame.loc[cut, "arrivals"] *= 1000
    world = frame.groupby("month")["arrivals"].sum().reset_index().assign(nationality="WLD")
    named = frame.dropna(subset=["nationality"])
    usual = named.groupby("nationality")["arrivals"].transform("median")
    odd = named[(named["arrivals"] < 1000) & (usual > 10000) & ~named["month"].between(*CLOSED)]
    if len(odd):
        row = odd.iloc[0]
        raise UpstreamError(f"{DASHBOARD}, {row['nationality']} {row['month']}: {row['cell']!r} has no comma, where over "
                            "10,000 a month are usual. All its zeros may be lost: look the month up.")
    counts = named.groupby("month")["nationality"].nunique()
    if (counts != len(wanted)).any() or named.duplicated(["nationality", "month"]).any():
        raise UpstreamError(f"{DASHBOARD}: {counts.idxmin()} has {counts.min()} of {len(wanted)} markets, or one twice. "
                            "The file is damaged: fetch it again.")
    return pd.concat([named.drop(columns="cell"), world], ignore_index=True)


def _agree(old: pd.DataFrame, new: pd.DataFrame) -> None:
    both = old[old["estimate"] == 0].merge(new, on=["nationality", "month"], suffixes=("", "_new"))
    differing = both[both["arrivals"] != both["arrivals_new"]]
    if both.empty or len(differing):
        row = "no month in common" if both.empty else "{nationality} {month}: {arrivals_new}, not {arrivals}".format(
            **differing.iloc[0])
        raise UpstreamError(f"{DASHBOARD} against {WORKBOOK}: {row}. The repair of the cut zeros no longer holds, or one "
                            "of the two was revised.")

