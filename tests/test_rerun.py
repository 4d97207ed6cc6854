"""A reader changes a choice, runs the notebooks again and learns which verdicts moved."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from typer.testing import CliRunner

from trilateral import asked, claims, cli, data, earlier, edited, execution, failures, files, outcome, parameters, rerun
from trilateral.exit_codes import AGREE, CODES, DIFFER, FAILED, USAGE
from trilateral.failures import Failure
from trilateral.publish import build

JUDGE = """from IPython.display import display
verdict = "supported" if LIMIT < 3 else "mixed"
display({"%s": {"claim": "%s", "written": {"verdict": "mixed"}, "now": {"verdict": verdict}}}, raw=True)"""
TOP = "AS_OF = None\n"
NOTEBOOKS = {"aid": [TOP + "LIMIT = 3", JUDGE % (claims.MIME, "as-aid")],
             "coercion": ["LIMIT = 1\nLIMIT / 0", JUDGE % (claims.MIME, "as-one")], "threats": [TOP + "LIMIT = 2"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three notebooks, one with a cell that fails, run once."""
    home = tmp_path_factory.mktemp("kit")
    for name, cells in NOTEBOOKS.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.cells[0].metadata["tags"] = ["parameters"]
        nbformat.write(notebook, home / f"{name}.ipynb")
    lines = []
    runs = execution.run_all(asked.chosen(home, []), home, home, lines.append, 2)
    return home, runs, lines


LEDGER = {claim: {"chapter": chapter, "written": {"verdict": "mixed"}, "now": {"verdict": "supported", "date": "2026-08-31"}}
          for claim, chapter in {"as-aid": "aid", "as-one": "coercion", "as-two": "threats"}.items()}


def test_a_line_is_said_for_each_notebook_as_it_ends(folder):
    _, _, lines = folder
    assert lines[0] == "running 3 notebooks, 2 at a time"
    assert [line.split()[:3] for line in lines[1:]] == [[str(number), "of", "3"] for number in (1, 2, 3)]
    assert any(re.search(r"coercion +[\d.]+ s  1 verdict, 1 cell failed", line) for line in lines)
    assert any(re.search(r"aid +[\d.]+ s  1 verdict$", line) for line in lines)


def test_a_cell_that_fails_is_named_and_those_behind_it_still_run(folder):
    _, runs, _ = folder
    failed = {run.chapter: ([str(failure) for failure in run.failed], list(run.judged)) for run in runs}
    assert failed == {"aid": ([], ["as-aid"]), "threats": ([], []),
                      "coercion": (["code cell 1 (LIMIT = 1): ZeroDivisionError: division by zero"], ["as-one"])}


def test_the_summary_counts_each_chapter_and_names_what_is_not_as_published(folder):
    _, runs, _ = folder
    lines, code = outcome.summary(runs, LEDGER)
    assert code == FAILED
    counts = {line.split()[0]: [int(number) for number in line.split()[1:]] for line in lines[1:5]}
    assert counts == {"aid": [1, 0, 1, 0, 0], "coercion": [1, 1, 0, 0, 1], "threats": [1, 0, 0, 1, 0], "all": [3, 1, 1, 1, 1]}
    assert lines[5:] == ["coercion, failed: code cell 1 (LIMIT = 1): ZeroDivisionError: division by zero",
                         "as-aid, now: the notebook gives 'mixed', the book 'supported'", "as-two: no verdict"]


def test_a_claim_judged_for_the_first_time_is_told_and_counts_nowhere():
    judged = {"as-aid": verdict("supported"), "as-new": verdict("mixed")}
    lines, code = outcome.summary([outcome.Run("aid", 1.0, judged)], {"as-aid": LEDGER["as-aid"]}, False)
    assert lines[-1] == "new: as-new, written: mixed, now: mixed" and code == AGREE
    assert lines[1].split() == ["aid", "1", "1", "0", "0", "0"]


