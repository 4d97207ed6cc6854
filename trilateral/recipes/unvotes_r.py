"""Roll calls of the UN General Assembly with issue codes (Voeten; R package unvotes)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_ISO2
from trilateral.recipes.reading import integers, mapped, rda, require

VOTES, CALLS, ISSUES = "un_votes.rda", "un_roll_calls.rda", "un_roll_call_issues.rda"
ISSUE = {
    "di": "arms_control",
    "me": "middle_east",
    "hr": "human_rights",
    "co": "colonialism",
    "nu": "nuclear",
    "ec": "economic_development",
}
FIRST = "1991-01-01"  # both Koreas join in September 1991


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a roll call with its issues, and one row a country and roll call with its vote."""
    calls = require(rda(files, CALLS), ["rcid", "session", "date", "unres"], CALLS)
    issues = require(rda(files, ISSUES), ["rcid", "short_name"], ISSUES)
    votes = require(rda(files, VOTES), ["rcid", "country_code", "vote"], VOTES)

    calls = calls.assign(date=pd.to_datetime(calls["date"]))
    calls = calls[calls["date"] >= FIRST]
    flags = mapped(issues["short_name"], ISSUE, ISSUES).groupby(issues["rcid"]).agg(set)
    roll_calls = pd.DataFrame(
        {
            "roll_call": integers(calls["rcid"]),
            "session": integers(calls["session"]),
            "year": integers(calls["session"]) + 1945,
            "date": calls["date"].dt.strftime("%Y-%m-%d"),
            "resolution": calls["unres"].where(calls["unres"].astype(str).str.len() > 0),
            **{name: [int(name in flags.get(rcid, ())) for rcid in calls["rcid"]] for name in ISSUE.values()},
        }
    )

    votes = votes[votes["country_code"].isin(ISO3_OF_ISO2) & votes["rcid"].isin(calls["rcid"])]
    un_votes = pd.DataFrame(
        {
            "roll_call": integers(votes["rcid"]),
            "iso3": votes["country_code"].map(ISO3_OF_ISO2),
            "vote": votes["vote"].astype(str),
        }
    )
    return {"un_roll_calls": roll_calls, "un_votes": un_votes}
