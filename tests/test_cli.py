"""The command line and the build behind it."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from trilateral import cli
from trilateral.contract import TableError
from trilateral.publish import build, sphinx_log, sphinx_runs
from trilateral.publish.build import BuildError, Places

CONFIG = """
title: A toy
only_build_toc_files: true
execute: {execute_notebooks: cache}
sphinx: {config: {nb_execution_raise_on_error: true}}
"""
TOC = """
format: jb-book
root: book/index
chapters: [{file: book/chapter}]
"""
CHAPTER = """---
jupytext: {text_representation: {format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# Chapter

The answer is {glue:text}`answer:.1f`.

```{code-cell} ipython3
from myst_nb import glue
glue("answer", 6 * 7.04, display=False)
```
"""


@pytest.fixture
def toy(tmp_path):
    for name, text in {"_config.yml": CONFIG, "_toc.yml": TOC, "book/index.md": "# Front\n\nWelcome.\n",
                       "book/chapter.md": CHAPTER}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Places(tmp_path)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "Places", lambda: Places(tmp_path))
    def run(*arguments):
        return CliRunner().invoke(cli.app, arguments)
    monkeypatch.delenv("TRILATERAL_DEBUG", raising=False)
    return run


def told(reports):
    return lambda kind, text: reports.append((kind, text))


# commands

def test_help_names_every_command(run):
    shown = run("--help").output
    for name in ("book", "html", "pdf", "kit", "data", "validate", "serve", "bench", "clean"):
        assert name in shown


def test_help_answers_without_loading_the_book():
    code = "import sys, trilateral.cli; print([m for m in ('sphinx', 'pandas', 'altair') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_a_failing_build_is_one_message_and_a_non_zero_exit(run, monkeypatch):
    def fail(*_):
        raise BuildError("book/chapter.md:9: WARNING: no such claim")
    monkeypatch.setattr(build, "html", fail)
    done = run("html")
    assert done.exit_code == 1
    assert "error: book/chapter.md:9: WARNING: no such claim" in done.output
    assert "Traceback" not in done.output


def test_debug_shows_where_an_error_comes_from(run, monkeypatch):
    monkeypatch.setenv("TRILATERAL_DEBUG", "")
    monkeypatch.setattr(build, "html", lambda *_: 1 / 0)
    assert isinstance(run("--debug", "html").exception, ZeroDivisionError)


def test_an_error_nobody_foresaw_tells_how_to_see_its_traceback(run, monkeypatch):
    monkeypatch.setattr(build, "html", lambda *_: 1 / 0)
    done = run("html")
    assert done.exit_code == 1
    assert "ZeroDivisionError: division by zero" in done.output and "--debug" in done.output


@pytest.mark.parametrize(("error", "said"), [
    (BuildError("do this"), "error: do this\n"), (TableError("do that"), "error: do that\n"),
    (PermissionError(13, "Permission denied"), "error: [Errno 13] Permission denied\n"),
    (ValueError("I/O operation on closed file"), "error: ValueError: I/O operation on closed file\n(python -m"),
    (RuntimeError("no running event loop"), "error: RuntimeError: no running event loop\n(python -m"),
    (OSError("cannot identify image file"), "error: OSError: cannot identify image file\n(python -m")])
def test_an_error_of_a_library_has_its_kind_and_one_of_the_book_its_message_alone(run, monkeypatch, error, said):
    def fail(*_):
        raise error
    monkeypatch.setattr(build, "html", fail)
    done = run("html")
    assert done.exit_code == 1 and said in done.output and ("--debug" in done.output) == said.endswith("(python -m")


def test_an_interrupted_command_ends_without_a_traceback(run, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(build, "html", interrupt)
    places = build.Places()
    for kept in ("nothing was built yet", "the last whole book is in place"):
        done = run("html")
        assert done.exit_code == 130
        assert f"stopped; {kept}" in done.output and "Traceback" not in done.output
        places.html.mkdir(parents=True, exist_ok=True)


def test_where_notebooks_cannot_be_written_nothing_ran_and_the_code_says_so(run, monkeypatch):
    def fail(*_, strict):
        assert not strict
        raise BuildError("book/chapter: 'nobody1900' is cited, but book/references.bib does not have it")
    ledger = build.Places().ledger
    ledger.parent.mkdir(parents=True)
    ledger.write_text("{}")
    monkeypatch.setattr("trilateral.publish.kit.write_notebooks", fail)
    done = run("notebooks")
    assert done.exit_code == 2 and "error: book/chapter: 'nobody1900' is cited" in done.output


def test_serving_a_book_that_is_not_built_says_how_to_build_it(run):
    done = run("serve")
    assert done.exit_code == 1 and "make book" in done.output


def test_a_served_book_answers_at_the_address_that_is_printed(run, monkeypatch, tmp_path):
    html = tmp_path / "_build" / "html"
    html.mkdir(parents=True)
    for name, text in {"index.html": "the book", "404.html": "not here"}.items():
        (html / name).write_text(text)
    answers = []

    def ask(server):
        for path in ("index.html", "nowhere"):
            asking = threading.Thread(target=server.handle_request)
            asking.start()
            try:
                with urlopen(f"http://localhost:{server.server_port}/{path}") as answer:
                    answers.append((answer.status, answer.read().decode()))
            except HTTPError as answer:
                answers.append((answer.code, answer.read().decode()))
            asking.join()
    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", ask)
    done = run("serve", "--port", "0")
    assert answers == [(200, "the book"), (404, "not here")], done.output
    assert re.search(r"http://localhost:[1-9]\d+ shows _build/html", done.output)


def test_the_built_book_is_served_until_ctrl_c_which_is_no_error():
    if not (Places().html / "index.html").exists():
        pytest.skip("the book is not built: run make book before make test")
    command = "import signal\nfrom trilateral.cli import main\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nmain()"
    with subprocess.Popen([sys.executable, "-u", "-c", command, "serve", "--port", "0"], cwd=build.ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        address = process.stdout.readline().split()[0]
        with urlopen(f"{address}/book/ledger.html") as answer:
            assert answer.status == 200 and b"The ledger" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def test_a_port_that_no_machine_has_is_refused_in_one_message(run, tmp_path):
    page = Places(tmp_path).html / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("")
    result = run("serve", "--port", "70000")
    assert result.exit_code == 1
    assert "port 70000 cannot be used (there is none); name another, such as --port 8000" in " ".join(result.output.split())


def test_a_step_is_shown_with_its_time(capsys):
    steps = cli.Steps()
    with steps.step("Tables") as step:
        step.result = "3 tables"
    assert "Tables" in capsys.readouterr().out


# progress

def test_the_log_of_sphinx_becomes_progress(tmp_path):
    reports = []
    for line in ("reading sources... [ 50%] book/chapter", "Running Sphinx v7",
                 f"{tmp_path}/book/chapter.md: Executing notebook using local CWD [mystnb]",
                 f"{tmp_path}/book/chapter.md: Executed notebook in 12.34 seconds [mystnb]",
                 "set 12 chapters in 3.1 s"):
        sphinx_log.follow(line, tmp_path, told(reports))
    assert reports == [("now", "book/chapter"), ("now", "executing book/chapter.md"),
                       ("done", "executed book/chapter.md in 12.3 s"), ("done", "set 12 chapters in 3.1 s")]


# replacing results

def test_an_edition_replaces_what_it_made_and_leaves_the_rest(toy):
    for path in (toy.html / "gone.html", toy.kit):
        path.parent.mkdir(parents=True)
        path.write_text("last")
    with build.edition(toy) as made:
        made.html.mkdir(parents=True)
        (made.html / "a.html").write_text("new")
        assert (toy.html / "gone.html").exists()
    assert [path.name for path in toy.html.iterdir()] == ["a.html"] and toy.kit.read_text() == "last"
    assert sorted(path.name for path in toy.build.iterdir()) == ["html", "kit"]


def filled(places, words):
    for kind in (places.pdf, places.kit, places.ledger):
        kind.parent.mkdir(parents=True, exist_ok=True)
        kind.write_text(words)


def held(places):
    assert sorted(path.name for path in places.build.iterdir()) == ["html", "kit", "pdf"]
    return {kind.read_text() for kind in (places.pdf, places.kit, places.ledger)}


def at(number, act, monkeypatch):
    """Do something before the rename of this number."""
    rename, done = Path.rename, []

    def counted(path, target):
        done.append(path)
        if len(done) == number:
            act()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", counted)
    return done


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_an_edition_is_put_in_place_is_heeded_when_all_of_it_is(toy, monkeypatch, number, signum):
    filled(toy, "last")
    before = signal.signal(signum, signal.default_int_handler)  # also where the tests were started with nohup
    try:
        done = at(number, lambda: signal.raise_signal(signum), monkeypatch)
        with pytest.raises(KeyboardInterrupt), build.edition(toy) as made:
            filled(made, "new")
    finally:
        signal.signal(signum, before)
    assert len(done) == 6 and held(toy) == {"new"}


@pytest.mark.parametrize("number", range(1, 7))
def test_a_fault_while_an_edition_is_put_in_place_brings_all_of_the_last_one_back(toy, monkeypatch, number):
    def fault():
        raise PermissionError("not yours")

    filled(toy, "last")
    at(number, fault, monkeypatch)
    with pytest.raises(PermissionError), build.edition(toy) as made:
        filled(made, "new")
    assert held(toy) == {"last"}


def test_a_fault_in_a_first_edition_leaves_nothing_half(toy, monkeypatch):
    def fault():
        raise PermissionError("not yours")

    at(2, fault, monkeypatch)
    with pytest.raises(PermissionError), build.edition(toy) as made:
        filled(made, "new")
    assert not toy.built()


@pytest.mark.parametrize("fault", [KeyboardInterrupt, BuildError])
def test_an_edition_that_is_not_finished_replaces_nothing(toy, fault):
    toy.html.mkdir(parents=True)
    (toy.html / "a.html").write_text("last")
    with pytest.raises(fault), build.edition(toy) as made:
        made.html.mkdir(parents=True)
        (made.html / "a.html").write_text("new")
        raise fault
    assert (toy.html / "a.html").read_text() == "last" and [path.name for path in toy.build.iterdir()] == ["html"]


def test_a_book_whose_machine_stopped_between_two_renames_is_put_back(toy):
    old = toy.html.with_name(".html.old")
    old.mkdir(parents=True)
    (old / "a.html").write_text("last")
    with pytest.raises(BuildError), build.edition(toy):
        raise BuildError("a fault")
    assert (toy.html / "a.html").read_text() == "last"


def test_two_builds_at_once_are_refused(toy):
    with build.alone(toy), pytest.raises(BuildError, match="another build of this book is running"), build.alone(toy):
        pass


@pytest.mark.parametrize("changed", [
    "_config.yml", "_toc.yml", "requirements.txt", "book/claims.yml", "book/columns.yml", "book/redirects.csv", "data/t.csv",
    "data/curated/t.csv", "trilateral/claims/rules.py", "trilateral/publish/typst/book.typ", "book/_templates/layout.html",
    "book/_static/book.css", "book/_static/fonts/letters.woff2"])
def test_a_change_that_sphinx_does_not_follow_makes_pages_anew(toy, changed):
    path = toy.root / changed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("before: 1")
    build.alone(toy).__enter__()
    build.forget_stale(toy)
    (toy.work / "doctrees").mkdir()
    build.forget_stale(toy)
    assert (toy.work / "doctrees").exists()
    path.write_text("after: 2")
    build.forget_stale(toy)
    assert not (toy.work / "doctrees").exists()


def test_an_edit_of_prose_keeps_what_is_made(toy):
    build.alone(toy).__enter__()
    build.forget_stale(toy)
    (toy.work / "doctrees").mkdir()
    (toy.root / "book" / "index.md").write_text("# Front\n\nWelcome back.\n")
    build.forget_stale(toy)
    assert (toy.work / "doctrees").exists()


# whole builds of a toy book

def make_html(places, report=build.silent):
    with sphinx_runs.making(places) as (sphinx, made):
        build.html(made, sphinx, report)


@pytest.mark.build
def test_a_book_is_built_edited_broken_and_mended(toy):
    reports = []
    make_html(toy, told(reports))
    page = (toy.html / "book" / "chapter.html").read_text()
    assert "The answer is <span class=\"pasted-text\">42.2</span>" in page
    assert any(kind == "done" and "executed book/chapter.md" in text for kind, text in reports)

    chapter = toy.root / "book" / "chapter.md"
    chapter.write_text(CHAPTER.replace("The answer is", "We find"))
    reports.clear()
    make_html(toy, told(reports))
    assert "We find" in (toy.html / "book" / "chapter.html").read_text()
    assert not any("execut" in text for _, text in reports)

    chapter.write_text(CHAPTER + "\n{unknown}`role`\n")
    for _ in range(2):  # a second try must not pass because the page is not read again
        with pytest.raises(BuildError, match=r"(?s)book/chapter\.md.*unknown.*whole log: _build"):
            make_html(toy)
    assert "We find" in (toy.html / "book" / "chapter.html").read_text()

    chapter.write_text(CHAPTER.replace("6 * 7.04", "1 / 0"))
    with pytest.raises(BuildError, match="ZeroDivisionError") as failed:
        make_html(toy)
    assert str(failed.value).splitlines() == [
        "book/chapter.md: WARNING: Executing notebook failed: CellExecutionError",
        "in the cell", "    from myst_nb import glue", '    glue("answer", 1 / 0, display=False)',
        "ZeroDivisionError: division by zero", "(whole log: _build/.work/html.log)"]

    chapter.write_text(CHAPTER)
    make_html(toy)
    assert "The answer is" in (toy.html / "book" / "chapter.html").read_text()


@pytest.mark.build
def test_many_chapters_are_executed_side_by_side_and_a_failure_names_its_cell(toy):
    names = [f"c{number}" for number in range(7)]
    (toy.root / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n"
                                       + "".join(f"- file: book/{name}\n" for name in names))
    for number, name in enumerate(names):
        (toy.root / "book" / f"{name}.md").write_text(CHAPTER.replace("6 * 7.04", f"{number} * 7.04"))
    reports = []
    make_html(toy, told(reports))
    assert {("now", f"book/{name}") for name in names} <= set(reports)
    assert sum(text.startswith("executed") for _, text in reports) == len(names)

    (toy.root / "book" / "c3.md").write_text(CHAPTER.replace("6 * 7.04", "1 / 0"))
    shutil.rmtree(toy.work)
    with pytest.raises(BuildError, match="ZeroDivisionError") as failed:
        make_html(toy)
    assert "book/c3.md: WARNING: Executing notebook failed" in str(failed.value)
    assert 'glue("answer", 1 / 0' in str(failed.value)


@pytest.mark.build
def test_stopping_a_build_ends_its_kernel_and_keeps_the_last_book(toy):
    marker = toy.root / "running.json"
    slow = f"import json, os, time; json.dump(os.getpid(), open({str(marker)!r}, 'w')); time.sleep(60)"
    (toy.root / "book" / "chapter.md").write_text(CHAPTER.replace("from myst_nb import glue", slow))
    toy.html.mkdir(parents=True)
    (toy.html / "index.html").write_text("the last book")
    code = f"import signal, sys; from pathlib import Path; from trilateral.publish import build, sphinx_runs; " \
           f"signal.signal(signal.SIGINT, signal.default_int_handler); " \
           f"places = build.Places(Path({str(toy.root)!r})); " \
           f"build.html(places, sphinx_runs.Sphinx(places))"  # a shell's background jobs ignore the signal
    toy.work.mkdir(parents=True)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=build.ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    kernel = json.loads(marker.read_text())
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    ended = time.monotonic() + 10  # it looks each second whether its parent is there
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < ended:
            os.kill(kernel, 0)
            time.sleep(0.1)
    assert (toy.html / "index.html").read_text() == "the last book"


@pytest.mark.parametrize("seconds, code", [(9.0, 0), (11.0, 1)])
def test_a_missed_budget_ends_the_bench_with_an_error_after_the_whole_table(monkeypatch, tmp_path, seconds, code):
    from trilateral.publish import bench, build
    rows = [bench.Row("validate, s", seconds, None, 10), bench.Row("requests", 3, 28, 15), "no browser here"]
    monkeypatch.setattr(bench, "run", lambda places: iter(rows))
    monkeypatch.setattr(build, "alone", lambda places: contextlib.nullcontext())
    done = CliRunner().invoke(cli.app, ["bench"])
    assert done.exit_code == code and "no browser here" in done.output
    assert ("10 MISSED" in done.output and "1 of the budgets missed: validate, s" in done.output) == bool(code)
    assert "15 kept" in done.output
