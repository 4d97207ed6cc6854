"""The register, its rules and the verdicts."""

import json
from dataclasses import replace

import jsonschema
import pytest
import yaml

from trilateral import claims
from trilateral.claims import ClaimError, Quantity
from trilateral.claims.reach import out_of_reach

CLAIM = {
    "id": "as-gap",
    "source": "brief",
    "speaker": "A speaker",
    "quote": "the gap is wide",
    "paraphrase": "The gap between two series is wide.",
    "kind": "descriptive",
    "theme": "threat-divergence",
    "chapter": "threats",
    "test": "Compare the two series year by year.",
    "rival": "It was always so.",
    "quantities": {
        "gap": {"meaning": "mean difference", "unit": "percentage points", "range": [-100, 100]},
        "share": {"meaning": "share of years", "unit": "share", "range": [0, 1]},
    },
    "rule": [
        {"supported": "gap_low > 0 and share >= 0.8"},
        {"not supported": "gap <= 0"},
        {"mixed": "otherwise"},
    ],
}
SECOND = {**CLAIM, "id": "pn-other", "quantities": None, "rule": None}


class Table:
    """Stands for a table: a judgement asks for its name and grade alone."""

    def __init__(self, name, grade):
        self.name, self.grade = name, grade


def document(*entries, **changes):
    first = {name: value for name, value in {**CLAIM, **changes}.items() if value is not None}
    others = [{name: value for name, value in entry.items() if value is not None} for entry in entries]
    source = {"title": "A brief", "short": "Brief", "date": "2015-02-02", "cite": "brief2015"}
    return {"record_ends": "2026-08-31", "sources": {"brief": source}, "claims": [first, *others]}


@pytest.fixture
def write(tmp_path):
    def write(*entries, **changes):
        path = tmp_path / "claims.yml"
        path.write_text(yaml.safe_dump(document(*entries, **changes), sort_keys=False), encoding="utf-8")
        return path
    return write


@pytest.fixture
def claim(write):
    return claims.read_register(write())["as-gap"]


@pytest.fixture
def book(write, monkeypatch):
    monkeypatch.setattr(claims.registry, "REGISTER", write(SECOND))
    return claims.register()


def supplied(gap=5.0, low=1.0, high=9.0, share=0.9):
    return {"gap": Quantity(gap, low, high), "share": Quantity(share)}


# the register of the book

def test_the_book_registers_every_claim_of_both_briefs():
    register = claims.read_register()
    accepted = json.loads(claims.REGISTER.with_name("verdicts.json").read_text(encoding="utf-8"))["claims"]
    assert set(accepted) <= set(register.claims) and len(accepted) > 100
    assert {claim.source for claim in register.claims.values()} == set(register.sources)


def test_the_schema_is_a_valid_json_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(claims.SCHEMA.read_text()))


def test_an_unknown_id_is_answered_with_the_nearest_one(book):
    with pytest.raises(ClaimError, match=r"unknown claim id 'as-gpa'; did you mean 'as-gap'\?"):
        book["as-gpa"]


def test_an_id_like_no_other_is_answered_without_a_guess(book):
    with pytest.raises(ClaimError, match=r"unknown claim id 'zebra'$"):
        book["zebra"]


def test_a_chapter_gets_its_claims_in_the_order_of_the_file(book):
    assert [claim.id for claim in book.of_chapter("threats")] == ["as-gap", "pn-other"]
    assert book.of_chapter("aid") == []


def test_a_claim_is_judged_at_the_date_of_its_source_and_at_the_end_of_the_record(book):
    assert book.date("as-gap", "written") == "2015-02-02"
    assert book.date("as-gap", "now") == "2026-08-31"


# what the register refuses

