"""What a build changed in what readers are told: verdicts and headlines, against the book that stood before."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Mapping
from pathlib import Path

from trilateral import claims, files, reproduce

HEADLINE = re.compile(r'<p class="tl-headline" id="([^"]+)-headline">(.*?)</p>', re.DOTALL)
MOST = 30
FIGURE = "figure "


def told(html: Path) -> dict[str, str]:
    """Verdicts and headlines of a built book by claim and moment, and by figure; none where no book stands.

    A ledger that cannot be read has no verdicts to compare with.
    """
    try:
        entries = files.entries(html / "ledger.json")
    except files.FileError:
        entries = {}
    found = {f"{name}, {moment}": (entry.get(moment) or {}).get("verdict", claims.NOT_JUDGED)
             for name, entry in entries.items() for moment in claims.MOMENTS}
    for page in sorted((html / "book").rglob("*.html")):
        for figure, words in HEADLINE.findall(page.read_text(encoding="utf-8")):
            found[f"{FIGURE}{figure}"] = f"“{markup.unescape(words)}”"
    return found


def between(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """One line each verdict or headline that differs, and each verdict on a claim that an earlier book did not have."""
    lines = [f"moved: {name}: {before[name]} -> {now}" for name, now in after.items() if before.get(name, now) != now]
    lines += [f"new: {name}: {now}" for name, now in after.items()
              if before and name not in before and not name.startswith(FIGURE) and now != claims.NOT_JUDGED]
    return lines if len(lines) <= MOST else [*lines[:MOST], f"moved: and {len(lines) - MOST} more"]


def unjudged(html: Path) -> list[str]:
    """One line each claim of a built book that has a rule and no verdict, in a chapter that judges others."""
    ledger = html / "ledger.json"
    entries = files.entries(ledger) if ledger.exists() else {}
    judged = reproduce.judged(entries)
    written = {entry.get("chapter") for entry in judged.values()}
    return [f"not judged: {name}, though it has a rule; judge it in the chapter {entry['chapter']}"
            for name, entry in entries.items()
            if entry.get("rule") and entry.get("chapter") in written and name not in judged]
