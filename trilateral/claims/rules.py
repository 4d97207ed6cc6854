"""Claims, the quantities that a notebook supplies for them, and the rules that decide."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from simpleeval import InvalidExpression, SimpleEval

TRUTH = ("supported", "mixed", "not supported", "too little data")
UPTAKE = ("acted on", "partly", "not acted on", "too little data")
SUFFIXES = ("_low", "_high", "_n")
LAST_LINE = "otherwise"
FUNCTIONS = {"min": min, "max": max, "abs": abs}
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")


class ClaimError(ValueError):
    """A claim, its rule, or what a notebook supplies for it breaks the contract.

    Attributes
    ----------
    place : tuple
        Keys and numbers that lead to what is wrong within the claim's entry; empty where it is nowhere in particular.
    """

    place: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Quantity:
    """A number with its uncertainty, as a notebook supplies it to a rule.

    Parameters
    ----------
    value : float or None
        The estimate; None when it cannot be computed, and then `missing` says why.
    low, high : float, optional
        Ends of the interval.
    level : float or None
        Coverage of the interval; None where it runs between readings, as from doubtful acts left out to all counted.
    n : int, optional
        Observations behind the estimate.
    missing : str
        Reason for a missing value.
    net_of_placebos : sequence of float, optional
        Where `low` and `high` come from a list of placebos: the estimate less each of them, in its unit. A p-value is then a
        rank among them.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float | None = 0.95
    n: int | None = None
    missing: str = ""
    net_of_placebos: Sequence[float] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "net_of_placebos", tuple(float(number) for number in self.net_of_placebos))
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
        if self.level is not None and not 0 < self.level < 1:
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

    def with_numbers(self, numbers: Mapping[str, str]) -> Claim:
        """The claim with other numbers in its rule.

        Parameters
        ----------
        numbers : mapping of str to str
            A number as the rule writes it, and what stands in its place: ``{"0.1": "0.2"}``.
        """
        def put(condition: str) -> str:
            return _NUMBER.sub(lambda found: numbers.get(found[0], found[0]), condition)

        return replace(self, rule=[{verdict: put(condition)} for verdict, condition in self.lines])

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
        names = _numbers(quantities)
        # every line is checked first, so that a missing interval is not found only when the data have moved
        for _, condition in self.lines:
            for name in sorted(_names_in(condition, self.id) - set(names)):
                raise ClaimError(f"claim {self.id}: the rule needs {name}, which the notebook did not supply")
        for verdict, condition in self.lines:
            if condition == LAST_LINE or _holds(condition, names, self.id):
                return verdict, condition
        raise ClaimError(f"claim {self.id}: no line of the rule holds; the last must be `{LAST_LINE}`")


def _numbers(quantities: Mapping[str, Quantity]) -> dict[str, float]:
    """What a rule can name: values, ends of intervals, numbers of observations."""
    names: dict[str, float] = {}
    for name, quantity in quantities.items():
        ends = zip(("", *SUFFIXES), (quantity.value, quantity.low, quantity.high, quantity.n), strict=True)
        names |= {name + suffix: number for suffix, number in ends if number is not None}
    return names


def sign_of(expression: str, quantities: Mapping[str, Quantity]) -> int | None:
    """Sign, -1, 0 or 1, of a number that a rule computes of quantities; None where it cannot, as in a division by zero."""
    try:
        number = SimpleEval(names=_numbers(quantities), functions=FUNCTIONS).eval(expression)
    except (InvalidExpression, ArithmeticError):
        return None
    return (number > 0) - (number < 0)


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


def check_rule(claim: Claim) -> None:
    """Try every line of a claim's rule on values within the ranges it declares.

    Raises
    ------
    ClaimError
        A line does not parse, uses an undeclared quantity, gives a verdict that the scale lacks, or follows the last one; a
        range is empty, or a threshold outside it.
    """
    known: dict[str, float] = {}
    for name, declared in claim.quantities.items():
        with _at("quantities", name):
            lowest, highest = declared["range"]
            if lowest >= highest:
                raise ClaimError(f"claim {claim.id}: the range [{lowest}, {highest}] of {name} runs backwards or is empty")
            if name.endswith(SUFFIXES):
                raise ClaimError(f"claim {claim.id}: quantity {name} may not end in {', '.join(SUFFIXES)}; those name the "
                                 "ends of an interval and the number of observations")
            known |= {name + suffix: lowest + 0.382 * (highest - lowest) for suffix in ("", *SUFFIXES)}
    for number, (verdict, condition) in enumerate(claim.lines):
        with _at("rule", number):
            _check_line(verdict, condition, known, claim)
    conditions = [condition for _, condition in claim.lines]
    if conditions and conditions[-1] != LAST_LINE:
        raise ClaimError(f"claim {claim.id}: the last line of the rule must be `{LAST_LINE}`")
    if LAST_LINE in conditions[:-1]:
        raise ClaimError(f"claim {claim.id}: `{LAST_LINE}` must be the last line of the rule; the rest is not read")


@contextmanager
def _at(*place: str | int) -> Iterator[None]:
    """Let an error know where in the entry of its claim it arose."""
    try:
        yield
    except ClaimError as error:
        error.place = place
        raise


def _check_line(verdict: str, condition: str, known: Mapping[str, float], claim: Claim) -> None:
    said = []
    if verdict not in claim.verdicts:
        said.append(f"the rule names verdict {verdict!r}; allowed are {', '.join(claim.verdicts)}")
    if unknown := _names_in(condition, claim.id) - set(known):
        said.append(f"the rule uses {', '.join(sorted(unknown))}, which `quantities` does not declare; it declares "
                    f"{', '.join(claim.quantities)}")
    if said:
        raise ClaimError(f"claim {claim.id}: {'. And '.join(said)}")
    if condition != LAST_LINE:
        _try(condition, known, claim.id)
        _reach(condition, claim)


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
