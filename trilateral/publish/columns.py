"""What the columns of figures hold, from ``book/columns.yml``: a figure with a column without words is not published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sphinx.errors import ExtensionError

from trilateral import strict_yaml
from trilateral.claims import Register
from trilateral.contract import near
from trilateral.publish import typed

FILE = "book/columns.yml"
PARTS = ("quantities", "names", "figures")
ENDS = {"_low": "Lower end of the 95 percent interval of", "_high": "Upper end of the 95 percent interval of"}


class ColumnError(ExtensionError):
    """A column has no words, or words have no column; the message names figure, column and file."""


@dataclass(frozen=True)
class Columns:
    """Words for columns.

    Parameters
    ----------
    quantities : mapping of figure to claim
        Specification curves, whose columns hold the quantities that the rule of the claim declares.
    names : mapping of column to words
        For every figure that has a column of the name.
    figures : mapping of figure to its columns
        For one figure; these go first.
    lines : mapping of a key, behind those around it, to int
        Where each stands in the file.
    """

    quantities: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, compare=False, repr=False)

    def place(self, *keys: str) -> str:
        """File and line of an entry."""
        return f"{FILE}, line {self.lines[keys]}" if keys in self.lines else FILE

    def said(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Keys and words of each entry."""
        yield from ((("names", name), words) for name, words in self.names.items())
        yield from ((("figures", figure, name), words) for figure, columns in self.figures.items()
                    for name, words in columns.items())

    def words(self, figure: str, columns: Collection[str], register: Register, page: str = "") -> dict[str, str]:
        """What each column of a figure holds, with its unit.

        Parameters
        ----------
        figure : str
            Its id.
        columns : collection of str
            Those of its CSV.
        page : str
            The document that draws it, for the message.

        Raises
        ------
        ColumnError
            A column has no words.
        """
        own, declared = self.figures.get(figure, {}), self._declared(figure, register)
        found = {name: own.get(name) or declared.get(name) or self.names.get(name, "") for name in columns}
        if lacking := [name for name, words in found.items() if not words]:
            where = f"{page}.md, " if page else ""
            raise ColumnError(f"{where}figure {figure}: {FILE} does not say what {', '.join(lacking)} in its CSV is. Say it "
                              f"there with its unit, under figures: {figure}, or under names if it means the same "
                              "in every figure")
        return found

    def unused(self, figures: Mapping[str, Collection[str]], register: Register) -> Iterator[str]:
        """A sentence each for words that no figure uses.

        Parameters
        ----------
        figures : mapping of figure to its columns
            Every figure of the book.
        """
        used = {name for figure, columns in figures.items() for name in columns
                if name not in self.figures.get(figure, {}) and name not in self._declared(figure, register)}
        for name in self.names:
            if name not in used:
                yield f"{self.place('names', name)}: no figure uses {name!r} of names. Take it out."
        for figure in self.quantities:
            if not {*self._declared(figure, register)} & {*figures.get(figure, ())}:
                yield (f"{self.place('quantities', figure)}: no column of figure {figure!r} is a quantity of its claim. "
                       "Take it out of quantities.")
        for figure, columns in self.figures.items():
            for name in columns:
                if name not in figures.get(figure, ()):
                    yield (f"{self.place('figures', figure, name)}: figure {figure!r} has no column {name!r} "
                           f"({near(name, figures.get(figure, ()))}). Correct it, or take it out of figures.")

    def _declared(self, figure: str, register: Register) -> dict[str, str]:
        """Words for the quantities of a specification curve, and for the ends of their intervals."""
        if figure not in self.quantities:
            return {}
        found = {}
        for name, quantity in register[self.quantities[figure]].quantities.items():
            meaning, unit = quantity["meaning"], quantity["unit"]
            found[name] = f"{meaning[0].upper()}{meaning[1:]}; {unit}"
            found |= {f"{name}{end}": f"{words} {name}; {unit}" for end, words in ENDS.items()}
        return found


def read(root: Path) -> Columns:
    """Words of a book, read again when they have changed; none where it has no such file.

    Raises
    ------
    ColumnError
        The file has another shape.
    """
    path = root / FILE
    return _read(path, path.stat().st_mtime_ns) if path.exists() else Columns()


@lru_cache
def _read(path: Path, changed: int) -> Columns:
    try:
        text = path.read_text(encoding="utf-8")
        content = strict_yaml.load(text) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ColumnError(f"{FILE}: is not YAML: {error}") from None
    if faults := list(_misshapen(content)):
        raise ColumnError("\n".join(faults))
    return Columns(**content, lines=dict(_lines(yaml.compose(text))))


def _lines(node: yaml.Node | None, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        place = (*above, key.value)
        yield place, key.start_mark.line + 1
        yield from _lines(value, place)


def _misshapen(content: Any) -> Iterator[str]:
    if not isinstance(content, Mapping) or set(content) - set(PARTS) or not all(
            isinstance(part, Mapping) for part in content.values()):
        yield f"{FILE}: needs the parts {', '.join(PARTS)} and no other, each with entries"
        return
    entries = [("names", name, words) for name, words in content.get("names", {}).items()]
    entries += [("quantities", name, claim) for name, claim in content.get("quantities", {}).items()]
    for figure, columns in content.get("figures", {}).items():
        if isinstance(columns, Mapping):
            entries += [(f"figures: {figure}", name, words) for name, words in columns.items()]
        else:
            yield f"{FILE}: figures: {figure} needs its columns, each with words"
    for place, name, words in entries:
        if not isinstance(name, str) or not isinstance(words, str) or not words.strip():
            yield f"{FILE}: {place}: {name!r} needs words, a text (in quotation marks if YAML reads it otherwise)"


def faults(root: Path, register: Register, figures: Collection[str]) -> list[str]:
    """What can be seen without a run: another shape, figures and claims that do not exist.

    Parameters
    ----------
    figures : collection of str
        Ids of all figures that the sources of the book make.
    """
    try:
        found = read(root)
    except ColumnError as error:
        return str(error).splitlines()
    said = [f"{found.place(part, name)}: {part}: there is no figure {name!r} ({near(name, figures)}). "
            "Correct it, or take it out."
            for part in ("quantities", "figures") for name in getattr(found, part) if name not in figures]
    said += [f"{found.place('quantities', name)}: quantities: claim {claim!r} of {name} is not in book/claims.yml "
             f"({near(claim, register.claims)}). Correct it."
             for name, claim in found.quantities.items() if claim not in register.claims]
    said += [f"{found.place(*keys)}: {number!r} is typed. Say it without the number, as “the years compared”; what a value "
             "stands for and a producer's definition stand in OF_CODES of trilateral/publish/typed.py."
             for keys, words in found.said() for number in typed.in_columns(words)]
    return said
