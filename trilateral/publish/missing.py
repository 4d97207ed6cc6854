"""The page that a host shows for an address the book does not have."""

from __future__ import annotations

from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from trilateral.publish.address import reports
from trilateral.publish.policy import policy

NAME = "404"  # GitHub Pages and most other hosts look for this file
TEMPLATES = Path(__file__).parents[2] / "book" / "_templates"
ROOT_SCRIPT, STYLE = TEMPLATES / "root.js", TEMPLATES / "lost.css"


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and like a host its own page for what is not in it."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / f"{NAME}.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def configure(app: Sphinx, config: Config) -> None:
    config.html_additional_pages = config.html_additional_pages | {NAME: f"{NAME}.html"}


def page_context(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Its links start where the book does, wherever it is shown: a script finds that, or the site's address says it.

    Where neither is so, it does not find the book's style, and is read in its own.
    """
    if pagename != NAME:
        return
    context["first_script"] = ROOT_SCRIPT.read_text(encoding="utf-8") + context["first_script"]
    context["style"] = STYLE.read_text(encoding="utf-8")
    context["policy"] = policy(context["first_script"], base="'self'", style=context["style"])
    context["reports"] = reports(app.config)
    context["base"] = urlsplit(app.config.html_baseurl).path
    context["metatags"] = context.get("metatags", "") + '<meta name="robots" content="noindex">\n'


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure, priority=900)
    app.connect("html-page-context", page_context, priority=910)  # after that of every page
