"""Recipes of disputes, opinions, votes, speeches and activity at sea: each trap of the sources, and damaged files."""

from __future__ import annotations

import io

import pandas as pd
import pyreadr
import pytest

from trilateral.recipes import (
    jiji_monthly_poll_kato,
    peacesciencer_mids,
    pew_gas_country_opinions,
    pla_sorties_japan_transits,
    unga_ideal_points_bsv,
    ungdc_term_counts,
    unvotes_r,
)
from trilateral.recipes.reading import UpstreamError

JAPAN, SOUTH_KOREA, CHINA, FRANCE = 740, 732, 710, 220


@pytest.fixture
def r_file(tmp_path):
    def write(rows, name):
        path = tmp_path / name
        pyreadr.write_rdata(str(path), pd.DataFrame(rows), df_name="x")
        return path.read_bytes()

    return write


# ---- militarized disputes


def side(first, second, year=2005, number=1):
    """One directed row of a dispute: the first state's view of the second."""
    return {"dispnum": float(number), "ccode1": float(first), "ccode2": float(second), "year": float(year)}


def turned(row):
    """The same row from the side of the other state."""
    other = {"1": "2", "2": "1"}
    return {name[:-1] + other.get(name[-1], name[-1]): value for name, value in row.items()}


@pytest.fixture
def disputes(r_file):
    def fold(*rows):
        raw = r_file([view for row in rows for view in (row, turned(row))], "x.rda")
        files = dict.fromkeys(peacesciencer_mids.FILES.values(), raw)
        frame = peacesciencer_mids.tables(files)["militarized_disputes"]
        return frame[frame["dataset"] == "COW"].drop(columns="dataset").reset_index(drop=True)

    return fold


def test_a_dispute_listed_from_both_sides_counts_once(disputes):
    frame = disputes(side(JAPAN, SOUTH_KOREA))
    assert frame[["dispute", "iso3_a", "iso3_b"]].values.tolist() == [[1, "JPN", "KOR"]]


def test_a_dispute_of_several_years_counts_once(disputes):
    frame = disputes(side(CHINA, JAPAN, 2004), side(CHINA, JAPAN, 2005), side(CHINA, JAPAN, 2006))
    assert frame[["year_start", "year_end"]].values.tolist() == [[2004, 2006]]


def test_two_disputes_of_a_pair_in_one_year_stay_two(disputes):
    assert disputes(side(CHINA, JAPAN, number=1), side(CHINA, JAPAN, number=2))["dispute"].tolist() == [1, 2]


def test_disputes_begun_before_1946_and_those_with_other_states_are_left_out(disputes):
    frame = disputes(side(CHINA, JAPAN, 1945, number=1), side(CHINA, JAPAN, 1946, number=1),
                     side(CHINA, FRANCE, number=2), side(CHINA, JAPAN, number=3))
    assert frame["dispute"].tolist() == [3]


# ---- opinions of countries


def pew(*rows):
    head = ["wave", "iso3", "target", "n", "favourable", "unfavourable", "very_favourable", "very_unfavourable", "dont_know",
            "refused", "somewhat_favourable", "somewhat_unfavourable", "suspect"]
    body = [[*row[:3], 1000, 40, 55, 10, 20, 4, 1, 30, 35, row[3]] for row in rows]
    return {pew_gas_country_opinions.FILE: pd.DataFrame(body, columns=head).to_csv(index=False).encode()}


def test_the_corrupt_opinions_of_china_in_2013_keep_their_mark():
    files = pew((2012, "JPN", "CHN", 0), (2013, "JPN", "CHN", 1), (2013, "JPN", "USA", 0))
    frame = pew_gas_country_opinions.tables(files)["pew_opinions"]
    assert frame.loc[frame["suspect"] == 1, ["year", "target"]].values.tolist() == [[2013, "CHN"]]


def test_an_opinion_of_china_in_2013_without_a_mark_stops_the_recipe():
    with pytest.raises(UpstreamError, match="row 3, column suspect: KOR on CHN in 2013 is not marked"):
        pew_gas_country_opinions.tables(pew((2013, "JPN", "CHN", 1), (2013, "KOR", "CHN", 0)))


def test_opinions_that_do_not_add_up_stop_the_recipe():
    files = pew((2012, "JPN", "CHN", 0))
    files[pew_gas_country_opinions.FILE] = files[pew_gas_country_opinions.FILE].replace(b",40,55,", b",40,25,")
    with pytest.raises(UpstreamError, match="JPN on CHN in 2012: shares add up to 70"):
        pew_gas_country_opinions.tables(files)


