"""Numbers that are typed where a number from data must be injected: prose, headlines, subtitles, alt texts and notes."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from trilateral.publish.spelled import FRONT, THINGS, counts, shares

OF_INTERVALS = (r"(?:5(?:[-–]| to ))?95 percent(?=$|[,;.)\"]|\s+(?:intervals?|bands?|ranges?|quantiles|Poisson|bootstrap|"
                r"errors?|confidence|unless a figure says)\b)")
ALLOWED = [  # conventions of measurement and names, none of them a result; years and dates are allowed everywhere
    OF_INTERVALS, r"95% ?(?:信頼区間|신뢰구간)", r"가운데 80%",  # and the middle four fifths
    r"PacNet #?\d[AB]", r"(?:Python|Pyodide|Jupyter Book|CC BY)\s+\d[\d.x]*", r"BSD-3-Clause", r"\b0\.1\.0", r"\d+\.\d MB",
    r"\b[Pp]er (?:100|1,000|100,000)(?![\d,.]*\d)(?! percent)", r"1,000 is assumed", r"design effect of 1\.5",
    r"\b(?:10|20|80|120)(?:(?:,| and| to) (?:10|20|80|120)| \(or 60\))* doses",  # thresholds of the vaccine claim
    r"\b1 the (?:fewest|most)", r"\bscores of 1 to 5\b", r"\bof 100 at most\b",  # the ends of a ranking and of a scale
]
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
UNITS = ("percent|points|tons|kilometers|dollars|yen|won|units|thousand|million|billion|people|persons|deaths|"
         "doses|troops|ships|vessels|visitors|students|times|words|days|weeks|months|years")
"""What makes a number between 1900 and 2099 none of a year."""

YEAR = (rf"(?:(?:\d{{1,2}} )?{MONTH} )?(?<![\d.,$€¥₩])(?:19|20)\d\d(?:s|[-–](?:19|20)?\d\d)?"
        rf"(?![\d.,]\d|\d|[件人回個件건명개]|\s+(?:{UNITS}|{THINGS})\b)")
WORDS = re.compile(r"^(`{3,})\{(?!code-cell|glossary|math|bibliography)([\w:-]+)\}([^\n]*)\n(.*?)^\1$",
                   re.DOTALL | re.MULTILINE)
"""A block whose title and content are printed as text, such as a note or the words of a figure in another language."""

OF_FILES = ("image", "figure", "include", "literalinclude", "code", "code-block")
"""Blocks whose first words are an address or a language and no title."""

NAMED = re.compile(r"\{(?!glue|value|verdict|cite|eval|math)[\w:-]+\}`([^`]*)`|^:(?:caption|alt|title|header|footer): (.*)$|"
                   r"\]\([^)\s]*\s+[\"']([^\"']*)[\"']\)|"
                   r"<\w[^>\n]*\b(?:alt|title|aria-label)=\"([^\"\n]*)\"[^>\n]*>", re.MULTILINE)
"""Words in a role, an option, or the title of a link or picture."""

BLOCKS = [r"```.*?```", r"^---\n.*?\n---\n", r"<!--.*?-->"]
INLINE = [r"\{[a-z:]+\}`[^`]*`", r"`[^`]*`", r"\]\([^)]*\)", r"^\(.*\)=$", r"^\d+\. ", r"<[^>]+>", r"^:[a-z-]+:.*$"]
NOT_PROSE = [*(re.compile(pattern, re.DOTALL | re.MULTILINE) for pattern in BLOCKS),
             *(re.compile(pattern, re.MULTILINE) for pattern in INLINE)]
PLACEHOLDER = re.compile(r"\{[^{}]*\}")  # of str.format
NAME = re.compile(r"[A-Za-z_]\w*(?::[A-Z])?")  # of a column
IN_FIGURES, IN_VERDICTS = ("alt", "note", "headline", "subtitle"), ("caveat", "written", "now")
IN_CHARTS = ("title", "text", "subtitle")
IN_CALLS, SAID = ("title", "Title", "TitleParams", "value"), ("say", "glue")
REACHED = ast.Call | ast.Attribute | ast.Subscript
TO_TEXT = ("str", "int", "float", "round", "abs", "max", "min", "format", "minus",
           "listed", "counted", "as_text", "span", "changed", "went")
"""What turns a value into words and computes nothing."""


ENDING = re.compile((r"\b(?:(?:ends?|ended|ending|stops?) (?:in|with|on|at)|until|through|up to|latest|newest|to the end of|"
                     r"to (?:late|early|mid))\b[^.;:,()]{0,20}?\b(?P<year>(?:19|20)\d\d)\b").replace(" ", r"\s+"))
"""Words behind which a year is where something ends, of data more often than not."""

REACHING = re.compile((rf"(?:\b(?:to|after|by the end of|(?:latest|newest|last)\b[^.;:()]{{0,40}}?\bof) (?:(?:\d+ )?{MONTH} )?|"
                       r"\b(?:19|20)\d\d[-–])(?P<year>(?:19|20)\d\d)\b").replace(" ", r"\s+"))
"""Words behind which a year may be the last of a table."""

NO_ENDS = {  # by chapter, what stands so and is no end of a table or of a parameter, and why
    "interdependence": {
        "until 2019": "how a survey was asked", "until 2023": "the same", "2019 to 2020": "between two surveys",
        "2018 to 2020": "years that were searched less"},
    "leadership": {"2018 to 2020": "years that were searched less"},
    "pandemic": {"until the summer of 2021": "from when doses are boosters"},
}


OF_CODES = re.compile(
    r"(?<![\d.])(?:-?\d(?:\.\d)? (?:=|if|for|nothing|announced|once|repeated|lasting|first|second|third)|else \d|"
    r"from -?\d to \d|\d to \d|of 100(?=\)))|ISO 3166-1 alpha-3|brief of (?:2015|2022)|middle 95 percent|= 100|"
    r"share of 1\b|COVID-19|\b(?:5|95) percent quantile|"
    r"payments to 2017 and grant equivalents from 2018|source's 68 percent interval")
"""What a value of a column stands for, the ends of a scale, and definitions of a producer."""


def ends(text: str, last: Collection[int] = (), page: str = "") -> Iterator[tuple[int, str]]:
    """Line and words of each end of data that a text types: it would stay behind when a table or a parameter moves.

    Parameters
    ----------
    text : str
        Words alone, as `prose` leaves them.
    last : collection of int
        Last years of the tables behind it; a year behind “to”, “after” or a dash is an end of data where it is one of them.
    page : str
        The chapter, as “threats”, for what is known to be no end there; see `NO_ENDS`.
    """
    found = [*ENDING.finditer(text), *(match for match in REACHING.finditer(text) if int(match["year"]) in last)]
    for match in sorted(found, key=lambda match: match.start()):
        around = " ".join(text[max(0, match.start() - 10):match.end()].split())
        if not any(around.endswith(known) for known in NO_ENDS.get(page, ())):
            yield text.count("\n", 0, match.start("year")) + 1, " ".join(match[0].split())


def numbers(text: str, years: bool = True) -> list[str]:
    """Numbers in a text that are not on the list, nor years where these are allowed."""
    if not re.search(r"\d", text):
        return []
    for pattern in ALLOWED:
        text = re.sub(pattern, " ", text)
    return re.findall(r"[^\s]*\d[^\s]*", re.sub(YEAR, " ", text) if years else text)


def in_columns(words: str) -> list[str]:
    """Numbers in the words for a column of a figure, years among them: the column says them, and moves with its table."""
    return [*numbers(OF_CODES.sub(" ", words), years=False), *(said for _, said in (*counts(words), *shares(words)))]


def prose(source: str) -> str:
    """What a page says in words, on the lines where it says it."""
    while (opened := WORDS.sub(_opened, source)) != source:
        source = opened
    if "kernelspec" in source:  # in a chapter a number in code type is a number; the appendix quotes choices and what they were
        source = re.sub(r"`([-−]?\d[\d.,]*(?: [a-z][^`]*)?)`", r"\1", source)
    source = NAMED.sub(_named, source)
    for pattern in NOT_PROSE:
        source = pattern.sub(lambda match: "\n" * match[0].count("\n") or " ", source)
    return source


def _named(words: re.Match[str]) -> str:
    """What is shown of a role, an option or a link, on as many lines."""
    shown = " ".join(filter(None, words.groups()))
    return shown + "\n" * (words[0].count("\n") - shown.count("\n"))


def _opened(block: re.Match[str]) -> str:
    """Title and content of a block, on their lines."""
    return f"{'' if block[2] in OF_FILES else block[3]}\n{block[4]}"


def in_prose(source: str, last: Collection[int] = (), page: str = "", held: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Line and number of each that a page types; a chapter may spell out neither a number, a share, nor where tables end.

    Parameters
    ----------
    source : str
        A page.
    last : collection of int
        Last years of its tables; see `ends`.
    page : str
        Its name, as there.
    held : collection of str
        What its cells check; see `sentences`.
    """
    said = prose(source)
    for line, text in enumerate(said.split("\n"), 1):
        yield from ((line, number) for number in numbers(text))
    if "kernelspec" in source:
        yield from ends(said, last, page)
    if "kernelspec" in source or page in FRONT:
        yield from (*counts(said), *shares(said, page, held))


