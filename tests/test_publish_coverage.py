"""The years a table covers are read off its rows."""

import pandas as pd

from trilateral.claims import read_register
from trilateral.publish import coverage, html_tables, tables
from trilateral.publish.words import escaped

ISO = {"name": "iso3", "type": "string", "codes": "iso3", "title": "Country"}
YEAR = {"name": "year", "type": "integer", "unit": "year"}


def test_gaps_break_a_bar():
    assert coverage.spans({2001, 2002, 2004, 2007, 2006}) == [(2001, 2002), (2004, 2004), (2006, 2007)]


def test_partners_come_first_and_each_country_has_its_years():
    frame = pd.DataFrame({"iso3": ["AUS", "KOR", "USA", "KOR"], "year": ["1990", "2000", "2001", "2001"]})
    assert list(map(str, coverage.rows(frame, [ISO, YEAR]))) == ["USA 2001", "KOR 2000–2001", "AUS 1990"]


def test_many_countries_share_one_row():
    codes = [f"A{letter}A" for letter in "BCDEFGHIJKL"]
    frame = pd.DataFrame({"iso3": ["JPN", *codes], "year": ["1999"] * 12})
    assert list(map(str, coverage.rows(frame, [ISO, YEAR]))) == ["JPN 1999", "11 others 1999"]


def test_dates_months_and_spells_count_by_their_years():
    months = pd.DataFrame({"month": ["2019-12", "2020-01"]})
    assert str(coverage.rows(months, [{"name": "month", "type": "yearmonth"}])[0]) == "all 2019–2020"
    spells = pd.DataFrame({"iso3": ["JPN"], "start": ["1996-01-11"], "end": ["1998-07-30"]})
    columns = [ISO, {"name": "start", "type": "date"}, {"name": "end", "type": "date"}]
    assert str(coverage.rows(spells, columns)[0]) == "JPN 1996–1998"
    rough = pd.DataFrame({"date": ["1999", "2001-05", "2003-02-01"]})
    assert coverage.rows(rough, [{"name": "date", "type": "string"}])[0].spans == [(1999, 1999), (2001, 2001), (2003, 2003)]


def test_a_spell_that_goes_on_reaches_to_the_end_of_the_table():
    spells = pd.DataFrame({"start": ["2025-01-20"], "end": [None]})
    columns = [{"name": "start", "type": "date"}, {"name": "end", "type": "date"}]
    assert coverage.rows(spells, columns, until=2026)[0].spans == [(2025, 2026)]


def test_a_spell_whose_end_is_not_known_reaches_to_the_last_sign_of_it():
    spells = pd.DataFrame({"start": ["2019-07"], "end": [None], "seen_until": ["2020-10-08"]})
    columns = [{"name": name, "type": "string"} for name in spells]
    assert coverage.rows(spells, columns, until=2026)[0].spans == [(2019, 2020)]


def test_a_table_without_years_has_no_chart():
    assert coverage.rows(pd.DataFrame({"iso3": ["JPN"]}), [ISO]) == [] and coverage.html([]) == ""


def test_a_table_about_one_span_of_years_has_those_of_its_sidecar():
    frame = pd.DataFrame({"iso3": ["JPN", "KOR"]})
    assert list(map(str, coverage.rows(frame, [ISO], whole="1990-2019"))) == ["JPN 1990–2019", "KOR 1990–2019"]
    assert list(map(str, coverage.rows(frame, [ISO], whole="2025"))) == ["JPN 2025", "KOR 2025"]


def test_every_table_has_a_chart_of_its_years_and_a_vote_those_of_its_roll_call():
    made = {table["name"]: table["coverage"] for table in tables.descriptions(read_register())}
    assert [name for name, found in made.items() if not found] == []
    korea = next(row for row in made["un_votes"] if row.label == "KOR")
    assert (korea.spans[0][0], korea.spans[-1][1]) == (1991, 2020)
    assert {row.label for row in made["cyber_incident_receivers"]} >= {"USA", "JPN", "KOR"}


def test_the_chart_says_in_words_what_it_draws():
    drawn = coverage.html([coverage.Row("JPN", [(2001, 2003)]), coverage.Row("KOR", [(2005, 2005)])])
    assert 'role="img"' in drawn and "Years covered: Japan 2001–2003; South Korea 2005" in drawn
    assert '<path d="M0 0h3v1h-3z"/>' in drawn and '<path d="M4 0h1v1h-1z"/>' in drawn


def test_the_chart_says_what_the_countries_are_unless_they_are_simply_the_country():
    supplier = {"name": "supplier", "type": "string", "codes": "iso3", "title": "Supplier"}
    assert coverage.countries_of([supplier, ISO]) == (["supplier"], "supplier")
    assert coverage.countries_of([ISO, supplier]) == (["iso3"], "")
    assert coverage.countries_of([YEAR]) == ([], "")
    assert "Years covered, by supplier: Japan 2001" in coverage.html([coverage.Row("JPN", [(2001, 2001)])], "supplier")


def test_both_countries_of_a_pair_have_its_years():
    columns = [{"name": f"iso3_{side}", "type": "string", "codes": "iso3", "title": "Country"} for side in "ab"]
    frame = pd.DataFrame({"iso3_a": ["CHN", "JPN"], "iso3_b": ["JPN", "RUS"], "year": ["1996", "1998"]})
    assert list(map(str, coverage.rows(frame, [*columns, YEAR]))) == ["JPN 1996, 1998", "CHN 1996", "RUS 1998"]


def test_a_cell_with_two_years_is_a_spell_and_the_world_comes_last():
    frame = pd.DataFrame({"iso3": ["WLD", "ZAF"], "period": ["2019-2021", "2020"]})
    found = coverage.rows(frame, [ISO, {"name": "period", "type": "string"}])
    assert list(map(str, found)) == ["ZAF 2020", "WLD 2019–2021"]
    assert coverage.html(found).count("World") == 2


def test_in_few_words_countries_with_the_same_years_stand_together_and_many_gaps_are_called_so():
    same, gaps = [(2001, 2003)], [(year, year) for year in range(1990, 2000, 2)]
    found = [coverage.Row("USA", same), coverage.Row("JPN", same), coverage.Row("KOR", gaps)]
    assert coverage.summary(found) == "United States, Japan 2001–2003; South Korea 1990–1998 with gaps"
    assert coverage.summary([coverage.Row("all", same)]) == "2001–2003"


def test_the_appendix_gives_the_reason_of_each_table_of_single_facts_under_unclear_terms():
    described = tables.descriptions(read_register())
    listed = tables.single_facts(described)
    unclear = [table for table in described if table["meta"]["licence"]["redistribution"] != "yes"]
    facts = [table["name"] for table in unclear if table["meta"]["licence"]["holds"] == "facts"]
    assert [each["name"] for each in listed] == facts and 0 < len(facts) < len(unclear) / 4
    shown = html_tables._single_facts(listed)
    assert all(f'href="#{each["name"]}"' in shown and escaped(each["reason"]) in shown for each in listed)
    assert html_tables._single_facts([]) == ""
