"""A what-if that computes in the reader's browser: how long two kinds of agreement last as threats fade and leaders change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from trilateral.charts.palette import INK, MUTED

KINDS = ("threat-framed", "capability-based")
YEARS = 20
SLIDERS = {  # name: lowest, highest, step, words
    "fading": (-30, 50, 1, "Shared threat fades by, percent a year "),
    "changes": (0, 3, 0.05, "Changes of leader a year, three capitals "),
    "shock": (-60, 200, 1, "A change of leader adds to the risk, percent "),
    "weight": (-60, 200, 1, "A threat half as large adds to it if threat-framed, percent "),
}


def log_hazard_rows(base: Mapping[str, float], age: float) -> pd.DataFrame:
    """Logarithm of the hazard in each half-year with no change of leader and an unchanged threat.

    Parameters
    ----------
    base : mapping of kind to float
        At the first half-year.
    age : float
        Coefficient of the logarithm of half-years since the first act.

    Returns
    -------
    DataFrame
        One row a kind and half-year: kind, half, years, base, framed (1 if threat-framed).
    """
    half = np.arange(1, 2 * YEARS + 1)
    return pd.concat([pd.DataFrame({"kind": kind, "half": half, "years": half / 2, "base": (base[kind] + age * np.log(half)).round(5),
                                    "framed": int(kind == KINDS[0])}) for kind in KINDS], ignore_index=True)


def lasting(rows: pd.DataFrame, settings: Mapping[str, float], width: int, height: int = 280,
            names: Sequence[str] = KINDS) -> alt.LayerChart:
    """Survival curves with sliders; the still picture shows the settings given.

    Parameters
    ----------
    rows : DataFrame
        As `log_hazard_rows` returns it.
    settings : mapping of slider to float
        fading, changes, shock, weight: where the sliders stand at first.
    width : int
        Of the plot, px.
    """
    params = [alt.param(name=name, value=settings[name], bind=alt.binding_range(min=low, max=high, step=step, name=words))
              for name, (low, high, step, words) in SLIDERS.items()]
    eta = ("datum.base + log(1 + shock / 100) * changes / 2"
           " - datum.framed * log(1 + weight / 100) * (datum.half - 1) / 2 * log(1 - fading / 100) / log(2)")
    base = alt.Chart(rows).transform_calculate(hazard=f"exp(min(20, {eta}))").transform_window(
        total="sum(hazard)", sort=[alt.SortField("half")], groupby=["kind"]).transform_calculate(
        left="100 * exp(-datum.total)")
    x = alt.X("years:Q", title="years since the first meeting", scale=alt.Scale(domain=[0, YEARS]))
    y = alt.Y("left:Q", title="percent still held", scale=alt.Scale(domain=[0, 100]))
    ink = alt.condition(alt.datum.framed == 1, alt.value(INK[0]), alt.value(MUTED[0]))
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=list(names), range=[[1, 0], [6, 4]]))
    line = base.mark_line(strokeWidth=2.5).encode(x=x, y=y, strokeDash=dash, detail="kind:N", color=ink)
    halved = base.transform_calculate(reached=f"datum.left <= 50 ? datum.years : {2 * YEARS}").transform_aggregate(
        median="min(reached)", groupby=["kind", "framed"]).transform_calculate(
        words=f"datum.kind + ': half gone ' + (datum.median > {YEARS} ? 'after {YEARS} years or later' : 'after ' + "
              "format(datum.median, '.1f') + ' years')")
    said = halved.mark_text(align="right", fontWeight=600).encode(
        x=alt.value(width), y=alt.condition(alt.datum.framed == 1, alt.value(6), alt.value(26)), text="words:N", color=ink)
    half = alt.Chart(pd.DataFrame({"left": [50]})).mark_rule(color=MUTED[0], strokeDash=[2, 3]).encode(y="left:Q")
    return alt.layer(half, line, said).add_params(*params).properties(width=width, height=height)
