"""Signals that stop a command as Ctrl-C does."""

import signal
import subprocess
import sys

import psutil
import pytest

from trilateral import stopping
from trilateral.publish import bench

COMMAND = """
import signal, sys
from trilateral import stopping
getattr(stopping, sys.argv[1])()
try:
    signal.raise_signal(int(sys.argv[2]))
except KeyboardInterrupt as stop:
    signal.raise_signal(signal.SIGTERM)  # once more, while it ends what it started
    sys.exit(stopping.exit_code(stop))
"""


HEARD = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)"  # also where the tests were started with nohup


def ended(function: str, signum: int, before: str = HEARD) -> int:
    return subprocess.run([sys.executable, "-c", before + COMMAND, function, str(signum.value)], timeout=60).returncode


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_that_is_heeded_is_told_by_the_exit_code(signum, code):
    assert ended("heed", signum) == code


def test_a_signal_that_the_maker_wants_unheard_stays_so():
    assert ended("heed", signal.SIGHUP, "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)") == 0


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 0), (signal.SIGHUP, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_copy_leaves_what_comes_from_the_terminal_to_its_maker_and_can_be_ended(signum, code):
    assert ended("unheed", signum) == code


FAMILY = """
import signal, subprocess, sys
if sys.argv[1:]:  # the child does not heed the signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = None if sys.argv[1:] else subprocess.Popen([sys.executable, "-c", sys.stdin.read(), "child"], start_new_session=True)
print("begun", flush=True)
signal.pause()
"""


def test_who_is_stopped_while_it_waits_ends_the_process_and_what_that_started(monkeypatch):
    monkeypatch.setattr(stopping, "PATIENCE", 1)
    process = subprocess.Popen([sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(FAMILY)
    process.stdin.close()
    assert [process.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
    child, = psutil.Process(process.pid).children()
    with pytest.raises(stopping.Stopped), stopping.whole(process):
        raise stopping.Stopped(signal.SIGTERM)
    assert process.wait(10) is not None
    psutil.wait_procs([child], 10)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_bench_that_is_stopped_ends_what_it_measures(monkeypatch, tmp_path):
    begun = []

    def communicate(process):
        begun.append(process)
        raise stopping.Stopped(signal.SIGHUP)
    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
    with pytest.raises(stopping.Stopped):
        bench.measure([sys.executable, "-c", "import signal; signal.pause()"], tmp_path)
    assert begun[0].wait(10) is not None


def test_ctrl_c_is_130():
    assert stopping.exit_code(KeyboardInterrupt()) == 130
