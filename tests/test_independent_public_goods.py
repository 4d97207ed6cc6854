"""Deep verdicts of the chapters on pandemic, aid and disasters: their main quantities by another path."""

from __future__ import annotations

import datetime
import math
import random
import statistics
from itertools import combinations

import numpy as np
import pytest
from independent import built, date, one, outer, published, rows, stated

pytestmark = built
THREE = ("USA", "JPN", "KOR")
OECD = [
    "AUS",
    "AUT",
    "BEL",
    "CAN",
    "CHE",
    "CHL",
    "COL",
    "CRI",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GBR",
    "GRC",
    "HUN",
    "IRL",
    "ISL",
    "ISR",
    "ITA",
    "JPN",
    "KOR",
    "LTU",
    "LUX",
    "LVA",
    "MEX",
    "NLD",
    "NOR",
    "NZL",
    "POL",
    "PRT",
    "SVK",
    "SVN",
    "SWE",
    "TUR",
    "USA",
]


def rank(values, who, most_first=False):
    """Rank from 1 among the countries that have a value, ties at their mean."""
    sign = -1 if most_first else 1
    kept = [sign * value for value in values.values() if value is not None]
    own = sign * values[who]
    return 1 + sum(value < own for value in kept) + (kept.count(own) - 1) / 2


def test_ranks_by_the_day_of_doses_by_a_query():
    claim = "as-us-vaccine-speed"
    leads = 0
    for threshold in (20, 80, 120):
        reached = dict(
            rows(
                "select iso3, julianday(date) from vaccine_dose_dates where population = 'economist' and doses_per_100 = "
                f"{threshold}",
                "vaccine_dose_dates",
            )
        )
        assert rank({iso3: reached.get(iso3, math.inf) for iso3 in OECD}, "USA") == stated(claim, f"rank_{threshold}")
        leads += sum(reached["USA"] < reached.get(other, math.inf) for other in ("JPN", "KOR") if threshold != 120)
    assert leads == stated(claim, "leads")
    covered = dict(rows("select iso3, fully_percent from vaccinated_persons where snapshot = '2022-04'", "vaccinated_persons"))
    assert rank({iso3: covered.get(iso3) for iso3 in OECD}, "USA", most_first=True) == stated(claim, "rank_coverage")


@pytest.mark.parametrize(
    ("quantity", "moment", "until"),
    [("rank_excess_2021", "now", "2021-12-31"), ("rank_excess", "written", "2022-12-18"), ("rank_excess", "now", "2023-12-31")],
)
def test_best_rank_of_japan_by_excess_deaths_by_a_query(quantity, moment, until):
    persons = dict(rows("select iso3, persons from populations where source = 'economist'", "populations"))
    sums = {
        iso3: found
        for iso3, last, *found in rows(
            f"select iso3, max(end), sum(case when end <= '{until}' then total_deaths end), sum(case when end <= '{until}' "
            "then expected_deaths end), "
            f"sum(case when end <= '{until}' then expected_without_trend end) from excess_deaths group by iso3",
            "excess_deaths",
        )
        if iso3 in OECD and date(last) >= date(until) - datetime.timedelta(days=31)
    }
    ranks = [
        rank({iso3: measure(*found, persons[iso3]) for iso3, found in sums.items()}, "JPN")
        for measure in (
            lambda total, trend, flat, people: (total - trend) / people,
            lambda total, trend, flat, people: (total - flat) / people,
            lambda total, trend, flat, people: total / trend,
        )
    ]
    assert (min(ranks), len(sums)) == (
        stated("as-japan-few-deaths", quantity, moment),
        stated("as-japan-few-deaths", quantity, moment, "n"),
    )


@pytest.mark.parametrize(
    ("quantity", "moment", "until"),
    [
        ("rank_reported_2021", "written", "2021-12-31"),
        ("rank_reported", "written", "2022-12-18"),
        ("rank_reported", "now", "2023-05-07"),
    ],
)
def test_rank_of_japan_by_reported_deaths_by_a_query(quantity, moment, until):
    values = dict(
        rows(
            f"select r.iso3, 1.0 * sum(r.deaths) / p.persons from covid_reports r join populations p on p.iso3 = r.iso3 and "
            f"p.source = 'economist' where r.week <= '{until}' group by r.iso3",
            "covid_reports",
            "populations",
        )
    )
    assert rank({iso3: values[iso3] for iso3 in OECD}, "JPN") == stated("as-japan-few-deaths", quantity, moment)


