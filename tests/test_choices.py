"""What a reader sets a parameter to is refused before anything runs where it cannot be meant, in words that help."""

import ast
import re

import jupytext
import nbformat
import pandas as pd
import pytest

from trilateral import as_of, choices, claims, parameters
from trilateral.choices import Asked
from trilateral.parameters import ParameterError
from trilateral.publish.chapters import chapters

CODES = Asked(("JPN", "KOR", "USA"))


@pytest.mark.parametrize(("old", "new", "asked", "said"), [
    (6, 7, Asked(), ""), (6, "7", Asked(), "is a text, no number"), (6, True, Asked(), "is True or False, no number"),
    (6, float("nan"), Asked(), "is no finite number"), (6, -1, Asked(), "is less than zero"), (-1, -2, Asked(), ""),
    (6, 6.5, Asked(), ""), (6, 6.5, Asked(whole=True), "is no whole number"), (2020, 20, Asked(year=True), "is no year"),
    (2000, 100, Asked(), ""), (True, 1, Asked(), "is a whole number, not True or False"), (None, [1], Asked(), ""),
    ("2019-06-01", "2019-13-01", Asked(), "is no date such as 2019-06-01"), ("2019-06", "2018-01", Asked(), ""),
    ("ministers", 3, Asked(), "is a whole number, no text"),
    (["JPN"], ["KOR", "USA"], CODES, ""), (["JPN"], "KOR", CODES, "is a text, no list"), (["JPN"], [], CODES, "holds nothing"),
    (["JPN"], [], Asked(empty=True), ""), ({"JPN", "USA"}, set(), CODES, "holds nothing"), ([], [], Asked(), ""),
    (["JPN"], ["KOS"], CODES, "names KOS, which is no country code here (did you mean KOR?)"),
    (["JPN", "EU"], ["EU", "KOR"], CODES, ""), (["JPN"], ["KOR", "KOR"], CODES, "names KOR twice"),
    (range(2010, 2020), range(2020, 2010), Asked(), "holds nothing: it starts after it ends"),
    (range(2010, 2020), [2011, 2013], Asked(year=True), ""),
    (range(2010, 2020), [3], Asked(year=True), "holds what is no year"),
    ((2014, 2022), (2022, 2014), Asked(), "starts after it ends"),
    ((2014, 2022), (2014,), Asked(), "has 1 values in place of 2"),
    (("2010-01-01", "2022-06-01"), ("2022-06-01", "2010-01-01"), Asked(), "starts after it ends"),
    ((pd.Timestamp("2012-08-01"), 12), (12, 12), Asked(), "holds what is a whole number, no day"),
    ({"written": 1, "now": 2}, {"now": 3}, Asked(), "lacks written"),
    ({"written": (1, 2), "now": (1, 2)}, {"written": (1, 2), "now": (2, 1)}, Asked(),
     "has under now what starts after it ends"),
    (pd.Timestamp("2020-01-01"), "soon", Asked(), "is a text, no day"),
    (pd.Timestamp("2020-01-01"), pd.Timestamp("1700-01-01"), Asked(), "is of the year 1700, not of 1900 to 2100"),
    (pd.Period("2020-01"), pd.Period("2999-01", "M"), Asked(), "is of the year 2999, not of 1900 to 2100"),
    (pd.date_range("2020-01-01", periods=2), pd.DatetimeIndex([]), Asked(), "holds nothing"),
    (range(2010, 2020), [], Asked(), "holds nothing"), (("a", "b"), (), Asked(), "holds nothing"),
    ({"seafood": "2023-08-24"}, {}, Asked(), "holds nothing"),
    ({"written": ["a"], "now": ["b"]}, {"written": [], "now": ["b"]}, Asked(), "has under written what holds nothing"),
    ({"none": 1.0, "a fifth": 1.2}, {"none": 1.0, "a fift": 1.2}, Asked(),
     "has 'a fift', which is none of none and a fifth (did you mean a fifth?)"),
    ({"none": 1.0}, {3: 1.0}, Asked(), "has 3, which is none of none"),
    ({"RUS": 1990}, {"KOR": 1990}, CODES, ""), ({"JPN": 1}, {"QQQ": 1}, CODES, "names QQQ, which is no country code here"),
    ({2021: "left"}, {2022: "left"}, Asked(), ""), ({2021: "left"}, {3: "left"}, Asked(), "has 3, which is no year"),
    ({"2016-18": [1]}, {"2016-19": [1]}, Asked(), ""),
    (0.8, 1e12, Asked(part=True), "is no part of a whole, from 0 to 1"), (0.8, 0, Asked(part=True), ""),
    (20, 101, Asked(percent=True), "is more than a hundred percent"), (20, 100, Asked(percent=True), ""),
    (250, 300, Asked(percent=True), ""),
    (2010, 2027, Asked(year=True, ends="2026-08-31"), "is after the end of the record, 2026-08-31"),
    ("2019-06", "2026-09", Asked(ends="2026-08-31"), "is after the end of the record, 2026-08-31"),
    (pd.Timestamp("2020-01-01"), pd.Timestamp("2026-08-31"), Asked(ends="2026-08-31"), ""),
    (1.5, 1e12, Asked(part=True), ""), ("2012", "2014-05-01", Asked(), ""), ("2012", "12", Asked(), "is no year such as 2012"),
])
def test_a_value_of_another_kind_is_told_from_another_value(old, new, asked, said):
    assert choices.fault(old, new, asked) == said


