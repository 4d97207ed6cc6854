"""A drawing of fewer elements is the same picture."""

import io
import re

import pytest
import vl_convert
from PIL import Image, ImageChops

from trilateral.charts import session
from trilateral.publish.drawing import tidy
from trilateral.publish.lean import lean, relative

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60" width="120" height="60">'
GROUPS = (f'{HEAD}<g fill="none"><g transform="translate(10,5)"><path d="M0,0h90v50h-90Z"/><g>'
          '<line transform="translate(0,0)" x2="90" y2="0" stroke="#e4e7eb" stroke-width="1" opacity="1"/>'
          '<line transform="translate(0,25)" x2="90" y2="0" stroke="#e4e7eb" stroke-width="1" opacity="1"/></g>'
          '<g><g pointer-events="none"><text text-anchor="start" transform="translate(4,20)" fill="#000">a &lt; b</text>'
          '</g></g><path class="foreground" d="" display="none"/></g></g></svg>')


def elements(svg):
    return len(re.findall(r"<\w", svg))


def painted(svg):
    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=2))).convert("RGB")


def differs(one, other):
    """Points that are another color to the eye: faint seams between neighbors may go."""
    return sum(ImageChops.difference(painted(one), painted(other)).convert("L").histogram()[48:])


def test_groups_unseen_paths_and_usual_values_go_and_lines_alike_are_one_path():
    assert lean(GROUPS) == (f'{HEAD}<g fill="none"><path d="M10,5h90M10,30h90" stroke="#e4e7eb"/>'
                            '<text fill="#000" x="14" y="25">a &lt; b</text></g></svg>')
    assert differs(GROUPS, lean(GROUPS)) == 0


def test_marks_that_touch_stay_apart_and_in_their_order():
    outline = "M9,0A9,9,0,1,1,-9,0A9,9,0,1,1,9,0"
    circles = "".join(f'<path transform="translate({x},30)" d="{outline}" fill="{color}" opacity="0.5"/>'
                      for x, color in ((20, "#f00"), (30, "#00f"), (40, "#f00"), (90, "#f00")))
    svg = f"{HEAD}<g>{circles}</g></svg>"
    # the third touches the second, which is of another color; the fourth touches none and joins the last like it
    assert elements(lean(svg)) == 1 + 3 and differs(svg, lean(svg)) == 0


def test_what_is_turned_or_has_lines_or_attributes_of_its_own_keeps_its_place():
    svg = (f'{HEAD}<g transform="translate(20,10)"><text transform="translate(0,30) rotate(-90)" fill="#000">up</text>'
           '<text transform="translate(20,10)" fill="#000"><tspan x="0">one</tspan><tspan x="0" dy="12">two</tspan></text>'
           '<g opacity="0.4"><path d="M60,0h20v20h-20Z" fill="#000"/><path d="M60,20h20v20h-20Z" fill="#000"/></g></g></svg>')
    assert differs(svg, lean(svg)) == 0 and 'opacity="0.4"' in lean(svg) and lean(svg).count("<path") == 1


@pytest.mark.parametrize(("outline", "steps"), [
    ("M1,2L3,4L3,1Z", "l2,2l0,-3z"), ("M5,5h10v-5h-10Z", "h10v-5h-10z"), ("M2,0A2,2,0,1,1,-2,0", "a2,2,0,1,1,-4,0"),
    ("M0,0C1,1,2,2,3,3M9,9L8,8", "c1,1,2,2,3,3m6,6l-1,-1"), ("M1,1H4V0", "h3v-1"),
])
def test_an_outline_is_told_in_steps_from_its_start(outline, steps):
    assert relative(outline)[1] == steps


def test_a_chart_of_every_kind_of_mark_looks_the_same_with_half_the_elements():
    rows = [{"x": x, "y": x * x % 7, "kind": "ab"[x % 2]} for x in range(24)]
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "data": {"values": rows}, "width": 300, "height": 120,
            "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
            "layer": [{"mark": {"type": kind, "opacity": 0.6}, "encoding": {"color": {"field": "kind", "type": "nominal"}}}
                      for kind in ("bar", "area", "line", "tick")]
            + [{"mark": {"type": "point", "filled": True}, "encoding": {"shape": {"field": "kind", "type": "nominal"}}},
               {"mark": "text", "encoding": {"text": {"field": "y"}}}]}
    full = tidy(session.svg(spec), "toy")
    assert elements(lean(full)) < elements(full) / 2 and differs(full, lean(full)) == 0
