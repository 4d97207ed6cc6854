"""The ledger: entries, counts, numbers in prose."""

import json
import re

import pytest

from trilateral import claims
from trilateral.publish import html_claims, ledger, words

REGISTER = claims.register()
JUDGED = next(claim for claim in REGISTER.claims.values() if claim.has_rule)
QUANTITY = {"value": 1.234, "low": 1.0, "high": 2.0, "level": 0.95, "n": 12, "missing": ""}


def judgement(verdict="supported"):
    name = next(iter(JUDGED.quantities))
    moment = {"date": "2022-12-20", "verdict": verdict, "reason": "a line", "quantities": {name: QUANTITY}, "tried": 9,
              "agree": 4, "split": {"supported": 4, "not supported": 2, "mixed": 3}}
    return {"claim": JUDGED.id, "written": moment, "now": moment, "data_grade": "B", "tables": ["toy"],
            "caveat": "A series ended."}


BOOK = ledger.entries(REGISTER, {JUDGED.id: (f"book/x.html#{JUDGED.id}", judgement())})


def test_every_claim_of_the_register_is_in_the_ledger_and_the_unjudged_say_so():
    document = json.loads(ledger.document(REGISTER, BOOK, "A title"))
    assert [claim["id"] for claim in document["claims"]] == list(REGISTER.claims)
    assert document["counts"]["now"] == {"not yet judged": len(BOOK) - 1, "supported": 1}
    unjudged = next(claim for claim in document["claims"] if claim["id"] != JUDGED.id)
    assert unjudged["url"] is None and unjudged["now"]["verdict"] == "not yet judged"


def test_a_judged_claim_carries_its_url_quantities_with_meaning_and_robustness():
    entry = next(each for each in BOOK if each["id"] == JUDGED.id)
    (quantity,) = entry["now"]["quantities"].values()
    assert entry["url"].endswith(f"#{JUDGED.id}") and quantity["meaning"] and quantity["high"] == 2.0
    assert entry["now"]["specifications"]["agree"] == 4 and entry["now"]["specifications"]["split"]["mixed"] == 3


def test_a_negative_number_of_the_ledger_has_a_true_minus_sign():
    name = next(iter(JUDGED.quantities))
    below = judgement()
    below["now"] = below["now"] | {"quantities": {name: QUANTITY | {"value": -6.4}}}
    book = ledger.entries(REGISTER, {JUDGED.id: (f"book/x.html#{JUDGED.id}", below)})
    assert ledger.value(f"{JUDGED.id}.now.{name}:.0f", book) == "−6"
    assert "−" not in ledger.value(f"{JUDGED.id}.now.date", book)


def test_an_entry_carries_test_rule_rival_and_caveat():
    entry = next(each for each in BOOK if each["id"] == JUDGED.id)
    assert [(line["verdict"], line["when"]) for line in entry["rule"]] == JUDGED.lines
    assert (entry["test"], entry["rival"], entry["caveat"]) == (JUDGED.test, JUDGED.rival, "A series ended.")


def test_a_verdict_of_less_than_half_is_fragile_and_says_what_the_others_say():
    at = next(each for each in BOOK if each["id"] == JUDGED.id)["now"]
    assert words.spoken(at) == "supported, fragile (3 of 9 say mixed; 4 agree)"
    assert words.dissent(at["verdict"], at["specifications"]) == "3 mixed, 2 not supported"
    assert not words.is_fragile({"agree": 4, "tried": 8}) and not words.is_fragile({"agree": 0, "tried": 0})


def test_a_unit_is_said_where_neither_meaning_nor_name_says_it():
    said = [words.described(name, {"meaning": meaning, "unit": unit}) for name, meaning, unit in (
        ("rate", "tests a year", "days"), ("rate", "tests in days", "days"), ("ratio", "tests over days", "ratio"))]
    assert said == ["tests a year, days", "tests in days", "tests over days"]


def test_a_web_page_says_fragile_in_words_and_what_the_others_say():
    at = next(each for each in BOOK if each["id"] == JUDGED.id)["now"]
    said = re.sub(r"<[^>]+>", "", html_claims.robustness(at))
    assert said == "fragile 3 of 9 say mixed; 4 specifications agree, 2 not supported"


@pytest.mark.parametrize(("split", "language", "said"), [
    ({"mixed": 25, "not supported": 26, "too little data": 165}, "en", "most, 165 of 216, say too little data"),
    ({"mixed": 25, "not supported": 26, "too little data": 165}, "ja", "216通りの計算のうち過半の165通りは「データ不足」"),
    ({"mixed": 25, "not supported": 26, "too little data": 165}, "ko", "계산 216가지 중 과반인 165가지는 ‘자료 부족’"),
    ({"mixed": 6, "not supported": 22, "supported": 8, "too little data": 12}, "en", "22 of 48 say not supported"),
    ({"mixed": 12, "supported": 12, "too little data": 12}, "en", "supported and too little data: 12 of 36 each"),
    ({"mixed": 12, "supported": 12, "too little data": 12}, "ja", "36通りの計算のうち各12通りは「裏付けあり」「データ不足」"),
    ({"mixed": 12, "supported": 12}, "en", ""),
])
def test_of_a_fragile_verdict_the_reader_is_told_what_most_calculations_say(split, language, said):
    at = {"verdict": "mixed", "specifications": {"agree": split["mixed"], "tried": sum(split.values()), "split": split}}
    assert words.most_say(at, language) == said


