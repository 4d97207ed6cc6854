"""Military expenditure (SIPRI)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, excel, integers

FILE = "SIPRI-Milex-data-1949-2024_2.xlsx"
COUNTRY = {
    "United States of America": "USA",
    "Japan": "JPN",
    "Korea, South": "KOR",
    "China": "CHN",
    "Russia": "RUS",
    "Taiwan": "TWN",
    "India": "IND",
    "Australia": "AUS",
    "United Kingdom": "GBR",
    "France": "FRA",
    "Germany": "DEU",
    "Philippines": "PHL",
    "Viet Nam": "VNM",
    "Canada": "CAN",
    "Israel": "ISR",
    "Italy": "ITA",
}
SHEET = {
    "constant_2023_usd_million": "Constant (2023) US$",
    "current_usd_million": "Current US$",
    "gdp_share": "Share of GDP",
}
DECIMALS = {"constant_2023_usd_million": 1, "current_usd_million": 1, "gdp_share": 5}
FIRST = 1988  # the consistent series of SIPRI
GAPS = ["...", ". .", "xxx"]  # no data; the state did not exist
NOTHING = 0  # what is left of Soviet and early Russian rubles at their later rate; every state held here has armed forces


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country-year; what SIPRI has no figure for is empty."""
    book = excel(files, FILE, None, dtype=None, header=None)
    columns = [_sheet(book, sheet, name).rename(name) for name, sheet in SHEET.items()]
    return {"military_expenditure": pd.concat(columns, axis=1).rename_axis(["iso3", "year"]).reset_index()}


def _sheet(book: Mapping[str, pd.DataFrame], sheet: str, column: str) -> pd.Series:
    if sheet not in book:
        raise UpstreamError(f"{FILE}: no sheet {sheet!r} (sheets: {', '.join(book)}). Adapt the recipe.")
    raw = book[sheet]
    head = raw.index[raw[0] == "Country"]
    if len(head) != 1:
        raise UpstreamError(
            f"{FILE}, sheet {sheet}: {len(head)} rows begin with 'Country', not one. Adapt the recipe."
        )
    years = integers(pd.to_numeric(raw.loc[head[0]], errors="coerce")).dropna()
    years = years[years >= FIRST]
    rows = raw[raw[0].isin(COUNTRY)]
    lacking = sorted(set(COUNTRY) - set(rows[0]))
    if lacking or rows[0].duplicated().any():
        raise UpstreamError(
            f"{FILE}, sheet {sheet}: country {', '.join(lacking) or 'listed twice'} missing or doubled. "
            "Adapt the country names of the recipe."
        )
    values = rows.set_index(rows[0].map(COUNTRY))[years.index].set_axis(years.to_list(), axis=1).stack()
    numbers = pd.to_numeric(values.where(~values.isin([*GAPS, NOTHING])))
    return numbers.astype("float64").round(DECIMALS[column])
