"""Logistics Performance Index (World Bank), seven editions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.countries import ISO3_OF_NAME, OECD, PANEL
from trilateral.recipes.reading import UpstreamError, coded, excel, integers, member, numbers, require

OLD, NEW = "International_LPI_from_2007_to_2018.xlsx", "lpi_2012_2023_raw_data.zip"
INNER = "raw_data/International_LPI_from_2012_to_2023.xlsx"
EDITIONS = (2007, 2010, 2012, 2014, 2016, 2018)
COUNTRIES = tuple(sorted(({*PANEL, *OECD} | {"TWN", "HKG"}) - {"PRK"}))
ALSO = {"Korea, Rep,": "KOR", "TC<rkiye": "TUR"}  # misspelled in the editions of 2016 and 2023
COMPONENT = {  # beginning of a heading in any edition, lower case
    "customs": "customs", "infrastructure": "infrastructure", "ease of shipment": "shipments", "international": "shipments",
    "logistics": "competence", "quality logistics": "competence", "tracking": "tracking", "ease of tracking": "tracking",
    "timeliness": "timeliness", "domestic": None, "overall": "overall", "lpi": "overall",
}
SCORES = ("customs", "infrastructure", "shipments", "competence", "tracking", "timeliness")


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """One row a country and edition; scores from 1 (worst) to 5 (best), with the bounds of the producer's confidence interval
    from 2010 to 2018.

    Components are found by their heading, since their order differs between editions. The edition of 2023 is rounded to one
    decimal by its producer (`rounded` 1); its ranks hold many ties.

    Raises
    ------
    UpstreamError
        A heading or a country is not found, a score is outside 1 to 5, or the overall score is not near the mean of the
        components.
    """
    parts = [_old(files, year) for year in EDITIONS] + [_new(files)]
    frame = pd.concat(parts, ignore_index=True)
    scores = frame[["score", *SCORES]]
    mean = frame[list(SCORES)].mean(axis=1)
    wrong = ((scores < 1) | (scores > 5)).any(axis=1) | ((frame["score"] - mean).abs() > 0.15) | frame["score"].isna()
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise UpstreamError(f"Logistics Performance Index, {row['iso3']} {row['year']}: score {row['score']} is not near the "
                            f"mean of its components, {mean[wrong].iloc[0]:.2f}, or outside 1 to 5. Columns have moved.")
    return {"logistics_performance": frame}


def _old(files: Mapping[str, bytes], year: int) -> pd.DataFrame:
    where = f"{OLD}, sheet {year}"
    raw = excel(files, OLD, str(year), header=None)
    if raw.iloc[2, 0] != "Country" or raw.iloc[2, 1] != "Code":
        raise UpstreamError(f"{where}, row 3: begins with {raw.iloc[2, 0]!r}, not Country and Code. Adapt the recipe.")
    groups = raw.iloc[0].ffill()
    heads = [f"{_component(group, where)} {str(head).lower()}" if isinstance(group, str) else str(head).lower()
             for group, head in zip(groups, raw.iloc[2], strict=True)]
    at = {}
    for position, head in enumerate(heads):
        at.setdefault(head, position)
    wanted = ["country", "overall score", "overall rank", *(f"{name} score" for name in SCORES)]
    require(pd.DataFrame(columns=list(at)), wanted, where)
    body = raw.iloc[3:]
    body = body[body[0].notna()]
    codes = _codes(body[0], where)
    clash = codes.notna() & (codes != body[1].str.strip())
    if clash.any():
        raise UpstreamError(f"{where}: {body.loc[clash, 0].iloc[0]} has code {body.loc[clash, 1].iloc[0]}. Look it up.")
    bounds = {"low": "overall lower bound", "high": "overall upper bound"}
    frame = pd.DataFrame({"iso3": codes, "rank": integers(body[at["overall rank"]])})
    for name in ("overall", *SCORES):
        frame["score" if name == "overall" else name] = numbers(body[at[f"{name} score"]]).round(2)
    for name, head in bounds.items():
        frame[name] = numbers(body[at[head]]).round(2) if head in at else None
    return frame.dropna(subset=["iso3"]).assign(year=year, rounded=0)


def _new(files: Mapping[str, bytes]) -> pd.DataFrame:
    where = f"{NEW}, {INNER}, sheet 2023"
    raw = excel({INNER: member(files, NEW, INNER)}, INNER, "2023")
    raw.columns = [" ".join(column.split()) for column in raw.columns]
    heads = {f"{_component(column.rsplit(' ', 1)[0], where)} {column.rsplit(' ', 1)[1].lower()}": column
             for column in raw.columns if column != "Country"}
    require(pd.DataFrame(columns=list(heads)), ["overall rank", *(f"{name} score" for name in ("overall", *SCORES))], where)
    frame = pd.DataFrame({"iso3": _codes(raw["Country"], where), "rank": integers(raw[heads["overall rank"]])})
    for name in ("overall", *SCORES):
        frame["score" if name == "overall" else name] = numbers(raw[heads[f"{name} score"]])
    return frame.dropna(subset=["iso3"]).assign(year=2023, rounded=1, low=None, high=None)


def _component(heading: str, where: str) -> str | None:
    for start, name in COMPONENT.items():
        if heading.lower().startswith(start):
            return name
    raise UpstreamError(f"{where}: unknown heading {heading!r} (known beginnings: {', '.join(COMPONENT)}).")


def _codes(names: pd.Series, where: str) -> pd.Series:
    """Codes of the countries held; those an edition does not rank are absent, the six that matter must be there."""
    codes = names.str.strip().map(ISO3_OF_NAME | ALSO)
    coded(names.str.strip().rename("Country"), ("CHN", "DEU", "JPN", "KOR", "RUS", "TUR", "USA", "VNM"), where, ALSO)
    return codes.where(codes.isin(COUNTRIES))
