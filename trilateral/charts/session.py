"""A figure in Jupyter: a still picture at once, an interactive chart without set-up or network."""

from __future__ import annotations

import base64
import html as markup
import itertools
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import altair as alt
import vl_convert

from trilateral.charts.controls import interactive
from trilateral.charts.theme import FONT, SVG_FONT

if TYPE_CHECKING:
    from trilateral.charts.figure import Figure

FONTS = Path(__file__).parents[1] / "fonts"
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
BUILD = "TRILATERAL_BUILD"
_numbers = itertools.count(1)
_sent: set[str] = set()


def book_is_built() -> bool:
    """Whether this kernel runs for a book, which draws figures itself."""
    return bool(os.environ.get(BUILD))


@lru_cache
def _fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def svg(spec: dict) -> str:
    """Draw a Vega-Lite specification with the fonts of the book."""
    _fonts()
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    return drawn.replace(f'font-family="{FONT}"', f'font-family="{SVG_FONT}"')


@lru_cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that leaves nothing but their three names behind."""
    bundle = vl_convert.javascript_bundle(vl_version=VEGA_LITE).replace("</script", "<\\/script")
    return f"(function(){{{bundle}}})();"


def _script(code: str) -> str:
    return f"<script>{code}</script>"


def html(figure: Figure) -> str:
    """Headline, subtitle, chart and source; the first figure of a kernel brings the Vega script along."""
    place = f"trilateral-{figure.id}-{next(_numbers)}"
    spec = json.dumps(interactive(figure.wide), ensure_ascii=False).replace("</", "<\\/")
    show = (f"(function(){{var tries=0;function show(){{var place=document.getElementById({json.dumps(place)});"
            "if(place&&window.vegaEmbed)"
            f"window.vegaEmbed(place,{spec},{{renderer:'svg',actions:{{export:true,source:false,compiled:false,"
            "editor:false}}).catch(console.error);else if(tries++<150)setTimeout(show,100);}show();})();")
    vega_script = "" if "vega" in _sent else _script(vega())
    _sent.add("vega")
    still = base64.b64encode(svg(dict(figure.wide)).encode()).decode()
    source, note = markup.escape(figure.source_line()), markup.escape(figure.note)
    return (f'<div style="max-width:720px;font-family:\'Source Sans 3\',sans-serif">'
            f"<p style='margin:0;font-size:1.15em;font-weight:600'>{markup.escape(figure.headline)}</p>"
            f"<p style='margin:0 0 .5em'>{markup.escape(figure.subtitle)}</p>"
            # an image, since Jupyter takes inline SVG and scripts out of a notebook it does not trust
            f'<div id="{place}"><img alt="{markup.escape(figure.alt)}" src="data:image/svg+xml;base64,{still}"></div>'
            f"<p style='margin:.4em 0 0;font-size:.85em'>Source: {source}</p>"
            + (f"<p style='margin:0;font-size:.85em'>{note}</p>" if note else "")
            + f"</div>{vega_script}{_script(show)}")
