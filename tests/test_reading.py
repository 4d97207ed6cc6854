"""Damaged upstream bytes end in one sentence with file, row and rule, whatever recipe reads them."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from trilateral.data import DATA
from trilateral.recipes import csis_nk_provocations
from trilateral.recipes.curated import plain
from trilateral.recipes.reading import UpstreamError, csv, excel, mapped, member, rda, require, stata, take

WHOLE = "iso3,year,note\nJPN,2001,a\nKOR,2002,b\nUSA,2003,c\n"


@pytest.mark.parametrize("raw, said", [
    (b"", "is empty"),
    (b" \n\n", "is empty"),
    (b"iso3,year,note\n", "has a header and no rows"),
    (b"<!DOCTYPE html><html>404</html>", "is a web page and not the file"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a pointer of Git LFS and not the file"),
    (WHOLE[:-6].encode(), r"row 4: 2 cells where the header has 3"),  # cut off
    (WHOLE.replace("KOR,2002", "2002").encode(), "row 3: 2 cells where the header has 3"),  # a cell lost
    (WHOLE.replace("KOR", ",KOR").encode(), "row 3: 4 cells where the header has 3"),  # shifted by one
    (WHOLE.replace("\n", "\n,").removesuffix(",").encode(), "row 2: 4 cells where the header has 3"),  # shifted throughout
    (WHOLE.replace("a\nKOR", '"a\nKOR').encode(), "row 2: 3 cells|row 2: 2 cells|cut off|row 2"),  # a quotation left open
    (WHOLE.replace("KOR", "<<<<<<< HEAD\nKOR").encode(), "row 3: the mark of a merge conflict"),
    (WHOLE.replace("KOR", "K\0R").encode(), "row 3: holds a zero byte"),
    (WHOLE.replace("KOR", "Corée").encode("latin-1"), "row 3: byte 0xe9 is not utf-8"),
    (WHOLE.encode("utf-16"), "row 1: (byte 0xff is not utf-8|holds a zero byte)"),
])
def test_a_damaged_csv_is_named_with_its_row(raw, said):
    with pytest.raises(UpstreamError, match=rf"^x\.csv.*{said}" if "|" not in said else rf"^x\.csv.*({said})"):
        csv({"x.csv": raw}, "x.csv")


@pytest.mark.parametrize("raw", [WHOLE.encode(), b"\xef\xbb\xbf" + WHOLE.encode(), WHOLE.replace("\n", "\r\n").encode(),
                                 WHOLE.removesuffix("\n").encode(), WHOLE.replace("KOR", "\nKOR").encode()])
def test_a_byte_order_mark_line_ends_and_blank_lines_change_nothing(raw):
    assert csv({"x.csv": raw}, "x.csv").equals(pd.read_csv(io.StringIO(WHOLE), dtype=str))


def test_a_cell_that_spans_lines_is_one_cell_and_rows_are_counted_as_an_editor_does():
    assert csv({"x.csv": b'a,b\n1,"x\ny"\n2,z\n'}, "x.csv")["b"].tolist() == ["x\ny", "z"]
    with pytest.raises(UpstreamError, match=r"^x\.csv, row 4: 1 cells"):
        csv({"x.csv": b'a,b\n1,"x\ny"\n2\n'}, "x.csv")


def test_rows_that_stand_twice_are_refused_where_the_recipe_has_no_key_to_check():
    doubled = {"x.csv": (WHOLE + WHOLE.split("\n", 1)[1]).encode()}
    assert len(csv(doubled, "x.csv")) == 6
    with pytest.raises(UpstreamError, match=r"^x\.csv, row 5: repeats an earlier row in every cell \(3 such rows\)"):
        csv(doubled, "x.csv", distinct=True)


def test_provocations_listed_twice_are_refused():
    raw = b"date,type,event,description,resources\n" + b"2017-05-14,Missile Provocation,launch,,\n" * 2
    with pytest.raises(UpstreamError, match=r"north_korea.*row 3: repeats an earlier row"):
        csis_nk_provocations.tables({csis_nk_provocations.FILE: raw})


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", WHOLE * 50)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"a": range(500)}).to_excel(out, sheet_name="one", index=False)
    return out.getvalue()


@pytest.mark.parametrize("read, whole", [
    (lambda files: excel(files, "x", "one"), workbook()),
    (lambda files: excel(files, "x", None, dtype=None), workbook()),
    (lambda files: member(files, "x", "a.csv"), zipped()),
    (lambda files: stata(files, "x"), b"<stata_dta><header><release>118</release>" + bytes(90)),
    (lambda files: rda(files, "x"), b"RDX2\nX\n" + bytes(90)),
])
@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: raw[: len(raw) * 99 // 100],
                                    lambda raw: b"\x07" * 300, lambda raw: b""])
def test_damaged_workbooks_archives_and_data_files_are_named(read, whole, damage):
    with pytest.raises(UpstreamError, match=r"^x[:,]"):
        read({"x": damage(whole)})


def test_a_sheet_that_is_gone_is_named():
    with pytest.raises(UpstreamError, match=r"^x, sheet 'two': cannot be read: .*two"):
        excel({"x": workbook()}, "x", "two")


def test_a_message_names_a_few_unknown_values_and_columns_and_counts_the_rest():
    with pytest.raises(UpstreamError, match=r"unknown value a, b, c, d, e and 2 more \(known: z\)"):
        mapped(pd.Series(list("abcdefg"), name="v"), {"z": 1}, "x.csv")
    with pytest.raises(UpstreamError, match=r"lacks column a, b, c, d, e and 2 more\."):
        require(pd.DataFrame(), list("abcdefg"), "x.csv")


def test_a_file_that_was_not_given_is_named_with_those_that_were():
    with pytest.raises(UpstreamError, match=r"^a\.csv: not among the files given to the recipe \(b\.csv\)"):
        take({"b.csv": b""}, "a.csv")


# ---- files collected by hand


@pytest.mark.parametrize("line, said", [
    ("a,=1+1", "column note: '=1\\+1' begins like a formula"),
    ("a,<script>alert(1)</script>", "column note: '<script>alert.* holds markup"),
    ("a,x\u202ey", "column note: .* holds an unseen control character"),
    ("a,x", "repeats an earlier row"),
    ("a", "1 cells where the header has 2"),
    ("<<<<<<< HEAD", "the mark of a merge conflict"),
])
def test_a_damaged_file_collected_by_hand_is_named_though_no_table_keeps_the_cell(line, said):
    with pytest.raises(UpstreamError, match=rf"^data/curated/x\.csv, row 3.*{said}"):
        plain({"x.csv": f"id,note\na,x\n{line}\n".encode()}, "x.csv")


@pytest.mark.parametrize("raw", [b"", b"id,note\n", b"id,note\na,\0\n", b"id,note\na\n", b"<<<<<<< HEAD\n", b"<html>"])
def test_nobody_is_told_to_fetch_what_was_written_by_hand(raw):
    with pytest.raises(UpstreamError, match=r"^data/curated/x\.csv.*: correct it, or take it from version control\.$"):
        plain({"x.csv": raw}, "x.csv")
    with pytest.raises(UpstreamError, match=r"^x\.csv.*: fetch it again\.$"):
        csv({"x.csv": raw}, "x.csv")


def test_every_file_collected_by_hand_is_plain():
    for path in sorted((DATA / "curated").glob("*.csv")):
        plain({path.name: path.read_bytes()}, path.name)
