"""Who supplies the markets of the chip supply chain (Emerging Technology Observatory)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trilateral.recipes.reading import UpstreamError, csv, integers, mapped, numbers, require

INPUTS, PROVIDERS, PROVISION, SEQUENCE, STAGES = (
    "inputs.csv", "providers.csv", "provision.csv", "sequence.csv", "stages.csv",
)
SIZE = "market_share_chart_global_market_size_info"
SUPPLIERS = {name: name for name in (
    "AUT", "BLR", "CAN", "CHE", "CHN", "CZE", "DEU", "FRA", "GBR", "HUN", "ISR", "ITA", "JPN", "KOR", "LUX", "MYS", "NLD",
    "SGP", "SWE", "TWN", "USA")} | {"EUR": "europe", "Various countries": "various"}
STAGE = {"S1": "design", "S2": "fabrication", "S3": "assembly_and_test"}
KIND = {"design_resource": "design", "tool_resource": "tool", "material_resource": "material"}
SOFTWARE = "EDA and Core IP"  # the process whose inputs the source files under tools and materials
POINTS = 3  # rounding of a market's shares: 97 to 103 percent
MATCH = 0.8  # of the shares of nations, those within a point of the sum over the listed companies of the nation (0.93 now)


def tables(files: Mapping[str, bytes]) -> dict[str, pd.DataFrame]:
    """Two tables: one row a market or stage, and one row a market or stage and supplier nation.

    A market with sub-markets that have suppliers of their own is left out: its sub-markets stand for it.
    """
    inputs = require(csv(files, INPUTS), ["input_id", "input_name", "type", "stage_id", "year", SIZE], INPUTS)
    links = require(csv(files, SEQUENCE), ["input_id", "goes_into_id", "is_type_of_id"], SEQUENCE)
    stages = require(csv(files, STAGES), ["stage_id", "stage_name", SIZE], STAGES)
    inputs = inputs.set_index("input_id")
    supply = _supply(files, {*inputs.index, *stages["stage_id"]})
    kept = _leaves(supply, _submarkets(links, inputs["type"]))
    markets = _markets(inputs, stages, links, kept & set(inputs.index))
    supply = supply[supply["market_id"].isin(markets["market_id"])]
    years = supply.groupby("market_id")["year"].agg(["min", "max"])
    mixed = years.index[years["min"] != years["max"]]
    if len(mixed):
        raise UpstreamError(f"{PROVISION}, column year: rows of {mixed[0]} are of several years, one a market is expected.")
    given = supply.groupby("market_id")["share_percent"].count().gt(0).astype(int)
    markets = markets.assign(shares_given=markets["market_id"].map(given), year=markets["market_id"].map(years["min"]))
    return {
        "chip_markets": markets,
        "chip_suppliers": supply[["market_id", "supplier", "share_percent"]],
    }


def _supply(files: Mapping[str, bytes], known: set[str]) -> pd.DataFrame:
    providers = require(csv(files, PROVIDERS), ["provider_name", "provider_id", "provider_type", "country"], PROVIDERS)
    mapped(providers["provider_type"], {"country": 1, "organization": 1}, PROVIDERS)
    rows = require(csv(files, PROVISION), ["provider_id", "provided_id", "share_provided", "year"], PROVISION)
    nations = providers[providers["provider_type"] == "country"].set_index("provider_id")["provider_name"]
    companies = providers[providers["provider_type"] == "organization"].drop_duplicates("provider_id")  # a row an alias
    homes = companies.set_index("provider_id")["country"]
    strange = sorted(set(rows["provider_id"]) - set(nations.index) - set(homes.index)) + sorted(
        set(rows["provided_id"]) - known)
    if strange:
        raise UpstreamError(f"{PROVISION}: {strange[0]} is in none of {PROVIDERS}, {INPUTS} and {STAGES}. The files do not "
                            "belong to one release: fetch all five again.")
    rows = rows.assign(share_percent=numbers(rows["share_provided"], name=PROVISION), year=integers(rows["year"], PROVISION))
    supply = rows[rows["provider_id"].isin(nations.index)]
    supply = supply.assign(supplier=mapped(supply["provider_id"].map(nations).rename("provider_name"), SUPPLIERS, PROVIDERS))
    supply = supply.rename(columns={"provided_id": "market_id"})
    sums = supply.groupby("market_id")["share_percent"].sum(min_count=1).dropna()
    wrong = sums[(sums - 100).abs() > POINTS]
    if len(wrong):
        raise UpstreamError(f"{PROVISION}, column share_provided: shares of nations in {wrong.index[0]} add up to "
                            f"{wrong.iloc[0]:.1f}, not to 100 within {POINTS}. Rows were lost or a nation is listed twice.")
    _nationality(supply, rows.assign(supplier=rows["provider_id"].map(homes).map(SUPPLIERS)))
    return supply


def _nationality(supply: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Shares follow the nationality of companies; were they places of production, they would not match."""
    companies = rows.groupby(["provided_id", "supplier"])["share_percent"].sum(min_count=1).rename_axis(
        ["market_id", "supplier"])
    nations = supply[~supply["supplier"].isin(["europe", "various"])].set_index(["market_id", "supplier"])["share_percent"]
    both = pd.concat([companies, nations], axis=1, keys=["companies", "nations"]).dropna()
    match = (both["companies"] - both["nations"]).abs().le(1).mean()
    if not match >= MATCH:
        raise UpstreamError(f"{PROVISION}: only {match:.0%} of the nations' shares are the sum of the nation's companies. The "
                            "shares may now follow the place of production: read the documentation, adapt recipe and caveat.")


