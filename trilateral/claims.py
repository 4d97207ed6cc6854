"""The register of claims, the rules that judge them, and the verdicts.

A notebook supplies quantities with their uncertainty; the rule of ``book/claims.yml`` decides.
"""

from __future__ import annotations

import ast
import difflib
import html
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import yaml
from simpleeval import InvalidExpression, SimpleEval

from trilateral import as_of
from trilateral.contract import near, not_inert

if TYPE_CHECKING:
    from trilateral.data import Table
    from trilateral.specifications import Specifications

REGISTER = Path(__file__).parents[1] / "book" / "claims.yml"
SCHEMA = Path(__file__).with_name("claims.schema.json")
LEDGER = Path(__file__).parents[1] / "ledger.json"
MIME = "application/vnd.trilateral.verdict+json"

TRUTH = ("supported", "mixed", "not supported", "too little data")
UPTAKE = ("acted on", "partly", "not acted on", "too little data")
NOT_JUDGED = "not yet judged"
MOMENTS = ("written", "now")
SUFFIXES = ("_low", "_high", "_n")
LAST_LINE = "otherwise"
FUNCTIONS = {"min": min, "max": max, "abs": abs}
QUOTE_WORDS = 25
CAVEAT_WORDS = 25


class ClaimError(ValueError):
    """A claim, its rule, or what a notebook supplies for it breaks the contract."""


@dataclass(frozen=True)
class Quantity:
    """A number with its uncertainty, as a notebook supplies it to a rule.

    Parameters
    ----------
    value : float or None
        The estimate; None when it cannot be computed, and then `missing` says why.
    low, high : float, optional
        Ends of the interval.
    level : float
        Coverage of the interval.
    n : int, optional
        Observations behind the estimate.
    missing : str
        Reason for a missing value.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    n: int | None = None
    missing: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.missing:
            raise ClaimError("a quantity without a value needs `missing`, the reason for it")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None:
                try:
                    number = float(number)
                except (TypeError, ValueError):
                    raise ClaimError(f"the {name} of a quantity is {number!r}, which is no number") from None
                object.__setattr__(self, name, number)
                if not math.isfinite(number):
                    raise ClaimError(f"the {name} of a quantity is {number}; give None instead, and for a value "
                                     "the reason in `missing`")
        if self.n is not None:
            object.__setattr__(self, "n", int(self.n))
        ends = [end for end in (self.low, self.value, self.high) if end is not None]
        if ends != sorted(ends):
            raise ClaimError(f"the interval [{self.low}, {self.high}] does not contain the value {self.value}")
        if not 0 < self.level < 1:
            raise ClaimError(f"the level of an interval lies between 0 and 1, not at {self.level}")


@dataclass(frozen=True)
class Claim:
    """One registered claim of a brief; the fields are those of ``book/claims.yml``."""

    id: str
    source: str
    speaker: str
    quote: str
    paraphrase: str
    kind: str
    theme: str
    chapter: str
    test: str
    rival: str
    since: str = ""
    scale: str = "truth"
    depth: str = "standard"
    quantities: Mapping[str, Mapping] = field(default_factory=dict)
    rule: Sequence[Mapping[str, str]] = ()

    @property
    def verdicts(self) -> tuple[str, ...]:
        return TRUTH if self.scale == "truth" else UPTAKE

    @property
    def has_rule(self) -> bool:
        return bool(self.rule)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The rule as pairs of verdict and condition, in the order they are read."""
        return [next(iter(line.items())) for line in self.rule]

    def decide(self, quantities: Mapping[str, Quantity]) -> tuple[str, str]:
        """Apply the rule.

        Returns
        -------
        verdict, reason : str, str
            The reason is the line of the rule that held, or why there is too little data.

        Raises
        ------
        ClaimError
            A quantity is missing, unknown, or outside its declared range; an interval the rule needs is absent.
        """
        unknown, absent = set(quantities) - set(self.quantities), set(self.quantities) - set(quantities)
        if unknown:
            raise ClaimError(f"claim {self.id}: unknown quantity {', '.join(sorted(unknown))}; the register names "
                             f"{', '.join(self.quantities)}")
        if absent:
            raise ClaimError(f"claim {self.id}: missing quantity {', '.join(sorted(absent))}")
        for name, quantity in quantities.items():
            lowest, highest = self.quantities[name]["range"]
            if quantity.value is not None and not lowest <= quantity.value <= highest:
                raise ClaimError(f"claim {self.id}: quantity {name} = {quantity.value} is outside its declared "
                                 f"range [{lowest}, {highest}]")
        for name in self.quantities:
            if quantities[name].value is None:
                return "too little data", quantities[name].missing
        names: dict[str, float] = {}
        for name, quantity in quantities.items():
            ends = zip(("", *SUFFIXES), (quantity.value, quantity.low, quantity.high, quantity.n), strict=True)
            names |= {name + suffix: number for suffix, number in ends if number is not None}
        # every line is checked first, so that a missing interval is not found only when the data have moved
        for _, condition in self.lines:
            for name in sorted(_names_in(condition, self.id) - set(names)):
                raise ClaimError(f"claim {self.id}: the rule needs {name}, which the notebook did not supply")
        for verdict, condition in self.lines:
            if condition == LAST_LINE or _holds(condition, names, self.id):
                return verdict, condition
        raise ClaimError(f"claim {self.id}: no line of the rule holds; the last must be `{LAST_LINE}`")


