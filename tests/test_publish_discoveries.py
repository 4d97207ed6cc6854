"""How much of the register chance could have made."""

import pytest
from scipy.stats import norm

from trilateral.publish import discoveries, ledger


def quantity(value, low, high, level=0.95):
    return {"value": value, "low": low, "high": high, "level": level, "n": 9, "missing": ""}


def entry(name, verdict, when, quantities, decided=True):
    at = {"verdict": verdict if decided else "mixed", "rule": when if decided else "otherwise", "quantities": quantities}
    return {"id": name, "rule": [{"verdict": verdict, "when": when}, {"verdict": "mixed", "when": "otherwise"}],
            "now": at, "written": at}


def test_an_interval_that_ends_at_the_threshold_has_the_p_value_of_its_level():
    assert discoveries.p_value("x_low > 0", {"x": quantity(2.0, 0.0, 4.0)}) == pytest.approx(0.025)
    assert discoveries.p_value("x_high < 10", {"x": quantity(4.0, 2.0, 10.0, level=0.9)}) == pytest.approx(0.05)


def test_an_estimate_at_the_threshold_is_as_likely_above_as_below():
    assert discoveries.p_value("x_low > -3", {"x": quantity(-3.0, -5.0, -1.0)}) == pytest.approx(0.5)


def test_a_condition_written_from_the_right_is_read_the_same():
    quantities = {"x": quantity(2.0, 1.0, 4.0)}
    assert discoveries.p_value("0 < x_low", quantities) == discoveries.p_value("x_low > 0", quantities)


def test_several_intervals_count_by_the_weakest_and_alternatives_by_the_strongest_times_their_number():
    quantities = {"x": quantity(2.0, 0.0, 4.0), "y": quantity(4.0, 2.0, 6.0)}
    both = discoveries.p_value("x_low > 0 and y_low > 0", quantities)
    either = discoveries.p_value("x_low > 0 or y_low > 0", quantities)
    assert both == pytest.approx(0.025) and either == pytest.approx(2 * norm.sf(4 / 2 * norm.ppf(0.975)))


def test_some_of_several_intervals_count_by_the_one_that_makes_them_enough_times_the_ways_to_choose():
    quantities = {"x": quantity(2.0, 0.0, 4.0), "y": quantity(4.0, 2.0, 6.0), "z": quantity(0.5, -3.0, 4.0)}
    weak, strong = (norm.sf(times * norm.ppf(0.975)) for times in (1, 2))
    assert discoveries.p_value("(x >= 1 and x_low > 0) + (y_low > 0) + (z_low > 0) >= 2", quantities) == pytest.approx(2 * weak)
    assert discoveries.p_value("(x_low > 0) + (y_low > 0) >= 1", quantities) == pytest.approx(2 * strong)
    assert discoveries.p_value("(x_low > 0) + (y_low > 0) >= 2", quantities) == pytest.approx(weak)
    assert discoveries.p_value("(x_low > 0) + (y > 0) >= 2", quantities) is None  # the estimate of y is no test


@pytest.mark.parametrize("condition", ["x > 0", "x_n >= 5", "x_low > y_high", "z_low > 0", "w_low > 0", "v_low > 0"])
def test_points_counts_missing_values_and_ends_without_width_are_no_tests(condition):
    quantities = {"x": quantity(2.0, 0.0, 4.0), "y": quantity(1.0, 0.5, 2.0), "w": quantity(None, None, None),
                  "v": quantity(3.0, 3.0, 3.0)}
    assert discoveries.p_value(condition, quantities) is None


def test_an_interval_from_placebos_has_a_p_value_by_rank_which_few_placebos_keep_large():
    placebos = {"x": quantity(-16.0, -26.0, -10.0) | {"net_of_placebos": [-8.0, -14.0, -16.0, -20.0, -26.0]}}
    assert discoveries.p_value("x_high < 0", placebos) == pytest.approx(1 / 6)
    assert discoveries.p_value("x_high < -15", placebos) == pytest.approx(3 / 6)
    assert discoveries.p_value("x_low > -21", placebos) == pytest.approx(2 / 6)


def test_an_interval_between_readings_is_no_test():
    assert discoveries.p_value("x_low >= 0.25", {"x": quantity(0.7, 0.4, 0.8, level=None)}) is None


def test_the_adjustment_is_over_all_tests_and_marks_those_that_gave_the_verdict():
    book = [entry("sure", "supported", "x_low > 0", {"x": quantity(10.0, 8.0, 12.0)}),
            entry("chance", "supported", "x_low > 0", {"x": quantity(2.0, 0.0, 4.0)}),
            entry("open", "supported", "x_low > 0", {"x": quantity(0.5, -3.0, 4.0)}, decided=False),
            entry("count", "supported", "x >= 1", {"x": quantity(1.0, None, None)})]
    found = {test.claim: test for test in discoveries.tests(book, "now")}
    assert list(found) == ["sure", "chance", "open"]
    # Benjamini and Yekutieli: p times m over rank, times 1 + 1/2 + 1/3
    assert found["chance"].q == pytest.approx(0.025 * 3 / 2 * (1 + 1 / 2 + 1 / 3))
    assert [test.decided for test in found.values()] == [True, True, False]
    assert ledger.value("discoveries.decided.now", book) == "2" and ledger.value("discoveries.survive.now", book) == "1"
    assert ledger.value("discoveries.firm.now", book) == "3"
    other = [entry("a", "supported", "x_low > 0", {"x": quantity(10.0, 8.0, 12.0)}) | {"rule": [
        {"verdict": "supported", "when": "x >= 1"}, {"verdict": "supported", "when": "x_low > 0"}]}]
    other[0]["now"]["rule"] = "x >= 1"
    assert [test.decided for test in discoveries.tests(other, "now")] == [False]  # the verdict is the same, its line is not
    assert ledger.value("discoveries.rate.now:.1f", book) == f"{100 * found['chance'].q:.1f}"


def test_of_two_lines_with_one_verdict_the_one_that_held_decided():
    quantities = {"x": quantity(0.5, -3.0, 4.0), "y": quantity(10.0, 8.0, 12.0)}
    two = entry("two", "supported", "y_low > 0", quantities)
    two["rule"].insert(0, {"verdict": "supported", "when": "x_low > 0"})
    assert [test.decided for test in discoveries.tests([two], "now")] == [True, False]  # the firmer first


def test_an_unknown_number_of_discoveries_names_the_known():
    with pytest.raises(ledger.UnknownValue, match="decided"):
        ledger.value("discoveries.nothing.now", [])
    with pytest.raises(ValueError, match="written, now"):
        discoveries.tests([], "then")
