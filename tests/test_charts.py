"""The figure contract, the palette and the shared marks."""

import ast
import inspect
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from colorspacious import cspace_convert
from hypothesis import given
from hypothesis import strategies as st

from trilateral import charts, claims
from trilateral.charts import lines, palette, session, strip
from trilateral.charts.figure import HEADLINE_WORDS, plain_number
from trilateral.charts.tooltips import with_tooltips
from trilateral.claims import Quantity
from trilateral.data import Table
from trilateral.publish import chapters
from trilateral.specifications import Specifications

META = {"producer": "A producer", "producer_short": "Producer", "title": "A table", "vintage": "2024", "grade": "A",
        "licence": {"name": "CC0"}, "citation": "A producer (2024)."}
TABLE = Table("toy", pd.DataFrame({"x": [1]}), META)
DATA = pd.DataFrame({"iso3": ["JPN", "JPN", "KOR", "KOR"], "year": [2000, 2001] * 2, "value": [1.0, 2.0, 3.0, 2.5]})
ALT = "Two lines over two years. Japan rises from one point to two, South Korea falls from three to 2.5 in total."
LINES = alt.Chart(DATA).mark_line().encode(x="year:Q", y="value:Q", color=charts.country_color())

PLAIN = """
import json
import altair as alt
from altair.utils import schemapi
made = []
class Counted(schemapi._FromDict):
    def __init__(self, *classes):
        made.append(1)
        super().__init__(*classes)
schemapi._FromDict = Counted
def drawn():
    made.clear()
    color = alt.condition("datum.x > 1", alt.value("red"), {"field": "name", "type": "nominal", "legend": {"title": "Who"}})
    chart = alt.Chart(alt.Data(values=[])).mark_point().encode(x="x:Q", y="mean(y):Q", color=color, tooltip=["x:Q", "y:Q"])
    return json.dumps(chart.to_dict()), len(made)
plain, before = drawn()
import trilateral.charts.theme
alt.theme.enable("default")
assert set(schemapi._subclasses(alt.VegaLiteSchema)) == set(alt.VegaLiteSchema._default_wrapper_classes())
again, first = drawn()
once_more, later = drawn()
assert plain == again == once_more and before > 1 and first == 1 and later == 0, (plain, again, before, first, later)
"""


def make(**changes):
    given = {"id": "toy", "headline": "Japan rises", "subtitle": "Points, 2000-2001", "chart": LINES, "alt": ALT,
             "data": DATA, "tables": [TABLE]} | changes
    return charts.figure(given.pop("id"), given.pop("headline"), given.pop("subtitle"), given.pop("chart"), **given)


@pytest.mark.parametrize(("changes", "message"), [
    ({"headline": "word " * 16}, "16 words"),
    ({"headline": " "}, "0 words"),
    ({"alt": "Too short, 1."}, "3 words; it needs 20 to 80"),
    ({"alt": "word " * 81 + "1"}, "82 words"),
    ({"alt": "word " * 30}, "names no value"),
    ({"id": "Not a slug"}, "lower-case letters"),
    ({"subtitle": ""}, "subtitle is empty"),
    ({"data": DATA.head(0)}, "at least one row"),
    ({"tables": []}, "name in `tables`"),
    ({"chart": alt.hconcat(LINES, LINES)}, "function of the width"),
    ({"chart": LINES.encode(column="iso3:N")}, "function of the width"),
    ({"chart": "a picture"}, "expected an Altair chart, found str"),
    ({"chart": LINES.mark_line(color="#123456")}, "#123456 has no counterpart for dark pages"),
])
def test_a_breach_of_the_contract_names_the_figure_and_the_remedy(changes, message):
    with pytest.raises(charts.FigureError, match=message):
        make(**changes)


def test_negative_numbers_in_the_words_of_a_figure_have_a_true_minus_sign():
    words = {"headline": "Japan: -3", "subtitle": "Points, 2000-2001; from -5", "alt": f"{ALT} Low: -3 (-5 to -1)."}
    made = make(**words)
    assert {name: getattr(made, name) for name in words} == {
        "headline": "Japan: −3", "subtitle": "Points, 2000-2001; from −5", "alt": f"{ALT} Low: −3 (−5 to −1)."}


