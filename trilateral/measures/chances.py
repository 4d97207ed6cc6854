"""How many of several independent things happen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def how_many(chances: Iterable[float]) -> pd.Series:
    """Distribution of the number of things that happen, each by its own chance and independent of the others.

    The Poisson binomial distribution, exact, by adding one thing after another (Hong 2013, doi:10.1016/j.csda.2012.10.006).

    Parameters
    ----------
    chances : iterable of float
        From 0 to 1, one a thing.

    Returns
    -------
    Series
        Chance of each number, index 0 to the number of things; the chances add up to one.
    """
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return pd.Series(found, name="chance")
