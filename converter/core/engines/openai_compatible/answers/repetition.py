"""Endless repetition: an answer that was cut while it said the same thing over and over."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_WINDOW: Final = 20_000
_FILLING: Final = frozenset(" \t\r\n.\u2026\u00b7_-\u2013\u2014=*\u2022|")  # leaders, rules, blanks
_LONGEST_LEADER: Final = 400
_FEWEST_TIMES: Final = 20
_SHORTEST_LOOP: Final = 60
_LONG_LOOP: Final = 2_000
_FEW_TIMES: Final = 5
_FEWEST_COUNTED: Final = 30
_NUMBER: Final = re.compile(r"(?<!\d)(\d{1,9})(?!\d)")


def ends_in_a_loop(text: str) -> bool:
    """Whether the end of `text` is one piece over and over, for longer than print would be.

    Rows that differ by their running number alone count as one piece. A table of equal rows that
    was finished does not end in them, so this asks only about answers that were not.
    """
    pieces = _NUMBER.split(text[-_WINDOW:])
    numbers, between = (
        pieces[first::2][-_FEWEST_COUNTED - 1 : -1]  # the last may be cut
        for first in (1, 2)
    )
    is_counting = all(int(lower) == int(upper) + 1 for upper, lower in pairwise(numbers))
    if len(numbers) >= _FEWEST_COUNTED and len(set(between)) == 1 and is_counting:
        return True
    tail = text[-_WINDOW:][::-1]
    for period, reach in enumerate(_overlaps(tail)):
        length = reach + period
        if not period or length < _SHORTEST_LOOP:
            continue
        is_often = length / period >= (_FEW_TIMES if length >= _LONG_LOOP else _FEWEST_TIMES)
        if is_often and (length > _LONGEST_LEADER or not _FILLING.issuperset(tail[:period])):
            return True
    return False


def is_one_character(text: str) -> bool:
    """Whether the whole answer is a single mark without end, such as `!!!!`."""
    marks = text.split()
    return len(text) > _SHORTEST_LOOP and len(set("".join(marks))) == 1


def _overlaps(text: str) -> list[int]:
    """For each shift, how far `text` agrees with itself shifted by it (the Z function)."""
    reach = [0] * len(text)
    left = right = 0
    for shift in range(1, len(text)):
        known = min(right - shift, reach[shift - left]) if shift < right else 0
        while shift + known < len(text) and text[known] == text[shift + known]:
            known += 1
        reach[shift] = known
        if shift + known > right:
            left, right = shift, shift + known
    return reach