def test_a_cell_that_fails_is_told_with_what_was_set_otherwise():
    run = outcome.Run("aid", 1.0, {"as-aid": verdict("supported")}, [RAW], changes=["WINDOW = 600"])
    assert "aid, failed with WINDOW = 600: code cell 1 (x = 1): KeyError: 'x'" in outcome.summary([run], LEDGER, True)[0]


def test_the_summary_tells_first_what_was_edited_and_lost_sentences_are_then_no_fault():
    run = outcome.Run("aid", 1.0, {"as-aid": verdict("supported")}, [WORDS], edits=["data changed: leaders"])
    lines, code = outcome.summary([run], {"as-aid": LEDGER["as-aid"]})
    assert lines[0] == "data changed: leaders" and code == AGREE
    assert earlier.summary([run], {"as-aid": LEDGER["as-aid"]}, "2023-12-31")[0][0] == "data changed: leaders"


@pytest.mark.parametrize(("given", "said"), [
    (({}, None), ""), (({"A": "2"}, "2023-12-31"), "**Changed: `A = 2`, the record ends on 2023-12-31.** What"),
    (({}, None, ["data changed: leaders"]), "**Changed: data: leaders.** What the cells show"),
    (({"A": "2"}, None, ["data changed: leaders", "code changed: cell 2 of aid"]),
     "**Changed: `A = 2`; data: leaders; code: cell 2 of aid.** What"),
    (({}, None, [], [Failure(3, "x", "KeyError", "'x'", [4])]), "**2 cells failed.** What rests on them is missing."),
    (({"A": "2"}, None, [], [Failure(3, "x", "KeyError", "'x'")]), "**1 cell failed.** What rests on it is missing.")])
def test_a_notebook_says_at_its_top_what_is_not_as_published(given, said):
    told = execution.told(*given)
    assert said in told and bool(told) is bool(said)


def test_a_second_run_replaces_what_the_first_said_at_the_top(folder, tmp_path):
    home, _, _ = folder
    first = nbformat.read(home / "coercion.ipynb", as_version=4)
    assert first.cells[0].source == "**1 cell failed.** What rests on it is missing." and len(first.cells) == 3
    first.cells[1].source = f"import os\nLIMIT = 1\nprint(os.environ.get({edited.CHANGED!r}))"
    nbformat.write(first, tmp_path / "coercion.ipynb")
    execution.run(tmp_path / "coercion.ipynb", tmp_path, tmp_path / "coercion.ipynb", {})
    again = nbformat.read(tmp_path / "coercion.ipynb", as_version=4)
    assert len(again.cells) == 2 and again.cells[0].outputs[0].text == "None\n"
    execution.run(tmp_path / "coercion.ipynb", tmp_path, tmp_path / "changed.ipynb", {"LIMIT": "2"})
    changed = nbformat.read(tmp_path / "changed.ipynb", as_version=4).cells[1]
    assert (changed.outputs[0].text, changed.execution_count) == ("1\n", 1)  # the kernel knows that something was changed


def verdict(word):
    return {"tables": [], "written": {"verdict": "mixed"}, "now": {"verdict": word, "date": "2026-08-31"}}


RAW, SHORT, WORDS = (Failure(1, "x = 1", error, said) for error, said in (
    ("KeyError", "'x'"), ("TooFewError", "one year"), ("TextError", "change the words, or this cell with them: it rose")))


@pytest.mark.parametrize(("word", "failed", "changed", "code"), [
    ("supported", [], False, AGREE), ("mixed", [], False, DIFFER), (None, [], True, DIFFER),
    ("supported", [WORDS], False, DIFFER), ("supported", [WORDS], True, AGREE),
    ("supported", [RAW], True, FAILED), ("mixed", [RAW, SHORT], True, FAILED),
    ("supported", [SHORT], True, DIFFER), ("supported", [SHORT], False, FAILED),
])
def test_the_exit_code_tells_failed_cells_from_other_verdicts(word, failed, changed, code):
    run = outcome.Run("aid", 1.0, {"as-aid": verdict(word)} if word else {}, failed)
    assert outcome.summary([run], {"as-aid": LEDGER["as-aid"]}, changed)[1] == code