@lru_cache(maxsize=1024)
def _names_in(condition: str, claim_id: str) -> frozenset[str]:
    if condition == LAST_LINE:
        return frozenset()
    try:
        tree = ast.parse(condition, mode="eval")
    except SyntaxError as error:
        raise ClaimError(f"claim {claim_id}: the rule line {condition!r} does not parse: {error.msg}") from error
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) - set(FUNCTIONS)


def _holds(condition: str, names: Mapping[str, float], claim_id: str) -> bool:
    try:
        held = SimpleEval(names=dict(names), functions=FUNCTIONS).eval(condition)
    except (InvalidExpression, ArithmeticError, TypeError, AttributeError) as error:
        raise ClaimError(f"claim {claim_id}: the rule line {condition!r} failed: {error}") from error
    if not isinstance(held, bool):
        raise ClaimError(f"claim {claim_id}: the rule line {condition!r} is {held!r}, not true or false")
    return held


def _check_rule(claim: Claim) -> None:
    known: dict[str, float] = {}
    for name, declared in claim.quantities.items():
        lowest, highest = declared["range"]
        if lowest >= highest:
            raise ClaimError(f"claim {claim.id}: the range [{lowest}, {highest}] of {name} runs backwards or is empty")
        if name.endswith(SUFFIXES):
            raise ClaimError(f"claim {claim.id}: quantity {name} may not end in {', '.join(SUFFIXES)}; those name the "
                             "ends of an interval and the number of observations")
        known |= {name + suffix: lowest + 0.382 * (highest - lowest) for suffix in ("", *SUFFIXES)}
    for verdict, condition in claim.lines:
        if verdict not in claim.verdicts:
            raise ClaimError(f"claim {claim.id}: the rule names verdict {verdict!r}; allowed are "
                             f"{', '.join(claim.verdicts)}")
        if unknown := _names_in(condition, claim.id) - set(known):
            raise ClaimError(f"claim {claim.id}: the rule uses {', '.join(sorted(unknown))}, which `quantities` "
                             f"does not declare; it declares {', '.join(claim.quantities)}")
        if condition != LAST_LINE:
            _try(condition, known, claim.id)
            _reach(condition, claim)
    conditions = [condition for _, condition in claim.lines]
    if conditions and conditions[-1] != LAST_LINE:
        raise ClaimError(f"claim {claim.id}: the last line of the rule must be `{LAST_LINE}`")
    if LAST_LINE in conditions[:-1]:
        raise ClaimError(f"claim {claim.id}: `{LAST_LINE}` must be the last line of the rule; the rest is not read")


def _try(condition: str, names: Mapping[str, float], claim_id: str) -> None:
    """Evaluate a line on values within the declared ranges: what cannot be evaluated fails with the register."""
    try:
        _holds(condition, names, claim_id)
    except ClaimError as error:
        if not isinstance(error.__cause__, ArithmeticError):  # a division may fail on these values alone
            raise


def _reach(condition: str, claim: Claim) -> None:
    """Refuse a number that a quantity is compared with and can never reach, such as 80 with a share from 0 to 1."""
    for node in ast.walk(ast.parse(condition, mode="eval")):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        names = [side.id for side in sides if isinstance(side, ast.Name) and side.id in claim.quantities]
        for side in sides:
            if names and isinstance(side, ast.Constant) and isinstance(side.value, int | float):
                lowest, highest = claim.quantities[names[0]]["range"]
                if not lowest <= side.value <= highest:
                    raise ClaimError(f"claim {claim.id}: the rule line {condition!r} compares {names[0]} with {side.value}, "
                                     f"outside its declared range [{lowest}, {highest}]")


