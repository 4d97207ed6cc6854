"""Execute notebooks, several at a time, and compare their verdicts with the published ones: ``python -m trilateral.rerun``.

What takes a second to import is imported when the command is at work, so that it can be stopped from the start.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from trilateral import stopping
from trilateral.exit_codes import CODES, USAGE, leave

JOBS = 2
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # of sums, whose last digits depend on their number
EXAMPLES = ["examples, in the folder of the kit:", *(f"env/bin/python -m trilateral.rerun{each}" for each in (
    "", " threats pandemic", " coercion --parameters", " coercion --set LEAST=10000 --set WINDOW=9",
    """ pandemic --set 'STRICT_TO="2021-06-27"'""", " --as-of 2023-12-31"))]


def prepare(package: Path = Path(__file__).parents[1]) -> None:
    """Kernels find the package wherever they work, hash alike in every run, and add up in one order on every machine.

    Parameters
    ----------
    package : Path
        Folder that holds it; that of this very package if not given.
    """
    paths = [str(package), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.update(dict.fromkeys(THREADS, "1"))


def at_once(given: str) -> int:
    """How many notebooks run at a time.

    Raises
    ------
    argparse.ArgumentTypeError
        It is no whole number from one up.
    """
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given} is no whole number from 1 up; give the number of processors to spare, such "
                                         f"as {JOBS}")
    return int(given)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What a command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m trilateral.rerun", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Run the notebooks of this kit and compare their verdicts with the published ones.",
        epilog="\n\n".join("\n  ".join(part) for part in (EXAMPLES, CODES)))
    parser.add_argument("chapter", nargs="*", help="chapters, such as threats; without one all of them, with --set those that "
                        "set the name")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="run with another value for a name in capitals; VALUE is Python, a text may stand without quotes; "
                        "may be repeated; the notebooks here stay as they are, those that ran go into changed/")
    parser.add_argument("--as-of", metavar="DATE", help="run as if the record ended on a day since the later brief, such as "
                        "2023-12-31; the notebooks that ran go into as-of-DATE/, with --set into "
                        "changed-as-of-DATE/")
    parser.add_argument("--parameters", action="store_true", help="print the names that can be set, with their values and a "
                        "remark each, and run nothing")
    parser.add_argument("--jobs", type=at_once, default=JOBS, metavar="NUMBER", help="how many run at a time; two without it")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None, home: Path | None = None) -> int:
    """Run notebooks of the kit, and return the exit code, as `CODES` says."""
    given = parsed(arguments)
    try:
        return _run(given, home)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt as stop:
        written = ", ".join(getattr(stop, "written", ())) or "nothing"
        print(f"\nstopped; written: {written}", file=sys.stderr)
        return stopping.exit_code(stop)


def _run(given: argparse.Namespace, home: Path | None) -> int:
    from trilateral import asked, claims, earlier, execution, files, outcome

    home = home or claims.LEDGER.parent
    paths = asked.chosen(home, given.chapter)
    changes, day = asked.wanted(given.set, given.as_of)
    if given.parameters:
        asked.alone(changes, day)
        print(*asked.listed({path.stem: files.notebook(path) for path in paths}), sep="\n")
        return 0
    asked.tables()
    ledger = files.entries(claims.LEDGER)
    day = day or asked.typed(paths)
    prepare()
    runs = execution.run_all(paths, home, asked.place(home, changes, day), lambda line: print(line, flush=True), given.jobs,
                             changes, day)
    lines, code = earlier.summary(runs, ledger, day) if day else outcome.summary(runs, ledger, bool(changes))
    print("", *lines, sep="\n")
    return code


if __name__ == "__main__":
    stopping.heed()
    leave(main)
