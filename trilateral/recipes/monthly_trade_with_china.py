"""Monthly goods trade of Japan, South Korea and the United States with China (national customs statistics)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, numbers, require

FILES = {"JPN": "japan-china-trade-data.csv", "KOR": "korea-china-trade-data.csv", "USA": "usa-china-trade-data.csv"}
MONTHS = pd.period_range("2001-01", "2019-12", freq="M").astype(str).tolist()
FLOWS = {"Exports": "export", "Imports": "import"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, month and flow, in dollars or, for Japan, in yen, never in both.

    Raises
    ------
    UpstreamError
        A month is missing or doubled, or a date or value has another form.
    """
    return {"monthly_trade_china": pd.concat([_japan(files), _korea(files), _america(files)], ignore_index=True)}


def _japan(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = _read(files, "JPN", ["Date", "Exports", "Imports"], ";")
    return _tidy(raw, "JPN", raw["Date"].str.replace("/", "-"), "jpy_million", 1e3)


def _korea(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = _read(files, "KOR", ["Country", "Date", "Exports", "Imports"], ",")
    if set(raw["Country"]) != {"China, peoples' republic of"}:
        raise UpstreamError(f"{FILES['KOR']}, column Country: {', '.join(set(raw['Country']))}; China alone is expected.")
    # A text: read as a number, 2001.10 becomes 2001.1 and October is lost in January.
    return _tidy(raw, "KOR", raw["Date"].str.replace(".", "-", regex=False), "usd_million", 1e3)


def _america(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = _read(files, "USA", ["Month", "Exports", "Imports", "Balance"], ";")
    for column in ("Exports", "Imports", "Balance"):
        raw[column] = raw[column].str.replace(",", "")
    off = (numbers(raw["Exports"]) - numbers(raw["Imports"]) - numbers(raw["Balance"])).abs()
    if (off > 0.11).any():
        raise UpstreamError(f"{FILES['USA']}, {raw.loc[off.idxmax(), 'Month']}: exports less imports are not the balance. "
                            "The columns were moved.")
    return _tidy(raw, "USA", pd.to_datetime(raw["Month"], format="%B %Y").dt.strftime("%Y-%m"), "usd_million", 1)


def _read(files: Mapping[str, bytes], iso3: str, columns: list[str], separator: str) -> pd.DataFrame:
    name = FILES[iso3]
    return require(csv(files, name, sep=separator), columns, name, closed=True)


def _tidy(raw: pd.DataFrame, iso3: str, months: pd.Series, column: str, divisor: float) -> pd.DataFrame:
    if months.tolist() != MONTHS:
        odd = next((f"row {row + 2} is {got!r}, {want} is expected"
                    for row, (got, want) in enumerate(zip(months, MONTHS, strict=False)) if got != want),
                   f"{len(months)} months, {len(MONTHS)} are expected")
        raise UpstreamError(f"{FILES[iso3]}: {odd}. Each month of 2001 to 2019 must be there once, its date read as text.")
    parts = [pd.DataFrame({"iso3": iso3, "month": months, "flow": flow, "usd_million": None, "jpy_million": None}).assign(
        **{column: (numbers(raw[theirs]) / divisor).round(1)}) for theirs, flow in FLOWS.items()]
    return pd.concat(parts, ignore_index=True)