def test_altair_looks_through_its_classes_once_and_draws_what_it_drew_before():
    subprocess.run([sys.executable, "-c", PLAIN], check=True)


def test_a_single_chart_is_sized_for_a_page_and_for_a_phone():
    figure = make()
    assert (figure.wide["width"], figure.narrow["width"]) == (charts.WIDE, charts.NARROW)


def test_a_function_of_the_width_may_return_a_concatenation():
    figure = make(chart=lambda width: alt.vconcat(LINES, LINES) if width == charts.NARROW else LINES)
    assert "vconcat" in figure.narrow and "vconcat" not in figure.wide


def test_the_payload_is_json_and_carries_data_and_sources():
    payload = json.loads(json.dumps(make().to_dict()))
    assert payload["csv"].splitlines()[0] == "iso3,year,value"
    assert payload["rows"] == len(DATA)
    assert payload["sources"][0]["table"] == "toy" and payload["sources"][0]["licence"] == "CC0"


@pytest.mark.parametrize(("value", "text"), [
    (0.1234567890123, "0.123457"), (1234567.0, "1234567"), (2010.0, "2010"), (1.2e-7, "0.00000012"), (-0.0, "0"),
    (float("inf"), "inf"), (1234.5678, "1234.57")])
def test_a_number_of_a_download_has_six_digits_and_no_exponent(value, text):
    assert plain_number(value) == text


def test_a_table_used_twice_is_named_once_in_the_source_line():
    assert make(tables=[TABLE, TABLE]).source_line() == TABLE.source_line()


def tooltip(chart):
    """What each mark of a chart says, innermost first."""
    found = []

    def walk(view):
        for kind in ("layer", "vconcat", "hconcat"):
            for part in view.get(kind, []):
                walk(part)
        if "spec" in view:
            walk(view["spec"])
        if "mark" in view:
            found.append([each["title"] for each in view["encoding"].get("tooltip", [])])

    walk(with_tooltips(chart.to_dict()))
    return found


def test_a_point_tells_country_by_name_year_and_value():
    said = with_tooltips(LINES.mark_point().to_dict())
    assert [each["title"] for each in said["encoding"]["tooltip"]] == ["country", "year", "value"]
    assert said["encoding"]["tooltip"][1]["format"] == "d"
    assert "South Korea" in said["transform"][0]["calculate"]


def test_a_line_is_silent_and_its_points_speak():
    assert tooltip(LINES) == [[], ["country", "year", "value"]]


def test_words_bands_and_thresholds_are_silent():
    base = alt.Chart(DATA)
    assert tooltip(base.mark_text().encode(x="year:Q", text="iso3:N")) == [[]]
    assert tooltip(base.mark_area().encode(x="year:Q", y="value:Q")) == [[]]
    assert tooltip(base.mark_rule().encode(y="value:Q")) == [[]]


def test_panels_and_facets_tell_which_they_are_and_both_ends_of_an_interval():
    bars = alt.Chart(DATA).mark_rule().encode(x=alt.X("low:Q", title="points"), x2="high:Q", y="year:O")
    assert tooltip(bars.facet(row="panel:N")) == [["panel", "low", "year", "high"]]


def test_a_tooltip_of_the_author_is_kept():
    assert with_tooltips(LINES.encode(tooltip="year:Q").to_dict()) == LINES.encode(tooltip="year:Q").to_dict()


def test_an_interactive_chart_is_a_valid_one():
    for chart in (LINES, alt.layer(LINES, LINES.mark_point()), alt.vconcat(LINES, LINES)):
        spec = with_tooltips(chart.to_dict())
        alt.Chart.from_dict({key: value for key, value in spec.items() if key != "config"})


def test_the_same_chart_gives_the_same_specification_however_many_came_before():
    def chart():
        hover = alt.selection_point()
        return LINES.encode(opacity=alt.when(hover).then(alt.value(1)).otherwise(alt.value(0.5))).add_params(hover)

    assert make(chart=chart()).to_dict() == make(chart=chart()).to_dict()


def test_only_a_session_outside_a_book_build_gets_html(monkeypatch):
    monkeypatch.delenv(session.BUILD, raising=False)
    assert "text/html" in make()._repr_mimebundle_()
    monkeypatch.setenv(session.BUILD, "1")
    assert set(make()._repr_mimebundle_()) == {charts.MIME, "text/plain"}


