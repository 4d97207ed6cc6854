"""Deep verdicts of the chapter on capabilities: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter

import pytest
from independent import built, constant, date, date_first, day, one, outer, rows, rung, stated
from scipy import stats

pytestmark = built
PAGE = "cooperation/capabilities.md"
THREE = ("USA", "JPN", "KOR")


def rungs(items, claim):
    """Rung of each item from its acts since the brief."""
    return {
        item: rung(
            rows(f"select record, date, others, doubtful from capability_uptake where item = '{item}'", "capability_uptake"),
            date(day(claim, "written")),
            date(day(claim, "now")),
        )
        for item in items
    }


def test_shared_intelligence_climbs_the_ladder_as_its_words_say():
    searched = {item for (item,) in rows("select item from capability_uptake", "capability_uptake")}
    assert len(searched & set(constant(PAGE, "ISR"))) == stated("pn-isr-first", "searched")
    found = rungs(constant(PAGE, "ISR"), "pn-isr-first")
    assert list(found.values()).count(4) == stated("pn-isr-first", "items_lasting")
    assert max(found.values()) == stated("pn-isr-first", "best_rung")


def test_relief_climbs_the_ladder_and_joint_missions_are_counted_again():
    claim, brief = "pn-hadr-first", date(day("pn-hadr-first", "written"))
    assert max(rungs(constant(PAGE, "RELIEF"), claim).values()) == stated(claim, "rung")
    abroad = rows(
        "select disaster, date, contributor, joint_with from disaster_relief_deployments where affected not in ('USA', "
        "'JPN', 'KOR')",
        "disaster_relief_deployments",
    )
    first = {}  # the earliest of its best-dated rows: one known by its year alone would date a disaster to New Year
    for disaster, when, *_ in abroad:
        first[disaster] = min(first.get(disaster, (0, brief)), (-len(str(when)), date_first(when)))
    since = {disaster for disaster, (_, when) in first.items() if when > brief}
    assert len(since) == stated(claim, "disasters")
    joint = {disaster: {other for each, _, _, other in abroad if each == disaster and other} for disaster in since}
    assert sum(len(others) >= 2 for others in joint.values()) == stated(claim, "coordinated")


def test_smallest_margin_of_a_shared_attacker_by_a_query():
    incidents = {}
    for incident, iso3, sponsor in rows(
        "select distinct r.incident_id, r.iso3, s.initiator from cyber_incident_receivers r join cyber_incident_initiators s "
        "on s.incident_id = r.incident_id and s.category in ('state', 'state_affiliated') where r.start_year >= 2000 and "
        f"r.iso3 in {THREE}",
        "cyber_incident_receivers",
        "cyber_incident_initiators",
    ):
        incidents.setdefault(incident, {}).setdefault(iso3, set()).add(sponsor)

    def margin(drawn):
        against = {iso3: [incident[iso3] for incident in drawn if iso3 in incident] for iso3 in THREE}
        counts = {iso3: Counter(sponsor for sponsors in each for sponsor in sponsors) for iso3, each in against.items()}

        def ahead(sponsor, iso3):
            others = [n for name, n in counts[iso3].items() if name not in (sponsor, "other", "unknown")]
            return 100 * (counts[iso3][sponsor] - sorted([*others, 0, 0])[-2]) / len(against[iso3])

        return max(min(ahead(sponsor, iso3) for iso3 in THREE) for sponsor in ("CHN", "PRK"))

    known, draw = list(incidents.values()), random.Random(11)
    assert margin(known) == pytest.approx(stated("as-cyber-frontier", "exposure_margin"))
    low = statistics.quantiles((margin(draw.choices(known, k=len(known))) for _ in range(2000)), n=40, method="inclusive")[0]
    assert low == pytest.approx(stated("as-cyber-frontier", "exposure_margin", part="low"), abs=0.5)  # both draw incidents
    forms = rungs(["cyber-working-group", "cyber-advisory", "cyber-listings", "cyber-exercise"], "as-cyber-frontier")
    assert sum(value >= 3 for value in forms.values()) == stated("as-cyber-frontier", "forms_repeated")


@pytest.mark.parametrize("moment", ["written", "now"])
def test_gaps_that_a_partner_fills_are_counted_again(moment):
    last, freight, cyber = ("2014-12-31", 2014, 2014) if moment == "written" else (
        one(f"select max({column}) from {table} where {kind}", table) for table, column, kind in (
            ("active_satellites", "date", "year_end = 1"), ("logistics_performance", "year", 1),
            ("cybersecurity_index", "year", 1)))
    peers, kinds, parts = (constant(PAGE, name) for name in ("PEERS", "KINDS", "PARTS"))
    held = {}
    for iso3, function, number in rows(
        "select iso3, function, sum(satellites) from active_satellites where operator != 'academic' and constellation = "
        "'none' and "
        f"date = '{last}' group by 1, 2",
        "active_satellites",
    ):
        if function in kinds:
            held.setdefault(function, {})[iso3] = number
    scores = {
        part: dict(rows(f"select iso3, {part} from logistics_performance where year = {freight}", "logistics_performance"))
        for part in parts
    }
    scores["cybersecurity"] = dict(
        rows(f"select iso3, score from cybersecurity_index where year = {cyber}", "cybersecurity_index")
    )
    lacking = {}  # by function: whether a partner fills each shortfall
    for function, counts in held.items():
        need = max(1, statistics.median(counts.get(peer, 0) for peer in peers) / 2)
        for iso3 in THREE:
            if (lacks := need - counts.get(iso3, 0)) > 0:
                fills = any(counts.get(partner, 0) - need >= lacks for partner in ("JPN", "KOR") if partner != iso3)
                lacking.setdefault(function, []).append(fills)
    for function, each in scores.items():
        values = [each[peer] for peer in peers if each.get(peer) is not None]
        middle, half = statistics.median(values), statistics.stdev(values) / 2
        for iso3 in THREE:
            if each[iso3] < middle - half:
                fills = any(each[partner] > middle + half for partner in ("JPN", "KOR") if partner != iso3)
                lacking.setdefault(function, []).append(fills)
    every, draw, drawn = [fills for each in lacking.values() for fills in each], random.Random(3), []
    functions = [lacking.get(function, []) for function in (*held, *scores)]
    for _ in range(2000):
        if found := [fills for each in draw.choices(functions, k=len(functions)) for fills in each]:
            drawn.append(100 * sum(found) / len(found))
    assert outer(drawn)[0] == pytest.approx(stated("pn-fill-vulnerabilities", "filled", moment, "low"), abs=3)  # both draw
    assert (100 * sum(every) / len(every), len(every)) == (
        pytest.approx(stated("pn-fill-vulnerabilities", "filled", moment)),
        stated("pn-fill-vulnerabilities", "filled", moment, "n"),
    )


def test_south_korean_ratios_by_a_query():
    claim = "pn-rok-proactive"
    spent = [
        one(
            f"select avg(constant_2023_usd_million) from military_expenditure where iso3 = 'KOR' and year between {first} "
            f"and {last}",
            "military_expenditure",
        )
        for first, last in ((2022, 2024), (2013, 2015))
    ]
    assert spent[0] / spent[1] == pytest.approx(stated(claim, "spending_ratio"))
    sold = [
        one(
            f"select sum(tiv) from arms_transfer_volumes where supplier = 'KOR' and year between {first} and {last}",
            "arms_transfer_volumes",
        )
        for first, last in ((2020, 2024), (2010, 2014))
    ]
    assert sold[0] / sold[1] == pytest.approx(stated(claim, "exports_ratio"))
    buyers = rows(
        "select sum(case when year > 2015 then tiv else 0 end), sum(case when year < 2015 then tiv else 0 end) from "
        "arms_transfer_volumes where supplier = 'KOR' and (year between 2020 and 2024 or year between 2010 and 2014) group "
        "by recipient",
        "arms_transfer_volumes",
    )
    draw, drawn = random.Random(5), []
    for _ in range(4000):
        later, earlier = map(sum, zip(*draw.choices(buyers, k=len(buyers)), strict=True))
        drawn += [later / earlier] if earlier else []
    assert outer(drawn)[0] == pytest.approx(stated(claim, "exports_ratio", part="low"), abs=0.02)  # both draw recipients
    people = [
        [
            number
            for (number,) in rows(
                f"select sum(personnel) from peacekeepers where iso3 = 'KOR' and year between {first} and {last} group by year",
                "peacekeepers",
            )
        ]
        for first, last in ((2018, 2020), (2012, 2014))
    ]
    assert sum(people[0]) / sum(people[1]) == pytest.approx(stated(claim, "activity_ratio"))
    logs = [[math.log(number) for number in side] for side in people]
    shares = [statistics.variance(side) / len(side) for side in logs]  # Welch's error and degrees of freedom
    free = sum(shares) ** 2 / sum(share**2 / (len(side) - 1) for share, side in zip(shares, logs, strict=True))
    low = statistics.mean(logs[0]) - statistics.mean(logs[1]) - stats.t.ppf(0.975, free) * math.sqrt(sum(shares))
    assert math.exp(low) == pytest.approx(stated(claim, "activity_ratio", part="low"))
