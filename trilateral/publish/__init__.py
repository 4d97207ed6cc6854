"""What turns executed notebooks into HTML, PDF, kit and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Load the Sphinx extension; imported here and not above, since the command line needs none of it."""
    from trilateral.publish.extension import setup as load

    return load(app)