@pytest.mark.parametrize(("changes", "message"), [
    ({"quote": " ".join(["word"] * 26)}, "claim as-gap, field quote: the quote has 26 words; at most 25"),
    ({"kind": "guess"}, "claim as-gap, field kind: 'guess' is not one of"),
    ({"chapter": "weather"}, "claim as-gap, field chapter: 'weather' is not one of"),
    ({"rival": None}, "'rival' is a required property"),
    ({"verdict": "supported"}, "claim as-gap, field .whole.: Additional properties .*verdict"),
    ({"id": "gap"}, "claim gap, field id: 'gap' does not match"),
    ({"rule": None}, "has quantities and no `rule`. Give it both"),
    ({"quantities": None}, "has a rule and no `quantities`. Give it both"),
    ({"source": "memo"}, "claim as-gap: unknown source 'memo'"),
    ({"quantities": {"gap": {"meaning": "mean difference", "unit": "points"}}}, "'range' is a required property"),
    ({"quantities": {"gap": {"meaning": "mean difference", "unit": "points", "range": [9, 1]}}},
     "the range .9, 1. of gap runs backwards"),
    ({"quantities": {"gap_low": {"meaning": "lower end", "unit": "points", "range": [0, 1]}}},
     "quantity gap_low may not end in"),
    ({"rule": [{"supported": "gap > "}, {"mixed": "otherwise"}]}, "the rule line 'gap > ' does not parse"),
    ({"rule": [{"supported": "gpa > 1"}, {"mixed": "otherwise"}]}, "the rule uses gpa, which `quantities`"),
    ({"rule": [{"true": "gap > 1"}, {"mixed": "otherwise"}]}, "names verdict 'true'; allowed are supported, mixed"),
    ({"rule": [{"supported": "gap > 1"}, {"mixed": "gap <= 1"}]}, "the last line of the rule must be `otherwise`"),
    ({"rule": [{"mixed": "otherwise"}, {"supported": "gap > 1"}, {"mixed": "otherwise"}]}, "the rest is not read"),
    ({"rule": [{"supported": "share >= 80"}, {"mixed": "otherwise"}]}, "compares share with 80, outside its declared range"),
    ({"rule": [{"supported": "gap"}, {"mixed": "otherwise"}]}, "not true or false"),
    ({"rule": [{"supported": "open(gap) > 1"}, {"mixed": "otherwise"}]}, "the rule uses open"),
    ({"rule": [{"supported": "[x for x in (1,)] == gap"}, {"mixed": "otherwise"}]}, "the rule uses x"),
    ({"rule": [{"supported": "gap.__class__ == 1"}, {"mixed": "otherwise"}]}, "failed"),
    ({"rule": [{"supported": "gap > 'high'"}, {"mixed": "otherwise"}]}, "failed"),
])
def test_the_register_says_which_claim_breaks_which_condition(write, changes, message):
    with pytest.raises(ClaimError, match=message):
        claims.read_register(write(**changes))


def test_a_fault_is_named_with_its_line_and_two_of_one_line_together(write):
    path = write(SECOND, rule=[{"supported": "gap > 1"}, {"mixd": "gpa > 1"}, {"mixed": "otherwise"}])
    lines = path.read_text().splitlines()
    at = lines.index("  - mixd: gpa > 1") + 1
    with pytest.raises(ClaimError, match=rf"/claims\.yml, line {at}: .*verdict 'mixd'.*And .*gpa.*it declares gap, share"):
        claims.read_register(path)
    with pytest.raises(ClaimError, match=rf"line {lines.index('  kind: descriptive') + 1}: claim as-gap, field kind"):
        claims.read_register(write(SECOND, kind="guess"))
    path = write({**SECOND, "id": "as-gap"})
    second = [number for number, line in enumerate(path.read_text().splitlines(), 1) if "id: as-gap" in line][1]
    with pytest.raises(ClaimError, match=f"line {second}: claim as-gap is registered twice, first in line "):
        claims.read_register(path)


def test_a_quote_of_25_words_is_allowed(write):
    assert claims.read_register(write(quote=" ".join(["word"] * 25)))


def test_a_doubled_id_is_refused(write):
    with pytest.raises(ClaimError, match="claim as-gap is registered twice"):
        claims.read_register(write({**SECOND, "id": "as-gap"}))


def test_a_doubled_field_is_refused(write):
    path = write()
    path.write_text(path.read_text().replace("  kind: descriptive", "  kind: descriptive\n  kind: causal"))
    with pytest.raises(ClaimError, match="key 'kind' is given twice"):
        claims.read_register(path)


def test_broken_yaml_is_reported_with_its_file(write):
    path = write()
    path.write_text(path.read_text() + "\n  - [")
    with pytest.raises(ClaimError, match=r"/claims\.yml, line \d+: not valid YAML in UTF-8: .* Look at quotation marks"):
        claims.read_register(path)


def test_an_empty_register_is_refused(tmp_path):
    path = tmp_path / "claims.yml"
    path.write_text("")
    with pytest.raises(ClaimError, match="None is not of type 'object'"):
        claims.read_register(path)


def test_a_missing_register_is_reported_by_its_path(tmp_path):
    with pytest.raises(ClaimError, match=r"nowhere\.yml is missing"):
        claims.read_register(tmp_path / "nowhere.yml")


