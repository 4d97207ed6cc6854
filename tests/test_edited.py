"""A notebook kit whose tables or rules were edited says so, in its summary and on its verdict cards."""

import json
import shutil

import altair as alt
import pandas as pd
import pytest

from trilateral import charts, claims, contract, data, datapackage, edited, parameters, reproduce
from trilateral.claims import verdicts
from trilateral.exit_codes import AGREE, USAGE

TABLE, WHOLE = "technology_instruments", data.DATA


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Data of a kit: the package's descriptor and one of its tables."""
    for name in (datapackage.FILE, f"{TABLE}.csv"):
        shutil.copy(data.DATA / name, tmp_path / name)
    monkeypatch.setattr(data, "DATA", tmp_path)
    return tmp_path


def test_the_tables_and_rules_of_the_book_are_as_published():
    assert reproduce.edits() == []


def test_an_edited_or_missing_table_is_told(folder):
    assert edited.tables([TABLE]) == []
    (folder / f"{TABLE}.csv").write_bytes((folder / f"{TABLE}.csv").read_bytes().replace(b"China", b"Chile", 1) + b"x")
    assert edited.tables([TABLE, "no-table"]) == [TABLE]
    (folder / f"{TABLE}.csv").unlink()
    assert edited.tables([TABLE]) == [TABLE]


@pytest.mark.parametrize(("kit", "told"), [(True, []), (False, [TABLE])])
def test_line_ends_of_a_spreadsheet_program_are_no_edit_in_a_kit(folder, monkeypatch, kit, told):
    monkeypatch.setattr(contract, "KIT", kit)
    path = folder / f"{TABLE}.csv"
    path.write_bytes(contract.BOM + path.read_bytes().replace(b"\n", b"\r\n"))
    assert edited.tables([TABLE]) == told


REGISTER = """record_ends: '2026-08-31'
sources:
  brief: {title: One, date: '2022-12-20'}
  older: {title: Two, date: '2015-02-02'}
claims:
- {id: as-one, test: Gap above 1., quantities: {x: {range: [0, 9]}}, rule: [{supported: x > 1}, {mixed: otherwise}]}
- {id: as-two, test: Gap above 2., quantities: {x: {range: [0, 9]}}, rule: [{supported: x > 2}, {mixed: otherwise}]}
"""


@pytest.fixture
def home(tmp_path):
    """A kit with a register, a table with its sidecar, a module, and what it keeps of them as published."""
    files = {"book/claims.yml": REGISTER, "data/leaders.csv": "country,since\nJPN,2024\n", "data/leaders.yml": "day: 2026\n",
             "data/aid.csv": "x\n", "data/aid.yml": "x: 1\n", "trilateral/claims/rules.py": "LAST = 1\n",
             "trilateral/claims.schema.json": "{}"}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    stamps = edited.stamps({name: text.encode() for name, text in files.items()})
    (tmp_path / edited.STAMPS).write_text(json.dumps(stamps), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("old", "new", "told"), [
    ("x > 2", "x > 3", ["as-two"]), ("[0, 9]", "[0, 8]", ["as-one"]), ("Gap above 2", "Gap above 4", ["as-two"]),
    ("as-two", "as-new", ["as-new", "as-two"]), ("'2026-08-31'", "'2023-08-31'", ["record_ends"]),
    ("'2022-12-20'", "'2016-12-20'", ["source brief"]), ("record_ends", "# a remark\nrecord_ends", [])])
def test_whatever_is_edited_in_the_register_is_told(home, old, new, told):
    (home / "book" / "claims.yml").write_text(REGISTER.replace(old, new, 1), encoding="utf-8")
    assert edited.rules(home) == told


def test_tables_rules_and_code_are_told_apart():
    assert edited.told(["leaders"], ["as-two"], ["x.py"]) == ["data changed: leaders", "rules changed: as-two",
                                                              "code changed: x.py"]


