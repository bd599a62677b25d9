"""Fragments that stand on one line of print, from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.fragments import Fragment

Row = tuple[Fragment, ...]

SAME_LINE: Final = 0.38  # of the lower height, between the middles of two fragments
LOW: Final = 0.7  # of the height of a line: a mark this low may stand off its middle


def group_rows(fragments: Sequence[Fragment]) -> list[Row]:
    """Lines of print, from the top, each from left to right."""
    rows: list[list[Fragment]] = []
    total, lowest = 0.0, 0.0  # of the last row: the sum of the middles, and the least height
    for fragment in sorted(fragments, key=lambda item: item.middle):
        middle, height = fragment.middle, fragment.box.height
        if rows and _on_line(fragment, rows[-1], total / len(rows[-1]), min(lowest, height)):
            rows[-1].append(fragment)
            total, lowest = total + middle, min(lowest, height)
        else:
            rows.append([fragment])
            total, lowest = middle, height
    return [tuple(sorted(row, key=lambda item: item.box.left)) for row in rows]


def _on_line(fragment: Fragment, row: Sequence[Fragment], middle: float, height: float) -> bool:
    """Whether a fragment is on the line of a row with this `middle`; `height` is the least."""
    if fragment.middle - middle <= max(2.0, SAME_LINE * height):
        return True
    return len(row) == 1 and _is_high_mark(row[0], fragment)


def _is_high_mark(mark: Fragment, fragment: Fragment) -> bool:
    """Whether a low mark, as a ditto, stands in the upper half of another fragment's line."""
    inside = mark.box.top >= fragment.box.top - 2 and mark.box.bottom <= fragment.box.bottom
    return inside and mark.box.height < LOW * fragment.box.height


def top_of(row: Row) -> float:
    return min(fragment.box.top for fragment in row)


def bottom_of(row: Row) -> float:
    return max(fragment.box.bottom for fragment in row)


def middle_of(row: Row) -> float:
    return sum(fragment.middle for fragment in row) / len(row)
