"""Deep verdicts of the scorecard: their main quantities by another path; and no deep verdict without such a check."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from independent import add_months, built, date_first, one, published, rows, stated

from trilateral.claims import register

EXERCISES = (
    "from trilateral_milestones m join exercise_domains d on d.milestone = m.id where m.type = 'exercise' and "
    "m.announced_only = 0 and m.level != 'legislature' and d.taught = 0"
)
TABLES = ("trilateral_milestones", "exercise_domains")


def test_every_deep_verdict_is_computed_a_second_time():
    deep = {claim.id for claim in register().claims.values() if claim.depth == "deep"}
    checks = "".join(path.read_text() for path in Path(__file__).parent.glob("test_independent_*.py"))
    assert len(deep) > 30
    assert {claim for claim in deep if f'"{claim}"' not in checks} == set()


@built
def test_promises_kept_are_counted_by_a_query():
    kept, promised = rows("select sum(rung >= 3), count(*) from leaders_commitments", "leaders_commitments")[0]
    assert (100 * kept / promised, promised) == (
        pytest.approx(stated("as-implementation-time", "share")),
        stated("as-implementation-time", "commitments"),
    )


@built
def test_share_of_security_by_a_query():
    def share(first, last):
        return one(
            "select 100.0 * avg(domain = 'security') from trilateral_milestones where announced_only = 0 and type != "
            "'suspension' and "
            f"date_precision != 'year' and level != 'legislature' and cast(substr(date, 1, 4) as int) between {first} and "
            f"{last}",
            "trilateral_milestones",
        )

    assert share(2023, 2024) - share(2021, 2022) == pytest.approx(stated("as-opportune-time", "security_change"))


@built
def test_exercises_a_year_and_their_domains_by_a_query():
    (earlier, plain), (later, rich) = (
        rows(f"select count(*), avg(d.number) {EXERCISES} and cast(substr(m.date, 1, 4) as int) between {span}", *TABLES)[0]
        for span in ("2012 and 2019", "2023 and 2025")
    )
    claim = "pn-more-exercises"
    assert (earlier, later / 3 / (earlier / 8)) == (stated(claim, "earlier"), pytest.approx(stated(claim, "rate")))
    assert rich / plain == pytest.approx(stated(claim, "complexity"))
    changed = {}
    for iso3, when in rows(
        "select iso3, date from leadership_turnovers where acting = 0 and iso3 in ('USA', 'JPN', 'KOR') and date > "
        f"'{published()['as-opportune-time']['written']['date']}' order by date desc",
        "leadership_turnovers",
    ):
        changed[iso3] = datetime.date.fromisoformat(when)
    begin = sorted(changed.values())[1]
    held = [date_first(when) for (when,) in rows(f"select m.date {EXERCISES} and substr(m.date, 1, 4) <= '2025'", *TABLES)]
    value = sum(begin <= when <= add_months(begin, 12) for when in held) / (earlier / 8)
    assert value == pytest.approx(stated(claim, "held"))