def _submarkets(links: pd.DataFrame, kinds: pd.Series) -> dict[str, set[str]]:
    """Sub-markets of a market: its sub-types, and what goes into it and is of its own kind (tools into tools)."""
    same = links["input_id"].map(kinds).eq(links["goes_into_id"].map(kinds)) & links["input_id"].map(kinds).ne("process")
    parent = links["is_type_of_id"].fillna(links["goes_into_id"].where(same))
    return {market: set(rows) for market, rows in links["input_id"].groupby(parent)}


def _below(market: str, submarkets: Mapping[str, set[str]]) -> set[str]:
    direct = submarkets.get(market, set())
    return direct.union(*(_below(one, submarkets) for one in direct))


def _leaves(supply: pd.DataFrame, submarkets: Mapping[str, set[str]]) -> set[str]:
    """Markets that no other market with suppliers subdivides; one with shares yields only to sub-markets with shares."""
    listed, shared = set(supply["market_id"]), set(supply.loc[supply["share_percent"].notna(), "market_id"])
    return {market for market in listed
            if not _below(market, submarkets) & (shared if market in shared else listed)}


def _markets(inputs: pd.DataFrame, stages: pd.DataFrame, links: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    parents = pd.concat([
        links[["input_id", column]].set_axis(["input", "parent"], axis=1) for column in ("goes_into_id", "is_type_of_id")
    ]).dropna()
    upward = {market: set(rows) for market, rows in parents["parent"].groupby(parents["input"])}
    chosen = inputs.loc[sorted(kept)]
    software = set(links.loc[links["goes_into_id"].map(inputs["input_name"]) == SOFTWARE, "input_id"])
    if not software:
        raise UpstreamError(f"{SEQUENCE}: nothing goes into {SOFTWARE!r}. Look up how the file names it; adapt the recipe.")
    kinds = mapped(chosen["type"], KIND, INPUTS)
    kinds[kinds.index.isin(software)] = "software"
    ours = pd.DataFrame({
        "market_id": chosen.index, "market": chosen["input_name"], "level": "market", "kind": kinds,
        "stage": [_stage(market, upward, inputs["stage_id"]) for market in chosen.index],
    })
    whole = pd.DataFrame({
        "market_id": stages["stage_id"], "market": stages["stage_name"], "level": "stage", "kind": None,
        "stage": mapped(stages["stage_id"], STAGE, STAGES),
    })
    sizes = pd.concat([chosen[SIZE], stages.set_index("stage_id")[SIZE]])
    return pd.concat([ours, whole]).assign(size_usd_million=lambda frame: frame["market_id"].map(_size(sizes)))


def _stage(market: str, upward: Mapping[str, set[str]], stage_of: pd.Series) -> str:
    """Earliest stage that the market's output reaches first."""
    seen, front = set(), {market}
    while front:
        found = sorted(stage_of[one] for one in front if isinstance(stage_of[one], str))
        if found:
            return STAGE[found[0]]
        seen |= front
        front = set().union(*(upward.get(one, set()) for one in front)) - seen
    raise UpstreamError(f"{SEQUENCE}: {market} leads to no stage. A link is missing, or the format has changed.")


def _size(texts: pd.Series) -> pd.Series:
    """Million dollars where the text is a plain amount; a remark means that another market is measured."""
    parts = texts.str.extract(r"^\$([\d.]+) (million|billion)(?: \(\d{4}\))?$")
    return (pd.to_numeric(parts[0]) * parts[1].map({"million": 1.0, "billion": 1000.0})).round(1)
