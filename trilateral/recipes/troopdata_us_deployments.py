"""US military personnel by host country and year (troopdata, from reports of the Defense Manpower Data Center)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, coded, csv, integers, require

FILE = "troopdata-rebuild-country-year.csv"
HOSTS = ("AUS", "BEL", "BHR", "DEU", "ESP", "GBR", "GUM", "ITA", "JPN", "KOR", "KWT", "NLD", "PHL", "QAT", "SGP", "THA",
         "TUR", "TWN")
ALSO = {"Bahrain": "BHR", "Guam": "GUM", "Kuwait": "KWT", "Qatar": "QAT"}
SERVICES = {"army_ad": "army", "navy_ad": "navy", "air_force_ad": "air_force", "marine_corps_ad": "marine_corps"}
OTHERS = {"total_civilian": "civilians"}
DOUBLED_YEAR = 2008  # several reports of the year are added up, in all hosts
DOUBLED = (("JPN", 2008), ("KOR", 2008), ("DEU", 2008), ("GBR", 2008), ("ITA", 2008), ("JPN", 2015))
SURPLUS = 1.25  # a doubled total is at least this many times the mean of the years beside it
UNREPORTED = (("KWT", 2003), ("KWT", 2004), ("KWT", 2005))  # 0 during the war in Iraq, 44,400 the year after
NEW_REPORTS = 2008  # first year of the reports that include reservists and sailors afloat in the total
LAST = 2024


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a host and year; personnel at the largest count of the year.

    Totals and services of 2008 and the total of Japan in 2015 are left empty (`double_counted` 1): the source adds several
    reports of the year. Services are empty where the source has none (2003, 2004), the navy from 2009 on, when the source
    counts sailors in the total but not in their column, reservists and civilians before 2008. The zeros of Kuwait from 2003
    to 2005 are missing reports, and empty.

    Raises
    ------
    UpstreamError
        A host is missing, its last year is not 2024, a total that is left empty as doubled no longer looks doubled, or a
        year taken for unreported has a total.
    """
    raw = require(csv(files, FILE), ["countryname", "year", "troops_ad", *SERVICES, *OTHERS], FILE)
    frame = pd.DataFrame({
        "iso3": coded(raw["countryname"], HOSTS, FILE, ALSO),
        "year": integers(raw["year"]),
        "troops": integers(raw["troops_ad"]),
        **{ours: integers(raw[theirs]) for theirs, ours in (SERVICES | OTHERS).items()},
    }).dropna(subset=["iso3"]).reset_index(drop=True)
    for iso3, years in frame.groupby("iso3")["year"]:
        if years.max() != LAST or years.duplicated().any():
            raise UpstreamError(f"{FILE}, {iso3}: the last year is {years.max()}, not {LAST}, or a year is there twice. "
                                "Fetch the file again, or move the last year in the recipe.")
    total = frame.set_index(["iso3", "year"])["troops"]
    for iso3, year in DOUBLED:
        beside = (total[iso3, year - 1] + total[iso3, year + 1]) / 2
        if total[iso3, year] < SURPLUS * beside:
            raise UpstreamError(
                f"{FILE}, {iso3} {year}: troops_ad {total[iso3, year]} no longer stands out from the years beside it "
                f"({beside:.0f}). The source has been corrected: take the year out of DOUBLED in the recipe."
            )
    for iso3, year in UNREPORTED:
        if total.get((iso3, year), 0) != 0:
            raise UpstreamError(f"{FILE}, {iso3} {year}: troops_ad is {total[iso3, year]}, no longer 0. The source has filled "
                                "the gap: take the year out of UNREPORTED in the recipe.")
    services = list(SERVICES.values())
    frame.loc[frame[services].eq(0).all(axis=1), services] = pd.NA
    frame[services] = frame[services].mask(frame[services] < 0)
    frame.loc[frame["year"] > NEW_REPORTS, "navy"] = pd.NA
    frame.loc[frame["year"] < NEW_REPORTS, list(OTHERS.values())] = pd.NA
    doubled = frame["year"].eq(DOUBLED_YEAR)
    frame.loc[doubled, ["troops", *services, *OTHERS.values()]] = pd.NA
    japan = frame["iso3"].eq("JPN") & frame["year"].eq(2015)
    frame.loc[japan, "troops"] = pd.NA
    frame.loc[pd.MultiIndex.from_frame(frame[["iso3", "year"]]).isin(UNREPORTED), "troops"] = pd.NA
    return {"us_troops_abroad": frame.assign(
        double_counted=(doubled | japan).astype(int),
        series=frame["year"].lt(NEW_REPORTS).map({True: "to-2007", False: "from-2008"}),
    )}
