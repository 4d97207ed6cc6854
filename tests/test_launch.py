"""A chapter can be run again from its page: in the kit, on Binder, on Colab; one setting names the repository."""

import os
import shutil
import subprocess
import sys
import types
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from trilateral import elsewhere
from trilateral.publish import kit, launch
from trilateral.publish.archive import packed
from trilateral.publish.build import RERUN, BuildError, Places

ROOT = Path(__file__).parents[1]
HERE = launch.Repository("owner", "the.name")


def config(root, text):
    (root / "_config.yml").write_text(text)
    return root


# the one setting

@pytest.mark.parametrize("url", ["https://github.com/owner/the.name", "https://github.com/owner/the.name/",
                                 "https://github.com/owner/the.name.git"])
def test_the_repository_is_read_from_its_address(tmp_path, url):
    assert launch.repository(config(tmp_path, f"repository: {{url: '{url}'}}")) == HERE


@pytest.mark.parametrize("text", ["", "title: x", "repository: {url: ''}", "repository:\n  url:\n",
                                  "repository: {url: 'https://codeberg.org/owner/name.git'}"])
def test_without_an_address_there_is_no_repository_and_no_service(tmp_path, text):
    assert launch.repository(config(tmp_path, text)) is None
    assert launch.services(None, "book/diagnosis/threats") == {}


def test_an_address_that_neither_service_understands_is_explained(tmp_path):
    with pytest.raises(BuildError, match=r"_config\.yml: repository\.url is 'git@example\.org:x'; it must be like"):
        launch.repository(config(tmp_path, "repository: {url: 'git@example.org:x'}"))


def test_services_open_a_chapter_of_the_repository():
    assert launch.services(launch.Repository("owner", "name", "a/b"), "book/diagnosis/threats") == {
        "Binder": "https://mybinder.org/v2/gh/owner/name/a%2Fb?urlpath=lab%2Ftree%2Fbook%2Fdiagnosis%2Fthreats.md",
        "Colab": "https://colab.research.google.com/github/owner/name/blob/notebooks/threats.ipynb"}


def test_the_book_as_it_lies_here_names_no_repository_or_a_sound_one():
    place = launch.repository(ROOT)
    assert place is None or place.url.startswith("https://github.com/")


# pages

@pytest.fixture
def book(tmp_path):
    """A built book of one chapter with its kit; a page has the mark that links take the place of."""
    places = Places(tmp_path)
    page = places.html / "book" / "part" / "trade.html"
    for path, text in {tmp_path / "_toc.yml": "root: book/index\nchapters: [{file: book/part/trade}]\n",
                       tmp_path / "book" / "index.md": "# Front\n",
                       tmp_path / "book" / "part" / "trade.md": "---\nkernelspec: {name: python3}\n---\n# Trade\n",
                       page: f"<main>{RERUN}</main>"}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    places.kit.parent.mkdir(parents=True)
    with zipfile.ZipFile(places.kit, "w") as archive:
        archive.writestr(f"{kit.NAME}/trade.ipynb", "{}")
    return places, page


def test_a_chapter_offers_its_notebook_and_the_kit_and_links_to_nobody_else(book):
    places, page = book
    kit.offer_notebooks(places)
    text = page.read_text()
    assert '<a href="../../downloads/notebooks/trade.ipynb" download>' in text
    assert f'<a href="../../downloads/{kit.NAME}.zip" download>' in text
    assert "http" not in text
    assert (places.html / "downloads" / "notebooks" / "trade.ipynb").read_text() == "{}"


def test_a_chapter_of_a_named_repository_links_to_binder_and_colab(book):
    places, page = book
    config(places.root, "repository: {url: 'https://github.com/owner/name'}")
    kit.offer_notebooks(places)
    text = page.read_text()
    assert '<a href="https://mybinder.org/v2/gh/owner/name/main?urlpath=' in text
    assert '<a href="https://colab.research.google.com/github/owner/name/blob/notebooks/trade.ipynb">Colab</a>.' in text


def test_the_layout_has_the_mark_that_links_take_the_place_of():
    assert (ROOT / "book" / "_templates" / "layout.html").read_text().count(RERUN) == 1


WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github" / "workflows").glob("*.yml")}


@pytest.mark.skipif(not shutil.which("unzip"), reason="no unzip on this machine")
def test_the_workflow_puts_the_kit_of_the_site_on_the_branch_that_colab_opens(tmp_path):
    script = WORKFLOWS["book.yml"]["jobs"]["notebooks"]["steps"][-1]["run"]
    site, remote = tmp_path / "html" / "downloads", tmp_path / "remote.git"
    site.mkdir(parents=True)
    (site / f"{kit.NAME}.zip").write_bytes(packed({"trade.ipynb": b"{}", "data/.hidden": b"x"}, kit.NAME))
    subprocess.run(["tar", "--directory", site.parent, "-cf", tmp_path / "artifact.tar", "."], check=True)
    subprocess.run(["git", "init", "-q", "--bare", remote], check=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path / "runner"), "TOKEN": "secret",
           "GITHUB_REPOSITORY": "owner/name", "GITHUB_ACTOR": "actor", "GITHUB_SHA": "abc",
           "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{remote}.insteadOf",
           "GIT_CONFIG_VALUE_0": "https://x-access-token:secret@github.com/owner/name"}
    (tmp_path / "runner").mkdir()
    done = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ask = ["git", "--git-dir", remote, "log", "--all", "--format=%s %D", "--name-only"]
    told = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split("\n")
    assert told == [f"Kit of abc {launch.BRANCH}", "", "data/.hidden", "trade.ipynb", ""]


