"""`data …` on the command line: what it lists, shows, checks, fetches and refuses."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from trilateral import cli, data
from trilateral.recipes import runner, upstream


@pytest.fixture
def run(monkeypatch):
    monkeypatch.delenv("TRILATERAL_DEBUG", raising=False)
    return lambda *arguments: CliRunner().invoke(cli.app, ["data", *arguments])


def test_help_names_every_command_with_what_it_does(run):
    shown = run("--help").output
    for name in ("list", "show", "check", "build", "fetch", "refresh"):
        assert name in shown


def test_the_list_has_every_table_with_its_size_and_license(run):
    shown = run("list").output
    assert all(name in shown for name in data.names())
    assert f"{len(data.names())} tables" in shown and "MIT" in shown


def test_the_list_can_be_cut_to_a_claim_or_a_chapter(run):
    shown = run("list", "--claim", "as-kim-outlasts").output
    assert "leaders" in shown and "un_votes" not in shown
    assert "un_votes" in run("list", "--chapter", "threats").output
    assert "nearest: threats" in run("list", "--chapter", "threat").output
    assert "nearest: as-kim-outlasts" in run("list", "--claim", "as-kim-outlast").output


def test_a_table_is_shown_with_columns_rows_caveats_and_claims(run):
    shown = run("show", "pew_opinions").output
    for part in ("Opinions of China", "favorable", "percent", "First rows", "Caveat:", "Serves as-rok-balances-china"):
        assert part in shown


def test_an_unknown_table_is_refused_with_the_nearest(run):
    done = run("show", "leader")
    assert done.exit_code == 1 and "nearest: leaders" in done.output and "Traceback" not in done.output


def test_the_check_passes_and_says_how_many(run):
    done = run("check")
    assert done.exit_code == 0 and f"{len(data.names())} tables keep their contracts" in done.output


def test_the_check_finds_a_file_collected_by_hand_whose_table_was_not_made_anew(run, monkeypatch):
    monkeypatch.setattr(runner, "rebuild", lambda *_, **__: [runner.Outcome("leaders", "changed", "differs from row 2 on")])
    done = run("check")
    assert done.exit_code == 1
    assert "data/leaders.csv: differs from what its recipe makes of data/curated" in done.output
    assert "data build leaders" in done.output


def test_fetch_reports_each_file_and_fails_if_one_could_not_be_had(run, monkeypatch):
    outcomes = [upstream.Fetched("a/b.csv", "fetched", "there"), upstream.Fetched("a/c.csv", "failed", "a/c.csv: 404")]

    def fetch_all(entries, report):
        for outcome in outcomes:
            report(upstream.Progress(outcome.file, 0, 10))
            report(upstream.Progress(outcome.file, 10, 10))
            report(outcome)
        return outcomes
    monkeypatch.setattr(upstream, "fetch_all", fetch_all)
    done = run("fetch", "pew_opinions")
    assert done.exit_code == 1
    assert "a/c.csv: failed (a/c.csv: 404)" in done.output and "2 files: 1 failed, 1 fetched" in done.output
    assert "downloading a/b.csv: 0.0 of 0.0 MB" in done.output


def test_refresh_of_a_missing_folder_is_refused(run):
    assert run("refresh", "--from", "/no/such/folder").exit_code == 2


def test_a_name_that_is_near_no_table_is_not_answered_with_all_of_them(run):
    shown = run("show", "zzzz").output
    assert f"none of the {len(data.names())} known ones is near" in shown and "un_votes" not in shown
