"""Which group of checks stops which damage of a small table: its rules, its totals, or a test that compares sources."""

import re

import pytest

from trilateral import data, totals
from trilateral.mutation import checks, damages, run

TABLE = "toys"
SIDECAR = """
title: Toys
description: Made-up numbers, for tests alone.
producer: The tests
producer_short: Tests
citation: The tests (2024). Toys.
licence: {name: CC0 1.0, id: CC0-1.0, url: "https://example.org/cc0", redistribution: "yes", note: Made up.}
recipe: toy
grade: A
grade_reason: Made for tests.
curated: [toys.csv]
retrieved: 2024-12
vintage: "2024"
coverage: {years: 2015-2024, countries: [JPN, KOR, USA]}
rows_at_least: 20
primary_key: [iso3, year]
columns:
- {name: iso3, type: string, title: Country, description: Code., constraints: {required: true, enum: [JPN, KOR, USA]}}
- {name: year, type: integer, title: Year, description: Year., constraints: {required: true, minimum: 1990, maximum: 2030}}
- {name: kind, type: string, title: Kind, description: Kind., constraints: {required: true, enum: [ball, bear]}}
- {name: sold, type: integer, title: Sold, description: Number., unit: toys, constraints: {minimum: 0, maximum: 9000000}}
- {name: balance, type: number, title: Balance, description: Net., unit: toys, constraints: {minimum: -9000000}}
caveats: [Made up.]
claims: [as-toy-rises]
"""
ROWS = [f"{country},{year},{('ball', 'bear')[year % 2]},{base + 10 * (year - 2015)},{sign * (base / 10 + year - 2015)}\n"
        for country, base, sign in (("JPN", 1000, 1), ("KOR", 2000, -1), ("USA", 4000, 1)) for year in range(2015, 2025)]
SOUND = "".join(["iso3,year,kind,sold,balance\n", *ROWS])
OTHER_SOURCE = f"""
from trilateral.data import load

def test_korea_sold_in_2020_what_was_printed():
    assert load("{TABLE}").frame.set_index(["iso3", "year"])["sold"].get(("KOR", 2020)) == 2050
"""


@pytest.fixture(autouse=True)
def toys(tmp_path, monkeypatch):
    """The table with its accepted totals and a test of another source, in place of the book's."""
    (tmp_path / f"{TABLE}.yml").write_text(SIDECAR, encoding="utf-8")
    (tmp_path / f"{TABLE}.csv").write_text(SOUND, encoding="utf-8")
    (tmp_path / "test_cross_checks_toys.py").write_text(OTHER_SOURCE, encoding="utf-8")
    for module in (data, totals):
        monkeypatch.setattr(module, "DATA", tmp_path)
    monkeypatch.setattr(checks, "TESTS", tmp_path)
    monkeypatch.setattr(run, "KEPT", tmp_path / "kept")
    totals.accept(TABLE)
    for cached in (checks._pointing, checks._readers_among_tests):
        cached.cache_clear()
    yield tmp_path
    for cached in (checks._pointing, checks._readers_among_tests):
        cached.cache_clear()


def lines(change):
    """The table with every line of a country changed."""
    def of(text, country):
        return "".join(change(line) if line.startswith(country) else line for line in text.splitlines(keepends=True))
    return of


def times(line, place, factor):
    cells = line.rstrip("\n").split(",")
    cells[place] = f"{float(cells[place]) * factor:.10g}"
    return ",".join(cells) + "\n"


def later(line):
    return re.sub(r",(\d{4}),", lambda match: f",{int(match[1]) + 1},", line)


def swapped(text):
    return text.replace("KOR", "X").replace("JPN", "KOR").replace("X", "JPN")


DAMAGES = {
    "nothing": (lambda text: text, set()),
    "a small change that nobody printed": (lambda text: text.replace(",1050,", ",1056,"), set()),
    "a small change of a printed value": (lambda text: text.replace(",2050,", ",2056,"), {"sources"}),
    "a column renamed": (lambda text: text.replace("sold", "sales"), {"contract"}),
    "columns exchanged": (lambda text: text.replace("sold,balance", "balance,sold"), {"contract"}),
    "a row doubled": (lambda text: text + ROWS[4], {"contract"}),
    "a row dropped": (lambda text: text.replace(ROWS[4], ""), {"totals"}),
    "too many rows dropped": (lambda text: text[:len(text) // 2 + 1].rpartition("\n")[0] + "\n", {"contract"}),
    "a date in another format": (lambda text: text.replace(",2020,", ",20,"), {"contract"}),
    "an unknown country": (lambda text: text.replace("USA", "U.S."), {"contract"}),
    "a unit beyond the range": (lambda text: lines(lambda line: times(line, 3, 1e6))(text, "KOR"), {"contract"}),
    "a unit within the range, of printed values": (
        lambda text: lines(lambda line: times(line, 3, 1000))(text, "KOR"), {"totals", "sources"}),
    "a unit within the range": (lambda text: lines(lambda line: times(line, 3, 1000))(text, "JPN"), {"totals"}),
    "a thousandth": (lambda text: lines(lambda line: times(line, 4, 0.001))(text, "USA"), {"totals"}),
    "a share of a country": (lambda text: lines(lambda line: times(line, 4, 1.05))(text, "JPN"), {"totals"}),
    "a sign beyond the range": (lambda text: text.replace(",1050,", ",-1050,"), {"contract"}),
    "a sign within the range": (lambda text: lines(lambda line: times(line, 4, -1))(text, "JPN"), {"totals"}),
    "two countries swapped": (swapped, {"totals", "sources"}),
    "a country's years shifted": (lambda text: lines(later)(text, "USA"), {"totals"}),
    "a category changed": (lambda text: text.replace("JPN,2020,ball", "JPN,2020,bear"), {"totals"}),
}


def groups(damage):
    """The groups of checks that stop a damage, each asked alone; no other where the table breaks its rules."""
    if checks.of_the_contract(damage):
        return {"contract"}
    asked = {"totals": checks.of_the_totals, "sources": checks.of_other_sources}
    return {name for name, check in asked.items() if check(damage)}


@pytest.mark.parametrize("words", DAMAGES)
def test_a_damage_is_stopped_by_the_checks_that_must_stop_it_and_by_no_other(words):
    change, stopping = DAMAGES[words]
    changed = change(SOUND)
    assert (changed != SOUND) == (words != "nothing")
    assert groups(damages.Damage(TABLE, "by hand", 0, words, changed.encode())) == stopping


def test_each_group_of_checks_is_the_only_one_that_stops_some_damage():
    assert [group for group in run.STOPPED if {group} not in [stopping for _, stopping in DAMAGES.values()]] == []


def test_a_run_names_the_first_group_that_stops_each_kind_of_damage():
    found = run.counts(run.run([TABLE], 0, True, False, lambda *_: None))
    assert found == {
        "column renamed": {"contract": 4}, "rows dropped": {"totals": 6}, "rows doubled": {"contract": 4},
        "dates in another format": {"contract": 1}, "unit": {"totals": 12}, "sign": {"contract": 4, "totals": 4},
        "countries swapped": {"totals": 3}, "year shifted": {"contract": 1, "totals": 2}, "value moved": {"totals": 3}}
