"""Where the letters of a printed page stand, from the widths of its typefaces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pypdf

LEFT, RIGHT, BOTTOM, TOP = 79, 522, 30, 812
"""Points between which all text of an A4 page of the book stands, with the margin beside its column and hyphens that hang."""
LETTER = 3  # points of two runs of letters that may meet, such as a space of each


@dataclass(frozen=True)
class Line:
    """Letters set in one go: how far they reach, their baseline and the size of their type, in points."""

    left: float
    right: float
    base: float
    size: float

    def outside(self) -> bool:
        return self.left < LEFT or self.right > RIGHT or not BOTTOM < self.base < TOP

    def runs_over(self, other: Line) -> bool:
        """Whether the letters of both stand on each other."""
        beside = min(self.right, other.right) - max(self.left, other.left) <= LETTER
        return not beside and abs(self.base - other.base) < min(self.size, other.size) / 2


def lines(page: pypdf.PageObject) -> list[Line]:
    """All letters of a page of a PDF by Typst, whose fonts have two bytes a letter."""
    widths = {name: _widths(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    found, font = [], ["", 0.0]

    def visit(operator, operands, cm, tm):
        if operator == b"Tf":
            font[:] = operands[0], float(operands[1])
        if operator not in (b"Tj", b"TJ"):
            return
        name, size = font
        parts = operands[0] if operator == b"TJ" else operands
        wide = sum(-float(part) if isinstance(part, int | float) else _length(part, widths[name]) for part in parts)
        length, scale = wide / 1000 * size, cm[0] * tm[0]
        left, base = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
        found.append(Line(left, left + scale * length, base, scale * size))

    page.extract_text(visitor_operand_before=visit)
    return found


def misplaced(page: pypdf.PageObject) -> list[Line]:
    """Letters outside the text of a page, or on others."""
    found = lines(page)
    return [one for one in found if one.outside()] + [one for one, other in combinations(found, 2) if one.runs_over(other)]


def _length(letters: bytes | str, widths: dict[int, float]) -> float:
    raw = letters if isinstance(letters, bytes) else letters.encode("utf-16-be")
    return sum(widths.get(int.from_bytes(raw[at:at + 2]), 0) for at in range(0, len(raw), 2))


def _widths(font: dict) -> dict[int, float]:
    """Width of each letter, in thousandths of the size of the type."""
    given, found = list(font["/DescendantFonts"][0].get_object()["/W"]), {}
    while given:
        first, then = given.pop(0), given.pop(0)
        if isinstance(then, list):
            found |= {first + at: float(width) for at, width in enumerate(then)}
        else:
            found |= dict.fromkeys(range(first, then + 1), float(given.pop(0)))
    return found
