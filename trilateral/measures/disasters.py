"""How often disasters strike a country beside others, how deadly they are given exposure, and what past ones change."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm

from trilateral.claims import Quantity
from trilateral.measures import SEED, MeasureError, TooFewError
from trilateral.measures.intervals import quantity

DRAWS = 2000
FAMILIES = ("least squares", "quasi-Poisson", "negative binomial")


def hazard_years(counts: pd.DataFrame, years: int = 30, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """Draws of the hazard-years that each country's yearly probabilities lead one to expect.

    Each hazard of each country is binomial with Jeffreys' prior (1946, doi:10.1098/rspa.1946.0056), independent of all
    others.

    Parameters
    ----------
    counts : DataFrame
        One row a country, one column a hazard: years with at least one event.
    years : int
        Years observed.

    Returns
    -------
    array, draws by countries
        Hazard-years in as many years, the hazards added.

    Raises
    ------
    MeasureError
        A count is negative or exceeds the years.
    """
    hits = counts.to_numpy(float)
    if (hits < 0).any() or (hits > years).any():
        raise MeasureError(f"hazard_years: counts lie between 0 and {years}; the largest is {hits.max():g}")
    rng = np.random.default_rng(seed)
    return years * rng.beta(hits + 0.5, years - hits + 0.5, size=(draws, *hits.shape)).sum(axis=2)


def positions(values: np.ndarray, own: int, weights: np.ndarray | None = None) -> np.ndarray:
    """Percent of the other countries with a smaller value, ties as half; one position a row.

    Parameters
    ----------
    values : array, draws by countries
    own : int
        Column of the country.
    weights : array, draws by countries, optional
        How often each country counts, as in a resample; the country itself never counts.
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    weights = np.ones_like(values) if weights is None else np.array(np.atleast_2d(weights), dtype=float)
    weights[:, own] = 0
    mine = values[:, [own]]
    return 100 * (weights * ((values < mine) + 0.5 * (values == mine))).sum(axis=1) / weights.sum(axis=1)


def position_of(values: pd.Series, who: str, draws: np.ndarray | None = None, weights: np.ndarray | None = None,
                level: float = 0.95) -> Quantity:
    """Position of one country among others, see `positions`, with the quantiles of its draws.

    Parameters
    ----------
    values : Series
        One value a country, none missing.
    draws, weights : array, draws by countries, optional
        Columns in the order of `values`.

    Returns
    -------
    Quantity
        Percent; `n` is the number of countries.

    Raises
    ------
    MeasureError
        The country has no value.
    """
    if who not in values.index or values.isna().any():
        raise MeasureError(f"position_of: {who} is not among the countries, or one of them has no value")
    own = values.index.get_loc(who)
    value = float(positions(values.to_numpy(), own)[0])
    if draws is None:
        return Quantity(value, n=len(values))
    low, high = np.quantile(positions(draws, own, weights), [(1 - level) / 2, (1 + level) / 2])
    return quantity(value, float(low), float(high), level, len(values))


def every_position(values: pd.Series) -> pd.Series:
    """Position of every country among the others, as `position_of` without draws.

    Parameters
    ----------
    values : Series
        One value a country, none missing.

    Returns
    -------
    Series
        Percent of the other countries with a smaller value, ties as half; index of `values`.
    """
    return 100 * (values.rank() - 1) / (len(values) - 1)


def share_of_pairs(have: pd.Series) -> float:
    """Percent of all pairs of countries of which one or both have something.

    Parameters
    ----------
    have : Series of bool
        One a country.
    """
    without = int((~have).sum())
    return 100 * (1 - math.comb(without, 2) / math.comb(len(have), 2))


def beyond(values: np.ndarray, held: pd.DataFrame) -> np.ndarray:
    """What least squares on some variables, and a constant, leave of values.

    Parameters
    ----------
    values : array, countries or draws by countries
    held : DataFrame
        One row a country, one column a variable that is held constant.
    """
    x = sm.add_constant(held.to_numpy(float))
    return values - values @ np.linalg.pinv(x).T @ x.T


def mortality(deaths: pd.Series, held: pd.DataFrame, family: str = FAMILIES[0]) -> tuple[pd.Series, object]:
    """Deaths beyond those expected of a country's exposure and the like, after Kahn (2005, doi:10.1162/0034653053970339).

    Parameters
    ----------
    deaths : Series
        Sum of deaths, one a country.
    held : DataFrame
        One row a country, same index: logarithms of people exposed, population, income and the like.
    family : str
        Least squares of the logarithm of deaths plus one with HC3 errors; quasi-Poisson or negative binomial of deaths
        with HC1 errors.

    Returns
    -------
    residual : Series
        Logarithm of (deaths plus one) over the same of the expected, one a country.
    fit : statsmodels results
        Coefficients by the columns of `held`.

    Raises
    ------
    MeasureError
        A value is missing, the family is unknown, or its likelihood has no maximum that can be found.
    """
    if held.isna().any(axis=None) or deaths.isna().any() or not deaths.index.equals(held.index):
        raise MeasureError("mortality: deaths and what is held constant need the same countries and no missing value")
    x, y = sm.add_constant(held.astype(float)), deaths.astype(float)
    if family == "least squares":
        fit = sm.OLS(np.log1p(y), x).fit(cov_type="HC3")
        return fit.resid, fit
    if family == "quasi-Poisson":
        fit = sm.GLM(y, x, family=sm.families.Poisson()).fit(cov_type="HC1")
    elif family == "negative binomial":
        fit = _negative_binomial(y, x)
    else:
        raise MeasureError(f"mortality: unknown family {family!r}; choose {', '.join(FAMILIES)}")
    return np.log1p(y) - np.log1p(fit.predict(x)), fit


