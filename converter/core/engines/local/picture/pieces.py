"""Short straight pieces along the print and the ruling lines of a page, which show its slope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad, extent

Pieces = NDArray[np.float64]
"""Shape (n, 5): from (x, y) to (x, y), and the uncertainty of these ends, all in pixels."""

LONG: Final = 2.5  # width by height: the box of a shorter word has no reliable slope
STEEPEST: Final = 0.36  # 20 degrees
SEEN_SIDE: Final = 1000  # pixels of the longer side: finding lines takes little time then
RULE_LENGTH: Final = 2.5  # times the height of the text: longer than strokes of letters
TEXT_NOISE: Final = 0.12  # of the height of the text
RULE_NOISE: Final = 0.7


def empty() -> Pieces:
    return np.empty((0, 5))


def turned(pieces: Pieces) -> Pieces:
    """The same pieces with x and y exchanged."""
    return pieces[:, [1, 0, 3, 2, 4]]


def slopes_of(pieces: Pieces) -> NDArray[np.float64]:
    """The slope (n,) of each piece: pixels down by pixels across."""
    return (pieces[:, 3] - pieces[:, 1]) / (pieces[:, 2] - pieces[:, 0])


def along_text(quads: Sequence[Quad]) -> Pieces:
    """The middle lines of boxes that are long enough to have a slope."""
    found = []
    for quad in quads:
        start, end = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
        width, height = extent(quad)
        if width > LONG * height:
            found.append((*start.tolist(), *end.tolist(), TEXT_NOISE * height))
    return _only_along(found)


def along_and_down_rules(gray: NDArray[np.uint8], height: float) -> tuple[Pieces, Pieces]:
    """Straight edges on a page (h, w) with text of this `height`: those across and those down.

    Grompone von Gioi et al., "LSD: a Line Segment Detector", IPOL 2012.
    """
    scale = min(1.0, SEEN_SIDE / max(gray.shape))
    seen = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE)
    lines = cast("MatLike | None", detector.detect(seen)[0])
    if lines is None:
        return empty(), empty()
    ends = lines.reshape(-1, 4).astype(np.float64) / scale
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    ends = ends[length > RULE_LENGTH * height]
    rules = np.column_stack([ends, np.full(len(ends), RULE_NOISE / scale)])
    return _only_along(rules), turned(_only_along(turned(rules)))


def between_neighbours(quads: Sequence[Quad], slope: float) -> Pieces:
    """From the middle of each box to the middle of the next on its line, which runs at `slope`."""
    if len(quads) < 2:
        return empty()
    corners = np.array(quads, np.float64)
    middles, heights = corners.mean(axis=1), corners[:, 3, 1] - corners[:, 0, 1]
    found = []
    for middle, height in zip(middles, heights, strict=True):
        across, down = (middles - middle).T
        near = (across > height) & (np.abs(down - slope * across) < 0.4 * height)
        if near.any():
            end = middles[near][np.argmin(across[near])]
            found.append((*middle.tolist(), *end.tolist(), 2 * TEXT_NOISE * height))
    return _only_along(found)


def _only_along(pieces: Sequence[Sequence[float]] | Pieces) -> Pieces:
    """The pieces that are not steep, each turned to run from left to right."""
    found = np.array(pieces, np.float64).reshape(-1, 5)
    leftward = found[:, 2] < found[:, 0]
    found[leftward] = found[leftward][:, [2, 3, 0, 1, 4]]
    across, down = found[:, 2] - found[:, 0], found[:, 3] - found[:, 1]
    return found[np.abs(down) < STEEPEST * across]
