import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, shocks

MONTHS = pd.date_range("2010-01-01", "2015-12-01", freq="MS")
SHOCK = pd.Timestamp("2014-03-01")
WINDOW = pd.date_range("2014-04-01", "2014-09-01", freq="MS")


def flows(fall=0.5, units=6, noise=0.0, shock=SHOCK):
    """Flows with a level and seasons of their own and common years; the first loses a share after the shock."""
    random = np.random.default_rng(3)
    common = pd.Series(random.normal(0, 0.3, len(MONTHS)), index=MONTHS)
    table = {}
    for unit in range(units):
        seasons = random.normal(0, 0.5, 12)
        logs = 8 + unit + common + seasons[MONTHS.month - 1] + random.normal(0, noise, len(MONTHS))
        table[f"U{unit}"] = np.exp(logs)
    table = pd.DataFrame(table, index=MONTHS)
    table.loc[table.index > shock, "U0"] *= 1 - fall
    return table


def panel(table, shock=SHOCK, months=6):
    return shocks.Panel(shocks.pool_new_year(table), "U0", tuple(table.columns[1:]), shock, months)


def test_january_and_february_become_one_value_that_counts_as_two_months():
    pooled = shocks.pool_new_year(pd.Series(1.0, index=pd.date_range("2012-01-01", "2012-12-01", freq="MS")))
    assert len(pooled) == 11 and pooled.loc["2012-02-01"] == 2 and "2012-01-01" not in pooled.index
    assert shocks.months_held(pooled.index).sum() == 12


def test_a_february_or_january_alone_is_left_out():
    pooled = shocks.pool_new_year(pd.Series(1.0, index=pd.date_range("2012-02-01", "2013-01-01", freq="MS")))
    assert [month.strftime("%Y-%m") for month in (pooled.index[0], pooled.index[-1])] == ["2012-03", "2012-12"]


def test_a_missing_month_is_no_zero():
    values = pd.DataFrame({"a": [np.nan, np.nan, 1.0]}, index=pd.date_range("2012-01-01", periods=3, freq="MS"))
    assert shocks.pool_new_year(values)["a"].isna().tolist() == [True, False]


@pytest.mark.parametrize("estimator", list(shocks.ESTIMATORS))
def test_every_estimator_finds_a_fall_of_one_half(estimator):
    one = panel(flows(0.5, noise=0.002))
    effect = shocks.ESTIMATORS[estimator](one)
    assert np.expm1(effect.loc[one.window]).to_numpy() == pytest.approx(-0.5, abs=0.01)


@given(scale=st.floats(0.01, 1000))
def test_effects_do_not_depend_on_the_unit_of_a_flow(scale):
    table = flows(0.3, noise=0.1)
    first = shocks.against_median(panel(table)).loc[WINDOW]
    second = shocks.against_median(panel(table.assign(U0=table["U0"] * scale))).loc[WINDOW]
    assert second.to_numpy() == pytest.approx(first.to_numpy())


def test_two_way_fixed_effects_are_those_of_least_squares_with_all_dummies():
    table = flows(0.4, units=4, noise=0.2)
    one = panel(table)
    logs = np.log(one.pooled)
    logs = logs[(logs.index >= SHOCK - pd.DateOffset(months=36)) & (logs.index <= WINDOW[-1]) & (logs.index != SHOCK)]
    long = logs.stack().rename_axis(["month", "unit"]).rename("y").reset_index()
    hit = long[(long["unit"] == "U0") & long["month"].isin(WINDOW)]
    design = pd.concat([
        pd.get_dummies(long["unit"] + long["month"].dt.month.astype(str)), pd.get_dummies(long["month"].astype(str)),
        pd.DataFrame({f"effect {row.month:%Y-%m}": long.index == row.Index for row in hit.itertuples()})], axis=1).astype(float)
    fit = sm.OLS(long["y"], design).fit()
    expected = fit.params[[f"effect {month:%Y-%m}" for month in WINDOW]].to_numpy()
    assert shocks.two_way(one).to_numpy() == pytest.approx(expected, abs=1e-6)


