"""Words for the columns of figures: all there, none to spare, each from the place that goes first."""

from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from trilateral.publish import collect
from trilateral.publish.columns import ColumnError, Columns, faults, read

CLAIM = SimpleNamespace(quantities={"share": {"meaning": "part that was kept", "unit": "percent"}})


class Register:
    def __init__(self):
        self.claims = {"as-kept": CLAIM}

    def __getitem__(self, name):
        return self.claims[name]


REGISTER = Register()
COLUMNS = Columns({"strip": "as-kept"}, {"year": "Calendar year", "low": "Lower end; percent"},
                  {"lines": {"low": "Tenth percentile; points", "index": "Toy index; points"},
                   "strip": {"width": "Window; months"}})


def test_words_for_a_figure_go_before_those_of_its_claim_and_these_before_those_of_a_name():
    assert COLUMNS.words("lines", ["year", "index", "low"], REGISTER) == {
        "year": "Calendar year", "index": "Toy index; points", "low": "Tenth percentile; points"}
    assert COLUMNS.words("strip", ["width", "share", "share_high", "low"], REGISTER) == {
        "width": "Window; months", "share": "Part that was kept; percent",
        "share_high": "Upper end of the 95 percent interval of share; percent", "low": "Lower end; percent"}


def test_a_column_without_words_is_refused_by_figure_column_and_file():
    with pytest.raises(ColumnError, match=r"figure lines: book/columns.yml does not say what index_2, other in its CSV is. .*"
                                          r"under figures: lines, or under names"):
        COLUMNS.words("lines", ["year", "index_2", "other"], REGISTER)
    with pytest.raises(ColumnError, match=r"^book/aid\.md, figure lines: "):
        COLUMNS.words("lines", ["other"], REGISTER, "book/aid")


def test_words_that_no_figure_uses_are_named_with_their_line(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "columns.yml").write_text("names:\n  low: Low\nfigures:\n  lines:\n    index: Toy\n")
    assert [said.partition(": ")[0] for said in read(tmp_path).unused({"lines": ["indx"]}, REGISTER)] == [
        "book/columns.yml, line 2", "book/columns.yml, line 5"]


def test_words_that_no_figure_uses_are_named():
    every = {"lines": ["year", "low", "index"], "strip": ["width", "share"], "plain": ["low"]}
    assert list(COLUMNS.unused(every, REGISTER)) == []
    without = list(COLUMNS.unused({"lines": ["low", "indx"], "strip": ["width"]}, REGISTER))
    assert without == ["book/columns.yml: no figure uses 'year' of names. Take it out.",
                       "book/columns.yml: no figure uses 'low' of names. Take it out.",
                       "book/columns.yml: no column of figure 'strip' is a quantity of its claim. Take it out of quantities.",
                       "book/columns.yml: figure 'lines' has no column 'index' (nearest: indx). Correct it, or take it out of "
                       "figures."]


@pytest.mark.parametrize(("text", "said"), [
    ("figures:\n  lines: {a: Points}", "line 2: figures: there is no figure 'lines' (nearest: line"),
    ("quantities: {line: as-keep}", "line 1: quantities: claim 'as-keep' of line is not in book/claims.yml (nearest: as-kept)"),
    ("names: {a: }", "names: 'a' needs words"),
    ("figures: {line: {on: Points}}", "figures: line: True needs words"),
    ("figures: {line: Points}", "figures: line needs its columns"),
    ("columns: {}", "needs the parts quantities, names, figures and no other"),
    ("names: {a: [", "is not YAML"),
    ("names: {a: Points, a: Shares}", "key 'a' is given twice"),
])
def test_what_is_wrong_with_the_file_is_told_before_anything_runs(tmp_path, text, said):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "columns.yml").write_text(text)
    fault = faults(tmp_path, REGISTER, {"line"})[0]
    assert fault.startswith("book/columns.yml") and said in fault


def test_a_book_without_the_file_has_no_words_and_one_that_changes_is_read_again(tmp_path):
    assert read(tmp_path) == Columns() and faults(tmp_path, REGISTER, ()) == []
    (tmp_path / "book").mkdir()
    for words in ("Points", "Thousand points"):
        (tmp_path / "book" / "columns.yml").write_text(f"names: {{a: {words}}}")
        assert read(tmp_path).names["a"] == words


@pytest.mark.parametrize("whole", [True, False])
def test_words_without_a_figure_stop_a_whole_book_and_no_part_of_it(tmp_path, monkeypatch, whole):
    (tmp_path / "book").mkdir()
    for name in ("index", "one"):
        (tmp_path / "book" / f"{name}.md").write_text("# Page\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("root: book/index\n" + "chapters: [{file: book/one}]\n" * whole, encoding="utf-8")
    (tmp_path / "book" / "columns.yml").write_text("names: {share: percent}\n", encoding="utf-8")
    monkeypatch.setattr(collect, "records", lambda env: {})
    if whole:
        with pytest.raises(ExtensionError, match="no figure uses 'share'"):
            collect.check_columns(SimpleNamespace(srcdir=tmp_path), None)
    else:
        collect.check_columns(SimpleNamespace(srcdir=tmp_path), None)


@pytest.mark.parametrize(("words", "number"), [
    ("Median of 2020-2024; ratio", "2020"), ("Ratio is 1.5 or more; true", "1.5"), ("Aid; US dollars of 2022", "2022"),
    ("Median of eight powers; ratio", "eight powers"), ("Rank among 38 members, 1 = the most", "38"),
    ("Rung; 0 nothing, 1 announced, 4 lasting", ""), ("Share; from 0 to 1", ""), ("1 if it binds, else 0", ""),
    ("Lower end of the 95 percent interval; per 100,000 people", ""),
    ("What the brief of 2015 says; ISO 3166-1 alpha-3 code", "")])
def test_a_number_in_the_words_for_a_column_is_named_unless_it_is_a_code_or_a_scale(tmp_path, words, number):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "columns.yml").write_text(f"figures:\n  lines:\n    index: {words}\n")
    said = faults(tmp_path, REGISTER, {"lines"})
    assert [number in fault and fault.startswith("book/columns.yml, line 3: ") for fault in said] == [True] * bool(number)
