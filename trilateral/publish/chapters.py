"""The notebooks among the book's sources, and the tables each of them loads."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
LOAD = re.compile(r"""\bload\(\s*(["'])([\w-]+)\1""")
HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


def chapters(root: Path = ROOT) -> list[Path]:
    """Sources of the book that are notebooks, in the order of the table of contents."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    documents = [toc["root"], *(entry["file"] for part in toc.get("parts", [toc])
                                for entry in part.get("chapters", []))]
    paths = [root / f"{document}.md" for document in documents]
    return [path for path in paths if path.exists() and is_notebook(path.read_text(encoding="utf-8"))]


def is_notebook(source: str) -> bool:
    """Whether the front matter names a kernel, in whatever way YAML lets it."""
    head = HEAD.match(source)
    known = (yaml.safe_load(head[1]) or {}) if head else {}
    return "kernelspec" in known or "kernelspec" in known.get("jupyter", {})


def tables_in(source: str) -> set[str]:
    """Names of the tables that a notebook loads, as far as they stand there literally."""
    return {name for _, name in LOAD.findall(source)}
