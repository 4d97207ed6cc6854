"""No number that comes from data is typed: prose, headlines, subtitles, alt texts and notes are searched for digits."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from trilateral.publish import typed
from trilateral.publish.chapters import CELL, DRAWN, chapters

README = Path(__file__).parents[1] / "README.md"


def test_the_readme_types_no_measured_number():  # the pages of the book are checked before each build
    assert list(typed.in_prose(README.read_text(encoding="utf-8"))) == []


def numbers(source: str) -> list[str]:
    return [number for _, number in typed.in_prose(source)]


def test_a_typed_number_is_found_on_its_line():
    assert numbers("2015年と2022年の主張は 12 ある。") == ["12"]
    assert list(typed.in_prose("A\n```{finding} a-figure\nA headline of 40.\n```\n<!-- 1\n2 -->\n\nIt fell by 3.")) == [
        (3, "40."), (8, "3.")]
    assert numbers("---\nkernelspec: {}\n---\nIt asks for `0.6`, not for `x_1`.") == ["0.6,"]
    assert numbers("It rose by 12.5 points in 2013, see {glue:text}`x` and `y_2`.") == ["12.5"]
    code = 'figure("a", f"{n} of 18 surveys",\n"percent, 2007-2025", c, alt="up to 40 of")'
    assert list(typed.in_figures(ast.parse(code))) == [(1, "18"), (2, "40")]
    assert list(typed.in_figures(ast.parse('judge("a", written="only 3 known", now={"x": 7})'))) == [(1, "3")]


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_the_words_of_a_chapter_refer_to_each_of_its_figures(path):  # which float on paper, so that no "above" finds them
    source = path.read_text(encoding="utf-8")
    calls = [node for code in CELL.findall(source) for node in ast.walk(ast.parse(code))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DRAWN]
    drawn = {call.args[0].value for call in calls}
    assert len(drawn) >= 7 and drawn - set(re.findall(r"\]\(#([\w-]+)\)", CELL.sub("", source))) == set()
