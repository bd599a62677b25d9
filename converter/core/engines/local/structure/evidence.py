"""What is known about the print of a page before its tables are: the input of the network.

All lengths are pixels of the straightened page, from its upper left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.structure.ruled_boxes import Boxes, Segments, ruled_boxes

Values = NDArray[np.float32]

MARGIN: Final = 2
"""Pixels around print in which the colour behind it is looked up."""
MOST_EMPTY: Final = 400
"""Ruled boxes without print that are told to the network; a page with more has a texture."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The pieces of print of a page, then its ruled boxes without print, n in all.

    `texts` are empty for the latter. `ground` (n,) is the gray (0..1) behind each, `contrast` (n,)
    how much darker (or, below 0, lighter) its ink is, and `weight` (n,) the share (0..1) of its box
    that is ink. `ruled` (n, 4) is the closed box of ruling lines around each, NaN without one.
    """

    boxes: Boxes
    texts: tuple[str, ...]
    ground: Values
    contrast: Values
    weight: Values
    ruled: Boxes
    horizontal: Segments
    vertical: Segments
    height: float
    """The median height of the lines of print."""

    def __len__(self) -> int:
        return len(self.texts)


def gather(
    fragments: Sequence[Fragment],
    places: Sequence[Fragment],
    rules: RulingLines,
    gray: Gray,
) -> Evidence:
    """The evidence of a page (h, w) with print at `fragments`, straightened: at `places`."""
    height = line_height(fragment.box for fragment in fragments)
    boxes = np.array([tuple(fragment.box) for fragment in places], np.float32).reshape(-1, 4)
    horizontal, vertical = _segments(rules.horizontal), _segments(rules.vertical)
    closed = ruled_boxes(horizontal, vertical, height)
    inside = _inside(boxes, closed)
    empty = np.flatnonzero(~inside.any(axis=0))
    if len(empty) > MOST_EMPTY:
        empty = empty[:0]
    ruled = np.full((len(boxes), 4), np.nan, np.float32)
    held = inside.any(axis=1)
    if held.any():
        ruled[held] = closed[inside[held].argmax(axis=1)]
    looks = np.array([_look(gray, fragment) for fragment in fragments], np.float32).reshape(-1, 3)
    paper = np.median(looks[:, 0]) if len(looks) else 1.0
    blank = np.tile(np.array([[paper, 0, 0]], np.float32), (len(empty), 1))
    ground, contrast, weight = np.concatenate([looks, blank]).T
    return Evidence(
        np.concatenate([boxes, _middles(closed[empty], height)]),
        (*(fragment.text for fragment in fragments), *[""] * len(empty)),
        ground,
        contrast,
        weight,
        np.concatenate([ruled, closed[empty]]),
        horizontal,
        vertical,
        height,
    )


def _segments(lines: Sequence[RulingLine]) -> Segments:
    return np.array([(line.at, line.start, line.end) for line in lines], np.float32).reshape(-1, 3)


def _inside(boxes: Boxes, closed: Boxes) -> NDArray[np.bool_]:
    """Whether the middle of each box lies in each closed one: (boxes, closed)."""
    x, y = (boxes[:, :2] + boxes[:, 2:]).T[..., None] / 2
    left, top, right, bottom = closed.T
    return np.asarray((left <= x) & (x <= right) & (top <= y) & (y <= bottom), np.bool_)


def _middles(closed: Boxes, height: float) -> Boxes:
    """Where a line of print would be in each of these boxes, nearly as wide as the box."""
    left, top, right, bottom = closed.T
    inset = np.minimum(0.3 * height, (right - left) / 4)
    middle, half = (top + bottom) / 2, np.minimum(height, bottom - top) / 2
    return np.stack([left + inset, middle - half, right - inset, middle + half], axis=1)


def _look(gray: Gray, fragment: Fragment) -> tuple[float, float, float]:
    """The gray behind print, the contrast of its ink and the share of its box that is ink."""
    left, top, right, bottom = (round(edge) for edge in fragment.box)
    left, top = max(0, left - MARGIN), max(0, top - MARGIN)
    patch = gray[top : bottom + MARGIN, left : right + MARGIN]
    if patch.size == 0:
        return 1.0, 0.0, 0.0
    counts = np.bincount(patch.ravel() >> 3, minlength=32)
    behind = int(counts.argmax()) * 8 + 4
    low, high = int(patch.min()), int(patch.max())
    ink = low if behind - low >= high - behind else high
    span = ink - behind
    if abs(span) < 16:
        return behind / 255, 0.0, 0.0
    covered = np.count_nonzero((patch.astype(np.int16) - behind) * np.sign(span) > abs(span) / 2)
    return behind / 255, -span / 255, covered / patch.size
