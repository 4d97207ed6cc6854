"""Marks that several chapters share: labels at line ends, dated events, intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from trilateral.charts.palette import INK, MUTED


def spread(positions: Sequence[float], gap: float, low: float = -np.inf, high: float = np.inf) -> list[float]:
    """Move positions apart to at least `gap`, by as little as possible in sum of squares.

    Parameters
    ----------
    positions : sequence of float
        Where labels would stand, in any order and unit.
    gap : float
        Least distance between two neighbors, in the same unit.
    low, high : float
        Bounds; where all do not fit between them the gap is kept and the upper bound is exceeded.

    Returns
    -------
    list of float
        In the order given; the order along the axis is kept.
    """
    order = np.argsort(np.asarray(positions, dtype=float), kind="stable")
    wanted = np.asarray(positions, dtype=float)[order] - gap * np.arange(len(order))
    blocks: list[list[float]] = []  # pool adjacent violators: [mean, count]
    for value in wanted:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, n) = blocks[-2:]
            blocks[-2:] = [[(a * m + b * n) / (m + n), m + n]]
    fitted = np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])
    if len(order):
        fitted = np.maximum(np.minimum(fitted, high - gap * (len(order) - 1)), low)
    result = np.empty(len(order))
    result[order] = fitted + gap * np.arange(len(order))
    return result.tolist()


def direct_labels(data: pd.DataFrame, x: str, y: str, label: str, *, domain: tuple[float, float], height: float,
                  color: dict | None = None, size: int = 13, reverse: bool = False) -> alt.Chart:
    """Name each line at its right end; the plot is narrowed to keep room for the names.

    Parameters
    ----------
    data : DataFrame
        One row an observation; the last `x` of each `label` is where its name stands.
    x, y, label : str
        Columns: order along the line, height, text.
    domain : (float, float)
        Ends of the y scale, so that names can be moved apart without overlapping.
    height : float
        Height of the plot, px.
    color : dict, optional
        Encoding of the names, usually `country_color` of a column in `data`.
    size : int
        Of the type, px.
    reverse : bool
        The y scale is drawn upside down.

    Returns
    -------
    Chart
        The names alone, to be layered with the lines.
    """
    ends = data.dropna(subset=[y]).sort_values(x, kind="stable").groupby(label, sort=False).tail(1).copy()
    low, high = domain
    scaled = (ends[y] - low) / (high - low) * height
    places = spread((height - scaled if not reverse else scaled).tolist(), size + 2, low=0, high=height)
    ends["label_y"] = places
    chart = alt.Chart(ends[[*dict.fromkeys([label, y, "label_y", *_fields(color)])]])
    return chart.mark_text(align="left", baseline="middle", dx=7, fontSize=size, fontWeight=600,
                           clip=False).encode(
        x=alt.value("width"), y=alt.Y("label_y:Q", scale=None, axis=None), text=f"{label}:N",
        color=color if color is not None else alt.value(INK[0]))


def _fields(color: dict | None) -> list[str]:
    return [str(color["condition"]["field"])] if color else []


def _position(x: str, temporal: bool, domain: Sequence | None = None) -> alt.X:
    # A shared scale is the union of its layers' domains: without this a few dates would pull it down to zero.
    ends = {} if domain is None else {"domain": list(domain)}
    scale = alt.Scale(nice=False, **ends) if temporal else alt.Scale(nice=False, zero=False, **ends)
    return alt.X(f"{x}:{'T' if temporal else 'Q'}", scale=scale)


def event_rules(events: pd.DataFrame, x: str, label: str, *, size: int = 12, temporal: bool = False,
                row: int = 0, domain: Sequence | None = None) -> alt.LayerChart:
    """Dated events as thin rules with their names at the top of the plot.

    Parameters
    ----------
    events : DataFrame
        One row an event, columns `x` (year or date) and `label`.
    temporal : bool
        `x` holds dates rather than numbers.
    size : int
        Of the type, px.
    row : int
        Lines of text to leave free above the names.
    domain : sequence, optional
        Ends of the x scale, where an event lies outside what the layers beside it show.
    """
    base = alt.Chart(events[[x, label]])
    place = _position(x, temporal, domain)
    rule = base.mark_rule(color=MUTED[0], strokeDash=[2, 3]).encode(x=place)
    text = base.mark_text(align="left", baseline="top", dx=4, fontSize=size, color=MUTED[0]).encode(
        x=place, y=alt.value(row * (size + 2)), text=f"{label}:N")
    return alt.layer(rule, text)


def interval_band(data: pd.DataFrame, x: str, low: str, high: str, *, color: dict | None = None,
                  temporal: bool = False) -> alt.Chart:
    """Uncertainty along a line as a light band; axis titles come from the line it is layered with.

    Parameters
    ----------
    data : DataFrame
        One row a place on the line.
    x, low, high : str
        Columns: order along the line (year or date), ends of the interval in the unit of the line.
    color : dict, optional
        Encoding of the band, that of the line.
    temporal : bool
        `x` holds dates rather than numbers.
    """
    chart = alt.Chart(data).mark_area(opacity=0.16, line=False).encode(
        x=_position(x, temporal), y=alt.Y(f"{low}:Q"), y2=f"{high}:Q")
    return chart if color is None else chart.encode(color=color)


def size_key(sizes: Mapping[str, float], step: float = 60) -> alt.LayerChart:
    """Circles of known size with their words, in a row, for a plot whose areas stand for amounts.

    Parameters
    ----------
    sizes : mapping of words to size
        What each circle stands for, and its size as in the plot, px² of the square around it.
    step : float
        From the middle of one circle to that of the next, px.
    """
    key = pd.DataFrame({"words": list(sizes), "size": list(sizes.values()), "at": 12 + step * np.arange(len(sizes))})
    base = alt.Chart(key).encode(x=alt.X("at:Q", scale=None, axis=None), y=alt.value(12))
    circles = base.mark_point(filled=True, opacity=1, color=MUTED[0], aria=False).encode(
        size=alt.Size("size:Q", scale=None))
    return alt.layer(circles, base.mark_text(align="left", dx=16, color=MUTED[0]).encode(text="words:N")).properties(height=24)


def margin_axis(margin: float, **more: object) -> alt.Axis:
    """Axis of names in a margin of fixed width, so that panels below each other begin alike.

    Parameters
    ----------
    margin : float
        Room for the names, px; longer ones are cut.
    **more
        Other options of an Altair axis.
    """
    return alt.Axis(minExtent=margin, maxExtent=margin, labelLimit=margin - 2, **more)
