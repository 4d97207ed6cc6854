"""The picture on the front page: all that the three governments did together, and when the two texts appeared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd
from docutils import nodes as docutils_nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trilateral.claims import register
from trilateral.data import load
from trilateral.publish import nodes
from trilateral.publish.html_figures import DATA_PAGE

TABLE = "trilateral_milestones"
WIDTHS = {"wide": 660, "narrow": 343}  # px
LETTERS = 13  # px
STEP = {"wide": 4.6, "narrow": 3.6}  # px from dot to dot
ROOM = 20  # px for the years below and the names above
LABELED = 5  # years
LEADER = "leader"


@dataclass(frozen=True)
class Record:
    """What the picture shows.

    Attributes
    ----------
    years : Series
        Of each event, its year; leaders' meetings are the last of their year.
    leaders : Series
        Whether each is a meeting of leaders.
    texts : dict of str to date
        The texts that are judged, by what the picture calls them.
    after : int
        Events since the last text.
    ends : str
        Month of the last event.
    """

    years: pd.Series
    leaders: pd.Series
    texts: Mapping[str, date]
    after: int
    ends: str

    @property
    def span(self) -> range:
        return range(int(self.years.min()), int(self.years.max()) + 1)


def record(milestones: pd.DataFrame, sources: Mapping[str, Mapping[str, str]]) -> Record:
    """Events that took place, see `trilateral.measures.turnovers.held`.

    Parameters
    ----------
    milestones : DataFrame
        The table trilateral_milestones.
    sources : mapping
        Those of the register, each with its ``date``.
    """
    from trilateral.measures.turnovers import held  # brings statsmodels, which no other page needs

    events = held(milestones)
    ordered = events.assign(year=events["day"].dt.year, leader=events["level"] == LEADER).sort_values(["year", "leader"])
    days = sorted(date.fromisoformat(source["date"]) for source in sources.values())
    return Record(ordered["year"], ordered["leader"], {f"text of {day.year}": day for day in days},
                  int((events["day"] > pd.Timestamp(days[-1])).sum()), f"{events['day'].max():%B %Y}")


def words(shown: Record) -> tuple[str, str]:
    """What the picture says, for all, and what is seen in it, for those who do not see it."""
    counts = shown.years.value_counts()
    most = int(counts.idxmax())
    last = list(shown.texts)[-1]
    caption = (f"The record: {len(shown.years)} meetings, exercises and agreements of the three governments from "
               f"{shown.span[0]} to {shown.ends}, a dot each; the {int(shown.leaders.sum())} meetings of leaders are blue, on "
               f"top. {shown.after} came after the {last}.")
    alt = (f"Columns of dots by year, {shown.span[0]} to {shown.ends}, one dot for each of {len(shown.years)} meetings, "
           f"exercises and agreements of the three governments. The tallest column is {most} with {int(counts.max())}. "
           f"Lines mark the {' and the '.join(shown.texts)}; {shown.after} dots stand after the {last}.")
    return caption, alt


def drawing(shown: Record, size: str) -> str:
    """The picture as SVG, wide or narrow: dots are round ends of lines without length, by year from the ground up."""
    width, step = WIDTHS[size], STEP[size]
    across = width / len(shown.span)
    tallest = int(shown.years.value_counts().max())
    ground = ROOM + tallest * step

    def x(year: float) -> float:
        return (year - shown.span[0]) * across

    heights = shown.years.groupby(shown.years).cumcount()
    dots = {False: "", True: ""}
    for year, height, leader in zip(shown.years, heights, shown.leaders, strict=True):
        dots[leader] += f"M{x(year + 0.5):.1f},{ground - (height + 0.5) * step:.1f}h0"
    texts = ""
    for name, day in shown.texts.items():
        at = f"{x(day.year + day.timetuple().tm_yday / 365):.1f}"
        texts += (f'<path class="at" d="M{at},{LETTERS + 3}V{ground:.1f}"/>'
                  f'<text x="{at}" y="{LETTERS - 2}" text-anchor="middle">{escape(name)}</text>')
    years = "".join(f'<text x="{x(year + 0.5):.1f}" y="{ground + LETTERS + 4:.1f}" text-anchor="middle">{year}</text>'
                    for year in shown.span if year % LABELED == 0)
    return (f'<svg class="tl-{size}" viewBox="0 0 {width} {ground + ROOM:.0f}" role="img" '
            f'aria-label="{escape(words(shown)[1])}" style="max-width:{width}px">'
            f'<path class="ground" d="M0,{ground:.1f}H{width}"/>{texts}{years}'
            f'<path class="dots" stroke-width="{step * 0.8:.1f}" d="{dots[False]}"/>'
            f'<path class="dots leaders" stroke-width="{step * 0.95:.1f}" d="{dots[True]}"/></svg>')


def visit(self: HTML5Translator, node: docutils_nodes.Element) -> None:
    builder, table = self.builder, load(TABLE)
    shown = record(table.frame, register().sources)
    here = builder.get_target_uri(builder.current_docname)
    page = relative_uri(here, builder.get_target_uri(DATA_PAGE))
    self.body.append(f'<figure class="tl-record">{"".join(drawing(shown, size) for size in WIDTHS)}<figcaption>'
                     f'{escape(words(shown)[0])} <a href="{page}#{TABLE}">Source</a></figcaption></figure>\n')
    raise docutils_nodes.SkipNode


def leave_out(app: Sphinx, doctree: docutils_nodes.document, docname: str) -> None:
    """On paper the cover is the picture."""
    if app.builder.format != "html":
        for node in list(doctree.findall(nodes.record_picture)):
            node.parent.remove(node)


def setup(app: Sphinx) -> None:
    app.add_node(nodes.record_picture, html=(visit, None))
    app.connect("doctree-resolved", leave_out)
