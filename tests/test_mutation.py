"""The mutation test of the data: what it damages, what notices, what it counts."""

import re

import pytest
from sphinx import addnodes

from trilateral import data, totals
from trilateral.contract import read_sidecar
from trilateral.mutation import checks, damages, page, run
from trilateral.publish import mutation_results

TABLE = "monthly_trade_china"
RAW = (data.DATA / f"{TABLE}.csv").read_bytes()
META = read_sidecar(data.DATA / f"{TABLE}.yml")
CHAPTER = """
```{code-cell} python3
from myst_nb import glue
from trilateral.data import load
```

```{code-cell} python3
:tags: [hide-input]
frame = load("monthly_trade_china").frame
korea = frame.query("iso3 == 'KOR' and flow == 'export'")["usd_million"]
glue("last", float(korea.iloc[-1]), display=False)
```

```{code-cell} python3
assert korea.max() < 1e6, "too much trade"
frame["jpy_million"].iloc[1]
```
"""


def damaged(kind, old, new):
    """The table with one text in place of another, which it has once."""
    text = RAW.decode()
    assert text.count(old) == 1
    return damages.Damage(TABLE, kind, 0, "by hand", text.replace(old, new).encode())


def last_korean_export():
    return re.findall(r"^KOR,export,.*$", RAW.decode(), re.MULTILINE)[-1]


def test_damage_is_of_every_kind_changes_the_file_and_is_the_same_from_the_same_seed():
    made = damages.of(TABLE, RAW, META, seed=3)
    assert {damage.kind for damage in made} == set(damages.KINDS)
    assert all(damage.content != RAW for damage in made) and len({damage.key for damage in made}) == len(made)
    assert made == damages.of(TABLE, RAW, META, seed=3) != damages.of(TABLE, RAW, META, seed=4)


def test_reading_and_writing_a_table_leaves_its_bytes():
    for name in ("trilateral_milestones", "chip_suppliers", "patents"):
        raw = (data.DATA / f"{name}.csv").read_bytes()
        assert damages.write(damages.read(raw)) == raw


def test_structural_damage_units_signs_and_swapped_countries_of_a_table_are_all_stopped_and_the_table_itself_is_not():
    sound = damages.Damage(TABLE, "none", 0, "nothing", RAW)
    assert checks.of_the_contract(sound) == checks.of_the_totals(sound) == ""
    for damage in damages.of(TABLE, RAW, META, kinds=(*damages.STRUCTURE, *damages.GROSS)):
        assert checks.of_the_contract(damage) or checks.of_the_totals(damage), damage.words
    assert totals.differences(TABLE) == []  # nothing of the damage is left


def test_tests_that_compare_sources_stop_a_table_that_its_own_rules_let_pass():
    thousands = re.sub(r"^(KOR,.*?,)(\d+)", r"\g<1>9\2", RAW.decode(), flags=re.MULTILINE).encode()
    found = checks.of_other_sources(damages.Damage(TABLE, "unit", 0, "by hand", thousands))
    assert found.startswith("test_a_table_holds_the_value_that_was_printed[monthly_trade_china")
    assert checks.of_other_sources(damages.Damage(TABLE, "none", 0, "nothing", RAW)) == ""


def test_a_chapter_shows_what_it_reads_and_not_what_it_passes_over(tmp_path):
    chapter, said, row = tmp_path / "chapter.md", {}, last_korean_export()
    chapter.write_text(CHAPTER, encoding="utf-8")
    value = row.split(",")[3]
    first = RAW.decode().splitlines()[1]
    second = RAW.decode().splitlines()[2]
    tried = {"last line of a cell": damaged("value moved", second, second + "1"),
             "shown": damaged("value moved", row, row.replace(f",{value},", ",12345.6,")),
             "passed over": damaged("value moved", first, first + "1"),
             "an error": damaged("value moved", row, row.replace(f",{value},", ",9000000,"))}
    for name, damage in tried.items():
        page.run(chapter, [damage], lambda _, found, name=name: said.update({name: found}))
    assert said == {"last line of a cell": "output of a cell", "shown": "number last",
                    "passed over": page.SAME, "an error": "number last"}


def test_a_chapter_that_says_something_else_each_time_is_no_measure(tmp_path):
    chapter = tmp_path / "chapter.md"
    chapter.write_text(CHAPTER.replace("from myst_nb", "import os; print(os.urandom(4)); os.urandom(4)\nfrom myst_nb")
                       .replace("float(korea.iloc[-1])", "os.urandom(4).hex()"), encoding="utf-8")
    with pytest.raises(page.ControlError, match="chapter: "):
        page.run(chapter, [damaged("value moved", last_korean_export(), last_korean_export() + "1")], lambda *_: None)


