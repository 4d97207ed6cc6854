"""The register of claims, ``book/claims.yml``: read, checked, and looked up."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import jsonschema
import yaml
from simpleeval import InvalidExpression, SimpleEval

from trilateral import as_of, strict_yaml
from trilateral.claims.rules import LAST_LINE, Claim, ClaimError, Quantity, check_rule
from trilateral.contract import closest, near, not_inert, texts

REGISTER = Path(__file__).parents[2] / "book" / "claims.yml"
SCHEMA = Path(__file__).parents[1] / "claims.schema.json"
QUOTE_WORDS = 25


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
            hint = "".join(f"; did you mean {name!r}?" for name in closest(claim_id, self.claims))
            raise ClaimError(f"unknown claim id {claim_id!r}{hint}") from None

    @property
    def last_brief(self) -> str:
        """ISO date of the later brief, before which the record cannot end."""
        return max(source["date"] for source in self.sources.values())

    def of_chapter(self, chapter: str) -> list[Claim]:
        return [claim for claim in self.claims.values() if claim.chapter == chapter]

    def date(self, claim_id: str, moment: str) -> str:
        """ISO date at which a claim is judged: when its source was written, or the end of the record."""
        return self.record_ends if moment == "now" else self.sources[self[claim_id].source]["date"]


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
        document = strict_yaml.load(source)
    except FileNotFoundError:
        raise ClaimError(f"the register {path} is missing") from None
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark or error.context_mark).line + 1
        advice = "" if isinstance(error, yaml.constructor.ConstructorError) else (
            ". Look at quotation marks, colons and the spaces at the start, in this line and the one above")
        raise ClaimError(f"{path.parent.name}/{path.name}, line {line}: not valid YAML in UTF-8: {error.problem}{advice}"
                         ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ClaimError(f"{path.parent.name}/{path.name} is not valid YAML in UTF-8: {error}") from error
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")),
                                               format_checker=jsonschema.FormatChecker())
    for error in sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.path))):
        raise fault(list(error.path), f"{_where(document, list(error.path))}: {_what(error)}")
    for place, text in texts(document):
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
            check_rule(claim)
        except ClaimError as error:
            raise fault(["claims", number, *(error.place or ["rule"])], str(error)) from error
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
    if error.validator == "dependentRequired":
        have, lack = (("a rule", "quantities") if "rule" in error.instance else ("quantities", "rule"))
        return f"has {have} and no `{lack}`. Give it both, as the other claims do, or neither until the claim is judged"
    return error.message


def register() -> Register:
    """The register of this book; read again when the file has changed, so that an edited rule counts at once.

    Where `trilateral.as_of.set_day` has set a day, the record ends there.

    Raises
    ------
    ClaimError
        The file is missing, or as `read_register`.
    AsOfError
        The day set is before the later brief or after the end of the record.
    """
    try:
        stamp = REGISTER.stat()
    except FileNotFoundError:
        raise ClaimError(f"the register {REGISTER} is missing") from None
    read = _register(REGISTER, stamp.st_mtime_ns, stamp.st_size)
    day = as_of.day()
    return replace(read, record_ends=as_of.parsed(day, read.last_brief, read.record_ends)) if day else read


@lru_cache(maxsize=1)
def _register(path: Path, changed: int, size: int) -> Register:
    return read_register(path)
