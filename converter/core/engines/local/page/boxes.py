"""Boxes of lines on a page, level or leaning with the print: their sizes and parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.tables.model import Box

Quad = NDArray[np.float32]
"""Four corners (x, y) from the top left, clockwise: shape (4, 2)."""

UNKNOWN_HEIGHT: Final = 20.0
"""Pixels: the assumed height of lines on a page without any."""


def extent(quad: Quad) -> tuple[float, float]:
    """The (width, height) of a quadrilateral, along its own sides."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad.tolist()
    width, height = (x1 + x2 - x0 - x3, y1 + y2 - y0 - y3), (x2 + x3 - x0 - x1, y2 + y3 - y0 - y1)
    return math.hypot(*width) / 2, math.hypot(*height) / 2


def part_of(quad: Quad, left: float, right: float) -> Quad:
    """The part of a line's box between two shares (0..1) of its width."""
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    along = np.float32(left), np.float32(right)
    corners = [quad[0] + top * share for share in along]
    corners += [quad[3] + bottom * share for share in reversed(along)]
    return np.array(corners, np.float32)


def line_height(boxes: Iterable[Box]) -> float:
    """The median height of these boxes of lines, in pixels; UNKNOWN_HEIGHT if there are none."""
    heights = [box.height for box in boxes]
    return float(np.median(heights)) if heights else UNKNOWN_HEIGHT


def quad_height(quads: Sequence[Quad]) -> float:
    """The median height of lines that may lean, measured across their own direction."""
    return float(np.median([extent(quad)[1] for quad in quads])) if quads else UNKNOWN_HEIGHT
