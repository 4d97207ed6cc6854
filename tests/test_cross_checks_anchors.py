"""Tables agree with values printed elsewhere, mostly by their producers: units, signs and countries from the first intake on.

`test_cross_checks_anchors.csv` has a row for each: the rows of a table that `where` selects add up to `value`, or differ by no
more than the share `within`, which leaves room for rounding and for later revisions.
"""

import csv
from pathlib import Path

import pytest

from trilateral import data
from trilateral.contract import read_sidecar

FILE = Path(__file__).with_suffix(".csv")
ANCHORS = list(csv.DictReader(FILE.open(encoding="utf-8", newline="")))


def fault(anchor, frame):
    """What is wrong, in words, or nothing."""
    rows = frame.query(anchor["where"])
    found, said, within = float(rows[anchor["column"]].sum()), float(anchor["value"]), float(anchor["within"])
    if len(rows) and abs(found - said) <= within * abs(said) + 1e-9:
        return ""
    return (f"data/{anchor['table']}.csv, {len(rows)} rows where {anchor['where']}: {anchor['column']} is {found:,.10g}, and "
            f"{said:,.10g} in {anchor['said']} ({anchor['url']}), within {within:.2%}. Look at unit, sign, country and date of "
            f"the upstream file; if its producer revised the value, correct {FILE.name}.")


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: f"{anchor['table']}, {anchor['said']}")
def test_a_table_holds_the_value_that_was_printed(anchor):
    assert fault(anchor, data.load(anchor["table"]).frame) == ""


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: f"{anchor['table']}, {anchor['said']}")
def test_a_wrong_unit_or_sign_is_told_with_table_rows_and_source(anchor):
    frame = data.load(anchor["table"]).frame.astype({anchor["column"]: float})
    for factor in (1000, 0.001, -1):
        said = fault(anchor, frame.assign(**{anchor["column"]: frame[anchor["column"]] * factor}))
        assert said.startswith(f"data/{anchor['table']}.csv, ") and anchor["url"] in said


def test_anchors_cite_a_page_and_belong_to_tables_that_a_recipe_makes_from_an_upstream_file():
    assert len({anchor["table"] for anchor in ANCHORS}) >= 20
    for anchor in ANCHORS:
        assert anchor["url"].startswith("http") and anchor["said"]
        assert read_sidecar(data.DATA / f"{anchor['table']}.yml").get("upstream"), anchor["table"]
