"""Opinions of countries in the Pew Global Attitudes Survey (weighted shares)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import PANEL
from trilateral.recipes.reading import UpstreamError, csv, integers, numbers, require

FILE = "pew_gas_country_opinions_2002_2023.csv"
TARGETS = ("CHN", "JPN", "RUS", "USA")
SHARES = {"favourable": "favorable", "unfavourable": "unfavorable", "refused": "refused"}
SUMS = {share: [f"very_{share}", f"somewhat_{share}"] for share in ("favourable", "unfavourable")}
WHOLE = ["favourable", "unfavourable", "dont_know", "refused"]  # the base of every share
CORRUPT = ("2013", "CHN")  # another variable stands in the column: 73 percent of Japanese favorable


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a responding country, country judged and survey year.

    Raises
    ------
    UpstreamError
        Opinions of China in 2013 are not marked as suspect, the shares of a row do not add up to the whole, or a share is not
        the sum of its two parts.
    """
    parts = [*(part for sides in SUMS.values() for part in sides), "dont_know"]
    raw = require(csv(files, FILE), ["wave", "iso3", "target", "n", *SHARES, *parts, "suspect"], FILE)
    raw = raw[raw["iso3"].isin(PANEL) & raw["target"].isin(TARGETS)]
    shares = raw[[*SHARES, *parts]].apply(numbers, name=FILE)
    suspect = integers(raw["suspect"], FILE)
    corrupt = (raw["wave"] == CORRUPT[0]) & (raw["target"] == CORRUPT[1]) & (suspect != 1)
    if corrupt.any():
        raise UpstreamError(f"{FILE}, row {corrupt.idxmax() + 2}, column suspect: {_poll(raw, corrupt)} is not marked. If the "
                            "column of that wave has been repaired, take CORRUPT out of the recipe and the caveat out of the "
                            "sidecar.")
    total = shares[WHOLE].sum(axis=1)
    off = (total - 100).abs() > 0.1
    if off.any():
        raise UpstreamError(f"{FILE}, row {off.idxmax() + 2}, {_poll(raw, off)}: shares add up to {total[off].iloc[0]:.1f}, "
                            "not to 100. The base of the shares has changed: look how they were computed.")
    for share, sides in SUMS.items():
        off = (shares[sides].sum(axis=1) - shares[share]).abs() > 0.1
        if off.any():
            raise UpstreamError(f"{FILE}, row {off.idxmax() + 2}, {_poll(raw, off)}: {' and '.join(sides)} are not {share}. "
                                "Columns were swapped, or their meaning has changed.")
    return {
        "pew_opinions": pd.DataFrame(
            {
                "respondents": raw["iso3"],
                "target": raw["target"],
                "year": integers(raw["wave"], FILE),
                "n": integers(raw["n"], FILE),
                **{ours: shares[theirs] for theirs, ours in SHARES.items()},
                "suspect": suspect,
            }
        )
    }


def _poll(raw: pd.DataFrame, which: pd.Series) -> str:
    row = raw[which].iloc[0]
    return f"{row['iso3']} on {row['target']} in {row['wave']}"