@pytest.mark.parametrize("given", ["20230105", "2023-W01-1", "1700-01-01", "2999-01-01", "2023-01", "2023-02-30", "soon"])
def test_a_day_of_another_form_or_age_would_be_compared_as_text_and_is_refused(given):
    assert choices.fault("2019-06-01", given, Asked()) == "is no date such as 2019-06-01"


TOP = """AS_OF = None
as_of.set_day(AS_OF)
WINDOW, AROUND = 6, 9  # months after a shock, and months drawn
THREE = ["USA", "JPN", "KOR"]
SPAN = range(2010, 2020)  # years compared
LATER = range(SPAN[-1], 2022)  # years after
START = pd.Timestamp("2022-05-10")  # first day
DRAWS = 500
STEADY = 0.8  # part of the years that count
OUTSIDE = ["PRK"]  # countries left out
SPONSORS = ["CHN", "PRK"]  # of attacks, each named in figures
OTHERS = ["CAN", "EU"]  # of table sanction_overlap
SHOWN = ["JPN", "PHL"]
FALL, RISE = 20, 25  # percent of others
ABOVE = 25  # percent above its trend
LEAD_SINCE = 2005  # surveys on who leads
FROM, TO = 2022, {"written": 2024, "now": 2025}  # between which likeness fell
SCORED = 2021  # edition of an index
ELASTICITY = -1  # of trade with distance
LAPSE, WAIT = 24, 3  # months without an act that end a spell, at least two; half-years in which no lapse shows
USUAL_SINCE = 2010  # years of the usual share
NEAR = 45  # days within which two meetings are one"""


def notebook(*cells, tag=1):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.cells[tag].metadata["tags"] = [parameters.TAG]
    return made


BOOK = notebook("import pandas as pd\nfrom trilateral import as_of\nraise SystemExit('imports alone are run')", TOP, "1 / 0")


