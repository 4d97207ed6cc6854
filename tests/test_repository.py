"""What holds for the repository as a whole."""

import csv
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

import trilateral
from trilateral import claims
from trilateral.publish import licenses
from trilateral.publish.chapters import is_notebook

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-kit.txt", "requirements-lab.txt")
TOOLS = (".ci/uv.txt", ".ci/audit.txt")
TOP = {"README.md", "LICENSE", "LICENSE-CONTENT", "CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile",
       "_config.yml", "_toc.yml", "pyproject.toml", *LOCKS, ".gitignore", ".gitattributes", ".ci", ".binder", ".github",
       "book", "data", "trilateral", "tests"}
HASH = re.compile(r"--hash=(\S+)")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git working tree")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts(paths):
    for path in paths:
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def pins(lock):
    return dict(PIN.findall((ROOT / lock).read_text()))


def prose(path):
    """Text of a notebook without front matter, code, directives' arguments and injected values."""
    text = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
    text = re.sub(r"^(`{3,})\{?code.*?^\1\s*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\{[\w:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)", "", text)


# layout

def test_the_top_level_holds_what_the_layout_names_and_nothing_else(tracked):
    found = {path.relative_to(ROOT).parts[0] for path in tracked}
    assert found <= TOP
    assert {"README.md", "LICENSE", "LICENSE-CONTENT", "CITATION.cff", "Makefile", "book", "data", "tests"} <= found


def test_no_notebook_is_stored_with_outputs(tracked):
    assert [path.name for path in tracked if path.suffix == ".ipynb"] == []


def test_no_file_speaks_of_one_machine(tracked):
    places = re.compile(r"(?<![\w.:/%?=&-])/(tmp|work|root|home)/\w")
    mirrors = re.compile("|".join([r"pythonhosted\.org", r"registry\.npmjs\." + "org", r"deb\.debian\." + "org"]))
    faults = [f"{name}: {found[0]}" for name, text in texts(tracked) if name != "tests/test_repository.py"
              for pattern in (places, mirrors) if (found := pattern.search(text))]
    assert faults == []


def test_the_text_of_neither_brief_is_in_the_repository(tracked):
    # runs of words that no registered quote holds would mean more than a quotation was copied
    quoted = max(len(claim.quote.split()) for claim in claims.read_register().claims.values())
    assert quoted <= claims.QUOTE_WORDS
    assert not [name for name, _ in texts(tracked) if re.search(r"(^|/)seeds?/", name)]


def test_every_page_of_the_contents_exists():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    documents = [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]
    assert [name for name in documents if not (ROOT / f"{name}.md").exists()] == []


# locks

@pytest.mark.parametrize("lock", [*LOCKS, *TOOLS])
def test_every_locked_package_has_a_hash(lock):
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
    packages = [entry for entry in entries if "==" in entry.split("\n")[0]]
    assert len(packages) > (50 if lock in LOCKS else 0)
    assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry] == []
    assert not [entry for entry in entries if entry.startswith(("-", "git+", "http:", "https:"))]


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_agree_on_every_version(lock):
    base = pins("requirements.txt")
    assert {name: (ours, base[name]) for name, ours in pins(lock).items() if base.get(name, ours) != ours} == {}


def test_the_locks_agree_on_the_hashes_of_every_version():
    locked = {}
    for lock in (*LOCKS, *TOOLS):
        for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text()):
            if pin := PIN.match(entry):
                locked.setdefault(pin.groups(), {})[lock] = sorted(HASH.findall(entry))
    several = {pin: hashes for pin, hashes in locked.items() if len(hashes) > 1}
    assert len(several) > 50
    assert [pin for pin, hashes in several.items() if len(set(map(tuple, hashes.values()))) > 1] == []


@pytest.mark.parametrize("lock", ["requirements-dev.txt", "requirements-lab.txt"])
def test_a_larger_lock_includes_the_lock_of_the_book(lock):
    assert set(pins("requirements.txt")) <= set(pins(lock))


def test_jupyterlab_can_stand_beside_what_the_tests_need():
    ours, theirs = pins("requirements-lab.txt"), pins("requirements-dev.txt")
    assert {name for name in ours if theirs.get(name, ours[name]) != ours[name]} == set()


def test_the_kit_needs_nothing_the_book_does_not_need():
    assert set(pins("requirements-kit.txt")) <= set(pins("requirements.txt"))


def test_every_locked_package_and_its_license_are_listed():
    with licenses.TABLE.open(newline="", encoding="utf-8") as file:
        listed = {row["Package"]: row for row in csv.DictReader(file)}
    assert {name: row["Version"] for name, row in listed.items()} == licenses.locked(), "run make licenses"
    assert [name for name, row in listed.items() if len(row["License"]) < 3] == []
    assert licenses.table() == licenses.TABLE.read_text(encoding="utf-8"), "run make licenses"
    assert {listed[name]["Asked for by"] for name in ("pandas", "pytest", "jupyterlab")} == {licenses.OWN}


