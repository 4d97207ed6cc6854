"""Altair theme, country colours, and the figure contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from trilateral.data import Table

MIME = "application/vnd.trilateral.figure+json"
WIDE, NARROW = 680, 330  # px, width of the drawing on a page and on a phone


@dataclass(frozen=True)
class Figure:
    """A finding: headline, chart, alt text, data and sources. See `figure`."""

    id: str
    headline: str
    subtitle: str
    alt: str
    draw: Callable[[int], alt.Chart]
    data: pd.DataFrame
    tables: Sequence[Table]
    note: str = ""


def figure(id: str, headline: str, subtitle: str, chart: alt.Chart | Callable[[int], alt.Chart], *, alt: str,
           data: pd.DataFrame, tables: Sequence[Table], note: str = "") -> Figure:
    """Make a figure of a chart (placeholder of the contract; see the brief)."""
    raise NotImplementedError
