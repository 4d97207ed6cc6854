"""The glossary explains the words of the book, each once, in few words, and no others."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from trilateral.publish.chapters import CELL

BOOK = Path(__file__).parents[1] / "book"
GLOSSARY = BOOK / "appendix" / "glossary.md"
ENTRY = re.compile(r"^(\S.*)\n((?:  .+\n)+)", re.MULTILINE)
ENTRIES = [entry for block in re.findall(r"```\{glossary\}\n(.*?)```", GLOSSARY.read_text(encoding="utf-8"), re.DOTALL)
           for entry in ENTRY.findall(block)]


@pytest.fixture(scope="module")
def read() -> str:
    """What a reader of the other English pages meets: prose, and the texts that chapters give to figures and verdicts."""
    found = []
    for path in BOOK.rglob("*.md"):
        source = path.read_text(encoding="utf-8")
        if path != GLOSSARY and "\nlang: " not in source[:40]:
            texts = [node.value for code in CELL.findall(source) for node in ast.walk(ast.parse(code))
                     if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value]
            found += [CELL.sub("", source), *texts]
    return " ".join(" ".join(found).lower().split())


@pytest.mark.parametrize("term", [term for term, _ in ENTRIES])
def test_every_word_of_the_glossary_is_used_in_the_book(term, read):
    assert re.search(rf"\b{re.escape(re.sub(r' [(].*', '', term.lower()))}s?\b", read), f"{term!r} is explained and never used"


def test_the_words_that_verdicts_need_are_explained_once_each_and_shortly():
    terms = [term for term, _ in ENTRIES]
    assert len(terms) == len(set(terms))
    assert {"as-of date", "claim", "confidence interval", "false discovery rate", "fragile", "ladder of uptake", "premise",
            "rival", "specification", "specification curve", "spell", "support base", "too little data",
            "verdict"} <= set(terms)
    assert {term: len(said.split()) for term, said in ENTRIES if not 5 <= len(said.split()) <= 50} == {}
