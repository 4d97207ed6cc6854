"""Tables agree with dated events of the public record, and where a fact stands twice, with themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from trilateral.data import load


def test_nuclear_tests_lie_on_the_days_that_the_resolutions_on_them_name():
    # Security Council resolutions 1718, 1874, 2094, 2270, 2321 and 2375
    events = load("nk_provocations").frame
    assert [f"{day:%Y-%m-%d}" for day in pd.to_datetime(events.loc[events["type"] == "nuclear", "date"])] == [
        "2006-10-09", "2009-05-25", "2013-02-12", "2016-01-06", "2016-09-09", "2017-09-03"]
    flown = pd.to_datetime(events.loc[events["kind"] == "icbm", "date"])
    assert {f"{day:%Y-%m-%d}" for day in flown if day.year == 2017} == {"2017-07-04", "2017-07-28", "2017-11-29"}  # local days
    assert not (pd.to_datetime(events["date"]).dt.year == 2018).any()  # announced on 20 April 2018: no more tests


def test_speeches_speak_of_north_korea_most_in_the_years_of_its_nuclear_tests():
    # The debate of 2017 followed the sixth test by two weeks; South Korea's own record is of 2016, after the fifth.
    said = load("un_speech_terms").frame
    most = {iso3: part.set_index("year")["n_dprk"].idxmax() for iso3, part in said.groupby("iso3")}
    assert {iso3: most[iso3] for iso3 in ("USA", "JPN", "AUS", "GBR", "PRK", "KOR")} == {
        "USA": 2017, "JPN": 2017, "AUS": 2017, "GBR": 2017, "PRK": 2017, "KOR": 2016}


def test_countries_name_themselves_and_their_own_quarrels_most():
    said = load("un_speech_terms").frame
    sums = said.groupby("iso3").sum(numeric_only=True)
    assert sums["n_dprk"].nlargest(3).index.tolist() == ["PRK", "KOR", "JPN"]
    assert sums["n_rok"].nlargest(2).index.tolist() == ["KOR", "PRK"]
    assert (sums["n_japan"].idxmax(), sums["n_china"].idxmax(), sums["n_taiwan"].idxmax()) == ("JPN", "CHN", "CHN")
    assert set(sums["n_south_east_china_sea"].nlargest(2).index) == {"PHL", "VNM"}
    assert set(sums["n_history_issue"].nlargest(3).index) == {"PRK", "CHN", "KOR"}
    counts = said[[name for name in said if name.startswith("n_")]].max(axis=1)
    assert (counts / said["words"]).max() < 0.04  # no term is more than a 25th of a speech
    assert (said["words"] / said["sentences"]).between(9, 45).all()  # a sentence of a speech; shortest mean 9, longest 45
    assert (said["s_dprk"] <= said["n_dprk"]).all() and (said["s_china"] <= said["n_china"]).all()
    assert (said["s_china_hostile"] <= said["s_china"]).all() and (said["s_china"] <= said["sentences"]).all()


@pytest.mark.parametrize(("target", "month", "place"), [
    ("RUS", "1983-09", 1),  # an airliner shot down on 1 September
    ("CHN", "1989-06", 1),  # Tiananmen Square, 4 June
    ("CHN", "2010-10", 2),  # the collision off the Senkaku Islands, 7 September
    ("PRK", "1988-02", 1),  # the bombing of an airliner confessed on 15 January
    ("PRK", "1998-09", 2),  # a missile over Japan on 31 August
    ("KOR", "2012-09", 1),  # the president on the disputed islets, 10 August
])
def test_dislike_in_the_jiji_poll_rises_most_after_what_is_known_to_have_angered(target, month, place):
    polls = load("jiji_monthly").frame
    polls = polls[polls["target"] == target]
    rises = polls.set_index(polls["month"].astype(str).str[:7])["disliked"].diff()
    assert month in rises.nlargest(place).index


def test_the_jiji_poll_has_one_most_liked_and_one_feared_country_and_answers_of_one_size():
    polls = load("jiji_monthly").frame
    yearly = polls.assign(year=polls["month"].astype(str).str[:4]).pivot_table(
        index="year", columns="target", values=["liked", "disliked"])
    assert set(yearly["liked"].idxmax(axis=1)) == {"USA"} and set(yearly["disliked"].idxmax(axis=1)) == {"PRK", "RUS"}
    assert (polls["liked"] + polls["disliked"]).max() <= 100 and polls["respondents"].dropna().between(1200, 1650).all()


def test_sanctions_seen_from_both_senders_are_the_same():
    pairs = load("sanction_overlap").frame
    both = pairs.merge(pairs, left_on=["year", "sender", "other"], right_on=["year", "other", "sender"], suffixes=("", "_back"))
    assert len(both) == len(pairs) and (both["shared_targets"] == both["shared_targets_back"]).all()
    assert (both["targets"] == both["other_targets_back"]).all()
    assert (pairs["shared_targets"] <= pairs[["targets", "other_targets"]].min(axis=1)).all()
    ordered = pairs[["new_same_year", "new_shared", "new_targets", "targets"]].to_numpy()
    assert (ordered[:, :-1] <= ordered[:, 1:]).all() and (pairs["narrow_targets"] <= pairs["new_targets"]).all()
    senders = pairs.groupby(["year", "sender"])["targets"].first().unstack()
    assert set(senders.idxmax(axis=1)) == {"USA"}


def test_days_on_which_doses_were_reached_lie_between_the_weeks_of_the_doses_themselves():
    reached, doses = load("vaccine_dose_dates").frame.dropna(subset=["date"]), load("vaccine_doses").frame
    persons = load("populations").frame.set_index(["iso3", "source"])["persons"]
    weeks = {iso3: part.sort_values("week") for iso3, part in doses.groupby("iso3")}
    assert len(reached) > 700
    for row in reached.itertuples():
        asked, week = row.doses_per_100 * persons[row.iso3, row.population] / 100, weeks[row.iso3]
        before, after = week.loc[week["week"] < row.date, "doses"], week.loc[week["week"] >= row.date, "doses"]
        assert not (before >= asked).any() and (after.empty or after.iloc[0] >= asked), row


def test_levels_of_tracing_follow_one_another_day_by_day():
    rules = load("covid_tracing_rules").frame.sort_values(["iso3", "rule", "start"])
    spells = rules.groupby(["iso3", "rule"])
    following = spells["start"].shift(-1)
    apart = (pd.to_datetime(following) - pd.to_datetime(rules["end"])).dt.days.dropna()
    assert (apart == 1).all() and not (spells["level"].diff() == 0).any()
    late = {key for key, start in spells["start"].min().items() if start != pd.Timestamp("2020-01-01")}
    assert late == {("AUT", "contact-tracing"), ("NZL", "testing")}  # not coded before


def test_two_collections_of_disputes_agree_on_pairs_and_first_years():
    # Gibler, Miller and Little re-read the sources of the Correlates of War: what they keep should mostly be there.
    disputes = load("militarized_disputes").frame
    found = {name: set(part[["iso3_a", "iso3_b", "year_start"]].itertuples(index=False, name=None))
             for name, part in disputes.groupby("dataset")}
    cow = found.pop("COW")
    (reread,) = found.values()
    assert len(reread & cow) / len(reread) > 0.9
