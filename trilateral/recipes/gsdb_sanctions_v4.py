"""Sanction cases (Global Sanctions Data Base, release 4), counted: by sender, by target, and shared targets."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_NAME
from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE = "GSDB_V4.csv"
OVERLAP = ["year", "sender", "other", "targets", "other_targets", "shared_targets", "new_targets", "new_shared",
           "new_same_year", "narrow_targets", "narrow_shared", "narrow_same_year"]
NARROW = 5  # a case against more states than this lists firms and people of many, not the states
MEASURES = ["trade", "arms", "military", "financial", "travel"]
COLUMNS = ["case_id", "sanctioned_state", "sanctioning_state", "begin", "end", *MEASURES, "other", "descr_trade", "target_mult",
           "sender_mult", "objective", "success"]
LAST = 2023  # last year of the release
FIRST_OVERLAP = 1990
SENDERS = ("AUS", "CAN", "CHE", "EU", "GBR", "JPN", "KOR", "USA")  # whose targets are compared
SENT_BY = ("JPN", "KOR")  # whose own cases are counted
AIMED = {"CHN": None, "JPN": ("PRK",), "KOR": ("PRK",), "UN": ("PRK",), "USA": ("PRK",)}  # targets by sender; None = all

# A comma stands between countries and within some names: "Korea, North, China" are two.
TAILS = {"North", "South", "Democratic Republic of the", "The", "Arab Rep."}
HEADS = {"Korea", "Congo", "Gambia", "Yemen", "Egypt", "Syria", "Bahamas"}
GROUPS = {
    "G7": ("Canada", "France", "Germany", "Italy", "Japan", "United Kingdom", "United States"),
    "G8": ("Canada", "France", "Germany", "Italy", "Japan", "Russia", "United Kingdom", "United States"),
    "EEC": ("EU",),
}
ALSO = {
    "Azerbaijan": "AZE", "Belarus": "BLR", "Burkina Faso": "BFA", "Ceylon": "LKA", "Congo, Democratic Republic of the": "COD",
    "EU": "EU", "El Salvador": "SLV", "Gambia, The": "GMB", "Guatemala": "GTM", "Guinea": "GIN", "Haiti": "HTI",
    "Kenya": "KEN", "Kuwait": "KWT", "Kyrgyzstan": "KGZ", "Korea, North": "PRK", "Korea, South": "KOR", "Malawi": "MWI",
    "Mali": "MLI", "Peru": "PER", "South Vietnam": "VNM", "Syria": "SYR", "Tajikistan": "TJK", "Tanzania": "TZA",
    "Togo": "TGO", "UN": "UN", "United Arab Emirates": "ARE", "Zambia": "ZMB", "Albania": "ALB", "Burundi": "BDI",
    "Sudan": "SDN", "Syria, Arab Rep.": "SYR", "League of Arab States": "ARAB-LEAGUE", "Maldives": "MDV",
}  # fmt: skip
CODES = ISO3_OF_NAME | ALSO
OUTCOMES = {"success_total", "success_part", "nego_settlement", "failed", "ongoing"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Cases by sender and year, by sender, target and year; and one row a year, sender and other sender."""
    raw = require(csv(files, FILE), COLUMNS, FILE, closed=True)
    begin, end = integers(raw["begin"]), integers(raw["end"])
    late = raw[(end < begin) | (end > LAST) | begin.isna() | end.isna()]
    if len(late):
        row = late.iloc[0]
        raise UpstreamError(
            f"{FILE}, case {row['case_id']}: begins {row['begin']}, ends {row['end']}; the release ends in {LAST}. Columns "
            "were swapped, or it is another release."
        )
    if raw["case_id"].duplicated().any():
        raise UpstreamError(f"{FILE}: case {raw.loc[raw['case_id'].duplicated(), 'case_id'].iloc[0]} occurs twice.")
    cases = raw[["case_id", *MEASURES]].assign(
        begin=begin,
        end=end,
        # 2023 is the last year of the release: it ends a case only where the coders say how the case ended.
        still_open=(end == LAST) & raw["success"].map(_ongoing),
        targets=raw["sanctioned_state"].map(names),
        senders=raw["sanctioning_state"].map(lambda cell: members(names(cell))),
    )
    pairs = cases.explode("targets").explode("senders").rename(columns={"targets": "target_name", "senders": "sender_name"})
    for column, wanted in (("sender_name", {*SENDERS, *AIMED}), ("target_name", ("PRK", "KOR", "JPN", "CHN", "RUS", "USA"))):
        lost = sorted(set(wanted) - set(pairs[column].map(CODES)))
        if lost:
            raise UpstreamError(f"{FILE}: {', '.join(lost)} not found under a known name. Look up how the file spells it.")
    pairs = pairs.assign(sender=pairs["sender_name"].map(CODES), target=pairs["target_name"].map(CODES))
    return {"sanction_cases": _by_sender(pairs, cases), "sanction_targets": _by_target(pairs),
            "sanction_overlap": _overlap(pairs, cases)}