@dataclass(frozen=True)
class Register:
    """All claims and their sources, in the order of the file."""

    record_ends: str
    sources: Mapping[str, Mapping[str, str]]
    claims: Mapping[str, Claim]

    def __getitem__(self, claim_id: str) -> Claim:
        try:
            return self.claims[claim_id]
        except KeyError:
            near = difflib.get_close_matches(claim_id, self.claims, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ClaimError(f"unknown claim id {claim_id!r}{hint}") from None

    def of_chapter(self, chapter: str) -> list[Claim]:
        return [claim for claim in self.claims.values() if claim.chapter == chapter]

    def date(self, claim_id: str, moment: str) -> str:
        """ISO date at which a claim is judged: when its source was written, or the end of the record."""
        return self.record_ends if moment == "now" else self.sources[self[claim_id].source]["date"]


def _texts(value: object, place: tuple = ()) -> Iterator[tuple[list, str]]:
    """Every text of a document with its place."""
    if isinstance(value, str):
        yield list(place), value
    elif isinstance(value, Mapping | list):
        for key, each in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _texts(each, (*place, key))


def read_register(path: Path = REGISTER) -> Register:
    """Read and check the register.

    Raises
    ------
    ClaimError
        The file breaks ``claims.schema.json``, repeats an id, or holds a rule that does not parse.
    """
    def fault(place: Sequence, said: str) -> ClaimError:
        return ClaimError(f"{path.parent.name}/{path.name}, line {_line(source, place)}: {said}")

    try:
        source = path.read_text(encoding="utf-8")
        document = yaml.load(source, Loader=_StrictLoader)
    except FileNotFoundError:
        raise ClaimError(f"the register {path} is missing") from None
    except yaml.YAMLError as error:
        raise ClaimError(f"{path.name} is not valid YAML: {error}") from error
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")),
                                               format_checker=jsonschema.FormatChecker())
    for error in sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.path))):
        raise fault(list(error.path), f"{_where(document, list(error.path))}: {_what(error)}")
    for place, text in _texts(document):
        if rule := not_inert(text):
            raise fault(place, f"{_where(document, place)}: {text[:80]!r} {rule}. The register holds plain text, which goes "
                               "into pages and spreadsheets: reword it.")
    claims: dict[str, Claim] = {}
    for number, entry in enumerate(document["claims"]):
        claim = Claim(**entry)
        if claim.id in claims:
            first = _line(source, ["claims", list(claims).index(claim.id)])
            raise fault(["claims", number], f"claim {claim.id} is registered twice, first in line {first}")
        if claim.source not in document["sources"]:
            raise fault(["claims", number, "source"], f"claim {claim.id}: unknown source {claim.source!r} "
                                                      f"({near(claim.source, document['sources'])})")
        try:
            _check_rule(claim)
        except ClaimError as error:
            raise fault(["claims", number, "rule"], str(error)) from error
        claims[claim.id] = claim
    return Register(document["record_ends"], document["sources"], claims)


def asked(claim_id: str, quantity: str, verdict: str = "supported", quantities: Mapping[str, Quantity] | None = None) -> float:
    """The number with which a claim's rule compares a quantity, so that a chart's dashed line moves with the rule.

    Parameters
    ----------
    claim_id : str
        Id in ``book/claims.yml``.
    quantity : str
        A quantity of its rule; where the quantity itself is not compared with a number, an end of its interval is looked for.
    verdict : str
        The line of the rule that is read first; the others follow in their order.
    quantities : mapping of str to Quantity, optional
        Whose numbers of observations the rule may have in a threshold, as in ``rank <= 0.2 * rank_n``.

    Raises
    ------
    ClaimError
        The rule compares neither with a number.
    """
    claim = register()[claim_id]
    counts = SimpleEval(names={f"{key}_n": each.n for key, each in (quantities or {}).items() if each.n is not None})
    lines = sorted((line for line in claim.lines if line[1] != LAST_LINE), key=lambda line: line[0] != verdict)
    for name in (quantity, f"{quantity}_high", f"{quantity}_low"):
        for _, condition in lines:
            for node in ast.walk(ast.parse(condition, mode="eval")):
                if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == name:
                    try:
                        return float(counts.eval(ast.unparse(node.comparators[0])))
                    except InvalidExpression:  # compared with another quantity
                        continue
    raise ClaimError(f"claim {claim_id}: the rule compares {quantity} with no number; give the chart its threshold")


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML in which a key given twice is an error; YAML itself keeps the last one and says nothing."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _line(source: str, place: Iterable) -> int:
    """Where a place of a document begins in its text, or the nearest around it."""
    node = yaml.compose(source)
    line = node.start_mark.line if node else 0
    for step in place:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[step]
            line = node.start_mark.line
        elif key := next((key for key, _ in getattr(node, "value", ()) if getattr(key, "value", None) == step), None):
            line, node = key.start_mark.line, dict(node.value)[key]
    return line + 1


