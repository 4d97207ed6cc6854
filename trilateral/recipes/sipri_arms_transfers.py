"""Transfers of major arms (SIPRI): orders among the three partners, volumes by pair, exports by supplier."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_NAME, PANEL, TRIAD
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

REGISTER = "sipri-trade-register-jpn-kor-usa-extract.csv"
EXPORTS = "sipri-tiv-exports-1998-2024.csv"
COLUMNS = ["Recipient", "Supplier", "Year of order", " ", "Number ordered", " .1", "Weapon designation",
           "Weapon description", "Number delivered", " .2", "Year(s) of delivery", "status", "Comments",
           "SIPRI TIV per unit", "SIPRI TIV for total order", "SIPRI TIV of delivered weapons"]
FIRST = 1980  # year of delivery from which orders are held
OTHER = "OTH"  # suppliers of unknown country, or all others together
ALSO = {"Dominican Republic": "DOM", "Ecuador": "ECU", "Gabon": "GAB", "Ghana": "GHA", "Jordan": "JOR", "Kenya": "KEN",
        "Liberia": "LBR", "Nigeria": "NGA", "Peru": "PER", "Romania": "ROU", "Senegal": "SEN", "Sierra Leone": "SLE",
        "UAE": "ARE", "Uruguay": "URY", "Venezuela": "VEN", "unknown supplier(s)": OTHER}
STATUS = {"New": "new", "Second hand": "second-hand", "Second hand but modernized": "second-hand-modernized"}
RATE = 0.02  # delivered volume against number times unit value, as a share: the source rounds
EXPORTERS = tuple(sorted({*PANEL, "BLR", "BRA", "CHE", "CZE", "JOR", "SWE", "UKR", "ZAF", "ARE"}))


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Orders (a row a weapon, pair and year), volumes (a row a supplier, recipient and year) and exports (a supplier and year).

    The register gives one volume an order and all years of its deliveries in one cell. `arms_transfer_volumes` spreads the
    volume of what was delivered evenly over the years named, so its years are approximate and its sums over years are
    the source's. Volumes are SIPRI trend-indicator values (TIV), which measure capability transferred, not money.

    Raises
    ------
    UpstreamError
        A delivered volume is not number times unit value, deliveries precede the order or have no year, or a country is
        unknown.
    """
    register = _register(files)
    return {
        "arms_transfers": _orders(register),
        "arms_transfer_volumes": _volumes(register),
        "arms_exports": _exports(files),
    }


