"""Traps of the tables on what came of the advice."""

from pathlib import Path

import pandas as pd
import pytest

from trilateral.recipes import scorecard
from trilateral.recipes.reading import UpstreamError

CURATED = Path(__file__).parents[1] / "data" / "curated"
NAMES = [scorecard.ACTS, scorecard.PROMISES, scorecard.EXERCISES, scorecard.MISSIONS, scorecard.EVENTS, scorecard.FORECASTS]


def files(**changed):
    contents = {name: (CURATED / name).read_bytes() for name in NAMES}
    for name, (old, new) in changed.items():
        text = contents[getattr(scorecard, name)].decode()
        assert old in text, f"{old!r} has left {getattr(scorecard, name)}: damage another of its rows"
        contents[getattr(scorecard, name)] = text.replace(old, new, 1).encode()
    return contents


def test_an_item_not_found_has_no_date_and_every_act_has_one():
    acts = scorecard.tables(files())["advice_uptake"]
    assert (acts["record"].eq("not-found") == acts["date"].isna()).all()


def test_every_exercise_of_the_list_of_milestones_has_its_domains():
    milestones = pd.read_csv(CURATED / "trilateral-milestones.csv")
    exercises = set(milestones.loc[milestones["type"] == "exercise", "id"])
    assert exercises == set(scorecard.tables(files())["exercise_domains"]["milestone"]) and len(exercises) > 40


@pytest.mark.parametrize(("changed", "message"), [
    ({"MISSIONS": ("2018,16,16,0", "2018,17,16,0")}, "row 2018: the missions are the sum"),
    ({"PROMISES": (",2,3,2024-11-15", ",4,3,2024-11-15")}, "row P04: the rung is the lower grading"),
    ({"EXERCISES": ("boarding surface,2", "boarding surface,3")}, "the number is that of its domains"),
    ({"EXERCISES": ("command-post,0", "command-post,1")}, "row N12: the number is that of its domains"),
    ({"EXERCISES": ("command-post,0", "staff,0")}, "row N12: no such domain as staff"),
    ({"ACTS": ("tokyo-statement,text,2018-09-11", "tokyo-statement,text,2018-05-09")}, "V060: one .* and V059"),
    ({"EVENTS": ("not,,named,as-covid-complementary as-us-vaccine-speed", "not,,named,")}, "row pandemic"),
    ({"ACTS": ("not-found,,", "not-found,2024,year")}, "without result has none"),
])
def test_a_damaged_row_is_named(changed, message):
    with pytest.raises(UpstreamError, match=message):
        scorecard.tables(files(**changed))
