"""Port visits of Chinese fishing and carrier vessels in 2024, and parties to the Port State Measures Agreement."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, require

VISITS = "summarize_vessel_visit_psma_port_v20250506.csv"
PARTIES, OLDER = "psma_ratifier_full.csv", "psma_ratifiers_v20240815.csv"
PORTS = tuple(sorted({*PANEL, "FJI", "FSM", "GHA", "KIR", "LKA", "MHL", "MUS", "PER", "PNG", "SEN", "SLB", "TWN", "VUT",
                      "ZAF"}))
FLAGS = ("CHN",)  # the license is for non-commercial use: only the flag that the book shows
CLASSES = {"fishing": "fishing", "carrier": "carrier", "bunker": None}  # bunker vessels fill the totals and fish nothing
YEAR = 2024


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Visits (one row a port state, flag, vessel class and port status) and parties (one row a state).

    Visits are those that the source calls foreign. Vessels of other flags or of none that is known are left out, and so are
    parties that are not among the port states looked at. Dates of the parties are the entry into force for them; where the
    producer's older list has another date, it stands beside.

    Raises
    ------
    UpstreamError
        Another year, an unknown vessel class or visit type, or a port state that is party in one row and not in another.
    """
    return {"port_visits": _visits(files), "port_state_measures_parties": _parties(files)}


def _visits(files: Mapping[str, bytes]) -> pd.DataFrame:
    columns = ["year", "iso3", "vessel_class", "type", "flag", "is_psma_port", "is_psma_state", "n_visits"]
    raw = require(csv(files, VISITS), columns, VISITS)
    if set(raw["year"]) != {str(YEAR)}:
        raise UpstreamError(f"{VISITS}, column year: {', '.join(sorted(set(raw['year'])))}; {YEAR} is expected.")
    torn = raw.groupby("iso3")["is_psma_state"].nunique()
    if (torn > 1).any():
        raise UpstreamError(f"{VISITS}, column is_psma_state: {torn.idxmax()} is party in one row and not in another.")
    lacking = sorted({"JPN", "KOR", "USA", "CHN"} - set(raw["iso3"]))
    if lacking:
        raise UpstreamError(f"{VISITS}, column iso3: no port of {', '.join(lacking)}. The file is cut: fetch it again.")
    kind = mapped(raw["vessel_class"], CLASSES, VISITS)
    foreign = mapped(raw["type"], {"foreign": True, "domestic": False}, VISITS)
    raw = raw.assign(vessel_class=kind)[kind.notna() & foreign & raw["iso3"].isin(PORTS) & raw["flag"].isin(FLAGS)]
    frame = pd.DataFrame({
        "port_state": raw["iso3"],
        "flag": raw["flag"],
        "vessel_class": raw["vessel_class"],
        "designated_port": integers(raw["is_psma_port"]),
        "party": integers(raw["is_psma_state"]),
        "visits": integers(raw["n_visits"]),
    })
    key = ["port_state", "flag", "vessel_class", "designated_port", "party"]
    return frame.groupby(key, as_index=False)["visits"].sum()


def _parties(files: Mapping[str, bytes]) -> pd.DataFrame:
    new = require(csv(files, PARTIES), ["iso3", "Entry_into_force_date"], PARTIES, closed=True)
    new = new[new["iso3"].isin(PORTS)]
    old = require(csv(files, OLDER), ["iso3", "name", "Entry_into_force_date", "year"], OLDER)
    if new["iso3"].duplicated().any():
        raise UpstreamError(f"{PARTIES}: {new.loc[new['iso3'].duplicated(), 'iso3'].iloc[0]} is listed twice.")
    lacking = sorted({"JPN", "KOR", "USA", "CHN"} - set(new["iso3"]))
    if lacking:
        raise UpstreamError(f"{PARTIES}: {', '.join(lacking)} is missing. The file is cut: fetch it again.")
    frame = pd.DataFrame({"iso3": new["iso3"], "in_force": new["Entry_into_force_date"].map(_american)})
    earlier = old.set_index("iso3")["Entry_into_force_date"].map(_american)
    other = frame["iso3"].map(earlier)
    return frame.assign(in_force_older_list=other.where(other != frame["in_force"], None))


def _american(text: str) -> datetime.date:
    """A date written month/day/two-digit year; the agreement is of 2009."""
    try:
        return datetime.datetime.strptime(text, "%m/%d/%y").date()
    except ValueError:
        raise UpstreamError(f"{PARTIES}, column Entry_into_force_date: {text!r} is no date month/day/year.") from None