def test_an_entry_that_is_no_claim_is_reported_by_its_number(write):
    path = write()
    path.write_text(path.read_text().replace("claims:\n", "claims:\n- just text\n"))
    with pytest.raises(ClaimError, match=r"claim number 1, field .whole.: 'just text' is not of type 'object'"):
        claims.read_register(path)


def test_a_division_that_fails_only_on_some_values_is_allowed(write):
    rule = [{"supported": "gap / (share - 0.382) > 1"}, {"mixed": "otherwise"}]
    assert claims.read_register(write(rule=rule))


def test_a_rule_may_take_the_least_the_largest_and_the_size(write):
    rule = [{"supported": "min(gap, share) > 0 and max(gap, share) < 50 and abs(gap) < 50"}, {"mixed": "otherwise"}]
    claim = claims.read_register(write(rule=rule))["as-gap"]
    assert claim.decide(supplied())[0] == "supported"


def test_a_recommendation_is_judged_on_the_scale_of_uptake(write):
    rule = [{"acted on": "gap > 1"}, {"not acted on": "otherwise"}]
    claim = claims.read_register(write(scale="uptake", rule=rule))["as-gap"]
    assert claim.decide(supplied())[0] == "acted on"
    with pytest.raises(ClaimError, match="names verdict 'supported'; allowed are acted on, partly"):
        claims.read_register(write(scale="uptake"))


# a quantity

@pytest.mark.parametrize(("arguments", "message"), [
    ({"value": None}, "needs `missing`"),
    ({"value": float("nan")}, "the value of a quantity is nan"),
    ({"value": float("inf")}, "the value of a quantity is inf"),
    ({"value": 1, "high": float("inf")}, "the high of a quantity is inf"),
    ({"value": 5, "low": 6, "high": 9}, r"\[6.0, 9.0\] does not contain the value 5.0"),
    ({"value": 5, "low": 6}, "does not contain the value"),
    ({"value": 5, "high": 4}, "does not contain the value"),
    ({"value": 5, "level": 95}, "between 0 and 1, not at 95"),
])
def test_a_quantity_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(ClaimError, match=message):
        Quantity(**arguments)


def test_numbers_of_any_library_become_plain_ones():
    import numpy

    quantity = Quantity(numpy.float32(0.5), numpy.int64(0), 1, n=numpy.int64(7))
    assert [type(number) for number in (quantity.value, quantity.low, quantity.high, quantity.n)] \
        == [float, float, float, int]


# the rule decides

def test_the_first_line_that_holds_decides(claim):
    assert claim.decide(supplied()) == ("supported", "gap_low > 0 and share >= 0.8")
    assert claim.decide(supplied(gap=-1, low=-3, high=1)) == ("not supported", "gap <= 0")
    assert claim.decide(supplied(share=0.5)) == ("mixed", "otherwise")


def test_a_missing_value_leaves_too_little_data_and_its_reason(claim):
    quantities = supplied() | {"share": Quantity(None, missing="the poll ended in 2009")}
    assert claim.decide(quantities) == ("too little data", "the poll ended in 2009")


def test_of_two_missing_values_the_one_declared_first_gives_the_reason(claim):
    quantities = {"share": Quantity(None, missing="no share"), "gap": Quantity(None, missing="no gap")}
    assert claim.decide(quantities) == ("too little data", "no gap")


def test_a_value_out_of_range_is_an_error_even_if_another_is_missing(claim):
    quantities = {"gap": Quantity(None, missing="no gap"), "share": Quantity(1.5)}
    with pytest.raises(ClaimError, match=r"quantity share = 1.5 is outside its declared range \[0, 1\]"):
        claim.decide(quantities)


def test_a_missing_quantity_is_named(claim):
    with pytest.raises(ClaimError, match="claim as-gap: missing quantity share"):
        claim.decide({"gap": Quantity(5, 1, 9)})


def test_a_quantity_the_register_does_not_know_is_named(claim):
    with pytest.raises(ClaimError, match="unknown quantity gop; the register names gap, share"):
        claim.decide(supplied() | {"gop": Quantity(1)})


def test_an_interval_the_rule_needs_must_be_supplied(claim):
    with pytest.raises(ClaimError, match="the rule needs gap_low, which the notebook did not supply"):
        claim.decide({"gap": Quantity(5), "share": Quantity(0.9)})


def test_an_absent_interval_is_found_even_where_an_earlier_line_decides(write):
    rule = [{"supported": "gap > 0"}, {"mixed": "gap_low > 0"}, {"not supported": "otherwise"}]
    claim = claims.read_register(write(rule=rule))["as-gap"]
    with pytest.raises(ClaimError, match="the rule needs gap_low"):
        claim.decide({"gap": Quantity(5), "share": Quantity(0.9)})


