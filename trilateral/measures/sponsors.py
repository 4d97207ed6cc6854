"""Who is behind the incidents against a country: margins between sponsors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED

NO_SPONSOR = ("other", "unknown")  # several countries, or none that is named


def margins(counts: np.ndarray, total: np.ndarray, sponsor: int) -> np.ndarray:
    """Share of a sponsor in incidents less that of the second-largest other sponsor, percentage points.

    Parameters
    ----------
    counts : array
        Last axis sponsors, incidents against one country; an incident with several sponsors counts for each.
    total : array
        Incidents against that country; the shape of `counts` without its last axis.
    sponsor : int
        Its place on the last axis. Above zero it is among the two largest.
    """
    others = np.sort(np.delete(counts, sponsor, axis=-1), axis=-1)[..., -2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100 * (counts[..., sponsor] - others) / total


def exposure(pairs: pd.DataFrame, countries: Sequence[str], sponsors: Sequence[str], *, one_for_all: bool = True,
             draws: int = 2000, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Smallest margin over the countries, for the sponsor for which it is largest.

    Parameters
    ----------
    pairs : DataFrame
        One row an incident, target and sponsor: `incident_id`, `iso3`, `initiator`.
    countries : sequence of str
        The targets.
    sponsors : sequence of str
        Sponsors of interest.
    one_for_all : bool
        The same sponsor in every country; otherwise the better of them in each.

    Returns
    -------
    Quantity
        Percentage points; the interval resamples incidents with all their targets and sponsors; `n` is the number of
        incidents of the country that has fewest.
    """
    kept = pairs[pairs["iso3"].isin(countries)].drop_duplicates(["incident_id", "iso3", "initiator"])
    fewest = min(kept.loc[kept["iso3"] == iso3, "incident_id"].nunique() for iso3 in countries)
    if fewest < 2:
        return Quantity(None, n=fewest, missing="fewer than two attributed incidents against one of the countries")
    incidents, row = np.unique(kept["incident_id"], return_inverse=True)
    names = sorted((set(kept["initiator"]) - set(NO_SPONSOR)) | set(sponsors) | {"nobody", "no one"})
    target = kept["iso3"].map(list(countries).index).to_numpy()
    hit = np.zeros((len(incidents), len(countries)))
    hit[row, target] = 1
    cube = np.zeros((len(incidents), len(countries), len(names)))
    named = ~kept["initiator"].isin(NO_SPONSOR).to_numpy()
    cube[row[named], target[named], kept.loc[named, "initiator"].map(names.index)] = 1
    places = [names.index(sponsor) for sponsor in sponsors]

    def smallest(weights: np.ndarray) -> np.ndarray:
        counts, total = np.tensordot(weights, cube, axes=1), weights @ hit
        each = np.stack([margins(counts, total, place) for place in places])
        return each.min(axis=-1).max(axis=0) if one_for_all else each.max(axis=0).min(axis=-1)

    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(incidents), np.full(len(incidents), 1 / len(incidents)), size=draws)
    drawn = smallest(weights)
    value = float(smallest(np.ones(len(incidents))))
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Quantity(value, min(low, value), max(high, value), level=level, n=fewest)


def shares(pairs: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Incidents by target and sponsor, sponsors not named summed as others.

    Returns
    -------
    DataFrame
        One row a target and sponsor, columns `iso3`, `sponsor`, `incidents`, `total` (attributions to that target).
    """
    frame = pairs.drop_duplicates(["incident_id", "iso3", "initiator"]).assign(
        sponsor=lambda f: f["initiator"].map(names).fillna("others"))
    counted = frame.groupby(["iso3", "sponsor"]).size().rename("incidents").reset_index()
    return counted.assign(total=counted.groupby("iso3")["incidents"].transform("sum"))
