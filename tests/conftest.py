"""Settings of the whole suite."""

from hypothesis import settings

# The first example of a property pays for imports; a time limit on it fails on a busy machine and says nothing.
settings.register_profile("book", deadline=None)
settings.load_profile("book")
