"""Deep verdicts of the chapters on technology and economic statecraft: their main quantities by another path."""

from __future__ import annotations

import math
import statistics
from itertools import combinations

import pytest
from independent import built, constant, newey_west, one, rows, stated

pytestmark = built


def test_distance_in_democracy_and_agreement_in_votes_by_queries():
    claim = "as-norms-shared-values"
    since = constant("cooperation/technology.md", "DEMOCRACY_SINCE")
    apart = [
        [
            distance
            for (distance,) in rows(
                "select abs(a.electoral_democracy - b.electoral_democracy) from electoral_democracy a join "
                "electoral_democracy b "
                f"on b.year = a.year where a.iso3 = '{first}' and b.iso3 = '{second}' and a.year >= {since} order by a.year",
                "electoral_democracy",
            )
        ]
        for first, second in combinations(("USA", "JPN", "KOR"), 2)
    ]
    farthest = max(apart, key=statistics.mean)
    assert statistics.mean(farthest) == pytest.approx(stated(claim, "democracy_distance"), abs=1e-9)
    assert newey_west(farthest)[1] == pytest.approx(stated(claim, "democracy_distance", part="high"), abs=1e-9)
    wanted = " or ".join(f"r.resolution like '%/{number}'" for number in constant("cooperation/technology.md", "RESOLUTIONS"))
    cast = {}
    for resolution, iso3, vote in rows(
        "select r.resolution, v.iso3, v.vote from un_votes v join un_roll_calls r on r.roll_call = v.roll_call "
        f"where v.iso3 in ('USA', 'JPN', 'KOR') and ({wanted})",
        "un_votes",
        "un_roll_calls",
    ):
        cast.setdefault(resolution, {})[iso3] = vote
    same = [
        votes.get(first) == votes.get(second)
        for votes in cast.values()
        for first, second in combinations(("USA", "JPN", "KOR"), 2)
    ]
    assert 100 * sum(same) / len(same) == pytest.approx(stated(claim, "vote_agreement"))
    assert one("select max(rung) from technology_acts where kind = 'norm'", "technology_acts") == stated(claim, "rung")


@pytest.mark.parametrize(
    ("moment", "later", "base"), [("written", (2019, 2021), (2016, 2018)), ("now", (2023, 2023), (2016, 2021))]
)
def test_matched_targets_and_their_interval_by_the_formula(moment, later, base):
    def wilson(hits, n, z=1.959963984540054):
        middle, half = (hits + z * z / 2) / (n + z * z), z * math.sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
        return middle - half, middle + half

    for other, name in (("JPN", "change_japan"), ("KOR", "change_korea")):
        (new, n), (old, m) = (
            rows(
                "select sum(new_shared), sum(new_targets) from sanction_overlap where sender = 'USA' and "
                f"other = '{other}' and year between {first} and {last}",
                "sanction_overlap",
            )[0]
            for first, last in (later, base)
        )
        p, q, (low_p, high_p), (low_q, high_q) = new / n, old / m, wilson(new, n), wilson(old, m)
        value = [
            100 * (p - q),
            100 * (p - q - math.hypot(p - low_p, high_q - q)),
            100 * (p - q + math.hypot(high_p - p, q - low_q)),
        ]
        found = [stated("as-collaborate-sanctions", name, moment, part) for part in ("value", "low", "high")]
        assert found == pytest.approx(value, abs=1e-6), name
