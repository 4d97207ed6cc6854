"""One estimate over a grid of choices."""

import pytest
from test_claims import SECOND, Table, book, supplied, write  # noqa: F401  (fixtures)

from trilateral import claims, specifications
from trilateral.charts.lines import turn_of, with_line
from trilateral.claims import ClaimError, Quantity

GRID = {"window": [5, 10], "measure": ["mean", "median"]}


def estimate(window, measure):
    gap = 5.0 if measure == "mean" else -1.0
    return {"gap": Quantity(gap, gap - window, gap + window), "share": Quantity(0.9)}


def test_every_combination_is_estimated_and_judged(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID)
    assert list(run.frame[["window", "measure"]].itertuples(index=False, name=None)) == [
        ("5", "mean"), ("5", "median"), ("10", "mean"), ("10", "median")]
    assert list(run.frame["verdict"]) == ["mixed", "not supported", "mixed", "not supported"]
    assert run.choices == ("window", "measure")


def test_another_line_of_the_rule_judges_every_estimate_once_more(book):  # noqa: F811
    def sure(window):
        return {"gap": Quantity(window, 1, 20), "share": Quantity(0.7)}

    run = specifications.run("as-gap", sure, {"window": [5, 10]}, lines={"two thirds": {"0.8": "0.67"}})
    assert run.choices == ("window", "line")
    assert run.frame[["window", "line", "verdict"]].to_numpy().tolist() == [
        ["5", "the rule’s", "mixed"], ["5", "two thirds", "supported"],
        ["10", "the rule’s", "mixed"], ["10", "two thirds", "supported"]]
    assert dict(claims.register()["as-gap"].lines)["supported"] == "gap_low > 0 and share >= 0.8"  # the rule itself stays
    with pytest.raises(ClaimError, match="rename the choice line"):
        specifications.run("as-gap", sure, {"line": [5]}, lines={"two thirds": {"0.8": "0.67"}})


def test_another_line_that_an_edited_rule_no_longer_has_is_left_out(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID, lines={"half": {"0.08": "0.5"}})
    assert len(run.frame) == 4 and set(run.frame["line"]) == {"the rule’s"}


def test_the_published_calculation_stands_in_its_row_and_nowhere_else(book):  # noqa: F811
    published = {"gap": Quantity(5.0, -0.5, 11), "share": Quantity(0.9)}
    run = specifications.run("as-gap", estimate, GRID, published=published)
    assert run.frame[["gap_low", "gap_high"]].to_numpy().tolist() == [[-0.5, 11], [-6, 4], [-5, 15], [-11, 9]]
    assert run.published and not specifications.run("as-gap", estimate, GRID).published
    without = specifications.run("as-gap", estimate, GRID, lambda window, measure: window == 5, published=published)
    assert without.frame["gap_low"].tolist() == [-5, -11]  # the main one is left out: no other takes its numbers


def test_a_combination_that_makes_no_sense_can_be_left_out(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID, skip=lambda window, measure: (window, measure) == (10, "median"))
    assert len(run.frame) == 3


def test_an_empty_grid_is_an_error(book):  # noqa: F811
    with pytest.raises(ClaimError, match="claim as-gap: the grid of specifications is empty"):
        specifications.run("as-gap", estimate, {"window": []})


def test_a_failing_specification_is_named(book):  # noqa: F811
    def broken(window, measure):
        return {"gap": Quantity(500.0, 400, 600), "share": Quantity(0.9)}

    with pytest.raises(ClaimError, match=r"specification window=5, measure=mean: claim as-gap: quantity gap = 500.0"):
        specifications.run("as-gap", broken, GRID)


def test_a_claim_without_a_rule_has_no_specifications(book):  # noqa: F811
    with pytest.raises(ClaimError, match="claim pn-other has no rule"):
        specifications.run("pn-other", estimate, GRID)


def test_a_choice_may_not_be_called_like_a_quantity(book):  # noqa: F811
    with pytest.raises(ClaimError, match="rename the choice gap_low"):
        specifications.run("as-gap", estimate, {"gap_low": [1], "window": [5]})


def test_records_hold_none_where_a_value_is_missing(book):  # noqa: F811
    def partial(window):
        return {"gap": Quantity(None, missing="none") if window == 5 else Quantity(1, 0.5, 2), "share": Quantity(0.9)}

    records = specifications.run("as-gap", partial, {"window": [5, 10]}).records()
    assert records[0]["gap"] is None and records[0]["verdict"] == "too little data"
    assert records[1]["gap"] == 1.0


def test_robustness_is_the_share_of_specifications_with_the_same_verdict(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID)
    judgement = claims.judge("as-gap", tables=[Table("a", "A")], written="too early",
                             now=supplied(-1, -3, 1), specifications={"now": run})
    assert (judgement.now.verdict, judgement.now.agree, judgement.now.tried) == ("not supported", 2, 4)
    assert (judgement.written.agree, judgement.written.tried) == (0, 0)
    assert len(judgement.to_dict()["specifications"]["now"]) == 4


