"""What a reader asks of a run: which notebooks, with which names set otherwise, as of which day; refused before one runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import nbformat

from trilateral import as_of, choices, data, earlier, files, parameters, text

SEED = "SEED"  # of all that is drawn by lot


class AskedError(ValueError):
    """What is asked of a run cannot be done; the message says what can."""


def chosen(home: Path, names: Sequence[str]) -> list[Path]:
    """The notebooks of a folder, or those that are named.

    Raises
    ------
    AskedError
        A name is that of no notebook there, or the folder holds none.
    """
    known = {path.stem: path for path in sorted(home.glob("*.ipynb"))}
    if not known:
        raise AskedError(f"there are no notebooks in {home}; take them again from the zip of the notebook kit")
    wanted = [name.removesuffix(".ipynb") for name in names] or list(known)
    if unknown := [name for name in wanted if name not in known]:
        named = ", ".join(name + parameters.meant(name, list(known)) for name in unknown)
        raise AskedError(f"no notebook is called {named}; there are {', '.join(known)}")
    return [known[name] for name in wanted]


def listed(notebooks: Mapping[str, nbformat.NotebookNode]) -> list[str]:
    """The lines at the top of notebooks that hold their parameters, by the name of each.

    Raises
    ------
    ParameterError
        A notebook has no cell for them.
    """
    lines = []
    for name, notebook in notebooks.items():
        try:
            lines += [f"# {name}", *parameters.listing(parameters.opening(notebook)), ""]
        except parameters.ParameterError as error:
            raise parameters.ParameterError(f"{name}: {error}") from None
    return lines


def settings(given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` arguments as a mapping.

    Raises
    ------
    ParameterError
        An argument has no name or no value, or a name stands twice.
    """
    pairs = [argument.partition("=")[::2] for argument in given]
    if bad := [argument for argument, (name, value) in zip(given, pairs, strict=True) if not (name.strip() and value.strip())]:
        raise parameters.ParameterError(f"--set takes NAME=VALUE, such as LEAST=10000, not {bad[0]!r}")
    names = [name.strip() for name, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise parameters.ParameterError(f"--set gives {twice[0]} twice")
    return {name: value.strip() for name, (_, value) in zip(names, pairs, strict=True)}


def wanted(given: Sequence[str], day: str | None) -> tuple[dict[str, str], str | None]:
    """What a reader wants changed and the day on which the record shall end, of ``--set`` and ``--as-of``.

    ``--set AS_OF=2023-12-31`` and ``--as-of 2023-12-31`` are the same.

    Raises
    ------
    ValueError
        As `settings` and `trilateral.earlier.checked`, or the two name different days.
    """
    changes = settings(given)
    other = changes.pop(parameters.AS_OF, "None").strip("'\"")
    other = None if other == "None" else other
    if day is not None and not day.strip():
        raise parameters.ParameterError("--as-of takes a day, such as 2023-12-31, and was given none")
    if day and other and day != other:
        raise parameters.ParameterError(f"--as-of {day} and --set {parameters.AS_OF}={other} name different days")
    return changes, earlier.checked(day or other) if day or other else None


def alone(changes: Mapping[str, str], day: str | None) -> None:
    """Refuse what has no effect beside ``--parameters``.

    Raises
    ------
    ParameterError
        Something shall be changed.
    """
    if changes or day:
        raise parameters.ParameterError("--parameters runs nothing, so that --set and --as-of have no effect beside it")


def typed(paths: Iterable[Path]) -> str | None:
    """The day that a reader typed as `AS_OF` into the notebooks that shall run; none where none did.

    Raises
    ------
    ValueError
        They name different days, or some name none; or as `trilateral.earlier.checked`.
    """
    given = {path.stem: parameters.ended(files.notebook(path)) for path in paths}
    found = {stem: None if day is None else str(day) for stem, day in given.items()}
    days = set(found.values())
    if days <= {None}:
        return None
    if len(days) > 1:
        named = ", ".join(f"{stem}: {day or 'none'}" for stem, day in sorted(found.items()))
        raise AskedError(f"the notebooks name different days as {parameters.AS_OF} ({named}); run those of one day alone, or "
                         "give --as-of")
    try:
        return earlier.checked(days.pop())
    except as_of.AsOfError as error:
        raise AskedError(f"{text.listed(sorted(found))}, as edited: {parameters.AS_OF}: {error}") from None


def tables() -> None:
    """See that there are tables at all, which else each notebook would say by itself.

    Raises
    ------
    AskedError
        There are none.
    """
    if not (data.DATA.is_dir() and any(data.DATA.glob("*.csv")) and data.names()):
        raise AskedError(f"{data.DATA} holds no tables; {files.AGAIN}")


def place(home: Path, changes: Mapping[str, str], day: str | None) -> Path:
    """Folder for executed notebooks: their own, and one beside it where something shall be changed, named for what."""
    parts = ["changed"] * bool(changes) + [f"as-of-{day}"] * bool(day)
    return home / "-".join(parts) if parts else home


def planned(paths: Iterable[Path], changes: Mapping[str, str], day: str | None = None) -> dict[Path, dict[str, str]]:
    """The notebooks to run, each with the changes that concern it: all of them without changes, else those that set a name.

    Raises
    ------
    ParameterError
        A change cannot be made, is of a kind that a name cannot take, none of the notebooks sets a name, or one that shall end
        its record earlier has no `AS_OF`.
    """
    paths, plan, known = list(paths), {}, set()
    for path in paths:
        notebook = files.notebook(path)
        held = parameters.names([cell.source for cell in parameters.code(notebook)])
        known.update(held)
        own = {name: value for name, value in changes.items() if name in held or len(paths) == 1}
        if own or not changes:
            plan[path] = own
            _check(path.stem, notebook, own, day)
    if lost := set(changes) - {name for own in plan.values() for name in own}:
        if elsewhere := lost & {SEED}:
            raise parameters.ParameterError(f"{elsewhere.pop()} stands in trilateral/measures/__init__.py, for all notebooks; "
                                            "set it there")
        named = ", ".join(name + parameters.meant(name.upper(), sorted(known)) for name in sorted(lost))
        raise parameters.ParameterError(f"{named} is set in none of the notebooks "
                                        f"{', '.join(sorted(path.stem for path in paths))}; --parameters lists what they set")
    return plan


def _check(chapter: str, notebook: nbformat.NotebookNode, changes: Mapping[str, str], day: str | None) -> None:
    """Refuse what a reader asks for, and what someone typed into the notebook, where a name cannot take it."""
    typed = {name: value for name, value in parameters.by_hand(notebook).items() if name not in changes}
    said, published = f"{chapter}, as edited", parameters.restored(notebook)
    try:
        choices.check(published, typed, typed)
        said = chapter
        choices.check(published, typed | changes, typed)
        parameters.alter(parameters.restored(notebook, changes), changes | ({parameters.AS_OF: day} if day else {}))
    except parameters.ParameterError as error:
        raise parameters.ParameterError(f"{said}: {error}") from None
