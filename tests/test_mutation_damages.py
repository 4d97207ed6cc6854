"""Each damage of the mutation test does to a small table exactly what its words say, and nothing else."""

import csv
import io
import re
from collections import Counter
from decimal import Decimal

import pytest

from trilateral.mutation import damages

COUNTRIES = ("CHN", "JPN", "KOR", "USA")
YEARS = range(2015, 2025)
HEAD = ["iso3", "year", "seen", "count", "share", "base_usa", "base_jpn"]
ROWS = [[country, str(year), f"{year}-02-29" if year % 4 == 0 else f"{year}-03-{7 + place:02d}", str(number),
         f"{number - 19.5}", str(number % 7), f"none {number}"]
        for place, country in enumerate(COUNTRIES) for year in YEARS
        for number in [(place + 4 * (year - 2015)) * 7 % 40]]
"""Forty rows: counts 0 to 39, shares -19.5 to 19.5, so that nine tenths of either are 31.2 above one tenth."""
TYPES = {"year": "integer", "count": "integer", "share": "number"}
SPREAD = Decimal("31.2")
META = {"columns": [{"name": name, "type": TYPES.get(name, "string")} for name in HEAD], "primary_key": ["iso3", "year"]}

EVENTS = ["event", "day", "kind"]
DAYS = [[str(number), f"2021-05-{number:02d}", ("ban", "boycott", "tariff")[number % 3]] for number in range(1, 11)]
OF_EVENTS = {"columns": [{"name": "event", "type": "integer"}, {"name": "day", "type": "string"}, {
    "name": "kind", "type": "string", "constraints": {"enum": ["ban", "boycott", "tariff"]}}], "primary_key": ["event"]}
OF_DAYS = {"columns": OF_EVENTS["columns"][:2], "primary_key": ["event"]}
FORMS = {"2021-05-07": {"07/05/2021", "05/07/2021", "07 May 2021", "2021-07-05", "20210507", "21-05-07"}}


