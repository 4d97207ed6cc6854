"""How often one sender's new targets are also another's."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from trilateral import as_of
from trilateral.claims import Quantity
from trilateral.measures import TooFewError
from trilateral.measures.intervals import quantity


def matched(overlap: pd.DataFrame, other: str, years: Iterable[int], sender: str = "USA", count: str = "new_shared",
            total: str = "new_targets") -> tuple[int, int]:
    """New targets of a sender that the other had too, and all of them, summed over years.

    Parameters
    ----------
    overlap : DataFrame
        Table sanction_overlap.

    Raises
    ------
    TooFewError
        The pair or one of the years is not in the table.
    """
    rows = overlap[(overlap["sender"] == sender) & (overlap["other"] == other)].set_index("year")
    if missing := sorted(set(years) - set(rows.index)):
        raise TooFewError(f"matched: sanction_overlap has no row for {sender}, {other}, {missing[0]}. "
                          + as_of.advice("Leave the year out of the periods compared, or give the row."))
    rows = rows.loc[list(years)]
    return int(rows[count].sum()), int(rows[total].sum())


def share(hits: int, total: int, level: float = 0.95) -> Quantity:
    """Share in percent, with the interval of Wilson (1927, doi:10.1080/01621459.1927.10502953)."""
    low, high = proportion_confint(hits, total, alpha=1 - level, method="wilson")
    return quantity(100 * hits / total, 100 * low, 100 * high, level, total)


def change(later: tuple[int, int], earlier: tuple[int, int], level: float = 0.95) -> Quantity:
    """Difference of two shares in percentage points, with the interval of Newcombe (1998,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).

    Parameters
    ----------
    later, earlier : (hits, total)

    Returns
    -------
    Quantity
        `n` is the total of the later period. Targets are taken as independent.
    """
    low, high = confint_proportions_2indep(*later, *earlier, method="newcomb", compare="diff", alpha=1 - level)
    value = later[0] / later[1] - earlier[0] / earlier[1]
    return quantity(100 * value, 100 * low, 100 * high, level, later[1])
