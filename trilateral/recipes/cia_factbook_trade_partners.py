"""Largest trade partners as modeled for the last World Factbook (CIA)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_NAME
from trilateral.recipes.reading import UpstreamError, mapped, take

FILES = {"ch.json": "CHN", "ja.json": "JPN", "kn.json": "PRK", "ks.json": "KOR", "us.json": "USA"}
FLOWS = {"export": "Exports - partners", "import": "Imports - partners"}
SPELLINGS = {"S. Korea": "KOR", "UAE": "ARE", "Togo": "TGO", "Peru": "PER", "Gabon": "GAB", "Senegal": "SEN", "Angola": "AGO"}
ENTRY = re.compile(r"(.+?) (\d{1,3})%")


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country, flow and one of its five largest partners, in whole percent.

    Raises
    ------
    UpstreamError
        An entry is missing or is no list of five partners with percentages in falling order and a year.
    """
    rows = [row for name, iso3 in FILES.items() for flow in FLOWS for row in _partners(files, name, iso3, flow)]
    frame = pd.DataFrame(rows, columns=["iso3", "flow", "year", "rank", "partner", "partner_share"])
    partner = mapped(frame["partner"], ISO3_OF_NAME | SPELLINGS, "the partners of the Factbook")
    return {"modeled_trade_partners": frame.assign(partner=partner)}


def _partners(files: Mapping[str, bytes], name: str, iso3: str, flow: str) -> list[tuple]:
    try:
        text = json.loads(take(files, name).decode("utf-8"))["Economy"][FLOWS[flow]]["text"]
    except (ValueError, KeyError) as error:
        raise UpstreamError(f"{name}: no text under Economy, {FLOWS[flow]} ({error}). Adapt the recipe.") from error
    found = re.fullmatch(r"(.+) \((\d{4})\)", text)
    parts = [ENTRY.fullmatch(part) for part in found[1].split(", ")] if found else []
    shares = [int(part[2]) for part in parts if part]
    if len(shares) != 5 or None in parts or shares != sorted(shares, reverse=True) or sum(shares) > 100:
        raise UpstreamError(f"{name}, {FLOWS[flow]}: {text!r} is no list of five partners with falling percentages and a "
                            "year. Adapt the recipe.")
    return [(iso3, flow, int(found[2]), rank, part[1], int(part[2])) for rank, part in enumerate(parts, start=1)]
