"""Misread numbers: what a printed number would be with one character read otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from converter.core.tables.numerals import parse_numeral

# Letters that are read for digits, with the digit.
LOOK_ALIKES: Final = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "|": "1", "i": "1", "!": "1",
    "Z": "2", "z": "2", "S": "5", "s": "5", "G": "6", "b": "6", "B": "8", "g": "9", "q": "9",
}  # fmt: skip
_LONGEST: Final = 40  # characters of a text that is tried
_MARKS: Final = ".,"
_DIGIT: Final = re.compile("[0-9]")


def mended(text: str, wanted: Decimal) -> str:
    """The text with one misreading undone, so that it means `wanted`; "" if none does.

    A misreading is a digit read as another or as a letter, two digits in each other's place, a sign
    or brackets lost or added, a separator moved, lost or added.
    """
    return mended_between(text, wanted, wanted)


def mended_between(
    text: str, low: Decimal | float, high: Decimal | float, bare: Callable[[str], str] = str
) -> str:
    """The text with one misreading undone, so that it means a number from `low` to `high`; `bare`
    takes off what is printed around a number."""
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return ""
    for candidate in _candidates(text):
        if any(low <= value <= high for value in _values(bare(candidate))):
            return candidate
    return ""


@lru_cache(maxsize=65_536)
def _values(text: str) -> tuple[Decimal, ...]:
    numeral = parse_numeral(text)
    if numeral is None:
        return ()
    return tuple(Decimal(str(numeral.number(marks))) for marks in numeral.readings)


def _candidates(text: str) -> Iterator[str]:
    yield "".join(LOOK_ALIKES.get(letter, letter) for letter in text)
    yield from _signs(text)
    digits = [match.start() for match in _DIGIT.finditer(text)]
    for at in digits:
        for digit in "0123456789":
            if digit != text[at]:
                yield text[:at] + digit + text[at + 1 :]
    for one, other in pairwise(digits):
        if text[one] != text[other]:
            swapped = list(text)
            swapped[one], swapped[other] = text[other], text[one]
            yield "".join(swapped)
    yield from _separators(text)


def _signs(text: str) -> Iterator[str]:
    if text.startswith("(") and text.endswith(")"):
        yield text[1:-1]
    elif text[0] in "-\u2212\u2013":
        yield text[1:].lstrip()
    else:
        yield f"-{text}"
        yield f"({text})"


def _separators(text: str) -> Iterator[str]:
    """With a point or comma moved, taken away or put in."""
    for at, letter in enumerate(text):
        if letter not in _MARKS:
            continue
        without = text[:at] + text[at + 1 :]
        yield without
        for place in range(1, len(without)):
            yield without[:place] + letter + without[place:]
    for place in range(1, len(text)):
        for mark in _MARKS:
            yield text[:place] + mark + text[place:]
