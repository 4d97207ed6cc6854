"""A build that fails harms nothing: its exit code, one message, the last book whole, and a second run that recovers."""

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from unittest.mock import Mock

import psutil
import pytest
from test_cli import CHAPTER, CONFIG, TOC

from trilateral.publish import build
from trilateral.publish.build import BuildError, Places

COMMAND = """
import sys
from pathlib import Path
from trilateral.publish import build
place = build.Places(Path(sys.argv.pop(1)))
build.Places = lambda: place
import signal
from trilateral.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and nohup the next
signal.signal(signal.SIGHUP, signal.SIG_DFL)
main()
"""
ANSWER = "6 * 7.04"


def start(book):
    return subprocess.Popen([sys.executable, "-c", COMMAND, str(book.root), "html"], cwd=build.ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(book):
    process = start(book)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def whole(book):
    """Every file of the web book with its bytes."""
    return {path.relative_to(book.html): path.read_bytes() for path in book.html.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book that was built once: one chapter that computes, and as many pages as Sphinx reads side by side."""
    root = tmp_path_factory.mktemp("book")
    others = {f"book/page-{number}.md": f"# Page {number}\n\nWords.\n" for number in range(6)}
    listed = "".join(f", {{file: {name.removesuffix('.md')}}}" for name in others)
    for name, text in {"_config.yml": CONFIG, "_toc.yml": TOC.replace("}]", f"}}{listed}]"),
                       "book/index.md": "# Front\n\nWelcome.\n", "book/chapter.md": CHAPTER, **others}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    places = Places(root)
    assert run(places)[0] == 0
    return places


@contextlib.contextmanager
def chapter(book, text):
    path = book.root / "book" / "chapter.md"
    path.write_text(text)
    yield path
    path.write_text(CHAPTER)


def recovers(book):
    code, _, err = run(book)
    return code == 0 and not err and "The answer is" in (book.html / "book" / "chapter.html").read_text(encoding="utf-8")


@pytest.mark.build
@pytest.mark.parametrize(("text", "said"), [
    (CHAPTER.replace(ANSWER, "__import__('os').kill(__import__('os').getpid(), 9)"),
     "book/chapter.md: the process that ran it was ended from outside"),
    (CHAPTER + "\n[](nowhere.md)\n", "book/chapter.md:14: WARNING: 'myst' cross-reference target not found: 'nowhere.md'"),
], ids=["a kernel is killed in mid-chapter", "a page has a warning"])
def test_a_fault_in_a_chapter_is_one_message_and_the_last_book_stays_until_a_run_recovers(book, text, said):
    before = whole(book)
    with chapter(book, text):
        code, out, err = run(book)
    assert code == 1 and err.count("error:") == 1 and said in err and "Traceback" not in out + err
    assert whole(book) == before
    assert recovers(book)


@pytest.mark.build
def test_a_full_disk_is_told_from_other_faults_and_the_last_book_stays_until_a_run_recovers(book):
    before = whole(book)
    shutil.rmtree(book.work)
    book.work.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(book.work)], capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("a small disk cannot be mounted here; the next test has a full one in the last step alone")
    try:
        code, out, err = run(book)
    finally:
        subprocess.run(["umount", "--lazy", str(book.work)], check=True)
    assert code == 1 and err.startswith("error: no space is left on the disk that holds") and "Traceback" not in out + err
    assert whole(book) == before
    assert recovers(book)


def test_a_disk_that_fills_while_the_book_is_put_in_place_leaves_the_last_one(tmp_path, monkeypatch):
    places = Places(tmp_path)
    for folder, words in ((places.work / "html", "new"), (places.html, "old")):
        for name in ("a.html", "b.html"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(words)
    copy, copied = shutil.copy2, []

    def full(source, target, **more):
        if copied:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        copied.append(copy(source, target, **more))
        return copied[0]

    # copytree has bound copy2 as its default
    monkeypatch.setattr(shutil, "copytree", lambda *places, **more: COPYTREE(*places, copy_function=full, **more))
    monkeypatch.setattr(build, "forget_stale", lambda *_: None)
    with pytest.raises(BuildError, match=r"no space is left on the disk .*What was built before is in place; make room"), \
            build.edition(places) as made:
        build.html(made, Mock())
    assert copied and {path.read_text() for path in places.html.iterdir()} == {"old"}
    assert sorted(path.name for path in places.build.iterdir()) == [".work", "html"]


def test_a_first_build_without_space_does_not_speak_of_an_earlier_one(tmp_path):
    places = Places(tmp_path)
    places.work.mkdir(parents=True)
    assert "Nothing was built yet; make room and build again" in build.no_space(places)


COPYTREE = shutil.copytree


SLOW = "import json, os, time; json.dump([os.getpid(), os.getppid()], open({!r}, 'w')); time.sleep(90)"


@contextlib.contextmanager
def computing(book, marker):
    """A build that has come to a cell of a minute and a half; with it the processes of the kernel and of its maker."""
    with chapter(book, CHAPTER.replace("from myst_nb import glue", SLOW.format(str(marker)))):
        process = start(book)
        deadline = time.monotonic() + 90
        while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
            time.sleep(0.1)
        yield process, json.loads(marker.read_text())


def ends(pid):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.build
@pytest.mark.parametrize(("signals", "exit_code"), [
    ([signal.SIGINT], 130), ([signal.SIGTERM] * 2, 143), ([signal.SIGHUP], 129),
], ids=["Ctrl-C", "timeout, which sends its signal twice", "a closed terminal"])
def test_a_build_that_is_stopped_ends_what_it_started_and_the_last_book_stays_until_a_run_recovers(
        book, tmp_path, signals, exit_code):
    before = whole(book)
    with computing(book, tmp_path / "running.json") as (process, running):
        sphinx = os.getpgid(running[1])
        for signum in signals:
            process.send_signal(signum)
        out, err = process.communicate(timeout=60)
    assert process.returncode == exit_code and err.strip() == "stopped; the last whole book is in place"
    assert "Traceback" not in out
    assert whole(book) == before
    assert all(ends(pid) for pid in (running[0], sphinx))
    assert recovers(book)


@pytest.mark.build
def test_no_second_build_runs_beside_a_sphinx_that_outlives_its_command(book, tmp_path):
    with computing(book, tmp_path / "running.json") as (process, running):
        process.kill()
        process.communicate(timeout=20)
        with pytest.raises(BuildError, match="another build of this book is running"), build.alone(book):
            pass
        os.killpg(os.getpgid(running[1]), signal.SIGKILL)
    assert ends(running[0])
    assert recovers(book)


@pytest.mark.build
def test_a_sphinx_that_is_killed_is_told_by_its_signal_and_the_last_book_stays_until_a_run_recovers(book):
    before = whole(book)
    with chapter(book, CHAPTER.replace("from myst_nb import glue", "import os; os.kill(os.getpgid(os.getppid()), 9)")):
        code, out, err = run(book)
    assert code == 1 and "Traceback" not in out + err
    assert err.startswith("error: the process that made the web book was ended by signal 9, most often for want of memory. "
                          "What was built before is in place; build again, with more memory free\n(whole log: ")
    assert whole(book) == before
    assert recovers(book)


@pytest.mark.build
@pytest.mark.skipif(os.cpu_count() == 1, reason="one processor reads one page after the other")
def test_a_reader_that_is_killed_beside_others_is_told_by_its_page_and_the_last_book_stays_until_a_run_recovers(book, tmp_path):
    before = whole(book)
    shutil.rmtree(book.work / "doctrees")  # so that all pages are read
    with computing(book, tmp_path / "running.json") as (process, running):
        sphinx = psutil.Process(os.getpgid(running[1]))

        def readers():
            return [child for child in sphinx.children() if "trilateral.publish.sphinx_process" in child.cmdline()]
        deadline = time.monotonic() + 60
        while len(readers()) != 1 and time.monotonic() < deadline:  # those of the other pages end
            time.sleep(0.1)
        reader, = readers()
        reader.kill()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1 and err.count("error:") == 1 and "Traceback" not in out + err
    assert err.startswith("error: book/chapter: the process that had it was ended by signal 9, most often for want of memory. "
                          "What was built before is in place; build again, with more memory free\n(whole log: ")
    assert all(ends(pid) for pid in (*running, sphinx.pid)) and whole(book) == before
    assert recovers(book)
