"""Priority of North Korea over China in opinion polls, within one survey and one question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from trilateral.claims import Quantity
from trilateral.measures import MeasureError, chances
from trilateral.measures.intervals import quantity

SINGLE_CHOICE = ("greatest-threat-single-choice", "greatest-threat-open")
ASSUMED_SAMPLE = 1000
ESTIMATES = ("north_korea", "china", "gap", "se", "n", "n_assumed")


def priority(
    polls: pd.DataFrame, by: Sequence[str] = ("series", "respondents", "year"), design_effect: float = 1.5
) -> pd.DataFrame:
    """North Korea minus China, wave by wave and public by public; question types are never mixed.

    The variance of the gap is (p1 + p2 - (p1 - p2)^2) / n where a respondent names one country (multinomial),
    and the sum of the two binomial variances where each country is its own item or several may be named: that
    is conservative where the answers correlate positively, as they do for respondents who fear everyone. Both
    are multiplied by the design effect (Kish 1965).

    Parameters
    ----------
    polls : DataFrame
        One row a wave, public and target: the columns of `by`, question_type, target (iso3), percent, and
        sample_size where known. Waves without both targets are left out.
    by : sequence of str
        Columns that tell waves and publics apart; question_type is added.
    design_effect : float
        Variance of the poll's design over that of simple random sampling.

    Returns
    -------
    DataFrame
        One row a wave and public: the columns of `by`, question_type, north_korea, china (percent), gap, se
        (percentage points), n (respondents), n_assumed (True where 1,000 was assumed for want of a sample
        size).

    Raises
    ------
    MeasureError
        A column is missing, or a wave has two values for one target.
    """
    keys = list(dict.fromkeys([*by, "question_type"]))
    if missing := [name for name in [*keys, "target", "percent"] if name not in polls]:
        raise MeasureError(f"priority: the polls have no column {', '.join(missing)}; name the wave's columns in `by`")
    asked = polls[polls["target"].isin(["PRK", "CHN"])].dropna(subset=["percent"])
    doubled = asked.duplicated([*keys, "target"])
    if doubled.any():
        row = asked.loc[doubled].iloc[0]
        place = ", ".join(f"{name} {row[name]}" for name in [*keys, "target"])
        raise MeasureError(f"priority: two values for {place}; add the column that tells the waves apart to `by`")
    size = asked["sample_size"] if "sample_size" in asked else pd.Series(np.nan, index=asked.index)
    asked = asked.assign(percent=asked["percent"].astype(float), size=pd.to_numeric(size).astype(float))
    percent = asked.pivot(index=keys, columns="target", values="percent").reindex(columns=["PRK", "CHN"]).dropna()
    known = asked.groupby(keys)["size"].min().reindex(percent.index)
    n = known.fillna(ASSUMED_SAMPLE)
    p, q = percent["PRK"] / 100, percent["CHN"] / 100
    single = percent.index.get_level_values("question_type").isin(SINGLE_CHOICE)
    variance = np.where(single, p + q - (p - q) ** 2, p * (1 - p) + q * (1 - q)) / n * design_effect
    return pd.DataFrame(
        {
            "north_korea": percent["PRK"],
            "china": percent["CHN"],
            "gap": percent["PRK"] - percent["CHN"],
            "se": 100 * np.sqrt(variance),
            "n": n.astype(int),
            "n_assumed": known.isna(),
        }
    ).reset_index()


def between(priority_frame: pd.DataFrame, respondents_a: str, respondents_b: str) -> pd.DataFrame:
    """Difference in priority between two publics asked the same question in the same wave.

    Parameters
    ----------
    priority_frame : DataFrame
        What `priority` returns.
    respondents_a, respondents_b : str
        The two publics (iso3).

    Returns
    -------
    DataFrame
        One row a wave both were asked in: its columns, gap_a, gap_b, difference (gap_a - gap_b), se
        (percentage points), n_assumed. Empty when they share no wave.

    Raises
    ------
    MeasureError
        A public occurs nowhere in the frame.
    """
    for public in (respondents_a, respondents_b):
        if public not in set(priority_frame["respondents"]):
            raise MeasureError(
                f"between: no wave asked respondents {public!r}; the frame holds "
                f"{', '.join(sorted(set(priority_frame['respondents'])))}"
            )
    wave = [name for name in priority_frame if name not in (*ESTIMATES, "respondents")]
    publics = [
        priority_frame[priority_frame["respondents"] == public][[*wave, "gap", "se", "n_assumed"]]
        for public in (respondents_a, respondents_b)
    ]
    both = publics[0].merge(publics[1], on=wave, suffixes=("_a", "_b"), validate="one_to_one")
    return both[wave].assign(
        gap_a=both["gap_a"],
        gap_b=both["gap_b"],
        difference=both["gap_a"] - both["gap_b"],
        se=np.hypot(both["se_a"], both["se_b"]),
        n_assumed=both["n_assumed_a"] | both["n_assumed_b"],
    )


def waves_ahead(gaps: Sequence[float], ses: Sequence[float]) -> pd.Series:
    """In how many waves North Korea would lead, were every wave drawn again about what it found.

    Parameters
    ----------
    gaps, ses : sequence of float
        North Korea minus China and its standard error, percentage points, one a wave; errors are independent and normal.

    Returns
    -------
    Series
        Chance of each number of waves, index 0 to all, as by `trilateral.measures.chances.how_many`.
    """
    return chances.how_many(stats.norm.cdf(np.asarray(gaps, float) / np.asarray(ses, float)))


def pooled(
    values: Sequence[float], ses: Sequence[float], level: float = 0.95, method: str = "hartung-knapp"
) -> Quantity:
    """Random-effects mean of estimates from several polls.

    Between-poll variance by DerSimonian and Laird (1986, doi:10.1016/0197-2456(86)90046-2), not below zero.

    Parameters
    ----------
    values, ses : sequence of float
        Estimates and their standard errors, same unit, one a poll.
    level : float
        Coverage.
    method : {"hartung-knapp", "normal"}
        Interval by Hartung and Knapp, with t quantiles and never narrower in standard error than the plain
        one (IntHout, Ioannidis and Borm 2014, doi:10.1186/1471-2288-14-25), or the plain normal one. One poll
        alone has a normal interval.

    Returns
    -------
    Quantity
        `n` is the number of polls.

    Raises
    ------
    MeasureError
        Lengths differ, a standard error is not positive, or the method is unknown.
    """
    effect, se = np.asarray(values, dtype=float), np.asarray(ses, dtype=float)
    if method not in ("hartung-knapp", "normal"):
        raise MeasureError(f"pooled: unknown method {method!r}; choose hartung-knapp or normal")
    if effect.shape != se.shape:
        raise MeasureError(f"pooled: {effect.size} values but {se.size} standard errors")
    if not (se > 0).all():
        raise MeasureError(f"pooled: every standard error must be positive; got {se[~(se > 0)][0]}")
    k = len(effect)
    if k == 0:
        return Quantity(None, level=level, n=0, missing="no poll to pool")
    if k == 1:
        center, error, quantile = effect[0], se[0], stats.norm.ppf((1 + level) / 2)
    else:
        # statsmodels leaves a negative one-step variance as it is, which upsets what it divides by it
        with np.errstate(all="ignore"):
            fit = combine_effects(effect, se**2, method_re="dl")
        if fit.tau2 > 0:
            center, plain, robust = fit.mean_effect_re, fit.sd_eff_w_re, np.sqrt(fit.var_hksj_re)
        else:
            center, plain, robust = fit.mean_effect_fe, fit.sd_eff_w_fe, np.sqrt(fit.var_hksj_fe)
        if method == "hartung-knapp":
            error, quantile = max(plain, robust), stats.t.ppf((1 + level) / 2, k - 1)
        else:
            error, quantile = plain, stats.norm.ppf((1 + level) / 2)
    return quantity(float(center), float(center - quantile * error), float(center + quantile * error), level, k)
