"""Find the pinned bytes that a recipe reads: local folder, download cache or pinned url; always hashed."""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from trilateral.recipes.reading import UpstreamError

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "_build" / "upstream"
VARIABLE = "TRILATERAL_UPSTREAM"
TIMEOUT = 60  # seconds without a byte
CHUNK = 1 << 16

Progress = Callable[[str], None]


class NotObtainable(UpstreamError):
    """The pinned file is an extract that nobody can download as it is; the committed table stays."""


def fetch(entry: Mapping, progress: Progress = lambda _: None, *, cache: Path | None = None) -> bytes:
    """Bytes of one upstream entry of a sidecar.

    Parameters
    ----------
    entry : mapping
        ``source``, ``file``, ``url``, ``sha256``, ``bytes`` and perhaps ``derived``.
    progress : callable
        Called with a line of text when a download begins, goes on and ends.
    cache : Path, optional
        Folder of downloaded files; ``_build/upstream`` if not given.

    Raises
    ------
    NotObtainable
        When the file is a derived extract and no local folder has it.
    UpstreamError
        When it cannot be downloaded, or has another hash than pinned.
    """
    relative = Path(entry["source"]) / entry["file"]
    folder = os.environ.get(VARIABLE)
    if folder and (Path(folder) / relative).exists():
        return checked((Path(folder) / relative).read_bytes(), entry, str(Path(folder) / relative))
    cached = (cache or CACHE) / relative
    if cached.exists():
        return checked(cached.read_bytes(), entry, str(cached))
    if "derived" in entry:
        raise NotObtainable(
            f"{relative}: an extract made for this project, not a file to download ({entry['derived']}). "
            f"Set {VARIABLE} to a folder that holds {relative}; until then the committed table stays."
        )
    raw = checked(_download(entry, progress), entry, entry["url"])
    cached.parent.mkdir(parents=True, exist_ok=True)
    part = cached.with_name(cached.name + ".part")
    part.write_bytes(raw)
    os.replace(part, cached)
    return raw


def checked(raw: bytes, entry: Mapping, place: str) -> bytes:
    """The bytes themselves if their hash is the pinned one."""
    found = hashlib.sha256(raw).hexdigest()
    if found != entry["sha256"]:
        raise UpstreamError(
            f"{entry['source']}/{entry['file']}: wrong hash at {place}: expected sha256 {entry['sha256']} "
            f"({entry['bytes']} bytes), found {found} ({len(raw)} bytes). Remove the file to fetch it again, "
            "or pin the new vintage in the sidecar after looking at what has changed."
        )
    return raw


def _download(entry: Mapping, progress: Progress) -> bytes:
    total, parts, got, shown = entry["bytes"], [], 0, 0
    progress(f"downloading {entry['source']}/{entry['file']} ({total / 1e6:.1f} MB)")
    try:
        with urllib.request.urlopen(entry["url"], timeout=TIMEOUT) as response:
            while chunk := response.read(CHUNK):
                parts.append(chunk)
                got += len(chunk)
                if got * 4 // total > shown:
                    shown = got * 4 // total
                    progress(f"  {entry['file']}: {min(100, got * 100 // total)} %")
    except (urllib.error.URLError, OSError) as error:
        raise UpstreamError(
            f"{entry['source']}/{entry['file']}: cannot be downloaded from {entry['url']}: {error}. "
            f"Check the network, or set {VARIABLE} to a folder that holds "
            f"{entry['source']}/{entry['file']}."
        ) from error
    return b"".join(parts)
