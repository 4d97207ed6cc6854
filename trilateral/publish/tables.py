"""What the appendix says of each table, from its sidecar and its CSV."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

import yaml

from trilateral.data import DATA


def descriptions(ledger: list[dict[str, Any]], records: Mapping[str, Mapping] | None = None) -> list[dict[str, Any]]:
    """One dict a table, by name: its sidecar, its rows, the claims and figures that use it.

    Parameters
    ----------
    ledger : list of dict
        See `trilateral.publish.ledger.entries`.
    records : mapping of document to its figures, optional
        See `trilateral.publish.collect.records`.
    """
    result = []
    for path in sorted(DATA.glob("*.yml")):
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))
        table = path.with_suffix(".csv")
        rows = 0
        if table.exists():
            with table.open(encoding="utf-8", newline="") as lines:
                rows = max(sum(1 for _ in csv.reader(lines)) - 1, 0)
        figures = [(docname, name) for docname, record in sorted((records or {}).items())
                   for name, figure in record["figures"].items() if path.stem in figure["tables"]]
        result.append({"name": path.stem, "meta": meta, "rows": rows, "bytes": table.stat().st_size if rows else 0,
                       "claims": [each["id"] for each in ledger if path.stem in each["tables"]],
                       "figures": figures})
    return result
