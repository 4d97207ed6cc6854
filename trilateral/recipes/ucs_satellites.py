"""Satellites in use on 1 May 2023 by country of the operator (Union of Concerned Scientists, last list)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, coded, csv, mapped, require

FILE = "ucs-satellite-database-2023-05-01.csv"
NAME, COUNTRY = "Current Official Name of Satellite", "Country of Operator/Owner"
COLUMNS = [NAME, COUNTRY, "Users", "Purpose", "Detailed Purpose", "COSPAR Number"]
COUNTRIES = ("AUS", "CAN", "CHN", "DEU", "FRA", "GBR", "IND", "ISR", "ITA", "JPN", "KOR", "RUS", "TWN", "USA")
USERS = ("Military", "Government", "Commercial", "Civil")  # of several users the first of this list counts
PURPOSE = {
    "Communications": "communications", "Earth Observation": "earth-observation", "Earth Science": "science",
    "Technology Development": "technology", "Technology Demonstration": "technology", "Space Science": "science",
    "Navigation": "navigation", "Satellite Positioning": "navigation", "Space Observation": "science",
    "Surveillance": "earth-observation", "Meteorological": "weather", "Unknown": "other", "Educational": "technology",
    "Mission Extension Technology": "other", "Platform": "other", "Earth": "earth-observation",
}
SENSOR = (  # in the detailed purpose, first hit counts
    ("radar-imaging", r"Radar Imaging|Synthetic Aperture|Radar Surveillance"),
    ("signals-intelligence", r"Electronic Intelligence|Signals Intelligence|Radio (?:Spectrum|Frequency) Monitoring"),
    ("early-warning", r"Early Warning"),
    ("imaging", r"Imaging|Optical"),
    ("weather", r"^Met(?:eo)?r"),
)


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, kind of user and function; `joint` marks satellites that several countries operate.

    A satellite of several countries is counted for each of them, with `joint` 1; without them no satellite is counted twice.
    The file repeats the rows of seven satellites in every cell; each is counted once.

    Raises
    ------
    UpstreamError
        A purpose or kind of user is unknown, or a wanted country operates nothing.
    """
    raw = require(csv(files, FILE), COLUMNS, FILE)
    raw = raw[raw[NAME].notna() & ~raw.duplicated()][COLUMNS].apply(lambda column: column.str.strip())
    if raw.empty:
        raise UpstreamError(f"{FILE}: holds no satellite. The file is cut: fetch it again.")
    purpose = mapped(raw["Purpose"].str.split("/").str[0].rename("Purpose"), PURPOSE, FILE)
    detail = raw["Detailed Purpose"].fillna("")
    for function, words in reversed(SENSOR):
        purpose = purpose.mask(purpose.isin(["earth-observation", *dict(SENSOR)]) & detail.str.contains(words), function)
    users = raw["Users"].str.split("/")
    strange = sorted({user for group in users for user in group} - set(USERS))
    if strange:
        raise UpstreamError(f"{FILE}, column Users: unknown user {', '.join(strange)} (known: {', '.join(USERS)}).")
    frame = pd.DataFrame({
        "country": raw[COUNTRY].str.split("/"),
        "joint": raw[COUNTRY].str.contains("/").astype(int),
        "users": users.map(lambda group: min(group, key=USERS.index).lower()),
        "function": purpose,
    }).explode("country")
    frame["iso3"] = coded(frame["country"].str.strip().rename(COUNTRY), COUNTRIES, FILE)
    counts = frame.groupby(["iso3", "users", "function", "joint"]).size().rename("satellites").reset_index()
    return {"satellite_census_2023": counts.astype({"satellites": "Int64"})}