def text(head, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue().encode()


def made(kind, head=HEAD, rows=ROWS, meta=META):
    """What twenty draws make of one kind: the words, the header and the rows of each damaged table."""
    found = []
    for seed in range(20):
        for damage in damages.of("toys", text(head, rows), meta, seed, (kind,)):
            first, *others = csv.reader(io.StringIO(damage.content.decode()))
            found.append((damage.words, first, others))
    return found


def of_the_words(pattern, found):
    """The tables that words like these are of, each with what the pattern found in them; at least two."""
    matched = [(match, head, rows) for words, head, rows in found if (match := re.fullmatch(pattern, words))]
    assert len(matched) > 1, pattern
    return matched


def changed(column, rows, fits, change):
    """The rows with one column changed where its row fits."""
    place = HEAD.index(column)
    return [[*row[:place], change(row[place]), *row[place + 1:]] if fits(line, row) else row
            for line, row in enumerate(rows, 2)]


def where(words):
    """Which rows an extent is of: all, one line of the file, or those of a country or year."""
    if words == "all rows":
        return lambda line, row: True
    column, group = words.split()
    if column == "row":
        return lambda line, row: line == int(group)
    return lambda line, row: row[HEAD.index(column)].startswith(group)


def numbers(rows):
    return [[round(Decimal(cell), 12) if re.fullmatch(r"-?[\d.]+", cell) else cell for cell in row] for row in rows]


def multiplied(match, factor):
    return numbers(changed(match[1], ROWS, where(match[2]), lambda cell: str(Decimal(cell) * factor)))


EXTENTS = ("all rows", r"iso3 \w{3}", r"year \d{4}")


@pytest.mark.parametrize("extent", EXTENTS)
@pytest.mark.parametrize(("words", "factor"), [("times 1,000", Decimal(1000)), ("one-thousandth", Decimal("0.001"))])
def test_a_unit_is_off_by_a_thousand_where_it_says_and_nowhere_else(extent, words, factor):
    for match, head, rows in of_the_words(rf"(count|share), ({extent}), {words}", made("unit")):
        if match[1] == "share" or factor > 1:
            assert (head, numbers(rows)) == (HEAD, multiplied(match, factor)), match[0]
        else:  # whole numbers stay whole
            exact = multiplied(match, factor)
            assert numbers(rows) == [[*row[:3], round(row[3]), *row[4:]] for row in exact], match[0]


@pytest.mark.parametrize("extent", [*EXTENTS, r"row \d+"])
def test_a_sign_is_the_other_one_and_the_number_the_same(extent):
    for match, head, rows in of_the_words(rf"(count|share), ({extent}), other sign", made("sign")):
        assert (head, numbers(rows)) == (HEAD, multiplied(match, -1)), match[0]


def test_two_countries_stand_each_in_place_of_the_other():
    for match, head, rows in of_the_words(r"iso3, (\w{3}) and (\w{3})", made("countries swapped")):
        other = {match[1]: match[2], match[2]: match[1]}
        assert len(other) == 2 and head == HEAD
        assert rows == [[other.get(row[0], row[0]), *row[1:]] for row in ROWS], match[0]
    for _, head, rows in of_the_words(r"columns base_\w+ and base_\w+", made("countries swapped")):
        assert (head, rows) == (HEAD, [[*row[:5], row[6], row[5]] for row in ROWS])


@pytest.mark.parametrize("extent", ["all rows", r"iso3 \w{3}", r"row \d+"])
def test_a_year_is_one_earlier_or_later_as_said(extent):
    shifts = set()
    for match, head, rows in of_the_words(rf"(year|seen), ({extent}), ([+-]1)", made("year shifted")):
        def later(cell, by=int(match[3])):
            return f"{int(cell[:4]) + by}{cell[4:]}".replace("-02-29", "-02-28")
        assert (head, rows) == (HEAD, changed(match[1], ROWS, where(match[2]), later)), match[0]
        shifts.add((match[1], match[3]))
    assert shifts == {(column, by) for column in ("year", "seen") for by in ("+1", "-1")}


def test_rows_that_are_dropped_are_those_named_and_as_many_as_said():
    found = made("rows dropped")
    for match, head, rows in of_the_words(r"row (\d+)", found):
        assert (head, rows) == (HEAD, [row for line, row in enumerate(ROWS, 2) if line != int(match[1])])
    for _, head, rows in of_the_words("one in twenty", found):
        assert head == HEAD and len(rows) == 38 and rows == [row for row in ROWS if row in rows]
    for match, head, rows in of_the_words(r"all of iso3 (\w{3})", found):
        assert (head, rows) == (HEAD, [row for row in ROWS if row[0] != match[1]]) and len(rows) == 30
    assert [(head, rows) for words, head, rows in found if words == "the last tenth"] == [(HEAD, ROWS[:36])] * 20


def test_rows_that_are_doubled_are_those_named():
    found = made("rows doubled")
    for match, head, rows in of_the_words(r"row (\d+)", found):
        line = int(match[1])
        assert (head, rows) == (HEAD, [*ROWS[:line - 1], *ROWS[line - 2:]]), match[0]
    assert [(head, rows) for words, head, rows in found if words == "all rows"] == [(HEAD, ROWS + ROWS)] * 20
    for match, head, rows in of_the_words(r"row (\d+) under a number of its own",
                                          made("rows doubled", EVENTS, DAYS, OF_EVENTS)):
        assert (head, rows) == (EVENTS, [*DAYS, ["11", *DAYS[int(match[1]) - 2][1:]]]), match[0]


def test_a_column_that_is_renamed_keeps_its_cells_and_its_place():
    found = made("column renamed")
    for match, head, rows in of_the_words(r"(\w+) to '([^']+)'", found):
        assert match[1] != match[2] and rows == ROWS
        assert head == [match[2] if name == match[1] else name for name in HEAD], match[0]
    for match, head, rows in of_the_words(r"headers of (\w+) and (\w+) exchanged", found):
        other = {match[1]: match[2], match[2]: match[1]}
        assert len(other) == 2 and rows == ROWS and head == [other.get(name, name) for name in HEAD], match[0]


def test_a_date_in_another_format_is_the_same_date():
    found = made("dates in another format", EVENTS, DAYS, OF_EVENTS)
    forms = Counter()
    for _, head, rows in of_the_words("day, all rows", found):
        assert head == EVENTS and [[row[0], row[2]] for row in rows] == [[row[0], row[2]] for row in DAYS]
        form, = {re.sub(r"0[1-9]|10", "d", row[1].replace("2021", "y").replace("05", "m").replace("May", "M"), count=1)
                 for row in rows if row[1] not in ("05/05/2021", "05 May 2021", "2021-05-05", "20210505", "21-05-05")}
        assert rows[6][1] in FORMS["2021-05-07"]
        forms[form] += 1
    assert len(forms) == len(FORMS["2021-05-07"])
    for match, _, rows in of_the_words(r"day, row (\d+)", found):
        row, = (place for place, (old, new) in enumerate(zip(DAYS, rows, strict=True)) if old != new)
        day = DAYS[row][1][-2:]
        assert row + 2 == int(match[1]) and [rows[row][0], rows[row][2]] == [DAYS[row][0], DAYS[row][2]]
        assert rows[row][1] in {f"{day}/05/2021", f"05/{day}/2021", f"{day} May 2021"}
    for _, head, rows in of_the_words("year with two digits", made("dates in another format")):
        assert (head, rows) == (HEAD, [[row[0], row[1][2:], *row[2:]] for row in ROWS])


def test_a_value_moves_by_a_little_and_stays_where_the_column_has_values():
    """By 2 to 10 percent of the distance between the tenth and the ninetieth percentile."""
    for match, head, rows in of_the_words(r"(count|share), row (\d+), (\S+) to (\S+)", made("value moved")):
        old, new = Decimal(match[3]), Decimal(match[4])
        least, most = (0, 39) if match[1] == "count" else (-19.5, 19.5)
        assert head == HEAD and ROWS[int(match[2]) - 2][HEAD.index(match[1])] == match[3]
        assert rows == changed(match[1], ROWS, where(f"row {match[2]}"), lambda _, match=match: match[4]), match[0]
        by = abs(new - old)
        assert least <= new <= most and (by in (1, 2, 3) if match[1] == "count" else
                                         SPREAD / 50 - Decimal("0.01") <= by <= SPREAD / 10 + Decimal("0.01")), match[0]


@pytest.mark.parametrize(("head", "meta", "column", "quote"), [
    (EVENTS, OF_EVENTS, "kind", "'"), (EVENTS[:2], OF_DAYS, "day", "")])
def test_where_nothing_is_measured_one_category_or_date_takes_the_place_of_another(head, meta, column, quote):
    before, place = [row[:len(head)] for row in DAYS], head.index(column)
    for match, found, rows in of_the_words(rf"{column}, row (\d+), {quote}(\S+?){quote} to {quote}(\S+?){quote}",
                                           made("value moved", head, before, meta)):
        row = int(match[1]) - 2
        assert found == head and match[2] != match[3] and match[3] in {each[place] for each in before}
        assert before[row][place] == match[2] and rows[row][place] == match[3]
        assert [each for at, each in enumerate(rows) if at != row] == [each for at, each in enumerate(before) if at != row]
        assert [cell for at, cell in enumerate(rows[row]) if at != place] == [
            cell for at, cell in enumerate(before[row]) if at != place]