@pytest.mark.parametrize(("language", "said"), [
    ("en", "supported and too little data: 12 of 36 each; 12 agree"),
    ("ja", "36通りの計算のうち各12通りは「裏付けあり」「データ不足」、この判定は12通り"),
    ("ko", "계산 36가지 중 각 12가지는 ‘뒷받침됨’·‘자료 부족’, 이 판정은 12가지")])
def test_in_prose_a_fragile_verdict_says_how_many_calculations_give_it_too(language, said):
    split = {"mixed": 12, "supported": 12, "too little data": 12}
    at = {"verdict": "mixed", "specifications": {"agree": 12, "tried": 36, "split": split}}
    assert words.weighed(at, language) == said
    assert words.weighed(at | {"specifications": {"agree": 3, "tried": 4, "split": {"mixed": 3, "supported": 1}}}) == ""


def test_the_number_of_observations_is_printed_where_the_rule_asks_for_it():
    entry = {"rule": [{"when": "min(effect_n, other) < 5"}, {"when": "otherwise"}]}
    assert words.observations(entry, "effect", {"n": 1234}) == "n = 1,234"
    assert [words.observations(entry, "effect", {"n": None}), words.observations(entry, "share", {"n": 9})] == ["", ""]


def test_a_verdict_that_took_a_side_on_one_calculation_says_so_and_is_counted():
    once = {"verdict": "partly", "specifications": {"agree": 0, "tried": 0, "split": {}}}
    assert re.sub(r"<[^>]+>", "", html_claims.robustness(once)) == "computed one way"
    assert html_claims.robustness(once | {"verdict": "too little data"}) == ""
    tried = [{"verdict": "mixed", "specifications": {"agree": agree, "tried": 4}} for agree in (1, 3)]
    shown = [{"now": at} for at in (once, once | {"verdict": "too little data"}, *tried)]
    counted = [ledger.value(f"claims.{what}.now", shown) for what in ("once", "tried", "fragile", "decided")]
    assert counted == ["1", "2", "1", "3"]


def test_the_warning_of_a_verdict_in_prose_is_in_the_page_s_language():
    at = next(each for each in BOOK if each["id"] == JUDGED.id)["now"]
    said = [re.sub(r"<[^>]+>", "", html_claims.fragile(at, language)) for language in ("en", "ja", "ko")]
    assert said == ["fragile", "脆弱", "취약"]
    assert html_claims.fragile({"specifications": {"agree": 4, "tried": 8}}) == ""


def test_the_line_that_held_is_marked_by_moment():
    lines = [{"verdict": "supported", "when": "x > 1"}, {"verdict": "mixed", "when": "otherwise"}]
    entry = {"rule": lines, "written": {"verdict": "too little data", "rule": "No survey."},
             "now": {"verdict": "mixed", "rule": "otherwise"}}
    assert [words.held(entry, line) for line in lines] == [[], ["held now"]]
    assert words.undecided(entry) == {"written": "No survey."}
    assert words.condition("otherwise") == "none of the lines above holds"


def test_marks_within_a_quotation_become_single():
    assert words.quotation("“new frontiers” to enhance cooperation") == "“‘new frontiers’ to enhance cooperation”"


NAME = next(iter(JUDGED.quantities))


@pytest.mark.parametrize(("expression", "text"), [
    ("claims.total", str(len(BOOK))), ("claims.judged", "1"), ("claims.supported.now", "1"), ("claims.mixed.now", "0"),
    ("claims.fragile.now", "1"),
    ("claims.not-yet-judged.written", str(len(BOOK) - 1)), (f"claims.{JUDGED.chapter}.judged", "1"),
    (f"claims.{JUDGED.chapter}.supported.now", "1"), (f"claims.{JUDGED.source}.judged", "1"),
    (f"{JUDGED.id}.now.{NAME}:.1f", "1.2"), (f"{JUDGED.id}.now.{NAME}_low:.0f", "1"),
    (f"{JUDGED.id}.now.{NAME}_n", "12"),
    (f"{JUDGED.id}.now.share:.0%", "44%"), (f"{JUDGED.id}.written.verdict", "supported"),
])
def test_numbers_of_the_ledger_have_names(expression, text):
    assert ledger.value(expression, BOOK) == text


@pytest.mark.parametrize(("expression", "message"), [
    ("no-such-claim.now.x", "there is no claim 'no-such-claim'"), (f"{JUDGED.id}.now.nothing", "has verdict, date"),
    (f"{JUDGED.id}.later.{NAME}", "write <claim>"), ("claims.everything", "write claims.total"),
    ("claims.nowhere.supported.now", "no claim belongs"), (f"{JUDGED.id}.now.{NAME}:zz", "format code"),
    (f"{JUDGED.id}.now.{NAME}", "is 1.2.*; say how to write it, such as .*:.0f"),
])
def test_an_unknown_number_is_told_what_there_is(expression, message):
    with pytest.raises(ledger.UnknownValue, match=message):
        ledger.value(expression, BOOK)


def test_every_chapter_of_the_register_stands_in_a_part_of_the_book():
    placed = {chapter for chapters in ledger.PARTS.values() for chapter in chapters}
    assert {claim.chapter for claim in REGISTER.claims.values()} <= placed


def test_a_caveat_too_long_for_a_card_is_named():
    assert ledger.long_caveat(judgement()) == ""
    long = judgement() | {"caveat": " word" * (ledger.CAVEAT_WORDS + 1)}
    assert ledger.long_caveat(long) == f"claim {JUDGED.id}: the caveat has 26 words; at most 25"
