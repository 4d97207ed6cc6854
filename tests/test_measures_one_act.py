"""One act otherwise: which acts are left out, and which counted in full."""

import pandas as pd

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
    assert counted(tried) == {"without row 0": 0, "without row 1": 1, "with row 1 in full": 2, "without row 3": 1,
                              "with row 3 in full": 2}
    assert set(counted(tried, "searched").values()) == {2}  # what was left out was still looked for
    pd.testing.assert_frame_equal(ACTS, before)


def test_an_act_is_named_by_its_words_and_its_id_and_two_of_one_name_are_told_apart():
    named = ACTS.assign(id=["first", "second", "none", "chat"])
    assert list(one_act.otherwise(named, firm))[1:3] == ["without “second”", "with “second” in full"]
    told = named.assign(event="A drill with " + "very " * 20 + "many ships")
    first = next(iter(one_act.otherwise(told, firm)))
    assert first.startswith("without “A drill with very") and first.endswith(" …” (first)") and len(first) < 90
    dated = ACTS.assign(date="2024-05")
    assert list(one_act.otherwise(dated, firm))[:3] == ["without drill of 2024-05, row 0", "without drill of 2024-05, row 1",
                                                        "with drill of 2024-05, row 1 in full"]


def test_only_the_acts_that_a_verdict_is_made_of_are_tried():
    assert counted(one_act.otherwise(ACTS, firm, ACTS["item"] == "talk")) == {"without row 3": 1, "with row 3 in full": 2}
    assert one_act.otherwise(ACTS, firm, ACTS["item"] == "nothing") == {}


def test_of_a_table_without_searches_the_row_goes():
    texts = pd.DataFrame({"names": [1, 0]}, index=["a", "b"])
    assert counted(one_act.otherwise(texts, lambda of: {"acts": Quantity(len(of))})) == {"without row a": 1, "without row b": 1}
