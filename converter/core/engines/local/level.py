"""Pages that were scanned askew: how far their text slopes, and the same page made level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection import Quad
from converter.core.tables.model import Box

LEAST: Final = math.radians(0.25)
"""Less than this is within what the boxes of level text differ by."""
MOST: Final = math.radians(20)
LONG: Final = 4.0  # times as wide as high: the box of a short word has no sure slope


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the page by `angle` (radians) that made it level, as a matrix of shape (2, 3)."""

    matrix: NDArray[np.float64]

    def forth(self, quad: Quad) -> Quad:
        """Corners on the level page."""
        return (quad @ self.matrix[:, :2].T + self.matrix[:, 2]).astype(np.float32)

    def back(self, box: Box) -> Box:
        """Where a box of the level page stands on the page as it was; it keeps its size."""
        centre = np.array([box.left + box.right, box.top + box.bottom]) / 2
        x, y = np.linalg.solve(self.matrix[:, :2], centre - self.matrix[:, 2])
        half_width, half_height = box.width / 2, box.height / 2
        return Box(
            float(x - half_width),
            float(y - half_height),
            float(x + half_width),
            float(y + half_height),
        )


def slope_of(quads: Sequence[Quad]) -> float:
    """The slope (radians, clockwise) that most text has by its length; 0 if that is not clear."""
    slopes, lengths = [], []
    for quad in quads:
        across = (quad[1] + quad[2] - quad[0] - quad[3]) / 2
        down = (quad[3] + quad[2] - quad[0] - quad[1]) / 2
        length = float(np.hypot(*across))
        if length > LONG * float(np.hypot(*down)):
            slopes.append(math.atan2(float(across[1]), float(across[0])))
            lengths.append(length)
    if not slopes:
        return 0.0
    order = np.argsort(slopes)
    share = np.cumsum(np.array(lengths)[order]) / sum(lengths)
    low, slope, high = (slopes[order[int(np.searchsorted(share, at))]] for at in (0.2, 0.5, 0.8))
    agreed = min(low / slope, high / slope) > 0.5 if slope else False
    return slope if agreed and LEAST <= abs(slope) <= MOST else 0.0


def turn_level(pixels: NDArray[np.uint8], slope: float) -> tuple[NDArray[np.uint8], Turn]:
    """The page (h, w, 3) turned by `slope`, on a canvas that holds all of it."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(slope), 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos))
    matrix[0, 2] += (size[0] - width) / 2
    matrix[1, 2] += (size[1] - height) / 2
    level = cv2.warpAffine(
        pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return level.astype(np.uint8, copy=False), Turn(matrix.astype(np.float64))
