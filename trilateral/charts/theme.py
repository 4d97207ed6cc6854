"""The Altair theme ``ledger``: quiet axes, one typeface, left-aligned text."""

from __future__ import annotations

from functools import cache

import altair as alt
from altair.utils import schemapi
from altair.vegalite.v6.schema.core import VegaLiteSchema

from trilateral.charts.palette import CONTEXT, GRID, INK, MUTED, SOFT

# vl-convert measures no text in a family whose name has a digit, so the fonts in trilateral/fonts answer to a second
# name too; `session.svg` puts the first back, in the quotation marks that SVG wants.
FONT = "Ledger Sans, sans-serif"
SVG_FONT = "'Source Sans 3', sans-serif"
WIDE, NARROW = 680, 330  # px, width of the drawing on a page and on a phone
HEIGHT = {WIDE: 320, NARROW: 280}

# For every channel that is a text or a dict, Altair hashes the schemas of all its classes: a quarter of the time that a figure
# takes. They are always the same, so once is enough.
_CLASSES = tuple(VegaLiteSchema._default_wrapper_classes())
VegaLiteSchema._default_wrapper_classes = classmethod(lambda cls: _CLASSES)
schemapi._FromDict = cache(schemapi._FromDict)


@alt.theme.register("ledger", enable=True)
def ledger() -> alt.theme.ThemeConfig:
    """Configuration of every chart of the book."""
    axis = {
        "domain": False, "ticks": False, "grid": True, "gridColor": GRID[0], "gridWidth": 1,
        "labelColor": MUTED[0], "labelFont": FONT, "labelFontSize": 13, "labelPadding": 6,
        "titleColor": MUTED[0], "titleFont": FONT, "titleFontSize": 13, "titleFontWeight": "normal",
    }
    return {"config": {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "domain": True, "domainColor": CONTEXT[0], "ticks": True, "tickColor": CONTEXT[0],
                  "tickSize": 4, "labelFlush": False},
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleBaseline": "bottom",
                  "titleX": 0, "titleY": -8},
        "header": {"labelColor": INK[0], "labelFont": FONT, "labelFontSize": 14, "labelFontWeight": 600,
                   "labelAnchor": "start", "titleColor": MUTED[0], "titleFont": FONT, "title": None},
        "legend": {"labelColor": INK[0], "labelFont": FONT, "labelFontSize": 13, "titleColor": MUTED[0],
                   "titleFont": FONT, "titleFontSize": 13, "titleFontWeight": "normal", "orient": "top",
                   "offset": 6, "symbolStrokeWidth": 2},
        "title": {"anchor": "start", "color": INK[0], "font": FONT, "fontSize": 15, "fontWeight": 600,
                  "subtitleColor": MUTED[0], "subtitleFont": FONT, "subtitleFontSize": 13, "frame": "group"},
        "line": {"strokeWidth": 2.25, "strokeJoin": "round", "strokeCap": "round"},
        "point": {"filled": True, "size": 45, "opacity": 1},
        "circle": {"size": 45, "opacity": 1},
        "square": {"opacity": 1},
        "tick": {"opacity": 1},
        "rule": {"color": MUTED[0]},
        "area": {"opacity": 0.18},
        "errorband": {"opacity": 0.18},
        "text": {"color": INK[0], "font": FONT, "fontSize": 13},
        "bar": {"color": CONTEXT[0], "discreteBandSize": {"band": 0.72}},
        "rect": {"color": SOFT[0]},
        "mark": {"color": CONTEXT[0]},
    }}