def test_a_session_loads_vega_once_and_nothing_from_a_network(monkeypatch):
    monkeypatch.delenv(session.BUILD, raising=False)
    monkeypatch.setattr(session, "_sent", set())
    first, second = make()._repr_mimebundle_()["text/html"], make()._repr_mimebundle_()["text/html"]
    assert len(first) > 500_000 > len(second)
    assert "window.vegaEmbed" in second
    assert re.findall(r'src="([a-z]+:[a-z/+]+)', second) == ["data:image/svg+xml"], "the still picture, and no address"


def test_a_country_outside_the_palette_is_grey():
    color = charts.country_color()
    assert color["value"] == charts.CONTEXT[0]
    assert set(color["condition"]["scale"]["domain"]) == set(charts.COUNTRIES)


def luminance(color):
    channels = np.array([int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    bright, dark = sorted((float(luminance(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


# how the eye of each kind sees a color, after Machado, Oliveira and Fernandes (2009), and how far two stand apart for it in
# CAM02-UCS, where 1 is about the least difference that is noticed
VISION = {"normal": "sRGB1", **{kind: {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
                                for kind in ("protanomaly", "deuteranomaly", "tritanomaly")}}


def seen(color, vision="normal"):
    channels = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return cspace_convert(np.clip(cspace_convert(channels, VISION[vision], "sRGB1"), 0, 1), "sRGB1", "CAM02-UCS")


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("colors", "least"), [
    ([pair[1:] for pair in charts.COUNTRIES.values()], 17), (list(charts.VERDICTS.values()), 10)],
    ids=["countries", "verdicts"])
def test_colors_are_told_apart_whatever_the_vision(colors, least, mode, vision):
    shown = [seen(pair[mode], vision) for pair in colors]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(shown, 2)) >= least


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_countries_are_told_apart_in_gray(mode):
    grays = sorted(seen(pair[1:][mode])[0] for pair in charts.COUNTRIES.values())
    assert min(lighter - darker for darker, lighter in itertools.pairwise(grays)) >= 8


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_what_a_chart_draws_stands_out_from_its_ground(mode):
    words = [*charts.VERDICTS.values(), *(pair[1:] for pair in charts.COUNTRIES.values()), palette.INK, palette.MUTED]
    assert min(contrast(pair[mode], charts.GROUND[mode]) for pair in words) >= 4.5
    assert contrast(palette.CONTEXT[mode], charts.GROUND[mode]) >= 3


def test_every_color_of_the_theme_has_a_dark_counterpart():
    used = set(re.findall(r"#[0-9a-f]{6}", json.dumps(charts.theme.ledger())))
    assert used and used <= set(palette.pairs())


def test_no_light_color_has_two_dark_ones():
    sets = [palette.GROUND, palette.INK, palette.MUTED, palette.GRID, palette.CONTEXT, palette.SOFT,
            *palette.VERDICTS.values(), *(colors[1:] for colors in palette.COUNTRIES.values())]
    assert len(palette.pairs()) == len(set(sets))


def test_names_stand_at_the_last_point_of_their_lines_and_apart():
    labels = charts.direct_labels(DATA.assign(value=[1, 2.0, 3, 2.1]), "year", "value", "iso3", domain=(0, 4), height=100)
    places = labels.data.set_index("iso3")["label_y"]
    assert places["JPN"] - places["KOR"] == pytest.approx(15)  # 2 and 2.1 of 4 on 100 px, moved apart by a line of type
    assert places.mean() == pytest.approx(100 * (1 - 2.05 / 4))
    turned = charts.direct_labels(DATA, "year", "value", "iso3", domain=(0, 4), height=100, reverse=True)
    assert turned.data.set_index("iso3")["label_y"].to_dict() == pytest.approx({"JPN": 48.75, "KOR": 63.75})


def test_an_event_is_a_rule_with_its_name_and_pulls_no_scale_to_zero():
    events = pd.DataFrame({"year": [2001], "what": ["islets"]})
    rule, text = charts.event_rules(events, "year", "what").to_dict()["layer"]
    assert rule["encoding"]["x"]["scale"] == {"nice": False, "zero": False}
    assert (rule["mark"]["type"], text["encoding"]["text"]["field"]) == ("rule", "what")


def test_a_band_is_drawn_between_its_ends():
    band = charts.interval_band(DATA.assign(low=0.0, high=4.0), "year", "low", "high", color=charts.country_color())
    encoding = band.to_dict()["encoding"]
    assert (encoding["y"]["field"], encoding["y2"]["field"]) == ("low", "high") and "color" in encoding


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12), st.floats(5, 20))
def test_labels_keep_their_order_and_their_distance(positions, gap):
    moved = charts.spread(positions, gap)
    order = np.argsort(positions, kind="stable")
    assert (np.diff(np.array(moved)[order]) >= gap - 1e-6).all()


def test_labels_that_do_not_collide_stay_where_they_are():
    assert charts.spread([100, 10, 50], 15) == pytest.approx([100, 10, 50])


def test_a_specification_strip_needs_its_quantity_and_draws_every_choice():
    frame = pd.DataFrame({"window": ["a", "a", "b", "b"], "votes": ["all", "final"] * 2, "gap": [1.0, 2.0, 3.0, 0.5],
                          "gap_low": [0.5, 1, 2, 0], "gap_high": [2, 3, 4, 1.0],
                          "verdict": ["mixed", "supported", "supported", "not supported"]})
    runs = Specifications(frame, ("window", "votes"), "as-toy")
    drawn = charts.specification_strip(runs, "gap", threshold=1)(charts.NARROW).to_dict()
    legend, *panels = drawn["vconcat"]
    assert len(panels) == 1 + len(runs.choices)
    words = drawn["datasets"][legend["data"]["name"] if "data" in legend else legend["layer"][0]["data"]["name"]]
    assert [each["words"] for each in words] == ["2 supported", "1 mixed", "1 not supported"]
    ranked = charts.specification_strip(runs, "gap", ranks=True)(charts.NARROW).to_dict()["vconcat"][1]
    assert all(layer["encoding"]["y"]["scale"]["reverse"] for layer in ranked["layer"] if "scale" in layer["encoding"]["y"])
    assert "reverse" not in json.dumps(panels)
    with pytest.raises(ValueError, match="no specification has the quantity 'distance'"):
        charts.specification_strip(runs, "distance")


def test_too_little_data_is_a_ring_on_a_free_ground_in_curve_rows_and_legend_of_a_strip():
    frame = pd.DataFrame({"window": ["a", "b"], "gap": [1.0, 2.0], "gap_low": [0.5, 1], "gap_high": [2, 3.0],
                          "verdict": ["mixed", "too little data"]})
    drawn = charts.specification_strip(Specifications(frame, ("window",), "as-toy"), "gap")(charts.WIDE).to_dict()
    marks = [part for part in each_part(drawn) if part.get("mark", {}).get("type") == "point"]
    assert len(marks) == 3
    for mark in marks:
        fill, stroke, shape = (mark["encoding"][channel] for channel in ("fill", "stroke", "shape"))
        assert "too little data" in fill["condition"]["test"] and fill["condition"]["value"] == charts.GROUND[0]
        assert stroke["condition"]["value"] == charts.VERDICTS["too little data"][0] and stroke["value"] is None
        forms = dict(zip(shape["scale"]["domain"], shape["scale"]["range"], strict=True))
        assert forms["too little data"] == "circle" and forms["mixed"] == charts.VERDICT_SHAPES["mixed"]


def each_part(spec: dict) -> list[dict]:
    """A Vega-Lite specification and all that it is put together from."""
    return [spec, *(part for name in ("vconcat", "hconcat", "layer") for inner in spec.get(name, ())
                    for part in each_part(inner))]


def test_on_a_phone_the_choices_of_a_curve_of_many_columns_are_summed_up_by_option():
    options = [f"an option of many words {at}" for at in range(3)]

    def panels(columns, width=charts.NARROW):
        frame = pd.DataFrame({"left_out": (options * columns)[:columns], "gap": np.arange(columns) / 10,
                              "verdict": ["mixed", "supported"] * (columns // 2) + ["mixed"] * (columns % 2)})
        runs = Specifications(frame, ("left_out",), "as-toy")
        drawn = charts.specification_strip(runs, "gap", threshold=1, verdict="mixed")(width).to_dict()
        return drawn["vconcat"], json.dumps(drawn, ensure_ascii=False)

    (_, _, each), _ = panels(strip.DENSE)
    (told, choices), said = panels(strip.DENSE + 1)
    counts = f"The {strip.DENSE + 1} calculations say: {strip.DENSE // 2} “supported”, {strip.DENSE // 2 + 1} “mixed”."
    assert " ".join(told["mark"]["text"]) == counts  # no mark is drawn that a legend could explain
    assert each["mark"]["type"] == "point" and "vconcat" not in each
    whole, rows = choices["vconcat"]
    assert (whole["title"]["text"], rows["title"]["text"]) == ("all choices", "left out")
    assert rows["layer"][-1]["encoding"]["y"]["sort"] == options and "say “mixed”" in said and "52 %" in said
    assert "vconcat" not in panels(strip.DENSE + 1, charts.WIDE)[0][-1]


def test_a_curve_of_few_counts_has_a_mark_for_each_and_none_between():
    frame = pd.DataFrame({"years": ["ten", "five", "one"], "states": [3.0, 1.0, 2.0], "verdict": "mixed"})
    runs = Specifications(frame, ("years",), "as-toy")
    _, curve, *_ = charts.specification_strip(runs, "states")(charts.WIDE).to_dict()["vconcat"]
    axes = [layer["encoding"]["y"].get("axis", {}) for layer in curve["layer"]]
    assert [axis["values"] for axis in axes if "values" in axis] == [[1, 2, 3]]


def test_a_line_through_an_estimate_is_named_beside_the_axis_where_one_is_drawn():
    frame = pd.DataFrame({"years": ["ten", "five"], "gap": [3.0, 1.0], "gap_low": [2.0, 0.5], "gap_high": [4.0, 2.0],
                          "share": [0.2, 0.3], "verdict": "mixed"})
    runs = Specifications(frame, ("years",), "as-toy", published=True)

    def name(quantity, width, title="points", said="line: 95 percent interval"):
        _, curve, *_ = charts.specification_strip(runs, quantity, title=title, lines=said)(width).to_dict()["vconcat"]
        names = [layer["encoding"]["y"]["title"] for layer in curve["layer"] if "title" in layer["encoding"]["y"]]
        assert all(each == names[0] for each in names)
        return names[0]

    assert name("gap", charts.WIDE) == "points; line: 95 percent interval"
    assert name("gap", charts.NARROW, "points of the rise of the share") == ["points of the rise of the share",
                                                                             "line: 95 percent interval"]
    assert name("share", charts.WIDE) == "points"  # no interval, no line
    frame.loc[1, ["gap_low", "gap_high"]] = np.nan
    assert name("gap", charts.WIDE) == "points; line: 95 percent interval, of the published alone"


def test_lines_run_over_an_interval_or_between_readings():
    assert lines.what_lines(Quantity(1, 0, 2, 0.9)) == "line: 90 percent interval"
    assert lines.what_lines(Quantity(1, 0, 2, None)) == "line: between readings"
    assert lines.what_lines(Quantity(1)) == lines.what_lines(None) == ""


def test_the_options_of_the_published_verdict_are_bold():
    frame = pd.DataFrame({"years": ["ten", "five", "ten"], "gap": [3.0, 1.0, 2.0], "verdict": "mixed"})
    runs = Specifications(frame, ("years",), "as-toy", words={"years": "{} years"})
    *_, choice = charts.specification_strip(runs, "gap")(charts.WIDE).to_dict()["vconcat"]
    weight = choice["encoding"]["y"]["axis"]["labelFontWeight"]
    assert weight == {"condition": {"test": 'indexof(["ten years"], datum.value) >= 0', "value": 700}, "value": 400}


def things() -> list[str]:
    """What the specification figures of the book compute, read from the code of its chapters."""
    signature = list(inspect.signature(charts.specification_figure).parameters)
    calls = [call for path in chapters.chapters() for code in chapters.CELL.findall(path.read_text(encoding="utf-8"))
             for call in ast.walk(ast.parse(code)) if isinstance(call, ast.Call)
             and getattr(call.func, "id", "") in ("specification_figure", "option_figure")]
    return [call.args[signature.index("thing")].value for call in calls]


def test_no_verdict_makes_the_headline_of_a_specification_figure_too_long():
    found = things()
    assert len(found) > 25 and "the division of labor" in found
    for thing, verdict, moment, agree in itertools.product(
            found, {*claims.TRUTH, *claims.UPTAKE}, ("when written", "now"), (3, 4000)):
        headline = strip.agreement_headline("toy", thing, agree, 5000, verdict, moment)
        assert len(headline.split()) <= HEADLINE_WORDS
        assert headline.startswith(thing[0].upper()) and f"{agree} of 5000" in headline and f"“{verdict}”, {moment}" in headline


def test_a_thing_with_too_long_a_name_is_refused_whatever_the_verdict():
    with pytest.raises(ValueError, match=r"figure toy: .* has 5 words"):
        strip.agreement_headline("toy", "the share of young leaders", 3, 4, "mixed", "now")


def test_every_verdict_has_a_form_of_its_own_where_it_can_stand_beside_another():
    truth, uptake = claims.TRUTH, claims.UPTAKE
    for scale in (truth, uptake):
        assert len({charts.VERDICT_SHAPES[verdict] for verdict in scale}) == len(scale)


def test_text_is_measured_in_the_typeface_it_is_drawn_in():
    def width(text):
        spec = {"width": 10, "data": {"values": [{"a": text}]}, "mark": "bar", "encoding": {"y": {"field": "a"}},
                "config": {"axis": {"labelFont": charts.theme.FONT}}}
        return float(session.svg(spec).split('viewBox="0 0 ')[1].split()[0])

    assert width("WWWWWWWWWW") > 1.5 * width("iiiiiiiiii")


def test_a_drawing_is_the_same_bytes_in_another_process():
    code = ("import sys; sys.path.insert(0, 'tests'); from test_charts import make, session; "
            "from trilateral.publish.drawing import tidy; print(tidy(session.svg(make().wide), 'toy'))")
    root = Path(__file__).parents[1]
    runs = {subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True,
                           env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1


def test_point_rows_draw_one_panel_a_group_and_cut_intervals_at_the_axis():
    frame = pd.DataFrame({"what": ["a", "b", "a"], "group": ["one", "one", "two"], "value": [1.0, 2.0, 3.0],
                          "low": [-50.0, 1, 2], "high": [2.0, 3, 400]})
    drawn = charts.point_rows(frame, "what", "value", interval=("low", "high"), panel="group", domain=(-10, 10),
                              threshold=1)(charts.WIDE).to_dict()
    assert [panel["title"]["text"] for panel in drawn["vconcat"]] == ["one", "two"]
    ends = [row["low"] for rows in drawn["datasets"].values() for row in rows if "low" in row]
    assert min(ends) == -10


def test_options_of_a_grid_have_their_share_of_the_verdict():
    frame = pd.DataFrame({"width": ["6", "6", "12", "12"], "rate": [1.0, 2.0, 3.0, 4.0],
                          "verdict": ["mixed", "supported", "supported", "supported"]})
    table = charts.by_option(Specifications(frame, ("width",), "as-toy", words={"width": "{} months"}), "rate", "supported")
    assert table["option"].tolist() == ["all specifications", "6 months", "12 months"]
    assert table["agree"].tolist() == [75, 50, 100]
    assert table["middle"].tolist() == [2.5, 1.5, 3.5]


def test_a_key_of_sizes_draws_each_circle_as_large_as_the_plot_does_and_apart_from_the_next():
    svg = vl_convert.vegalite_to_svg(charts.size_key({"10": 100, "1,000 people": 400}, 50).to_dict())
    drawn = re.findall(r'<path[^>]*transform="translate\(([\d.]+),[\d.]+\)" d="M([\d.]+),0A', svg)
    assert [float(x) for x, _ in drawn] == [12, 62]
    assert [(2 * float(radius)) ** 2 for _, radius in drawn] == [100, 400]
    assert re.findall(r">([^<]+)</text>", svg) == ["10", "1,000 people"]


def test_panels_with_one_margin_begin_alike_and_cut_longer_names():
    axis = charts.margin_axis(120, grid=False).to_dict()
    assert axis == {"minExtent": 120, "maxExtent": 120, "labelLimit": 118, "grid": False}
