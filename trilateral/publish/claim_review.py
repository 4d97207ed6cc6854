"""Reviews of claims as schema.org describes them, so that search engines and fact-checkers can read the verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from trilateral.claims import NOT_JUDGED
from trilateral.publish.words import spoken

RATINGS = {"not supported": 1, "mixed": 2, "supported": 3}
BOOK = "The Trilateral Ledger"


def review(entry: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]], published: str) -> dict[str, Any]:
    """One claim's verdict now as a ``ClaimReview`` (https://schema.org/ClaimReview).

    Only a claim about the world that the data decide has a number; advice and ``too little data`` have their words alone.

    Parameters
    ----------
    entry : mapping
        See `trilateral.publish.ledger.entry`.
    sources : mapping
        Those of the register.
    published : str
        Day to which the record is used, ISO 8601.
    """
    now, source = entry["now"], sources[entry["source"]]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": spoken(now)}
    if now["verdict"] in RATINGS:
        rating |= {"ratingValue": RATINGS[now["verdict"]], "worstRating": 1, "bestRating": len(RATINGS)}
    return {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": f"#{entry['id']}", "identifier": entry["id"],
        "datePublished": published, "inLanguage": "en", "claimReviewed": entry["quote"],
        "reviewAspect": "truth" if entry["scale"] == "truth" else "uptake of advice",
        "author": {"@type": "Organization", "name": BOOK}, "reviewRating": rating,
        "itemReviewed": {
            "@type": "Claim", "author": {"@type": "Person", "name": entry["speaker"]}, "datePublished": source["date"],
            "appearance": {"@type": "CreativeWork", "name": source["title"]}},
    }


def script(entries: Iterable[Mapping[str, Any]], sources: Mapping[str, Mapping[str, Any]], published: str) -> str:
    """The reviews of a page as a data block; empty where nothing is judged."""
    reviews = [review(entry, sources, published) for entry in entries if entry["now"]["verdict"] != NOT_JUDGED]
    if not reviews:
        return ""
    # "<" written as \u003c can end no script element
    text = json.dumps(reviews, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>\n'
