"""Mistakes in a page are named by file and line before anything is executed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from trilateral.publish import early

PAGE = '''---
kernelspec: {name: python3}
---

(reasons)=
# Aid

It is {verdict}`as-aid now` {cite:p}`doe2020,roe2021` for a {term}`Donor`.
It rose {glue:text}`rise_jpn`, cut {value}`glue.aid.cut:.0f`, see [given](#given "Aid"), [it](#as-aid), [why](#reasons).
Share: {value}`as-aid.now.share_low:.0f`, of {value}`as-aid.now.paid_n` in {value}`as-aid.now.tried` ways.

```{code-cell} ipython3
aid = load("aid"); say(**{f"rise_{iso}": rise for iso in "ab"}, cut=cut)
figure("given", f"{n} gave", "Percent", chart, alt=f"{n} gave", data=aid.frame, tables=[aid])
```

```{code-cell} ipython3
judge("as-aid", tables=[aid], written="No data yet.", now={})
```
'''


@pytest.fixture
def book(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "aid.yml").touch()
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text("root: book/index\nchapters: [{file: book/aid}]\n")
    (tmp_path / "book" / "index.md").write_text("# Front\n\n```{glossary}\ndonor\n  Who gives.\n```\n")
    register = SimpleNamespace(claims={"as-aid": SimpleNamespace(chapter="aid", quantities={"share": {}, "paid": {}}),
                                       "as-arms": SimpleNamespace(chapter="arms")})

    def faults(old: str = "", new: str = "", name: str = "aid.md") -> list[str]:
        assert old in PAGE
        (tmp_path / "book" / name).write_text(PAGE.replace(old, new, 1))
        return early.faults(register, ["doe2020", "roe2021"], tmp_path, tmp_path / "data")
    return faults


def test_a_page_without_a_mistake_has_no_fault(book):
    assert book() == []


def test_a_key_of_the_front_matter_given_twice_is_named_first(book):
    said = book("kernelspec:", "kernelspec: {}\nkernelspec:")[0]
    assert "line 3: the front matter is not valid YAML: key 'kernelspec' is" in said


@pytest.mark.parametrize(("old", "new", "said"), [
    ('load("aid")', 'load("aids")', "line 13: table 'aids' is not in data (nearest: aid)"),
    ("It is", "Of 7 it is", "line 8: '7' is typed. Inject it"),
    ('f"{n} gave", "Percent"', '"9 gave", "Percent"', "line 14: '9' is typed. Compute it"),
    (' alt=f"{n} gave",', "", "line 14: figure 'given' has no alt text"),
    ('judge("as-aid"', 'judge("as-aide"', "line 18: claim 'as-aide' is not in book/claims.yml (nearest: as-aid"),
    ('judge("as-aid"', 'judge("as-arms"', "line 18: claim 'as-arms' is of chapter 'arms'"),
    ("judge(", 'judge("as-aid")\njudge(', "line 19: 'as-aid' is already at book/aid.md, line 18"),
    ("aid = load", "aid = = load", "line 13: the code does not parse: invalid syntax"),
    ("`as-aid now`", "`as-ade now`", "line 8: 'as-ade' is not in book/claims.yml"),
    ("roe2021", "roe2012", "line 8: 'roe2012' is not in book/references.bib (nearest: roe2021"),
    ("as-aid.now.paid_n", "as-aids.now.paid_n", "line 10: value as-aids.now.paid_n is of no claim of book/claims.yml (near"),
    ("as-aid.now.paid_n", "as-aid.then.paid_n", "line 10: value as-aid.then.paid_n is of no moment; there are written and now"),
    ("as-aid.now.paid_n", "as-aid.now.payd_n", "line 10: value as-aid.now.payd_n is no quantity of its claim (nearest: paid_n"),
    ("`Donor`", "`giver <doner>`", "line 8: 'doner' is not in book/appendix/glossary.md (nearest: donor)"),
    ("(#given", "(#givn", "line 9: link '#givn' leads to no section, figure or claim (nearest: given). Correct it"),
    ("(#as-aid)", "(#as-aids)", "line 9: link '#as-aids' leads to no section, figure or claim (nearest: as-aid"),
    ("(#reasons)", "(#reason)", "line 9: link '#reason' leads to no section, figure or claim (nearest: reasons)"),
    ("`rise_jpn`", "`raise_jpn`", "line 9: 'raise_jpn' is said by no cell of aid"),
    ("glue.aid.cut", "glue.aid.cuts", "line 9: 'cuts' is said by no cell of aid (nearest: cut). Correct it, or add it"),
    ("glue.aid.cut", "glue.aids.cut", "line 9: 'cut' is taken from 'aids', which is no chapter (nearest: aid)"),
])
def test_a_mistake_is_named_with_its_line_and_what_to_do(book, old, new, said):
    fault, = book(old, new)
    assert fault.startswith(f"book/aid.md, {said}")


def test_a_page_that_no_build_reads_and_an_id_of_another_page_are_named(book):
    book()
    unread, *twice = book(name="copy.md")
    assert unread.startswith("book/copy.md: is not in _toc.yml")
    assert any("book/copy.md, line 14: 'given' is already at book/aid.md, line 14" in fault for fault in twice)


def test_words_for_the_columns_of_a_figure_that_no_page_makes_are_named(book, tmp_path):
    words = tmp_path / "book" / "columns.yml"
    words.write_text("figures: {given: {percent: Percent}}")
    assert book() == []
    words.write_text("figures: {givn: {percent: Percent}}")
    said, = book()
    assert said == "book/columns.yml, line 1: figures: there is no figure 'givn' (nearest: given). Correct it, or take it out."
