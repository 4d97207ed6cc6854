"""The what-if of weights: what the chart computes is what Python computes, at several settings of its sliders."""

import html
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert

from trilateral.charts.weights import rank_acceptability
from trilateral.measures.overlap import rank_shares

POINTS = pd.DataFrame({"Sight": [1.0, 0.5, 0.0], "Help": [0.75, 0.75, 0.0], "Cyber": [0.5, 0.0, 1.0]},
                      index=["USA", "JPN", "KOR"])
DRAWS = np.round(np.random.default_rng(3).dirichlet(np.ones(3), size=60), 3)
PLACES = {"first": 1, "second": 2, "third": 3}


def drawn(weights, sure):
    """Scores and percentages as the chart's own marks state them."""
    spec = rank_acceptability(POINTS, DRAWS, dict(zip(POINTS.columns, weights, strict=True)), sure)(680).to_dict()
    labels = [html.unescape(label) for label in re.findall(r'aria-label="([^"]*)"', vl_convert.vegalite_to_svg(spec))]
    said = [dict(part.split(": ", 1) for part in label.split("; ")) for label in labels if "country: " in label]
    scores = {row["country"]: float(row["points of 100"]) for row in said if "iso3" in row}
    ranks = {(row["country"], PLACES[row["place"]]): float(row["percent of drawn weights, first to third place"])
             for row in said if "place" in row}
    return scores, ranks


@pytest.mark.parametrize(("weights", "sure"), [((50, 50, 50), 0), ((80, 10, 10), 0), ((10, 10, 90), 40), ((0, 0, 100), 100),
                                               ((0, 0, 0), 0), ((0, 0, 0), 60)])
def test_the_chart_computes_scores_and_ranks_as_the_measure_does(weights, sure):
    scores, ranks = drawn(weights, sure)
    own = np.array(weights) / sum(weights) if any(weights) else np.full(3, 1 / 3)
    expected = POINTS @ own * 100
    names = {"USA": "United States", "JPN": "Japan", "KOR": "South Korea"}
    assert scores == pytest.approx({names[iso3]: value for iso3, value in expected.items()}, abs=0.01)
    table = rank_shares(POINTS, sure / 100 * own + (1 - sure / 100) * DRAWS)
    for iso3, row in table.iterrows():
        for rank, percent in row.items():
            assert ranks.get((names[iso3], rank), 0) == pytest.approx(percent, abs=0.01)


@pytest.mark.parametrize(("weights", "says"), [((0, 0, 0), True), ((5, 0, 0), False)])
def test_without_any_weight_the_chart_says_that_all_count_alike(weights, says):
    spec = rank_acceptability(POINTS, DRAWS, dict(zip(POINTS.columns, weights, strict=True)))(330).to_dict()
    assert ("counted as equal" in vl_convert.vegalite_to_svg(spec)) is says


@pytest.mark.parametrize(("weights", "says"), [((50, 50, 50), "even"), ((0, 0, 0), "even"), ((80, 10, 10), "these")])
def test_the_axis_says_whether_the_weights_are_even(weights, says):
    spec = rank_acceptability(POINTS, DRAWS, dict(zip(POINTS.columns, weights, strict=True)))(330).to_dict()
    assert f"points with {says} weights, of 100" in vl_convert.vegalite_to_svg(spec)


def test_the_sliders_start_where_they_are_told_and_cover_every_criterion():
    params = rank_acceptability(POINTS, DRAWS, {"Help": 80})(330).to_dict()["params"]
    sliders = {parameter["bind"]["name"].strip(): parameter["value"] for parameter in params if "bind" in parameter}
    sure = "How sure you are of these weights, percent (move this to change the lower bars)"
    assert sliders == {"Sight": 50, "Help": 80, "Cyber": 50, sure: 0}
