"""A reader asks what the book would say as of an earlier day, and learns where it cannot say so."""

import json
import re

import nbformat
import pandas as pd
import pytest

from trilateral import as_of, claims, data, earlier, measures, outcome, rerun
from trilateral.claims import verdicts
from trilateral.measures import rates

DAY = "2023-06-30"


@pytest.fixture
def earlier_day():
    as_of.set_day(DAY)
    yield
    as_of.set_day(None)


def years(values, name="year", **others):
    return pd.DataFrame({name: values, **others})


@pytest.mark.parametrize(("frame", "kept"), [
    (years([2021, 2022, 2023]), [0, 1]),  # 2023 was not over
    (years(["2022", "2023", "2023-06", "2023-06-30", "2023-07-01", None], "date"), [0, 2, 3, 5]),
    (years(pd.to_datetime(["2023-05-01", "2023-06-01", "2023-07-01"]), "month"), [0, 1]),
    (years(pd.to_datetime(["2023-06-30", "2023-07-02"]), "date"), [0]),
    (years([2021, 2022, 2023], "fiscal_year"), [0, 1]),  # that of 2022 ended in March
    (years(pd.to_datetime(["2023-01-02", "2023-06-26"]), "start", end=pd.to_datetime(["2023-01-08", "2023-07-02"])), [0]),
    (pd.DataFrame({"years_flood": [1990, 2024], "value": [2001.0, 2030.0]}), [0, 1]),  # no dates, but counts
], ids=["years", "texts", "months", "days", "fiscal", "spans", "counts"])
def test_a_table_ends_on_the_day(earlier_day, frame, kept):
    frame = frame.assign(row=range(len(frame)))
    assert as_of.cut(frame, {"month"})["row"].tolist() == kept


@pytest.mark.parametrize(("day", "frame", "kept"), [
    ("2023-03-30", years([2021, 2022], "fiscal_year"), [0]),
    ("2023-01-31", years([2021, 2022], "fiscal_year"), [0]),
    ("2023-03-31", years([2021, 2022], "fiscal_year"), [0, 1]),
    ("2023-06-15", years(pd.to_datetime(["2023-05-01", "2023-06-01"]), "month"), [0]),
    ("2023-06-29", years(pd.to_datetime(["2023-05-01", "2023-06-01"]), "month"), [0]),
    ("2023-06-15", years(["2023-05", "2023-06", "2023-06-15"], "date"), [0, 2]),
    ("2023-06-15", years(pd.to_datetime(["2023-06-15", "2023-06-16"]), "date"), [0]),
    ("2023-06-15", years(pd.to_datetime(["2023-05-01", "2023-06-01", "2023-07-01"]), "date"), [0, 1]),
    ("2023-12-30", years([2022, 2023]), [0]),
    ("2023-12-31", years([2022, 2023]), [0, 1]),
    ("2023-12-30", years(["2022", "2023", "2023-12"], "date"), [0]),
], ids=["fiscal-day-before", "fiscal-january", "fiscal-over", "month-begun", "month-day-before", "text-begun", "days",
        "days-on-a-first", "year-day-before", "year-over", "text-day-before"])
def test_what_is_not_over_on_the_day_is_not_yet_known(earlier_day, day, frame, kept):
    as_of.set_day(day)
    assert as_of.cut(frame.assign(row=range(len(frame))), {"month"})["row"].tolist() == kept


def test_years_end_with_the_last_that_was_over(earlier_day):
    assert list(as_of.years(2020, 2024)) == [2020, 2021, 2022] and not as_of.years(2023, 2024)
    as_of.set_day("2023-12-31")
    assert list(as_of.years(2022, 2024)) == [2022, 2023]
    as_of.set_day(None)
    assert list(as_of.years(2022, 2024)) == [2022, 2023, 2024]


def test_what_ends_later_has_no_outcome_yet(earlier_day):
    quarrels = pd.DataFrame({"start": ["2020-01-01"] * 3, "end": ["2022-01-01", "2024-01-01", None],
                             "outcome": ["conceded", "conceded", "held-so-far"]})
    left = as_of.cut(quarrels)
    assert left["outcome"].tolist() == ["conceded", "held-so-far", "held-so-far"]
    assert left["end"].isna().tolist() == [False, True, True]


def test_an_end_still_to_come_is_taken_out_and_its_row_stays(earlier_day):
    terms = pd.DataFrame({"start": pd.to_datetime(["2017-05-10", "2022-05-10"]), "row": [0, 1],
                          "end": pd.to_datetime(["2022-05-09", "2025-04-04"])})
    in_office = pd.DataFrame({"start": pd.to_datetime(["2021-10-04"]), "row": [2], "end": [pd.NaT]})
    left = as_of.cut(pd.concat([terms, in_office]))
    assert left["row"].tolist() == [0, 1, 2]
    assert left["end"].isna().tolist() == [False, True, True]


