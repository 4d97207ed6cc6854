"""What a web site has beside its pages: first page, map, word to robots, feed of changes, redirects."""

from __future__ import annotations

from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

from trilateral.publish import addresses, citing, feed
from trilateral.publish.policy import meta, policy

OF_THE_FRONT = ('<meta property="og:', '<meta name="description', '<meta name="twitter', "<title", '<link rel="canonical"',
                '<link rel="icon"')
logger = logging.getLogger(__name__)


def changelog(app: Sphinx) -> str:
    """Text of the book's changelog; empty where it has none."""
    path = Path(app.srcdir) / "CHANGELOG.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def site_map(pages: list[str], site: str) -> str:
    """The pages by their whole addresses (https://www.sitemaps.org/protocol.html)."""
    listed = "".join(f"<url><loc>{escape(site + page)}</loc></url>\n" for page in pages)
    return ('<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{listed}</urlset>\n")


def robots(site: str) -> str:
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {site}sitemap.xml\n" if site else "")


def first_page(front: str, path: str) -> str:
    """The page at the site's own address: says of itself what the front page does, and leads there.

    Parameters
    ----------
    front, path : str
        The front page and its address below the site's.
    """
    head = (line.strip() for line in front.partition("</head>")[0].splitlines())
    up = "../" * path.count("/")
    kept = "\n".join(line.replace(up, "") for line in head if line.startswith(OF_THE_FRONT))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n{meta(policy())}\n{kept}\n'
            f'<meta http-equiv="refresh" content="0; url={path}"></head>'
            f'<body><p><a href="{path}">The book</a></p></body></html>\n')


def write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    html, book = Path(app.outdir), citing.of(app.config)

    def page(path: str) -> str:
        return (html / path).read_text(encoding="utf-8") if (html / path).exists() else ""

    front = app.builder.get_target_uri(app.config.root_doc)
    (html / "index.html").write_text(first_page(page(front), front), encoding="utf-8")
    (html / "robots.txt").write_text(robots(book.site), encoding="utf-8")
    (html / "sitemap.xml").unlink(missing_ok=True)
    if book.site:
        pages = [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
        (html / "sitemap.xml").write_text(site_map(pages, book.site), encoding="utf-8")
    else:
        logger.info("no site address (html.baseurl in _config.yml): no sitemap.xml, no canonical addresses")
    found = feed.entries(changelog(app), page(feed.CHANGES), page(feed.ERRATA))
    if found:
        (html / feed.NAME).write_text(feed.atom(book, found), encoding="utf-8")
    try:
        addresses.redirect(html, addresses.redirects(Path(app.srcdir) / addresses.REDIRECTS))
    except addresses.AddressError as fault:
        raise ExtensionError(str(fault)) from None


def setup(app: Sphinx) -> None:
    app.connect("build-finished", write, priority=950)  # when all that it lists and redirects to is there