def test_a_majority_that_the_main_choice_does_not_bear_out_is_recorded(book):  # noqa: F811
    def by_measure(window, measure):
        gap = 5.0 if measure != "mean" or window == 5 else -1.0
        return {"gap": Quantity(gap, gap - 1, gap + 1), "share": Quantity(0.9)}

    grid = {"window": [5, 10, 20], "measure": ["mean", "median", "mode"]}
    run = specifications.run("as-gap", by_measure, grid)
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=by_measure(5, "mean"),
                          specifications={"now": run})
    assert (judged.now.agree, judged.now.tried) == (7, 9)
    assert judged.now.main_choice == {"choice": "measure", "option": "mean", "words": "“mean” for measure", "agree": 1,
                                      "tried": 3, "split": {"not supported": 2, "supported": 1}}
    assert "fragile: 7 of 9 agree, but 1 of 3 with “mean” for measure, the main choice" in str(judged)
    spoken = specifications.run("as-gap", by_measure, grid, words={"measure": "the {} of all"})
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=by_measure(5, "mean"),
                          specifications={"now": spoken})
    assert "but 1 of 3 with the mean of all, the main choice" in str(judged)
    assert claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=by_measure(10, "mean"),
                        specifications={"now": run}).now.main_choice == {}  # the whole grid has no majority for it


def test_a_choice_named_as_the_main_one_is_told_where_the_whole_grid_has_no_half(book):  # noqa: F811
    def by_measure(window, measure):
        gap = 5.0 if measure == "mean" and window != 20 else -1.0
        return {"gap": Quantity(gap, gap - 1, gap + 1), "share": Quantity(0.9)}

    grid = {"window": [5, 10, 20], "measure": ["mean", "median", "mode"]}
    run = specifications.run("as-gap", by_measure, grid, words={"measure": "the {} of all"}, main="measure")
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=by_measure(5, "mean"),
                          specifications={"now": run})
    assert judged.now.main_choice == {"choice": "measure", "option": "mean", "words": "the mean of all", "agree": 2, "tried": 3,
                                      "split": {"supported": 2, "not supported": 1}}
    assert "fragile: 2 of 9 agree, but 2 of 3 with the mean of all, the main choice" in str(judged)
    with pytest.raises(ClaimError, match="'weight' is no choice of the grid"):
        specifications.run("as-gap", by_measure, grid, main="weight")


def test_options_read_in_words_with_a_true_minus_and_words_for_no_choice_are_refused(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID, words={"window": "{} months"})
    assert (run.read("window", "5"), run.read("measure", "-1.5")) == ("5 months", "−1.5")
    with pytest.raises(ClaimError, match="words for months, which the grid does not have"):
        specifications.run("as-gap", estimate, GRID, words={"months": "{}"})


def test_specifications_for_an_unknown_moment_are_refused(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID)
    with pytest.raises(ClaimError, match="specifications are for written and now, not today"):
        claims.judge("as-gap", tables=[Table("a", "A")], written=supplied(), now=supplied(),
                     specifications={"today": run})


def test_specifications_of_another_claim_are_refused(book):  # noqa: F811
    run = specifications.run("as-gap", estimate, GRID)
    other = specifications.Specifications(run.frame, run.choices, "pn-other")
    with pytest.raises(ClaimError, match="the specifications for 'now' were run for pn-other"):
        claims.judge("as-gap", tables=[Table("a", "A")], written=supplied(), now=supplied(),
                     specifications={"now": other})


def test_choices_that_move_nothing_are_drawn_once(book):  # noqa: F811
    run = specifications.run("as-gap", lambda idle, **choice: estimate(**choice), GRID | {"idle": ["a", "b", "c"]})
    drawn = run.distinct("gap", "idle")
    assert (len(run.frame), len(drawn.frame), drawn.choices) == (12, 4, ("window", "measure"))
    assert list(drawn.frame["verdict"]) == ["mixed", "not supported", "mixed", "not supported"]
    assert drawn.verdicts.value_counts().to_dict() == {"mixed": 6, "not supported": 6}  # all twelve are counted


def test_a_choice_that_moves_the_estimate_or_the_verdict_is_drawn_though_called_unmoving(book):  # noqa: F811
    run = specifications.run("as-gap", lambda idle, **choice: estimate(**choice), GRID | {"idle": ["a", "b", "c"]})
    drawn = run.distinct("gap", "measure", "idle")
    assert drawn.choices == ("window", "measure")
    assert drawn.frame.equals(run.distinct("gap", "idle").frame)
    turned = run.frame.assign(verdict=run.frame["verdict"].mask(run.frame["idle"] == "c", "mixed"))
    assert specifications.Specifications(turned, run.choices, run.claim_id).distinct("gap", "idle").choices == run.choices


