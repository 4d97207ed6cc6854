"""Mistakes in the pages of the book that need no run to be found, each named by file and line before anything is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from trilateral.claims import MOMENTS, SUFFIXES, Register
from trilateral.contract import near
from trilateral.data import DATA
from trilateral.publish import columns, linked, typed
from trilateral.publish.chapters import CELL, DRAWN, ROOT, documents, is_notebook
from trilateral.strict_yaml import YamlError

ROLE = re.compile(r"\{(verdict|term|cite)(?::\w+)?\}`([^`]+)`")
VALUE = re.compile(r"(?<=\{value\}`)((?:as|pn)-[\w-]+)\.(\w+)\.(\w+)")
OF_A_VERDICT = ("verdict", "date", "agree", "tried", "share")
PLACE = {"verdict": "book/claims.yml", "term": "book/appendix/glossary.md", "cite": "book/references.bib"}
GLOSSARY = re.compile(r"^```\{glossary\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
REGISTER_FIGURE = re.compile(r"^```\{register-figure\} +(\S+)", re.MULTILINE)
CODES = "codebook"  # a page that explains codes, which are numbers
COVERAGE = re.compile(r"^  years: .*?(\d{4})'?$", re.MULTILINE)  # of a sidecar, whose last year it is
CONVENTION = ("a convention of measurement stands in ALLOWED of trilateral/publish/typed.py, a year that is no end of a "
              "chapter's data in NO_ENDS; a number of the design in DESIGN of trilateral/publish/spelled.py, a share in "
              "SHARES, or word by word in a sentence of check_sentences")

Faults = Iterator[tuple[int, str]]
"""Line and words of each."""

Cells = Sequence[tuple[int, ast.AST | SyntaxError]]
"""Number of lines above each cell of code, and its tree or what keeps it from being one."""


def faults(register: Register, references: Collection[str], root: Path = ROOT, data: Path = DATA) -> list[str]:
    """Tables, claims, terms, references, figures, sections and injected words that do not exist, ids used twice, typed numbers,
    pages no build reads.

    Returns
    -------
    list of str
        One sentence a fault, with file, line and what to do.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted((root / "book").rglob("*.md"))
             if not any(part.startswith(".") for part in path.relative_to(root).parts)}
    terms = {line for source in pages.values() for block in GLOSSARY.findall(source) for line in block.splitlines()
             if line and line[0] != " "}
    known = {"verdict": register.claims, "term": terms, "cite": references}
    tables = {path.stem for path in data.glob("*.yml")}
    listed, homes, said, figures, trees = set(documents(root)), {}, [], set(), {}
    for path, source in pages.items():
        page = path.relative_to(root).as_posix()
        if page.removesuffix(".md") not in listed:
            said.append(f"{page}: is not in _toc.yml, so no build reads it. Add it under its part, or take it out of book.")
        try:
            runs = is_notebook(source)
        except YamlError as error:
            said.append(f"{page}, {error}")
            continue
        figures |= set(REGISTER_FIGURE.findall(source))
        found = [_roles(source, known), _values(source, register)]
        cells = list(_cells(source)) if runs else []
        calls = list(_calls(cells))
        held = typed.sentences(tree for _, tree in cells if isinstance(tree, ast.AST))
        last = _last_years({name for _, call, name in calls if _called(call) == "load"} & tables, data)
        if path.stem != CODES:
            found.append(_numbers(source, last, path.stem, held))
        if runs:
            figures |= {name for _, call, name in calls if _called(call) in DRAWN}
            trees[path.stem] = [tree for _, tree in cells]
            found += [_code(cells, last, path.stem, held),
                      _names(calls, path.stem, register, tables), _again(calls, page, homes)]
        said += [f"{page}, line {line}: {fault}" for line, fault in chain(*found)]
    if not any(isinstance(tree, SyntaxError) for tree in chain(*trees.values())):  # which would hide what others point to
        said += _pointed(pages, {*register.claims, *figures}, trees, root)
    return said + columns.faults(root, register, figures)


def _pointed(pages: Mapping[Path, str], named: Collection[str], trees: Mapping[str, Sequence], root: Path) -> Iterator[str]:
    places = set(named).union(*map(linked.labels, pages.values()))
    words = {chapter: linked.Said.by(code) for chapter, code in trees.items()}
    for path, source in pages.items():
        for line, fault in chain(linked.links(source, places), linked.injected(source, path.stem, words)):
            yield f"{path.relative_to(root).as_posix()}, line {line}: {fault}"


