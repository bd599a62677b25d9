"""Lines of print: the fragments that are level with each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.page.fragments import Fragment

SAME_LINE: Final = 0.38  # by the smaller height, between the middles of two fragments
LOW: Final = 0.7  # by the height of a line: a mark this low may be off its middle


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
        """The mean of the fragments' middles: a single high mark hardly changes it."""
        return sum(fragment.middle for fragment in self) / len(self)


def group_lines(fragments: Sequence[Fragment]) -> list[PrintLine]:
    """Lines of print, from the top, each from left to right."""
    lines: list[list[Fragment]] = []
    total, lowest = 0.0, 0.0  # of the last line: the sum of the middles, and the least height
    for fragment in sorted(fragments, key=lambda item: item.middle):
        middle, height = fragment.middle, fragment.box.height
        if lines and (
            middle - total / len(lines[-1]) <= max(2.0, SAME_LINE * min(lowest, height))
            or (len(lines[-1]) == 1 and _is_high_mark(lines[-1][0], fragment))
        ):
            lines[-1].append(fragment)
            total, lowest = total + middle, min(lowest, height)
        else:
            lines.append([fragment])
            total, lowest = middle, height
    return [PrintLine(sorted(line, key=lambda item: item.box.left)) for line in lines]


def _is_high_mark(mark: Fragment, fragment: Fragment) -> bool:
    """Whether a low mark, such as a ditto, is in the upper part of another fragment's line."""
    inside = mark.box.top >= fragment.box.top - 2 and mark.box.bottom <= fragment.box.bottom
    return inside and mark.box.height < LOW * fragment.box.height


def breaks_before(lower: Fragment, upper: Fragment, right: float) -> bool:
    """Whether the first word of `lower` has no room after `upper`, left of `right`."""
    word = lower.text.split()[0]
    per_character = lower.box.width / max(1, len(lower.text))
    return upper.box.right + per_character * (len(word) + 1) > right


def runs_over(fragment: Fragment, xs: Sequence[float], margin: float) -> bool:
    """Whether an x is inside a fragment, by more than `margin` times its height on both sides."""
    reach = margin * fragment.box.height
    left, right = fragment.box.left + reach, fragment.box.right - reach
    return any(left < x < right for x in xs)
