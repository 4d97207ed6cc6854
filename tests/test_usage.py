"""A table or a column that no chapter uses is a fault, unless a claim that it serves is not judged yet."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from trilateral import data
from trilateral.claims import read_register
from trilateral.publish import usage

HEAD = "---\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
CLAIM = "as-rok-worries-nk-more"


@pytest.fixture
def book(tmp_path):
    (tmp_path / "data").mkdir()
    for suffix in (".csv", ".yml"):
        shutil.copy(data.DATA / f"leaders{suffix}", tmp_path / "data")
    sidecar = tmp_path / "data" / "leaders.yml"
    text = sidecar.read_text(encoding="utf-8")
    sidecar.write_text(text[: text.index("claims:")] + f"claims: [{CLAIM}]\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters: [{file: threats}]\n")
    (tmp_path / "index.md").write_text("# Front\n")
    register = SimpleNamespace(claims={CLAIM: SimpleNamespace(chapter="threats")})

    def faults(code: str | None, judged: bool = True) -> list[str]:
        code = code if code is None or not judged else f'{code}\njudge("{CLAIM}")'
        (tmp_path / "threats.md").write_text(HEAD + f"```{{code-cell}}\n{code}\n```\n" if code is not None else "# Later\n")
        return usage.faults(register, tmp_path, tmp_path / "data")
    faults.register = register
    return faults


USED = 'leaders = load("leaders"); leader, start, end, party, role, iso3'


def test_a_table_whose_columns_the_chapter_names_has_no_fault(book):
    assert book(USED) == []


def test_a_table_that_no_chapter_loads_is_an_orphan(book):
    assert "data/leaders.csv: no chapter loads it" in book("1 + 1")[0]


def test_a_table_may_wait_for_a_chapter_that_is_not_written(book):
    assert book(None) == []


def test_a_table_may_wait_for_a_claim_that_is_not_judged_so_that_rule_table_and_code_come_one_after_the_other(book):
    assert book("1 + 1", judged=False) == []


def test_a_column_that_no_code_names_is_a_fault(book):
    fault, = book(USED.replace("party, ", ""))
    assert "no code of threats uses column party" in fault and "trilateral/recipes/leaders.py" in fault


def test_words_of_the_prose_are_no_use_of_a_column(book):
    assert book(USED.replace("party, ", "") + "\n```\n\nparty\n\n```{code-cell}\n1")


def test_a_claim_that_the_register_lacks_is_named_with_the_nearest(book):
    book.register.claims = {"as-rok-worries-more": SimpleNamespace(chapter="threats")}
    assert f"entry claims: {CLAIM} is not in book/claims.yml (nearest: as-rok-worries-more" in book(USED)[0]


def test_no_table_of_the_book_is_an_orphan_and_no_column_is_unused():
    assert usage.faults(read_register()) == []
