"""The bytes of a table: UTF-8, ``\\n``, no byte-order mark, shortest floats, sorted by key."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping

import pandas as pd

from trilateral.contract import TableError


def table_bytes(frame: pd.DataFrame, meta: Mapping, name: str) -> bytes:
    """Serialise a recipe's frame as its sidecar describes it.

    Parameters
    ----------
    frame : DataFrame
        One row an observation; exactly the sidecar's columns, in any order.
    meta : mapping
        The sidecar: columns give order and type, ``primary_key`` the sort order.
    name : str
        Table name for the messages.

    Raises
    ------
    TableError
        When the columns are not those of the sidecar.
    """
    wanted = [column["name"] for column in meta["columns"]]
    if set(frame.columns) != set(wanted):
        surplus, lacking = sorted(set(frame.columns) - set(wanted)), sorted(set(wanted) - set(frame.columns))
        raise TableError(
            f"data/{name}.csv: the recipe and the sidecar disagree on columns: "
            f"undescribed {', '.join(surplus) or 'none'}; not produced {', '.join(lacking) or 'none'}. "
            f"Correct data/{name}.yml or trilateral/recipes/{meta['recipe']}.py."
        )
    ordered = frame[wanted].sort_values(list(meta["primary_key"]), kind="stable", na_position="first")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(wanted)
    for row in ordered.itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8")


def _cell(value) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(float(value))
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m-%d}"
    return str(value)
