"""What a reader can take of a figure: numbers, pictures, specification, all of them with a note, and a page to embed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from trilateral.charts.controls import interactive
from trilateral.contract import read_sidecar
from trilateral.data import DATA
from trilateral.publish.archive import packed
from trilateral.publish.citing import Citation
from trilateral.publish.drawing import Studio, portable

OFFERED = {".csv": "CSV", ".svg": "SVG", ".png": "PNG", ".vl.json": "Vega-Lite", ".zip": "All (zip)"}
"""Downloads of every figure, by the end of their names."""

LETTERS = """The letters are those of Source Sans 3, https://github.com/adobe-fonts/source-sans. To see the SVG as the PNG shows
it, install that font. The specification calls it Ledger Sans: put “Source Sans 3” there once it is installed."""
SHARED = "https://creativecommons.org/licenses/by/4.0/"


def write(folder: Path, payload: Mapping, studio: Studio, citation: Citation, embedded: str,
          columns: Mapping[str, str]) -> None:
    """Put the files of a figure into a folder; one that is already there with the same content is left alone.

    Parameters
    ----------
    embedded : str
        See `trilateral.publish.embed.page`.
    columns : mapping of column to words
        See `trilateral.publish.columns.Columns.words`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = payload["id"]
    poster = studio.poster(payload)
    specs = {size: interactive(payload[size]) for size in ("wide", "narrow")}
    # A script, not JSON to fetch: it also loads where the book is opened from a folder.
    script = (f"(window.trilateralFigures=window.trilateralFigures||{{}})[{json.dumps(name)}]="
              f"{json.dumps(specs, ensure_ascii=False)};\n")
    files = {f"{name}.csv": payload["csv"].encode(), f"{name}.svg": poster.encode(), f"{name}.png": studio.png(poster),
             f"{name}.vl.json": (json.dumps(portable(payload), ensure_ascii=False, indent=1) + "\n").encode()}
    bundle = packed(files | {"README.md": readme(payload, citation, columns).encode()}, name)
    files |= {f"{name}.zip": bundle, f"{name}.bib": citation.bibtex().encode(), f"{name}.html": embedded.encode(),
              f"{name}.js": script.encode()}
    for file, content in files.items():
        path = folder / file
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def readme(payload: Mapping, citation: Citation, columns: Mapping[str, str]) -> str:
    """What the zip file says of a figure: definition and unit, columns, sources with license and vintage, citation."""
    name = payload["id"]
    parts = [f"# {payload['headline']}", f"Measure, unit and period: {payload['subtitle']}.", payload["alt"]]
    if payload["note"]:
        parts.append(f"What it cannot show: {payload['note']}")
    parts += [
        f"Figure `{name}`: {citation.address or citation.within}",
        f"## Files\n\n- `{name}.csv`: the numbers drawn, {payload['rows']:,} rows, UTF-8\n"
        f"- `{name}.svg`, `{name}.png`: the figure with its words\n"
        f"- `{name}.vl.json`: its Vega-Lite specification, with the data\n\n{LETTERS}",
        f"## Columns of {name}.csv\n\n" + "\n".join(f"- `{column}`: {words}" for column, words in columns.items())
        + "\n\nThe chapter's code shows how each was computed.",
        "## Sources\n\n" + "\n".join(sources(payload)),
        f"## License\n\nThe figure and its words: CC BY 4.0, {SHARED}. The data stay under the terms of their producers.",
        f"## Cite as\n\n{citation.text()}\n\nand the producers of the data.\n\n```bibtex\n{citation.bibtex()}```",
    ]
    return "\n\n".join(parts) + "\n"


def sources(payload: Mapping) -> Iterator[str]:
    """An entry each source: title and vintage, producer, license and its address, citation."""
    for source in payload["sources"]:
        licence = read_sidecar(DATA / f"{source['table']}.yml")["licence"] if source["table"] else {}
        terms = " ".join(filter(None, [f"{source['licence']}.", licence.get("url"), licence.get("note")]))
        yield (f"- {source['title']} ({source['vintage']}). {source['producer']}.\n  - License: {terms}\n"
               f"  - Cite as: {source['citation']}")
