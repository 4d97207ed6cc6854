"""The Frictionless data package of all tables, generated from their sidecars."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from pathlib import Path

from trilateral.contract import TableError, field_schema, read_sidecar

FILE = "datapackage.json"


def descriptor(folder: Path) -> dict:
    """Describe every table of a folder.

    Returns
    -------
    dict
        A Frictionless data package with hash, bytes, rows, licences and sources of each resource; the same
        files give the same descriptor.
    """
    resources = [_resource(sidecar) for sidecar in sorted(folder.glob("*.yml"))]
    return {
        "profile": "tabular-data-package",
        "name": "trilateral-ledger",
        "title": "Tables of The Trilateral Ledger",
        "description": "Every table the book reads: tidy, validated, with source, license and grade.",
        "licenses": [
            {
                "name": "other-see-resources",
                "title": "Each table keeps the license of its source; see its entry.",
            }
        ],
        "contributors": [{"title": "The Trilateral Ledger team", "role": "wrangler"}],
        "resources": resources,
    }


def text(folder: Path, made: Container[str] | None = None) -> str:
    """The descriptor as it goes into ``datapackage.json``.

    Parameters
    ----------
    folder : Path
        Where tables, sidecars and ``curated/`` lie.
    made : container of str, optional
        Tables that were just made. A table that was not keeps the hashes of the files in ``curated/`` that it was made of,
        so that a later `difference` tells that they have changed; without it, every table is taken to be just made.
    """
    fresh, path = descriptor(folder), folder / FILE
    if made is not None and path.exists():
        try:
            old = {resource["name"]: resource for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]}
        except (ValueError, KeyError):
            old = {}
        for resource in fresh["resources"]:
            if resource["name"] not in made:
                known = _curated(old.get(resource["name"], {}))
                for source in resource["sources"]:
                    source.update({"sha256": known[source["path"]]} if source["path"] in known else {})
    return json.dumps(fresh, ensure_ascii=False, indent=1) + "\n"


def difference(folder: Path) -> TableError | None:
    """None when the committed descriptor agrees with sidecars and tables, else an error naming the entry."""
    path = folder / FILE
    advice = "To renew it, run: python -m trilateral data build"
    if not path.exists():
        return TableError(f"data/{FILE}: missing. {advice}")
    try:
        fresh, committed = descriptor(folder), json.loads(path.read_text(encoding="utf-8"))
    except (TableError, OSError, ValueError) as error:
        return TableError(f"data/{FILE}: cannot be compared: {error}")
    old = {resource["name"]: resource for resource in committed.get("resources", [])}
    for resource in fresh["resources"]:
        name = resource["name"]
        if name not in old:
            return TableError(f"data/{FILE}: table {name} is not in it. {advice} {name}")
        was, now = _curated(old[name]), _curated(resource)
        for file in (file for file in now if file in was and was[file] != now[file]):
            return TableError(f"data/{file} has changed since data/{name}.csv was made of it. Run: python -m trilateral data "
                              f"build {name}")
        for key, value in resource.items():
            if old[name].get(key) != value:
                shown = (
                    f" ({old[name].get(key)} there, {value} now)" if key in ("hash", "bytes", "rows") else ""
                )
                edited = key in ("hash", "bytes", "rows")
                return TableError(f"data/{FILE}: entry {key} of table {name} is out of date{shown}. "
                                  + (_not_as_built(name, read_sidecar(folder / f"{name}.yml")) if edited else
                                     f"data/{name}.yml was edited. {advice} {name}"))
    if path.read_text(encoding="utf-8") != text(folder):
        return TableError(f"data/{FILE}: is out of date. {advice}")
    return None


def _not_as_built(name: str, meta: Mapping) -> str:
    """What to do about a table that is not the one last built; a build would overwrite an edit of it."""
    places = [f"data/curated/{file}" for file in meta.get("curated", [])]
    places += [f"trilateral/recipes/{meta['recipe']}.py"] if "upstream" in meta else []
    return (f"data/{name}.csv is not the table that was last built. If it was edited, make the change in {' or '.join(places)} "
            f"instead, for a build overwrites the table; then run: python -m trilateral data build {name}. Or take the table "
            f"from version control: git checkout data/{name}.csv")


def _curated(resource: Mapping) -> dict[str, str]:
    """Hashes of the files collected by hand that a table was made of, by path."""
    return {source["path"]: source["sha256"] for source in resource.get("sources", [])
            if source["path"].startswith("curated/") and "sha256" in source}


def _hashed(path: Path) -> dict[str, str]:
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} if path.exists() else {}


def _resource(sidecar: Path) -> dict:
    meta = read_sidecar(sidecar)
    csv = sidecar.with_suffix(".csv")
    if not csv.exists():
        raise TableError(
            f"data/{csv.name}: the sidecar is there but the table is missing. Build it with `make data`."
        )
    raw = csv.read_bytes()
    licence = {
        "title": f"{meta['licence']['name']} (redistribution: {meta['licence']['redistribution']})",
        "name": meta["licence"].get("id", "other"),
    }
    if "url" in meta["licence"]:
        licence["path"] = meta["licence"]["url"]
    upstream = [
        {
            "title": f"{u['source']}: {u['file']}",
            "path": u["url"],
            "version": u["commit"],
            "sha256": u["sha256"],
        }
        for u in meta.get("upstream", [])
    ]
    curated = [
        {"title": f"collected by hand: {file}", "path": f"curated/{file}"} | _hashed(sidecar.parent / "curated" / file)
        for file in meta.get("curated", [])
    ]
    return {
        "name": sidecar.stem,
        "path": csv.name,
        "profile": "tabular-data-resource",
        "title": meta["title"],
        "description": " ".join(meta["description"].split()),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(raw),
        "hash": "sha256:" + hashlib.sha256(raw).hexdigest(),
        "rows": raw.count(b"\n") - 1,
        "producer": meta["producer"],
        "citation": " ".join(meta["citation"].split()),
        "grade": meta["grade"],
        "grade_reason": " ".join(meta["grade_reason"].split()),
        "vintage": meta["vintage"],
        "retrieved": str(meta["retrieved"]),
        "coverage": meta["coverage"],
        "caveats": meta["caveats"],
        "claims": meta["claims"],
        "recipe": f"trilateral/recipes/{meta['recipe']}.py",
        "licenses": [licence],
        "sources": upstream + curated,
        "schema": field_schema(meta)
        | ({"foreignKeys": meta["foreign_keys"]} if "foreign_keys" in meta else {}),
    }
