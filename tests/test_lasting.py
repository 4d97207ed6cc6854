"""The what-if chart computes in the browser what Python computes."""

from __future__ import annotations

import copy
import re

import pytest
import vl_convert

from trilateral import charts
from trilateral.charts.lasting import KINDS, SLIDERS, YEARS

ROWS = charts.log_hazard_rows({"threat-framed": -4.0, "capability-based": -3.0}, 0.6).assign(low=20.0, high=90.0)
START = {"growth": 0, "changes": 0.9, "shock": 10, "framed": 40, "unframed": 20}


def svg(settings):
    """The chart at other settings of its sliders."""
    spec = copy.deepcopy(charts.lasting_chart(ROWS, START, 400).to_dict())
    for param in spec["params"]:
        param["value"] = settings.get(param["name"], param.get("value"))
    return vl_convert.vegalite_to_svg(spec)


def drawn(settings):
    """What the chart says of each kind."""
    picture = svg(settings)
    lines = zip(KINDS, ("solid", "dashed"), strict=True)
    return {kind: re.search(rf">{kind} \({dash}\): ([^<]*)<", picture)[1] for kind, dash in lines}


@pytest.mark.parametrize(
    "moved",
    [{}, {"growth": -30}, {"growth": 20, "changes": 3}, {"shock": 150, "framed": -50}, {"unframed": 200, "growth": -10}],
)
def test_the_chart_says_what_python_computes(moved):
    settings = START | moved
    for kind, words in drawn(settings).items():
        years = charts.half_gone(ROWS, settings, kind)
        assert words == (f"over {YEARS}" if years > YEARS else f"{years:.1f}")


def test_what_the_chart_says_stands_above_all_curves():
    layers = charts.lasting_chart(ROWS, START, 400).to_dict()["layer"]
    said = [layer for layer in layers if layer["mark"]["type"] == "text"]
    fixed = [layer["encoding"]["y"]["value"] for layer in said if "value" in layer["encoding"]["y"]]
    placed = [step["calculate"] for layer in said for step in layer["transform"] if step.get("as") == "place"]
    assert max(fixed) < -30 and placed == ["datum.threat ? -24 : -9"]  # px, a line each, with the plot below zero


def test_the_axis_of_what_is_left_has_its_title():
    assert ">percent still held<" in svg(START)


@pytest.mark.parametrize("name", START)
def test_a_band_is_drawn_at_its_own_settings_alone(name):
    assert svg(START).count('aria-roledescription="area mark"') == len(KINDS)
    moved = svg(START | {name: START[name] + SLIDERS[name][2]})
    assert 'aria-roledescription="area mark"' not in moved
    assert "(no interval)" in moved and "(no interval)" not in svg(START)


def test_every_slider_has_a_setting_and_moves_something():
    assert set(SLIDERS) == set(START)
    ends = {
        name: {
            charts.half_gone(ROWS, START | {"growth": -20} | {name: end}, kind) for end in SLIDERS[name][:2] for kind in KINDS
        }
        for name in SLIDERS
    }
    assert all(len(values) > 1 for values in ends.values())


def test_half_gone_of_a_constant_hazard():
    rows = charts.log_hazard_rows({"threat-framed": -1.0, "capability-based": -20.0}, 0.0)
    calm = dict.fromkeys(START, 0)
    # exp(-1) a half-year leaves 69.2 and 47.9 percent: the line between them crosses 50 near the end of the first year
    assert charts.half_gone(rows, calm, "threat-framed") == pytest.approx(0.951, abs=0.001)
    assert charts.half_gone(rows, calm, "capability-based") == float("inf")


def test_nothing_ends_in_the_half_years_that_carry_no_risk():
    at_once = charts.log_hazard_rows({"threat-framed": 3.0, "capability-based": 3.0}, 0.0, free=3)
    years = charts.half_gone(at_once, dict.fromkeys(START, 0), "threat-framed")
    assert 1.5 < years < 2