def test_nothing_is_pushed_but_what_was_built_tested_and_published_and_no_code_of_it_runs_beside_the_right_to_push():
    jobs = [(name, job, workflow) for workflow in WORKFLOWS.values() for name, job in workflow["jobs"].items()]
    assert all(workflow["permissions"] == {} for _, _, workflow in jobs)
    (name, job, workflow), = [each for each in jobs if "write" in each[1]["permissions"].get("contents", "")]
    assert job["permissions"] == {"contents": "write"} and workflow["jobs"][job["needs"]]["needs"] == "build"
    assert "if" not in job and "refs/heads/main" in workflow["jobs"][job["needs"]]["if"]  # skipped where nothing is published
    assert [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step] == ["actions/download-artifact"]
    assert not [other for other, each, _ in jobs if other != name and "git push" in str(each["steps"])]


# the first cell of a notebook

def executed(code, found, monkeypatch, calls):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: found)
    monkeypatch.setattr(subprocess, "run", lambda command, check: calls.append(command))
    monkeypatch.setattr(elsewhere, "install", lambda: calls.append("install"))
    exec(code, {})


def test_the_first_cell_does_nothing_inside_the_kit(monkeypatch):
    calls = []
    for place in (None, HERE):
        executed(launch.set_up(place), object(), monkeypatch, calls)
    assert calls == []


def test_the_first_cell_fetches_the_kit_elsewhere(monkeypatch, tmp_path):
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    executed(launch.set_up(HERE), None, monkeypatch, calls)
    home = str(tmp_path / kit.NAME)
    assert calls == [["git", "clone", "--quiet", "--depth=1", "--branch=notebooks", "https://github.com/owner/the.name", home],
                     "install"]
    assert sys.path[0] == home


def test_the_first_cell_says_where_a_notebook_belongs_when_no_repository_is_known(monkeypatch):
    with pytest.raises(ModuleNotFoundError, match="into the unpacked kit"):
        executed(launch.set_up(None), None, monkeypatch, [])
    assert "fetches" not in launch.set_up(None) and "it fetches the kit" in launch.set_up(HERE)


# libraries outside the kit's environment

@pytest.fixture
def outside(tmp_path, monkeypatch):
    """An environment with pandas 2 in use and no altair; what pip was asked for."""
    held, calls = {"pandas": "2.2.2", "numpy": "2.0.2"}, []
    libraries = tmp_path / "libraries.txt"
    libraries.write_text("altair==6.3.0\npandas==3.1.1 ; python_version >= '3'\npandas==2.0.0 ; python_version < '3'\n")

    def pip(command, **_):
        calls.append(command[command.index("--quiet") + 1:])
        held.update(pin.split("==") for pin in calls[-1])
        return types.SimpleNamespace(returncode=0)

    monkeypatch.setattr(elsewhere, "_installed", held.get)
    monkeypatch.setattr(elsewhere.subprocess, "run", pip)
    for name in ("pandas", "altair", "numpy"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return libraries, calls


def test_what_is_missing_or_of_another_version_is_installed_once(outside):
    libraries, calls = outside
    elsewhere.install(libraries)
    elsewhere.install(libraries)
    assert calls == [["altair==6.3.0", "pandas==3.1.1"]]


def test_a_library_in_use_in_another_version_asks_for_a_restart(outside, monkeypatch):
    libraries, _ = outside
    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(__version__="2.2.2"))
    with pytest.raises(RuntimeError, match="pandas: another version is in use"):
        elsewhere.install(libraries)


def test_a_failing_installation_is_named(outside, monkeypatch):
    libraries, _ = outside
    monkeypatch.setattr(elsewhere.subprocess, "run",
                        lambda *_, **__: types.SimpleNamespace(returncode=1, stderr="no matching distribution"))
    with pytest.raises(RuntimeError, match="could not be installed: no matching distribution"):
        elsewhere.install(libraries)


def test_libraries_are_those_of_the_kit_at_its_versions_for_this_python_without_jupyter():
    pins = [Requirement(line) for line in kit.libraries(ROOT).splitlines()]
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    names = [pin.name for pin in here]
    assert len(set(names)) == len(names)
    assert {"pandas", "altair", "scipy", "statsmodels"} <= set(names) and not {"ipykernel", "nbconvert"} & set(names)
    assert [pin.name for pin in here if version(pin.name) not in pin.specifier] == []