def test_a_division_by_zero_names_the_claim_and_the_line(write):
    claim = claims.read_register(write(rule=[{"supported": "gap / share > 1"}, {"mixed": "otherwise"}]))["as-gap"]
    with pytest.raises(ClaimError, match="claim as-gap: the rule line 'gap / share > 1' failed"):
        claim.decide(supplied(share=0))


# the judgement

def test_each_moment_gets_a_verdict_of_its_own(book):
    judgement = claims.judge("as-gap", tables=[Table("a", "A")], written=supplied(), now=supplied(-1, -3, 1))
    assert (judgement.written.verdict, judgement.written.date) == ("supported", "2015-02-02")
    assert (judgement.now.verdict, judgement.now.date) == ("not supported", "2026-08-31")


def test_a_reason_in_place_of_quantities_leaves_too_little_data(book):
    judgement = claims.judge("as-gap", tables=[Table("a", "A")], written="the series starts in 2016", now=supplied())
    assert judgement.written.verdict == "too little data"
    assert judgement.written.reason == "the series starts in 2016"
    assert judgement.now.verdict == "supported"


def test_the_weakest_table_sets_the_data_grade(book):
    tables = [Table("a", "A"), Table("c", "C"), Table("b", "B")]
    judgement = claims.judge("as-gap", tables=tables, written=supplied(), now=supplied())
    assert judgement.data_grade == "C"
    assert judgement.tables == ["a", "c", "b"]


def test_a_judgement_names_its_tables(book):
    with pytest.raises(ClaimError, match="claim as-gap: name the tables"):
        claims.judge("as-gap", tables=[], written=supplied(), now=supplied())


def test_a_claim_without_a_rule_cannot_be_judged(book):
    with pytest.raises(ClaimError, match=r"claim pn-other has no rule in claims\.yml: commit one before"):
        claims.judge("pn-other", tables=[Table("a", "A")], written={}, now={})


def test_a_notebook_cannot_state_a_verdict(book):
    with pytest.raises(TypeError):
        claims.judge("as-gap", tables=[Table("a", "A")], written=supplied(), now=supplied(), verdict="supported")


def test_the_card_of_a_fragile_verdict_says_what_most_calculations_say(book):
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=supplied())
    for split, said in (({"supported": 3, "mixed": 2, "too little data": 7},
                         "supported (fragile: 3 of 12 agree; most, 7, say too little data)"),
                        ({"supported": 7, "mixed": 5}, "supported (7 of 12 specifications agree)")):
        card = replace(judged, now=replace(judged.now, tried=12, agree=split["supported"], split=split))._repr_mimebundle_()
        assert said in card["text/plain"] and said in card["text/html"].replace("<strong>", "").replace("</strong>", "")


def test_a_verdict_that_one_row_turns_hangs_on_it_and_the_card_says_so(book):
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=supplied(),
                          otherwise={"one poll less": {"share": Quantity(0.7)}, "one more": {"share": Quantity(0.95)}})
    assert judged.now.otherwise == {"one poll less": "mixed", "one more": "supported"} and judged.now.hangs
    assert "supported (one way; hangs on one act)" in str(judged) and judged.written.otherwise is None


@pytest.mark.parametrize(("bounds", "beyond"), [
    ({"gap": (-3, 3)}, ["supported"]),  # the interval moves along, so that its low end stays below zero
    ({"gap": (-3, 30)}, []),
    ({"share": (0, 1)}, ["supported", "not supported"]),
])
def test_verdicts_that_no_data_could_have_given_are_named(book, bounds, beyond):
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written=supplied(), now=supplied(1.0, -3.0, 5.0),
                          reach={"now": bounds}, held="with one poll")
    assert judged.now.out_of_reach == beyond and judged.written.out_of_reach == []
    assert ("with one poll, supported" in str(judged)) == bool(beyond) and bool(judged.now.held) == bool(beyond)


@pytest.mark.parametrize(("least", "beyond"), [(-0.2, ["supported"]), (-10, [])])
def test_three_quantities_are_moved_together(least, beyond):  # two of three signs give mixed, so that all must move
    hesitation = claims.register()["as-china-retaliation-hesitation"]
    held = {"yield_share": Quantity(0.4, 0.1, 0.7, n=10), "words_change": Quantity(0.2, -0.5, 0.9, n=8),
            "meetings_ratio": Quantity(1.0, 0.5, 2.2, n=4)}
    bounds = {"yield_share": (0, 1), "words_change": (least, 10), "meetings_ratio": (0, 100)}
    assert out_of_reach(hesitation, held, bounds) == beyond