def test_the_share_of_alternatives_that_turn_a_verdict_is_counted(monkeypatch):
    class Toy:
        def decide(self, quantities):
            return ("supported" if quantities["gap"].value > 0 else "not supported"), ""

    monkeypatch.setattr(specifications.claims, "register", lambda: {"as-toy": Toy()})
    moved = [{"gap": claims.Quantity(value)} for value in (1, -1, -2, 3)]
    assert specifications.share_turned("as-toy", {"gap": claims.Quantity(2)}, moved) == 0.5


def test_the_number_a_rule_asks_for_is_read_from_the_rule(book):  # noqa: F811
    rule = dict(claims.register()["as-gap"].lines)
    assert f">= {claims.asked('as-gap', 'gap'):g}" in rule["supported"]
    with pytest.raises(ClaimError, match="compares other with no number"):
        claims.asked("as-gap", "other")


def test_a_threshold_that_counts_observations_is_computed_from_them():
    few = {"rank_excess": claims.Quantity(4, n=30)}
    assert claims.asked("as-japan-few-deaths", "rank_excess", quantities=few) == pytest.approx(6)
    with pytest.raises(ClaimError, match="compares rank_excess with no number"):
        claims.asked("as-japan-few-deaths", "rank_excess")
    assert turn_of("as-japan-few-deaths", "rank_excess", few) == pytest.approx(6)
    assert turn_of("as-japan-few-deaths", "rank_excess", {}) is None  # the chart of an edited rule is drawn without its line


def test_an_option_given_twice_counts_once(book):  # noqa: F811
    again = specifications.run("as-gap", estimate, {"window": [5, 10, 5], "measure": ["mean"]})
    assert again.frame["window"].tolist() == ["5", "10"]


def test_options_read_as_words_one_by_one_or_by_a_template(book):  # noqa: F811
    run = specifications.run("as-gap", lambda shift, measure: estimate(5, measure), {"shift": [0, -1, 2], "measure": ["mean"]},
                             words={"shift": {"0": "as fixed", "-1": "shifted by {}"}, "measure": "{} of all"})
    assert [run.read("shift", option) for option in ("0", "-1", "2")] == ["as fixed", "shifted by −1", "2"]
    assert run.read("measure", "mean") == "mean of all"


def test_a_lean_grid_holds_what_departs_from_the_main_choice_in_at_most_two():
    grid = {"a": [1, 2], "b": [1, 2, 3], "c": [1, 2]}
    skip = specifications.departing(grid)
    assert not skip(a=1, b=1, c=1) and not skip(a=2, b=3, c=1) and skip(a=2, b=3, c=2)


@pytest.mark.parametrize(("claim", "quantity", "line", "said"), [
    ("pn-lightens-domestic-burden", "gap", -10, "“supported” needs −10 or less (dashed line) and an upper end below 0"),
    ("as-supply-chain-attacks-threat", "countries", 3, "“supported” needs exactly 3 (dashed line)"),
    ("as-rok-worries-nk-more", "share_positive", 0.8, "“supported” needs 0.8 or more (dashed line), among other things"),
    ("as-norms-shared-values", "democracy_distance", 0.1,
     "“supported” needs an upper end below 0.1 (dashed line), among other things"),
    ("as-china-has-retaliated", "share_hit", 0.5,
     "“supported” needs 0.5 or more (dashed line) and a lower end of 0.25 or more"),
    ("as-aid-divide-and-conquer", "similarity", 0.6, "“supported” needs more than 0.6 (dashed line), among other things"),
    ("pn-capability-deters", "effect_alliance", -10,
     "toward “supported” counts −10 or less (dashed line) and an upper end below 0"),
    ("pn-more-exercises", "complexity", 2, "“acted on” needs 2 or more (dashed line), among other things"),
    ("as-rok-balances-china", "share_both", 0.75, ""),
    ("as-enough-senior-talk", "elasticity", 0.3, "")])  # what lies behind it is not supported, and so is all else
def test_the_side_of_a_dashed_line_and_its_verdict_are_read_from_the_rule(claim, quantity, line, said):
    assert claims.side(claim, quantity, line) == said


def test_a_side_that_hangs_on_the_number_of_observations_is_read_with_it():
    few = {"rank_reported": Quantity(3, n=30), "rank_excess": Quantity(3, n=30)}
    assert claims.side("as-japan-few-deaths", "rank_excess", 6, few) == (
        "“supported” needs 6 or less (dashed line), among other things")
    assert claims.side("as-japan-few-deaths", "rank_excess", 6) == ""


def test_a_dashed_line_has_words_in_the_subtitle_once():
    gap = ("pn-lightens-domestic-burden", "gap")
    assert with_line("Gap, points", *gap, -10, {}).startswith("Gap, points; “supported” needs −10 or less (dashed line)")
    assert with_line("Gap, points", *gap, 7, {}) == "Gap, points; dashed: where the rule turns"
    assert with_line("Gap; dashed: half", *gap, -10, {}) == "Gap; dashed: half"
    assert with_line("Gap, points", *gap, None, {}) == "Gap, points"
