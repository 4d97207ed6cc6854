"""No page is stale, and the same sources give the same bytes: whole builds of the small site by the command line."""

import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest
from test_publish_site import ROOT, copy_site, offline

from trilateral import data, reproduce
from trilateral.publish import fingerprint, kit, kit_check, usage
from trilateral.publish.chapters import chapters, tables_in
from trilateral.publish.facts import entries

EXECUTED = re.compile(r"executed book/diagnosis/(\w+)\.md")
RESULTS = ("html", "pdf", "kit")
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


BOOK = """
import errno, os, signal
from trilateral import cli
from trilateral.publish import build, kit
def stopped(*_): raise KeyboardInterrupt
def failed(*_): raise build.BuildError("the typst builder failed")
def full(*_): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
cli.check_sources = lambda steps: None  # it knows the register and the pages of the book alone
"""
FAULTS = {
    "Ctrl-C while the PDF is set": ("build.pdf = stopped", 130, "stopped; the last whole book is in place"),
    "the PDF fails": ("build.pdf = failed", 1, "error: the typst builder failed"),
    "the disk is full when the kit is packed": ("kit.pack = full", 1, "error: no space is left on the disk that holds"),
    "the disk is full at the last step": ("kit.offer_notebooks = full", 1, "error: no space is left on the disk that holds"),
}


@cache
def cut_off():
    """What to put before a command so that it reaches its own machine alone; nothing where that cannot be made."""
    command = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    try:
        return command if subprocess.run([*command, "true"], capture_output=True).returncode == 0 else []
    except FileNotFoundError:
        return []


def run(folder, *command, **environment):
    """A command without a network: it must have asked for none, even where it does without an answer."""
    asked = folder / "_asked.txt"
    done = subprocess.run([*cut_off(), sys.executable, *command], cwd=folder, capture_output=True, text=True,
                          env=offline(folder) | environment | {"ASKED": str(asked)})
    assert not asked.exists(), asked.read_text()
    return done


def executed(folder):
    """The chapters that `make html` executes, by the site's own package; it must succeed."""
    done = run(folder, "-m", "trilateral", "html")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return sorted(EXECUTED.findall(done.stdout))


def book(folder, fault="", **environment):
    """What `make book` does with the site, by its own package."""
    return run(folder, "-c", f"{BOOK}{fault}\ncli.app(['book'])", **environment)


