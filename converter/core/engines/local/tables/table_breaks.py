"""Where one table ends and the next begins: captions, closing rules, different columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.page.fragments import box_around
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.page.text_lines import PrintLine, group_lines, runs_over
from converter.core.engines.local.tables.columns import find_boundaries

CAPTION: Final = re.compile(
    r"^(table|tab\.|tabelle|tableau|tabla|tabella|tabel|tabell|figure|fig\.|chart|exhibit)"
    r"\s*([ivxlc]+|[a-z]?\d+([.-]\d+)*)\b",
    re.IGNORECASE,
)
AIRY: Final = 1.4  # by the median line pitch
STRANGE: Final = 0.15  # of the fragments may cross the other table's boundaries
BROAD: Final = 1.2  # by the median gap between columns
ALIGNED: Final = 0.6  # of the lines on one side are level with lines on the other


def is_caption(line: PrintLine) -> bool:
    """Whether a line begins like the caption of a table or figure."""
    return len(line) <= 2 and bool(CAPTION.match(line[0].text))


def find_breaks(lines: Sequence[PrintLine], rules: RulingLines) -> list[int]:
    """The indices of the lines that begin a new table, from the top; the first line is not one."""
    pitches = np.diff([line.middle for line in lines])
    found = [0]
    for index in range(1, len(lines)):
        upper, lower = lines[index - 1 : index + 1]
        airy = pitches[index - 1] > AIRY * float(np.median(pitches))
        if (
            is_caption(lower)
            or _closes(upper, lower, rules.horizontal)
            or (
                airy
                and _have_other_columns(lines[found[-1] : index], lines[index:], rules.vertical)
            )
        ):
            found.append(index)
    return found[1:]


def _closes(upper: PrintLine, lower: PrintLine, rules: Sequence[RulingLine]) -> bool:
    """Whether two wide rules, a line's height or more apart, are between two lines of print."""
    height = max(upper.height, lower.height)
    left, right = min(upper.left, lower.left), max(upper.right, lower.right)
    between = [
        rule.at
        for rule in rules
        if upper.middle < rule.at < lower.middle and rule.covers(left, right) > 0.7
    ]
    return any(lower_at - upper_at > height for upper_at, lower_at in pairwise(between))


def _have_other_columns(
    above: Sequence[PrintLine], below: Sequence[PrintLine], vertical: Sequence[RulingLine]
) -> bool:
    """Whether much of the text on one side crosses the columns of the other.

    Both sides must hold numbers, or the upper one may be the header of the lower one.
    """
    top, bottom = above[-1].middle, below[0].middle
    if any(rule.start < top and rule.end > bottom for rule in vertical):
        return False
    upper, lower = ([line for line in lines if len(line) > 1] for lines in (above, below))
    if min(_with_numbers(upper), _with_numbers(lower)) < 2:
        return False
    crossing = _crossing(upper, find_boundaries(lower, []))
    crossing += _crossing(lower, find_boundaries(upper, []))
    return crossing > STRANGE * sum(map(len, (*upper, *lower)))


def _with_numbers(lines: Sequence[PrintLine]) -> int:
    return sum(any(is_numeric(fragment.text) for fragment in line) for line in lines)


def _crossing(lines: Sequence[PrintLine], boundaries: Sequence[float]) -> int:
    return sum(runs_over(item, boundaries, 0.3) for line in lines for item in line)


def column_gutter(lines: Sequence[PrintLine], rules: RulingLines) -> float | None:
    """The x between two tables side by side in these lines; None if they are one table.

    It is in the widest gap between columns, which no rule crosses. The lines on its sides are not
    level with each other, or two rules run along one side only.
    """
    blanks = _blanks([line for line in lines if len(line) > 2])
    if len(blanks) < 3:
        return None
    usual = float(np.median([end - start for start, end in blanks]))
    start, end = max(blanks[1:-1], key=lambda blank: blank[1] - blank[0])
    x = (start + end) / 2
    if end - start < BROAD * usual or any(rule.start < x < rule.end for rule in rules.horizontal):
        return None
    sides = [
        [item for line in lines for item in line if item.centre < x],
        [item for line in lines for item in line if item.centre >= x],
    ]
    left, right = map(group_lines, sides)
    if min(len(left), len(right)) < 3:
        return None
    if max(_level(left, right), _level(right, left)) < ALIGNED:
        return x
    for box in map(box_around, sides):
        if sum(rule.covers(box.left, box.right) > 0.8 for rule in rules.horizontal) > 1:
            return x
    return None


def _level(lines: Sequence[PrintLine], others: Sequence[PrintLine]) -> float:
    """The share (0..1) of lines that are level with one of the others."""
    middles = np.array([line.middle for line in others])
    near = [float(np.abs(middles - line.middle).min()) < 0.15 * line.height for line in lines]
    return sum(near) / len(near)


def _blanks(lines: Sequence[PrintLine]) -> list[tuple[float, float]]:
    """The gaps (start, end) in x, from left to right, between all fragments of these lines."""
    boxes = sorted((item.box for line in lines for item in line), key=lambda box: box.left)
    blanks, reached = [], boxes[0].right if boxes else 0.0
    for box in boxes:
        if box.left > reached:
            blanks.append((reached, box.left))
        reached = max(reached, box.right)
    return blanks