def test_a_run_goes_on_where_it_was_broken_off_and_counts_what_noticed_first(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "KEPT", tmp_path)
    results = run.run([TABLE], 0, False, False, lambda *_: None)
    assert [result.kind for result in results if result.stage == "untried"] in ([], ["value moved"])
    assert {result.kind for result in results} == set(damages.KINDS) and run.missed(results) == []
    monkeypatch.setattr(checks, "of_the_contract", lambda _: pytest.fail("checked twice"))
    assert run.run([TABLE], 0, False, False, lambda *_: None) == results


def test_kinds_of_which_too_few_are_stopped_are_named_with_what_went_through():
    results = [run.Result("toys", "unit", f"column {number}", "totals" if number else "version") for number in range(10)]
    said, = run.missed(results)
    assert said == ("unit, sign, countries swapped: no check stops 1 of 10 damaged tables; at least 95% must be stopped. "
                    "toys, unit: column 0")
    assert run.missed([*results, *results[1:], *results[1:]]) == []


def test_the_counts_of_the_appendix_add_up_and_keep_to_what_is_promised(tmp_path):
    results = [run.Result("toys", "unit", "x", "totals"),
               run.Result("bears", "value moved", "y", "chapter", "figure toys", "figure toys"),
               run.Result("toys", "value moved", "z", "totals", "sum", "number toys"),
               run.Result("dolls", "value moved", "z", "version", "", "")]
    run.record(results, 7, tmp_path / "m.json", {"bears": "b1", "blocks": "b2", "dolls": "d1", "toys": "t1"})
    kept = mutation_results.read(tmp_path / "m.json")
    assert kept["tables"] == {"bears": "b1", "dolls": "d1", "toys": "t1"}
    assert kept["kinds"] == {"unit": {"totals": 1}, "value moved": {"totals": 1, "chapter": 1, "version": 1}}
    assert kept["small"] == {"tried": 3, "changed": {"figure": 1, "number": 1}, "unseen": ["dolls"]} and kept["seed"] == 7
    assert mutation_results.rows(kept["kinds"])[1] == ["Value moved", "3", "0", "1", "0", "1", "1", "33.3%"]
    assert mutation_results.of_small_changes(kept["small"]) == (
        "Chapters were run on one small change of each of 3 tables, drawn by lot. A chapter shows 2 of them (67%), in a "
        "number, a figure, a quantity or a verdict. Nothing that a chapter prints changes with the other 1 (33%): the list of "
        "tables alone tells of them, by another version of the file, not by what was changed. Their tables are named with the "
        "results in mutation.json, a file of the web edition.")
    all_seen = {"tried": 2, "changed": {"figure": 2}, "unseen": []}
    assert mutation_results.of_small_changes(all_seen).endswith("A chapter shows 2 of them (100%), in a number, a figure, a "
                                                               "quantity or a verdict.")
    link, = mutation_results.shown(kept)[1].findall(addnodes.download_reference)
    assert link["reftarget"] == link.astext() == mutation_results.FILE.name
    assert mutation_results.of_small_changes(run.small([])) == ""


def test_the_measured_results_of_the_book_keep_to_what_is_promised():
    kept = mutation_results.read()
    for kinds, least in run.LEAST.items():
        for kind in kinds:
            noticed = kept["kinds"][kind]
            assert sum(noticed.get(stage, 0) for stage in run.STOPPED) >= least * sum(noticed.values()), kind
    small = kept["small"]
    assert small["tried"] == sum(small["changed"].values()) + len(small["unseen"]) > len(data.names()) * 0.9
    assert set(small["unseen"]) <= set(data.names())


def test_tables_that_are_not_those_that_were_measured_are_told():
    measured = {"bears": "b1", "dolls": "d1", "toys": "t1"}
    assert mutation_results.behind(measured, measured) == [] and mutation_results.of_tables_behind([]) == ""
    later = {"bears": "b2", "blocks": "b1", "toys": "t1"}
    assert mutation_results.behind(measured, later) == ["bears", "blocks", "dolls"]
    assert mutation_results.of_tables_behind(["bears", "blocks", "dolls"]) == (
        "These results do not hold for 3 tables that have changed since they were measured, or have come or gone: bears, "
        "blocks and dolls.")
    assert mutation_results.of_tables_behind(["bears"]).startswith("These results do not hold for 1 table that has changed")


def test_the_results_in_the_book_are_of_todays_tables_or_the_appendix_names_the_few_that_are_behind():
    kept, today = mutation_results.read(), mutation_results.hashes()
    behind = mutation_results.behind(kept["tables"], today)
    said = mutation_results.shown(kept)[-1].astext()
    assert [name for name in today if name in said.split(": ")[-1].replace(",", " ").replace(".", "").split()] == behind
    assert len(behind) <= len(today) / 20, f"measure anew, .venv/bin/python -m trilateral mutate --keep: {', '.join(behind)}"
