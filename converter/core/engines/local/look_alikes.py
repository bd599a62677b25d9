"""Signs that are taken for each other, by people too, where nothing beside them tells."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

LOOK_ALIKES: Final = frozenset("OolIiSsBZzgqD")
"""Letters that look like a digit."""
SIZELESS: Final = frozenset("cCoOsSuUvVwWxXzZ0lI1|.,;:-_'\"–—·•°() ")  # noqa: RUF001
"""Signs that are another of them in another size or place."""

ODD_CASE: Final = re.compile(r"[a-z][COSUVWXZI]|[cosuvwxz][A-Z]|\bI[A-Z][a-z]")


def is_mixed(word: str) -> bool:
    """Whether a letter stands beside a digit that looks like a letter, or the other way round."""
    return any(
        (left.isdigit() and right in LOOK_ALIKES) or (left in LOOK_ALIKES and right.isdigit())
        for left, right in pairwise(word)
    )


def has_odd_case(word: str) -> bool:
    """Whether a capital stands where hardly any does: `twO`, `ToTAL`, `CityIState`, `ILimit`.

    Small and large letters of one shape differ in size alone, and `I` looks like a rule.
    """
    return ODD_CASE.search(word) is not None


def tells_size(text: str) -> bool:
    """Whether any sign of a line shows how large its letters are, and where they stand."""
    return any(sign not in SIZELESS for sign in text)