def test_an_edited_or_missing_sidecar_of_a_kit_is_told_beside_its_table(home):
    folder = home / "data"
    assert edited.tables(folder=folder) == edited.tables(["leaders"], folder) == []
    (folder / "leaders.yml").write_text("day: 2030\n")
    assert edited.tables(folder=folder) == edited.tables(["leaders"], folder) == ["leaders.yml"]
    assert edited.tables(["aid"], folder) == []
    (folder / "leaders.csv").write_text("country,since\n")
    (folder / "aid.yml").unlink()
    assert edited.tables(folder=folder) == ["aid.yml", "leaders", "leaders.yml"]


@pytest.mark.parametrize(("name", "text"), [
    ("trilateral/claims/rules.py", "LAST = 2\n"), ("trilateral/claims.schema.json", "[]"), ("trilateral/data/__init__.py", "")])
def test_a_module_or_schema_that_was_edited_or_added_is_told(home, name, text):
    aside = home / "trilateral" / ".ipynb_checkpoints" / "rules.py"
    aside.parent.mkdir()
    aside.write_text("LAST = 3\n")
    assert edited.code(home) == []
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_text(text)
    assert edited.code(home) == [name]


WORDED = "worded for the published choices and data; numbers in it are of those or computed here"


@pytest.mark.parametrize("how", ["nothing", "a choice", "a table", "a table of no kit"])
def test_a_card_says_that_its_words_are_those_of_what_was_published(how, folder, monkeypatch):
    if how == "a choice":
        monkeypatch.setenv(edited.CHANGED, "1")
    if how.startswith("a table"):
        (folder / f"{TABLE}.csv").write_bytes(b"x")
    claim = next(iter(claims.register().claims.values()))
    published = {claim.id: dict.fromkeys(claims.MOMENTS, "mixed")} if how != "a table of no kit" else {}
    monkeypatch.setattr(verdicts, "_published", lambda: published)
    moment = verdicts.Verdict("2023-12-31", "mixed", "otherwise", {})
    shown = str(verdicts.Judgement(claim, moment, moment, "A", [TABLE], {}, "Few years."))
    told = how in ("a choice", "a table")
    chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q")
    drawn = charts.figure("one", "One", "Count", chart, data=pd.DataFrame({"x": [1]}), note="Few years.",
                          tables=[data.load(TABLE, WHOLE)], alt=" ".join(["1 of"] * 12))
    assert drawn.note == f"Note, {WORDED}: " * told + "Few years."
    assert shown.count("Something was changed here: the words for the numbers are those of the published") == told
    assert (f"Caveat, {WORDED}: Few years." in shown) is told


@pytest.mark.parametrize(("register", "code", "said"), [
    (lambda: claims.read_register(), AGREE, "data changed: leaders; this is no reproduction of the book\n1 of 1 claims"),
    (lambda: claims.read_register()["no-claim"], USAGE, "error: ")])
def test_comparing_saved_notebooks_tells_what_was_edited_first(register, code, said, tmp_path, monkeypatch, capsys):
    judged = {moment: {"verdict": "mixed"} for moment in claims.MOMENTS}
    entry, output = {"id": "as-one", "chapter": "threats"} | judged, {"data": {claims.MIME: {"claim": "as-one"} | judged}}
    (tmp_path / "ledger.json").write_text(json.dumps({"claims": [entry]}), encoding="utf-8")
    (tmp_path / "threats.ipynb").write_text(json.dumps({"cells": [{"outputs": [output]}]}), encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "ledger.json")
    monkeypatch.setattr(claims, "register", register)
    monkeypatch.setattr(edited, "tables", lambda: ["leaders"])
    assert reproduce.main(tmp_path) == code
    shown = capsys.readouterr()
    assert (shown.out + shown.err).startswith(said)


METADATA = {"metadata": {parameters.KEPT: {"WINDOW": "6"}}}


def cell(name, source, **more):
    return {"cell_type": "code", "id": name, "source": source, "metadata": {}, **more}


