"""Cyber incidents against the three partners and others (European Repository of Cyber Incidents, extract of December 2023)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

INITIATORS, NETWORK, RESPONSES = (f"dashboard_{part}_data.csv" for part in ("initiators", "network", "responses"))
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
TYPES = {
    "Data theft": ["data_theft"], "Data theft & Doxing": ["data_theft", "doxing"], "Disruption": ["disruption"],
    "Hijacking with Misuse": ["hijacking"], "Hijacking without Misuse": ["hijacking"], "Ransomware": ["ransomware"],
    "Not available": [],
}
FLAGS = ["data_theft", "doxing", "disruption", "hijacking", "ransomware"]


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Three tables: one row an incident, one an incident and country hit, one an incident and country of the initiator."""
    raw = require(csv(files, INITIATORS), ["ID", "start_date", "receiver_country", "incident_type", "initiator_country",
                                           "initiator_category"], INITIATORS)
    for column, names in (("receiver_country", RECEIVERS), ("initiator_country", STATES)):
        lost = sorted(set(names) - set(raw[column]))
        if lost:
            raise UpstreamError(f"{INITIATORS}, column {column}: no incident with {', '.join(lost)}. Look up how the file "
                                "spells it and adapt the names of the recipe.")
    hit = raw[raw["receiver_country"].isin(RECEIVERS)]
    receivers = pd.DataFrame({"incident_id": _ids(hit), "iso3": hit["receiver_country"].map(RECEIVERS)}).drop_duplicates()
    rows = raw[raw["ID"].isin(hit["ID"])]
    return {
        "cyber_incidents": _incidents(files, rows),
        "cyber_incident_receivers": receivers,
        "cyber_incident_initiators": _initiators(rows),
    }


def _ids(rows: pd.DataFrame, name: str = INITIATORS) -> pd.Series:
    return integers(rows["ID"], name).astype("int64")


def _incidents(files: Mapping[str, bytes], rows: pd.DataFrame) -> pd.DataFrame:
    """The source has a row for every combination of receiver, type and initiator of an incident: here one row."""
    types = pd.DataFrame({"incident_id": _ids(rows), "type": mapped(rows["incident_type"], TYPES, INITIATORS)})
    kinds = types.dropna().explode("type").dropna()
    made = pd.crosstab(kinds["incident_id"], kinds["type"]).clip(upper=1).reindex(columns=FLAGS, fill_value=0)
    frame = made.reindex(sorted(types["incident_id"].unique()))
    begun = rows.assign(incident_id=_ids(rows), start_year=integers(rows["start_date"].str[:4], INITIATORS))
    first = begun.drop_duplicates("incident_id").set_index("incident_id")
    frame["start_month"] = first["start_date"].str[:7]
    frame["start_year"] = first["start_year"]
    frame["intensity"] = _constant(files, NETWORK, "weighted_cyber_intensity").reindex(frame.index)
    for column in ("political_response", "legal_response"):
        frame[column] = _constant(files, RESPONSES, column).reindex(frame.index).astype("Int64")
    return frame.astype({flag: "Int64" for flag in FLAGS}).rename_axis("incident_id").reset_index()


def _constant(files: Mapping[str, bytes], name: str, column: str) -> pd.Series:
    """A property of the incident that the file repeats on each of its rows."""
    raw = require(csv(files, name), ["ID", column], name)
    values = pd.DataFrame({"incident_id": _ids(raw, name), "value": numbers(raw[column], name=name)}).drop_duplicates()
    twice = values["incident_id"][values["incident_id"].duplicated()]
    if len(twice):
        raise UpstreamError(f"{name}, column {column}: incident {twice.iloc[0]} has several values. It is no longer a property "
                            "of the incident: adapt the recipe.")
    return values.set_index("incident_id")["value"]


def _initiators(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows["initiator_country"].fillna("Not available")
    category = mapped(rows["initiator_category"].fillna("Not available"), CATEGORY, INITIATORS)
    frame = pd.DataFrame({
        "incident_id": _ids(rows), "initiator": named.map(STATES).fillna("other"),
        "rank": category.map(ORDER.index),
    })
    best = frame.groupby(["incident_id", "initiator"], as_index=False)["rank"].min()
    known = set(best.loc[best["initiator"] != "unknown", "incident_id"])
    best = best[(best["initiator"] != "unknown") | ~best["incident_id"].isin(known)]
    return best.assign(category=best["rank"].map(lambda place: ORDER[place])).drop(columns="rank")
