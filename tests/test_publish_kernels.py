"""Kernels of a build: copies of one process, each by itself, which end with the build."""

import json
import os
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="kernels start as Jupyter starts them")

TWO = """
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
for _ in range(2):
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


def test_a_kernel_that_is_ended_from_outside_is_noticed(tmp_path):
    lines = run(tmp_path, "os.kill(os.getpid(), 9)")
    assert lines[0] == lines[2] == "DeadKernelError"
