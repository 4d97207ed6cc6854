"""The ledger: entries, counts, numbers in prose."""

import json

import pytest

from trilateral import claims
from trilateral.publish import ledger

REGISTER = claims.register()
JUDGED = next(claim for claim in REGISTER.claims.values() if claim.has_rule)
QUANTITY = {"value": 1.234, "low": 1.0, "high": 2.0, "level": 0.95, "n": 12, "missing": ""}


def judgement(verdict="supported"):
    name = next(iter(JUDGED.quantities))
    moment = {"date": "2022-12-20", "verdict": verdict, "reason": "a line", "quantities": {name: QUANTITY}, "tried": 9,
              "agree": 7}
    return {"claim": JUDGED.id, "written": moment, "now": moment, "data_grade": "B", "tables": ["toy"]}


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
    assert entry["now"]["specifications"] == {"agree": 7, "tried": 9}


NAME = next(iter(JUDGED.quantities))


@pytest.mark.parametrize(("expression", "text"), [
    ("claims.total", str(len(BOOK))), ("claims.judged", "1"), ("claims.supported.now", "1"), ("claims.mixed.now", "0"),
    ("claims.not-yet-judged.written", str(len(BOOK) - 1)), (f"claims.{JUDGED.chapter}.judged", "1"),
    (f"claims.{JUDGED.chapter}.supported.now", "1"), (f"claims.{JUDGED.source}.judged", "1"),
    (f"{JUDGED.id}.now.{NAME}:.1f", "1.2"), (f"{JUDGED.id}.now.{NAME}_low:.0f", "1"),
    (f"{JUDGED.id}.now.{NAME}_n", "12"),
    (f"{JUDGED.id}.now.share:.0%", "78%"), (f"{JUDGED.id}.written.verdict", "supported"),
])
def test_numbers_of_the_ledger_have_names(expression, text):
    assert ledger.value(expression, BOOK) == text


@pytest.mark.parametrize(("expression", "message"), [
    ("no-such-claim.now.x", "there is no claim 'no-such-claim'"), (f"{JUDGED.id}.now.nothing", "has verdict, date"),
    (f"{JUDGED.id}.later.{NAME}", "write <claim>"), ("claims.everything", "write claims.total"),
    ("claims.nowhere.supported.now", "no claim belongs"), (f"{JUDGED.id}.now.{NAME}:zz", "format code"),
])
def test_an_unknown_number_is_told_what_there_is(expression, message):
    with pytest.raises(ledger.UnknownValue, match=message):
        ledger.value(expression, BOOK)


def test_every_chapter_of_the_register_stands_in_a_part_of_the_book():
    placed = {chapter for chapters in ledger.PARTS.values() for chapter in chapters}
    assert {claim.chapter for claim in REGISTER.claims.values()} <= placed
