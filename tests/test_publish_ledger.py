"""The ledger: entries, counts, numbers in prose."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from trilateral import claims
from trilateral.publish import html_claims, ledger, typst_ledger, words

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "_build" / "html" / "ledger.json"
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
    assert words.spoken(at) == "supported, fragile (4 of 9 agree; 3 say mixed)"
    assert words.dissent(at["verdict"], at["specifications"]) == "3 mixed, 2 not supported"
    assert not words.is_fragile({"agree": 4, "tried": 8}) and not words.is_fragile({"agree": 0, "tried": 0})


def test_files_of_the_ledger_say_of_a_fragile_verdict_what_most_say_and_nothing_of_any_other():
    firm = judgement()
    firm["written"] = firm["written"] | {"agree": 5, "split": {"supported": 5, "mixed": 4}}
    book = ledger.entries(REGISTER, {JUDGED.id: (f"book/x.html#{JUDGED.id}", firm)})
    written = json.loads(ledger.document(REGISTER, book, "A title"))
    entry = next(each for each in written["claims"] if each["id"] == JUDGED.id)
    row = next(row for row in csv.DictReader(io.StringIO(ledger.rows(book))) if row["id"] == JUDGED.id)
    for moment, said in (("written", ""), ("now", "4 of 9 agree; 3 say mixed")):
        assert entry[moment]["specifications"]["most_say"] == row[f"most_say_{moment}"] == said


def at_now(**given):
    """What the ledger says of a verdict of now, some of it otherwise."""
    changed = judgement()
    changed["now"] = changed["now"] | given
    (entry,) = [each for each in ledger.entries(REGISTER, {JUDGED.id: ("x.html", changed)}) if each["id"] == JUDGED.id]
    return entry["now"]


def shown(at):
    return re.sub(r"<[^>]+>", "", html_claims.robustness(at))


def test_a_verdict_computed_in_one_way_says_so_on_the_web_in_print_and_in_words():
    at = at_now(tried=0, agree=0, split={})
    assert shown(at) == "one way" and typst_ledger.robustness(at) == "[one way]" and words.marked(at) == "supported, one way"
    assert at["specifications"]["ways"] == "one" and not at["specifications"]["fragile"]
    nothing = at_now(tried=0, agree=0, split={}, quantities={}, verdict="too little data")
    assert shown(nothing) == "" and nothing["specifications"]["ways"] == "none"


def test_the_legend_counts_fragile_verdicts_and_early_advice_side_by_side():
    (entry,) = [each for each in BOOK if each["id"] == JUDGED.id]
    vague = {"verdict": "too little data"}
    book = [entry | {"written": entry["now"] | vague | {"not_yet_due": False}},
            entry | {"written": entry["now"] | vague | {"not_yet_due": True, "specifications": {"agree": 0, "tried": 0}}}]
    said = " ".join(re.sub(r"<[^>]+>", " ", html_claims._legend(book, "written")).split())
    assert said == "too little data 2 (1 of them fragile; 1 of them advice, not yet due) Over a dashed line: fragile"


def test_a_verdict_that_one_act_turns_is_marked():
    at = at_now(tried=0, agree=0, split={}, otherwise={"one act more": "mixed", "one less": "supported"})
    assert shown(at) == "one way, hangs on one act" and words.marked(at) == "supported, one way, hangs on one act"
    assert typst_ledger.robustness(at) == '[one way, #fragile("hangs on one act")]'
    assert "hangs" not in shown(at_now(otherwise={"one act more": "supported"}))


def test_a_verdict_that_was_not_tried_with_one_act_otherwise_is_told_from_one_that_no_act_turns():
    assert [at_now(otherwise=given)["hangs_on_one_act"] for given in (None, {"a": "supported"}, {})] == [None, False, False]
    for given, hanging, tried, said in (
            (None, "0", "0", ""), ({"a": "supported"}, "0", "1", "no"), ({"a": "mixed"}, "1", "1", "yes")):
        changed = judgement()
        changed["now"] = changed["now"] | {"otherwise": given}
        book = ledger.entries(REGISTER, {JUDGED.id: ("x.html", changed)})
        assert ledger.value("claims.hanging.now", book) == hanging and ledger.value("claims.tried-by-act.now", book) == tried
        ledger.check(ledger.document(REGISTER, book, "A title"))
        row = next(row for row in csv.DictReader(io.StringIO(ledger.rows(book))) if row["id"] == JUDGED.id)
        assert row["hangs_on_one_act_now"] == said


def test_a_verdict_that_hangs_on_one_act_names_the_acts_and_what_it_would_be():
    changed = judgement()
    tried = {"without “a”": "mixed", "without “b”": "mixed", "with “c” in full": "supported", "one_more": "not supported"}
    changed["now"] = changed["now"] | {"otherwise": tried}
    (entry,) = [each for each in ledger.entries(REGISTER, {JUDGED.id: ("x.html", changed)}) if each["id"] == JUDGED.id]
    assert entry["now"]["turned_by"] == {what: word for what, word in tried.items() if word != "supported"}
    assert words.reasons(entry)[-1] == ("Hangs on one act: it would be mixed without “a”, or without “b”; "
                                        "not supported one more.")
    many = entry | {"now": entry["now"] | {"turned_by": {f"without “{name}”": "mixed" for name in "abcde"}}}
    assert words.reasons(many)[-1].endswith("mixed without “a”, or without “b”, or without “c”, or 2 more.")


@pytest.mark.skipif(not BUILT.is_file(), reason="the book is not built: run make book before make test")
def test_an_act_that_turns_a_verdict_is_named_whole_and_by_no_key_of_its_table():
    turned = [each["now"]["turned_by"] for each in json.loads(BUILT.read_text(encoding="utf-8"))["claims"]]
    acts = [what for found in turned for what in found]
    assert acts and [what for what in acts if re.search(r"…|\d{4}-\d\d|\b[A-Z]\d{3}\b|\brow\b", what)] == []


@pytest.mark.skipif(not BUILT.is_file(), reason="the book is not built: run make book before make test")
def test_the_scorecards_table_of_one_row_names_every_verdict_of_the_chapter_that_hangs_on_one_act():
    built = json.loads(BUILT.read_text(encoding="utf-8"))["claims"]
    hanging = {each["id"] for each in built if each["chapter"] == "scorecard" and each["now"]["hangs_on_one_act"]}
    text = (ROOT / "book" / "outlook" / "scorecard.md").read_text(encoding="utf-8")
    table = text[text.index("| Verdict | Now | If | Then |"):].partition("\n\n")[0]
    assert hanging and set(re.findall(r"\{verdict\}`([\w-]+) now`", table)) == hanging


def test_a_mark_out_of_reach_stands_beside_the_count():
    at = at_now(agree=9, split={"supported": 9}, out_of_reach=["mixed", "not supported"], held="with one poll")
    assert shown(at) == "9 of 9 specifications agree, with one poll, no data could have given “mixed” or “not supported”"
    assert ledger.entry(JUDGED, REGISTER, None, None)["now"]["out_of_reach"] == []


def test_a_verdict_whose_main_choice_has_no_half_is_fragile_and_says_which():
    kept = {"choice": "sponsor", "option": "one", "words": "one sponsor for all", "agree": 1, "tried": 4,
            "split": {"supported": 1, "mixed": 3}}
    at = at_now(agree=6, split={"supported": 6, "mixed": 3}, main_choice=kept)
    assert at["specifications"]["fragile"]
    assert shown(at) == ("fragile 6 of 9 specifications agree, but 1 of 4 with one sponsor for all, the main choice; "
                         "3 mixed")
    for language, part in (("ja", "主な選択（one sponsor for all）では4通りのうち1通り"), ("ko", "4가지 중 1가지")):
        assert part in words.most_say(at, language)
    known = at_now(agree=4, split={"mixed": 4, "supported": 5}, main_choice=kept | {"words": "American cover left out"})
    assert "主な選択（米国による補完を除く）" in words.most_say(known, "ja")


def test_typed_apostrophes_become_those_of_print_and_markup_stays_text():
    assert words.escaped("Japan's <b>; the leaders' own; don't") == "Japan’s &lt;b&gt;; the leaders’ own; don’t"


def test_advice_just_given_is_not_yet_due():
    advice = next(claim for claim in REGISTER.claims.values() if claim.scale == "uptake")
    moment = {"verdict": "too little data", "reason": "It was advice.", "quantities": {}, "tried": 0, "agree": 0, "split": {}}
    early = ledger.entry(advice, REGISTER, judgement() | {"claim": advice.id, "written": moment, "now": moment}, None)
    assert shown(early["written"]) == "advice, not yet due" and shown(early["now"]) == ""


def test_the_numbers_a_rule_reads_stand_in_its_table():
    entry = {"rule": [{"verdict": "supported", "when": "effect_n >= 5 and effect > 1"},
                      {"verdict": "mixed", "when": "otherwise"}]}
    assert words.observations(entry, "effect") == "effect_n" and words.observations(entry, "ect") == ""


def test_a_unit_is_said_where_neither_meaning_nor_name_says_it():
    said = [words.described(name, {"meaning": meaning, "unit": unit}) for name, meaning, unit in (
        ("rate", "tests a year", "days"), ("rate", "tests in days", "days"), ("ratio", "tests over days", "ratio"))]
    assert said == ["tests a year, days", "tests in days", "tests over days"]


def test_a_web_page_says_fragile_in_words_and_what_the_others_say():
    at = next(each for each in BOOK if each["id"] == JUDGED.id)["now"]
    said = re.sub(r"<[^>]+>", "", html_claims.robustness(at))
    assert said == "fragile 4 of 9 specifications agree; 3 say mixed; 2 not supported"


@pytest.mark.parametrize(("split", "language", "said"), [
    ({"mixed": 25, "not supported": 26, "too little data": 165}, "en", "25 of 216 agree; most, 165, say too little data"),
    ({"mixed": 25, "not supported": 26, "too little data": 165}, "ja",
     "216通りの計算のうち一致は25通り、過半の165通りは「データ不足」"),
    ({"mixed": 25, "not supported": 26, "too little data": 165}, "ko",
     "계산 216가지 중 같은 판정은 25가지, 과반인 165가지는 ‘자료 부족’"),
    ({"mixed": 6, "not supported": 22, "supported": 8, "too little data": 12}, "en", "6 of 48 agree; 22 say not supported"),
    ({"mixed": 12, "supported": 12, "too little data": 12}, "en",
     "12 of 36 agree; 12 each say supported and too little data"),
    ({"mixed": 12, "supported": 12, "too little data": 12}, "ja",
     "36通りの計算のうち一致は12通り、「裏付けあり」「データ不足」は各12通り"),
    ({"mixed": 12, "supported": 12}, "en", ""),
])
def test_of_a_fragile_verdict_the_reader_is_told_what_most_calculations_say(split, language, said):
    at = {"verdict": "mixed", "specifications": {"agree": split["mixed"], "tried": sum(split.values()), "split": split}}
    assert words.most_say(at, language) == said


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


def test_running_text_says_one_way_and_hangs_on_one_act_in_the_language_of_the_page():
    at = {"verdict": "partly", "specifications": {"agree": 0, "tried": 0, "split": {}, "ways": "one"}, "not_yet_due": False,
          "hangs_on_one_act": True, "out_of_reach": [], "held": ""}
    assert words.beside(at) == "one way, hangs on one act"
    assert words.beside(at, "ja") == "一通りの計算, 一つの行為に左右"
    assert words.beside(at, "ko") == "한 가지 방법, 행위 하나에 달림"
    firm = at | {"specifications": {"agree": 9, "tried": 9, "split": {}, "ways": "several"}, "hangs_on_one_act": None}
    assert words.beside(firm) == ""


def at_points(value, low, high):
    """What the rule of a claim says at points, of one quantity with an interval."""
    claim = claims.Claim(**{name: "" for name in ("id", "source", "speaker", "quote", "paraphrase", "kind", "theme", "chapter",
                                                  "test", "rival")},
                         quantities={"gap": {"meaning": "gap", "unit": "points", "range": [-100, 100]}},
                         rule=[{"supported": "gap >= 15 and gap_low > 0"}, {"not supported": "otherwise"}])
    return ledger._at_points(claim, {"gap": {"value": value, "low": low, "high": high, "n": 9, "missing": ""}})


def test_at_points_a_rule_reads_the_estimate_in_place_of_the_ends_of_its_interval():
    assert at_points(20.0, -5.0, 45.0) == "supported" and at_points(10.0, 5.0, 45.0) == "not supported"
    assert ledger._at_points(JUDGED, {}) is None


def test_a_verdict_that_no_data_could_have_supported_is_counted_apart():
    fixed = judgement("not supported")
    fixed["now"] = fixed["now"] | {"out_of_reach": ["supported", "mixed"], "held": "with one poll"}
    book = ledger.entries(REGISTER, {JUDGED.id: ("book/x.html", fixed)})
    assert ledger.value("claims.foregone.now", book) == "1" and ledger.value("claims.foregone.written", book) == "0"


NAME = next(iter(JUDGED.quantities))


@pytest.mark.parametrize(("expression", "text"), [
    ("claims.total", str(len(BOOK))), ("claims.judged", "1"), ("claims.supported.now", "1"), ("claims.mixed.now", "0"),
    ("claims.fragile.now", "1"), ("claims.several-ways.now", "1"), ("claims.one-way.now", "0"), ("claims.decided.now", "1"),
    ("claims.no-way.now", str(len(BOOK) - 1)), ("claims.undecided.written", str(len(BOOK) - 1)), ("claims.hanging.now", "0"),
    ("claims.not-yet-due.written", "0"), (f"claims.{JUDGED.kind}.decided.now", "1"),
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