def _where(document: object, place: list) -> str:
    if len(place) > 1 and place[0] == "claims":
        entry = document["claims"][place[1]]
        name = entry.get("id", f"number {place[1] + 1}") if isinstance(entry, dict) else f"number {place[1] + 1}"
        return f"claim {name}, field {'/'.join(map(str, place[2:])) or '(whole)'}"
    return "/".join(map(str, place)) or "(whole)"


def _what(error: jsonschema.ValidationError) -> str:
    if list(error.path)[-1:] == ["quote"] and error.validator == "pattern":
        return f"the quote has {len(error.instance.split())} words; at most {QUOTE_WORDS}, with no space around it"
    return error.message


def register() -> Register:
    """The register of this book; read again when the file has changed, so that an edited rule counts at once.

    Where `trilateral.as_of.set_day` has set a day, the record ends there.
    """
    try:
        stamp = REGISTER.stat()
    except FileNotFoundError:
        raise ClaimError(f"the register {REGISTER} is missing") from None
    read = _register(stamp.st_mtime_ns, stamp.st_size)
    return replace(read, record_ends=as_of.day()) if as_of.day() else read


@lru_cache(maxsize=1)
def _register(changed: int, size: int) -> Register:
    return read_register()


@dataclass(frozen=True)
class Verdict:
    """What the rule made of the quantities at one moment.

    `tried` specifications were run, of which `agree` give the same verdict; `split` counts all by verdict.
    """

    date: str
    verdict: str
    reason: str
    quantities: Mapping[str, Quantity]
    tried: int = 0
    agree: int = 0
    split: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """The verdicts on one claim; shown as a card in Jupyter and collected for the ledger when the book is built."""

    claim: Claim
    written: Verdict
    now: Verdict
    data_grade: str
    tables: Sequence[str]
    specifications: Mapping[str, list[dict]] = field(default_factory=dict)
    caveat: str = ""

    def to_dict(self) -> dict:
        return {
            "claim": self.claim.id,
            "written": asdict(self.written),
            "now": asdict(self.now),
            "data_grade": self.data_grade,
            "tables": list(self.tables),
            "caveat": self.caveat,
            "specifications": dict(self.specifications),
        }

    def __str__(self) -> str:
        lines = [f"{self.claim.id}"]
        for moment in MOMENTS:
            v = getattr(self, moment)
            lines.append(f"  {moment}, {v.date}: {v.verdict}{_robust(v)}; rule: {v.reason}")
            lines += [f"    {name} = {_shown(quantity)}" for name, quantity in v.quantities.items()]
        return "\n".join(lines + [f"  {note}" for note in self._notes()])

    def _notes(self) -> list[str]:
        notes = [f"Caveat: {self.caveat}"] if self.caveat else []
        published = _published().get(self.claim.id)
        if published and any(published[moment] != getattr(self, moment).verdict for moment in MOMENTS):
            notes.append("As published: " + ", ".join(f"{moment} {published[moment]}" for moment in MOMENTS)
                         + ". The text around it is as published.")
        return notes

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        meaning = {name: f"{declared['meaning']} ({declared['unit']})" for name, declared in self.claim.quantities.items()}
        parts = [f"<p>“{html.escape(self.claim.quote)}” <code>{self.claim.id}</code></p>"]
        for moment in MOMENTS:
            v = getattr(self, moment)
            rows = "".join(f"<tr><td style='text-align:left'>{html.escape(meaning[name])}</td>"
                           f"<td>{html.escape(_shown(quantity))}</td></tr>" for name, quantity in v.quantities.items())
            reason = "" if v.reason in dict(map(reversed, self.claim.lines)) else f": {html.escape(v.reason)}"
            parts.append(f"<p style='margin-bottom:0'>{moment} ({v.date}): <strong>{v.verdict}</strong>{_robust(v)}{reason}</p>"
                         f"<table>{rows}</table>")
        held = {moment: getattr(self, moment).reason for moment in MOMENTS}
        lines = "".join(
            f"<li>{verdict}: <code>{html.escape(condition)}</code>"
            + "".join(f" ← {moment}" for moment in MOMENTS if held[moment] == condition) + "</li>"
            for verdict, condition in self.claim.lines)
        parts.append(f"<p style='margin-bottom:0'>Rule, read from the top:</p><ol>{lines}</ol><p>Data of grade "
                     f"{self.data_grade}: {', '.join(self.tables)}.</p>")
        parts += [f"<p>{html.escape(note)}</p>" for note in self._notes()]
        return {MIME: self.to_dict(), "text/html": "".join(parts), "text/plain": str(self)}


