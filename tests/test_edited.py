"""A notebook kit whose tables or rules were edited says so, in its summary and on its verdict cards."""

import json
import shutil

import altair as alt
import pandas as pd
import pytest

from trilateral import charts, claims, contract, data, datapackage, edited, reproduce
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


def test_an_edited_rule_is_told():
    lines = {"as-one": "x > 1", "as-two": "x > 2"}
    ledger = {claim: {"rule": [{"verdict": "mixed", "when": when}]} for claim, when in lines.items()}
    now = {"as-one": [("mixed", "x > 1")], "as-two": [("mixed", "x > 3")]}
    assert edited.rules(ledger | {"as-three": {}}, now) == ["as-two"]
    assert edited.told(["leaders"], edited.rules(ledger, now)) == ["data changed: leaders", "rules changed: as-two"]


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
    assert drawn.note == "Note, as written of the published choices and data: " * told + "Few years."
    assert shown.count("Something was changed here: the words for the numbers are those of the published") == told
    assert ("Caveat, as written of the published choices and data: Few years." in shown) is told


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


def cell(name, source, **more):
    return {"cell_type": "code", "id": name, "source": source, "metadata": {}, **more}


def test_edited_code_of_a_kit_is_told_by_module_and_cell(tmp_path):
    cells = [cell("a", "WINDOW = 6", metadata={"tags": ["parameters"]}), cell("b", "x = 1"), cell("c", "y = 2")]
    published = {"trilateral/measures/__init__.py": b"SEED = 1", "aid.ipynb": json.dumps({"cells": cells}).encode(),
                 "data/x.csv": b""}
    (tmp_path / "code.json").write_text(json.dumps(edited.stamps(published)))
    module = tmp_path / "trilateral" / "measures" / "__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text("SEED = 1")
    now = [cell("a", "WINDOW = 9", metadata={"tags": ["parameters"]}), *cells[1:]]
    assert edited.code(tmp_path) == edited.cells(tmp_path, "aid", {"cells": now}) == []
    module.write_text("SEED = 7")
    assert edited.code(tmp_path) == ["trilateral/measures/__init__.py"]
    now = [now[0], cell("b", "x = 3"), cell("new", "z = 1")]
    assert edited.cells(tmp_path, "aid", {"cells": now}) == ["cell 2 of aid", "cell 3 of aid", "1 cell of aid left out"]
    assert edited.told(code=["cell 2 of aid"]) == ["code changed: cell 2 of aid"]


def test_a_clone_keeps_no_hashes_of_its_code(tmp_path):
    assert edited.code(tmp_path) == edited.cells(tmp_path, "aid", {"cells": [cell("b", "x = 3")]}) == []
