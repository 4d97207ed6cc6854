"""Processes that read and write pages side by side: none ends unnoticed."""

import os
import signal
import time

import pytest
from sphinx import builders
from sphinx.errors import SphinxParallelError
from sphinx.util.parallel import ParallelTasks

from trilateral.publish import parallel
from trilateral.publish.parallel import EndedError, Tasks
from trilateral.publish.sphinx_log import LOST


def work(pages):
    page, = pages
    if page == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if page == "broken":
        raise ValueError("a broken page")
    if page == "long":
        time.sleep(60)


def all_of(tasks, pages):
    """Hand pages out as Sphinx does, slowly enough for the first to end before the last is handed out."""
    done = []
    for page in pages:
        tasks.add_task(work, [page], lambda arg, _: done.extend(arg))
        time.sleep(0.3)
    tasks.join()
    return sorted(done)


def test_pages_are_handed_out_and_each_is_told_when_it_is_done():
    assert all_of(Tasks(2), ["a", "b", "c"]) == ["a", "b", "c"]


@pytest.mark.parametrize("after", [["b", "c"], []], ids=["while others wait to be handed out", "when all are"])
def test_a_process_that_is_killed_ends_the_build_at_once_and_names_its_page(after):
    begun = time.monotonic()
    with pytest.raises(EndedError) as told:
        all_of(Tasks(3), ["long", "killed", *after])
    assert LOST.search(str(told.value))[0] == "killed: the process that had it was ended by signal 9"
    assert time.monotonic() - begun < 20


def test_a_page_that_breaks_while_others_wait_is_an_error_though_sphinx_forgets_it():
    assert "broken" not in all_of(ParallelTasks(2), ["broken", "b", "c"])  # Sphinx itself: a page is lost without a word
    with pytest.raises(SphinxParallelError, match="a broken page"):
        all_of(Tasks(2), ["broken", "b", "c"])


def test_pages_to_write_come_with_their_content():
    assert parallel.names([("a", object()), ("b", object())]) == parallel.names(["a", "b"])


def test_every_builder_uses_them(monkeypatch):
    monkeypatch.setattr(builders, "ParallelTasks", ParallelTasks)
    parallel.install()
    assert builders.ParallelTasks is Tasks
