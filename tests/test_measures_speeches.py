import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, speeches

rates_of_three = st.lists(st.tuples(*[st.integers(-50, 50)] * 3), min_size=4, max_size=12).filter(
    lambda rows: np.std(rows) > 1
)


def terms(**counts):
    """Speeches of 2,000 words and 100 sentences from 2010 on; pairs of mentions of North Korea and China."""
    return pd.DataFrame(
        [
            {
                "iso3": iso3,
                "year": 2010 + i,
                "words": 2000,
                "sentences": 100,
                "n_dprk": prk,
                "n_china": chn,
                "s_dprk": prk,
                "s_china": chn,
            }
            for iso3, pairs in counts.items()
            for i, (prk, chn) in enumerate(pairs)
        ]
    )


def priorities(rows, countries=("KOR", "USA", "JPN")):
    return pd.DataFrame(
        [
            {"iso3": iso3, "year": 2010 + i, "priority": float(value)}
            for i, row in enumerate(rows)
            for iso3, value in zip(countries, row, strict=True)
        ]
    )


@pytest.mark.parametrize(("unit", "north_korea", "china"), [("words", 3, 1), ("sentences", 6, 2)])
def test_priority_is_the_rate_of_one_less_that_of_the_other(unit, north_korea, china):
    row = speeches.priority(terms(KOR=[(6, 2)]), unit).iloc[0]
    assert (row.north_korea, row.china, row.priority) == (north_korea, china, north_korea - china)


def test_an_empty_speech_has_no_rate():
    assert speeches.priority(terms(KOR=[(0, 0)]).assign(words=0))["priority"].isna().all()


def test_an_unknown_unit_is_named():
    with pytest.raises(MeasureError, match="'pages'"):
        speeches.priority(terms(KOR=[(1, 1)]), "pages")


def test_a_country_year_that_occurs_twice_is_named():
    with pytest.raises(MeasureError, match="KOR 2010"):
        speeches.priority(pd.concat([terms(KOR=[(1, 1)]), terms(KOR=[(2, 1)])]))


def test_the_gap_is_in_deviations_of_all_country_years():
    # values 1, -1 in turn have a mean gap of 2 and, over eight country-years, a deviation of sqrt(8 / 7)
    gaps = speeches.standardized_gap(priorities([(1, -1)] * 4, ("KOR", "JPN")), "KOR", ["JPN"], (2010, 2013))
    assert gaps.loc[0, "gap"] == pytest.approx(2 / np.sqrt(8 / 7))
    assert gaps.loc[0, "n"] == 4


def test_a_pair_of_years_is_a_first_and_a_last():
    frame = priorities([(5, 1, 2), (9, 1, 3), (4, 1, 2), (7, 2, 2)])
    bounds, listed = (
        speeches.standardized_gap(frame, "KOR", ["USA", "JPN"], years) for years in ((2010, 2012), [2010, 2011, 2012])
    )
    pd.testing.assert_frame_equal(bounds, listed)


@pytest.mark.parametrize("method", ["t", "newey-west", "bootstrap"])
@given(rows=rates_of_three, factor=st.integers(2, 9), shift=st.integers(-5, 5))
def test_the_gap_is_free_of_scale_and_origin(method, rows, factor, shift):
    plain, moved = (
        speeches.standardized_gap(
            priorities(np.array(rows) * f + s), "KOR", ["USA", "JPN"], (2010, 2030), method=method
        )
        for f, s in ((1, 0), (factor, shift))
    )
    np.testing.assert_allclose(plain[["gap", "low", "high"]], moved[["gap", "low", "high"]], atol=1e-6)
    assert ((plain.low <= plain.gap + 1e-12) & (plain.gap <= plain.high + 1e-12)).all()


def test_a_speech_that_is_missing_drops_the_year():
    frame = priorities([(5, 1, 2), (9, 1, 3), (4, 1, 2)])
    gaps = speeches.standardized_gap(frame.drop(index=4), "KOR", ["USA", "JPN"], (2010, 2012))
    assert gaps["n"].tolist() == [2, 2]


def test_the_largest_gap_is_taken_by_size_and_folded():
    gaps = pd.DataFrame(
        {
            "partner": ["USA", "JPN"],
            "gap": [0.5, -2.0],
            "low": [0.1, -3.0],
            "high": [0.9, 1.0],
            "level": 0.95,
            "n": 13,
        }
    )
    estimate = speeches.largest(gaps)
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (2, 0, 3, 13)


def test_divergence_is_the_widest_gap_of_each_year():
    frame = priorities([(5, 1, 2), (0, 1, 3), (4, 4, 4)])
    yearly = speeches.divergence(frame, "KOR", ["USA", "JPN"])
    assert (yearly / yearly.loc[2010]).tolist() == pytest.approx([1, 0.75, 0])


def test_an_unknown_country_or_too_few_years_are_refused():
    frame = priorities([(5, 1, 2), (9, 1, 3)])
    with pytest.raises(MeasureError, match="XXX"):
        speeches.standardized_gap(frame, "KOR", ["XXX"], (2010, 2012))
    with pytest.raises(MeasureError, match="1 years"):
        speeches.standardized_gap(frame, "KOR", ["USA"], (2011, 2012))
