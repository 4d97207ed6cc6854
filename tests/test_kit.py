"""The notebook kit and the plain Markdown in it."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from trilateral import claims, edited, parameters, reproduce
from trilateral.exit_codes import USAGE
from trilateral.publish import build, kit, kit_check, launch
from trilateral.publish.build import BuildError, Places
from trilateral.publish.facts import BookFacts
from trilateral.publish.plain_markdown import convert

ROOT = Path(__file__).parents[1]


class Facts:
    """Facts as they would come from a built book."""

    def glue(self, key, format_spec):
        return format({"gap": 12.345, "words": "as text"}[key], format_spec)

    def value(self, expression):
        return f"<{expression}>"

    def verdict(self, claim_id, moment):
        return "supported" if moment == "now" else "mixed"

    def claim(self, claim_id):
        return f"“quote of {claim_id}”\n\nverdict"

    def claims_of(self, chapter):
        return ["as-one", "as-two"]

    def cite(self, keys, textual):
        return f"[{'t' if textual else 'p'} {'+'.join(keys)}]"


@pytest.mark.parametrize(("source", "plain"), [
    ("A gap of {glue:text}`gap:.1f` points", "A gap of 12.3 points"),
    ("It says {glue:text}`words`.", "It says as text."),
    ("{glue}`gap` and {value}`claims.total`", "12.345 and <claims.total>"),
    ("Judged {verdict}`as-one written`, now {verdict}`as-one now`.", "Judged **mixed**, now **supported**."),
    ("As {cite:t}`kim2020` says {cite:p}`lee2019,park2018`.", "As [t kim2020] says [p lee2019+park2018]."),
    ("See {ref}`the methods <methods>` and {doc}`../appendix/data`.", "See the methods and ../appendix/data."),
    ("A {term}`spell` on the {term}`ladder <ladder of uptake>`.", "A spell on the ladder."),
    ("{math}`x^2`, H{sub}`2`O, {abbr}`UN (United Nations)`", "$x^2$, H<sub>2</sub>O, UN"),
    ("Write `{glue:text}` or `` {verdict}`x now` `` so.", "Write `{glue:text}` or `` {verdict}`x now` `` so."),
    ("[Methods](../appendix/methods.md), [here](#as-one), [](#the-gap)", "Methods, here, the gap"),
    ("[out](https://example.org/a) stays", "[out](https://example.org/a) stays"),
    ("[red]{.warning} text", "[red] text"),
    ("(label)=\n## Heading", "## Heading"),
    ("% a remark\ntext", "text"),
    ("```{claim} as-one\n```", "> “quote of as-one”\n>\n> verdict"),
    (":::{claims} threats\n:::", "> “quote of as-one”\n>\n> verdict\n\n\n> “quote of as-two”\n>\n> verdict"),
    (":::{note}\nMind the {glue:text}`gap:.0f`.\n:::", "> **Note**\n>\n> Mind the 12."),
    ("```{admonition} Caveat\n:class: tip\nText.\n```", "> **Caveat**\n>\n> Text."),
    ("````{note}\n```{math}\nx = 1\n```\n````", "> **Note**\n>\n> $$\n> x = 1\n> $$"),
    ("```python\n{glue:text}`gap:.1f`\n```", "```python\n{glue:text}`gap:.1f`\n```"),
    ("```{bibliography}\n```\nend", "end"),
    ("```{mystery} what\nit says\n```", "what\nit says"),
    ("$a_{i}$ costs 5", "$a_{i}$ costs 5"),
    ("It rises.[^why]\n\n[^why]: By {glue:text}`gap:.0f`.", "It rises.\n> By 12."),
])
def test_myst_becomes_plain_markdown(source, plain):
    shown = convert(source, Facts())
    assert "\n".join(line for line in shown.split("\n") if line) == "\n".join(line for line in plain.split("\n") if line)


def test_text_without_roles_is_left_alone():
    text = "# Title\n\nA paragraph with *emphasis*, a [link](https://example.org) and | a | table |.\n\n- a list"
    assert convert(text, Facts()) == text


# a kit of a toy book that is not executed

CHAPTER = """---
kernelspec: {name: python3, display_name: Python 3}
---
# Chapter

