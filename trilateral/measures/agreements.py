"""Trade agreements: who has one with whom, and shares of imports before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, TooFewError
from trilateral.measures.intervals import quantity


def in_force(agreements: pd.DataFrame, without: Iterable[str], members: pd.DataFrame,
             left_out: Iterable[int] = ()) -> pd.DataFrame:
    """Members of the agreements that are in force and hold none of some countries.

    Parameters
    ----------
    agreements, members : DataFrame
        Tables trade_agreements and trade_agreement_members.
    without : iterable of str
        ISO codes; an agreement with one of them is left out.
    left_out : iterable of int
        Numbers of agreements to leave out besides.

    Returns
    -------
    DataFrame
        One row an agreement and member, with ``year``: that of the entry into force, for one that acceded the year it joined
        if later; members that left are kept to the end.
    """
    signed = agreements[(agreements["status"] == "agreement") & agreements["in_force_year"].notna()]
    barred = set(members.loc[members["iso3"].isin(list(without)), "agreement"]) | set(left_out)
    begun = signed.set_index("agreement")["in_force_year"].rename("begun")
    kept = members.join(begun, on="agreement", how="inner")
    kept = kept[~kept["agreement"].isin(barred) & (kept["how"] != "negotiating")]
    year = kept[["begun", "joined_year"]].max(axis=1).where(kept["how"] == "accession", kept["begun"])
    return kept.assign(year=year.astype(int))[["agreement", "iso3", "year"]]


def partners(membership: pd.DataFrame, of: str, among: Sequence[str], years: range) -> pd.DataFrame:
    """Partners with an agreement in force by the end of each year.

    Returns
    -------
    DataFrame
        One row a year: ``year``, ``iso3`` (whose partners) and ``partners``, their number among `among`.
    """
    own = membership[membership["iso3"] == of]
    others = membership[membership["iso3"].isin(list(among)) & (membership["iso3"] != of)].merge(
        own[["agreement", "year"]], on="agreement", suffixes=("_other", "_own"))
    first = others[["year_other", "year_own"]].max(axis=1).groupby(others["iso3"]).min()
    return pd.DataFrame({"year": list(years), "iso3": of, "partners": [int((first <= year).sum()) for year in years]})


def shifts(shares: pd.DataFrame, entries: Mapping[str, Iterable[int]], members: Sequence[str], first: int, last: int,
           width: int = 5, controls: str = "untouched") -> pd.DataFrame:
    """Change of the log share of a partner around each year, less that of other economies.

    Parameters
    ----------
    shares : DataFrame
        One row a year, one column an economy: share of the partner in its imports, any unit.
    entries : mapping of economy to years
        In which an agreement entered into force.
    members : sequence of str
        Whose years are looked at.
    first, last : int
        Years looked at.
    width : int
        Years on each side; the year itself is in neither.
    controls : {"untouched", "all"}
        Less the median of economies with no entry within `width` years, or of all others.

    Returns
    -------
    DataFrame
        One row a member and year: ``iso3``, ``year``, ``entry`` (whether an agreement entered into force), ``own`` and
        ``shift`` in log points, ``controls``, how many economies were compared. Missing without a full window or control.
    """
    logs = np.log(shares.astype(float)).reindex(range(int(shares.index.min()), int(shares.index.max()) + 1))
    window = logs.rolling(width).mean()
    # Row t of the first term is the mean of t+1 to t+width, of the second that of t-width to t-1.
    changes = window.shift(-width) - window.shift(1)
    rows = []
    for member in members:
        for year in range(first, last + 1):
            near = set(range(year - width, year + width + 1))
            found = changes.loc[year] if year in changes.index else pd.Series(dtype=float)
            others = [other for other in shares.columns if other != member
                      and (controls == "all" or not set(entries.get(other, ())) & near)]
            beside = found.reindex(others).dropna()
            own = float(found.get(member, np.nan))
            rows.append({"iso3": member, "year": year, "entry": year in set(entries.get(member, ())), "own": own,
                         "shift": own - beside.median() if len(beside) else np.nan, "controls": len(beside)})
    return pd.DataFrame(rows)


def against_placebo(table: pd.DataFrame, draws: int = 2000, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Mean shift of the years of entry; the interval is the mean less the outer quantiles of as many years without one.

    Parameters
    ----------
    table : DataFrame
        From `shifts`.

    Returns
    -------
    Quantity
        In percent; `n` counts the cases. Without a value where there is none.

    Raises
    ------
    MeasureError
        There are cases and fewer than two years without an entry.
    """
    known = table.dropna(subset=["shift"])
    cases, pool = known.loc[known["entry"], "shift"].to_numpy(), known.loc[~known["entry"], "shift"].to_numpy()
    if not len(cases):
        return Quantity(None, level=level, n=0, missing="no case has a full window and an economy to compare with")
    if len(pool) < 2:
        raise TooFewError(f"against_placebo: {len(pool)} years without an agreement; widen the period")
    generator = np.random.default_rng(seed)
    drawn = [generator.choice(pool, len(cases), replace=len(pool) < len(cases)).mean() for _ in range(draws)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    ends = [100 * np.expm1(end) for end in (cases.mean(), cases.mean() - high, cases.mean() - low)]
    return quantity(*map(float, ends), level, len(cases))