def test_rank_of_south_korea_by_tracing_rules_day_by_day():
    claim, first, last = "as-korea-contact-tracing", datetime.date(2020, 1, 22), datetime.date(2020, 4, 30)
    levels = {}
    for iso3, start, end, level in rows(
        "select iso3, start, end, level from covid_tracing_rules where rule = 'contact-tracing'", "covid_tracing_rules"
    ):
        days = (min(date(end), last) - max(date(start), first)).days + 1
        if iso3 in OECD and days > 0 and level is not None:
            levels.setdefault(iso3, []).append((days, level))
    mean = {
        iso3: sum(days * level for days, level in found) / sum(days for days, _ in found)
        for iso3, found in levels.items()
        if sum(days for days, _ in found) >= 60
    }
    assert (rank(mean, "KOR", most_first=True), len(mean)) == (
        stated(claim, "rank_rules"),
        stated(claim, "rank_rules", part="n"),
    )
    capacity = dict(
        rows(
            "select iso3, score from health_security_index where measure = 'case_investigation' and year = 2021",
            "health_security_index",
        )
    )
    assert rank({iso3: capacity.get(iso3) for iso3 in OECD}, "KOR", most_first=True) == stated(claim, "rank_capacity")


def test_rank_of_south_korea_by_tests_for_each_case_by_a_query():
    claim = "as-korea-contact-tracing"
    ratios = dict(
        rows(
            "select t.iso3, (case t.unit when 'people' then 1.5 else 1.0 end) * t.total / (select sum(cases) from "
            "covid_reports r where r.iso3 = t.iso3 and r.week <= '2020-08-02') from covid_tests t where t.total is not null "
            "and t.week = (select max(week) from covid_tests u where u.iso3 = t.iso3 and u.total is not null and "
            "u.week > '2020-06-30' and u.week <= '2020-08-02')",
            "covid_tests",
            "covid_reports",
        )
    )
    ratios = {iso3: ratio for iso3, ratio in ratios.items() if iso3 in OECD}
    assert (rank(ratios, "KOR", most_first=True), len(ratios)) == (
        stated(claim, "rank_tests"),
        stated(claim, "rank_tests", part="n"),
    )


@pytest.mark.parametrize(
    ("moment", "end", "base", "base_before"),
    [("written", 2021, (2018, 2020), (2018, 2019)), ("now", 2025, (2018, 2022), (2018, 2022))],
)
def test_change_of_the_american_share_in_aid_by_a_query(moment, end, base, base_before):
    def share(first, last):
        return one(
            "select avg(share) from (select 1.0 * sum(case donor when 'USA' then constant_2025_usd_million end) / "
            f"sum(constant_2025_usd_million) as share from aid_totals where donor in {THREE} and year between {first} and "
            f"{last} group by year)",
            "aid_totals",
        )

    claim = "as-us-focus-on-aid"
    change, before = (100 * (share(at, at) / share(*years) - 1) for at, years in ((end, base), (end - 1, base_before)))
    assert change == pytest.approx(stated(claim, "change", moment), abs=1e-6)
    assert before == pytest.approx(stated(claim, "change_before", moment), abs=1e-6)


@pytest.mark.parametrize(("moment", "years"), [("written", (2017, 2021)), ("now", (2018, 2022))])
def test_likeness_and_first_donors_by_a_query(moment, years):
    given = {}
    for donor, recipient, amount in rows(
        "select donor, recipient, sum(gross_2022_usd_million) from aid_disbursements where "
        f"recipient not in ('AFG', 'PAK') and year between {years[0]} and {years[1]} group by 1, 2",
        "aid_disbursements",
    ):
        if donor in THREE:
            given.setdefault(recipient, dict.fromkeys(THREE, 0.0))[donor] = max(amount or 0, 0)
    given = [found for found in given.values() if sum(found.values()) > 0]
    columns = {donor: [found[donor] for found in given] for donor in THREE}
    cosines = [float(np.dot(columns[a], columns[b])) for a, b in combinations(THREE, 2)]
    lengths = [math.hypot(*columns[a]) * math.hypot(*columns[b]) for a, b in combinations(THREE, 2)]
    mean = sum(product / length for product, length in zip(cosines, lengths, strict=True)) / 3
    assert mean == pytest.approx(stated("as-aid-divide-and-conquer", "similarity", moment), abs=1e-6)
    first = sum(max(found, key=found.get) == "USA" for found in given) / len(given)
    assert first == pytest.approx(stated("as-us-focus-on-aid", "first_share", moment), abs=1e-9)


