"""What Lighthouse says of pages of the built book, as a browser gets them from a host."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median

from trilateral import stopping
from trilateral.publish.build import BuildError
from trilateral.publish.missing import Handler

COMMAND = "lighthouse"  # npm install --global lighthouse
CATEGORIES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}  # at least, in hundredths
PACKED = {".html", ".css", ".js", ".svg", ".json", ".csv"}
RUNS = 3  # Lighthouse asks for the median of several, since one hangs on what else the machine does at that moment
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


class _Packed(Handler):
    """Sends text as a host does, with gzip, which the server of the standard library does not."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in PACKED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone while the context lasts; its address, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Packed, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def command() -> str | None:
    """Where Lighthouse is, if it is on this machine."""
    return shutil.which(COMMAND)


def scores(address: str, chromium: str) -> dict[str, int]:
    """The hundredths a page gets in each category, on the slow phone that Lighthouse supposes: medians of `RUNS` runs.

    Raises
    ------
    BuildError
        Lighthouse ended without a score.
    """
    runs = [_run(address, chromium) for _ in range(RUNS)]
    return {name: round(100 * median(run[name] for run in runs)) for name in CATEGORIES}


def _run(address: str, chromium: str) -> dict[str, float]:
    """Scores of one run, from 0 to 1, by category."""
    process = subprocess.Popen(
        [command() or COMMAND, address, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}",
         f"--chrome-flags={FLAGS}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"CHROME_PATH": chromium})
    with stopping.whole(process):
        said, problems = process.communicate()
    if process.returncode:
        raise BuildError(f"Lighthouse on {address} failed:\n{problems[-2000:]}")
    found = {name: category["score"] for name, category in json.loads(said)["categories"].items()}
    if missing := [name for name in CATEGORIES if found[name] is None]:
        raise BuildError(f"Lighthouse gave {address} no score for {', '.join(missing)}")
    return found
