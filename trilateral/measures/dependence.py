"""How much two economies trade and travel beyond what others of their region and distance would give."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from trilateral.measures import MeasureError

EARTH_RADIUS = 6371.0


def great_circle(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometers between two places given as (latitude, longitude) in degrees, by the haversine formula."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, place)) for place in (a, b))
    chord = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(chord, 1.0)))


def beyond_others(flows: pd.DataFrame, own: str, others: list[str], distances: dict[str, float],
                  elasticity: float = -1.0) -> pd.Series:
    """Logarithm of a flow over the median of others of its kind, each corrected for distance.

    A gravity equation with given elasticity (Head and Mayer 2014, doi:10.1016/B978-0-444-54314-1.00003-3) in place of an
    estimated one: of an economy twice as far, half the flow is expected at an elasticity of minus one.

    Parameters
    ----------
    flows : DataFrame
        One row a year, one column an origin; the flow to one destination relative to the origin's size (a share of its
        exports, visits per inhabitant), positive.
    own : str
        The origin in question.
    others : list of str
        Origins it is compared with; one without a value in a year is left out of that year.
    distances : dict
        Kilometers from each origin to the destination.

    Returns
    -------
    Series
        Log points, index year; years without a value for `own` or for any other are left out.

    Raises
    ------
    MeasureError
        A distance or a column is missing.
    """
    if missing := [name for name in [own, *others] if name not in flows or name not in distances]:
        raise MeasureError(f"beyond_others: no column or no distance for {', '.join(missing)}")
    logs = np.log(flows[[own, *others]].astype(float))
    expected = elasticity * np.log(pd.Series(distances)[[own, *others]])
    adjusted = logs - expected
    return (adjusted[own] - adjusted[others].median(axis=1)).dropna()
