"""Shortfalls and who covers them, on holdings with a known answer."""

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import MeasureError, shortfalls

PEERS = ["AUS", "CAN", "FRA"]


def holdings(function, kind="count", field="isr", peers=(4, 4, 4), **values):
    rows = values | dict(zip(PEERS, peers, strict=True))
    return pd.DataFrame([{"field": field, "function": function, "kind": kind, "iso3": iso3, "value": float(value)}
                         for iso3, value in rows.items()])


def test_half_the_median_is_asked_for_and_never_less_than_one():
    assert shortfalls.functions(holdings("a", USA=1, JPN=1, KOR=1), PEERS)["need"].unique() == [2]
    assert shortfalls.functions(holdings("a", peers=(0, 0, 0), USA=1, JPN=1, KOR=1), PEERS)["need"].unique() == [1]


def test_a_partner_covers_with_what_it_has_beyond_its_own_requirement():
    enough = shortfalls.functions(holdings("a", USA=9, JPN=3, KOR=1), PEERS)
    gaps = shortfalls.covered(enough)
    assert gaps["iso3"].tolist() == ["KOR"] and gaps["filled"].tolist() == [True]
    little = shortfalls.functions(holdings("a", USA=9, JPN=2.4, KOR=1), PEERS)
    assert not shortfalls.covered(little)["filled"].item()
    assert shortfalls.covered(little, part=0.4)["filled"].item()


def test_the_american_ally_is_dependence_and_no_partner_unless_asked_for():
    frame = shortfalls.functions(holdings("a", USA=9, JPN=0, KOR=0), PEERS)
    assert not shortfalls.covered(frame)["filled"].any() and shortfalls.covered(frame)["by_usa"].all()
    assert shortfalls.covered(frame, american=True)["filled"].all()
    assert shortfalls.classes(frame).set_index("iso3")["class"].to_dict() == {
        "USA": "balance", "JPN": "dependence", "KOR": "dependence"}


def test_a_country_without_a_count_has_none_and_without_a_score_is_refused():
    assert shortfalls.functions(holdings("a", USA=9, JPN=3), PEERS).set_index("iso3").at["KOR", "value"] == 0
    with pytest.raises(MeasureError, match="no value of KOR"):
        shortfalls.functions(holdings("a", kind="score", peers=(1, 2, 3), USA=9, JPN=3), PEERS)


def test_scores_are_short_below_and_strong_above_the_median_by_half_a_deviation():
    frame = shortfalls.functions(holdings("a", kind="score", peers=(1, 2, 3), USA=2, JPN=2.6, KOR=1.4), PEERS)
    assert frame.set_index("iso3")["lacks"].gt(0).to_dict() == {"USA": False, "JPN": False, "KOR": True}
    assert shortfalls.covered(frame)["filled"].all()


def test_nobody_short_and_two_strong_is_duplication():
    frame = shortfalls.functions(holdings("a", USA=9, JPN=9, KOR=2), PEERS)
    assert set(shortfalls.classes(frame)["class"]) == {"duplication"}


def mixed():
    return shortfalls.functions(pd.concat([holdings("a", USA=9, JPN=9, KOR=0), holdings("b", USA=9, JPN=0, KOR=0),
                                           holdings("c", field="sea", USA=9, JPN=0, KOR=9)]), PEERS)


def test_the_share_counts_shortfalls_or_fields():
    assert shortfalls.filled(mixed()).value == 50 and shortfalls.filled(mixed()).n == 4
    assert shortfalls.filled(mixed(), weight="field").value == pytest.approx(100 * (1 / 3 + 1) / 2)
    assert shortfalls.filled(mixed(), american=True).value == 100


def test_the_interval_holds_the_value_and_the_same_seed_gives_the_same():
    one, two = shortfalls.filled(mixed()), shortfalls.filled(mixed())
    assert one == two and one.low <= one.value <= one.high


def test_without_a_shortfall_there_is_no_share():
    frame = shortfalls.functions(holdings("a", USA=9, JPN=9, KOR=9), PEERS)
    assert shortfalls.filled(frame).value is None


def test_dealing_keeps_what_cannot_move():
    frame = shortfalls.functions(holdings("a", USA=9, JPN=9, KOR=0), PEERS)
    assert np.unique(shortfalls.dealt(frame, draws=20)).tolist() == [100]


def test_partners_weak_in_the_same_places_fill_more_when_strengths_are_dealt_at_random():
    same = shortfalls.functions(pd.concat([holdings("a", USA=9, JPN=9, KOR=9), holdings("b", USA=9, JPN=0, KOR=0)]), PEERS)
    drawn = shortfalls.dealt(same, draws=400)
    assert shortfalls.filled(same).value == 0
    assert 40 < drawn.mean() < 60 and set(np.unique(drawn)) == {0, 100}
