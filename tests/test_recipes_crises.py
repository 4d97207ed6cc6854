"""Crises and coordinates collected by hand: the traps of each file."""

from __future__ import annotations

from pathlib import Path

import pytest

from trilateral import data
from trilateral.recipes import allied_crises, city_coordinates
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"


def curated(recipe, *swaps):
    text = (CURATED / recipe.FILE).read_text(encoding="utf-8")
    for old, new in swaps:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return recipe.tables({recipe.FILE: text.encode()})


def test_a_crisis_without_its_day_is_named():
    with pytest.raises(UpstreamError, match="C04, column date: 2012-09 is no day"):
        curated(allied_crises, ("JPN,2012-09-11", "JPN,2012-09"))


def test_a_crisis_out_of_order_is_named():
    with pytest.raises(UpstreamError, match="C03: 2009-03-11 comes before the row above it"):
        curated(allied_crises, ("JPN,2011-03-11", "JPN,2009-03-11"))


def test_a_coordinate_off_the_globe_is_named():
    with pytest.raises(UpstreamError, match=r"JPN, column latitude: 139.7 is no coordinate between -90 and 90"):
        curated(city_coordinates, ("35.7,139.7", "139.7,35.7"))


def test_the_tables_hold_what_the_files_hold():
    assert curated(allied_crises)["allied_crises"]["id"].tolist() == data.load("allied_crises").frame["id"].tolist()
    places = data.load("city_coordinates").frame.set_index("iso3")
    assert places.loc["KOR", "latitude"] == 37.6 and places.loc["JPN", "longitude"] == 139.7
