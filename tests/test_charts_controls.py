"""Settings that every interactive chart of countries or years gets."""

import re

import altair as alt
import pandas as pd
import pytest
import vl_convert

from trilateral import charts
from trilateral.charts.controls import FROM, HIGHLIGHT, TO, interactive, with_controls

DATA = pd.DataFrame({"iso3": ["JPN", "JPN", "KOR", "KOR"], "year": [2000, 2020] * 2, "value": [1.0, 2.0, 3.0, 2.5]})
X = alt.X("year:Q", scale=alt.Scale(domain=[2000, 2020.5]))
LINES = alt.Chart(DATA).mark_line().encode(x=X, y="value:Q", color=charts.country_color())
LABELS = alt.Chart(DATA).mark_text().encode(x=X, y="value:Q", text="iso3:N", color=charts.country_color())


def settings(spec):
    return {each["name"]: each for each in spec.get("params", []) if "bind" in each}


def test_countries_drawn_can_be_highlighted_and_years_chosen():
    given = settings(with_controls(LINES.to_dict()))
    assert given[HIGHLIGHT]["bind"]["labels"] == ["all", "Japan", "South Korea"]
    assert (given[FROM]["value"], given[TO]["value"]) == (2000, 2020)


def test_before_anything_is_set_an_axis_ends_where_its_author_put_the_end():
    first, last = with_controls(LINES.to_dict())["encoding"]["x"]["scale"]["domain"]
    assert first["expr"].startswith(f"{FROM} == 2000 ? 2000 :") and last["expr"].startswith(f"{TO} == 2020 ? 2020.5 :")


def test_the_years_to_choose_from_are_those_of_the_data_not_the_ends_of_the_axis():
    wide = alt.X("year:Q", scale=alt.Scale(domain=[1995, 2026]))
    given = settings(with_controls(LINES.encode(x=wide).to_dict()))
    assert [(given[name]["bind"]["min"], given[name]["bind"]["max"]) for name in (FROM, TO)] == [(2000, 2020)] * 2
    days = DATA.assign(day=pd.to_datetime(["2001-12-15", "2020-03-01"] * 2))
    wide = alt.X("day:T", scale=alt.Scale(domain=["1999-01-01", "2026-06-30"]))
    given = settings(with_controls(alt.Chart(days).mark_point().encode(x=wide, y="value:Q").to_dict()))
    assert (given[FROM]["value"], given[TO]["value"]) == (2001, 2021)


def test_numbers_at_one_countrys_marks_move_to_the_country_highlighted():
    numbers = LABELS.encode(text="value:Q")
    one = numbers.transform_filter("datum.iso3 == 'JPN'")
    text = with_controls((LINES + one).to_dict())["layer"][1]
    assert text["transform"][0] == {"filter": f"datum.iso3 == ({HIGHLIGHT} || 'JPN')"}
    each = (LINES + one + numbers.transform_filter("datum.iso3 == 'KOR'")).to_dict()
    assert [layer["transform"][0] for layer in with_controls(each)["layer"][1:]] == [
        {"filter": "datum.iso3 == 'JPN'"}, {"filter": "datum.iso3 == 'KOR'"}]
    name = (LINES + LABELS.transform_filter("datum.iso3 == 'JPN'")).to_dict()  # may stand there for its place alone
    assert with_controls(name)["layer"][1]["transform"][0] == {"filter": "datum.iso3 == 'JPN'"}


def test_lines_fade_and_are_cut_and_words_outside_the_years_are_not_drawn():
    line, text = with_controls((LINES + LABELS).to_dict())["layer"]
    assert line["encoding"]["opacity"]["condition"]["value"] == 1 and line["encoding"]["opacity"]["value"] == 0.2
    assert line["mark"]["clip"] == {"expr": f"{FROM} > 2000 || {TO} < 2020"} and "clip" not in text["mark"]
    years = f'datum["year"] >= min({FROM}, {TO} - 1) && datum["year"] <= max({TO}, {FROM} + 1)'
    assert text["transform"] == [{"filter": years}]
    assert HIGHLIGHT in text["encoding"]["opacity"]["condition"]["test"]


@pytest.mark.parametrize("chart", [
    LINES.encode(x=alt.X("year:Q", scale=alt.Scale(domain=[2018, 2020])), color=alt.value("#1c2026")),
    LINES.encode(x="value:Q", color=alt.value("#1c2026")),
    LINES.add_params(alt.param(name="own", value=1, bind=alt.binding_range(min=0, max=2))),
])
def test_a_chart_without_time_or_with_settings_of_its_own_is_left_as_it_is(chart):
    assert with_controls(chart.to_dict()) == chart.to_dict()


def test_one_country_is_not_offered_for_a_choice():
    assert HIGHLIGHT not in settings(with_controls(LINES.properties(data=DATA[DATA["iso3"] == "JPN"]).to_dict()))