def whole(folder, **environment):
    """The site with its PDF and kit, built from nothing; where its results are."""
    done = book(two_chapters(folder), **environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return folder / "_build"


def results(folder):
    """Web book, PDFs and kit, each file with its bytes."""
    return {path: path.read_bytes() for part in RESULTS for path in (folder / "_build" / part).rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return whole(tmp_path_factory.mktemp("site"), TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1").parent


def whole_book(folder, **environment):
    """The book itself, built by its own command in a copy of the sources, from nothing at first; where its results are."""
    if not folder.exists():
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("_build", ".git", ".venv", ".*_cache", "__pycache__"))
    done = run(folder, "-m", "trilateral", "book", **environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return folder / "_build"


def versions(site):
    """What the page on data prints of each table's file."""
    page = (site / "_build" / "html" / "book" / "appendix" / "data.html").read_text(encoding="utf-8")
    return re.findall(r"<code>([0-9a-f]+)</code>, the first digits of the file’s SHA-256", page)


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
    monkeypatch.setattr(fingerprint, "_claims", lambda source, chapter: "")
    monkeypatch.setattr(fingerprint, "tables_in", cache(tables_in))

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


@pytest.mark.parametrize(("code", "follows"), [
    ("", {"own", "record_ends", "sources"}), ('NOW = register().date("as-own", "now")', {"own", "record_ends", "sources"}),
    ('register()["as-own"], register()[claim]', {"own", "record_ends", "sources"}),
    ('register().of_chapter("aid")', {"own", "record_ends", "sources"}),
    ('asked("as-other", "gap")', {"own", "record_ends", "sources", "other"}),
    *((ask, {"own", "record_ends", "sources", "other", "id"}) for ask in (
        "known - set(register().claims)", 'register().of_chapter("threats")', "book = register()", "read_register(path)"))])
def test_a_fingerprint_has_of_the_register_what_a_chapter_asks_of_it_and_all_where_it_asks_for_all(monkeypatch, code, follows):
    def claim(name, chapter, rule="x > 1"):
        return {"id": name, "chapter": chapter, "quantities": {"x": {"range": [0, 9]}}, "rule": [{"supported": rule}]}
    book = {"record_ends": "2026-08-31", "sources": {"brief": {"date": "2022-12-20"}},
            "claims": [claim("as-own", "aid"), claim("as-other", "threats")]}
    changed = {
        "own": {"claims": [claim("as-own", "aid", "x > 2"), claim("as-other", "threats")]},
        "other": {"claims": [claim("as-own", "aid"), claim("as-other", "threats", "x > 2")]},
        "id": {"claims": [claim("as-own", "aid"), claim("as-other", "threats"), claim("as-new", "threats")]},
        "record_ends": {"record_ends": "2026-07-31"}, "sources": {"sources": {"brief": {"date": "2022-12-01"}}}}

    def mark(register):
        monkeypatch.setattr(fingerprint, "_register", lambda: register)
        return fingerprint.of(code, "aid")
    assert {what for what, change in changed.items() if mark(book | change) != mark(book)} == follows


def test_each_claim_of_the_book_is_in_the_fingerprint_of_exactly_the_chapters_that_ask_for_it(monkeypatch):
    """A rule, test or range that is edited, and a claim that is renamed, which the chapter that asks for all must notice."""
    sources, book = {path.stem: path.read_text(encoding="utf-8") for path in chapters()}, fingerprint._register()
    monkeypatch.setattr(fingerprint, "_package", lambda: "")
    before = {chapter: fingerprint.of(text, chapter) for chapter, text in sources.items()}
    whole = {chapter for chapter, text in sources.items() if fingerprint.claims_in(text, chapter) is None}
    assert whole == {chapter for chapter, text in sources.items() if "register().claims" in text} != set()
    first = {claim["chapter"]: at for at, claim in reversed(list(enumerate(book["claims"])))}
    for chapter, at in first.items():
        for change in ({"id": "as-renamed"}, {"test": "otherwise"}, {"rule": [{"mixed": "otherwise"}]}, {"quantities": {}}):
            claims = list(book["claims"])
            claims[at] = claims[at] | change
            monkeypatch.setattr(fingerprint, "_register", lambda claims=claims: book | {"claims": claims})
            moved = {name for name, text in sources.items() if fingerprint.of(text, name) != before[name]}
            assert moved == {chapter} | whole, (chapter, change)


def test_the_parts_of_the_package_that_no_fingerprint_has_are_those_that_no_chapter_imports():
    code = "\n".join(found for path in chapters() for found in usage.CODE.findall(path.read_text(encoding="utf-8")))
    imports = re.findall(r"^from trilateral[\w.]* import (?:\([^)]*\)|.*)$", code, re.MULTILINE)
    ask = "\n".join([*sorted(set(imports)), "import sys", "print(*sys.modules)"])
    loaded = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    package = {part.name for part in (ROOT / "trilateral").iterdir() if part.suffix == ".py" or (part / "__init__.py").exists()}
    used = {part for part in package if f"trilateral.{part.removesuffix('.py')}" in loaded}
    assert used and package - used - {"__init__.py"} == fingerprint.APART


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


# the same bytes anywhere

@pytest.mark.build
def test_two_clean_builds_in_other_folders_time_zones_and_locales_are_the_same_bytes(site, tmp_path):
    (tmp_path / "a longer").mkdir()
    other = whole(tmp_path / "a longer" / "name, elsewhere", TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="42")
    found = {path.suffix for part in RESULTS for path in (other / part).rglob("*")}
    assert {".html", ".pdf", ".zip", ".svg", ".json", ".csv", ".png", ".js"} <= found
    assert [line for part in RESULTS for line in differences(site / "_build" / part, other / part)] == []


@pytest.mark.whole
def test_two_clean_builds_of_the_whole_book_and_one_from_kept_executions_are_the_same_bytes(tmp_path):
    locales = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
    wide = next((name for name in locales if re.search("utf-?8$", name, re.IGNORECASE) and name[0] != "C"), "C.UTF-8")
    one = whole_book(tmp_path / "one", TZ="Asia/Seoul", LC_ALL="C", PYTHONHASHSEED="random")
    other = whole_book(tmp_path / "a longer" / "name, elsewhere", TZ="America/New_York", LC_ALL=wide, PYTHONHASHSEED="random")
    assert [line for part in RESULTS for line in differences(one / part, other / part)] == []
    for path in one.iterdir():
        if path.is_dir() and path.name != ".jupyter_cache":  # what was executed is kept, all else made again
            shutil.rmtree(path)
    kept = whole_book(tmp_path / "one", TZ="UTC", LC_ALL="C.UTF-8")
    assert [line for part in RESULTS for line in differences(kept / part, other / part)] == []


@pytest.mark.build
def test_the_kit_runs_without_a_network_and_gives_the_verdicts_of_the_book(site, tmp_path):
    shutil.unpack_archive(site / "_build" / "kit" / f"{kit.NAME}.zip", tmp_path)
    home = tmp_path / kit.NAME
    done = subprocess.run([*cut_off(), sys.executable, "-m", "trilateral.rerun"], cwd=home, capture_output=True, text=True,
                          env=offline(home))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    claims = entries(home / "ledger.json")
    assert kit_check.compare(reproduce.verdicts(home), claims) > 0


@pytest.mark.build
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_after_the_web_book_leaves_the_last_book_with_pdf_and_kit(site, fault):
    before = results(site)
    assert {path.suffix for path in before} >= {".pdf", ".ipynb", ".html"}
    breaking, code, said = FAULTS[fault]
    page = site / "book" / "ledger.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\nOne sentence more.\n", encoding="utf-8")
    done = book(site, breaking)
    page.write_text(text, encoding="utf-8")
    assert done.returncode == code and done.stderr.lstrip().startswith(said) and "Traceback" not in done.stdout + done.stderr
    assert results(site) == before and not (site / "_build" / ".edition").exists()


@pytest.mark.build
def test_a_change_executes_exactly_the_chapters_it_concerns_and_what_was_kept_gives_the_bytes_of_a_clean_build(site, tmp_path):
    html, last = site / "_build" / "html", results(site)
    done = run(site, "-m", "trilateral", "html")
    assert done.returncode == 0, done.stderr[-3000:]
    sources = shutil.copytree(site, tmp_path / "sources", ignore=shutil.ignore_patterns("_build"))
    clean = shutil.copytree(html, tmp_path / "clean")

    path = site / "data" / "other_index.csv"
    path.write_text(re.sub("USA,2024,.*", "USA,2024,26.00", path.read_text(encoding="utf-8")), encoding="utf-8")
    edit(site / "trilateral" / "publish" / "words.py", '"""', '"""About words. ')  # concerns no chapter
    shown = versions(site)
    assert executed(site) == ["other"]
    assert len(shown) > 1 and sum(one != other for one, other in zip(shown, versions(site), strict=True)) == 1
    edit(site / "trilateral" / "measures" / "counts.py", '"""', '"""About counts. ')
    edit(site / "book" / "diagnosis" / "other.md", "It ends at", "A lonelyword: it ends at")  # leaves the search index again
    assert executed(site) == ["other", "threats"]
    edit(site / "requirements.txt", "\n", "\n# renewed\n")
    assert executed(site) == ["other", "threats"]
    edited = shutil.copytree(html, tmp_path / "edited")

    (site / "data" / "toy_index.csv").unlink()
    done = run(site, "-m", "trilateral", "html")
    assert done.returncode == 1 and done.stderr.startswith("error: ") and "Traceback" not in done.stdout + done.stderr
    assert "data/toy_index.csv: the sidecar is there but the table is missing" in done.stderr
    assert differences(edited, html) == []

    shutil.copytree(sources, site, dirs_exist_ok=True)
    assert executed(site) == []
    assert differences(clean, html) == []
    assert book(site).returncode == 0
    assert results(site) == last


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