def _robust(v: Verdict) -> str:
    return f" ({v.agree} of {v.tried} specifications agree)" if v.tried else ""


def _shown(quantity: Quantity) -> str:
    if quantity.value is None:
        return quantity.missing
    ends = "" if quantity.low is None or quantity.high is None else (
        f" ({quantity.low:.4g} to {quantity.high:.4g}, {quantity.level:.0%})")
    return f"{quantity.value:.4g}{ends}" + ("" if quantity.n is None else f", n = {quantity.n}")


@lru_cache
def _published() -> dict[str, dict[str, str]]:
    """The verdicts as published, by claim and moment, where the ledger lies beside the package, as in the notebook kit."""
    if not LEDGER.is_file():
        return {}
    entries = json.loads(LEDGER.read_text(encoding="utf-8"))["claims"]
    return {entry["id"]: {moment: entry[moment]["verdict"] for moment in MOMENTS} for entry in entries}


def judge(claim_id: str, *, tables: Sequence[Table], written: Mapping[str, Quantity] | str,
          now: Mapping[str, Quantity] | str, specifications: Mapping[str, Specifications] | None = None,
          caveat: str = "") -> Judgement:
    """Judge a claim by its registered rule, as of its writing and as of now.

    Parameters
    ----------
    claim_id : str
        Id in ``book/claims.yml``.
    tables : sequence of Table
        The tables the quantities were computed from; the lowest grade among them is the verdict's data grade.
    written, now : mapping of name to Quantity, or str
        What the rule needs, at each moment; a string states why nothing can be computed for that moment, and the
        verdict is `too little data`.
    specifications : mapping of "written" or "now" to Specifications, optional
        Alternative estimates; the share that gives the same verdict is the verdict's robustness.
    caveat : str, optional
        What a reader must know who sees the verdicts alone, shown wherever they are: say, that they differ because a
        series ended. At most 25 words, without numbers from data.

    Raises
    ------
    ClaimError
        Unknown claim, claim without a rule, missing or unknown quantity, quantity out of range.
    """
    book = register()
    claim = book[claim_id]
    if not claim.has_rule:
        raise ClaimError(f"claim {claim_id} has no rule in {REGISTER.name}: commit one before computing its quantities")
    if len(caveat.split()) > CAVEAT_WORDS:
        raise ClaimError(f"claim {claim_id}: the caveat has {len(caveat.split())} words; at most {CAVEAT_WORDS}")
    if not tables:
        raise ClaimError(f"claim {claim_id}: name the tables the quantities were computed from")
    specifications = specifications or {}
    if unknown := set(specifications) - set(MOMENTS):
        raise ClaimError(f"claim {claim_id}: specifications are for {' and '.join(MOMENTS)}, not {', '.join(unknown)}")
    verdicts, records = {}, {}
    for moment, supplied in (("written", written), ("now", now)):
        if isinstance(supplied, str):
            verdicts[moment] = Verdict(book.date(claim_id, moment), "too little data", supplied, {})
            continue
        verdict, reason = claim.decide(supplied)
        tried, agree, split = 0, 0, {}
        if moment in specifications:
            run = specifications[moment]
            if run.claim_id != claim_id:
                raise ClaimError(f"claim {claim_id}: the specifications for {moment!r} were run for {run.claim_id}")
            split = {name: int(count) for name, count in run.frame["verdict"].value_counts().items()}
            tried, agree = len(run.frame), split.get(verdict, 0)
            records[moment] = run.records()
        verdicts[moment] = Verdict(book.date(claim_id, moment), verdict, reason, dict(supplied), tried, agree, split)
    grade = max(table.grade for table in tables)
    names = list(dict.fromkeys(table.name for table in tables))
    return Judgement(claim, verdicts["written"], verdicts["now"], grade, names, records, caveat)
