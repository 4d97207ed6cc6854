"""One process of Sphinx for all formats of a book, and another where that one can make no more."""

import signal

import pytest
from test_cli import toy  # noqa: F401

from trilateral.publish import build, drawing, sphinx_process, sphinx_runs
from trilateral.publish.sphinx_log import MADE


def test_formats_are_made_as_they_are_asked_for(monkeypatch, capsys):
    monkeypatch.setattr(drawing, "_BEGUN", set())
    made = []
    assert sphinx_process.serve(["html 2\n", "typst 1\n"], lambda *asked: made.append(asked) or 0) == 0
    assert made == [("html", 2), ("typst", 1)] and capsys.readouterr().out.split("\n") == [MADE, MADE, ""]


def test_after_a_failure_nothing_more_is_made(capsys):
    assert sphinx_process.serve(["html 2", "typst 2"], lambda builder, _: {"html": 3}[builder]) == 3
    assert capsys.readouterr().out == ""


def test_a_process_that_has_drawn_makes_no_more_formats(monkeypatch, capsys):
    monkeypatch.setattr(drawing, "_BEGUN", set())
    made = []

    def draws(builder, _):
        made.append(builder)
        drawing._drawn({"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "data": {"values": []}, "mark": "bar"})
        return 0
    assert sphinx_process.serve(["html 2", "typst 2"], draws) == 0
    assert made == ["html"] and capsys.readouterr().out == ""


class SharedError(Exception):
    pass


@pytest.mark.parametrize("kept", [False, True])
def test_kernels_are_got_ready_at_once_where_no_execution_was_kept(monkeypatch, tmp_path, kept):
    def share(at_once):
        raise SharedError(at_once)

    monkeypatch.setattr(sphinx_process.kernels, "share", share)
    monkeypatch.setattr(sphinx_process.rerun, "prepare", lambda: None)
    monkeypatch.setattr(sphinx_process.console, "nocolor", lambda: None)
    executions = tmp_path / ".jupyter_cache"
    executions.mkdir()
    if kept:
        (executions / "global.db").touch()
    with pytest.raises(SharedError) as asked:
        sphinx_process.main(tmp_path, tmp_path / ".work", [])
    assert asked.value.args == (not kept,)


@pytest.mark.build
def test_one_process_builds_twice_and_another_takes_its_place_when_it_is_killed(toy):  # noqa: F811
    with sphinx_runs.making(toy) as (sphinx, made):
        build.html(made, sphinx)
        first = sphinx.process
        build.html(made, sphinx)
        assert sphinx.process is first and first.poll() is None
        sphinx_runs.stop(first)
        build.html(made, sphinx)
        assert sphinx.process is not first
    assert first.returncode in (-signal.SIGINT, 1) and sphinx.process.returncode == 0
    assert "The answer is" in (toy.html / "book" / "chapter.html").read_text()


@pytest.mark.build
def test_a_fault_beside_the_build_ends_the_process_that_waits(toy):  # noqa: F811
    with pytest.raises(ZeroDivisionError), sphinx_runs.making(toy) as (sphinx, made):
        build.html(made, sphinx)
        assert sphinx.process.poll() is None
        raise ZeroDivisionError
    assert sphinx.process.poll() is not None and not toy.built()
