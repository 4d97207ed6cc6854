"""The ledger: what is known of each claim, in one shape for pages, PDF and ``ledger.json``."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from trilateral import __version__
from trilateral.claims import MOMENTS, NOT_JUDGED, Claim, Quantity, Register, register
from trilateral.claims.robustness import NONE, ONE, SEVERAL, is_fragile, most_say, ways
from trilateral.publish import discoveries
from trilateral.publish.near_misses import near_misses
from trilateral.text import minus

SCHEMA = Path(__file__).with_name("ledger.schema.json")
CAVEAT_WORDS = 25
UNDECIDED = ("too little data", NOT_JUDGED)
PARTS = {
    "Why cooperation stalls": ("leadership", "threats", "coercion", "interdependence"),
    "What could carry it": ("durability", "capabilities", "technology", "economic-statecraft"),
    "Where it is promising": ("pandemic", "aid", "disasters"),
    "What came of the advice": ("scorecard",),
}


def long_caveat(judgement: Mapping) -> str:
    """What is wrong with the length of a caveat, empty where nothing is: cards and the index have room for so many words."""
    words = len(judgement["caveat"].split())
    return f"claim {judgement['claim']}: the caveat has {words} words; at most {CAVEAT_WORDS}" if words > CAVEAT_WORDS else ""


def entry(claim: Claim, register: Register, judgement: Mapping | None, url: str | None) -> dict[str, Any]:
    """One claim of the ledger.

    Parameters
    ----------
    judgement : mapping or None
        `trilateral.claims.Judgement.to_dict`; None for a claim not yet judged.
    url : str or None
        Where the judgement stands, relative to the book's root: ``page.html#claim-id``.
    """
    result = {
        "id": claim.id, "quote": claim.quote, "source": claim.source,
        "source_title": register.sources[claim.source]["title"],
        "source_short": register.sources[claim.source].get("short", register.sources[claim.source]["title"]),
        "speaker": claim.speaker, "chapter": claim.chapter, "url": url, "kind": claim.kind,
        "theme": claim.theme, "scale": claim.scale,
        "paraphrase": claim.paraphrase, "test": claim.test,
        "rule": [{"verdict": verdict, "when": when} for verdict, when in claim.lines], "rival": claim.rival,
        "caveat": judgement.get("caveat", "") if judgement else "",
    }
    for moment in MOMENTS:
        given = judgement[moment] if judgement else {}
        known = given.get("quantities", {})
        specifications = {name: given.get(name, 0) for name in ("agree", "tried")} | {
            name: dict(given.get(name) or {}) for name in ("split", "main_choice")}
        otherwise = given.get("otherwise")
        verdict = given.get("verdict", NOT_JUDGED)
        result[moment] = {
            "date": register.date(claim.id, moment),
            "verdict": verdict,
            "rule": given.get("reason"),
            "quantities": {name: {**known[name], **_meaning(claim, name)}
                           for name in dict.fromkeys([*claim.quantities, *known]) if name in known},
            "specifications": specifications | {"ways": ways(specifications, known),
                                                "fragile": is_fragile(specifications),
                                                "most_say": most_say(verdict, specifications)},
            "hangs_on_one_act": None if otherwise is None else any(word != verdict for word in otherwise.values()),
            "turned_by": {what: word for what, word in (otherwise or {}).items() if word != verdict},
            "out_of_reach": list(given.get("out_of_reach") or []),
            "held": given.get("held") or "",
            "at_points": _at_points(claim, known),
            "not_yet_due": claim.scale == "uptake" and moment == "written" and verdict == "too little data",
        }
    result["data_grade"] = judgement["data_grade"] if judgement else None
    result["tables"] = list(judgement["tables"]) if judgement else []
    return result


def _at_points(claim: Claim, known: Mapping[str, Mapping]) -> str | None:
    """What a claim's rule would say if it read an estimate wherever it reads the end of an interval; None without numbers."""
    if not known or set(known) != set(claim.quantities):
        return None
    at = {name: {end: None if each[end] is None else each["value"] for end in ("low", "high")} for name, each in known.items()}
    return claim.decide({name: Quantity(each["value"], **at[name], n=each["n"], missing=each["missing"])
                         for name, each in known.items()})[0]


def _meaning(claim: Claim, name: str) -> dict[str, Any]:
    declared = claim.quantities.get(name, {})
    return {key: declared[key] for key in ("meaning", "unit") if key in declared}


def entries(register: Register, judged: Mapping[str, tuple[str, Mapping]]) -> list[dict[str, Any]]:
    """All claims in the order of the register.

    Parameters
    ----------
    judged : mapping of claim id to (url, judgement)
    """
    return [entry(claim, register, *reversed(judged.get(claim.id, (None, None)))) for claim in register.claims.values()]


def counts(ledger: Iterable[Mapping], moment: str) -> Counter[str]:
    """Claims by verdict at one moment."""
    return Counter(each[moment]["verdict"] for each in ledger)


