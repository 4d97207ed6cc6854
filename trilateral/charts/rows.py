"""Rows of points: an estimate with its interval, or a value beside the one it is compared with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import altair as alt
import numpy as np
import pandas as pd

from trilateral.charts.palette import GROUND, INK, MUTED
from trilateral.charts.theme import NARROW


def point_rows(frame: pd.DataFrame, label: str, value: str, *, interval: tuple[str, str] | None = None,
               ring: str | None = None, panel: str | None = None, text: str | None = None, head: str = "",
               title: str | list[str] = "",
               domain: tuple[float, float] | None = None, zero: bool = True, threshold: float | None = None,
               bold: str | None = None, color: alt.Color | None = None, margins: tuple[int, int] = (175, 150),
               step: int = 20) -> Callable[[int], alt.VConcatChart]:
    """Draw one row a label, in the order of the rows; pass the result to `figure` as its chart.

    Parameters
    ----------
    frame : DataFrame
        One row a point.
    label, value : str
        Columns of the label and of the point.
    interval : pair of str, optional
        Columns of its ends; they are cut at the domain.
    ring : str, optional
        Column of the value compared with, an open ring joined to the point.
    panel : str, optional
        Column by which the rows are split into panels one below the other.
    text : str, optional
        Column of words at the right edge.
    head : str
        What stands above that column.
    bold : str, optional
        Column that says which labels are bold.
    title : str
        Of the axis.
    domain : pair of float, optional
        Ends of the axis; by default it begins at zero or below.
    zero : bool
        Whether a line stands at zero.
    threshold : float, optional
        Where a dashed line stands. A point beyond the domain is a triangle at its edge.
    color : Altair color, optional
        Of points and joins; ink by default.
    margins : pair of int
        Room for the labels in px, on a page and on a phone.
    step : int
        Height of a row in px.

    Returns
    -------
    function of the width in px
        One panel above the other, for `figure`.
    """
    low, high = domain or (-np.inf, np.inf)
    if interval is not None:
        frame = frame.assign(**{name: frame[name].clip(low, high) for name in interval})
    inside = (frame[value] >= low) & (frame[value] <= high)
    beyond = np.where(inside, "", np.where(frame[value] > high, "right", "left"))
    frame = frame.assign(_beyond=beyond, **{value: frame[value].clip(low, high)})
    names = list(dict.fromkeys(frame[panel])) if panel else [None]
    ink = color if color is not None else alt.value(INK[0])
    scale = alt.Scale(domain=list(domain)) if domain is not None else alt.Scale(zero=True)

    def draw(width: int) -> alt.VConcatChart:
        margin, phone = margins[width <= NARROW], width <= NARROW
        inner = width - margin - (50 if text else 14)

        def rows_of(name: object) -> alt.LayerChart:
            part = frame if name is None else frame[frame[panel] == name]
            axis_title = title if name == names[-1] else None
            weight = {} if bold is None else bold_labels(part.loc[part[bold], label])
            y = alt.Y(f"{label}:N", sort=list(dict.fromkeys(part[label])), title=None,
                      axis=alt.Axis(minExtent=margin, maxExtent=margin, labelLimit=margin - 8, labelFontSize=12,
                                   labelPadding=7, grid=False, **weight))
            axis = alt.Axis(tickCount=4 if phone else 7)
            base, layers = alt.Chart(part).encode(y=y), []
            if zero:
                layers.append(_line(0, value, axis_title, scale, axis).mark_rule(color=INK[0]))
            if threshold is not None:
                layers.append(_line(threshold, value, axis_title, scale, axis).mark_rule(color=MUTED[0], strokeDash=[4, 3]))
            x = alt.X(f"{value}:Q", title=axis_title, scale=scale, axis=axis)
            if interval is not None:
                layers.append(base.mark_rule(strokeWidth=2, color=MUTED[0]).encode(
                    x=alt.X(f"{interval[0]}:Q", title=axis_title, scale=scale, axis=axis), x2=f"{interval[1]}:Q"))
            if ring is not None:
                start = alt.X(f"{ring}:Q", title=axis_title, scale=scale, axis=axis)
                layers += [base.mark_rule(strokeWidth=2).encode(x=start, x2=f"{value}:Q", color=ink),
                           base.mark_point(filled=False, size=50, opacity=1, fill=GROUND[0]).encode(x=start, color=ink)]
            seen = base.transform_filter("datum._beyond == ''")
            layers.append(seen.mark_point(filled=True, size=70, opacity=1).encode(x=x, color=ink))
            layers += [base.transform_filter(f"datum._beyond == '{side}'").mark_point(
                shape=f"triangle-{side}", filled=True, size=90, opacity=1).encode(x=x, color=ink)
                for side in sorted(set(part["_beyond"]) - {""})]
            if text is not None:
                layers.append(base.mark_text(align="left", dx=6, fontSize=12).encode(x=alt.value(inner), text=f"{text}:N"))
            if head and name == names[0]:
                layers.append(alt.Chart(pd.DataFrame({"head": [head]})).mark_text(
                    align="right", baseline="bottom", fontSize=12, color=MUTED[0]).encode(
                        x=alt.value(inner + 44), y=alt.value(-4), text="head:N"))
            named = {} if name is None else {"title": alt.TitleParams(str(name), fontSize=13, frame="group")}
            return alt.layer(*layers).properties(width=inner, height=alt.Step(step), **named)

        return alt.vconcat(*[rows_of(name) for name in names], spacing=10)

    return draw


def bold_labels(labels: Iterable[str]) -> dict:
    """What makes these labels of an axis bold."""
    test = f"indexof({json.dumps(list(labels), ensure_ascii=False)}, datum.value) >= 0"
    return {"labelFontWeight": {"condition": {"test": test, "value": 700}, "value": 400}}


def _line(place: float, value: str, title: str | None, scale: alt.Scale, axis: alt.Axis) -> alt.Chart:
    return alt.Chart(pd.DataFrame({value: [place]})).encode(x=alt.X(f"{value}:Q", title=title, scale=scale, axis=axis))
