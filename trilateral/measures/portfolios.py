"""Portfolios of donors: likeness over recipients or sectors, first donors, comparative advantage, what-if of lead donors."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError
from trilateral.measures.intervals import quantity


def portfolio(frame: pd.DataFrame, amount: str, years: Sequence[int], rows: str | list[str] = "recipient") -> pd.DataFrame:
    """Sums over years: rows recipients (or recipients by sector), columns donors; zero where nothing was given.

    Parameters
    ----------
    frame : DataFrame
        One row a donor, recipient and year (and sector), with the columns donor, year, `rows` and `amount`.
    """
    part = frame[frame["year"].isin(list(years))]
    return part.pivot_table(index=rows, columns="donor", values=amount, aggfunc="sum").fillna(0.0).clip(lower=0)


def cosines(amounts: pd.DataFrame) -> pd.DataFrame:
    """Cosine of every two columns; missing for a donor that gives nothing. Amounts or shares give the same."""
    unit = amounts / np.sqrt((amounts**2).sum()).replace(0, np.nan)
    return unit.T @ unit


def common(amounts: pd.DataFrame) -> pd.DataFrame:
    """Sum of the smaller shares of every two columns, from 0 to 1; missing for a donor that gives nothing."""
    shares = amounts / amounts.sum().replace(0, np.nan)
    found = {a: {b: np.minimum(shares[a], shares[b]).sum(skipna=False) for b in shares} for a in shares}
    return pd.DataFrame(found)


def mean_of_pairs(table: pd.DataFrame, donors: Sequence[str]) -> float:
    """Mean of a table as `cosines` and `common` return it, over all pairs of some donors."""
    return float(np.mean([table.loc[pair] for pair in itertools.combinations(donors, 2)]))


def similarity(amounts: pd.DataFrame, donors: Sequence[str], draws: int = 2000, seed: int = SEED,
               level: float = 0.95) -> Quantity:
    """Mean cosine of all pairs of some donors, with recipients resampled.

    Parameters
    ----------
    amounts : DataFrame
        As `portfolio` returns it; the first level of the index is the recipient, whose rows are drawn together.

    Returns
    -------
    Quantity
        `n` is the number of recipients to which one of them gives; without a value if one gives nothing.

    Raises
    ------
    MeasureError
        A donor is not among the columns.
    """
    if absent := set(donors) - set(amounts):
        raise MeasureError(f"no column for {', '.join(sorted(absent))}")
    given = amounts[list(donors)]
    given = given[given.sum(axis=1) > 0]
    recipients = given.index.get_level_values(0)
    n = recipients.nunique()
    if empty := [donor for donor in donors if not given[donor].any()]:
        return Quantity(None, n=n, missing=f"{', '.join(empty)} gave nothing of this kind")
    pairs = list(itertools.combinations_with_replacement(donors, 2))
    products = pd.DataFrame({pair: given[pair[0]] * given[pair[1]] for pair in pairs}).groupby(recipients).sum()
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    sums = {pair: times @ products[pair].to_numpy() for pair in pairs}
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.mean([sums[a, b] / np.sqrt(sums[a, a] * sums[b, b]) for a, b in itertools.combinations(donors, 2)], axis=0)
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return quantity(mean_of_pairs(cosines(given), donors), low, high, level, n)


def all_pairs(amounts: pd.DataFrame, least: int = 10) -> pd.DataFrame:
    """Every pair of donors that give to `least` rows or more: donor, other, cosine, common."""
    kept = amounts.loc[:, (amounts > 0).sum() >= least]
    angle, shared = cosines(kept), common(kept)
    return pd.DataFrame([{"donor": a, "other": b, "cosine": angle.loc[a, b], "common": shared.loc[a, b]}
                         for a, b in itertools.combinations(kept, 2)])


def shuffled(amounts: pd.DataFrame, donors: Sequence[str], size: pd.Series, draws: int = 2000, seed: int = SEED) -> np.ndarray:
    """Mean cosine of pairs when the second donor's amounts change places among recipients of the same third by size.

    Parameters
    ----------
    size : Series
        Aid from all donors by recipient, which makes the thirds.
    """
    given, rng = amounts[list(donors)], np.random.default_rng(seed)
    third = pd.qcut(size.reindex(given.index).rank(method="first"), 3, labels=False).to_numpy()
    places = np.tile(np.arange(len(given)), (draws, 1))
    found = np.zeros(draws)
    for a, b in itertools.combinations(donors, 2):
        for part in range(3):
            at = np.flatnonzero(third == part)
            places[:, at] = rng.permuted(np.tile(at, (draws, 1)), axis=1)
        first, second = given[a].to_numpy(), given[b].to_numpy()
        found += second[places] @ first / np.sqrt((first @ first) * (second @ second))
    return found / len(list(itertools.combinations(donors, 2)))


def first_share(amounts: pd.DataFrame, who: str, draws: int = 2000, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Share of rows to which one donor gives most of all columns; rows without aid are left out, recipients resampled.

    Parameters
    ----------
    amounts : DataFrame
        As `portfolio` returns it, cut to the donors compared; the first level of the index is the recipient.
    """
    given = amounts[amounts.sum(axis=1) > 0]
    recipients = given.index.get_level_values(0)
    n = recipients.nunique()
    if not n:
        return Quantity(None, n=0, missing="no recipient")
    led = pd.DataFrame({"first": given.idxmax(axis=1) == who, "rows": 1}).groupby(recipients).sum().to_numpy()
    sums = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws) @ led
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [(1 - level) / 2, (1 + level) / 2])
    return quantity(float(led[:, 0].sum() / led[:, 1].sum()), low, high, level, n)


