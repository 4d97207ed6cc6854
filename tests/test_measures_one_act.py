"""One act otherwise: which acts are left out, and which counted in full."""

import pandas as pd
import pytest

from trilateral.claims import Quantity
from trilateral.measures import one_act, uptake

ACTS = pd.DataFrame([("drill", "held", 0, 0), ("drill", "held", 1, 0), ("drill", "not-found", 0, 0), ("talk", "held", 0, 1)],
                    columns=["item", "record", "doubtful", "others"])


def firm(acts):
    """Firm acts, and items that were looked for."""
    found = acts[acts["record"] != "not-found"]
    return {"acts": Quantity(int(((found["doubtful"] == 0) & (found["others"] == 0)).sum())),
            "searched": Quantity(uptake.looked_for(acts, ["drill", "talk"]))}


def counted(tried, name="acts"):
    return {row: quantities[name].value for row, quantities in tried.items()}


def test_each_act_is_left_out_and_one_that_counts_at_the_upper_end_alone_is_counted_in_full():
    before = ACTS.copy()
    tried = one_act.otherwise(ACTS, firm)
    assert counted(tried) == {"without “drill”, row 0": 0, "without “drill”, row 1": 1, "with “drill”, row 1 in full": 2,
                              "without “talk”": 1, "with “talk” in full": 2}
    assert set(counted(tried, "searched").values()) == {2}  # what was left out was still looked for
    pd.testing.assert_frame_equal(ACTS, before)


def test_an_act_is_named_by_its_words_and_date_and_by_no_key_of_its_table():
    told = ACTS.assign(id=list("abcd"), event=["Drill", "Talk", "Nothing found", "Visit"],
                       date=["2024-05-07", "2024-05", None, "2024"])
    assert list(one_act.otherwise(told, firm)) == [
        "without “Drill” of 7 May 2024", "without “Talk” of May 2024", "with “Talk” of May 2024 in full",
        "without “Visit” of 2024", "with “Visit” of 2024 in full"]


def test_two_acts_of_one_name_are_told_apart_by_their_key():
    assert list(one_act.otherwise(ACTS, firm))[:3] == ["without “drill”, row 0", "without “drill”, row 1",
                                                       "with “drill”, row 1 in full"]
    keyed = ACTS.assign(id=["first", "second", "none", "chat"], item="joint-drill", date="2024-05")
    assert next(iter(one_act.otherwise(keyed, firm))) == "without “joint drill” of May 2024, first"


@pytest.mark.parametrize(("said", "short"), [
    ("Cell at Yokosuka, under the fleet", "Cell at Yokosuka, under the fleet"),
    ("Enforcement Coordination Cell at Yokosuka, under the American fleet: the three and others",
     "Enforcement Coordination Cell at Yokosuka"),
    ("Missile tracking exercise (the last that was announced before a gap of years)", "Missile tracking exercise"),
    ("South Korea: can reject an American request for Japanese forces on its soil",
     "South Korea: can reject an American request for Japanese forces on its soil")])
def test_long_words_stop_at_a_pause_and_never_within_a_part(said, short):
    assert next(iter(one_act.otherwise(ACTS.assign(event=said), firm))).startswith(f"without “{short}”")


def test_only_the_acts_that_a_verdict_is_made_of_are_tried():
    assert counted(one_act.otherwise(ACTS, firm, ACTS["item"] == "talk")) == {"without “talk”": 1, "with “talk” in full": 2}
    assert one_act.otherwise(ACTS, firm, ACTS["item"] == "nothing") == {}


def test_of_a_table_without_searches_the_row_goes():
    texts = pd.DataFrame({"names": [1, 0]}, index=["a", "b"])
    assert counted(one_act.otherwise(texts, lambda of: {"acts": Quantity(len(of))})) == {"without row a": 1, "without row b": 1}