@pytest.mark.parametrize(("failed", "code"), [([SHORT, WORDS], AGREE), ([SHORT, RAW], FAILED)])
def test_as_of_a_day_other_verdicts_are_the_answer_and_only_raw_errors_are_faults(failed, code):
    run = outcome.Run("aid", 1.0, {"as-aid": verdict("mixed")}, failed)
    lines, given = earlier.summary([run], {"as-aid": LEDGER["as-aid"]}, "2023-12-31")
    assert given == code
    assert ("  failed: code cell 1 (x = 1): KeyError: 'x'" in lines) is (code == FAILED)
    assert "  too little on record by 2023-12-31: code cell 1 (x = 1): TooFewError: one year" in lines


def test_a_line_tells_cells_that_failed_from_those_with_too_little():
    assert outcome.Run("aid", 1.0, {}, [RAW, SHORT, WORDS]).outcome() == (
        "0 verdicts, 1 cell failed, 1 cell has too little on record")
    assert outcome.Run("aid", 1.0, {"as-aid": {}}, [RAW, RAW]).outcome() == "1 verdict, 2 cells failed"


def test_help_and_both_readmes_give_every_exit_code(capsys):
    with pytest.raises(SystemExit):
        rerun.main(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert all(line in shown for line in CODES) and "--set LEAST=10000" in shown
    for text in ("README.md", "trilateral/publish/kit_readme.md"):
        said = " ".join((build.ROOT / text).read_text(encoding="utf-8").split())
        assert re.search(r"xit code.*\b0\b.*\b1\b.*\b2\b.*\b3\b.*\b130\b", said), text


@pytest.mark.parametrize(("arguments", "said"), [
    (["coersion", "--parameters"], "no chapter is called coersion (did you mean coercion?); there are"),
    (["coercion", "--parameters", "--set", "NOPE=1"], "--parameters runs nothing, so that --set and --as-of have no effect"),
    (["coercion", "--parameters", "--as-of", "2023-12-31"], "--parameters runs nothing"),
    (["coercion", "--set", "WINDOW"], "--set takes NAME=VALUE"), (["--as-of", "2019-12-31"], "is outside 2022-12-20"),
    (["--jobs", "0"], "'--jobs'")])
def test_in_a_clone_what_cannot_be_done_ends_with_the_same_code(arguments, said):
    done = CliRunner().invoke(cli.app, ["notebooks", *arguments])
    assert done.exit_code == USAGE and said in done.output


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5"])
def test_how_many_run_at_a_time_is_a_whole_number_from_one_up(folder, capsys, given):
    with pytest.raises(SystemExit) as ended:
        rerun.main([f"--jobs={given}"], folder[0])
    assert ended.value.code == 2
    assert f"{given} is no whole number from 1 up" in capsys.readouterr().err


def test_a_run_that_is_stopped_says_so_without_a_traceback(folder, monkeypatch, capsys):
    (folder[0] / "ledger.json").write_text('{"claims": []}', encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", folder[0] / "ledger.json")

    def stopped(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "run_all", stopped)
    assert rerun.main(["aid"], folder[0]) == 130
    assert "stopped" in capsys.readouterr().err


STOPPED = """
import signal, sys
from pathlib import Path
from trilateral import claims, rerun, stopping
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
stopping.heed()
claims.LEDGER = Path(sys.argv[1], "ledger.json")
sys.exit(rerun.main([], Path(sys.argv[1])))
"""


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_ends_its_kernels_at_once_and_writes_no_half_notebook(tmp_path, signum, code):
    for name in ("aid", "votes", "waits"):
        cell = f"import os, time; open('{name}.pid', 'w').write(str(os.getpid())); time.sleep(120)"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)]), tmp_path / f"{name}.ipynb")
    (tmp_path / "ledger.json").write_text('{"claims": []}', encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.glob("*.ipynb")}
    process = subprocess.Popen([sys.executable, "-c", STOPPED, str(tmp_path)], text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while len(running := [path for path in tmp_path.glob("*.pid") if path.read_text()]) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signum)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code and "Traceback" not in err
    assert out.splitlines()[1:] == [f"stopping {', '.join(sorted(path.stem for path in running))}"]
    assert err.strip() == "stopped; written: nothing"
    assert {path: path.read_bytes() for path in tmp_path.glob("*.ipynb")} == before
    for path in running:
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.read_text()), 0)


