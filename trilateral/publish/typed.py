"""Numbers that are typed where a number from data must be injected: prose, headlines, subtitles, alt texts and notes."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

OF_INTERVALS = (r"(?:5(?:[-–]| to ))?95 percent(?=$|[,;.)\"]|\s+(?:intervals?|bands?|ranges?|quantiles|Poisson|bootstrap|"
                r"errors?|confidence|unless a figure says)\b)")
ALLOWED = [  # conventions of measurement and names, none of them a result; years and dates are allowed everywhere
    r"PacNet #\d[AB]", r"PacNet \d[AB]", OF_INTERVALS, r"1,000 words", r"1,000 is assumed", r"p < 0\.05",
    r"design effect of 1\.5", r"CC BY 4\.0", r"BSD-3-Clause", r"0\.1\.0", r"Python 3\.\d+", r"1\.x",
    r"Pyodide \d+\.\d+\.\d+", r"\d+\.\d MB",
    r"the first \d+ rows",
    r"per 100(?:,000)?(?= people| Americans|,|$)",
    r"\b(?:10|20|80|120)(?:(?:,| and| to) (?:10|20|80|120)| \(or 60\))* doses",  # thresholds of the vaccine claim
    r"\b1 the (?:fewest|most)",  # which end a ranking begins at
    r"\bscores of 1 to 5\b", r"\bof 100 at most\b",  # the ends of a scale
    r"95%信頼区間", r"95% 신뢰구간", r"가운데 80%",  # intervals, and the middle four fifths, in the summaries
]
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
UNITS = ("percent|points|tons|kilometers|dollars|yen|won|units|thousand|million|billion|people|persons|deaths|"
         "doses|troops|ships|vessels|visitors|students|times|words|days|weeks|months|years")
"""What makes a number between 1900 and 2099 none of a year."""

YEAR = (rf"(?:(?:\d{{1,2}} )?{MONTH} )?(?<![\d.,$€¥₩])(?:19|20)\d\d(?:s|[-–](?:19|20)?\d\d)?"
        rf"(?![\d.,]\d|\d|[件人回個件건명개]|\s+(?:{UNITS})\b)")
WORDS = re.compile(r"^(`{3,})\{(?!code-cell|glossary|raw|mermaid|math|bibliography)[\w:-]+\}[^\n]*\n(.*?)^\1$",
                   re.DOTALL | re.MULTILINE)
"""A block whose content is printed as text, such as a note or the words of a figure in another language."""

NAMED = re.compile(r"\{(?:term|ref|doc|numref|abbr)\}`([^`]*)`|^:(?:caption|alt): (.*)$|"
                   r"\]\([^)\s]*\s+[\"']([^\"']*)[\"']\)", re.MULTILINE)
"""Words in a role, an option or the title of a link."""

BLOCKS = [r"```.*?```", r"^---\n.*?\n---\n", r"<!--.*?-->"]
INLINE = [r"\{[a-z:]+\}`[^`]*`", r"`[^`]*`", r"\]\([^)]*\)", r"^\(.*\)=$", r"^\d+\. ", r"<[^>]+>", r"^:[a-z-]+:.*$"]
NOT_PROSE = [*(re.compile(pattern, re.DOTALL | re.MULTILINE) for pattern in BLOCKS),
             *(re.compile(pattern, re.MULTILINE) for pattern in INLINE)]
PLACEHOLDER = re.compile(r"\{[^{}]*\}")  # of str.format
NAME = re.compile(r"[A-Za-z_]\w*(?::[A-Z])?")  # of a column
IN_FIGURES, IN_VERDICTS = ("alt", "note", "headline", "subtitle"), ("caveat", "written", "now")
IN_CHARTS = ("title", "text", "subtitle")


TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
TEENS = ("two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
         "nineteen")
SPELLED = rf"(?:(?:{TENS})(?:-\w+)?|{TEENS}|(?:an?|one|two) hundred|a dozen|dozens)"
THINGS = ("acts?|agreements?|courses|crises|cases|deaths|disasters|drills|events|exercises|impeachments|incidents|instruments|"
          "items|lapses|laws|launches|meetings|missiles|polls|products|programs|projects|promises|quarrels|recipients|"
          "sanctions|sectors|series|settlements|shocks|speeches|spells|statements|summits|surveys|texts|turnovers|waves")
"""What the rows of tables are. Years, months, countries and measures are mostly those of the design, not of the data."""

ASKED = r"the|these|those|its|all|both|any|of|for|wants|needs|than|between|or"  # what a rule asks, or what was named before
COUNTED = re.compile(rf"(?<!\w)(?:(?P<before>\w+)\s+)?(?P<said>{SPELLED}\s+(?:[a-z’-]+\s+)?(?:{THINGS}))\b"
                     r"(?!\s+(?:or more|fewer))", re.IGNORECASE)
CHOSEN = {  # number words before such a thing that no table gives, and why
    "five shocks": "which shocks are drawn is a choice of the design", "five political shocks": "the same",
    "two quarrels": "those of 2012 and 2019, which the design compares", "two series": "of the test, not of the data",
    "two such series": "the same",
    "fifteen small recipients": "the number of a what-if",
    "fourteen joint projects": "said by the page that is linked",
}


ABOUT = r"(?:(?:about|nearly|almost|over|under|up to|at least|(?:more|less|fewer) than)\s+)?"
PARTS = (r"(?:an?|one|two|three|four|five|nine)\s+(?:third|quarter|fifth|sixth|eighth|tenth)s?"
         r"(?=\s+of\b(?!\s+an\s+hour)|[.,;:)]|$)")
HALF = r"half(?=\s+(?:as|of|the|that|those|these|more|do|agree)\b|[.,;:)]|$)"
TIMES = r"(?:two|three|four|five|six|ten|many|several)\s+times(?=\s+(?:as|more|the|that)\b)|twice(?=\s+(?:as|that)\b)"
SHARE = re.compile(
    rf"(?<![\w-]){ABOUT}(?:{SPELLED}[ \n]percent\b|{PARTS}|{HALF}|{TIMES}|"
    r"(?:one|two|three|four|nine)\s+(?:in|out\s+of)\s+(?:three|four|five|ten)\b|"
    r"(?:halved|doubled|tripled|quadrupled|majority|majorities)\b|most(?=\s+of\b))", re.IGNORECASE)
"""A part or a multiple in words, such as "two thirds", "half of", "twice as", "most of"."""

FRONT = ("index", "summary")
"""Pages without cells that tell results; in the appendix a share is one of a rule, or of what was."""

IN_SUMMARIES = re.compile(r"半数(?!に満たなければ)|過半|大半|ほとんど|分の[一二三1-9]|[二三四1-9]倍|"
                          r"절반(?!에 못 미치면)|과반|대부분|분의 ?[일이1-9]|[두세네1-9] ?배")
"""The same in Japanese and Korean; but for what fragile means."""

OF_ALL_PAGES = r"middle four fifths|\b(?:once|events) a quarter|a year and a half|dashed: (?:half|an? \w+)"
"""Bands of the design, lines of a rule in figures, and spans of time."""

CHECKED = {  # by chapter, a share in its words, and the sentence of `trilateral.text.check_sentences` that holds it
    "leadership": {
        "a quarter, keeps this":
        "only the upper end, short of a rise by a quarter, keeps the effect of turnover from too little data",
        "most of the later ones": "most of the later activities called off are unresolved"},
    "threats": {
        "majority in each of": "the North tests without long pauses, and a majority in each country calls it a threat",
        "majority names the North": "the North tests without long pauses, and a majority in each country calls it a threat",
        "majority of South Koreans": "with several answers allowed, a majority of South Koreans named each",
        "most of South Korea's disputes": "most of South Korea’s disputes are with the North"},
    "interdependence": {
        "about half of the latter": "about half of the fall after quarrels is one of them",
        "about half of the fall": "about half of the fall after quarrels is one of them"},
    "durability": {"a tenth of all acts": "a tenth of all acts before 2021 is lost, and one act is added"},
    "technology": {
        "about half of those": "about half of what all three have joined has China or Russia in it",
        "most of them markets": "most markets are for tools",
        "most of them American": "most arms delivered within the three are American",
        "most of the binding": "instruments that China or Russia has joined carry most of the binding rules"},
    "economic-statecraft": {
        "most of them about money": "most cases that the two sent are about money",
        "most of its work": "diversion to China had done most of its work before 2016"},
    "pandemic": {"most of it came late": "most of Japan’s excess came late"},
    "aid": {
        "most of the overlap": "the recipients handed over hold most of the overlap, and most of the work goes to Japan",
        "most of the work": "the recipients handed over hold most of the overlap, and most of the work goes to Japan",
        "half of the recipients": "a tenth of the face value of loans undoes the American lead",
        "a tenth of the loans": "a tenth of the face value of loans undoes the American lead",
        "about half of the recipients": "by grants the United States leads in about half of the recipients",
        "most of them to": "the United States lends nothing, and gives most of its aid here to Afghanistan and Pakistan"},
    "disasters": {"Most of the gap": "most of the gap between the two is earthquakes"},
    "scorecard": {"Most of what": "most of what was advised was taken up in some form"},
}
SHARES = {  # by chapter, a share that no table gives, and why
    "leadership": {
        "half of its leaders": "how long leaders last is told by the median", "half of what": "a loss that is supposed",
        "most of them of envoys": "of meetings that the linked page lists", "at least two quarters": "spans of time"},
    "threats": {"four in five": "of the rule", "a fifth of a unit": "how far the source can tell votes apart",
                "most of them European": "of the allies that the chapter names in its parameters"},
    "coercion": {"more than half": "the threshold of the count beside it", "under five percent": "of the rule"},
    "index": {"fewer than half": "what fragile means", "most of them say": "the same"},
    "interdependence": {"half as easily": "supposed", "a tenth, South Korea": "supposed",
                        "twenty-five percent give": "lines of the rule"},
    "durability": {"half as many tests": "supposed", "half as large": "supposed",
                   "half of the": "how long series last is told by the median"},
    "capabilities": {
        "most of what armies": "argued, since no table can hold it", "about most of the ground": "argued item by item",
        "a tenth; without": "how the scores are rounded", "a tenth of a point": "the same",
        "half of them count": "of the ways of the test", "half of these take": "the same",
        "less than half of": "chosen by a number beside “most”"},
    "technology": {"half of them differ": "of the ways of the test"},
    "aid": {"most of the three": "what to give most means", "most of all aid": "the same", "most of the grants": "the same",
            "nine tenths": "what would change the verdict", "ten percent in two years": "of the rule",
            "under ten percent": "of the rule"},
    "disasters": {"fewer than a tenth": "which marks are open"},
    "scorecard": {"half as many again": "supposed", "about half;": "said where a number bears it out",
                  "doubled": "of the source"},
}


ENDING = re.compile((r"\b(?:(?:ends?|ended|ending|stops?) (?:in|with|on|at)|until|through|up to|latest|newest|to the end of|"
                     r"to (?:late|early|mid))\b[^.;:,()]{0,20}?\b(?P<year>(?:19|20)\d\d)\b").replace(" ", r"\s+"))
"""Words behind which a year is where something ends, of data more often than not."""

REACHING = re.compile((rf"(?:\b(?:to|after|by the end of|(?:latest|newest|last)\b[^.;:()]{{0,40}}?\bof) (?:(?:\d+ )?{MONTH} )?|"
                       r"\b(?:19|20)\d\d[-–])(?P<year>(?:19|20)\d\d)\b").replace(" ", r"\s+"))
"""Words behind which a year may be the last of a table."""

NO_ENDS = {  # by chapter, what stands so and is no end of a table or of a parameter, and why
    "aid": {"2023 to 2025": "of projects that two agencies announced"},
    "interdependence": {
        "until 2019": "how a survey was asked", "until 2023": "the same", "2019 to 2020": "between two surveys",
        "2018 to 2020": "years that were searched less"},
    "leadership": {"2018 to 2020": "years that were searched less"},
    "pandemic": {"until the summer of 2021": "from when doses are boosters",
                 "to the end of 2022": "a series that is not among the tables"},
    "scorecard": {"ended in July 2025": "the American aid agency"},
}


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


def counts(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of each number that a text spells out before a thing that tables count, such as "seven crises"."""
    for match in COUNTED.finditer(text):
        said = " ".join(match["said"].split())
        if not re.fullmatch(ASKED, match["before"] or "", re.IGNORECASE) and said.lower() not in CHOSEN:
            yield text.count("\n", 0, match.start("said")) + 1, said


