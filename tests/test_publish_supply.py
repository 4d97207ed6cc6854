"""The supply chain: what an audit says, and where a license comes from."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from trilateral.publish import audit, licenses

FOUND = {"dependencies": [
    {"name": "sound", "version": "1.0", "vulns": []},
    {"name": "weak", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]},
                                                 {"id": "PYSEC-2", "fix_versions": []}]},
    {"name": "private", "skip_reason": "not found"}]}


def test_an_audit_names_package_advisory_and_the_version_that_mends_it():
    report = audit.read(json.dumps(FOUND))
    assert (report.known, report.unknown) == (2, ["private"])
    assert report.advisories == ["weak 2.0: PYSEC-1, mended in 2.1", "weak 2.0: PYSEC-2, mended in no version yet"]


def test_a_tool_that_cannot_be_had_is_a_message(tmp_path, monkeypatch):
    done = SimpleNamespace(stdout="", stderr="error: no such host", returncode=1)
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(RuntimeError, match="pip-audit gave no report: error: no such host"):
        audit.run(Path("pip-audit"))
    monkeypatch.setattr(audit.environment, "make_venv", lambda home: None)
    with pytest.raises(RuntimeError, match="pip-audit cannot be installed: error: no such host"):
        audit.install(Path("uv"), tmp_path)


def test_an_audit_asks_for_every_version_in_every_lock_and_in_no_run_for_two_of_a_package_which_the_tool_refuses(monkeypatch):
    asked = []

    def answer(command, **_):
        asked.append(Path(command[command.index("--requirement") + 1]).read_text().splitlines())
        return SimpleNamespace(stdout=json.dumps(FOUND), stderr="", returncode=1)
    monkeypatch.setattr(audit.subprocess, "run", answer)
    assert audit.run(Path("pip-audit")).known == 2
    locks = [*audit.ROOT.glob("requirements*.txt"), *audit.ROOT.glob(".ci/*.txt")]
    pinned = {line.split(" ")[0] for lock in locks for line in lock.read_text().splitlines() if line[0].isalnum()}
    assert len(locks) >= 6 and {pin for run in asked for pin in run} == pinned and len(pinned) > 150
    assert len(asked) > 1 and all(len({pin.split("==")[0] for pin in run}) == len(run) for run in asked)


@pytest.mark.parametrize(("found", "said"), [
    (FOUND["dependencies"], "weak 2.0: PYSEC-1, mended in 2.1"), (FOUND["dependencies"][2:], "cannot be reached from here"),
    (FOUND["dependencies"][::2], "1 packages have no known vulnerability, but 1 could not be looked up: private")])
def test_an_advisory_and_a_package_that_could_not_be_looked_up_are_errors(found, said):
    with pytest.raises(RuntimeError, match=said):
        audit.read(json.dumps({"dependencies": found})).said()
    assert audit.read(json.dumps({"dependencies": found[:1]}), json.dumps({"dependencies": []})).known <= 1


def test_an_audit_of_which_all_is_known_and_sound_says_so_once_for_each_package():
    sound = json.dumps({"dependencies": FOUND["dependencies"][:1]})
    assert audit.read(sound, sound).said() == "1 packages without a known vulnerability"


def test_the_workflow_audits_each_week_where_the_network_is():
    jobs = yaml.safe_load((audit.ROOT / ".github" / "workflows" / "book.yml").read_text())["jobs"]
    weekly = [job for job in jobs.values() if "schedule" in job.get("if", "")]
    assert [step["run"] for job in weekly for step in job["steps"] if "audit" in step.get("run", "")] == ["make audit"]


def test_the_package_of_another_platform_keeps_its_row_and_an_unknown_one_is_named(tmp_path, monkeypatch):
    listed = tmp_path / "software.csv"
    listed.write_text("Package,Version,License,Asked for by\nelsewhere,1.0,MIT,another package\n")
    monkeypatch.setattr(licenses, "TABLE", listed)
    monkeypatch.setattr(licenses, "ROOT", tmp_path)
    monkeypatch.setattr(licenses, "asked", lambda: {"pytest"})
    monkeypatch.setattr(licenses, "locked", lambda: {"elsewhere": "1.1", "pytest": "9.0"})
    assert licenses.table().splitlines()[1:] == ["elsewhere,1.1,MIT,another package", "pytest,9.0,MIT,this project"]
    monkeypatch.setattr(licenses, "locked", lambda: {"no-such-package": "1.0"})
    with pytest.raises(RuntimeError, match=r"no license is stated for no-such-package.*software\.csv"):
        licenses.table()
