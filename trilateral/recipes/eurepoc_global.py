"""Cyber incidents in the first release of the European Repository of Cyber Incidents (version 1.1), to check the later."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.eurepoc_dashboard import RECEIVERS, STATES
from trilateral.recipes.reading import UpstreamError, csv, integers, require

GLOBAL, RECEIVER = "EuRepoC_Global_Database_1.1.csv", "EuRepoC_Receiver_dataset_1.1.csv"
SPONSORS = {"chn": "CHN", "prk": "PRK", "rus": "RUS", "irn": "IRN"}
QUOTED = r"""'([^']*)'|"([^"]*)\""""


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an incident and country hit."""
    raw = require(csv(files, GLOBAL), ["ID", "start_date", "initiator_country"], GLOBAL)
    if raw["ID"].duplicated().any():
        raise UpstreamError(f"{GLOBAL}, column ID: incident {raw['ID'][raw['ID'].duplicated()].iloc[0]} has two rows, one is "
                            "expected. Adapt the recipe.")
    raw = raw.assign(start_year=integers(raw["start_date"].str[:4], GLOBAL))
    hit = require(csv(files, RECEIVER), ["ID", "receiver_country"], RECEIVER)
    hit = hit[hit["receiver_country"].isin(RECEIVERS)][["ID", "receiver_country"]].drop_duplicates()
    lost = sorted(set(RECEIVERS) - set(hit["receiver_country"])) + sorted(set(hit["ID"]) - set(raw["ID"]))
    if lost:
        raise UpstreamError(f"{RECEIVER}: {lost[0]} not found. A country is spelled in a new way, or the files are of two "
                            "releases.")
    named = _named(raw.set_index("ID")["initiator_country"])
    lost = sorted(set(SPONSORS.values()) - set().union(*named))
    if lost:
        raise UpstreamError(f"{GLOBAL}, column initiator_country: {', '.join(lost)} not found under a known name. Look up how "
                            "the file spells it and adapt STATES of the recipe eurepoc_dashboard.")
    frame = hit.merge(raw.drop(columns="receiver_country", errors="ignore"), on="ID", how="left")
    flags = {column: frame["ID"].map(named.map(lambda states, code=code: int(code in states)))
             for column, code in SPONSORS.items()}
    return {
        "cyber_incidents_first_release": pd.DataFrame({
            "incident_id": integers(frame["ID"]).astype("int64"), "iso3": frame["receiver_country"].map(RECEIVERS),
            "start_year": frame["start_year"], **flags,
            "unknown": frame["ID"].map(named.map(lambda states: int(states <= {"unknown"}))),
        })
    }


def _named(cells: pd.Series) -> pd.Series:
    """States of a cell that is a list in brackets, in which names repeat and one holds an apostrophe, another a comma."""
    names = cells.dropna().str.extractall(QUOTED).fillna("").sum(axis=1)
    empty = sorted(set(cells.dropna().index) - set(names.index.get_level_values(0)))
    if empty:
        raise UpstreamError(f"{GLOBAL}, column initiator_country: {cells[empty[0]]!r} of incident {empty[0]} is no list of "
                            "names in quotation marks. Adapt the recipe.")
    states = names.map(lambda name: STATES.get(name, "other"))
    return states.groupby(level=0).agg(set).reindex(cells.index).map(lambda found: found if isinstance(found, set) else set())
