"""What a reader may change in a notebook: names in capitals, found and set in the source of its cells."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

Place = tuple[str, ast.expr]


class ParameterError(ValueError):
    """A name that a notebook does not set, sets twice, or is given a value that is no Python."""


def assigned(code: str) -> Iterator[Place]:
    """Names in capitals that a cell sets at its top level, each with the expression it is set to.

    Of ``FALL, LOWEST = 20, 10`` each name has its own expression; where only a call or a loop gives several names their
    values, they are left out, since no single one could be changed.
    """
    try:
        statements = ast.parse(code).body
    except SyntaxError:  # a magic, or a mistake that running the cell will name
        return
    for statement in statements:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target, value = statement.targets[0], statement.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=True)) if isinstance(value, ast.Tuple) else []
        for name, expression in pairs:
            if isinstance(name, ast.Name) and name.id.isupper():
                yield name.id, expression


def opening(cells: Sequence[str]) -> int:
    """Number of the cell that holds a notebook's parameters: the first that sets a name in capitals.

    Raises
    ------
    ParameterError
        No cell sets one.
    """
    for number, code in enumerate(cells):
        if any(True for _ in assigned(code)):
            return number
    raise ParameterError("this notebook sets no name in capitals")


def listing(cells: Sequence[str]) -> list[str]:
    """The lines that set the parameters of a notebook, remarks and all."""
    code = cells[opening(cells)]
    rows = code.split("\n")
    setting = [statement for statement in ast.parse(code).body if any(True for _ in assigned(ast.unparse(statement)))]
    return [row for statement in setting for row in rows[statement.lineno - 1:statement.end_lineno]]


def change(cells: Sequence[str], name: str, value: str) -> list[str]:
    """The cells with another value for one name.

    What is computed from the name in the same cell follows, which a cell put behind it would not give.

    Parameters
    ----------
    cells : sequence of str
        Code of a notebook, cell by cell.
    name, value : str
        A name in capitals and a Python expression; a name that holds a text takes the value as it is.

    Raises
    ------
    ParameterError
        The name is set in no cell or in several, or the value is no expression.
    """
    places = [(number, expression) for number, code in enumerate(cells) for found, expression in assigned(code)
              if found == name]
    if not places:
        known = dict(assigned(cells[opening(cells)]))
        raise ParameterError(f"{name} is not set in this notebook; at its top stand {', '.join(known)}")
    if len(places) > 1:
        raise ParameterError(f"{name} is set in {len(places)} cells of this notebook; change it there by hand")
    number, old = places[0]
    if isinstance(old, ast.Constant) and isinstance(old.value, str) and value[:1] not in ("'", '"'):
        value = repr(value)
    try:
        ast.parse(value, mode="eval")
    except SyntaxError:
        raise ParameterError(f"{name}: {value!r} is no Python expression") from None
    rows = cells[number].encode().split(b"\n")  # positions of the syntax tree count bytes
    first, last = old.lineno - 1, old.end_lineno - 1
    rows[first:last + 1] = [rows[first][:old.col_offset] + value.encode() + rows[last][old.end_col_offset:]]
    return [*cells[:number], b"\n".join(rows).decode(), *cells[number + 1:]]
