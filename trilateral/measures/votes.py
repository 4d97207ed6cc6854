"""Distances between ideal points and agreement in roll calls of the UN General Assembly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from trilateral.measures import SEED, MeasureError, TooFewError
from trilateral.measures.intervals import fold

ISSUES = ("arms_control", "middle_east", "human_rights", "colonialism", "nuclear", "economic_development")
POSITION = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
# q05 and q95 of the posterior lie this many standard deviations either side of the mean
FIVE_PERCENT = float(stats.norm.ppf(0.95))


def _positions(ideal: pd.DataFrame, countries: Iterable[str], basis: str) -> pd.DataFrame:
    """Ideal point, posterior sd and votes, one row a country-year of one basis."""
    chosen = ideal[ideal["basis"] == basis]
    if chosen.empty:
        raise MeasureError(f"un_ideal_points: no rows with basis {basis!r}; it holds {sorted(ideal['basis'].unique())}")
    if unknown := sorted(set(countries) - set(chosen["iso3"])):
        raise MeasureError(f"un_ideal_points: no rows for country {', '.join(unknown)}")
    chosen = chosen[chosen["iso3"].isin(set(countries))].dropna(subset=["ideal_point", "q05", "q95"])
    return chosen.assign(sd=(chosen["q95"] - chosen["q05"]) / (2 * FIVE_PERCENT))


def distances(
    ideal: pd.DataFrame, pairs: Sequence[tuple[str, str]], basis: str = "all", level: float = 0.90
) -> pd.DataFrame:
    """Distance between the ideal points of pairs of countries.

    Ideal points are those of Bailey, Strezhnev and Voeten (2017, doi:10.1177/0022002715595700). The posterior
    of each is taken as normal with the standard deviation its 5 and 95 percent quantiles imply, and the two
    as independent. The interval of the signed difference is folded at zero, which makes it conservative for
    near neighbors.

    Parameters
    ----------
    ideal : DataFrame
        Table un_ideal_points: one row a country-year-basis.
    pairs : sequence of (iso3, iso3)
    basis : str
        Which roll calls: "all" or "final-passage".
    level : float
        Coverage; the source itself publishes 90 percent.

    Returns
    -------
    DataFrame
        One row a pair-year: iso3_a, iso3_b, year, distance, low, high (ideal-point units, about one standard
        deviation of all states), n_votes_min (the fewer votes of the two).

    Raises
    ------
    MeasureError
        Unknown basis or country.
    """
    points = _positions(ideal, {iso3 for pair in pairs for iso3 in pair}, basis)
    wanted = pd.DataFrame(list(pairs), columns=["iso3_a", "iso3_b"])
    frame = wanted.merge(points.add_suffix("_a"), on="iso3_a").merge(
        points.add_suffix("_b").rename(columns={"year_b": "year_a"}), on=["iso3_b", "year_a"]
    )
    gap = (frame["ideal_point_a"] - frame["ideal_point_b"]).astype(float)
    reach = stats.norm.ppf((1 + level) / 2) * np.hypot(frame["sd_a"].astype(float), frame["sd_b"].astype(float))
    low, high = fold(gap - reach, gap + reach)
    return pd.DataFrame(
        {
            "iso3_a": frame["iso3_a"],
            "iso3_b": frame["iso3_b"],
            "year": frame["year_a"],
            "distance": gap.abs(),
            "low": low,
            "high": high,
            "n_votes_min": frame[["votes_a", "votes_b"]].min(axis=1),
        }
    ).sort_values(["iso3_a", "iso3_b", "year"], ignore_index=True)


def excess_distance(
    ideal: pd.DataFrame,
    country: str,
    partner: str,
    allies: Sequence[str],
    basis: str = "all",
    level: float = 0.90,
    draws: int = 2000,
    seed: int = SEED,
) -> pd.DataFrame:
    """How much farther a country votes from a partner than the partner's median ally does.

    Parameters
    ----------
    ideal : DataFrame
        Table un_ideal_points.
    country, partner : str
        ISO 3166 alpha-3.
    allies : sequence of str
        The comparison group; `country` and `partner` are left out of it if named.
    level, draws, seed
        Interval of the excess: quantiles of Monte Carlo draws from the independent normal posteriors.

    Returns
    -------
    DataFrame
        One row a year: distance, median_ally, excess, low, high (ideal-point units), rank (1 the closest to
        the partner) among `of` countries, that is the allies and the country.

    Raises
    ------
    MeasureError
        Unknown basis or country, or no ally left to compare with.
    """
    others = [iso3 for iso3 in dict.fromkeys(allies) if iso3 not in (country, partner)]
    if not others:
        raise TooFewError(f"excess_distance: no ally of {partner} to compare {country} with")
    points = _positions(ideal, {country, partner, *others}, basis)
    point = points.pivot(index="year", columns="iso3", values="ideal_point").astype(float)
    point = point.dropna(subset=[country, partner]).dropna(subset=others, how="all")
    sd = points.pivot(index="year", columns="iso3", values="sd").astype(float).reindex_like(point)

    def excess(x: np.ndarray) -> np.ndarray:
        partner_at = x[..., [point.columns.get_loc(partner)]]
        away = np.abs(x - partner_at)
        return away[..., point.columns.get_loc(country)] - np.nanmedian(
            away[..., point.columns.get_indexer(others)], axis=-1
        )

    noise = np.random.default_rng(seed).standard_normal((draws, *point.shape))
    low, high = np.quantile(
        excess(point.to_numpy() + noise * sd.to_numpy()), [(1 - level) / 2, (1 + level) / 2], axis=0
    )
    away = point.sub(point[partner], axis=0).abs()
    value = away[country] - away[others].median(axis=1)
    compared = away[[country, *others]]
    return pd.DataFrame(
        {
            "distance": away[country],
            "median_ally": away[others].median(axis=1),
            "excess": value,
            "low": np.minimum(low, value),
            "high": np.maximum(high, value),
            "rank": compared.rank(axis=1, method="min")[country].astype(int),
            "of": compared.notna().sum(axis=1),
        }
    ).reset_index()


def _roll_call_groups(roll_calls: pd.DataFrame, by: str | None, issue: str | None) -> pd.Series:
    """Year, session or 0 of each chosen roll call, index roll_call."""
    if by not in ("year", "session", None):
        raise MeasureError(f"agreement: unknown by={by!r}; choose year, session or None")
    chosen = roll_calls.set_index("roll_call")
    if issue is not None:
        if issue not in chosen:
            raise MeasureError(f"un_roll_calls: no issue column {issue!r}; choose one of {', '.join(ISSUES)}")
        chosen = chosen[chosen[issue] == 1]
    if by == "year":
        return chosen["year"] if "year" in chosen else pd.to_datetime(chosen["date"]).dt.year
    return chosen["session"] if by == "session" else chosen["session"] * 0


def _ballots(votes: pd.DataFrame, countries: Iterable[str]) -> pd.DataFrame:
    """Position (yes 1, abstain 0.5, no 0), one row a roll call, one column a country."""
    countries = list(dict.fromkeys(countries))
    if unknown := sorted(set(countries) - set(votes["iso3"])):
        raise MeasureError(f"un_votes: no rows for country {', '.join(unknown)}")
    chosen = votes[votes["iso3"].isin(countries)]
    position = chosen["vote"].map(POSITION)
    if position.isna().any():
        bad = chosen.loc[position.isna(), "vote"].iloc[0]
        raise MeasureError(f"un_votes: vote {bad!r} is none of {', '.join(POSITION)}")
    return chosen.assign(position=position.astype(float)).pivot(index="roll_call", columns="iso3", values="position")[
        countries
    ]


def agreement(
    votes: pd.DataFrame,
    roll_calls: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
    issue: str | None = None,
    abstain: str = "half",
    by: str | None = "year",
    draws: int = 500,
    seed: int = SEED,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of roll calls on which two countries voted alike.

    Only roll calls on which both voted count. The interval is the percentile bootstrap over roll calls (Efron
    and Tibshirani 1993); it collapses where all agree. Consensus resolutions are not roll calls.

    Parameters
    ----------
    votes, roll_calls : DataFrame
        Tables un_votes (one row a roll call and country) and un_roll_calls (one row a roll call).
    pairs : sequence of (iso3, iso3)
    issue : str, optional
        A 0/1 column of roll_calls, see `ISSUES`; all roll calls when not given.
    abstain : {"half", "exclude", "different"}
        An abstention against yes or no counts as half agreement (after Lijphart 1963); or roll calls on
        which either abstained are left out; or it counts as disagreement. Two abstentions agree, but for
        "exclude".
    by : {"year", "session", None}
        One row a pair and year or session, or a pair. The year is the table's column: that in which the
        session began, as in un_ideal_points; or the calendar year of the date if the table has no such
        column.

    Returns
    -------
    DataFrame
        One row a pair-year (pair-session, pair): iso3_a, iso3_b, year or session, agreement, low, high
        (shares 0-1), n (roll calls).

    Raises
    ------
    MeasureError
        Unknown country, issue column, vote, or option.
    """
    if abstain not in ("half", "exclude", "different"):
        raise MeasureError(f"agreement: unknown abstain={abstain!r}; choose half, exclude or different")
    groups = _roll_call_groups(roll_calls, by, issue)
    ballots = _ballots(votes, (iso3 for pair in pairs for iso3 in pair))
    ballots = ballots[ballots.index.isin(groups.index)]
    rng = np.random.default_rng(seed)
    rows = []
    for a, b in pairs:
        both = ballots[[a, b]].dropna()
        if abstain == "exclude":
            both = both[(both != 0.5).all(axis=1)]
        alike = 1 - (both[a] - both[b]).abs()
        if abstain == "different":
            alike = (alike == 1).astype(float)
        for group, part in alike.groupby(groups.reindex(both.index)):
            # resampling roll calls is a multinomial draw of how many fully, half and not agree
            score, count = np.unique(part, return_counts=True)
            shares = rng.multinomial(len(part), count / len(part), size=draws) @ score / len(part)
            low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
            rows.append((a, b, group, part.mean(), min(low, part.mean()), max(high, part.mean()), len(part)))
    frame = pd.DataFrame(rows, columns=["iso3_a", "iso3_b", by or "group", "agreement", "low", "high", "n"])
    return frame if by else frame.drop(columns="group")


def all_alike(
    votes: pd.DataFrame,
    roll_calls: pd.DataFrame,
    countries: Sequence[str],
    issue: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of roll calls on which all countries cast the same vote.

    Returns
    -------
    DataFrame
        One row a year (as in `agreement`): year, share, low, high (Wilson 1927,
        doi:10.1080/01621459.1927.10502953), n (roll calls on which all voted).

    Raises
    ------
    MeasureError
        As `agreement`.
    """
    ballots = _ballots(votes, countries).dropna()
    years = _roll_call_groups(roll_calls, "year", issue)
    ballots = ballots[ballots.index.isin(years.index)]
    same = (ballots.nunique(axis=1) == 1).groupby(years.reindex(ballots.index).rename("year")).agg(["sum", "count"])
    low, high = proportion_confint(same["sum"], same["count"], alpha=1 - level, method="wilson")
    return pd.DataFrame(
        {"share": same["sum"] / same["count"], "low": low, "high": high, "n": same["count"]}
    ).reset_index()
