"""Signals that stop a command as Ctrl-C does."""

import signal
import subprocess
import sys

import pytest

from trilateral import stopping

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


def test_ctrl_c_is_130():
    assert stopping.exit_code(KeyboardInterrupt()) == 130
