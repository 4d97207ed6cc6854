"""The works that pages cite: each complete as far as known, all of them cited, in the order of names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pybtex.database import parse_string

from trilateral.publish import references

BOOK = Path(__file__).parents[1] / "book"
COPIES = re.compile(r"//(www\.)?(scribd|studylib|docslib|x-mol|vdocument|fdocuments|pdfslide|researchgate)\b")


@pytest.fixture(scope="module")
def works():
    bibliography, faults = references.read(BOOK / "references.bib")
    assert faults == []
    return bibliography.entries


def test_every_work_of_the_bibliography_is_cited_and_every_citation_is_in_it(works):
    pages = "".join(page.read_text(encoding="utf-8") for page in BOOK.rglob("*.md"))
    cited = {key.strip() for keys in re.findall(r"\{cite:[a-z]+\}`([^`]+)`", pages) for key in keys.split(",")}
    assert cited == set(works)


def test_a_work_has_one_address_and_it_leads_to_no_copy(works):
    assert [key for key, work in works.items() if {"doi", "url"} <= set(work.fields)] == []
    assert [key for key, work in works.items() if COPIES.search(work.fields.get("url", ""))] == []


def test_no_two_works_have_the_same_address(works):
    addresses = [work.fields.get("doi") or work.fields.get("url") for work in works.values()]
    given = list(filter(None, addresses))
    assert len(given) == len(set(given)) > 30


def test_a_body_and_a_name_with_an_apostrophe_stand_where_their_letters_put_them():
    references.register_style()
    works = parse_string("@misc{a, author={{Zoo}}, title={A}}\n@misc{b, author={{Air Club}}, title={B}}\n"
                         "@misc{c, author={Yew, Ann}, title={C}}\n"
                         "@misc{d, author={D’Ora, Di}, title={D}}\n@misc{e, author={Du, Ed}, title={E}}\n"
                         "@misc{f, author={Day, Flo}, title={F}}", "bibtex")
    assert [entry.key for entry in references.Style().format_bibliography(works)] == ["b", "f", "d", "e", "c", "a"]


@pytest.mark.parametrize(("people", "said"), [
    ("Doe, Ann", "Doe, Ann."),
    ("Doe, Ann and Roe, Bo", "Doe, Ann, and Bo Roe."),
    ("Doe, Ann and Roe, Bo and Poe, Cy", "Doe, Ann, Bo Roe, and Cy Poe."),
    ("{Air Club} and Roe, Bo", "Air Club and Bo Roe."),
])
def test_the_first_author_stands_with_the_surname_in_front(people, said):
    works = parse_string(f"@misc{{a, author={{{people}}}, title={{A}}}}", "bibtex")
    (entry,) = references.Style().format_bibliography(works)
    assert entry.text.render_as("text").startswith(said)