def test_edited_code_of_a_kit_is_told_by_module_and_cell(tmp_path):
    cells = [cell("a", "WINDOW = 6", metadata={"tags": ["parameters"]}), cell("b", "x = 1"), cell("c", "y = 2")]
    published = {"trilateral/measures/__init__.py": b"SEED = 1", "aid.ipynb": json.dumps({"cells": cells} | METADATA).encode(),
                 "data/x.csv": b""}
    (tmp_path / "code.json").write_text(json.dumps(edited.stamps(published)))
    module = tmp_path / "trilateral" / "measures" / "__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text("SEED = 1")
    now = [cell("a", "WINDOW = 9", metadata={"tags": ["parameters"]}), *cells[1:]]
    assert edited.code(tmp_path) == edited.cells(tmp_path, "aid", {"cells": now} | METADATA) == []
    module.write_text("SEED = 7")
    assert edited.code(tmp_path) == ["trilateral/measures/__init__.py"]
    now = [now[0], cell("b", "x = 3"), cell("new", "z = 1")]
    assert edited.cells(tmp_path, "aid", {"cells": now} | METADATA) == ["cell 2 of aid", "cell 3 of aid",
                                                                        "1 cell of aid left out"]
    forged = {"cells": [cell("a", "WINDOW = 9", metadata={"tags": ["parameters"]}), *cells[1:]],
              "metadata": {parameters.KEPT: {"WINDOW": "9"}}}
    assert parameters.by_hand(forged) == {} and edited.cells(tmp_path, "aid", forged) == ["published values that aid keeps"]


TOP = """AS_OF = None  # a day ends the record there
as_of.set_day(AS_OF)
FALL, LOWEST = 20, 10  # percent
SHOCKS = {"2012": [1,
  2]}
LINE = asked("as-one", "gap")"""


@pytest.mark.parametrize(("old", "new", "told"), [
    ("FALL, LOWEST = 20, 10  # percent", "FALL, LOWEST = (30), 9  # more", False), ("[1,\n  2]", "[1]", False),
    ("= None", "= '2023-12-31'", False), ("= None", "= str('2023-12-31')", True),
    ("set_day(AS_OF)", 'set_day("2023-06-30")', True), ("LOWEST =", "HIGHEST =", True),
    ("SHOCKS = {", "SHOCKS = STEPS = {", True), ('asked("as-one", "gap")', "3", True),
    (TOP, TOP + "\nas_of.set_day('2023-06-30')", True), (TOP, TOP + "\nFALL = 5", True), (TOP, TOP + "\n%time", True),
    (TOP, TOP + "\nfrom trilateral import claims\nclaims.Claim.decide = lambda *given: ('supported', '')", True)])
def test_of_a_cell_of_parameters_values_alone_may_differ(tmp_path, old, new, told):
    assert old in TOP
    notebook = {"cells": [cell("a", TOP, metadata={"tags": ["parameters"]})], "metadata": {}}
    notebook["metadata"][parameters.KEPT] = parameters.values(notebook)
    (tmp_path / edited.STAMPS).write_text(json.dumps(edited.stamps({"aid.ipynb": json.dumps(notebook).encode()})))
    for metadata in (notebook["metadata"], {}):  # a service that drops it drops what the values were
        now = {"cells": [cell("a", TOP.replace(old, new), metadata={"tags": ["parameters"]})], "metadata": metadata}
        said = ["cell 1 of aid"] * (told or not metadata) + ["published values that aid keeps"] * (not metadata)
        assert edited.cells(tmp_path, "aid", now) == said


def test_cells_in_another_order_or_given_twice_are_told(tmp_path):
    cells = [cell("a", "x = 1"), cell("b", "x = 2"), cell("c", "x = 3")]
    (tmp_path / edited.STAMPS).write_text(json.dumps(edited.stamps({"aid.ipynb": json.dumps({"cells": cells}).encode()})))
    assert edited.cells(tmp_path, "aid", {"cells": cells[::-1]}) == ["order of the cells of aid"]
    assert edited.cells(tmp_path, "aid", {"cells": [*cells, cells[0]]}) == ["cell 1 of aid", "cell 4 of aid"]


def test_a_clone_keeps_no_hashes_of_its_code(tmp_path):
    assert edited.code(tmp_path) == edited.cells(tmp_path, "aid", {"cells": [cell("b", "x = 3")]}) == []
