"""Lines with wide gaps that are not a table: print in columns, lists, code, letterheads."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Final

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.page.text_lines import PrintLine, breaks_before, runs_over
from converter.core.engines.local.tables.columns import find_boundaries

MARK: Final = re.compile(r"^(\(?([\d.]{1,7}|[A-Za-z]|[ivx]+)[.)]?|\W)$")
ITEM: Final = 12  # characters: most items of a list are longer
FLOWING: Final = 0.75  # of the lines in a column end where the next word has no room
PLAIN: Final = 0.75  # of the lines of code have no comment far to the right
STRAY: Final = 0.2  # of the fragments may cross columns in a table without rules
FAR: Final = 8.0  # by the line's height: the gap between the two blocks of a letterhead


def is_running_text(lines: Sequence[PrintLine]) -> bool:
    """Whether lines of print without rules (at least two) are not a table despite their gaps."""
    boundaries = find_boundaries(lines, [])
    if is_list(lines) or is_listing(lines) or blanks_by_chance(lines, boundaries):
        return True
    columns: list[list[Fragment]] = [[] for _ in range(len(boundaries) + 1)]
    for line in lines:
        for column, items in groupby(line, lambda item: bisect(boundaries, item.centre)):
            part = list(items)
            text = " ".join(item.text for item in part)
            box = part[0].box._replace(right=part[-1].box.right)
            columns[column].append(replace(part[0], text=text, box=box))
    columns = [column for column in columns if column]
    return is_letterhead(lines, columns) or (len(columns) > 1 and all(map(flows, columns)))


def is_list(lines: Sequence[PrintLine]) -> bool:
    """Whether lines are numbered headings or items of a list: a mark followed by words."""
    filled = [line for line in lines if len(line) > 1]
    if not all(len(line) == 2 and MARK.match(line[0].text) for line in filled):
        return False
    words = [line[1].text for line in filled if not is_numeric(line[1].text)]
    return len(words) == len(filled) and sum(len(text) > ITEM for text in words) > 0.5 * len(words)


def is_listing(lines: Sequence[PrintLine]) -> bool:
    """Whether most lines are only words after consecutive numbers, as in code and short lists.

    There must be at least three lines.
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
    """Whether a few lines are two blocks of words far apart, such as two addresses."""
    if len(columns) != 2 or len(lines) > 6:
        return False
    left, right = columns
    if any(is_numeric(fragment.text) for fragment in (*left, *right)):
        return False
    gap = min(item.box.left for item in right) - max(item.box.right for item in left)
    return gap > FAR * left[0].box.height


def blanks_by_chance(lines: Sequence[PrintLine], boundaries: Sequence[float]) -> bool:
    """Whether much print crosses the boundaries of columns, or has gaps elsewhere."""
    several = [line for line in lines if len(line) > 1]
    over = sum(runs_over(fragment, boundaries, 0.5) for line in several for fragment in line)
    places = sum(len({bisect(boundaries, item.centre) for item in line}) for line in several)
    fragments = sum(map(len, several))
    return over + fragments - places > STRAY * fragments


def flows(column: Sequence[Fragment]) -> bool:
    """Whether the lines of a column (at least five) break where running text would."""
    if len(column) < 5 or sum(len(item.text.split()) for item in column) < 3 * len(column):
        return False
    right = max(fragment.box.right for fragment in column)
    full = sum(breaks_before(lower, upper, right) for upper, lower in pairwise(column))
    return full > FLOWING * (len(column) - 1)
