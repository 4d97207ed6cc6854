"""Deep verdicts of the scorecard: their main quantities by another path, from the tables alone."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest
from independent import add_months, built, date_first, published, rows, stated
from scipy import optimize, stats

EXERCISES = (
    "from trilateral_milestones m join exercise_domains d on d.milestone = m.id where m.type = 'exercise' and "
    "m.announced_only = 0 and m.level != 'legislature' and d.taught = 0"
)
TABLES = ("trilateral_milestones", "exercise_domains")


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
        ((percent, n),) = rows(
            "select 100.0 * avg(domain = 'security'), count(*) from trilateral_milestones where announced_only = 0 and type != "
            "'suspension' and "
            f"date_precision != 'year' and level != 'legislature' and cast(substr(date, 1, 4) as int) between {first} and "
            f"{last}",
            "trilateral_milestones",
        )

        return percent, percent * (100 - percent) / n

    (later, variance), (earlier, variance_earlier) = share(2023, 2024), share(2021, 2022)
    claim, wide = "as-opportune-time", 1.96 * math.sqrt(variance + variance_earlier)
    assert later - earlier == pytest.approx(stated(claim, "security_change"))
    assert later - earlier + wide == pytest.approx(stated(claim, "security_change", part="high"))


@built
def test_meetings_and_what_is_held_after_and_before_them_by_normal_equations():
    where = ("from trilateral_milestones where announced_only = 0 and type != 'suspension' and date_precision != 'year' and "
             "level != 'legislature' and cast(substr(date, 1, 4) as int) between 2010 and 2025")
    halves = [(year, half) for year in range(2010, 2026) for half in (0, 1)]

    def by_half(condition):
        held = dict(((year, half), n) for year, half, n in rows(
            "select cast(substr(date, 1, 4) as int), cast(substr(date, 6, 2) as int) > 6, count(*) "
            f"{where} and {condition} group by 1, 2", "trilateral_milestones"))
        return np.array([held.get(half, 0) for half in halves], float)

    brought = by_half("type in ('exercise', 'agreement', 'institution')")
    working, senior = (by_half(f"type = 'meeting' and level {sign} 'working'") for sign in ("=", "!="))

    def slopes(outcome, *meetings):
        columns = [(each - each.mean()) / each.std() for each in (outcome, *meetings, np.arange(len(outcome), dtype=float))]
        design = np.column_stack([np.ones(len(outcome)), *columns[1:]])
        return np.linalg.solve(design.T @ design, design.T @ columns[0])[1:3]

    after = slopes(brought[1:], working[:-1], senior[:-1])
    for found, name in zip(after, ("working", "senior"), strict=True):
        assert found == pytest.approx(stated("as-working-level-meetings", name))
    before = slopes(brought[:-1], working[1:], senior[1:])
    caveat = published()["as-working-level-meetings"]["caveat"]
    assert f"{before[0]:.2f} (" in caveat
    assert ("may be a result" in caveat) == (before[0] >= after[0])


@built
def test_years_above_a_forecast_from_a_likelihood_maximized_anew():
    held = dict(
        rows(
            "select cast(substr(date, 1, 4) as int) + 0.5 * (cast(substr(date, 6, 2) as int) > 6), count(*) from "
            "trilateral_milestones where announced_only = 0 and type != 'suspension' and date_precision != 'year' and level "
            "!= 'legislature' group by 1",
            "trilateral_milestones",
        )
    )
    halves = np.arange(2010, 2025, 0.5)
    counts = np.array([held.get(half, 0) for half in halves[halves < 2023]], float)
    design = np.column_stack([np.ones(len(halves)), halves - 2010])
    past = design[: len(counts)]

    def fitted(spread):
        """Coefficients and covariance of log counts whose variance is mean + spread * mean**2."""
        size = 1 / spread

        def loss(beta):
            return -stats.nbinom.logpmf(counts, size, size / (size + np.exp(past @ beta))).sum()

        beta = optimize.minimize(loss, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x
        mean = np.exp(past @ beta)
        return beta, np.linalg.inv(past.T @ (past * (mean / (1 + spread * mean))[:, None]))

    beta, _ = fitted(1e-7)  # as good as Poisson
    mean = np.exp(past @ beta)
    spread = np.mean(((counts - mean) ** 2 - counts) / mean**2)
    assert spread > 1e-3
    draw = np.random.Generator(np.random.MT19937(7))
    means = np.exp(draw.multivariate_normal(*fitted(spread), 40000, method="cholesky") @ design[len(counts) :].T)
    drawn = draw.negative_binomial(1 / spread, 1 / (1 + spread * means))
    claim = "as-opportune-time"
    above = [
        held[year] + held[year + 0.5] > np.quantile(drawn[:, at] + drawn[:, at + 1], 0.95)
        for at, year in ((0, 2023), (2, 2024))
    ]
    assert (sum(above), len(counts)) == (stated(claim, "years_above"), stated(claim, "half_years"))


@built
def test_exercises_a_year_and_their_domains_by_a_query():
    (earlier, plain), (later, rich) = (
        rows(f"select count(*), avg(d.number) {EXERCISES} and cast(substr(m.date, 1, 4) as int) between {span}", *TABLES)[0]
        for span in ("2012 and 2019", "2023 and 2025")
    )
    claim = "pn-more-exercises"
    assert (earlier, later / 3 / (earlier / 8)) == (stated(claim, "earlier"), pytest.approx(stated(claim, "rate")))
    ends = stats.binomtest(later, later + earlier).proportion_ci(method="exact")  # given their sum, the later are binomial
    expected = [stated(claim, "rate", part=part) for part in ("low", "high")]
    assert [end / (1 - end) * 8 / 3 for end in ends] == pytest.approx(expected)
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
