"""The book's words in other languages: verdicts, terms, and the texts inside charts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

from trilateral import strict_yaml

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

FILE = Path(__file__).parents[2] / "book" / "languages.yml"
ENGLISH = "en"
TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
NAMES = frozenset({"field", "type", "as", "op", "name", "key", "groupby", "fields", "from", "url", "$schema"})
ROWS = frozenset({"datasets", "values"})
WORD = re.compile(r"[A-Za-z]{3,}")


class TranslationError(ExtensionError):
    """A text has no translation; the message names the text, the language and where to add it."""


@lru_cache
def _read(changed: int) -> dict[str, Any]:
    try:
        return strict_yaml.read(FILE)
    except strict_yaml.YamlError as error:
        raise TranslationError(f"book/{error}") from None


def known() -> dict[str, Any]:
    """What ``book/languages.yml`` holds, read again when it has changed."""
    return _read(FILE.stat().st_mtime_ns)


def of(env: BuildEnvironment, docname: str) -> str:
    """Language of a page: ``lang`` of its front matter, else English."""
    return str((env.metadata.get(docname) or {}).get("lang", ENGLISH))


def word(text: str, language: str, kind: str = "words") -> str:
    """One of the book's own words, or of its ``verdicts``, in a language.

    Raises
    ------
    TranslationError
        There is none.
    """
    if language == ENGLISH:
        return text
    try:
        return known()[kind][text][language]
    except KeyError:
        raise TranslationError(f"{text!r} has no {language} under {kind!r} in book/{FILE.name}") from None


def translated(content: Any, language: str, rows: bool = False) -> Any:
    """A chart's specification with its texts in another language; what has no translation stays.

    Names of fields and of Vega's own stay too, except within rows of data, whose values are all texts that are drawn.
    """
    labels = known()["labels"]
    if isinstance(content, str):
        return labels.get(content, {}).get(language, content)
    if isinstance(content, list):
        return [translated(each, language, rows) for each in content]
    if isinstance(content, Mapping):
        return {key: each if key in NAMES and not rows else translated(each, language, rows or key in ROWS)
                for key, each in content.items()}
    return content


def untranslated(svg: str) -> list[str]:
    """Texts of a drawing that still hold an English word: three Latin letters or more that are not all capitals."""
    found = (unescape(TAG.sub("", text)).strip() for text in TEXT.findall(svg))
    return list(dict.fromkeys(text for text in found if any(not each.isupper() for each in WORD.findall(text))))
