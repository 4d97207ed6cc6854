"""Numbers that are typed as words: counts before what is counted, shares and multiples, in the three languages of the book."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
TEENS = ("four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen")
MANY = rf"(?:(?:{TENS})(?:-\w+)?|{TEENS}|(?:an?|one|two|three|{TEENS})\s+(?:hundred|thousand)|a dozen|dozens|hundreds)"
"""Four and more: with any word behind them they are numbers."""

FEW = "two|three"
"""Mostly of the design, such as the three countries and two briefs: numbers before what tables count and before units."""

THINGS = ("acts?|agreements?|attacks?|buyers|courses|crises|cases|deaths|disasters|drills|events|exercises|impeachments|"
          "incidents|instruments|items|lapses|laws|launches|meetings|missiles|points|polls|products|programs|projects|promises|"
          "quarrels|recipients|sanctions|sectors|sellers|series|settlements|ships|shocks|soldiers|speeches|spells|statements|"
          "summits|surveys|texts|turnovers|visits|visitors|votes|waves")
"""What the rows of tables are, and units."""

PART = r"(?:third|quarter|fifth|sixth|eighth|tenth)"
DESIGN = (
    r"rule asks for (?:less than )?[\w-]+(?: in \w+)?",  # what a rule of the register says
    r"middle four fifths", r"in nineteen of twenty", r"holds nine of ten", r"dashed: half",  # bands, and a line of a picture
    r"two policy texts", r"top five", r"group of seven",  # names
    r"ten dead", r"a hundred affected", r"points of ten",  # from which a producer counts, and its scale
)
"""Numbers of the design and names: none of them moves with a table."""

OWN = re.compile(rf"\b(?:{'|'.join(DESIGN)})".replace(" ", r"\s+"), re.IGNORECASE)

BEYOND = rf"(?:{TENS})|\w+teen|.*(?:hundred|thousand|dozen)"
NAMED = r"these|those"  # before; by thirteen nobody counts what was named before
ASKED = r"the|these|those|its|all|both|any|wants|needs|for|than|or"  # before two or three
COUNTED = re.compile(
    rf"(?<![\w-])(?P<said>"
    rf"(?P<many>{MANY})(?:-(?:point|day|week|month|year|percent)s?)?(?![\w-])"
    rf"(?!\s+(?:(?:percent|{PART}s?)\b|(?:[a-z’-]+\s+)?or\s+(?:more|fewer|larger)\b))(?:\s+[a-z’-]+)?(?:\s+(?:{THINGS})\b)?"
    rf"|(?:{FEW})\s+(?:[a-z’-]+\s+)?(?:{THINGS})\b|(?:an?|one|{FEW})\s+(?:million|billion|trillion)s?\b)"
    r"(?!\s+(?:or\s+more|or\s+fewer|fewer))", re.IGNORECASE)


ABOUT = r"(?:(?:about|nearly|almost|over|under|up to|at least|(?:more|less|fewer) than)\s+)?"
VERBS = (r"(?:came|went|was|were|are|is|agreed?|said|says?|had|have|has|fell|rose|did|do|does|would|will|by|from|when|"
         r"shows?|showed|goes|gave|give|named?|met|mention\w*|favor\w*|back|backed|supported|voted|thought|saw|see|trust|trusted)")
"""Words before which a share stands by itself, as in "a third came"."""

PARTS = (rf"(?:two|three|four|five|nine)[-\s](?:third|fifth|sixth|eighth|tenth)s\b|(?:one|three)-{PART}s?\b|"
         rf"(?:an?|one|three)\s+{PART}s?(?=\s+(?:{VERBS}|of\b(?!\s+an\s+hour)|more|less|fewer|as|again|"
         r"(?:high|low|larg|small|long|short)er)\b|[.,;:)]|$)")
HALF = (rf"(?<!first\s)(?<!second\s)(?<!upper\s)half(?=\s+(?:{VERBS}|as|of|the|that|those|these|more)\b|[.,;:)]|$)|"
        r"(?:by|over|under|about|nearly|almost)\s+half(?!\s+an?\b|-)")
TIMES = (r"(?:two|three|four|five|six|ten|many|several)\s+times(?=\s+(?:as|more|the|that)\b)|twice(?=\s+(?:as|that)\b)|"
         r"thrice\b|(?:two|three|four|five|six|seven|eight|nine|ten|hundred|many|several)-?fold\b|"
         r"double(?=\s+(?:the|those|that)\b)|(?:halv|doubl|trebl|tripl|quadrupl)ed\b")
ORDINAL = r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
RANK = (rf"ranks?\s+(?:first|{ORDINAL})\b|{ORDINAL}[-\s](?:most|least|largest|smallest|highest|lowest|biggest|fewest|best|"
        r"worst|strongest|weakest)\b")
MOST = (r"(?<!the\s)(?<!at\s)most(?=\s+(?:[a-z’-]+\s+)?[a-z’]+s\b)(?!\s+(?:of|on|in|to|for|by|from|under|with|often|likely)\b)|"
        r"most(?=\s+of\b(?!\s+(?:the\s+three|all)\b))|majority\b|majorities\b|(?:nearly|almost)\s+(?:all|every|none)\b|"
        r"hardly\s+any\b")
SHARE = re.compile(
    rf"(?<![\w-]){ABOUT}(?:(?:{MANY}|{FEW}|one)[ \n]percent\b|{PARTS}|{HALF}|{TIMES}|{RANK}|{MOST}|"
    r"(?:one|two|three|four|nine)\s+(?:in|out\s+of)\s+(?:three|four|five|ten)\b|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅛])", re.IGNORECASE)
"""A part, a multiple or a rank in words, such as "two thirds", "half said", "twice as", "most of", "second largest"."""

FRONT = ("index", "summary")
"""Pages without cells that tell results; in the appendix a share is one of a rule, or of what was."""

IN_SUMMARIES = re.compile(
    r"半数(?!に満たなければ)|半分|過半|大半|ほとんど|分の[一二三1-9]|倍増|倍減|[二三四五六七八九十]番目|数[十百千]|全[二三四五六七八九十]|"
    r"절반(?!에 못 미치면)|과반|반수|반으로|대부분|분의 ?[일이1-9]|수[십백천]")
"""The same in Japanese and Korean; but for what fragile means."""

KOREAN_TENS, KOREAN = "스물|서른|마흔|쉰|예순|일흔|여든|아흔", "다섯|여섯|일곱|여덟|아홉"
COUNTERS = "건|개|회|번|명|가지|나라|곳|차례|무리|점|해|달|배|년|위|권|장|척|발|편|그림|문서|주장|조사|제언"
IN_SIGNS = re.compile(
    r"[一二三四五六七八九十百千万]*[二三四五六七八九十百千万][一二三四五六七八九十百千万]*"
    r"(?:パーセント|倍|ポイント|割|件|回|人|名|つ|本|群|点|度|通り|[カか国ヶ]+国|[カかヶ]月|年|日|週|位|隻|発|基|種|億|兆|ドル|円)|一割|"
    rf"(?<![가-힣])(?:(?:열|{KOREAN_TENS})(?:한|두|세|네|{KOREAN})?|스무|두|세|네|{KOREAN})\s?(?:{COUNTERS})|"
    rf"(?<![가-힣])(?:[이삼사오육칠팔구]?[십백천만][일이삼사오육칠팔구십백]*\s?(?:{COUNTERS}|억|조)|"
    r"[일이삼사오육칠팔구십백천]+\s?(?:퍼센트|프로|할))|[二三四五六七八九]?十[一二三四五六七八九](?![月日年])|"
    rf"(?:열|스물|{KOREAN_TENS})(?:하나|한|둘|두|셋|세|넷|네|{KOREAN})")
"""Numbers from eleven on, and from two on before counters and units, in Japanese and Korean words."""

DESIGN_IN_SUMMARIES = ("二つの文書", "三カ国", "二度", "中央の八割", "十億ドル", "두 문서", "세 나라", "십억 달러")
"""The two texts, the three countries, both moments, a band and a unit."""

OWN_IN_SUMMARIES = re.compile("|".join(DESIGN_IN_SUMMARIES))

BEHIND = 3  # words behind a share that a sentence repeats which holds it
SHARES = {  # by chapter, a share that no table gives, and why
    "coercion": {"more than half": "the threshold of the count beside it"},
    "index": {"fewer than half": "what fragile means"},
}


def counts(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of each number that a text spells out and that is none of the design, such as "seven crises"."""
    left = SHARE.sub(_blank, _undesigned(text))
    for match in COUNTED.finditer(left):
        named = ASKED if not match["many"] else "" if re.match(BEYOND, match["many"], re.IGNORECASE) else NAMED
        before = left[max(0, match.start() - 40):match.start()].split()[-1:]
        if not before or not re.fullmatch(named, before[0], re.IGNORECASE):
            yield text.count("\n", 0, match.start("said")) + 1, " ".join(match["said"].split())
    yield from ((text.count("\n", 0, match.start()) + 1, match[0])
                for match in IN_SIGNS.finditer(OWN_IN_SUMMARIES.sub(_blank, text)))


