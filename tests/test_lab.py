"""Chapters open as notebooks in JupyterLab, from an environment of their own lock, here and on Binder."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from trilateral import environment, lab
from trilateral.publish.chapters import CELL

ROOT = Path(__file__).parents[1]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A project with three locks and an environment that holds nothing; what is installed into it, and how."""
    calls = []
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-lab.txt"):
        (tmp_path / name).write_text(name)
    python = environment.executable(tmp_path / ".venv", "python")
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "install", lambda venv, lock, beside: calls.append((lock.name, beside)))
    monkeypatch.setattr(environment, "link_package", lambda venv: None)
    return calls


def test_jupyterlab_comes_beside_what_is_installed_and_nothing_is_installed_twice(installed):
    for lock in ("requirements-dev.txt", "requirements-lab.txt", "requirements.txt", "requirements-dev.txt",
                 "requirements-lab.txt"):
        environment.main([lock])
    assert installed == [("requirements-dev.txt", False), ("requirements-lab.txt", True)]


def test_jupyterlab_alone_brings_what_the_book_needs(installed):
    environment.main(["requirements-lab.txt"])
    environment.main(["requirements.txt"])
    assert installed == [("requirements-lab.txt", False)]


def test_a_changed_lock_is_installed_anew(installed, tmp_path):
    environment.main(["requirements-lab.txt"])
    (tmp_path / "requirements.txt").write_text("changed")
    environment.main(["requirements-lab.txt"])
    environment.main(["requirements.txt"])
    assert installed == [("requirements-lab.txt", False), ("requirements.txt", False)]


@pytest.mark.parametrize("entry", ["version = 3.9.2", "version_info = 3.9.2"])
def test_an_environment_of_another_python_is_made_anew_and_one_of_this_is_kept(installed, tmp_path, monkeypatch, capsys, entry):
    made, held = [], tmp_path / ".venv" / "pyvenv.cfg"
    monkeypatch.setattr(environment, "make_venv", made.append)
    environment.main(["requirements.txt"])
    assert not made  # one that does not say what it was made with is kept
    held.write_text(f"home = /usr/bin\n{entry}\n")
    environment.main(["requirements.txt"])
    assert made == [tmp_path / ".venv"] and len(installed) == 2
    assert "making .venv with Python 3.1" in (said := capsys.readouterr().out) and "in place of one with Python 3.9" in said
    held.write_text("version = " + sys.version.split()[0])
    environment.main(["requirements.txt"])
    assert len(made) == 1 and len(installed) == 2


def test_an_environment_without_jupyterlab_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="make lab"):
        lab.prepare(tmp_path)


def test_chapters_open_as_notebooks_in_the_prepared_environment_and_nothing_else_changes(tmp_path, monkeypatch):
    linked = []
    monkeypatch.setattr(lab, "find_spec", lambda name: object())
    monkeypatch.setattr(environment, "link_package", linked.append)
    lab.prepare(tmp_path)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["share/jupyter/lab/settings/overrides.json"]
    viewers = json.loads(written[0].read_text())["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
    assert viewers == {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    assert linked == [tmp_path]


@pytest.mark.whole
def test_the_documented_command_opens_a_chapter_as_a_notebook():
    """`make lab` installs JupyterLab beside the rest, and it is asked as its own page would ask."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = "only-for-this-test"
    options = f"--no-browser --allow-root --port={port} --ServerApp.port_retries=0 --IdentityProvider.token={token}"
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def ask(path, method="GET"):
        request = Request(f"http://127.0.0.1:{port}/{path}", method=method, headers={"Authorization": f"token {token}"})
        with urlopen(request, timeout=60) as answer:
            return answer.read()

    with subprocess.Popen(["make", "lab", f"ARGS={options}"], cwd=ROOT, env=environ, text=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, start_new_session=True) as process:
        said = []
        threading.Thread(target=lambda: said.extend(process.stderr), daemon=True).start()
        try:
            for _ in range(300):  # seconds, for the packages
                assert process.poll() is None, "".join(said)[-2000:]
                try:
                    ask("api")
                    break
                except OSError:
                    time.sleep(1)
            chapter = json.loads(ask("api/contents/book/diagnosis/threats.md?type=notebook"))
            source = (ROOT / "book" / "diagnosis" / "threats.md").read_text(encoding="utf-8")
            assert chapter["type"] == "notebook" and chapter["content"]["metadata"]["kernelspec"]["name"] == "python3"
            cells = [cell["source"] for cell in chapter["content"]["cells"] if cell["cell_type"] == "code"]
            assert [code.strip() for code in cells] == [
                re.sub(r"(?:^:[\w-]+:.*\n)+\n?", "", code, flags=re.MULTILINE).strip() for code in CELL.findall(source)]
            ask("api/shutdown", "POST")
            assert process.wait(timeout=60) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)


# Binder

def test_binder_takes_the_locked_versions_and_the_python_of_the_locks():
    folder = ROOT / ".binder"
    assert (folder / "requirements.txt").read_text().split() == ["-r", "../requirements-lab.txt"]
    assert (folder / "runtime.txt").read_text().strip() == "python-3.11"
    script = folder / "postBuild"
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    assert script.stat().st_mode & 0o111, "Binder runs it only if it may be executed"
    command = re.search(r"^python -m trilateral (.+)$", script.read_text(), re.MULTILINE)[1].split()
    said = subprocess.run([sys.executable, "-m", "trilateral", *command, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0 and "--prepare" in said.stdout
