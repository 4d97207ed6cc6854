"""Run one estimate over a grid of defensible choices.

After Simonsohn, Simmons and Nelson (2020), Specification curve analysis, Nature Human Behaviour 4,
doi:10.1038/s41562-020-0912-z: every combination is reported, not the one that suits.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from trilateral import claims

LINE, REGISTERED = "line", "the rule’s"  # the choice of a line of the rule, and its first option


@dataclass(frozen=True)
class Specifications:
    """Estimates over a grid.

    Attributes
    ----------
    frame : DataFrame
        One row a specification: a column a choice, then for each quantity its value and, where given, ``_low``
        and ``_high``, and ``verdict``, what the claim's rule says of that row.
    choices : tuple of str
        Names of the choice columns.
    claim_id : str
        The claim whose rule judged the rows.
    every : Series, optional
        Verdicts of the whole grid, where `distinct` left equal rows out.
    words : mapping of choice to template, or to words by option
        How an option reads to who has not seen the code: ``windows of {} months``, or ``{"0": "distance ignored"}``.
    main : str
        The choice that is the main one of the test in words, as `run` was given it; empty where none was named.
    published : bool
        Whether the first row has the published quantities, which come from more draws than those of the others.
    """

    frame: pd.DataFrame
    choices: tuple[str, ...]
    claim_id: str
    every: pd.Series | None = None
    words: claims.Words = field(default_factory=dict)
    main: str = ""
    published: bool = False

    def read(self, choice: str, option: str) -> str:
        """An option in a reader's words; as it is where its choice has none, but for the minus of a number."""
        return claims.read(self.words, choice, option)

    @property
    def verdicts(self) -> pd.Series:
        """The verdict of every specification, drawn or not."""
        return self.frame["verdict"] if self.every is None else self.every

    def records(self) -> list[dict]:
        """Rows as plain dicts, missing values as None, for the ledger."""
        return self.frame.astype(object).where(self.frame.notna(), None).to_dict("records")

    def distinct(self, quantity: str, *unmoving: str) -> Specifications:
        """The curve without choices that change neither an estimate nor a verdict, so that it is drawn once.

        Parameters
        ----------
        quantity : str
            The estimate that is drawn.
        unmoving : str
            Choices that may be left out, the first of their options standing for all; one that moves the estimate or the
            verdict on the data at hand stays and is drawn. A page that says in words that it is not drawn checks `choices`.
        """
        drawn, kept = self.frame, list(self.choices)
        for choice in unmoving:
            others = [each for each in kept if each != choice]
            groups = drawn.groupby(others, sort=False)
            if (groups["verdict"].nunique() == 1).all() and (groups[quantity].agg(np.ptp) <= 1e-9).all():
                drawn, kept = groups.head(1), others
        return Specifications(drawn[[*kept, *self.frame.columns.drop(list(self.choices))]].reset_index(drop=True), tuple(kept),
                              self.claim_id, self.verdicts, self.words, self.main, self.published)