def document(register: Register, ledger: list[dict[str, Any]], title: str, made_from: Mapping[str, Any] | None = None) -> str:
    """``ledger.json``, to the schema beside it: the same judgements give the same bytes.

    Parameters
    ----------
    made_from : mapping, optional
        See `trilateral.publish.fingerprint.origins`.
    """
    header = {
        "$schema": SCHEMA.name, "title": title, "version": __version__, "record_ends": register.record_ends,
        "made_from": made_from or {"package": "", "chapters": {}, "tables": {}},
        "sources": {name: dict(source) for name, source in register.sources.items()},
        "counts": {moment: dict(sorted(counts(ledger, moment).items())) for moment in MOMENTS},
        "claims": ledger,
    }
    return json.dumps(header, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def check(text: str) -> None:
    """Hold a ledger against its schema.

    Raises
    ------
    ValueError
        It breaks it; the message says where and how.
    """
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    fault = best_match(validator.iter_errors(json.loads(text)))
    if fault:
        raise ValueError(f"ledger.json, {fault.json_path}: {fault.message}")


def rows(ledger: Iterable[Mapping]) -> str:
    """``claims.csv``: one row a claim, with its words, its verdicts, in how many ways they were computed, how many agree, of a
    fragile verdict what most say, and whether it hangs on one act (empty where that was not tried)."""
    out = io.StringIO()
    names = ["id", "source", "chapter", "theme", "kind", "scale", "speaker", "quote",
             *(f"{what}_{moment}" for moment in MOMENTS
               for what in ("verdict", "date", "ways", "agree", "tried", "most_say", "not_yet_due")),
             "hangs_on_one_act_now", "out_of_reach_now", "caveat", "data_grade", "tables", "url"]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for each in ledger:
        row = {name: each.get(name) or "" for name in names if name in each} | {"tables": " ".join(each["tables"])}
        for moment in MOMENTS:
            row |= {f"{what}_{moment}": each[moment][what] for what in ("verdict", "date")}
            row |= {f"{what}_{moment}": each[moment]["specifications"][what]
                    for what in ("ways", "agree", "tried", "most_say")}
            row[f"not_yet_due_{moment}"] = "yes" if each[moment]["not_yet_due"] else ""
        row |= {"hangs_on_one_act_now": {True: "yes", False: "no", None: ""}[each["now"]["hangs_on_one_act"]],
                "out_of_reach_now": "; ".join(each["now"]["out_of_reach"])}
        writer.writerow(row)
    return out.getvalue()


OF_A_VERDICT: dict[str, Callable[[Mapping], bool]] = {
    "decided": lambda at: at["verdict"] not in UNDECIDED,
    "undecided": lambda at: at["verdict"] in UNDECIDED,
    "several-ways": lambda at: at["specifications"]["ways"] == SEVERAL,
    "one-way": lambda at: at["specifications"]["ways"] == ONE,
    "no-way": lambda at: at["specifications"]["ways"] == NONE,
    "fragile": lambda at: at["specifications"]["fragile"],
    "hanging": lambda at: bool(at["hangs_on_one_act"]),
    "tried-by-act": lambda at: at["hangs_on_one_act"] is not None,
    "not-yet-due": lambda at: at["not_yet_due"],
}
"""What can be counted of verdicts beside their words."""
READS_AN_END = re.compile(r"_(low|high)\b")
OF_A_CLAIM: dict[str, Callable[[Mapping, str], bool]] = {
    "asked-intervals": lambda claim, moment: claim[moment]["verdict"] not in UNDECIDED and any(
        READS_AN_END.search(line["when"]) for line in claim["rule"] if line["verdict"] == "supported"),
    "at-points": lambda claim, moment: claim[moment]["verdict"] not in UNDECIDED and claim[moment]["at_points"] == "supported",
    "foregone": lambda claim, moment: (claim[moment]["verdict"] == "not supported"
                                       and "supported" in claim[moment]["out_of_reach"]),
}
"""What can be counted of decided claims and their rules."""


class UnknownValue(KeyError):
    """No such number in the ledger; the message says what there is."""


def value(expression: str, ledger: list[dict[str, Any]]) -> str:
    """A number of the ledger as text.

    Parameters
    ----------
    expression : str
        ``claims.total``, ``claims.judged``, ``claims.<verdict>.<moment>``, and in place of the verdict ``decided`` (all but
        too little data), ``undecided``, ``several-ways``, ``one-way``, ``no-way`` (nothing could be computed), ``fragile``,
        ``hanging`` (on one act), ``tried-by-act`` (whether it does), ``not-yet-due``, ``asked-intervals`` (decided, by a rule
        whose line for supported reads the end of an interval), ``at-points`` (decided, and supported if rules read estimates
        in place of ends) or ``foregone`` (not supported, and no data could have supported it), each also within a chapter,
        source, kind, theme or scale as ``claims.<chapter>.total``; or ``<claim>.<moment>.<quantity>`` with ``_low``,
        ``_high`` or ``_n``, and ``<claim>.<moment>.`` with ``verdict``, ``date``, ``agree``, ``tried`` or ``share``; or
        ``discoveries.<what>.<moment>`` with ``firm`` (verdicts supported or not supported), ``tests`` (lines of rules that
        ask for an interval), ``decided`` (those that gave the verdict), ``survive`` (of these, at ``level`` percent of false
        discoveries) or ``rate`` (percent of false discoveries if all of them count); or ``at-an-end.<verdict>.<moment>``, how
        many firm verdicts would be another at an end of an interval, or ``total`` for the verdict. A format follows a colon.

    Returns
    -------
    str
        Numbers with a true minus sign.

    Raises
    ------
    UnknownValue
        The expression names nothing.
    """
    name, _, specification = expression.partition(":")
    found = _look_up(name.strip(), ledger)
    if found is None:
        raise UnknownValue(f"{expression}: there is no such value; it may be missing for this moment")
    if not specification and isinstance(found, float) and not found.is_integer():
        raise UnknownValue(f"{expression}: is {found}; say how to write it, such as {expression}:.0f")
    try:
        return minus(format(found, specification)) if isinstance(found, int | float) else format(found, specification)
    except ValueError as error:
        raise UnknownValue(f"{expression}: {error}") from None


def _look_up(name: str, ledger: list[dict[str, Any]]) -> Any:
    first, *rest = name.split(".")
    if first == "claims":
        return _count(name, rest, ledger)
    if first == "discoveries":
        return _discoveries(name, rest, ledger)
    if first == "at-an-end":
        return _at_an_end(name, rest, ledger)
    chosen = next((each for each in ledger if each["id"] == first), None)
    if chosen is None:
        raise UnknownValue(f"{name}: there is no claim {first!r}")
    if len(rest) != 2 or rest[0] not in MOMENTS:
        raise UnknownValue(f"{name}: write <claim>.written.<quantity> or <claim>.now.<quantity>")
    at, wanted = chosen[rest[0]], rest[1]
    agree, tried = at["specifications"]["agree"], at["specifications"]["tried"]
    plain = {"verdict": at["verdict"], "date": at["date"], "agree": agree, "tried": tried,
             "share": agree / tried if tried else None}
    for quantity, numbers in at["quantities"].items():
        plain[quantity] = numbers["value"]
        plain |= {f"{quantity}_{end}": numbers.get(end) for end in ("low", "high", "n")}
    if wanted not in plain:
        raise UnknownValue(f"{name}: claim {first} has {', '.join(plain)}")
    return plain[wanted]


def _discoveries(name: str, rest: list[str], ledger: list[dict[str, Any]]) -> float:
    if len(rest) != 2 or rest[1] not in MOMENTS:
        raise UnknownValue(f"{name}: write discoveries.<what>.<moment>")
    what, moment = rest
    every = discoveries.tests(ledger, moment)
    decided = [test for test in every if test.decided]
    known = {
        "firm": sum(each[moment]["verdict"] in discoveries.FIRM for each in ledger),
        "tests": len(every), "decided": len(decided), "survive": sum(test.q <= discoveries.LEVEL for test in decided),
        "level": discoveries.LEVEL * 100, "rate": 100 * max((test.q for test in decided), default=0.0),
    }
    if what not in known:
        raise UnknownValue(f"{name}: there are {', '.join(known)}")
    return known[what]


def _at_an_end(name: str, rest: list[str], ledger: list[dict[str, Any]]) -> int:
    known = {verdict.replace(" ", "-"): (verdict,) for verdict in discoveries.FIRM} | {"total": discoveries.FIRM}
    if len(rest) != 2 or rest[0] not in known or rest[1] not in MOMENTS:
        raise UnknownValue(f"{name}: write at-an-end.<{' or '.join(known)}>.<moment>")
    verdicts = {each["id"]: each[rest[1]]["verdict"] for each in ledger}
    return len({missed.claim for missed in near_misses(ledger, register().claims, rest[1])
                if verdicts[missed.claim] in known[rest[0]]})


def _count(name: str, rest: list[str], ledger: list[dict[str, Any]]) -> int:
    if len(rest) > 2 or (len(rest) == 2 and rest[1] not in MOMENTS):
        place, *rest = rest
        ledger = [each for each in ledger if place in [each[key] for key in ("chapter", "source", "kind", "theme", "scale")]]
        if not ledger:
            raise UnknownValue(f"{name}: no claim belongs to a chapter, source, kind, theme or scale {place!r}")
    if rest == ["total"]:
        return len(ledger)
    if rest == ["judged"]:
        return sum(each["now"]["verdict"] != NOT_JUDGED for each in ledger)
    if len(rest) == 2 and rest[0] in OF_A_VERDICT and rest[1] in MOMENTS:
        return sum(OF_A_VERDICT[rest[0]](each[rest[1]]) for each in ledger)
    if len(rest) == 2 and rest[0] in OF_A_CLAIM and rest[1] in MOMENTS:
        return sum(OF_A_CLAIM[rest[0]](each, rest[1]) for each in ledger)
    if len(rest) == 2 and rest[1] in MOMENTS:
        return counts(ledger, rest[1])[rest[0].replace("-", " ")]
    raise UnknownValue(f"{name}: write claims.total, claims.judged or claims.<verdict>.<moment>")
