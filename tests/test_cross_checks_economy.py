"""Sources on sanctions, agreements and rare earths against each other, on the committed tables."""

from __future__ import annotations

import pandas as pd
import pytest

from trilateral import data


def frame(name):
    return data.load(name).frame


def test_the_two_editions_of_the_un_list_agree_where_they_overlap():
    # Nobody can be listed after the fact: up to the older edition the newer one has the same entries or fewer (removals).
    # North Korea had no removals between the two, so there the counts are equal. No tolerance.
    listed = frame("un_designations")
    early = listed[listed["date"] <= "2020-11-30"]
    assert (early["listed_2025"] <= early["listed_2020"]).all()
    assert (listed.loc[listed["date"] > "2020-11-30", "listed_2020"] == 0).all()
    korea = listed[listed["regime"] == "north-korea"]
    assert (korea["listed_2020"] == korea["listed_2025"]).all()
    assert korea["listed_2025"].sum() == 155


def test_the_latest_listing_of_the_milestones_is_that_of_the_un_list():
    # By date and by the number of entries on the day. No tolerance.
    korea = frame("un_designations").query("regime == 'north-korea'")
    latest = korea[korea["date"] == korea["date"].max()]
    stone = frame("sanctions_milestones").set_index("id").loc["un-last-designation"]
    assert str(latest["date"].iloc[0])[:10] == stone["date"]
    assert stone["detail"].startswith(f"{latest['listed_2025'].sum()} entries")


def test_nobody_was_listed_before_the_un_sanctions_began():
    stone = frame("sanctions_milestones").set_index("id").loc["un-sanctions-begin", "date"]
    first = frame("un_designations").query("regime == 'north-korea'")["date"].min()
    assert str(first)[:4] > stone


def test_announced_american_rounds_show_in_the_treasury_panel_two_times_of_three():
    # The panel counts by address: agents abroad are not under North Korea. December 2022 (3 listed) has 4 additions, November
    # 2023 (9 listed) has 3, August 2023 (2 listed) none. Tolerance: at least half of the rounds leave an addition.
    rounds = frame("sanctions_rounds").query("sender == 'USA'")["date"].str[:7]
    panel = frame("ofac_listed_entries").query("iso3 == 'PRK'").set_index("month")["additions"]
    panel.index = panel.index.astype(str).str[:7]
    seen = [panel.get(month, 0) > 0 for month in rounds]
    assert sum(seen) >= len(seen) / 2


def test_the_sanction_cases_against_north_korea_begin_with_the_un_sanctions():
    # Years only; the database, the milestones and the UN press page give the same year. No tolerance.
    cases = frame("sanction_targets").query("sender == 'UN' and target == 'PRK' and begin_year > 2000")
    assert str(cases["begin_year"].min()) == frame("sanctions_milestones").set_index("id").loc["un-sanctions-begin", "date"]


def test_the_sanctions_database_misses_the_chinese_pressure_on_japan_and_south_korea():
    # Why the episodes are collected by hand: none of these is a case of the database. Those it has begin in the same year.
    coded = frame("sanction_targets").query("sender == 'CHN'")
    episodes = frame("coercion_events").query("sender == 'CHN'")
    assert coded[coded["target"].isin(["JPN", "KOR"])].empty
    assert episodes["target"].isin(["JPN", "KOR"]).sum() >= 10
    for target in ("NOR", "LTU"):
        begin = coded.loc[(coded["target"] == target), "begin_year"].unique().tolist()
        assert begin == [int(episodes.loc[episodes["target"] == target, "start"].iloc[0][:4])]


@pytest.mark.parametrize(
    ("agreement", "name", "country"),
    [("KORUS FTA", "Korea US", "KOR"), ("China-Korea FTA", "China Korea", "CHN"),
     ("CPTPP", "Comprehensive and Progressive Agreement for Transpacific Partnership (CPTPP)", "JPN")],
)
def test_memberships_collected_by_hand_agree_with_the_list_of_agreements(agreement, name, country):
    # Year of entry into force and of signature, no tolerance.
    listed = frame("trade_agreements").set_index("name").loc[name]
    by_hand = frame("economic_agreements").set_index(["agreement", "iso3"]).loc[(agreement, country)]
    assert int(by_hand["since"][:4]) == listed["in_force_year"]
    assert int(by_hand["signed"][:4]) == listed["signed_year"]


def test_japan_and_south_korea_share_no_agreement_before_rcep():
    members = frame("trade_agreement_members").query("how != 'negotiating'")
    shared = set(members.query("iso3 == 'JPN'")["agreement"]) & set(members.query("iso3 == 'KOR'")["agreement"])
    assert not shared
    rcep = frame("economic_agreements").query("agreement == 'RCEP'").set_index("iso3")["status"]
    assert (rcep["JPN"], rcep["KOR"], rcep["USA"]) == ("in-force", "in-force", "not-a-member")


def test_founders_are_counted_as_listed():
    members = frame("trade_agreement_members").query("how == 'founder'").groupby("agreement").size()
    founders = frame("trade_agreements").dropna(subset=["founders"]).set_index("agreement")["founders"]
    assert founders.astype(int).to_dict() == members.to_dict()


def test_shares_of_rare_earth_imports_are_those_of_the_weights():
    # 634 of 1,173 tonnes and 1,127 of 1,478 tonnes; the shares are rounded to a percent, so half a point is allowed.
    table = frame("rare_earths").set_index(["indicator", "period"])["value"]
    for month in ("2010-11", "2026-01"):
        share = 100 * table["japan-imports-from-china", month] / table["japan-imports-world", month]
        assert share == pytest.approx(table["japan-imports-share-china", month], abs=0.5)


def test_the_south_korean_count_of_the_trade_with_north_korea_is_the_chinese_one_and_crude_oil():
    # KOTRA adds an estimate of some 500,000 tonnes of crude oil a year. Measured: 222 million dollars (2020) to 530 (2022).
    # Bounds: 200 to 550 million, which is 55 to 150 dollars a barrel at 7.3 barrels a tonne.
    table = frame("china_dprk_trade").pivot(index="year", columns="compiler", values="total_usd_million")
    oil = (table["KOTRA"] - table["GAC"]).dropna()
    assert oil.between(200, 550).all() and len(oil) >= 6


def test_the_south_korean_trade_association_repeats_the_chinese_customs_and_lacks_the_oil():
    # KOTRA put the oil of 2019 at 290 million dollars; its total is rounded to ten million.
    table = frame("china_dprk_trade").set_index(["year", "compiler"])["total_usd_million"]
    assert table[2019, "KOTRA"] - table[2019, "KITA"] == pytest.approx(290, abs=10)


def test_hydrogen_fluoride_has_two_counts_a_tenth_apart():
    # Exports and imports of a month are cleared at different times; 479 and 529.9 tonnes, 11 percent. Bounds: 5 to 15 percent.
    sizes = frame("coercion_magnitudes").query("period == '2019-07'").set_index("measure")["value"]
    exports, imports = sizes["japanese-hydrogen-fluoride-exports"], sizes["korean-hydrogen-fluoride-imports"]
    assert imports / exports == pytest.approx(1.1, abs=0.05)


def test_the_treasury_panel_has_no_missing_month():
    months = pd.PeriodIndex(frame("ofac_listed_entries")["month"].astype(str).str[:7].unique(), freq="M").sort_values()
    assert len(months) == 48 and (months[-1] - months[0]).n == 47
