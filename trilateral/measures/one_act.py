"""What a rule would read with one act otherwise: each act of a table left out, or counted in full where it is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from textwrap import shorten

import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures.uptake import NOTHING

SAID = ("event", "title", "document", "what", "commitment", "arrangement")  # columns that say what an act is
LONGEST = 60  # letters of its words that name it
FLAGS = ("doubtful", "others")  # 1 where an act counts at the upper end alone


def otherwise(acts: pd.DataFrame, read: Callable[[pd.DataFrame], Mapping[str, Quantity]],
              among: pd.Series | None = None) -> dict[str, Mapping[str, Quantity]]:
    """The quantities of a rule with one act after the other as it might have been, for `trilateral.claims.judge`.

    Parameters
    ----------
    acts : DataFrame
        One row an act, text or promise. With a column `record`, an act left out becomes a search that found nothing, so
        that its item stays one that was looked for; without, its row goes. With `doubtful` or `others` (0 or 1), an act that
        has one of them is also counted in full.
    read : callable
        The quantities by name, from such a table.
    among : Series of bool, optional
        On the index of `acts`: those the quantities are made of; all if not given.

    Returns
    -------
    dict of str to quantities
        By what was done to which act, named by its words and its `id` where it has them: ``without “Camp David Principles”
        (V063)``, ``with … in full``. Empty where there is no act to leave out.
    """
    chosen = acts.index if among is None else acts.index[among]
    return {name: read(other) for name, other in _others(acts, chosen)}


def _others(acts: pd.DataFrame, chosen: pd.Index) -> Iterator[tuple[str, pd.DataFrame]]:
    flags = [flag for flag in FLAGS if flag in acts]
    named = {row: _name(acts, row) for row in chosen}
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    for row, name in named.items():
        act = f"{name}, row {row}" if name in twice else name
        if "record" not in acts:
            yield f"without {act}", acts.drop(index=row)
        elif acts.at[row, "record"] != NOTHING:
            yield f"without {act}", _set(acts, row, record=NOTHING)
        else:
            continue
        if acts.loc[row, flags].eq(1).any():
            yield f"with {act} in full", _set(acts, row, **dict.fromkeys(flags, 0))


def _name(acts: pd.DataFrame, row: Hashable) -> str:
    key = acts.at[row, "id"] if "id" in acts else ""
    if column := next((name for name in SAID if name in acts), ""):
        return f"“{shorten(str(acts.at[row, column]), LONGEST, placeholder=' …')}”" + (f" ({key})" if key else "")
    if key:
        return f"“{key}”"
    return f"{acts.at[row, 'item']} of {acts.at[row, 'date']}" if {"item", "date"} <= set(acts) else f"row {row}"


def _set(acts: pd.DataFrame, row: Hashable, **values: object) -> pd.DataFrame:
    changed = acts.copy()
    changed.loc[row, list(values)] = list(values.values())
    return changed