SECTORS = """with home as (select donor, year, constant_2024_usd_million as amount from aid_sectors where sector =
'refugees-in-donor-country'), kept as (select donor, sector, year, constant_2024_usd_million as amount from aid_sectors where
sector not in ('administration', 'refugees-in-donor-country', 'debt', 'budget-support', 'other', 'unallocated'))"""
CREDIT = ("transport-communications", "industry", "energy")


def likeness_over_sectors():
    """Mean cosine of the three over the sectors free of other credit, by year."""
    found = {}
    for year, sector, *given in rows(
        f"{SECTORS} select year, sector, {', '.join(f'sum(case donor when {donor!r} then amount end)' for donor in THREE)} "
        f"from kept where year >= 2012 and sector not in {CREDIT} group by year, sector",
        "aid_sectors",
    ):
        found.setdefault(year, {})[sector] = np.array([max(value or 0, 0) for value in given])
    by_year = {}
    for year, sectors in found.items():
        table = np.array(list(sectors.values()))
        unit = table / np.linalg.norm(table, axis=0)
        by_year[year] = ((unit.T @ unit).sum() - 3) / 6  # three ones on the diagonal, each pair twice
    return by_year


@pytest.mark.parametrize(("moment", "year"), [("written", 2021), ("now", 2024)])
def test_fall_in_likeness_over_sectors_and_its_interval_by_a_query(moment, year):
    likeness, claim = likeness_over_sectors(), "as-aid-divide-and-conquer"
    changes = {end: 100 * (likeness[end] / likeness[end - 2] - 1) for end in range(2014, year + 1)}
    value = changes.pop(year)
    cuts = statistics.quantiles(changes.values(), n=40, method="inclusive")  # every 2.5 percent
    assert len(changes) == stated(claim, "change", moment, "n")
    net = published()[claim][moment]["quantities"]["change"]["net_of_placebos"]
    assert sorted(net) == pytest.approx(sorted(value - usual for usual in changes.values()), abs=1e-6)
    assert [value, value - cuts[-1], value - cuts[0]] == pytest.approx(
        [stated(claim, "change", moment, part) for part in ("value", "low", "high")], abs=1e-6
    )


@pytest.mark.parametrize(("moment", "first", "last"), [("written", 2016, 2020), ("now", 2020, 2024)])
def test_fewest_clear_sectors_of_a_donor_by_a_query(moment, first, last):
    shares = {}  # aid without other credit: the median of amount over published share, less refugees at home
    for donor, year, percent, home in rows(
        f"{SECTORS} select s.donor, s.year, 100 * s.constant_2024_usd_million / s.oda_share, coalesce(home.amount, 0) from "
        "aid_sectors s left join home on home.donor = s.donor and home.year = s.year where s.oda_share > 0",
        "aid_sectors",
    ):
        shares.setdefault((donor, year), []).append(percent - home)
    aid = {key: statistics.median(values) for key, values in shares.items()}
    given = {}
    for donor, sector, year, amount in rows(f"{SECTORS} select * from kept where year between {first} and {last}"):
        if (donor, year) in aid and amount is not None and not (donor == "KOR" and sector in CREDIT):
            given.setdefault((sector, year), {})[donor] = amount
    years = {donor: {} for donor in THREE}
    for (sector, year), amounts in given.items():
        for donor in set(THREE) & set(amounts):
            others = [other for other in amounts if other != donor]
            rest = sum(amounts[other] for other in others) / sum(aid[other, year] for other in others)
            if amounts[donor] / aid[donor, year] / rest >= 1.5:
                years[donor][sector] = years[donor].get(sector, 0) + 1
    fewest = min(sum(count >= 4 for count in found.values()) for found in years.values())
    assert fewest == stated("as-aid-divide-and-conquer", "advantages", moment)


