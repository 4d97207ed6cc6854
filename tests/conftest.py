"""Settings of the whole suite."""

import pytest
from hypothesis import settings

# The first example of a property pays for imports; a time limit on it fails on a busy machine and says nothing.
settings.register_profile("book", deadline=None)
settings.load_profile("book")


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true",
                     help="also tests that build the whole book from nothing, or look at all of it")


def pytest_collection_modifyitems(config, items):
    """Tests of one file share a process, for what they set up together; pages in a browser are looked at side by side."""
    for item in items:
        if item.get_closest_marker("whole") and not config.getoption("--whole"):
            item.add_marker(pytest.mark.skip(reason="takes minutes, over the whole book: make test ARGS='--whole -m whole'"))
        if item.path.stem != "test_browser":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
