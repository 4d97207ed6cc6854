"""A reader who runs the notebooks learns in one command whether the verdicts are the published ones."""

import json
import re
from pathlib import Path

import pytest

from trilateral import claims, measures, reproduce
from trilateral.exit_codes import DIFFER, USAGE


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit with one claim, published as supported, and a notebook that gives the verdict asked for."""
    ledger = tmp_path / "ledger.json"
    ledger.write_text(json.dumps({"claims": [{"id": "as-one", "chapter": "threats", "written": {"verdict": "mixed"},
                                              "now": {"verdict": "supported"}}]}), encoding="utf-8")
    monkeypatch.setattr(claims, "LEDGER", ledger)

    def run(verdict):
        judgement = {"claim": "as-one", "written": {"verdict": "mixed"}, "now": {"verdict": verdict}}
        outputs = [{"data": {claims.MIME: judgement}}] if verdict else []
        (tmp_path / "threats.ipynb").write_text(json.dumps({"cells": [{"outputs": outputs}]}), encoding="utf-8")
        return reproduce.main(tmp_path)

    return run


def test_verdicts_as_published_are_counted(kit, capsys):
    assert kit("supported") == 0
    assert "1 of 1 claims" in capsys.readouterr().out


def test_another_verdict_is_named_with_both_words(kit, capsys):
    assert kit("mixed") == DIFFER
    assert "as-one, now: the notebook gives 'mixed', the book 'supported'" in capsys.readouterr().out


def test_notebooks_that_were_never_run_are_told_with_the_command_that_runs_them(kit, capsys):
    assert kit(None) == DIFFER
    assert "None of these notebooks has been run. To run them: env/bin/python -m trilateral.rerun" in capsys.readouterr().out


def test_without_published_verdicts_nothing_is_compared(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "ledger.json")
    assert reproduce.main(tmp_path) == USAGE
    assert "ledger.json is missing" in capsys.readouterr().err


def test_another_folder_can_be_compared_and_help_gives_every_exit_code(kit, tmp_path, capsys):
    kit("mixed")
    assert reproduce.asked([str(tmp_path / "changed")]) == tmp_path / "changed"
    assert reproduce.main(tmp_path / "changed") == USAGE
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / "changed").mkdir()
    assert reproduce.main(tmp_path / "changed") == USAGE
    assert "there are no notebooks in" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        reproduce.asked(["--help"])
    assert re.search(r"exit code:\s+0:.*\s+2:.*\s+3:", capsys.readouterr().out)


def test_a_folder_without_chapters_is_no_success(kit, tmp_path, capsys):
    kit("supported")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.ipynb").write_text('{"cells": []}', encoding="utf-8")
    assert reproduce.main(tmp_path / "other") == USAGE
    assert "other that are chapters with claims" in capsys.readouterr().err
    (tmp_path / "other" / "mine.ipynb").write_text("{", encoding="utf-8")
    assert reproduce.main(tmp_path / "other") == USAGE
    assert "mine.ipynb: is no whole notebook" in capsys.readouterr().err


def test_what_notebooks_set_otherwise_is_told_and_none_that_ran_is_to_be_run_again(kit, tmp_path, capsys):
    kit("supported")
    cell = {"cell_type": "code", "source": ["AS_OF = '2023-12-31'\n", "LIMIT = 3"], "outputs": [], "execution_count": 1}
    notebook = {"cells": [cell], "metadata": {"published": {"AS_OF": "None", "LIMIT": "2"}}}
    (tmp_path / "threats.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert reproduce.main(tmp_path) == DIFFER
    said = capsys.readouterr().out
    assert "changed: AS_OF = 2023-12-31, the end of the record, in threats; this is no reproduction" in said
    assert "changed: LIMIT = 3, in threats; this is no reproduction" in said
    assert "as-one: no verdict in threats, as changed" in said and "Run the notebook" not in said
    notebook["cells"].append(cell | {"execution_count": None, "source": ["judge()"]})
    (tmp_path / "threats.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert reproduce.main(tmp_path) == DIFFER
    assert "The other 1 have no verdict in the outputs of: threats. Run the notebook" in capsys.readouterr().out


PARTS = sorted([*Path(measures.__file__).parent.glob("*.py"), *claims.REGISTER.parent.glob("*/*.md")])


@pytest.mark.parametrize("part", [path for path in PARTS if "default_rng" in path.read_text(encoding="utf-8")],
                         ids=lambda path: path.stem)
def test_every_draw_starts_from_the_one_seed(part):
    """A reader who changes the seed in the one place must see every interval of every chapter drawn anew."""
    text = part.read_text(encoding="utf-8")
    assert re.findall(r"default_rng\((?!seed\)|SEED\))[^\n]*|\bseed: int = (?!SEED\b)[^\n]*|^.*\bSEED = .*$", text, re.M) == []
