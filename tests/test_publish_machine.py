"""What programs read: the ledger's schema, the table of claims, reviews of claims, figures of the whole register."""

import csv
import io
import json

import pytest

from trilateral import claims
from trilateral.publish import claim_review, ledger, register_figures
from trilateral.publish.drawing import Studio
from trilateral.publish.typst_pictures import Pictures

REGISTER = claims.register()
TRUTHS = [claim for claim in REGISTER.claims.values() if claim.has_rule and claim.scale == "truth"][:4]
ADVICE = next(claim for claim in REGISTER.claims.values() if claim.has_rule and claim.scale == "uptake")


def judgement(claim, written, now):
    def at(verdict):
        return {"date": "2022-12-20", "verdict": verdict, "reason": "a line", "tried": 3, "agree": 2,
                "split": {verdict: 2, "mixed": 1},
                "quantities": {"x": {"value": 1.0, "low": 0.5, "high": 2.0, "level": 0.95, "n": 12, "missing": ""}}}
    return {"claim": claim.id, "written": at(written), "now": at(now), "data_grade": "B", "tables": ["one", "two"],
            "caveat": 'A "quoted", caveat.'}


VERDICTS = [("mixed", "supported"), ("supported", "supported"), ("too little data", "mixed"),
            ("not supported", "not supported")]
JUDGED = {claim.id: (f"book/x.html#{claim.id}", judgement(claim, *pair)) for claim, pair in zip(TRUTHS, VERDICTS, strict=True)}
JUDGED[ADVICE.id] = (f"book/x.html#{ADVICE.id}", judgement(ADVICE, "too little data", "acted on"))
BOOK = ledger.entries(REGISTER, JUDGED)


def test_a_ledger_keeps_its_schema():
    ledger.check(ledger.document(REGISTER, BOOK, "A title"))


@pytest.mark.parametrize(("damage", "message"), [
    (lambda book: book["claims"][0].pop("quote"), "quote"),
    (lambda book: book["claims"][0]["now"].update(verdict="proven"), "proven"),
    (lambda book: book["claims"][0].update(extra=1), "extra"),
    (lambda book: book.update(record_ends=2026), "record_ends"),
])
def test_a_damaged_ledger_breaks_the_schema_by_name(damage, message):
    book = json.loads(ledger.document(REGISTER, BOOK, "A title"))
    damage(book)
    with pytest.raises(ValueError, match=message):
        ledger.check(json.dumps(book))


def test_the_table_of_claims_has_one_row_a_claim_and_reads_back():
    rows = list(csv.DictReader(io.StringIO(ledger.rows(BOOK))))
    assert [row["id"] for row in rows] == list(REGISTER.claims)
    row = next(row for row in rows if row["id"] == TRUTHS[0].id)
    assert (row["most_say_written"], row["most_say_now"]) == ("", "")
    assert (row["verdict_written"], row["verdict_now"], row["agree_now"], row["tried_now"]) == ("mixed", "supported", "2", "3")
    assert row["caveat"] == 'A "quoted", caveat.' and row["tables"] == "one two" and row["theme"] == TRUTHS[0].theme


def reviews():
    text = claim_review.script(BOOK, REGISTER.sources, "2026-08-31")
    assert text.count("<") == 2, "nothing but the script element itself"
    return {each["identifier"]: each for each in json.loads(text.partition(">")[2].rpartition("</script>")[0])}


def test_each_judged_claim_is_reviewed_and_no_other():
    assert set(reviews()) == set(JUDGED)


def test_a_decided_claim_has_a_number_and_advice_or_too_little_data_only_words():
    assert reviews()[TRUTHS[0].id]["reviewRating"] == {"@type": "Rating", "alternateName": "supported", "ratingValue": 3,
                                                       "worstRating": 1, "bestRating": 3}
    advice = reviews()[ADVICE.id]
    assert "ratingValue" not in advice["reviewRating"] and advice["reviewAspect"] == "uptake of advice"
    assert advice["itemReviewed"]["datePublished"] == REGISTER.sources[ADVICE.source]["date"]


def test_a_review_cannot_end_its_script():
    entry = BOOK[[each["id"] for each in BOOK].index(TRUTHS[0].id)] | {"quote": "</script><script>alert(1)"}
    text = claim_review.script([entry], REGISTER.sources, "2026-08-31")
    assert text.count("</script>") == 1 and "alert(1)" in text
    assert claim_review.script([], REGISTER.sources, "2026-08-31") == ""


def test_the_grid_of_moves_counts_claims_about_the_world_alone():
    drawn = register_figures.moved(BOOK)
    assert drawn.headline.startswith("1 of 3 ") and drawn.data["claims"].sum() == 4
    assert "1 claims that could not be decided when written" in drawn.alt


def test_verdicts_divide_by_brief_kind_and_theme_and_every_judged_claim_counts_once_in_each():
    drawn = register_figures.divided(BOOK)
    assert drawn.data.groupby("by")["claims"].sum().to_dict() == {"Brief": 5, "Kind": 5, "Theme": 5}
    marks = [mark for panel in drawn.wide["vconcat"][1:] for mark in panel["layer"] if mark["mark"]["type"] == "point"]
    assert len(marks) == 3 and all(mark["encoding"]["shape"]["field"] == "verdict" for mark in marks), "told by form in gray"
    assert all(theme in register_figures.THEMES for theme in {claim.theme for claim in REGISTER.claims.values()})


def test_the_division_of_the_whole_register_is_printed_wide_where_its_parts_have_room(tmp_path):
    judged = {claim.id: (f"book/x.html#{claim.id}", judgement(claim, "mixed", "mixed"))
              for claim in REGISTER.claims.values() if claim.has_rule and claim.scale == "truth"}
    drawn = register_figures.divided(ledger.entries(REGISTER, judged))
    assert not Pictures(tmp_path / "print", Studio(tmp_path / "kept")).chart(drawn.to_dict()).beside
