"""A what-if that computes in the reader's browser: how long two kinds of agreement last as threats fade and leaders change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from trilateral.charts.palette import CONTEXT, INK, MUTED
from trilateral.charts.theme import NARROW

KINDS = ("threat-framed", "capability-based")
YEARS = 12
HELD = "percent still held"
NEVER = -100.0  # logarithm of no hazard
SLIDERS = {  # name: lowest, highest, step, words
    "growth": (-50, 30, 1, "Shared threat grows (+) or fades (−), percent a year "),
    "changes": (0, 3, 0.05, "Changes of leader a year, three capitals "),
    "shock": (-60, 200, 1, "Risk added with each change of leader, percent "),
    "framed": (-60, 200, 1, "Risk added when the threat halves, threat-framed, percent "),
    "unframed": (-60, 200, 1, "Risk added when the threat halves, capability-based, percent "),
}


def log_hazard_rows(base: Mapping[str, float], age: float, free: int = 0) -> pd.DataFrame:
    """Logarithm of the hazard in each half-year with no change of leader and an unchanged threat.

    Parameters
    ----------
    base : mapping of kind to float
        At the first half-year.
    age : float
        Coefficient of the logarithm of half-years since the first act.
    free : int
        First half-years in which nothing can end, because a lapse shows only when the wait is over.

    Returns
    -------
    DataFrame
        One row a kind and half-year: kind, half, years, base, threat (1 if threat-framed).
    """
    half = np.arange(1, 2 * YEARS + 1)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "kind": kind,
                    "half": half,
                    "years": half / 2,
                    "base": np.where(half > free, (base[kind] + age * np.log(half)).round(5), NEVER),
                    "threat": int(kind == KINDS[0]),
                }
            )
            for kind in KINDS
        ],
        ignore_index=True,
    )


def share_left(rows: pd.DataFrame, settings: Mapping[str, float], kind: str) -> np.ndarray:
    """Share of a kind still held at the first meeting and after each half-year."""
    part = rows[rows["kind"] == kind]
    half, fade = part["half"].to_numpy(), np.log1p(settings["growth"] / 100) / np.log(2)
    slope = np.log1p(settings["framed" if kind == KINDS[0] else "unframed"] / 100)
    log_hazard = part["base"] + np.log1p(settings["shock"] / 100) * settings["changes"] / 2 - slope * (half - 1) / 2 * fade
    return np.r_[1, np.exp(-np.cumsum(np.exp(np.minimum(log_hazard, 20))))]


def half_gone(rows: pd.DataFrame, settings: Mapping[str, float], kind: str) -> float:
    """Years after which half of a kind are gone, where the drawn line crosses; infinite beyond its last year."""
    left = share_left(rows, settings, kind)
    below = np.flatnonzero(left <= 0.5)
    if not len(below):
        return float("inf")
    end = below[0]
    return float(end / 2 - (0.5 - left[end]) / (left[end - 1] - left[end]) / 2)


def lasting_chart(
    rows: pd.DataFrame, settings: Mapping[str, float], width: int, height: int = 280, names: Sequence[str] = KINDS
) -> alt.LayerChart:
    """Survival curves with sliders; the still picture shows the settings given.

    Parameters
    ----------
    rows : DataFrame
        As `log_hazard_rows` returns it, with columns low and high, percent: a band that is of the settings given and is
        hidden at others.
    settings : mapping of slider to float
        growth, changes, shock, framed, unframed: where the sliders stand at first.
    width : int
        Of the plot, px.
    """
    params = [
        alt.param(name=name, value=settings[name], bind=alt.binding_range(min=low, max=high, step=step, name=words))
        for name, (low, high, step, words) in SLIDERS.items()
    ]
    eta = (
        "datum.base + log(1 + shock / 100) * changes / 2"
        " - log(1 + (datum.threat ? framed : unframed) / 100) * (datum.half - 1) / 2 * log(1 + growth / 100) / log(2)"
    )
    base = (
        alt.Chart(rows)
        .transform_calculate(hazard=f"exp(min(20, {eta}))")
        .transform_window(total="sum(hazard)", sort=[alt.SortField("half")], groupby=["kind"])
        .transform_calculate(left="100 * exp(-datum.total)")
    )
    x = alt.X("years:Q", title="years since the first meeting", scale=alt.Scale(domain=[0, YEARS]))
    y = alt.Y("left:Q", title=HELD, scale=alt.Scale(domain=[0, 100]))
    ink = alt.condition(alt.datum.threat == 1, alt.value(INK[0]), alt.value(MUTED[0]))
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=list(names), range=[[1, 0], [6, 4]]))
    unmoved = " && ".join(f"abs({name} - {value:g}) < {SLIDERS[name][2] / 2:g}" for name, value in settings.items())
    shown = base.transform_filter(unmoved)
    low, high = (alt.Y(f"{end}:Q", title=HELD) for end in ("low", "high"))  # two titles on one axis would be none
    band = shown.mark_area(color=CONTEXT[0], opacity=0.2).encode(x=x, y=low, y2="high:Q", detail="kind:N")
    edges = [shown.mark_line(strokeWidth=0.9).encode(x=x, y=end, strokeDash=dash, detail="kind:N", color=ink)
             for end in (low, high)]
    line = base.mark_line(strokeWidth=2.5).encode(x=x, y=y, strokeDash=dash, detail="kind:N", color=ink)
    halved = (
        base.transform_window(before="lag(left)", sort=[alt.SortField("half")], groupby=["kind"])
        .transform_calculate(before="datum.half == 1 ? 100 : datum.before")
        .transform_calculate(
            reached="datum.left <= 50 && datum.before > 50 ? "
            f"datum.years - 0.5 * (50 - datum.left) / (datum.before - datum.left) : {2 * YEARS}"
        )
        .transform_aggregate(median="min(reached)", groupby=["kind", "threat"])
        .transform_calculate(
            words="datum.kind + (datum.threat ? ' (solid): ' : ' (dashed): ') + "
            f"(datum.median > {YEARS} ? 'over {YEARS}' : format(datum.median, '.1f'))",
            place="datum.threat ? -24 : -9",  # above the plot, where no curve can pass
        )
    )
    said = halved.mark_text(align="right", fontWeight=600, fontSize=12 if width < NARROW else 13).encode(
        x=alt.value(width), y=alt.Y("place:Q", scale=None, axis=None), text="words:N", color=ink
    )
    head = (
        alt.Chart(pd.DataFrame({"words": ["years until half are gone"]}))
        .transform_calculate(shown=f"datum.words + ({unmoved} ? '' : ' (no interval)')")
        .mark_text(align="right", color=MUTED[0])
        .encode(x=alt.value(width), y=alt.value(-39), text="shown:N")
    )
    half = alt.Chart(pd.DataFrame({"left": [50]})).mark_rule(color=MUTED[0], strokeDash=[2, 3]).encode(y="left:Q")
    return alt.layer(band, *edges, half, line, head, said).add_params(*params).properties(width=width, height=height)
