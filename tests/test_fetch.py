"""Downloads of upstream files: resumed, checked against the pinned hash, never half-written, each failure said plainly."""

from __future__ import annotations

import hashlib
import http.server
import threading

import pytest

from trilateral.recipes import upstream
from trilateral.recipes.reading import UpstreamError

CONTENT = bytes(range(256)) * 1000


class Server(http.server.ThreadingHTTPServer):
    """Serves `CONTENT` under any path, honours ranges, and can cut a download off or refuse it."""

    cut_after: int | None = None
    status: int | None = None
    ranges = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        if self.server.status:
            self.send_error(self.server.status)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.ranges else 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut_after])

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv(upstream.VARIABLE, raising=False)
    running = Server()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def entry(server):
    return {"source": "a-source", "file": "a.csv", "url": f"http://127.0.0.1:{server.server_port}/a.csv",
            "sha256": hashlib.sha256(CONTENT).hexdigest(), "bytes": len(CONTENT)}


def test_a_download_is_checked_kept_and_not_repeated(entry, server, tmp_path):
    told = []
    assert upstream.fetch(entry, told.append, cache=tmp_path) == CONTENT
    assert upstream.fetch(entry, cache=tmp_path) == CONTENT
    assert len(server.asked) == 1
    assert [path.name for path in (tmp_path / "a-source").iterdir()] == ["a.csv"]
    assert told[-1].got == told[-1].total == len(CONTENT) and told[0].got == 0


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(entry, server, tmp_path):
    server.cut_after = 100_000
    with pytest.raises(UpstreamError, match=r"cannot be downloaded.*: the connection ended before the file did\. Check the "
                                            r"network and run it again \(it goes on where it stopped\)"):
        upstream.fetch(entry, cache=tmp_path)
    so_far = (tmp_path / "a-source" / "a.csv.part").stat().st_size
    assert 0 < so_far <= 100_000
    server.cut_after = None
    outcome = upstream.fetch_all([entry], cache=tmp_path)[0]
    assert outcome.status == "resumed" and server.asked[-1][1] == f"bytes={so_far}-"
    assert (tmp_path / "a-source" / "a.csv").read_bytes() == CONTENT


def test_a_server_without_ranges_starts_again(entry, server, tmp_path):
    server.ranges = False
    (tmp_path / "a-source").mkdir()
    (tmp_path / "a-source" / "a.csv.part").write_bytes(b"something else")
    assert upstream.fetch(entry, cache=tmp_path) == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(entry, server, tmp_path):
    (tmp_path / "a-source").mkdir()
    (tmp_path / "a-source" / "a.csv.part").write_bytes(CONTENT + b"more")
    assert upstream.fetch(entry, cache=tmp_path) == CONTENT


def test_other_bytes_than_pinned_are_refused_and_not_kept(entry, server, tmp_path):
    with pytest.raises(UpstreamError, match=r"a-source/a\.csv: wrong hash at http://.*expected sha256 0{64}.*256000 bytes"):
        upstream.fetch(entry | {"sha256": "0" * 64}, cache=tmp_path)
    assert not list((tmp_path / "a-source").iterdir())


def test_a_wrong_length_in_a_sidecar_is_named_though_the_hash_holds(entry, server, tmp_path):
    with pytest.raises(UpstreamError, match=r"a-source/a\.csv: the file has the pinned hash and 256000 bytes, its sidecar says "
                                            r"255999\. Correct the entry bytes"):
        upstream.fetch(entry | {"bytes": 255_999}, cache=tmp_path)


@pytest.mark.parametrize("raw, what", [(b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
                                       (b"<!DOCTYPE html><html>", "a web page")])
def test_a_pointer_or_a_web_page_in_place_of_the_file_is_called_so(entry, raw, what):
    with pytest.raises(UpstreamError, match=what):
        upstream.checked(raw, entry, "there")


@pytest.mark.parametrize("status, said", [
    (404, "the server answers 404 Not Found. The file is no longer at its pinned address: .* correct the url of the sidecar"),
    (403, "the server answers 403 .*Check the network and run it again"),
])
def test_a_refusal_names_file_address_and_answer(entry, server, tmp_path, status, said):
    server.status = status
    with pytest.raises(UpstreamError, match=rf"a-source/a\.csv: cannot be downloaded from http://.*: {said}"):
        upstream.fetch(entry, cache=tmp_path)


def test_without_a_network_it_says_so(entry, tmp_path, monkeypatch):
    monkeypatch.delenv(upstream.VARIABLE, raising=False)
    offline = entry | {"url": "http://127.0.0.1:9/a.csv"}
    with pytest.raises(UpstreamError, match=r"no connection \(offline.*set TRILATERAL_UPSTREAM to a folder"):
        upstream.fetch(offline, cache=tmp_path)


def test_one_failure_does_not_stop_the_other_files(entry, server, tmp_path):
    entries = [entry | {"file": "gone.csv", "url": "http://127.0.0.1:9/x"}, entry, entry,
               entry | {"file": "extract.csv", "derived": "counts of words"},
               entry | {"file": "other.csv", "sha256": "1" * 64}]
    told = []
    outcomes = upstream.fetch_all(entries, told.append, cache=tmp_path)
    assert [(each.file, each.status) for each in outcomes] == [
        ("a-source/gone.csv", "failed"), ("a-source/a.csv", "fetched"), ("a-source/extract.csv", "extract"),
        ("a-source/other.csv", "failed")]
    assert [each for each in told if isinstance(each, upstream.Fetched)] == outcomes
    assert upstream.fetch_all([entry], cache=tmp_path)[0].status == "here"


def test_a_host_that_cannot_be_reached_is_tried_once_and_soon_given_up(entry, tmp_path, monkeypatch):
    monkeypatch.delenv(upstream.VARIABLE, raising=False)
    asked, get = [], upstream.requests.Session.get
    monkeypatch.setattr(upstream.requests.Session, "get",
                        lambda session, url, **how: (asked.append(url), get(session, url, **how))[1])
    entries = [entry | {"file": f"{number}.csv", "url": f"http://127.0.0.1:9/{number}"} for number in range(40)]
    outcomes = upstream.fetch_all(entries, cache=tmp_path)
    assert asked == ["http://127.0.0.1:9/0"]
    assert outcomes[0].detail.startswith("cannot be downloaded from http://127.0.0.1:9/0: no connection")
    assert {each.detail for each in outcomes[1:]} == {"no connection to 127.0.0.1:9, as for the file before"}
