"""Foreign nationals entering South Korea by nationality (Ministry of Justice)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.korean_names import ISO3_OF_KOREAN
from trilateral.recipes.reading import UpstreamError, csv, integers, require

FILE_2018, FILE_2019, FILE_2022 = "moj_entries_2018.csv", "moj_entries_2019.csv", "moj_entries_2022_2024.csv"
ETHNIC_KOREANS = {"한국계중국인": "CHN"}  # a line of its own beside that of the other citizens
RUSSIANS = "한국계러시아인"  # a line of its own in 2018, empty in 2019, absent later: added to Russia
SUBTOTAL = "총계"  # sums of continents, left in two months of 2024
# In these months the line of Thailand is missing and Taiwan has two: one of the two names was mistyped.
MISTYPED, MISSING = "대만", "THA"
MISTYPED_MONTHS = ("2023-11", "2023-12", "2024-01")
MONTHS = (*(f"{year}-{month:02d}" for year in (2018, 2019, 2022, 2023, 2024) for month in range(1, 13)),)


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a nationality and month; WLD is the sum of all lines but the subtotals.

    Raises
    ------
    UpstreamError
        A nationality is missing in a month or has two lines, in a month for which that is not known.
    """
    lines = pd.concat([_by_sex(files, FILE_2018, 2018, "성별", {"남", "여"}),
                       _by_sex(files, FILE_2019, 2019, "성별(1)", {"남자", "여자", "제3의성"}), _later(files)],
                      ignore_index=True)
    lines = lines[lines["name"] != SUBTOTAL]
    world = lines.groupby("month")["entries"].sum().reset_index().assign(nationality="WLD")
    koreans = lines[lines["name"].isin(ETHNIC_KOREANS)].assign(nationality=lambda f: f["name"].map(ETHNIC_KOREANS))
    koreans = koreans.set_index(["nationality", "month"])["entries"].rename("ethnic_korean_entries")
    mistyped = (lines["name"] == MISTYPED) & lines["month"].isin(MISTYPED_MONTHS)
    named = lines[~mistyped].assign(nationality=lambda f: f["name"].replace(RUSSIANS, "러시아").map(ISO3_OF_KOREAN))
    named = named.dropna(subset=["nationality"])
    _complete(named)
    named = named.groupby(["nationality", "month"])["entries"].sum().reset_index()
    frame = pd.concat([named, world], ignore_index=True).join(koreans, on=["nationality", "month"])
    return {"entries_to_korea": frame}


def _read(files: Mapping[str, bytes], name: str) -> pd.DataFrame:
    return csv(files, name, encoding="cp949").fillna("").rename(columns=lambda column: column.replace(" ", ""))


def _by_sex(files: Mapping[str, bytes], name: str, year: int, sex: str, sexes: set[str]) -> pd.DataFrame:
    months = {f"{month}월": f"{year}-{month:02d}" for month in range(1, 13)}
    raw = require(_read(files, name), ["국적", sex, *months], name)
    if set(raw[sex]) != sexes or raw.duplicated(["국적", sex]).any():
        raise UpstreamError(f"{name}, column {sex}: values {', '.join(sorted(set(raw[sex])))}, expected "
                            f"{', '.join(sorted(sexes))}, once a nationality. A total beside the sexes would count double.")
    long = raw.rename(columns=months).melt(["국적"], list(months.values()), "month", "entries")
    return _lines(long["국적"], long["month"], long["entries"]).groupby(["name", "month"], as_index=False).sum()


def _later(files: Mapping[str, bytes]) -> pd.DataFrame:
    raw = require(_read(files, FILE_2022), ["년", "월", "국적지역", "입국자수"], FILE_2022)
    return _lines(raw["국적지역"], raw["년"] + "-" + raw["월"].str.zfill(2), raw["입국자수"])


def _lines(names: pd.Series, months: pd.Series, entries: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"name": names.str.replace(" ", ""), "month": months, "entries": integers(entries.str.strip())})


def _complete(named: pd.DataFrame) -> None:
    """Every nationality in every month once, apart from what is known to be wrong in the source."""
    lines = named[named["name"] != RUSSIANS].groupby(["nationality", "month"]).size()
    expected = pd.MultiIndex.from_product([sorted(set(ISO3_OF_KOREAN.values())), MONTHS])
    known = [(MISSING, month) for month in MISTYPED_MONTHS]
    lost = expected.difference(lines.index).difference(pd.MultiIndex.from_tuples(known))
    twice = lines.index[lines > 1]
    if len(lost) or len(twice):
        raise UpstreamError(
            f"{FILE_2022} and the files before it: missing {', '.join(map(' '.join, lost[:5])) or 'none'}; with two lines "
            f"{', '.join(map(' '.join, twice[:5])) or 'none'}. Look the lines up: a name may be mistyped or spelled anew "
            "(trilateral/recipes/korean_names.py).")
