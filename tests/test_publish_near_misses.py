"""Verdicts “not supported” whose interval holds the line for “supported”."""

import pytest

from trilateral.publish.near_misses import NearMiss, near_misses


def entry(value, low, high, level=0.95, verdict="not supported", when="gap >= 15 and other >= 1"):
    quantities = {"gap": {"value": value, "low": low, "high": high, "level": level, "n": 30},
                  "other": {"value": 0.0, "low": None, "high": None, "level": 0.95, "n": None}}
    return {"id": "a", "rule": [{"verdict": "supported", "when": when}, {"verdict": "not supported", "when": "otherwise"}],
            "now": {"verdict": verdict, "quantities": quantities}}


def test_an_interval_that_holds_the_line_which_the_point_misses_is_listed_with_it():
    assert near_misses([entry(8.0, 0.0, 20.0)], "now") == [NearMiss("a", "gap", "gap >= 15")]


def test_a_line_that_counts_observations_is_read_with_their_number():
    found = near_misses([entry(4.0, 2.0, 6.0, when="(gap <= 0.1 * gap_n) + (other <= 0) >= 2")], "now")
    assert NearMiss("a", "gap", "gap <= 0.1 * gap_n") in found and all(each.quantity == "gap" for each in found)


@pytest.mark.parametrize("given", [
    {"value": 8.0, "low": 0.0, "high": 14.0}, {"value": 16.0, "low": 0.0, "high": 20.0},
    {"value": 8.0, "low": 0.0, "high": 20.0, "level": None}, {"value": 8.0, "low": None, "high": None},
    {"value": 8.0, "low": 0.0, "high": 20.0, "verdict": "mixed"}])
def test_lines_out_of_the_interval_lines_met_readings_points_and_other_verdicts_are_not_listed(given):
    assert near_misses([entry(**given)], "now") == []
