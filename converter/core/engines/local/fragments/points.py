"""Lone points, `..` or `...`, by which statistics say that there is no figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment, find_around
from converter.core.engines.local.picture.ink import Marks
from converter.core.tables.model import Box

CONFIDENCE: Final = 0.9
"""Of points that are known by their shape alone."""
SIZES: Final = (0.06, 0.24)
"""Least and greatest side of a point, by the height of a line of print."""
STEPS: Final = (0.12, 0.7)
"""Least and greatest distance of one point from the next, by the same."""
AROUND: Final = 0.6
"""Line heights beside points in which nothing else is printed."""
FEWEST, MOST = 2, 3
"""Points: one is a speck, and more lead to a number."""
ON_LINE: Final = (0.55, 1.05)
"""Where the lower end of a point may be in the box of a line of print, from its top."""
ROUND: Final = 1.8
"""By how much a point may be longer one way than the other."""
BASE: Final = 0.85
"""Line heights from the top of a line's box down to its points."""


def with_points(fragments: Sequence[Fragment], marks: Marks) -> list[Fragment]:
    """Fragments of a page with those of its marks that are two or three points, added or mended.

    Points are added only where they stand on the line of other print.
    """
    if not fragments:
        return []
    height = line_height(fragment.box for fragment in fragments)
    mended = list(fragments)
    for points, count in find_points(marks, height):
        owner = find_around(points, mended)
        if owner is None:
            if any(_is_on_line(points, item.box) for item in fragments):
                top = points.bottom - BASE * height
                box = Box(points.left, top, points.right, top + height)
                mended.append(Fragment("." * count, box, CONFIDENCE))
        elif len(mended[owner].text) <= MOST:
            mended[owner] = replace(
                mended[owner], text="." * count, confidence=CONFIDENCE, glyphs=()
            )
    return mended


def find_points(marks: Marks, height: float) -> list[tuple[Box, int]]:
    """Where two or three points stand alone in print of this line height, and how many."""
    sides = marks[:, 2:]
    low, high = max(2.0, SIZES[0] * height), max(3.0, SIZES[1] * height)
    is_point = ((low <= sides) & (sides <= high)).all(axis=1)
    is_point &= sides.max(axis=1) <= ROUND * sides.min(axis=1)
    points = marks[is_point]
    points = points[_count_around(points, marks, height) <= MOST]
    found = []
    for row in _rows(points, height):
        left, top, _, _ = row.min(axis=0)
        right, bottom = (row[:, :2] + row[:, 2:]).max(axis=0)
        whole = np.array([[left, top, right - left, bottom - top]])
        if len(row) >= FEWEST and _count_around(whole, marks, height)[0] == len(row):
            found.append((Box(*map(float, (left, top, right, bottom))), len(row)))
    return found


def _count_around(points: Marks, marks: Marks, height: float) -> NDArray[np.int64]:
    """How many marks are at and beside each of some points (n, 4), and level with it: (n,)."""
    left, top, wide, high = points.T[:, :, None]
    other_left, other_top, other_wide, other_high = marks.T
    reach, bottom = AROUND * height, top + high
    beside = (other_left < left + wide + reach) & (other_left + other_wide > left - reach)
    level = (other_top < bottom + 0.3 * height) & (other_top + other_high > bottom - 0.8 * height)
    return np.asarray((beside & level).sum(axis=1), np.int64)


def _rows(points: Marks, height: float) -> list[Marks]:
    """Points of one line, each a step from the next, from the left."""
    rows: list[list[NDArray[np.int64]]] = []
    for point in points[np.argsort(points[:, 0], kind="stable")]:
        for row in rows:
            across, down = np.abs(point[:2] + point[2:] / 2 - row[-1][:2] - row[-1][2:] / 2)
            if STEPS[0] * height <= across <= STEPS[1] * height and down <= 1 + 0.06 * height:
                row.append(point)
                break
        else:
            rows.append([point])
    return [np.array(row) for row in rows]


def _is_on_line(points: Box, line: Box) -> bool:
    return ON_LINE[0] <= (points.bottom - line.top) / line.height <= ON_LINE[1]
