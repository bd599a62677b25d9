"""Which way up a page is: by the direction of its lines, and by reading some both ways up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad, extent

LONG: Final = 2.0  # length by thickness: the box of one or two digits has no clear direction
TELLING: Final = 8.0  # length by thickness: enough words to decide, and cheap to read again
SAMPLE: Final = 6


def lies_on_side(quads: Sequence[Quad]) -> bool:
    """Whether most text, weighted by its length, runs up or down the page."""
    along = down = 0.0
    for quad in quads:
        width, height = extent(quad)
        along += width if width > LONG * height else 0.0
        down += height if height > LONG * width else 0.0
    return down > along


def telling(quads: Sequence[Quad]) -> list[Quad]:
    """A few lines that show best whether a page is upside down."""
    return sorted(quads, key=distance_to_telling)[:SAMPLE]


def distance_to_telling(quad: Quad) -> float:
    """How far a line's ratio of length to height is from the one that is best to sample."""
    width, height = extent(quad)
    return abs(width / max(1.0, height) - TELLING)


def turn_clockwise(pixels: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """A page (h, w, 3) turned by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))
