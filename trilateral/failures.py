"""Cells of an executed notebook that failed: which failed first, which only needed it, and which claims they take along."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import nbformat

from trilateral import as_of, data, measures

SAID = 300  # characters of an error's message
UNDEFINED = re.compile(r"name '(\w+)' is not defined")
JUDGED = re.compile(r"\bjudge\(\s*[\"']([\w-]+)[\"']")
SENTENCES, BEFORE_SENTENCES = "TextError", "this cell with them: "  # as `trilateral.text.check_sentences` raises and says
SHORT = {error.__name__ for error in (as_of.TooLittleError, data.NoRowError, measures.TooFewError)}


@dataclass(frozen=True)
class Failure:
    """A cell that failed by itself.

    Attributes
    ----------
    cell : int
        Its number among the cells of code, from one.
    line : str
        Its first line.
    error, message : str
        Name of the exception, and what it says.
    followers : list of int
        Cells that failed only because this one had not set a name.
    claims : list of str
        Claims that it and its followers would have judged.
    """

    cell: int
    line: str
    error: str
    message: str
    followers: list[int] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        count = len(self.followers)
        needed = f"; and {count} {'cell' if count == 1 else 'cells'} that needed it" if count else ""
        said = f"{self.error}: {shortened(self.message)}"
        return f"{self.place}: {said}{needed}" if self.cell else said

    @property
    def place(self) -> str:
        return f"code cell {self.cell} ({self.line[:60].strip()})"

    @property
    def of_words(self) -> bool:
        """Whether only sentences of the page no longer hold."""
        return self.error == SENTENCES

    @property
    def sentences(self) -> str:
        """The sentences of the page that no longer hold."""
        return self.message.rpartition(BEFORE_SENTENCES)[2]

    @property
    def of_short_record(self) -> bool:
        """Whether the cell itself says that it has too little to go on; any other error is a fault."""
        return self.error in SHORT


def shortened(message: str) -> str:
    """A message as far as a summary has room, cut at a line's end, else a sentence's, with its last, which says what to do.

    It stays whole where a cut would save nothing.
    """
    message = message.strip()
    if len(message) <= SAID:
        return message
    end = next((end for end in ("\n", ". ", " ") if end in message[:SAID]), "")
    head = message[:SAID].rpartition(end)[0] if end else message[:SAID]
    last = message[len(head):].rpartition("\n" if "\n" in message else end or " ")[2]
    shown = f"{head} … ({len(message) - len(head) - len(last)} characters left out) … {last}"
    return min(message, shown, key=len)


def found(notebook: nbformat.NotebookNode) -> list[Failure]:
    """The cells of an executed notebook that failed, those that only lacked a name of another folded into it."""
    first: list[Failure] = []
    owner: dict[str, Failure] = {}  # of a name that was not set
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        output = next((output for output in cell.outputs if output.output_type == "error"), None)
        if output is None:
            continue
        undefined = UNDEFINED.search(output.evalue) if output.ename == "NameError" else None
        cause = owner.get(undefined[1]) if undefined else None
        if cause is None:
            line = next((line for line in cell.source.split("\n") if line.strip()), "")
            cause = Failure(number, line, output.ename, output.evalue)
            first.append(cause)
        else:
            cause.followers.append(number)
        cause.claims.extend(JUDGED.findall(cell.source))
        owner |= dict.fromkeys(_names(cell.source), cause)
    return first


def explain(notebook: nbformat.NotebookNode, failed: Sequence[Failure]) -> None:
    """Say in one line, in place of a traceback, what a cell lacks, which sentences fail, and which cell others needed.

    The output stays one of an error, so that whoever reads the notebook by machine still finds it.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for failure in failed:
        if failure.of_short_record:
            _replace(code[failure.cell - 1], failure.error, f"Too little to go on: {failure.message}")
        if failure.of_words:
            _replace(code[failure.cell - 1], failure.error, f"Words of this chapter that no longer hold: {failure.sentences}")
        lacks = "has too little to go on" if failure.of_short_record else "failed"
        for number in failure.followers:
            _replace(code[number - 1], failure.error, f"This cell needs {failure.place} above, which {lacks}.")


def _replace(cell: nbformat.NotebookNode, error: str, message: str) -> None:
    for output in cell.outputs:
        if output.output_type == "error":
            output.update(ename=error, evalue=message, traceback=[message])


def _names(code: str) -> Iterator[str]:
    """Names that a cell sets."""
    try:
        nodes = ast.walk(ast.parse(code))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
