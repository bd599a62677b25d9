"""The edges of lines that the large detector finds, for the small one to learn at each place."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.detection.detection import INK, grown, kernels_of
from converter.core.engines.local.detection.edges import ON_SIDE, STEEPEST, STEP
from converter.core.engines.local.page.boxes import Quad, extent

Floats = NDArray[np.float32]

BESIDE: Final = 6.0
"""Pixels: places farther outside a line than this say nothing about it."""
MIDDLE: Final = (STEP - 1) / 2


def edge_maps(likelihood: Floats) -> Floats:
    """Of a map (h, w) of the likelihood of text: (3, h / STEP, w / STEP), in pixels.

    How far above and below a place the edges of its line are, and how high that line is there; all
    are 0 where there is no line, or one that runs down the page. What a line's box covers of the
    kernel of another belongs to that one.
    """
    kernels = kernels_of(likelihood, INK)
    boxes = ((kernel, grown(kernel)) for kernel in kernels)
    lines = []
    for kernel, box in boxes:
        if box is None:
            continue
        (width, height), (across, down) = extent(box), box[1] - box[0]
        if height <= ON_SIDE * width and abs(down) <= STEEPEST * abs(across):
            lines.append((kernel, box))
    maps = np.zeros((3, *(side // STEP for side in likelihood.shape)), np.float32)
    for _, box in lines:
        _draw(maps, box, box)
    for kernel, box in lines:
        _draw(maps, kernel, box)
    maps[:, maps[:2].min(0) < -BESIDE] = 0
    return maps


def _draw(maps: Floats, outline: MatLike, box: Quad) -> None:
    """Writes the edges of a box into all places inside an outline."""
    inside = np.zeros(maps.shape[1:], np.uint8)
    cv2.fillPoly(inside, [np.rint((outline - MIDDLE) / STEP).astype(np.int32)], (1,))
    rows, columns = np.nonzero(inside)
    x, y = STEP * columns + MIDDLE, STEP * rows + MIDDLE
    upper, lower = (
        np.asarray(start[1] + (end - start)[1] / (end - start)[0] * (x - start[0]))
        for start, end in ((box[0], box[1]), (box[3], box[2]))
    )
    maps[:, rows, columns] = y - upper, lower - y, np.maximum(lower - upper, 1)