def aid_without_credit(sectors: pd.DataFrame, at_home: str = "refugees-in-donor-country") -> pd.Series:
    """Aid by donor and year where sums of sectors hold other credit: amount over published share, median of sectors.

    Parameters
    ----------
    sectors : DataFrame
        Columns donor, sector, year, constant_2024_usd_million, oda_share (percent, missing for most sectors).
    at_home : str
        Sector that is taken off.
    """
    known = sectors[sectors["oda_share"] > 0]
    whole = (100 * known["constant_2024_usd_million"] / known["oda_share"]).groupby([known["donor"], known["year"]]).median()
    home = sectors[sectors["sector"] == at_home].set_index(["donor", "year"])["constant_2024_usd_million"]
    return whole - home.reindex(whole.index).fillna(0)


def advantages(sectors: pd.DataFrame, aid: pd.Series) -> pd.DataFrame:
    """Revealed comparative advantage of every donor, sector and year.

    Share of the sector in the donor's aid over its share in that of all other donors together, after Balassa (1965),
    Trade liberalisation and "revealed" comparative advantage, The Manchester School 33,
    doi:10.1111/j.1467-9957.1965.tb00050.x.

    Parameters
    ----------
    sectors : DataFrame
        Columns donor, sector, year, constant_2024_usd_million; a row missing stands for nothing known, not for zero.
    aid : Series
        By donor and year, as `aid_without_credit` returns it.
    """
    frame = sectors.assign(aid=pd.MultiIndex.from_frame(sectors[["donor", "year"]]).map(aid)).dropna(subset=["aid"])
    own, whole = frame["constant_2024_usd_million"], frame["aid"]
    sums = frame.groupby(["sector", "year"])[["constant_2024_usd_million", "aid"]].transform("sum")
    others = (sums["constant_2024_usd_million"] - own) / (sums["aid"] - whole)
    return frame[["donor", "sector", "year"]].assign(advantage=own / whole / others)


def change_beyond_usual(series: pd.Series, year: int, span: int = 2, level: float = 0.95) -> Quantity:
    """Change in percent over `span` years; its interval is the change less the outer quantiles of all other such changes.

    The other changes are placebos in time; they overlap where `span` is more than a year.

    Parameters
    ----------
    series : Series
        One value a year, sorted; changes that end after `year` are not used.
    """
    changes = (100 * (series / series.shift(span) - 1)).dropna().loc[:year]
    value, usual = changes[year], changes.drop(year)
    low, high = value - np.quantile(usual, [(1 + level) / 2, (1 - level) / 2])
    return quantity(float(value), low, high, level, len(usual), usual)


def share_change(totals: pd.DataFrame, who: str, year: int, base: Sequence[int]) -> Quantity:
    """Change in percent of one donor's share in the sum of all columns, a year against the mean share of base years."""
    share = totals[who] / totals.sum(axis=1)
    return Quantity(100 * float(share[year] / share.loc[list(base)].mean() - 1), n=len(list(base)) + 1)


def division(amounts: pd.DataFrame, handed: int, lead: str = "gives most", first: str = "largest first") -> pd.DataFrame:
    """What donors would give if some recipients were each handed to one lead donor, amounts of recipients unchanged.

    Parameters
    ----------
    amounts : DataFrame
        Rows recipients (or sectors), columns donors.
    handed : int
        How many recipients are handed over.
    lead : {"gives most", "specializes most"}
        The donor with the largest amount there, or the one for which it weighs most.
    first : {"largest first", "smallest first"}
        By the sum of all columns.
    """
    table = division_rows(amounts)
    rank = table["order"] if first == "largest first" else len(amounts) + 1 - table["order"]
    leads = table["donor"] == table["most" if lead == "gives most" else "special"]
    given = np.where(rank <= handed, np.where(leads, table["total"], 0.0), table["amount"])
    return table.assign(given=given).pivot(index="unit", columns="donor", values="given")[list(amounts)]


def division_rows(amounts: pd.DataFrame) -> pd.DataFrame:
    """Long form of a portfolio for the what-if: unit, donor, amount, total, most, special, order (1 the largest)."""
    total = amounts.sum(axis=1)
    order = total.rank(ascending=False, method="first").astype(int)
    rows = amounts.rename_axis(index="unit", columns="donor").stack().rename("amount").reset_index()
    special = (amounts / amounts.sum().replace(0, np.nan)).fillna(0).idxmax(axis=1)
    facts = {"total": total, "most": amounts.idxmax(axis=1), "special": special, "order": order}
    return rows.assign(**{name: rows["unit"].map(values) for name, values in facts.items()})


def bundles(choices: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Several portfolios as rows of one table for the what-if, as `division_rows`, with `kind` and one more than its units.

    Parameters
    ----------
    choices : mapping of words to DataFrame
        Rows recipients or sectors, columns the same donors; amounts are rounded to a tenth, smaller ones to their first
        digit, since who gives anything at all is counted.
    """
    rows = [division_rows(amounts).assign(kind=kind, last=len(amounts) + 1) for kind, amounts in choices.items()]
    table = pd.concat(rows, ignore_index=True)
    return table.assign(amount=_rounded(table["amount"]), total=_rounded(table["total"]))


def _rounded(amounts: pd.Series) -> pd.Series:
    small = amounts.abs() < 0.1
    return amounts.round(1).where(~small, amounts.map(lambda amount: float(f"{amount:.1g}")))
