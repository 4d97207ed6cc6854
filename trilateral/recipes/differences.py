"""What differs between two versions of a table: rows that came or went, cells that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

SHOWN = 5  # rows and cells named in a summary; the rest are counted


@dataclass(frozen=True)
class Difference:
    """Differences of two versions of one table.

    Attributes
    ----------
    key : sequence of str
        The columns that name a row.
    added, removed : DataFrame
        One row a row that is in the new version only, or in the old one only.
    cells : DataFrame
        One row a cell that changed: the key's columns, ``column``, ``old``, ``new``.
    """

    key: Sequence[str]
    added: pd.DataFrame
    removed: pd.DataFrame
    cells: pd.DataFrame

    def __bool__(self) -> bool:
        return any(map(len, (self.added, self.removed, self.cells)))

    def lines(self) -> list[str]:
        """A summary for people: counts, then the first rows and the largest changes of each column."""
        said = [f"{len(self.added)} rows more, {len(self.removed)} rows fewer, {len(self.cells)} cells changed"]
        for sign, rows in (("+", self.added), ("-", self.removed)):
            said += [f"{sign} {self._named(row)}" for row in rows.head(SHOWN).to_dict("records")]
            said += [f"{sign} and {len(rows) - SHOWN} more"] if len(rows) > SHOWN else []
        for column, changed in self.cells.groupby("column", sort=False):
            size = (pd.to_numeric(changed["new"], errors="coerce") - pd.to_numeric(changed["old"], errors="coerce")).abs()
            most = changed.loc[size.sort_values(ascending=False, kind="stable", na_position="last").index].head(SHOWN)
            said += [f"{column}: {self._named(cell)}: {_shown(cell['old'])} -> {_shown(cell['new'])}"
                     for cell in most.to_dict("records")]
            said += [f"{column}: and {len(changed) - SHOWN} more"] if len(changed) > SHOWN else []
        return said

    def _named(self, row: dict) -> str:
        return ", ".join(str(row[column]) for column in self.key)


def between(old: pd.DataFrame, new: pd.DataFrame, key: Sequence[str]) -> Difference:
    """Compare two versions of a table by its key.

    Parameters
    ----------
    old, new : DataFrame of str
        One row an observation, cells as text; a column that only one of them has counts as empty in the other.
    key : sequence of str
        The primary key.
    """
    key = list(key)
    columns = list(dict.fromkeys([*old.columns, *new.columns]))
    before, after = (frame.reindex(columns=columns).fillna("").set_index(key) for frame in (old, new))
    both = before.index.intersection(after.index, sort=False)
    one, two = before.loc[both], after.loc[both]
    changed = (one != two).stack()
    places = changed[changed].index
    cells = pd.DataFrame(
        [(*_tuple(place[:-1]), place[-1], one.at[_at(place[:-1]), place[-1]], two.at[_at(place[:-1]), place[-1]])
         for place in places],
        columns=[*key, "column", "old", "new"])
    return Difference(tuple(key), after.loc[after.index.difference(before.index, sort=False)].reset_index(),
                      before.loc[before.index.difference(after.index, sort=False)].reset_index(), cells)


def _tuple(place) -> tuple:
    return place if isinstance(place, tuple) else (place,)


def _at(place):
    return place[0] if len(place) == 1 else place


def _shown(cell: str) -> str:
    return cell if cell else "(empty)"
