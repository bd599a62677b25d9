"""What a text shows by its signs alone: a number, a year, letters that look like something else."""

from __future__ import annotations

import re
from typing import Final

_DASHES = "\\-\u2010-\u2015\u2212"
NUMERIC: Final = re.compile(
    rf"^[(\[<>≤≥~±+{_DASHES}$€£]*\s*[.,]?\d[\d\s.,\u00b7:/%()\[\]*±+{_DASHES}†‡§a-c<>]*$"
)
YEAR: Final = re.compile(r"^(19|20)\d\d([-\u2013/](\d\d){1,2})?\*{0,3}$")
"""A year, a span of years, or one with footnote marks."""
BARE_NUMBER: Final = re.compile(r"^[-+]?\d[\d.,:\u00b7]*$")

SIZELESS: Final = frozenset("cCoOsSuUvVwWxXzZ0lI1|.,;:-_'\"–—·•°() ")  # noqa: RUF001
"""Signs that are another of them in another size or place."""

ODD_CASE: Final = re.compile(r"[a-z][COSUVWXZI]|[cosuvwxz][A-Z]|\bI[A-Z][a-z]")


def is_numeric(text: str) -> bool:
    """Whether a cell holds a number, perhaps with signs, a range, an error or a footnote mark."""
    return bool(NUMERIC.match(text.strip()))


def is_several_numbers(text: str) -> bool:
    """Whether a cell holds several numbers and nothing else, as where columns ran together."""
    words = text.split()
    return len(words) > 1 and all(BARE_NUMBER.match(word) for word in words)


def has_odd_case(word: str) -> bool:
    """Whether a capital is where hardly any is: `twO`, `ToTAL`, `CityIState`, `ILimit`.

    Small and large letters of one shape differ in size alone, and `I` looks like a ruling line.
    """
    return ODD_CASE.search(word) is not None


def tells_size(text: str) -> bool:
    """Whether any sign of a line shows how large its letters are, and where their line is."""
    return any(sign not in SIZELESS for sign in text)
