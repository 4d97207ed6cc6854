import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trilateral.measures import MeasureError, votes

HALF_WIDTH = 1.6448536  # of a 90 percent interval when the standard deviation is 1


def ideal_points(**positions):
    """One row a country and year from 2000 on, with a standard deviation of 0.1."""
    return pd.DataFrame(
        [
            {
                "iso3": iso3,
                "year": 2000 + i,
                "basis": "all",
                "ideal_point": x,
                "q05": x - 0.1 * HALF_WIDTH,
                "q95": x + 0.1 * HALF_WIDTH,
                "votes": 60 + i,
            }
            for iso3, points in positions.items()
            for i, x in enumerate(points)
        ]
    )


def chamber(**ballots):
    """Votes and roll calls from KOR="yyan": one letter a roll call, two a year; a dot is an absence."""
    words = {"y": "yes", "a": "abstain", "n": "no"}
    cast = pd.DataFrame(
        [(i, iso3, words[letter]) for iso3, line in ballots.items() for i, letter in enumerate(line) if letter != "."],
        columns=["roll_call", "iso3", "vote"],
    )
    n = max(map(len, ballots.values()))
    calls = pd.DataFrame(
        {
            "roll_call": range(n),
            "session": [60 + i // 2 for i in range(n)],
            "date": [f"{2005 + i // 2}-12-0{1 + i % 2}" for i in range(n)],
            "nuclear": [i % 2 for i in range(n)],
        }
    )
    return cast, calls


lines = st.text("yan.", min_size=6, max_size=6)


def test_a_distance_has_the_interval_of_two_independent_normals():
    row = votes.distances(ideal_points(KOR=[1.0], USA=[3.0]), [("KOR", "USA")]).iloc[0]
    reach = HALF_WIDTH * np.hypot(0.1, 0.1)
    assert (row.distance, row.low, row.high) == pytest.approx((2, 2 - reach, 2 + reach))
    assert row.n_votes_min == 60


def test_near_neighbors_may_be_at_no_distance():
    row = votes.distances(ideal_points(KOR=[1.0], JPN=[1.05]), [("KOR", "JPN")]).iloc[0]
    assert (row.low, row.distance) == (0, pytest.approx(0.05))


@given(a=st.floats(-4, 4), b=st.floats(-4, 4), shift=st.floats(-2, 2))
def test_a_distance_is_symmetric_and_does_not_move_with_the_scale(a, b, shift):
    measures = ["distance", "low", "high"]
    there = votes.distances(ideal_points(KOR=[a], USA=[b]), [("KOR", "USA")])[measures]
    back = votes.distances(ideal_points(KOR=[a], USA=[b]), [("USA", "KOR")])[measures]
    moved = votes.distances(ideal_points(KOR=[a + shift], USA=[b + shift]), [("KOR", "USA")])[measures]
    pd.testing.assert_frame_equal(there, back)
    np.testing.assert_allclose(there, moved, atol=1e-9)
    assert there.low[0] <= there.distance[0] <= there.high[0]


def test_years_only_one_of_a_pair_has_are_left_out():
    frame = votes.distances(ideal_points(KOR=[1, 1, 1], USA=[3]), [("KOR", "USA")])
    assert frame["year"].tolist() == [2000]


def test_an_unknown_country_is_named():
    with pytest.raises(MeasureError, match="XXX"):
        votes.distances(ideal_points(KOR=[1]), [("KOR", "XXX")])


def test_an_unknown_basis_is_named_with_the_known_ones():
    with pytest.raises(MeasureError, match=r"'some'.*'all'"):
        votes.distances(ideal_points(KOR=[1], USA=[2]), [("KOR", "USA")], basis="some")


def test_excess_distance_is_beyond_the_median_ally():
    points = ideal_points(USA=[3], KOR=[0], JPN=[2], GBR=[2.5], AUS=[1])
    row = votes.excess_distance(points, "KOR", "USA", ["JPN", "GBR", "AUS", "KOR"]).iloc[0]
    assert (row.distance, row.median_ally, row.excess) == (3, 1, 2)
    assert (row["rank"], row.of) == (4, 4)
    assert row.low < 2 < row.high


def test_the_median_ally_is_taken_of_the_allies_present_that_year():
    points = ideal_points(USA=[3, 3], KOR=[0, 0], JPN=[2, 2], GBR=[2.5])
    frame = votes.excess_distance(points, "KOR", "USA", ["JPN", "GBR"])
    assert frame["median_ally"].tolist() == [0.75, 1]
    assert frame["of"].tolist() == [3, 2]


def test_a_country_without_allies_to_compare_with_is_an_error():
    with pytest.raises(MeasureError, match="no ally of USA"):
        votes.excess_distance(ideal_points(USA=[3], KOR=[0]), "KOR", "USA", ["KOR"])


@pytest.mark.parametrize(
    ("abstain", "share", "n"), [("half", 2.5 / 4, 4), ("exclude", 1 / 2, 2), ("different", 2 / 4, 4)]
)
def test_an_abstention_counts_as_told(abstain, share, n):
    cast, calls = chamber(KOR="yyaay", USA="ynay.")
    row = votes.agreement(cast, calls, [("KOR", "USA")], abstain=abstain, by=None).iloc[0]
    assert (row.agreement, row.n) == (share, n)


def test_agreement_is_by_year_and_by_issue():
    cast, calls = chamber(KOR="yyyn", USA="ynyy")
    years = votes.agreement(cast, calls, [("KOR", "USA")])
    assert years[["year", "agreement", "n"]].values.tolist() == [[2005, 0.5, 2], [2006, 0.5, 2]]
    nuclear = votes.agreement(cast, calls, [("KOR", "USA")], issue="nuclear", by="session")
    assert nuclear[["session", "agreement", "n"]].values.tolist() == [[60, 0, 1], [61, 0, 1]]


@given(a=lines, b=lines, abstain=st.sampled_from(["half", "exclude", "different"]))
def test_agreement_is_symmetric_and_a_share(a, b, abstain):
    cast, calls = chamber(KOR=a + "y", USA=b + "y")
    there, back = (
        votes.agreement(cast, calls, [pair], abstain=abstain, by=None, draws=50)
        for pair in (("KOR", "USA"), ("USA", "KOR"))
    )
    assert there.agreement[0] == back.agreement[0]
    assert 0 <= there.low[0] <= there.agreement[0] <= there.high[0] <= 1


def test_the_bootstrap_of_a_coin_has_the_width_of_a_binomial():
    cast, calls = chamber(KOR="y" * 18, USA="yn" * 9)
    row = votes.agreement(cast, calls, [("KOR", "USA")], by=None, draws=20_000).iloc[0]
    # 2.5 and 97.5 percent quantiles of the binomial with 18 trials and probability one half: 5 and 13
    assert (row.low, row.high) == pytest.approx((5 / 18, 13 / 18))


def test_the_same_seed_gives_the_same_agreement():
    cast, calls = chamber(KOR="yyanyy", USA="ynyyan")
    runs = [votes.agreement(cast, calls, [("KOR", "USA")], by=None, seed=seed) for seed in (1, 1)]
    pd.testing.assert_frame_equal(*runs)


@pytest.mark.parametrize(
    ("options", "named"),
    [({"issue": "climate"}, "climate"), ({"abstain": "third"}, "third"), ({"by": "month"}, "month")],
)
def test_an_unknown_option_is_named(options, named):
    cast, calls = chamber(KOR="yy", USA="yn")
    with pytest.raises(MeasureError, match=named):
        votes.agreement(cast, calls, [("KOR", "USA")], **options)


def test_a_vote_the_table_should_not_hold_is_named():
    cast, calls = chamber(KOR="yy", USA="yn")
    with pytest.raises(MeasureError, match="absent"):
        votes.agreement(cast.replace("no", "absent"), calls, [("KOR", "USA")])


def test_all_alike_counts_roll_calls_on_which_all_voted():
    cast, calls = chamber(KOR="yyan", JPN="ynan", USA="yya.")
    frame = votes.all_alike(cast, calls, ["KOR", "JPN", "USA"])
    assert frame[["year", "share", "n"]].values.tolist() == [[2005, 0.5, 2], [2006, 1, 1]]
    assert ((frame.low <= frame.share) & (frame.share <= frame.high)).all()


@given(ballots=st.tuples(lines, lines, lines))
def test_the_order_of_countries_does_not_matter_to_all_alike(ballots):
    cast, calls = chamber(**dict(zip(("KOR", "JPN", "USA"), [line + "y" for line in ballots], strict=True)))
    frames = [votes.all_alike(cast, calls, order) for order in itertools.permutations(["KOR", "JPN", "USA"])]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_a_roll_call_counts_in_the_year_its_session_began():
    cast, calls = chamber(KOR="yyyn", USA="ynyy")
    calls = calls.assign(year=calls["session"] + 1945)
    assert votes.agreement(cast, calls, [("KOR", "USA")])["year"].tolist() == [2005, 2006]
    calls.loc[1, "date"] = "2006-06-01"
    frame = votes.all_alike(cast, calls, ["KOR", "USA"])
    assert frame[["year", "n"]].values.tolist() == [[2005, 2], [2006, 2]]
    assert votes.all_alike(cast, calls.drop(columns="year"), ["KOR", "USA"])["n"].tolist() == [1, 3]