def _negative_binomial(y: pd.Series, x: pd.DataFrame) -> object:
    """Maximum likelihood by the first method that converges; Newton's overshoots where counts are very uneven."""
    start = [*sm.OLS(np.log1p(y), x).fit().params, 1.5]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for method in ("newton", "bfgs", "nm"):
            fit = sm.NegativeBinomial(y, x).fit(start_params=start, method=method, disp=0, maxiter=2000, cov_type="HC1")
            if fit.mle_retvals["converged"] and np.isfinite(fit.bse).all():
                return fit
    raise MeasureError("mortality: the negative binomial regression does not converge; take another family")


def resampled(deaths: pd.Series, held: pd.DataFrame, draws: int = DRAWS, seed: int = SEED
              ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least squares of `mortality` on resampled countries.

    Returns
    -------
    coefficients : array, draws by columns of `held`
    residuals : array, draws by countries
        Of all countries from the line through the resampled ones.
    times : array, draws by countries
        How often each country was drawn.
    """
    x, y, n = sm.add_constant(held.to_numpy(float)), np.log1p(deaths.to_numpy(float)), len(held)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    weighted = times[:, :, None] * x
    line = np.linalg.solve(weighted.transpose(0, 2, 1) @ x, ((times * y) @ x)[..., None])[..., 0]
    return line[:, 1:], y - line @ x.T, times


def percent(coefficient: float) -> float:
    """A coefficient on the logarithm as a change in percent."""
    return float(100 * np.expm1(coefficient))


def effect(deaths: pd.Series, held: pd.DataFrame, name: str, family: str = FAMILIES[0], level: float = 0.95) -> Quantity:
    """Change in deaths, percent, that goes with one unit of a column of `held`; robust errors of `mortality`."""
    _, fit = mortality(deaths, held, family)
    low, high = fit.conf_int(alpha=1 - level).loc[name]
    return quantity(*(percent(end) for end in (fit.params[name], low, high)), level, len(held))


def resampled_effect(deaths: pd.Series, held: pd.DataFrame, name: str, draws: int = DRAWS, seed: int = SEED,
                     level: float = 0.95) -> Quantity:
    """As `effect` by least squares, with the interval of resampled countries."""
    coefficients, _, _ = resampled(deaths, held, draws, seed)
    drawn = coefficients[:, held.columns.get_loc(name)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    value = effect(deaths, held, name).value
    return quantity(value, percent(low), percent(high), level, len(held))


def decades(record: pd.DataFrame, starts: range, born: dict[str, int]) -> pd.DataFrame:
    """Deaths and past hazard-years by country, type and decade; a country without a row in a decade had no event.

    Parameters
    ----------
    record : DataFrame
        One row a country, year and type with an event: iso3, type, year, decade, deaths.
    starts : range
        First years of the decades.
    born : dict of str to int
        First decade of countries that began later.

    Returns
    -------
    DataFrame
        iso3, type, decade, deaths; base-two logarithms of one plus the years struck in the decade (struck), before it (past),
        and before it by the other types (past_others).
    """
    rows = pd.MultiIndex.from_product([sorted(record["iso3"].unique()), sorted(record["type"].unique()), list(starts)],
                                      names=["iso3", "type", "decade"])
    sums = record.groupby(["iso3", "type", "decade"]).agg(deaths=("deaths", "sum"), years=("year", "nunique")).reindex(
        rows, fill_value=0)
    so_far = sums.groupby(["iso3", "type"])["years"].cumsum() - sums["years"]
    others = so_far.groupby(["iso3", "decade"]).transform("sum") - so_far
    logs = {"struck": sums["years"], "past": so_far, "past_others": others}
    panel = sums.assign(**{name: np.log2(1 + count) for name, count in logs.items()}).reset_index()
    return panel[panel["decade"] >= panel["iso3"].map(born).fillna(min(starts))].drop(columns="years")


def panel_effect(panel: pd.DataFrame, controls: tuple[str, ...] = (), by_country: bool = False,
                 level: float = 0.95) -> Quantity:
    """Change in deaths per doubling of a country's past hazard-years, within country and type and decade.

    Least squares of the logarithm of deaths plus one with effects of country by type and of decade; errors clustered by
    country.

    Parameters
    ----------
    panel : DataFrame
        One row a country, type and decade: iso3, type, decade, deaths, past (base-two logarithm of one plus the
        hazard-years before the decade), and the controls.
    by_country : bool
        An effect of every country and decade in place of one of every decade, which takes out whatever changed in a
        country as a whole, income among it.

    Returns
    -------
    Quantity
        Percent; `n` is the number of countries.
    """
    units = pd.get_dummies(panel["iso3"] + panel["type"], dtype=float)
    began = panel.groupby("iso3")["decade"].transform("min") if by_country else panel["decade"].min()
    label = panel["decade"].astype(str) + (panel["iso3"] if by_country else "")
    times = pd.get_dummies(label.where(panel["decade"] != began), dtype=float)
    x = pd.concat([panel[["past", *controls]].astype(float), units, times], axis=1)
    codes = panel["iso3"].astype("category").cat.codes.to_numpy()
    fit = sm.OLS(np.log1p(panel["deaths"].astype(float)), x).fit(cov_type="cluster", cov_kwds={"groups": codes})
    low, high = fit.conf_int(alpha=1 - level).loc["past"]
    return quantity(*(percent(end) for end in (fit.params["past"], low, high)), level, panel["iso3"].nunique())


def shuffled_decades(panel: pd.DataFrame, controls: tuple[str, ...] = (), by_country: bool = False, draws: int = DRAWS,
                     seed: int = SEED, level: float = 0.95) -> Quantity:
    """What `panel_effect` finds where nothing can be learned: the decades of each country and type in random order.

    Deaths and years struck stay together and the past is counted anew, so that whatever is left comes from the making of
    the measure. Earlier decades with many years struck are deadly and raise the past of the later ones, which makes the
    effect negative by itself unless the years struck are held constant (Nickell 1981, doi:10.2307/1911408).

    Parameters
    ----------
    panel : DataFrame
        As made by `decades`, with `struck`.
    controls : tuple of str
        None, or `struck`.
    by_country : bool
        As in `panel_effect`.

    Returns
    -------
    Quantity
        Percent per doubling: median and quantiles of the draws; `n` is the number of countries.

    Raises
    ------
    MeasureError
        A control other than `struck`, which a shuffle would not carry along.
    """
    if set(controls) - {"struck"}:
        raise MeasureError(f"shuffled_decades: controls are none or struck, not {', '.join(controls)}")
    panel = panel.sort_values(["iso3", "type", "decade"])
    unit = (panel["iso3"] + panel["type"]).to_numpy()
    label = panel["decade"].astype(str) + (panel["iso3"] if by_country else "")
    dummies = np.hstack([pd.get_dummies(unit, dtype=float), pd.get_dummies(label, dtype=float)])
    left, size, _ = np.linalg.svd(dummies, full_matrices=False)
    basis = left[:, size > 1e-8 * size[0]]
    first = np.r_[True, unit[1:] != unit[:-1]]
    group = np.cumsum(first) - 1
    deaths, struck = np.log1p(panel["deaths"].to_numpy(float)), panel["struck"].to_numpy(float)
    rng, found = np.random.default_rng(seed), []
    for _ in range(draws):
        order = np.lexsort((rng.random(len(panel)), group))
        years = np.round(np.exp2(struck[order]) - 1)
        before = np.cumsum(years) - years
        past = np.log2(1 + before - before[first][group])
        columns = np.column_stack([deaths[order], past, *([struck[order]] if controls else [])])
        columns -= basis @ (basis.T @ columns)
        found.append(np.linalg.lstsq(columns[:, 1:], columns[:, 0], rcond=None)[0][0])
    low, middle, high = (percent(q) for q in np.quantile(found, [(1 - level) / 2, 0.5, (1 + level) / 2]))
    return quantity(middle, low, high, level, panel["iso3"].nunique())


def pooled_share(amounts: pd.DataFrame, who: list[str], draws: int = DRAWS, seed: int = SEED, level: float = 0.95) -> Quantity:
    """Share of some donors in a sum over years, with years resampled.

    Parameters
    ----------
    amounts : DataFrame
        One row a year, one column a donor, any unit; negative amounts are corrections.

    Returns
    -------
    Quantity
        Percent; `n` is the number of years.

    Raises
    ------
    MeasureError
        The donors together gave nothing.
    """
    own, every, n = amounts[who].sum(axis=1).to_numpy(), amounts.sum(axis=1).to_numpy(), len(amounts)
    if every.sum() <= 0:
        raise TooFewError("pooled_share: the donors together gave nothing")
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    low, high = np.quantile(100 * (times @ own) / (times @ every), [(1 - level) / 2, (1 + level) / 2])
    return quantity(100 * own.sum() / every.sum(), float(low), float(high), level, n)
