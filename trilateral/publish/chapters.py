"""The notebooks among the book's sources, and the tables each of them loads."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from trilateral import strict_yaml

ROOT = Path(__file__).resolve().parents[2]
LOAD = re.compile(r"""\bload\(\s*(["'])([\w-]+)\1""")
HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```", re.MULTILINE | re.DOTALL)  # without tags
DRAWN = {"figure", "option_figure", "specification_figure"}


def documents(root: Path = ROOT) -> list[str]:
    """Pages of the book without suffix, in the order of the table of contents."""
    toc = strict_yaml.read(root / "_toc.yml")
    return [toc["root"], *(entry["file"] for part in toc.get("parts", [toc]) for entry in part.get("chapters", []))]


def chapters(root: Path = ROOT) -> list[Path]:
    """Sources of the book that are notebooks, in the order of the table of contents."""
    paths = [root / f"{document}.md" for document in documents(root)]
    return [path for path in paths if path.exists() and is_notebook(path.read_text(encoding="utf-8"))]


def is_notebook(source: str) -> bool:
    """Whether the front matter names a kernel, in whatever way YAML lets it.

    Raises
    ------
    YamlError
        It is no YAML, or gives a key twice.
    """
    head = HEAD.match(source)
    try:
        known = (strict_yaml.load(head[1]) or {}) if head else {}
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 2  # counted from zero, below the line of hyphens
        said = getattr(error, "problem", error)
        raise strict_yaml.YamlError(f"line {line}: the front matter is not valid YAML: {said}") from None
    return "kernelspec" in known or "kernelspec" in known.get("jupyter", {})


def tables_in(source: str) -> set[str]:
    """Names of the tables that a notebook loads, as far as they stand there literally."""
    return {name for _, name in LOAD.findall(source)}


def figures_not_shown(source: str) -> list[str]:
    """Figures that a notebook makes and does not show, since the call is not the last statement of its cell; their ids."""
    found = []
    for code in CELL.findall(source):
        try:
            statements = ast.parse(code).body
        except SyntaxError:  # a magic, or a mistake that running the cell will name
            continue
        for statement in statements[:-1]:
            call = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", None)) in DRAWN:
                found.append(ast.unparse(call.args[0]).strip("'") if call.args else "without id")
    return found
