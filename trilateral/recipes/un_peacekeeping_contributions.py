"""Personnel in United Nations missions by contributing country (yearly averages, second hand)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import UpstreamError, coded, csv, integers, mapped, numbers, require

FILE = "CountryByYear.csv"
ALSO = {"United Kingdom of Great Britain and Northern Ireland": "GBR", "Türkiye": "TUR"}
DEFECTIVE = (2017, 2021)  # about half and a tenth of the years beside them
PARTIAL = (2010,)  # one month or so
FALL = 0.6  # a defective year has at most this share of the mean of the years beside it
REGION = {
    **dict.fromkeys(("UNMISS", "MONUSCO", "MINURSO", "MINUSCA", "MINUSMA", "UNAMID", "UNISFA", "UNOWAS", "UNSOM", "UNSOS",
                     "UNSMIL", "UNIOGBIS", "UNMIL", "UNOCI", "BNUB", "UNMIS", "BINUB", "MINURCAT", "MONUC"), "africa"),
    **dict.fromkeys(("UNTSO", "UNIFIL", "UNDOF", "UNMHA", "UNAMI", "UNSMIS"), "middle-east"),
    **dict.fromkeys(("UNVMC", "UNMC", "BINUH", "MINUJUSTH", "MINUSTAH"), "americas"),
    **dict.fromkeys(("UNMOGIP", "UNAMA", "UNMIT", "UNMIN"), "asia"),
    **dict.fromkeys(("UNFICYP", "UNMIK"), "europe"),
}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, mission and year with personnel in it; `personnel` is the average over the months of the year.

    The years 2017 and 2021, which the file cuts short, and 2010, of which it has a month, are left out.

    Raises
    ------
    UpstreamError
        A mission is unknown, the parts do not add up, a wanted country is missing, or a year left out as cut short is whole.
    """
    raw = require(csv(files, FILE), ["Year", "Country", "Mission", "Female", "Male", "Total"], FILE)
    raw = raw.assign(**{column: numbers(raw[column]) for column in ("Female", "Male", "Total")}, Year=integers(raw["Year"]))
    off = (raw["Female"] + raw["Male"] - raw["Total"]).abs() > 1
    if off.any():
        row = raw[off].iloc[0]
        raise UpstreamError(f"{FILE}, {row['Country']} {row['Mission']} {row['Year']}: women {row['Female']} and men "
                            f"{row['Male']} do not add up to {row['Total']}.")
    world = raw.groupby("Year")["Total"].sum()
    for year in DEFECTIVE:
        beside = world[world.index.isin([year - 1, year + 1])].mean()
        if world[year] > FALL * beside:
            raise UpstreamError(f"{FILE}, {year}: {world[year]:.0f} people no longer fall short of the years beside it "
                                f"({beside:.0f}). Take the year in.")
    frame = pd.DataFrame({
        "iso3": coded(raw["Country"], set(PANEL) - {"PRK", "ISR"}, FILE, ALSO),
        "mission": raw["Mission"],
        "region": mapped(raw["Mission"], REGION, FILE),
        "year": raw["Year"],
        "personnel": integers(raw["Total"].round()),
    })
    frame = frame[frame["iso3"].notna() & (frame["personnel"] > 0) & ~frame["year"].isin([*DEFECTIVE, *PARTIAL])]
    return {"peacekeepers": frame}
