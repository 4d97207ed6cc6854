"""What a build changed in what readers are told: verdicts and headlines, against the book that stood before."""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Mapping
from pathlib import Path

from trilateral import claims

HEADLINE = re.compile(r'<p class="tl-headline" id="([^"]+)-headline">(.*?)</p>', re.DOTALL)
MOST = 30
FIGURE = "figure "


def told(html: Path) -> dict[str, str]:
    """Verdicts and headlines of a built book by claim and moment, and by figure; none where no book stands."""
    ledger, found = html / "ledger.json", {}
    if ledger.exists():
        for entry in json.loads(ledger.read_text(encoding="utf-8"))["claims"]:
            found |= {f"{entry['id']}, {moment}": (entry.get(moment) or {}).get("verdict", claims.NOT_JUDGED)
                      for moment in claims.MOMENTS}
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
    entries = json.loads(ledger.read_text(encoding="utf-8"))["claims"] if ledger.exists() else []
    judged = {entry["id"]: any((entry.get(moment) or {}).get("verdict", claims.NOT_JUDGED) != claims.NOT_JUDGED
                               for moment in claims.MOMENTS) for entry in entries}
    written = {entry.get("chapter") for entry in entries if judged[entry["id"]]}
    return [f"not judged: {entry['id']}, though it has a rule; judge it in the chapter {entry['chapter']}" for entry in entries
            if entry.get("rule") and entry.get("chapter") in written and not judged[entry["id"]]]