def test_an_end_on_the_first_of_a_month_stays_whatever_else_is_left(earlier_day):
    for day, held in (("2023-11-30", False), ("2023-12-01", True), ("2023-12-15", True), ("2025-12-31", True)):
        as_of.set_day(day)
        assert data.load("cyber_cooperation_events").frame["date_end"].eq("2023-12-01").any() == held


def test_what_a_search_found_only_later_was_looked_for_and_not_found(earlier_day):
    searches = pd.DataFrame({
        "id": ["A", "B", "C", "D"], "item": ["talks", "post", "drill", "drill"],
        "record": ["held", "not-found", "held", "text"], "date": ["2022-05-01", None, "2024-01", "2025"], "usa": [1, 1, 1, 1],
        "doubtful": [0, 0, 0, 0], "document": [None, None, "joint statement", None]})
    left = as_of.cut(searches).set_index("item")
    assert left["record"].to_dict() == {"talks": "held", "post": "not-found", "drill": "not-found"}
    assert left.loc["drill", ["date", "document"]].isna().all()
    assert left.loc["drill", ["usa", "doubtful"]].tolist() == [0, 1]


def test_a_table_of_which_nothing_is_left_keeps_the_grade_of_its_sidecar():
    whole = data.load("leaders_commitments")
    assert data.Table(whole.name, whole.frame.head(0), whole.meta).grade == whole.meta["grade"]


def test_the_end_that_a_table_says_is_that_of_the_record(earlier_day):
    assert data.load("un_speech_terms").last == "2022"  # 2023 was not over
    as_of.set_day(None)
    assert data.load("un_speech_terms").last > "2022"


def test_without_a_day_a_table_is_whole():
    frame = years([1999, 2099])
    assert as_of.cut(frame) is frame


def test_tables_and_register_end_on_the_day_and_come_back(earlier_day):
    whole = claims.read_register().record_ends
    assert data.load("un_ideal_points").frame["year"].max() == 2022
    assert claims.register().record_ends == DAY
    as_of.set_day(None)
    assert data.load("un_ideal_points").frame["year"].max() > 2022
    assert claims.register().record_ends == whole


def test_months_without_an_event_are_counted_to_the_day_and_not_to_the_day_a_table_was_retrieved(earlier_day):
    tests = data.load("nk_provocations")
    assert tests.meta["retrieved"] == DAY
    end = pd.Timestamp(tests.meta["retrieved"])
    spell = rates.longest_spell(tests.frame["date"], "2022-12-20", end)
    assert spell.months <= (end - pd.Timestamp("2022-12-20")).days / 30
    as_of.set_day(None)
    assert data.load("nk_provocations").meta["retrieved"] > DAY


def test_what_a_day_can_do_is_known_of_every_kind_of_table():
    kinds = {name: as_of.kind(data.load(name).frame, data.load(name).meta, DAY)
             for name in ("un_ideal_points", "un_votes", "leaders", "disaster_risk", "arms_transfers")}
    assert kinds == {"un_ideal_points": "dated", "un_votes": "dated", "leaders": "coded", "disaster_risk": "undated",
                     "arms_transfers": "summed"}
    assert as_of.limits(["arms_transfers"], kinds) == "with sums to the day of their edition: arms_transfers"
    assert as_of.limits(["leaders", "un_ideal_points"], kinds) == "written by hand later: leaders"
    assert as_of.limits(["un_ideal_points"], kinds) == ""


@pytest.mark.parametrize(("day", "said"), [
    ("2020-12-31", "outside 2022-12-20, the day of the later brief, to"),
    ("2100-01-01", "the end of the record"),
    ("2023", "'2023' is no day"),
])
def test_a_day_for_which_the_book_cannot_be_run_is_refused_from_the_command_line_and_in_a_notebook(day, said):
    with pytest.raises(as_of.AsOfError, match=said):
        earlier.checked(day)
    try:
        with pytest.raises(as_of.AsOfError, match=said):
            as_of.set_day(day)
            claims.register()
    finally:
        as_of.set_day(None)


@pytest.mark.parametrize(("code", "found"), [
    ("LAST = pd.Timestamp('2025-06-30')", ["cell 1 (LAST)"]),
    ("def mean_of(frame):\n    return frame.query('year <= 2024')", ["cell 1 (mean_of)"]),
    ("later = range(2022, 2025)", ["cell 1 (later)"]),
    ("FIRST, LAST = 2015, 2024", ["cell 1 (FIRST, LAST)"]),
    ("YEARS = range(2010, 2024)", []),  # ends with 2023
    ("LAST = min(2025, NOW.year)", []),
    ("chart = alt.Chart(f).encode(alt.X('year', scale=alt.Scale(domain=[2010, 2026])))", []),
    ("say(n=2024)", []),
    ("BASE, n = 2015, 5000", []),
    ("%matplotlib inline", []),
])
def test_code_that_names_a_later_time_is_found(code, found):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("2025"), nbformat.v4.new_code_cell(code)])
    assert earlier.fixed(notebook, "2023-12-31") == found