def test_a_changed_notebook_is_written_aside_and_gives_its_own_verdict(folder, monkeypatch, capsys):
    home, _, _ = folder
    ledger = home / "ledger.json"
    ledger.write_text(json.dumps({"claims": [{"id": claim, **entry} for claim, entry in LEDGER.items()]}), encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", ledger)
    before = (home / "aid.ipynb").read_bytes()
    assert rerun.main(["aid", "--set", "LIMIT=2"], home) == AGREE
    assert re.search(r"^all +1 +1 +0 +0 +0$", capsys.readouterr().out, re.MULTILINE)
    assert (home / "aid.ipynb").read_bytes() == before
    changed = nbformat.read(home / "changed" / "aid.ipynb", as_version=4).cells
    assert changed[0].source.startswith("**Changed: `LIMIT = 2`.**") and changed[1].source == TOP + "LIMIT = 2"


def test_a_change_runs_the_notebooks_that_set_the_name_and_names_the_others(folder, monkeypatch, capsys):
    home, _, _ = folder
    extra = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("OWN = 1")])
    nbformat.write(extra, home / "disasters.ipynb")
    (home / "ledger.json").write_text('{"claims": []}', encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", home / "ledger.json")
    assert rerun.main(["--set", "OWN=2"], home) == 0
    (home / "disasters.ipynb").unlink()
    said = capsys.readouterr().out
    assert "not run, since they set no OWN: aid, coercion, threats" in said and "1 of 1  disasters" in said


@pytest.mark.parametrize(("arguments", "said"), [
    (["trade"], "no notebook is called trade; there are aid, coercion, threats"),
    (["coersion"], "no notebook is called coersion (did you mean coercion?); there are aid, coercion, threats"),
    (["aid", "--set", "LIMIT"], "--set takes NAME=VALUE, such as LEAST=10000, not 'LIMIT'"),
    (["aid", "--set", "LIMIT=low"], "aid: LIMIT = low: this is no value here (NameError: name 'low' is not defined)"),
    (["aid", "--set", "LIMITS=1"], "aid: LIMITS is not set in this notebook (did you mean LIMIT?); --parameters lists"),
    (["--as-of", "2023-12-31"], "coercion: AS_OF is not set in this notebook"),
    (["aid", "--set", "AS_OF=2020-01-01"], "2020-01-01 is outside 2022-12-20, the day of the later brief"),
    (["aid", "--set", "AS_OF=2024-06-30", "--as-of", "2023-12-31"],
     "--as-of 2023-12-31 and --set AS_OF=2024-06-30 name different days"),
    (["aid", "--set", "LIMIT=1", "--set", "LIMIT=2"], "--set gives LIMIT twice"),
    (["aid", "--set", "LIMIT=1", "--parameters"], "--parameters runs nothing"),
    (["--set", "LIMITS=1"], "LIMITS (did you mean LIMIT?) is set in none of the notebooks aid, coercion, threats"),
])
def test_a_wrong_argument_is_one_message(folder, monkeypatch, capsys, arguments, said):
    home, _, _ = folder
    (home / "ledger.json").write_text('{"claims": []}', encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", home / "ledger.json")
    assert rerun.main(arguments, home) == 2
    assert said in capsys.readouterr().err


def test_the_parameters_of_a_notebook_are_printed_without_running_it(folder, capsys):
    home, _, _ = folder
    assert rerun.main(["threats", "--parameters"], home) == 0
    assert capsys.readouterr().out == "# threats\nAS_OF = None\nLIMIT = 2\n\n"


@pytest.mark.parametrize(("days", "said"), [
    ({"aid": None, "threats": None}, None), ({"aid": "2023-12-31"}, "2023-12-31"),
    ({"aid": "2020-01-01"}, "^aid, as edited: AS_OF: 2020-01-01 is outside 2022-12-20, the day of"),
    ({"aid": "2030-01-01", "threats": "2030-01-01"}, "^aid and threats, as edited: AS_OF: 2030-01-01 is outside"),
    ({"aid": "soon"}, "^aid, as edited: AS_OF: 'soon' is no day; give one as 2023-12-31$"),
    ({"aid": ["2024"]}, r"^aid, as edited: AS_OF: \"\['2024'\]\" is no day"),
    ({"aid": 2024}, "^aid, as edited: AS_OF: '2024' is no day; give one as 2023-12-31$"),
    ({"aid": "2023-12-31", "threats": None}, r"different days as AS_OF \(aid: 2023-12-31, threats: none\)")])
def test_a_day_typed_into_a_notebook_is_that_of_its_run(tmp_path, days, said):
    paths = [tmp_path / f"{name}.ipynb" for name in days]
    for path, day in zip(paths, days.values(), strict=True):
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"AS_OF = {day!r}")]), path)
    if said and not said.startswith("2023"):
        with pytest.raises(ValueError, match=said):
            asked.typed(paths)
    else:
        assert asked.typed(paths) == said


