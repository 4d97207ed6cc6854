"""A what-if: recipients or sectors are handed to one lead donor each, and overlap and shares of the work change."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

import altair as alt
import pandas as pd

from trilateral.charts.palette import CONTEXT, INK, country_color, country_name
from trilateral.charts.theme import NARROW

LEADS, ORDERS = ("gives most", "specializes most"), ("largest first", "smallest first")
MEAN = "mean of three"


def division_chart(rows: pd.DataFrame, settings: Mapping[str, object]) -> Callable[[int], alt.VConcatChart]:
    """Overlap of each pair of donors and each donor's share of all, before and after handing over.

    Every sum is computed by the chart's own transforms, so that it works in a browser without a server.

    Parameters
    ----------
    rows : DataFrame
        What can be divided, as `trilateral.measures.portfolios.bundles` returns it.
    settings : mapping
        Where the controls stand at first: ``what`` one of the kinds, ``handed`` a number of rows, ``lead`` and
        ``order`` as in `trilateral.measures.portfolios.division`. Each noun that kinds begin with, recipients or sectors,
        has a number of its own, at first that of ``handed`` or all there are; ``idle_`` and its name says whether what
        is chosen leaves it without effect.
    """
    donors, kinds = rows["donor"].unique().tolist(), rows["kind"].unique().tolist()
    most = rows.assign(noun=rows["kind"].str.partition(",")[0]).groupby("noun", sort=False)["order"].max()
    numbers = {noun: f"handed_{noun}" if at else "handed" for at, noun in enumerate(most.index)}
    handed = " : ".join(f"indexof(what, '{noun}') == 0 ? {number}" for noun, number in numbers.items()) + " : 0"
    params = [
        *(alt.param(name=numbers[noun], value=min(int(settings["handed"]), limit), bind=alt.binding_range(
            min=0, max=limit, step=1, name=f"{noun.capitalize()} handed over (of {limit}) "))
          for noun, limit in most.astype(int).items()),
        *(alt.param(name=name, value=settings[name], bind=alt.binding_select(options=list(options), name=words))
          for name, words, options in (
              ("what", "What ", kinds), ("lead", "To the donor that ", LEADS), ("order", "Begin ", ORDERS))),
        *(alt.param(name=f"idle_{number}", expr=f"indexof(what, '{noun}') != 0") for noun, number in numbers.items())]
    given = (f"(order == '{ORDERS[0]}' ? datum.order : datum.last - datum.order) <= ({handed})"
             f" ? (datum.donor == (lead == '{LEADS[0]}' ? datum.most : datum.special) ? datum.total : 0) : datum.amount")
    base = alt.Chart(rows).transform_filter("datum.kind == what").transform_calculate(given=given)
    pairs = {f"{_short(a)}–{_short(b)}": (a, b) for a, b in itertools.combinations(donors, 2)}

    def overlap(field: str) -> alt.Chart:
        chart = base.transform_pivot("donor", value=field, groupby=["unit"])
        products = {a + b: f"datum.{a} * datum.{b}" for a, b in itertools.combinations_with_replacement(donors, 2)}
        angles = {name: f"datum.{a}{b} / sqrt(max(1e-9, datum.{a}{a} * datum.{b}{b}))" for name, (a, b) in pairs.items()}
        mean = " + ".join(f"datum['{name}']" for name in pairs)
        return chart.transform_calculate(**products).transform_aggregate(
            **{name: f"sum({name})" for name in products}).transform_calculate(**angles).transform_calculate(
            **{MEAN: f"({mean}) / {len(pairs)}"}).transform_fold([*pairs, MEAN], as_=["pair", "cosine"])

    def shares(field: str) -> alt.Chart:
        return base.transform_calculate(served=f"datum.{field} > 0 ? 1 : 0").transform_aggregate(
            sum=f"sum({field})", served="sum(served)", groupby=["donor"]).transform_joinaggregate(
            whole="sum(sum)").transform_calculate(
            share="100 * datum.sum / datum.whole", name=_names(donors), words="datum.served + ' ' + split(what, ',')[0]")

    def draw(width: int) -> alt.VConcatChart:
        margin, room = 122, 90 if width > NARROW else 74
        size = {"width": width - margin - room, "height": alt.Step(26)}
        axis = alt.Axis(minExtent=margin, maxExtent=margin, title=None, grid=False)
        y = alt.Y("pair:N", sort=[*pairs, MEAN], axis=axis)
        x = alt.X("cosine:Q", title="overlap (cosine)", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=5))
        ink = alt.condition(f"datum.pair == '{MEAN}'", alt.value(INK[0]), alt.value(CONTEXT[0]))
        after = overlap("given")
        top = alt.layer(
            after.mark_bar(height=13).encode(x=x, y=y, color=ink),
            overlap("amount").mark_tick(thickness=2, size=20, color=INK[0]).encode(x=x, y=y),
            after.mark_text(align="left", dx=6, fontWeight=600).encode(
                x=alt.value("width"), y=y, text=alt.Text("cosine:Q", format=".2f")))
        names = alt.Y("name:N", sort=[country_name(donor) for donor in donors], axis=axis)
        part = alt.X("share:Q", title="percent of what the three give", scale=alt.Scale(domain=[0, 100]),
                     axis=alt.Axis(tickCount=5))
        work = shares("given")
        low = alt.layer(
            work.mark_bar(height=13).encode(x=part, y=names, color=country_color("donor")),
            shares("amount").mark_tick(thickness=2, size=20, color=INK[0]).encode(x=part, y=names),
            work.mark_text(align="left", dx=6, fontSize=11 if width <= NARROW else 13).encode(
                x=alt.value("width"), y=names, text="words:N"))
        return alt.vconcat(top.properties(**size), low.properties(**size), spacing=14).add_params(*params)

    return draw


def _short(code: str) -> str:
    return "US" if code == "USA" else country_name(code)


def _names(donors: list[str]) -> str:
    return " ".join(f"datum.donor == '{code}' ? '{country_name(code)}' :" for code in donors) + " datum.donor"
