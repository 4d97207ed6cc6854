"""Whether the words of a test state the numbers of its rule, so that neither changes without the other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from trilateral.claims.registry import REGISTER, Register
from trilateral.claims.rules import LAST_LINE, Claim

WORDS = {0.1: "tenth", 0.2: "fifth", 0.25: "quarter", 0.5: "half|median", 0.75: "quarters", 1: "one|once|any|first",
         1.5: "half", 2: "two|twice|both", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight",
         9: "nine", 10: "ten|tenth", 12: "twelve", 15: "fifteen", 20: "twenty|fifth", 25: "quarter", 30: "thirty",
         33.3: "third", 40: "forty", 50: "half", 66.7: "thirds?", 75: "quarters", 100: "hundred"}
UNSAID = {"as-china-retaliation-hesitation": {5}, "as-history-obstructs": {4}, "as-sanction-enforcement-opportune": {1},
          "as-threat-perceptions-diverge": {0.17, 5}, "pn-history-not-swept": {1}}
"""Numbers that tests left out, said in other words or as a part of another number; fixed before their results."""
FIGURES = re.compile(r"\d+(?:\.\d+)?")


def unsaid(claim: Claim) -> Iterator[tuple[str, float]]:
    """Lines of a rule, each with a number in it that the test states neither in figures nor in words."""
    test = claim.test.casefold().replace(",", "")
    figures = {float(number) for number in FIGURES.findall(test)}
    for _, condition in claim.lines:
        for node in ast.walk(ast.parse(condition, mode="eval")) if condition != LAST_LINE else ():
            if isinstance(node, ast.Constant) and node.value:  # zero is said in too many ways: lower, neither, equal
                number = node.value
                in_words = number in WORDS and re.search(rf"\b(?:{WORDS[number]})\b", test)
                if not in_words and not {float(number), round(100 * number, 6)} & figures:  # 0.8 is 80 percent
                    yield condition, number


def faults(register: Register, path: Path = REGISTER) -> list[str]:
    """One sentence each number of a rule that its test does not state, with file, line and what to do."""
    source = path.read_text(encoding="utf-8")
    said = []
    for claim in register.claims.values():
        for condition, number in unsaid(claim):
            if number not in UNSAID.get(claim.id, ()):
                entry = source.find(f"- id: {claim.id}\n")
                line = source.count("\n", 0, max(entry, source.find(condition, entry))) + 1
                said.append(f"book/{path.name}, line {line}: claim {claim.id}: the rule asks for {number:g}, which `test` does "
                            "not state. Let both say the same, and so the chapter, its figures and their alt texts.")
    return list(dict.fromkeys(said))