def test_a_notebook_that_cannot_be_written_is_named_and_the_old_one_kept(folder, monkeypatch, capsys):
    home, _, _ = folder
    before = (home / "threats.ipynb").read_bytes()

    def full(notebook, path):
        path.write_text("{", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nbformat, "write", full)
    runs = execution.run_all(asked.chosen(home, ["threats"]), home, home, print, 1)
    lines, code = outcome.summary(runs, {})
    assert code == FAILED and earlier.summary(runs, {}, "2023-12-31")[1] == FAILED
    assert f"{home / 'threats.ipynb'} is not written (No space left on device); the one that was there is kept" in lines
    assert "0 verdicts, not written" in capsys.readouterr().out
    assert (home / "threats.ipynb").read_bytes() == before and not list(home.glob(".*.part"))


def test_what_cannot_be_written_is_told_before_anything_runs(folder, tmp_path, monkeypatch):
    home, _, _ = folder
    (tmp_path / "changed").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot write to .*changed .*unpack the kit where you may write"):
        files.prepare([tmp_path / "changed" / "aid.ipynb"])
    (tmp_path / "aid.ipynb").mkdir()
    with pytest.raises(ValueError, match=r"cannot write to .*aid\.ipynb; unpack"):
        files.prepare([tmp_path / "aid.ipynb"])
    monkeypatch.setattr(execution, "run", lambda *given: pytest.fail("it ran"))
    with pytest.raises(ValueError, match="cannot write to"):
        execution.run_all(asked.chosen(home, ["aid"]), home, tmp_path / "changed", print, 1)


def test_a_run_that_wrote_nothing_leaves_no_folder_and_one_that_stopped_names_what_it_wrote(folder, monkeypatch):
    home, _, _ = folder
    done = outcome.Run("aid", 1.0)
    for name, ran in (("none", {}), ("one", {"aid": done})):
        def run(path, home, target, *given, ran=ran):
            if path.stem in ran:
                target.write_text("", encoding="utf-8")
                return ran[path.stem]
            time.sleep(0.5)
            raise RuntimeError("ended")

        def say(line):
            if not line.startswith(("running", "stopping")):
                raise KeyboardInterrupt

        monkeypatch.setattr(execution, "run", run)
        stopped = {"none": RuntimeError, "one": KeyboardInterrupt}[name]
        with pytest.raises(stopped) as stop:
            execution.run_all(asked.chosen(home, []), home, home / name, say, 3)
        assert (home / name).is_dir() is bool(ran)
        assert getattr(stop.value, "written", []) == list(ran)


