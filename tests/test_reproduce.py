"""A reader who runs the notebooks learns in one command whether the verdicts are the published ones."""

import json

import pytest

from trilateral import claims, reproduce
from trilateral.measures import SEED


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
    assert kit("mixed") == 1
    assert "as-one, now: the notebook gives 'mixed', the book 'supported'" in capsys.readouterr().out


def test_a_notebook_without_outputs_is_named(kit, capsys):
    assert kit(None) == 1
    assert "No verdict in the outputs of: threats. Run the notebook" in capsys.readouterr().out


def test_every_measure_draws_from_the_one_seed():
    import inspect

    from trilateral.measures import quarrels, survival, turnovers

    for measure in (turnovers.effects, survival.resampled, quarrels.count_ratio):
        assert inspect.signature(measure).parameters["seed"].default == SEED
