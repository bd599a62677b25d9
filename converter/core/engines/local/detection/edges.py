"""Boxes of lines of text, from their kernels and from how far each place is from their edges.

A kernel says where a line is and how long, but its height is a few pixels, and a pixel more or less
is much of that. So every place in a kernel says where the upper and the lower edge of its line are
(Zhou et al., "EAST: An Efficient and Accurate Scene Text Detector", CVPR 2017); what most of them
say is right to a fraction of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike

from converter.core.engines.local.detection.detection import MIN_SIDE, UNCLIP, grown, kernels_of
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.pictures import Floats

STEP: Final = 4
"""Pixels between two places that say where their edges are."""
ON_SIDE: Final = 1.6
"""A kernel this many times as high as wide is of a line that runs down the page, without edges."""
LONG: Final = 6.0
"""The slope that a line this many times as long as high shows counts for half, of longer ones for
more; the rest is the usual slope of long ones."""
STEEPEST: Final = 0.4
"""Rise per length. What is steeper was not learned."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Places (n) of a kernel, and the height above and below them of the edges of its line."""

    left: float
    right: float
    x: Floats
    upper: Floats
    lower: Floats

    @property
    def height(self) -> float:
        return _median(self.lower - self.upper)

    @property
    def length(self) -> float:
        """In times its height."""
        return (self.right - self.left) / max(1.0, self.height)

    def slope(self) -> float:
        """Rise per length, by least squares through the middles between the edges."""
        x, middle = self.x - self.x.mean(), self.upper + self.lower
        spread = float(x @ x)
        return float(x @ (middle - middle.mean())) / 2 / spread if spread else 0.0

    def quad(self, slope: float) -> Quad | None:
        """The box of the line if it has this slope; None if it is too small to be of one."""
        slope = min(max(slope, -STEEPEST), STEEPEST)
        along = np.array([1, slope], np.float32) / np.float32((1 + slope**2) ** 0.5)
        middle = (self.left + self.right) / 2
        rise = slope * (self.x - middle)
        upper, lower = (_median(edge - rise) for edge in (self.upper, self.lower))
        height, width = (lower - upper) * float(along[0]), self.right - self.left + 1
        if height < MIN_SIDE:
            return None
        # A line is longer than its kernel by Vatti's offset on both sides. The kernel is thinner by
        # as much: with its height k, height = k + UNCLIP * width * k / (width + k).
        linear = (1 + UNCLIP) * width - height
        growth = height - (float(np.hypot(linear, 2 * (height * width) ** 0.5)) - linear) / 2
        end = (width + growth) / 2 * along
        across = np.array([-along[1], along[0]], np.float32) * (height / 2)
        centre = np.array([middle, (upper + lower) / 2], np.float32)
        return np.array(
            [
                centre - end - across,
                centre + end - across,
                centre + end + across,
                centre - end + across,
            ]
        )


def quads_between(likelihood: Floats, edges: Floats, least: float) -> list[Quad]:
    """Boxes of the lines in a map (h, w) of the likelihood of text, in its pixels.

    `edges` (2, h / STEP, w / STEP) is how far above and below a place those of its line are. Lines
    are kept apart where the likelihood is not above `least`.
    """
    lines: list[_Line] = []
    on_side: list[Quad | None] = []
    for kernel in kernels_of(likelihood, least):
        _, _, width, height = cv2.boundingRect(kernel)
        if height > ON_SIDE * width:
            on_side.append(grown(kernel))
        else:
            lines.append(_line_of(kernel, edges))
    slopes, lengths = [line.slope() for line in lines], [line.length for line in lines]
    long = [slope for length, slope in zip(lengths, slopes, strict=True) if length > LONG]
    usual = float(np.median(long)) if long else 0.0
    quads = []
    for line, length, slope in zip(lines, lengths, slopes, strict=True):
        share = length**2 / (length**2 + LONG**2)  # what a short line shows is mostly chance
        quads.append(line.quad(usual + share * (slope - usual)))
    return [quad for quad in quads + on_side if quad is not None]


def _line_of(kernel: MatLike, edges: Floats) -> _Line:
    points = kernel.reshape(-1, 2)
    cells = np.clip(points // STEP, 0, (edges.shape[2] - 1, edges.shape[1] - 1)).astype(np.int32)
    left, top = cells.min(0)
    width, height = cells.max(0) - (left, top) + 1
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [cells - (left, top)], (1,))
    rows, columns = np.nonzero(mask)
    up, down = edges[:, rows + top, columns + left]
    # the middles of the cells, in pixels
    x, y = (
        (STEP * place + (STEP - 1) / 2).astype(np.float32) for place in (columns + left, rows + top)
    )
    start, end = float(points[:, 0].min()), float(points[:, 0].max())
    return _Line(start, end, x, y - up, y + down)


def _median(values: Floats) -> float:
    """That of a few (one at least), for which NumPy's own takes ten times as long."""
    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
