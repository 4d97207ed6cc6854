"""A what-if: the reader weighs criteria, and sees who ranks where under these and all other weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import altair as alt
import numpy as np
import pandas as pd

from trilateral.charts.palette import GRID, GROUND, INK, MUTED, country_color, country_name

NAMES = "abcdefgh"


def rank_acceptability(points: pd.DataFrame, draws: np.ndarray, defaults: Mapping[str, int] | None = None, sure: int = 0
                       ) -> Callable[[int], alt.VConcatChart]:
    """Score of each alternative under the reader's weights, and its ranks when weights are drawn around them.

    Every sum is computed by the chart's own transforms, so that it works in a browser without a server. Where no criterion
    has any weight all count alike, and the chart says so.

    Parameters
    ----------
    points : DataFrame
        Rows ISO codes, columns criteria, larger is better; at most eight criteria.
    draws : array
        One row a draw of weights that add up to one, one column a criterion.
    defaults : mapping of criterion to weight, optional
        Where the sliders stand at first, 0 to 100; all alike if not given.
    sure : int
        Percent by which drawn weights are pulled to the reader's: 0 draws from all weights, 100 keeps the reader's own.
    """
    codes, keyed = list(points.index), dict(zip(NAMES, points.columns, strict=False))
    start = {criterion: 50 for criterion in points.columns} | dict(defaults or {})
    sliders = [_slider(f"weight_{key}", start[criterion], f"{criterion} ") for key, criterion in keyed.items()]
    sliders.append(_slider("sure", sure, "How sure you are of these weights, percent (move this to change the lower bars) "))
    total = "(" + " + ".join(f"weight_{key}" for key in keyed) + ")"

    even = " && ".join(f"weight_{key} == weight_{NAMES[0]}" for key in keyed)

    def weighed(code: str, weight: str) -> str:
        return "(" + " + ".join(f"{weight}{key} * {points.at[code, criterion]:g}" for key, criterion in keyed.items()) + ")"

    own = {code: f"({total} > 0 ? {weighed(code, 'weight_')} / {total} : {points.loc[code].mean():g})" for code in codes}
    rank = {code: "1 + " + " + ".join(f"(datum.score_{other} > datum.score_{code} + 1e-9 ? 1 : 0)"
                                      for other in codes if other != code) for code in codes}
    table = pd.DataFrame(np.round(draws, 3), columns=list(keyed))

    def draw(width: int) -> alt.VConcatChart:
        margin = 92
        label = alt.Axis(minExtent=margin, maxExtent=margin, title=None, grid=False)
        names = [country_name(code) for code in codes]
        scored = alt.Chart(pd.DataFrame({"iso3": codes, "country": names})).transform_calculate(
            score="100 * (" + " ".join(f"datum.iso3 == '{code}' ? {own[code]} :" for code in codes) + " 0)")
        y = alt.Y("country:N", sort=names, axis=label)
        ticks = alt.Axis(values=[0, 25, 50, 75, 100])
        bare = alt.Axis(values=[0, 25, 50, 75, 100], title=None)  # what stands below is the title of the plot
        x = alt.X("score:Q", title="points of 100", scale=alt.Scale(domain=[0, 100]), axis=bare)
        zero = pd.DataFrame({"words": ["All weights zero:|counted as equal"]})
        weightless = alt.Chart(zero).transform_filter(f"{total} == 0").mark_text(
            align="right", baseline="bottom", dy=-20, lineBreak="|", color=MUTED[0]).encode(
                x=alt.value("width"), y=alt.value("height"), text="words:N")
        top = alt.layer(scored.mark_bar(height=16).encode(x=x, y=y, color=country_color("iso3")),
                        scored.mark_text(align="left", dx=5, fontWeight=600).encode(
                            x=x, y=y, text=alt.Text("score:Q", format=".1f")), weightless)
        below = alt.TitleParams(
            alt.ExprRef(f"'points with ' + ({even} ? 'even' : 'these') + ' weights, of 100'"), orient="bottom", anchor="middle",
            frame="bounds", fontSize=13, fontWeight="normal", color=MUTED[0], offset=4)
        ranked = alt.Chart(table)
        for code in codes:
            score = f"sure / 100 * {own[code]} + (1 - sure / 100) * {weighed(code, 'datum.')}"
            ranked = ranked.transform_calculate(**{f"score_{code}": score})
        ranked = ranked.transform_calculate(**{country_name(code): rank[code] for code in codes}).transform_fold(
            names, as_=["country", "rank"]).transform_aggregate(
            draws="count()", groupby=["country", "rank"]).transform_calculate(
            percent=f"100 * datum.draws / {len(table)}",
            place="datum.rank == 1 ? 'first' : datum.rank == 2 ? 'second' : 'third'")
        title = "percent of drawn weights, first to third place"
        share = alt.X("percent:Q", stack="zero", title=title, scale=alt.Scale(domain=[0, 100]), axis=ticks)
        fill = alt.Color("place:N", legend=None, scale=alt.Scale(
            domain=["first", "second", "third"], range=[INK[0], MUTED[0], GRID[0]]))
        bars = ranked.mark_bar(height=20, stroke=MUTED[0]).encode(x=share, y=y, color=fill, order=alt.Order("rank:Q"))
        words = ranked.transform_stack(
            stack="percent", groupby=["country"], sort=[alt.SortField("rank")], as_=["from", "to"]
        ).transform_filter("datum.percent >= 9").transform_calculate(
            middle="(datum.from + datum.to) / 2").mark_text(fontWeight=600).encode(
            x=alt.X("middle:Q", title=title, axis=ticks), y=y, text=alt.Text("percent:Q", format=".0f"),
            color=alt.condition("datum.rank <= 2", alt.value(GROUND[0]), alt.value(INK[0])))
        size = {"width": width - margin - 26, "height": alt.Step(30)}
        return alt.vconcat(top.properties(title=below, **size), alt.layer(bars, words).properties(**size), spacing=14
                           ).resolve_scale(color="independent").add_params(*sliders)

    return draw


def _slider(name: str, value: int, label: str) -> alt.Parameter:
    return alt.param(name=name, value=value, bind=alt.binding_range(min=0, max=100, step=5, name=label))