def test_a_folder_without_notebooks_or_tables_is_one_message(tmp_path, monkeypatch, capsys):
    assert rerun.main([], tmp_path) == USAGE
    assert f"there are no notebooks in {tmp_path}; take them again from the zip" in capsys.readouterr().err
    monkeypatch.setattr(data, "DATA", tmp_path)
    with pytest.raises(ValueError, match="holds no tables; take it again from the zip"):
        asked.tables()


@pytest.mark.parametrize(("read", "text"), [(files.notebook, '{"cells": ['), (files.notebook, "[]"), (files.cells, "{}"),
                                            (files.notebook, '{"cells": [1], "nbformat": 4}'),
                                            (files.entries, '{"claims": 1}')])
def test_a_broken_file_is_named_with_what_to_do(tmp_path, read, text):
    path = tmp_path / "broken"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{path}: is no whole (notebook|ledger) .*; take it again from the zip"):
        read(path)


def test_a_value_typed_into_a_notebook_is_told_and_tested_like_one_of_the_command_line(folder, tmp_path):
    home, _, _ = folder
    notebook = nbformat.read(home / "threats.ipynb", as_version=4)
    parameters.keep(notebook)
    notebook.cells[0].source = TOP + "LIMIT = 5"
    nbformat.write(notebook, tmp_path / "threats.ipynb")
    path = tmp_path / "threats.ipynb"
    assert parameters.by_hand(notebook) == {"LIMIT": "5"}
    assert parameters.code(parameters.restored(notebook))[0].source == TOP + "LIMIT = 2"
    run = execution.run(path, tmp_path, path, {})
    assert list(run.changes) == ["LIMIT = 5"] and outcome.summary([run], {})[0][0] == "changed: LIMIT = 5, in threats"
    assert nbformat.read(path, as_version=4).cells[0].source.startswith("**Changed: `LIMIT = 5`.**")
    notebook.cells[0].source = TOP + "LIMIT = [1]"
    nbformat.write(notebook, path)
    with pytest.raises(parameters.ParameterError, match=r"^threats, as edited: LIMIT = \[1\]: this is a list, no number"):
        asked.planned([path], {})
    assert asked.planned([path], {"LIMIT": "3"}) == {path: {"LIMIT": "3"}}


@pytest.mark.parametrize(("published", "typed", "said"), [
    ("LAPSE, WAIT = 24, 3  # months", 'LAPSE, WAIT = "18 months", 3  # months',
     "LAPSE = '18 months': this is a text, no number; LAPSE takes a whole number, as published: --set LAPSE=24 (months)"),
    ("LEVEL = 'ministers'  # who meets", "LEVEL = 3  # who meets",
     "LEVEL = 3: this is a whole number, no text; LEVEL takes a text, as published: --set LEVEL=ministers (who meets)"),
    ("LEVEL = 'ministers'  # who meets", "LEVEL = str(3)  # who meets", ""),
])
def test_a_typed_value_is_judged_as_it_stands_whatever_kind_it_is(tmp_path, published, typed, said):
    path, name = tmp_path / "aid.ipynb", typed.partition(" ")[0].strip(",")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TOP + published)])
    notebook.cells[0].metadata["tags"] = ["parameters"]
    parameters.keep(notebook)
    notebook.cells[0].source = TOP + typed
    nbformat.write(notebook, path)
    assert parameters.code(parameters.restored(notebook))[0].source == TOP + published
    if said:
        with pytest.raises(parameters.ParameterError, match=re.escape(f"aid, as edited: {said}")):
            asked.planned([path], {})
    else:
        assert asked.planned([path], {}) == {path: {}}
    value = {"LAPSE": "18", "LEVEL": "leaders"}[name]
    assert asked.planned([path], {name: value}) == {path: {name: value}}


