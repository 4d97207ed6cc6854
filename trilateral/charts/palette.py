"""Colors of the book, each with its counterpart for dark pages.

Every color that carries meaning has at least 4.5:1 contrast on its ground, and the colors of one set are told apart
under simulated protan, deutan and tritan vision (checked in ``tests/test_charts.py``).
"""

from __future__ import annotations

import math

import altair as alt

GROUND = ("#ffffff", "#14181f")
INK = ("#1c2026", "#e8eaed")
MUTED = ("#59616b", "#a7b0bb")
GRID = ("#e4e7eb", "#2b323c")
CONTEXT = ("#8b939d", "#6c7682")
SOFT = ("#eef0f3", "#222831")

# name, light, dark
COUNTRIES: dict[str, tuple[str, str, str]] = {
    "USA": ("United States", "#1d3fb0", "#81b8e7"),
    "JPN": ("Japan", "#680004", "#ec6b5b"),
    "KOR": ("South Korea", "#2b8288", "#96fbe8"),
    "CHN": ("China", "#8c4c0e", "#feba6b"),
    "PRK": ("North Korea", "#2f004e", "#9165ef"),
}

VERDICTS: dict[str, tuple[str, str]] = {
    "supported": ("#0f7044", "#5abe85"),
    "mixed": ("#593200", "#f3d197"),
    "not supported": ("#c22318", "#ee4538"),
    "too little data": ("#6b757e", "#dde8f1"),
    "acted on": ("#0d116d", "#6784ec"),
    "partly": ("#733c8c", "#cb91cd"),
    "not acted on": ("#331c19", "#9f7f7e"),
    "not yet judged": ("#3c454b", "#bbc7d0"),
}

VERDICT_SHAPES: dict[str, str] = {
    "supported": "M0,-1A1,1,0,0,1,0,1A1,1,0,0,1,0,-1Z",
    "mixed": "M0,-1A1,1,0,0,0,0,1A1,1,0,0,0,0,-1ZM0,-.74A.74,.74,0,0,1,0,.74Z",
    "not supported": "M-.65,-1L0,-.35L.65,-1L1,-.65L.35,0L1,.65L.65,1L0,.35L-.65,1L-1,.65L-.35,0L-1,-.65Z",
    "too little data": "".join(
        f"M{.79 * math.cos(turn) - .24:.2f},{.79 * math.sin(turn):.2f}a.24,.24,0,0,1,.48,0a.24,.24,0,0,1,-.48,0Z"
        for turn in (math.pi * sixth / 3 for sixth in range(6))),
    "acted on": "M0,-1L1,.8H-1Z",
    "partly": "M0,-1L1,.8H-1ZM0,-.52V.56H.61Z",
    "not acted on": "M-1,-.8H1L0,1ZM-.57,-.54L0,.48L.57,-.54Z",
    "not yet judged": "M0,-1A1,1,0,0,1,0,1A1,1,0,0,1,0,-1ZM0,-.8A.8,.8,0,0,0,0,.8A.8,.8,0,0,0,0,-.8Z",
}
"""Form of each verdict in charts, on pages and in print: a path within the square from -1 to 1, holes wound the other way."""


def pairs() -> dict[str, str]:
    """Dark counterpart of each light color a chart may use."""
    colors = [GROUND, INK, MUTED, GRID, CONTEXT, SOFT, *VERDICTS.values(),
              *((light, dark) for _, light, dark in COUNTRIES.values())]
    return dict(colors)


def country_name(iso3: str) -> str:
    """Name in prose and labels; the code itself for a country without a color of its own."""
    return COUNTRIES[iso3][0] if iso3 in COUNTRIES else iso3


def country_color(field: str = "iso3") -> dict:
    """Encode a column of country codes by the one color each country has in the whole book.

    Direct labels replace a legend.

    Parameters
    ----------
    field : str
        Column of ISO 3166 alpha-3 codes. A country without a color of its own is drawn gray, as context.

    Returns
    -------
    dict
        For the channel ``color`` of an Altair chart.
    """
    return _color(field, list(COUNTRIES), [light for _, light, _ in COUNTRIES.values()])


def verdict_color(field: str = "verdict") -> dict:
    """Encode a column of verdicts by their colors; for the channel ``color`` of an Altair chart."""
    return _color(field, list(VERDICTS), [light for light, _ in VERDICTS.values()])


def verdict_shape(field: str = "verdict") -> alt.Shape:
    """Encode a column of verdicts by their forms, those of the icons on pages."""
    return alt.Shape(f"{field}:N", legend=None,
                     scale=alt.Scale(domain=list(VERDICT_SHAPES), range=list(VERDICT_SHAPES.values())))


def _color(field: str, domain: list[str], colors: list[str]) -> dict:
    # A categorical scale would give a value outside its domain the colors anew from the first, hence the condition.
    color = alt.Color(f"{field}:N", scale=alt.Scale(domain=domain, range=colors), legend=None)
    return alt.condition(alt.FieldOneOfPredicate(field=field, oneOf=domain), color, alt.value(CONTEXT[0]))
