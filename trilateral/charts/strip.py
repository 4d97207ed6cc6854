"""The specification curve: every defensible estimate, sorted, with the choices behind it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from trilateral import claims
from trilateral.charts.figure import HEADLINE_WORDS, Figure, figure
from trilateral.charts.lines import axis_name, turn_of, what_lines, with_line
from trilateral.charts.palette import GROUND, INK, MUTED, VERDICT_SHAPES, VERDICTS, country_name, verdict_color, verdict_shape
from trilateral.charts.rows import bold_labels, point_rows
from trilateral.charts.theme import NARROW

if TYPE_CHECKING:
    from trilateral.specifications import Specifications

MARGINS = (155, 145)  # px for the names of options, on a page and on a phone
NOT_INDEPENDENT = "Specifications share data and are not independent: the share that agrees is not a probability."
BOLD = "Bold: the options of the published verdict."
MORE_DRAWS = "The published calculation has more draws than the others."
THING_WORDS = HEADLINE_WORDS - 11  # "only 3 of 48 calculations say “too little data”, when written" has eleven
TOO_LITTLE = "too little data"
DENSE = 80  # columns above which a narrow curve is summed up, a row an option: marks would run into a band


def specification_strip(specifications: Specifications, quantity: str, *, title: str = "",
                        threshold: float | None = None, zero: bool = False,
                        cut: float | None = None, ranks: bool = False, verdict: str = "",
                        lines: str = "") -> Callable[[int], alt.VConcatChart]:
    """Draw a specification curve; pass the result to `figure` as its chart.

    After Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, doi:10.1038/s41562-020-0912-z.

    Parameters
    ----------
    specifications : Specifications
        What `trilateral.specifications.run` returns.
    quantity : str
        The estimate on the axis, a quantity of the claim's rule; intervals are drawn where ``_low`` and ``_high`` are.
    title : str
        Name and unit of the estimate; the quantity's name by default.
    threshold : float, optional
        Where the rule draws its line.
    zero : bool
        Whether the scale must reach zero.
    cut : float, optional
        Estimates and ends of intervals above it are drawn at it.
    ranks : bool
        Whether the estimates are ranks, of which the first stands at the top.
    verdict : str, optional
        That of the main specification. A phone has no room for the choices of many specifications: it gets a row an option, and
        beside it the share of specifications that give this verdict.
    lines : str, optional
        What the lines through the estimates are, said beside the name of the axis where they are drawn.

    Raises
    ------
    ValueError
        No specification has the quantity.
    """
    frame = specifications.frame.copy()
    if quantity not in frame or frame[quantity].notna().sum() == 0:
        raise ValueError(f"specification strip: no specification has the quantity {quantity!r}; there are "
                         f"{', '.join(column for column in frame if column not in specifications.choices)}")
    order = {choice: [named(specifications, choice, option) for option in dict.fromkeys(frame[choice])]
             for choice in specifications.choices}
    main = main_options(specifications)
    frame = frame.dropna(subset=[quantity]).sort_values(quantity, kind="stable").reset_index(drop=True)
    frame["rank"] = frame.index + 1
    if cut is not None:
        drawn = [name for name in (quantity, f"{quantity}_low", f"{quantity}_high") if name in frame]
        frame[drawn] = frame[drawn].clip(upper=cut)
    varied = [choice for choice in specifications.choices if frame[choice].nunique() > 1]
    dots = frame.melt(["rank", "verdict"], varied, "choice", "option")
    dots["option"] = [named(specifications, *row) for row in zip(dots["choice"], dots["option"], strict=True)]
    counts = (frame["verdict"] if specifications.every is None else specifications.every).value_counts()
    counts = {verdict: int(counts[verdict]) for verdict in VERDICTS if verdict in counts}

    ends = frame[[name for name in (quantity, f"{quantity}_low", f"{quantity}_high") if name in frame]].stack()
    whole = {}  # counts have no halves, and few of them a mark each: Vega may still halve the least step that it is given
    if (frame[quantity] % 1 == 0).all():
        few = ends.max() - ends.min() <= 6
        whole = {"values": list(range(int(ends.min()), int(ends.max()) + 1)), "format": "d"} if few else {"tickMinStep": 1}

    spans = {f"{quantity}_low", f"{quantity}_high"} <= set(frame)
    if lines and spans and specifications.published and frame[f"{quantity}_low"].count() == 1 < len(frame):
        lines += ", of the published alone"
    summary = _summary(specifications, varied, quantity, title or quantity, threshold, cut, verdict)

    def draw(width: int) -> alt.VConcatChart:
        phone = width <= NARROW
        if phone and len(frame) > DENSE:
            return alt.vconcat(_verdicts_said(counts, width - MARGINS[1] - 50, MARGINS[1]), summary(width), spacing=10)
        longest = max([len(option) for option in dots["option"]], default=0)
        margin = min(round(longest * 6.9) + 12, 140 if phone else 240)
        inner = width - margin - 14
        room = max(12, 0.45 * (inner / len(frame)) ** 2)  # px², of a mark that leaves the next one free
        sizes = (30, 20) if phone else (min(40, room), min(28, room))
        x = alt.X("rank:Q", axis=None, scale=alt.Scale(domain=[0.3, len(frame) + 0.7], nice=False))
        name = axis_name(title or quantity, lines if spans else "", inner + margin)
        y = alt.Y(f"{quantity}:Q", title=name, scale=alt.Scale(zero=zero, **({"reverse": True} if ranks else {})),
                  axis=alt.Axis(minExtent=margin, maxExtent=margin, titleX=-margin, **whole,
                                titleY=-8 if isinstance(name, str) else -25))  # the first of two lines stands higher
        base = alt.Chart(frame).encode(x=x)
        curve = [_verdicts(base.encode(y=y), sizes[0])]
        if spans:
            curve.insert(0, base.mark_rule(strokeWidth=0.8).encode(
                y=alt.Y(f"{quantity}_low:Q", title=name), y2=f"{quantity}_high:Q", color=verdict_color()))
        if threshold is not None:
            line = alt.Chart(pd.DataFrame({"threshold": [threshold]}))
            curve.insert(0, line.mark_rule(color=MUTED[0], strokeDash=[4, 3]).encode(y="threshold:Q"))
        top = alt.layer(*curve).properties(width=inner, height=150 if phone else 190)
        panels = []
        for choice in varied:
            y = alt.Y("option:N", title=None, sort=order[choice], axis=alt.Axis(
                minExtent=margin, maxExtent=margin, labelLimit=margin - 6, labelFontSize=12, grid=True,
                **bold_labels([main[choice]])))
            panel = _verdicts(alt.Chart(dots[dots["choice"] == choice]).encode(x=x, y=y), sizes[1])
            panels.append(panel.properties(width=inner, height=alt.Step(15), title=alt.TitleParams(
                choice.replace("_", " "), fontSize=12, fontWeight=600, color=INK[0], offset=2, frame="group", dx=-margin)))
        return alt.vconcat(verdict_legend(counts, inner, margin, ring=True), top, *panels, spacing=10)

    return draw


def _verdicts(base: alt.Chart, size: float) -> alt.Chart:
    """A mark a verdict; that of too little data is a whole ring on a free ground, since dots would be lost among lines."""
    ring, words = alt.datum.verdict == TOO_LITTLE, list(VERDICTS)
    colors, forms = [light for light, _ in VERDICTS.values()], VERDICT_SHAPES | {TOO_LITTLE: "circle"}
    fill = alt.Fill("verdict:N", legend=None, scale=alt.Scale(domain=words, range=colors))
    shape = alt.Shape("verdict:N", legend=None, scale=alt.Scale(domain=words, range=[forms[word] for word in words]))
    return base.mark_point(size=size, opacity=1, strokeWidth=round(0.22 * size ** 0.5, 2)).encode(
        fill=alt.condition(ring, alt.value(GROUND[0]), fill), shape=shape,
        stroke=alt.condition(ring, alt.value(VERDICTS[TOO_LITTLE][0]), alt.value(None)))


def _summary(curve: Specifications, choices: Sequence[str], quantity: str, title: str, threshold: float | None,
             cut: float | None, verdict: str) -> Callable[[int], alt.VConcatChart]:
    """A row an option: the middle of its estimates and how far they spread."""
    rows, main = by_option(curve, quantity, verdict), main_options(curve)
    rows = rows[rows["choice"].isin(["all", *choices])]
    rows = rows.assign(main=rows["option"] == rows["choice"].map(main), share=rows["agree"].map("{:.0f} %".format),
                       panel=rows["choice"].replace("all", "all choices").str.replace("_", " "))
    ends = [rows["low"].min(), rows["high"].max() if cut is None else min(cut, rows["high"].max()),
            *([] if threshold is None else [threshold])]
    room = 0.04 * (max(ends) - min(ends))
    return point_rows(rows, "option", "middle", interval=("low", "high"), panel="panel", bold="main", zero=False,
                      title=[title, "point: median; line: central four fifths"], domain=(min(ends) - room, max(ends) + room),
                      threshold=threshold, margins=MARGINS, step=18,
                      **({"text": "share", "head": f"say “{verdict}”"} if verdict else {}))


def _verdicts_said(counts: Mapping[str, int], inner: int, margin: int) -> alt.Chart:
    """How many say what, as a sentence: where no mark is drawn that a legend could explain."""
    said = ", ".join(f"{count} “{verdict}”" for verdict, count in counts.items())
    lines = textwrap.wrap(f"The {sum(counts.values())} calculations say: {said}.", (inner + margin) // 6)
    return alt.Chart(pd.DataFrame({"words": [""]})).mark_text(
        align="left", baseline="top", x=-margin, y=0, text=lines, lineHeight=17, color=INK[0]).properties(
            width=inner, height=17 * len(lines), view=alt.ViewConfig(stroke=None))


def verdict_legend(counts: Mapping[str, int], inner: int, margin: int, ring: bool = False) -> alt.LayerChart:
    """Form, word and count of each verdict, in lines as wide as the drawing.

    Parameters
    ----------
    counts : mapping of verdict to int
    inner, margin : int
        Width of the plots below, and of the room for the names beside them, px.
    ring : bool
        Whether the plots mark too little data by a ring, as a specification strip does.
    """
    places, x, line = [], 0.0, 0
    for verdict, count in counts.items():
        words = f"{count} {verdict}"
        wide = 7.2 * len(words) + 34
        if x and x + wide > inner + margin:
            x, line = 0.0, line + 1
        places.append({"verdict": verdict, "words": words, "x": x + 6 - margin, "y": 18 * line + 6})
        x += wide
    base = alt.Chart(pd.DataFrame(places)).encode(
        x=alt.X("x:Q", scale=None, axis=None), y=alt.Y("y:Q", scale=None, axis=None))
    marks = _verdicts(base, 70) if ring else base.mark_point(size=70, opacity=1).encode(
        color=verdict_color(), shape=verdict_shape())
    return alt.layer(marks, base.mark_text(align="left", dx=10, fontWeight=600).encode(text="words:N", color=verdict_color())
                     ).properties(width=inner, height=18 * (line + 1), view=alt.ViewConfig(stroke=None))


def named(curve: Specifications, choice: str, option: object) -> str:
    """An option as it stands beside its row."""
    return curve.read(choice, country_name(str(option)))


def main_options(curve: Specifications) -> dict[str, str]:
    """The option of each choice that the published verdict rests on, in the words of its row."""
    return {choice: named(curve, choice, curve.frame[choice].iloc[0]) for choice in curve.choices}


def specification_figure(id: str, claim: str, moment: str, curve: Specifications, quantities: Mapping[str, claims.Quantity],
                         quantity: str, title: str, threshold: float | None, thing: str, subtitle: str, tables: Sequence,
                         cut: float | None = None, ranks: bool = False, aside: str = "") -> Figure:
    """Specification curve of the quantity that decides, headlined by how many specifications agree with the verdict.

    Parameters
    ----------
    id, subtitle, tables
        As for `trilateral.charts.figure.figure`.
    claim : str
        Id in the register.
    moment : str
        ``when written`` or ``now``, for the headline.
    curve : Specifications
        What `trilateral.specifications.run` made.
    quantities : mapping of str to Quantity
        Those of the main specification, which give the verdict.
    quantity, title
        The quantity drawn and the words of its axis.
    threshold : float or None
        The value at which the rule turns; None reads it from the rule, see `trilateral.claims.asked`. Where a rule that a
        reader edited compares the quantity with no number, no line is drawn.
    cut : float, optional
        As for `specification_strip`; the note says so.
    ranks : bool
        As for `specification_strip`.
    thing : str
        What is computed, as a noun of at most four words: "Korean priorities".
    aside : str
        What a reader of the headline alone must know, in as few words as the headline has left.
    """
    verdict = claims.register()[claim].decide(quantities)[0]
    threshold = turn_of(claim, quantity, quantities) if threshold is None else threshold
    agree, total, estimates = int((curve.verdicts == verdict).sum()), len(curve.verdicts), curve.frame[quantity].dropna()
    drawn = len(curve.frame)
    return figure(
        id, agreement_headline(id, thing, agree, total, verdict, moment) + (f"; {aside}" if aside else ""),
        with_line(subtitle, claim, quantity, threshold, quantities),
        specification_strip(curve, quantity, title=title, threshold=threshold, cut=cut, ranks=ranks, verdict=verdict,
                            lines=what_lines(quantities.get(quantity))),
        data=curve.frame, tables=tables,
        alt=f"Specification curve: {drawn} estimates of {thing}, from {_short(estimates.min())} to "
            f"{_short(estimates.max())} ({title}), "
            + ("sorted and marked by verdict, the choices behind each below it. " if drawn <= DENSE else
               "sorted and marked by verdict, or on a narrow screen summed up: median and central four fifths an option. ")
            + ("" if threshold is None else f"A dashed line stands at {threshold:g}. ")
            + f"{agree} of {total} calculations lead to the verdict “{verdict}”.",
        note=_note(curve)
             + (f" Equal ones are drawn once: {drawn} of {total}." if drawn < total else "")
             + (f" Values above {cut:g} are drawn at {cut:g}." if cut is not None else ""))


def _note(curve: Specifications) -> str:
    return " ".join([NOT_INDEPENDENT, BOLD, *([MORE_DRAWS] if curve.published else [])])


def by_option(curve: Specifications, quantity: str, verdict: str) -> pd.DataFrame:
    """Spread of the estimates of a large grid for each option of each choice, and the share that gives a verdict.

    Parameters
    ----------
    curve : Specifications
        What `trilateral.specifications.run` made.
    quantity, verdict : str

    Returns
    -------
    DataFrame
        First the whole grid: choice, option, low, middle, high (tenth, fiftieth and ninetieth percentile), agree (percent).
    """
    frame = curve.frame
    parts = [("all", "all specifications", frame)]
    parts += [(choice, named(curve, choice, option), part)
              for choice in curve.choices for option, part in frame.groupby(choice, sort=False)]
    rows = [(choice, option, *part[quantity].quantile([0.1, 0.5, 0.9]), 100 * (part["verdict"] == verdict).mean())
            for choice, option, part in parts]
    return pd.DataFrame(rows, columns=["choice", "option", "low", "middle", "high", "agree"])


def option_figure(id: str, claim: str, moment: str, curve: Specifications, quantities: Mapping[str, claims.Quantity],
                  quantity: str, title: str, threshold: float | None, thing: str, subtitle: str, tables: Sequence) -> Figure:
    """Specification curve of a grid too large to draw point by point, one row an option.

    Parameters as for `trilateral.charts.specification_figure`.
    """
    verdict, n = claims.register()[claim].decide(quantities)[0], len(curve.frame)
    threshold = turn_of(claim, quantity, quantities) if threshold is None else threshold
    table, agree = by_option(curve, quantity, verdict), int((curve.frame["verdict"] == verdict).sum())
    main = table["option"] == table["choice"].map(main_options(curve))
    chart = point_rows(table.assign(share=table["agree"].map("{:.0f} %".format), main=main), "option", "middle", bold="main",
                       interval=("low", "high"), text="share", head=f"say “{verdict}”", title=title, zero=False,
                       threshold=threshold, margins=MARGINS, step=18)
    table = table.assign(choice=table["choice"].str.replace("_", " "))
    return figure(
        id, agreement_headline(id, thing, agree, n, verdict, moment),
        f"{with_line(subtitle, claim, quantity, threshold, quantities)}. Point: median; line: the central four fifths of the "
        f"specifications with this option; right: the share of them that say “{verdict}”", chart, data=table, tables=tables,
        alt=f"For each choice of method the middle of the estimates and the range of the central four fifths. Over all {n} "
            f"specifications the median is {_short(table['middle'][0])} ({title})"
            f"{'' if threshold is None else f'; a dashed line stands at {threshold:g}'}. "
            f"{agree} lead to the verdict “{verdict}”.",
        note=_note(curve))


def agreement_headline(id: str, thing: str, agree: int, total: int, verdict: str, moment: str) -> str:
    """How many ways to compute a thing give its verdict, within the words of a headline for every verdict and moment.

    Raises
    ------
    ValueError
        The name of the thing is too long for the longest verdict.
    """
    if len(thing.split()) > THING_WORDS:
        raise ValueError(f"figure {id}: the thing that is computed, {thing!r}, has {len(thing.split())} words; with more than "
                         f"{THING_WORDS} the headline would be too long for some verdicts")
    only = "only " if agree < total / 2 else ""
    return f"{thing[0].upper()}{thing[1:]}: {only}{agree} of {total} calculations say “{verdict}”, {moment}"


def _short(number: float) -> str:
    """Two significant digits, without an exponent."""
    return f"{float(f'{number:.2g}'):g}"
