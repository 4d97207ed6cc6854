"""Most threatening and closest country in the Unification Attitudes Survey of Seoul National University."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, take

FILE = "unification-opinion.json"
ITEM = {"Fp02": "most-threatening", "Fp01": "closest"}
TARGET = {"미국": "USA", "일본": "JPN", "북한": "PRK", "중국": "CHN", "러시아": "RUS"}
SOUTH_KOREANS = 1  # menus 2 and 3 are surveys of North Korean defectors
MISPRINTED = ("most-threatening", 2017, "USA")  # 0.5 is printed, and the year sums to 4.4 points under 100


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row an item, year and country named."""
    series = [
        s for s in _series(take(files, FILE)) if s["key"] in ITEM and s["group"]["menu"] == SOUTH_KOREANS
    ]
    if sorted(s["key"] for s in series) != sorted(ITEM):
        raise UpstreamError(
            f"{FILE}: series {', '.join(ITEM)} of menu {SOUTH_KOREANS} expected once each, found "
            f"{', '.join(s['key'] for s in series) or 'none'}. Adapt the recipe."
        )
    rows = []
    for one in series:
        for row in one["rows"]:
            if row["label"] not in TARGET or len(row["values"]) != len(one["years"]):
                raise UpstreamError(
                    f"{FILE}, series {one['key']}: row {row['label']!r} is unknown or does not have "
                    f"{len(one['years'])} values. Adapt the recipe."
                )
            rows += [
                (ITEM[one["key"]], year, TARGET[row["label"]], float(value))
                for year, value in zip(one["years"], row["values"], strict=True)
            ]
    frame = pd.DataFrame(rows, columns=["item", "year", "target", "percent"])
    keys = zip(frame["item"], frame["year"], frame["target"], strict=True)
    return {"ipus_attitudes": frame.assign(usable=[int(key != MISPRINTED) for key in keys])}


def _series(raw: bytes) -> list[dict]:
    try:
        return json.loads(raw)["series"]
    except (ValueError, KeyError) as error:
        raise UpstreamError(f"{FILE}: not JSON with an entry 'series': {error}") from error
