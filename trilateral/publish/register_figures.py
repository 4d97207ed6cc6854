"""Figures of the whole register, drawn when all chapters are read: which verdicts moved, and how they divide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from trilateral.charts import GROUND, INK, MUTED, NARROW, SOFT, Figure, figure, verdict_color, verdict_legend, verdict_shape
from trilateral.claims import NOT_JUDGED
from trilateral.publish.words import ORDER

UNDECIDED = ("too little data", NOT_JUDGED)
COUNT = 25  # px that the count of a verdict takes
HOLDS = ("supported", "acted on")
BY = {"source": "Brief", "kind": "Kind", "theme": "Theme"}
THEMES = {
    "leadership-institutionalization": "leaders, institutions", "capability-cooperation": "capabilities",
    "threat-divergence": "threats", "economic-coercion": "coercion", "implementation-roadmap": "carrying it out",
    "interdependence": "trade and travel", "global-public-goods-health": "pandemic", "global-public-goods-aid": "aid",
    "science-technology": "technology", "sanctions-trade": "sanctions, trade pacts", "disasters": "disasters",
}


@dataclass(frozen=True)
class Ledger:
    """The book's own verdicts as a source of a figure."""

    name: str = ""
    meta: Mapping[str, Any] = field(default_factory=lambda: {
        "producer": "The Trilateral Ledger", "title": "Verdicts of this book", "vintage": "this edition",
        "licence": {"name": "CC BY 4.0"}})

    def citation(self) -> str:
        return "The Trilateral Ledger, verdicts of this book."

    def source_line(self) -> str:
        return "the verdicts of this book (ledger.json, claims.csv)"


def moved(entries: Iterable[Mapping]) -> Figure:
    """Verdicts on claims about the world, when written against now: one row a pair of verdicts."""
    claims = pd.DataFrame([{"written": each["written"]["verdict"], "now": each["now"]["verdict"]} for each in entries
                           if each["scale"] == "truth" and each["now"]["verdict"] != NOT_JUDGED])
    pairs = claims.value_counts(["written", "now"]).rename("claims").reset_index()
    order = [verdict for verdict in ORDER if verdict in {*pairs["written"], *pairs["now"]}]
    pairs["stayed"] = pairs["written"] == pairs["now"]
    both = claims[~claims.isin(UNDECIDED).any(axis=1)]
    changed = int((both["written"] != both["now"]).sum())
    learned = int((claims["written"].isin(UNDECIDED) & ~claims["now"].isin(UNDECIDED)).sum())

    def draw(width: int) -> alt.LayerChart:
        side = 62 if width > NARROW else 54
        base = alt.Chart(pairs).encode(
            x=alt.X("now:N", sort=order, title="Verdict now", axis=alt.Axis(
                labelAngle=0, labelExpr="split(datum.label, ' ')", labelFontSize=12, domain=False, ticks=False)),
            y=alt.Y("written:N", sort=order, title=None, axis=alt.Axis(labelFontSize=12, grid=False)))
        cells = base.mark_rect(stroke=GROUND[0], strokeWidth=2).encode(
            color=alt.condition("datum.stayed", alt.value(MUTED[0]), alt.value(SOFT[0])))
        numbers = base.mark_text(fontSize=15, fontWeight=600).encode(
            text="claims:Q", color=alt.condition("datum.stayed", alt.value(GROUND[0]), alt.value(INK[0])))
        heading = alt.TitleParams("Verdict when written", fontSize=13, fontWeight="normal", color=MUTED[0], frame="bounds")
        return (cells + numbers).properties(width=side * len(order), height=46 * len(order), title=heading)

    n, decided = len(claims), len(both)
    return figure(
        "verdicts-moved", f"{changed} of {decided} claims decided at both dates have another verdict now",
        f"Claims about the world, verdict when written (rows) and now (columns); number of claims, {n} in all", draw,
        alt=f"A grid of verdicts when written against verdicts now for {n} claims about the world. {decided} were decided at "
            f"both dates, and {changed} of them have another verdict now. {learned} claims that could not be decided when "
            "written can be decided now.",
        data=pairs, tables=[Ledger()],
        note="Recommendations are left out: when they were written nothing could have been done about them. A verdict may move "
             "because the world did, or because the record is longer.")


