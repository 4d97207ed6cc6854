"""The notebook kit: every chapter as a notebook that runs alone, with its tables and the package, in one zip file."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import jupytext
import nbformat

from trilateral import __version__, edited, parameters
from trilateral.publish import launch
from trilateral.publish.archive import packed
from trilateral.publish.build import RERUN, ROOT, BuildError, Places
from trilateral.publish.chapters import chapters
from trilateral.publish.facts import BookFacts
from trilateral.publish.plain_markdown import convert

NAME = "trilateral-ledger-kit"
README = Path(__file__).with_name("kit_readme.md")
MAIN = Path(__file__).with_name("kit_main.py")

LEFT_OUT = ("trilateral/publish", "trilateral/recipes", "trilateral/cli.py", "trilateral/__main__.py",
            "trilateral/console.py", "trilateral/data_commands.py", "trilateral/environment.py", "trilateral/lab.py",
            "trilateral/steps.py", "trilateral/mutation", "trilateral/totals.py", "data/totals", "data/curated")
"""Parts of the package, and files that only recipes read, which no kit needs."""

JUPYTER = {"ipykernel", "nbconvert"}
"""Parts of Jupyter, which stay as they are where a notebook runs outside the kit's environment."""


class NoChapterError(BuildError):
    """A chapter that is asked for is none of the book."""

    exit_code = 2  # see `trilateral.exit_codes`


def notebook(path: Path, places: Places, strict: bool = True) -> nbformat.NotebookNode:
    """A chapter as a notebook without outputs, its text in plain Markdown with the numbers of the built book.

    Unless it is strict, a number that the built book does not have yet is "…".
    """
    document = path.relative_to(places.root).with_suffix("").as_posix()
    facts = BookFacts(places, document, strict)
    source = jupytext.read(path)
    folded = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # the second is Colab's word for it
    cells = [nbformat.v4.new_code_cell(launch.set_up(launch.repository(places.root)), metadata=folded)]
    for cell in source.cells:
        if cell.cell_type == "markdown":
            text = convert(cell.source, facts)
            if text:
                cells.append(nbformat.v4.new_markdown_cell(text))
        elif cell.source.strip():
            cells.append(nbformat.v4.new_code_cell(cell.source, metadata=cell.metadata))
    if facts.cited:
        listed = "\n".join(f"- {reference}" for reference in facts.references())
        cells.append(nbformat.v4.new_markdown_cell(f"## References\n\n{listed}"))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    parameters.keep(made)
    nbformat.validate(made)
    return made


def libraries(root: Path) -> str:
    """What the notebooks import, one library a line as it is locked, without Jupyter's own packages."""
    named = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["kit"]
    lock = (root / "requirements-kit.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^(([\w.-]+)==.*?) *(?:\\|--hash.*)?$", lock, re.MULTILINE)  # two of one name differ in their Python
    return "".join(f"{pin}\n" for pin, name in pins if name in named and name not in JUPYTER)


def contents(places: Places) -> dict[str, bytes]:
    """Every file of the kit by its name.

    Raises
    ------
    BuildError
        The book has no notebook, two chapters share a file name, or the web book is not built.
    """
    root = places.root
    files: dict[str, bytes] = {}
    for path in chapters(root):
        name = f"{path.stem}.ipynb"
        if name in files:
            raise BuildError(f"two chapters are called {path.stem}; their notebooks would overwrite each other")
        files[name] = nbformat.writes(notebook(path, places)).encode() + b"\n"
    if not files:
        raise BuildError("no file of _toc.yml is a notebook, so there is nothing to put into a kit")
    listed = "\n".join(f"- `{name}`" for name in files)
    files["README.md"] = README.read_text(encoding="utf-8").format(version=__version__, notebooks=listed).encode()
    files["requirements.txt"] = (root / "requirements-kit.txt").read_bytes()
    files["libraries.txt"] = libraries(root).encode()
    files["ledger.json"] = places.ledger.read_bytes()
    files["trilateral/__main__.py"] = MAIN.read_bytes()
    for name in ("LICENSE", "LICENSE-CONTENT", "book/claims.yml", "book/references.bib"):
        files[name] = (root / name).read_bytes()
    for folder in ("trilateral", "data"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
            if path.is_file() and not hidden and not name.startswith(LEFT_OUT):
                files[name] = path.read_bytes()
    files[edited.STAMPS] = json.dumps(edited.stamps(files), indent=1).encode() + b"\n"
    return files


def pack(places: Places) -> list[str]:
    """Write the kit, the same bytes for the same content; returns the names of its files."""
    files = contents(places)
    places.kit.parent.mkdir(parents=True, exist_ok=True)
    places.kit.write_bytes(packed(files, NAME))
    return sorted(files)


def offer_notebooks(places: Places) -> None:
    """Put the kit's notebooks into the web book, and link each on the page of its chapter with where it can be run."""
    place = launch.repository(places.root)
    with zipfile.ZipFile(places.kit) as archive:
        for path in chapters(places.root):
            document = path.relative_to(places.root).with_suffix("").as_posix()
            target = places.html / "downloads" / "notebooks" / f"{path.stem}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(f"{NAME}/{target.name}"))
            page = places.html / f"{document}.html"
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace(RERUN, _links(place, document, path.stem)), encoding="utf-8")


def _links(place: launch.Repository | None, document: str, stem: str) -> str:
    downloads = "../" * document.count("/") + "downloads"
    services = " or ".join(f'<a href="{escape(url)}">{name}</a>' for name, url in launch.services(place, document).items())
    return (f'<p class="rerun">Run this chapter again: take its <a href="{downloads}/notebooks/{stem}.ipynb" download>'
            f'notebook</a> and the <a href="{downloads}/{NAME}.zip" download>kit</a> it runs in'
            + (f", or open it on a server of others, {services}" if services else "") + ".</p>")


def sources(names: Sequence[str] = (), root: Path = ROOT) -> dict[str, nbformat.NotebookNode]:
    """Chapters as notebooks whose text is that of the sources, by name: those named, or all.

    Raises
    ------
    BuildError
        As `write_notebooks`.
    """
    return {name: jupytext.read(path) for name, path in _chosen(names, root).items()}


def write_notebooks(places: Places, names: Sequence[str] = (), strict: bool = True) -> list[Path]:
    """Write chapters as ``_build/notebooks/<chapter>.ipynb``: those named, or all; see `notebook`.

    Raises
    ------
    NoChapterError
        A name is that of no chapter.
    """
    places.notebooks.mkdir(parents=True, exist_ok=True)
    written = []
    for name, path in _chosen(names, places.root).items():
        target = places.notebooks / f"{name}.ipynb"
        target.write_text(nbformat.writes(notebook(path, places, strict)) + "\n", encoding="utf-8")
        written.append(target)
    return written


def _chosen(names: Sequence[str], root: Path) -> dict[str, Path]:
    known = {path.stem: path for path in chapters(root)}
    if unknown := [name for name in names if name not in known]:
        named = ", ".join(name + parameters.meant(name, list(known)) for name in unknown)
        raise NoChapterError(f"no chapter is called {named}; there are {', '.join(known)}")
    return {name: known[name] for name in names or known}
