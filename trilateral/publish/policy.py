"""What a page may load and run, written into the page itself, so that it holds on any host and from a folder."""

from __future__ import annotations

import base64
import hashlib

# A script or a style from elsewhere, a frame, a plug-in or code made from text is refused. Attributes of style are let in:
# charts and maths carry them, and they run nothing.
RULES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}


def policy(*scripts: str, base: str = RULES["base-uri"], style: str = "") -> str:
    """A Content-Security-Policy for a page's head.

    Parameters
    ----------
    *scripts : str
        The text, byte for byte, of each script that stands in the page itself; every other script must be a file.
    base : str
        What the page may name as the place that its links start from.
    style : str, optional
        The text of the one style that stands in the page itself.
    """
    rules = RULES | {"script-src": " ".join([RULES["script-src"], *map(_digest, scripts)]), "base-uri": base}
    if style:
        rules["style-src"] += f" {_digest(style)}"
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


def meta(rules: str) -> str:
    """The policy as an element of a head."""
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">'


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
