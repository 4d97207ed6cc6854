"""What the lines of a specification figure are: those through its estimates, and the dashed one of the rule."""

from __future__ import annotations

from collections.abc import Mapping

from trilateral import claims

LETTER = 6.6  # px, of the name of an axis


def what_lines(quantity: claims.Quantity | None) -> str:
    """What the line through an estimate is: an interval and how much it covers, or the way from one reading to another."""
    if quantity is None or None in (quantity.low, quantity.high):
        return ""
    return "line: between readings" if quantity.level is None else f"line: {100 * quantity.level:g} percent interval"


def axis_name(title: str, lines: str, room: float) -> str | list[str]:
    """The name of an axis and what the lines are, below each other where a drawing is too narrow for both."""
    said = "; ".join(filter(None, (title, lines)))
    return [title, lines] if lines and LETTER * len(said) > room else said


def turn_of(claim: str, quantity: str, quantities: Mapping[str, claims.Quantity]) -> float | None:
    """The value at which a claim's rule turns; None where it compares the quantity with no number."""
    try:
        return claims.asked(claim, quantity, quantities=quantities)
    except claims.ClaimError:
        return None


def with_line(subtitle: str, claim: str, quantity: str, threshold: float | None,
              quantities: Mapping[str, claims.Quantity]) -> str:
    """A subtitle that says on which side of the dashed line which verdict lies, unless the chapter has said it."""
    if threshold is None or "dashed" in subtitle:
        return subtitle
    return f"{subtitle}; {claims.side(claim, quantity, threshold, quantities) or 'dashed: where the rule turns'}"
