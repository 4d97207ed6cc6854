"""Firm verdicts that would be another at an end of an interval."""

from dataclasses import replace

import pytest

from trilateral.claims import register
from trilateral.publish import ledger
from trilateral.publish.near_misses import NearMiss, near_misses

RULE = [{verdict: when} for verdict, when in (
    ("supported", "gap >= 15 and other >= 1"), ("mixed", "gap >= 15 or other >= 1"), ("not supported", "otherwise"))]
CLAIM = replace(next(iter(register().claims.values())), id="a", rule=RULE, quantities={
    "gap": {"meaning": "a gap", "unit": "points", "range": [0, 100]},
    "other": {"meaning": "others", "unit": "", "range": [0, 9]}})


def entry(value, low, high, level=0.95, verdict="not supported", other=0.0):
    quantities = {"gap": {"value": value, "low": low, "high": high, "level": level, "n": 30},
                  "other": {"value": other, "low": None, "high": None, "level": 0.95, "n": None}}
    return {"id": "a", "now": {"verdict": verdict, "quantities": quantities}}


def test_a_verdict_is_listed_with_what_the_whole_rule_gives_at_the_end_of_its_interval():
    assert near_misses([entry(8.0, 0.0, 20.0)], {"a": CLAIM}, "now") == [NearMiss("a", "gap", 20.0, "mixed")]
    assert near_misses([entry(20.0, 8.0, 32.0, verdict="supported", other=2.0)], {"a": CLAIM}, "now") == [
        NearMiss("a", "gap", 8.0, "mixed")]


def test_a_line_that_an_interval_reaches_is_no_near_miss_where_the_verdict_stays():
    unmoved = replace(CLAIM, rule=[RULE[0], RULE[2]])
    assert near_misses([entry(8.0, 0.0, 20.0)], {"a": unmoved}, "now") == []


def test_an_end_beyond_what_the_register_allows_is_read_at_its_edge():
    assert near_misses([entry(80.0, 60.0, 120.0, verdict="mixed")], {"a": CLAIM}, "now") == []
    assert near_misses([entry(8.0, -5.0, 140.0)], {"a": CLAIM}, "now") == [NearMiss("a", "gap", 140.0, "mixed")]


@pytest.mark.parametrize("given", [
    {"value": 8.0, "low": 0.0, "high": 14.0}, {"value": 8.0, "low": 0.0, "high": 20.0, "level": None},
    {"value": 8.0, "low": None, "high": None}])
def test_intervals_that_do_not_reach_readings_and_points_are_not_listed(given):
    assert near_misses([entry(**given)], {"a": CLAIM}, "now") == []


def test_how_many_there_are_is_a_number_of_the_ledger():
    assert ledger.value("at-an-end.total.now", []) == "0"
    with pytest.raises(ledger.UnknownValue, match="at-an-end"):
        ledger.value("at-an-end.mixed.now", [])
