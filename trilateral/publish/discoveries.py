"""How many verdicts of the whole register chance alone could have made.

A rule that asks an interval to keep clear of a threshold is a test at the interval's level. With many such tests some
succeed by chance, so their p-values are read together.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scipy.special import ndtr, ndtri

from trilateral.claims import LAST_LINE, MOMENTS

LEVEL = 0.05
FIRM = ("supported", "not supported")


@dataclass(frozen=True)
class Test:
    """A line of a rule that asks an interval to keep clear of a threshold, and what came of it.

    Attributes
    ----------
    p : float
        One-sided p-value, see `p_value`.
    q : float
        The same, adjusted for all tests of the family (Benjamini and Yekutieli 2001, doi:10.1214/aos/1013699998).
    decided : bool
        Whether this line gave the verdict.
    """

    claim: str
    verdict: str
    p: float
    q: float
    decided: bool


def tests(ledger: Iterable[Mapping[str, Any]], moment: str) -> list[Test]:
    """All lines for ``supported`` or ``not supported`` that ask for an interval, of claims with an estimate at a moment.

    Where a line asks for several intervals the largest p-value counts (intersection-union test: Berger 1982,
    doi:10.1080/00401706.1982.10487790), where it asks for one of several the smallest times their number, and where for k of m
    the k-th smallest times m - k + 1 (partial conjunction: Benjamini and Heller 2008, doi:10.1111/j.1541-0420.2007.00984.x).

    Parameters
    ----------
    ledger : iterable of mapping
        See `trilateral.publish.ledger.entry`.
    moment : str
        ``written`` or ``now``.

    Returns
    -------
    list of Test
        Smallest adjusted p-value first.
    """
    if moment not in MOMENTS:
        raise ValueError(f"{moment!r} is not one of {', '.join(MOMENTS)}")
    found = []
    for entry in ledger:
        at = entry[moment]
        for line in entry["rule"]:
            if line["verdict"] not in FIRM or line["when"] == LAST_LINE:
                continue
            p = p_value(line["when"], at["quantities"])
            if p is not None:
                found.append((entry["id"], line["verdict"], p, (at["verdict"], at["rule"]) == (line["verdict"], line["when"])))
    if not found:
        return []
    from statsmodels.stats.multitest import multipletests  # brings all of scipy.stats: a second that few processes need

    adjusted = multipletests([p for _, _, p, _ in found], method="fdr_by")[1]
    every = [Test(claim, verdict, p, float(q), decided)
             for (claim, verdict, p, decided), q in zip(found, adjusted, strict=True)]
    return sorted(every, key=lambda test: (test.q, test.p, test.claim))


def p_value(condition: str, quantities: Mapping[str, Mapping[str, Any]]) -> float | None:
    """One-sided p-value of a condition on ends of intervals; None where it asks for none, or has no estimate.

    Where an interval comes from a list of placebos it is a rank: one more than the placebos that reach as far, over one more
    than all of them, as in the placebo tests of Abadie, Diamond and Hainmueller (2010, doi:10.1198/jasa.2009.ap08746), and
    never zero (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585). Few placebos thus allow no small p. Else it comes from the
    interval's end that faces the threshold, taken as normal. An interval between readings is no test.

    Parameters
    ----------
    condition : str
        A line of a rule.
    quantities : mapping of name to mapping
        What `trilateral.claims.Quantity` holds, as in ``ledger.json``.
    """
    return _of(ast.parse(condition, mode="eval").body, quantities)


def _of(node: ast.expr, quantities: Mapping[str, Mapping[str, Any]]) -> float | None:
    if isinstance(node, ast.BoolOp):
        parts = [p for value in node.values if (p := _of(value, quantities)) is not None]
        if not parts:
            return None
        return max(parts) if isinstance(node.op, ast.And) else min(1.0, len(parts) * min(parts))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add):
            return _of_sum(node.left, node.ops[0], node.comparators[0], quantities)
        return _of_comparison(node.left, node.ops[0], node.comparators[0], quantities)
    return None


def _of_sum(added: ast.expr, operator: ast.cmpop, least: ast.expr, quantities: Mapping) -> float | None:
    """Of a line that asks for so many of several conditions, each with an interval."""
    every = sorted(p for part in _added(added) if (p := _of(part, quantities)) is not None)
    if not isinstance(operator, ast.GtE) or not isinstance(least, ast.Constant) or len(every) < len(_added(added)):
        return None
    return min(1.0, (len(every) - least.value + 1) * every[least.value - 1])


def _added(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_added(node.left), *_added(node.right)]
    return [node]


def _of_comparison(left: ast.expr, operator: ast.cmpop, right: ast.expr, quantities: Mapping) -> float | None:
    above = isinstance(operator, ast.Gt | ast.GtE)
    if not above and not isinstance(operator, ast.Lt | ast.LtE):
        return None
    if not isinstance(left, ast.Name):
        left, right, above = right, left, not above
    suffix = "_low" if above else "_high"
    if not isinstance(left, ast.Name) or not left.id.endswith(suffix):
        return None
    try:
        threshold = float(ast.literal_eval(right))
    except (ValueError, TypeError):
        return None
    quantity = quantities.get(left.id.removesuffix(suffix))
    if quantity is None or None in (quantity["value"], quantity[suffix[1:]], quantity["level"]):
        return None
    if net := quantity.get("net_of_placebos"):
        return (1 + sum(each <= threshold if above else each >= threshold for each in net)) / (1 + len(net))
    reach = abs(quantity["value"] - quantity[suffix[1:]])
    if not reach:
        return None
    distance = (quantity["value"] - threshold) * (1 if above else -1)
    return float(ndtr(-distance / reach * ndtri(0.5 + quantity["level"] / 2)))
