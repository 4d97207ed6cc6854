"""Cyber incidents against the three partners and others (European Repository of Cyber Incidents, extract of December 2023)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

FILE = "dashboard_initiators_data.csv"
RECEIVERS = {
    "Australia": "AUS", "Canada": "CAN", "Germany": "DEU", "France": "FRA", "United Kingdom": "GBR", "Japan": "JPN",
    "Korea, Republic of": "KOR", "Taiwan": "TWN", "United States": "USA",
}
STATES = {
    "China": "CHN", "Korea, Democratic People's Republic of": "PRK", "Russia": "RUS", "Iran, Islamic Republic of": "IRN",
    "United States": "USA", "Japan": "JPN", "Korea, Republic of": "KOR", "Not available": "unknown", "Unknown": "unknown",
}
CATEGORY = {  # from the firmest link to a state to none known: the strongest of an incident's initiator counts
    "State": "state", "Non-state actor, state-affiliation suggested": "state_affiliated", "Non-state-group": "non_state_group",
    "Individual hacker(s)": "individual", "Unknown - not attributed": "unknown", "Not available": "unknown",
}
ORDER = list(dict.fromkeys(CATEGORY.values()))


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Two tables: one row an incident and country hit, and one an incident and country of the initiator.

    The source has a row for every combination of receiver, type and initiator of an incident.
    """
    raw = require(csv(files, FILE), ["ID", "start_date", "receiver_country", "initiator_country", "initiator_category"], FILE)
    for column, names in (("receiver_country", RECEIVERS), ("initiator_country", STATES)):
        lost = sorted(set(names) - set(raw[column]))
        if lost:
            raise UpstreamError(f"{FILE}, column {column}: no incident with {', '.join(lost)}. Look up how the file "
                                "spells it and adapt the names of the recipe.")
    hit = raw[raw["receiver_country"].isin(RECEIVERS)]
    receivers = pd.DataFrame({"incident_id": _ids(hit), "iso3": hit["receiver_country"].map(RECEIVERS),
                              "start_year": integers(hit["start_date"].str[:4], FILE)})
    receivers = receivers.drop_duplicates()
    twice = receivers["incident_id"][receivers.duplicated(["incident_id", "iso3"])]
    if len(twice):
        raise UpstreamError(f"{FILE}, column start_date: incident {twice.iloc[0]} begins in several years. It is no longer a "
                            "property of the incident: adapt the recipe.")
    return {
        "cyber_incident_receivers": receivers,
        "cyber_incident_initiators": _initiators(raw[raw["ID"].isin(hit["ID"])]),
    }


def _ids(rows: pd.DataFrame) -> pd.Series:
    return integers(rows["ID"], FILE).astype("int64")


def _initiators(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows["initiator_country"].fillna("Not available")
    category = mapped(rows["initiator_category"].fillna("Not available"), CATEGORY, FILE)
    frame = pd.DataFrame({
        "incident_id": _ids(rows), "initiator": named.map(STATES).fillna("other"),
        "rank": category.map(ORDER.index),
    })
    best = frame.groupby(["incident_id", "initiator"], as_index=False)["rank"].min()
    known = set(best.loc[best["initiator"] != "unknown", "incident_id"])
    best = best[(best["initiator"] != "unknown") | ~best["incident_id"].isin(known)]
    return best.assign(category=best["rank"].map(lambda place: ORDER[place])).drop(columns="rank")