# packages that no module imports, and what they are for: those of the book and those of the tests
COMMANDS_AND_PLUGINS = {
    False: {"openpyxl": "pandas reads workbooks with it", "sphinxcontrib-bibtex": "an extension of the configuration"},
    True: {"import-linter": "its command checks the imports", "ruff": "its command checks the style"},
}


@pytest.mark.parametrize("tests", [False, True], ids=["of the book", "of the tests"])
def test_no_dependency_is_without_a_use(tests):
    """What the book requires is used by the package or a notebook; what development requires, by those or by a test."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.match(r"[\w.-]+", line)[0] for line in (
        project["optional-dependencies"]["dev"] if tests else project["dependencies"])}
    folders = ("trilateral", "tests") if tests else ("trilateral",)
    sources = [path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py")]
    sources += [path.read_text(encoding="utf-8") for path in notebooks()]
    imported = set(re.findall(r"(?m)^\s*(?:from|import)\s+(\w+)", "\n".join(sources)))
    modules = {}
    for module, packages in metadata.packages_distributions().items():
        for package in packages:
            modules.setdefault(package.lower().replace("_", "-"), set()).add(module)
    unused = {name for name in wanted if not modules.get(name.lower(), set()) & imported}
    assert unused == COMMANDS_AND_PLUGINS[tests].keys()


def test_what_the_package_imports_is_required():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = {re.match(r"[\w.-]+", line)[0] for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    distributions = metadata.packages_distributions()
    imported = {module for path in (ROOT / "trilateral").rglob("*.py")
                for module in re.findall(r"(?m)^\s*(?:from|import)\s+(\w+)", path.read_text(encoding="utf-8"))}
    names = {module: {name.lower().replace("_", "-") for name in distributions[module]}
             for module in imported & set(distributions)}
    assert len(names) > 20 and sorted(module for module, named in names.items() if not named & required) == []


def test_what_the_project_requires_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for lock, required in (("requirements.txt", project["project"]["dependencies"]),
                           ("requirements-dev.txt", project["project"]["optional-dependencies"]["dev"]),
                           ("requirements-lab.txt", project["project"]["optional-dependencies"]["lab"]),
                           ("requirements-kit.txt", project["dependency-groups"]["kit"])):
        names = {re.match(r"[\w.-]+", line)[0].lower() for line in required}
        assert names <= {name.lower() for name in pins(lock)}, lock


def test_jupyter_book_is_of_the_first_line():
    assert version("jupyter-book").startswith("1.")
    assert pins("requirements.txt")["jupyter-book"].startswith("1.")


# configuration

def test_a_failing_cell_fails_the_build_and_executions_are_cached():
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    assert config["execute"]["execute_notebooks"] == "cache"
    assert config["sphinx"]["config"]["nb_execution_raise_on_error"] is True
    assert config["only_build_toc_files"] is True


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert project["version"] == citation["version"] == trilateral.__version__


def test_the_citation_file_has_what_its_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", citation["date-released"])


# the register

def test_every_quotation_is_attributed_and_its_source_is_in_the_bibliography():
    register = claims.read_register()
    bibliography = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    for source in register.sources.values():
        assert re.search(rf"@\w+\{{{re.escape(source['cite'])},", bibliography), source["cite"]
    assert all(claim.speaker.strip() for claim in register.claims.values())


# documents

def test_the_readme_has_exactly_two_set_up_commands():
    section = (ROOT / "README.md").read_text().split("\n## Build it\n")[1].split("\n## ")[0]
    first = re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make book", "make test"]


def test_links_between_documents_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text()):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_contributing_says_in_numbered_steps_how_to_add_each_part():
    sections = (ROOT / "CONTRIBUTING.md").read_text().split("\n## ")
    parts = [section.removeprefix("Add a ") for section in sections if section.startswith("Add a ")]
    assert [part.split("\n")[0] for part in parts] == ["claim", "table", "figure", "chapter"]
    for part in parts:
        steps = [int(number) for number in re.findall(r"^(\d+)\. ", part, re.MULTILINE)]
        assert steps and steps == list(range(1, len(steps) + 1))


def test_files_that_contributing_names_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"`((?:book|data|trilateral)/[\w./-]+\.(?:md|yml|json|csv|py))`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_make_target_is_explained_and_is_a_command():
    from trilateral import cli

    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    commands = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    commands |= {group.name for group in cli.app.registered_groups}
    assert commands <= targets
    assert targets - commands == {"test", "renew", "help"}


# chapters

def notebooks():
    return sorted(path for path in (ROOT / "book").rglob("*.md") if is_notebook(path.read_text("utf-8")))


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_number_from_data_is_never_typed_into_prose(path):
    typed = re.findall(r"[^\s(]*\d[\d.,]*\s*(?:percent\b|per cent\b|%|percentage points|points\b|million\b|billion\b)",
                       prose(path))
    assert typed == []


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_knows_nothing_of_publishing_or_upstream(path):
    assert not re.search(r"(from|import) trilateral\.(publish|recipes)|from trilateral import .*\b(publish|recipes)\b",
                         path.read_text(encoding="utf-8"))


# code

def test_imports_follow_the_flow_of_data():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_linter_has_nothing_to_say():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], cwd=ROOT, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stdout