def names(cell: str) -> list[str]:
    """Names in a cell: commas separate them, but "Korea, North" is one name.

    Raises
    ------
    UpstreamError
        A part of a name stands alone, so that the cell cannot be read.
    """
    found: list[str] = []
    for part in (part.strip() for part in cell.split(",")):
        if part in TAILS and found and found[-1] in HEADS:
            found[-1] = f"{found[-1]}, {part}"
        elif part in TAILS or not part:
            raise UpstreamError(f"{FILE}: the list of states {cell!r} cannot be read: {part!r} belongs to no known name.")
        else:
            found.append(part)
    if "Korea" in found:
        raise UpstreamError(f"{FILE}: the list of states {cell!r} has a Korea that is neither North nor South.")
    return found


def members(senders: list[str]) -> list[str]:
    """Senders with the Group of Seven or Eight resolved into its states, each once."""
    return list(dict.fromkeys(state for sender in senders for state in GROUPS.get(sender, (sender,))))


def _ongoing(cell: str) -> bool:
    """Whether a case goes on: the coders judge each objective apart, and one that is open keeps the case open."""
    judged = cell.split(",")
    unknown = sorted(set(judged) - OUTCOMES)
    if unknown:
        raise UpstreamError(f"{FILE}, column success: unknown value {unknown[0]!r} (known: {', '.join(sorted(OUTCOMES))}).")
    return "ongoing" in judged


def _by_sender(pairs: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Cases that each sender began in a year, those with other senders, and those with each measure."""
    own = pairs[pairs["sender"].isin(SENT_BY)].drop_duplicates(["case_id", "sender"])
    joint = own["case_id"].map(cases.set_index("case_id")["senders"].map(len)) > 1
    own = own.assign(begin_year=own["begin"], cases=1, joint_cases=joint.astype(int),
                     **{measure: integers(own[measure]) for measure in MEASURES})
    return own.groupby(["sender", "begin_year"], as_index=False)[["cases", "joint_cases", *MEASURES]].sum()


def _by_target(pairs: pd.DataFrame) -> pd.DataFrame:
    """Cases that a sender began against a target in a year, and how many of them were open at the end of the release."""
    wanted = [sender in AIMED and (AIMED[sender] is None or target in AIMED[sender])
              for sender, target in zip(pairs["sender"], pairs["target"], strict=True)]
    aimed = pairs[wanted].drop_duplicates(["case_id", "sender", "target"])
    unnamed = aimed[aimed["target"].isna()]
    if len(unnamed):
        row = unnamed.iloc[0]
        raise UpstreamError(f"{FILE}, case {row['case_id']}: {row['target_name']!r} has no code. Add it to ALSO of the recipe.")
    aimed = aimed.assign(begin_year=aimed["begin"], cases=1, open_cases=aimed["still_open"].astype(int))
    return aimed.groupby(["sender", "target", "begin_year"], as_index=False)[["cases", "open_cases"]].sum()


def _overlap(pairs: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    # States by their name in the source, so that none is lost for want of a code.
    mine = pairs[pairs["sender"].isin(SENDERS)]
    mine = mine.assign(few=mine["case_id"].map(cases.set_index("case_id")["targets"].map(len)) <= NARROW)
    rows = []
    for year in range(FIRST_OVERLAP, LAST + 1):
        running = mine[(mine["begin"] <= year) & (mine["end"] >= year)]
        under = running.groupby("sender")["target_name"].agg(set)
        begun = running[running["begin"] == year].groupby("sender")["target_name"].agg(set)
        narrow = running[running["few"] & (running["begin"] == year)].groupby("sender")["target_name"].agg(set)
        for sender, other in permutations(SENDERS, 2):
            a, b = under.get(sender, set()), under.get(other, set())
            new, new_other = begun.get(sender, set()), begun.get(other, set())
            alone, alone_other = narrow.get(sender, set()), narrow.get(other, set())
            rows.append((year, sender, other, len(a), len(b), len(a & b), len(new), len(new & b), len(new & new_other),
                         len(alone), len(alone & b), len(alone & alone_other)))
    return pd.DataFrame(rows, columns=OVERLAP)