def _register(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = require(csv(files, REGISTER), COLUMNS, REGISTER, closed=True)
    years = raw["Year(s) of delivery"].fillna("").str.findall(r"\d{4}").map(lambda found: [int(year) for year in found])
    strange = raw["Year(s) of delivery"].notna() & ~raw["Year(s) of delivery"].fillna("").str.fullmatch(r"\d{4}(; \d{4})*")
    frame = pd.DataFrame({
        "years": years,
        "strange": strange,
        "first_delivery": integers(years.map(lambda found: found[0] if found else None)),
        "last_delivery": integers(years.map(lambda found: found[-1] if found else None)),
        "year_ordered": integers(raw["Year of order"]),
        "number_delivered": integers(raw["Number delivered"]),
        "tiv_unit": numbers(raw["SIPRI TIV per unit"]),
        "tiv_delivered": numbers(raw["SIPRI TIV of delivered weapons"]),
        "designation": raw["Weapon designation"].fillna(raw["Weapon description"]),
        "status": mapped(raw["status"], STATUS, REGISTER),
        "upgrade": raw["Comments"].str.contains("rebuilt", case=False).fillna(False).astype(int),
        "license_production": raw["Comments"].str.contains(r"under licen[cs]e|licen[cs]ed? produc|assembled", case=False)
        .fillna(False).astype(int),
        "Recipient": raw["Recipient"],
        "Supplier": raw["Supplier"],
    })
    recent = frame[(frame["last_delivery"] >= FIRST) | frame["last_delivery"].isna()].copy()
    computed = recent["number_delivered"] * recent["tiv_unit"]
    off = (computed - recent["tiv_delivered"]).abs() > (RATE * recent["tiv_delivered"]).clip(lower=0.02)
    undated = (recent["number_delivered"] > 0) != recent["last_delivery"].notna()
    early = (recent["first_delivery"] < recent["year_ordered"]).fillna(False)
    for fault, reason in ((recent["strange"], "years of delivery are not years with semicolons between them"),
                          (off, "the volume delivered is not number delivered times volume a unit"),
                          (undated, "something was delivered without a year, or a year has no delivery"),
                          (early, "the first delivery precedes the order")):
        if fault.any():
            row = recent[fault].iloc[0]
            raise UpstreamError(
                f"{REGISTER}, row {fault.idxmax() + 2} ({row['Supplier']} to {row['Recipient']}, {row['designation']}, "
                f"ordered {row['year_ordered']}): {reason}. Columns have moved, or the recipe needs to know the case."
            )
    names = ISO3_OF_NAME | ALSO
    for theirs, ours in (("Recipient", "recipient"), ("Supplier", "supplier")):
        known = recent[recent["Recipient"] != "United States"] if ours == "supplier" else recent
        mapped(known[theirs], names, REGISTER)
        recent[ours] = recent[theirs].map(names).fillna(OTHER)
    lacking = sorted({"JPN", "KOR", "USA"} - set(recent["recipient"]))
    if lacking:
        raise UpstreamError(f"{REGISTER}: no deliveries to {', '.join(lacking)}. The extract is cut: fetch it again.")
    return recent


def _orders(register: pd.DataFrame) -> pd.DataFrame:
    """Orders among the three partners, those alike in weapon, year and kind together."""
    among = register[register["recipient"].isin(TRIAD) & register["supplier"].isin(TRIAD)]
    among = among.assign(tiv_delivered=among["tiv_delivered"].round(2))
    alike = among.groupby(["recipient", "supplier", "year_ordered", "designation", "status", "upgrade", "license_production"])
    orders = alike.agg(orders=("designation", "size"), number_delivered=("number_delivered", "sum"),
                       first_delivery=("first_delivery", "min"), tiv_delivered=("tiv_delivered", "sum")).reset_index()
    return orders.assign(tiv_delivered=orders["tiv_delivered"].round(2))


def _volumes(register: pd.DataFrame) -> pd.DataFrame:
    spread = register[register["last_delivery"].notna()].copy()
    spread["tiv"] = spread["tiv_delivered"] / spread["years"].map(len)
    spread = spread.explode("years").rename(columns={"years": "year"})
    spread = spread[spread["year"].astype(int) >= FIRST]
    spread["supplier"] = spread["supplier"].where(spread["supplier"].isin(TRIAD), OTHER)
    volumes = spread.groupby(["supplier", "recipient", "year"], as_index=False)["tiv"].sum()
    return volumes.assign(tiv=volumes["tiv"].round(2), year=integers(volumes["year"]))


def _exports(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = csv(files, EXPORTS, distinct=True)
    years = [column for column in raw.columns if column != "Country"]
    require(raw, ["Country", *(str(year) for year in range(1998, 2025))], EXPORTS, closed=True)
    raw = raw.assign(iso3=raw["Country"].map(ISO3_OF_NAME | ALSO))
    lacking = sorted({"USA", "KOR", "JPN", "CHN", "RUS", "FRA", "DEU"} - set(raw["iso3"]))
    if lacking:
        raise UpstreamError(f"{EXPORTS}, column Country: {', '.join(lacking)} not found. Teach the recipe its spelling.")
    twice = raw["iso3"][raw["iso3"].isin(EXPORTERS) & raw["iso3"].duplicated()]  # Libya, with two governments, is not held
    if len(twice):
        raise UpstreamError(f"{EXPORTS}, column Country: {twice.iloc[0]} has two rows, one is expected.")
    tiv = raw[years].apply(lambda column: numbers(column, missing=["#N/A"]))
    ranks = tiv.rank(ascending=False, method="min")
    world = tiv.sum()
    long = pd.DataFrame({"tiv": tiv.stack(), "rank": ranks.stack()}).reset_index(names=["row", "year"])
    long = long.assign(iso3=long["row"].map(raw["iso3"]), share_percent=(long["tiv"] / long["year"].map(world) * 100).round(3))
    long = long[long["iso3"].isin(EXPORTERS) & long["tiv"].notna()].drop(columns="row")
    return long.assign(year=integers(long["year"]), tiv=integers(long["tiv"]), rank=integers(long["rank"]))
