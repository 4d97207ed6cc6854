"""Compare the verdicts in executed notebooks with the published ones: ``python -m trilateral.reproduce``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from trilateral import claims, edited, files, parameters
from trilateral.exit_codes import AGREE, DIFFER, USAGE, leave

RUN = "To run them: env/bin/python -m trilateral.rerun"
EPILOG = """examples, in the folder of the kit:
  env/bin/python -m trilateral.reproduce
  env/bin/python -m trilateral.reproduce changed

exit code:
  0: every claim has its published verdicts
  2: the ledger, the register, the folder or a notebook cannot be read, or there is no notebook
  3: a verdict is another or missing; of another folder only the chapters that are in it are compared"""


def verdicts(home: Path) -> dict[str, Mapping]:
    """Judgements found in the outputs of executed notebooks, by claim id."""
    return judged_in(read(home).values())


def read(home: Path) -> dict[str, Mapping]:
    """The notebooks of a folder as JSON, by chapter.

    Raises
    ------
    ValueError
        One is no notebook; the message names it.
    """
    return {path.stem: files.cells(path) for path in sorted(home.glob("*.ipynb"))}


def judged_in(notebooks: Iterable[Mapping]) -> dict[str, Mapping]:
    """Judgements found in the outputs of some executed notebooks, by claim id."""
    return {claim_id: judgement for notebook in notebooks for claim_id, judgement in judgements(notebook).items()}


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


def first(entries: Mapping[str, Mapping]) -> list[str]:
    """A line for each claim that was judged for the first time: ``new: as-gap, written: mixed, now: supported``."""
    return [f"new: {claim_id}, " + ", ".join(f"{moment}: {_word(entry, moment)}" for moment in claims.MOMENTS)
            for claim_id, entry in judged(entries).items()]


def _word(entry: Mapping, moment: str) -> str:
    return (entry.get(moment) or {}).get("verdict") or claims.NOT_JUDGED


def edits() -> list[str]:
    """What was edited of the tables, the register and the modules that notebooks stand on, as lines; empty where nothing was.

    Raises
    ------
    ValueError
        The register cannot be read.
    """
    claims.register()
    home = claims.LEDGER.parent
    return edited.told(edited.tables(), edited.rules(home), edited.code(home))


def recoded(chapter: str, notebook: Mapping) -> list[str]:
    """A line for the cells of a notebook that were edited, values of parameters apart; empty where none was."""
    return edited.told(code=edited.cells(claims.LEDGER.parent, chapter, notebook))


def asked(arguments: Sequence[str] | None = None) -> Path:
    """The folder of notebooks that a command line names; that of the kit without one."""
    parser = argparse.ArgumentParser(
        prog="python -m trilateral.reproduce", formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EPILOG,
        description="Compare the verdicts in notebooks that ran and were saved with the published ones; nothing is run.")
    parser.add_argument("folder", nargs="?", type=Path, default=claims.LEDGER.parent,
                        help="folder of the notebooks, such as changed; without it, the kit itself")
    return parser.parse_args(arguments).folder


def settings(notebooks: Mapping[str, Mapping]) -> dict[str, list[str]]:
    """What notebooks set otherwise than published, the day that ends their record included: chapters by the change."""
    chapters: dict[str, list[str]] = {}
    for chapter, notebook in notebooks.items():
        day = parameters.ended(notebook)
        own = [f"{name} = {value}" for name, value in parameters.by_hand(notebook).items()]
        for change in [*([f"{parameters.AS_OF} = {day}, the end of the record"] if day else []), *own]:
            chapters.setdefault(change, []).append(chapter)
    return chapters


def main(home: Path = claims.LEDGER.parent) -> int:
    """Print how many verdicts are as published and which are not; the exit code is 3 where one differs or is missing."""
    try:
        if not home.is_dir():
            raise ValueError(f"there is no folder {home}; name one that holds notebooks")
        expected = judged(files.entries(claims.LEDGER))
        notebooks = read(home)
        if home.resolve() != claims.LEDGER.parent.resolve():  # a folder of some chapters
            expected = {claim_id: entry for claim_id, entry in expected.items() if entry["chapter"] in notebooks}
        if not notebooks or not expected:
            raise ValueError(f"there are no notebooks in {home}" + " that are chapters with claims" * bool(notebooks))
        for line in [*edits(), *(line for chapter, notebook in notebooks.items() for line in recoded(chapter, notebook))]:
            print(f"{line}; this is no reproduction of the book")
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    changed = settings(notebooks)
    for change, chapters in changed.items():
        print(f"changed: {change}, in {', '.join(chapters)}; this is no reproduction of the book")
    found = judged_in(notebooks.values())
    executed = {claim_id: entry for claim_id, entry in expected.items() if claim_id in found}
    lines = differences(found, executed)
    same = len(executed) - len({line.partition(",")[0] for line in lines})
    print(f"{same} of {len(executed)} claims judged in the notebooks have the published verdicts at both moments", *lines,
          sep="\n")
    left = {claim_id: entry["chapter"] for claim_id, entry in expected.items() if claim_id not in found}
    ran = {chapter for chapters in changed.values() for chapter in chapters if _ran(notebooks[chapter])}
    for claim_id, chapter in left.items():
        if chapter in ran:
            print(f"{claim_id}: no verdict in {chapter}, as changed; the cells of the notebook say why")
    waiting = [chapter for chapter in left.values() if chapter not in ran]
    if waiting and not any(cell.get("execution_count") for notebook in notebooks.values() for cell in notebook["cells"]):
        print(f"None of these notebooks has been run. {RUN}")
    elif waiting:
        print(f"The other {len(waiting)} have no verdict in the outputs of: {', '.join(sorted(set(waiting)))}. Run the "
              "notebook to its end and save it.")
    return DIFFER if lines or left else AGREE


def _ran(notebook: Mapping) -> bool:
    """Whether every cell of code has run."""
    return all(cell.get("execution_count") for cell in notebook["cells"]
               if cell.get("cell_type") == "code" and "".join(cell.get("source", "")).strip())


if __name__ == "__main__":
    leave(lambda: main(asked()))
