"""Read upstream bytes and say plainly when they do not have the shape that a recipe expects."""

from __future__ import annotations

import csv as rows_of_text
import io
import re
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pyreadr

from trilateral.recipes.countries import ISO3_OF_NAME

AGAIN = "fetch it again"
SHOWN = 5  # unknown values and columns named in one message; the rest are counted
CONFLICT = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
DAMAGE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, EOFError, SyntaxError, struct.error, zlib.error,
          zipfile.BadZipFile)
"""What the readers of pandas raise on damaged bytes; an XML fault in a workbook is a SyntaxError."""

rows_of_text.field_size_limit(1 << 30)


class UpstreamError(ValueError):
    """An upstream file is missing, has other bytes than pinned, or another shape than its recipe expects."""


class HeaderError(UpstreamError):
    """A file lacks a column that its recipe reads, or has one that it does not know; `said` is the fault alone."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(f"{name}: {said}. The upstream format has changed: adapt the recipe, then renew the hash in the "
                         "sidecar.")
        self.name, self.said = name, said


def take(files: Mapping[str, bytes], name: str, advice: str = AGAIN) -> bytes:
    """Bytes of one upstream file; `advice` is what a message says to do about one that is damaged.

    Raises
    ------
    UpstreamError
        It was not given (the message lists what was), is empty, or is a web page or a pointer in its place.
    """
    if name not in files:
        raise UpstreamError(
            f"{name}: not among the files given to the recipe ({', '.join(sorted(files)) or 'none'}). "
            "List it in the sidecar's upstream or curated entry."
        )
    raw = files[name]
    if not raw.strip():
        raise UpstreamError(f"{name}: is empty. The file is damaged: {advice}.")
    if other := something_else(raw):
        raise UpstreamError(f"{name}: is {other} and not the file: {advice}.")
    return raw


def something_else(raw: bytes) -> str:
    """What came in place of a file, in words; empty if nothing speaks against the bytes."""
    head = raw[:200].lstrip().lower()
    if head.startswith(b"version https://git-lfs"):
        return "a pointer of Git LFS"
    return "a web page" if head.startswith((b"<!doctype html", b"<html")) else ""


def csv(files: Mapping[str, bytes], name: str, *, encoding: str = "utf-8-sig", distinct: bool = False,
        advice: str = AGAIN, **options) -> pd.DataFrame:
    """Read a CSV as text cells; empty cells are missing; `options` go to `pandas.read_csv`.

    Parameters
    ----------
    distinct : bool
        Refuse a row that is equal to an earlier one in every cell; for a source without a key that the recipe checks.
    advice : str
        What a message says to do about a damaged file.

    Raises
    ------
    UpstreamError
        The bytes are empty or a header alone, in another encoding than expected, hold the marks of a merge conflict, are no
        rectangle (a line has more or fewer cells than the header), or, if `distinct`, repeat a row. The message names the row.
    """
    raw = take(files, name, advice)
    if mark := CONFLICT.search(raw):
        raise UpstreamError(f"{name}, row {_row(raw, mark.start())}: the mark of a merge conflict. The file is damaged: "
                            f"{advice}.")
    if b"\0" in raw and not encoding.startswith("utf-16"):
        raise UpstreamError(f"{name}, row {_row(raw, raw.index(bytes(1)))}: holds a zero byte. The file is damaged: {advice}.")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UpstreamError(f"{name}, row {_row(raw, error.start)}: byte {raw[error.start]:#04x} is not "
                            f"{encoding.removesuffix('-sig')}. The file was saved in another encoding.") from error
    _rectangle(text, name, options, advice)
    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, **{"na_values": [""]} | options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UpstreamError(f"{name}: {str(error).strip()}. The file is cut off or damaged: {advice}.") from error
    if frame.empty:
        raise UpstreamError(f"{name}: has a header and no rows. The file is cut off: {advice}.")
    again = frame.duplicated() if distinct else pd.Series(False, index=frame.index)
    if again.any():
        raise UpstreamError(f"{name}, row {frame.index[again][0] + 2}: repeats an earlier row in every cell "
                            f"({int(again.sum())} such rows). The file was put together twice: {advice}.")
    return frame


def _rectangle(text: str, name: str, options: Mapping, advice: str) -> None:
    """Refuse a line with other cells than the header: pandas fills short lines, and shifts columns where all are long."""
    reader = rows_of_text.reader(io.StringIO(text, newline=""), delimiter=options.get("sep", ","),
                                 quoting=options.get("quoting", rows_of_text.QUOTE_MINIMAL))
    header, before, skipped = 0, 0, options.get("skiprows", ())
    for number, cells in enumerate(reader):
        if number == 0:
            header = len(cells)
        elif cells and len(cells) != header and number not in skipped:
            raise UpstreamError(f"{name}, row {before + 1}: {len(cells)} cells where the header has {header}. The line is cut "
                                f"off, shifted or joined with the next: {advice}.")
        before = reader.line_num


def _row(raw: bytes, position: int) -> int:
    return raw[:position].count(b"\n") + 1


def excel(files: Mapping[str, bytes], name: str, sheet: str | int | None = 0, *, dtype: type | None = str, **options):
    """Read a sheet of an Excel workbook as text cells, with None all of them as a dict; `options` go to `pandas.read_excel`.

    Raises
    ------
    UpstreamError
        The bytes are no workbook, or it lacks the sheet.
    """
    try:
        with warnings.catch_warnings():  # formatting that openpyxl does not know
            warnings.simplefilter("ignore", UserWarning)
            return pd.read_excel(io.BytesIO(take(files, name)), sheet_name=sheet, dtype=dtype, engine="openpyxl", **options)
    except UpstreamError:
        raise
    except DAMAGE as error:
        place = name if sheet is None else f"{name}, sheet {sheet!r}"
        raise UpstreamError(f"{place}: cannot be read: {error}. The file is damaged or its format has changed.") from error


def member(files: Mapping[str, bytes], name: str, inner: str) -> bytes:
    """Bytes of one file within a zip archive.

    Raises
    ------
    UpstreamError
        The bytes are no zip archive, or it lacks the file; the message lists what it holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(take(files, name))) as archive:
            return archive.read(inner)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise UpstreamError(f"{name}: {error}. The download is damaged: fetch it again.") from error
    except KeyError:
        raise UpstreamError(f"{name}: holds no {inner} but {', '.join(archive.namelist()[:20])}.") from None


