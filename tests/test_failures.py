"""Of cells that failed, the causes are told apart from what only needed them."""

import nbformat
import pytest

from trilateral import failures


def cell(source, error=None, message=""):
    made = nbformat.v4.new_code_cell(source)
    if error:
        made.outputs = [nbformat.v4.new_output("error", ename=error, evalue=message, traceback=[])]
    return made


def undefined(source, name):
    return cell(source, "NameError", f"name '{name}' is not defined")


def found(*cells):
    return failures.found(nbformat.v4.new_notebook(cells=list(cells)))


def test_a_cell_that_lacks_a_name_of_one_that_failed_is_folded_into_it_over_any_number_of_steps():
    cause, other = found(
        cell("a = 1"), cell("\nb = rows['x']\ndef of(c):\n    return c", "KeyError", "'x'"), undefined("d = of(1)", "of"),
        cell("1 / 0", "ZeroDivisionError", "division by zero"), undefined('judge("as-one", now=d)', "d"))
    assert (cause.cell, cause.followers, cause.claims) == (2, [3, 5], ["as-one"])
    assert str(cause) == "code cell 2 (b = rows['x']): KeyError: 'x'; and 2 cells that needed it"
    assert str(other) == "code cell 4 (1 / 0): ZeroDivisionError: division by zero"


def test_a_name_that_no_failed_cell_sets_is_a_cause_of_its_own():
    (misspelt,) = found(cell("a = 1"), undefined("print(aa)", "aa"))
    assert misspelt.cell == 2 and not misspelt.of_short_record


def test_a_notebook_says_in_one_line_what_is_lacking_and_which_cell_above_was_needed():
    cells = [cell("a = 1"), cell("b = need(0)", "TooLittleError", "no meeting in 2023"), undefined("c = b", "b"),
             cell("d = 1 / 0", "ZeroDivisionError", "division by zero"), undefined("print(d)", "d"),
             cell("check_sentences({})", "TextError", "change the words, or this cell with them: it rose")]
    cells[3].outputs[0].traceback = ["Traceback ...", "ZeroDivisionError"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    failures.explain(notebook, failures.found(notebook))
    nbformat.validate(notebook)
    assert [each.outputs[0].traceback for each in cells[1:]] == [
        ["Too little to go on: no meeting in 2023"],
        ["This cell needs code cell 2 (b = need(0)) above, which has too little to go on."],
        ["Traceback ...", "ZeroDivisionError"], ["This cell needs code cell 4 (d = 1 / 0) above, which failed."],
        ["Words of this chapter that no longer hold: it rose"]]
    assert [each.outputs[0].ename for each in cells[1:3]] == ["TooLittleError"] * 2


@pytest.mark.parametrize(("error", "message", "short"), [
    ("TooLittleError", "no party", True), ("NoRowError", "no row is left", True), ("TooFewError", "two years", True),
    ("KeyError", "2024", False), ("MeasureError", "unknown method", False), ("TableError", "data/a.csv, row 3", False),
    ("TypeError", "unsupported operand type(s) for *: 'NoneType' and 'float'", False), ("ValueError", "cannot convert", False),
    ("AttributeError", "'NaTType' object has no attribute 'to_period'", False), ("ImportError", "no module", False),
])
def test_only_a_cell_that_says_so_itself_has_too_little_on_record(error, message, short):
    (failure,) = found(cell("x", error, message))
    assert failure.of_short_record is short


def test_sentences_that_no_longer_hold_are_given_whole():
    said = "; ".join(["Japan gave most"] * 60)
    (failure,) = found(cell("check_sentences({})", "TextError", f"change the words, or this cell with them: {said}"))
    assert failure.of_words and failure.sentences == said
