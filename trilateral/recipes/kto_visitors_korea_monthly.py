"""Visitors to South Korea by nationality and purpose (Korea Tourism Organization)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.korean_names import ISO3_OF_KOREAN
from trilateral.recipes.reading import UpstreamError, excel, integers, mapped, require

FILE = "kto_total.xlsx"
SHEET = "kto_{}.xlsx"  # the organization's own sheet of a month, year and month in six digits
PURPOSES = {"관광": "tourism", "상용": "business", "공용": "official", "유학/연수": "study", "기타": "other"}
TOTAL = "계"
RESIDUAL = ("교포", "국적미상", "GCC", "아시아 기타", "미주 기타", "구주 기타", "대양주 기타", "아프리카 기타")
CONTINENTS = ("아시아주", "미주", "구주", "대양주", "아프리카주", "기타대륙", "교포소계")
BELOW = ("계", "전년동기", "성장률(%)", "구성비(%)")  # the lines under the nationalities
CHECKED = tuple(f"2017{month:02d}" for month in range(1, 13))


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a nationality and month, visitors by purpose; WLD is the sum of all, overseas Koreans among them.

    Raises
    ------
    UpstreamError
        The purposes do not add up, a month lacks a nationality, or the merged file differs from a monthly sheet.
    """
    merged = _merged(files)
    for stamp in CHECKED:
        _compare(merged, files, stamp)
    world = merged.groupby("month")[[*PURPOSES.values(), "total"]].sum().reset_index().assign(nationality="WLD")
    named = merged.assign(nationality=merged["name"].map(ISO3_OF_KOREAN)).dropna(subset=["nationality"])
    return {"visitors_to_korea": pd.concat([named.drop(columns="name"), world], ignore_index=True)}


def _merged(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = require(excel(files, FILE), ["국적", *PURPOSES, TOTAL, "기준년월"], FILE)
    known = dict.fromkeys([*ISO3_OF_KOREAN, *RESIDUAL], True)
    mapped(raw["국적"], known, FILE)  # a continent or a grand total among the rows would be counted twice
    frame = pd.DataFrame({"name": raw["국적"], "month": raw["기준년월"]})
    for theirs, ours in (PURPOSES | {TOTAL: "total"}).items():
        frame[ours] = integers(raw[theirs])
    wrong = frame[frame[list(PURPOSES.values())].sum(axis=1) != frame["total"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise UpstreamError(
            f"{FILE}, {row['name']} {row['month']}: the purposes add up to {row[list(PURPOSES.values())].sum()}, the "
            f"total is {row['total']}. A column was moved or renamed: look at the sheet of the month."
        )
    counts = frame.groupby("month")["name"].nunique()
    expected = frame["name"].nunique()
    if (counts != expected).any() or frame.duplicated(["name", "month"]).any() or not _consecutive(counts.index):
        month = next((m for m in counts.index if counts[m] != expected), "all")
        raise UpstreamError(
            f"{FILE}, month {month}: nationalities or months are missing or doubled ({expected} nationalities a month "
            "are expected, without a gap). The file is damaged: fetch it again."
        )
    return frame


def _consecutive(months: pd.Index) -> bool:
    return list(months) == pd.period_range(months[0], months[-1], freq="M").astype(str).tolist()


def _compare(merged: pd.DataFrame, files: Mapping[str, bytes], stamp: str) -> None:
    """The merged file is not the organization's own: hold it against a sheet, and against the year before in it."""
    name, month = SHEET.format(stamp), f"{stamp[:4]}-{stamp[4:]}"
    title = excel(files, name, header=None, nrows=1).iloc[0, 0]
    if f"{stamp[:4]}년 {stamp[4:]}월" not in str(title):
        raise UpstreamError(f"{name}: its title is {title!r}, that of {month} is expected. The file was exchanged.")
    raw = require(excel(files, name, header=1), ["국적", *PURPOSES, TOTAL, "전년동기"], name)
    rows = raw[~raw["국적"].isin([*CONTINENTS, *BELOW])].set_index("국적")
    before = f"{int(stamp[:4]) - 1}-{stamp[4:]}"
    now = [(month, theirs, ours) for theirs, ours in (PURPOSES | {TOTAL: "total"}).items()]
    for when, theirs, ours in [*now, (before, "전년동기", "total")]:
        sheet = integers(rows[theirs])
        ours_then = merged[merged["month"] == when].set_index("name")[ours].reindex(sheet.index)
        differing = sheet.index[(sheet != ours_then).fillna(True)]
        if len(differing):
            who = differing[0]
            raise UpstreamError(
                f"{name}, column {theirs}, row {who}: {sheet[who]}, but {FILE} has {ours_then[who]} for {when}. "
                "Do not use the merged file before the difference is explained."
            )
