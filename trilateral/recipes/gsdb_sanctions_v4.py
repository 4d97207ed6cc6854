"""Sanction cases (Global Sanctions Data Base, release 4): a selection of cases, and counts of shared targets."""

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
MEASURES = ["trade", "arms", "military", "financial", "travel", "other"]
COLUMNS = ["case_id", "sanctioned_state", "sanctioning_state", "begin", "end", *MEASURES, "descr_trade", "target_mult",
           "sender_mult", "objective", "success"]
LAST = 2023  # last year of the release
FIRST_OVERLAP = 1990
SENDERS = ("AUS", "CAN", "CHE", "EU", "GBR", "JPN", "KOR", "USA")  # whose targets are compared
SENT_BY = ("CHN", "JPN", "KOR")
AIMED_AT = ("JPN", "KOR", "PRK")
AMONG = ("CHN", "EU", "JPN", "KOR", "PRK", "RUS", "UN", "USA")

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
OUTCOME = {"success_total": "total", "success_part": "partial", "nego_settlement": "negotiated", "failed": "failed",
           "ongoing": "ongoing"}


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a case, sender and target of the selection; and one row a year, sender and other sender."""
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
    outcome = raw["success"].map(_outcome)
    cases = raw[["case_id", *MEASURES]].assign(
        begin=begin,
        end=end,
        outcome=outcome,
        # 2023 is the last year of the release: it ends a case only where the coders say how the case ended.
        ended=end.mask((end == LAST) & (outcome == "ongoing")),
        targets=raw["sanctioned_state"].map(names),
        senders=raw["sanctioning_state"].map(lambda cell: members(names(cell))),
    )
    pairs = cases.explode("targets").explode("senders").rename(columns={"targets": "target_name", "senders": "sender_name"})
    for column, wanted in (("sender_name", SENDERS), ("target_name", (*AIMED_AT, "CHN", "RUS", "USA"))):
        lost = sorted(set(wanted) - set(pairs[column].map(CODES)))
        if lost:
            raise UpstreamError(f"{FILE}: {', '.join(lost)} not found under a known name. Look up how the file spells it.")
    pairs = pairs.assign(sender=pairs["sender_name"].map(CODES), target=pairs["target_name"].map(CODES))
    return {"sanction_cases": _cases(pairs, cases), "sanction_overlap": _overlap(pairs, cases)}


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


def _outcome(cell: str) -> str:
    """One class a case: the coders judge each objective apart."""
    judged = cell.split(",")
    unknown = sorted(set(judged) - set(OUTCOME))
    if unknown:
        raise UpstreamError(f"{FILE}, column success: unknown value {unknown[0]!r} (known: {', '.join(OUTCOME)}).")
    return OUTCOME[judged[0]] if len(set(judged)) == 1 else "ongoing" if "ongoing" in judged else "mixed"


def _cases(pairs: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    chosen = pairs[
        pairs["sender"].isin(SENT_BY)
        | pairs["target"].isin(AIMED_AT)
        | (pairs["sender"].isin(AMONG) & pairs["target"].isin(AMONG))
    ]
    unnamed = chosen[chosen["sender"].isna() | chosen["target"].isna()]
    if len(unnamed):
        row = unnamed.iloc[0]
        name = row["sender_name"] if pd.isna(row["sender"]) else row["target_name"]
        raise UpstreamError(f"{FILE}, case {row['case_id']}: {name!r} has no code. Add it to ALSO of the recipe.")
    size = cases.set_index("case_id")
    chosen = chosen.assign(
        case=integers(chosen["case_id"]),
        senders=chosen["case_id"].map(size["senders"].map(len)),
        targets=chosen["case_id"].map(size["targets"].map(len)),
        begin_year=chosen["begin"],
        end_year=chosen["ended"],
    )
    for measure in MEASURES:
        chosen[measure] = integers(chosen[measure])
    return chosen[
        ["case", "sender", "target", "begin_year", "end_year", "senders", "targets", *MEASURES, "outcome"]
    ].drop_duplicates(["case", "sender", "target"])


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
