"""Settings of the whole suite."""

import pytest
from hypothesis import settings

# The first example of a property pays for imports; a time limit on it fails on a busy machine and says nothing.
settings.register_profile("book", deadline=None)
settings.load_profile("book")


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="also tests that build the whole book from nothing")


def pytest_collection_modifyitems(config, items):
    """Tests of one file share a process, for what they set up together; pages in a browser are looked at side by side.

    The independent checks share one process, and their register of what they computed again is read behind all of them.
    """
    items.sort(key=lambda item: item.path.stem == "test_independent_coverage")
    for item in items:
        if item.get_closest_marker("whole") and not config.getoption("--whole"):
            item.add_marker(pytest.mark.skip(reason="builds the whole book from nothing: make test ARGS='--whole -m whole'"))
        if item.path.stem != "test_browser":
            independent = item.path.stem.startswith("test_independent_")
            item.add_marker(pytest.mark.xdist_group("independent" if independent else item.path.stem))