The answer is {glue:text}`answer:.1f`; see {cite:t}`kim2015`.

```{claim} as-gap
```

```{code-cell} ipython3
:tags: [parameters]
answer = 42
```
"""


BIBLIOGRAPHY = """@article{kim2015,
  author = {Kim, Ji-won and Lee, Min-ho}, title = {On gaps}, journal = {Journal of Gaps}, year = {2015}
}
"""


LOCK = "nbconvert==7.0 --hash=sha256:0\npandas==3.0.0 --hash=sha256:0\n"


@pytest.fixture
def toy(tmp_path, monkeypatch):
    places = Places(tmp_path)
    glued = places.work / "jupyter_execute" / "book" / "chapter.glue.json"
    first = next(iter(claims.register().claims.values()))
    beside = {"hangs_on_one_act": False, "turned_by": {}, "out_of_reach": [], "held": "", "not_yet_due": False}
    verdict = beside | {"verdict": "mixed", "specifications": {"agree": 3, "tried": 4, "fragile": False, "ways": "several"}}
    unjudged = beside | {"verdict": claims.NOT_JUDGED,
                         "specifications": {"agree": 0, "tried": 0, "fragile": False, "ways": "none"}}
    ledger = {"claims": [{"id": first.id, "written": unjudged, "now": verdict}]}
    files = {
        "_toc.yml": "format: jb-book\nroot: book/index\nchapters: [{file: book/chapter}]\n",
        "book/index.md": "# Front\n", "book/chapter.md": CHAPTER.replace("as-gap", first.id),
        "book/claims.yml": "record_ends: '2026-08-31'\nclaims: []", "data/t.csv": "a\n1\n", "data/curated/t.csv": "a\n",
        "trilateral/__init__.py": "", "trilateral/cli.py": "",
        "trilateral/publish/kit.py": "", "trilateral/recipes/r.py": "", "trilateral/__pycache__/x.pyc": "",
        "pyproject.toml": '[dependency-groups]\nkit = ["pandas", "nbconvert"]\n',
        "LICENSE": "MIT", "LICENSE-CONTENT": "CC BY 4.0", "requirements-kit.txt": LOCK,
        "book/references.bib": BIBLIOGRAPHY,
        places.ledger: json.dumps(ledger), glued: json.dumps({"answer": {"data": {"text/plain": "42.04"}}}),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return places


def test_a_kit_has_notebooks_tables_package_register_and_licenses(toy):
    assert kit.pack(toy) == ["LICENSE", "LICENSE-CONTENT", "README.md", "book/claims.yml", "book/references.bib",
                             "chapter.ipynb", "code.json", "data/t.csv", "ledger.json", "libraries.txt",
                             "requirements.txt", "trilateral/__init__.py", "trilateral/__main__.py"]


def test_the_package_of_a_kit_called_by_its_name_says_which_commands_there_are(toy, tmp_path):
    kit.pack(toy)
    with zipfile.ZipFile(toy.kit) as archive:
        archive.extractall(tmp_path / "unpacked")
    done = subprocess.run([sys.executable, "-m", "trilateral"], cwd=tmp_path / "unpacked" / kit.NAME, capture_output=True,
                          text=True, env={"PYTHONPATH": "."})
    named = re.findall(r"python -m trilateral\.(\w+)", done.stderr)
    assert done.returncode == USAGE and named == ["rerun", "reproduce"]
    assert all((ROOT / "trilateral" / f"{name}.py").is_file() for name in named)


def edits(packed, folder):
    """What the unpacked kit says of itself before anyone has touched it."""
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    home = folder / kit.NAME
    return [*edited.tables(folder=home / "data"), *edited.rules(home), *edited.code(home), *(
        line for chapter, notebook in reproduce.read(home).items() for line in edited.cells(home, chapter, notebook))]


def test_a_kit_as_unpacked_has_nothing_edited_in_it_and_keeps_what_each_part_was(toy, tmp_path):
    files = kit.contents(toy)
    kept = json.loads(files[edited.STAMPS])
    assert set(kept) == {"data/t.csv", "trilateral/__init__.py", "trilateral/__main__.py", "book/claims.yml#record_ends",
                         "chapter#", "chapter#cell-000", "chapter#cell-002"}
    kit.pack(toy)
    assert edits(toy.kit, tmp_path / "unpacked") == []


def test_the_kit_of_the_built_book_has_nothing_edited_in_it(tmp_path):
    if not Places().kit.exists():
        pytest.skip("build the book first: make book")
    assert edits(Places().kit, tmp_path) == []


def test_the_same_book_gives_the_same_bytes(toy):
    kit.pack(toy)
    first = toy.kit.read_bytes()
    kit.pack(toy)
    assert toy.kit.read_bytes() == first


def test_everything_unpacks_into_one_folder(toy):
    kit.pack(toy)
    with zipfile.ZipFile(toy.kit) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {kit.NAME}


def test_a_notebook_of_the_kit_is_plain_and_has_the_numbers_of_the_book(toy):
    notebook = nbformat.reads(kit.contents(toy)["chapter.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "The answer is 42.0; see Kim and Lee (2015)." in text
    assert "**not yet judged**" in text and "**mixed**, 3 of 4 specifications agree" in text
    assert "## References" in text and "*Journal of Gaps*, 2015" in text
    assert "{" not in text
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [launch.set_up(None), "answer = 42"]
    assert parameters.opening(notebook) == ["answer = 42"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_a_value_that_was_never_glued_is_reported_with_its_page(toy):
    with pytest.raises(BuildError, match="book/chapter: no value is glued under 'anwser'; glued are answer"):
        BookFacts(toy, "book/chapter").glue("anwser", "s")


def test_a_notebook_that_is_to_run_leaves_open_what_the_last_build_does_not_have(toy):
    path = toy.root / "book" / "chapter.md"
    path.write_text(path.read_text().replace("{glue:text}`answer:.1f`", "{glue:text}`brand_new:.1f`, {value}`as-no.now.x`"))
    written, = kit.write_notebooks(toy, strict=False)
    assert "The answer is …, …; see Kim" in written.read_text(encoding="utf-8")
    with pytest.raises(BuildError, match="no value is glued under 'brand_new'; glued are answer"):
        kit.write_notebooks(toy)
    (toy.work / "jupyter_execute" / "book" / "chapter.glue.json").unlink()
    with pytest.raises(BuildError, match="no value is glued under 'brand_new'; glued are none"):
        kit.write_notebooks(toy)


def test_a_citation_that_the_bibliography_lacks_is_reported(toy):
    with pytest.raises(BuildError, match=r"'nobody1900' is cited, but book/references\.bib does not have it"):
        BookFacts(toy, "book/chapter").cite(["nobody1900"], textual=True)


def test_a_kit_needs_a_built_book(toy):
    toy.ledger.unlink()
    with pytest.raises(BuildError, match="is missing; build the web book"):
        kit.contents(toy)


def test_a_book_without_notebooks_has_no_kit(toy):
    (toy.root / "book" / "chapter.md").write_text("# Only prose\n")
    with pytest.raises(BuildError, match="nothing to put into a kit"):
        kit.contents(toy)


def test_the_requirements_of_the_kit_are_hashed():
    assert "--hash=sha256:" in (ROOT / "requirements-kit.txt").read_text()


# comparing verdicts

def entry(word):
    return {"written": {"verdict": "mixed"}, "now": {"verdict": word}}


def test_verdicts_that_agree_are_counted():
    expected = {"as-one": entry("supported"), "as-two": {m: {"verdict": claims.NOT_JUDGED} for m in claims.MOMENTS}}
    assert kit_check.compare({"as-one": entry("supported")}, expected) == 1


@pytest.mark.parametrize(("found", "said"), [
    ({"as-one": entry("mixed")}, "as-one, now: the notebook gives 'mixed', the book 'supported'"),
    ({}, "as-one, written: the notebook gives 'not yet judged', the book 'mixed'"),
])
def test_a_verdict_that_differs_is_named(found, said):
    with pytest.raises(BuildError, match=said):
        kit_check.compare(found, {"as-one": entry("supported")})


@pytest.mark.build
def test_the_kit_of_the_built_book_runs_alone_and_reproduces_every_verdict():
    places = Places()
    if not places.kit.exists():
        pytest.skip("build the book first: make book")
    with build.alone(places):
        assert kit_check.run(places, lambda kind, text: None) > 0
