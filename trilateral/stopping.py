"""A closed terminal, ``timeout`` or a cancelled job stops a command as Ctrl-C does: it ends what it started, then itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

PATIENCE = 10  # seconds; what was asked to end and has not by then is ended
SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stopped(KeyboardInterrupt):
    """One of the signals came; `signum` is its number."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.signum = signum


def heed() -> None:
    """From now on these signals raise `Stopped` in this process, but for those that its maker wants unheard, as ``nohup``."""
    for signum in SIGNALS:
        if signal.getsignal(signum) == signal.SIG_DFL:
            signal.signal(signum, _stop)


def unheed() -> None:
    """A process that this one was copied to leaves Ctrl-C and a closed terminal to it, and can be ended."""
    for signum in (signal.SIGINT, *SIGNALS):
        signal.signal(signum, signal.SIG_DFL if signum == signal.SIGTERM else signal.SIG_IGN)


@contextmanager
def later() -> Iterator[None]:
    """What is begun here is ended before Ctrl-C or one of the signals is heeded."""
    if threading.current_thread() is not threading.main_thread():  # Python tells signals to the main thread alone
        yield
        return
    came: list[int] = []
    kept = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, *SIGNALS)}
    for signum, handler in kept.items():
        if handler not in (signal.SIG_IGN, None):
            signal.signal(signum, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for signum, handler in kept.items():
            if handler is not None:
                signal.signal(signum, handler)
    if came:
        signal.raise_signal(came[0])


@contextmanager
def whole(process: subprocess.Popen) -> Iterator[None]:
    """While this waits for a process: a signal or an error ends it and all that it started.

    It is asked first, since a build ends what it began itself.
    """
    try:
        yield
    except BaseException:
        import psutil

        with suppress(psutil.NoSuchProcess):
            tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            process.terminate()
            for left in psutil.wait_procs(tree, PATIENCE)[1]:
                with suppress(psutil.NoSuchProcess):
                    left.kill()
        raise


def exit_code(stop: KeyboardInterrupt) -> int:
    """128 and the number of the signal, as shells count: 130 for Ctrl-C."""
    return 128 + getattr(stop, "signum", signal.SIGINT)


def _stop(signum: int, _: object) -> None:
    for each in SIGNALS:  # ``timeout`` sends its signal twice; the second must not break what the first began
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(signum)
