"""The print of a page as the network and the decoding look at it, in heights of a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.printed_rows import printed_rows
from converter.core.engines.local.structure.evidence import Evidence, Values
from converter.core.engines.local.structure.ruled_boxes import Segments
from converter.core.engines.local.structure.text_kinds import text_kinds

Places = NDArray[np.intp]

ONE_LINE: Final = 0.33
"""Heights: pieces whose middles differ by less are on one printed line."""
TOUCHING: Final = 0.4
"""Heights: boxes that are as close share a ruling line."""
STRIPS: Final = 128
"""Strips across the page in which blanks are looked for."""
AROUND: Final = 6
"""Printed lines above and below in which a strip is looked at."""
SELDOM: Final = 0.16
"""Of the lines around: a strip that fewer print over is blank."""


@dataclass(frozen=True, eq=False)
class Page:
    """Evidence in heights of a line, with the printed line (n,) that each piece is on."""

    evidence: Evidence

    @cached_property
    def height(self) -> float:
        return max(4.0, self.evidence.height)

    @cached_property
    def boxes(self) -> Values:
        boxes = self.evidence.boxes / np.float32(self.height)
        boxes[:, 2] = np.maximum(boxes[:, 2], boxes[:, 0] + 0.1)
        boxes[:, 3] = np.maximum(boxes[:, 3], boxes[:, 1] + 0.2)
        return boxes

    @cached_property
    def centres(self) -> Values:
        return np.asarray((self.boxes[:, 0] + self.boxes[:, 2]) / 2, np.float32)

    @cached_property
    def middles(self) -> Values:
        return np.asarray((self.boxes[:, 1] + self.boxes[:, 3]) / 2, np.float32)

    @cached_property
    def lines(self) -> Places:
        return printed_lines(self.middles)

    @cached_property
    def line_middles(self) -> Values:
        counts = np.maximum(1, np.bincount(self.lines))
        return (np.bincount(self.lines, self.middles) / counts).astype(np.float32)

    @cached_property
    def kinds(self) -> Values:
        return text_kinds(self.evidence.texts)

    @cached_property
    def empty(self) -> NDArray[np.bool_]:
        return np.array([not text for text in self.evidence.texts], np.bool_)

    @cached_property
    def paper(self) -> float:
        return float(np.median(self.evidence.ground)) if len(self.evidence) else 1.0

    @cached_property
    def horizontal(self) -> Segments:
        return self.evidence.horizontal / np.float32(self.height)

    @cached_property
    def vertical(self) -> Segments:
        return self.evidence.vertical / np.float32(self.height)

    @cached_property
    def ruled(self) -> Values:
        return self.evidence.ruled / np.float32(self.height)

    @cached_property
    def frames(self) -> Places:
        """The frame that each piece is in, -1 if in none: closed boxes that touch each other."""
        closed = np.flatnonzero(~np.isnan(self.ruled[:, 0]))
        frames = np.full(len(self.ruled), -1)
        if len(closed):
            boxes, box_of = np.unique(self.ruled[closed], axis=0, return_inverse=True)
            frames[closed] = _touching(boxes)[box_of.reshape(-1)]
        return frames

    @cached_property
    def coverage(self) -> NDArray[np.float32]:
        """The share of the lines around each line that print over each strip: (lines, STRIPS)."""
        left, right = self.boxes[:, 0].min(), self.boxes[:, 2].max()
        edges = np.linspace(left, right, STRIPS + 1)
        over = (self.boxes[:, 0, None] < edges[1:]) & (self.boxes[:, 2, None] > edges[:-1])
        per_line = np.zeros((len(self.line_middles), STRIPS), np.float32)
        np.maximum.at(per_line, self.lines, over.astype(np.float32))
        summed = np.concatenate([np.zeros((1, STRIPS), np.float32), per_line.cumsum(axis=0)])
        last = len(per_line)
        above = np.maximum(0, np.arange(last) - AROUND)
        below = np.minimum(last, np.arange(last) + AROUND + 1)
        shares = (summed[below] - summed[above]) / (below - above)[:, None]
        return np.asarray(shares, np.float32)

    @cached_property
    def blank_widths(self) -> Values:
        """How wide the blank is that each strip is part of, 0 where print is: (lines, STRIPS)."""
        blank = np.pad(self.coverage < SELDOM, ((0, 0), (1, 1))).astype(np.int8)
        steps = np.diff(blank, axis=1)
        widths = np.zeros(self.coverage.shape, np.float32)
        starts, ends = np.argwhere(steps == 1), np.argwhere(steps == -1)
        for (line, start), (_, end) in zip(starts, ends, strict=True):
            widths[line, start:end] = end - start
        across = float(self.boxes[:, 2].max() - self.boxes[:, 0].min())
        return np.asarray(widths * across / STRIPS, np.float32)


def _touching(boxes: Values) -> Places:
    """The number of the group of each box (n, 4): those that touch are in one."""
    low, high = boxes[:, :2] - TOUCHING / 2, boxes[:, 2:] + TOUCHING / 2
    touches = ((low[:, None] <= high) & (low <= high[:, None])).all(axis=2)
    groups = np.arange(len(boxes))
    while True:
        least = np.where(touches, groups, len(boxes)).min(axis=1)
        if (least == groups).all():
            return groups
        groups = least


def printed_lines(middles: Values) -> Places:
    """The line that each piece is on, from the top, by the heights (n,) of their middles."""
    return printed_rows(middles, ONE_LINE)


def windows(page: Page, most: int) -> list[Places]:
    """Pieces in order of their lines, in overlapping windows of `most` pieces at the most."""
    order = np.lexsort((page.boxes[:, 0], page.lines))
    if len(order) <= most:
        return [order]
    count = -(-2 * len(order) // most) - 1
    starts = np.linspace(0, len(order) - most, max(2, count)).astype(int)
    return [order[start : start + most] for start in starts]