@lru_cache(maxsize=8)
def _undesigned(text: str) -> str:
    """A text without the numbers of the design, everything else in its place."""
    return OWN.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    """As many blanks as what matched, on its lines."""
    return re.sub(r"[^\n]", " ", match[0])


def shares(text: str, page: str = "", held: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Line and words of each share or multiple that a text spells out, and that its page neither checks nor chooses.

    Parameters
    ----------
    text : str
        Words alone, as `prose` leaves them.
    page : str
        The chapter, as “threats”, for what it chooses; see `SHARES`.
    held : collection of str
        Sentences of its `trilateral.text.check_sentences`: a share that stands in one, with the words behind it, is checked.
    """
    yield from ((text.count("\n", 0, match.start()) + 1, match[0]) for match in IN_SUMMARIES.finditer(text))
    for match in SHARE.finditer(_undesigned(text)):
        said = " ".join(text[match.start():match.end() + 60].split())
        quoted = _bare(" ".join(said.split(" ")[:len(match[0].split()) + BEHIND]))
        if not any(said.startswith(words) for words in SHARES.get(page, ())) and not any(
                quoted in _bare(sentence) for sentence in held):
            yield text.count("\n", 0, match.start()) + 1, " ".join(said.split(" ")[:5])


def _bare(text: str) -> str:
    """Words alone, without signs and capitals."""
    return " ".join(["", *re.findall(r"[\w-]+", text.lower()), ""])
