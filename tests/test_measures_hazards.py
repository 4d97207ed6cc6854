"""The penalized hazard in discrete time: against brute force, the library without penalty, and under separation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize

from trilateral.measures import SEED, MeasureError, TooFewError, hazards


def simulated(n=60, seed=2):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.integers(0, 2, n), rng.normal(size=n)])
    p = -np.expm1(-np.exp(x @ [-1.5, 0.7, 0.3]))
    return rng.binomial(1, p), x


def penalized_loglik(beta, y, x):
    rate = np.exp(x @ beta)
    p = -np.expm1(-rate)
    weight = (rate * np.exp(-rate)) ** 2 / (p * (1 - p))
    return (y * np.log(p) - (1 - y) * rate).sum() + 0.5 * np.linalg.slogdet(x.T @ (weight[:, None] * x))[1]


def test_the_estimate_is_the_maximum_of_the_penalized_likelihood():
    y, x = simulated()
    best = optimize.minimize(
        lambda beta: -penalized_loglik(beta, y, x),
        np.zeros(3),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 5000},
    ).x
    assert hazards.penalized(y, x) == pytest.approx(best, abs=1e-3)


def test_with_many_rows_it_is_that_of_the_library():
    y, x = simulated(20000)
    fit = sm.GLM(y, x, family=sm.families.Binomial(sm.families.links.CLogLog())).fit()
    assert hazards.penalized(y, x) == pytest.approx(fit.params, abs=5e-3)


def test_separation_leaves_it_finite():
    x = np.column_stack([np.ones(12), np.repeat([0.0, 1.0], 6)])
    assert np.isfinite(hazards.penalized(np.repeat([0, 1], 6), x)).all()


def test_weights_are_repeated_rows_and_draws_are_fitted_together():
    y, x = simulated()
    weights = np.random.default_rng(0).integers(0, 3, (4, len(y))).astype(float)
    batch = hazards.penalized(y, x, weights)
    for found, weight in zip(batch, weights.astype(int), strict=True):
        assert found == pytest.approx(hazards.penalized(np.repeat(y, weight), np.repeat(x, weight, axis=0)), abs=1e-4)


def test_no_event_and_repeated_columns_are_refused():
    with pytest.raises(MeasureError, match="no spell ended"):
        hazards.penalized(np.zeros(4), np.ones((4, 1)))
    with pytest.raises(MeasureError, match="repeats"):
        hazards.penalized(np.array([0, 1, 0]), np.ones((3, 2)))


def test_a_design_without_a_value_in_a_row_is_too_little_and_names_the_column():
    panel = pd.DataFrame({"threat": [0.0, None, 1.0], "age": [0.0, 1.0, 2.0], "other": [None, 1.0, 2.0]})
    with pytest.raises(TooFewError, match="hazards: no value of threat in some of the 3 rows"):
        hazards.design(panel, ["threat", "age"])


def test_a_column_that_repeats_others_is_left_out_of_the_design():
    panel = pd.DataFrame({"a": [0, 1, 0, 1], "b": [0, 1, 0, 1], "c": [1, 2, 3, 5]})
    x, names = hazards.design(panel, ["a", "b", "c"])
    assert names == ["constant", "a", "c"] and x.shape == (4, 3)


def test_exchanged_labels_stay_whole_and_center_near_nothing():
    y, x = simulated(400)
    groups = np.repeat(np.arange(40), 10)
    x[:, 1] = np.repeat(np.arange(40) % 2, 10)
    null = hazards.exchanged(y, x, 1, groups, 60)
    assert abs(np.median(null)) < 0.3
    drawn = hazards.resampled(y, x, groups, 60)
    assert drawn.shape[1] == 3 and abs(np.median(drawn[:, 2]) - hazards.penalized(y, x)[2]) < 0.1


def test_resamples_that_do_not_tell_two_kinds_apart_are_left_out():
    y, x = simulated(40)
    groups = np.repeat(np.arange(4), 10)
    x[:, 1] = np.repeat([1, 0, 0, 0], 10)  # one group alone is of a kind: a third of the resamples lack it
    kept = len(hazards.resampled(y, x, groups, 300))
    drawn = np.random.default_rng(SEED).multinomial(4, np.full(4, 1 / 4), size=300)
    assert kept <= ((drawn[:, 0] > 0) & (drawn[:, 1:].sum(axis=1) > 0)).sum() < 300


def test_survival_is_that_of_a_constant_hazard():
    assert hazards.survival(np.full(3, np.log(np.log(2)))) == pytest.approx([0.5, 0.25, 0.125])
