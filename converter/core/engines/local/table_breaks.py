"""Where one table ends and another begins: captions, closing rules, columns that do not go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.columns import find_boundaries
from converter.core.engines.local.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.text_forms import is_numeric
from converter.core.engines.local.text_lines import PrintLine, group_lines

CAPTION: Final = re.compile(
    r"^(table|tab\.|tabelle|tableau|tabla|tabella|tabel|tabell|figure|fig\.|chart|exhibit)"
    r"\s*([ivxlc]+|[a-z]?\d+([.-]\d+)*)\b",
    re.IGNORECASE,
)
AIRY: Final = 1.4  # times the usual distance of lines
STRANGE: Final = 0.15  # of the fragments may run over the other table's boundaries
BROAD: Final = 1.2  # times the usual blank between columns
ALIGNED: Final = 0.6  # of the lines on one side stand level with lines on the other


def is_caption(line: PrintLine) -> bool:
    """Whether a line begins as the caption of a table or figure does."""
    return len(line) <= 2 and bool(CAPTION.match(line[0].text))


def find_breaks(lines: Sequence[PrintLine], rules: RulingLines) -> list[int]:
    """The indices of the lines with which a new table begins, from the top."""
    pitches = np.diff([line.middle for line in lines])
    found = [0]
    for index in range(1, len(lines)):
        upper, lower = lines[index - 1 : index + 1]
        airy = pitches[index - 1] > AIRY * float(np.median(pitches))
        if (
            is_caption(lower)
            or _closes(upper, lower, rules.horizontal)
            or (airy and _strange(lines[found[-1] : index], lines[index:], rules.vertical))
        ):
            found.append(index)
    return found[1:]


def _closes(upper: PrintLine, lower: PrintLine, rules: Sequence[RulingLine]) -> bool:
    """Whether two wide rules with a blank line between them stand between two lines of print."""
    height = max(upper.height, lower.height)
    left, right = min(upper.left, lower.left), max(upper.right, lower.right)
    between = [
        rule.at
        for rule in rules
        if upper.middle < rule.at < lower.middle and rule.covers(left, right) > 0.7
    ]
    return any(lower_at - upper_at > height for upper_at, lower_at in pairwise(between))


def _strange(
    above: Sequence[PrintLine], below: Sequence[PrintLine], vertical: Sequence[RulingLine]
) -> bool:
    """Whether much of what stands on one side runs over the columns of the other.

    Both sides must hold numbers, or the upper one may be the header of the lower.
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
    return sum(
        any(
            item.box.left + 0.3 * item.box.height < x < item.box.right - 0.3 * item.box.height
            for x in boundaries
        )
        for line in lines
        for item in line
    )


def column_gutter(lines: Sequence[PrintLine], rules: RulingLines) -> float | None:
    """The x between two tables that stand side by side in these lines; None if it is one table."""
    several = [line for line in lines if len(line) > 2]
    blanks = _blanks(several)
    if len(blanks) < 3:
        return None
    usual = float(np.median([end - start for start, end in blanks]))
    start, end = max(blanks[1:-1], key=lambda blank: blank[1] - blank[0])
    x = (start + end) / 2
    if end - start < BROAD * usual or any(rule.start < x < rule.end for rule in rules.horizontal):
        return None
    return x if _is_column_gutter(lines, rules, x) else None


def _is_column_gutter(lines: Sequence[PrintLine], rules: RulingLines, x: float) -> bool:
    fragments = [item for line in lines for item in line]
    left = group_lines([item for item in fragments if item.centre < x])
    right = group_lines([item for item in fragments if item.centre >= x])
    if min(len(left), len(right)) < 3:
        return False
    if max(_level(left, right), _level(right, left)) < ALIGNED:
        return True
    return any(_is_ruled(side, rules) for side in (left, right))


def _is_ruled(lines: Sequence[PrintLine], rules: RulingLines) -> bool:
    """Whether two rules run along the lines of one side alone."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return sum(rule.covers(left, right) > 0.8 for rule in rules.horizontal) > 1


def _level(lines: Sequence[PrintLine], others: Sequence[PrintLine]) -> float:
    """The share (0..1) of lines that stand level with one of the others."""
    middles = np.array([line.middle for line in others])
    near = [float(np.abs(middles - line.middle).min()) < 0.15 * line.height for line in lines]
    return sum(near) / len(near)


def _blanks(lines: Sequence[PrintLine]) -> list[tuple[float, float]]:
    """Stretches of x, from left to right, that no fragment of these lines reaches into."""
    boxes = sorted((item.box for line in lines for item in line), key=lambda box: box.left)
    blanks, reached = [], boxes[0].right if boxes else 0.0
    for box in boxes:
        if box.left > reached:
            blanks.append((reached, box.left))
        reached = max(reached, box.right)
    return blanks
