"""Sources on trade and travel that measure the same thing agree within what their definitions allow."""

from __future__ import annotations

import pandas as pd
import pytest

from trilateral import data


@pytest.fixture(scope="module")
def partners():
    return data.load("trade_partners").frame


@pytest.fixture(scope="module")
def monthly():
    frame = data.load("monthly_trade_china").frame
    keys = [frame["iso3"], frame["flow"], frame["month"].dt.year.rename("year")]
    return frame[["usd_million", "jpy_million"]].groupby(keys).sum()


def annual(partners, iso3, flow, partner):
    rows = partners.query(f"iso3 == '{iso3}' and flow == '{flow}' and partner == '{partner}'")
    return rows.set_index("year")["usd_million"]


@pytest.mark.parametrize("flow", ["export", "import"])
def test_the_months_of_korean_trade_with_china_add_up_to_the_year_of_the_world_bank(monthly, partners, flow):
    """One source upstream, the Korean customs: a thousandth leaves room for one later revision (2014, 0.03 percent)."""
    ratio = monthly.loc[("KOR", flow)]["usd_million"] / annual(partners, "KOR", flow, "CHN")
    assert ratio.notna().sum() == 19
    assert ratio.dropna().between(0.999, 1.001).all()


def test_the_months_of_american_trade_with_china_come_near_the_year_of_the_world_bank(monthly, partners):
    """The World Bank values American imports with freight, the Census Bureau without: up to 7 percent apart; exports 4."""
    imports = (monthly.loc[("USA", "import")]["usd_million"] / annual(partners, "USA", "import", "CHN")).dropna()
    exports = (monthly.loc[("USA", "export")]["usd_million"] / annual(partners, "USA", "export", "CHN")).dropna()
    assert imports.between(0.93, 1.001).all()
    assert exports.between(0.96, 1.01).all()


def test_the_months_of_japanese_trade_with_china_imply_one_exchange_rate_a_year(monthly, partners):
    """Both flows of a year are turned into dollars at nearly the same rate, between 75 and 130 yen in 2001 to 2019."""
    rates = pd.DataFrame({flow: monthly.loc[("JPN", flow)]["jpy_million"] / annual(partners, "JPN", flow, "CHN")
                          for flow in ("export", "import")}).dropna()
    assert len(rates) == 19
    assert (rates["export"] / rates["import"]).between(0.995, 1.005).all()
    assert rates["export"].between(75, 130).all()


def test_both_tables_from_the_world_bank_give_china_the_same_share(partners):
    """Cut from the same files: equal to the last digit."""
    old = data.load("merchandise_trade_china").frame
    new = partners[partners["partner"] == "CHN"].pivot(index=["iso3", "year"], columns="flow", values="partner_share")
    both = old.merge(new.reset_index(), on=["iso3", "year"], how="left")
    for flow in ("export", "import"):
        assert both[flow].equals(both[f"{flow}_share_china"])


def test_the_two_sides_of_korean_exports_to_china_differ_by_a_known_factor(partners):
    """China counts freight and goods through Hong Kong: 1.1 to 1.4 times what South Korea reports, never less."""
    factor = (annual(partners, "CHN", "import", "KOR") / annual(partners, "KOR", "export", "CHN")).dropna()
    assert len(factor) == 28
    assert factor.between(1.09, 1.37).all()


def test_the_two_sides_of_japanese_exports_to_korea_differ_by_freight_alone(partners):
    """No port lies between them: imports with freight are 2 to 10 percent above exports without."""
    factor = (annual(partners, "KOR", "import", "JPN") / annual(partners, "JPN", "export", "KOR")).dropna()
    assert len(factor) >= 33
    assert factor.between(1.02, 1.10).all()


def test_american_imports_from_korea_fit_the_korean_exports_collected_by_hand():
    """Time at sea and goods through other countries: the American figure is 0 to 4 percent above the Korean."""
    imports = data.load("us_goods_imports").frame.query("partner == 'KOR'")
    years = imports.groupby(imports["month"].dt.year)["usd_million"].sum() / 1000
    by_hand = data.load("recent_trade").frame.query(
        "iso3 == 'KOR' and partner == 'USA' and flow == 'export' and period == 'calendar-year'")
    exports = by_hand.set_index(by_hand["start"].dt.year)["usd_billion"]
    ratio = (years / exports).loc[[2020, 2023, 2024]]
    assert ratio.between(1, 1.04).all()


def test_american_imports_from_korea_in_2025_fit_the_eleven_months_collected_by_hand():
    """Seven months against eleven, without season or tariffs: the monthly means are within 10 percent."""
    seven = data.load("us_goods_imports").frame.query("partner == 'KOR' and month >= '2025-01'")["usd_million"]
    eleven = data.load("recent_trade").frame.query("iso3 == 'USA' and partner == 'KOR' and period == 'part-year'")
    assert len(seven) == 7
    assert seven.mean() / 1000 == pytest.approx(eleven["usd_billion"].iloc[0] / 11, rel=0.1)


