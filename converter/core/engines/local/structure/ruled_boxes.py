"""The rectangles that ruling lines close on all four sides, as in a full grid or a form."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Segments = NDArray[np.float32]
"""Ruling lines of one direction: shape (k, 3) of place, start and end in pixels."""
Boxes = NDArray[np.float32]
"""Left, top, right, bottom in pixels: shape (n, 4)."""

SAME: Final = 0.35
"""Of the height of print: lines that are as close lie on one straight."""
COVERED: Final = 0.7
"""Of the side of a box: a ruling line that covers less does not close it."""
MOST_PLACES: Final = 200
"""Straights per direction. A page that seems to have more has a texture, not a grid."""


def ruled_boxes(horizontal: Segments, vertical: Segments, height: float) -> Boxes:
    """The least rectangles that are closed, on a page whose print is `height` pixels high."""
    ys, xs = _straights(horizontal, SAME * height), _straights(vertical, SAME * height)
    if not (2 <= len(ys) <= MOST_PLACES and 2 <= len(xs) <= MOST_PLACES):
        return np.zeros((0, 4), np.float32)
    # straights are at the odd places of the raster, what is between them at the even ones
    raster = np.ones((2 * len(ys) + 1, 2 * len(xs) + 1), np.uint8)
    raster[1:-1:2, 2:-1:2] = ~_walls(horizontal, ys, xs)
    raster[2:-1:2, 1:-1:2] = ~_walls(vertical, xs, ys).T
    raster[1:-1:2, 1:-1:2] = 0  # crossings of two straights
    count, labels, stats, _ = cv2.connectedComponentsWithStats(raster, connectivity=4)
    found = []
    for label in range(1, count):
        left, top, wide, high, _ = (int(value) for value in stats[label])
        rows, cols = (
            range(top // 2 - 1, (top + high) // 2),
            range(left // 2 - 1, (left + wide) // 2),
        )
        if labels[0, 0] == label or not rows or not cols:
            continue
        inside = labels[top : top + high : 2, left : left + wide : 2]
        if (inside == label).all():
            found.append((xs[cols[0]], ys[rows[0]], xs[cols[-1] + 1], ys[rows[-1] + 1]))
    return np.array(found, np.float32).reshape(-1, 4)


def _straights(lines: Segments, tolerance: float) -> NDArray[np.float32]:
    """The places of straights, each the mean of the lines that lie on it."""
    places = np.sort(lines[:, 0])
    if not len(places):
        return places
    groups = np.split(places, np.flatnonzero(np.diff(places) > tolerance) + 1)
    return np.array([group.mean() for group in groups], np.float32)


def _walls(
    lines: Segments, places: NDArray[np.float32], stops: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """For each straight whether it is drawn between each stop and the next: (places, stops - 1)."""
    nearest = np.abs(places[:, None] - lines[None, :, 0]).argmin(axis=0)
    low, high = stops[:-1], stops[1:]
    shared = np.minimum(lines[:, 2, None], high) - np.maximum(lines[:, 1, None], low)
    covered = np.zeros((len(places), len(stops) - 1), np.float32)
    np.add.at(covered, nearest, np.maximum(shared, 0))
    return covered > COVERED * (high - low)
