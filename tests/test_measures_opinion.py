import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, opinion

COLUMNS = ["series", "respondents", "year", "question_type", "target", "percent", "sample_size"]


def poll(north_korea, china, n=1000, respondents="KOR", year=2020, kind="greatest-threat-single-choice", series="a"):
    return pd.DataFrame(
        [
            (series, respondents, year, kind, "PRK", north_korea, n),
            (series, respondents, year, kind, "CHN", china, n),
        ],
        columns=COLUMNS,
    )


def test_a_single_choice_has_the_multinomial_error():
    # sqrt((0.5 + 0.3 - 0.2 ** 2) / 1000) is 2.757 points
    row = opinion.priority(poll(50, 30), design_effect=1).iloc[0]
    assert (row.gap, row.se, row.n) == (20, pytest.approx(2.7568, abs=1e-4), 1000)


def test_items_asked_apart_have_the_sum_of_two_binomial_errors():
    # sqrt((0.5 * 0.5 + 0.3 * 0.7) / 1000) is 2.145 points
    row = opinion.priority(poll(50, 30, kind="military-threat-multiple"), design_effect=1).iloc[0]
    assert row.se == pytest.approx(2.1448, abs=1e-4)


def test_a_design_effect_of_four_doubles_the_error():
    plain, clustered = (opinion.priority(poll(50, 30), design_effect=d).se[0] for d in (1, 4))
    assert clustered == pytest.approx(2 * plain)


def test_an_unknown_sample_size_is_assumed_and_flagged():
    row = opinion.priority(poll(50, 30, n=np.nan)).iloc[0]
    assert (row.n, row.n_assumed) == (1000, True)
    assert not opinion.priority(poll(50, 30, n=800)).n_assumed[0]


def test_polls_without_a_sample_size_column_are_flagged_too():
    assert opinion.priority(poll(50, 30).drop(columns="sample_size")).n_assumed.all()


def test_a_wave_that_asked_about_one_country_only_is_left_out():
    both = pd.concat([poll(50, 30), poll(40, 40, year=2021).iloc[:1]])
    assert opinion.priority(both)["year"].tolist() == [2020]


def test_question_types_are_never_mixed():
    one, other = poll(50, 30).iloc[:1], poll(50, 30, kind="major-threat-item").iloc[1:]
    assert opinion.priority(pd.concat([one, other])).empty


def test_two_values_for_one_target_are_an_error_that_names_the_wave():
    with pytest.raises(MeasureError, match=r"series a, respondents KOR, year 2020.*target PRK"):
        opinion.priority(pd.concat([poll(50, 30), poll(45, 35)]))


def test_a_missing_wave_column_is_named():
    with pytest.raises(MeasureError, match="house"):
        opinion.priority(poll(50, 30), by=("house", "respondents", "year"))


@given(p=st.floats(0, 100), q=st.floats(0, 100))
def test_swapping_the_threats_changes_the_sign_only(p, q):
    there, back = opinion.priority(poll(p, q)).iloc[0], opinion.priority(poll(q, p)).iloc[0]
    assert there.gap == -back.gap
    assert there.se == pytest.approx(back.se)


def test_publics_are_compared_within_the_same_wave():
    polls = pd.concat(
        [
            poll(50, 30),
            poll(40, 45, respondents="JPN"),
            poll(60, 20, year=2021),
            poll(10, 20, respondents="JPN", year=2021, series="b"),
        ]
    )
    frame = opinion.between(opinion.priority(polls), "KOR", "JPN")
    assert frame[["year", "gap_a", "gap_b", "difference"]].values.tolist() == [[2020, 20, -5, 25]]
    errors = opinion.priority(polls).query("year == 2020").se
    assert frame.se[0] == pytest.approx(np.sqrt((errors**2).sum()))


def test_a_public_that_was_never_asked_is_named():
    with pytest.raises(MeasureError, match="'USA'"):
        opinion.between(opinion.priority(poll(50, 30)), "KOR", "USA")


# Nine laboratories' measurements and their variances (Kacker 2004), with what R's metafor makes of them.
EFFECTS = [61.00, 61.40, 62.21, 62.30, 62.34, 62.60, 62.70, 62.84, 65.90]
VARIANCES = [0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225]


@pytest.mark.parametrize(
    ("method", "low", "high"), [("normal", 61.9084781, 62.8717991), ("hartung-knapp", 61.7103838, 63.0698934)]
)
def test_the_random_effects_mean_is_that_of_metafor(method, low, high):
    estimate = opinion.pooled(EFFECTS, np.sqrt(VARIANCES), method=method)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((62.3901386, low, high), abs=1e-6)


def test_estimates_that_agree_are_averaged_by_precision():
    # two equal variances of 4 make one of 2, and no variance between polls can be negative
    estimate = opinion.pooled([10, 10], [2, 2], method="normal")
    assert estimate.value == pytest.approx(10)
    assert estimate.high - 10 == pytest.approx(1.959964 * np.sqrt(2))


def test_one_poll_keeps_its_own_normal_interval():
    estimate = opinion.pooled([10], [2])
    assert (estimate.low, estimate.high) == (pytest.approx(6.08, abs=0.01), pytest.approx(13.92, abs=0.01))


def test_no_poll_gives_a_reason():
    assert opinion.pooled([], []).missing


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(0.5, 10)), min_size=2, max_size=8))
def test_the_hartung_knapp_interval_is_the_wider_one(polls):
    values, errors = zip(*polls, strict=True)
    plain, adjusted = (opinion.pooled(values, errors, method=m) for m in ("normal", "hartung-knapp"))
    assert min(values) - 1e-6 <= adjusted.value <= max(values) + 1e-6
    assert adjusted.low <= plain.low <= plain.value <= plain.high <= adjusted.high


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(0.5, 10)), min_size=2, max_size=8), st.randoms())
def test_the_order_of_polls_does_not_matter(polls, random):
    shuffled = random.sample(polls, len(polls))
    a, b = (opinion.pooled(*zip(*order, strict=True)) for order in (polls, shuffled))
    assert isinstance(a, Quantity)
    assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high), abs=1e-6)


@pytest.mark.parametrize(("values", "errors", "message"), [([1, 2], [1], "2 values"), ([1, 2], [1, 0], "positive")])
def test_errors_that_cannot_be_are_refused(values, errors, message):
    with pytest.raises(MeasureError, match=message):
        opinion.pooled(values, errors)


def test_waves_far_from_a_tie_are_counted_and_a_tie_is_tossed():
    found = opinion.waves_ahead([30, 20, -25, 0], [3, 3, 3, 3])
    assert found.to_dict() == pytest.approx({0: 0, 1: 0, 2: 0.5, 3: 0.5, 4: 0}, abs=1e-6)
