"""The what-if of lead donors: what the chart computes is what Python computes, at several settings of its controls."""

import html
import itertools
import re

import pandas as pd
import pytest
import vl_convert

from trilateral.charts.division import MEAN, division_chart
from trilateral.measures import portfolios

AID = pd.DataFrame({"USA": [30.0, 5, 0, 12], "JPN": [60.0, 20, 0.06, 0], "KOR": [5.0, 9, 0.04, 2]},
                   index=["BGD", "VNM", "TON", "MHL"])
SECTORS = pd.DataFrame({"USA": [90.0, 5], "JPN": [10.0, 40], "KOR": [6.0, 8]}, index=["health", "water"])
BOTH = {"recipients": AID, "sectors": SECTORS}
NAMES = {"USA": "United States", "JPN": "Japan", "KOR": "South Korea"}


def drawn(**settings):
    """Overlap by pair and share by donor after and before, and recipients served, as the chart's own marks state them."""
    spec = division_chart(portfolios.bundles(BOTH), settings)(680).to_dict()
    labels = [html.unescape(label) for label in re.findall(r'aria-label="([^"]*)"', vl_convert.vegalite_to_svg(spec))]
    said = [dict(part.split(": ", 1) for part in label.split("; ")) for label in labels if "; " in label]
    overlap = [(row["pair"], float(row["overlap (cosine)"])) for row in said if "overlap (cosine)" in row]
    share = [(row["name"], float(row["percent of what the three give"]))
             for row in said if "words" not in row and "name" in row]
    assert {row["words"].split()[1] for row in said if "words" in row} == {settings["what"]}
    served = {row["name"]: int(row["words"].split()[0]) for row in said if "words" in row}
    return dict(overlap[:4]), dict(overlap[4:]), dict(share[:3]), dict(share[3:]), served


def by_pair(amounts):
    angle = portfolios.cosines(amounts).fillna(0)
    values = [angle.loc[pair] for pair in itertools.combinations(NAMES, 2)]
    return dict(zip(["US–Japan", "US–South Korea", "Japan–South Korea", MEAN], [*values, sum(values) / 3], strict=True))


def by_donor(amounts):
    return {NAMES[code]: 100 * amounts[code].sum() / amounts.sum().sum() for code in NAMES}


@pytest.mark.parametrize(("what", "handed", "lead", "order"), [
    ("recipients", 0, "gives most", "largest first"), ("recipients", 2, "gives most", "smallest first"),
    ("recipients", 1, "specializes most", "largest first"), ("sectors", 1, "specializes most", "smallest first"),
    ("recipients", 3, "gives most", "largest first"), ("sectors", 4, "gives most", "largest first")])
def test_the_chart_divides_as_the_measure_does(what, handed, lead, order):
    overlap, overlap_today, share, share_today, served = drawn(what=what, handed=handed, lead=lead, order=order)
    after = portfolios.division(BOTH[what], handed, lead, order)
    assert overlap == pytest.approx(by_pair(after), abs=1e-6)
    assert overlap_today == pytest.approx(by_pair(BOTH[what]), abs=1e-6)
    assert share == pytest.approx(by_donor(after), abs=1e-4)
    assert share_today == pytest.approx(by_donor(BOTH[what]), abs=1e-4)
    assert served == {NAMES[code]: int((after[code] > 0).sum()) for code in NAMES}


def test_the_controls_start_where_they_are_told():
    start = {"what": "sectors", "handed": 2, "lead": "gives most", "order": "largest first"}
    params = division_chart(portfolios.bundles(BOTH), start)(330).to_dict()["params"]
    assert {param["name"]: param["value"] for param in params if "bind" in param} == start | {"handed_sectors": 2}


def test_each_kind_has_a_control_that_ends_where_there_are_no_more_of_it():
    start = {"what": "recipients", "handed": 3, "lead": "gives most", "order": "largest first"}
    spec = division_chart(portfolios.bundles(BOTH), start)(680).to_dict()
    numbers = {param["name"]: param for param in spec["params"] if param.get("bind", {}).get("input") == "range"}
    assert {name: (each["value"], each["bind"]["max"]) for name, each in numbers.items()} == {
        "handed": (3, len(AID)), "handed_sectors": (len(SECTORS), len(SECTORS))}
    assert [each["bind"]["name"] for each in numbers.values()] == [
        f"Recipients handed over (of {len(AID)}) ", f"Sectors handed over (of {len(SECTORS)}) "]