def shares(text: str, page: str = "") -> Iterator[tuple[int, str]]:
    """Line and words of each share or multiple that a text spells out, and that its page neither checks nor chooses.

    Parameters
    ----------
    text : str
        Words alone, as `prose` leaves them.
    page : str
        The chapter, as “threats”, for what it checks or chooses; see `CHECKED` and `SHARES`.
    """
    yield from ((text.count("\n", 0, match.start()) + 1, match[0]) for match in IN_SUMMARIES.finditer(text))
    known = {*CHECKED.get(page, ()), *SHARES.get(page, ())}
    for match in SHARE.finditer(re.sub(OF_ALL_PAGES, lambda words: "\n" * words[0].count("\n"), text)):
        said = " ".join(match.string[match.start():match.end() + 60].split())
        if not any(said.startswith(words) for words in known):
            yield match.string.count("\n", 0, match.start()) + 1, " ".join(said.split(" ")[:5])


def numbers(text: str) -> list[str]:
    """Numbers in a text that are neither years nor on the list."""
    if not re.search(r"\d", text):
        return []
    for pattern in ALLOWED:
        text = re.sub(pattern, " ", text)
    return re.findall(r"[^\s]*\d[^\s]*", re.sub(YEAR, " ", text))


def prose(source: str) -> str:
    """What a page says in words, on the lines where it says it."""
    source = WORDS.sub(r"\n\2", source)
    if "kernelspec" in source:  # in a chapter a number in code type is a number; the appendix quotes choices and what they were
        source = re.sub(r"`([-−]?\d[\d.,]*(?: [a-z][^`]*)?)`", r"\1", source)
    source = NAMED.sub(lambda match: " ".join(filter(None, match.groups())), source)
    for pattern in NOT_PROSE:
        source = pattern.sub(lambda match: "\n" * match[0].count("\n") or " ", source)
    return source


