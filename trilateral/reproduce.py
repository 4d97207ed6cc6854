"""Compare the verdicts in executed notebooks with the published ones: ``python -m trilateral.reproduce``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from trilateral import claims, edited
from trilateral.exit_codes import AGREE, DIFFER, USAGE

EPILOG = """examples, in the folder of the kit:
  env/bin/python -m trilateral.reproduce
  env/bin/python -m trilateral.reproduce changed

exit code:
  0: every claim has its published verdicts
  2: the ledger, the register or the folder cannot be read
  3: a verdict is another or missing; of another folder only the chapters that are in it are compared"""


def verdicts(home: Path) -> dict[str, Mapping]:
    """Judgements found in the outputs of executed notebooks, by claim id."""
    found = {}
    for path in sorted(home.glob("*.ipynb")):
        found |= judgements(json.loads(path.read_text(encoding="utf-8")))
    return found


def judgements(notebook: Mapping) -> dict[str, Mapping]:
    """Judgements in the outputs of one executed notebook, by claim id."""
    bundles = (output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", []))
    return {bundle[claims.MIME]["claim"]: bundle[claims.MIME] for bundle in bundles if bundle.get(claims.MIME)}


def differences(found: Mapping[str, Mapping], expected: Mapping[str, Mapping]) -> list[str]:
    """A line for each claim and moment whose verdict is another than the published one; empty where all agree."""
    lines = []
    for claim_id, entry in expected.items():
        for moment in claims.MOMENTS:
            theirs, ours = _word(found.get(claim_id, {}), moment), _word(entry, moment)
            if theirs != ours:
                lines.append(f"{claim_id}, {moment}: the notebook gives {theirs!r}, the book {ours!r}")
    return lines


def judged(entries: Mapping[str, Mapping]) -> dict[str, Mapping]:
    """The entries of a ledger with a verdict at either moment."""
    return {claim_id: entry for claim_id, entry in entries.items()
            if any(_word(entry, moment) != claims.NOT_JUDGED for moment in claims.MOMENTS)}


def _word(entry: Mapping, moment: str) -> str:
    return (entry.get(moment) or {}).get("verdict") or claims.NOT_JUDGED


def edits() -> list[str]:
    """What was edited of the tables and rules that the notebooks stand on, a line each; empty where all is as published.

    Raises
    ------
    ValueError
        The register cannot be read.
    """
    entries = json.loads(claims.LEDGER.read_text(encoding="utf-8"))["claims"] if claims.LEDGER.is_file() else []
    now = {claim.id: claim.lines for claim in claims.register().claims.values()}
    return edited.told(edited.tables(), edited.rules({entry["id"]: entry for entry in entries}, now))


def asked(arguments: Sequence[str] | None = None) -> Path:
    """The folder of notebooks that a command line names; that of the kit without one."""
    parser = argparse.ArgumentParser(
        prog="python -m trilateral.reproduce", formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EPILOG,
        description="Compare the verdicts in notebooks that ran and were saved with the published ones; nothing is run.")
    parser.add_argument("folder", nargs="?", type=Path, default=claims.LEDGER.parent,
                        help="folder of the notebooks, such as changed; without it, the kit itself")
    return parser.parse_args(arguments).folder


def main(home: Path = claims.LEDGER.parent) -> int:
    """Print how many verdicts are as published and which are not; the exit code is 3 where one differs or is missing."""
    if not home.is_dir():
        print(f"error: there is no folder {home}; name one that holds notebooks", file=sys.stderr)
        return USAGE
    if not claims.LEDGER.is_file():
        print(f"error: {claims.LEDGER} is missing; take it again from the zip of the notebook kit", file=sys.stderr)
        return USAGE
    try:
        for line in edits():
            print(f"{line}; this is no reproduction of the book")
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    ledger = json.loads(claims.LEDGER.read_text(encoding="utf-8"))
    found, expected = verdicts(home), judged({entry["id"]: entry for entry in ledger["claims"]})
    if home.resolve() != claims.LEDGER.parent.resolve():  # a folder of some chapters
        here = {path.stem for path in home.glob("*.ipynb")}
        expected = {claim_id: entry for claim_id, entry in expected.items() if entry["chapter"] in here}
    executed = {claim_id: entry for claim_id, entry in expected.items() if claim_id in found}
    lines = differences(found, executed)
    changed = {line.partition(",")[0] for line in lines}
    same = len(executed) - len(changed)
    print(f"{same} of {len(executed)} claims judged in the notebooks have the published verdicts at both moments", *lines,
          sep="\n")
    if missing := sorted({entry["chapter"] for claim_id, entry in expected.items() if claim_id not in found}):
        print(f"The other {len(expected) - len(executed)} have no verdict in the outputs of: {', '.join(missing)}. Run the "
              "notebook to its end and save it.")
    return DIFFER if lines or missing else AGREE


if __name__ == "__main__":
    sys.exit(main(asked()))
