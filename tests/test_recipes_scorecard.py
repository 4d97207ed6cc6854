"""Traps of the tables on what came of the advice."""

from pathlib import Path

import pytest

from trilateral.recipes import scorecard
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"
NAMES = [scorecard.ACTS, scorecard.PROMISES, scorecard.EXERCISES, scorecard.MISSIONS, scorecard.EVENTS, scorecard.FORECASTS]


def files(**changed):
    contents = {name: (CURATED / name).read_bytes() for name in NAMES}
    for name, (old, new) in changed.items():
        text = contents[getattr(scorecard, name)].decode()
        assert old in text
        contents[getattr(scorecard, name)] = text.replace(old, new, 1).encode()
    return contents


def test_an_item_not_found_has_no_date_and_every_act_has_one():
    acts = scorecard.tables(files())["advice_uptake"]
    assert (acts["record"].eq("not-found") == acts["date"].isna()).all()


@pytest.mark.parametrize(("changed", "message"), [
    ({"MISSIONS": ("2018,16,16,0", "2018,17,16,0")}, "row 2018: the missions are the sum"),
    ({"PROMISES": (",2,3,3,2024-11-15", ",3,2,3,2024-11-15")}, "row P04: the rung lies between"),
    ({"EXERCISES": ("boarding surface,2", "boarding surface,3")}, "the number is that of its domains"),
    ({"EVENTS": ("not,,named,as-covid-complementary as-us-vaccine-speed", "not,,named,")}, "row pandemic"),
    ({"ACTS": ("command-body,not-found,,", "command-body,not-found,2024,year")}, "without result has none"),
])
def test_a_damaged_row_is_named(changed, message):
    with pytest.raises(UpstreamError, match=message):
        scorecard.tables(files(**changed))