def test_dates_are_chosen_by_year():
    days = DATA.assign(day=pd.to_datetime(DATA["year"].astype(str)))
    x = alt.X("day:T", scale=alt.Scale(domain=["2000-01-01", "2021-06-30"]))
    chart = alt.Chart(days).mark_point().encode(x=x, y="value:Q")
    first, last = with_controls(chart.to_dict())["encoding"]["x"]["scale"]["domain"]
    assert first["expr"] == f"{FROM} == 2000 ? datetime(2000, 0, 1) : datetime(min({FROM}, {TO} - 1), 0, 1)"
    assert "datetime(2021, 5, 30)" in last["expr"]


ENDS_TO_ENDS = LINES.properties(data=DATA.assign(year=[1981, 2026] * 2))
PANELS = alt.hconcat(*(ENDS_TO_ENDS.encode(x=alt.X("year:Q", scale=alt.Scale(domain=ends)))
                       for ends in ([1981, 2013.5], [2012, 2026])))


@pytest.mark.parametrize(("chosen", "shown"), [
    ((1981, 2026), [[1981, 2013.5], [2012, 2026]]),  # untouched: each panel as its author drew it
    ((2000, 2020), [[2000, 2013.5], [2012, 2020]]),
    ((1981, 2000), [[1981, 2000], [1981, 2000]]),  # the second has nothing of these years, and says so
    ((2015, 2015), [[2014, 2016], [2014, 2016]]),
])
def test_panels_of_unlike_years_follow_one_choice(chosen, shown):
    given = with_controls(PANELS.to_dict())
    assert (settings(given)[FROM]["value"], settings(given)[TO]["value"]) == (1981, 2026)
    ends = [[end["expr"] for end in panel["encoding"]["x"]["scale"]["domain"]] for panel in given["hconcat"]]
    assert [[evaluated(end, *chosen) for end in pair] for pair in ends] == shown


def evaluated(expression, begin, end):
    """The value of an expression in Vega's language: Python's, but for one condition within another."""
    inner = re.sub(r"([^(),?]+) \? ([^(),?]+) : (\w+\([^()]*\))", r"(\2 if \1 else \3)", expression.replace("&&", "and"))
    test, _, values = inner.partition(" ? ")
    met, _, other = values.rpartition(" : ")
    return eval(f"({met}) if ({test}) else ({other})", {FROM: begin, TO: end})


EVENTS = alt.Chart(DATA).mark_text(align="left").encode(x=X, y=alt.value(0), text="year:N")


def test_a_chart_of_fewer_years_is_no_wider_than_one_of_all():
    drawn = interactive((LINES + LABELS + EVENTS).properties(width=300, height=200).to_dict())
    widths = []
    for begin, end in ((2000, 2020), (2005, 2015)):
        values = {FROM: begin, TO: end}
        params = [each | {"value": values.get(each["name"], each["value"])} for each in drawn["params"]]
        picture = vl_convert.vegalite_to_svg(drawn | {"params": params})
        widths.append(float(re.search(r'width="([\d.]+)"', picture)[1]))
    assert widths[1] <= widths[0] < 400


@pytest.mark.parametrize("chart", [LINES, LINES + LABELS, PANELS, alt.vconcat(LINES, LINES), LINES.facet(row="iso3:N")])
def test_the_result_is_a_valid_chart_and_its_source_is_untouched(chart):
    given = chart.to_dict()
    before = str(given)
    drawn = interactive(given)
    assert str(given) == before and settings(drawn)
    alt.Chart.from_dict({key: value for key, value in drawn.items() if key != "config"})


SPANS = alt.Chart(pd.DataFrame({"from": ["2000-01-01", "2010-01-01"], "to": ["2012-01-01", "2020-01-01"]})).mark_bar().encode(
    x=alt.X("from:T", scale=alt.Scale(domain=["1999-01-01", "2021-01-01"])), x2="to:T")
DAYS = alt.Chart(pd.DataFrame({"day": ["2005-06-01"]})).mark_rule().encode(
    x=alt.X("day:T", scale=alt.Scale(domain=["1999-01-01", "2021-01-01"])))


@pytest.mark.parametrize("chart", [SPANS, SPANS + DAYS, alt.vconcat(SPANS + DAYS, SPANS)], ids=["alone", "layers", "panels"])
def test_spans_of_time_show_the_years_chosen_and_nothing_beyond(chart, capfd):
    drawn = interactive(chart.to_dict())
    whole = vl_convert.vegalite_to_svg(drawn, show_warnings=True)
    for setting in drawn["params"]:
        setting["value"] = {FROM: 2008, TO: 2014}[setting["name"]]
    part = vl_convert.vegalite_to_svg(drawn, show_warnings=True)
    assert "Conflicting" not in capfd.readouterr().err
    years = [sorted({int(year) for year in re.findall(r">((?:19|20)\d\d)<", picture)}) for picture in (whole, part)]
    assert (years[0][0], years[0][-1]) == (2000, 2020) and 2008 <= years[1][0] < years[1][-1] <= 2014
