"""What a reader may change in a notebook: names in capitals, found and set in the source of its cells."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from copy import deepcopy

import nbformat

from trilateral import claims
from trilateral.contract import closest
from trilateral.edited import PARAMETERS as TAG
from trilateral.edited import PUBLISHED as KEPT

AS_OF = "AS_OF"  # the parameter that every chapter has: the day on which its record ends
Place = tuple[str, ast.expr]
DATE = re.compile(r"(19|20)\d\d-\d\d(-\d\d)?")


class ParameterError(ValueError):
    """A name that a notebook does not set, sets twice, or is given a value that it cannot take; a reader's to mend."""

    exit_code = 2  # see `trilateral.exit_codes`


def assigned(code: str) -> Iterator[Place]:
    """Names in capitals that a cell sets at its top level, each with the expression it is set to.

    Of ``FALL, LOWEST = 20, 10`` each name has its own expression; where only a call or a loop gives several names their
    values, they are left out, since no single one could be changed.
    """
    try:
        yield from _assigned(ast.parse(code))
    except SyntaxError:  # a magic, or a mistake that running the cell will name
        return


def _assigned(tree: ast.Module) -> Iterator[Place]:
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target, value = statement.targets[0], statement.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple):
            pairs = list(zip(target.elts, value.elts, strict=True)) if isinstance(value, ast.Tuple) else []
        for name, expression in pairs:
            if isinstance(name, ast.Name) and name.id.isupper():
                yield name.id, expression


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Cells of code, in their order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def opening(notebook: nbformat.NotebookNode) -> list[str]:
    """Code of the cells that hold a notebook's parameters: those tagged `parameters`, as papermill and others tag them.

    Raises
    ------
    ParameterError
        No cell has the tag.
    """
    cells = [cell.source for cell in code(notebook) if TAG in cell.metadata.get("tags", ())]
    if not cells:
        raise ParameterError(f"no cell of this notebook is tagged `{TAG}`")
    return cells


def listing(cells: Sequence[str]) -> list[str]:
    """The lines of some cells that set names in capitals, remarks and all."""
    lines = []
    for cell in cells:
        rows = cell.split("\n")
        for statement in ast.parse(cell).body:
            if any(True for _ in assigned(ast.unparse(statement))):
                lines += rows[statement.lineno - 1:statement.end_lineno]
    return lines


def names(cells: Sequence[str]) -> list[str]:
    """Names in capitals that a notebook sets, but for those that follow a rule."""
    return list(dict.fromkeys(name for code in cells for name, value in assigned(code) if not _of_rule(value)))