def run(claim_id: str, estimate: Callable[..., Mapping[str, claims.Quantity]], grid: Mapping[str, Sequence],
        skip: Callable[..., bool] | None = None, words: claims.Words | None = None, main: str = "",
        lines: Mapping[str, Mapping[str, str]] | None = None,
        published: Mapping[str, claims.Quantity] | None = None) -> Specifications:
    """Estimate under every combination of choices and judge each by the claim's rule.

    Parameters
    ----------
    claim_id : str
        Id in ``book/claims.yml``.
    estimate : callable
        Takes one keyword a choice and returns the quantities the rule needs.
    grid : mapping of choice to its options
        The first option of each choice is the main specification's; one given twice counts once.
    skip : callable, optional
        Takes the same keywords; True leaves a combination out that makes no sense.
    words : mapping of choice to template, or to words by option, optional
        How its options read in a figure and in a sentence, with their unit: ``{"width": "windows of {} months"}``, or each by
        itself: ``{"elasticity": {"0": "distance ignored"}}``. Options that are words already need none.
    main : str
        The choice whose other options answer another question than the test asks: a fragile verdict tells the split of those
        that keep its first option beside that of the whole grid.
    lines : mapping of option to numbers, optional
        Other lines that the rule might have drawn, as a last choice ``line`` behind that of the rule itself: ``{"a fifth":
        {"0.1": "0.2"}}`` judges every estimate once more with 0.2 wherever the rule has 0.1. An option that finds none of its
        numbers in the rule, as in one that a reader edited, is left out.
    published : mapping of str to Quantity, optional
        Quantities of the main specification where they come from more draws than a grid has time for. They stand in its row
        instead of what `estimate` would give, so that one calculation has one interval wherever it is shown.

    Raises
    ------
    claims.ClaimError
        As `claims.Claim.decide`, naming the specification; the claim has no rule; the grid is empty or names a choice
        as a column of the result is named; words are for no choice of the grid, or `main` is none.
    """
    claim = claims.register()[claim_id]
    if not claim.has_rule:
        raise claims.ClaimError(f"claim {claim_id} has no rule, so nothing can judge its specifications")
    columns = {name + suffix for name in claim.quantities for suffix in ("", *claims.SUFFIXES)} | {"verdict"} | (
        {LINE} if lines else set())
    if taken := set(grid) & columns:
        raise claims.ClaimError(f"claim {claim_id}: rename the choice {', '.join(sorted(taken))}; a column of the "
                                "result has that name")
    if strange := set(words or {}) - set(grid):
        raise claims.ClaimError(f"claim {claim_id}: words for {', '.join(sorted(strange))}, which the grid does not have")
    if main and main not in grid:
        raise claims.ClaimError(f"claim {claim_id}: {main!r} is no choice of the grid and so not its main one")
    other = {option: claim.with_numbers(numbers) for option, numbers in (lines or {}).items()}
    judges = {REGISTERED: claim} | {option: each for option, each in other.items() if each.lines != claim.lines}
    rows = []
    distinct = [list({str(option): option for option in options}.values()) for options in grid.values()]
    first = tuple(options[0] for options in distinct if options)
    for combination in itertools.product(*distinct):
        choice = dict(zip(grid, combination, strict=True))
        if skip is not None and skip(**choice):
            continue
        try:
            quantities = published if published and combination == first else estimate(**choice)
            verdicts = {line: judge.decide(quantities)[0] for line, judge in judges.items()}
        except claims.ClaimError as error:
            chosen = ", ".join(f"{name}={option}" for name, option in choice.items())
            raise claims.ClaimError(f"specification {chosen}: {error}") from error
        row = {name: str(option) for name, option in choice.items()}
        for name, quantity in quantities.items():
            row |= {name: quantity.value, f"{name}_low": quantity.low, f"{name}_high": quantity.high}
        rows += [row | ({LINE: line} if lines else {}) | {"verdict": verdict} for line, verdict in verdicts.items()]
    if not rows:
        raise claims.ClaimError(f"claim {claim_id}: the grid of specifications is empty")
    choices = (*grid, LINE) if lines else tuple(grid)
    return Specifications(pd.DataFrame(rows).dropna(axis="columns", how="all"), choices, claim_id, words=words or {}, main=main,
                          published=bool(published))


def departing(grid: Mapping[str, Sequence], most: int = 2) -> Callable[..., bool]:
    """What `run` takes as `skip` to leave out combinations that differ from the main one in more than `most` choices.

    With many choices the full grid would mostly hold combinations of many unusual ones.
    """
    return lambda **choice: sum(choice[name] != options[0] for name, options in grid.items()) > most


def share_turned(claim_id: str, published: Mapping[str, claims.Quantity],
                 moved: Sequence[Mapping[str, claims.Quantity]]) -> float:
    """Share of alternatives in which a claim's rule decides otherwise than on the published quantities.

    Parameters
    ----------
    claim_id : str
    published : mapping of str to Quantity
    moved : sequence of mappings
        One mapping an alternative, of the quantities that differ.
    """
    claim = claims.register()[claim_id]
    was = claim.decide(published)[0]
    return sum(claim.decide({**published, **quantities})[0] != was for quantities in moved) / len(moved)