def in_figures(tree: ast.AST, texts: Mapping[str, ast.AST] | None = None,
               last: Collection[int] = (), page: str = "", held: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Line and number of each in the texts that code gives to figures, verdicts and pages; what an f-string computes is none.

    Parameters
    ----------
    tree : ast.AST
        A cell.
    texts : mapping of str to ast.AST, optional
        Texts that cells of the page give a name; see `named_texts`.
    last : collection of int
        Last years of the page's tables; see `ends`.
    page : str
        Its name, as there.
    held : collection of str
        What its cells check; see `sentences`.
    """
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = getattr(call.func, "id", getattr(call.func, "attr", ""))
        words = {word.arg: word.value for word in call.keywords}
        if called in SAID:  # what a call computes is none, whatever the words of its query
            given = [_receiver(value) if isinstance(value, REACHED) and not _fixed(value) else value
                     for value in (*call.args[1:2], *(word.value for word in call.keywords))]
        elif called.endswith("figure"):
            given = [*call.args[1:], *(value for name, value in words.items() if name in IN_FIGURES)]
        elif called == "judge":
            given = [value for name, value in words.items() if name in IN_VERDICTS]  # reasons in place of quantities
        else:
            given = [*(call.args[:1] if called in IN_CALLS else ()), *(words[name] for name in IN_CHARTS if name in words)]
        for value in given:
            for line, text in _said(value, texts or {}, called in SAID):
                yield from ((line, number) for number in numbers(text))
                yield from ((line, said) for _, said in (*ends(text, last, page), *counts(text), *shares(text, page, held)))


def sentences(trees: Iterable[ast.AST]) -> list[str]:
    """What the cells of a chapter check; see `trilateral.text.check_sentences`."""
    calls = (line.value for tree in trees for line in tree.body if isinstance(line, ast.Expr))
    return [key.value for call in calls if getattr(getattr(call, "func", None), "id", "") == "check_sentences"
            for said in call.args[:1] if isinstance(said, ast.Dict) for key in said.keys if isinstance(key, ast.Constant)]


def axes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and value of each year or day that code types as the end of an axis: newer rows would be drawn outside it."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "Scale":
            for domain in (word.value for word in call.keywords if word.arg == "domain" and isinstance(word.value, ast.List)):
                end = domain.elts[-1] if domain.elts else None
                if isinstance(end, ast.Constant) and re.fullmatch(r"(?:19|20)\d\d(?:\.\d+|-\d\d.*)?", str(end.value)):
                    yield end.lineno, str(end.value)


def named_texts(trees: Iterable[ast.AST]) -> dict[str, ast.AST]:
    """Texts that cells give a name, such as ``NOTE = "..."``."""
    return {node.targets[0].id: node.value for tree in trees for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.JoinedStr | ast.Constant) and isinstance(getattr(node.value, "value", ""), str)}


def _said(node: ast.AST | None, texts: Mapping[str, ast.AST], numeric: bool = False) -> Iterator[tuple[int, str]]:
    """Line and words of each text that an expression may put out, and of each number if that is put out too."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and (numeric or not NAME.fullmatch(node.value)):
            yield node.lineno, PLACEHOLDER.sub(" ", node.value)
        elif numeric and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node.lineno, str(node.value)
    elif isinstance(node, ast.Name):
        if node.id in texts:
            yield from _said(texts[node.id], texts)
    elif isinstance(node, ast.FormattedValue):
        yield from _said(node.value, texts, numeric=True)
    elif inner := _inner(node):
        for part in inner:
            yield from _said(part, texts, (numeric or isinstance(node.op, ast.Mod)) and _fixed(node)
                             if isinstance(node, ast.BinOp) else numeric)
    elif node is not None:  # in a call or a choice among several, what has a space is a text and no name of a column
        fixed = _fixed(node)
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and (fixed or " " in str(part.value)):
                yield from _said(part, texts, numeric or fixed)


def _inner(node: ast.AST | None) -> list[ast.AST]:
    """The expressions of which another puts out one or all."""
    if isinstance(node, ast.JoinedStr):
        return node.values
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.Dict):
        return node.values
    return [node.value] if isinstance(node, ast.DictComp) else []


def _fixed(node: ast.AST) -> bool:
    """Whether an expression puts out what is typed in it and nothing that is computed."""
    return all(part.id in TO_TEXT for part in ast.walk(node) if isinstance(part, ast.Name))


def _receiver(node: ast.AST) -> ast.AST | None:
    """The text whose method is called, as in ``"a text".strip(x)``."""
    while isinstance(node, REACHED):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node if isinstance(node, ast.Constant | ast.JoinedStr) else None