def test_hazard_years_below_each_by_a_query():
    for iso3, name in (("JPN", "position_japan"), ("KOR", "position_korea")):
        below = one(
            "select 100.0 * sum((o.h < w.h) + 0.5 * (o.h = w.h)) / count(*) from (select iso3, years_earthquake + "
            "years_flood + years_storm as h "
            "from disaster_burden) o, (select iso3, years_earthquake + years_flood + years_storm as h from disaster_burden) w "
            f"where w.iso3 = '{iso3}' and o.iso3 != '{iso3}'",
            "disaster_burden",
        )
        assert below == pytest.approx(stated("as-japan-korea-face-disasters", name))


def test_mortality_given_exposure_and_income_by_normal_equations():
    found = rows(
        "select b.iso3, b.deaths, r.exposed_earthquake_mmi6, r.exposed_river_flood, r.exposed_cyclone_category1, "
        "r.land_km2 * r.people_per_km2, "
        "r.gdp_per_person_usd, r.lack_of_institutional_capacity, coalesce((select sum(earthquakes) from "
        "significant_earthquakes e where e.iso3 = b.iso3 "
        "and e.year < 1990), 0) from disaster_burden b join disaster_risk r on r.iso3 = b.iso3 where b.deaths is not null and "
        "r.gdp_per_person_usd is not null",
        "disaster_burden",
        "disaster_risk",
        "significant_earthquakes",
    )
    names, numbers = [iso3 for iso3, *_ in found], np.array([row[1:] for row in found], float)
    deaths, exposed = np.log1p(numbers[:, 0]), np.log1p(numbers[:, 1:4])
    held = np.column_stack([np.ones(len(names)), exposed, np.log(numbers[:, 4])])
    with_income = np.column_stack([held, np.log(numbers[:, 5])])
    claim = "as-exposure-gives-lessons"

    def left(design):
        return deaths - design @ np.linalg.solve(design.T @ design, design.T @ deaths)

    lowest = np.full(len(names), 100.0)
    for design, step in ((held, "exposed"), (with_income, "given_income")):
        rest = left(design)
        lowest = np.minimum(lowest, [100 * (rest < own).sum() / (len(names) - 1) for own in rest])
        for iso3, name in (("JPN", "japan"), ("KOR", "korea")):
            position = 100 * (rest < rest[names.index(iso3)]).sum() / (len(names) - 1)
            assert position == pytest.approx(stated(claim, f"{step}_{name}")), (step, iso3)
    pairs = [lowest[a] <= 20 or lowest[b] <= 20 for a, b in combinations(range(len(names)), 2)]
    assert f"would go to {100 * np.mean(pairs):.0f} percent of all pairs" in published()[claim]["caveat"]
    design = np.column_stack([with_income, numbers[:, 6], np.log2(1 + numbers[:, 7])])
    slope = np.linalg.solve(design.T @ design, design.T @ deaths)[-1]
    assert 100 * math.expm1(slope) == pytest.approx(stated(claim, "experience"), abs=1e-6)
    draw, drawn = random.Random(9), []
    for _ in range(2000):
        kept = draw.choices(range(len(names)), k=len(names))
        drawn.append(np.linalg.lstsq(design[kept], deaths[kept], rcond=None)[0][-1])
    assert 100 * math.expm1(outer(drawn)[1]) == pytest.approx(stated(claim, "experience", part="high"), abs=1)  # both draw


@pytest.mark.parametrize(("moment", "until"), [("written", 2021), ("now", 2023)])
def test_shares_in_preparedness_aid_by_a_query(moment, until):
    def share(countries, years=""):
        return one(
            f"select 100 * sum(case when donor in ({countries}) then coalesce(grants_2023_usd_million, 0) + "
            "coalesce(loans_2023_usd_million, 0) end) / "
            "sum(coalesce(grants_2023_usd_million, 0) + coalesce(loans_2023_usd_million, 0)) from climate_aid where "
            f"sector = 'disaster-preparedness' and recipient != 'PAK' and year <= {until} {years}",
            "climate_aid",
        )

    claim = "as-japan-korea-lead-drr"
    assert share("'JPN', 'KOR'") == pytest.approx(stated(claim, "share", moment), abs=1e-6)
    assert share("'KOR'") == pytest.approx(stated(claim, "share_korea", moment), abs=1e-6)
    each = [share("'JPN', 'KOR'", f"and year = {year}") for year in range(until - 5, until + 1)]
    assert each[-1] - min(each[:-1]) == pytest.approx(stated(claim, "margin", moment), abs=1e-6)