def in_prose(source: str, last: Collection[int] = (), page: str = "") -> Iterator[tuple[int, str]]:
    """Line and number of each that a page types; a chapter may spell out neither what it counts, a share, nor where tables end.

    Parameters
    ----------
    source : str
        A page.
    last : collection of int
        Last years of its tables; see `ends`.
    page : str
        Its name, as there.
    """
    said = prose(source)
    for line, text in enumerate(said.split("\n"), 1):
        yield from ((line, number) for number in numbers(text))
    if "kernelspec" in source:
        yield from counts(said)
        yield from ends(said, last, page)
    if "kernelspec" in source or page in FRONT:
        yield from shares(said, page)


def in_figures(tree: ast.AST, texts: Mapping[str, ast.AST] | None = None,
               last: Collection[int] = (), page: str = "") -> Iterator[tuple[int, str]]:
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
    """
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = getattr(call.func, "id", getattr(call.func, "attr", ""))
        words = {word.arg: word.value for word in call.keywords}
        if called == "glue":
            yield from ((value.lineno, str(value.value)) for value in call.args[1:2]
                        if isinstance(value, ast.Constant) and isinstance(value.value, int | float)
                        and not isinstance(value.value, bool))
            continue
        if called.endswith("figure"):
            given = [*call.args[1:], *(value for name, value in words.items() if name in IN_FIGURES)]
        elif called == "judge":
            given = [value for name, value in words.items() if name in IN_VERDICTS]  # reasons in place of quantities
        elif called == "say":  # what a call computes is none, whatever the words of its query
            given = [value for value in words.values() if not isinstance(value, ast.Call)]
        else:
            given = [value for name, value in words.items() if name in IN_CHARTS]
        for value in given:
            for line, text in _said(value, texts or {}):
                yield from ((line, number) for number in numbers(text))
                yield from ((line, said) for _, said in ends(text, last, page))
                if called.endswith("figure") or called == "judge":
                    yield from ((line, said) for _, said in (*counts(text), *shares(text, page)))


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


def _said(node: ast.AST, texts: Mapping[str, ast.AST]) -> Iterator[tuple[int, str]]:
    """Line and words of each text that an expression may put out."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and not NAME.fullmatch(node.value):
            yield node.lineno, PLACEHOLDER.sub(" ", node.value)
    elif isinstance(node, ast.Name):
        if node.id in texts:
            yield from _said(texts[node.id], texts)
    elif isinstance(node, ast.FormattedValue):
        if isinstance(node.value, ast.Constant):
            yield node.value.lineno, str(node.value.value)
        else:
            yield from _said(node.value, texts)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _said(part, texts)
    elif isinstance(node, ast.IfExp):
        yield from (*_said(node.body, texts), *_said(node.orelse, texts))
    elif isinstance(node, ast.BinOp):
        yield from (*_said(node.left, texts), *_said(node.right, texts))
    else:  # in a call or a choice among several, what has a space is a text and no name of a column
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                yield part.lineno, PLACEHOLDER.sub(" ", part.value)
