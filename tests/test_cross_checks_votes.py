"""Two sources on the General Assembly agree: who votes alike stands close together."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from scipy.stats import spearmanr

from trilateral.data import load

TOGETHER = 20  # roll calls both must have voted on
FLOOR = 0.75  # the weakest year measured is 0.78 (1995, all votes); noise alone would scatter around zero


@pytest.mark.parametrize("basis", ["all", "final-passage"])
def test_countries_that_vote_alike_have_close_ideal_points_in_every_year(basis):
    """Ideal points are estimated from the same votes by another team (all countries, one dimension), so the order of the
    dyads must agree strongly and cannot agree perfectly: abstentions weigh otherwise, and one dimension leaves some out."""
    votes = load("un_votes").frame.merge(load("un_roll_calls").frame[["roll_call", "year"]], on="roll_call")
    votes["position"] = votes["vote"].map({"yes": 1.0, "abstain": 0.5, "no": 0.0})
    points = load("un_ideal_points").frame.query("basis == @basis").set_index(["year", "iso3"])["ideal_point"]
    weak = {}
    for year, cast in votes.groupby("year"):
        ballots, place = cast.pivot(index="roll_call", columns="iso3", values="position"), points.loc[year]
        pairs = [(1 - apart.mean(), abs(place[one] - place[other]))
                 for one, other in combinations(ballots.columns.intersection(place.index), 2)
                 if len(apart := (ballots[one] - ballots[other]).abs().dropna()) >= TOGETHER]
        if len(pairs) > TOGETHER:
            agreement, distance = zip(*pairs, strict=True)
            rho = spearmanr(agreement, distance).statistic
            if rho > -FLOOR:
                weak[year] = rho
    assert len(pd.unique(votes["year"])) > 25 and not weak