@pytest.mark.parametrize(("name", "value", "said"), [
    ("WINDOW", "six", "WINDOW = six: this is no value here (NameError: name 'six' is not defined); WINDOW takes a whole "
                      "number, as published: --set WINDOW=6 (months after a shock, and months drawn)"),
    ("WINDOW", "0", "WINDOW = 0: this leaves nothing to count; WINDOW takes a whole number, as published: --set WINDOW=6"),
    ("DRAWS", "10**12", "DRAWS = 10**12: this is more than 1,000,000, which no run would end; DRAWS takes a whole number"),
    ("DRAWS", "1e12", "DRAWS = 1e12: this is no whole number; DRAWS takes a whole number, as published: --set DRAWS=500"),
    ("STEADY", "1e12", "STEADY = 1e12: this is no part of a whole, from 0 to 1; STEADY takes"),
    ("THREE", "[]", "THREE = []: this holds nothing; THREE takes a list of country codes"),
    ("AROUND", "9.5", "AROUND = 9.5: this is no whole number; AROUND takes a whole number, as published: --set AROUND=9 ("),
    ("SPAN", "range(2020, 2010)", "SPAN = range(2020, 2010): this stops the cell that sets it (IndexError: range object index "
                                  "out of range); SPAN takes years, range(first, last + 1), as published: --set 'SPAN=range("),
    ("LATER", "2021", "LATER = 2021: this is a whole number, no range of years; LATER takes years"),
    ("THREE", "['JPN', 'KOR']", "the claims are about USA, JPN and KOR, and rules and figures name each of them; THREE can "
                                "change their order, not leave one out"),
    ("THREE", "['USA', 'JPN', 'QQQ']", "THREE takes a list of country codes, as published: "
                                       "--set 'THREE=[\"USA\", \"JPN\", \"KOR\"]'"),
    ("SPONSORS", "['PRK']", "the claims are about CHN and PRK, and rules and figures name each of them; SPONSORS can"),
    ("OTHERS", "['CAN', 'NZL']", "OTHERS = ['CAN', 'NZL']: this names NZL, of which table sanction_overlap has no row; it has"),
    ("SHOWN", "['PHL']", "SHOWN = ['PHL']: JPN cannot be left out, since rules and figures look for it in SHOWN; others can"),
    ("FALL", "120", "FALL = 120: this is more than a hundred percent; FALL takes a whole number"),
    ("START", "2031-05-10", "START = 2031-05-10: this is after the end of the record, 20"),
    ("START", "2022-05-99", "START takes a day, as published: --set START=2022-05-10 (first day)"),
    ("LEAD_SINCE", "0.5", "LEAD_SINCE = 0.5: this is no year; LEAD_SINCE takes a whole number"),
    ("SCORED", "2.7", "SCORED = 2.7: this is no year; SCORED takes a whole number"),
    ("WINDOW", "10**6", "WINDOW = 10**6: this is more than 1,200 months, a century; WINDOW takes"),
    ("LAPSE", "0", "LAPSE = 0: this leaves nothing to count; LAPSE takes a whole number, as published: --set LAPSE=24 (months "
                   "without an act that end a spell, at least two; half-years"),
    ("LAPSE", "1", "LAPSE = 1: this leaves too little to count, less than two; LAPSE takes"),
    ("LAPSE", "1201", "LAPSE = 1201: this is more than 1,200 months, a century; LAPSE takes"),
    ("WAIT", "201", "WAIT = 201: this is more than 200 half-years, a century; WAIT takes"),
    ("NEAR", "40_000", "NEAR = 40_000: this is more than 36,525 days, a century; NEAR takes"),
    ("ELASTICITY", "1e9", "ELASTICITY = 1e9: this is more than 1,000 times the published value; ELASTICITY takes"),
    ("FROM", "2024", "FROM = 2024: FROM is then 2024 and TO 2024, and nothing lies between; set both"),
    ("TO", "{'written': 2021, 'now': 2025}", "FROM is then 2022 and TO 2021, and nothing lies between"),
    ("WINDOWS", "6", "WINDOWS is not set in this notebook (did you mean WINDOW?)"),
])
def test_a_refusal_names_what_was_given_what_is_taken_and_how_to_give_it(name, value, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        choices.check(BOOK, {name: value})


@pytest.mark.parametrize("changes", [{"WINDOW": "3"}, {"THREE": "['KOR', 'JPN', 'USA']"},
                                     {"START": "2021-01-01", "AROUND": "12"}, {"OUTSIDE": "[]", "STEADY": "1"},
                                     {"LAPSE": "2", "WAIT": "0", "NEAR": "0", "USUAL_SINCE": "2011"},
                                     {"SPAN": "range(2000, 2010)", "LATER": "range(2011, 2015)"}])
def test_what_can_be_meant_passes_and_leaves_no_day_behind(changes):
    choices.check(BOOK, changes)
    assert as_of.day() is None


def test_a_notebook_whose_top_fails_by_itself_is_left_to_its_run():
    choices.check(notebook("import os", "A = 1 / 0\nB = 2"), {"B": "'x'"})


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_every_published_value_is_one_that_its_parameter_takes(path):
    made = jupytext.read(path)
    cells = [cell.source for cell in parameters.code(made)]
    top = [number for number, cell in enumerate(parameters.code(made)) if parameters.TAG in cell.metadata.get("tags", ())]
    held, codes = choices.evaluated(cells, top), choices._codes(cells)
    named = [name for number in top for name, _ in parameters.assigned(cells[number])]
    assert set(named) <= held.keys() and len(named) > 5
    assert [name for name in named if choices._of_length(name, held[name], held[name], choices.own_remark(cells, name))] == []
    asked = Asked(codes, True, True, True, percent=True, ends=claims.register().record_ends)
    assert [name for name in named if choices._of_rows(held[name], held[name], choices.remark_on(cells, name))] == []
    assert {name: said for name in named if (said := choices.fault(held[name], held[name], asked))} == {}


NONE_IS_TOO_FEW = {
    "leadership": "WINDOW HORIZON LOOKBACK FRAMEWORK_HORIZON MAIN_DRAWS SPUR_DRAWS KEPT_DRAWS GRID_DRAWS DRAWS",
    "threats": "COMMON_YEARS DRAWS", "coercion": "WINDOW MONTHS_AROUND",
    "interdependence": "WINDOW MONTHS CALM BEFORE_WAVE",
    "durability": "LAPSE LOOKBACK HORIZON BURDEN_HORIZON DRAWS GRID_DRAWS MODEL_DRAWS BURDEN_DRAWS", "capabilities": "LEAD",
    "economic-statecraft": "WIDTH", "disasters": "MARGIN_YEARS",
    "scorecard": "YEAR_AFTER"}
NONE_WILL_DO = {
    "leadership": "GRACE LIVE NEAR", "threats": "LAG", "coercion": "AROUND BEFORE CLOSED_AFTER", "interdependence": "REVERSAL",
    "durability": "WAIT ANSWERED", "capabilities": "RUNNING", "scorecard": "RUNNING SILENT TOLD_WITHIN"}


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_of_each_length_and_number_of_draws_it_is_known_whether_none_will_do(path):
    """Those of which none will do were run with zero: no cell failed but for words and too little on record."""
    made = jupytext.read(path)
    cells = [cell.source for cell in parameters.code(made)]
    top = [number for number, cell in enumerate(parameters.code(made)) if parameters.TAG in cell.metadata.get("tags", ())]
    held = {name: value for name, value in choices.evaluated(cells, top).items() if isinstance(value, int | float)
            and name.isupper() and (value not in choices.YEARS or "DRAWS" in name)}
    lengths = {name for name in held if choices.LENGTH.search(name) or choices.UNIT.match(choices.own_remark(cells, name))}
    refused = {name for name, value in held.items() if choices._of_length(name, value, 0, choices.own_remark(cells, name))}
    assert refused == set(NONE_IS_TOO_FEW.get(path.stem, "").split())
    assert lengths - refused == set(NONE_WILL_DO.get(path.stem, "").split())


@pytest.mark.parametrize(("line", "remarks"), [
    ("A, B_2 = 1, 2  # months; days", {"A": "months", "B_2": "days"}), ("A_2, B = 1, 2  # days", {"A_2": "days", "B": "days"}),
    ("A = 1, 2  # months; days", {"A": "months; days"}), ("A = 1", {"A": ""})])
def test_a_remark_is_parted_by_the_names_of_its_line(line, remarks):
    assert {name: choices.own_remark([line], name) for name in remarks} == remarks


def test_an_example_of_a_refusal_can_be_typed_as_it_stands():
    for name, value in parameters.assigned(TOP):
        if name not in ("AS_OF", "LATER"):
            shown = choices._example([TOP], name).strip("'").partition("=")[2]
            changed = dict(parameters.assigned(parameters.change([TOP], name, shown)[0]))
            assert ast.unparse(changed[name]) == ast.unparse(value)
