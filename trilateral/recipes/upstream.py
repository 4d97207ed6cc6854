"""Find the pinned bytes that a recipe reads: local folder, download cache or pinned url; always hashed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter, Retry

from trilateral.recipes.reading import UpstreamError, something_else

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "_build" / "upstream"
VARIABLE = "TRILATERAL_UPSTREAM"
TIMEOUT = (10, 60)  # seconds to connect, seconds without a byte
RETRIES = Retry(total=3, connect=1, backoff_factor=1, status_forcelist=(429, 500, 502, 503, 504), raise_on_status=False)
CHUNK = 1 << 16


class NoConnectionError(UpstreamError):
    """The host cannot be reached at all; another file of it would fail in the same way."""


class NotObtainableError(UpstreamError):
    """The pinned file is an extract that nobody can download as it is; the committed table stays."""


@dataclass(frozen=True)
class Progress:
    """How far one download is: ``got`` of ``total`` bytes; ``resumed`` if it went on where another had stopped."""

    file: str
    got: int
    total: int
    resumed: bool = False

    def __str__(self) -> str:
        verb = "resuming" if self.resumed else "downloading"
        return f"{verb} {self.file}: {self.got / 1e6:.1f} of {self.total / 1e6:.1f} MB"


@dataclass(frozen=True)
class Fetched:
    """What became of one upstream file.

    Attributes
    ----------
    file : str
        ``<source>/<file>``.
    status : str
        ``here`` (in the local folder or the cache, with the pinned hash), ``fetched``, ``resumed``, ``extract`` (cannot
        be downloaded by anyone as it is) or ``failed``.
    detail : str
        Where it is, or why it could not be had.
    """

    file: str
    status: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.status}" + (f" ({self.detail})" if self.detail else "")


Report = Callable[[Progress], None]


def _silent(_: object) -> None:
    """Report nothing."""


def fetch(entry: Mapping, report: Report = _silent, *, cache: Path | None = None) -> bytes:
    """Bytes of one upstream entry of a sidecar.

    Parameters
    ----------
    entry : mapping
        ``source``, ``file``, ``url``, ``sha256``, ``bytes`` and perhaps ``derived``.
    report : callable
        Called with a `Progress` while a download goes on.
    cache : Path, optional
        Folder of downloaded files; ``_build/upstream`` if not given.

    Raises
    ------
    NotObtainableError
        When the file is a derived extract and no local folder has it.
    UpstreamError
        When it cannot be downloaded, or has another hash than pinned.
    """
    relative = Path(entry["source"]) / entry["file"]
    path = locate(entry, cache)
    if path is not None:
        return checked(path.read_bytes(), entry, str(path))
    if "derived" in entry:
        raise NotObtainableError(
            f"{relative}: an extract made for this project, not a file to download ({entry['derived']}). "
            f"Set {VARIABLE} to a folder that holds {relative}; until then the committed table stays."
        )
    target = (cache or CACHE) / relative
    download(entry, target, report)
    return target.read_bytes()


def fetch_all(entries: Iterable[Mapping], report: Callable[[Progress | Fetched], None] = _silent,
              *, cache: Path | None = None) -> list[Fetched]:
    """Have every upstream file at hand; what fails is reported and does not stop the rest.

    No table is touched. A host that cannot be reached is tried once, not for each of its files.

    Returns
    -------
    list of Fetched
        One entry a file, in the order given; a file that several tables share is there once.
    """
    unique = {(entry["source"], entry["file"]): entry for entry in entries}
    result, unreachable = [], set()
    for (source, file), entry in unique.items():
        name, host = f"{source}/{file}", urlsplit(entry["url"]).netloc
        resumed = False

        def follow(progress: Progress) -> None:
            nonlocal resumed
            resumed = progress.resumed
            report(progress)

        try:
            was_here = locate(entry, cache)
            if not was_here and "derived" not in entry and host in unreachable:
                raise UpstreamError(f"no connection to {host}, as for the file before")
            fetch(entry, follow, cache=cache)
            status = "here" if was_here else "resumed" if resumed else "fetched"
            outcome = Fetched(name, status, str(was_here or (cache or CACHE) / name))
        except NotObtainableError:
            outcome = Fetched(name, "extract", f"{entry['derived']}; its table stays as committed")
        except UpstreamError as error:
            if isinstance(error, NoConnectionError):
                unreachable.add(host)
            outcome = Fetched(name, "failed", str(error).removeprefix(f"{name}: "))
        result.append(outcome)
        report(outcome)
    return result


def locate(entry: Mapping, cache: Path | None = None) -> Path | None:
    """Where the file lies on this machine: in the local folder or the cache of downloads."""
    relative = Path(entry["source"]) / entry["file"]
    folder = os.environ.get(VARIABLE)
    places = [Path(folder) / relative] if folder else []
    return next((path for path in [*places, (cache or CACHE) / relative] if path.exists()), None)


def checked(raw: bytes, entry: Mapping, place: str) -> bytes:
    """The bytes themselves if their hash is the pinned one."""
    found = hashlib.sha256(raw).hexdigest()
    if found != entry["sha256"]:
        other = f", {something_else(raw)} and not the file" if something_else(raw) else ""
        raise UpstreamError(
            f"{entry['source']}/{entry['file']}: wrong hash at {place}: expected sha256 {entry['sha256']} "
            f"({entry['bytes']} bytes), found {found} ({len(raw)} bytes{other}). Remove the file to fetch it "
            "again, or pin the new vintage in the sidecar after looking at what has changed (data refresh)."
        )
    if len(raw) != entry["bytes"]:
        raise UpstreamError(
            f"{entry['source']}/{entry['file']}: the file has the pinned hash and {len(raw)} bytes, its sidecar says "
            f"{entry['bytes']}. Correct the entry bytes of the sidecar."
        )
    return raw


def download(entry: Mapping, target: Path, report: Report = _silent, *, check: bool = True) -> None:
    """Download one file; a download that was cut off goes on where it stopped.

    Parameters
    ----------
    entry : mapping
        As for `fetch`.
    target : Path
        Where it goes; it is there whole or not at all, ``<target>.part`` holds what came so far.
    check : bool
        Refuse other bytes than the pinned ones.

    Raises
    ------
    UpstreamError
        No connection (then a `NoConnectionError`), an HTTP error, a download cut off, or a wrong hash.
    """
    name, total = f"{entry['source']}/{entry['file']}", entry["bytes"]
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        _receive(entry["url"], part, lambda got, resumed: report(Progress(name, got, max(got, total), resumed)))
    except (requests.RequestException, OSError) as error:
        raise (NoConnectionError if _offline(error) else UpstreamError)(
            f"{name}: cannot be downloaded from {entry['url']}: {_plainly(error)}. {_advice(error)}, or set {VARIABLE} to a "
            f"folder that holds {name}."
        ) from error
    if check:
        try:
            checked(part.read_bytes(), entry, entry["url"])
        except UpstreamError:
            part.unlink()
            raise
    os.replace(part, target)


def _receive(url: str, part: Path, report: Callable[[int, bool], None]) -> None:
    got = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={got}-"} if got else {})
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=RETRIES))
        with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if got and response.status_code == requests.codes.requested_range_not_satisfiable:
                part.unlink()
                return _receive(url, part, report)
            response.raise_for_status()
            resumed = response.status_code == requests.codes.partial_content
            got = got if resumed else 0
            expected = response.headers.get("Content-Length")
            end = got + int(expected) if expected else None
            with part.open("ab" if resumed else "wb") as file:
                report(got, resumed)
                for chunk in response.iter_content(CHUNK):
                    file.write(chunk)
                    got += len(chunk)
                    report(got, resumed)
            if end is not None and got < end:
                raise requests.ConnectionError(f"the connection ended after {got} of {end} bytes")


def _plainly(error: Exception) -> str:
    if isinstance(error, requests.HTTPError):
        return f"the server answers {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection ended before the file did"
    if isinstance(error, requests.Timeout):
        return "the server does not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return f"the connection cannot be trusted ({error})"
    return "no connection (offline, or a proxy in between)" if _offline(error) else str(error)


def _advice(error: Exception) -> str:
    if isinstance(error, requests.HTTPError) and error.response.status_code in (requests.codes.not_found, requests.codes.gone):
        return "The file is no longer at its pinned address: find a copy with the same hash and correct the url of the sidecar"
    return "Check the network and run it again (it goes on where it stopped)"


def _offline(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    return (isinstance(error, requests.ConnectionError) and not isinstance(error, requests.exceptions.SSLError)
            and bool(error.args) and not isinstance(error.args[0], str))