def test_a_placebo_is_never_measured_by_the_flow_that_was_hit():
    effects = shocks.with_placebos(panel(flows(0.9)))
    assert effects.loc[WINDOW, effects.columns[1:]].abs().max().max() == pytest.approx(0, abs=1e-9)
    assert effects.columns[0] == "U0"


def test_a_mean_over_a_window_weighs_the_pooled_months_twice():
    index = pd.DatetimeIndex(["2012-12-01", "2013-02-01", "2013-03-01"])
    assert shocks.mean_effects(pd.DataFrame({"a": [0.0, 1.0, 0.0]}, index=index), index)["a"] == pytest.approx(0.5)


def test_the_share_as_low_counts_the_flow_itself():
    assert shocks.share_as_low(-1, [0, 0, 0]) == pytest.approx(1 / 4)
    assert shocks.share_as_low(0, [-1, 0, 1]) == pytest.approx(3 / 4)


def test_a_window_of_six_months_holds_the_new_year_once():
    one = panel(flows(shock=pd.Timestamp("2013-09-01")), shock=pd.Timestamp("2013-09-01"))
    assert [f"{month:%m}" for month in one.window] == ["10", "11", "12", "02", "03"]


@pytest.mark.parametrize(("change", "message"), [
    ({"unit": "U9"}, "no column U9"), ({"others": ("U0", "U1")}, "cannot be among"), ({"others": ("U1",)}, "at least two")])
def test_a_panel_that_cannot_be_is_refused(change, message):
    given_ = {"pooled": shocks.pool_new_year(flows()), "unit": "U0", "others": ("U1", "U2"), "shock": SHOCK} | change
    with pytest.raises(MeasureError, match=message):
        shocks.Panel(**given_)


def test_a_window_beyond_the_table_is_refused():
    with pytest.raises(MeasureError, match="does not cover 6 months after 2015-09"):
        panel(flows(), shock=pd.Timestamp("2015-09-01")).window  # noqa: B018


def test_a_synthetic_control_needs_twelve_months_of_changes():
    with pytest.raises(MeasureError, match="12 are needed"):
        shocks.synthetic(panel(flows(shock=pd.Timestamp("2011-08-01")), shock=pd.Timestamp("2011-08-01")))


def test_recovery_counts_from_month_zero_to_the_month_in_which_the_year_is_back():
    series = pd.Series(100.0, index=MONTHS)
    series.loc["2014-03-01":"2014-08-01"] = 40  # the six months leave the sum of twelve a year after they came
    found = shocks.recovery(series, SHOCK, MONTHS[-1])
    assert (found.months, found.back, found.lowest) == (17, True, pytest.approx(0.7))


def test_a_flow_that_is_not_back_is_censored():
    series = pd.Series(100.0, index=MONTHS)
    series.loc["2014-04-01":] = 40
    found = shocks.recovery(series, SHOCK, pd.Timestamp("2015-06-01"))
    assert (found.months, found.back, found.end) == (15, False, pd.Timestamp("2015-06-01"))


def test_a_flow_that_never_falls_needs_no_recovery():
    assert shocks.recovery(pd.Series(range(1, len(MONTHS) + 1), index=MONTHS), SHOCK, MONTHS[-1]).months == 0


def test_a_step_is_the_difference_of_means_with_an_interval():
    series = pd.Series(np.random.default_rng(1).normal(0, 1, len(MONTHS)), index=MONTHS)
    series.loc[WINDOW] += 5
    found = shocks.step(series.drop(SHOCK), WINDOW)
    before = series.loc[: SHOCK - pd.DateOffset(months=1)].mean()
    assert found.value == pytest.approx(series.loc[WINDOW].mean() - before) and found.low > 0


def test_a_step_without_a_base_is_refused():
    with pytest.raises(MeasureError, match="twelve before"):
        shocks.step(pd.Series(0.0, index=WINDOW), WINDOW)