def test_a_cell_with_too_little_to_go_on_says_what_it_lacks():
    as_of.need(pd.Series([1]).any(), "not said")
    with pytest.raises(as_of.TooLittleError, match="no meeting of ministers in 2023"):
        as_of.need(0, "no meeting of ministers in 2023")
    assert issubclass(data.NoRowError, as_of.TooLittleError) and issubclass(measures.TooFewError, as_of.TooLittleError)


def test_a_caveat_is_said_to_be_of_the_whole_record_where_a_day_ends_it_earlier(earlier_day):
    moment = verdicts.Verdict(DAY, "mixed", "otherwise", {})
    judged = verdicts.Judgement(next(iter(claims.register().claims.values())), moment, moment, "A", [], {}, "Few years.")
    assert "Caveat, worded for the whole record; numbers in it are of that or computed here: Few years." in str(judged)
    as_of.set_day(None)
    assert "  Caveat: Few years." in str(judged)


@pytest.mark.parametrize(("verdict", "tables", "line"), [
    ("mixed", ["un_votes"], "as-one: mixed, published as of 2026-08-31: supported (wholly dated)"),
    ("supported", ["un_votes"], "as-one: supported, as published (wholly dated)"),
    ("supported", ["un_votes", "leaders"], "as-one: supported, as published (tables written by hand later: leaders)")])
def test_every_claim_that_is_counted_is_listed(verdict, tables, line):
    judged = {"tables": tables, "written": {"verdict": "mixed"}, "now": {"verdict": verdict, "date": DAY}}
    lines, _ = earlier.summary([outcome.Run("aid", 1.0, {"as-one": judged})], {"as-one": PUBLISHED}, DAY)
    assert lines[lines.index("aid"):] == ["aid", f"  {line}"]


JUDGE = f"""from IPython.display import display
from trilateral.claims import register
from trilateral.data import load

last = int(load("un_ideal_points").frame["year"].max())
verdict = "supported" if last > 2023 else "mixed"
display({{"{claims.MIME}": {{"claim": "as-one", "written": {{"verdict": "mixed"}},
         "now": {{"verdict": verdict, "date": register().record_ends}},
         "tables": ["un_ideal_points", "leaders"]}}}}, raw=True)"""
LATER = 'later = load("un_ideal_points").select("year > 2023")'
PUBLISHED = {"chapter": "aid", "written": {"verdict": "mixed"}, "now": {"verdict": "supported", "date": "2026-08-31"}}
LEDGER = [{"id": claim, **PUBLISHED} for claim in ("as-one", "as-two")]


@pytest.mark.parametrize("arguments", [["--as-of", "2023-12-31"], ["--set", "AS_OF=2023-12-31"]], ids=lambda given: given[0])
def test_notebooks_run_as_of_a_day_say_what_moved_and_what_the_day_cannot_move(tmp_path, monkeypatch, capsys, arguments):
    source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in (
        "from trilateral import as_of\n\nAS_OF = None\nas_of.set_day(AS_OF)", "LAST = 2025", JUDGE, LATER,
        'now = later  # judge("as-two")')])
    nbformat.write(source, tmp_path / "aid.ipynb")
    (tmp_path / "ledger.json").write_text(json.dumps({"claims": LEDGER}), encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "ledger.json")
    assert rerun.main(["aid", *arguments], tmp_path) == 0
    said = capsys.readouterr().out
    assert "aid                       2       0      1     1             0" in said
    assert "as-one: mixed, published as of 2026-08-31: supported (tables written by hand later: leaders)" in said
    assert "as-two: no verdict, the record to 2023-12-31 has too little for it (code cell 4)" in said
    assert "too little on record by 2023-12-31: code cell 4 (later = load" in said
    assert "and 1 cell that needed it" in said and "NameError" not in said
    assert "names later times, which the day does not move: cell 2 (LAST)" in said
    written = nbformat.read(tmp_path / "as-of-2023-12-31" / "aid.ipynb", as_version=4)
    assert "the record ends on 2023-12-31" in written.cells[0].source
    assert "AS_OF = '2023-12-31'\nas_of.set_day(AS_OF)" in written.cells[1].source
    lacks, needs = (cell.outputs[0].traceback for cell in written.cells[-2:])
    assert len(lacks) == len(needs) == 1 and lacks[0].startswith("Too little to go on: table un_ideal_points: no row is left")
    assert re.fullmatch(r"This cell needs code cell 4 \(later = load.*\) above, which has too little to go on\.", needs[0])
    assert not nbformat.read(tmp_path / "aid.ipynb", as_version=4).cells[1].outputs