def _roles(source: str, known: Mapping[str, Collection[str]]) -> Faults:
    for match in ROLE.finditer(source):
        role, content = match.groups()
        names = {"verdict": content.split()[:1], "term": [content.split("<")[-1].rstrip(">")],
                 "cite": re.split(r"\s*,\s*", content)}[role]
        for name in names:
            if name not in known[role] and name.casefold() not in map(str.casefold, known[role]):
                yield _line(source, match.start()), (
                    f"{name!r} is not in {PLACE[role]} ({near(name, known[role])}). Correct it, or add it there.")


def _values(source: str, register: Register) -> Faults:
    for match in VALUE.finditer(source):
        claim, moment, quantity = match.groups()
        if claim not in register.claims:
            said = f"is of no claim of book/claims.yml ({near(claim, register.claims)})"
        elif moment not in MOMENTS:
            said = f"is of no moment; there are {' and '.join(MOMENTS)}"
        elif quantity not in (names := {*OF_A_VERDICT, *(f"{name}{end}" for name in register.claims[claim].quantities
                                                         for end in ("", *SUFFIXES))}):
            said = f"is no quantity of its claim ({near(quantity, names)})"
        else:
            continue
        yield _line(source, match.start()), f"value {match[0]} {said}. Correct it."


def _last_years(tables: Collection[str], data: Path) -> set[int]:
    """The year with which each table ends, as its sidecar states; only the line is read, since whole sidecars take seconds."""
    stated = (COVERAGE.search((data / f"{name}.yml").read_text(encoding="utf-8")) for name in tables)
    return {int(match[1]) for match in stated if match}


def _numbers(source: str, last: Collection[int], chapter: str, held: Collection[str]) -> Faults:
    for line, number in typed.in_prose(source, last, chapter, held):
        yield line, f"{number!r} is typed. Inject it with {{glue:text}} or {{value}}; {CONVENTION}."


def _code(cells: Cells, last: Collection[int], chapter: str, held: Collection[str]) -> Faults:
    texts = typed.named_texts(tree for _, tree in cells if not isinstance(tree, SyntaxError))
    for above, tree in cells:
        if isinstance(tree, SyntaxError):
            yield above + (tree.lineno or 0), f"the code does not parse: {tree.msg}."
        else:
            for line, number in typed.in_figures(tree, texts, last, chapter, held):
                yield above + line, f"{number!r} is typed. Compute it in an f-string; {CONVENTION}."
            for line, end in typed.axes(tree):
                yield above + line, f"an axis ends at {end}, typed. Take it from what is drawn, or from the end of the record."


def _names(calls: list[tuple[int, ast.Call, str]], chapter: str, register: Register, tables: Collection[str]) -> Faults:
    for line, call, name in calls:
        called = _called(call)
        if called == "load" and name not in tables:
            yield line, f"table {name!r} is not in data ({near(name, tables)}). Correct it, or make the table."
        elif called == "judge" and name not in register.claims:
            yield line, f"claim {name!r} is not in book/claims.yml ({near(name, register.claims)}). Correct it, or add it."
        elif called == "judge" and (home := register.claims[name].chapter) != chapter:
            yield line, f"claim {name!r} is of chapter {home!r}. Judge it there, or change the entry's chapter."
        elif called == "figure" and not {"alt", None} & {word.arg for word in call.keywords}:
            yield line, f"figure {name!r} has no alt text. Give it alt=f\"...\", 20 to 80 words with a value."


def _again(calls: list[tuple[int, ast.Call, str]], page: str, homes: dict[str, tuple[str, int]]) -> Faults:
    """Ids of figures and judgements that stand earlier in the book."""
    for line, call, name in calls:
        if _called(call) in DRAWN | {"judge"} and (home := homes.setdefault(name, (page, line))) != (page, line):
            yield line, (f"{name!r} is already at {home[0]}, line {home[1]}. An id stands once in the book: call this one "
                         "otherwise, or remove it.")


def _cells(source: str) -> Iterator[tuple[int, ast.AST | SyntaxError]]:
    """See `Cells`."""
    for cell in CELL.finditer(source):
        try:
            yield _line(source, cell.start(1)) - 1, ast.parse(cell[1])
        except SyntaxError as error:
            yield _line(source, cell.start(1)) - 1, error


def _calls(cells: Cells) -> Iterator[tuple[int, ast.Call, str]]:
    """Line, call and first argument of each call whose first argument is a text."""
    for above, tree in cells:
        for node in ast.walk(tree) if isinstance(tree, ast.AST) else ():
            if isinstance(node, ast.Call) and node.args and isinstance(
                    node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                yield above + node.lineno, node, node.args[0].value


def _called(call: ast.Call) -> str:
    """Name of what is called, without the module it may be taken from."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1
