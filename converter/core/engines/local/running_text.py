"""Lines with blanks in them that are no table: print in columns, lists, code, heads of letters."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Final

from converter.core.engines.local.columns import find_boundaries
from converter.core.engines.local.fragments import Fragment
from converter.core.engines.local.text_forms import is_numeric
from converter.core.engines.local.text_lines import PrintLine

MARK: Final = re.compile(r"^(\(?([\d.]{1,7}|[A-Za-z]|[ivx]+)[.)]?|\W)$")
ITEM: Final = 12  # characters: an item of a list is mostly longer
FLOWING: Final = 0.75  # of the lines in a column end where the next word had no room
PLAIN: Final = 0.75  # of the lines of code have no remark far beside them
STRAY: Final = 0.2  # of the fragments may stand across columns in a table without rules
FAR: Final = 8.0  # times the line's height, between the blocks in the head of a letter


def is_running_text(lines: Sequence[PrintLine]) -> bool:
    """Whether lines of print without rules (two at least) are no table in spite of their blanks."""
    boundaries = find_boundaries(lines, [])
    if is_list(lines) or is_listing(lines) or blanks_by_chance(lines, boundaries):
        return True
    columns = _columns(lines, boundaries)
    return is_letterhead(lines, columns) or (len(columns) > 1 and all(map(flows, columns)))


def is_list(lines: Sequence[PrintLine]) -> bool:
    """Whether lines are numbered headings or items of a list: a mark, and words after it."""
    filled = [line for line in lines if len(line) > 1]
    if not all(len(line) == 2 and MARK.match(line[0].text) for line in filled):
        return False
    words = [line[1].text for line in filled if not is_numeric(line[1].text)]
    return len(words) == len(filled) and sum(len(text) > ITEM for text in words) > 0.5 * len(words)


def is_listing(lines: Sequence[PrintLine]) -> bool:
    """Whether all that most lines have, three at least, is a number, one more than the line before,
    and words: as code has, and lists of short items.
    """
    marks = [line[0].text for line in lines]
    if len(lines) < 3 or not all(map(str.isdecimal, marks)):
        return False
    first = int(marks[0])
    counted = all(int(mark) == number for number, mark in enumerate(marks, first))
    plain = sum(len(line) < 3 for line in lines) > PLAIN * len(lines)
    return (
        counted and plain and not any(is_numeric(item.text) for line in lines for item in line[1:])
    )


def is_letterhead(lines: Sequence[PrintLine], columns: Sequence[Sequence[Fragment]]) -> bool:
    """Whether a few lines are two blocks of words far apart, as two addresses are."""
    if len(columns) != 2 or len(lines) > 6:
        return False
    left, right = columns
    if any(is_numeric(fragment.text) for fragment in (*left, *right)):
        return False
    gap = min(item.box.left for item in right) - max(item.box.right for item in left)
    return gap > FAR * left[0].box.height


def blanks_by_chance(lines: Sequence[PrintLine], boundaries: Sequence[float]) -> bool:
    """Whether much print runs over the boundaries of columns, or has blanks elsewhere."""
    several = [line for line in lines if len(line) > 1]
    over = sum(_crosses(fragment, boundaries) for line in several for fragment in line)
    places = sum(len({bisect(boundaries, item.centre) for item in line}) for line in several)
    fragments = sum(map(len, several))
    return over + fragments - places > STRAY * fragments


def flows(column: Sequence[Fragment]) -> bool:
    """Whether the lines of a column, five at least, are filled as those of running text are."""
    if len(column) < 5 or sum(len(item.text.split()) for item in column) < 3 * len(column):
        return False
    right = max(fragment.box.right for fragment in column)
    full = sum(_had_no_room(upper, lower, right) for upper, lower in pairwise(column))
    return full > FLOWING * (len(column) - 1)


def _had_no_room(upper: Fragment, lower: Fragment, right: float) -> bool:
    letter = lower.box.width / max(1, len(lower.text))
    return upper.box.right + letter * (len(lower.text.split()[0]) + 1) > right


def _columns(lines: Sequence[PrintLine], boundaries: Sequence[float]) -> list[list[Fragment]]:
    """The lines of each column, from the top."""
    columns: list[list[Fragment]] = [[] for _ in range(len(boundaries) + 1)]
    for line in lines:
        for column, part in groupby(line, lambda item: bisect(boundaries, item.centre)):
            columns[column].append(_joined(list(part)))
    return [column for column in columns if column]


def _joined(line: Sequence[Fragment]) -> Fragment:
    first, last = line[0], line[-1]
    return replace(
        first,
        text=" ".join(item.text for item in line),
        box=first.box._replace(right=last.box.right),
    )


def _crosses(fragment: Fragment, boundaries: Sequence[float]) -> bool:
    reach = 0.5 * fragment.box.height
    left, right = fragment.box.left + reach, fragment.box.right - reach
    return any(left < x < right for x in boundaries)
