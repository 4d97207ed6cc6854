"""Kernels of a build: copies of one process, each by itself, which end with the build."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.provisioning import local_provisioner

from trilateral.publish import build, kernels

pytestmark = pytest.mark.skipif(not kernels.followed(), reason="kernels start as Jupyter starts them")

TWO = """
import os
import sys
import nbformat
from nbclient import NotebookClient
from trilateral import rerun
from trilateral.publish import kernels

rerun.prepare()
kernels.share()
cell = nbformat.v4.new_code_cell
code = '''import json, os, sys
print(json.dumps([os.getpid(), os.getppid(), os.getcwd(), "left" in globals(), "altair" in sys.modules]))
left = 1'''
for given in ({"ONCE": "1"}, {}):
    os.environ.pop("ONCE", None)
    os.environ.update(given)
    notebook = nbformat.v4.new_notebook(cells=[cell(code), cell(sys.argv[2])])
    try:
        NotebookClient(notebook, kernel_name="python3").execute(cwd=sys.argv[1])
    except Exception as error:
        print(type(error).__name__)
    print(notebook.cells[0].outputs[0].text.strip(), flush=True)
"""


def run(folder, last: str) -> list[str]:
    command = [sys.executable, "-c", TWO, str(folder), last]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout.splitlines()


def test_two_kernels_are_copies_of_one_process_and_know_nothing_of_each_other(tmp_path):
    one, other = map(json.loads, run(tmp_path, "left"))
    assert one[0] != other[0] and one[1] == other[1]
    assert one[2:] == other[2:] == [str(tmp_path), False, True]
    until = time.monotonic() + 20
    while any(os.path.exists(f"/proc/{pid}") for pid in (one[0], *other[:2])) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(os.path.exists(f"/proc/{pid}") for pid in (one[0], *other[:2]))


def test_a_second_kernel_lacks_a_variable_that_only_the_first_was_given(tmp_path):
    one, failed, other = run(tmp_path, "os.environ['ONCE']")
    assert failed == "CellExecutionError" and json.loads(one)[1] == json.loads(other)[1]


def test_a_kernel_that_is_ended_from_outside_is_noticed(tmp_path):
    lines = run(tmp_path, "os.kill(os.getpid(), 9)")
    assert lines[0] == lines[2] == "DeadKernelError"


GONE = """if b"trilateral.publish.kernels" in open(f"/proc/{os.getppid()}/cmdline", "rb").read().split(b"\\0"):
    os.kill(os.getppid(), 9)"""


def test_kernels_start_as_jupyter_starts_them_when_the_one_process_is_gone(tmp_path):
    one, other = (json.loads(line) for line in run(tmp_path, GONE) if line.startswith("["))
    assert one[1] != other[1] and other[2:] == [str(tmp_path), False, False]


def test_one_process_that_is_killed_before_it_answers_is_no_fault(monkeypatch, tmp_path):
    begun, popen = [], subprocess.Popen
    monkeypatch.setattr(local_provisioner, "launch_kernel", lambda command, **others: command)
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **others: begun.append(popen(*given, **others)) or begun[0])
    kernels.share()
    begun[0].send_signal(signal.SIGKILL)
    for _ in range(2):  # on its way down, and gone
        assert local_provisioner.launch_kernel([kernels.LAUNCHER], cwd=tmp_path) == [kernels.LAUNCHER]
        begun[0].wait(10)


def test_where_kernels_will_be_asked_for_the_one_process_imports_before_the_first_is(monkeypatch):
    begun, popen = [], subprocess.Popen
    monkeypatch.setattr(local_provisioner, "launch_kernel", local_provisioner.launch_kernel)
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **others: begun.append(popen(*given, **others)) or begun[0])
    monkeypatch.setenv("PYTHONPATH", str(build.ROOT))
    kernels.share(at_once=True)
    maps, until = Path(f"/proc/{begun[0].pid}/maps"), time.monotonic() + 120
    while not (imported := "pandas" in maps.read_text()) and begun[0].poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    begun[0].kill()
    assert imported
    begun[0].wait(10)


@pytest.mark.parametrize(("at_once", "imports"), [(True, 1), (False, 0)])
def test_where_no_kernel_is_asked_for_nothing_is_imported_unless_at_once(monkeypatch, at_once, imports):
    done = []
    monkeypatch.setattr(kernels, "_import", lambda: done.append(1))
    monkeypatch.setattr(signal, "signal", lambda *given: None)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.close()
    with theirs:
        kernels.serve(theirs, at_once)
    assert len(done) == imports


SCARCE = """
import os, socket, sys
from trilateral.publish import kernels

def fork():
    raise BlockingIOError(11, "no more processes")

os.fork, kernels._import = fork, lambda: None
kernels.serve(socket.socket(fileno=int(sys.argv[1])))
"""


def test_one_process_that_can_make_no_copy_says_so_and_lives_on(tmp_path):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-c", SCARCE, str(theirs.fileno())]
    with ours, theirs, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as one:
        theirs.close()
        for _ in range(2):
            with pytest.raises(ValueError, match="invalid literal"):
                kernels._ask(ours, [], str(tmp_path), dict(os.environ))
        ours.close()
        assert one.wait(20) == 0


def test_a_kernel_is_not_waited_for_without_end(monkeypatch, tmp_path):
    monkeypatch.setattr(kernels, "PATIENCE", 0.1)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, pytest.raises(TimeoutError):
        kernels._ask(ours, [], str(tmp_path), {})


@pytest.mark.parametrize("fault", [SyntaxError, ZeroDivisionError, SystemExit])
def test_a_module_that_cannot_be_imported_is_left_to_the_chapter_that_needs_it(monkeypatch, fault):
    names = []

    def imported(name):
        names.append(name)
        if name == f"{kernels.MEASURES}.breaks":
            raise fault

    monkeypatch.setattr(kernels, "import_module", imported)
    kernels._import()
    assert {*kernels.LIBRARIES, f"{kernels.MEASURES}.breaks", f"{kernels.MEASURES}.votes"} <= set(names)


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EPERM])
def test_where_the_system_refuses_to_follow_processes_kernels_start_as_jupyter_starts_them(monkeypatch, number):
    def refused(pid):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "pidfd_open", refused)
    beside = local_provisioner.launch_kernel
    kernels.share()
    assert local_provisioner.launch_kernel is beside
