"""The words of a page by position: beside, below, in one block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from converter.core.tables.model import Box, Word


def union(words: Iterable[Word]) -> Box:
    """The smallest box around `words`, of which there must be at least one."""
    boxes = [word.box for word in words]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def on_one_line(a: Box, b: Box) -> bool:
    """Whether two boxes share at least half of the lower one's height."""
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared >= 0.5 * min(a.height, b.height)


class Page:
    """Words of one page, in reading order."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = sorted(words, key=lambda word: (word.box.top, word.box.left))
        self.line_height = median([word.box.height for word in words] or [1.0])

    def right_of(self, word: Word) -> list[Word]:
        """The words after `word` on its line, the nearest first."""
        return sorted(
            (
                other
                for other in self.words
                if other.box.left > word.box.left
                and other.box.left >= word.box.right - 0.5 * word.box.height
                and on_one_line(word.box, other.box)
            ),
            key=lambda other: other.box.left,
        )

    def line_from(self, word: Word, gap: float = 1.2) -> tuple[Word, ...]:
        """`word` and what follows it with no more than `gap` line heights between."""
        line = [word]
        for other in self.right_of(word):
            if other.box.left - line[-1].box.right > gap * word.box.height:
                break
            line.append(other)
        return tuple(line)

    def left_of(self, word: Word) -> list[Word]:
        """The words before `word` on its line, the leftmost first."""
        return sorted(
            (
                other
                for other in self.words
                if other.box.right <= word.box.left and on_one_line(word.box, other.box)
            ),
            key=lambda other: other.box.left,
        )

    def next_below(self, word: Word, reach: float) -> Word | None:
        """The nearest word at most `reach` line heights below `word` that shares at least half of
        the narrower word's width with it."""
        box = word.box
        below = [
            other
            for other in self.words
            if other.box.top > (box.top + box.bottom) / 2
            and other.box.top - box.bottom <= reach * box.height
            and min(box.right, other.box.right) - max(box.left, other.box.left)
            >= 0.5 * max(min(box.width, other.box.width), 1.0)
        ]
        return min(below, key=lambda other: other.box.top, default=None)
