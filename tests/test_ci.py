"""The script that every change must pass, where Chromium is not there, and the workflow that publishes."""

import os
import shutil
import subprocess

import pytest
import yaml

from trilateral.publish.build import ROOT

INSTALLS = "printf '#!/bin/sh\\n' >{place}/chromium; chmod +x {place}/chromium"


@pytest.mark.parametrize(("ci", "installer", "code"), [("true", "exit 1", 1), ("true", INSTALLS, 42), ("", "exit 1", 42)],
                         ids=["it cannot be had", "it is installed", "outside CI nobody asks for it"])
def test_no_browser_test_is_skipped_in_a_green_run_of_ci(tmp_path, ci, installer, code):
    stubs = {"make": "exit 42", "apt-get": installer.format(place=tmp_path), "sudo": 'shift; exec "$@"'}
    for name, does in stubs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    for name in ("bash", "sh", "dirname", "env", "chmod"):
        (tmp_path / name).symlink_to(shutil.which(name))
    done = subprocess.run(["bash", ROOT / ".ci" / "run"], env=os.environ | {"PATH": str(tmp_path), "CI": ci}, text=True,
                          capture_output=True)
    assert done.returncode == code, done.stderr
    assert ("error: without Chromium the browser tests would be skipped" in done.stderr) == (code == 1)


def test_nothing_is_published_before_its_kit_has_given_its_verdicts_in_an_empty_folder():
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text())["jobs"]["build"]["steps"]
    said = [step.get("run") or step["uses"] for step in steps]
    assert ".venv/bin/python -m trilateral.publish.kit_check" in said[said.index("bash .ci/run") + 1:-1]
    assert said[-1].startswith("actions/upload-pages-artifact@")