def _of_rule(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "asked"


def meant(word: str, known: Sequence[str]) -> str:
    """The known word that a reader may have meant, as a question in brackets; empty where none is near."""
    return "".join(f" (did you mean {name}?)" for name in closest(word, known))


def _of_date(name: str, old: ast.expr, value: str) -> tuple[ast.expr, str]:
    """The one date within an expression, and what takes its place."""
    if any(getattr(node, "id", "") == "register" for node in ast.walk(old)):
        book = claims.register()
        inside = book.last_brief <= value <= book.record_ends
        raise ParameterError(f"{name} follows the register; to end the record earlier, say --as-of "
                             + (value if inside else f"with a day from {book.last_brief} to {book.record_ends}"))
    dates = [node for node in ast.walk(old) if isinstance(node, ast.Constant) and DATE.fullmatch(str(node.value))]
    if len(dates) != 1:
        raise ParameterError(f"{name} is not made of one date, and {value} alone would be a subtraction; give an expression, "
                             f"such as pd.Timestamp('{value}')")
    return dates[0], repr(value)


def change(cells: Sequence[str], name: str, value: str) -> list[str]:
    """The cells with another value for one name.

    What is computed from the name in the same cell follows, which a cell put behind it would not give.

    Parameters
    ----------
    cells : sequence of str
        Code of a notebook, cell by cell.
    name, value : str
        A name in capitals and a Python expression; a name that holds a text takes the value as it is, one that holds None takes
        a date, and in one that is made of a date, such as ``pd.Timestamp("2023-07-01")``, a date takes its place.

    Raises
    ------
    ParameterError
        The name is set in no cell or in several, it follows a rule or the register, the value is no expression, or it is a
        date and the name is made of none.
    """
    places = [(number, expression) for number, code in enumerate(cells) for found, expression in assigned(code)
              if found == name]
    if not places:
        raise ParameterError(f"{name} is not set in this notebook{meant(name.upper(), names(cells))}; --parameters lists what "
                             "stands at its top")
    if len(places) > 1:
        raise ParameterError(f"{name} is set in {len(places)} cells of this notebook; change it there by hand")
    number, old = places[0]
    if _of_rule(old):
        raise ParameterError(f"{name} is what the rule of {ast.literal_eval(old.args[0])} asks; edit it in book/claims.yml, "
                             "and what is drawn moves with the verdict")
    text = isinstance(old, ast.Constant) and (isinstance(old.value, str) or (old.value is None and DATE.fullmatch(value)))
    if text and value[:1] not in ("'", '"'):
        value = repr(value)
    elif DATE.fullmatch(value):
        old, value = _of_date(name, old, value)
    try:
        several = isinstance(ast.parse(value, mode="eval").body, ast.Tuple)
        value = f"({value})" if several and not value.startswith("(") else value  # where several names are set in one line
    except SyntaxError:
        raise ParameterError(f"{name}: {value!r} is no Python expression, such as the published one: "
                             f"--set {name}={ast.unparse(old)!r}") from None
    return _written(cells, number, old, value)


def _written(cells: Sequence[str], number: int, old: ast.expr, value: str) -> list[str]:
    """The cells with other code in place of an expression of one of them."""
    rows = cells[number].encode().split(b"\n")  # positions of the syntax tree count bytes
    first, last = old.lineno - 1, old.end_lineno - 1
    rows[first:last + 1] = [rows[first][:old.col_offset] + value.encode() + rows[last][old.end_col_offset:]]
    return [*cells[:number], b"\n".join(rows).decode(), *cells[number + 1:]]


def put(cells: Sequence[str], name: str, code: str) -> list[str]:
    """The cells with one name set to code as `values` gives it, whatever the name holds so far."""
    number, old = next((number, old) for number, cell in enumerate(cells) for found, old in assigned(cell) if found == name)
    return _written(cells, number, old, code)


def alter(notebook: nbformat.NotebookNode, changes: Mapping[str, str]) -> None:
    """Set names in capitals to other values, in the source of the notebook."""
    cells = code(notebook)
    sources = [cell.source for cell in cells]
    for name, value in changes.items():
        sources = change(sources, name, value)
    for cell, source in zip(cells, sources, strict=True):
        cell.source = source


def values(notebook: Mapping) -> dict[str, str]:
    """Names in capitals that could be changed, those set once, each with its expression; also of a notebook read as JSON."""
    sources = ["".join(cell.get("source", "")) for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    found = [(name, value) for source in sources for name, value in assigned(source) if not _of_rule(value)]
    often = Counter(name for name, _ in found)
    return {name: ast.unparse(value) for name, value in found if often[name] == 1}


def keep(notebook: nbformat.NotebookNode) -> None:
    """Note in a notebook's metadata what its names are set to as published, so that another value can be told."""
    notebook.metadata[KEPT] = values(notebook)


def by_hand(notebook: Mapping) -> dict[str, str]:
    """Names that are not set as the notebook's metadata say they were published, with their values, but for `AS_OF`."""
    published = notebook.get("metadata", {}).get(KEPT, {})
    return {name: value for name, value in values(notebook).items()
            if name != AS_OF and name in published and value != published[name]}


def restored(notebook: nbformat.NotebookNode, names: Container[str] | None = None) -> nbformat.NotebookNode:
    """A copy of a notebook with the published values; of some names alone where they are given."""
    copy = deepcopy(notebook)
    sources = [cell.source for cell in code(copy)]
    for name in by_hand(notebook):
        if names is None or name in names:
            sources = put(sources, name, notebook.metadata[KEPT][name])
    for cell, source in zip(code(copy), sources, strict=True):
        cell.source = source
    return copy


def alike(published: str, code: str, names: Container[str]) -> bool:
    """Whether two cells differ in nothing but remarks, line breaks and the values of some names.

    A day of `AS_OF` that is not written out is no such value, since `ended` does not know it.
    """
    try:
        return _blanked(published, names) == _blanked(code, names)
    except SyntaxError:  # a magic, or no code
        return False


def _blanked(code: str, names: Container[str]) -> str:
    tree = ast.parse(code)
    values = {id(value) for name, value in _assigned(tree)
              if name in names and (name != AS_OF or isinstance(value, ast.Constant))}

    class Blank(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return ast.Constant(None) if id(node) in values else self.generic_visit(node)

    return ast.dump(Blank().visit(tree))


def ended(notebook: Mapping) -> str | None:
    """The day that `AS_OF` names; None where the notebook takes the whole record."""
    try:
        return ast.literal_eval(values(notebook).get(AS_OF, "None"))
    except ValueError:  # no text, but what gives one
        return None
