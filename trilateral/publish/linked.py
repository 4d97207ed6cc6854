"""What a page points to by name: sections, figures and claims in links, numbers and words of a chapter in its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from trilateral.contract import near

LINK = re.compile(r"\]\(#([^)\s{}]+)")
LABEL = re.compile(r"^\(([\w-]+)\)=$|\{#([\w-]+)\}", re.MULTILINE)
INJECTED = re.compile(r"\{glue:text\}`(?P<own>[^`:]+)|\{value\}`glue\.(?P<chapter>[\w-]+)\.(?P<name>\w+)")

Faults = Iterator[tuple[int, str]]
"""Line and words of each."""


@dataclass(frozen=True)
class Said:
    """Names under which a chapter may say something, as far as its code tells without a run.

    Attributes
    ----------
    names : set of str
        Arguments and texts of its code.
    forms : re.Pattern
        Those that an f-string computes, as keys of a mapping.
    """

    names: set[str]
    forms: re.Pattern

    @classmethod
    def by(cls, trees: Iterable[ast.AST]) -> Said:
        nodes = [node for tree in trees for node in ast.walk(tree)]
        names = {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
        names |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        keys = [key for node in nodes if isinstance(node, ast.Dict) for key in node.keys]
        keys += [node.key for node in nodes if isinstance(node, ast.DictComp)]
        forms = ["".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in key.values)
                 for key in keys if isinstance(key, ast.JoinedStr)]
        return cls(names, re.compile("|".join(forms) or "$."))

    def __contains__(self, name: str) -> bool:
        return name in self.names or bool(self.forms.fullmatch(name))


def labels(source: str) -> set[str]:
    """Names that a page gives to its sections and words."""
    return {first or second for first, second in LABEL.findall(source)}


def links(source: str, known: Collection[str]) -> Faults:
    """Links to a section, figure or claim that no page has."""
    for match in LINK.finditer(source):
        if match[1] not in known:
            yield _line(source, match), (f"link {'#' + match[1]!r} leads to no section, figure or claim "
                                         f"({near(match[1], known)}). Correct it, or label the section: ({match[1]})=.")


def injected(source: str, chapter: str, said: Mapping[str, Said]) -> Faults:
    """Numbers and words that a page takes from the code of a chapter, and that the code does not say.

    Parameters
    ----------
    chapter : str
        Stem of the page.
    said : mapping of chapter to Said
        Of every chapter.
    """
    for match in INJECTED.finditer(source):
        home, name = match["chapter"] or chapter, match["name"] or match["own"]
        if home not in said:
            fault = f"is taken from {home!r}, which is no chapter ({near(home, said)}). Correct it."
        elif name not in said[home]:
            fault = f"is said by no cell of {home} ({near(name, said[home].names)}). Correct it, or add it there."
        else:
            continue
        yield _line(source, match), f"{name!r} {fault}"


def _line(source: str, match: re.Match) -> int:
    return source.count("\n", 0, match.start()) + 1
