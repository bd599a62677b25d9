"""Lines of print: the fragments that are level with each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.fragments import Fragment

SAME_LINE: Final = 0.38  # of the lower height, between the middles of two fragments
LOW: Final = 0.7  # of the height of a line: a mark this low may be off its middle


class PrintLine(tuple[Fragment, ...]):
    """Fragments on one line of print, from left to right. Its sides are those of their boxes."""

    __slots__ = ()

    @property
    def left(self) -> float:
        return min(fragment.box.left for fragment in self)

    @property
    def right(self) -> float:
        return max(fragment.box.right for fragment in self)

    @property
    def top(self) -> float:
        return min(fragment.box.top for fragment in self)

    @property
    def bottom(self) -> float:
        return max(fragment.box.bottom for fragment in self)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The mean of their middles: one high mark hardly moves it."""
        return sum(fragment.middle for fragment in self) / len(self)


def group_lines(fragments: Sequence[Fragment]) -> list[PrintLine]:
    """Lines of print, from the top, each from left to right."""
    lines: list[list[Fragment]] = []
    total, lowest = 0.0, 0.0  # of the last line: the sum of the middles, and the least height
    for fragment in sorted(fragments, key=lambda item: item.middle):
        middle, height = fragment.middle, fragment.box.height
        if lines and _on_line(fragment, lines[-1], total / len(lines[-1]), min(lowest, height)):
            lines[-1].append(fragment)
            total, lowest = total + middle, min(lowest, height)
        else:
            lines.append([fragment])
            total, lowest = middle, height
    return [PrintLine(sorted(line, key=lambda item: item.box.left)) for line in lines]


def _on_line(fragment: Fragment, line: Sequence[Fragment], middle: float, height: float) -> bool:
    """Whether a fragment is on a line of print with this `middle`; `height` is the least."""
    if fragment.middle - middle <= max(2.0, SAME_LINE * height):
        return True
    return len(line) == 1 and _is_high_mark(line[0], fragment)


def _is_high_mark(mark: Fragment, fragment: Fragment) -> bool:
    """Whether a low mark, as a ditto, is in the upper half of another fragment's line."""
    inside = mark.box.top >= fragment.box.top - 2 and mark.box.bottom <= fragment.box.bottom
    return inside and mark.box.height < LOW * fragment.box.height