@pytest.mark.parametrize("one, other", [("favourable", "unfavourable"), ("unfavourable", "dont_know"),
                                        ("very_favourable", "very_unfavourable")])
def test_columns_of_opinions_that_were_swapped_stop_the_recipe(one, other):
    files = pew((2012, "JPN", "CHN", 0))
    frame = pd.read_csv(io.BytesIO(files[pew_gas_country_opinions.FILE]), dtype=str)
    files[pew_gas_country_opinions.FILE] = frame.rename(columns={one: other, other: one}).to_csv(index=False).encode()
    with pytest.raises(UpstreamError, match=r"row 2, JPN on CHN in 2012: very_.* are not .*Columns were swapped"):
        pew_gas_country_opinions.tables(files)


# ---- the monthly poll


def jiji(*months):
    kinds = [f"{kind}_{name}" for kind in ("likestate", "dislikestate") for name in jiji_monthly_poll_kato.NAME.values()]
    relations = [f"imprel_{name}" for name in jiji_monthly_poll_kato.RELATION.values()]
    rows = [{"ymonth": month, "respondent_pop": 1400} | dict.fromkeys(kinds, liked) | dict.fromkeys(relations, relation)
            for month, liked, relation in months]
    out = io.BytesIO()
    pd.DataFrame(rows).to_excel(out, sheet_name=jiji_monthly_poll_kato.SHEET, index=False)
    return jiji_monthly_poll_kato.tables({jiji_monthly_poll_kato.FILE: out.getvalue()})["jiji_monthly"]


def test_a_dot_in_the_monthly_poll_is_no_answer_and_a_month_of_dots_has_no_row():
    frame = jiji((200001, 12.5, "."), (200002, ".", "."), (200003, 0, 3))
    assert set(frame["month"]) == {"2000-01", "2000-03"}
    january = frame[frame["month"] == "2000-01"]
    assert january["important_relation"].isna().all() and set(january["liked"]) == {12.5}


def test_the_monthly_poll_begins_when_the_file_has_countries():
    assert set(jiji((198106, 1, 1), (198107, 1, 1))["month"]) == {"1981-07"}


# ---- votes and ideal points


@pytest.fixture
def votes(r_file):
    def tables(calls=((1.0, 46.0, "1991-12-01"),), cast=(), issues=((1.0, "nu"),)):
        return unvotes_r.tables({
            unvotes_r.CALLS: r_file([{"rcid": number, "session": session, "date": date, "unres": "R/46/1"}
                                     for number, session, date in calls], "calls.rda"),
            unvotes_r.ISSUES: r_file([{"rcid": number, "short_name": name} for number, name in issues], "issues.rda"),
            unvotes_r.VOTES: r_file([{"rcid": number, "country_code": code, "vote": vote} for number, code, vote in cast],
                                    "votes.rda"),
        })

    return tables


def test_codes_of_two_letters_become_three_and_east_germany_is_not_germany(votes):
    cast = [(1.0, "JP", "yes"), (1.0, "KR", "abstain"), (1.0, "KP", "no"), (1.0, "DE", "yes"), (1.0, "DD", "no")]
    frame = votes(cast=cast)["un_votes"]
    assert frame[["iso3", "vote"]].values.tolist() == [["JPN", "yes"], ["KOR", "abstain"], ["PRK", "no"], ["DEU", "yes"]]
    assert frame["roll_call"].tolist() == [1] * 4


def test_votes_before_both_koreas_were_members_are_left_out(votes):
    both = votes(calls=[(1.0, 45.0, "1990-12-31"), (2.0, 46.0, "1991-12-01")],
                 cast=[(1.0, "JP", "yes"), (2.0, "JP", "no")], issues=[(1.0, "nu"), (2.0, "nu"), (2.0, "me")])
    assert both["un_roll_calls"]["roll_call"].tolist() == both["un_votes"]["roll_call"].tolist() == [2]
    assert both["un_roll_calls"][list(unvotes_r.ISSUE.values())].sum(axis=1).tolist() == [2]


def test_a_vote_in_the_new_year_counts_with_the_session_that_holds_it(votes):
    frame = votes(calls=[(1.0, 46.0, "1992-03-01")], cast=[(1.0, "JP", "yes")])["un_roll_calls"]
    assert frame[["year", "date"]].values.tolist() == [[1991, "1992-03-01"]]


