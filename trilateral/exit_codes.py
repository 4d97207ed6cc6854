"""What a run of notebooks ends with, here and in the kit."""

import os
import sys
from collections.abc import Callable

AGREE, FAILED, USAGE, DIFFER = range(4)
MEANING = {
    AGREE: "every cell ran and every verdict is as published, with --as-of whatever the verdicts",
    FAILED: "a cell failed, or a notebook could not be written; a cell that says itself that it has too little to go on, where "
            "something was changed, has not failed",
    USAGE: "what was asked cannot be done, and nothing ran; the message says what can",
    DIFFER: "a verdict is another or missing, or a sentence of an unchanged chapter no longer holds",
    130: "it was stopped; 143 or 129 where another program stopped it",
}
CODES = ["exit code:", *(f"{code}: {meaning}" for code, meaning in MEANING.items())]


def leave(command: Callable[[], int]) -> None:
    """End this process with the code that a command gives; quietly where its reader has left, as ``head`` does."""
    try:
        code = command()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still to be said
        code = 141  # as shells count: 128 and the number of SIGPIPE
    sys.exit(code)
