"""The specification curves of the built book: their published row is the published calculation, and their lines are named."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from trilateral import claims
from trilateral.publish import columns

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
CURVES = sorted(columns.read(ROOT).quantities.items())
SIDE = re.compile(r"“[\w ]+” (?:needs|counts) .*\(?dashed line|“[\w ]+” needs the dashed line or more")

pytestmark = pytest.mark.skipif(not (HTML / "ledger.json").exists(), reason="the book is not built: run make book first")


def built(figure: str) -> tuple[dict[str, str], str, str, str]:
    """First row of a figure's CSV, its headline, its subtitle, and its drawing for a wide screen."""
    files = next(HTML.glob(f"figures/*/{figure}.csv"))
    with files.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    page = files.with_suffix(".html").read_text(encoding="utf-8")
    headline, subtitle = re.search(r'<h1 id="headline">(.*?)</h1><p>(.*?)</p>', page, re.DOTALL).groups()
    return row, headline, subtitle, files.with_suffix(".svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(("figure", "claim"), CURVES)
def test_the_first_row_of_a_curve_is_the_published_calculation(figure, claim):
    row, headline, *_ = built(figure)
    entries = json.loads((HTML / "ledger.json").read_text(encoding="utf-8"))["claims"]
    at = next(each for each in entries if each["id"] == claim)["written" if headline.endswith("when written") else "now"]
    assert row["verdict"] == at["verdict"]
    compared = 0
    for name, given in at["quantities"].items():
        for column, number in ((name, given["value"]), (f"{name}_low", given["low"]), (f"{name}_high", given["high"])):
            if row.get(column) and number is not None:
                assert float(row[column]) == pytest.approx(number, rel=1e-4, abs=1e-6), column
                compared += 1
    assert compared


@pytest.mark.parametrize(("figure", "claim"), CURVES)
def test_the_lines_of_a_curve_are_named(figure, claim):
    _, _, subtitle, drawing = built(figure)
    assert SIDE.search(subtitle) and f"“{claims.register()[claim].verdicts[0]}”" in subtitle
    upright = re.search(r'<line [^>]*stroke-width="0.8"', drawing)
    assert ("line: 95 percent interval" in drawing or "line: between readings" in drawing) == bool(upright)


def test_lines_between_readings_are_not_called_intervals():
    assert "line: between readings" in built("supply-specifications")[-1]
    assert "line: 95 percent interval" in built("life-specifications")[-1]
    assert "line: 95 percent interval, of the published alone" in built("held-again-specifications")[-1]
