"""Numbers and lists as words."""

import pytest

from trilateral.charts.figure import signed
from trilateral.text import (
    TextError,
    as_text,
    chance,
    changed,
    check_sentences,
    counted,
    listed,
    minus,
    of_them,
    span,
    went,
)


def test_several_things_are_listed_as_people_write_them():
    assert [listed(items) for items in ([], [2018], [2018, 2019], "abc")] == ["", "2018", "2018 and 2019", "a, b and c"]


def test_a_negative_number_has_a_true_minus_sign():
    assert minus(-3.5) == "−3.5"
    assert [minus(text) for text in ("-0", "-0.0", "-0.04", "-0 to 3", "2020-0")] == ["0", "0.0", "−0.04", "0 to 3", "2020−0"]


def test_from_year_to_year_leads_a_dash_and_no_minus():
    assert [minus(text) for text in ("2018-2025", "in 2018-2025, -3", "12018-2025", "2018-25")] == [
        "2018–2025", "in 2018–2025, −3", "12018−2025", "2018−25"]


def test_negative_numbers_among_words_have_a_true_minus_sign_and_hyphens_stay():
    assert signed("from -0.14 to 0.4 (-1.7), 2018-2022, two-source") == "from −0.14 to 0.4 (−1.7), 2018-2022, two-source"


def test_a_p_value_is_never_zero():
    assert [chance(0.2), chance(0.01), chance(0.004)] == ["= 0.20", "= 0.01", "under 0.01"]


def test_zero_has_no_sign():
    assert [minus(text) for text in ("+0", "+0.0 points", "+3", "+0.5")] == ["0", "0.0 points", "+3", "+0.5"]


def test_a_part_of_several_things_is_all_none_or_a_count():
    assert [of_them(3, 3), of_them(0, 3), of_them(2, 3)] == ["all of them", "none of them", "two of them"]


def test_a_count_is_a_word_while_it_is_small():
    assert [counted(0), counted(0, "none"), counted(2), counted(12), counted(13)] == ["no", "none", "two", "twelve", "13"]


def test_a_number_that_could_not_be_computed_is_said_in_words():
    found = [as_text(-2.6), as_text(None), as_text(float("inf")), as_text(1.25, "+.1f")]
    assert found == ["−3", "not known", "not known", "+1.2"]


def test_a_change_is_worded_by_its_sign():
    assert [changed(percent) for percent in (-71.6, 2.6)] == ["fell 72", "rose 3"]


def test_two_numbers_that_read_the_same_are_said_once():
    assert [span(2, 2), span(2, 3), span("0.5", "0.5")] == ["2", "2 to 3", "0.5"]
    assert [went(11, 11), went("4", "3")] == ["stayed at 11", "went from 4 to 3"]


def test_sentences_that_numbers_do_not_bear_out_are_all_named():
    check_sentences({"Japan gave most": True})
    with pytest.raises(TextError, match="Japan gave most; two of three agree"):
        check_sentences({"Japan gave most": False, "South Korea gave little": True, "two of three agree": False})