def divided(entries: Iterable[Mapping]) -> Figure:
    """Verdicts now by brief, kind and theme: one row a group and verdict."""
    claims = [each for each in entries if each["now"]["verdict"] != NOT_JUDGED]
    rows = pd.DataFrame([{"by": name, "group": each["source_short"] if key == "source" else THEMES.get(each[key], each[key]),
                          "verdict": each["now"]["verdict"]} for key, name in BY.items() for each in claims])
    counts = rows.value_counts(["by", "group", "verdict"]).rename("claims").reset_index()
    counts["rank"] = counts["verdict"].map(ORDER.index)
    totals = counts.groupby(["by", "group"])["claims"].transform("sum")
    counts = counts.assign(total=totals, row=counts["group"] + " (" + totals.astype(str) + ")")
    counts = counts.sort_values(["by", "total", "group", "rank"], ascending=[True, False, True, True], kind="stable")
    found = pd.Series([each["now"]["verdict"] for each in claims]).value_counts()
    judged = {verdict: int(found[verdict]) for verdict in ORDER if verdict in found}
    firm = pd.DataFrame([(int(each["written"]["date"][:4]), each["now"]["verdict"] in HOLDS) for each in claims
                         if each["now"]["verdict"] not in UNDECIDED], columns=["year", "holds"])
    said = " and ".join(f"{part['holds'].sum()} of {len(part)} from {year}" for year, part in firm.groupby("year"))
    unclear = int(rows[rows["by"] == BY["kind"]]["verdict"].isin(UNDECIDED).sum())

    def draw(width: int) -> alt.VConcatChart:
        phone = width <= NARROW
        margin = 150 if phone else 205
        inner = width - margin - 12
        room = inner if phone else inner - COUNT * len(judged) - 14  # counts stand below a bar, or on a wide page beside it
        first = COUNT // 2 if phone else inner - COUNT * len(judged) + COUNT // 2
        at = {verdict: first + COUNT * place for place, verdict in enumerate(judged)}
        seen = counts.assign(share=room * counts["claims"] / counts["total"], at=counts["verdict"].map(at))
        seen["end"] = seen.groupby(["by", "group"])["share"].cumsum()
        seen["before"] = seen["end"] - seen["share"]
        heads = pd.DataFrame({"verdict": at.keys(), "at": at.values()})
        panels = [verdict_legend(judged, inner, margin)]
        for name in BY.values():
            part = seen[seen["by"] == name]
            y = alt.Y("row:N", sort=list(dict.fromkeys(part["row"])), title=None, axis=alt.Axis(
                minExtent=margin, maxExtent=margin, labelLimit=margin - 8, labelFontSize=12, grid=False))

            def x(field: str) -> alt.X:
                return alt.X(f"{field}:Q", axis=None, scale=None)

            bars = alt.Chart(part).mark_bar(stroke=GROUND[0], strokeWidth=1, height=16, yOffset=-8 if phone else 0).encode(
                x=x("before"), x2="end:Q", y=y, color=verdict_color())
            text = alt.Chart(part).mark_text(fontSize=12, dy=9 if phone else 0).encode(
                x=x("at"), y=y, text="claims:Q", color=verdict_color())
            marks = alt.Chart(heads).mark_point(size=34, opacity=1).encode(
                x=x("at"), y=alt.value(-9), shape=verdict_shape(), color=verdict_color())
            panels.append((bars + text + marks).properties(width=inner, height=alt.Step(36 if phone else 22),
                                                           title=alt.TitleParams(name, dx=-margin if phone else 0)))
        return alt.vconcat(*panels, spacing=12)

    return figure(
        "verdicts-divided",
        f"Supported or acted on: {said}",
        "Judged claims by verdict now, share and number, by brief, kind of claim and theme; the headline leaves out too little "
        "data", draw,
        alt=f"Stacked bars of the verdicts on {len(claims)} claims by brief, by kind of claim and by theme. Of the claims "
            f"that the data decide, these are supported or acted on: {said}. For {unclear} claims there is too little data.",
        data=counts[["by", "group", "verdict", "claims", "total"]], tables=[Ledger()],
        note="The claims were picked from two texts, not drawn from all that could be said: the shares describe them alone.")


FIGURES: dict[str, Callable[[Iterable[Mapping]], Figure]] = {"verdicts-moved": moved, "verdicts-divided": divided}