def test_an_unknown_issue_of_a_roll_call_is_named(votes):
    with pytest.raises(UpstreamError, match="unknown value climate"):
        votes(cast=[(1.0, "JP", "yes")], issues=[(1.0, "climate")])


def positions(*rows):
    """Country, year, and the ideal points of all votes, of final passage and of the older estimate."""
    names = [f"{name}{basis}" for basis in ("all", "fp") for name in ("idealpoint", "q5", "q95", "nvotes")]
    body = [{"iso3c": iso3, "year": year, "idealpointlegacy": legacy}
            | dict(zip(names, [every, every, every, 80, passage, passage, passage, 70], strict=True))
            for iso3, year, every, passage, legacy in rows]
    out = io.BytesIO()
    pd.DataFrame(body).to_stata(out, version=118, write_index=False)
    return unga_ideal_points_bsv.tables({unga_ideal_points_bsv.FILE: out.getvalue()})["un_ideal_points"]


def test_a_year_with_the_older_estimate_alone_has_no_row_and_the_bases_end_apart():
    frame = positions(("JPN", 2022, None, None, 0.5), ("JPN", 2023, 0.7, 0.8, None), ("JPN", 2024, None, 0.9, None))
    assert frame[["year", "basis", "ideal_point"]].values.tolist() == [
        [2023, "all", 0.7], [2023, "final-passage", 0.8], [2024, "final-passage", 0.9]]


def test_china_before_1971_is_another_government_and_left_out():
    assert positions(("CHN", 1970, 0.1, 0.1, 0.1), ("CHN", 1971, -1.0, -1.0, 0.1))["year"].tolist() == [1971, 1971]


# ---- speeches, and activity at sea


def speeches(change=lambda frame: frame):
    row = {"iso3": "CHN", "session": 1, "year": 1} | dict.fromkeys(ungdc_term_counts.COUNTS, 1)
    frame = pd.DataFrame([row | {"session": year - 1945, "year": year} for year in (1970, 1990, 1991)])
    return {ungdc_term_counts.FILE: change(frame).to_csv(index=False).encode()}


def test_speeches_begin_when_both_koreas_speak():
    assert ungdc_term_counts.tables(speeches())["un_speech_terms"]["year"].tolist() == [1991]


def test_a_pattern_added_to_the_counts_of_speeches_is_named():
    with pytest.raises(UpstreamError, match="unknown column n_tariff"):
        ungdc_term_counts.tables(speeches(lambda frame: frame.assign(n_tariff=0)))


def test_a_day_on_which_nothing_was_recorded_is_empty_and_not_zero():
    made = activity(["2024/01/02", 0, None, 1, None, None, "中國、俄羅斯"], ["2024/02/01", None, None, None, None, None, None])
    january, february = made.loc["2024-01"], made.loc["2024-02"]
    assert (january["days_reported"], january["aircraft"], january["miyako"], january["any_strait"]) == (1, 0, 1, 1)
    assert january[["yonaguni", "osumi", "tsushima"]].isna().all()
    assert february["days_reported"] == 0 and february[["aircraft", "miyako", "any_strait"]].isna().all()


def test_days_of_a_month_are_added_and_a_day_with_two_straits_counts_once_as_any():
    made = activity(["2024/01/02", 5, 1, 1, None, None, "中國"], ["2024/01/03", 7, None, 0, None, 1, "俄羅斯"],
                    ["2024/01/04", None, None, None, None, 1, "中國、俄羅斯"], ["2024/01/05", 2, None, None, None, 1, None])
    assert made.loc["2024-01"].drop("osumi").to_dict() == {
        "days_reported": 3, "aircraft": 14, "yonaguni": 1, "miyako": 1, "tsushima": 3, "any_strait": 4,
        "tsushima_named": 2, "tsushima_russian": 1}


def test_a_day_of_activity_that_stands_twice_is_named():
    with pytest.raises(UpstreamError, match="2024/01/02 stands twice"):
        activity(["2024/01/02", 5, 1, None, None, None, None], ["2024/01/02", 6, 1, None, None, None, None])


def activity(*rows):
    columns = ["date", pla_sorties_japan_transits.AIRCRAFT, *pla_sorties_japan_transits.STRAITS.values(), "國家"]
    files = {pla_sorties_japan_transits.FILE: pd.DataFrame([*rows], columns=columns).to_csv(index=False).encode()}
    return pla_sorties_japan_transits.tables(files)["pla_activity"].set_index("month")
