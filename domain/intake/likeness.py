"""How alike two complaints read: Chinese has no spaces, so signs are compared, not words (INT-12)."""

import unicodedata

from rapidfuzz import fuzz


def likeness(one: str, other: str) -> int | None:
    """Return how alike two texts read, 0 to 100: as a whole, or the shorter one within the longer.

    None where one of them says nothing that could be compared.
    """
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return None
    shortest = min(len(first), len(second))
    within = fuzz.partial_ratio(first, second) if shortest >= FEWEST else 0
    return round(max(fuzz.ratio(first, second), within * 0.9))


FEWEST = 4
"""Fewer signs stand in nearly every longer text."""


def _plain(text: str) -> str:
    """Leave out what says nothing: width of signs, case, spaces and punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())
