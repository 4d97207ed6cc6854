"""Read upstream bytes and say plainly when they do not have the shape that a recipe expects."""

from __future__ import annotations

import io
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pyreadr

from trilateral.recipes.countries import ISO3_OF_NAME


class UpstreamError(ValueError):
    """An upstream file is missing, has other bytes than pinned, or another shape than its recipe expects."""


def take(files: Mapping[str, bytes], name: str) -> bytes:
    """Bytes of one upstream file, or an error that lists what the recipe was given."""
    if name not in files:
        raise UpstreamError(
            f"{name}: not among the files given to the recipe ({', '.join(sorted(files)) or 'none'}). "
            "List it in the sidecar's upstream or curated entry."
        )
    return files[name]


def csv(files: Mapping[str, bytes], name: str, *, encoding: str = "utf-8-sig", **options) -> pd.DataFrame:
    """Read a CSV as text cells; empty cells are missing; `options` go to `pandas.read_csv`.

    Raises
    ------
    UpstreamError
        The bytes are empty, in another encoding than expected, or no rectangle.
    """
    raw = take(files, name)
    try:
        return pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, na_values=[""], encoding=encoding, **options)
    except pd.errors.EmptyDataError:
        raise UpstreamError(f"{name}: is empty. The download is damaged: fetch it again.") from None
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise UpstreamError(f"{name}, row {row}: byte {raw[error.start]:#04x} is not {encoding.removesuffix('-sig')}. The file "
                            "was saved in another encoding.") from error
    except pd.errors.ParserError as error:
        raise UpstreamError(f"{name}: {error}. A line has more cells than the header, or the file is cut off.") from error


def excel(files: Mapping[str, bytes], name: str, sheet: str | int = 0, **options) -> pd.DataFrame:
    """Read one sheet of an Excel workbook as text cells; `options` go to `pandas.read_excel`.

    Raises
    ------
    UpstreamError
        The bytes are no workbook, or it lacks the sheet.
    """
    try:
        with warnings.catch_warnings():  # formatting that openpyxl does not know
            warnings.simplefilter("ignore", UserWarning)
            return pd.read_excel(io.BytesIO(take(files, name)), sheet_name=sheet, dtype=str, **options)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UpstreamError(f"{name}, sheet {sheet!r}: cannot be read: {error}. The file is damaged or its format has "
                            "changed.") from error


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
    except zipfile.BadZipFile as error:
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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnicodeWarning)
            return pd.read_stata(io.BytesIO(take(files, name)), convert_categoricals=False, columns=columns and list(columns))
    except UpstreamError:
        raise
    except (ValueError, struct.error, EOFError) as error:
        raise UpstreamError(f"{name}: cannot be read: {error}. The file is damaged or its format has changed.") from error


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
        parts = ([f"lacks column {', '.join(missing)}"] if missing else []) + (
            [f"has unknown column {', '.join(unknown)}"] if unknown else []
        )
        raise UpstreamError(
            f"{name}: {' and '.join(parts)}. The upstream format has changed: adapt the recipe, then renew "
            "the hash in the sidecar."
        )
    return frame


def mapped(values: pd.Series, codes: Mapping, name: str) -> pd.Series:
    """Translate codes, refusing those the recipe does not know."""
    unknown = sorted({str(value) for value in values.dropna().unique() if value not in codes})
    if unknown:
        raise UpstreamError(
            f"{name}, column {values.name}: unknown value {', '.join(unknown)} (known: "
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


def _place(wrong: pd.Series, name: str) -> str:
    """Column of the first wrong cell; before it the file and the row as a text editor counts it, if no cell spans lines."""
    place = f"column {wrong.name}"
    return f"{name}, row {wrong.index[0] + 2}, {place}" if name and pd.api.types.is_integer(wrong.index[0]) else place
