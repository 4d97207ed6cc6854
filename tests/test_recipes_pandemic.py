"""The recipes of the pandemic tables handle the traps of their sources."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from trilateral import data
from trilateral.recipes import (
    economist_excess_deaths,
    excess_death_estimates,
    jhu_vaccine_doses,
    owid_covid_testing,
    oxcgrt_policy,
    who_covid_weekly,
    who_vaccination_snapshots,
)
from trilateral.recipes.countries import OECD
from trilateral.recipes.reading import UpstreamError


def text(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def read(raw: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(raw), dtype=str)


# ---- deaths (The Economist)

EFFECT, SLOPE = {1: 100.0, 2: 90.0, 30: 80.0}, 2.0  # deaths a day in 2017 by week or month, and their growth a year


def period(country, frequency, year, slot, start, days, total=5000.0, covid=10.0, region=None, population=1000):
    expected = (EFFECT[slot] + SLOPE * (year - 2017)) * days
    end = pd.Timestamp(start) + pd.Timedelta(days=days - 1)
    return {
        "country": country, "region": region or country, "region_code": "0", "start_date": start, "end_date": f"{end:%Y-%m-%d}",
        "days": days, "year": year, frequency: slot, "population": population, "total_deaths": total, "covid_deaths": covid,
        "expected_deaths": expected, "excess_deaths": total - expected, "excess_deaths_pct_change": total / expected - 1,
    }


@pytest.fixture
def deaths(monkeypatch):
    """Korea by week and Japan by month, two years each, as the two files."""
    monkeypatch.setattr(economist_excess_deaths, "COUNTRIES", ("GBR", "JPN", "KOR"))
    weekly = [period(country, "week", year, slot, start, 7)
              for country in ("South Korea", "Britain")
              for year, slot, start in ((2022, 1, "2022-01-03"), (2022, 2, "2022-01-10"))]
    weekly += [period("South Korea", "week", 2022, 30, "2022-01-17", 7)]
    monthly = [period("Japan", "month", 2023, 1, "2023-01-01", 31), period("Japan", "month", 2023, 2, "2023-02-01", 28)]
    weekly += [period("South Korea", "week", 2023, 1, "2022-01-24", 7), period("Britain", "week", 2023, 1, "2022-01-17", 7)]
    monthly += [period("Japan", "month", 2024, 1, "2023-03-01", 31, covid=0.0)]
    return {"all_weekly_excess_deaths.csv": pd.DataFrame(weekly), "all_monthly_excess_deaths.csv": pd.DataFrame(monthly)}


def made(deaths):
    return economist_excess_deaths.tables({name: text(frame) for name, frame in deaths.items()})["excess_deaths"]


def test_weekly_and_monthly_countries_stand_in_one_table(deaths):
    frame = made(deaths)
    assert frame.groupby("iso3")["frequency"].unique().explode().to_dict() == {"GBR": "week", "JPN": "month", "KOR": "week"}


def test_regions_are_not_counted_beside_their_country(deaths):
    state = period("Britain", "week", 2022, 1, "2022-01-03", 7, region="Wales")
    weekly = deaths["all_weekly_excess_deaths.csv"]
    deaths["all_weekly_excess_deaths.csv"] = pd.concat([weekly, pd.DataFrame([state])])
    assert len(made(deaths)) == len(weekly) + 3


def test_a_country_in_both_files_stops_the_recipe(deaths):
    japan = period("Japan", "week", 2022, 1, "2022-01-03", 7)
    deaths["all_weekly_excess_deaths.csv"] = pd.concat([deaths["all_weekly_excess_deaths.csv"], pd.DataFrame([japan])])
    with pytest.raises(UpstreamError, match=r"all_weekly_excess_deaths\.csv, column country: JPN .* would count twice"):
        made(deaths)


def test_overlapping_periods_of_a_country_stop_the_recipe(deaths):
    deaths["all_weekly_excess_deaths.csv"].loc[0, "end_date"] = "2022-01-12"
    with pytest.raises(UpstreamError, match="KOR: the period from 2022-01-10 overlaps the one before or leaves a gap"):
        made(deaths)


def test_zeros_after_the_end_of_the_death_feed_are_not_deaths(deaths):
    japan = made(deaths).query("iso3 == 'JPN'").set_index("start")["covid_deaths"]
    assert japan["2023-02-01"] == 10
    assert pd.isna(japan["2023-03-01"])


def test_a_change_in_percent_instead_of_a_fraction_stops_the_recipe(deaths):
    deaths["all_monthly_excess_deaths.csv"]["excess_deaths_pct_change"] *= 100
    with pytest.raises(UpstreamError, match=r"JPN from 2023-01-01: .* as a fraction of expected"):
        made(deaths)


def test_swapped_columns_of_deaths_stop_the_recipe(deaths):
    swap = {"total_deaths": "expected_deaths", "expected_deaths": "total_deaths"}
    deaths["all_weekly_excess_deaths.csv"] = deaths["all_weekly_excess_deaths.csv"].rename(columns=swap)
    with pytest.raises(UpstreamError, match="Columns are swapped or in another unit"):
        made(deaths)


def test_the_baseline_without_trend_is_the_effect_of_the_season(deaths):
    frame = made(deaths)
    japan = frame[frame["iso3"] == "JPN"].set_index("start")["expected_without_trend"]
    assert japan["2023-01-01"] == 100 * 31
    assert japan["2023-02-01"] == 90 * 28
    assert japan["2023-03-01"] == 100 * 31
    assert set(frame.loc[frame["iso3"] == "KOR", "expected_without_trend"]) == {700, 630, 560}


def test_another_model_of_expected_deaths_stops_the_recipe(deaths):
    weekly = deaths["all_weekly_excess_deaths.csv"]
    more = pd.DataFrame([period("South Korea", "week", 2024, 1, "2022-01-31", 7)])
    more["expected_deaths"] += 50
    more["excess_deaths"] -= 50
    more["excess_deaths_pct_change"] = more["excess_deaths"] / more["expected_deaths"]
    deaths["all_weekly_excess_deaths.csv"] = pd.concat([weekly, more])
    with pytest.raises(UpstreamError, match=r"KOR from .* is not an effect of the week or month plus a straight trend"):
        made(deaths)


def test_a_respelled_country_of_the_deaths_is_named(deaths):
    monthly = deaths["all_monthly_excess_deaths.csv"]
    deaths["all_monthly_excess_deaths.csv"] = monthly.replace("Japan", "Nippon")
    with pytest.raises(UpstreamError, match=r"all_monthly_excess_deaths\.csv, column country: JPN not found"):
        made(deaths)


def test_the_baseline_without_trend_is_the_published_average_of_japan_2015_to_2019():
    # Deaths of Japan in April and October 2015-2019 in output-data/historical-deaths/japan_monthly_deaths.csv of The Economist
    april = [104886, 105264, 108422, 108977, 112790]
    october = [107928, 109608, 110422, 112320, 114284]
    japan = data.load("excess_deaths").frame.query("iso3 == 'JPN'").set_index("start")["expected_without_trend"]
    for year in (2020, 2021, 2024):
        assert japan[pd.Timestamp(year, 4, 1)] == pytest.approx(sum(april) / 5, abs=0.05)
        assert japan[pd.Timestamp(year, 10, 1)] == pytest.approx(sum(october) / 5, abs=0.05)


def test_the_baseline_without_trend_is_the_published_average_of_korea_2015_to_2019():
    # Weeks 9 and 10 of 2015-2019 in output-data/historical-deaths/south_korea_weekly_deaths.csv of The Economist
    korea = data.load("excess_deaths").frame.query("iso3 == 'KOR'").set_index("start")["expected_without_trend"]
    assert korea[pd.Timestamp("2020-02-24")] == pytest.approx((6070 + 6105 + 5554 + 5938 + 5683) / 5, abs=0.05)
    assert korea[pd.Timestamp("2020-03-02")] == pytest.approx((6090 + 5679 + 5440 + 5940 + 5840) / 5, abs=0.05)


def test_deaths_cover_every_oecd_member_once_a_day():
    frame = data.load("excess_deaths").frame
    assert set(OECD) <= set(frame["iso3"])
    span = frame.groupby("iso3").agg(first=("start", "min"), last=("end", "max"))
    days = ((frame["end"] - frame["start"]).dt.days + 1).groupby(frame["iso3"]).sum()
    assert (days == (span["last"] - span["first"]).dt.days + 1).all()
    assert span.loc["KOR", "last"] == pd.Timestamp("2023-10-01")
    assert span.loc["JPN", "last"] == pd.Timestamp("2024-12-31")


# ---- reported cases and deaths (WHO)


def reports(codes=("JP", "KR"), deaths=(None, 5, -2)):
    weeks = ["2020-01-05", "2020-01-12", "2020-01-19"]
    rows = []
    for code in codes:
        total = 0
        for week, new in zip(weeks, deaths, strict=True):
            total += new or 0
            rows.append({"Date_reported": week, "Country_code": code, "Country": code, "New_cases": "", "Cumulative_cases": 0,
                         "New_deaths": new, "Cumulative_deaths": total})
    return pd.DataFrame(rows).astype({"New_deaths": "Int64"})


@pytest.fixture
def two_reporters(monkeypatch):
    monkeypatch.setattr(who_covid_weekly, "ISO3_OF_CODE", {"JP": "JPN", "KR": "KOR"})


def weekly_reports(frame):
    return who_covid_weekly.tables({who_covid_weekly.FILE: text(frame)})["covid_reports"]


@pytest.mark.usefixtures("two_reporters")
def test_an_empty_week_stays_empty_and_a_correction_negative():
    korea = weekly_reports(reports()).query("iso3 == 'KOR'")["deaths"].tolist()
    assert pd.isna(korea[0])
    assert korea[1:] == [5, -2]


@pytest.mark.usefixtures("two_reporters")
@pytest.mark.parametrize("code", ["<b>JP</b>", "=JP"])
def test_a_first_week_whose_country_code_was_changed_stops_the_recipe(code):
    damaged = reports()
    damaged.loc[0, "Country_code"] = code
    with pytest.raises(UpstreamError, match="JP: begins with 2020-01-12, others with 2020-01-05"):
        weekly_reports(damaged)


@pytest.mark.usefixtures("two_reporters")
def test_weeks_that_do_not_add_up_to_the_running_total_stop_the_recipe():
    damaged = reports()
    damaged.loc[2, "New_deaths"] = 0
    with pytest.raises(UpstreamError, match="JP, week to 2020-01-19: New_deaths add up to 5, Cumulative_deaths says 3"):
        weekly_reports(damaged)


@pytest.mark.usefixtures("two_reporters")
def test_a_missing_week_of_reports_is_named():
    with pytest.raises(UpstreamError, match="JP, Date_reported 2020-01-19: weeks no longer end on Sunday or one is missing"):
        weekly_reports(reports().drop(index=1))


@pytest.mark.usefixtures("two_reporters")
def test_a_truncated_file_of_reports_names_the_lost_country():
    with pytest.raises(UpstreamError, match=r"KR not found. The file is cut off"):
        weekly_reports(reports(codes=("JP",)))


@pytest.mark.usefixtures("two_reporters")
def test_a_file_cut_off_within_its_last_country_is_named():
    with pytest.raises(UpstreamError, match=r"KR: ends with 2020-01-12, others with 2020-01-19. The file is cut off"):
        weekly_reports(reports().iloc[:-1])


def test_countries_are_found_by_code_where_their_name_is_damaged():
    assert "TUR" in set(data.load("covid_reports").frame["iso3"])


def test_reported_deaths_of_japan_and_korea_end_in_2023():
    frame = data.load("covid_reports").frame.dropna(subset=["deaths"])
    last = frame.groupby("iso3")["week"].max()
    assert last["JPN"] == pd.Timestamp("2023-05-14")
    assert last["KOR"] == pd.Timestamp("2023-09-10")
    assert last["USA"] == pd.Timestamp("2024-07-21")
    assert (frame["deaths"] < 0).sum() == 4


# ---- vaccine doses (Johns Hopkins)


def doses(counts, country="Korea, South", iso3="", people="", province=""):
    """A row of the daily file whose first days are `counts`, the last of them until the end."""
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range(jhu_vaccine_doses.FIRST, jhu_vaccine_doses.LAST)]
    filled = [*counts, *[counts[-1]] * (len(days) - len(counts))]
    head = {"iso3": iso3, "Province_State": province, "Country_Region": country, "Population": people}
    return {**head, **dict(zip(days, filled, strict=True))}


@pytest.fixture
def jhu(monkeypatch, deaths):
    monkeypatch.setattr(jhu_vaccine_doses, "PANDEMIC", ("GBR", "KOR"))
    monkeypatch.setattr(jhu_vaccine_doses, "COUNTRIES", ("GBR", "JPN", "KOR"))

    def cook(*rows):
        files = {name: text(frame) for name, frame in deaths.items()}
        return jhu_vaccine_doses.tables({**files, jhu_vaccine_doses.FILE: text(pd.DataFrame(rows))})

    return cook


BRITAIN = doses([0, 100, 100, 400, 2500], "United Kingdom", "GBR", 2000)


def test_korea_is_found_without_a_code_and_divided_by_another_population(jhu):
    made = jhu(BRITAIN, doses(["", 0, 150, 500, 3000]))
    assert made["populations"].query("iso3 == 'KOR'")[["source", "persons"]].values.tolist() == [["economist", 1000]]
    korea = made["vaccine_dose_dates"].query("iso3 == 'KOR' and doses_per_100 == 50")
    assert korea[["population", "date"]].values.tolist() == [["economist", "2021-01-01"]]
    assert set(made["vaccine_doses"]["iso3"]) == {"GBR", "KOR"}


def test_a_threshold_depends_on_the_population_and_tells_the_last_report_below(jhu):
    dates = jhu(BRITAIN, doses(["", 0, 150]))["vaccine_dose_dates"]
    britain = dates.query("iso3 == 'GBR' and doses_per_100 == 10").set_index("population")
    assert britain["date"].to_dict() == {"jhu": "2021-01-01", "economist": "2020-12-30"}
    assert britain.loc["jhu", "last_report_below"] == "2020-12-30"


def test_a_threshold_never_reached_has_no_row(jhu):
    dates = jhu(BRITAIN, doses(["", 0, 150]))["vaccine_dose_dates"]
    assert dates.query("iso3 == 'KOR'")["doses_per_100"].tolist() == [10]


def test_parts_of_a_country_are_not_the_country(jhu):
    england = doses([9, 9, 9], "United Kingdom", "", "", "England")
    weekly = jhu(BRITAIN, england, doses(["", 0, 150]))["vaccine_doses"]
    assert weekly.query("iso3 == 'GBR'")["doses"].unique().tolist() == [2500]


def test_two_national_rows_stop_the_recipe(jhu):
    with pytest.raises(UpstreamError, match="GBR has two rows without Province_State"):
        jhu(BRITAIN, BRITAIN, doses(["", 0, 150]))


def test_a_running_count_that_falls_is_named(jhu):
    with pytest.raises(UpstreamError, match="KOR, 2020-12-31: the running count of doses is lower than the day before"):
        jhu(BRITAIN, doses([0, 200, 150]))


def test_a_gap_in_the_running_count_is_named(jhu):
    with pytest.raises(UpstreamError, match="KOR, 2020-12-31: the running count of doses is empty after a report"):
        jhu(BRITAIN, doses([0, 200, "", 300]))


def test_a_file_of_doses_without_its_last_days_stops_the_recipe(jhu):
    short = {key: value for key, value in doses(["", 0, 150]).items() if key != jhu_vaccine_doses.LAST}
    with pytest.raises(UpstreamError, match="lacks column 2023-03-09"):
        jhu({key: value for key, value in BRITAIN.items() if key != jhu_vaccine_doses.LAST}, short)


def test_swapped_country_codes_stop_the_recipe(jhu):
    with pytest.raises(UpstreamError, match="column iso3: KOR stands beside United Kingdom"):
        jhu({**BRITAIN, "iso3": "KOR"}, doses(["", 0, 150]))


def test_the_committed_doses_never_fall_and_korea_has_one_population():
    frame = data.load("vaccine_doses").frame.sort_values(["iso3", "week"])
    assert (frame.groupby("iso3")["doses"].diff().dropna() >= 0).all()
    people = data.load("populations").frame
    assert people.query("iso3 == 'KOR'")["source"].tolist() == ["economist"]
    assert data.load("vaccine_dose_dates").frame.query("iso3 == 'KOR'")["population"].unique().tolist() == ["economist"]


# ---- persons vaccinated (WHO)

PERSONS = {"COUNTRY": "x", "DATA_SOURCE": "REPORTING", "TOTAL_VACCINATIONS": 300, "PERSONS_VACCINATED_1PLUS_DOSE": 150,
           "TOTAL_VACCINATIONS_PER100": 30.04, "PERSONS_VACCINATED_1PLUS_DOSE_PER100": 15.0}
FULLY = {"PERSONS_FULLY_VACCINATED": 100, "PERSONS_FULLY_VACCINATED_PER100": 10.0, "PERSONS_BOOSTER_ADD_DOSE": 50}


@pytest.fixture
def snapshots(monkeypatch):
    monkeypatch.setattr(who_vaccination_snapshots, "COUNTRIES", ("JPN", "KOR"))
    monkeypatch.setattr(who_vaccination_snapshots, "NO_PERSONS", {"2021-06": {"KOR"}, "2022-04": set()})
    nothing = {"PERSONS_VACCINATED_1PLUS_DOSE": "", "PERSONS_VACCINATED_1PLUS_DOSE_PER100": ""}
    june = [{**PERSONS, "ISO3": "JPN", "DATE_UPDATED": "2021-06-06"},
            {**PERSONS, **nothing, "ISO3": "KOR", "DATE_UPDATED": "2021-06-14"}]
    april = [{**PERSONS, **FULLY, "ISO3": iso3, "DATE_UPDATED": "2022-04-07"} for iso3 in ("JPN", "KOR")]
    return {"vaccination-data-2021-06.csv": pd.DataFrame(june), "vaccination-data-2022-04.csv": pd.DataFrame(april)}


def vaccinated(snapshots):
    return who_vaccination_snapshots.tables({name: text(frame) for name, frame in snapshots.items()})["vaccinated_persons"]


def test_korean_persons_of_june_2021_stay_unknown(snapshots):
    korea = vaccinated(snapshots).set_index(["iso3", "snapshot"]).loc[("KOR", "2021-06")]
    assert korea["doses"] == 300
    assert korea[["persons_one_dose", "persons_fully", "one_dose_percent", "fully_percent"]].isna().all()


def test_a_korean_count_that_appears_in_june_2021_is_questioned(snapshots):
    snapshots["vaccination-data-2021-06.csv"].loc[1, "PERSONS_VACCINATED_1PLUS_DOSE"] = "150"
    with pytest.raises(UpstreamError, match="empty for none, expected for KOR"):
        vaccinated(snapshots)


def test_a_file_of_another_day_stops_the_recipe(snapshots):
    snapshots["vaccination-data-2022-04.csv"]["DATE_UPDATED"] = "2023-04-07"
    with pytest.raises(UpstreamError, match="2023-04-07 lies outside the snapshot of 2022-04"):
        vaccinated(snapshots)


def test_swapped_columns_of_persons_stop_the_recipe(snapshots):
    frame = snapshots["vaccination-data-2022-04.csv"]
    frame[["TOTAL_VACCINATIONS", "PERSONS_VACCINATED_1PLUS_DOSE"]] = [[150, 300], [150, 300]]
    with pytest.raises(UpstreamError, match="more persons than doses"):
        vaccinated(snapshots)


def test_a_snapshot_that_lost_a_country_is_refused(snapshots):
    name = "vaccination-data-2022-04.csv"
    snapshots[name] = snapshots[name].iloc[:1]
    with pytest.raises(UpstreamError, match="column ISO3: KOR missing or doubled"):
        vaccinated(snapshots)


# ---- policies (Oxford tracker)


def index_file(national=50.0, jurisdiction="NAT_TOTAL"):
    days = [f"{day:%d%b%Y}" for day in pd.date_range("2020-01-01", "2023-02-28")]
    rows = [{"CountryCode": iso3, "Jurisdiction": kind, **dict.fromkeys(days, value)}
            for iso3, kind, value in (
                ("JPN", jurisdiction, national), ("USA", "NAT_TOTAL", 60.0), ("USA", "STATE_TOTAL", 99.0))]
    frame = pd.DataFrame(rows)
    frame[[day for day in days if day.endswith("2023")]] = float("nan")  # the file has columns beyond its last value
    return frame


def early_file(tracing=(0, 1, 1, None), dates=("20200101", "20200102", "20200103", "20200516")):
    rows = [{"CountryCode": iso3, "Date": day, "H3_Contact tracing": level, "H2_Testing policy": 0}
            for iso3 in ("JPN", "USA") for day, level in zip(dates, tracing, strict=True)]
    return pd.DataFrame(rows).astype({"H3_Contact tracing": "Int64"})


@pytest.fixture
def oxford(monkeypatch):
    monkeypatch.setattr(oxcgrt_policy, "PANDEMIC", ("JPN", "USA"))

    def cook(index=None, early=None):
        index = index_file() if index is None else index
        files = dict.fromkeys(oxcgrt_policy.INDICES.values(), text(index))
        return oxcgrt_policy.tables({**files, oxcgrt_policy.EARLY: text(early_file() if early is None else early)})

    return cook


def test_states_do_not_enter_the_national_index_and_weeks_end_on_sunday(oxford):
    frame = oxford()["covid_policy_indices"]
    assert frame.query("iso3 == 'USA'")["stringency"].unique().tolist() == [60.0]
    assert (frame["week"].min(), frame["week"].max()) == ("2020-01-05", "2023-01-01")


def test_the_index_of_a_week_is_the_mean_of_its_days(oxford):
    index = index_file()
    index.loc[0, ["06Jan2020", "07Jan2020"]] = [85.0, 85.0]
    japan = oxford(index)["covid_policy_indices"].query("iso3 == 'JPN'").set_index("week")["stringency"]
    assert japan["2020-01-05"] == 50.0
    assert japan["2020-01-12"] == 60.0


def test_an_index_above_its_scale_is_named(oxford):
    with pytest.raises(UpstreamError, match=r"JPN, 2020-01-01: 5000.0 is no index between 0 and 100"):
        oxford(index_file(national=5000.0))


def test_a_country_without_a_national_index_is_named(oxford):
    with pytest.raises(UpstreamError, match="no national row, or two, of JPN"):
        oxford(index_file(jurisdiction="STATE_TOTAL"))


def test_days_not_yet_coded_belong_to_no_spell(oxford):
    rules = oxford()["covid_tracing_rules"].query("iso3 == 'JPN' and rule == 'contact-tracing'")
    spells = [(str(row.start), str(row.end), row.level) for row in rules.itertuples()]
    assert spells == [("2020-01-01", "2020-01-01", 0), ("2020-01-02", "2020-01-03", 1)]


def test_a_gap_in_the_coding_parts_a_spell(oxford):
    rules = oxford(early=early_file(tracing=(1, None, 1, 1)))["covid_tracing_rules"]
    japan = rules.query("iso3 == 'JPN' and rule == 'contact-tracing'")
    assert [str(day) for day in japan["start"]] == ["2020-01-01", "2020-01-03", "2020-05-16"]


def test_a_later_edition_of_the_early_rules_stops_the_recipe(oxford):
    later = early_file(dates=("20200101", "20200102", "20200103", "20210614"))
    with pytest.raises(UpstreamError, match=r"2020-01-01 to 2021-06-14, not 2020-01-01 to 2020-05-16. Another edition"):
        oxford(early=later)


def test_a_new_level_of_contact_tracing_is_named(oxford):
    with pytest.raises(UpstreamError, match="JPN, 2020-01-03, column H3_Contact tracing: 3 is not on the scale of 0 to 2"):
        oxford(early=early_file(tracing=(0, 1, 3, None)))


def test_the_committed_rules_are_those_of_may_2020():
    rules = data.load("covid_tracing_rules").frame.query("rule == 'contact-tracing' and level == 2")
    rules = rules.groupby("iso3")["start"].min()
    assert rules["KOR"] == pd.Timestamp("2020-02-11")
    assert rules["NZL"] == pd.Timestamp("2020-04-29")  # 28 February in the edition of June 2020
    assert not {"JPN", "USA"} & set(rules.index)


# ---- tests (Our World in Data)


def swabs(entities=("South Korea", "Japan"), unit="people tested", totals=(100, 300, 700), days=(0, 1, 6)):
    rows = [{"Entity": entity, "Year": day, "total_tests": total, "total_tests_per_thousand": total / 1000, "annotation": unit,
             "cumulative_tests_per_case": 10, "new_tests_per_thousand_7day_smoothed": None, "short_term_tests_per_case": None}
            for entity in entities for day, total in zip(days, totals, strict=True)]
    return pd.DataFrame(rows)


@pytest.fixture
def two_testers(monkeypatch):
    monkeypatch.setattr(owid_covid_testing, "COUNTRIES", ("JPN", "KOR"))


def weekly_tests(frame):
    return owid_covid_testing.tables({owid_covid_testing.FILE: text(frame)})["covid_tests"]


@pytest.mark.usefixtures("two_testers")
def test_the_year_of_the_testing_file_counts_days_from_21_january_2020():
    korea = weekly_tests(swabs()).query("iso3 == 'KOR'")
    assert [(str(row.week), row.total) for row in korea.itertuples()] == [("2020-01-26", 300), ("2020-02-02", 700)]


@pytest.mark.usefixtures("two_testers")
def test_real_years_in_the_testing_file_stop_the_recipe():
    with pytest.raises(UpstreamError, match="column Year: 2020 to 2021 are not days from 2020-01-21"):
        weekly_tests(swabs(days=(2020, 2020, 2021)))


@pytest.mark.usefixtures("two_testers")
def test_a_second_series_in_other_units_is_another_country():
    both = pd.concat([swabs(), swabs(("Japan, units unclear",), unit="samples tested", totals=(9, 9, 9))])
    assert weekly_tests(both).query("iso3 == 'JPN'")["unit"].unique().tolist() == ["people"]


@pytest.mark.usefixtures("two_testers")
def test_a_country_that_changes_its_unit_stops_the_recipe():
    frame = swabs()
    frame.loc[1, "annotation"] = "tests performed"
    with pytest.raises(UpstreamError, match="column annotation: KOR counts in 2 units"):
        weekly_tests(frame)


@pytest.mark.usefixtures("two_testers")
def test_an_unknown_unit_of_tests_is_named():
    with pytest.raises(UpstreamError, match="column annotation: unknown value swabs"):
        weekly_tests(swabs(unit="swabs"))


@pytest.mark.usefixtures("two_testers")
def test_a_running_count_of_tests_that_collapses_is_named():
    with pytest.raises(UpstreamError, match="JPN, 2020-01-27: total_tests falls by more than a tenth"):
        weekly_tests(swabs(totals=(100, 300, 30)))


def test_units_of_the_three_partners_are_kept_apart():
    units = data.load("covid_tests").frame.groupby("iso3")["unit"].unique().explode()
    assert units[["JPN", "KOR", "USA"]].tolist() == ["people", "people", "tests"]
    assert units.index.is_unique


# ---- estimates with standard errors (copied by hand)


def estimates(change=lambda frame: frame):
    raw = (data.DATA / "curated" / excess_death_estimates.FILE).read_bytes()
    return excess_death_estimates.tables({excess_death_estimates.FILE: text(change(read(raw)))})["excess_death_estimates"]


def test_estimates_cover_the_countries_of_the_excess_deaths():
    assert set(estimates()["iso3"]) == set(data.load("excess_deaths").frame["iso3"])


def test_an_estimate_without_a_standard_error_is_named():
    with pytest.raises(UpstreamError, match="AUS, column standard_error: 0 is not positive"):
        estimates(lambda frame: frame.assign(standard_error=frame["standard_error"].where(frame["iso3"] != "AUS", "0")))


def test_a_country_twice_among_the_estimates_is_named():
    with pytest.raises(UpstreamError, match="column iso3: JPN missing, doubled"):
        estimates(lambda frame: pd.concat([frame, frame[frame["iso3"] == "JPN"]]))


def test_an_estimate_that_is_no_number_is_named():
    with pytest.raises(UpstreamError, match="column excess_deaths: '=1\\+1' is no whole number"):
        estimates(lambda frame: frame.assign(excess_deaths="=1+1"))


# ---- damaged bytes


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        (economist_excess_deaths, "all_weekly_excess_deaths.csv"),
        (who_covid_weekly, who_covid_weekly.FILE),
        (who_vaccination_snapshots, "vaccination-data-2021-06.csv"),
        (oxcgrt_policy, "OxCGRT_timeseries_StringencyIndex_v1.csv"),
        (owid_covid_testing, owid_covid_testing.FILE),
        (jhu_vaccine_doses, jhu_vaccine_doses.FILE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_changed_header_is_named(recipe, name):
    with pytest.raises(UpstreamError, match="lacks column"):
        recipe.tables({name: b"country;value\nJapan;1\n"})
