"""Who lacks what against comparable countries, and which partner could make it good."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError

MEMBERS = ("USA", "JPN", "KOR")


def functions(holdings: pd.DataFrame, peers: Sequence[str], share: float = 0.5, spread: float = 0.5) -> pd.DataFrame:
    """Ratio of what a country holds to what its peers would ask of it, and the thresholds of shortfall and surplus.

    Parameters
    ----------
    holdings : DataFrame
        One row a function and country: `function`, `kind` ("count" or "score"), `field`, `iso3`, `value`. A count
        without a row is none; a score without a row is missing.
    peers : sequence of str
        Countries whose median sets the requirement.
    share : float
        Requirement of a count, as a share of the median of the peers; never below one.
    spread : float
        Scores: short below the median less this many standard deviations of the peers, strong above the median plus
        them.

    Returns
    -------
    DataFrame
        One row a function and member, with `value`, `need` (what it must reach), `enough` (what a provider must reach
        itself before it can help; scores only differ), `lacks` and `spare` in units of the function.
    """
    rows = []
    for (field, function, kind), part in holdings.groupby(["field", "function", "kind"], sort=False):
        values = part.set_index("iso3")["value"]
        if not values.index.is_unique:
            raise MeasureError(f"function {function}: more than one value a country")
        values = values.reindex([*MEMBERS, *peers])
        values = values.fillna(0.0) if kind == "count" else values
        middle, deviation = values[list(peers)].median(), values[list(peers)].std()
        need, enough = ((max(1.0, share * middle),) * 2 if kind == "count"
                        else (middle - spread * deviation, middle + spread * deviation))
        for iso3 in MEMBERS:
            value = values[iso3]
            if np.isnan(value):
                raise TooFewError(f"function {function}: no value of {iso3}; leave the function out for all three")
            rows.append({"field": field, "function": function, "kind": kind, "iso3": iso3, "value": value, "need": need,
                         "enough": enough, "lacks": max(0.0, need - value), "spare": value - enough,
                         "middle": middle, "deviation": deviation})
    return pd.DataFrame(rows)


def covered(frame: pd.DataFrame, part: float = 1.0, american: bool = False) -> pd.DataFrame:
    """The shortfalls and whether a partner's surplus covers them.

    Parameters
    ----------
    frame : DataFrame
        As `functions` returns it.
    part : float
        Part of a shortfall in a count that must be covered.
    american : bool
        Count the United States as a provider for its two allies.

    Returns
    -------
    DataFrame
        One row a shortfall: `field`, `function`, `iso3`, `filled`, `by_usa`.
    """
    rows = []
    for name, same in frame.groupby("function", sort=False):
        state = same.set_index("iso3")
        for iso3 in state.index[state["lacks"] > 0]:
            def helps(partner, iso3=iso3, state=state):
                spare, lacks = state.at[partner, "spare"], state.at[iso3, "lacks"]
                return bool(spare > 0 if state.at[iso3, "kind"] == "score" else spare >= part * lacks - 1e-9)
            partners = [partner for partner in MEMBERS if partner not in (iso3, "USA")]
            by_usa = iso3 != "USA" and helps("USA")
            rows.append({"field": state.at[iso3, "field"], "function": name,
                         "iso3": iso3, "filled": any(map(helps, partners)) or (american and by_usa), "by_usa": by_usa})
    return pd.DataFrame(rows, columns=["field", "function", "iso3", "filled", "by_usa"])


def filled(frame: pd.DataFrame, part: float = 1.0, american: bool = False, weight: str = "function", draws: int = 2000,
           seed: int = SEED, level: float = 0.95) -> Quantity:
    """Percent of shortfalls that a partner covers, with functions resampled.

    Parameters
    ----------
    weight : str
        ``function`` gives each shortfall the same weight, ``field`` each field.

    Returns
    -------
    Quantity
        `n` counts shortfalls; without a value where there is none.
    """
    gaps = covered(frame, part, american)
    if gaps.empty:
        return Quantity(None, missing="no member falls short in any function")

    names, fields = frame["function"].unique(), gaps["field"].unique().astype(object)
    by_name = gaps.groupby("function")["filled"].agg(["sum", "size"]).reindex(names, fill_value=0)
    # Rows: functions; columns: fields, or one for all, so that every field or every shortfall weighs the same.
    home = frame.drop_duplicates("function").set_index("function")["field"].reindex(names).to_numpy(dtype=object)
    sorting = (home[:, None] == fields).astype(float) if weight == "field" else np.ones((len(names), 1))

    def shares(times: np.ndarray) -> np.ndarray:
        covered_, short = (times @ (by_name[[column]].to_numpy() * sorting) for column in ("sum", "size"))
        each = np.divide(covered_, short, out=np.full(short.shape, np.nan), where=short > 0)
        return 100 * np.nanmean(each[short.any(axis=1)], axis=1)

    drawn = shares(np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws))
    value = float(shares(np.ones((1, len(names))))[0])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Quantity(value, min(low, value), max(high, value), level=level, n=len(gaps))


def dealt(frame: pd.DataFrame, part: float = 1.0, draws: int = 5000, seed: int = SEED) -> np.ndarray:
    """Percent of shortfalls covered when each member's strengths are dealt at random over the functions of one kind.

    Counts are moved as ratios to the requirement, scores as standard deviations from the median of the peers, so that
    every member keeps the same set of strengths and weaknesses. Draws in which nobody is short are left out.
    """
    rng = np.random.default_rng(seed)
    wide = {name: frame.pivot(index="function", columns="iso3", values=name)[list(MEMBERS)].to_numpy()
            for name in ("value", "need", "enough", "middle", "deviation")}
    kind = frame.groupby("function")["kind"].first().to_numpy()  # in the order of the pivots, by name
    count = (kind == "count")[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):  # the deviation of a count may be zero, and is not used
        strength = np.where(count, wide["value"] / wide["need"], (wide["value"] - wide["middle"]) / wide["deviation"])
    moved = np.repeat(strength[None], draws, axis=0)
    for each in np.unique(kind):
        rows = np.flatnonzero(kind == each)
        for column in range(len(MEMBERS)):
            moved[:, rows, column] = rng.permuted(moved[:, rows, column], axis=1)
    value = np.where(count, moved * wide["need"], wide["middle"] + moved * wide["deviation"])
    lacks, spare = np.maximum(0, wide["need"] - value), value - wide["enough"]
    short = lacks > 1e-9
    can = np.zeros_like(short)
    for receiver in range(len(MEMBERS)):
        for giver in range(1, len(MEMBERS)):  # not the United States, the first of the members
            if giver != receiver:
                ample = spare[..., giver] >= part * lacks[..., receiver] - 1e-9
                can[..., receiver] |= np.where(count[:, 0], ample, spare[..., giver] > 0)
    any_short = short.any(axis=(1, 2))
    return 100 * (can & short)[any_short].sum(axis=(1, 2)) / short[any_short].sum(axis=(1, 2))


def classes(frame: pd.DataFrame) -> pd.DataFrame:
    """Class of each pair of country and function: dependence, complementarity, common gap, duplication or balance."""
    gaps = covered(frame).set_index(["function", "iso3"])
    rows = []
    for function, same in frame.groupby("function", sort=False):
        short = {iso3 for iso3 in same["iso3"] if (function, iso3) in gaps.index}
        strong = int((same["spare"] > 0).sum())
        for row in same.itertuples():
            if row.iso3 in short:
                gap = gaps.loc[(function, row.iso3)]
                name = "complementarity" if gap["filled"] else "dependence" if gap["by_usa"] else "common gap"
            else:
                name = "duplication" if not short and strong >= 2 else "balance"
            rows.append({"field": row.field, "function": function, "iso3": row.iso3, "class": name})
    return pd.DataFrame(rows)
