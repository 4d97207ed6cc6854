"""No page is stale, and the same sources give the same bytes: whole builds of the small site by the command line."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_publish_site import ROOT, copy_site

from trilateral import data
from trilateral.publish import fingerprint, usage
from trilateral.publish.chapters import chapters, tables_in

EXECUTED = re.compile(r"executed book/diagnosis/(\w+)\.md")
NEEDED = ("requirements-kit.txt", "LICENSE", "LICENSE-CONTENT")
SECOND = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
# Another toy

It ends at {glue:text}`end`.

```{code-cell} python3
from myst_nb import glue
from trilateral.data import load
glue("end", float(load("other_index").frame["index"].iloc[-1]), display=False)
```
"""


def made(folder, *commands, **environment):
    """Run commands of the site's own package, which must succeed; the chapters that were executed, in order."""
    said = ""
    for command in commands:
        done = run(folder, command, **environment)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        said += done.stdout
    return sorted(EXECUTED.findall(said))


def run(folder, command, **environment):
    return subprocess.run([sys.executable, "-m", "trilateral", command], cwd=folder, capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": str(folder)} | environment)


def two_chapters(folder):
    """The small site with a second notebook, which reads a table of its own."""
    copy_site(folder)
    for name in NEEDED:
        shutil.copy(ROOT / name, folder)
    for suffix in (".csv", ".yml"):
        shutil.copy(folder / "data" / f"toy_index{suffix}", folder / "data" / f"other_index{suffix}")
    (folder / "book" / "diagnosis" / "other.md").write_text(SECOND, encoding="utf-8")
    toc = folder / "_toc.yml"
    toc.write_text(toc.read_text(encoding="utf-8").replace(
        "      - file: book/diagnosis/coercion\n",
        "      - file: book/diagnosis/coercion\n      - file: book/diagnosis/other\n"), encoding="utf-8")
    assert "diagnosis/other" in toc.read_text(encoding="utf-8")
    return folder


def differences(one: Path, other: Path) -> list[str]:
    """Files that two folders do not share byte for byte: which, and where; a zip by what it holds."""
    told = []
    for name in sorted({path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*") if path.is_file()}):
        paths = [folder / name for folder in (one, other)]
        if missing := [path for path in paths if not path.exists()]:
            told.append(f"{name}: not in {missing[0].parents[len(name.parts) - 1]}")
            continue
        raw = [path.read_bytes() for path in paths]
        if raw[0] == raw[1]:
            continue
        if zipfile.is_zipfile(paths[0]) and zipfile.is_zipfile(paths[1]):
            held = [{entry: archive.read(entry) for entry in archive.namelist()} for archive in map(zipfile.ZipFile, paths)]
            inside = sorted(entry for entry in {*held[0], *held[1]} if held[0].get(entry) != held[1].get(entry))
            told.append(f"{name}: {', '.join(inside) or 'the same files, packed in another way'}")
        else:
            at = next((place for place, (a, b) in enumerate(zip(*raw, strict=False)) if a != b), min(map(len, raw)))
            line, shown = raw[0][:at].count(b"\n") + 1, [each[max(0, at - 40):at + 40] for each in raw]
            told.append(f"{name}: byte {at}, line {line}: {shown[0]!r} against {shown[1]!r}")
    return told


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# what a change executes again

def test_each_table_of_the_book_is_in_the_fingerprint_of_exactly_the_chapters_that_load_it(monkeypatch, tmp_path):
    """All tables and chapters of the book, with files that hold no more than their names."""
    (tmp_path / "data").mkdir()
    for name in data.names():
        for suffix in (".csv", ".yml"):
            (tmp_path / "data" / f"{name}{suffix}").write_text(name)
    sources = {path.stem: path.read_text(encoding="utf-8") for path in chapters()}
    readers, package = usage.readers(), fingerprint._package()
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    monkeypatch.setattr(fingerprint, "_package", lambda: package)

    def marks():
        return {chapter: fingerprint.of(text, chapter) for chapter, text in sources.items()}
    before = marks()
    for name in data.names():
        for suffix in (".csv", ".yml"):
            path = tmp_path / "data" / f"{name}{suffix}"
            path.write_text("changed")
            assert [chapter for chapter, mark in marks().items() if mark != before[chapter]] == readers.get(name, []), path.name
            path.write_text(name)
    assert len(readers) == len(data.names())


def test_no_code_loads_a_table_by_anything_but_its_name_written_out():
    """A name put together would be in no fingerprint."""
    codes = {path.stem: path.read_text(encoding="utf-8") for path in chapters()}
    for name, text in codes.items():
        calls = re.findall(r"\bload\(([^)]*)", "\n".join(usage.CODE.findall(text)))
        assert all(re.match(r"""["']\w+["']\s*$""", call) for call in calls), (name, calls)
        assert tables_in(text) <= set(data.names())
    for folder in ("measures", "charts"):
        for path in (ROOT / "trilateral" / folder).glob("*.py"):
            assert not re.search(r"data\.load\(|import load\b|\bload\b.*import", path.read_text(encoding="utf-8")), path


@pytest.mark.build
def test_a_change_executes_exactly_the_chapters_it_concerns_and_without_a_cache_the_bytes_are_the_same(tmp_path):
    folder = two_chapters(tmp_path / "site")
    html = folder / "_build" / "html"
    assert made(folder, "html") == ["other", "threats"]

    edit(folder / "data" / "other_index.csv", "USA,2024,", "USA,2024,1")
    assert made(folder, "html") == ["other"]
    edit(folder / "data" / "toy_index.csv", "JPN,2024,", "JPN,2024,1")
    assert made(folder, "html") == ["threats"]
    edit(folder / "trilateral" / "measures" / "counts.py", '"""', '"""About counts. ')
    assert made(folder, "html") == ["other", "threats"]
    edit(folder / "requirements.txt", "\n", "\n# renewed\n")
    assert made(folder, "html") == ["other", "threats"]
    edit(folder / "trilateral" / "publish" / "words.py", '"""', '"""About words. ')
    edit(folder / "book" / "diagnosis" / "other.md", "It ends at", "A lonelyword: it ends at")
    assert made(folder, "html") == []

    edit(folder / "book" / "diagnosis" / "other.md", "A lonelyword: it ends at", "It ends at")
    assert made(folder, "html") == []
    kept = shutil.copytree(html, tmp_path / "kept")
    shutil.rmtree(folder / "_build" / ".jupyter_cache")
    shutil.rmtree(folder / "_build" / ".work")
    assert made(folder, "html") == ["other", "threats"]
    assert differences(kept, html) == []

    (folder / "data" / "toy_index.csv").rename(tmp_path / "toy_index.csv")
    done = run(folder, "html")
    assert done.returncode == 1 and done.stderr.startswith("error: ") and "Traceback" not in done.stdout + done.stderr
    assert "data/toy_index.csv: the sidecar is there but the table is missing" in done.stderr
    assert differences(kept, html) == []
    (tmp_path / "toy_index.csv").rename(folder / "data" / "toy_index.csv")
    assert made(folder, "html") == []
    assert differences(kept, html) == []


# the same bytes anywhere

@pytest.mark.build
def test_two_clean_builds_in_other_folders_time_zones_and_locales_are_the_same_bytes(tmp_path):
    results = []
    for folder, environment in ((tmp_path / "one", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
                                (tmp_path / "a longer" / "name, elsewhere" / "two",
                                 {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "42"})):
        folder.parent.mkdir(exist_ok=True, parents=True)
        two_chapters(folder)
        made(folder, "kit", "pdf", **environment)
        shutil.rmtree(folder / "_build" / ".work")
        shutil.rmtree(folder / "_build" / ".jupyter_cache")
        shutil.rmtree(folder / "_build" / ".passed", ignore_errors=True)
        results.append(folder / "_build")
    kinds = {path.suffix for path in results[0].rglob("*")}
    assert {".html", ".pdf", ".zip", ".svg", ".json", ".csv", ".png"} <= kinds
    assert differences(*results) == []


def test_a_file_that_differs_is_named_with_the_place(tmp_path):
    for folder, last in (("one", "1"), ("two", "2")):
        (tmp_path / folder / "sub").mkdir(parents=True)
        (tmp_path / folder / "same.txt").write_text("same")
        (tmp_path / folder / "sub" / "page.html").write_text(f"<p>first</p>\n<p>{last}</p>")
        with zipfile.ZipFile(tmp_path / folder / "kit.zip", "w") as archive:
            archive.writestr("same", "same")
            archive.writestr("README.md", last)
    (tmp_path / "one" / "alone.txt").write_text("alone")
    assert differences(tmp_path / "one", tmp_path / "two") == [
        f"alone.txt: not in {tmp_path / 'two'}", "kit.zip: README.md",
        r"sub/page.html: byte 16, line 2: b'<p>first</p>\n<p>1</p>' against b'<p>first</p>\n<p>2</p>'"]