GAP = Quantity(50.0, 48.0, 53.0)
SHARE = Quantity(0.5)


@pytest.mark.parametrize(("line", "bounds", "beyond"), [
    ("gap > 20 and gap < 30", {"gap": (0, 100)}, []),  # between the bounds, which both give mixed
    ("gap > 20 and gap < 30", {"gap": (0, 20)}, ["supported"]),
    ("gap_low > 20 and gap_low < 21", {"gap": (0, 100)}, []),  # where an end of the interval alone turns
    ("gap_high < 21 and gap_high > 20", {"gap": (0, 100)}, []),
    ("gap_high < 21 and gap_high > 20", {"gap": (19, 100)}, ["supported"]),
    ("gap_low < 20 and gap > 20 and gap_high < 24", {"gap": (0, 100)}, []),
    ("gap_low < 20 and gap > 20 and gap_high < 23", {"gap": (0, 100)}, ["supported"]),  # its value is 3 below its high end
    ("abs(gap) > 20 and gap < 0", {"gap": (-30, 30)}, []),
    ("abs(gap) > 20 and abs(gap) < 21 and gap < 0", {"gap": (-30, 30)}, []),
    ("abs(gap) > 20 and gap < 0", {"gap": (-20, 30)}, ["supported"]),
    ("abs(gap) < 0.01", {"gap": (-29, 30)}, []),
    ("gap > 100 * share and gap < 100 * share + 1", {"gap": (0, 100)}, []),  # beside a number that does not move
    ("gap > 100 * share and gap < 100 * share + 1 and share > 0.7 and share < 0.8", {"gap": (0, 100), "share": (0, 1)}, []),
    ("gap > 100 * share and gap < 100 * share + 1 and share > 0.7", {"gap": (0, 70), "share": (0, 1)}, ["supported"]),
    ("gap / share > 40 and gap / share < 41", {"gap": (0, 100)}, []),
    ("1 / gap > 3 and gap < 0.3", {"gap": (-1, 1)}, []),  # a division by zero between the bounds
    ("abs(gap - 30) < 1", {"gap": (0, 100)}, []),
    ("20 < gap < 21", {"gap": (0, 100)}, []),
    ("gap == 7", {"gap": (0, 100)}, []),
    ("min(gap, 30) > 20 and max(gap, 25) < 26", {"gap": (0, 100)}, []),
])
def test_a_verdict_between_the_bounds_is_within_reach(write, line, bounds, beyond):
    claim = claims.read_register(write(rule=[{"supported": line}, {"mixed": "otherwise"}]))["as-gap"]
    assert out_of_reach(claim, {"gap": GAP, "share": SHARE}, bounds) == beyond


def test_a_missing_number_is_out_of_no_reach(book):
    nothing = supplied() | {"share": Quantity(None, missing="no poll")}
    judged = claims.judge("as-gap", tables=[Table("a", "A")], written="Nothing.", now=nothing, reach={"now": {"share": (0, 1)}},
                          held="with one poll")
    assert (judged.now.verdict, judged.now.out_of_reach) == ("too little data", [])


def test_a_judgement_is_valid_json_for_the_ledger_and_escapes_its_html(book):
    judgement = claims.judge("as-gap", tables=[Table("a", "A")], written="<script>", now=supplied())
    bundle = judgement._repr_mimebundle_()
    payload = json.loads(json.dumps(bundle[claims.MIME], allow_nan=False))
    assert payload["claim"] == "as-gap"
    assert payload["now"]["quantities"]["gap"] == {"value": 5.0, "low": 1.0, "high": 9.0, "level": 0.95, "n": None,
                                                   "missing": "", "net_of_placebos": []}
    assert "<script>" not in bundle["text/html"] and "&lt;script&gt;" in bundle["text/html"]
    words = {"tried": 12, "agree": 7, "main_choice": {"agree": 2, "tried": 6, "words": "lags < 5 & more"},
             "split": {"supported": 7, "mixed": 5}}
    fragile = replace(judgement, now=replace(judgement.now, **words))._repr_mimebundle_()
    assert "with lags &lt; 5 &amp; more, the main choice" in fragile["text/html"] and "lags < 5 & more" in fragile["text/plain"]
    assert "now, 2026-08-31: supported" in bundle["text/plain"]
