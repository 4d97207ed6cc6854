"""Kernels of a build: copies of one process that has imported what chapters import.

That takes two seconds of a processor, for each of twelve chapters. Here one process imports it, while Sphinx starts or when the
first kernel is asked for, and every kernel is a copy of it, with nothing of another chapter. Where a process cannot be
followed by a descriptor (anywhere but on Linux), or that one process is gone, kernels start as Jupyter starts them.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

LAUNCHER = "ipykernel_launcher"
LIBRARIES = ("ipykernel.kernelapp", "statsmodels.api", "lifelines", "trilateral.charts", "trilateral.claims", "trilateral.data",
             "trilateral.specifications", "trilateral.text")
MEASURES = "trilateral.measures"
PATIENCE = 120  # seconds; the first kernel waits for the imports


class Kernel:
    """A process that is no child of this one, with what Jupyter asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode, self._followed = pid, None, os.pidfd_open(pid)

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(LAUNCHER, timeout)
        return self.returncode

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._followed], [], [], timeout)[0]:
            self.returncode = 0  # whose child it is alone learns how it ended
            os.close(self._followed)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._followed, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def followed() -> bool:
    """Whether Python and the kernel of the system can follow a process by a descriptor."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def share(at_once: bool = False) -> None:
    """From now on this process and its copies start their kernels in that way.

    Parameters
    ----------
    at_once : bool, optional
        Import now, since kernels will be asked for; else when the first is.
    """
    if not followed():
        return
    from jupyter_client.provisioning import local_provisioner

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    subprocess.Popen([sys.executable, "-P", "-m", __name__, str(theirs.fileno()), *(["at once"] if at_once else [])],
                     stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
    theirs.close()
    beside = local_provisioner.launch_kernel

    def launched(command: list[str], *, cwd: str | None = None, env: dict[str, str] | None = None, **others):
        if LAUNCHER not in command:
            return beside(command, cwd=cwd, env=env, **others)
        arguments, folder, environment = command[command.index(LAUNCHER) + 1:], os.fspath(cwd or os.getcwd()), env or os.environ
        try:
            return _ask(ours, arguments, folder, dict(environment))
        except (OSError, ValueError):  # the one process is gone or makes no copies, where memory is scarce
            return beside(command, cwd=cwd, env=env, **others)
    local_provisioner.launch_kernel = launched


def _ask(server: socket.socket, arguments: Sequence[str], folder: str, environment: dict[str, str]) -> Kernel:
    """Ask for a kernel, on a connection of its own, and wait until it is there.

    Raises
    ------
    OSError, ValueError
        None came.
    """
    with (pair := socket.socketpair())[0] as here, pair[1]:
        here.settimeout(PATIENCE)
        socket.send_fds(server, [b"."], [pair[1].fileno()])
        pair[1].close()
        here.sendall(json.dumps([arguments, folder, environment]).encode())
        here.shutdown(socket.SHUT_WR)
        return Kernel(int(here.makefile("rb").read()))


def serve(asked: socket.socket, at_once: bool = False) -> None:
    """Make a copy of this process for everyone who asks; returns in a copy when its kernel ends, else when nobody is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if at_once:
        _import()
    while True:
        request, descriptors = socket.recv_fds(asked, 1, 1)[:2]
        if not request:
            return
        with socket.socket(fileno=descriptors[0]) as asking:
            try:
                arguments, folder, environment = json.loads(asking.makefile("rb").read())
                os.environ.clear()
                os.environ.update(environment)
                _import()
                gc.freeze()  # no copy looks through what was imported for garbage
                with suppress(ChildProcessError):
                    while os.waitpid(-1, os.WNOHANG)[0]:
                        pass
                copy = os.fork() == 0
            except (OSError, ValueError):  # who asked learns it from the end of the connection
                continue
            if copy:
                os.setsid()
                os.chdir(folder)
                asking.sendall(str(os.getpid()).encode())
                break
    asked.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [LAUNCHER, *arguments]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


def _import() -> None:
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read at the import: a kernel ends with its parent
    measures = Path(__file__).parents[1] / "measures"
    for name in (*LIBRARIES, *(part.name for part in iter_modules([str(measures)], f"{MEASURES}."))):
        with suppress(Exception, SystemExit):  # the chapter that needs it tells what is wrong, and others need it not
            import_module(name)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), at_once=len(sys.argv) > 2)