def test_a_name_that_is_typed_and_set_is_run_with_what_is_set(tmp_path):
    path = tmp_path / "aid.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in (
        TOP + "LAPSE, LEVEL = 24, 'ministers'", "print(repr(LAPSE), repr(LEVEL))")])
    parameters.keep(notebook)
    notebook.cells[0].source = TOP + "LAPSE, LEVEL = '18 months', 3"
    nbformat.write(notebook, path)
    run = execution.run(path, tmp_path, tmp_path / "changed.ipynb", {"LAPSE": "18", "LEVEL": "leaders"})
    assert list(run.changes) == ["LAPSE = 18", "LEVEL = leaders"]
    assert nbformat.read(tmp_path / "changed.ipynb", as_version=4).cells[2].outputs[0].text == "18 'leaders'\n"


@pytest.mark.parametrize(("changes", "day", "name"), [({}, None, "."), ({"A": "1"}, None, "changed"),
                                                      ({}, "2023-12-31", "as-of-2023-12-31"),
                                                      ({"A": "1"}, "2023-12-31", "changed-as-of-2023-12-31")])
def test_a_folder_is_named_for_all_that_was_changed(tmp_path, changes, day, name):
    assert asked.place(tmp_path, changes, day) == tmp_path / name


@pytest.mark.parametrize(("message", "shown"), [
    ("short", "short"),
    ("first\n" + "x" * 400 + "\nchange it", "first … (402 characters left out) … change it"),
    ("One thing. " + "word " * 100 + "end. Change it.", "One thing … (507 characters left out) … Change it."),
    ("x" * 250 + "\n" + "change it. " * 9, "x" * 250 + "\n" + ("change it. " * 9).strip()), ("x" * 350, "x" * 350)])
def test_a_long_message_is_cut_between_its_parts_and_keeps_its_end(message, shown):
    assert failures.shortened(message) == shown


def test_ctrl_c_while_libraries_are_imported_ends_without_a_traceback(tmp_path):
    code = ("import sys; sys.modules['nbformat'] = None\nfrom trilateral import rerun\n"
            "rerun._run = lambda *given: (_ for _ in ()).throw(KeyboardInterrupt)\nsys.exit(rerun.main([]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (130, "stopped; written: nothing")


def test_a_reader_that_leaves_ends_a_command_quietly():
    code = "from trilateral.exit_codes import leave\nleave(lambda: print('x\\n' * 10**6) or 0)"
    done = subprocess.run(f'{sys.executable} -c "$CODE" | head -1', shell=True, capture_output=True, text=True,
                          env=os.environ | {"CODE": code})
    assert (done.stdout, done.stderr) == ("x\n", "")


@pytest.mark.parametrize(("faults", "starts"), [(["Kernel died before replying to kernel_info"] * 2, 3), (["Kernel died"], 1)])
def test_a_kernel_that_never_started_is_started_again_and_one_that_died_is_not(monkeypatch, tmp_path, faults, starts):
    left, tried = list(faults), []

    def preprocess(self, notebook, resources):
        tried.append(notebook)
        if left:
            raise RuntimeError(left.pop())

    monkeypatch.setattr(execution.ExecutePreprocessor, "preprocess", preprocess)
    if starts == 1:
        with pytest.raises(RuntimeError, match="Kernel died"):
            execution.execute(nbformat.v4.new_notebook(), tmp_path)
    else:
        execution.execute(nbformat.v4.new_notebook(), tmp_path)
    assert len(tried) == starts


def test_kernels_compute_on_one_thread_so_that_last_digits_do_not_depend_on_the_machine(monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHASHSEED", *rerun.THREADS):
        monkeypatch.setenv(name, "8")
    rerun.prepare()
    asked = "import os; print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["1", "1"]
