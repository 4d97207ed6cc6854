"""People and entities on the sanctions lists of the UN Security Council, counted in two editions of the list."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, mapped, take

FILES = {2020: "consolidated_2020-11-30.xml", 2025: "consolidated_2025-08-16.xml"}
REGIME = {
    "Al-Qaida": "al-qaida", "CAR": "central-african-republic", "DPRK": "north-korea", "DRC": "dr-congo",
    "GB": "guinea-bissau", "Haiti": "haiti", "Iran": "iran", "Iraq": "iraq", "Libya": "libya", "Mali": "mali",
    "Somalia": "somalia", "SouthSudan": "south-sudan", "Sudan": "sudan", "Taliban": "taliban", "Yemen": "yemen",
}  # fmt: skip
KIND = {"INDIVIDUAL": "individual", "ENTITY": "entity"}
LISTED = re.compile(r"\d{4}-\d{2}-\d{2}")  # some dates carry a time zone, which must not move the day


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a regime, date of listing and kind; how many of them each edition of the list holds. No names."""
    entries = {edition: _entries(files, name) for edition, name in FILES.items()}
    old, new = entries[2020], entries[2025]
    both = old.merge(new, on="reference", suffixes=("", "_new"))
    moved = both[(both["date"] != both["date_new"]) | (both["regime"] != both["regime_new"])]
    if len(moved):
        row = moved.iloc[0]
        raise UpstreamError(
            f"{FILES[2025]}, entry {row['reference']}: listed on {row['date_new']} for {row['regime_new']}; the edition of "
            f"2020 has {row['date']} for {row['regime']}. Look up which is right before the two are counted together."
        )
    key = ["regime", "date", "kind"]
    counts = [frame.groupby(key).size().rename(f"listed_{edition}") for edition, frame in entries.items()]
    frame = pd.concat(counts, axis=1).fillna(0).astype(int).reset_index()
    return {"un_designations": frame.astype({"date": "object"})}


def _entries(files: Mapping[str, bytes], name: str) -> pd.DataFrame:
    # The edition of 2025 is damaged in its encoding and not well-formed; everything read here is plain ASCII.
    text = take(files, name).decode("utf-8", errors="replace")
    if not text.rstrip().endswith("</CONSOLIDATED_LIST>"):
        raise UpstreamError(f"{name}: does not end with </CONSOLIDATED_LIST>. The file is cut off: fetch it again.")
    rows = [
        (kind, _one(block, "REFERENCE_NUMBER", name), _one(block, "UN_LIST_TYPE", name), _one(block, "LISTED_ON", name))
        for tag, kind in KIND.items()
        for block in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    ]
    frame = pd.DataFrame(rows, columns=["kind", "reference", "regime", "date"])
    opened = sum(text.count(f"<{tag}>") for tag in KIND)
    if len(frame) != opened or frame.empty:
        raise UpstreamError(f"{name}: {opened} entries begin and {len(frame)} end. The file is damaged: fetch it again.")
    if frame["reference"].duplicated().any():
        doubled = frame.loc[frame["reference"].duplicated(), "reference"].iloc[0]
        raise UpstreamError(f"{name}: reference number {doubled} occurs twice. An entry must count once.")
    wrong = frame[~frame["date"].str.match(LISTED)]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(f"{name}, entry {row['reference']}: LISTED_ON {row['date']!r} is no date.")
    return frame.assign(regime=mapped(frame["regime"], REGIME, name), date=frame["date"].str.slice(0, 10))


def _one(block: str, tag: str, name: str) -> str:
    found = re.findall(rf"<{tag}>\s*(.*?)\s*</{tag}>", block, re.DOTALL)
    if len(found) != 1:
        raise UpstreamError(
            f"{name}: an entry has {len(found)} elements {tag}, one is expected (it begins {block.strip()[:60]!r}). The "
            "format of the list has changed: adapt the recipe."
        )
    return found[0]
