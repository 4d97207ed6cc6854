"""What a rule would read with one act otherwise: each act of a table left out, or counted in full where it is doubtful."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping

import pandas as pd

from trilateral.claims import Quantity
from trilateral.measures.uptake import NOTHING

SAID = ("event", "title", "document", "what", "commitment", "arrangement", "trigger")  # columns that say what an act is
DATED = ("date", "start")  # columns of its day
LONGEST, LEAST = 60, 20  # letters beyond which its first part alone names it, and the fewest of such a part
FORMS = {4: "%Y", 7: "%B %Y"}  # of a date by its length; a whole one has its day before
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
        By what was done to which act, named by its words and date where it has them, two of one name by their `id` or row
        too: ``without “Camp David Principles” of 18 August 2023``, ``with … in full``. Empty without any act to leave out.
    """
    chosen = acts.index if among is None else acts.index[among]
    return {name: read(other) for name, other in _others(acts, chosen)}


def _others(acts: pd.DataFrame, chosen: pd.Index) -> Iterator[tuple[str, pd.DataFrame]]:
    flags = [flag for flag in FLAGS if flag in acts]
    named = {row: _name(acts, row) for row in chosen}
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    for row, name in named.items():
        act = f"{name}, {acts.at[row, 'id'] if 'id' in acts else f'row {row}'}" if name in twice else name
        if "record" not in acts:
            yield f"without {act}", acts.drop(index=row)
        elif acts.at[row, "record"] != NOTHING:
            yield f"without {act}", _set(acts, row, record=NOTHING)
        else:
            continue
        if acts.loc[row, flags].eq(1).any():
            yield f"with {act} in full", _set(acts, row, **dict.fromkeys(flags, 0))


def _name(acts: pd.DataFrame, row: Hashable) -> str:
    """What a reader knows an act by, without the keys of its table where these can be spared."""
    said = next((f"“{_short(acts.at[row, name])}”" for name in SAID if name in acts and pd.notna(acts.at[row, name])), "")
    if not said:
        said = next((f"“{acts.at[row, name]}”".replace("-", " ") for name in ("item", "id") if name in acts), f"row {row}")
    day = next((acts.at[row, name] for name in DATED if name in acts and pd.notna(acts.at[row, name])), None)
    return said if day is None else f"{said} of {_day(str(day)[:10])}"


def _short(said: str) -> str:
    """Its first part, up to a comma, a colon or a bracket, where all of it is long."""
    first = re.match(rf".{{{LEAST},}}?(?=[,;:] | \()", said)
    return first[0] if first and len(said) > LONGEST else said


def _day(iso: str) -> str:
    """A date in words as precise as it is: 18 August 2023, August 2023, 2023."""
    when = pd.Timestamp(iso)
    return f"{when:{FORMS[len(iso)]}}" if len(iso) in FORMS else f"{when.day} {when:%B %Y}"


def _set(acts: pd.DataFrame, row: Hashable, **values: object) -> pd.DataFrame:
    changed = acts.copy()
    changed.loc[row, list(values)] = list(values.values())
    return changed