def stata(files: Mapping[str, bytes], name: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Read a Stata file without turning codes into labels; text that is not UTF-8 is read as Latin-1.

    Raises
    ------
    UpstreamError
        The bytes are no Stata file, are cut off, or lack a column.
    """
    raw = take(files, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnicodeWarning)
            return pd.read_stata(io.BytesIO(raw), convert_categoricals=False, columns=columns and list(columns))
    except DAMAGE as error:
        raise UpstreamError(f"{name}: cannot be read: {error}. The download is damaged: fetch it again, or the format has "
                            "changed: adapt the recipe.") from error


def rda(files: Mapping[str, bytes], name: str) -> pd.DataFrame:
    """Read the one data frame of an R data file.

    Raises
    ------
    UpstreamError
        The bytes are no R data file, are cut off, or hold something else than one data frame.
    """
    with tempfile.TemporaryDirectory() as folder:  # pyreadr reads from a path only
        path = Path(folder) / name
        path.write_bytes(take(files, name))
        try:
            frames = pyreadr.read_r(str(path))
        except (pyreadr.PyreadrError, pyreadr.LibrdataError) as error:
            raise UpstreamError(f"{name}: cannot be read: {error}. The download is damaged: fetch it again.") from error
    if len(frames) != 1:
        raise UpstreamError(f"{name}: holds {len(frames)} objects, one data frame is expected.")
    return next(iter(frames.values()))


def require(frame: pd.DataFrame, columns: Iterable[str], name: str, *, closed: bool = False) -> pd.DataFrame:
    """Assert the columns of an upstream file and return it.

    Parameters
    ----------
    columns : iterable of str
        Columns the recipe reads.
    name : str
        File name for the message.
    closed : bool
        Also reject columns that the recipe does not know: a new column may change what the old ones mean.
    """
    wanted, found = list(columns), [str(column) for column in frame.columns]
    missing = [column for column in wanted if column not in found]
    unknown = [column for column in found if column not in wanted] if closed else []
    if missing or unknown:
        parts = ([f"lacks column {_some(missing)}"] if missing else []) + (
            [f"has unknown column {_some(unknown)}"] if unknown else []
        )
        raise HeaderError(name, " and ".join(parts))
    return frame


def mapped(values: pd.Series, codes: Mapping, name: str) -> pd.Series:
    """Translate codes, refusing those the recipe does not know."""
    unknown = sorted({str(value) for value in values.dropna().unique() if value not in codes})
    if unknown:
        raise UpstreamError(
            f"{name}, column {values.name}: unknown value {_some(unknown)} (known: "
            f"{', '.join(map(str, codes))}). Teach the recipe the new value."
        )
    return values.map(codes)


def coded(values: pd.Series, wanted: Iterable[str], name: str, also: Mapping[str, str] | None = None) -> pd.Series:
    """ISO 3166-1 alpha-3 codes of country names; empty for names of countries that are not wanted.

    Parameters
    ----------
    values : Series of str
        Names as the source spells them.
    wanted : iterable of str
        Codes that the table holds; each must be found.
    name : str
        File name for the message.
    also : mapping, optional
        Spellings of this source alone, name to code; goes before `trilateral.recipes.countries.ISO3_OF_NAME`.

    Raises
    ------
    UpstreamError
        A wanted country is not among the names, which are then spelled in a new way.
    """
    codes = values.map(ISO3_OF_NAME | dict(also or {}))
    wanted = set(wanted)
    lost = sorted(wanted - set(codes))
    if lost:
        raise UpstreamError(
            f"{name}, column {values.name}: {', '.join(lost)} not found under a known name. Look up how the file "
            "spells it, and add the spelling to trilateral/recipes/countries.py."
        )
    return codes.where(codes.isin(wanted))


def numbers(values: pd.Series, missing: Iterable[str] = (), name: str = "") -> pd.Series:
    """Numbers with gaps; `missing` are the source's marks of a gap.

    Raises
    ------
    UpstreamError
        A cell is neither a number nor a mark; the message names column and value, and with `name` the file and row.
    """
    kept = values.where(~values.isin(list(missing)))
    result = pd.to_numeric(kept, errors="coerce")
    wrong = kept[result.isna() & kept.notna()]
    if len(wrong):
        raise UpstreamError(f"{_place(wrong, name)}: {wrong.iloc[0]!r} is no number ({len(wrong)} such cells)")
    return result.astype("float64")


def integers(values: pd.Series, name: str = "") -> pd.Series:
    """Whole numbers with gaps.

    Raises
    ------
    UpstreamError
        A cell is no whole number; the message names column and value, and with `name` the file and row.
    """
    numbers = pd.to_numeric(values, errors="coerce")
    wrong = values[(numbers.isna() & values.notna()) | (numbers % 1 != 0) & numbers.notna()]
    if len(wrong):
        raise UpstreamError(f"{_place(wrong, name)}: {wrong.iloc[0]!r} is no whole number ({len(wrong)} such cells)")
    return numbers.astype("Int64")


def _some(words: list[str]) -> str:
    return ", ".join(words[:SHOWN]) + (f" and {len(words) - SHOWN} more" if len(words) > SHOWN else "")


def _place(wrong: pd.Series, name: str) -> str:
    """Column of the first wrong cell; before it the file and the row as a text editor counts it, if no cell spans lines."""
    place = f"column {wrong.name}"
    return f"{name}, row {wrong.index[0] + 2}, {place}" if name and pd.api.types.is_integer(wrong.index[0]) else place
