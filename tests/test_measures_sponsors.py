"""Margins between sponsors of incidents, on counts with a known answer."""

import numpy as np
import pandas as pd
import pytest

from trilateral.measures import sponsors


def pairs(**targets):
    """Incidents of each target by sponsor, none shared."""
    rows = [(target, sponsor) for target, counts in targets.items() for sponsor, n in counts.items() for _ in range(n)]
    return pd.DataFrame(rows, columns=["iso3", "initiator"]).assign(incident_id=range(len(rows)))


def test_a_sponsor_in_second_place_leads_the_third():
    assert sponsors.margins(np.array([5, 4, 1]), np.array(10), 1) == 30
    assert sponsors.margins(np.array([5, 4, 1]), np.array(10), 2) == -30


def test_exposure_is_that_of_the_weakest_country_for_the_better_sponsor():
    frame = pairs(JPN={"CHN": 6, "PRK": 3, "RUS": 1}, KOR={"CHN": 2, "PRK": 7, "RUS": 1})
    both = sponsors.exposure(frame, ["JPN", "KOR"], ["CHN", "PRK"])
    assert both.value == pytest.approx(20) and both.n == 10  # North Korea: 20 in Japan, 50 in South Korea; China: 50 and 10
    assert sponsors.exposure(frame, ["JPN", "KOR"], ["CHN"]).value == pytest.approx(10)
    assert sponsors.exposure(frame, ["JPN", "KOR"], ["CHN", "PRK"], one_for_all=False).value == pytest.approx(50)
    assert both.low <= both.value <= both.high


def test_unknown_sponsors_stay_in_the_total_and_lead_nobody():
    frame = pairs(JPN={"CHN": 4, "unknown": 6})
    assert sponsors.exposure(frame, ["JPN"], ["CHN"]).value == pytest.approx(40)


def test_an_incident_with_two_sponsors_counts_once_in_the_total():
    frame = pd.DataFrame({"incident_id": [1, 1, 2], "iso3": "JPN", "initiator": ["CHN", "RUS", "CHN"]})
    assert sponsors.exposure(frame, ["JPN"], ["CHN"]).value == pytest.approx(100)


def test_too_few_incidents_give_no_value():
    assert sponsors.exposure(pairs(JPN={"CHN": 1}), ["JPN"], ["CHN"]).value is None
