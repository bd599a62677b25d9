"""Digits that name something rather than count it: codes, sections, lists, telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from converter.core.tables.numerals import MAX_DIGITS, Numeral

_DIGITS: Final = re.compile(r"[0-9]+")
_CODE: Final = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9]+")

_LEVEL: Final = "(?:0|[1-9][0-9]{0,2})"
_SECTION: Final = re.compile(
    rf"(?P<levels>{_LEVEL}(?:\.{_LEVEL}){{0,4}})\.?(?:\s+[^\W\d].*)?", re.DOTALL
)
_SECTION_HEADER: Final = re.compile(
    r"\W*(?:version|section|chapter|clause|paragraph|§)s?\W*(?:(?:no|nr|number)\W*)?",
    re.IGNORECASE,
)

_LIST: Final = re.compile(r"[0-9]{1,4}(?:,[0-9]{1,4})+")
_LIST_WITH_GAPS: Final = re.compile(r"[0-9]{1,4}(?:(?:, ?| )[0-9]{1,4})+")
_LAKHS: Final = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}")
_LONGEST_GROUPED: Final = 12  # digits; a longer number is not printed in full

_TELEPHONE_WORD: Final = r"\b(?:tel(?:e(?:phone|fon|fax))?|phone|fax|mobile|hotline)s?\b"
_TELEPHONE: Final = re.compile(_TELEPHONE_WORD, re.IGNORECASE)
_TELEPHONE_LABEL: Final = re.compile(
    rf"\W*(?:{_TELEPHONE_WORD}\W*)+(?:(?:no|nr|number)\W*)?", re.IGNORECASE
)
_SHORTEST_TELEPHONE: Final = 6  # digits, where they are not grouped
_NUMBER_OF_ONE: Final = re.compile(
    r"(?:\b(?:no|nr|num)\b\.?|#|№)\s*$", re.IGNORECASE | re.MULTILINE
)


def identifiers(texts: Sequence[str]) -> set[int]:
    """The indices of plain integers that only name something, as in 0012, or 113 below A12."""
    stripped = [text.strip() for text in texts]
    integers = {index for index, text in enumerate(stripped) if _DIGITS.fullmatch(text)}
    codes = [text for text in stripped if _CODE.fullmatch(text)]
    if any(stripped[index].startswith("0") and stripped[index] != "0" for index in integers):
        return integers
    # One misread letter among many numbers does not make a code.
    widths = {len(stripped[index]) for index in integers} | {len(code) for code in codes}
    return integers if codes and 10 * len(codes) >= len(integers) and len(widths) == 1 else set()


def section_numbers(texts: Sequence[str], header: str = "") -> set[int]:
    """The indices of 1.1, 1.2 and so on to 1.10, which is not 1.1 once more.

    Without a `header`, one heading to a line, that says so, empty if the same texts can be read
    as decimal numbers that go up.
    """
    found = _sections(texts)
    levels = list(found.values())
    if all(len(level) == 1 for level in levels):
        return set()
    if any(map(_SECTION_HEADER.fullmatch, header.split("\n"))):
        return set(found)
    return set(found) if _is_numbering(levels) and not _may_be_decimals(levels) else set()


def may_be_section_numbers(texts: Sequence[str]) -> bool:
    """Whether the points in `texts` may divide sections, so that they tell of no decimal mark."""
    levels = list(_sections(texts).values())
    return any(len(level) > 1 for level in levels) and _is_numbering(levels)


def comma_lists(texts: Sequence[str], numerals: Sequence[Numeral | None]) -> set[int]:
    """The indices of 421,422 and the like in a column with 413,417,421,423,428."""
    if not any("," in text for text in texts):
        return set()
    pairs = list(enumerate(zip(map(str.strip, texts), numerals, strict=True)))
    lists = [text for _, (text, numeral) in pairs if _is_surely_a_list(text, numeral)]
    either = {index for index, (text, numeral) in pairs if numeral and _LIST.fullmatch(text)}
    # One point misread as a comma must not turn a whole column into text.
    return either if 4 * len(lists) >= len(either) and lists else set()


def dialled(texts: Sequence[str], numerals: Sequence[Numeral | None], header: str) -> set[int]:
    """The indices of telephone numbers and the like.

    `header` holds the headings of the column, one to a line.
    """
    whole = {
        index
        for index, (text, numeral) in enumerate(zip(texts, numerals, strict=True))
        if numeral and all(letter.isdigit() or letter.isspace() for letter in text.strip())
    }
    spaced = {index for index in whole if " " in texts[index].strip()}
    if _TELEPHONE.search(header):
        return spaced | {index for index in whole if _digits(texts[index]) >= _SHORTEST_TELEPHONE}
    lengths = {_digits(texts[index]) for index in spaced}
    all_alike = len(spaced) > 1 and spaced == whole and len(lengths) == 1
    if _NUMBER_OF_ONE.search(header) or (all_alike and min(lengths) >= 9):
        return spaced
    return set()


def names_a_telephone(text: str) -> bool:
    """Whether `text` is a label for a telephone number."""
    return _TELEPHONE_LABEL.fullmatch(text) is not None


def _sections(texts: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """The levels of each section number, by index; empty if some number has another form."""
    found: dict[int, tuple[int, ...]] = {}
    for index, text in enumerate(map(str.strip, texts)):
        if match := _SECTION.fullmatch(text):
            found[index] = tuple(map(int, match["levels"].split(".")))
        elif text[:1].isdigit():
            return {}
    return found


def _is_numbering(levels: Sequence[tuple[int, ...]]) -> bool:
    """Whether the numbers go up, and nearly always by one, or in an order that is not that of
    decimal numbers."""
    steps = list(pairwise(levels))
    if len(levels) < 3 or any(above >= below for above, below in steps):
        return False
    follow = sum(_follows(above, below) for above, below in steps)
    # From 1.9 to 1.10 decimal numbers would go down.
    goes_back = any(
        above[0] == below[0]
        and len(above) == len(below) == 2
        and str(below[1]).ljust(3, "0") <= str(above[1]).ljust(3, "0")
        for above, below in steps
    )
    return 5 * follow >= 4 * len(steps) or (len(levels) > 3 and goes_back)


def _follows(above: tuple[int, ...], below: tuple[int, ...]) -> bool:
    """Whether `below` is the next number after `above`: 1.9 to 1.10, 2, 2.0 or 2.1, or 1.9.1."""
    if len(below) == len(above) + 1 and below[:-1] == above:
        return below[-1] <= 1
    for level in range(min(len(above), len(below))):
        if below[:level] == above[:level] and below[level] == above[level] + 1:
            return all(number <= 1 for number in below[level + 1 :])
    return False


def _may_be_decimals(levels: Sequence[tuple[int, ...]]) -> bool:
    """Whether numbers may as well be decimals that go up, as 1.8, 1.9, 2.0 or 1.0, 2.1, 3.0.

    They are not if one starts anew with the whole part, as after 1.3 does 2.1.
    """
    if any(len(level) != 2 for level in levels):
        return False
    values = [Decimal(f"{whole}.{part}") for whole, part in levels]
    steps = [below - above for above, below in pairwise(values)]
    restarts = any(
        above[0] != below[0] and step != min(steps)
        for (above, below), step in zip(pairwise(levels), steps, strict=True)
    )
    each_its_own = len({whole for whole, _ in levels}) == len(levels)
    return min(steps) > 0 and (each_its_own or not restarts)


def _is_surely_a_list(text: str, numeral: Numeral | None) -> bool:
    if numeral is None:
        long = _digits(text) > MAX_DIGITS
        listed = _LIST_WITH_GAPS if "," in text else _LIST
        return bool(listed.fullmatch(text)) and (long or not _LAKHS.fullmatch(text))
    return (
        _LIST.fullmatch(text) is not None
        and text.count(",") > 1
        and _digits(text) > _LONGEST_GROUPED
    )


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))