def test_american_imports_are_below_those_of_the_world_bank_by_freight():
    """2020 and 2021: customs value against value with freight and insurance, 3 to 4 percent."""
    imports = data.load("us_goods_imports").frame.query("partner == 'WLD'")
    years = imports.groupby(imports["month"].dt.year)["usd_million"].sum()
    partners = data.load("trade_partners").frame
    ratio = (years / annual(partners, "USA", "import", "WLD")).dropna()
    assert list(ratio.index) == [2020, 2021]
    assert ratio.between(0.96, 0.97).all()


def test_korean_trade_collected_by_hand_agrees_with_the_world_bank_where_both_have_it(partners):
    """First figures against revised ones: within 0.3 percent."""
    by_hand = data.load("recent_trade").frame.query(
        "iso3 == 'KOR' and period == 'calendar-year' and flow in ('export', 'import')")
    by_hand = by_hand.assign(year=by_hand["start"].dt.year)
    both = by_hand.merge(partners, on=["iso3", "partner", "flow", "year"])
    assert len(both) >= 9
    assert (both["usd_billion"] * 1000 / both["usd_million"]).between(0.997, 1.003).all()


def test_two_way_trade_of_japan_and_korea_collected_by_hand_is_the_sum_of_the_flows(partners):
    """Printed to a tenth of a billion dollars: within 0.3 percent."""
    flows = annual(partners, "KOR", "export", "JPN") + annual(partners, "KOR", "import", "JPN")
    by_hand = data.load("recent_trade").frame.query("flow == 'two-way'")
    totals = by_hand.set_index(by_hand["start"].dt.year)["usd_billion"]
    assert (totals * 1000 / flows).dropna().between(0.997, 1.003).all()


def test_both_releases_of_visitors_to_japan_agree_where_they_overlap():
    """Equal in every final month; an early estimate is rounded to a hundred, so off by no more than about half of that."""
    frame = data.load("visitors_to_japan").frame
    sides = [frame[frame["edition"] == edition] for edition in ("workbook", "dashboard")]
    both = sides[0].merge(sides[1], on=["nationality", "month"], suffixes=("", "_later"))
    off = (both["arrivals"] - both["arrivals_later"]).abs()
    final = both["estimate"] == 0
    assert final.sum() == 30 * 39
    assert (off[final] == 0).all()
    assert (off[~final] <= 55).all()


def test_the_kept_nationalities_of_visitors_to_korea_make_up_most_of_the_world():
    """Groups without a row of their own and overseas Koreans are at most 8 percent before the pandemic."""
    frame = data.load("visitors_to_korea").frame.query("month < '2020-02'")
    parts = frame[frame["nationality"] != "WLD"].groupby("month")["total"].sum()
    world = frame[frame["nationality"] == "WLD"].set_index("month")["total"]
    assert (parts / world).between(0.92, 1).all()


def test_visitors_and_entries_of_korea_differ_in_level_as_their_caveat_says():
    """Why the two are never joined: the ratio differs by nationality and, for China, by month."""
    visitors, entries = data.load("visitors_to_korea").frame, data.load("entries_to_korea").frame
    both = visitors.merge(entries, on=["nationality", "month"])
    assert both["month"].nunique() == 24
    both["ratio"] = both["entries"] / both["total"]
    both["with_ethnic_koreans"] = (both["entries"] + both["ethnic_korean_entries"]) / both["total"]
    of = both.set_index("nationality")
    assert of.loc["CHN", "ratio"].between(0.78, 0.94).all()
    assert of.loc["CHN", "with_ethnic_koreans"].between(1.03, 1.07).all()
    assert of.loc["JPN", "ratio"].between(1.00, 1.03).all()
    assert of.loc["USA", "ratio"].between(1.06, 1.17).all()
    assert of.loc["WLD", "ratio"].between(1.01, 1.04).all()


def test_modeled_shares_are_not_those_of_the_customs():
    """The model gives China a fifth more of South Korea's exports than the customs do: 25 against under 20 percent (2023)."""
    modeled = data.load("modeled_trade_partners").frame.query("iso3 == 'KOR' and flow == 'export' and partner == 'CHN'")
    rows = data.load("recent_trade").frame.query("iso3 == 'KOR' and flow == 'export'")
    customs = rows[rows["start"].dt.year == 2023].set_index("partner")["usd_billion"]
    share = customs["CHN"] / customs["WLD"] * 100
    assert 19 < share < 20
    assert modeled["partner_share"].iloc[0] - share > 5


def test_chinese_tourists_stayed_away_from_korea_in_2017_and_students_did_not():
    """The contrast that the purposes are kept for: same months of 2017 and 2016, March to December."""
    frame = data.load("visitors_to_korea").frame.query("nationality == 'CHN'")
    frame = frame[frame["month"].dt.month >= 3]
    years = frame.groupby(frame["month"].dt.year)[["tourism", "study"]].sum()
    change = years.loc[2017] / years.loc[2016] - 1
    assert change["tourism"] < -0.5
    assert change["study"] > 0
