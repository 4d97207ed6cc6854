"""Settings of the whole suite."""

from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# The first example of a property pays for imports; a time limit on it fails on a busy machine and says nothing.
settings.register_profile("book", deadline=None)
settings.load_profile("book")


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="also tests that build the whole book from nothing")


def pytest_collection_modifyitems(config, items):
    """Tests that build the whole book wait to be asked for; what the independent checks computed is read behind all of them."""
    items.sort(key=lambda item: item.path.stem == "test_independent_coverage")
    for item in items:
        if item.get_closest_marker("whole") and not config.getoption("--whole"):
            item.add_marker(pytest.mark.skip(reason="builds the whole book from nothing: make test ARGS='--whole -m whole'"))


class ByFile(LoadScopeScheduling):
    """Tests of one file share a process, for what they set up together; pages in a browser are looked at side by side.

    The independent checks share one process, for the register of what they computed again. (Groups by a mark of xdist 3.8
    have no effect under pytest 9.2, whose node ids no plug-in can change.)
    """

    def _split_scope(self, nodeid):
        stem = Path(nodeid.partition("::")[0]).stem
        return nodeid if stem == "test_browser" else "independent" if stem.startswith("test_independent_") else stem


@pytest.hookimpl(optionalhook=True)  # there without the plug-in too
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)
