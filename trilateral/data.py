"""Load a table of ``data/`` by name: validated, with its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

DATA = Path(__file__).parents[1] / "data"


class TableError(ValueError):
    """A table or its sidecar breaks the contract; the message names table, row, column, value and rule."""


@dataclass(frozen=True)
class Table:
    """A validated table.

    Attributes
    ----------
    name : str
        Stem of ``data/<name>.csv`` and ``data/<name>.yml``.
    frame : DataFrame
        Tidy: one row an observation, types as the sidecar's columns say.
    meta : mapping
        The sidecar.
    """

    name: str
    frame: pd.DataFrame
    meta: Mapping

    @property
    def grade(self) -> str:
        """A official or primary, B established press, journal or think tank, C anything else."""
        return self.meta["grade"]

    def citation(self) -> str:
        return self.meta["citation"]


def load(name: str) -> Table:
    """Load and validate one table."""
    meta = yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))
    return Table(name, pd.read_csv(DATA / f"{name}.csv"), meta)
