"""What the appendix says of each table, from its sidecar, its rows and the chapters that use it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from trilateral.claims import Register
from trilateral.contract import read_sidecar
from trilateral.data import DATA
from trilateral.publish import coverage
from trilateral.publish.chapters import ROOT
from trilateral.publish.ledger import PARTS

LEFT_OUT = ROOT / "book" / "appendix" / "sources-left-out.csv"
SINGLE_FACTS = "Tables of single facts under unclear or non-commercial terms: why"
DIGITS = 10
ORDER = [chapter for part in PARTS.values() for chapter in part]


@lru_cache
def title(name: str) -> str:
    """What the page on data calls a table; the name of one that has no sidecar."""
    path = DATA / f"{name}.yml"
    return str(read_sidecar(path)["title"]) if path.exists() else name


def edition(meta: Mapping[str, Any]) -> str:
    """Which edition of its source a table was made from, as words that follow "Edition:"."""
    return re.sub(r"^editions? of | edition$", "", str(meta["vintage"]))


def source(meta: Mapping[str, Any]) -> str:
    """How to cite a table, with its edition where the citation does not hold it."""
    citation = meta["citation"].rstrip(".") + "."
    return citation if str(meta["vintage"]) in citation else f"{citation} Edition: {edition(meta)}."


def descriptions(register: Register, records: Mapping[str, Mapping] | None = None,
                 loads: Mapping[str, set[str]] | None = None) -> list[dict[str, Any]]:
    """One dict a table, by chapter and name.

    Parameters
    ----------
    register : Register
        The claims that sidecars name.
    records : mapping of document to its figures and judgements, optional
        See `trilateral.publish.collect.records`.
    loads : mapping of document to the tables it loads, optional
        See `trilateral.publish.fingerprint.tables_of`.

    Returns
    -------
    list of dict
        ``name``; ``meta``, the sidecar; ``rows``, ``bytes``, ``sha256``; ``coverage``, see `trilateral.publish.coverage.rows`;
        ``chapter``, where it is most at home; ``documents`` that load it; ``figures`` as (document, id, headline) and
        ``verdicts`` (claim ids) that stand on it; ``serves``, the claims it was made for.
    """
    result = []
    for path in sorted(DATA.glob("*.yml")):
        meta, files = read_sidecar(path), (path, path.with_suffix(".csv"))
        documents = [document for document, names in sorted((loads or {}).items()) if path.stem in names]
        serves = [claim for claim in meta["claims"] if claim in register.claims]
        homes = [document.rsplit("/", 1)[-1] for document in documents] + [register.claims[each].chapter for each in serves]
        result.append({
            "name": path.stem, "meta": meta, **_measured(path, *(file.stat().st_mtime_ns for file in files if file.exists())),
            "chapter": homes[0] if homes else "", "documents": documents, "serves": serves,
            "figures": [(document, name, figure["headline"]) for document, record in sorted((records or {}).items())
                        for name, figure in record["figures"].items() if path.stem in figure["tables"]],
            "verdicts": [claim for _, record in sorted((records or {}).items())
                         for claim, judgement in record["judgements"].items() if path.stem in judgement["tables"]],
        })
    return sorted(result, key=lambda each: (_place(each["chapter"]), each["name"]))


@lru_cache(maxsize=512)
def _measured(sidecar: Path, *_changed: int) -> dict[str, Any]:
    """What a file holds: ``rows``, ``bytes``, ``sha256``, ``coverage``; web and print ask for it, and it takes seconds."""
    table = sidecar.with_suffix(".csv")
    raw = table.read_bytes() if table.exists() else b""
    frame = pd.read_csv(table, dtype=str, keep_default_na=False, na_values=[""]) if raw else pd.DataFrame()
    return {"rows": len(frame), "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(),
            "coverage": _coverage(frame, read_sidecar(sidecar)) if raw else []}


def _coverage(frame: pd.DataFrame, meta: Mapping) -> list[coverage.Row]:
    """Years by country: of the table's own columns, else of the table its key refers to, else those of its sidecar."""
    until = int(meta["coverage"]["years"][-4:])
    if found := coverage.rows(frame, meta["columns"], until):
        return found
    columns = list(meta["columns"])
    for key in meta.get("foreign_keys", []):
        other, fields = key["reference"]["resource"], key["reference"]["fields"]
        there = pd.read_csv(DATA / f"{other}.csv", dtype=str, keep_default_na=False, na_values=[""])
        more = [column for column in read_sidecar(DATA / f"{other}.yml")["columns"]
                if column["name"] not in {*frame, *fields} and column.get("codes") != "iso3"]
        frame = frame.merge(there[[*fields, *(column["name"] for column in more)]], left_on=key["fields"], right_on=fields,
                            how="left", validate="many_to_one")
        columns += more
    return coverage.rows(frame, columns, until, meta["coverage"]["years"])


def left_out() -> list[dict[str, str]]:
    """Sources that were looked at and not taken: ``source``, ``title``, ``url``, ``reason``."""
    if not LEFT_OUT.exists():
        return []
    return pd.read_csv(LEFT_OUT, dtype=str, keep_default_na=False).sort_values("source").to_dict("records")


def single_facts(described: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Tables of single facts that not all may pass on: ``name``, ``title``, ``terms``, and the ``reason`` why no counts do.

    Parameters
    ----------
    described : list of dict
        What `descriptions` returns.
    """
    return [{"name": table["name"], "title": table["meta"]["title"], "terms": licence["name"], "reason": licence["why"]}
            for table in described if (licence := table["meta"]["licence"]).get("holds") == "facts"]


def _place(chapter: str) -> int:
    return ORDER.index(chapter) if chapter in ORDER else len(ORDER)
